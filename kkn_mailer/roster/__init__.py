"""The Excel roster: one file, two authors.

`update` brings the file in line with the journal and tells what the organiser did to it; `take` says what her edits
mean. The caller commits that to the journal and calls again; when nothing is left to do, nothing is written.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..domain import Registration, Review
from ..event import Event
from . import workbook
from .book import Book
from .edits import Notice, Taken, line_id, take
from .layout import (
    ID,
    PEOPLE,
    REVIEWS,
    Cell,
    Column,
    parse_people,
    people_cells,
    review_cells,
)
from .merge import Added, Changed, Edit, Plan, Removed, identify, plan
from .sheet import Sheet
from .snapshot import Rows, Snapshot, mount_of
from .workbook import COLUMNS, RosterBusy, RosterError, RosterUnreadable

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
    revision: int = 0
    """Of the copy that was read."""


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
    when the file is behind but open or not to be written now, and nothing has changed then.

    While there are edits to take, nothing is written: one write brings all. They are told even of a file that is open.
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
    book, seen, busy, notes, aside = _opened(path)
    fresh = book is None
    if book is None:
        book = workbook.first_book(path, event)
    number = book.revision
    if not fresh and before.revision and number != before.revision:
        notes.append(
            f"{path.name} is a copy of another time ({number}, not {before.revision}); what it lacks is put back"
        )
    wanted = {
        PEOPLE: [people_cells(row, event) for row in registrations],
        REVIEWS: [review_cells(row, event) for row in reviews if row.id not in before.dismissed],
    }
    had = {name: book[name].headings() if name in book else {} for name in COLUMNS}
    _headings_in_place(path, book, had)
    workbook.ensure_sheets(book, event)
    base = {} if fresh else before.at(number)
    plans: dict[str, Plan] = {}
    for name in COLUMNS:
        copy = _Copy(
            written=(before.latest() if base is None else base).get(name, {}) if had[name] else {},
            seen=before.seen(number).get(name, {}),
            headings=had[name],
            known=base is not None,
        )
        plans[name] = _planned(book[name], name, copy, [before.overlay(name, row) for row in wanted[name]])
    people, lines = (tuple(plans[name].edits) for name in (PEOPLE, REVIEWS))
    digest = _digest(wanted[PEOPLE], event)
    behind = fresh or number != before.revision or digest != before.overview or any(p.writes for p in plans.values())
    after, wrote = before, behind and not people and not lines
    if wrote:
        if busy:
            raise busy
        for name, columns in COLUMNS.items():
            _apply(book[name], plans[name], columns)
        workbook.fill_overview(book, event, registrations)
        stands = {name: book[name].rows(columns)[0] for name, columns in COLUMNS.items()}
        after = _without_lapsed(before, wanted).next(stands, digest, path, number)
        remember(after.dump())
        try:
            workbook.save(book, path, after.revision, seen)
        except BaseException:
            remember(snapshot or "")
            raise
    lapsed = tuple(
        line_id(str(row[ID]), heading, typed)
        for row in wanted[PEOPLE]
        for heading, typed in before.lapsed(PEOPLE, row).items()
    )
    by = "" if fresh else book.saved_by
    return Written(after.dump(), people, lines, wrote, tuple(notes), by, aside, lapsed, number)


def _opened(path: Path) -> tuple[Book | None, os.stat_result | None, RosterBusy | None, list[str], str]:
    """The book on disk, what its file looked like, why it cannot be written now, notes, and the name it was set aside under."""
    notes: list[str] = []
    busy: RosterBusy | None = None
    try:
        notes += workbook.check_free(path)
    except RosterBusy as error:
        busy = error
    seen = path.stat() if path.exists() else None
    try:
        book = workbook.open_book(path)
    except RosterUnreadable as error:
        if busy:
            raise busy from None
        aside = workbook.set_aside(path, seen).name
        notes.append(f"{path.name} could not be read ({error}) and was set aside as {aside}; a new one is written")
        return None, None, None, notes, aside
    return book, seen if book else None, busy, notes, ""


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


def _headings_in_place(path: Path, book: Book, had: Mapping[str, Mapping[str, int]]) -> None:
    """Raise `RosterBusy` where the headings have moved from row 1: which column is which cannot be told then."""
    for name, columns in COLUMNS.items():
        if name in book and book[name].holds_rows() and not any(c.heading in had[name] for c in columns):
            raise RosterBusy(
                f"{path}: the headings of {name} do not stand in row 1; move them there, and the rows are written"
            )


@dataclass(frozen=True, slots=True)
class _Copy:
    """What is known of one sheet of the copy on disk: what was written into it and what was taken from it before, its
    headings as the organiser left them, and whether it is of a `known` revision."""

    written: Rows
    seen: Rows
    headings: Mapping[str, int]
    known: bool


def _planned(sheet: Sheet, name: str, copy: _Copy, wanted: Sequence[Mapping[str, Cell]]) -> Plan:
    """The merge of one sheet."""
    known, loose = sheet.rows(COLUMNS[name])
    ours = {str(row[ID]) for row in wanted}
    lines = {identity: sheet.line_of(identity) or 0 for identity in known}
    found = identify(
        {i: {h: v for h, v in row.items() if h in copy.headings} for i, row in known.items()},
        {line: {h: v for h, v in row.items() if h in copy.headings} for line, row in loose.items()},
        lines,
        {i: row for i, row in {**copy.seen, **copy.written}.items() if i in ours},
    )
    out = plan(copy.written, found.known, found.loose, wanted, not copy.known or ID not in copy.headings, copy.seen)
    out.given = found.given
    out.edits = [e for e in out.edits if not isinstance(e, Added) or (name == PEOPLE and _is_a_person(e.cells))]
    return out


def _apply(sheet: Sheet, todo: Plan, columns: Sequence[Column]) -> None:
    """Run a plan."""
    for line, identity in todo.given.items():
        sheet.put(line, {ID: identity}, columns)
    for identity, cells in todo.set.items():
        line_there = sheet.line_of(identity)
        if line_there:
            sheet.put(line_there, cells, columns)
    if todo.delete:
        sheet.empty(todo.delete)
    if todo.append:
        sheet.append(todo.append, columns)


def _is_a_person(cells: Mapping[str, Cell]) -> bool:
    """Whether a typed row is a registration: a sum below the list or a note of hers is not."""
    named = [str(cells.get(heading) or "").strip() for heading in ("Namn", "E-post", ID)]
    return any(named) and not any(text.startswith("=") for text in named)


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
