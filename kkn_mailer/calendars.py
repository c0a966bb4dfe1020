"""The calendar file of an answer (RFC 5545, RFC 5546): one VEVENT a session, with its place and time zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import icalendar

from .event import Event, Session


def calendar(
    event: Event, coming: Iterable[Session], cancelled: Iterable[Session], recipient: str, now: dt.datetime
) -> bytes:
    """An iCalendar object that adds `coming` and takes `cancelled` away.

    The UID of a session is the same in every answer to a person, so that a later file alters the entry of an earlier
    one; SEQUENCE grows with the time of the answer.
    """
    out = icalendar.Calendar()
    out.add("prodid", "-//kkn-mailer//kkn-mailer//EN")
    out.add("version", "2.0")
    out.add("method", "PUBLISH")
    out.add("calscale", "GREGORIAN")
    for session in coming:
        out.add_component(_entry(event, session, recipient, now, "CONFIRMED"))
    for session in cancelled:
        out.add_component(_entry(event, session, recipient, now, "CANCELLED"))
    out.add_missing_timezones()
    return bytes(out.to_ical())


def _entry(event: Event, session: Session, recipient: str, now: dt.datetime, status: str) -> icalendar.Event:
    entry = icalendar.Event()
    slug = "".join(c if c.isalnum() else "-" for c in recipient.lower())
    entry.add("uid", f"{session.date:%Y%m%d}-{slug}@{event.contact_address.partition('@')[2]}")
    entry.add("sequence", max(0, int(now.timestamp()) - 1_500_000_000) // 60)
    entry.add("dtstamp", now.astimezone(dt.UTC))
    entry.add("dtstart", dt.datetime.combine(session.date, session.start, event.zone))
    entry.add("dtend", dt.datetime.combine(session.date, session.end, event.zone))
    entry.add("summary", event.name)
    entry.add("location", ", ".join(filter(None, (session.venue, session.address or session.city))))
    entry.add("status", status)
    organiser = icalendar.vCalAddress(f"mailto:{event.contact_address}")
    organiser.params["CN"] = icalendar.vText(event.organiser)
    entry["organizer"] = organiser
    if event.information.strip():
        entry.add("description", event.information.strip())
    return entry
