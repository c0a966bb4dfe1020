"""What the overview counts. Pure; a row stands for `Registration.count` people."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from ..domain import Registration, Status
from ..event import OTHER, Event

UNKNOWN = ""
"""The unit of those whose unit is not known, and the name of an employer that is not."""


def by_session(event: Event, rows: Sequence[Registration]) -> dict[dt.date | None, Counter[Status]]:
    """People by session and status; None holds those who have no session of the event."""
    days = [session.date for session in event.sessions]
    counted: dict[dt.date | None, Counter[Status]] = {day: Counter() for day in (*days, None)}
    for row in rows:
        counted[row.date if row.date in counted else None][row.status] += row.count
    return counted


def units_of(event: Event) -> list[str]:
    """The event's units, the other, and the unknown one: the columns of `by_employer`."""
    return [*(unit.key for unit in event.units), OTHER, UNKNOWN]


def by_employer(event: Event, rows: Sequence[Registration]) -> dict[str, Counter[str]]:
    """People (not rows) by employer and unit; every invited employer has its place, cancelled rows have none.

    A name counts once for its employer however many sessions it is on, but as often as it stands on one session:
    namesakes are two. Rows without a name are known by who registered them.
    """
    proper = {employer.name.casefold(): employer.name for employer in event.employers}
    units = set(units_of(event))
    nth: Counter[tuple[str, str, dt.date | None]] = Counter()
    people: dict[tuple[str, str, int], Registration] = {}
    for row in rows:
        if row.status is Status.CANCELLED:
            continue
        employer = proper.get((row.municipality or "").casefold(), row.municipality or UNKNOWN)
        who = (row.name or row.registered_by or row.id).casefold()
        nth[employer, who, row.date] += 1
        people[employer, who, nth[employer, who, row.date]] = row
    others = sorted({employer for employer, _, _ in people} - set(proper.values()), key=lambda name: (not name, name))
    counted: dict[str, Counter[str]] = {name: Counter() for name in (*proper.values(), *others)}
    for (employer, _, _), row in people.items():
        unit = row.unit or UNKNOWN
        counted[employer][unit if unit in units else OTHER] += row.count
    return counted


def diets(rows: Sequence[Registration], day: dt.date) -> dict[str, int]:
    """What to serve to the confirmed of a session: diet → people, the commonest first, "" (no wishes) last."""
    spelt: dict[str, str] = {}
    served: Counter[str] = Counter()
    for row in rows:
        if row.date == day and row.status is Status.CONFIRMED:
            diet = " ".join((row.diet or "").split())
            spelt.setdefault(diet.casefold(), diet[:1].upper() + diet[1:])
            served[diet.casefold()] += row.count
    ordered = sorted(served, key=lambda diet: (not diet, -served[diet], diet))
    return {spelt[diet]: served[diet] for diet in ordered}
