"""The Excel roster: one file, two authors.

`update` brings the file in line with the journal and tells what the organiser did to it; `take` says what her edits
mean. The caller commits that to the journal and calls again; when nothing is left to do, nothing is written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ..domain import Registration, Review
from ..event import Event
from . import workbook
from .edits import Notice, Taken, line_id, take
from .layout import (
    ID,
    OVERVIEW,
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
from .merge import Added, Changed, Edit, Plan, Removed, identify, plan
from .overview import write_overview
from .snapshot import Rows, Snapshot, mount_of
from .workbook import RosterBusy, RosterError, RosterUnreadable

__all__ = [
    "Added",
    "Changed",
    "Edit",
    "Notice",
    "Removed",
    "RosterBusy",
    "RosterError",
    "Taken",
    "Written",
    "parse_people",
    "take",
    "update",
]
_SHEETS: tuple[tuple[str, tuple[Column, ...]], ...] = ((PEOPLE, PEOPLE_COLUMNS), (REVIEWS, REVIEW_COLUMNS))


@dataclass(frozen=True, slots=True)
class Written:
    """The state after an update: `snapshot` to hand back next time, the organiser's edits by sheet, and what to log."""

    snapshot: str
    people: tuple[Edit, ...] = ()
    reviews: tuple[Edit, ...] = ()
    wrote: bool = False
    notes: tuple[str, ...] = ()
    by: str = ""
    """Who saved the file last, where the program said so."""
    aside: str = ""
    """The name under which a file that could not be read has been put away."""
    lapsed: tuple[str, ...] = ()
    """Lines of `Att hantera` about cells that the journal has a newer value for."""


def update(
    path: Path,
    event: Event,
    registrations: Sequence[Registration],
    reviews: Sequence[Review],
    snapshot: str | None,
    remember: Callable[[str], object] = lambda _: None,
) -> Written:
    """Merge journal and file, and write the file if it is behind.

    `snapshot` is what the last call returned. `remember` is called with the new one before the file is put in place,
    and with the old one if it could not be: who stores it there survives a crash at any point. Raises `RosterBusy`
    when the file is behind but open or not to be written now, and nothing has changed then. What the organiser has
    saved is told all the same.
    """
    try:
        return _update(path, event, registrations, reviews, snapshot, remember)
    except OSError as error:
        raise RosterBusy(f"{path}: cannot be reached now ({error.strerror or error}); it is tried again") from None


def _update(
    path: Path,
    event: Event,
    registrations: Sequence[Registration],
    reviews: Sequence[Review],
    snapshot: str | None,
    remember: Callable[[str], object],
) -> Written:
    before = Snapshot.load(snapshot)
    _there(path, before)
    notes: list[str] = []
    busy: RosterBusy | None = None
    try:
        notes += workbook.check_free(path)
    except RosterBusy as error:
        busy = error
    seen = path.stat() if path.exists() else None
    aside = ""
    try:
        book = workbook.open_book(path)
    except RosterUnreadable as error:
        if busy:
            raise busy from None
        aside = workbook.set_aside(path, seen).name
        notes.append(f"{path.name} could not be read ({error}) and was set aside as {aside}; a new one is written")
        book = None
    fresh = book is None
    if book is None:
        if busy:
            raise busy
        book, seen = workbook.new_book(event), None
    number = workbook.revision(book)
    base = {} if fresh else before.at(number)
    certain = base is not None
    if not fresh and before.revision and number != before.revision:
        notes.append(
            f"{path.name} is a copy of another time ({number}, not {before.revision}); what it lacks is put back"
        )
    wanted = {
        PEOPLE: [people_cells(row, event) for row in registrations],
        REVIEWS: [review_cells(row, event) for row in reviews if row.id not in before.dismissed],
    }
    lapsed = tuple(
        line_id(str(row[ID]), heading, typed)
        for row in wanted[PEOPLE]
        for heading, typed in before.lapsed(PEOPLE, row).items()
    )
    titles = workbook.find_sheets(book)
    had = {name: workbook.headings(book[titles[name]]) if name in titles else {} for name, _ in _SHEETS}
    _headings_in_place(path, book, titles, had)
    titles = workbook.ensure_sheets(book, event)
    plans: dict[str, Plan] = {}
    for name, columns in _SHEETS:
        rows = (base if base is not None else before.latest()).get(name, {}) if had[name] else {}
        rewritten = [before.overlay(name, row) for row in wanted[name]]
        plans[name] = _merge(book[titles[name]], columns, rows, rewritten, had[name], not certain, name == PEOPLE)
    digest = _digest(wanted[PEOPLE], event)
    behind = fresh or number != before.revision or digest != before.overview or any(p.writes for p in plans.values())
    after = before
    edits = tuple(plans[PEOPLE].edits), tuple(plans[REVIEWS].edits)
    if busy and behind and not any(edits):
        raise busy
    if behind and not busy:
        if OVERVIEW not in book.sheetnames:
            book.create_sheet(OVERVIEW)
        write_overview(book[OVERVIEW], event, registrations)
        kept = {
            name: _unmerged(
                workbook.read_rows(book[titles[name]], columns)[0], (base or before.latest()).get(name, {}), plans[name]
            )
            for name, columns in _SHEETS
        }
        after = _without_lapsed(before, wanted).next(kept, digest, path, number)
        remember(after.dump())
        try:
            workbook.save(book, path, after.revision, seen)
        except BaseException:
            remember(snapshot or "")
            raise
    return Written(
        after.dump(),
        *edits,
        behind and not busy,
        tuple(notes),
        str(book.properties.lastModifiedBy or ""),
        aside,
        lapsed,
    )


