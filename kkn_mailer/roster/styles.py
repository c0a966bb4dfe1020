"""The cell formats of a workbook (`xl/styles.xml`): which show dates, and the one we need, found or else added."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from .package import Element, namespace, parse, serial

_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles")
_FIRST_OWN = 164
"""Number formats below are built in."""


class Styles:
    """Cell formats by their number, as cells name them."""

    def __init__(self, data: bytes) -> None:
        self.root = parse(data)
        self.changed = False
        self._ns = namespace(self.root)
        self._formats = [self._code(xf) for xf in self._group("cellXfs")]
        self._dates = [is_date_format(code) for code in self._formats]
        self._found: dict[tuple[object, ...], int] = {}

    def data(self) -> bytes:
        return serial(self.root)

    def shows_date(self, style: int) -> bool:
        return style < len(self._dates) and bool(self._dates[style])

    def plain(self, style: int) -> bool:
        """Whether nobody chose a look: the text may be marked as text."""
        group = self._group("cellXfs")
        if style == 0 or style >= len(group):
            return True
        names = ("numFmtId", "fontId", "fillId", "borderId")
        return all(group[style].get(n) == group[0].get(n) for n in names) and not len(group[style])

    def variant(
        self,
        style: int,
        *,
        number_format: str | None = None,
        quote: bool | None = None,
        alignment: Mapping[str, str] | None = None,
    ) -> int:
        """The format that is like `style` but for what is named: `quote` marks text that must stay text."""
        key = (style, number_format, quote, *sorted((alignment or {}).items()))
        if key not in self._found:
            group = self._group("cellXfs")
            xf = deepcopy(group[style]) if style < len(group) else etree.Element(f"{self._ns}xf", xfId="0")
            if number_format is not None:
                xf.set("numFmtId", str(self.number_format(number_format)))
                xf.set("applyNumberFormat", "1")
            if quote is not None and (quote or _true(xf.get("quotePrefix"))):
                xf.set("quotePrefix", "1" if quote else "0")
            if alignment:
                there = xf.find(f"{self._ns}alignment")
                if there is None:
                    there = etree.Element(f"{self._ns}alignment")
                    xf.insert(0, there)
                for name, value in alignment.items():
                    there.set(name, value)
                xf.set("applyAlignment", "1")
            self._found[key] = self.find_or_add("cellXfs", xf)
        return self._found[key]

    def number_format(self, code: str) -> int:
        """The id of a number format."""
        builtin = next((number for number, text in BUILTIN_FORMATS.items() if text == code), None)
        if builtin is not None:
            return builtin
        own = self._group("numFmts")
        for entry in own:
            if entry.get("formatCode") == code:
                return int(entry.get("numFmtId"))
        number = max([_FIRST_OWN - 1, *(int(entry.get("numFmtId")) for entry in own)]) + 1
        etree.SubElement(own, f"{self._ns}numFmt", numFmtId=str(number), formatCode=code)
        self._count(own)
        return number

    def find_or_add(self, group: str, wanted: Element) -> int:
        """The place of an element among fonts, fills, borders, cellXfs or dxfs, put last where none is equal."""
        there, print_ = self._group(group), _print(wanted)
        for index, element in enumerate(there):
            if _print(element) == print_:
                return index
        there.append(wanted)
        self._count(there)
        if group == "cellXfs":
            self._formats.append(self._code(wanted))
            self._dates.append(is_date_format(self._formats[-1]))
        return len(there) - 1

    def adopt(self, other: Styles, style: int) -> int:
        """A cell format of another workbook as one of this workbook's."""
        key = ("of", id(other), style)
        if key not in self._found:
            xf = deepcopy(other._group("cellXfs")[style])
            for group, name in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId")):
                part = other._group(group)[int(xf.get(name, "0"))]
                xf.set(name, str(self.find_or_add(group, self._own(part))))
            xf.set("numFmtId", str(self.number_format(other._formats[style])))
            xf.set("xfId", "0")
            for name in ("applyFont", "applyFill", "applyBorder", "applyNumberFormat"):
                xf.set(name, "1")
            self._found[key] = self.find_or_add("cellXfs", self._own(xf))
        return self._found[key]

    def adopt_conditional(self, other: Styles, number: int) -> int:
        """A format of conditional formatting or a table of another workbook as one of this workbook's."""
        return self.find_or_add("dxfs", self._own(other._group("dxfs")[number]))

    def _own(self, element: Element) -> Element:
        mine = deepcopy(element)
        for part in mine.iter():
            part.tag = self._ns + etree.QName(part).localname
        return mine

    def _group(self, name: str) -> Element:
        there = self.root.find(self._ns + name)
        if there is None:
            later = {self._ns + after for after in _ORDER[_ORDER.index(name) + 1 :]} | {
                f"{self._ns}colors",
                f"{self._ns}extLst",
            }
            there = etree.Element(self._ns + name)
            place = next((i for i, element in enumerate(self.root) if element.tag in later), len(self.root))
            self.root.insert(place, there)
        return there

    def _code(self, xf: Element) -> str:
        number = int(xf.get("numFmtId", "0"))
        own = self.root.find(f"{self._ns}numFmts")
        for entry in own if own is not None else ():
            if int(entry.get("numFmtId")) == number:
                return str(entry.get("formatCode"))
        return BUILTIN_FORMATS.get(number, "General")

    def _count(self, group: Element) -> None:
        group.set("count", str(len(group)))
        self.changed = True


def _print(element: Element) -> tuple[object, ...]:
    """What an element says, whatever the order of its attributes and the prefixes of its names."""
    return (element.tag, tuple(sorted(element.attrib.items())), tuple(_print(child) for child in element))


def _true(text: str | None) -> bool:
    return text in ("1", "true")
