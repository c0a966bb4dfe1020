"""The labelled mails of the tests, as letters and as the masked words of their sentences."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from kkn_mailer.config import load_event
from kkn_mailer.domain import Kind, Letter
from kkn_mailer.event import Event
from kkn_mailer.letter import read_letter
from kkn_mailer.understanding import Reader
from kkn_mailer.understanding.acts import masked
from kkn_mailer.understanding.automatic import automatic
from kkn_mailer.understanding.text import sentences

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = sorted(path for path in (ROOT / "tests" / "corpus").iterdir() if path.is_dir())
"""The labelled mails, a folder for each event."""


def raw_mail(about: dict[str, Any], contact: str, invitation: str) -> bytes:
    """A plain rendering of a described mail."""
    message = EmailMessage()
    message["From"] = f'"{about["from_name"]}" <{about["from_email"]}>' if about["from_name"] else about["from_email"]
    message["To"], message["Subject"], message["Date"] = (
        contact,
        about["subject"],
        dt.datetime.fromisoformat(about["date"]),
    )
    for name, value in about["headers"].items():
        if name not in message:
            message[name] = value
    below = about["below"]
    quoted = below.get("text", "") if isinstance(below, dict) else invitation if below else ""
    forward = "forward" in (below.get("style", "") if isinstance(below, dict) else below or "")
    sender = below.get("from", contact) if isinstance(below, dict) else contact
    body = about["body"]
    if quoted:
        lead = "-----Vidarebefordrat meddelande-----\n" if forward else ""
        body += f"\n\n{lead}Från: {sender}\nSkickat: den 10 december 2019 09:14\nTill: {about['from_email']}\nÄmne: Inbjudan\n\n{quoted}"
    message.set_content(body)
    return message.as_bytes()


def invitation_of(folder: Path, event: Event) -> str:
    """The announcement that replies quote: the folder's own, else the event's name and days."""
    told = folder / "invitation.txt"
    days = "\n".join(f"{s.date.day}/{s.date.month} {s.city}, {s.venue}" for s in event.sessions)
    return told.read_text(encoding="utf-8") if told.exists() else f"{event.name}\n{days}"


def event_of(folder: Path) -> Event:
    """The event of a folder of mails: its own, else the one that the project is configured for."""
    return load_event(folder if (folder / "event.toml").exists() else ROOT / "config")


def described(folder: Path, event: Event) -> Iterator[tuple[dict[str, Any], Letter]]:
    """Every mail of a folder: how it is described, with what it should mean, and the letter."""
    invitation = invitation_of(folder, event)
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            about = json.loads(line)
            yield about, read_letter(raw_mail(about, event.contact, invitation))


def letters() -> Iterator[tuple[str, Kind, str, Reader, Letter]]:
    """Event, kind, id, reader and letter of every mail that a person wrote, those of the folders first."""
    for folder in FOLDERS:
        event = event_of(folder)
        reader = Reader(event)
        for about, letter in described(folder, event):
            kind = Kind(about["gold"]["kind"])
            if kind is not Kind.AUTOMATIC and not automatic(letter):
                yield folder.name, kind, about["id"], reader, letter
    yield from _own()


def _own() -> Iterator[tuple[str, Kind, str, Reader, Letter]]:
    """The same of the short mails of `own.jsonl`; one without a subject answers the invitation."""
    readers: dict[str, Reader] = {}
    for number, line in enumerate((ROOT / "tests" / "corpus" / "own.jsonl").read_text(encoding="utf-8").splitlines()):
        short = json.loads(line)
        name = short["event"]
        folder = ROOT / "tests" / "corpus" / name
        event = event_of(folder)
        sender, address = parseaddr(short["from"])
        about = {
            "from_name": sender,
            "from_email": address,
            "subject": short["subject"] or "Sv: Inbjudan",
            "date": f"{event.mail_since}T10:00:00+01:00",
            "headers": {},
            "below": None if short["subject"] else "invite",
            "body": short["body"],
        }
        kind = Kind(short["expected"].split("/")[0])
        letter = read_letter(raw_mail(about, event.contact, invitation_of(folder, event)))
        if kind is not Kind.AUTOMATIC and not automatic(letter):
            yield name, kind, f"own-{number}", readers.setdefault(name, Reader(event)), letter


def mails() -> Iterator[tuple[str, Kind, list[tuple[list[str], str]]]]:
    """Event and kind of every mail, with the masked words and the text of each of its sentences."""
    for event, kind, _, reader, letter in letters():
        folded, masks = reader.tools.masks(letter.own)
        spans = sentences(folded, letter.own)
        yield event, kind, [(words, letter.own[a:b]) for a, b in spans if (words := masked(folded, a, b, masks))]
