"""Answers that wait, be it for the mail server or as drafts, say what is true when they leave, not when they were written.

One whose registrations have changed since, by a mail or by the organiser's hand, is written anew together with whatever
else waits for the same person about them; where nothing is left to say it is dropped. The old ones have never been.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .answers import message_id
from .domain import Address, Answer, AnswerKind, Registration, Review, Status
from .event import Event
from .journal import DIGEST, Journal, Outgoing
from .registrar import identifier, missing_of
from .telling import Teller


def outdated(waiting: Sequence[Outgoing]) -> list[list[Outgoing]]:
    """The answers that must be written anew, oldest first: those that no longer hold, with what else waits for the
    same person about the same registrations; and those that a later one says all of."""
    groups: list[list[Outgoing]] = []
    for each in waiting:
        about = [g for g in groups if g[0].left == each.left and _rows(g) & set(each.rows)]
        groups = [g for g in groups if g not in about] + [[*(o for g in about for o in g), each]]
    return [group for group in groups if len(group) > 1 or group[0].stale]


def _rows(group: Iterable[Outgoing]) -> set[str]:
    return {row for each in group for row in each.rows}


def again(group: Sequence[Outgoing], rows: Sequence[Registration], event: Event) -> Answer:
    """The one answer that says what a group of unsent ones should say now, in answer to the latest mail."""
    last = group[-1]
    asked = {row.id: gaps for row in rows if row.status is Status.WAITING and (gaps := missing_of(row, event))}
    states = {row.status for row in rows}
    if asked:
        kind = AnswerKind.ASK
    elif states == {Status.CANCELLED}:
        kind = AnswerKind.CANCELLED
    elif Status.WAITLISTED in states:
        kind = AnswerKind.WAITLISTED
    elif Status.CANCELLED in states or group[0].kind in (AnswerKind.CHANGED, AnswerKind.CANCELLED):
        kind = AnswerKind.CHANGED
    else:
        kind = AnswerKind.CONFIRM
    to, *copies = (Address("", email) for email in last.left)
    if to.email == last.letter.answer_to.email:
        to = last.letter.answer_to
    return Answer(kind, to, rows[-1].language, tuple(rows), last.letter, asked, tuple(copies))


@dataclass
class Renewer:
    """Writes such answers anew; `deciding` is held meanwhile."""

    event: Event
    journal: Journal
    teller: Teller
    deciding: threading.Lock

    def renew(self, now: dt.datetime) -> None:
        """Replace the answers that no longer say how things stand; reminders are taken back, digests stay."""
        with self.deciding:
            unsent = [m for m in self.journal.unsent() if m.kind not in (DIGEST, AnswerKind.REMINDER)]
            if groups := outdated(unsent):
                known = {row.id: row for row in self.journal.registrations()}
                for group in groups:
                    self._replace(group, known, now)

    def _replace(self, group: list[Outgoing], known: Mapping[str, Registration], now: dt.datetime) -> None:
        *older, last = group
        if not last.stale and _rows(group) == set(last.rows):
            self.journal.replace(older, None, now)
            return
        rows = [row for identity, row in known.items() if identity in _rows(group)]
        if not rows:
            self.journal.replace(group, None, now)
            return
        answer = again(group, rows, self.event)
        identity = message_id(self.event, "again", *(m.message_id for m in group), now.isoformat())
        made = self.teller.rendered(answer, identity, now)
        if isinstance(made, Review):
            self.journal.add_review(replace(made, id=identifier("again", last.message_id)))
        else:
            self.journal.replace(group, made, now)
