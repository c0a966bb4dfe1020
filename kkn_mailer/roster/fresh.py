"""A new roster, made to be looked at: table, frozen heading, drop-downs, marks for what stands out, and print set-up.

What is set here is set once; from then on the workbook is the organiser's, and her own choices stay.
"""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.styleable import StyleableObject
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from ..domain import Status
from ..event import Event
from .layout import (
    DARK,
    DONE,
    ID,
    OVERVIEW,
    PEOPLE,
    PEOPLE_COLUMNS,
    REVIEW_COLUMNS,
    REVIEWS,
    STATUS_COLOUR,
    STATUS_LABEL,
    Column,
    choice,
    unit_labels,
)
from .overview import LEFT_COLUMN, SESSION_COLUMN
from .paper import print_a4
from .words import words

LAST = 1_048_576
"""The last line of a sheet: marks and drop-downs reach as far as rows can be typed."""
SESSIONS, LEFT = "Tillfällen", "PlatserKvar"
"""Names for two columns of the overview: a mark may look at another sheet only through a name."""
_TABLES = {PEOPLE: ("Deltagarlista", PEOPLE_COLUMNS), REVIEWS: ("AttHantera", REVIEW_COLUMNS)}
_HEIGHT = {PEOPLE: 18, REVIEWS: 62}
"""Points of a row: room for a pen at the door; four lines of an excerpt, since not every viewer fits rows to their text."""
_LONGEST_LIST = 255
"""Characters of a drop-down's own list that Excel takes."""
_GREY, _FULL, _FULL_TEXT, _WRONG = "7F7F7F", "FBE5D6", "C00000", "FF7C80"


def new_book(event: Event) -> Workbook:
    """An empty roster of two prepared sheets and an overview yet to be filled."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = PEOPLE
    prepare(first, event)
    prepare(book.create_sheet(REVIEWS), event)
    book.create_sheet(OVERVIEW)
    for name, column in ((SESSIONS, SESSION_COLUMN), (LEFT, LEFT_COLUMN)):
        book.defined_names[name] = DefinedName(name, attr_text=f"'{OVERVIEW}'!${column}$1:${column}$1000")
    book.properties.title = event.name
    book.properties.creator = event.organiser
    book.properties.language = words(event)["culture"]
    return book


def prepare(sheet: Worksheet, event: Event) -> None:
    """Dress an empty sheet of ours, known by its title."""
    table, columns = _TABLES[sheet.title]
    for index, column in enumerate(columns, 1):
        head(sheet, index, column)
    end = get_column_letter(len(columns))
    sheet.row_dimensions[1].height = 24
    sheet.freeze_panes = "B2" if sheet.title == PEOPLE else "A2"
    style = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(Table(displayName=table, ref=f"A1:{end}2", tableStyleInfo=style))
    print_a4(sheet, event)
    sheet.print_title_rows = "1:1"
    sheet.print_options.gridLines = True
    sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = _HEIGHT[sheet.title], True
    at = {column.heading: get_column_letter(index) for index, column in enumerate(columns, 1)}
    if sheet.title == PEOPLE:
        _people(sheet, event, at)
    else:
        _choices(sheet, at["Klar"], [DONE])
        _mark(sheet, f"A2:{end}{LAST}", f'${at["Klar"]}2<>""', font=Font(color=_GREY, strike=True))


def head(sheet: Worksheet, index: int, column: Column) -> None:
    """A heading of ours in row 1, and the looks of what is typed below it."""
    cell = sheet.cell(1, index, column.heading)
    cell.font = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=DARK)
    cell.alignment = Alignment(
        horizontal="center" if column.centred else "left", indent=0 if column.centred else 1, vertical="center"
    )
    below = sheet.column_dimensions[get_column_letter(index)]
    below.width = column.width
    # The Id is the program's: out of the way on the screen and on paper, yet moved and sorted with its row.
    below.hidden = column.heading == ID
    dress(below, column)


def dress(cell: StyleableObject, column: Column) -> None:
    """The number format and alignment of a cell that nobody has dressed yet."""
    cell.number_format = column.number_format
    cell.alignment = Alignment(
        horizontal="center" if column.centred else "left",
        indent=0 if column.centred else 1,
        vertical="top" if column.tall else "center",
        wrap_text=column.tall,
    )


def _people(sheet: Worksheet, event: Event, at: dict[str, str]) -> None:
    """Drop-downs and marks of `Deltagare`; the first mark that fits a cell wins."""
    day, status, unit = at["Datum"], at["Status"], at["Enhet"]
    units = unit_labels(event)
    _choices(sheet, unit, units)
    _choices(sheet, day, [session.date.isoformat() for session in event.sessions])
    _choices(sheet, status, list(STATUS_COLOUR))
    # The overview's lines begin with the ISO date. TEXT(…;"yyyy-mm-dd") would be written otherwise in a Swedish Excel.
    line = f'YEAR(${day}2)&"-"&TEXT(MONTH(${day}2),"00")&"-"&TEXT(DAY(${day}2),"00")&" *"'
    listed = ",".join(f'${status}2="{label}"' for label in STATUS_COLOUR)
    end = at[ID]
    cancelled, waiting = STATUS_LABEL[Status.CANCELLED], STATUS_LABEL[Status.WAITING]
    _mark(sheet, f"{day}2:{day}{LAST}", f'AND(${day}2<>"",IFERROR(COUNTIF({SESSIONS},{line}),0)=0)', _WRONG)
    _mark(sheet, f"{status}2:{status}{LAST}", f'AND(${status}2<>"",NOT(OR({listed})))', _WRONG)
    named = ",".join(f'${unit}2="{choice(label)}"' for label in units)
    _mark(sheet, f"{unit}2:{unit}{LAST}", f'AND(${unit}2<>"",NOT(OR({named})))', _WRONG)
    _mark(
        sheet,
        f"A2:{end}{LAST}",
        f'${status}2="{cancelled}"',
        STATUS_COLOUR[cancelled],
        Font(strike=True, color=_GREY),
    )
    _mark(
        sheet,
        f"{day}2:{day}{LAST}",
        f'AND(${day}2<>"",${status}2<>"{cancelled}",COUNTIFS({SESSIONS},{line},{LEFT},"<=0")>0)',
        _FULL,
        Font(bold=True, color=_FULL_TEXT),
    )
    _mark(sheet, f"A2:{end}{LAST}", f'${status}2="{waiting}"', STATUS_COLOUR[waiting])
    for label, colour in STATUS_COLOUR.items():
        if label not in (cancelled, waiting):
            _mark(sheet, f"{status}2:{status}{LAST}", f'${status}2="{label}"', colour)


def _mark(sheet: Worksheet, area: str, formula: str, colour: str | None = None, font: Font | None = None) -> None:
    fill = PatternFill("solid", bgColor=colour) if colour else None
    sheet.conditional_formatting.add(area, FormulaRule(formula=[formula], fill=fill, font=font))


def _choices(sheet: Worksheet, column: str, values: Sequence[str]) -> None:
    """A drop-down that offers and never refuses; what does not fit in Excel's list is typed by hand."""
    listed = ""
    for value in values:
        longer = ",".join(filter(None, (listed, choice(value))))
        if len(longer) > _LONGEST_LIST:
            break
        listed = longer
    rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
    rule.add(f"{column}2:{column}{LAST}")
    sheet.add_data_validation(rule)
