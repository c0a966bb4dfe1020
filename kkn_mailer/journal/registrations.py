"""Registrations with their history, and the lines of `Att hantera`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ..domain import Registration, Review
from .answers import Rendered, put_answer
from .schema import history, registrations, reviews
from .store import Store, put_new, put_note, values_of

_ROW = [registrations.c[field.name] for field in fields(Registration)]
_LINE = [reviews.c[field.name] for field in fields(Review)]


def rows_where(db: Connection, where: Any, removed: bool = False) -> list[Registration]:
    """The registrations that the organiser has, or has not, removed, oldest first."""
    query = sa.select(*_ROW).where(where, registrations.c.removed.is_(removed))
    return [Registration(*row) for row in db.execute(query.order_by(registrations.c.received, registrations.c.id))]


def put_row(db: Connection, row: Registration, by: str, what: str, now: dt.datetime) -> None:
    """A registration as it is now, and in its history what happened and by whom."""
    values = {**values_of(row), "removed": False}
    if not db.execute(sa.update(registrations).where(registrations.c.id == row.id).values(**values)).rowcount:
        db.execute(sa.insert(registrations).values(**values))
    db.execute(sa.insert(history).values(registration=row.id, at=now, by=by, what=what))


def put_line(db: Connection, line: Review) -> None:
    """A line of `Att hantera`; one that is there stays as it is."""
    put_new(db, reviews, **values_of(line))


class Registrations(Store):
    def registrations(self) -> list[Registration]:
        """Every registration that the organiser has not removed, oldest first."""
        with self._begin() as db:
            return rows_where(db, sa.true())

    def removed(self) -> list[Registration]:
        """The registrations that the organiser has removed, oldest first."""
        with self._begin() as db:
            return rows_where(db, sa.true(), removed=True)

    def alter(
        self,
        rows: Sequence[tuple[Registration, str]],
        by: str,
        now: dt.datetime,
        answers: Sequence[Rendered] = (),
        lines: Sequence[Review] = (),
        removed: Collection[str] = (),
        done: Mapping[str, bool] | None = None,
        roster: str | None = None,
    ) -> None:
        """What comes of no mail, in one transaction: registrations with why, and what people are told of it.

        Of the organiser's hand also the ids of rows she `removed`, which lines are `done`, and the new state of the
        `roster` with her edits taken.
        """
        with self._begin() as db:
            for row, what in rows:
                put_row(db, row, by, what, now)
            db.execute(sa.update(registrations).where(registrations.c.id.in_(removed)).values(removed=True))
            for identity in removed:
                what = "borttagen ur deltagarlistan"
                db.execute(sa.insert(history).values(registration=identity, at=now, by=by, what=what))
            for line in lines:
                put_line(db, line)
            for identity, is_done in (done or {}).items():
                db.execute(sa.update(reviews).where(reviews.c.id == identity).values(done=is_done))
            for answer in answers:
                put_answer(db, answer, now)
            if roster is not None:
                put_note(db, "roster", roster)

    def history(self, registration: str) -> list[tuple[dt.datetime, str, str]]:
        """What has happened to a registration, oldest first: when, by whom, what."""
        columns = sa.select(history.c.at, history.c.by, history.c.what)
        with self._begin() as db:
            found = db.execute(columns.where(history.c.registration == registration).order_by(history.c.number))
            return [(at, by, what) for at, by, what in found]

    def reviews(self) -> list[Review]:
        """The lines of `Att hantera`, oldest first."""
        with self._begin() as db:
            return [Review(*row) for row in db.execute(sa.select(*_LINE).order_by(reviews.c.received, reviews.c.id))]

    def add_review(self, line: Review) -> None:
        with self._begin() as db:
            put_line(db, line)

    def review_done(self, ids: Sequence[str]) -> None:
        with self._begin() as db:
            db.execute(sa.update(reviews).where(reviews.c.id.in_(ids)).values(done=True))
