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

COLUMNS: dict[str, tuple[Column, ...]] = {PEOPLE: PEOPLE_COLUMNS, REVIEWS: REVIEW_COLUMNS}
_UNREADABLE = (
    *(OSError, zipfile.BadZipFile, zlib.error, struct.error, SyntaxError),
    *(LookupError, ValueError, TypeError, AttributeError, RuntimeError),
)
"""What a damaged, encrypted or foreign file makes its readers raise."""
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an encrypted workbook begins, and one of Excel 97: as a compound file."""
_PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_WITH_MACROS = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


class RosterError(Exception):
    """The roster cannot be written: which file, why, and what to do."""


class RosterBusy(RosterError):
    """Somebody has the file open, or it cannot be reached; the write waits."""


class RosterUnreadable(RosterError):
    """The file is no workbook that can be read: why."""


QUIET = 10
"""Seconds since a file was written last before it is taken for damaged: a program may be in the middle of saving it."""
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


def open_book(path: Path) -> Book | None:
    """The workbook on disk; None where there is none. Raises `RosterUnreadable` for what is no workbook."""
    if not path.exists():
        return None
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RosterBusy(f"{path}: cannot be read now ({error.strerror}); the rows are written when it can") from None
    if data.startswith(_COMPOUND):
        raise RosterUnreadable("it is protected by a password, or of Excel 97")
    try:
        return Book(data)
    except _UNREADABLE as error:
        raise RosterUnreadable(f"{type(error).__name__}: {error}") from None


def set_aside(path: Path, seen: os.stat_result | None) -> Path:
    """Put away a file that cannot be read, under a name of its own; given up while another program is writing it."""
    stem = f"{path.stem} oläsbar {dt.datetime.now().astimezone():%Y-%m-%d %H.%M.%S}"
    names = (f"{stem}{mark}{path.suffix}" for mark in ("", *(f" ({n})" for n in range(2, 1000))))
    aside = path.with_name(next(name for name in names if not path.with_name(name).exists()))
    try:
        now = path.stat()
        if abs(dt.datetime.now(dt.UTC).timestamp() - now.st_mtime) < QUIET or (
            seen and (now.st_mtime_ns, now.st_size) != (seen.st_mtime_ns, seen.st_size)
        ):
            raise RosterBusy(f"{path}: is being saved by another program; the rows are written next time")
        path.rename(aside)
    except OSError as error:
        raise RosterBusy(f"{path}: cannot be read nor set aside now ({error.strerror})") from None
    return aside


def first_book(path: Path, event: Event) -> Book:
    """An empty roster as a file to be written at `path`."""
    book = Book(_bytes(new_book(event)))
    if path.suffix.lower() == ".xlsm":
        book.package[TYPES] = book.package[TYPES].replace(_PLAIN, _WITH_MACROS)
    return book


def ensure_sheets(book: Book, event: Event) -> None:
    """Put back a sheet of ours that the organiser took away; put back a heading she deleted at the right end."""
    for name, columns in COLUMNS.items():
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
