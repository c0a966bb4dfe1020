"""The sheet `Översikt`: counts by session and status, by municipality and unit, the diets, and a chart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ..domain import Registration, Status
from ..event import OTHER, Event
from .layout import STATUS_COLOUR, STATUS_LABEL

_HEAD = PatternFill("solid", fgColor="14506B")


def write_overview(sheet: Worksheet, event: Event, rows: Sequence[Registration]) -> None:
    """Fill the sheet anew: it is ours alone, and values rather than formulas, so that any viewer shows them."""
    sheet.delete_rows(1, sheet.max_row + 1)
    sheet._charts = []  # type: ignore[attr-defined]
    sheet["A1"] = event.name
    sheet["A1"].font = Font(size=14, bold=True, color="14506B")
    line = _table(sheet, 3, ["Tillfälle", *STATUS_LABEL.values(), "Platser kvar"], _by_session(event, rows))
    for index, label in enumerate(STATUS_LABEL.values()):
        sheet.cell(3, 2 + index).fill = PatternFill("solid", fgColor=STATUS_COLOUR[label])
        sheet.cell(3, 2 + index).font = Font(bold=True)
    _chart(sheet, len(event.sessions))
    coming = [row for row in rows if row.status in (Status.CONFIRMED, Status.WAITING, Status.WAITLISTED)]
    units = [unit.key for unit in event.units] + [OTHER]
    labels = [event.unit_label(unit, "sv") for unit in units] + ["Ej angiven", "Summa"]
    line = _table(sheet, line + 2, ["Kommun", *labels], _by_employer(coming, units))
    diets = Counter((row.date, row.diet) for row in rows if row.diet and row.status is Status.CONFIRMED)
    if diets:
        listed = [
            [
                _day(event, day),
                diet,
                sum(1 for r in rows if r.status is Status.CONFIRMED and (r.date, r.diet) == (day, diet)),
            ]
            for day, diet in sorted(diets, key=lambda d: (str(d[0]), str(d[1])))
        ]
        _table(sheet, line + 2, ["Kost: tillfälle", "Behov", "Antal"], listed)
    for column, width in enumerate([34, 15, 15, 15, 15, 15, 15], 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]


def _day(event: Event, day: object) -> str:
    session = next((s for s in event.sessions if s.date == day), None)
    return f"{session.date:%Y-%m-%d} {session.city}" if session else "Ingen dag vald"


def _by_session(event: Event, rows: Sequence[Registration]) -> list[list[object]]:
    out: list[list[object]] = []
    for session in event.sessions:
        counts = [
            sum(r.count for r in rows if r.date == session.date and r.status is status) for status in STATUS_LABEL
        ]
        out.append(
            [_day(event, session.date), *counts, session.capacity - counts[0] if session.capacity is not None else "–"]
        )
    undecided = [sum(r.count for r in rows if r.date is None and r.status is status) for status in STATUS_LABEL]
    if any(undecided):
        out.append(["Ingen dag vald", *undecided, ""])
    return out


def _by_employer(rows: Sequence[Registration], units: Sequence[str]) -> list[list[object]]:
    """People, not rows: who comes to two sessions counts once."""
    people = {(r.name or r.id, r.municipality): r for r in rows}.values()
    out: list[list[object]] = []
    for employer in sorted({r.municipality or "" for r in people}):
        mine = [r for r in people if (r.municipality or "") == employer]
        counts = [sum(r.count for r in mine if r.unit == unit) for unit in units]
        out.append(
            [
                employer or "Ej angiven",
                *counts,
                sum(r.count for r in mine if r.unit is None),
                sum(r.count for r in mine),
            ]
        )
    return out


def _table(sheet: Worksheet, at: int, head: Sequence[str], body: Sequence[Sequence[object]]) -> int:
    for column, text in enumerate(head, 1):
        cell = sheet.cell(at, column, text)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = _HEAD
        cell.alignment = Alignment(horizontal="left" if column == 1 else "center")
    for index, values in enumerate(body, at + 1):
        for column, value in enumerate(values, 1):
            filled = sheet.cell(index, column)
            filled.value = value  # type: ignore[assignment]
            if isinstance(value, str):
                filled.data_type = "s"
            filled.alignment = Alignment(horizontal="left" if column == 1 else "center")
    return at + len(body)


def _chart(sheet: Worksheet, sessions: int) -> None:
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap = "bar", "stacked", 100
    chart.title = "Anmälda per tillfälle"
    chart.add_data(
        Reference(sheet, min_col=2, max_col=1 + len(STATUS_LABEL), min_row=3, max_row=3 + sessions),
        titles_from_data=True,
    )
    chart.set_categories(Reference(sheet, min_col=1, min_row=4, max_row=3 + sessions))
    for series, colour in zip(chart.series, ("70AD47", "FFC000", "5B9BD5", "A5A5A5"), strict=False):
        series.graphicalProperties.solidFill = colour
    chart.height, chart.width = 3.5 + 1.6 * sessions, 17
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.numFmt, chart.y_axis.majorUnit = "0", None
    sheet.add_chart(chart, "I3")
