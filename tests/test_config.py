"""The configuration: what is right is taken, what is wrong is told all at once with file and key."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kkn_mailer.config import ConfigError, load, load_event, load_settings
from kkn_mailer.mailbox import Mailbox, MailboxError
from kkn_mailer.outbox import Outbox, OutboxError

from .conftest import ROOT

ENV = {
    "KKN_IMAP__HOST": "127.0.0.1", "KKN_IMAP__SECURITY": "none", "KKN_IMAP__USERNAME": "a", "KKN_IMAP__PASSWORD": "b",
    "KKN_SMTP__HOST": "127.0.0.1", "KKN_SMTP__SECURITY": "none",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    return tmp_path / "config"


def problems(folder: Path, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        load(folder, environ or {})
    return str(caught.value)


def test_the_shipped_files_are_right(folder: Path) -> None:
    event, settings = load(folder, {})
    assert [s.city for s in event.sessions] == ["Nyköping", "Eskilstuna"]
    assert {e.name for e in event.employers} >= {"Flen", "Region Sörmland"}
    assert settings.imap.port == 993
    assert settings.smtp.username == settings.imap.username


def test_environment_alone_is_enough(folder: Path) -> None:
    (folder / "mailer.toml").unlink()
    settings = load_settings(folder, ENV)
    assert (settings.imap.host, settings.imap.password.get_secret_value(), settings.smtp.username) == (
        "127.0.0.1",
        "b",
        "",
    )


def test_a_secret_comes_from_a_file(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hemligt\n")
    settings = load_settings(folder, {"KKN_IMAP__PASSWORD_FILE": str(tmp_path / "secret")})
    assert settings.imap.password.get_secret_value() == "hemligt"
    assert "hemligt" not in repr(settings)


def test_every_mistake_is_told_at_once_with_the_nearest_key(folder: Path) -> None:
    text = (folder / "event.toml").read_text()
    (folder / "event.toml").write_text(
        text.replace('organiser = "Linda', 'organizer = "Linda').replace('city = "Nyköping"', "city = 3")
    )
    mailer = (folder / "mailer.toml").read_text()
    (folder / "mailer.toml").write_text(mailer.replace("port = 993", 'prot = 993\npassword = "x"'))
    said = problems(folder, {"KKN_SMPT__HOST": "x"})
    for words in (
        "event.toml: organiser: is missing",
        "did you mean organiser",
        "sessions[1].city",
        "imap.prot",
        "did you mean port",
        "imap.password",
        "KKN_SMPT__HOST",
        "KKN_SMTP",
    ):
        assert words in said


def test_a_password_in_the_file_is_refused_and_not_repeated(folder: Path) -> None:
    mailer = (folder / "mailer.toml").read_text()
    (folder / "mailer.toml").write_text(mailer.replace("port = 993", 'password = "hemligt"'))
    said = problems(folder)
    assert "KKN_IMAP__PASSWORD_FILE" in said
    assert "hemligt" not in said


def test_unencrypted_only_on_this_machine(folder: Path) -> None:
    assert "none" in problems(folder, {"KKN_IMAP__SECURITY": "none"})


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("end = 15:00:00", "end = 09:00:00", "before its start"),
        ('timezone = "Europe/Stockholm"', 'timezone = "Europe/Flen"', "time zone"),
        ("date = 2020-02-14", "date = 2020-02-12", "two sessions"),
        ('contact = "linda@lindanordfors.com"', 'contact = "linda"', "not a mail address"),
        ("# reminder_days = 2", "reminder_days = 0", "reminder_days"),
        ('name = "Insp', 'name = Insp', "not TOML"),
        ("date = 2020-02-14", "date = 2020-02-30", "2020-02-30`; a date is written like"),
        ("date = 2020-02-14", 'date = "9 mars"', "sessions[2].date: '9 mars' is no date; write it like 2020-02-12"),
        ("start = 10:00:00", 'start = "tio"', "sessions[1].start: 'tio' is no time of day; write it like 09:00"),
        ('key = "business"', 'key = "culture"', "event.toml: units[1].key and units[2].key both have 'culture'"),
        ('"flen.se"', '"Gnesta.se"', "employers[2].domains and employers[3].domains both have 'gnesta.se'"),
        ('["flen.se"]', '"flen.se"', 'employers[2].domains: must be a list, ["flen.se"]'),
        ('sv = "Kultur", en', "en", "event.toml: units[1].label: lacks the event's language; write label = { sv = "),
        ('"Näringsliv"', '" "', "units[2].label.sv"),
        ('words = [', 'words = [] #', "units[1].words: is empty"),
        ("mail_since = 2019-12-01", "mail_since = 2020-02-15", "mail_since: 2020-02-15 is after all sessions, 2020-02-14"),
    ],
)  # fmt: skip
def test_an_event_that_makes_no_sense(folder: Path, old: str, new: str, words: str) -> None:
    path = folder / "event.toml"
    text = path.read_text()
    assert old in text
    path.write_text(re.sub(r"words = \[\] #[^]]*\]", "words = []", text.replace(old, new, 1)))
    said = problems(folder)
    assert words in said
    assert all(line.startswith(f"{path}: ") for line in said.split("\n"))


@pytest.mark.parametrize("missing", [["event.toml"], ["mailer.toml"], ["event.toml", "mailer.toml"]])
def test_a_missing_file_is_named_with_what_to_do(folder: Path, missing: list[str]) -> None:
    for name in missing:
        (folder / name).unlink()
    said = problems(folder).split("\n")
    assert len(said) == len(missing)
    for line, name in zip(said, missing, strict=True):
        assert line.startswith(f"{folder / name}: there is no such file")
        assert all(words in line for words in ("--config", "KKN_CONFIG"))
    assert ("KKN_IMAP__HOST" in said[-1]) == ("mailer.toml" in missing)


def test_an_empty_file_is_told_what_it_lacks(folder: Path) -> None:
    (folder / "mailer.toml").write_text("# to be written\n")
    said = problems(folder, {})
    assert str(folder / "mailer.toml") in said
    assert "imap" in said


def test_a_file_that_is_missing_and_half_made_up_for_is_told_with_what_lacks(folder: Path) -> None:
    (folder / "mailer.toml").unlink()
    said = problems(folder, {key: value for key, value in ENV.items() if key != "KKN_SMTP__HOST"})
    assert "there is no such file" in said
    assert "KKN_SMTP__HOST" in said
    assert "KKN_IMAP" not in said.split("\n")[1]


@given(st.text(max_size=300))
def test_any_text_is_an_event_or_a_config_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("config")
    (folder / "event.toml").write_text(text, encoding="utf-8", errors="replace")
    with pytest.raises(ConfigError):
        load_event(folder)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("KKN_ANSWERS__MODE", "utkast", "answers.mode"),
        ("KKN_DIGEST__TO", "Linda", "digest.to: 'Linda' is not a mail address"),
        ("KKN_DIGEST__AT", "sju", "digest.at"),
        ("KKN_IMAP__HOTS", "x", "imap.hots: no such key; did you mean host"),
        ("KKN_CONFIGG", "x", "no setting"),
        ("KKN_ROSTER__PATH", "deltagare.csv", "roster.path: deltagare.csv is no Excel file; end its name with .xlsx"),
        ("KKN_JOURNAL__URL", "data/journal.db", "journal.url: is no database; write it like sqlite:///data/journal.db"),
        ("KKN_JOURNAL__URL", "postgresql://u:hemligt@h:x/d", "journal.url: is no database"),
        ("KKN_JOURNAL__URL", "sqlit:///data/journal.db", "journal.url: is no database"),
    ],
)
def test_a_setting_that_makes_no_sense(folder: Path, name: str, value: str, words: str) -> None:
    said = problems(folder, {name: value})
    assert said.startswith(f"environment: {name}")
    assert words in said
    assert "mailer.toml" not in said
    assert "hemligt" not in said


@pytest.mark.parametrize("table", ["imap", "smtp"])
def test_without_a_password_it_is_said_that_there_is_none(folder: Path, table: str) -> None:
    settings = load_settings(folder, {"KKN_IMAP__HOST": "127.0.0.1", "KKN_SMTP__HOST": "127.0.0.1"})
    with pytest.raises(
        (MailboxError, OutboxError), match=f"(?i)^{table} .*no password is set.*KKN_{table}__PASSWORD_FILE"
    ):
        (Mailbox(settings.imap) if table == "imap" else Outbox(settings.smtp)).__enter__()
