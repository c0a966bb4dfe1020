"""Erasing a person's data (GDPR art. 17)."""

from __future__ import annotations

import sqlalchemy as sa

from ..folding import fold
from .answers import DIGEST
from .schema import answers, history, links, mails, registrations, reminded, replaced, reviews
from .store import Store


class Erasure(Store):
    def forget(self, address: str) -> tuple[int, int, int]:
        """Erase a person's data: how many registrations, lines for the organiser and answers.

        The mails' digests stay, so that a mail still in the inbox is not registered again.
        """
        wanted = fold(address.strip())
        with self._begin() as db:
            rows = db.execute(sa.select(registrations)).all()
            ids = [
                r.id for r in rows if fold(r.email or "") == wanted or (not r.email and fold(r.registered_by) == wanted)
            ]
            mine, drafts = (
                [
                    r.message_id
                    for r in db.execute(sa.select(table.c.message_id, table.c.recipients))
                    if wanted in map(fold, r.recipients)
                ]
                for table in (answers, replaced)
            )
            lines = [
                r.id
                for r in db.execute(sa.select(reviews.c.id, reviews.c.sender, reviews.c.excerpt))
                if wanted in fold(r.sender) or r.excerpt.removeprefix("Raden med Id ") in ids
            ]
            db.execute(sa.delete(registrations).where(registrations.c.id.in_(ids)))
            for table in (history, links, reminded):
                db.execute(sa.delete(table).where(table.c.registration.in_(ids)))
            db.execute(sa.delete(answers).where(answers.c.message_id.in_(mine) | (answers.c.kind == DIGEST)))
            db.execute(sa.delete(replaced).where(replaced.c.message_id.in_(drafts)))
            db.execute(sa.delete(reviews).where(reviews.c.id.in_(lines)))
            by = registrations.c.registered_by
            db.execute(sa.update(registrations).where(sa.func.lower(by) == wanted).values(registered_by=""))
            db.execute(sa.update(history).where(sa.func.lower(history.c.by) == wanted).values(by=""))
            sender = mails.c.sender
            db.execute(sa.update(mails).where(sa.func.lower(sender) == wanted).values(sender="", message_id=""))
        return len(ids), len(lines), len(mine)
