"""The labelled corpora, where they lie beside the project: floors under what has been reached."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT, need

SHARED = ROOT.parent / "shared"
pytestmark = pytest.mark.skipif(not (SHARED / "tools" / "score.py").exists(), reason="the shared corpora are not here")


def run(*args: str | Path, stdout: Path | None = None, cwd: Path = ROOT) -> str:
    env = {k: v for k, v in os.environ.items() if not k.startswith("KKN_")} | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    }
    done = subprocess.run(
        [sys.executable, *map(str, args)], capture_output=True, text=True, env=env, cwd=cwd, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    if stdout:
        stdout.write_text(done.stdout, encoding="utf-8")
    return done.stdout


@pytest.mark.parametrize(
    ("corpus", "floors"),
    [
        ("registrations", ["--min-exact", "0.97", "--max-silent", "0"]),
        ("others", ["--min-exact", "0.96", "--max-silent", "0"]),
    ],
)  # fmt: skip
def test_reading(corpus: str, floors: list[str], tmp_path: Path) -> None:
    path = SHARED / "corpus" / f"{corpus}.jsonl"
    run(SHARED / "tools" / "render.py", path, tmp_path / "mails")
    run(
        "-m",
        "kkn_mailer",
        "parse",
        "--json",
        tmp_path / "mails",
        "--config",
        ROOT / "config",
        stdout=tmp_path / "read.jsonl",
    )
    print(run(SHARED / "tools" / "score.py", path, tmp_path / "read.jsonl", *floors))


def test_delivery_through_a_real_inbox() -> None:
    need("dovecot")
    corpora = [SHARED / "corpus" / f"{name}.jsonl" for name in ("registrations", "others")]
    said = run(SHARED / "tools" / "e2e.py", "deliver", *corpora, "--config", ROOT / "config")
    print(said)
    assert "answered again 0" in said
    assert int(said.split("wrongly answered")[1].split()[0]) <= 2
