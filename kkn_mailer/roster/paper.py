"""How a sheet of ours prints."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from ..event import Event
from .words import words


def print_a4(sheet: Worksheet, event: Event) -> None:
    """A4 landscape, as wide as the paper, with the event above and page numbers below."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.header, margins.footer = 0.7, 0.6, 0.3, 0.3
    # "&" begins a code in headers; Excel takes 255 characters of them.
    sheet.oddHeader.left.text = event.name[:100].replace("&", "&&")  # type: ignore[union-attr]
    sheet.oddHeader.right.text = "&D"  # type: ignore[union-attr]
    sheet.oddFooter.center.text = f"&A – {words(event)['page']}"  # type: ignore[union-attr]
