"""The organiser's templates: every mistake is told by file and line, no answer is made of a broken one, and the docs are true."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kkn_mailer import digest
from kkn_mailer.answers import Answers, TemplateError
from kkn_mailer.answers.samples import samples
from kkn_mailer.answers.view import Guest, SessionView, view
from kkn_mailer.event import Event

from .conftest import ROOT

HEAD = "{% block subject %}x{% endblock %}\n"
MISTAKES = [
    ("confirm.sv.txt.j2", HEAD + "rad\n{{ finns_inte }}", "line 3: 'finns_inte'"),
    ("confirm.sv.txt.j2", HEAD + "{% if first_name == 'Xerxes' %}\n{{ finns_inte }}{% endif %}", "line 3: 'finns_inte'"),
    ("confirm.sv.html.j2", "<p>\n{% for guest in guests %}{{ guest.nam }}{% endfor %}", "line 2"),
    ("ask.en.html.j2", "<p>\n{% for x in %}", "line 2"),
    ("ask.sv.txt.j2", HEAD + "\n{% if questions %}\n", "line 3: Unexpected end"),
    ("changed.sv.txt.j2", "inget ämne", "the block 'subject' is missing"),
    ("changed.sv.txt.j2", "{% block subject %} {% endblock %}", "the block 'subject' is empty"),
    ("changed.sv.html.j2", "{% extends 'bas.html.j2' %}", "bas.html.j2"),
    ("confirm.en.txt.j2", HEAD + "{{ ''.__class__.__mro__ }}", "line 2"),
    ("confirm.en.txt.j2", HEAD + "{{ guests.clear() }}", "line 2"),
    ("confirm.en.txt.j2", HEAD + "\n{{ 1 / 0 }}", "line 3: division by zero"),
    ("confirm.en.txt.j2", HEAD + "{{ guests + 1 }}", "line 2"),
    ("confirm.en.txt.j2", HEAD + "{% include 'confirm.en.txt.j2' %}", "recursion"),
    ("confirm.en.txt.j2", HEAD + "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "line 2"),
    ("confirm.en.txt.j2", HEAD + "{% set many = range(9999) | list %}{% for a in many %}{{ information }}{% endfor %}", "500000"),
    ("confirm.en.txt.j2", HEAD + "{{ 'x' * 999999999 }}", "line 2"),
    ("confirm.en.txt.j2", HEAD + "{{ 9 ** 9 ** 9 }}", "line 2"),
    ("words.en.j2", "{{ finns_inte }}", "words.en.j2, line 1"),
    ("parts.html.j2", "\n{% macro place(session) %}{{ session.stad }}{% endmacro %}", "no attribute"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "body", "words"), MISTAKES, ids=lambda value: str(value)[:40])
def test_a_mistake_is_found_and_holds_the_answer_back(
    event: Event, tmp_path: Path, name: str, body: str, words: str
) -> None:
    (tmp_path / name).write_text(body, encoding="utf-8")
    answers = Answers(event, tmp_path)
    problems = answers.check()
    assert any(words in problem for problem in problems), problems
    if name.startswith(("parts", "words")):
        return
    assert all(problem.startswith(name) for problem in problems)
    kind, language = name.split(".")[:2]
    held = [each.answer for each in samples(event) if (each.answer.kind, each.answer.language) == (kind, language)]
    if "Xerxes" not in body:
        with pytest.raises(TemplateError, match=re.escape(name)):
            answers.render(held[0], "<x@y.z>", held[0].letter.received)


def test_preview_tells_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "event.toml").write_text((ROOT / "config/event.toml").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "templates" / "ask.sv.txt.j2").write_text(HEAD + "{{ fel }}", encoding="utf-8")
    command = [sys.executable, "-m", "kkn_mailer", "preview", "--config", tmp_path, "--out", tmp_path / "out"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 1
    assert "ask.sv.txt.j2, line 2: 'fel'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_docs_name_every_variable_and_no_other(event: Event) -> None:
    text = (ROOT / "docs/templates.md").read_text(encoding="utf-8")
    tables = {}
    for heading, rows in re.findall(r"^\| ([^|]*) \| innehåll \|\n\| --- \| --- \|\n((?:\|.*\n)+)", text, re.MULTILINE):
        named = (re.findall(r"`(\w+)`", row.split("|")[1]) for row in rows.splitlines())
        tables[heading] = {name for names in named for name in names}
    answers = Answers(event, ROOT / "templates")
    answer = samples(event)[0].answer
    assert tables.pop("variabel") == {*view(event, answer), "automatic", "title"}
    assert tables.pop("en person (`guest`)") == {field.name for field in dataclasses.fields(Guest)}
    assert tables.pop("en dag (`session`)") == {field.name for field in dataclasses.fields(SessionView)}
    state = digest.State([], [], 0, 0, None)
    shown = digest.view(event, "sv", digest.Told(answer.letter.received, {}, frozenset()), state)
    framed = {"event", "organiser", "contact", "language", "automatic", "reply_subject"}
    assert tables.pop("variabel i `digest`") == set(shown) - framed
    assert not tables
    assert answers.check() + digest.check(answers) == []


def test_every_mark_in_a_shipped_template_is_closed(event: Event, tmp_path: Path) -> None:
    """What is left of a Jinja tag in an answer would be seen by whoever gets it."""
    page = Answers(event, ROOT / "templates").preview(tmp_path)
    for text in page.parent.glob("*.txt"):
        assert not re.search(r"\{[{%#]|[}%#]\}", text.read_text(encoding="utf-8")), text.name
