"""The roster's workbook between reading and writing: our sheets, the revision, and a package that holds all the rest."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from lxml import etree
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from .cells import Cells, shared_strings
from .layout import OVERVIEW, PEOPLE, PEOPLE_COLUMNS, REVIEW_COLUMNS, REVIEWS, Column
from .notes import without_notes
from .package import Element, Package, namespace, relation_attribute, serial
from .sheet import Sheet, mentions
from .styles import Styles
from .table import Table

REVISION = "kkn-revision"
OURS = (PEOPLE, REVIEWS, OVERVIEW)
_CUSTOM = "docProps/custom.xml"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM_SPACE = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_CORE = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
_VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
"""The property set that all custom properties belong to."""
_AFTER_CALCULATION = (
    *("oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes"),
    *("webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst"),
)


class Book:
    """A workbook: `book["Deltagare"]` is a sheet of rows, read and altered in place; `data` the file it has become.

    Raises for what is no workbook whatever the reader stumbled on: `BadZipFile`, `KeyError`, `ValueError`, `SyntaxError`.
    """

    def __init__(self, data: bytes) -> None:
        self.package = Package(data)
        self.main = self._related("", "officeDocument")
        root = self.package.tree(self.main)
        self._ns = namespace(root)
        self.parts = self._sheet_parts(root)
        self.styles_part = self._related(self.main, "styles")
        self.styles = Styles(self.package[self.styles_part])
        strings = [r.target for r in self.package.relations(self.main) if r.kind == "sharedStrings"]
        about = root.find(f"{self._ns}workbookPr")
        mac = about is not None and about.get("date1904") in ("1", "true")
        self._cells = Cells(
            self._ns,
            shared_strings(self.package.tree(strings[0])) if strings else [],
            self.styles,
            CALENDAR_MAC_1904 if mac else None,
        )
        self._sheets: dict[str, Sheet] = {}
        self._titles: list[str] = []
        for name, columns in ((PEOPLE, PEOPLE_COLUMNS), (REVIEWS, REVIEW_COLUMNS)):
            if name not in self.parts:
                self._recognise(name, columns)
            if name in self.parts:
                self[name]

    def _recognise(self, name: str, columns: Sequence[Column]) -> None:
        """Find a sheet of ours that the organiser gave another title, by its headings; the title stays."""
        for title in [title for title in self.parts if title not in OURS]:
            with suppress(ValueError):
                there = self[title].headings()
                if sum(column.heading in there for column in columns) > len(columns) - 3:
                    self.parts[name], self._sheets[name] = self.parts.pop(title), self._sheets.pop(title)
                    self._titles.append(title)
                    return
            self._sheets.pop(title, None)

    def __contains__(self, name: str) -> bool:
        return name in self.parts

    def __getitem__(self, name: str) -> Sheet:
        """A sheet of rows. Raises `KeyError` where there is none."""
        if name not in self._sheets:
            part = self.parts[name]
            tables = [
                Table(r.target, self.package.tree(r.target)) for r in self.package.relations(part) if r.kind == "table"
            ]
            self._sheets[name] = Sheet(self.package.tree(part), self._cells, tables)
        return self._sheets[name]

    @property
    def revision(self) -> int:
        """The number given to the file when it was written last; 0 for one that is not ours."""
        part = self._custom_part()
        found = self._revision(self.package.tree(part)) if part else None
        try:
            return int(float(found[0].text)) if found is not None and len(found) else 0
        except (TypeError, ValueError):
            return 0

    @property
    def saved_by(self) -> str:
        """Who saved the file last, where the program said so."""
        part = next((r.target for r in self.package.relations("") if r.kind == "core-properties"), None)
        found = self.package.tree(part).findtext(f"{_CORE}lastModifiedBy") if part else None
        return (found or "").strip()

    def data(self, revision: int) -> bytes:
        """The file, with what changed in it and its new revision."""
        self._set_revision(revision)
        for name, sheet in self._sheets.items():
            part = self.parts[name]
            if sheet.changed:
                self.package[part] = serial(sheet.finished())
            for table in sheet.tables:
                if table.changed:
                    self.package[table.part] = serial(table.root)
            if sheet.dead_links:
                self.package.unrelate(part, *sheet.dead_links)
            if sheet.emptied:
                without_notes(self.package, part, sheet.emptied)
        if self.styles.changed:
            self.package[self.styles_part] = self.styles.data()
        self._recalculate()
        return self.package.data()

    # ── formulas of hers ──────────────────────────────────────────────────────────────────────────────────────────

    def _recalculate(self) -> None:
        """Have formulas that look at our sheets computed when the file is opened, since their stored results are old."""
        if any(sheet.moved_formulas for sheet in self._sheets.values()):
            for relation in self.package.relations(self.main):
                if relation.kind == "calcChain":
                    self.package.unrelate(self.main, relation.id)
                    self.package.remove(relation.target)
        root = self.package.tree(self.main)
        if not self._looks_at_us(root):
            return
        element = root.find(f"{self._ns}calcPr")
        if element is None:
            later = {f"{self._ns}{name}" for name in _AFTER_CALCULATION}
            element = etree.Element(f"{self._ns}calcPr")
            root.insert(next((i for i, other in enumerate(root) if other.tag in later), len(root)), element)
        if element.get("fullCalcOnLoad") not in ("1", "true"):
            element.set("fullCalcOnLoad", "1")
            self.package[self.main] = serial(root)

    def _looks_at_us(self, root: Element) -> bool:
        if any(sheet.has_formulas() for sheet in self._sheets.values()):
            return True
        names = [*OURS, *self._titles, *(table.name for sheet in self._sheets.values() for table in sheet.tables)]
        names += [
            defined.get("name")
            for defined in root.iterfind(f"{self._ns}definedNames/{self._ns}definedName")
            if any(name in (defined.text or "") for name in names)
        ]
        return any(mentions(self.package[part], names) for name, part in self.parts.items() if name not in OURS)

    # ── parts ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _sheet_parts(self, root: Element) -> dict[str, str]:
        targets = {r.id: r.target for r in self.package.relations(self.main) if r.kind == "worksheet"}
        ids = ((s.get("name"), relation_attribute(s)) for s in root.iterfind(f"{self._ns}sheets/{self._ns}sheet"))
        return {name: targets[identity] for name, identity in ids if identity in targets}

    def _related(self, part: str, kind: str) -> str:
        for relation in self.package.relations(part):
            if relation.kind == kind:
                return relation.target
        raise KeyError(f"{part or 'the file'} has no {kind}")

    def _custom_part(self) -> str | None:
        return next((r.target for r in self.package.relations("") if r.kind == "custom-properties"), None)

    @staticmethod
    def _revision(root: Element) -> Element | None:
        return next((p for p in root if p.get("name") == REVISION), None)

    def _set_revision(self, number: int) -> None:
        part = self._custom_part()
        if part is None:
            part = _CUSTOM
            empty = f'<Properties xmlns="{_CUSTOM_SPACE}" xmlns:vt="{_VALUES}"/>'.encode()
            self.package.add(part, empty, _CUSTOM_TYPE)
            self.package.relate("", "custom-properties", part)
        root = self.package.tree(part)
        entry = self._revision(root)
        if entry is None:
            taken = [int(p.get("pid")) for p in root]
            entry = etree.SubElement(
                root, f"{namespace(root)}property", fmtid=_FORMAT_ID, pid=str(max([1, *taken]) + 1), name=REVISION
            )
        for value in list(entry):
            entry.remove(value)
        etree.SubElement(entry, f"{{{_VALUES}}}i4").text = str(number)
        self.package[part] = serial(root)
