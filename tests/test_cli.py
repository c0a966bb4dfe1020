"""The commands as they are run: what they print, and how they end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from openpyxl import load_workbook

from .conftest import ROOT, Dovecot, Sink
from .mails import WHEN, mail

REGISTRATION = mail("Jag anmäler mig till den 12 februari.\n\nMvh\nUlla Testberg\nKulturchef, Flens kommun")
ENV = {k: v for k, v in os.environ.items() if not k.startswith("KKN_")}


def kkn(
    *args: str | Path, stdin: bytes | None = None, env: dict[str, str] | None = None, cwd: Path = ROOT
) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        [sys.executable, "-m", "kkn_mailer", *map(str, args)],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=ENV | (env or {}),
        timeout=120,
        check=False,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done


def test_parse_prints_the_contracts_object() -> None:
    done = kkn("parse", "--json", "-", stdin=REGISTRATION)
    (found,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert list(found) == ["file", "kind", "question", "language", "decision", "people", "evidence", "ms"]
    assert (found["kind"], found["decision"]) == ("registration", "confirm")
    assert list(found["people"][0]) == ["name", "municipality", "unit", "dates", "email", "phone", "diet", "missing"]
    assert any(e["field"] == "date" and "12 februari" in e["words"] for e in found["evidence"])


def test_parse_takes_anything(tmp_path: Path) -> None:
    (tmp_path / "empty.eml").touch()
    (tmp_path / "bytes.bin").write_bytes(bytes(range(256)) * 50)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + os.urandom(500))
    (tmp_path / "one.eml").write_bytes(mail("Hej"))
    done = kkn("parse", "--json", tmp_path)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [Path(line["file"]).name for line in lines] == ["bytes.bin", "picture.png", "empty.eml", "one.eml"]
    assert ["error" in line for line in lines] == [True, True, True, False]
    assert {line["decision"] for line in lines[:3]} == {"review"}


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (mail("Jag anmäler mig till den 12 februari."), ["missing"]),
        (mail("Offert på takarbete bifogas.", "Tak <tak@example.com>"), ["unrelated → ignore", "nothing in it is about coming"]),
        (mail("Borta", Auto_Submitted="auto-replied"), ["automatic → ignore", "written by a program: "]),
        (mail("Ulla Testberg får förhinder, Bo Prov kommer i hennes ställe den 12 februari."), ["change", "replaces", "Ulla Testberg"]),
        (b"Jag kommer den 12 februari.", ["-  not a mail", "save the mail as .eml"]),
    ],
)  # fmt: skip
def test_parse_explains_to_a_person(raw: bytes, words: list[str]) -> None:
    said = kkn("parse", "-", stdin=raw).stdout.decode()
    assert [each for each in words if each not in said] == [], said


def test_parse_tells_of_an_empty_folder(tmp_path: Path) -> None:
    done = kkn("parse", tmp_path)
    assert (done.returncode, done.stderr.decode()) == (0, f"{tmp_path}: the folder holds no files\n")


@pytest.mark.parametrize(("language", "reason"), [("sv", "Fråga om evenemanget"), ("en", "Question about the event")])
def test_parse_says_why_the_organiser_should_look_in_the_event_s_language(
    tmp_path: Path, language: str, reason: str
) -> None:
    text = (ROOT / "config" / "event.toml").read_text().replace('language = "sv"', f'language = "{language}"')
    (tmp_path / "event.toml").write_text(text)
    question = mail("Hej! Finns det hiss på Scenkonst den 14 februari?", subject="Lokalen")
    assert reason in kkn("parse", "-", "--config", tmp_path, stdin=question).stdout.decode()
    found = json.loads(kkn("parse", "--json", "-", "--config", tmp_path, stdin=question).stdout)
    assert (found["decision"], found["reason"]) == ("review", reason)


def test_wrong_usage_and_wrong_configuration_end_with_two(tmp_path: Path) -> None:
    assert kkn("parse").returncode == 2
    assert kkn("nonsense").returncode == 2
    (tmp_path / "event.toml").write_text("nam = 1")
    done = kkn("parse", "-", "--config", tmp_path, stdin=b"")
    assert done.returncode == 2
    assert "did you mean name" in done.stderr.decode()
    done = kkn("parse", "-", "--config", tmp_path / "event.toml", stdin=b"")
    assert done.returncode == 2
    assert f"is a file; give --config or KKN_CONFIG its folder, {tmp_path}\n" in done.stderr.decode()


@pytest.fixture
def world(dovecot: Dovecot, smtp_sink: Sink, user: str, tmp_path: Path) -> dict[str, str]:
    return {
        "KKN_CONFIG": str(ROOT / "config"), "KKN_IMAP__HOST": "127.0.0.1", "KKN_IMAP__PORT": str(dovecot.port), "KKN_IMAP__SECURITY": "none",
        "KKN_IMAP__USERNAME": user, "KKN_IMAP__PASSWORD": "secret", "KKN_SMTP__HOST": "127.0.0.1", "KKN_SMTP__PORT": str(smtp_sink.port),
        "KKN_SMTP__SECURITY": "none", "KKN_ROSTER__PATH": str(tmp_path / "r.xlsx"), "KKN_JOURNAL__URL": f"sqlite:///{tmp_path}/j.db",
    }  # fmt: skip


def test_check_says_every_line(world: dict[str, str]) -> None:
    done = kkn("check", env=world)
    assert done.returncode == 0, done.stdout.decode()
    assert done.stdout.decode().count("✓") == 6
    broken = kkn("check", env=world | {"KKN_IMAP__PASSWORD": "fel", "KKN_SMTP__PORT": "1"})
    assert broken.returncode == 1
    assert (broken.stdout.decode().count("✗"), broken.stdout.decode().count("✓")) == (2, 4)


def test_in_draft_mode_check_names_the_folder_and_status_counts(world: dict[str, str], dovecot: Dovecot) -> None:
    world |= {"KKN_ANSWERS__MODE": "draft"}
    in_the_way = dovecot.ca_file.parent / "mail" / world["KKN_IMAP__USERNAME"] / ".Drafts"
    client = dovecot.client(world["KKN_IMAP__USERNAME"])
    in_the_way.write_text("")
    none = kkn("check", env=world)
    assert none.returncode == 1
    assert "no folder for drafts was found" in none.stdout.decode()
    assert kkn("run", "--once", env=world).returncode == 0, "nothing waits for it yet"
    client.create_folder("Utkast")
    client.append("INBOX", REGISTRATION, (), WHEN)
    client.logout()
    assert "answers are put into Utkast" in kkn("check", env=world).stdout.decode()
    assert kkn("run", "--once", env=world).returncode == 0
    found = json.loads(kkn("status", "--json", env=world).stdout)
    assert (found["drafts"], found["unsent_answers"]) == (1, 0)
    assert "drafts: 1" in kkn("status", env=world).stdout.decode()


def test_forgetting_says_what_is_erased_though_the_roster_is_open(
    world: dict[str, str], dovecot: Dovecot, tmp_path: Path
) -> None:
    with dovecot.client(world["KKN_IMAP__USERNAME"]) as client:
        client.append("INBOX", REGISTRATION, (), WHEN)
    assert kkn("run", "--once", env=world).returncode == 0
    roster = Path(world["KKN_ROSTER__PATH"])
    lock = roster.with_name(f".~lock.{roster.name}#")
    lock.touch()
    erased = kkn("forget", "ulla.testberg@flen.se", env=world)
    assert erased.returncode == 1
    assert b"erased 1 registrations, 0 lines for the organiser and 1 answers from the journal" in erased.stdout
    assert b"is open in another program" in erased.stderr
    assert b"until then the roster still shows" in erased.stderr
    lock.unlink()
    again = kkn("forget", "ulla.testberg@flen.se", env=world)
    assert (again.returncode, b"holds none of it" in again.stdout) == (0, True)
    assert [row[0] for row in load_workbook(roster)["Deltagare"].iter_rows(min_row=2, values_only=True) if row[0]] == []


def test_once_then_status_and_forget(world: dict[str, str], dovecot: Dovecot, tmp_path: Path) -> None:
    dovecot.client(world["KKN_IMAP__USERNAME"]).append("INBOX", REGISTRATION, (), WHEN)
    assert kkn("run", "--once", env=world).returncode == 0
    found = json.loads(kkn("status", "--json", env=world).stdout)
    assert (found["registrations"], found["by_municipality"]) == (1, {"Flen": 1})
    assert kkn("health", env=world).returncode == 0
    assert b"Flen" in kkn("status", env=world).stdout
    for nobody in ("nobody@flen.se", "not an address"):
        none = kkn("forget", nobody, env=world)
        assert (none.returncode, none.stdout) == (1, b"")
        assert f"{nobody}: nobody with this address" in none.stderr.decode()
    erased = kkn("forget", "ulla.testberg@flen.se", env=world)
    assert erased.returncode == 0
    assert json.loads(kkn("status", "--json", env=world).stdout)["registrations"] == 0


def test_a_failing_pass_ends_with_one_and_says_why(world: dict[str, str]) -> None:
    done = kkn("run", "--once", env=world | {"KKN_IMAP__PASSWORD": "fel"})
    assert done.returncode == 1
    assert "KKN_IMAP__PASSWORD" in done.stderr.decode()
    assert kkn("health", env=world).returncode == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_daemon_ends_when_told(world: dict[str, str], dovecot: Dovecot, smtp_sink: Sink, number: int) -> None:
    daemon = subprocess.Popen(
        [sys.executable, "-m", "kkn_mailer", "run"], cwd=ROOT, env=ENV | world, stderr=subprocess.PIPE, text=True
    )
    assert daemon.stderr is not None
    watchdog = threading.Timer(60, daemon.kill)
    watchdog.start()
    client = dovecot.client(world["KKN_IMAP__USERNAME"])
    client.append("INBOX", REGISTRATION, (), WHEN)
    said = next(line for line in daemon.stderr if "event=pass" in line)
    daemon.send_signal(number)
    rest = daemon.stderr.read()
    assert daemon.wait(10) == 0, rest
    watchdog.cancel()
    assert "mails=1" in said
    assert len(smtp_sink.sent) == 1
    assert "ulla" not in (said + rest).lower()


@pytest.mark.parametrize("command", [["status"], ["health"], ["forget", "a@flen.se"]])
def test_what_looks_at_a_journal_makes_none(world: dict[str, str], tmp_path: Path, command: list[str]) -> None:
    here = tmp_path / "elsewhere"
    here.mkdir()
    world |= {"KKN_JOURNAL__URL": "sqlite:///data/journal.db", "PYTHONPATH": str(ROOT)}
    done = kkn(*command, env=world, cwd=here)
    assert done.returncode == 1
    said = done.stderr.decode()
    assert all(words in said for words in ("data/journal.db: there is no journal", str(here), "journal.url"))
    assert list(here.iterdir()) == []
    unset = kkn(*command, env={"PYTHONPATH": str(ROOT)}, cwd=here)
    assert unset.returncode == 2
    assert all(words in unset.stderr.decode() for words in ("config/", "there is no such file", "--config"))


def test_preview(tmp_path: Path) -> None:
    assert kkn("preview", "--out", tmp_path / "p").returncode == 0
    assert (tmp_path / "p" / "index.html").exists()
