"""What is shipped: the wheel holds its data, and no file names a package registry."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

from .conftest import ROOT


def test_the_wheel_holds_templates_configuration_samples_and_word_lists(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "-q",
        "-w",
        str(tmp_path),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True)
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    wanted = {
        "kkn_mailer/_shipped/templates/confirm.sv.txt.j2", "kkn_mailer/_shipped/config/event.toml", "kkn_mailer/samples/mails.toml",
        "kkn_mailer/understanding/data/lexicon.toml", "kkn_mailer/understanding/data/given_names.txt", "kkn_mailer/letter/quoting.toml",
    }  # fmt: skip
    assert wanted <= names


def test_no_file_names_a_registry() -> None:
    listed = (
        subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    )
    hosts = re.compile(
        rb"py" rb"pi\.org|python" rb"hosted|npm" rb"js\.org|deb\." rb"debian\.org|index-" rb"url\s+\S*//"
    )
    assert [name for name in listed if name and hosts.search((ROOT / name).read_bytes())] == []
