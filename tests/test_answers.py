"""The answers as messages: headers, words, calendar; and templates that are broken."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kkn_mailer.answers import Answers, TemplateError
from kkn_mailer.domain import Address, Answer, AnswerKind, Missing
from kkn_mailer.event import Event

from .conftest import ROOT

NOW = dt.datetime(2020, 1, 8, 10, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def answers(event: Event) -> Answers:
    return Answers(event, ROOT / "templates")


def sample(answers: Answers, kind: AnswerKind, language: str = "sv") -> Answer:
    return next(a for a in answers.samples() if (a.kind, a.language) == (kind, language))


def test_every_answer_renders(answers: Answers) -> None:
    assert answers.check() == []


@pytest.mark.parametrize("kind", list(AnswerKind))
@pytest.mark.parametrize("language", ["sv", "en"])
def test_an_automatic_answer_says_so(answers: Answers, kind: AnswerKind, language: str) -> None:
    raw = answers.render(sample(answers, kind, language), "<x@lindanordfors.com>", NOW).as_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    reminder = kind is AnswerKind.REMINDER
    assert message["Auto-Submitted"] == ("auto-generated" if reminder else "auto-replied")
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["X-KKN-Answer"] == kind.value
    assert message["In-Reply-To"] == "<sample@example.org>"
    assert message["From"].addresses[0].addr_spec == "linda@lindanordfors.com"
    if not reminder:
        assert message["Subject"] == ("Sv: Anmälan" if language == "sv" else "Re: Registration")
    plain, markup = (message.get_body((form,)).get_content() for form in ("plain", "html"))
    assert f'lang="{language}"' in markup
    assert ("Hälsningar" if language == "sv" else "Best regards") in plain
    assert "> " in plain
    assert "@media (prefers-color-scheme: dark)" in markup


@pytest.mark.parametrize("missing", list(Missing))
@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_question_asks_for_just_what_is_missing(answers: Answers, missing: Missing, language: str) -> None:
    asked = sample(answers, AnswerKind.ASK, language)
    row = replace(asked.people[1], name="Bo Prov", municipality="Flen")
    text = (
        answers.render(replace(asked, people=(row,), asked={row.id: (missing,)}), "<x@y.z>", NOW)
        .get_body(("plain",))
        .get_content()
    )  # type: ignore[union-attr]
    words = {
        "sv": {
            Missing.NAME: "efternamn",
            Missing.MUNICIPALITY: "vilken kommun",
            Missing.UNIT: "vilken enhet",
            Missing.DATE: "vilken dag",
        },
        "en": {
            Missing.NAME: "surname",
            Missing.MUNICIPALITY: "which municipality",
            Missing.UNIT: "which unit",
            Missing.DATE: "which day",
        },
    }[language]
    assert {m for m, phrase in words.items() if phrase in text} == {missing}


def test_the_calendar_has_a_session_each(answers: Answers, event: Event) -> None:
    confirm = sample(answers, AnswerKind.CONFIRM)
    both = replace(
        confirm, people=tuple(replace(confirm.people[0], id=str(s.date), date=s.date) for s in event.sessions)
    )
    message = answers.render(both, "<x@y.z>", NOW)
    (part,) = [p for p in message.walk() if p.get_content_type() == "text/calendar"]
    found = icalendar.Calendar.from_ical(part.get_content())
    entries = found.walk("VEVENT")
    assert [e["DTSTART"].dt.isoformat() for e in entries] == ["2020-02-12T10:00:00+01:00", "2020-02-14T10:00:00+01:00"]
    assert len({str(e["UID"]) for e in entries}) == 2
    assert found.walk("VTIMEZONE")
    later = answers.render(both, "<z@y.z>", NOW + dt.timedelta(hours=1))
    again = icalendar.Calendar.from_ical(
        next(p for p in later.walk() if p.get_content_type() == "text/calendar").get_content()
    )
    assert [str(e["UID"]) for e in again.walk("VEVENT")] == [str(e["UID"]) for e in entries]
    assert all(b["SEQUENCE"] > a["SEQUENCE"] for a, b in zip(entries, again.walk("VEVENT"), strict=True))


def test_a_session_given_up_is_cancelled_in_the_calendar(answers: Answers) -> None:
    message = answers.render(sample(answers, AnswerKind.CHANGED), "<x@y.z>", NOW)
    (part,) = [p for p in message.walk() if p.get_content_type() == "text/calendar"]
    states = {str(e["STATUS"]) for e in icalendar.Calendar.from_ical(part.get_content()).walk("VEVENT")}
    assert states == {"CONFIRMED", "CANCELLED"}


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "Eva\r\nBcc: all@example.com",
            "<script>alert(1)</script>",
            "{{ 7*7 }}",
            "\u202egnip",
            '"><img src=x>',
            "=?utf-8?q?x?=",
        ]
    ),
)


@given(name=HOSTILE, subject=HOSTILE, words=HOSTILE)
def test_a_mails_words_are_only_words(event: Event, name: str, subject: str, words: str) -> None:
    answers = Answers(event, ROOT / "templates")
    confirm = sample(answers, AnswerKind.CONFIRM)
    letter = replace(confirm.letter, subject=subject, own=words, sender=Address(name, "a@flen.se"))
    hostile = replace(
        confirm,
        to=Address(name, "a@flen.se"),
        letter=letter,
        people=(replace(confirm.people[0], name=name, diet=words),),
    )
    message = email.message_from_bytes(answers.render(hostile, "<x@y.z>", NOW).as_bytes(), policy=email.policy.default)
    assert message["Bcc"] is None
    assert len(message.get_all("Subject") or []) == 1
    tags = Tags()
    tags.feed(message.get_body(("html",)).get_content())  # type: ignore[union-attr]
    assert not tags.seen & {"script", "img"}


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("confirm.sv.txt.j2", "{% block subject %}x{% endblock %}\nrad\n{{ finns_inte }}", "confirm.sv.txt.j2, line 3"),
        ("ask.en.html.j2", "<p>\n{% for x in %}", "ask.en.html.j2, line 2"),
        ("changed.sv.txt.j2", "inget ämne", "subject"),
        ("confirm.en.txt.j2", "{% block subject %}x{% endblock %}{{ ''.__class__.__mro__ }}", "confirm.en.txt.j2"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_template_is_found(event: Event, tmp_path: Path, name: str, body: str, words: str) -> None:
    (tmp_path / name).write_text(body)
    answers = Answers(event, tmp_path)
    (problem,) = answers.check()
    assert words in problem
    kind, language = name.split(".")[:2]
    with pytest.raises(TemplateError):
        answers.render(sample(answers, AnswerKind(kind), language), "<x@y.z>", NOW)


def test_the_preview_shows_them_all(event: Event, tmp_path: Path) -> None:
    page = Answers(event, ROOT / "templates").preview(tmp_path / "out").read_text()
    assert all(f"{kind}.{language}.html" in page for kind in AnswerKind for language in ("sv", "en"))