def _there(path: Path, before: Snapshot) -> None:
    """Raise `RosterBusy` where the share that the file lay on is gone: it is not the organiser who deleted the file."""
    folder = path.absolute().parent
    if path.exists() or before.folder != str(folder):
        return
    if not folder.is_dir():
        raise RosterBusy(f"{path}: its folder is not there now; the rows are written when it is back")
    if mount_of(folder) != before.mount:
        raise RosterBusy(
            f"{path}: what was mounted on {before.mount} is not there now; the rows are written when it is back"
        )


def _headings_in_place(
    path: Path, book: Workbook, titles: Mapping[str, str], had: Mapping[str, Mapping[str, int]]
) -> None:
    """Raise `RosterBusy` where the headings have moved from row 1: which column is which cannot be told then."""
    for name, columns in _SHEETS:
        if name in titles and book[titles[name]].max_row > 1 and not any(c.heading in had[name] for c in columns):
            raise RosterBusy(
                f"{path}: the headings of the sheet {titles[name]} do not stand in row 1; move them there, and the rows are written"
            )


def _merge(
    sheet: Worksheet,
    columns: Sequence[Column],
    written: Rows,
    wanted: Sequence[Mapping[str, Cell]],
    had: Mapping[str, int],
    stale: bool,
    people: bool,
) -> Plan:
    """Merge one sheet and run the plan on it; `had` are the headings as she left them."""
    known, loose = workbook.read_rows(sheet, columns)
    ours = {str(row[ID]) for row in wanted}
    lines = {str(row.get(ID) or "").strip(): 0 for row in loose.values()}
    lines = {i: workbook.line_of(sheet, i) or 0 for i in lines if i in known}
    seen = {i: {h: v for h, v in row.items() if h in had} for i, row in known.items()}
    unknown = {line: {h: v for h, v in row.items() if h in had} for line, row in loose.items()}
    found = identify(seen, unknown, lines, {i: row for i, row in written.items() if i in ours})
    for line, identity in found.given.items():
        workbook.put(sheet, line, {ID: identity}, columns)
    out = plan(written, found.known, found.loose, wanted, stale or ID not in had)
    out.edits = [e for e in out.edits if not isinstance(e, Added) or (people and _is_a_person(e.cells))]
    done = replace(
        out, set={i: c for i, c in out.set.items() if i not in found.swapped}, swapped=frozenset(found.swapped)
    )
    for identity, cells in done.set.items():
        line_there = workbook.line_of(sheet, identity)
        if line_there:
            workbook.put(sheet, line_there, cells, columns)
    if done.delete:
        workbook.delete(sheet, done.delete)
    if done.append:
        workbook.append(sheet, done.append, columns)
    if found.given:
        done.set.update({i: done.set.get(i, {}) for i in found.given.values()})
    return done


def _is_a_person(cells: Mapping[str, Cell]) -> bool:
    """Whether a typed row is a registration: a sum below the list or a note of hers is not."""
    named = [str(cells.get(heading) or "").strip() for heading in ("Namn", "E-post")]
    return any(named) and not any(text.startswith("=") for text in named)


def _unmerged(rows: Mapping[str, Mapping[str, Cell]], base: Mapping[str, Mapping[str, Cell]], done: Plan) -> Rows:
    """The new base: what stands on disk, but for what the organiser did and the journal does not have yet."""
    out: Rows = {identity: dict(cells) for identity, cells in rows.items()}
    for identity in done.swapped:
        out[identity] = dict(base.get(identity, {ID: identity}))
    for edit in done.edits:
        if isinstance(edit, Changed) and edit.id in out:
            there = base.get(edit.id, {})
            out[edit.id] |= {heading: there.get(heading) for heading in edit.cells}
        elif isinstance(edit, Removed):
            out[edit.id] = dict(base.get(edit.id, {ID: edit.id}))
        elif isinstance(edit, Added) and not edit.line:
            out.pop(str(edit.cells.get(ID) or ""), None)
    return out


def _without_lapsed(before: Snapshot, wanted: Mapping[str, Sequence[Mapping[str, Cell]]]) -> Snapshot:
    """The snapshot without kept cells that are out of force, or whose row is no longer ours."""
    kept = {
        name: {
            str(row[ID]): {h: v for h, v in cells.items() if h not in before.lapsed(name, row)}
            for row in rows
            if (cells := before.kept.get(name, {}).get(str(row[ID])))
        }
        for name, rows in wanted.items()
    }
    return replace(before, kept={name: {i: c for i, c in rows.items() if c} for name, rows in kept.items()})


def _digest(rows: Sequence[Mapping[str, Cell]], event: Event) -> str:
    """What `Översikt` is made from, in short."""
    shown = [*rows, event.model_dump(mode="json")]
    return hashlib.sha256(json.dumps(shown, default=str, sort_keys=True).encode()).hexdigest()[:16]
