"""What people are told though they have not just written: that the organiser edited their row, or that a place is free.

It goes into the thread of the answer they had last, in the language of their own mail.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace

import structlog

from .answers import Answers, TemplateError, message_id
from .domain import Address, Answer, AnswerKind, Letter, Registration, Review, Status
from .event import Event, is_address
from .journal import Journal, Rendered
from .registrar import MOST_ANSWERS, identifier, line_about

log = structlog.get_logger()


class Teller:
    """Makes those answers; they are committed by whoever asks for them."""

    def __init__(self, event: Event, journal: Journal, answers: Answers) -> None:
        self.event, self.journal, self.answers = event, journal, answers

    def of_places(self, freed: Sequence[Registration], now: dt.datetime) -> tuple[list[Rendered], list[Review]]:
        """That a place has become free: one answer to each address, whomever it waited for; and what was hindered."""
        groups: dict[tuple[str, str], list[Registration]] = {}
        for row in freed:
            groups.setdefault((row.answer_to, row.language), []).append(row)
        return apart(self.tell(_of_a_place(rows), rows, now, freed=True) for rows in groups.values())

    def tell(
        self, kind: AnswerKind, rows: Sequence[Registration], now: dt.datetime, freed: bool = False
    ) -> Rendered | Review:
        """One answer about some rows of one address; a line for the organiser where it cannot be given."""
        to, letter = rows[0].answer_to, self._last(rows, now)
        who = ", ".join(dict.fromkeys(row.called for row in rows))
        if not is_address(to):
            return line_about(letter, f"{who} har ingen adress att svara till: {kind}")
        answer = Answer(kind, Address("", to), rows[0].language, tuple(rows), letter, freed=freed)
        identity = message_id(self.event, "told", kind, now.isoformat(), *(row.id for row in rows))
        return self.rendered(answer, identity, now, f"Svaret till {to}")

    def rendered(self, answer: Answer, identity: str, now: dt.datetime, called: str = "Svaret") -> Rendered | Review:
        """An answer as the message that is sent; where its template is wrong, the line that says so of what it is `called`."""
        try:
            return answer, identity, self.answers.render(answer, identity, now).as_bytes()
        except TemplateError as error:
            log.error("template", what=str(error))
            return line_about(answer.letter, f"{called} kunde inte skrivas: {error}")

    def _last(self, rows: Sequence[Registration], now: dt.datetime) -> Letter:
        """What such an answer answers: the mail that was answered last, as far as our answer to it tells.

        A thread that has had its answers is not gone on with: this one stands by itself.
        """
        contact = Address(self.event.organiser, self.event.contact_address)
        blank = Letter("", identifier("told", now.isoformat(), *(row.id for row in rows)), contact, now)
        last, answers = self.journal.last_answer([row.id for row in rows])
        if last is None or answers >= MOST_ANSWERS:
            return blank
        return replace(blank, message_id=last.message_id, subject=last.subject, references=last.references)


def apart(made: Iterable[Rendered | Review]) -> tuple[list[Rendered], list[Review]]:
    """The answers that could be made, and the lines about those that could not."""
    told: list[Rendered] = []
    lines: list[Review] = []
    for each in made:
        if isinstance(each, Review):
            lines.append(each)
        else:
            told.append(each)
    return told, lines


def _of_a_place(rows: Sequence[Registration]) -> AnswerKind:
    """What a free place is told by: a change where another day is given up for it."""
    left = any(row.status is Status.CANCELLED for row in rows)
    return AnswerKind.CHANGED if left else AnswerKind.CONFIRM
