"""What the overview counts, against a plain recount of what stands on the sheet."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from kkn_mailer.config import load_event
from kkn_mailer.domain import Registration, Status
from kkn_mailer.report import status_of
from kkn_mailer.roster.counts import UNKNOWN, by_employer, diets
from kkn_mailer.roster.layout import STATUS_LABEL
from kkn_mailer.roster.overview import write_overview

from ..conftest import ROOT
from .test_roster import ADA

EVENT = load_event(ROOT / "config")
DAYS = [session.date for session in EVENT.sessions]
UNIT_OF = {"Ada Ek": "culture", "Bo Ask": "business", "Cia Lind": "other", "Dan Öst": None}
LABEL = {"culture": "Kultur", "business": "Näringsliv", "other": "Annan", None: "Ej angiven"}

ROWS = st.lists(
    st.builds(
        lambda name, place, day, status, diet: replace(
            ADA, name=name, unit=UNIT_OF[name], municipality=place, date=day, status=status, diet=diet
        ),
        st.sampled_from(sorted(UNIT_OF)),
        st.sampled_from(["Flen", "Trosa", "Uppsala", None]),
        st.sampled_from([*DAYS, None]),
        st.sampled_from(Status),
        st.sampled_from([None, "vegan", "Vegan", "utan nötter"]),
    ),
    max_size=30,
)


def test_status_counts_people_and_not_rows() -> None:
    both = [replace(ADA, id=f"ADA{day}", date=day, unit="culture", municipality="Flen") for day in DAYS]
    four = replace(ADA, id="FOUR", name=None, registered_by="bo@trosa.se", municipality="Trosa", unit=None, count=4)
    gone = replace(ADA, id="GONE", name="Cia Lind", municipality="Trosa", status=Status.CANCELLED)
    found = status_of(EVENT, [*both, four, gone], [], 0, 0, {})
    assert found["by_municipality"] == {"Flen": 1, "Trosa": 4}
    assert found["by_unit"] == {"Kultur": 1, "–": 4}


def sheet_of(rows: list[Registration]) -> list[list[object]]:
    sheet = Workbook().create_sheet()
    write_overview(sheet, EVENT, rows)
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@given(ROWS)
def test_sessions_by_status(rows: list[Registration]) -> None:
    table = {row[0]: row[1:5] for row in sheet_of(rows)[3:7]}
    for session in EVENT.sessions:
        counts = [len([r for r in rows if r.date == session.date and r.status is status]) for status in STATUS_LABEL]
        assert table[f"{session.date} {session.city}"] == counts
    assert table["Summa"] == [len([r for r in rows if r.status is status]) for status in STATUS_LABEL]
    assert ("Ingen dag vald" in table) == any(r.date is None for r in rows)


@given(ROWS)
def test_people_by_employer_and_unit(rows: list[Registration]) -> None:
    sheet = sheet_of(rows)
    at = next(index for index, row in enumerate(sheet) if row[0] == "Kommun")
    table = {str(row[0]): dict(zip(map(str, sheet[at][1:]), row[1:], strict=True)) for row in sheet[at + 1 :] if row[0]}
    coming = [r for r in rows if r.status is not Status.CANCELLED]
    everybody = 0
    for place in ("Flen", "Trosa", "Uppsala", None):
        people = {
            name: max(
                sum((r.name, r.municipality, r.date) == (name, place, day) for r in coming) for day in [*DAYS, None]
            )
            for name in UNIT_OF
        }
        everybody += sum(people.values())
        if place in ("Flen", "Trosa") or sum(people.values()):
            shown = table[place or "Ej angiven"]
            assert shown["Summa"] == sum(people.values())
            for name, unit in UNIT_OF.items():
                assert shown[LABEL[unit]] == people[name]
        else:
            assert (place or "Ej angiven") not in table
    assert table["Summa"]["Summa"] == everybody
    assert {employer.name for employer in EVENT.employers} <= set(table), "those nobody comes from as well"


@given(ROWS, st.sampled_from(DAYS))
def test_the_caterer_serves_everybody_confirmed(rows: list[Registration], day: dt.date) -> None:
    served = diets(rows, day)
    there = [r for r in rows if r.date == day and r.status is Status.CONFIRMED]
    assert sum(served.values()) == len(there)
    for diet, people in served.items():
        assert people == len([r for r in there if (r.diet or "").casefold() == diet.casefold()])
    assert "" not in list(served)[:-1], "no wishes comes last"


@pytest.mark.parametrize(
    ("rows", "people"),
    [
        ([ADA, replace(ADA, date=DAYS[1])], 1),
        ([ADA, replace(ADA, municipality="FLEN", name="ada ek", date=DAYS[1])], 1),
        ([ADA, replace(ADA, id="CCCCCCCC")], 2),
        ([replace(ADA, name=None, count=3), replace(ADA, name=None, count=3, date=DAYS[1])], 3),
        ([replace(ADA, name=None, count=3), replace(ADA, name=None, count=2, registered_by="bo@flen.se")], 5),
        ([replace(ADA, status=Status.CANCELLED)], 0),
    ],
    ids=["two days", "two spellings", "namesakes", "a group on two days", "two groups", "cancelled"],
)
def test_people_not_rows(rows: list[Registration], people: int) -> None:
    assert sum(by_employer(EVENT, rows)["Flen"].values()) == people


def test_a_unit_the_event_does_not_know_is_the_other() -> None:
    counted = by_employer(EVENT, [replace(ADA, unit="gone"), replace(ADA, name="Bo Ask", unit=None)])["Flen"]
    assert (counted["other"], counted[UNKNOWN]) == (1, 1)
