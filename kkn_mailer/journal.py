"""What has been read, decided and answered: the truth that roster and answers are made from.

SQLAlchemy Core over SQLite in WAL mode (any other database by its URL). Everything one mail leads to is committed in
one transaction; what is sent or written after it can be late, and is neither lost nor doubled by a crash.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import SQLAlchemyError

from .domain import Address, Answer, Decision, Letter, Missing, Outcome, Reading, Registration, Review, Status, Thread
from .folding import fold

SCHEMA = 2
DIGEST = "digest"
"""The kind of a message to the organiser herself, and the note of what she has been told."""
_LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)
_metadata = sa.MetaData()
_mails = sa.Table(
    "mails",
    _metadata,
    sa.Column("digest", sa.String, primary_key=True),
    sa.Column("message_id", sa.String, index=True),
    sa.Column("sender", sa.String, index=True),
    sa.Column("thread", sa.String, nullable=False, index=True),
    sa.Column("received", sa.String, nullable=False),
    sa.Column("recorded", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("decision", sa.String, nullable=False),
)
_registrations = sa.Table(
    "registrations",
    _metadata,
    sa.Column("id", sa.String, primary_key=True),
    *(sa.Column(name, sa.String) for name in ("name", "municipality", "unit", "date", "email", "phone", "diet")),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("received", sa.String, nullable=False),
    sa.Column("registered_by", sa.String, nullable=False, index=True),
    sa.Column("note", sa.String, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("language", sa.String, nullable=False),
    sa.Column("instead_of", sa.String),
    sa.Column("by_hand", sa.Boolean, nullable=False, default=False),
    sa.Column("removed", sa.Boolean, nullable=False, default=False),
)
_history = sa.Table(
    "history",
    _metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("registration", sa.String, nullable=False, index=True),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("what", sa.String, nullable=False),
)
_mail_rows = sa.Table(
    "mail_registrations",
    _metadata,
    sa.Column("message_id", sa.String, primary_key=True),
    sa.Column("registration", sa.String, primary_key=True),
)
_reviews = sa.Table(
    "reviews",
    _metadata,
    sa.Column("id", sa.String, primary_key=True),
    *(sa.Column(name, sa.String, nullable=False) for name in ("received", "sender", "subject", "reason", "excerpt")),
    sa.Column("done", sa.Boolean, nullable=False, default=False),
)
_answers = sa.Table(
    "answers",
    _metadata,
    sa.Column("message_id", sa.String, primary_key=True),
    sa.Column("in_reply_to", sa.String, nullable=False, index=True),
    sa.Column("thread", sa.String, nullable=False, index=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("recipients", sa.String, nullable=False),
    sa.Column("asked", sa.String, nullable=False),
    sa.Column("raw", sa.LargeBinary, nullable=False),
    sa.Column("created", sa.String, nullable=False),
    sa.Column("sent", sa.String),
    sa.Column("copied", sa.Boolean, nullable=False, default=False),
    sa.Column("tries", sa.Integer, nullable=False, default=0),
    sa.Column("error", sa.String),
    sa.Column("letter", sa.String),
    sa.Column("state", sa.String),
    sa.Column("drafted", sa.String),
    sa.Column("missing", sa.String),
)
_replaced = sa.Table(
    "replaced_drafts",
    _metadata,
    sa.Column("message_id", sa.String, primary_key=True),
    *(
        sa.Column(name, sa.String, nullable=False)
        for name in ("in_reply_to", "recipients", "subject", "created", "replaced")
    ),
)
_reminded = sa.Table(
    "reminded",
    _metadata,
    sa.Column("registration", sa.String, primary_key=True),
    sa.Column("date", sa.String, primary_key=True),
    sa.Column("message_id", sa.String, nullable=False, index=True),
)
_state = sa.Table("state", _metadata, sa.Column("key", sa.String, primary_key=True), sa.Column("value", sa.String))


Rendered = tuple[Answer, str, bytes]
"""An answer, its Message-ID, and the message as it is sent."""


class JournalError(Exception):
    """The journal cannot be used: which file, why, and what to do."""


class Edits(Protocol):
    """The organiser's edits as `roster.take` understands them."""

    @property
    def rows(self) -> Sequence[tuple[Registration, str]]: ...
    @property
    def removed(self) -> Sequence[str]: ...
    @property
    def lines(self) -> Sequence[Review]: ...
    @property
    def done(self) -> Mapping[str, bool]: ...
    @property
    def snapshot(self) -> str: ...
    @property
    def by(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An answer that is rendered and waits: for the mail server, for its copy in the Sent folder, or as a draft."""

    message_id: str
    in_reply_to: str
    kind: str
    recipients: tuple[str, ...]
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


@dataclass(frozen=True, slots=True)
class Replaced:
    """A draft that another has taken the place of: it is to go from the Drafts folder."""

    message_id: str
    in_reply_to: str
    recipients: tuple[str, ...]
    subject: str
    created: dt.datetime
    replaced: dt.datetime


class Journal:
    """One journal; open it once. Raises `JournalError` where the file cannot be used."""

    def __init__(self, url: str) -> None:
        self.where = make_url(url).database or url
        try:
            if make_url(url).get_backend_name() == "sqlite" and make_url(url).database:
                Path(self.where).parent.mkdir(parents=True, exist_ok=True)
            self.engine = sa.create_engine(url)
            if self.engine.dialect.name == "sqlite":
                sa.event.listen(self.engine, "connect", _sqlite_settings)
            _metadata.create_all(self.engine)
            with self._begin() as db:
                version = _get(db, "schema")
                if version is None:
                    _put(db, "schema", str(SCHEMA))
                elif int(version) != SCHEMA:
                    raise JournalError(
                        f"{self.where}: written by another version of kkn-mailer (schema {version}, not {SCHEMA}); use that version"
                    )
        except (SQLAlchemyError, OSError) as error:
            raise JournalError(self._explain(error)) from None

    def _explain(self, error: Exception) -> str:
        why = str(getattr(error, "orig", error)).split("\n")[0]
        return f"{self.where}: the journal cannot be used ({why}); see that the folder exists, is writable, and that the file is a kkn-mailer journal"

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        try:
            with self.engine.begin() as db:
                yield db
        except SQLAlchemyError as error:
            raise JournalError(self._explain(error)) from None

    def close(self) -> None:
        self.engine.dispose()

    # ── mails ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def known(self, letter: Letter) -> bool:
        """Whether this very mail has been recorded, by Message-ID, or by content where it is delivered again; or is ours."""
        same = _mails.c.digest == letter.digest
        if letter.message_id:
            same = same | (_mails.c.message_id == letter.message_id)
        ours = sa.select(_answers.c.message_id).where(_answers.c.message_id == letter.message_id)
        with self._begin() as db:
            found = db.execute(sa.select(_mails.c.digest).where(same).union_all(ours).limit(1))
            return found.first() is not None

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
            thread = self._thread_id(db, letter)
            db.execute(
                sa.insert(_mails).values(
                    digest=letter.digest,
                    message_id=letter.message_id,
                    sender=by if reading.decision is not Decision.IGNORE else "",
                    thread=thread,
                    received=_stamp(letter.received),
                    recorded=_stamp(now),
                    kind=reading.kind.value,
                    decision=reading.decision.value,
                )
            )
            for row in outcome.registrations:
                self._put_registration(db, row, by, outcome.history.get(row.id, ""), now)
            told = {row.id for row in (outcome.answer.people if outcome.answer else ())}
            freed = {row.id for row in outcome.freed}
            self._link(db, letter.message_id or letter.digest, told | {r.id for r in outcome.registrations} - freed)
            for review in (outcome.review, *lines):
                self._put_review(db, review)
            for answer, identity, raw in answers:
                self._put_answer(db, answer, identity, raw, now)

    def _put_answer(self, db: Connection, answer: Answer, identity: str, raw: bytes, now: dt.datetime) -> None:
        ids = {row.id for row in answer.people}
        db.execute(
            sa.insert(_answers).values(
                message_id=identity,
                in_reply_to=answer.letter.message_id,
                thread=self._thread_id(db, answer.letter) or identity,
                kind=answer.kind.value,
                recipients=json.dumps([answer.to.email, *(a.email for a in answer.cc)]),
                asked=json.dumps({row: [m.value for m in missing] for row, missing in answer.asked.items()}),
                raw=raw,
                created=_stamp(now),
                copied=False,
                tries=0,
                letter=_letter_values(answer.letter),
                state=self._state(db, ids),
            )
        )
        self._link(db, identity, ids)

    def _state(self, db: Connection, ids: set[str]) -> str:
        """What answers show of some registrations, in short; removed ones show nothing."""
        rows = sorted(self._registrations(db, _registrations.c.id.in_(ids)), key=lambda row: row.id)
        shown = [(r.id, r.name, r.municipality, r.unit, r.date, r.status, r.diet, r.count) for r in rows]
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]

    @staticmethod
    def _put_review(db: Connection, review: Review | None) -> None:
        if review:
            db.execute(sa.insert(_reviews).prefix_with("OR IGNORE").values(**_review_values(review)))

    @staticmethod
    def _thread_id(db: Connection, letter: Letter) -> str:
        """The thread a letter belongs to: that of the nearest mail it refers to, else one that it begins itself."""
        near = [i for i in (letter.message_id, *letter.in_reply_to, *reversed(letter.references)) if i]
        for table in (_answers, _mails):
            query = sa.select(table.c.message_id, table.c.thread).where(table.c.message_id.in_(near))
            found = {row.message_id: row.thread for row in db.execute(query)}
            if known := next((found[each] for each in near if each in found), None):
                return str(known)
        return letter.message_id or (letter.digest if letter.own else "")

    @staticmethod
    def _link(db: Connection, message_id: str, ids: set[str]) -> None:
        for each in sorted(ids):
            db.execute(sa.insert(_mail_rows).prefix_with("OR IGNORE").values(message_id=message_id, registration=each))

    def _put_registration(self, db: Connection, row: Registration, by: str, what: str, now: dt.datetime) -> None:
        values = _registration_values(row)
        found = db.execute(
            sa.update(_registrations).where(_registrations.c.id == row.id).values(**values, removed=False)
        )
        if not found.rowcount:
            db.execute(sa.insert(_registrations).values(**values, removed=False))
        db.execute(sa.insert(_history).values(registration=row.id, at=_stamp(now), by=by, what=what))

    def thread(self, letter: Letter) -> Thread:
        """What is known of the correspondence: by the ids a letter refers to, else by its sender's address, else what a
        colleague has registered for somebody of her name.

        An id of ours is known to whoever had our answer; an id of somebody's mail says nothing where another quotes it.
        """
        refers = list(dict.fromkeys([*letter.in_reply_to, *letter.references]))
        senders = [a for a in {letter.answer_to.email, letter.sender.email} if a]
        with self._begin() as db:
            ours = db.scalars(sa.select(_answers.c.message_id).where(_answers.c.message_id.in_(refers))).all()
            own = sa.select(_mails.c.message_id).where(_mails.c.message_id.in_(refers), _mails.c.sender.in_(senders))
            known = [*ours, *db.scalars(own)]
            thread = self._thread_id(db, letter)
            known += db.scalars(sa.select(_answers.c.message_id).where(_answers.c.thread == thread)) if known else []
            linked = sa.select(_mail_rows.c.registration).where(_mail_rows.c.message_id.in_(known))
            rows = self._registrations(db, _registrations.c.id.in_(linked)) if known else []
            if not rows:
                by = _registrations.c.email.in_(senders) | _registrations.c.registered_by.in_(senders)
                rows = self._registrations(db, by) if senders else []
            rows = rows or self._by_name(db, letter.sender)
            waiting = {row.id for row in rows if row.status is Status.WAITING}
            asks = self._asks(db, waiting)
            count = sa.select(sa.func.count()).select_from(_answers).where(_answers.c.thread == thread)
            answers = db.execute(count).scalar_one()
        times = Counter((i, m) for asked in asks for i, missing in asked.items() if i in waiting for m in missing)
        last = {m for i, missing in (asks[-1] if asks else {}).items() if i in waiting for m in missing}
        return Thread(tuple(rows), bool(ours), tuple(m for m in Missing if m in last), times, answers)

    def _by_name(self, db: Connection, sender: Address) -> list[Registration]:
        """What somebody of the sender's own mail domain has registered for one of her name, and is complete."""
        theirs = _registrations.c.email.is_(None) & _registrations.c.registered_by.endswith("@" + sender.domain)
        name = set(fold(sender.name).split())
        return [
            row
            for row in (self._registrations(db, theirs) if len(name) > 1 else [])
            if row.status is not Status.WAITING and set(fold(row.name or "").split()) == name
        ]

    @staticmethod
    def _asks(db: Connection, ids: set[str]) -> list[dict[str, list[Missing]]]:
        """What has been asked about some registrations, oldest question first, each by registration."""
        joined = _answers.join(_mail_rows, _mail_rows.c.message_id == _answers.c.message_id)
        query = (
            sa.select(_answers.c.message_id, _answers.c.asked, _answers.c.created)
            .select_from(joined)
            .where(_answers.c.kind == "ask", _mail_rows.c.registration.in_(ids))
            .distinct()
            .order_by(_answers.c.created)
        )
        found = db.execute(query).all() if ids else []
        return [{i: [Missing(m) for m in missing] for i, missing in json.loads(r.asked).items()} for r in found]

    # ── registrations ─────────────────────────────────────────────────────────────────────────────────────────────

    def registrations(self) -> list[Registration]:
        """Every registration that the organiser has not removed, oldest first."""
        with self._begin() as db:
            return self._registrations(db, sa.true())

    @staticmethod
    def _registrations(db: Connection, where: Any, removed: bool = False) -> list[Registration]:
        query = (
            sa.select(_registrations)
            .where(where, _registrations.c.removed.is_(removed))
            .order_by(_registrations.c.received, _registrations.c.id)
        )
        return [_registration(row._asdict()) for row in db.execute(query)]

    def removed(self) -> list[Registration]:
        """The registrations that the organiser has removed, oldest first."""
        with self._begin() as db:
            return self._registrations(db, sa.true(), removed=True)

    def take(self, edits: Edits, answers: Sequence[Rendered], now: dt.datetime) -> None:
        """The organiser's own hand in the roster, in one transaction with the roster's new state and what people are told."""
        with self._begin() as db:
            for row, what in edits.rows:
                self._put_registration(db, row, edits.by, what, now)
            db.execute(sa.update(_registrations).where(_registrations.c.id.in_(edits.removed)).values(removed=True))
            for each in edits.removed:
                what = "borttagen ur deltagarlistan"
                db.execute(sa.insert(_history).values(registration=each, at=_stamp(now), by=edits.by, what=what))
            for line in edits.lines:
                self._put_review(db, line)
            for identity, done in edits.done.items():
                db.execute(sa.update(_reviews).where(_reviews.c.id == identity).values(done=done))
            for answer, identity, raw in answers:
                self._put_answer(db, answer, identity, raw, now)
            _put(db, "roster", edits.snapshot)

    def give(
        self,
        rows: Sequence[tuple[Registration, str]],
        answers: Sequence[Rendered],
        lines: Sequence[Review],
        now: dt.datetime,
    ) -> None:
        """Free places that have been given, with why, and what those who got them are told, in one transaction."""
        with self._begin() as db:
            for row, what in rows:
                self._put_registration(db, row, "kkn-mailer", what, now)
            for line in lines:
                self._put_review(db, line)
            for answer, identity, raw in answers:
                self._put_answer(db, answer, identity, raw, now)

    def history(self, registration: str) -> list[tuple[dt.datetime, str, str]]:
        """What has happened to a registration, oldest first: when, by whom, what."""
        query = sa.select(_history).where(_history.c.registration == registration).order_by(_history.c.number)
        with self._begin() as db:
            return [(dt.datetime.fromisoformat(r.at), r.by, r.what) for r in db.execute(query)]

    def last_answer(self, registrations: Collection[str]) -> tuple[str, bytes, int]:
        """Of the last answer about some registrations: the mail it answers, the answer, how many its thread has had."""
        query = (
            sa.select(_answers.c.in_reply_to, _answers.c.raw, _answers.c.thread)
            .select_from(_answers.join(_mail_rows, _mail_rows.c.message_id == _answers.c.message_id))
            .where(_mail_rows.c.registration.in_(registrations))
            .order_by(_answers.c.created.desc())
            .limit(1)
        )
        with self._begin() as db:
            found = db.execute(query).first()
            if found is None:
                return "", b"", 0
            count = sa.select(sa.func.count()).select_from(_answers).where(_answers.c.thread == found.thread)
            return found.in_reply_to, found.raw, db.execute(count).scalar_one()

    def event_now(self, now: dt.datetime) -> dt.datetime:
        """The event's time at a wall-clock time: it goes on from when the last mail was received, since that mail was read.

        For a daemon the two are the same. Where an event of another year is played, its own time counts.
        """
        query = sa.select(_mails.c.received, _mails.c.recorded).order_by(_mails.c.recorded.desc()).limit(1)
        with self._begin() as db:
            last = db.execute(query).first()
        if last is None:
            return now
        return dt.datetime.fromisoformat(last.received) + (now - dt.datetime.fromisoformat(last.recorded))

    def failed(self, ids: Collection[str], addresses: Collection[str]) -> tuple[list[str], list[Registration]]:
        """Of a mail that tells of a failure: our answers' recipients that it concerns, and whom those answers were about.

        The answers are known by the ids the mail quotes, else by the addresses that failed, each by its last answer.
        """
        columns = sa.select(_answers.c.message_id, _answers.c.recipients).order_by(_answers.c.created)
        with self._begin() as db:
            ours = db.execute(columns.where(_answers.c.message_id.in_(ids))).all()
            by_address = {a: r for r in db.execute(columns) for a in json.loads(r.recipients) if a in addresses}
            ours = ours or list(by_address.values())
            linked = sa.select(_mail_rows.c.registration).where(
                _mail_rows.c.message_id.in_([r.message_id for r in ours])
            )
            rows = self._registrations(db, _registrations.c.id.in_(linked))
        told = list(dict.fromkeys(a for r in ours for a in json.loads(r.recipients)))
        return [a for a in told if a in addresses] or told, rows

    def reviews(self) -> list[Review]:
        """The lines of `Att hantera`, oldest first."""
        with self._begin() as db:
            return [
                _review(row._asdict())
                for row in db.execute(sa.select(_reviews).order_by(_reviews.c.received, _reviews.c.id))
            ]

    def review_done(self, ids: Sequence[str], done: bool = True) -> None:
        with self._begin() as db:
            db.execute(sa.update(_reviews).where(_reviews.c.id.in_(ids)).values(done=done))

    # ── the outbox ────────────────────────────────────────────────────────────────────────────────────────────────

    def unsent(self) -> list[Outgoing]:
        """Answers that have not been sent, oldest first: no mail server has accepted them, or they lie as drafts."""
        return self._outgoing(_answers.c.sent.is_(None))

    def uncopied(self) -> list[Outgoing]:
        """Answers sent but not yet copied to the Sent folder."""
        return self._outgoing(_answers.c.sent.is_not(None) & _answers.c.copied.is_(False))

    def withheld(self, since: dt.datetime) -> list[Outgoing]:
        """Drafts that the organiser deleted since a time."""
        return self._outgoing(_answers.c.sent >= "withheld " + _stamp(since))

    def _outgoing(self, where: Any) -> list[Outgoing]:
        with self._begin() as db:
            found = db.execute(sa.select(_answers).where(where).order_by(_answers.c.created)).all()
            return [self._one_outgoing(db, row) for row in found]

    def _one_outgoing(self, db: Connection, row: Any) -> Outgoing:
        linked = sa.select(_mail_rows.c.registration).where(_mail_rows.c.message_id == row.message_id)
        ids = tuple(sorted(db.execute(linked).scalars()))
        return Outgoing(
            row.message_id,
            row.in_reply_to,
            row.kind,
            tuple(json.loads(row.recipients)),
            row.raw,
            row.tries,
            dt.datetime.fromisoformat(row.created),
            _when(row.drafted),
            _when(row.missing),
            (row.sent or "").startswith("withheld"),
            ids,
            row.state is not None and row.state != self._state(db, set(ids)),
            _letter(row.letter, row.in_reply_to, dt.datetime.fromisoformat(row.created)),
        )

    def mark_sent(self, message_id: str, now: dt.datetime) -> None:
        """Accepted by the mail server. Of a digest nothing more is kept: it tells of many people."""
        digest = _answers.c.kind == DIGEST
        values = {
            "sent": _stamp(now),
            "error": None,
            "raw": sa.case((digest, b""), else_=_answers.c.raw),
            "copied": sa.case((digest, True), else_=_answers.c.copied),
        }
        with self._begin() as db:
            db.execute(sa.update(_answers).where(_answers.c.message_id == message_id).values(**values))

    def mark_copied(self, message_id: str) -> None:
        with self._begin() as db:
            db.execute(sa.update(_answers).where(_answers.c.message_id == message_id).values(copied=True))

    def mark_failed(self, message_id: str, error: str, given_up: bool, now: dt.datetime) -> None:
        """A try that failed; with `given_up` the server refused for good, and the organiser is told by a review line."""
        with self._begin() as db:
            values: dict[str, Any] = {"tries": _answers.c.tries + 1, "error": error[:500]}
            if given_up:
                values |= {"sent": "refused " + _stamp(now), "copied": True}
            db.execute(sa.update(_answers).where(_answers.c.message_id == message_id).values(**values))

    def add_review(self, review: Review) -> None:
        with self._begin() as db:
            self._put_review(db, review)

    def answers_to(self, address: str, since: dt.datetime) -> int:
        """How many answers have been made to an address since a time."""
        needle = json.dumps(address)
        with self._begin() as db:
            return int(
                db.execute(
                    sa.select(sa.func.count())
                    .select_from(_answers)
                    .where(_answers.c.created >= _stamp(since), _answers.c.recipients.contains(needle, autoescape=True))
                ).scalar_one()
            )

    # ── drafts ────────────────────────────────────────────────────────────────────────────────────────────────────

    def answer_ids(self) -> set[str]:
        """The Message-ID of every answer there is."""
        with self._begin() as db:
            return set(db.execute(sa.select(_answers.c.message_id)).scalars())

    def mark_drafted(self, message_id: str, now: dt.datetime) -> None:
        """It lies in the Drafts folder, again perhaps after it was thought withheld."""
        values = {"drafted": sa.func.coalesce(_answers.c.drafted, _stamp(now)), "missing": None, "sent": None}
        with self._begin() as db:
            db.execute(sa.update(_answers).where(_answers.c.message_id == message_id).values(**values))

    def mark_missing(self, message_id: str, now: dt.datetime) -> None:
        with self._begin() as db:
            db.execute(sa.update(_answers).where(_answers.c.message_id == message_id).values(missing=_stamp(now)))

    def mark_withheld(self, message_id: str, review: Review | None, now: dt.datetime) -> None:
        """The organiser deleted the draft: it is not sent, and a line says so."""
        with self._begin() as db:
            values = {"sent": "withheld " + _stamp(now), "copied": True}
            db.execute(sa.update(_answers).where(_answers.c.message_id == message_id).values(**values))
            if review:
                db.execute(sa.insert(_reviews).prefix_with("OR IGNORE").values(**_review_values(review)))

    def mark_sent_as(self, message_id: str, real: str, now: dt.datetime) -> None:
        """The organiser sent the draft herself; from now on it goes by the Message-ID it was sent with."""
        with self._begin() as db:
            values = {"message_id": real, "sent": _stamp(now), "copied": True, "missing": None}
            db.execute(sa.update(_answers).where(_answers.c.message_id == message_id).values(**values))
            for table in (_mail_rows, _reminded):
                db.execute(sa.update(table).where(table.c.message_id == message_id).values(message_id=real))

    def replace(self, old: Sequence[Outgoing], new: tuple[Answer, str, bytes] | None, now: dt.datetime) -> None:
        """Put `new` in the place of answers that never left, which then have never been; their drafts are to go."""
        ids = [each.message_id for each in old]
        with self._begin() as db:
            for each in old:
                if each.drafted:
                    db.execute(
                        sa.insert(_replaced).values(
                            message_id=each.message_id,
                            in_reply_to=each.in_reply_to,
                            recipients=json.dumps(each.recipients),
                            subject=each.subject,
                            created=_stamp(each.created),
                            replaced=_stamp(now),
                        )
                    )
            for table in (_answers, _mail_rows, _reminded):
                db.execute(sa.delete(table).where(table.c.message_id.in_(ids)))
            if new:
                self._put_answer(db, *new, now)

    def replaced(self) -> list[Replaced]:
        """Drafts that are to go from the Drafts folder."""
        with self._begin() as db:
            return [
                Replaced(
                    r.message_id,
                    r.in_reply_to,
                    tuple(json.loads(r.recipients)),
                    r.subject,
                    dt.datetime.fromisoformat(r.created),
                    dt.datetime.fromisoformat(r.replaced),
                )
                for r in db.execute(sa.select(_replaced))
            ]

    def drop_replaced(self, message_id: str) -> None:
        with self._begin() as db:
            db.execute(sa.delete(_replaced).where(_replaced.c.message_id == message_id))

    # ── what the clock does ───────────────────────────────────────────────────────────────────────────────────────

    def remind(self, answer: Answer, identity: str, raw: bytes, now: dt.datetime) -> None:
        """A reminder to send, and of whom and when it is, in one transaction."""
        with self._begin() as db:
            self._put_answer(db, answer, identity, raw, now)
            for row in answer.people:
                if row.date:
                    values = {"registration": row.id, "date": row.date.isoformat(), "message_id": identity}
                    db.execute(sa.insert(_reminded).values(**values))

    def reminded(self) -> dict[tuple[str, dt.date], str]:
        """Who has been reminded of which day (registration, date), and by which message."""
        with self._begin() as db:
            return {
                (r.registration, dt.date.fromisoformat(r.date)): r.message_id for r in db.execute(sa.select(_reminded))
            }

    def told(self) -> dict[str, dt.datetime | None]:
        """When each registration was last written about; None while what is to be said of it has not been sent."""
        joined = _answers.join(_mail_rows, _mail_rows.c.message_id == _answers.c.message_id)
        query = sa.select(_mail_rows.c.registration, _answers.c.sent).select_from(joined)
        out: dict[str, dt.datetime | None] = {}
        with self._begin() as db:
            for registration, sent in db.execute(query.where(_answers.c.kind != "reminder")):
                if sent is None:
                    out[registration] = None
                elif sent[0].isdigit() and out.get(registration, _LONG_AGO) is not None:
                    out[registration] = max(out.get(registration) or _LONG_AGO, dt.datetime.fromisoformat(sent))
        return out

    def reminders_to(self, since: dt.datetime) -> set[str]:
        """The addresses that a reminder has been written to since a time."""
        query = sa.select(_answers.c.recipients).where(
            _answers.c.kind == "reminder", _answers.c.created >= _stamp(since)
        )
        with self._begin() as db:
            return {json.loads(recipients)[0] for recipients in db.execute(query).scalars()}

    def put_digest(self, message_id: str, to: str, raw: bytes, note: str, now: dt.datetime) -> None:
        """A digest to send, and what it has told, in one transaction."""
        with self._begin() as db:
            values = {"message_id": message_id, "recipients": json.dumps([to]), "raw": raw, "created": _stamp(now)}
            db.execute(
                sa.insert(_answers).values(
                    kind=DIGEST, in_reply_to="", thread=message_id, asked="{}", copied=False, tries=0, **values
                )
            )
            _put(db, DIGEST, note)

    # ── the service's own notes ───────────────────────────────────────────────────────────────────────────────────

    def note(self, key: str) -> str | None:
        with self._begin() as db:
            return _get(db, key)

    def set_note(self, key: str, value: str) -> None:
        with self._begin() as db:
            _put(db, key, value)

    def forget(self, address: str) -> tuple[int, int, int]:
        """Erase a person's data (GDPR art. 17): registrations, lines for the organiser and answers erased.

        The mails' digests stay, so that a mail still in the inbox is not registered again.
        """
        wanted = fold(address.strip())
        with self._begin() as db:
            rows = db.execute(sa.select(_registrations)).all()
            ids = [
                r.id for r in rows if fold(r.email or "") == wanted or (not r.email and fold(r.registered_by) == wanted)
            ]
            mine = [
                r.message_id
                for r in db.execute(sa.select(_answers.c.message_id, _answers.c.recipients))
                if wanted in map(fold, json.loads(r.recipients))
            ]
            drafts = [r for r in db.execute(sa.select(_replaced)) if wanted in map(fold, json.loads(r.recipients))]
            lines = [
                r.id
                for r in db.execute(sa.select(_reviews.c.id, _reviews.c.sender, _reviews.c.excerpt))
                if wanted in fold(r.sender) or r.excerpt.removeprefix("Raden med Id ") in ids
            ]
            db.execute(sa.delete(_registrations).where(_registrations.c.id.in_(ids)))
            db.execute(sa.delete(_history).where(_history.c.registration.in_(ids)))
            db.execute(sa.delete(_mail_rows).where(_mail_rows.c.registration.in_(ids)))
            db.execute(
                sa.update(_registrations)
                .where(sa.func.lower(_registrations.c.registered_by) == wanted)
                .values(registered_by="")
            )
            db.execute(sa.delete(_answers).where(_answers.c.message_id.in_(mine) | (_answers.c.kind == DIGEST)))
            db.execute(sa.delete(_replaced).where(_replaced.c.message_id.in_([r.message_id for r in drafts])))
            db.execute(sa.delete(_reminded).where(_reminded.c.registration.in_(ids)))
            db.execute(sa.delete(_reviews).where(_reviews.c.id.in_(lines)))
            db.execute(sa.update(_history).where(sa.func.lower(_history.c.by) == wanted).values(by=""))
            db.execute(
                sa.update(_mails).where(sa.func.lower(_mails.c.sender) == wanted).values(sender="", message_id="")
            )
        return len(ids), len(lines), len(mine)


def _sqlite_settings(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _get(db: Connection, key: str) -> str | None:
    return db.execute(sa.select(_state.c.value).where(_state.c.key == key)).scalar_one_or_none()


def _put(db: Connection, key: str, value: str) -> None:
    if not db.execute(sa.update(_state).where(_state.c.key == key).values(value=value)).rowcount:
        db.execute(sa.insert(_state).values(key=key, value=value))


def _stamp(when: dt.datetime) -> str:
    return when.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _when(stamp: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(stamp) if stamp else None


def _letter_values(letter: Letter) -> str:
    """What an answer shows of the mail it answers, so that it can be written anew."""
    return json.dumps(
        {
            "name": letter.sender.name,
            "email": letter.sender.email,
            "subject": letter.subject,
            "references": letter.references,
            "received": (letter.date or letter.received).isoformat(),
            "own": letter.own,
            "signature": letter.signature,
        }
    )


def _letter(saved: str | None, message_id: str, created: dt.datetime) -> Letter:
    value = json.loads(saved or "{}")
    received = dt.datetime.fromisoformat(value["received"]) if value else created
    sender = Address(value.get("name", ""), value.get("email", ""))
    refers = tuple(value.get("references", ()))
    texts = (value.get("own", ""), value.get("signature", ""))
    return Letter(
        message_id,
        "",
        sender,
        None,
        (),
        (),
        value.get("subject", ""),
        None,
        received,
        (),
        refers,
        {},
        "text/plain",
        (),
        *texts,
    )


def _registration_values(row: Registration) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "municipality": row.municipality,
        "unit": row.unit,
        "date": row.date.isoformat() if row.date else None,
        "email": row.email,
        "phone": row.phone,
        "diet": row.diet,
        "status": row.status.value,
        "received": _stamp(row.received),
        "registered_by": row.registered_by,
        "note": row.note,
        "count": row.count,
        "language": row.language,
        "instead_of": row.instead_of,
        "by_hand": row.by_hand,
    }


def _registration(row: Mapping[str, Any]) -> Registration:
    return Registration(
        id=row["id"],
        name=row["name"],
        municipality=row["municipality"],
        unit=row["unit"],
        date=dt.date.fromisoformat(row["date"]) if row["date"] else None,
        status=Status(row["status"]),
        email=row["email"],
        phone=row["phone"],
        diet=row["diet"],
        received=dt.datetime.fromisoformat(row["received"]),
        registered_by=row["registered_by"],
        note=row["note"],
        count=row["count"],
        language=row["language"],
        instead_of=row["instead_of"],
        by_hand=row["by_hand"],
    )


def _review_values(review: Review) -> dict[str, Any]:
    return {
        "id": review.id,
        "received": _stamp(review.received),
        "sender": review.sender,
        "subject": review.subject,
        "reason": review.reason,
        "excerpt": review.excerpt,
        "done": review.done,
    }


def _review(row: Mapping[str, Any]) -> Review:
    return Review(
        row["id"],
        dt.datetime.fromisoformat(row["received"]),
        row["sender"],
        row["subject"],
        row["reason"],
        row["excerpt"],
        row["done"],
    )
