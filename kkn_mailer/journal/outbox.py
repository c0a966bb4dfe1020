"""Answers on their way: what waits, what has left, and what has been said to whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from ..domain import Letter, Review
from .answers import Outgoing, about_registrations, answers_in, outgoing, shown_letter
from .registrations import put_line
from .schema import Fate, answers, links
from .store import Store


class Outbox(Store):
    def unsent(self) -> list[Outgoing]:
        """Answers that have not been sent, oldest first: no mail server has accepted them, or they lie as drafts."""
        with self._begin() as db:
            return outgoing(db, answers.c.sent.is_(None))

    def uncopied(self) -> list[Outgoing]:
        """Answers sent but not yet copied to the Sent folder."""
        with self._begin() as db:
            return outgoing(db, answers.c.sent.is_not(None) & answers.c.copied.is_(False))

    def _mark(self, message_id: str, line: Review | None = None, **values: Any) -> None:
        """What has become of an answer, and the line that tells the organiser, in one transaction."""
        with self._begin() as db:
            db.execute(sa.update(answers).where(answers.c.message_id == message_id).values(**values))
            if line:
                put_line(db, line)

    def mark_sent(self, message_id: str, now: dt.datetime) -> None:
        """Accepted by the mail server."""
        self._mark(message_id, sent=now, fate=Fate.SENT, error=None)

    def mark_copied(self, message_id: str) -> None:
        """It lies in the Sent folder, so what it said is not kept here as well."""
        self._mark(message_id, copied=True, raw=b"")

    def mark_tried(self, message_id: str, error: str) -> None:
        """A try that failed and is made again."""
        self._mark(message_id, tries=answers.c.tries + 1, error=error[:500])

    def mark_refused(self, message_id: str, error: str, line: Review, now: dt.datetime) -> None:
        """Refused for good: it is not sent, and a line says so."""
        self._mark(message_id, line, sent=now, fate=Fate.REFUSED, error=error[:500], copied=True)

    def answers_to(self, address: str, since: dt.datetime) -> int:
        """How many answers have been made to an address since a time."""
        with self._begin() as db:
            made = db.scalars(sa.select(answers.c.recipients).where(answers.c.created >= since))
            return sum(address in recipients for recipients in made)

    def last_answer(self, registrations: Collection[str]) -> tuple[Letter | None, int]:
        """Of the last answer about some registrations: the mail it answers, and how many its thread has had."""
        query = (
            sa.select(answers.c.in_reply_to, answers.c.letter, answers.c.thread)
            .select_from(about_registrations())
            .where(links.c.registration.in_(registrations))
            .order_by(answers.c.created.desc())
            .limit(1)
        )
        with self._begin() as db:
            found = db.execute(query).first()
            if found is None:
                return None, 0
            return shown_letter(found.letter, found.in_reply_to), answers_in(db, found.thread)
