"""A sheet of ours as XML: rows are read by heading, cells set by row, rows appended and emptied.

Only the cells named are touched. Widths, hidden rows and columns, formats, conditional formats, validations, filters,
sparklines, links and comments stay as they are, and so do cells and formulas in columns of the organiser's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lxml import etree
from openpyxl.formula.translate import Translator

from .cells import Cells, area, column_number, named, place
from .layout import ID, Cell, Column
from .package import Element, namespace, relation_attribute
from .table import Table

Rows = dict[str, dict[str, Cell]]


class Sheet:
    """A worksheet; lines count from 1 and the headings stand in line 1. `tables` are the tables on it."""

    def __init__(self, root: Element, cells: Cells, tables: Sequence[Table] = ()) -> None:
        self.root, self.tables = root, tables
        self.changed = False
        self.moved_formulas = False
        self.dead_links: set[str] = set()
        self.touched: set[int] = set()
        self.emptied: set[tuple[int, int]] = set()
        self._cells = cells
        self._ns = namespace(root)
        self._row, self._c, self._f = (f"{self._ns}{name}" for name in ("row", "c", "f"))
        self._data = root.find(f"{self._ns}sheetData")
        self._rows: dict[int, Element] = {}
        self._values: dict[int, dict[int, Cell]] = {}
        self._lines: dict[str, int] = {}
        self._column_styles: dict[int, str | None] = {}
        self._end = self._right = 0
        if self._data is None:
            raise ValueError("a sheet without rows")
        self._read()

    def _read(self) -> None:
        read, kind = self._cells.read, self._c
        line = 0
        for row in self._data.iterchildren(self._row):
            line = int(row.get("r") or line + 1)
            row.set("r", str(line))
            values: dict[int, Cell] = {}
            column = 0
            for cell in row.iterchildren(kind):
                ref = cell.get("r")
                if ref is None:
                    column += 1
                    cell.set("r", named(line, column))
                else:
                    column = column_number(ref.rstrip("0123456789"))
                if len(cell):
                    values[column] = read(cell)
            self._rows[line] = row
            self._values[line] = values
        self._end = max(self._rows, default=0)

    def finished(self) -> Element:
        """The sheet's root, with the area that its cells cover and the results in altered rows brought up to date."""
        for line in self.touched:
            for cell in self._rows[line].iterchildren(self._c):
                if cell.find(self._f) is not None:
                    self._cells.forget_result(cell)
        element = self.root.find(f"{self._ns}dimension")
        if element is not None and element.get("ref"):
            top, left, bottom, right = area(element.get("ref"))
            element.set("ref", f"{named(top, left)}:{named(max(bottom, self._end), max(right, self._right))}")
        return self.root

    # ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────

    def headings(self) -> dict[str, int]:
        """Heading to column number, the first of each."""
        found: dict[str, int] = {}
        for column, value in sorted(self._values.get(1, {}).items()):
            if value is not None:
                found.setdefault(str(value).strip(), column)
        return found

    def rows(self, columns: Sequence[Column]) -> tuple[Rows, dict[int, dict[str, Cell]]]:
        """Our columns' cells: by Id, and by line for rows that have none or one that stands above already."""
        there = self.headings()
        at = {column.heading: there[column.heading] for column in columns if column.heading in there}
        known: Rows = {}
        loose: dict[int, dict[str, Cell]] = {}
        self._lines = {}
        totals = {table.totals for table in self.tables}
        for line in sorted(self._values):
            if line == 1 or line in totals:
                continue
            values = self._values[line]
            cells = {heading: values.get(column) for heading, column in at.items()}
            if not any(value not in (None, "") for value in cells.values()):
                continue
            identity = str(cells.get(ID) or "").strip()
            if identity and identity not in known:
                known[identity] = cells
                self._lines[identity] = line
            else:
                loose[line] = cells
        return known, loose

    def holds_rows(self) -> bool:
        """Whether anything stands below line 1."""
        return any(value not in (None, "") for n, values in self._values.items() if n > 1 for value in values.values())

    def line_of(self, identity: str) -> int | None:
        """The line of a row of ours, as `rows` found it or where its Id was put since."""
        return self._lines.get(identity)

    def last_line(self) -> int:
        """The last line with anything under a heading, but for a table's line of totals; 1 for none."""
        totals = {table.totals for table in self.tables}
        listed = self._listed()
        found = (n for n in sorted(self._values, reverse=True) if n not in totals and self._holds(n, listed))
        return next(found, 1)

    def _listed(self) -> set[int]:
        """The columns with a heading, hers too: a note beside the list is no row of it."""
        return {column for column, value in self._values.get(1, {}).items() if value not in (None, "")}

    def _holds(self, line: int, columns: set[int]) -> bool:
        return any(value not in (None, "") and column in columns for column, value in self._values[line].items())

    # ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────

    def put(self, line: int, cells: Mapping[str, Cell], columns: Sequence[Column]) -> None:
        """Set cells of a line by heading."""
        at = self.headings()
        for column in columns:
            if column.heading in cells and column.heading in at:
                self._put(line, at[column.heading], cells[column.heading], column)

    def append(self, rows: Sequence[Mapping[str, Cell]], columns: Sequence[Column]) -> None:
        """New rows below the last one that holds anything; the table, a filter and her formulas reach over them."""
        last = self.last_line()
        for table in self.tables:
            if table.totals:
                self._move(table.totals, last + len(rows) + 1)
                table.end_at(last + len(rows))
        at = self.headings()
        ours = {at[column.heading] for column in columns if column.heading in at}
        for line, cells in enumerate(rows, last + 1):
            self.put(line, cells, columns)
            if last > 1:
                self._continue(last, line, ours)
        self._stretch(last)

    def empty(self, identities: Sequence[str]) -> None:
        """Take the content of rows, hers too: it told of the same person. Lines stay, so that what refers to them holds."""
        last, listed = self.last_line(), self._listed()
        for identity in identities:
            line = self._lines.pop(identity, None)
            if line is None:
                continue
            for cell in self._rows[line].iterchildren(self._c):
                _, column = place(cell.get("r"))
                if column in listed:
                    self._clear(cell)
                    self._values[line].pop(column, None)
            self.emptied |= {(line, column) for column in listed}
            self.changed = True
        self._unlink()
        self._stretch(last)

    def add_heading(self, column: Column) -> None:
        """Put a heading of ours at the right end, looking like its neighbours, and into the table where it adjoins."""
        there = self._values.get(1, {})
        at = max([*there, *(table.area[3] for table in self.tables if table.heads)], default=0) + 1
        like = next((c.get("s") for c in self._row_at(1).iterchildren(self._c) if len(c)), None)
        cell = self._cell(1, at)
        self._cells.write(cell, column.heading, Column(column.heading, column.width))
        if like:
            cell.set("s", like)
        self._values.setdefault(1, {})[at] = column.heading
        self._width(at, column)
        for table in self.tables:
            if table.heads and table.area[3] == at - 1:
                table.widen(column.heading)
        self.changed = True

    def _put(self, line: int, column: int, value: Cell, about: Column) -> None:
        cell, _ = self._seek(line, column)
        fresh = cell is None
        if cell is None:
            if value is None and about.number_format == "General":
                return
            cell = self._cell(line, column)
        self._clear(cell)
        self._cells.write(cell, value, about, fresh)
        self._values[line][column] = self._cells.read(cell)
        self.touched.add(line)
        if about.heading == ID and value:
            self._lines[str(value)] = line
        self.changed = True

    def _clear(self, cell: Element) -> None:
        formula = cell.find(self._f)
        if formula is not None:
            self._release(formula)
            self.moved_formulas = True
        self._cells.clear(cell)

    def _row_at(self, line: int) -> Element:
        row = self._rows.get(line)
        if row is None:
            row = etree.SubElement(self._data, self._row, r=str(line))
            if line < self._end:
                self._rows[min(n for n in self._rows if n > line)].addprevious(row)
            self._end = max(self._end, line)
            self._rows[line] = row
            self._values[line] = {}
        return row

    def _seek(self, line: int, column: int) -> tuple[Element | None, Element | None]:
        """The cell at a place, or else the one before it. From the right, since new rows grow there."""
        row = self._rows.get(line)
        for cell in row.iterchildren(self._c, reversed=True) if row is not None else ():
            here = column_number(cell.get("r").rstrip("0123456789"))
            if here <= column:
                return (cell, None) if here == column else (None, cell)
        return None, None

    def _cell(self, line: int, column: int) -> Element:
        """A cell, made where there is none, with the look of its row or else its column."""
        row = self._row_at(line)
        cell, before = self._seek(line, column)
        if cell is not None:
            return cell
        made = etree.Element(self._c, r=named(line, column))
        style = row.get("s") if row.get("customFormat") in ("1", "true") else self._column_style(column)
        if style and style != "0":
            made.set("s", style)
        if before is None:
            row.insert(0, made)
        else:
            before.addnext(made)
        row.attrib.pop("spans", None)
        self._right = max(self._right, column)
        return made

    def _column_style(self, column: int) -> str | None:
        if column not in self._column_styles:
            cols = self.root.iterfind(f"{self._ns}cols/{self._ns}col")
            mine = (col.get("style") for col in cols if int(col.get("min")) <= column <= int(col.get("max")))
            self._column_styles[column] = next(mine, None)
        return self._column_styles[column]

    def _width(self, at: int, column: Column) -> None:
        """Give a column its width where nothing says how wide it is; the Id is the program's and hidden."""
        cols = self.root.find(f"{self._ns}cols")
        if cols is None:
            cols = etree.Element(f"{self._ns}cols")
            self._data.addprevious(cols)
        if all(not int(col.get("min")) <= at <= int(col.get("max")) for col in cols):
            about = {"min": str(at), "max": str(at), "width": str(column.width), "customWidth": "1"}
            if column.heading == ID:
                about["hidden"] = "1"
            place_in = sum(int(other.get("min")) < at for other in cols)
            cols.insert(place_in, etree.Element(f"{self._ns}col", about))

    # ── what reaches over the rows ────────────────────────────────────────────────────────────────────────────────

    def _stretch(self, before: int) -> None:
        """Let the table of the rows, or a filter over them, end where they end; `before` is where they ended."""
        last = max(self.last_line(), 2)
        for table in self.tables:
            if table.heads and not table.totals:
                table.end_at(last)
        for element in self.root.iterfind(f"{self._ns}autoFilter"):
            top, left, bottom, right = area(element.get("ref"))
            if top == 1 and bottom == before < last:
                element.set("ref", f"{named(top, left)}:{named(last, right)}")

    def _move(self, line: int, to: int) -> None:
        """Move the line of totals out of the way of new rows; it sums by column names."""
        if to == line or line not in self._rows:
            return
        row, values = self._rows.pop(line), self._values.pop(line)
        there = self._row_at(to)
        there.getparent().replace(there, row)
        row.set("r", str(to))
        for cell in row.iterchildren(self._c):
            cell.set("r", named(to, place(cell.get("r"))[1]))
        self._rows[to], self._values[to] = row, values
        self.moved_formulas = self.changed = True

    def _unlink(self) -> None:
        for links in self.root.findall(f"{self._ns}hyperlinks"):
            for link in list(links):
                top, left, bottom, right = area(link.get("ref"))
                if (top, left) == (bottom, right) and (top, left) in self.emptied:
                    links.remove(link)
                    self.dead_links |= {found} if (found := relation_attribute(link)) else set()
            if not len(links):
                links.getparent().remove(links)

    # ── formulas ──────────────────────────────────────────────────────────────────────────────────────────────────

    def has_formulas(self) -> bool:
        return next(self._data.iter(self._f), None) is not None

    def _continue(self, above: int, line: int, ours: set[int]) -> None:
        """Carry formulas in columns of her own down to a new row, as Excel does in a table."""
        for cell in self._rows[above].iterchildren(self._c):
            formula = cell.find(self._f)
            _, column = place(cell.get("r"))
            if formula is None or column in ours or formula.get("t") in ("array", "dataTable"):
                continue
            made = self._cell(line, column)
            if len(made):
                continue
            text = self._formula(formula).translate_formula(named(line, column))
            etree.SubElement(made, self._f).text = text[1:]
            if cell.get("s"):
                made.set("s", cell.get("s"))
            self._values[line][column] = text

    def _formula(self, formula: Element) -> Translator:
        """A formula and where it stands; of one that shares another's text, that other."""
        if formula.get("t") == "shared" and not formula.text:
            formula = next(f for f in self._data.iter(self._f) if f.get("si") == formula.get("si") and f.text)
        return Translator(f"={formula.text}", formula.getparent().get("r"))

    def _release(self, formula: Element) -> None:
        """Before a formula goes whose text others share: give each its own."""
        if formula.get("t") != "shared" or not formula.text:
            return
        main = self._formula(formula)
        for other in list(self._data.iter(self._f)):
            if other.get("si") == formula.get("si") and other is not formula:
                other.text = main.translate_formula(other.getparent().get("r"))[1:]
                for name in ("t", "si", "ref"):
                    other.attrib.pop(name, None)


def mentions(xml: bytes, names: Sequence[str]) -> bool:
    """Whether a sheet has formulas and any of the names: a guess on the safe side, without parsing."""
    return re.search(rb"<(\w+:)?f[ >]", xml) is not None and any(name.encode() in xml for name in names)
