"""The roster's file: read, altered in place, written atomically beside anyone else who has it open."""

from __future__ import annotations

import datetime as dt
import io
import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from ..domain import Registration
from ..event import Event
from .book import Book
from .graft import graft
from .layout import DONE, OVERVIEW, PEOPLE, PEOPLE_COLUMNS, REVIEW_COLUMNS, REVIEWS, STATUS_COLOUR, Column
from .overview import write_overview
from .package import TYPES

_COLUMNS: dict[str, tuple[Column, ...]] = {PEOPLE: PEOPLE_COLUMNS, REVIEWS: REVIEW_COLUMNS}
_TABLES = {PEOPLE: "Deltagarlista", REVIEWS: "AttHantera"}


_UNREADABLE = (
    *(OSError, zipfile.BadZipFile, zlib.error, struct.error, SyntaxError),
    *(LookupError, ValueError, TypeError, AttributeError, RuntimeError),
)
"""What a damaged, encrypted or foreign file makes its readers raise."""
_PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_WITH_MACROS = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


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


def open_book(path: Path) -> Book | None:
    """The workbook on disk; None where there is none. What cannot be read is set aside, never overwritten."""
    if not path.exists():
        return None
    try:
        return Book(path.read_bytes())
    except PermissionError:
        raise RosterBusy(f"{path}: may not be read now; the rows are written when it may") from None
    except _UNREADABLE as error:
        aside = path.with_name(f"{path.stem} oläsbar {dt.datetime.now().astimezone():%Y-%m-%d %H.%M.%S}{path.suffix}")
        try:
            path.replace(aside)
        except OSError:
            raise RosterBusy(f"{path}: cannot be read ({error}) nor set aside now") from None
        return None


def first_book(path: Path, event: Event) -> Book:
    """An empty roster as a file to be written at `path`."""
    book = Book(_bytes(new_book(event)))
    if path.suffix.lower() == ".xlsm":
        book.package[TYPES] = book.package[TYPES].replace(_PLAIN, _WITH_MACROS)
    return book


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


def ensure_sheets(book: Book, event: Event) -> None:
    """Put back a sheet of ours that the organiser took away; put back a heading she deleted at the right end."""
    for name, columns in _COLUMNS.items():
        if name not in book:
            graft(book, _bytes(new_book(event)), name)
        there = book[name].headings()
        for column in columns:
            if column.heading not in there:
                book[name].add_heading(column)


def fill_overview(book: Book, event: Event, rows: Sequence[Registration]) -> None:
    """Write `Översikt` anew."""
    built = Workbook()
    sheet = built.active
    assert isinstance(sheet, Worksheet)
    sheet.title = OVERVIEW
    write_overview(sheet, event, rows)
    graft(book, _bytes(built), OVERVIEW)


def _bytes(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


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


def save(book: Book, path: Path, number: int, seen: os.stat_result | None) -> None:
    """Write atomically: a temporary file beside it, fsync, rename; given up if the file changed since it was read."""
    data = book.data(number)
    handle, name = None, ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", suffix=path.suffix, dir=path.parent)
        with os.fdopen(handle, "wb") as out:
            out.write(data)
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
