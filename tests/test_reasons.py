"""Why something is left to the organiser, in the event's language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from kkn_mailer.reasons import worded

from .conftest import ROOT

CALLS = {"review", "line_about", "_listed", "_line", "Intent"}
NAMES = {"reason", "doubt"}


def written() -> Iterator[str]:
    """Every text in the package that is given as a reason, `x` for what it leaves open."""
    for path in sorted((ROOT / "kkn_mailer").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            given: list[ast.expr] = []
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                given += node.args[-1:] if called in CALLS else []
                given += [each.value for each in node.keywords if each.arg in NAMES]
            elif isinstance(node, ast.Assign) and NAMES & {getattr(n, "id", "") for n in ast.walk(node.targets[0])}:
                given.append(node.value)
            for value in given:
                yield from texts(constants.get(getattr(value, "id", ""), value))


def texts(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in value.values)
    elif isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, (ast.BoolOp, ast.Tuple)):
        for part in value.values if isinstance(value, ast.BoolOp) else value.elts:
            yield from texts(part)
    elif isinstance(value, ast.IfExp):
        yield from (*texts(value.body), *texts(value.orelse))


REASONS = sorted({text for text in written() if " " in text and "could not be read" not in text})


def test_reasons_are_found() -> None:
    assert {"Fråga om evenemanget", "x personer i ett mejl", "Kan vara en vidarebefordrad anmälan"} <= set(REASONS)
    assert len(REASONS) > 30


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_is_told_in_both_languages(reason: str) -> None:
    reason = reason.replace("Fråga i x", "Fråga i anmälan")
    assert worded(reason, "sv") == reason
    assert worded(reason, "en") != reason


@pytest.mark.parametrize(
    ("swedish", "english"),
    [
        ("Svaret till a@b.se (om Ada) kom inte fram: adressen tog inte emot det", "The answer to a@b.se (about Ada) did not arrive: the address did not take it"),
        ("Kopian av svaret kom inte fram: 550 5.1.1 unknown", "The copy of the answer did not arrive: 550 5.1.1 unknown"),
        ("Sammanfattningen kunde inte skrivas: digest.en.txt.j2, line 3", "The digest could not be written: digest.en.txt.j2, line 3"),
        ("Ändring av någon annan än den anmälda", "Change by somebody else than the one registered"),
        (
            "Deltagare: Datum ”12 eller 14” går inte att tolka för Ada, Flen. Skriv en av dagarna 2020-02-12, 2020-02-13 eller 2020-02-14.",
            "Deltagare: Datum “12 eller 14” makes no sense for Ada, Flen. Write one of the days 2020-02-12, 2020-02-13 or 2020-02-14.",
        ),
        ("något annat", "något annat"),
    ],
)  # fmt: skip
def test_what_a_reason_leaves_open_is_kept(swedish: str, english: str) -> None:
    assert worded(swedish, "en") == english


def test_no_reason_is_listed_that_nobody_gives() -> None:
    sources = "".join(p.read_text(encoding="utf-8") for p in Path(ROOT / "kkn_mailer").rglob("*.py"))
    listed = (ROOT / "kkn_mailer" / "reasons.toml").read_text(encoding="utf-8").splitlines()
    for line in (line for line in listed if line.startswith('"')):
        for word in line.split('"')[1].replace("{}", " ").split():
            assert word.strip(" .:”") in sources, line
