"""What has been read, decided and answered: the truth that roster and answers are made from.

SQLAlchemy Core over SQLite in WAL mode (any other database by its URL). Everything one mail leads to is committed in
one transaction; what is sent or written after it can be late, and is neither lost nor doubled by a crash.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import SQLAlchemyError

from .domain import Address, Answer, Decision, Letter, Missing, Outcome, Reading, Registration, Review, Status, Thread
from .event import Language
from .folding import fold

SCHEMA = 1
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
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("recipients", sa.String, nullable=False),
    sa.Column("asked", sa.String, nullable=False),
    sa.Column("raw", sa.LargeBinary, nullable=False),
    sa.Column("created", sa.String, nullable=False),
    sa.Column("sent", sa.String),
    sa.Column("copied", sa.Boolean, nullable=False, default=False),
    sa.Column("tries", sa.Integer, nullable=False, default=0),
    sa.Column("error", sa.String),
    sa.Column("language", sa.String),
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
    language: Language

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
                _add_columns(db)
                version = _get(db, "schema")
                if version is None:
                    _put(db, "schema", str(SCHEMA))
                elif int(version) > SCHEMA:
                    raise JournalError(
                        f"{self.where}: written by a newer version of kkn-mailer (schema {version}); install that version"
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
        self, letter: Letter, reading: Reading, outcome: Outcome, answer: bytes | None, answer_id: str, now: dt.datetime
    ) -> None:
        """Everything a mail leads to, in one transaction; `answer` is the rendered message, sent later."""
        with self._begin() as db:
            db.execute(
                sa.insert(_mails).values(
                    digest=letter.digest,
                    message_id=letter.message_id,
                    sender=letter.answer_to.email if reading.decision is not Decision.IGNORE else "",
                    received=_stamp(letter.received),
                    recorded=_stamp(now),
                    kind=reading.kind.value,
                    decision=reading.decision.value,
                )
            )
            for row in outcome.registrations:
                self._put_registration(db, row, letter.answer_to.email, outcome.history.get(row.id, ""), now)
            concerned = {row.id for row in outcome.registrations} | {
                row.id for row in (outcome.answer.people if outcome.answer else ())
            }
            self._link(db, letter.message_id or letter.digest, concerned)
            if outcome.review:
                db.execute(sa.insert(_reviews).prefix_with("OR IGNORE").values(**_review_values(outcome.review)))
            if outcome.answer and answer is not None:
                self._put_answer(db, outcome.answer, answer_id, answer, now)

    def _put_answer(self, db: Connection, answer: Answer, identity: str, raw: bytes, now: dt.datetime) -> None:
        asked = sorted({m.value for missing in answer.asked.values() for m in missing})
        ids = {row.id for row in answer.people}
        db.execute(
            sa.insert(_answers).values(
                message_id=identity,
                in_reply_to=answer.letter.message_id,
                kind=answer.kind.value,
                recipients=json.dumps([answer.to.email, *(a.email for a in answer.cc)]),
                asked=json.dumps(asked),
                raw=raw,
                created=_stamp(now),
                copied=False,
                tries=0,
                language=answer.language,
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
        """What is known of the correspondence: by the ids a letter refers to, else by its sender's address."""
        refers = list(dict.fromkeys([*letter.in_reply_to, *letter.references]))
        with self._begin() as db:
            ours = db.execute(
                sa.select(_answers.c.message_id, _answers.c.kind, _answers.c.asked, _answers.c.in_reply_to)
                .where(_answers.c.message_id.in_(refers))
                .order_by(_answers.c.created)
            ).all()
            linked = [
                r[0]
                for r in db.execute(sa.select(_mail_rows.c.registration).where(_mail_rows.c.message_id.in_(refers)))
            ]
            rows = self._registrations(db, _registrations.c.id.in_(linked)) if linked else []
            sender = letter.answer_to.email
            if not rows:
                rows = (
                    self._registrations(
                        db, (_registrations.c.email == sender) | (_registrations.c.registered_by == sender)
                    )
                    if sender
                    else []
                )
            asks = self._asks(db, {row.id for row in rows if row.status is Status.WAITING})
            last = asks[-1].asked if asks and any(row.status is Status.WAITING for row in rows) else "[]"
        return Thread(tuple(rows), bool(ours), tuple(Missing(m) for m in json.loads(last)), len(asks))

    @staticmethod
    def _asks(db: Connection, ids: set[str]) -> Sequence[Any]:
        """The questions that have been asked about some registrations, oldest first."""
        joined = _answers.join(_mail_rows, _mail_rows.c.message_id == _answers.c.message_id)
        query = (
            sa.select(_answers.c.message_id, _answers.c.asked, _answers.c.created)
            .select_from(joined)
            .where(_answers.c.kind == "ask", _mail_rows.c.registration.in_(ids))
            .distinct()
            .order_by(_answers.c.created)
        )
        return db.execute(query).all() if ids else []

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

    def take(self, edits: Edits, answers: Sequence[tuple[Answer, str, bytes]], now: dt.datetime) -> None:
        """The organiser's own hand in the roster, in one transaction with the roster's new state.

        `answers` are what attendees are told, each with its Message-ID and as rendered.
        """
        with self._begin() as db:
            for row, what in edits.rows:
                self._put_registration(db, row, edits.by, what, now)
            db.execute(sa.update(_registrations).where(_registrations.c.id.in_(edits.removed)).values(removed=True))
            for each in edits.removed:
                what = "borttagen ur deltagarlistan"
                db.execute(sa.insert(_history).values(registration=each, at=_stamp(now), by=edits.by, what=what))
            for line in edits.lines:
                db.execute(sa.insert(_reviews).prefix_with("OR IGNORE").values(**_review_values(line)))
            for identity, done in edits.done.items():
                db.execute(sa.update(_reviews).where(_reviews.c.id == identity).values(done=done))
            for answer, identity, raw in answers:
                self._put_answer(db, answer, identity, raw, now)
            _put(db, "roster", edits.snapshot)

    def history(self, registration: str) -> list[tuple[dt.datetime, str, str]]:
        """What has happened to a registration, oldest first: when, by whom, what."""
        query = sa.select(_history).where(_history.c.registration == registration).order_by(_history.c.number)
        with self._begin() as db:
            return [(dt.datetime.fromisoformat(r.at), r.by, r.what) for r in db.execute(query)]

    def thread_of(self, registration: str) -> str:
        """The Message-ID of the mail about a registration that was answered last; empty where there is none."""
        query = (
            sa.select(_answers.c.in_reply_to)
            .select_from(_answers.join(_mail_rows, _mail_rows.c.message_id == _answers.c.message_id))
            .where(_mail_rows.c.registration == registration)
            .order_by(_answers.c.created.desc())
            .limit(1)
        )
        with self._begin() as db:
            return db.execute(query).scalar_one_or_none() or ""

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
            "en" if row.language == "en" else "sv",
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
            db.execute(sa.insert(_reviews).prefix_with("OR IGNORE").values(**_review_values(review)))

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

    def last_letter(self, registrations: Sequence[str], to: str) -> tuple[Letter | None, Language | None]:
        """The mail about some registrations that `to` was answered last, without its text, and the answer's language."""
        joined = _answers.join(_mail_rows, _mail_rows.c.message_id == _answers.c.message_id)
        query = (
            sa.select(_answers)
            .select_from(joined)
            .where(
                _mail_rows.c.registration.in_(registrations),
                _answers.c.recipients.contains(json.dumps(to), autoescape=True),
            )
            .order_by(_answers.c.created.desc())
            .limit(1)
        )
        with self._begin() as db:
            row = db.execute(query).first()
        if row is None:
            return None, None
        letter = _letter(row.letter, row.in_reply_to, dt.datetime.fromisoformat(row.created))
        return replace(letter, own="", signature=""), "en" if row.language == "en" else "sv"

    def put_digest(self, message_id: str, to: str, raw: bytes, note: str, now: dt.datetime) -> None:
        """A digest to send, and what it has told, in one transaction."""
        with self._begin() as db:
            values = {"message_id": message_id, "recipients": json.dumps([to]), "raw": raw, "created": _stamp(now)}
            db.execute(
                sa.insert(_answers).values(kind=DIGEST, in_reply_to="", asked="[]", copied=False, tries=0, **values)
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


def _add_columns(db: Connection) -> None:
    """Columns that a journal of an earlier version lacks; all of them may be empty."""
    for table in _metadata.sorted_tables:
        known = {column["name"] for column in sa.inspect(db).get_columns(table.name)}
        for column in table.columns:
            if column.name not in known:
                kind = column.type.compile(db.dialect)
                db.execute(sa.text(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind}"))


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
