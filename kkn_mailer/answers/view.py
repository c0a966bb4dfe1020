"""What a template sees of an answer: words to show, in the answer's language, and nothing that could do anything.

docs/templates.md tells the organiser of every name here; a test holds the two together.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from babel.dates import format_date, format_time

from ..domain import Answer, Missing, Registration, Status
from ..event import Event, Language, Session
from ..folding import fold
from .thread import LOCALE, attribution, one_line, original, reply_subject, value


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session: `date` with its year, `day` without, `address` with its city."""

    date: str
    day: str
    time: str
    city: str
    venue: str
    address: str
    map_url: str


@dataclass(frozen=True, slots=True)
class Guest:
    """A person, or a group without names: what is known, and what is still asked for (`missing`: name, unit …)."""

    name: str
    you: bool
    """Whether the answer goes to this very person."""
    count: int
    municipality: str
    unit: str
    diet: str
    sessions: tuple[SessionView, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Party:
    """Those whose sessions are the same, and these."""

    guests: tuple[Guest, ...]
    sessions: tuple[SessionView, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Those of whom the same is missing, and that."""

    guests: tuple[Guest, ...]
    missing: tuple[str, ...]


def view(event: Event, answer: Answer) -> dict[str, Any]:
    """Every variable of the templates, by name."""
    language = answer.language
    people = _people(answer, event)
    letter = answer.letter
    questions: dict[tuple[str, ...], list[Guest]] = {}
    for guest, _ in people:
        if guest.missing:
            questions.setdefault(guest.missing, []).append(guest)
    return {
        **frame(event, language),
        "subject": one_line(letter.subject),
        "reply_subject": reply_subject(letter.subject, language, event.name),
        "first_name": _first_name(answer, [guest for guest, _ in people]),
        "guests": [guest for guest, _ in people],
        "booked": _parties(people, Status.CONFIRMED, event, language),
        "waitlisted": _parties(people, Status.WAITLISTED, event, language),
        "cancelled": _parties(people, Status.CANCELLED, event, language),
        "freed": answer.freed,
        "moving": any(row.instead_of for row in answer.people),
        "offers": list(_views(answer.offers, event, language)),
        "questions": [Question(tuple(guests), missing) for missing, guests in questions.items()],
        "known": [g for g, _ in people if g.missing and (g.name or g.municipality or g.unit or g.diet or g.sessions)],
        "calendar_file": any(row.date and row.status in (Status.CONFIRMED, Status.CANCELLED) for row in answer.people),
        "sessions": [session_view(s, language) for s in event.sessions],
        "units": [_in_a_sentence(event.unit_label(u.key, language)) for u in event.units],
        "attribution": attribution(letter, language, event),
        "original": original(letter),
    }


def frame(event: Event, language: Language) -> dict[str, Any]:
    """The variables of `base.*.j2`, for what answers no mail."""
    return {
        "event": one_line(event.name),
        "organiser": one_line(event.organiser),
        "contact": event.contact_address,
        "information": event.information.strip(),
        "language": language,
        "attribution": "",
        "original": [],
    }


def session_view(session: Session, language: Language) -> SessionView:
    locale = LOCALE[language]
    address = place(session.address, session.city)
    start, end = (format_time(clock, "HH:mm", locale=locale) for clock in (session.start, session.end))
    return SessionView(
        date=format_date(session.date, "EEEE d MMMM y", locale=locale),
        day=format_date(session.date, "EEEE d MMMM", locale=locale),
        time=f"{'kl. ' if language == 'sv' else ''}{start}–{end}",
        city=session.city,
        venue=session.venue,
        address=address,
        map_url="https://www.openstreetmap.org/search?query="
        + quote_plus(address if session.address else f"{session.venue}, {address}"),
    )


def place(address: str, city: str) -> str:
    """An address that names its city."""
    return address if fold(city) in fold(address) else ", ".join(filter(None, (address, city)))


def _people(answer: Answer, event: Event) -> list[tuple[Guest, list[Registration]]]:
    """The registrations of an answer, a person an entry."""
    groups: dict[tuple[str, str], list[Registration]] = {}
    for row in answer.people:
        groups.setdefault((row.name or row.id, row.municipality or ""), []).append(row)
    return [(_guest(rows, answer, event), rows) for rows in groups.values()]


def _guest(rows: Sequence[Registration], answer: Answer, event: Event) -> Guest:
    first, language = rows[0], answer.language
    known = {row.date for row in rows if row.status is not Status.CANCELLED}
    return Guest(
        name=value(first.name),
        you=any(row.email == answer.to.email for row in rows),
        count=first.count,
        municipality=value(first.municipality),
        unit=_in_a_sentence(event.unit_label(first.unit, language)),
        diet=value(first.diet),
        sessions=_views(known, event, language),
        missing=tuple(m.value for m in Missing if any(m in answer.asked.get(row.id, ()) for row in rows)),
    )


def _views(days: Iterable[dt.date | None], event: Event, language: Language) -> tuple[SessionView, ...]:
    wanted = set(days)
    return tuple(session_view(session, language) for session in event.sessions if session.date in wanted)


def _parties(
    people: Sequence[tuple[Guest, list[Registration]]], status: Status, event: Event, language: Language
) -> list[Party]:
    """Those with a status, in parties of the same sessions."""
    found: dict[tuple[SessionView, ...], list[Guest]] = {}
    for guest, rows in people:
        if having := [row for row in rows if row.status is status]:
            found.setdefault(_views((row.date for row in having), event, language), []).append(guest)
    return [Party(tuple(guests), sessions) for sessions, guests in found.items()]


def _first_name(answer: Answer, guests: Sequence[Guest]) -> str:
    """What to call whoever gets the answer: by her registration, else where display name and address agree on it."""
    if yours := next((guest.name for guest in guests if guest.you and guest.name), ""):
        return yours.split()[0]
    start = re.split(r"[._]", answer.to.email.partition("@")[0])[0]
    return next((word for word in value(answer.to.name).split() if fold(word) == fold(start)), "")


def _in_a_sentence(label: str) -> str:
    """A label as it stands within a sentence: `Kultur` → `kultur`, but `IT` stays."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
