"""Answers that lie in the Drafts folder, and what becomes of them there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields

import sqlalchemy as sa

from ..domain import Review
from .answers import Outgoing, Rendered, outgoing, put_answer
from .outbox import Outbox
from .schema import Fate, answers, links, reminded, replaced
from .store import values_of


@dataclass(frozen=True, slots=True)
class Replaced:
    """A draft that another has taken the place of: it is to go from the Drafts folder."""

    message_id: str
    in_reply_to: str
    recipients: tuple[str, ...]
    subject: str
    created: dt.datetime
    replaced: dt.datetime


_REPLACED = [replaced.c[field.name] for field in fields(Replaced)]


class Drafts(Outbox):
    def withheld(self, since: dt.datetime) -> list[Outgoing]:
        """Drafts that the organiser deleted since a time."""
        with self._begin() as db:
            return outgoing(db, (answers.c.fate == Fate.WITHHELD) & (answers.c.sent >= since))

    def answer_ids(self) -> set[str]:
        """The Message-ID of every answer there is."""
        with self._begin() as db:
            return set(db.scalars(sa.select(answers.c.message_id)))

    def mark_drafted(self, message_id: str, now: dt.datetime) -> None:
        """It lies in the Drafts folder, again perhaps after it was thought withheld."""
        since = sa.func.coalesce(answers.c.drafted, sa.literal(now, answers.c.drafted.type))
        self._mark(message_id, drafted=since, missing=None, sent=None, fate=None)

    def mark_missing(self, message_id: str, now: dt.datetime) -> None:
        self._mark(message_id, missing=now)

    def mark_withheld(self, message_id: str, line: Review | None, now: dt.datetime) -> None:
        """The organiser deleted the draft: it is not sent, and a line says so."""
        self._mark(message_id, *filter(None, [line]), sent=now, fate=Fate.WITHHELD, copied=True)

    def mark_sent_as(self, message_id: str, real: str, now: dt.datetime) -> None:
        """The organiser sent the draft herself; from now on it goes by the Message-ID it was sent with."""
        with self._begin() as db:
            end = {"message_id": real, "sent": now, "fate": Fate.SENT, "copied": True, "raw": b"", "missing": None}
            db.execute(sa.update(answers).where(answers.c.message_id == message_id).values(**end))
            for table in (links, reminded):
                db.execute(sa.update(table).where(table.c.message_id == message_id).values(message_id=real))

    def replace(self, old: Sequence[Outgoing], new: Rendered | None, now: dt.datetime) -> None:
        """Put `new` in the place of answers that are no longer true. Those that left for nobody have never been, and their
        drafts are to go; those that somebody has are sent, and no longer tried for the rest.
        """
        partly = [each.message_id for each in old if set(each.left) != set(each.recipients)]
        ids = [each.message_id for each in old if each.message_id not in partly]
        with self._begin() as db:
            end = {"sent": now, "fate": Fate.SENT, "error": None, "left": []}
            db.execute(sa.update(answers).where(answers.c.message_id.in_(partly)).values(**end))
            for each in old:
                if each.drafted:
                    gone = Replaced(each.message_id, each.in_reply_to, each.recipients, each.subject, each.created, now)
                    db.execute(sa.insert(replaced).values(**values_of(gone)))
            for table in (answers, links, reminded):
                db.execute(sa.delete(table).where(table.c.message_id.in_(ids)))
            if new:
                put_answer(db, new, now)

    def replaced(self) -> list[Replaced]:
        """Drafts that are to go from the Drafts folder."""
        with self._begin() as db:
            return [Replaced(*row) for row in db.execute(sa.select(*_REPLACED))]

    def drop_replaced(self, message_id: str) -> None:
        with self._begin() as db:
            db.execute(sa.delete(replaced).where(replaced.c.message_id == message_id))
