"""The organiser's hand: the same edits made in LibreOffice (a Basic macro in one session) and by openpyxl.

An edit is a tuple: the command, the sheet, and what it is about; a row is named by a text that stands in it.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

Value = str | dt.date | None
Edit = tuple[Value, ...]
"""put sheet row heading value · head sheet heading new · add sheet heading value … · remove sheet row · copy sheet row ·
over sheet row (a copy inserted above) · sort sheet heading · title sheet new · drop sheet · column sheet heading (delete
it) · insert sheet (a column at the left) · top sheet (a row at the top) · paint sheet row · new sheet"""


def by_openpyxl(path: Path, edits: Sequence[Edit]) -> None:
    """Load, edit and save as any script would."""
    book = load_workbook(path)
    for command, name, *rest in edits:
        if command == "new":
            book.create_sheet(str(name))["A1"] = "hennes"
        elif command == "drop":
            del book[str(name)]
        else:
            _edit(book[str(name)], str(command), rest)
    book.save(path)


def _edit(sheet: Worksheet, command: str, rest: list[Value]) -> None:
    key = str(rest[0]) if rest else ""
    at = {str(cell.value): int(cell.column) for cell in sheet[1]}
    last = max((n for n in range(1, sheet.max_row + 1) if any(c.value not in (None, "") for c in sheet[n])), default=1)

    def line() -> int:
        return next(n for n in range(2, last + 1) if key in (c.value for c in sheet[n]))

    if command == "put":
        sheet.cell(line(), at[str(rest[1])]).value = rest[2]
    elif command == "head":
        sheet.cell(1, at[key]).value = rest[1]
    elif command == "add":
        for heading, value in zip(rest[::2], rest[1::2], strict=True):
            sheet.cell(last + 1, at[str(heading)]).value = value
    elif command == "remove":
        sheet.delete_rows(line())
    elif command == "copy":
        for column, cell in enumerate(list(sheet[line()]), 1):
            sheet.cell(last + 1, column).value = cell.value
    elif command == "over":
        found = line()
        sheet.insert_rows(found)
        for column, cell in enumerate(list(sheet[found + 1]), 1):
            sheet.cell(found, column).value = cell.value
    elif command == "sort":
        body = [[cell.value for cell in sheet[n]] for n in range(2, last + 1)]
        for n, values in enumerate(sorted(body, key=lambda row: str(row[at[key] - 1] or ""), reverse=True), 2):
            for column, value in enumerate(values, 1):
                sheet.cell(n, column).value = value
    elif command == "title":
        sheet.title = key
    elif command == "column":
        sheet.delete_cols(at[key])
    elif command == "insert":
        sheet.insert_cols(1)
    elif command == "top":
        sheet.insert_rows(1)
        sheet["A1"] = "Lista"
    elif command == "paint":
        sheet.cell(line(), 1).fill = PatternFill("solid", fgColor="FF00FF")


def by_libreoffice(program: str, work: Sequence[tuple[Path, Sequence[Edit]]], folder: Path) -> None:
    """Every file opened, edited and saved in one session."""
    script = []
    for path, edits in work:
        script += ["\t".join(("open", str(path))), *("\t".join(map(_text, edit)) for edit in edits), "save\tit"]
    (folder / "script.txt").write_text("\n".join(script) + "\n", encoding="utf-8")
    start = [program, "--headless", f"-env:UserInstallation=file://{folder}/profile"]
    place = os.environ | {"HOME": str(folder), "KKN_SCRIPT": str(folder / "script.txt")}
    # The first start makes the profile, with an empty module that takes the place of any other.
    subprocess.run([*start, "--terminate_after_init"], env=place, capture_output=True, timeout=120, check=False)
    code = (Path(__file__).parent / "hand.bas").read_text(encoding="utf-8")
    (folder / "profile" / "user" / "basic" / "Standard" / "Module1.xba").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<script:module xmlns:script="http://openoffice.org/2000/script" '
        f'script:name="Module1" script:language="StarBasic"><![CDATA[{code}]]></script:module>',
        encoding="utf-8",
    )
    subprocess.run([*start, "macro:///Standard.Module1.Main"], env=place, capture_output=True, timeout=300, check=True)
    said = folder / "script.txt.said"
    assert said.exists(), "the macro did not run"
    assert said.read_text() == "done", said.read_text()


def _text(value: Value) -> str:
    return value.isoformat() if isinstance(value, dt.date) else value or ""
