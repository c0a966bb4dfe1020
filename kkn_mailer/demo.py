"""The whole service on this machine alone: embedded servers, a mailbox of sample mails, one real pass and a second."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import html
import tomllib
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from importlib.resources import files
from pathlib import Path
from typing import Any

import structlog
from imapclient import IMAPClient
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from .answers import shipped_templates
from .config import ImapSettings, JournalSettings, RosterSettings, ServiceSettings, Settings, SmtpSettings, load_event
from .embedded import PASSWORD, USER, Delivered, Servers, servers
from .event import Event
from .letter import read_letter
from .service import Service

_COLOUR = {"confirm": "green", "ask": "yellow", "changed": "cyan", "cancelled": "magenta", "waitlisted": "blue"}


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample mail: what `mails.toml` says of it, and its message once it is made."""

    number: int
    about: dict[str, Any]
    message: EmailMessage


def shipped_config() -> Path:
    """The configuration that comes with the program."""
    inside = Path(str(files("kkn_mailer"))) / "_shipped" / "config"
    return inside if inside.is_dir() else Path(str(files("kkn_mailer"))).parent / "config"


def run_demo(out: Path) -> None:
    """Play the samples, show what became of each, and leave roster and answers in `out`."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    event = load_event(shipped_config())
    out.mkdir(parents=True, exist_ok=True)
    for old in (out / "deltagare.xlsx", *out.glob("journal.db*"), *(out / "answers").glob("*")):
        old.unlink(missing_ok=True)
    (out / "answers").mkdir(exist_ok=True)
    listed = tomllib.loads((files(__package__) / "samples" / "mails.toml").read_text(encoding="utf-8"))["mail"]
    with servers() as running:
        service = Service(event, _settings(running, out), shipped_templates())
        client = IMAPClient("127.0.0.1", running.imap_port, ssl=False)
        client.login(USER, PASSWORD)
        samples = [_sample(n, about, event, None) for n, about in enumerate(listed, 1) if "answers" not in about]
        _deliver(client, samples)
        service.run_pass()
        replies = [
            _sample(n, about, event, _answer_to(samples, about["answers"], running))
            for n, about in enumerate(listed, 1)
            if "answers" in about
        ]
        _deliver(client, replies)
        service.run_pass()
        client.logout()
        _show(Console(), [*samples, *replies], running.sent, service, out)
        service.close()


def _settings(running: Servers, out: Path) -> Settings:
    secret = SecretStr(PASSWORD)
    return Settings(
        imap=ImapSettings(host="127.0.0.1", port=running.imap_port, security="none", username=USER, password=secret),
        smtp=SmtpSettings(host="127.0.0.1", port=running.smtp_port, security="none"),
        roster=RosterSettings(path=out / "deltagare.xlsx"),
        journal=JournalSettings(url=f"sqlite:///{out / 'journal.db'}"),
        service=ServiceSettings(),
    )


def _invitation(event: Event) -> str:
    days = "\n".join(f"{s.date.day}/{s.date.month} {s.city}, {s.venue}" for s in event.sessions)
    return f"{event.name}\n\n{event.information.strip()}\n\nDatum:\n{days}\n\nAnmälan: {event.contact_address}"


def _sample(number: int, about: dict[str, Any], event: Event, answered: EmailMessage | None) -> Sample:
    """The message that a mail program would have made of a sample."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = about["from"], event.contact, about["subject"]
    message["Date"] = format_datetime(about["date"])
    message["Message-ID"] = make_msgid(f"sample{number}", "example.org")
    for name, value in about.get("headers", {}).items():
        message[name] = value
    body = about["body"].strip("\n")
    below = ""
    if answered is not None:
        message["In-Reply-To"] = message["References"] = str(answered["Message-ID"])
        plain = answered.get_body(("plain",))
        below = _block(event, about["date"], str(answered["Subject"]), plain.get_content() if plain else "")
    elif about.get("invited"):
        below = _block(
            event,
            dt.datetime(2019, 12, 10, 9, 14, tzinfo=event.zone),
            "Inbjudan: Inspirationsdagar",
            _invitation(event),
        )
    text = f"{body}\n\n{below}".strip() + "\n"
    if about.get("html"):
        message.set_content(_as_html(text), subtype="html")
    else:
        message.set_content(text)
    return Sample(number, about, message)


def _block(event: Event, when: dt.datetime, subject: str, text: str) -> str:
    return f"Från: {event.organiser} <{event.contact_address}>\nSkickat: {when:%Y-%m-%d %H:%M}\nTill: Deltagare\nÄmne: {subject}\n\n{text}"


def _as_html(text: str) -> str:
    rows: list[str] = []
    for line in text.split("\n"):
        if "\t" in line:
            cells = "".join(f"<td><p>{html.escape(cell)}</p></td>" for cell in line.split("\t"))
            rows.append(f"<table><tr>{cells}</tr></table>")
        else:
            rows.append(f'<p class="MsoNormal">{html.escape(line) or "&nbsp;"}</p>')
    return f'<html><body><div class="WordSection1">{"".join(rows)}</div></body></html>'


def _deliver(client: IMAPClient, samples: list[Sample]) -> None:
    for sample in samples:
        client.append("INBOX", sample.message.as_bytes(policy=email.policy.SMTP), (), sample.about["date"])


def _answer_to(samples: list[Sample], number: int, running: Servers) -> EmailMessage | None:
    asked = next(s.message["Message-ID"] for s in samples if s.number == number)
    return next((m for m in map(_parsed, running.sent) if m["In-Reply-To"] == asked), None)


def _parsed(delivered: Delivered) -> EmailMessage:
    return email.message_from_bytes(delivered.raw, policy=email.policy.default)


def _show(console: Console, samples: list[Sample], sent: list[Delivered], service: Service, out: Path) -> None:
    answers = {str(m["In-Reply-To"]): m for m in map(_parsed, sent)}
    lines = {
        (review.sender.rpartition("<")[2].rstrip(">"), review.subject, review.received): review.reason
        for review in service.journal.reviews()
    }
    table = Table(
        title="What became of each mail",
        title_justify="left",
        title_style="bold",
        header_style="dim",
        box=None,
        pad_edge=False,
    )
    for heading in ("", "from", "subject", "answer", "for the organiser"):
        table.add_column(heading, overflow="fold")
    for sample in sorted(samples, key=lambda s: s.number):
        letter = read_letter(sample.message.as_bytes())
        answer = answers.get(letter.message_id)
        kind = str(answer["X-KKN-Answer"]) if answer is not None else ""
        if answer is not None:
            stem = f"{sample.number:02d}-{kind}"
            (out / "answers" / f"{stem}.eml").write_bytes(answer.as_bytes())
            body = answer.get_body(("html",))
            (out / "answers" / f"{stem}.html").write_text(body.get_content() if body else "", encoding="utf-8")
        reason = lines.get((letter.sender.email, letter.subject, sample.about["date"].astimezone(dt.UTC)), "")
        shown = (
            f"[{_COLOUR[kind]}]{kind}[/]"
            if kind
            else "[bright_black]left alone[/]"
            if not reason
            else "[bright_black]none[/]"
        )
        table.add_row(str(sample.number), letter.sender.name or letter.sender.email, letter.subject, shown, reason)
    console.print(table)
    rows = service.journal.registrations()
    console.print(f"\n{len(samples)} mails, {len(rows)} rows in the roster, {len(sent)} answers")
    console.print(f"roster:  {out / 'deltagare.xlsx'}\nanswers: {out / 'answers'}", highlight=False, soft_wrap=True)
