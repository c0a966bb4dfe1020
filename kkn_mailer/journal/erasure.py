"""Erasing a person's data (GDPR art. 17)."""

from __future__ import annotations

import sqlalchemy as sa

from .answers import DIGEST
from .schema import answers, history, links, mails, registrations, reminded, replaced, reviews
from .store import Store


class Erasure(Store):
    def forget(self, address: str) -> tuple[int, int, int]:
        """Erase a person's data: how many registrations, lines for the organiser and answers.

        The mails' digests stay, so that a mail still in the inbox is not registered again.
        """
        wanted = address.strip().lower()
        row, line = registrations.c, reviews.c
        hers = (row.email == wanted) | (sa.func.coalesce(row.email, "") == "") & (row.registered_by == wanted)
        with self._begin() as db:
            ids = db.scalars(sa.select(row.id).where(hers)).all()
            mine, drafts = (
                [
                    found.message_id
                    for found in db.execute(sa.select(table.c.message_id, table.c.recipients))
                    if wanted in found.recipients
                ]
                for table in (answers, replaced)
            )
            lines = [
                found.id
                for found in db.execute(sa.select(line.id, line.sender, line.about))
                if found.sender.lower() == wanted or found.sender.lower().endswith(f"<{wanted}>") or found.about in ids
            ]
            db.execute(sa.delete(registrations).where(row.id.in_(ids)))
            for table in (history, links, reminded):
                db.execute(sa.delete(table).where(table.c.registration.in_(ids)))
            db.execute(sa.delete(answers).where(answers.c.message_id.in_(mine) | (answers.c.kind == DIGEST)))
            db.execute(sa.delete(replaced).where(replaced.c.message_id.in_(drafts)))
            db.execute(sa.delete(reviews).where(line.id.in_(lines)))
            db.execute(sa.update(registrations).where(row.registered_by == wanted).values(registered_by=""))
            db.execute(sa.update(history).where(history.c.by == wanted).values(by=""))
            db.execute(sa.update(mails).where(mails.c.sender == wanted).values(sender="", message_id=""))
        return len(ids), len(lines), len(mine)
