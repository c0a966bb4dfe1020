"""The calendar file of an answer (RFC 5545, RFC 5546): a VEVENT for each session, with its place and time zone.

One file with METHOD:PUBLISH: Outlook, Apple's and Google's calendars offer to add what is in it, and nobody is asked to
accept, which would send the organiser a mail for each. The UID is the registration's, so a later file alters the entry it
made: a registration that moves takes its entry along, one given up is cancelled by STATUS. A program that looks at
neither still shows `Avbokad:` in the title, and the time as free.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

import icalendar

from ..domain import Answer, Registration, Status
from ..event import Event, Language, Session
from .thread import value
from .view import session_view

_EPOCH = dt.datetime(2019, 1, 1, tzinfo=dt.UTC)
_WORDS: dict[Language, dict[str, str]] = {
    "sv": {"cancelled": "Avbokad", "people": "Anmälda", "map": "Karta", "file": "kalender.ics"},
    "en": {"cancelled": "Cancelled", "people": "Registered", "map": "Map", "file": "calendar.ics"},
}


def filename(language: Language) -> str:
    return _WORDS[language]["file"]


def calendar(event: Event, answer: Answer, now: dt.datetime) -> bytes | None:
    """The file of an answer: an entry for each session that somebody has or has given up; None where there is none."""
    entries = [
        _entry(event, session, rows, answer, now, status)
        for status in (Status.CONFIRMED, Status.CANCELLED)
        for session in event.sessions
        if (rows := [row for row in answer.people if row.status is status and row.date == session.date])
    ]
    if not entries:
        return None
    out = icalendar.Calendar()
    out.add("prodid", "-//kkn-mailer//kkn-mailer//EN")
    out.add("version", "2.0")
    out.add("calscale", "GREGORIAN")
    out.add("method", "PUBLISH")
    for entry in entries:
        out.add_component(entry)
    days = [row.date for row in answer.people if row.date]
    out.add_missing_timezones(dt.date(min(days).year, 1, 1), dt.date(max(days).year + 1, 1, 1))
    return bytes(out.to_ical())


def _whose(rows: Sequence[Registration], answer: Answer) -> Sequence[Registration]:
    """Of those in a session, whom the entry is for: who gets the answer, else who gets a copy, else all of them.

    So whoever registered herself and colleagues has one entry a session, which is hers and goes when she goes; whoever
    registered others only has one to pass on, which stays as long as any of them is coming.
    """
    copies = {copy.email for copy in answer.cc}
    yours = [row for row in rows if row.email == answer.to.email]
    return yours or [row for row in rows if row.email in copies] or rows


def _entry(
    event: Event, session: Session, rows: Sequence[Registration], answer: Answer, now: dt.datetime, status: Status
) -> icalendar.Event:
    words, shown = _WORDS[answer.language], session_view(session, answer.language)
    whose = _whose(rows, answer)
    names = [name for row in rows if (name := value(row.name))]
    title = event.name if any(row.email == answer.to.email for row in whose) else _with_names(event.name, names)
    entry = icalendar.Event()
    entry.add("uid", f"{_identity(whose)}@{event.contact_address.partition('@')[2]}")
    entry.add("sequence", max(0, int((now - _EPOCH).total_seconds())))
    entry.add("dtstamp", now.astimezone(dt.UTC))
    entry.add("dtstart", dt.datetime.combine(session.date, session.start, event.zone))
    entry.add("dtend", dt.datetime.combine(session.date, session.end, event.zone))
    entry.add("summary", f"{words['cancelled']}: {title}" if status is Status.CANCELLED else title)
    entry.add("location", f"{shown.venue}, {shown.address}")
    entry.add("status", "CANCELLED" if status is Status.CANCELLED else "CONFIRMED")
    entry.add("transp", "TRANSPARENT" if status is Status.CANCELLED else "OPAQUE")
    organiser = icalendar.vCalAddress(f"mailto:{event.contact_address}")
    organiser.params["CN"] = icalendar.vText(event.organiser)
    entry["organizer"] = organiser
    about = [event.information.strip(), f"{words['people']}: {', '.join(names)}" if names else ""]
    entry.add("description", "\n\n".join(filter(None, [*about, f"{words['map']}: {shown.map_url}"])))
    return entry


def _with_names(title: str, names: Sequence[str]) -> str:
    return f"{title} ({', '.join(names[:3])}{' …' if names[3:] else ''})" if names else title


def _identity(rows: Sequence[Registration]) -> str:
    """The id of a registration, or one of several together."""
    ids = sorted(row.id for row in rows)
    return ids[0] if len(ids) == 1 else hashlib.sha256("\0".join(ids).encode()).hexdigest()[:16]
