"""The tables, and how what stands in them is written: moments as UTC text that sorts, lists as JSON."""

from __future__ import annotations

import datetime as dt
import json
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from ..domain import Status

VERSION = 4
"""Of these tables; a journal of another one is not opened."""
metadata = sa.MetaData()


class Moment(sa.TypeDecorator[dt.datetime]):
    """An aware time as ISO 8601 text in UTC, to the microsecond: it sorts as the times do."""

    impl, cache_ok = sa.String, True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> str | None:
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds") if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> dt.datetime | None:
        return dt.datetime.fromisoformat(value) if value else None


class Json(sa.TypeDecorator[Any]):
    """Lists and tables as text; a list comes back as a tuple."""

    impl, cache_ok = sa.String, True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        return json.dumps(value, ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        found = json.loads(value or "null")
        return tuple(found) if isinstance(found, list) else found


def _words(kind: type[StrEnum]) -> sa.Enum:
    """One of some words, as text."""
    return sa.Enum(kind, native_enum=False, length=32, values_callable=lambda words: [w.value for w in words])


class Fate(StrEnum):
    """What became of an answer that no longer waits."""

    SENT = "sent"
    REFUSED = "refused"
    """By the mail server, for good."""
    WITHHELD = "withheld"
    """Deleted unsent by the organiser."""


mails = sa.Table(
    "mails",
    metadata,
    sa.Column("digest", sa.String, primary_key=True),
    sa.Column("message_id", sa.String, index=True),
    sa.Column("sender", sa.String, index=True),
    sa.Column("thread", sa.String, nullable=False, index=True),
    sa.Column("received", Moment, nullable=False, index=True),
    sa.Column("recorded", Moment, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("decision", sa.String, nullable=False),
)
registrations = sa.Table(
    "registrations",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("name", sa.String),
    sa.Column("municipality", sa.String),
    sa.Column("unit", sa.String),
    sa.Column("date", sa.Date),
    sa.Column("status", _words(Status), nullable=False),
    sa.Column("email", sa.String),
    sa.Column("phone", sa.String),
    sa.Column("diet", sa.String),
    sa.Column("received", Moment, nullable=False),
    sa.Column("registered_by", sa.String, nullable=False, index=True),
    sa.Column("note", sa.String, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("language", sa.String, nullable=False),
    sa.Column("instead_of", sa.String),
    sa.Column("by_hand", sa.Boolean, nullable=False),
    sa.Column("removed", sa.Boolean, nullable=False),
)
history = sa.Table(
    "history",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("registration", sa.String, nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("what", sa.String, nullable=False),
)
links = sa.Table(
    "mail_registrations",
    metadata,
    sa.Column("message_id", sa.String, primary_key=True),
    sa.Column("registration", sa.String, primary_key=True),
)
"""Which registrations a mail, or an answer of ours, speaks of."""
reviews = sa.Table(
    "reviews",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("received", Moment, nullable=False),
    sa.Column("sender", sa.String, nullable=False),
    sa.Column("subject", sa.String, nullable=False),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("excerpt", sa.String, nullable=False),
    sa.Column("done", sa.Boolean, nullable=False),
    sa.Column("about", sa.String, nullable=False),
)
answers = sa.Table(
    "answers",
    metadata,
    sa.Column("message_id", sa.String, primary_key=True),
    sa.Column("in_reply_to", sa.String, nullable=False, index=True),
    sa.Column("thread", sa.String, nullable=False, index=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("recipients", Json, nullable=False),
    sa.Column("left", Json, nullable=False),
    sa.Column("asked", Json, nullable=False),
    sa.Column("letter", Json, nullable=False),
    sa.Column("raw", sa.LargeBinary, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("state", sa.String),
    sa.Column("sent", Moment),
    sa.Column("fate", _words(Fate)),
    sa.Column("copied", sa.Boolean, nullable=False, default=False),
    sa.Column("tries", sa.Integer, nullable=False, default=0),
    sa.Column("error", sa.String),
    sa.Column("drafted", Moment),
    sa.Column("missing", Moment),
)
replaced = sa.Table(
    "replaced_drafts",
    metadata,
    sa.Column("message_id", sa.String, primary_key=True),
    sa.Column("in_reply_to", sa.String, nullable=False),
    sa.Column("recipients", Json, nullable=False),
    sa.Column("subject", sa.String, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("replaced", Moment, nullable=False),
)
reminded = sa.Table(
    "reminded",
    metadata,
    sa.Column("registration", sa.String, primary_key=True),
    sa.Column("date", sa.Date, primary_key=True),
    sa.Column("message_id", sa.String, nullable=False, index=True),
)
state = sa.Table("state", metadata, sa.Column("key", sa.String, primary_key=True), sa.Column("value", sa.String))
