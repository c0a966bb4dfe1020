"""What the clock does: who has been reminded of what, and what the organiser has been told."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from ..domain import AnswerKind
from .answers import DIGEST, Rendered, about_registrations, put_answer
from .schema import Fate, answers, links, reminded
from .store import Store, put_note


class Clock(Store):
    def remind(self, rendered: Rendered, now: dt.datetime) -> None:
        """A reminder to send, and of whom and when it is, in one transaction."""
        answer, identity, _ = rendered
        with self._begin() as db:
            put_answer(db, rendered, now)
            for row in answer.people:
                if row.date:
                    db.execute(sa.insert(reminded).values(registration=row.id, date=row.date, message_id=identity))

    def reminded(self) -> dict[tuple[str, dt.date], str]:
        """Who has been reminded of which day (registration, date), and by which message."""
        with self._begin() as db:
            return {(row.registration, row.date): row.message_id for row in db.execute(sa.select(reminded))}

    def told(self) -> dict[str, dt.datetime | None]:
        """When each registration was last written about; None while what is to be said of it has not been sent."""
        query = (
            sa.select(links.c.registration, answers.c.sent)
            .select_from(about_registrations())
            .where(answers.c.kind != AnswerKind.REMINDER, (answers.c.fate == Fate.SENT) | answers.c.sent.is_(None))
            .order_by(answers.c.sent.is_(None), answers.c.sent)
        )
        with self._begin() as db:
            return {row.registration: row.sent for row in db.execute(query)}

    def reminders_to(self, since: dt.datetime) -> set[str]:
        """The addresses that a reminder has been written to since a time."""
        query = sa.select(answers.c.recipients).where(answers.c.kind == AnswerKind.REMINDER, answers.c.created >= since)
        with self._begin() as db:
            return {recipients[0] for recipients in db.scalars(query)}

    def put_digest(self, message_id: str, to: str, raw: bytes, note: str, now: dt.datetime) -> None:
        """A digest to send, and what it has told, in one transaction."""
        with self._begin() as db:
            db.execute(
                sa.insert(answers).values(
                    message_id=message_id,
                    in_reply_to="",
                    thread=message_id,
                    kind=DIGEST,
                    recipients=[to],
                    left=[to],
                    asked={},
                    letter={},
                    raw=raw,
                    created=now,
                )
            )
            put_note(db, DIGEST, note)
