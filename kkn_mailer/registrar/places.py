"""The places of a session: who has one, who is next in line. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from ..domain import Missing, Registration, Status
from ..event import Event
from .identity import full


def missing_of(row: Registration, event: Event) -> tuple[Missing, ...]:
    """What a registration still lacks, of what the event requires."""
    known = {
        "name": full(row.name),
        "municipality": bool(row.municipality),
        "unit": bool(row.unit),
        "date": row.date is not None,
    }
    return tuple(Missing(key) for key in Missing if key in event.required and not known[key])


def settled(row: Registration, rows: Iterable[Registration], event: Event) -> Registration:
    """A registration with the status it has by itself: waiting until complete, confirmed while there is room."""
    if missing_of(row, event):
        return replace(row, status=Status.WAITING)
    return replace(row, status=Status.CONFIRMED if has_room(row, rows, event) else Status.WAITLISTED)


def has_room(row: Registration, rows: Iterable[Registration], event: Event) -> bool:
    """Whether the session of a registration has places left for it beside all others."""
    session = event.session_on(row.date)
    if session is None or session.capacity is None:
        return True
    taken = sum(r.count for r in rows if r.date == row.date and r.status is Status.CONFIRMED and r.id != row.id)
    return taken + row.count <= session.capacity


def freed(rows: Iterable[Registration], event: Event, today: dt.date) -> list[tuple[Registration, str]]:
    """The free places given to those who wait: the rows altered by it, with why.

    First in line is who has waited longest of those that fit: a group too large for what is left waits on and keeps
    nobody from a place. Whoever gives up another day for the new one leaves a place there, which is given on.
    """
    standing = {row.id: row for row in rows}
    altered: dict[str, str] = {}
    while row := _next(standing, event, today):
        standing[row.id] = replace(row, status=Status.CONFIRMED, instead_of=None)
        altered[row.id] = "fick en ledig plats"
        left = standing.get(row.instead_of or "")
        if left and left.status is not Status.CANCELLED:
            standing[left.id] = replace(left, status=Status.CANCELLED)
            altered[left.id] = "lämnad för en ledig plats en annan dag"
    return [(standing[i], why) for i, why in altered.items()]


def _next(standing: dict[str, Registration], event: Event, today: dt.date) -> Registration | None:
    """The first in line whom a free place fits."""
    line = (
        row
        for row in standing.values()
        if row.status is Status.WAITLISTED
        and not row.by_hand
        and row.date is not None
        and row.date >= today
        and event.session_on(row.date)
        and has_room(row, standing.values(), event)
    )
    return min(line, key=lambda row: (row.received, row.id), default=None)
