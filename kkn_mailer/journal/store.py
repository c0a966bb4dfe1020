"""The database: opened, locked, checked, and the notes that are one text each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import SQLAlchemyError

from .schema import VERSION, metadata, state


class JournalError(Exception):
    """The journal cannot be used: which file, why, and what to do."""


class Store:
    """An open database, made where there is none unless it must be `there`. Whatever goes wrong is a `JournalError`."""

    def __init__(self, url: str, there: bool = False) -> None:
        self.where = make_url(url).database or url
        try:
            if make_url(url).get_backend_name() == "sqlite" and make_url(url).database:
                if there and not Path(self.where).exists():
                    raise JournalError(
                        f"{self.where}: there is no journal; journal.url counts from the working directory, {Path.cwd()}:"
                        " go where kkn-mailer runs, or give the whole path"
                    )
                Path(self.where).parent.mkdir(parents=True, exist_ok=True)
            self._engine = sa.create_engine(url)
            if self._engine.dialect.name == "sqlite":
                sa.event.listen(self._engine, "connect", _sqlite_settings)
            metadata.create_all(self._engine)
        except (SQLAlchemyError, OSError) as error:
            raise JournalError(self._explain(error)) from None
        version = self.note("schema")
        if version is None:
            self.set_note("schema", str(VERSION))
        elif int(version) != VERSION:
            raise JournalError(
                f"{self.where}: written by another version of kkn-mailer (schema {version}, not {VERSION}); use that version"
            )

    def _explain(self, error: Exception) -> str:
        why = str(getattr(error, "orig", error)).split("\n")[0]
        return f"{self.where}: the journal cannot be used ({why}); see that the folder exists, is writable, and that the file is a kkn-mailer journal"

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as db:
                yield db
        except SQLAlchemyError as error:
            raise JournalError(self._explain(error)) from None

    def close(self) -> None:
        self._engine.dispose()

    def note(self, key: str) -> str | None:
        with self._begin() as db:
            return db.scalar(sa.select(state.c.value).where(state.c.key == key))

    def set_note(self, key: str, value: str) -> None:
        with self._begin() as db:
            put_note(db, key, value)


def put_note(db: Connection, key: str, value: str) -> None:
    if not db.execute(sa.update(state).where(state.c.key == key).values(value=value)).rowcount:
        db.execute(sa.insert(state).values(key=key, value=value))


def put_new(db: Connection, table: sa.Table, **values: Any) -> None:
    """A row, unless one with its primary key is there."""
    same = [column == values[column.name] for column in table.primary_key]
    if not db.scalar(sa.select(sa.literal(1)).select_from(table).where(*same)):
        db.execute(sa.insert(table).values(**values))


def values_of(record: Any) -> dict[str, Any]:
    """A dataclass as the row of the table that has its fields as columns."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _sqlite_settings(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")
