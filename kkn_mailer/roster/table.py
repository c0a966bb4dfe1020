"""A table part (`xl/tables/table1.xml`): the area it covers and the names of its columns."""

from __future__ import annotations

from lxml import etree

from .cells import area, named
from .package import Element, namespace


class Table:
    """A table of a sheet; `changed` once its part has to be written."""

    def __init__(self, part: str, root: Element) -> None:
        self.part, self.root = part, root
        self.changed = False
        self._ns = namespace(root)

    @property
    def name(self) -> str:
        return str(self.root.get("displayName"))

    @property
    def area(self) -> tuple[int, int, int, int]:
        """First line, first column, last line, last column."""
        return area(self.root.get("ref"))

    @property
    def heads(self) -> bool:
        """Whether this is the table whose headings are the sheet's."""
        return self.area[0] == 1

    @property
    def totals(self) -> int | None:
        """The line of totals; None where the table, or this sheet's table of rows, has none."""
        return self.area[2] if self.heads and self.root.get("totalsRowCount", "0") != "0" else None

    def end_at(self, line: int) -> None:
        """Let the rows of the table end at a line; a line of totals follows below."""
        top, left, _, right = self.area
        rows, whole = (f"{named(top, left)}:{named(n, right)}" for n in (line, line + bool(self.totals)))
        if whole != self.root.get("ref"):
            self.root.set("ref", whole)
            for element in self.root.iterfind(f"{self._ns}autoFilter"):
                element.set("ref", rows)
            self.changed = True

    def widen(self, heading: str) -> None:
        """One more column at the right end."""
        top, left, bottom, right = self.area
        self.root.set("ref", f"{named(top, left)}:{named(bottom, right + 1)}")
        for element in self.root.iterfind(f"{self._ns}autoFilter"):
            element.set("ref", f"{named(top, left)}:{named(bottom - bool(self.totals), right + 1)}")
        columns = self.root.find(f"{self._ns}tableColumns")
        number = max(int(column.get("id")) for column in columns) + 1
        etree.SubElement(columns, f"{self._ns}tableColumn", id=str(number), name=heading)
        columns.set("count", str(len(columns)))
        self.changed = True
