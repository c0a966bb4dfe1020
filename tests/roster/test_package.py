"""Everything of hers survives: after many updates every part of the file that is not ours lies there byte for byte."""

from __future__ import annotations

import datetime as dt
import os
import re
import struct
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import load_workbook
from openpyxl.chart import PieChart, Reference
from openpyxl.comments import Comment

from kkn_mailer.domain import Registration, Status
from kkn_mailer.event import Event
from kkn_mailer.roster import Written, update
from kkn_mailer.roster.book import Book
from kkn_mailer.roster.cells import area, place
from kkn_mailer.roster.package import Package

from ..conftest import need
from .authors import xlsx_writer
from .test_roster import ADA, BO, LINE, rows

UNO = next((p for p in ("/usr/bin/python3", sys.executable) if Path(p).exists()), "python3")

ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""


def entries(path: Path) -> dict[str, bytes]:
    """Each part's compressed bytes as they lie in the file."""
    raw = path.read_bytes()
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        out = {}
        for entry in file.infolist():
            name, extra = struct.unpack("<HH", raw[entry.header_offset + 26 : entry.header_offset + 30])
            start = entry.header_offset + 30 + name + extra
            assert entry.filename not in out, f"{entry.filename} is there twice"
            out[entry.filename] = raw[start : start + entry.compress_size]
        return out


def ours(path: Path) -> set[str]:
    """The parts that may change: our sheets with their tables, the formats, the revision, what is said about parts."""
    book = Book(path.read_bytes())
    mine = {book.parts[name] for name in ("Deltagare", "Att hantera", "Översikt") if name in book.parts}
    tables = {r.target for part in mine for r in book.package.relations(part) if r.kind == "table"}
    drawn = [r.target for r in book.package.relations(book.parts.get("Översikt", "-")) if r.kind == "drawing"]
    charts = {r.target for part in drawn for r in book.package.relations(part) if r.kind == "chart"}
    return mine | tables | charts | {book.styles_part, "docProps/custom.xml"}


def sound(path: Path) -> None:
    """What Excel would repair: dangling links, types of parts that are not there, cells out of order, odd tables."""
    package = Package(path.read_bytes())
    names = set(package.names())
    for name in names:
        if name.endswith((".xml", ".rels")):
            package.tree(name)
    for override in package.tree("[Content_Types].xml").findall("{*}Override"):
        assert override.get("PartName")[1:] in names
    for part in [*(n for n in names if not n.endswith(".rels")), ""]:
        for relation in package.relations(part):
            assert relation.external or relation.target in names, f"{part} links to {relation.target}"
        if part and part != "[Content_Types].xml":
            assert package.type_of(part), part
    for name, part in Book(path.read_bytes()).parts.items():
        root = package.tree(part)
        lines = [int(row.get("r")) for row in root.iter("{*}row")]
        assert lines == sorted(set(lines)), name
        for row in root.iter("{*}row"):
            cells = [place(cell.get("r")) for cell in row.iter("{*}c")]
            assert cells == sorted(set(cells)), (name, row.get("r"))
            assert {line for line, _ in cells} <= {int(row.get("r"))}
        for relation in package.relations(part):
            if relation.kind == "table":
                table = package.tree(relation.target)
                columns = [column.get("name") for column in table.iter("{*}tableColumn")]
                top, left, bottom, right = area(table.get("ref"))
                assert len(columns) == right - left + 1
                head = [c.value for c in load_workbook(path)[name][top][left - 1 : right]]
                assert head == columns
                assert bottom > top
    ids = [t.get("id") for n in names if n.startswith("xl/tables/") for t in [package.tree(n)]]
    assert len(ids) == len(set(ids))


def convert(path: Path, kind: str, folder: Path, compute: bool = False) -> Path:
    """The workbook as LibreOffice understands it; with `compute` all formulas are computed, as Excel is told to."""
    profile = folder / ("computes" if compute else "profile")
    if compute:
        (profile / "user").mkdir(parents=True, exist_ok=True)
        (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS)
    done = subprocess.run(
        [need("soffice"), "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", kind, "--outdir", str(folder / "out"), str(path)],
        capture_output=True, timeout=180, check=False, env=os.environ | {"HOME": str(folder)},
    )  # fmt: skip
    out = folder / "out" / f"{path.stem}.{kind}"
    assert out.exists(), done.stderr
    return out


