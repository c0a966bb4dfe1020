"""The Excel roster: one file, two authors.

`update` brings the file in line with the journal and tells what the organiser did to it. The caller takes these edits
into the journal and calls again; when nothing is left to do, nothing is written.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..domain import Registration, Review
from ..event import Event
from . import workbook
from .layout import (
    ID,
    PEOPLE,
    PEOPLE_COLUMNS,
    REVIEW_COLUMNS,
    REVIEWS,
    Cell,
    Column,
    parse_people,
    people_cells,
    review_cells,
)
from .merge import Added, Changed, Edit, Plan, Removed, plan
from .sheet import Sheet
from .workbook import RosterBusy, RosterError

__all__ = ["Added", "Changed", "Edit", "Removed", "RosterBusy", "RosterError", "Written", "parse_people", "update"]


@dataclass(frozen=True, slots=True)
class Written:
    """The state after an update: `snapshot` to hand back next time, the organiser's edits by sheet, and what to log."""

    snapshot: str
    people: tuple[Edit, ...] = ()
    reviews: tuple[Edit, ...] = ()
    wrote: bool = False
    notes: tuple[str, ...] = field(default=())


def update(
    path: Path,
    event: Event,
    registrations: Sequence[Registration],
    reviews: Sequence[Review],
    snapshot: str | None,
    adopted: Mapping[int, str] | None = None,
) -> Written:
    """Merge journal and file, and write the file if it is behind.

    `snapshot` is what the last call returned; `adopted` names the Id that each row typed by the organiser (by line)
    has been given. Raises `RosterBusy` when the file is open or cannot be written now, and nothing has changed then.
    """
    workbook.check_free(path)
    before = _load(snapshot)
    seen = path.stat() if path.exists() else None
    book = workbook.open_book(path)
    notes = [f"{path.name} could not be read and was set aside; a new one is written"] if seen and book is None else []
    fresh = book is None
    if book is None:
        book = workbook.first_book(path, event)
        seen = None
    workbook.ensure_sheets(book, event)
    stale = fresh or book.revision < before["revision"]
    if stale and not fresh and before["revision"]:
        notes.append(f"{path.name} is an older copy; rows written since are put back")
    wanted = {
        PEOPLE: [people_cells(row, event) for row in registrations],
        REVIEWS: [review_cells(row, event) for row in reviews],
    }
    plans: dict[str, Plan] = {}
    after: dict[str, dict[str, dict[str, Cell]]] = {}
    for name, columns in ((PEOPLE, PEOPLE_COLUMNS), (REVIEWS, REVIEW_COLUMNS)):
        sheet = book[name]
        for line, identity in (adopted or {}).items() if name == PEOPLE else ():
            sheet.put(line, {ID: identity}, columns)
        known, loose = sheet.rows(columns)
        base = {} if fresh else before["sheets"].get(name, {})
        plans[name] = plan(base, known, loose if name == PEOPLE else {}, wanted[name], stale)
        if adopted and name == PEOPLE:
            base.update({i: known[i] for i in adopted.values() if i in known})
            plans[name] = plan(base, known, loose, wanted[name], stale)
        _apply(sheet, plans[name], columns)
        after[name] = sheet.rows(columns)[0] if plans[name].writes else known
    number = before["revision"]
    behind = fresh or any(p.writes for p in plans.values()) or bool(adopted) or stale
    if behind:
        workbook.fill_overview(book, event, registrations)
        number += 1
        workbook.save(book, path, number, seen)
    kept = {name: _unmerged(after[name], before["sheets"].get(name, {}), plans[name]) for name in after}
    return Written(_dump(number, kept), tuple(plans[PEOPLE].edits), tuple(plans[REVIEWS].edits), behind, tuple(notes))


def _unmerged(
    rows: Mapping[str, Mapping[str, Cell]], base: Mapping[str, Mapping[str, Cell]], done: Plan
) -> dict[str, Mapping[str, Cell]]:
    """The new base: what stands on disk, but for cells that the organiser changed and the journal does not have yet."""
    out: dict[str, Mapping[str, Cell]] = {identity: dict(cells) for identity, cells in rows.items()}
    for edit in done.edits:
        if isinstance(edit, Changed) and edit.id in out and edit.id in base:
            out[edit.id] = {**out[edit.id], **{heading: base[edit.id].get(heading) for heading in edit.cells}}
        elif isinstance(edit, Removed):
            out[edit.id] = base.get(edit.id, {ID: edit.id})
    return out


def _apply(sheet: Sheet, todo: Plan, columns: Sequence[Column]) -> None:
    """Run a plan. Rows are taken out only when none was typed, since that would shift the lines these are known by."""
    for identity, cells in todo.set.items():
        line = sheet.line_of(identity)
        if line:
            sheet.put(line, cells, columns)
    if todo.delete and not any(isinstance(edit, Added) for edit in todo.edits):
        sheet.empty(todo.delete)
    if todo.append:
        sheet.append(todo.append, columns)


def _load(snapshot: str | None) -> dict:  # type: ignore[type-arg]
    if not snapshot:
        return {"revision": 0, "sheets": {}}
    raw = json.loads(snapshot)
    sheets = {
        name: {i: {h: _revived(v) for h, v in cells.items()} for i, cells in rows.items()}
        for name, rows in raw["sheets"].items()
    }
    return {"revision": raw["revision"], "sheets": sheets}


def _dump(number: int, sheets: Mapping[str, Mapping[str, Mapping[str, Cell]]]) -> str:
    return json.dumps(
        {"revision": number, "sheets": sheets}, ensure_ascii=False, default=lambda v: {"t": v.isoformat()}
    )


def _revived(value: object) -> Cell:
    if isinstance(value, dict):
        text = value["t"]
        return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)
    return value  # type: ignore[return-value]
