"""Answers as they are kept: what they say to whom, what they answer, and which registrations they speak of."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import default
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ..domain import Address, Answer, Letter
from .schema import Fate, answers, links, mails, registrations
from .store import put_new

DIGEST = "digest"
"""The kind of a message to the organiser herself, and the note of what she has been told."""
Rendered = tuple[Answer, str, bytes]
"""An answer, its Message-ID, and the message as it is sent."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An answer that is rendered and waits: for the mail server, for its copy in the Sent folder, or as a draft."""

    message_id: str
    in_reply_to: str
    kind: str
    recipients: tuple[str, ...]
    left: tuple[str, ...]
    """Those of them that no mail server has taken it for."""
    raw: bytes
    tries: int
    created: dt.datetime
    drafted: dt.datetime | None
    """When it was put into the Drafts folder."""
    missing: dt.datetime | None
    """Since when it lies neither there nor among what was sent."""
    withheld: bool
    """Deleted unsent by the organiser."""
    rows: tuple[str, ...]
    """The registrations it speaks of."""
    stale: bool
    """Whether these have changed since it was written."""
    letter: Letter
    """What it answers, as far as an answer shows it."""

    @property
    def subject(self) -> str:
        return str(BytesParser(policy=default).parsebytes(self.raw, headersonly=True)["Subject"] or "")


def outgoing(db: Connection, where: Any) -> list[Outgoing]:
    """Some answers, oldest first."""
    return [_outgoing(db, row) for row in db.execute(sa.select(answers).where(where).order_by(answers.c.created)).all()]


def _outgoing(db: Connection, row: Any) -> Outgoing:
    ids = tuple(db.scalars(linked([row.message_id]).order_by(links.c.registration)))
    return Outgoing(
        row.message_id,
        row.in_reply_to,
        row.kind,
        row.recipients,
        row.left,
        row.raw,
        row.tries,
        row.created,
        row.drafted,
        row.missing,
        row.fate is Fate.WITHHELD,
        ids,
        row.state is not None and row.state != _state(db, ids),
        shown_letter(row.letter, row.in_reply_to),
    )


def put_answer(db: Connection, rendered: Rendered, now: dt.datetime) -> None:
    """An answer that is to leave; after the registrations it speaks of, whose state it remembers."""
    answer, identity, raw = rendered
    ids = {row.id for row in answer.people}
    recipients = [answer.to.email, *(copy.email for copy in answer.cc)]
    db.execute(
        sa.insert(answers).values(
            message_id=identity,
            in_reply_to=answer.letter.message_id,
            thread=thread_of(db, answer.letter) or identity,
            kind=answer.kind.value,
            recipients=recipients,
            left=recipients,
            asked={row: [each.value for each in missing] for row, missing in answer.asked.items()},
            letter=_kept_letter(answer.letter),
            raw=raw,
            created=now,
            state=_state(db, ids),
        )
    )
    link(db, identity, ids)


def _state(db: Connection, ids: Collection[str]) -> str:
    """What answers show of some registrations, in short; removed ones show nothing."""
    row = registrations.c
    columns = (row.id, row.name, row.municipality, row.unit, row.date, row.status, row.diet, row.count)
    shown = db.execute(sa.select(*columns).where(row.id.in_(ids), row.removed.is_(False)).order_by(row.id))
    return hashlib.sha256(repr([tuple(each) for each in shown]).encode()).hexdigest()[:16]


def link(db: Connection, message_id: str, ids: Collection[str]) -> None:
    """Remember which registrations a mail speaks of."""
    for each in sorted(ids):
        put_new(db, links, message_id=message_id, registration=each)


def linked(messages: Collection[str]) -> sa.Select[str]:
    """The ids of the registrations that some mails speak of."""
    return sa.select(links.c.registration).where(links.c.message_id.in_(messages))


def about_registrations() -> sa.Join:
    """Each answer beside each registration that it speaks of."""
    return answers.join(links, links.c.message_id == answers.c.message_id)


def thread_of(db: Connection, letter: Letter) -> str:
    """The thread a letter belongs to: that of the nearest mail it refers to, else one that it begins itself."""
    near = [i for i in (letter.message_id, *letter.in_reply_to, *reversed(letter.references)) if i]
    for table in (answers, mails):
        query = sa.select(table.c.message_id, table.c.thread).where(table.c.message_id.in_(near))
        found = {row.message_id: row.thread for row in db.execute(query)}
        if known := next((found[each] for each in near if each in found), None):
            return str(known)
    return letter.message_id or (letter.digest if letter.own else "")


def answers_in(db: Connection, thread: str) -> int:
    """How many answers a thread has had."""
    return db.scalar(sa.select(sa.func.count()).select_from(answers).where(answers.c.thread == thread)) or 0


def _kept_letter(letter: Letter) -> dict[str, Any]:
    """What an answer shows of the mail it answers, so that it can be written anew."""
    return {
        "name": letter.sender.name,
        "email": letter.sender.email,
        "subject": letter.subject,
        "references": letter.references,
        "received": (letter.date or letter.received).isoformat(),
        "own": letter.own,
        "signature": letter.signature,
    }


def shown_letter(kept: dict[str, Any], message_id: str) -> Letter:
    """The mail an answer answers, as far as the answer shows it; of a digest, which answers none, a blank one."""
    received = dt.datetime.fromisoformat(kept["received"]) if kept else dt.datetime.min.replace(tzinfo=dt.UTC)
    return Letter(
        message_id,
        "",
        Address(kept.get("name", ""), kept.get("email", "")),
        received,
        subject=kept.get("subject", ""),
        references=tuple(kept.get("references", ())),
        own=kept.get("own", ""),
        signature=kept.get("signature", ""),
    )
