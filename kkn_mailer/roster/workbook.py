"""The roster's file: read, altered in place, written atomically beside anyone else who has it open."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.packaging.custom import IntProperty
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from ..event import Event
from .layout import DONE, ID, PEOPLE, PEOPLE_COLUMNS, REVIEW_COLUMNS, REVIEWS, STATUS_COLOUR, Cell, Column

REVISION = "kkn-revision"
_COLUMNS: dict[str, tuple[Column, ...]] = {PEOPLE: PEOPLE_COLUMNS, REVIEWS: REVIEW_COLUMNS}
_OPENPYXL_DATES = ("General", "yyyy-mm-dd", "yyyy-mm-dd h:mm:ss")
"""Number formats that openpyxl gives a date by itself; any other is the organiser's choice."""
_TABLES = {PEOPLE: "Deltagarlista", REVIEWS: "AttHantera"}


class RosterError(Exception):
    """The roster cannot be written: which file, why, and what to do."""


class RosterBusy(RosterError):
    """Somebody has the file open, or it cannot be reached; the write waits."""


class RosterUnreadable(RosterError):
    """The file is no workbook that can be read: why."""


LEFT_OVER = 24 * 3600
"""Seconds after which a lock beside a roster that nobody has saved since is one that a crashed program left."""


def check_free(path: Path) -> tuple[str, ...]:
    """Raise `RosterBusy` while the file is open in Excel (`~$…`) or LibreOffice (`.~lock.…#`), or read-only.

    A lock left over is removed, and said. Should its program run after all, what it saves is merged as any older copy.
    """
    notes = []
    for lock in (
        path.with_name("~$" + path.name),
        path.with_name("~$" + path.name[2:]),
        path.with_name(f".~lock.{path.name}#"),
    ):
        if not lock.exists():
            continue
        touched = max(_touched(lock), _touched(path))
        if dt.datetime.now(dt.UTC).timestamp() - touched < LEFT_OVER:
            raise RosterBusy(
                f"{path}: is open in another program ({lock.name}); the rows are written when it is closed"
            )
        with suppress(OSError):
            lock.unlink()
            notes.append(f"{lock.name} was left over by a program that is gone, and was removed")
    for place in (path, path.parent):
        if place.exists() and not place.stat().st_mode & 0o222:
            raise RosterBusy(f"{place}: is read-only; the rows are written when it may be written to")
    return tuple(notes)