def by_xlsxwriter(path: Path, event: Event, folder: Path) -> None:
    xlsx_writer.write(path, event, [ADA, BO])


def by_libreoffice(path: Path, event: Event, folder: Path) -> None:
    """XlsxWriter's workbook, since LibreOffice has no way to be told to draw a sparkline, edited and saved by it."""
    xlsx_writer.write(path, event, [ADA, BO])
    picture, pipe = folder / "bild.png", f"kkn{uuid.uuid4().hex}"
    picture.write_bytes(xlsx_writer.picture())
    office = subprocess.Popen(
        [need("soffice"), "--headless", "--norestore", f"-env:UserInstallation=file://{folder}/profile", f"--accept=pipe,name={pipe};urp;"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"HOME": str(folder)},
    )  # fmt: skip
    try:
        script = Path(__file__).parent / "authors" / "libreoffice.py"
        done = subprocess.run(
            [UNO, script, pipe, path, picture], capture_output=True, text=True, timeout=120, check=False
        )
        if "No module named 'uno'" in done.stderr:
            pytest.skip("LibreOffice's UNO for Python is not installed")
        assert done.returncode == 0, done.stderr
        office.wait(60)
    finally:
        office.kill()


def fifty(path: Path, event: Event, first: Written) -> list[Registration]:
    """Fifty updates: somebody new, somebody's choice, a cancellation, a row taken out."""
    people, snapshot = [ADA, BO], first.snapshot
    for number in range(50):
        if number % 10 == 9:
            people = [p for p in people if p.id != f"N{number - 2:07d}"]
        elif number % 2:
            people = [*people, replace(ADA, id=f"N{number:07d}", name=f"=Ny {number}", date=dt.date(2020, 2, 14))]
        else:
            people[1] = replace(people[1], municipality="Trosa" if number % 4 else "Nyköping", diet=f"nr {number}")
            people[-1] = replace(people[-1], status=Status.CANCELLED)
        done = update(path, event, people, [LINE, replace(LINE, id=f"R{number:07d}")], snapshot)
        assert done.wrote
        assert done.people == ()
        snapshot = done.snapshot
    return people


@pytest.mark.parametrize("author", [by_xlsxwriter, by_libreoffice])
def test_fifty_updates_leave_every_other_part_byte_for_byte(
    tmp_path: Path, event: Event, author: Callable[[Path, Event, Path], None]
) -> None:
    path = tmp_path / "deltagare.xlsx"
    author(path, event, tmp_path)
    made = entries(path)
    assert sum(name.startswith("xl/charts/") for name in made) == (2 if author is by_libreoffice else 1)
    assert any(name.startswith("xl/media/") for name in made)
    assert any(b"sparkline" in Package(path.read_bytes())[name] for name in made if "sheet1" in name)
    assert (author is by_xlsxwriter) or any(name.startswith("xl/pivotTables/") for name in made)
    first = update(path, event, [ADA, BO], [LINE], None)
    begun = entries(path)
    added = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
    assert {n for n in made if begun.get(n) != made[n]} <= ours(path) | added
    people = fifty(path, event, first)
    after = entries(path)
    assert {n for n in begun if after.get(n) != begun[n]} <= ours(path)
    assert set(after) == set(begun), "an update added parts"
    sound(path)
    assert [(r["Namn"], r["Status"], r["Kommun"]) for r in rows(path)] == [
        (p.name, "Bekräftad" if p.status is Status.CONFIRMED else "Avbokad", p.municipality) for p in people
    ]
    assert convert(path, "pdf", tmp_path).stat().st_size > 10_000
    seen = load_workbook(convert(path, "xlsx", tmp_path))
    names = [row[0].value for row in seen["Deltagare"].iter_rows(min_row=2) if row[0].value]
    assert names == [p.name for p in people]
    assert len(seen["Egna"]._charts) == 1
    assert len(seen["Översikt"]._charts) == 1
    assert seen["Egna"]["B1"].value.startswith("=COUNTA(")
    assert seen["Deltagare"].column_dimensions["G"].hidden
    assert seen["Deltagare"]["A2"].comment.text.endswith("ring henne")


