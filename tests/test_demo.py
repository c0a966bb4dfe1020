"""The demonstration, as a newcomer runs it."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook

from .test_cli import kkn


def test_the_demo_shows_what_became_of_each_mail(tmp_path: Path) -> None:
    done = kkn("demo", "--out", tmp_path / "demo")
    assert done.returncode == 0
    shown = done.stdout.decode()
    assert all(word in shown for word in ("confirm", "ask", "changed", "cancelled", "left alone", "deltagare.xlsx"))
    sheet = load_workbook(tmp_path / "demo" / "deltagare.xlsx")["Deltagare"]
    assert sheet.max_row > 10
    kinds = {path.stem.split("-")[1] for path in (tmp_path / "demo" / "answers").glob("*.eml")}
    assert kinds == {"confirm", "ask", "changed", "cancelled"}
    assert kkn("demo", "--out", tmp_path / "demo").returncode == 0
