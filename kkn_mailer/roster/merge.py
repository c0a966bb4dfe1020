"""The three-way merge of one sheet: last written, on disk now, in the journal now. Pure.

As in a file synchroniser, small actions are computed first and run afterwards. The organiser's hand wins: a cell she
changed stays and is reported, a row she deleted stays away, a row she typed is reported as new. In a stale copy (one
written over newer rows) a row that is missing was never there to delete: it is put back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .layout import ID, Cell

Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Changed:
    """The organiser changed cells of a row of ours: heading → what stands there now."""

    id: str
    cells: dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Added:
    """The organiser typed a row of her own, at `line` of the sheet."""

    line: int
    cells: dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Removed:
    """The organiser deleted a row of ours."""

    id: str


Edit = Changed | Added | Removed


@dataclass(slots=True)
class Plan:
    """What to do to the sheet: cells to set by row id, rows to append, ids to take out; and what the organiser did."""

    set: dict[str, dict[str, Cell]] = field(default_factory=dict)
    append: list[Row] = field(default_factory=list)
    delete: list[str] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        return bool(self.set or self.append or self.delete)


def plan(
    written: Mapping[str, Row],
    disk: Mapping[str, Row],
    loose: Mapping[int, Row],
    wanted: Sequence[Row],
    stale: bool = False,
) -> Plan:
    """Compare three states of a sheet.

    `written` is what we wrote last, by id; `disk` the rows with an id there now; `loose` rows without one, by line;
    `wanted` what the journal says, each with its Id.
    """
    out = Plan()
    ours = {str(row[ID]): row for row in wanted}
    for identity, row in ours.items():
        base, there = written.get(identity), disk.get(identity)
        if there is None:
            if base is None or stale:
                out.append.append(row)
            else:
                out.edits.append(Removed(identity))
            continue
        changed: dict[str, Cell] = {}
        cells: dict[str, Cell] = {}
        for heading, value in row.items():
            if heading == ID or heading not in there:
                continue
            here = there[heading]
            touched = base is not None and heading in base and not equal(here, base[heading])
            if touched and not equal(here, value):
                changed[heading] = here
            elif not touched and not equal(here, value):
                cells[heading] = value
        if changed:
            out.edits.append(Changed(identity, changed))
        if cells:
            out.set[identity] = cells
    out.delete = [identity for identity in disk if identity not in ours and identity in written]
    out.edits += [Added(line, dict(cells)) for line, cells in loose.items()]
    return out


def equal(one: Cell, other: Cell) -> bool:
    """Whether two cells show the same: nothing and an empty text are, a date and the same midnight are."""
    return _shown(one) == _shown(other)


def _shown(value: Cell) -> object:
    if value is None or value == "":
        return None
    if isinstance(value, dt.datetime):
        return value.date() if value.time() == dt.time() else value.replace(microsecond=0, second=0)
    if isinstance(value, str):
        return value.strip() or None
    return value