def test_what_stands_on_our_sheet_beside_our_cells_survives(tmp_path: Path, event: Event) -> None:
    path = tmp_path / "deltagare.xlsx"
    xlsx_writer.write(path, event, [ADA, BO])
    part = "xl/worksheets/sheet1.xml"
    kept = ("cols", "sheetViews", "conditionalFormatting", "dataValidations", "drawing", "legacyDrawing", "extLst")

    def beside() -> dict[str, list[bytes]]:
        root = Package(path.read_bytes()).tree(part)
        return {tag: [etree.tostring(e, method="c14n") for e in root.iter(f"{{*}}{tag}")] for tag in kept}

    before = beside()
    assert all(before.values()), {tag for tag in kept if not before[tag]}
    fifty(path, event, update(path, event, [ADA, BO], [LINE], None))
    assert beside() == before
    sheet = load_workbook(path)["Deltagare"]
    assert (sheet["M2"].value, sheet["P12"].value, sheet["P12"].hyperlink.target) == (
        101,
        "Lokalen",
        "https://example.com/lokal",
    )
    assert (sheet.row_dimensions[3].height, sheet["D2"].number_format) == (30.75, "d mmm yyyy")
    assert sheet["N6"].value == "=Lista[[#This Row],[Avgift]]*0.25"


def prefixed(xml: bytes) -> bytes:
    """The same sheet with every name written out with a prefix, as some programs do."""
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = xml.replace(b'xmlns="' + space, b'xmlns:x="' + space)
    return re.sub(rb"<(/?)(?![?!])(?=\w+[ />])", rb"<\1x:", xml)


def unplaced(xml: bytes) -> bytes:
    """The same sheet without the places of its cells, which follow from their order."""
    xml = re.sub(rb"(<row)[^>]*?(/?>)", rb"\1\2", xml)
    return re.sub(rb'(<c) r="[A-Z]+[0-9]+"', rb"\1", xml)


def ignorable(xml: bytes) -> bytes:
    """The same sheet with marks that only newer programs understand, as Excel writes it."""
    spaces = (
        b'<worksheet mc:Ignorable="x14ac xr" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        b'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" '
        b'xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" xr:uid="{0}" '
    )
    return xml.replace(b"<worksheet ", spaces).replace(b"<row ", b'<row x14ac:dyDescent="0.25" ')


