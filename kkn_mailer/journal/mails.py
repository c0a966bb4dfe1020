"""Mails that have been read: known again, recorded with what they lead to, and the correspondence they belong to."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ..domain import Address, Decision, Letter, Missing, Outcome, Reading, Registration, Review, Status, Thread
from ..folding import fold
from .answers import Rendered, about_registrations, answers_in, link, linked, put_answer, thread_of
from .registrations import put_line, put_row, rows_where
from .schema import answers, links, mails, registrations
from .store import Store


class Mails(Store):
    def known(self, letter: Letter) -> bool:
        """Whether this very mail has been recorded, by Message-ID, or by content where it is delivered again; or is ours."""
        same = mails.c.digest == letter.digest
        if letter.message_id:
            same = same | (mails.c.message_id == letter.message_id)
        ours = sa.select(answers.c.message_id).where(answers.c.message_id == letter.message_id)
        with self._begin() as db:
            return db.scalar(sa.select(mails.c.digest).where(same).union_all(ours).limit(1)) is not None

    def record(
        self,
        letter: Letter,
        reading: Reading,
        outcome: Outcome,
        answers: Sequence[Rendered],
        now: dt.datetime,
        lines: Sequence[Review] = (),
    ) -> None:
        """Everything a mail leads to, in one transaction; `answers` are sent later, `lines` stand beside the outcome's."""
        by = letter.answer_to.email
        with self._begin() as db:
            db.execute(
                sa.insert(mails).values(
                    digest=letter.digest,
                    message_id=letter.message_id,
                    sender=by if reading.decision is not Decision.IGNORE else "",
                    thread=thread_of(db, letter),
                    received=letter.received,
                    recorded=now,
                    kind=reading.kind.value,
                    decision=reading.decision.value,
                )
            )
            for row in outcome.registrations:
                put_row(db, row, by, outcome.history.get(row.id, ""), now)
            told = {row.id for row in (outcome.answer.people if outcome.answer else ())}
            freed = {row.id for row in outcome.freed}
            link(db, letter.message_id or letter.digest, told | {r.id for r in outcome.registrations} - freed)
            for line in (*filter(None, [outcome.review]), *lines):
                put_line(db, line)
            for answer in answers:
                put_answer(db, answer, now)

    def thread(self, letter: Letter) -> Thread:
        """What is known of the correspondence: by the ids a letter refers to, else by its sender's address, else what a
        colleague has registered for somebody of her name.

        An id of ours is known to whoever had our answer; an id of somebody's mail says nothing where another quotes it.
        """
        refers = list(dict.fromkeys([*letter.in_reply_to, *letter.references]))
        senders = [a for a in {letter.answer_to.email, letter.sender.email} if a]
        with self._begin() as db:
            ours = db.scalars(sa.select(answers.c.message_id).where(answers.c.message_id.in_(refers))).all()
            own = sa.select(mails.c.message_id).where(mails.c.message_id.in_(refers), mails.c.sender.in_(senders))
            known, thread = [*ours, *db.scalars(own)], thread_of(db, letter)
            known += db.scalars(sa.select(answers.c.message_id).where(answers.c.thread == thread)) if known else []
            rows = rows_where(db, registrations.c.id.in_(linked(known)))
            if not rows:
                by = registrations.c.email.in_(senders) | registrations.c.registered_by.in_(senders)
                rows = rows_where(db, by) or _by_name(db, letter.sender)
            asks = _asks(db, {row.id for row in rows if row.status is Status.WAITING})
            count = answers_in(db, thread)
        times = Counter((row, each) for asked in asks for row, missing in asked.items() for each in missing)
        last = {each for missing in asks[-1].values() for each in missing} if asks else set()
        return Thread(tuple(rows), bool(ours), tuple(each for each in Missing if each in last), times, count)

    def event_now(self, now: dt.datetime) -> dt.datetime:
        """The event's time at a wall-clock time: it goes on from when the latest mail was received, since that mail was read.

        For a daemon the two are the same. Where an event of another year is played, its own time counts.
        """
        query = sa.select(mails.c.received, mails.c.recorded).order_by(mails.c.received.desc()).limit(1)
        with self._begin() as db:
            last = db.execute(query).first()
        return last.received + (now - last.recorded) if last else now

    def failed(self, ids: Collection[str], addresses: Collection[str]) -> tuple[list[str], list[Registration]]:
        """Of a mail that tells of a failure: our answers' recipients that it concerns, and whom those answers were about.

        The answers are known by the ids the mail quotes, else by the addresses that failed, each by its last answer.
        """
        columns = sa.select(answers.c.message_id, answers.c.recipients).order_by(answers.c.created)
        with self._begin() as db:
            ours = list(db.execute(columns.where(answers.c.message_id.in_(ids))))
            if not ours:
                ours = list({a: row for row in db.execute(columns) for a in row.recipients if a in addresses}.values())
            rows = rows_where(db, registrations.c.id.in_(linked([row.message_id for row in ours])))
        told = list(dict.fromkeys(address for row in ours for address in row.recipients))
        return [address for address in told if address in addresses] or told, rows


def _by_name(db: Connection, sender: Address) -> list[Registration]:
    """What somebody of the sender's own mail domain has registered for one of her name, and is complete."""
    theirs = registrations.c.email.is_(None) & registrations.c.registered_by.endswith("@" + sender.domain)
    name = set(fold(sender.name).split())
    return [
        row
        for row in (rows_where(db, theirs) if len(name) > 1 else [])
        if row.status is not Status.WAITING and set(fold(row.name or "").split()) == name
    ]


def _asks(db: Connection, ids: Collection[str]) -> list[dict[str, list[Missing]]]:
    """What has been asked about some registrations, oldest question first, each by registration."""
    about = sa.select(answers.c.message_id).select_from(about_registrations()).where(links.c.registration.in_(ids))
    query = sa.select(answers.c.asked).where(answers.c.kind == "ask", answers.c.message_id.in_(about))
    return [
        {row: [Missing(each) for each in missing] for row, missing in asked.items() if row in ids}
        for asked in db.scalars(query.order_by(answers.c.created))
    ]
