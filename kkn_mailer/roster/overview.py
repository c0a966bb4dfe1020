"""The sheet `Översikt`: sessions by status, people by employer and unit, the caterer's list, and a chart.

The sheet is ours alone and made anew on every write. It holds values, not formulas, so that it is right in any viewer
(a telephone, a preview in a mail); `counts` says what is counted, this file how it looks.
"""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.data_source import AxDataSource, NumData, NumVal, StrData, StrRef, StrVal
from openpyxl.chart.label import DataLabel, DataLabelList
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ..domain import Registration, Status
from ..event import Event
from .counts import UNKNOWN, by_employer, by_session, diets, units_of
from .layout import DARK, STATUS_COLOUR, STATUS_LABEL, safe
from .paper import print_a4
from .words import Words, words

SESSION_COLUMN, LEFT_COLUMN = "A", "G"
"""Where each session's label (ISO date, space, city) and its places left stand; marks of `Deltagare` look there."""
_STATUSES = tuple(STATUS_LABEL)
_CHARTED = (Status.CONFIRMED, Status.WAITING, Status.WAITLISTED)
_CHART_COLOUR = {Status.CONFIRMED: "70AD47", Status.WAITING: "FFC000", Status.WAITLISTED: "5B9BD5"}
_FULL = "F8CBAD"
_WIDE = 15
"""Characters of a heading in one line."""
_FIRST = 36
"""Characters of the first column."""
_COUNT = "0;-0;–"
_LINE = Side(style="thin", color="BFBFBF")
Row = Sequence[str | int | None]