@pytest.mark.parametrize("wording", [prefixed, unplaced, ignorable])
def test_any_way_to_write_a_sheet_is_read_and_kept(
    tmp_path: Path, event: Event, wording: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "deltagare.xlsx"
    people = [ADA, replace(BO, date=dt.date(2020, 2, 12), diet="nej", note="hej")]
    first = update(path, event, [replace(ADA, note="x"), people[1]], [LINE], None)
    package = Package(path.read_bytes())
    package["xl/worksheets/sheet1.xml"] = wording(package["xl/worksheets/sheet1.xml"])
    path.write_bytes(package.data())
    people = [replace(ADA, note="x", diet="nöt"), people[1], replace(ADA, id="CCCCCCCC", name="Cia")]
    done = update(path, event, people, [LINE], first.snapshot)
    assert done.people == ()
    sound(path)
    assert [(r["Namn"], r["Kost"]) for r in rows(path)] == [("Ada Ek", "nöt"), ("Bo Ask", "nej"), ("Cia", "vegan")]
    after = Package(path.read_bytes())["xl/worksheets/sheet1.xml"]
    if wording is prefixed:
        assert b"<x:c " in after
        assert b"<c " not in after
    if wording is ignorable:
        assert b'mc:Ignorable="x14ac xr"' in after
        assert b'xmlns:xr="' in after
        assert after.count(b'x14ac:dyDescent="0.25"') == 3


def test_what_no_library_writes_survives_too(tmp_path: Path, event: Event) -> None:
    """A slicer and a threaded comment, as Excel keeps them; the thread of a row that is taken out goes."""
    path = tmp_path / "deltagare.xlsx"
    first = update(path, event, [ADA, BO], [LINE], None)
    package, sheet = Package(path.read_bytes()), "xl/worksheets/sheet1.xml"
    talk = b'<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
    talk += b'<threadedComment ref="A2" id="{1}"><text>om Ada</text></threadedComment>'
    talk += b'<threadedComment ref="A3" id="{2}"><text>om Bo</text></threadedComment></ThreadedComments>'
    office = "http://schemas.microsoft.com/office/"
    for kind, part, data in (
        (f"{office}2017/10/relationships/threadedComment", "xl/threadedComments/threadedComment1.xml", talk),
        (f"{office}2007/relationships/slicer", "xl/slicers/slicer1.xml", b"<slicers/>"),
    ):
        package.add(part, data, f"application/vnd.ms-excel.{part.split('/')[1]}+xml")
        package.relate(sheet, "", part, kind)
    path.write_bytes(package.data())
    before = entries(path)
    update(path, event, [BO], [LINE], first.snapshot)
    after = Package(path.read_bytes())
    assert entries(path)["xl/slicers/slicer1.xml"] == before["xl/slicers/slicer1.xml"]
    assert entries(path)["xl/worksheets/_rels/sheet1.xml.rels"] == before["xl/worksheets/_rels/sheet1.xml.rels"]
    assert b"om Bo" in after["xl/threadedComments/threadedComment1.xml"]
    assert b"om Ada" not in after["xl/threadedComments/threadedComment1.xml"]


def test_her_date_format_stays(tmp_path: Path, event: Event) -> None:
    path = tmp_path / "deltagare.xlsx"
    xlsx_writer.write(path, event, [ADA, BO])
    first = update(path, event, [ADA, BO], [LINE], None)
    update(path, event, [replace(ADA, date=dt.date(2020, 2, 14)), BO], [LINE], first.snapshot)
    cell = load_workbook(path)["Deltagare"]["D2"]
    assert (cell.value, cell.number_format) == (dt.datetime(2020, 2, 14), "d mmm yyyy")


def test_macros_survive(tmp_path: Path, event: Event) -> None:
    path, macros = tmp_path / "deltagare.xlsm", tmp_path / "vbaProject.bin"
    macros.write_bytes(os.urandom(4000))
    xlsx_writer.write(path, event, [ADA, BO], macros)
    before = entries(path)
    fifty(path, event, update(path, event, [ADA, BO], [LINE], None))
    assert entries(path)["xl/vbaProject.bin"] == before["xl/vbaProject.bin"]
    assert Package(path.read_bytes()).type_of("xl/workbook.xml").endswith("macroEnabled.main+xml")


def test_a_new_file_for_macros_says_so(tmp_path: Path, event: Event) -> None:
    path = tmp_path / "deltagare.xlsm"
    update(path, event, [ADA], [LINE], None)
    assert Package(path.read_bytes()).type_of("xl/workbook.xml").endswith("macroEnabled.main+xml")


def test_a_row_taken_out_takes_its_comment_and_link_along(tmp_path: Path, event: Event) -> None:
    path = tmp_path / "deltagare.xlsx"
    first = update(path, event, [ADA, BO], [LINE], None)
    book = load_workbook(path)
    sheet = book["Deltagare"]
    sheet["A2"].comment, sheet["A3"].comment = Comment("om Ada", "Linda"), Comment("om Bo", "Linda")
    sheet["G2"].hyperlink = "mailto:ada.ek@flen.se"
    sheet["M1"], sheet["M2"], sheet["N3"] = "Avgift", 100, "=LEN(A3)"
    book.save(path)
    update(path, event, [BO], [LINE], first.snapshot)
    everything = b"".join(Package(path.read_bytes())[name] for name in Package(path.read_bytes()).names())
    assert b"om Bo" in everything
    for trace in (b"om Ada", b'ada.ek@flen.se" TargetMode', b"Ada Ek"):
        assert trace not in everything
    sheet = load_workbook(path)["Deltagare"]
    assert [c.value for c in sheet[2]] == [None] * 14
    assert sheet["N3"].value == "=LEN(A3)"


def test_formulas_that_look_at_us_are_computed_anew(tmp_path: Path, event: Event) -> None:
    path = tmp_path / "deltagare.xlsx"
    xlsx_writer.write(path, event, [ADA, BO])
    update(path, event, [ADA, BO, replace(ADA, id="CCCCCCCC", name="Cia")], [LINE], None)
    assert b'fullCalcOnLoad="1"' in Package(path.read_bytes())["xl/workbook.xml"]
    seen = load_workbook(convert(path, "xlsx", tmp_path, compute=True), data_only=True)
    assert seen["Egna"]["B1"].value == 3
    assert [seen["Deltagare"].cell(line, 14).value for line in (2, 3)] == [25.25, 25.5]


def test_a_line_of_totals_makes_room(tmp_path: Path, event: Event) -> None:
    path = tmp_path / "deltagare.xlsx"
    first = update(path, event, [ADA, BO], [LINE], None)
    book = load_workbook(path)
    sheet = book["Deltagare"]
    sheet["A4"], sheet["L4"] = "Summa", "=SUBTOTAL(103,Deltagarlista[Id])"
    table = next(iter(sheet.tables.values()))
    table.ref, table.totalsRowCount = "A1:L4", 1
    book.save(path)
    done = update(path, event, [ADA, BO, replace(ADA, id="CCCCCCCC", name="Cia")], [LINE], first.snapshot)
    assert done.people == ()
    sheet = load_workbook(path)["Deltagare"]
    assert [sheet.cell(line, 1).value for line in range(2, 6)] == ["Ada Ek", "Bo Ask", "Cia", "Summa"]
    assert next(iter(sheet.tables.values())).ref == "A1:L5"
    assert sheet["L5"].value.startswith("=SUBTOTAL")


@pytest.mark.parametrize(
    "text", ["=1+1", "-5", "_x0041_", " a ", "a\nb", "å\ud800ä", "\x85\x9b", "😀" * 20_000, "a]]>&<b", "_x000D_"]
)
def test_text_comes_back_as_it_went(tmp_path: Path, event: Event, text: str) -> None:
    path = tmp_path / "deltagare.xlsx"
    first = update(path, event, [replace(ADA, name=text)], [], None)
    again = update(path, event, [replace(ADA, name=text)], [], first.snapshot)
    assert not again.wrote
    assert again.people == ()
    cell = load_workbook(path)["Deltagare"]["A2"]
    assert len(str(cell.value or "").encode("utf-16-le")) // 2 <= 32_767
    assert bool(cell.quotePrefix) == text.startswith(("=", "-"))
    assert not re.search(r"[\x00-\x08\x7f-\x9f\ud800-\udfff]", str(cell.value or ""))


def test_overview_keeps_what_she_draws_on_it(tmp_path: Path, event: Event) -> None:
    path = tmp_path / "deltagare.xlsx"
    first = update(path, event, [ADA, BO], [LINE], None)
    book = load_workbook(path)
    book.create_sheet("Egna")["A1"] = 3
    pie = PieChart()
    pie.add_data(Reference(book["Egna"], min_col=1, min_row=1))
    book["Översikt"].add_chart(pie, "P3")
    book.save(path)
    fewer = replace_sessions(event, 1)
    update(path, fewer, [ADA, BO, replace(ADA, id="CCCCCCCC")], [LINE], first.snapshot)
    sound(path)
    assert len(load_workbook(path)["Översikt"]._charts) == 2
    charts = [n for n in entries(path) if n.startswith("xl/charts/")]
    assert len(charts) == 2


def test_a_chart_of_ours_keeps_the_looks_she_gave_it(tmp_path: Path, event: Event) -> None:
    path = tmp_path / "deltagare.xlsx"
    first = update(path, event, [ADA, BO], [LINE], None)
    by_hand = load_workbook(path)
    by_hand["Översikt"]._charts[0].series[0].graphicalProperties.solidFill = "FF00FF"
    by_hand["Översikt"]._charts[0].anchor._from.row = 30
    by_hand.save(path)
    update(path, event, [ADA, BO, replace(ADA, id="CCCCCCCC")], [LINE], first.snapshot)
    (chart,) = load_workbook(path)["Översikt"]._charts
    assert chart.anchor._from.row == 30
    assert any(b"FF00FF" in Package(path.read_bytes())[name] for name in entries(path) if "/charts/" in name)


def replace_sessions(event: Event, count: int) -> Event:
    return event.model_copy(update={"sessions": event.sessions[:count]})
