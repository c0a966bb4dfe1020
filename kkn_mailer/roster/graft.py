"""A sheet that openpyxl built, put into the organiser's workbook: new as a whole, or anew where it already stands.

Cell formats are found or added in her `styles.xml`; drawings, charts and tables come along under free names. Of a sheet
written anew only the cells, merged areas and conditional formats are replaced. What she drew there stays; a chart of
ours that she gave other looks keeps them, and only the values stored in it become those of today.
"""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from .book import Book
from .package import RELATION, Element, Package, namespace, parse, relation_attribute, serial
from .styles import Styles

_ORDER = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData"),
    *("sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter"),
    *("sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr"),
    *("conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins"),
    *("pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties"),
    *("cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing"),
    *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls"),
    *("webPublishItems", "tableParts", "extLst"),
)
"""The order in which a worksheet's elements must stand (CT_Worksheet)."""
_FILLED = ("sheetData", "mergeCells", "conditionalFormatting")
_FREE = {"drawing": "xl/drawings/drawing{}.xml", "chart": "xl/charts/chart{}.xml", "table": "xl/tables/table{}.xml"}


def graft(book: Book, built: bytes, name: str) -> None:
    """Put the sheet `name` of a workbook that openpyxl built into a book, in place of the one of that name or last."""
    source = Book(built)
    root = parse(source.package[source.parts[name]])
    _restyle(root, book.styles, source.styles)
    if name in book:
        _refill(book, source, root, name)
    else:
        _insert(book, source, root, name)


def _restyle(root: Element, styles: Styles, other: Styles) -> None:
    """Let cells, rows, columns and conditional formats name the formats of their new workbook."""
    space = namespace(root)
    for tag, attribute in ((f"{space}c", "s"), (f"{space}row", "s"), (f"{space}col", "style")):
        for element in root.iter(tag):
            if element.get(attribute) is not None or tag == f"{space}c":
                element.set(attribute, str(styles.adopt(other, int(element.get(attribute, "0")))))
    for rule in root.iter(f"{space}cfRule"):
        if rule.get("dxfId") is not None:
            rule.set("dxfId", str(styles.adopt_conditional(other, int(rule.get("dxfId")))))


def _insert(book: Book, source: Book, root: Element, name: str) -> None:
    package, origin = book.package, source.parts[name]
    part = package.free_name("xl/worksheets/sheet{}.xml")
    package.add(part, serial(root), source.package.type_of(origin))
    ids = {
        relation.id: package.relate(part, relation.kind, _carry(package, source.package, relation.target))
        for relation in source.package.relations(origin)
        if not relation.external
    }
    _rename(root, ids)
    package[part] = serial(root)
    main = package.tree(book.main)
    space = namespace(main)
    sheets = main.find(f"{space}sheets")
    entry = etree.SubElement(
        sheets, f"{space}sheet", name=name, sheetId=str(max(int(sheet.get("sheetId")) for sheet in sheets) + 1)
    )
    entry.set(f"{{{RELATION[:-1]}}}id", package.relate(book.main, "worksheet", part))
    _name_areas(main, source, name, len(sheets) - 1)
    package[book.main] = serial(main)
    book.parts[name] = part


def _name_areas(main: Element, source: Book, name: str, index: int) -> None:
    """Take over the names a sheet uses, and what of it is printed: the workbook keeps these, by the sheet's place."""
    theirs = source.package.tree(source.main)
    their_space, space = namespace(theirs), namespace(main)
    place = list(source.parts).index(name)
    there = {e.get("name") for e in main.iter(f"{space}definedName") if e.get("localSheetId") is None}
    found = [
        e
        for e in theirs.iter(f"{their_space}definedName")
        if e.get("localSheetId") == str(place) or (e.get("localSheetId") is None and e.get("name") not in there)
    ]
    if not found:
        return
    names = main.find(f"{space}definedNames")
    if names is None:
        names = etree.Element(f"{space}definedNames")
        before = ("sheets", "functionGroups", "externalReferences")
        [e for tag in before for e in main.iterfind(f"{space}{tag}")][-1].addnext(names)
    for element in found:
        made = etree.SubElement(names, f"{space}definedName", name=element.get("name"))
        if element.get("localSheetId") is not None:
            made.set("localSheetId", str(index))
        made.text = element.text


def _carry(package: Package, source: Package, part: str) -> str:
    """Copy a part and all it links to under free names; returns its new name."""
    kind = part.split("/")[-1].rstrip("0123456789.xml")
    name = package.free_name(_FREE.get(kind, f"xl/media/{kind}{{}}.{part.rpartition('.')[2]}"))
    data = source[part]
    package.add(name, data, source.type_of(part))
    relations = [relation for relation in source.relations(part) if not relation.external]
    ids = {r.id: package.relate(name, r.kind, _carry(package, source, r.target)) for r in relations}
    if ids or kind == "table":
        root = parse(data)
        _rename(root, ids)
        if kind == "table":
            _make_unique(package, name, root)
        package[name] = serial(root)
    return name


def _make_unique(package: Package, part: str, table: Element) -> None:
    """A workbook has each table's number and name only once."""
    others = [package.tree(other) for other in package.names() if other.startswith("xl/tables/") and other != part]
    table.set("id", str(max([0, *(int(other.get("id")) for other in others)]) + 1))
    taken = {other.get("displayName", "").casefold() for other in others}
    name, number = table.get("displayName"), 2
    while table.get("displayName").casefold() in taken:
        table.set("displayName", f"{name}{number}")
        table.set("name", f"{name}{number}")
        number += 1


