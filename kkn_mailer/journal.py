"""What has been read, decided and answered: the truth that roster and answers are made from.

SQLAlchemy Core over SQLite in WAL mode (any other database by its URL). Everything one mail leads to is committed in
one transaction; what is sent or written after it can be late, and is neither lost nor doubled by a crash.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import SQLAlchemyError

from .domain import Answer, Decision, Letter, Missing, Outcome, Reading, Registration, Review, Status, Thread
from .folding import fold

SCHEMA = 1
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
    """An answer that is rendered and waits to be accepted by the mail server, or copied to the Sent folder."""

    message_id: str
    in_reply_to: str
    kind: str
    recipients: tuple[str, ...]
    raw: bytes
    tries: int


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
        """Whether this very mail has been recorded: by Message-ID, or by content where it is delivered again."""
        same = _mails.c.digest == letter.digest
        if letter.message_id:
            same = same | (_mails.c.message_id == letter.message_id)
        with self._begin() as db:
            return db.execute(sa.select(_mails.c.digest).where(same).limit(1)).first() is not None

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
            )
        )
        self._link(db, identity, {row.id for row in answer.people})

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
        """Answers that no mail server has accepted yet, oldest first."""
        return self._outgoing(_answers.c.sent.is_(None))

    def uncopied(self) -> list[Outgoing]:
        """Answers sent but not yet copied to the Sent folder."""
        return self._outgoing(_answers.c.sent.is_not(None) & _answers.c.copied.is_(False))

    def _outgoing(self, where: Any) -> list[Outgoing]:
        with self._begin() as db:
            found = db.execute(sa.select(_answers).where(where).order_by(_answers.c.created)).all()
        return [
            Outgoing(r.message_id, r.in_reply_to, r.kind, tuple(json.loads(r.recipients)), r.raw, r.tries)
            for r in found
        ]

    def mark_sent(self, message_id: str, now: dt.datetime) -> None:
        with self._begin() as db:
            db.execute(
                sa.update(_answers).where(_answers.c.message_id == message_id).values(sent=_stamp(now), error=None)
            )

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
            db.execute(sa.delete(_answers).where(_answers.c.message_id.in_(mine)))
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
