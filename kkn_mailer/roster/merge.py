"""The three-way merge of one sheet: last written, on disk now, in the journal now. Pure.

As in a file synchroniser, small actions are computed first and run afterwards. The organiser's hand wins: a cell she
changed stays and is reported, a row she deleted stays away, a row she typed is reported as new. What was written last
is what stood in the very copy that is on disk; where that is not known, nothing missing is taken for deleted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from .layout import ID, Cell

Row = Mapping[str, Cell]
_TELLING = ("Namn", "E-post", "Ämne", "Orsak")
"""One of these must agree for a row without an Id to be taken for one that had it."""
_DERIVED = ("Ort", "Status", ID)
"""What the program fills in says nothing of whose row it is."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The organiser changed cells of a row of ours: heading → what stands there now."""

    id: str
    cells: dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Added:
    """The organiser typed or pasted a row of her own, at `line` of the sheet; with an `Id` where she pasted one."""

    line: int
    cells: dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Removed:
    """The organiser deleted a row of ours."""

    id: str


Edit = Changed | Added | Removed


@dataclass(slots=True)
class Plan:
    """What to do to the sheet: Ids to put by line, cells to set by row id, rows to append, ids to take out; and what
    the organiser did, which has to be taken first."""

    set: dict[str, dict[str, Cell]] = field(default_factory=dict)
    append: list[Row] = field(default_factory=list)
    delete: list[str] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    given: dict[int, str] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        return bool(self.given or self.set or self.append or self.delete)


@dataclass(slots=True)
class Identified:
    """The rows of a sheet with their Ids; `given` names the rows whose Id has to be put there (line → id)."""

    known: dict[str, Row]
    loose: dict[int, Row]
    given: dict[int, str] = field(default_factory=dict)


def identify(
    known: Mapping[str, Row], loose: Mapping[int, Row], lines: Mapping[str, int], written: Mapping[str, Row]
) -> Identified:
    """Which row is whose: of two with one Id the unaltered one, of those without an Id the ones that read the same.

    `known` are the rows by Id, the first of each, at `lines`; `loose` all others by line.
    """
    out = Identified(dict(known), dict(loose))
    for line, row in loose.items():
        identity = str(row.get(ID) or "").strip()
        base = written.get(identity)
        if base is None or identity not in lines or identity in out.given.values():
            continue
        if _reads_as(row, base) and not _reads_as(out.known[identity], base):
            out.loose[lines[identity]] = out.known[identity]
            out.known[identity] = row
            del out.loose[line]
            out.given[line] = identity
    absent = {identity: row for identity, row in written.items() if identity not in out.known}
    pairs = sorted(
        ((-_alike(row, base), line, identity) for line, row in out.loose.items() for identity, base in absent.items()),
    )
    for score, line, identity in pairs:
        if score < 0 and line in out.loose and identity in absent:
            out.known[identity] = out.loose.pop(line)
            out.given[line] = identity
            del absent[identity]
    return out


def _reads_as(row: Row, base: Row) -> bool:
    return all(equal(row[heading], value) for heading, value in base.items() if heading != ID and heading in row)


def _alike(row: Row, base: Row) -> int:
    """In how many cells a row agrees with one that was written; 0 unless that is half of them, and one is telling."""
    filled = [h for h, value in base.items() if value not in (None, "") and h not in _DERIVED]
    same = [h for h in filled if h in row and equal(row[h], base[h])]
    return len(same) if any(h in same for h in _TELLING) and 2 * len(same) >= len(filled) else 0


def plan(
    written: Mapping[str, Row],
    disk: Mapping[str, Row],
    loose: Mapping[int, Row],
    wanted: Sequence[Row],
    stale: bool = False,
    seen: Mapping[str, Row] = MappingProxyType({}),
) -> Plan:
    """Compare three states of a sheet.

    `written` is what we wrote last into this copy, by id; `disk` the rows with an id there now; `loose` rows without
    one, by line; `wanted` what the journal says, each with its Id. `stale` says that `written` is not known to be of
    this copy. `seen` are cells of hers that the journal has got from this copy before. A heading that a row on disk lacks has no column there: its values are put back.
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
            if heading == ID:
                continue
            if heading not in there:
                if not equal(value, None):
                    cells[heading] = value
                continue
            here = there[heading]
            if equal(here, value):
                continue
            before = base.get(heading, value) if base is not None else None
            if (
                equal(here, before)
                or equal(here, seen.get(identity, {}).get(heading, before))
                or (base is not None and heading not in base)
            ):
                cells[heading] = value
            else:
                changed[heading] = here
        if changed:
            out.edits.append(Changed(identity, changed))
        if cells:
            out.set[identity] = cells
    for identity, there in disk.items():
        if identity in ours:
            continue
        if identity in written:
            out.delete.append(identity)
        else:
            out.edits.append(Added(0, {**there, ID: identity}))
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
