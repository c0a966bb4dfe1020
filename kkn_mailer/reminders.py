"""Reminders: some days before a session each confirmed person is written to once about it.

`due` says of any moment what is to be written then; it is pure. What it says is recorded with the message, so nobody is
reminded twice.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from .domain import AnswerKind, Registration, Review, Status
from .event import Event, Session, is_address
from .journal import Journal, Outgoing
from .registrar import identifier
from .telling import Teller

log = structlog.get_logger()
FIRST, LAST = 8, 20
"""Reminders are written from the first of these hours until the last, in the event's time zone."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One mail: to whom, and about which registrations."""

    to: str
    rows: tuple[Registration, ...]


def begins(session: Session, event: Event) -> dt.datetime:
    """When a session begins, in UTC."""
    return dt.datetime.combine(session.date, session.start, event.zone).astimezone(dt.UTC)


def opens(session: Session, event: Event) -> dt.datetime | None:
    """From when people are reminded of a session, in UTC; None where nobody is."""
    if event.reminder_days is None:
        return None
    day = session.date - dt.timedelta(days=event.reminder_days)
    return dt.datetime.combine(day, dt.time(FIRST), event.zone).astimezone(dt.UTC)


def due(
    now: dt.datetime,
    event: Event,
    rows: Sequence[Registration],
    reminded: Collection[tuple[str, dt.date]],
    told: Mapping[str, dt.datetime | None],
    written: Collection[str],
) -> list[Reminder]:
    """The reminders to write at `now` (aware).

    `reminded` are those reminded before, by registration and day. `told` says when each registration was written about
    last, None for what is about to be: who is told within the time of reminding needs no reminder. `written` are the
    addresses that have been reminded of something today: one mail a day is enough.
    """
    if not FIRST <= now.astimezone(event.zone).hour < LAST:
        return []
    mails: dict[str, list[Registration]] = {}
    for row in rows:
        session, to = event.session_on(row.date), row.answer_to
        if session is None or row.status is not Status.CONFIRMED or (row.id, session.date) in reminded:
            continue
        since = opens(session, event)
        if since is None or not since <= now < begins(session, event):
            continue
        last = told.get(row.id, dt.datetime.min.replace(tzinfo=dt.UTC))
        if last is None or last >= since or not is_address(to) or to == event.contact_address or to in written:
            continue
        mails.setdefault(to, []).append(row)
    return [Reminder(to, tuple(about)) for to, about in mails.items()]


def holds(days: Sequence[dt.date], rows: Sequence[Registration | None], now: dt.datetime, event: Event) -> bool:
    """Whether a reminder that has not left is still true: each person comes on that day, and it has not begun."""
    return all(
        row is not None
        and row.status is Status.CONFIRMED
        and row.date == day
        and (session := event.session_on(day)) is not None
        and now < begins(session, event)
        for day, row in zip(days, rows, strict=True)
    )


@dataclass
class Reminders:
    """Writes reminders into the journal; they are sent, or put into the Drafts folder, as answers are."""

    event: Event
    journal: Journal
    teller: Teller
    deciding: threading.Lock

    def write(self, now: dt.datetime) -> int:
        """Take back the reminders that wait and no longer hold, and write those that are due; how many."""
        if self.event.reminder_days is None:
            return 0
        with self.deciding:
            rows = self.journal.registrations()
            self._take_back(rows, now)
            midnight = dt.datetime.combine(self.event.day_of(now), dt.time(), self.event.zone)
            found = due(
                now,
                self.event,
                rows,
                self.journal.reminded(),
                self.journal.told(),
                self.journal.reminders_to(midnight),
            )
            return sum(self._write(reminder, now) for reminder in found)

    def _take_back(self, rows: Sequence[Registration], now: dt.datetime) -> None:
        known = {row.id: row for row in rows}
        waiting: list[Outgoing] = [m for m in self.journal.unsent() if m.kind == AnswerKind.REMINDER]
        about = self.journal.reminded() if waiting else {}
        for message in waiting:
            pairs = [pair for pair, identity in about.items() if identity == message.message_id]
            if message.stale or not holds([day for _, day in pairs], [known.get(i) for i, _ in pairs], now, self.event):
                self.journal.replace([message], None, now)

    def _write(self, reminder: Reminder, now: dt.datetime) -> bool:
        told = self.teller.tell(AnswerKind.REMINDER, reminder.rows, now)
        if isinstance(told, Review):  # tried again each minute, and listed once
            identity = identifier("reminder", *((row.id, row.date) for row in reminder.rows))
            self.journal.add_review(replace(told, id=identity))
            return False
        self.journal.remind(told, now)
        log.info("reminder", rows=len(reminder.rows))
        return True
