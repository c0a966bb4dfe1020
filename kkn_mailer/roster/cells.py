"""One cell as a sheet's XML holds it: read as what it shows, written so that text is text and nothing else.

A text is written into its cell (`inlineStr`), never into the workbook's shared strings; where it begins like a formula
its format says that it is quoted, so that not even editing the cell makes it one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from lxml import etree
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_WINDOWS_1900, from_excel, to_excel

from .layout import Cell, Column, safe
from .package import Element, namespace
from .styles import Styles

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How a sheet writes a character that XML cannot hold (ST_Xstring)."""
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_REF = re.compile(r"([A-Z]+)(\d+)")
_MEANING = ("t", "cm", "vm", "ph")
"""Attributes that say what a cell's content is; the style `s` and the place `r` stay when the content goes."""


@cache
def column_number(letters: str) -> int:
    """`A` is 1, `AA` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def place(ref: str) -> tuple[int, int]:
    """Line and column of `B7` or `$B$7`, both from 1. Raises `ValueError` for what is no cell."""
    found = _REF.fullmatch(ref.replace("$", ""))
    if found is None:
        raise ValueError(f"{ref} is no cell")
    return int(found[2]), column_number(found[1])


def area(ref: str) -> tuple[int, int, int, int]:
    """First line, first column, last line, last column of `A1:L9`; of a single cell too."""
    first, _, last = ref.partition(":")
    return (*place(first), *place(last or first))


def named(line: int, column: int) -> str:
    return f"{get_column_letter(column)}{line}"


class Cells:
    """Reads and writes single cells, with the strings, formats and calendar of their workbook."""

    def __init__(self, space: str, strings: Sequence[str], styles: Styles, epoch: dt.datetime | None = None) -> None:
        self.strings, self.styles, self.epoch = strings, styles, epoch or CALENDAR_WINDOWS_1900
        self.v, self.f, self.inline, self.t = (f"{space}{name}" for name in ("v", "f", "is", "t"))

    def read(self, cell: Element) -> Cell:
        """What a cell shows: of a formula its last result, or the formula itself where it has never been computed."""
        value: str | None = None
        formula: str | None = None
        kind = cell.get("t", "n")
        for part in cell:
            if part.tag == self.v:
                value = part.text
            elif part.tag == self.inline:
                plain = len(part) == 1 and part[0].tag == self.t
                return unescaped(part[0].text or "" if plain else text_of(part)) or None
            elif part.tag == self.f:
                formula = f"={part.text or ''}"
        if value is None:
            return formula
        if kind == "s":
            return self.strings[int(value)] or None
        if kind == "n":
            return self._number(value, int(cell.get("s", "0")))
        if kind == "b":
            return value in ("1", "true")
        if kind == "d":
            return dt.datetime.fromisoformat(value).replace(tzinfo=None)
        return unescaped(value) or None

    def _number(self, value: str, style: int) -> Cell:
        number = float(value)
        if self.styles.shows_date(style):
            try:
                moment: Any = from_excel(number, self.epoch)
            except (ValueError, OverflowError):
                return value
            return moment if isinstance(moment, dt.datetime) else str(moment)
        return str(int(number)) if number.is_integer() else str(number)

    def write(self, cell: Element, value: Cell, column: Column, fresh: bool = False) -> None:
        """Put a value in place of a cell's content. Its look stays, unless nobody chose one."""
        self.clear(cell)
        style = int(cell.get("s", "0"))
        if isinstance(value, bool):
            cell.set("t", "b")
            etree.SubElement(cell, self.v).text = "1" if value else "0"
        elif isinstance(value, dt.date):
            etree.SubElement(cell, self.v).text = f"{to_excel(value, self.epoch):.15g}"
        elif text := safe(value):
            cell.set("t", "inlineStr")
            part = etree.SubElement(etree.SubElement(cell, self.inline), self.t)
            part.text = escaped(text)
            if text != text.strip() or "\n" in text:
                part.set(_SPACE, "preserve")
            style = self.styles.variant(style, quote=text.startswith(("=", "+", "-", "@")))
        style = self._look(style, value, column, fresh)
        if style or cell.get("s"):
            cell.set("s", str(style))

    def _look(self, style: int, value: Cell, column: Column, fresh: bool) -> int:
        if fresh and self.styles.plain(style):
            aligned = {"horizontal": "center"} if column.centred else {"horizontal": "left", "indent": "1"}
            aligned["vertical"] = "top" if column.tall else "center"
            if column.tall:
                aligned["wrapText"] = "1"
            style = self.styles.variant(style, number_format=column.number_format, alignment=aligned)
        if isinstance(value, dt.date) and not self.styles.shows_date(style):
            style = self.styles.variant(style, number_format=column.number_format)
        return style

    def forget_result(self, cell: Element) -> None:
        """Have a formula computed by whoever opens the file."""
        for result in cell.findall(self.v):
            cell.remove(result)
        cell.attrib.pop("t", None)

    def clear(self, cell: Element) -> None:
        """Take a cell's content, leave its look."""
        for part in list(cell):
            cell.remove(part)
        for name in _MEANING:
            cell.attrib.pop(name, None)


def text_of(element: Element) -> str:
    """The characters of a plain or rich string, without what only helps to pronounce it."""
    space = namespace(element)
    parts = element.iterfind(f"{space}t"), element.iterfind(f"{space}r/{space}t")
    return "".join(part.text or "" for group in parts for part in group)


def shared_strings(root: Element) -> list[str]:
    """The workbook's shared strings, in their order."""
    return [unescaped(text_of(item)) for item in root.iterfind(f"{namespace(root)}si")]


def unescaped(text: str) -> str:
    """Text as it is meant: `_x000D_` is a carriage return."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def escaped(text: str) -> str:
    """Text so that no part of it is taken for an escaped character."""
    return _ESCAPED.sub(lambda found: f"_x005F{found[0]}", text) if "_x" in text else text