def write_overview(sheet: Worksheet, event: Event, registrations: Sequence[Registration]) -> None:
    """Fill the sheet anew; the same event and registrations give the same sheet."""
    said = words(event)
    sheet.delete_rows(1, sheet.max_row + 1)
    sheet.row_dimensions.clear()
    sheet._charts = []  # type: ignore[attr-defined]
    _text(sheet, 1, safe(event.name) or "", Font(name="Calibri", size=16, bold=True, color=DARK))
    _text(sheet, 2, said["counted"], Font(name="Calibri", size=10, color="7F7F7F"))
    end = _sessions(sheet, event, registrations, said)
    wide = max(column_index_from_string(LEFT_COLUMN), 3 + len(units_of(event)))
    _chart(sheet, event, said, f"{get_column_letter(wide + 2)}3")
    end = _employers(sheet, end + 2, event, registrations, said)
    _caterer(sheet, end + 2, event, registrations, said)
    sheet.column_dimensions["A"].width = _FIRST
    for column in range(2, wide + 1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDE + 1
    sheet.sheet_view.showGridLines = False
    print_a4(sheet, event)


def _sessions(sheet: Worksheet, event: Event, registrations: Sequence[Registration], said: Words) -> int:
    """Sessions × status from line 3; the last line used."""
    counted = by_session(event, registrations)
    limited = any(session.capacity is not None for session in event.sessions)
    names = [said["session"], *(said.of(status) for status in _STATUSES)]
    end = _table(sheet, 3, [*names, *((said["places"], said["left"]) if limited else ())])
    for column, status in enumerate(_STATUSES, 2):
        sheet.cell(3, column).fill = PatternFill("solid", fgColor=STATUS_COLOUR[STATUS_LABEL[status]])
        sheet.cell(3, column).font = Font(name="Calibri", bold=True)
    for session in event.sessions:
        counts = counted[session.date]
        places = session.capacity
        left = None if places is None else places - counts[Status.CONFIRMED]
        row = [*(counts[status] for status in _STATUSES), *((places, left) if limited else ())]
        end = _line(sheet, end, [session_label(event, session.date), *row])
        if left is not None:
            # A number in any viewer; where number formats are known, that it is full, and by how many too many.
            sheet[f"{LEFT_COLUMN}{end}"].number_format = f'0;"{said["full"]} +"0;"{said["full"]}"'
            for letter in (SESSION_COLUMN, LEFT_COLUMN) if left <= 0 else ():
                sheet[f"{letter}{end}"].fill = PatternFill("solid", fgColor=_FULL)
                sheet[f"{letter}{end}"].font = Font(name="Calibri", bold=True)
    if sum(counted[None].values()):
        end = _line(sheet, end, [said["no_session"], *(counted[None][status] for status in _STATUSES)])
    totals = [sum(counts[status] for counts in counted.values()) for status in _STATUSES]
    return _line(sheet, end, [said["total"], *totals], bold=True)


def _employers(sheet: Worksheet, at: int, event: Event, registrations: Sequence[Registration], said: Words) -> int:
    """Employers × units, every invited employer whether anybody comes or not; the last line used."""
    units = units_of(event)
    counted = by_employer(event, registrations)
    _text(sheet, at, said["invited"], Font(name="Calibri", size=10, color="7F7F7F"))
    labels = [event.unit_label(unit) if unit != UNKNOWN else said["unknown"] for unit in units]
    end = _table(sheet, at + 1, [said["employer"], *(safe(label) or "" for label in labels), said["total"]])
    for employer, counts in counted.items():
        row = [counts[unit] for unit in units]
        end = _line(sheet, end, [safe(employer) or said["unknown"], *row, sum(row)])
        if not sum(row):
            sheet.cell(end, 1).font = Font(name="Calibri", color="7F7F7F")
    totals = [sum(counts[unit] for counts in counted.values()) for unit in units]
    return _line(sheet, end, [said["total"], *totals, sum(totals)], bold=True)


def _caterer(sheet: Worksheet, at: int, event: Event, registrations: Sequence[Registration], said: Words) -> int:
    """For each session what to serve to how many; numbers only, since the caterer need not know who."""
    _text(sheet, at, said["caterer"], Font(name="Calibri", size=10, color="7F7F7F"))
    end = _table(sheet, at + 1, [said["diets"], said["people"]])
    for session in event.sessions:
        served = diets(registrations, session.date)
        end = _line(sheet, end, [session_label(event, session.date), sum(served.values())], bold=True)
        for diet, people in served.items():
            text = safe(diet) or said["no_diet"]
            end = _line(sheet, end, [text, people])
            sheet.row_dimensions[end].height = 15 * -(-len(text) // (_FIRST - 3))
            sheet.cell(end, 1).alignment = Alignment(horizontal="left", indent=1, wrap_text=True, vertical="top")
    return end


def session_label(event: Event, day: object) -> str:
    """A session as the overview names it: `2020-02-12 Nyköping`."""
    session = next(session for session in event.sessions if session.date == day)
    return f"{session.date.isoformat()} {safe(session.city) or ''}"


def _text(sheet: Worksheet, line: int, text: str, font: Font) -> None:
    cell = sheet.cell(line, 1)
    cell.value, cell.data_type, cell.font = text, "s", font


def _table(sheet: Worksheet, line: int, names: Sequence[str]) -> int:
    """A heading line."""
    for column, name in enumerate(names, 1):
        cell = sheet.cell(line, column)
        cell.value, cell.data_type = name, "s"
        cell.font = Font(name="Calibri", bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=DARK)
        cell.alignment = Alignment(horizontal="left" if column == 1 else "center", vertical="center", wrap_text=True)
    sheet.row_dimensions[line].height = 18 if max(map(len, names)) <= _WIDE else 34
    return line


def _line(sheet: Worksheet, above: int, row: Row, bold: bool = False) -> int:
    """A line of a table below line `above`; its number."""
    for column, value in enumerate(row, 1):
        cell = sheet.cell(above + 1, column)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
        else:
            cell.number_format = _COUNT
        cell.font = Font(name="Calibri", bold=bold)
        cell.border = Border(bottom=_LINE, top=Side(style="thin", color=DARK) if bold else None)
        cell.alignment = Alignment(horizontal="left" if column == 1 else "center")
    return above + 1


def _chart(sheet: Worksheet, event: Event, said: Words, at: str) -> None:
    """Who is registered, a bar a session, with the values kept in the chart for viewers that do not look them up."""
    first, last = 4, 3 + len(event.sessions)
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "stacked", 100, 60
    chart.title = said["chart"]
    for status in _CHARTED:
        column = 2 + _STATUSES.index(status)
        chart.add_data(Reference(sheet, min_col=column, min_row=3, max_row=last), titles_from_data=True)
        series = chart.series[-1]
        series.graphicalProperties.solidFill = _CHART_COLOUR[status]
        values = [sheet.cell(line, column).value for line in range(first, last + 1)]
        points = [NumVal(idx=index, v=str(value)) for index, value in enumerate(values)]
        series.val.numRef.numCache = NumData(formatCode="0", ptCount=len(points), pt=points)
        series.tx.strRef.strCache = StrData(ptCount=1, pt=[StrVal(idx=0, v=said.of(status))])
        labels = [StrVal(idx=i, v=str(sheet.cell(line, 1).value)) for i, line in enumerate(range(first, last + 1))]
        where = Reference(sheet, min_col=1, min_row=first, max_row=last)
        series.cat = AxDataSource(strRef=StrRef(f=str(where), strCache=StrData(ptCount=len(labels), pt=labels)))
        shown = {"showSerName": False, "showCatName": False, "showLegendKey": False, "showPercent": False}
        bare = [DataLabel(idx=index, showVal=False, **shown) for index, value in enumerate(values) if not value]
        series.dLbls = DataLabelList(dLbl=bare, showVal=True, **shown)
    chart.height, chart.width = 4 + 1.3 * len(event.sessions), 15
    chart.legend.position = "b"
    chart.x_axis.delete, chart.y_axis.delete = False, True
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.majorGridlines = None
    chart.y_axis.scaling.min = 0
    sheet.add_chart(chart, at)
