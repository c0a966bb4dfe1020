"""The labelled corpora, where they lie beside the project: floors under what has been reached."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kkn_mailer.config import load_event

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
        ("registrations", ["--min-exact", "0.98", "--max-silent", "0.0"]),
        ("others", ["--min-exact", "0.98", "--max-silent", "0.0"]),
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


OTHERS = [
    # (event, batch, subject, date and contact of its invitation, floor); first contact: 0.44, 0.30, 0.70
    ("laslust", "b1", "Inbjudan: Läslust hela livet 20 september, 4 och 6 oktober", "2022-08-17", "Petra Rundqvist <petra@rundqvistord.se>", "0.98"),
    ("laslust", "b2", "Inbjudan: Läslust hela livet 20 september, 4 och 6 oktober", "2022-08-17", "Petra Rundqvist <petra@rundqvistord.se>", "0.96"),
    ("gavle", "b1", "Inbjudan: Platser att längta till", "2023-02-20", "anneli@forsgrenplats.se", "0.97"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("event", "batch", "subject", "day", "contact", "floor"), OTHERS, ids=[f"{o[0]}-{o[1]}" for o in OTHERS]
)
def test_another_event_by_other_writers(
    event: str, batch: str, subject: str, day: str, contact: str, floor: str, tmp_path: Path
) -> None:
    """Mails written without knowledge of the reader, learnt from since."""
    folder = ROOT / "tests" / "corpus" / event
    path = folder / f"{batch}.jsonl"
    invitation = ["--invite", folder / "invitation.txt", "--invite-subject", subject]
    sender = ["--invite-date", f"{day}T10:05:00+02:00", "--contact", contact]
    run(SHARED / "tools" / "render.py", path, tmp_path / "mails", *invitation, *sender)
    run("-m", "kkn_mailer", "parse", "--json", tmp_path / "mails", "--config", folder, stdout=tmp_path / "read.jsonl")
    employers = ",".join(employer.name for employer in load_event(folder).employers)
    floors = ["--min-exact", floor, "--max-silent", "0.0"]
    print(run(SHARED / "tools" / "score.py", path, tmp_path / "read.jsonl", "--municipalities", employers, *floors))