def _touched(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def open_book(path: Path) -> Workbook | None:
    """The workbook on disk; None where there is none. Raises `RosterUnreadable` for what is no workbook."""
    if not path.exists():
        return None
    try:
        if path.read_bytes()[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise RosterUnreadable("it is protected by a password, or of Excel 97")
        return load_workbook(path, keep_vba=path.suffix.lower() == ".xlsm", rich_text=True)
    except OSError as error:
        raise RosterBusy(f"{path}: cannot be read now ({error.strerror}); the rows are written when it can") from None
    except RosterUnreadable:
        raise
    except Exception as error:  # a damaged package fails anywhere: zlib, XML, a part that is missing, a value
        raise RosterUnreadable(f"{type(error).__name__}: {error}") from None


def set_aside(path: Path, seen: os.stat_result | None) -> Path:
    """Put away a file that cannot be read, under a name of its own; given up while another program is writing it."""
    stem = f"{path.stem} oläsbar {dt.datetime.now().astimezone():%Y-%m-%d %H.%M.%S}"
    names = (f"{stem}{mark}{path.suffix}" for mark in ("", *(f" ({n})" for n in range(2, 1000))))
    aside = path.with_name(next(name for name in names if not path.with_name(name).exists()))
    try:
        now = path.stat()
        if seen and (now.st_mtime_ns, now.st_size) != (seen.st_mtime_ns, seen.st_size):
            raise RosterBusy(f"{path}: is being saved by another program; the rows are written next time")
        path.rename(aside)
    except OSError as error:
        raise RosterBusy(f"{path}: cannot be read nor set aside now ({error.strerror})") from None
    return aside


def new_book(event: Event) -> Workbook:
    """An empty roster, made to be looked at."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = PEOPLE
    for name in (PEOPLE, REVIEWS):
        _prepare(
            book[name] if name in book.sheetnames else book.create_sheet(name), _COLUMNS[name], _TABLES[name], event
        )
    return book


def find_sheets(book: Workbook) -> dict[str, str]:
    """Our sheets' names, each with the title it has now: one the organiser renamed is known by its headings."""
    found = {name: name for name in _COLUMNS if name in book.sheetnames}
    for name, columns in _COLUMNS.items():
        for sheet in book.worksheets if name not in found else ():
            there = sum(column.heading in headings(sheet) for column in columns)
            if sheet.title not in found.values() and there > len(columns) - 3:
                found[name] = sheet.title
                break
    return found


def ensure_sheets(book: Workbook, event: Event) -> dict[str, str]:
    """Put back a sheet of ours that the organiser took away, and a heading she deleted at the right end; as `find_sheets`."""
    titles = find_sheets(book)
    for name, columns in _COLUMNS.items():
        if name not in titles:
            _prepare(book.create_sheet(name), columns, _TABLES[name], event)
            titles[name] = name
            continue
        sheet = book[titles[name]]
        there = headings(sheet)
        for column in columns:
            if column.heading not in there:
                _heading(sheet, max(there.values(), default=0) + 1, column)
                there = headings(sheet)
                for table in sheet.tables.values():
                    table.tableColumns = []
                    table.autoFilter = None
                _stretch(sheet)
    return titles


def _heading(sheet: Worksheet, index: int, column: Column) -> None:
    cell = sheet.cell(1, index, column.heading)
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor="14506B")
    cell.alignment = Alignment(vertical="center")
    sheet.column_dimensions[get_column_letter(index)].width = column.width


def _prepare(sheet: Worksheet, columns: Sequence[Column], table: str, event: Event) -> None:
    for index, column in enumerate(columns, 1):
        _heading(sheet, index, column)
    sheet.row_dimensions[1].height = 22
    sheet.freeze_panes = "B2" if sheet.title == PEOPLE else "A2"
    end = get_column_letter(len(columns))
    sheet.add_table(
        Table(
            displayName=table,
            ref=f"A1:{end}2",
            tableStyleInfo=TableStyleInfo(name="TableStyleLight9", showRowStripes=True),
        )
    )
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    sheet.oddFooter.center.text = "&A – sida &P av &N"  # type: ignore[union-attr]
    at = {column.heading: get_column_letter(i) for i, column in enumerate(columns, 1)}
    if sheet.title == PEOPLE:
        _choices(sheet, at["Enhet"], [*(event.unit_label(u.key, "sv") for u in event.units), "Annan"])
        _choices(sheet, at["Status"], list(STATUS_COLOUR))
        _choices(sheet, at["Datum"], [f"{s.date:%Y-%m-%d}" for s in event.sessions])
        status = at["Status"]
        for label, colour in STATUS_COLOUR.items():
            strike = Font(strike=True, color="7F7F7F") if label == "Avbokad" else None
            rule = FormulaRule(
                formula=[f'${status}2="{label}"'], fill=PatternFill("solid", bgColor=colour), font=strike
            )
            area = f"A2:{end}5000" if label in ("Väntar på svar", "Avbokad") else f"{status}2:{status}5000"
            sheet.conditional_formatting.add(area, rule)
    else:
        _choices(sheet, at["Klar"], [DONE])
        sheet.conditional_formatting.add(
            f"A2:{end}5000", FormulaRule(formula=[f'${at["Klar"]}2<>""'], font=Font(color="7F7F7F", strike=True))
        )


def _choices(sheet: Worksheet, column: str, values: Sequence[str]) -> None:
    listed = ",".join(value.replace(",", " ").replace('"', "'") for value in values)
    if len(listed) <= 250:
        rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
        rule.add(f"{column}2:{column}5000")
        sheet.add_data_validation(rule)


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
            loose[line] = cells
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
    formats = {column.heading: column.number_format for column in columns}
    for heading, value in cells.items():
        if heading not in at:
            continue
        cell = sheet.cell(line, at[heading])
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
            cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
        if formats[heading] != "General" and cell.number_format in _OPENPYXL_DATES:
            cell.number_format = formats[heading]
            cell.alignment = Alignment(horizontal="center")
        if heading == "Utdrag":
            cell.alignment = Alignment(wrap_text=True, vertical="top")


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
