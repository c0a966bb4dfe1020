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
from openpyxl.worksheet.worksheet import Worksheet

from ..domain import Registration
from ..event import Event
from .book import Book
from .fresh import new_book
from .graft import graft
from .layout import OVERVIEW, PEOPLE, PEOPLE_COLUMNS, REVIEW_COLUMNS, REVIEWS, Column
from .overview import write_overview
from .package import TYPES

_COLUMNS: dict[str, tuple[Column, ...]] = {PEOPLE: PEOPLE_COLUMNS, REVIEWS: REVIEW_COLUMNS}
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
