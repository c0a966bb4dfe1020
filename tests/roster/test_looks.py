"""What a new roster looks like: read by openpyxl, calculated and printed by LibreOffice."""

from __future__ import annotations

import csv
import datetime as dt
import os
import re
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from kkn_mailer.domain import Registration, Status
from kkn_mailer.event import Event
from kkn_mailer.roster import parse_people, update
from kkn_mailer.roster.fresh import SESSIONS, new_book
from kkn_mailer.roster.overview import write_overview

from ..conftest import need
from .test_roster import ADA, BO, LINE

NYKOPING, ESKILSTUNA = dt.date(2020, 2, 12), dt.date(2020, 2, 14)


def office(path: Path, kind: str, tmp_path: Path) -> Path:
    """The file as LibreOffice makes it another; its first sheet, where that kind holds but one."""
    program = need("soffice")
    done = subprocess.run(
        [program, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", kind, "--outdir", str(tmp_path), str(path)],
        capture_output=True, timeout=180, check=False, env=os.environ | {"HOME": str(tmp_path)},
    )  # fmt: skip
    made = tmp_path / f"{path.stem}.{kind.partition(':')[0]}"
    assert made.exists(), done.stderr
    return made


def pages(pdf: Path) -> list[tuple[int, int]]:
    """Width and height of each page, in whole points."""
    boxes = re.findall(rb"/Type\s*/Page\b[^s].*?/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf.read_bytes(), re.DOTALL)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def many(count: int) -> list[Registration]:
    return [replace(ADA, id=f"ID{n:06d}", name=f"Person {n}", date=(NYKOPING, ESKILSTUNA)[n % 2]) for n in range(count)]


def limited(event: Event, *capacities: int | None) -> Event:
    sessions = (s.model_copy(update={"capacity": c}) for s, c in zip(event.sessions, capacities, strict=True))
    return event.model_copy(update={"sessions": tuple(sessions)})


def texts(sheet: Worksheet) -> list[list[object]]:
    return [[value for value in row if value is not None] for row in sheet.iter_rows(values_only=True)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deltagare.xlsx"


def test_a_table_with_filters_a_frozen_heading_and_the_id_out_of_the_way(path: Path, event: Event) -> None:
    update(path, event, [ADA, BO], [LINE], None)
    book = load_workbook(path)
    for name, pane in (("Deltagare", "B2"), ("Att hantera", "A2")):
        sheet = book[name]
        (table,) = sheet.tables.values()
        assert table.autoFilter is not None
        assert sheet.freeze_panes == pane
        hidden = [sheet[f"{letter}1"].value for letter, about in sheet.column_dimensions.items() if about.hidden]
        assert hidden == ["Id"]
    assert (book.properties.title, book.properties.language) == (event.name, "sv-SE")


def test_drop_downs_offer_what_is_understood(path: Path, event: Event) -> None:
    update(path, event, [ADA], [LINE], None)
    book = load_workbook(path)
    sheet = book["Deltagare"]
    offered = {}
    for rule in sheet.data_validations.dataValidation:
        column = str(rule.sqref).partition("2:")[0]
        offered[sheet[f"{column}1"].value] = rule.formula1.strip('"').split(",")
        assert not rule.showErrorMessage, "what she types stays"
    assert set(offered) == {"Enhet", "Datum", "Status"}
    for heading, field in (("Enhet", "unit"), ("Datum", "date"), ("Status", "status")):
        for value in offered[heading]:
            assert parse_people({heading: value}, event)[field]
    (klar,) = book["Att hantera"].data_validations.dataValidation
    assert klar.formula1 == '"Ja"'


def test_a_label_with_a_comma_and_a_list_too_long_for_excel(path: Path, event: Event) -> None:
    units = [unit.model_copy(update={"label": {"sv": f"{unit.label['sv']}, m.m."}}) for unit in event.units]
    units += [units[0].model_copy(update={"key": f"u{n}", "label": {"sv": f"Förvaltningen {n}"}}) for n in range(40)]
    wide = event.model_copy(update={"units": tuple(units)})
    update(path, wide, [ADA], [], None)
    rules = load_workbook(path)["Deltagare"].data_validations.dataValidation
    (listed,) = (rule.formula1.strip('"') for rule in rules if "Kultur" in rule.formula1)
    assert len(listed) <= 255
    assert parse_people({"Enhet": listed.split(",")[0]}, wide) == {"unit": "culture"}
    assert parse_people({"Enhet": "Kultur, m.m."}, wide) == {"unit": "culture"}


def test_what_stands_out(path: Path, event: Event, tmp_path: Path) -> None:
    """Each mark's formula, put into a cell of each row and calculated by LibreOffice."""
    rows = [
        ADA,
        replace(BO, date=ESKILSTUNA),
        replace(ADA, id="CCCCCCCC", status=Status.CANCELLED),
        replace(ADA, id="DDDDDDDD", date=ESKILSTUNA),
        replace(ADA, id="EEEEEEEE", name=None, count=2),
        replace(BO, id="FFFFFFFF"),
    ]
    update(path, limited(event, 3, 40), rows, [LINE], None)
    book = load_workbook(path)
    sheet = book["Deltagare"]
    sheet["C5"], sheet["D5"], sheet["F5"] = "Kultrur", dt.date(2020, 2, 13), "Kanske"
    marks: dict[str, str] = {}
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            (formula,) = rule.formula
            kind = (
                "full" if "COUNTIFS" in formula else "no session" if SESSIONS in formula
                else formula.partition('"')[2].strip('"') if "NOT(" not in formula
                else "no status" if "$F2" in formula else "no unit"
            )  # fmt: skip
            marks[kind] = formula
    assert set(marks) == {
        "full",
        "no session",
        "no status",
        "no unit",
        "Avbokad",
        "Väntar på svar",
        "Bekräftad",
        "Reserv",
    }
    for column, formula in enumerate(marks.values(), 14):
        for line in range(2, 8):
            there = re.sub(r"(\$[CDF])2", rf"\g<1>{line}", formula)
            sheet.cell(line, column).value = f"=IF({there},1,0)"
    book.save(path)
    with office(path, "csv:Text - txt - csv (StarCalc):44,34,76", tmp_path).open(encoding="utf-8") as calculated:
        table = list(csv.reader(calculated))[1:7]
    shown = [{kind for kind, value in zip(marks, row[13:], strict=False) if value == "1"} for row in table]
    assert shown == [
        {"full", "Bekräftad"},
        {"Väntar på svar"},
        {"Avbokad"},
        {"no session", "no status", "no unit"},
        {"full", "Bekräftad"},
        {"Väntar på svar"},
    ]


@pytest.mark.parametrize(("count", "most"), [(5, 3), (300, 10)])
def test_it_prints_on_a4_landscape(path: Path, event: Event, tmp_path: Path, count: int, most: int) -> None:
    update(path, event, many(count), [LINE], None)
    printed = pages(office(path, "pdf", tmp_path))
    assert set(printed) == {(842, 595)}
    assert count // 50 + 2 <= len(printed) <= most, "a page of the overview, one of what waits, some fifty names each"


def test_a_column_of_hers_is_printed(path: Path, event: Event, tmp_path: Path) -> None:
    update(path, event, many(5), [LINE], None)
    book = load_workbook(path)
    book["Deltagare"]["M1"], book["Deltagare"]["M2"] = "Betalt", 100
    book.save(path)
    assert len(pages(office(path, "pdf", tmp_path))) == 3, "still one page wide"


def test_the_overview_tells_places_left_and_full_sessions(path: Path, event: Event) -> None:
    rows = [ADA, replace(ADA, id="CCCCCCCC", name=None, count=3), replace(BO, date=ESKILSTUNA)]
    update(path, limited(event, 3, 40), rows, [], None)
    sheet = load_workbook(path)["Översikt"]
    assert texts(sheet)[2:6] == [
        ["Tillfälle", "Bekräftad", "Väntar på svar", "Reserv", "Avbokad", "Platser", "Kvar"],
        ["2020-02-12 Nyköping", 4, 0, 0, 0, 3, -1],
        ["2020-02-14 Eskilstuna", 0, 1, 0, 0, 40, 40],
        ["Summa", 4, 1, 0, 0],
    ]
    assert sheet["G4"].number_format == '0;"fullt +"0;"fullt"'
    assert sheet["A4"].fill.fgColor.rgb == sheet["G4"].fill.fgColor.rgb != sheet["G5"].fill.fgColor.rgb
    update(path.with_name("utan.xlsx"), event, rows, [], None)
    assert "Kvar" not in texts(load_workbook(path.with_name("utan.xlsx"))["Översikt"])[2]


def test_its_words_follow_the_event_and_names_stay(path: Path, event: Event) -> None:
    english = event.model_copy(update={"language": "en"})
    update(path, english, [ADA, replace(BO, name=None, count=3)], [LINE], None)
    book = load_workbook(path)
    assert book.sheetnames == ["Deltagare", "Att hantera", "Översikt"]
    assert [cell.value for cell in book["Deltagare"][2]][2:6:3] == ["Culture", "Bekräftad"]
    assert book["Deltagare"]["K3"].value == "3 people, names missing"
    assert parse_people({"Enhet": "Culture"}, english) == {"unit": "culture"}
    words = {str(cell) for row in texts(book["Översikt"]) for cell in row}
    assert {"Session", "Confirmed", "Employer", "Culture", "Other", "Diet", "No day chosen"} <= words
    assert not words & {"Tillfälle", "Bekräftad", "Kommun", "Kultur", "Kost"}
    assert book.properties.language == "en-GB"


def test_the_chart_holds_its_values(path: Path, event: Event) -> None:
    update(path, event, [ADA, replace(BO, date=ESKILSTUNA)], [], None)
    chart = zipfile.ZipFile(path).read("xl/charts/chart1.xml").decode()
    for series, values in zip(re.findall(r"<ser>.*?</ser>", chart, re.DOTALL), ("10", "01", "00"), strict=True):
        cached = re.search(r"<val>.*</val>", series, re.DOTALL)
        assert cached is not None
        assert "".join(re.findall(r"<v>(\d+)</v>", cached[0])) == values
        assert "2020-02-14 Eskilstuna" in series


def test_the_overview_is_the_same_however_often_it_is_written(path: Path, event: Event) -> None:
    def part(book: Workbook) -> bytes:
        book.save(path)
        return zipfile.ZipFile(path).read("xl/worksheets/sheet3.xml")

    event = limited(event, 3, 40)
    once, again = new_book(event), new_book(event)
    write_overview(once["Översikt"], event, [ADA, BO])
    write_overview(again["Översikt"], event, [replace(row, diet=f"{row.id} {'x' * 99}") for row in many(50)])
    write_overview(again["Översikt"], event, [ADA, BO])
    assert part(once) == part(again)
