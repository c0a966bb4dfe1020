"""The roster as a file that two write in: the service, and the organiser in her own programs."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from kkn_mailer.domain import Registration, Review, Status
from kkn_mailer.event import Event
from kkn_mailer.roster import Added, Changed, Removed, RosterBusy, Written, take, update
from kkn_mailer.roster.layout import ID, Cell
from kkn_mailer.roster.merge import plan

from ..conftest import need
from ..mails import WHEN

ADA = Registration(
    "AAAAAAAA",
    "Ada Ek",
    "Flen",
    "culture",
    dt.date(2020, 2, 12),
    Status.CONFIRMED,
    "ada.ek@flen.se",
    "070-123 45 67",
    "vegan",
    WHEN,
    "ada.ek@flen.se",
)
BO = replace(ADA, id="BBBBBBBB", name="Bo Ask", unit="business", date=None, status=Status.WAITING, diet=None)
LINE = Review("RRRRRRRR", WHEN, "Cia <cia@example.com>", "Fråga", "Fråga om evenemanget", "Finns det hiss?")


def rows(path: Path, sheet: str = "Deltagare") -> list[dict[str, object]]:
    table = list(load_workbook(path)[sheet].iter_rows(values_only=True))
    return [dict(zip(map(str, table[0]), row, strict=True)) for row in table[1:] if any(row)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deltagare.xlsx"


@pytest.fixture
def written(path: Path, event: Event) -> Written:
    return update(path, event, [ADA, BO], [LINE], None)


def test_a_reason_is_told_in_the_event_s_language(path: Path, event: Event) -> None:
    update(path, event.model_copy(update={"language": "en"}), [], [LINE], None)
    assert [row["Orsak"] for row in rows(path, "Att hantera")] == ["Question about the event"]


def test_the_contracts_sheets_and_columns(path: Path, written: Written) -> None:
    book = load_workbook(path)
    assert book.sheetnames == ["Deltagare", "Att hantera", "Översikt"]
    assert [c.value for c in book["Deltagare"][1]] == [
        "Namn",
        "Kommun",
        "Enhet",
        "Datum",
        "Ort",
        "Status",
        "E-post",
        "Telefon",
        "Kost",
        "Inkom",
        "Anteckning",
        "Id",
    ]
    assert [c.value for c in book["Att hantera"][1]] == ["Inkom", "Från", "Ämne", "Orsak", "Utdrag", "Klar", "Id"]
    ada, bo = rows(path)
    assert (ada["Namn"], ada["Enhet"], ada["Datum"], ada["Ort"], ada["Status"]) == (
        "Ada Ek",
        "Kultur",
        dt.datetime(2020, 2, 12),
        "Nyköping",
        "Bekräftad",
    )
    assert (bo["Datum"], bo["Ort"], bo["Status"]) == (None, None, "Väntar på svar")
    assert book["Deltagare"].tables["Deltagarlista"].ref == "A1:L3"
    assert book["Deltagare"]["D2"].number_format == "yyyy-mm-dd"
    assert book["Översikt"]["A4"].value == "2020-02-12 Nyköping"
    assert len(book["Översikt"]._charts) == 1


def test_nothing_new_is_nothing_written(path: Path, event: Event, written: Written) -> None:
    before = path.stat().st_mtime_ns
    again = update(path, event, [ADA, BO], [LINE], written.snapshot)
    assert not again.wrote
    assert path.stat().st_mtime_ns == before
    assert again.people == again.reviews == ()


def test_all_that_is_hers_stays(path: Path, event: Event, written: Written) -> None:
    book = load_workbook(path)
    sheet = book["Deltagare"]
    sheet.insert_cols(1)
    sheet["A1"], sheet["A2"] = "Parkering", "P-hus"
    sheet["N1"], sheet["N2"] = "Betalt", 100
    sheet["B2"].fill = PatternFill("solid", fgColor="FF00FF")
    sheet["B2"].comment = Comment("ring henne", "Linda")
    sheet.column_dimensions["B"].width = 55
    book.create_sheet("Egna")["A1"] = "=1+1"
    book.save(path)
    update(
        path,
        event,
        [
            ADA,
            replace(BO, date=dt.date(2020, 2, 14), status=Status.CONFIRMED),
            replace(BO, id="CCCCCCCC", name="Cia Lind"),
        ],
        [LINE],
        written.snapshot,
    )
    sheet = load_workbook(path)["Deltagare"]
    assert (sheet["A2"].value, sheet["N2"].value, sheet["B2"].fill.fgColor.rgb, sheet["B2"].comment.text) == (
        "P-hus",
        100,
        "00FF00FF",
        "ring henne",
    )
    assert sheet.column_dimensions["B"].width == 55
    assert load_workbook(path)["Egna"]["A1"].value == "=1+1"
    assert [r["Namn"] for r in rows(path)] == ["Ada Ek", "Bo Ask", "Cia Lind"]
    assert rows(path)[1]["Ort"] == "Eskilstuna"


def test_her_edit_wins_and_is_told(path: Path, event: Event, written: Written) -> None:
    book = load_workbook(path)
    book["Deltagare"]["B2"] = "Trosa"
    book.save(path)
    told = update(path, event, [ADA, BO], [LINE], written.snapshot)
    assert told.people == (Changed("AAAAAAAA", {"Kommun": "Trosa"}),)
    assert rows(path)[0]["Kommun"] == "Trosa"
    assert update(path, event, [replace(ADA, municipality="Trosa"), BO], [LINE], told.snapshot).people == ()


def test_an_edit_is_told_until_it_is_taken(path: Path, event: Event, written: Written) -> None:
    book = load_workbook(path)
    book["Deltagare"]["B2"] = "Trosa"
    book.save(path)
    first = update(path, event, [ADA, BO], [LINE], written.snapshot)
    assert update(path, event, [ADA, BO], [LINE], first.snapshot).people == first.people


def test_a_deleted_row_stays_away(path: Path, event: Event, written: Written) -> None:
    book = load_workbook(path)
    book["Deltagare"].delete_rows(2)
    book.save(path)
    told = update(path, event, [ADA, BO], [LINE], written.snapshot)
    assert told.people == (Removed("AAAAAAAA"),)
    assert [r["Namn"] for r in rows(path)] == ["Bo Ask"]


def test_a_typed_row_is_told_and_given_its_id(path: Path, event: Event, written: Written) -> None:
    book = load_workbook(path)
    book["Deltagare"]["A4"], book["Deltagare"]["B4"] = "Cia Lind", "Trosa"
    book.save(path)
    told = update(path, event, [ADA, BO], [LINE], written.snapshot)
    (edit,) = told.people
    assert isinstance(edit, Added)
    assert edit.cells["Namn"] == "Cia Lind"
    taken = take(told, event, [ADA, BO], [], [LINE], WHEN, WHEN.date())
    ((cia, _),) = taken.rows
    done = update(path, event, [ADA, BO, cia], [LINE], taken.snapshot)
    assert [r["Id"] for r in rows(path)] == ["AAAAAAAA", "BBBBBBBB", cia.id]
    assert not any(isinstance(e, Added) for e in done.people)


def test_sorting_changes_nothing(path: Path, event: Event, written: Written) -> None:
    book = load_workbook(path)
    sheet = book["Deltagare"]
    first, second = ([c.value for c in sheet[line]] for line in (2, 3))
    for column, (a, b) in enumerate(zip(first, second, strict=True), 1):
        sheet.cell(2, column).value, sheet.cell(3, column).value = b, a
    book.save(path)
    told = update(path, event, [replace(ADA, diet="laktos"), BO], [LINE], written.snapshot)
    assert told.people == ()
    assert [(r["Namn"], r["Kost"]) for r in rows(path)] == [("Bo Ask", None), ("Ada Ek", "laktos")]


def test_a_stale_copy_gets_its_rows_back_and_keeps_its_edits(
    path: Path, event: Event, written: Written, tmp_path: Path
) -> None:
    old = shutil.copy(path, tmp_path / "gammal.xlsx")
    cia = replace(ADA, id="CCCCCCCC", name="Cia Lind")
    newer = update(path, event, [ADA, BO, cia], [LINE], written.snapshot)
    book = load_workbook(old)
    book["Deltagare"]["I2"] = "laktosfri"
    book.save(path)
    told = update(path, event, [ADA, BO, cia], [LINE], newer.snapshot)
    assert told.people == (Changed("AAAAAAAA", {"Kost": "laktosfri"}),)
    taken = take(told, event, [ADA, BO, cia], [], [LINE], WHEN, WHEN.date())
    update(path, event, [taken.rows[0][0], BO, cia], [LINE], taken.snapshot)
    assert rows(path)[0]["Kost"] == "laktosfri"
    assert [r["Namn"] for r in rows(path)] == ["Ada Ek", "Bo Ask", "Cia Lind"]


def test_a_deleted_file_is_written_anew(path: Path, event: Event, written: Written) -> None:
    path.unlink()
    assert update(path, event, [ADA, BO], [LINE], written.snapshot).people == ()
    assert [r["Namn"] for r in rows(path)] == ["Ada Ek", "Bo Ask"]


@pytest.mark.parametrize("junk", [b"", b"inte ett kalkylark", b"PK\x03\x04" + b"\0" * 100])
def test_an_unreadable_file_is_set_aside(path: Path, event: Event, written: Written, junk: bytes) -> None:
    path.write_bytes(junk)
    os.utime(path, (0, 0))
    done = update(path, event, [ADA, BO], [LINE], written.snapshot)
    assert "set aside" in done.notes[0]
    (aside,) = path.parent.glob("*oläsbar*")
    assert aside.read_bytes() == junk
    assert len(rows(path)) == 2


@pytest.mark.parametrize("name", ["~$deltagare.xlsx", ".~lock.deltagare.xlsx#"])
def test_an_open_file_is_left_alone(path: Path, event: Event, written: Written, name: str) -> None:
    before = path.read_bytes()
    (path.parent / name).touch()
    with pytest.raises(RosterBusy):
        update(path, event, [ADA], [LINE], written.snapshot)
    assert path.read_bytes() == before


def test_klar_is_told(path: Path, event: Event, written: Written) -> None:
    book = load_workbook(path)
    book["Att hantera"]["F2"] = "x"
    book.save(path)
    assert update(path, event, [ADA, BO], [LINE], written.snapshot).reviews == (Changed("RRRRRRRR", {"Klar": "x"}),)


@pytest.mark.parametrize(
    "text", ["=1+1", "+46 70", "-5", "@SUM(A1)", '=HYPERLINK("http://x")', "a\x07b\x00", "å" * 40_000]
)
def test_a_value_from_a_mail_is_only_text(path: Path, event: Event, text: str) -> None:
    update(path, event, [replace(ADA, name=text)], [], None)
    cell = load_workbook(path)["Deltagare"]["A2"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert len(str(cell.value)) <= 32_767
    assert "\x07" not in str(cell.value)


def test_libreoffice_opens_it(path: Path, event: Event, tmp_path: Path) -> None:
    program = need("soffice")
    many = [replace(ADA, id=f"ID{n:06d}", name=f"Person {n}") for n in range(60)]
    update(path, event, many, [LINE], None)
    done = subprocess.run(
        [program, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)],
        capture_output=True, timeout=180, check=False, env=os.environ | {"HOME": str(tmp_path)},
    )  # fmt: skip
    assert (tmp_path / "deltagare.pdf").stat().st_size > 10_000, done.stderr


CELLS = st.sampled_from(["", "a", "b", "c"])
SHEETS = st.dictionaries(
    st.sampled_from(["1", "2", "3", "4"]), st.fixed_dictionaries({"x": CELLS, "y": CELLS}), max_size=4
)


@given(SHEETS, SHEETS, SHEETS, st.booleans())
def test_the_merge_loses_nothing(
    base: dict[str, dict[str, Cell]], disk: dict[str, dict[str, Cell]], journal: dict[str, dict[str, Cell]], stale: bool
) -> None:
    wanted = [{ID: i, **cells} for i, cells in journal.items()]
    out = plan(base, disk, {}, wanted, stale)
    appended = [str(row[ID]) for row in out.append]
    removed = {e.id for e in out.edits if isinstance(e, Removed)}
    assert len(appended) == len(set(appended))
    assert set(journal) == (set(disk) & set(journal)) | set(appended) | removed, "a registration was lost"
    assert not removed or not stale
    for identity, cells in out.set.items():
        for heading in cells:
            hers = identity in base and disk[identity][heading] != base[identity][heading]
            assert not hers, "the organiser's value was written over"
