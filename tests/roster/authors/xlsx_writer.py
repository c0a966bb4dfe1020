"""A roster as XlsxWriter makes it, with all an organiser may add: what openpyxl would lose among it."""

from __future__ import annotations

import datetime as dt
import struct
import zlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import xlsxwriter

from kkn_mailer.domain import Registration
from kkn_mailer.event import Event
from kkn_mailer.roster.layout import PEOPLE, PEOPLE_COLUMNS, REVIEW_COLUMNS, REVIEWS, people_cells


def picture() -> bytes:
    """A small red PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress((b"\0" + b"\xc0\x20\x20" * 24) * 24)
    header = struct.pack(">IIBBBBB", 24, 24, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def write(path: Path, event: Event, people: Sequence[Registration], macros: Path | None = None) -> None:
    """The two sheets of the contract with `people` on them, two columns of hers, and a sheet of hers with everything."""
    book = xlsxwriter.Workbook(str(path))
    if macros:
        book.add_vba_project(str(macros))
    sheet, reviews, own = book.add_worksheet(PEOPLE), book.add_worksheet(REVIEWS), book.add_worksheet("Egna")
    bold, day, moment = (
        book.add_format(about)
        for about in ({"bold": True}, {"num_format": "d mmm yyyy"}, {"num_format": "yyyy-mm-dd hh:mm"})
    )
    last = len(people)
    headings = [column.heading for column in PEOPLE_COLUMNS]
    for line, row in enumerate(people, 1):
        for column, value in enumerate(people_cells(row, event).values()):
            if isinstance(value, dt.datetime):
                sheet.write_datetime(line, column, value, moment)
            elif isinstance(value, dt.date):
                sheet.write_datetime(line, column, dt.datetime.combine(value, dt.time()), day)
            elif value is not None:
                sheet.write_string(line, column, str(value))
        sheet.write_number(line, 12, 100 + line)
    sheet.add_table(
        0, 0, last, 13,
        {"name": "Lista", "columns": [*({"header": h, "header_format": bold} for h in headings), {"header": "Avgift"},
                                      {"header": "Moms", "formula": "=Lista[[#This Row],[Avgift]]*0.25"}]},
    )  # fmt: skip
    sheet.write_comment("A2", "ring henne", {"author": "Linda"})
    sheet.conditional_format("M2:M5000", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("B2:B5000", {"type": "text", "criteria": "containing", "value": "Flen", "format": bold})
    sheet.data_validation("F2:F5000", {"validate": "list", "source": ["Bekräftad", "Avbokad"]})
    sheet.set_column("G:G", 30, None, {"hidden": True})
    sheet.set_column("A:A", 41)
    sheet.set_row(2, 31)
    sheet.freeze_panes(1, 2)
    sheet.add_sparkline("P2", {"range": f"{PEOPLE}!M2:N2", "style": 12})
    sheet.insert_textbox("P4", "Ring de gula", {"width": 200, "height": 60})
    sheet.write_url("P12", "https://example.com/lokal", string="Lokalen")
    for column, heading in enumerate(REVIEW_COLUMNS):
        reviews.write_string(0, column, heading.heading, bold)
    reviews.autofilter(0, 0, 0, len(REVIEW_COLUMNS) - 1)
    own.write_column("A1", [3, 1, 2])
    own.write_formula("B1", f"=COUNTA({PEOPLE}!A2:A5000)", None, last)
    own.write_rich_string("B2", "fet ", bold, "text")
    chart = book.add_chart({"type": "pie"})
    chart.add_series({"values": "=Egna!$A$1:$A$3"})
    own.insert_chart("D2", chart)
    own.insert_image("D20", "bild.png", {"image_data": BytesIO(picture())})
    own.insert_textbox("H2", "En ruta")
    own.insert_checkbox("H20", True)
    own.add_sparkline("C1", {"range": "Egna!A1:A3"})
    own.write_comment("A1", "en kommentar")
    own.conditional_format("A1:A3", {"type": "3_color_scale"})
    own.set_column("F:F", 10, None, {"hidden": True})
    book.define_name("Avgifter", f"={PEOPLE}!$M$2:$M$500")
    book.set_custom_property("Ansvarig", "Linda")
    book.close()
