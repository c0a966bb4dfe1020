"""The roster's file: read, altered in place, written atomically beside anyone else who has it open."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.packaging.custom import IntProperty
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ..event import Event
from .fresh import dress, head, prepare
from .layout import ID, PEOPLE, PEOPLE_COLUMNS, REVIEW_COLUMNS, REVIEWS, Cell, Column

REVISION = "kkn-revision"
_COLUMNS: dict[str, tuple[Column, ...]] = {PEOPLE: PEOPLE_COLUMNS, REVIEWS: REVIEW_COLUMNS}


class RosterError(Exception):
    """The roster cannot be written: which file, why, and what to do."""


class RosterBusy(RosterError):
    """Somebody has the file open; the write waits."""


def check_free(path: Path) -> None:
    """Raise `RosterBusy` while Excel (`~$…`) or LibreOffice (`.~lock.…#`) has the file open."""
    for lock in (
        path.with_name("~$" + path.name),
        path.with_name("~$" + path.name[2:]),
        path.with_name(f".~lock.{path.name}#"),
    ):
        if lock.exists():
            raise RosterBusy(
                f"{path}: is open in another program ({lock.name}); the rows are written when it is closed"
            )


def open_book(path: Path) -> Workbook | None:
    """The workbook on disk; None where there is none. What cannot be read is set aside, never overwritten."""
    if not path.exists():
        return None
    try:
        return load_workbook(path, keep_vba=path.suffix.lower() == ".xlsm", rich_text=True)
    except PermissionError:
        raise RosterBusy(f"{path}: may not be read now; the rows are written when it may") from None
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError) as error:
        aside = path.with_name(f"{path.stem} oläsbar {dt.datetime.now().astimezone():%Y-%m-%d %H.%M.%S}{path.suffix}")
        try:
            path.replace(aside)
        except OSError:
            raise RosterBusy(f"{path}: cannot be read ({error}) nor set aside now") from None
        return None


def ensure_sheets(book: Workbook, event: Event) -> None:
    """Put back a sheet of ours that the organiser took away; put back a heading she deleted at the right end."""
    for name, columns in _COLUMNS.items():
        if name not in book.sheetnames:
            prepare(book.create_sheet(name), event)
            continue
        sheet = book[name]
        there = headings(sheet)
        for column in columns:
            if column.heading not in there:
                head(sheet, sheet.max_column + 1, column)
                for table in sheet.tables.values():
                    table.tableColumns = []
                    table.autoFilter = None
                _stretch(sheet)


def headings(sheet: Worksheet) -> dict[str, int]:
    """Heading to column number, the first of each."""
    found: dict[str, int] = {}
    for cell in sheet[1]:
        if cell.value is not None:
            found.setdefault(str(cell.value).strip(), cell.column or 0)
    return found


def read_rows(
    sheet: Worksheet, columns: Sequence[Column]
) -> tuple[dict[str, dict[str, Cell]], dict[int, dict[str, Cell]]]:
    """Our columns' cells: by Id, and by line for rows that have none. A second row of one Id counts as typed."""
    at = {heading: index for heading, index in headings(sheet).items() if heading in {c.heading for c in columns}}
    known: dict[str, dict[str, Cell]] = {}
    loose: dict[int, dict[str, Cell]] = {}
    for line in range(2, sheet.max_row + 1):
        cells: dict[str, Cell] = {heading: _plain(sheet.cell(line, index).value) for heading, index in at.items()}
        if not any(value not in (None, "") for value in cells.values()):
            continue
        identity = str(cells.get(ID) or "").strip()
        if identity and identity not in known:
            known[identity] = cells
        else:
            loose[line] = {heading: value for heading, value in cells.items() if heading != ID}
    return known, loose


def _plain(value: object) -> Cell:
    if value is None or isinstance(value, (dt.date, dt.datetime, bool)):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def put(sheet: Worksheet, line: int, cells: Mapping[str, Cell], columns: Sequence[Column]) -> None:
    """Write cells of a row by heading; text is stored as text, whatever it begins with."""
    at = headings(sheet)
    kinds = {column.heading: column for column in columns}
    for heading, value in cells.items():
        if heading not in at:
            continue
        cell = sheet.cell(line, at[heading])
        if not cell.has_style:
            dress(cell, kinds[heading])
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
            cell.quotePrefix = value.startswith(("=", "+", "-", "@"))


def line_of(sheet: Worksheet, identity: str) -> int | None:
    column = headings(sheet).get(ID)
    return (
        next(
            (
                line
                for line in range(2, sheet.max_row + 1)
                if str(sheet.cell(line, column).value or "").strip() == identity
            ),
            None,
        )
        if column
        else None
    )


def append(sheet: Worksheet, rows: Sequence[Mapping[str, Cell]], columns: Sequence[Column]) -> None:
    """New rows below the last one that holds anything."""
    last = max(
        (line for line in range(1, sheet.max_row + 1) if any(c.value not in (None, "") for c in sheet[line])), default=1
    )
    for offset, cells in enumerate(rows, 1):
        put(sheet, last + offset, cells, columns)
    _stretch(sheet)


def delete(sheet: Worksheet, identities: Sequence[str]) -> None:
    for identity in identities:
        line = line_of(sheet, identity)
        if line:
            sheet.delete_rows(line)
    _stretch(sheet)


def _stretch(sheet: Worksheet) -> None:
    """Let the sheet's table reach over all its rows and columns."""
    last = max(
        (line for line in range(2, sheet.max_row + 1) if any(c.value not in (None, "") for c in sheet[line])), default=2
    )
    for table in sheet.tables.values():
        begin, _, _ = table.ref.partition(":")
        width = max(headings(sheet).values(), default=1)
        wanted = f"{begin}:{get_column_letter(width)}{last}"
        if table.ref != wanted:
            table.ref = wanted
            if table.autoFilter is not None:
                table.autoFilter.ref = wanted
            names = [str(c.value) for c in sheet[1][:width] if c.value is not None]
            if len(table.tableColumns) != len(names):
                table.tableColumns = []


def _properties(book: Workbook) -> Any:
    """The custom document properties, which the type stubs do not know."""
    return book.custom_doc_props  # type: ignore[attr-defined]


def revision(book: Workbook) -> int:
    """The number we gave the file when we wrote it last; 0 for one that is not ours."""
    with suppress(KeyError, TypeError, ValueError):
        return int(_properties(book)[REVISION].value)
    return 0


def save(book: Workbook, path: Path, number: int, seen: os.stat_result | None) -> None:
    """Write atomically: a temporary file beside it, fsync, rename; given up if the file changed since it was read."""
    with suppress(KeyError):
        del _properties(book)[REVISION]
    _properties(book).append(IntProperty(name=REVISION, value=number))
    handle, name = None, ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", suffix=path.suffix, dir=path.parent)
        with os.fdopen(handle, "wb") as out:
            book.save(out)
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(seen.st_mode & 0o777 if seen else 0o644)
        if (
            seen
            and (now := path.stat())
            and (now.st_mtime_ns, now.st_size, now.st_ino) != (seen.st_mtime_ns, seen.st_size, seen.st_ino)
        ):
            raise RosterBusy(f"{path}: was saved by another program just now; the rows are written next time")
        check_free(path)
        if seen is None and path.exists():
            raise RosterBusy(f"{path}: was put there just now; the rows are written next time")
        Path(name).replace(path)
    except OSError as error:
        raise RosterBusy(
            f"{path}: cannot be written now ({error.strerror or error}); see that the folder exists, has room and is writable"
        ) from None
    finally:
        if name:
            with suppress(OSError):
                Path(name).unlink()
