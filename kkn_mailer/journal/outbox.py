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

    def _mark(self, message_id: str, *lines: Review, **values: Any) -> None:
        """What has become of an answer, and the lines that tell the organiser, in one transaction."""
        with self._begin() as db:
            db.execute(sa.update(answers).where(answers.c.message_id == message_id).values(**values))
            for line in lines:
                put_line(db, line)

    def mark_sent(self, message_id: str, now: dt.datetime, *lines: Review) -> None:
        """Accepted by the mail server; `lines` say for whom it was not."""
        self._mark(message_id, *lines, sent=now, fate=Fate.SENT, error=None, left=[])

    def mark_copied(self, message_id: str) -> None:
        """It lies in the Sent folder, so what it said is not kept here as well."""
        self._mark(message_id, copied=True, raw=b"")

    def mark_tried(self, message_id: str, error: str, left: Collection[str]) -> None:
        """A try that failed for those who are `left`, and is made again for them."""
        self._mark(message_id, tries=answers.c.tries + 1, error=error[:500], left=list(left))

    def mark_refused(self, message_id: str, error: str, now: dt.datetime, *lines: Review) -> None:
        """Refused for good: it is not sent, and `lines` say so."""
        self._mark(message_id, *lines, sent=now, fate=Fate.REFUSED, error=error[:500], copied=True)

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
