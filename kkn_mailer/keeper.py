"""Keeping the roster: the file in line with the journal, the journal in line with the organiser's hand.

The daemon does this in a thread of its own, woken after each pass and by a change of the file, so that her edits count
within seconds and no mail ever waits for the file.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import structlog

from . import roster
from .config import Settings
from .domain import AnswerKind, Registration, Review
from .event import Event
from .journal import Journal, JournalError
from .registrar import identifier, whole
from .roster import RosterError
from .telling import Teller, apart

log = structlog.get_logger()
MOST_TURNS = 3
"""How often the roster is looked at in one turn while the organiser goes on editing it."""
LOOK = 2
"""Seconds between looks at whether the file has been saved, and before a write that failed is tried again."""


class Keeper:
    """Keeps one roster; `deciding` is held while edits are decided on and committed."""

    def __init__(
        self, event: Event, settings: Settings, journal: Journal, teller: Teller, deciding: threading.Lock
    ) -> None:
        self.event, self.settings, self.journal, self.teller, self.deciding = event, settings, journal, teller, deciding
        self.told = threading.Event()
        """Set when answers to edits wait to be sent."""
        self._due = threading.Event()
        self._left: tuple[int, int] | None = None

    @property
    def path(self) -> Path:
        return self.settings.roster.path

    def wake(self) -> None:
        """Have the thread look at once: the journal may have something new, or it is to end."""
        self._due.set()

    def keep(self, stop: threading.Event) -> None:
        """Write whenever there is something to write; ends with a last write after `stop` and a call of `wake`."""
        told, pause, idle, ending = "", 0, 0, False
        while not ending:
            due = self._due.wait(LOOK)
            idle += LOOK
            if (
                not due
                and idle < (pause or self.settings.service.poll_seconds)
                and (pause or self._stat() == self._left)
            ):
                continue
            self._due.clear()
            idle, problem, ending = 0, "", stop.is_set()
            try:
                if self.write():
                    log.info("roster", written=self.path.name)
            except (RosterError, JournalError) as error:
                problem = str(error)
            except Exception as error:  # the thread must live on: what it could not write waits in the journal
                problem = f"{self.path}: could not be written ({type(error).__name__})"
                log.exception("roster")
            if problem and problem != told:
                log.warning("problem", what=problem)
            told, self._left = problem, self._stat()
            pause = min(max(2 * pause, LOOK), self.settings.service.poll_seconds) if problem else 0

    def write(self) -> bool:
        """One turn: take her edits, write what the file lacks. True where it was written; raises `RosterError`."""
        wrote = False
        try:
            for _ in range(MOST_TURNS):
                written = self._update()
                wrote |= written.wrote
                if written.people or written.reviews:
                    self._take(written)
                elif not written.aside and not written.lapsed:
                    break
        except RosterError as error:
            waits = self.journal.note("roster_waits") or f"{_now().isoformat()} "
            self.journal.set_note("roster_waits", f"{waits.partition(' ')[0]} {error}")
            raise
        self.journal.set_note("roster_waits", "")
        return wrote

    def _update(self) -> roster.Written:
        written = roster.update(
            self.path,
            self.event,
            self.journal.registrations(),
            self.journal.reviews(),
            self.journal.note("roster"),
            partial(self.journal.set_note, "roster"),
        )
        for note in written.notes:
            log.warning("roster", what=note)
        if written.aside:
            reason = "Deltagarlistan gick inte att läsa. Den är undanlagd under det här namnet, och en ny har skrivits."
            self.journal.add_review(
                Review(identifier(written.aside), _now(), "Deltagarlistan", written.aside, reason, "")
            )
        self.journal.review_done(written.lapsed)
        return written

    def _take(self, written: roster.Written) -> None:
        """The organiser's edits into the journal, and what attendees are told of them into the outbox."""
        now = _now()
        with self.deciding:
            known, removed = self.journal.registrations(), self.journal.removed()
            today = self.event.day_of(self.journal.event_now(now))
            taken = roster.take(written, self.event, known, removed, self.journal.reviews(), now, today)
            told, lines = self.teller.of_places(taken.freed, now)
            edits, more = apart(self.teller.tell(kind, rows, now) for kind, rows in self._told(taken, known, today))
            answers = [*told, *edits]
            self.journal.alter(
                taken.rows,
                taken.by,
                now,
                answers,
                [*taken.lines, *lines, *more],
                removed=taken.removed,
                done=taken.done,
                roster=taken.snapshot,
            )
        if answers:
            self.told.set()
        log.info("organiser's edits", people=len(written.people), reviews=len(written.reviews), answers=len(answers))

    def _told(
        self, taken: roster.Taken, known: Sequence[Registration], today: dt.date
    ) -> list[tuple[AnswerKind, list[Registration]]]:
        """What her edits are told by: one answer of a kind to each address, with all that its people have."""
        groups: dict[tuple[AnswerKind, str, str], list[Registration]] = {}
        for notice in taken.notices:
            row = notice.row
            if "@" in row.answer_to and (notice.asked_for or self.settings.roster.notify_edits):
                groups.setdefault((notice.kind, row.answer_to, row.language), []).append(row)
        stands = {r.id: r for r in known if r.id not in taken.removed} | {r.id: r for r, _ in taken.rows}
        alters = (AnswerKind.CHANGED, AnswerKind.CANCELLED)
        return [
            (kind, whole(rows, stands.values(), today) if kind in alters else rows)
            for (kind, _, _), rows in groups.items()
        ]

    def _stat(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