def _rename(root: Element, ids: dict[str, str]) -> None:
    """Let the links in a part name their new relations."""
    for element in root.iter():
        for key, value in element.attrib.items():
            if key.startswith("{") and "/relationships}" in key and value in ids:
                element.set(key, ids[value])


def _refill(book: Book, source: Book, root: Element, name: str) -> None:
    """Replace the cells of a sheet that is there, and its charts where they show other cells than they should."""
    package, part = book.package, book.parts[name]
    there = package.tree(part)
    space = namespace(there)
    if next(there.iter(f"{space}c"), None) is None and not package.relations(part):
        there, space = _bare(root), namespace(root)
    for tag in _FILLED:
        for old in there.findall(space + tag):
            there.remove(old)
        for new in root.findall(namespace(root) + tag):
            _place(there, _in_space(new, space))
    _redraw(package, source.package, part, source.parts[name], there, name)
    package[part] = serial(there)


def _bare(root: Element) -> Element:
    """A built sheet without what it draws, in place of one that holds nothing yet."""
    sheet = deepcopy(root)
    for element in sheet.findall(f"{namespace(root)}drawing"):
        sheet.remove(element)
    return sheet


def _redraw(package: Package, source: Package, part: str, origin: str, there: Element, name: str) -> None:
    theirs = next((r.target for r in source.relations(origin) if r.kind == "drawing"), None)
    if theirs is None:
        return
    drawing = next((r.target for r in package.relations(part) if r.kind == "drawing"), None)
    if drawing is None:
        identity = package.relate(part, "drawing", _carry(package, source, theirs))
        element = etree.Element(f"{namespace(there)}drawing")
        element.set(f"{{{RELATION[:-1]}}}id", identity)
        _place(there, element)
        return
    built = {r.id: source[r.target] for r in source.relations(theirs) if r.kind == "chart"}
    charts = {r.id: r.target for r in package.relations(drawing) if r.kind == "chart"}
    by_cells = {_shown(chart): identity for identity, chart in built.items()}
    missing, old = set(built), set()
    for identity, target in charts.items():
        cells = _shown(package[target])
        if cells in by_cells:
            missing.discard(by_cells[cells])
            package[target] = _up_to_date(package[target], built[by_cells[cells]])
        elif cells and all(cell.startswith(f"{name}!") for cell in cells):
            old.add(identity)
    if missing:
        _exchange(package, source, drawing, theirs, old, missing)


def _up_to_date(chart: bytes, built: bytes) -> bytes:
    """A chart with today's values: the built one where nobody touched it, else hers with the values of the built one."""
    if _looks(chart) == _looks(built):
        return built
    root, fresh = parse(chart), parse(built)
    caches = {_reference(f.text): cache for f in fresh.iter("{*}f") for cache in (f.getnext(),) if cache is not None}
    changed = False
    for f in list(root.iter("{*}f")):
        cache, new = f.getnext(), caches.get(_reference(f.text))
        if cache is not None and new is not None and _points(cache) != _points(new):
            f.getparent().replace(cache, deepcopy(new))
            changed = True
    return serial(root) if changed else chart


def _points(cache: Element) -> list[tuple[str, str]]:
    return [(point.get("idx"), point.findtext("{*}v")) for point in cache.iter("{*}pt")]


def _looks(chart: bytes) -> bytes:
    """A chart without its values and what is said of single ones."""
    root = parse(chart)
    etree.strip_elements(root, "{*}numCache", "{*}strCache", "{*}dLbl", with_tail=False)
    looks: bytes = etree.tostring(root, method="c14n")
    return looks


def _exchange(package: Package, source: Package, drawing: str, theirs: str, old: set[str], new: set[str]) -> None:
    """Take charts out of a drawing, and put in those of another, by the ids of their relations."""
    root, other = package.tree(drawing), source.tree(theirs)
    for anchor in list(root):
        if _links(anchor) & old:
            root.remove(anchor)
    for relation in package.relations(drawing):
        if relation.id in old:
            package.unrelate(drawing, relation.id)
            package.remove(relation.target)
    targets = {r.id: r.target for r in source.relations(theirs)}
    for anchor in other:
        if _links(anchor) & new:
            mine = deepcopy(anchor)
            _rename(
                mine, {i: package.relate(drawing, "chart", _carry(package, source, targets[i])) for i in _links(anchor)}
            )
            root.append(mine)
    package[drawing] = serial(root)


def _links(anchor: Element) -> set[str]:
    return {found for element in anchor.iter() if (found := relation_attribute(element))}


def _shown(chart: bytes) -> frozenset[str]:
    """The cells a chart shows."""
    return frozenset(_reference(f.text) for f in parse(chart).iter("{*}f"))


def _reference(text: str | None) -> str:
    """Cells as a chart names them, however a program writes it."""
    return (text or "").replace("$", "").replace("'", "")


def _place(root: Element, element: Element) -> None:
    """Put an element where the order of a worksheet has it."""
    rank = _ORDER.index(etree.QName(element).localname)
    before = (i for i, other in enumerate(root) if _rank(other) > rank)
    root.insert(next(before, len(root)), element)


def _rank(element: Element) -> int:
    name = etree.QName(element).localname if isinstance(element.tag, str) else ""
    return _ORDER.index(name) if name in _ORDER else 0


def _in_space(element: Element, space: str) -> Element:
    mine = deepcopy(element)
    for part in mine.iter():
        part.tag = space + etree.QName(part).localname
    return mine
