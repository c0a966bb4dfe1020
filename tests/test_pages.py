"""Every page of the preview as people get to see it, in Chromium, and by an HTML and an accessibility checker."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, sync_playwright

from kkn_mailer import digest
from kkn_mailer.answers import Answers
from kkn_mailer.config import load_event

from .conftest import ROOT, need

PHONE, DESK = 360, 800
"""Widths in CSS pixels."""
_NEWER_THAN_TIDY = 'proprietary attribute "loading"'
"""HTML since 2020; Debian's tidy is of 2017."""
_COLOURS = """() => {
  const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number); return (r * 2 + g * 5 + b) / 2040; };
  const texts = [...document.querySelectorAll('main *')].filter(e => e.innerText?.trim());
  return {ground: light(getComputedStyle(document.body).backgroundColor),
          inks: texts.map(e => light(getComputedStyle(e).color))};
}"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Every answer, and the page that shows them all."""
    out = tmp_path_factory.mktemp("preview")
    answers = Answers(load_event(ROOT / "config"), ROOT / "templates")
    answers.preview(out, digest.samples(answers))
    found = sorted(out.glob("*.html"))
    assert len(found) > 45
    return found


@pytest.fixture(scope="module")
def looks(pages: list[Path]) -> dict[Path, dict[str, Any]]:
    """What each page looks like, measured in one visit by one browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=need("chromium"), args=["--no-sandbox"])
        tab = browser.new_page()
        tab.add_init_script(AXE_SCRIPT)
        looks = {page: _look(tab, page) for page in pages}
        browser.close()
    return looks


def _look(tab: Page, page: Path) -> dict[str, Any]:
    tab.set_viewport_size({"width": DESK, "height": 640})
    tab.emulate_media(color_scheme="light")
    tab.goto(page.as_uri(), wait_until="domcontentloaded")
    wide = tab.evaluate("document.documentElement.scrollWidth")
    tab.set_viewport_size({"width": PHONE, "height": 640})
    found = {"desk": wide, "phone": tab.evaluate("document.documentElement.scrollWidth")}
    found |= {
        "light": tab.evaluate(_COLOURS),
        "axe": tab.evaluate("axe.run({iframes: false, resultTypes: ['violations']})"),
    }
    tab.emulate_media(color_scheme="dark")
    only = "axe.run({iframes: false, resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block']})"
    return found | {"dark": tab.evaluate(_COLOURS), "axe in the dark": tab.evaluate(only)}


def test_tidy_has_nothing_to_say(pages: list[Path]) -> None:
    for page in pages:
        command = [need("tidy"), "-errors", "-quiet", "--drop-empty-elements", "no", page]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stderr.splitlines()
        assert [line for line in said if not line.endswith(_NEWER_THAN_TIDY)] == [], page.name


@pytest.mark.parametrize("run", ["axe", "axe in the dark"])
def test_axe_finds_nothing(looks: dict[Path, dict[str, Any]], run: str) -> None:
    assert all(look[run]["passes"] for look in looks.values())
    found = [
        (page.name, v["id"], v["nodes"][0]["html"]) for page, look in looks.items() for v in look[run]["violations"]
    ]
    assert found == []


def test_nothing_is_wider_than_the_screen(looks: dict[Path, dict[str, Any]]) -> None:
    wide = [page.name for page, look in looks.items() if look["phone"] > PHONE or look["desk"] > DESK]
    assert wide == []


def test_a_dark_screen_is_dark_and_a_light_one_light(looks: dict[Path, dict[str, Any]]) -> None:
    for page, look in looks.items():
        assert look["light"]["ground"] > 0.9, page.name
        assert max(look["light"]["inks"]) < 0.5, page.name
        assert look["dark"]["ground"] < 0.2, page.name
        assert min(look["dark"]["inks"]) > 0.5, page.name


def test_the_copies_on_the_page_are_light_and_dark_whatever_the_screen(pages: list[Path]) -> None:
    index = next(page for page in pages if page.name == "index.html")
    shown = re.findall(r'<iframe class="\w+ (\w+)"[^>]* src="(\w+)/([^"]+)"', index.read_text(encoding="utf-8"))
    assert {(mode, folder) for mode, folder, _ in shown} == {("light", "light"), ("dark", "dark")}
    for mode, _, name in shown:
        style = (index.parent / mode / name).read_text(encoding="utf-8")
        assert "@media " + {"light": "not all", "dark": "all"}[mode] in style
