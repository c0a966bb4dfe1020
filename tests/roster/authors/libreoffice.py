"""LibreOffice as the roster's second author: opens a workbook, does what an organiser does there, and saves it.

Run by the Python that has LibreOffice's UNO, which need not be ours:

    python3 libreoffice.py PIPE FILE PICTURE

with an `soffice` that listens on the pipe.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]
from com.sun.star.awt import Point, Size  # type: ignore[import-not-found]
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]
from com.sun.star.sheet.ConditionOperator import FORMULA  # type: ignore[import-not-found]
from com.sun.star.sheet.DataPilotFieldOrientation import COLUMN, DATA, ROW  # type: ignore[import-not-found]
from com.sun.star.table import CellAddress  # type: ignore[import-not-found]


def desktop(pipe: str) -> Any:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(600):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except NoConnectException:
            time.sleep(0.1)
    raise SystemExit("LibreOffice does not answer")


def named(**values: object) -> tuple[Any, ...]:
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


def edit(book: Any, picture: Path) -> None:
    """A sheet of hers with a chart, a picture, a text box and a pivot table; a comment, a format, a hidden column."""
    people = book.Sheets.getByName("Deltagare")
    book.Sheets.insertNewByName("Lindas", book.Sheets.Count)
    own = book.Sheets.getByName("Lindas")
    for line, (name, number) in enumerate([("a", 4), ("b", 2), ("c", 7)]):
        own.getCellByPosition(0, line).String = name
        own.getCellByPosition(1, line).Value = number
    own.getCellByPosition(2, 0).Formula = "=COUNTA($Deltagare.A2:A900)"
    place = uno.createUnoStruct("com.sun.star.awt.Rectangle")
    place.X, place.Y, place.Width, place.Height = 9000, 500, 8000, 6000
    own.Charts.addNewByName("Stapel", place, (own.getCellRangeByName("A1:B3").RangeAddress,), False, True)
    box = book.createInstance("com.sun.star.drawing.TextShape")
    own.DrawPage.add(box)
    box.Position, box.Size, box.String = Point(9000, 7000), Size(5000, 1500), "En textruta"
    image = book.createInstance("com.sun.star.drawing.GraphicObjectShape")
    image.GraphicURL = uno.systemPathToFileUrl(str(picture))
    own.DrawPage.add(image)
    image.Position, image.Size = Point(9000, 9000), Size(2000, 2000)
    source = people.getCellRangeByName("A1:L3").RangeAddress
    pivots = own.DataPilotTables
    about = pivots.createDataPilotDescriptor()
    about.setSourceRange(source)
    about.DataPilotFields.getByName("Kommun").Orientation = ROW
    about.DataPilotFields.getByName("Status").Orientation = COLUMN
    about.DataPilotFields.getByName("Namn").Orientation = DATA
    pivots.insertNewByName("Kommuner", CellAddress(own.RangeAddress.Sheet, 0, 20), about)
    own.Annotations.insertNew(CellAddress(own.RangeAddress.Sheet, 0, 0), "minns detta")
    formats = own.getCellRangeByName("B1:B3").ConditionalFormat
    formats.addNew(named(Operator=FORMULA, Formula1="B1>3", StyleName="Good"))
    own.getCellRangeByName("B1:B3").ConditionalFormat = formats
    own.Columns.getByIndex(4).IsVisible = False
    people.Columns.getByIndex(7).IsVisible = False


def main(pipe: str, file: str, picture: str) -> None:
    program = desktop(pipe)
    book = program.loadComponentFromURL(uno.systemPathToFileUrl(file), "_blank", 0, named(Hidden=True))
    try:
        edit(book, Path(picture))
        book.storeToURL(uno.systemPathToFileUrl(file), named(FilterName="Calc MS Excel 2007 XML"))
    finally:
        book.close(True)
        program.terminate()


if __name__ == "__main__":
    main(*sys.argv[1:])
