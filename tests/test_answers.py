"""The answers as messages: headers, words, calendar; and whatever a mail or a template could do to them."""

from __future__ import annotations

import ctypes
import datetime as dt
import email
import email.policy
import re
from dataclasses import replace
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import icalendar
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kkn_mailer.answers import Answers
from kkn_mailer.answers.samples import samples
from kkn_mailer.config import load_event
from kkn_mailer.domain import Address, Answer, AnswerKind, Missing, Status
from kkn_mailer.event import Event

from .conftest import ROOT, library

NOW = dt.datetime(2020, 1, 8, 10, tzinfo=dt.UTC)
EVENTS = [ROOT / "config", ROOT / "tests/data/other", ROOT / "tests/corpus/vastragotaland"]


@pytest.fixture(scope="module")
def answers(event: Event) -> Answers:
    return Answers(event, ROOT / "templates")


def sample(event: Event, key: str, language: str = "sv") -> Answer:
    return next(s.answer for s in samples(event) if s.key == f"{key}.{language}")


def sent(answers: Answers, answer: Answer, now: dt.datetime = NOW) -> EmailMessage:
    """An answer as its reader's program has it."""
    raw = answers.render(answer, "<x@lindanordfors.com>", now).as_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def words(message: EmailMessage, form: str = "plain") -> str:
    body = message.get_body((form,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def file(message: EmailMessage) -> bytes:
    (part,) = (part for part in message.iter_attachments() if part.get_content_type() == "text/calendar")
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data


def entries(message: EmailMessage) -> dict[str, icalendar.Event]:
    """The entries of the calendar file, by UID."""
    return {str(e["UID"]): e for e in icalendar.Calendar.from_ical(file(message)).walk("VEVENT")}


@pytest.mark.parametrize("folder", EVENTS, ids=lambda folder: folder.name)
def test_every_answer_renders_for_any_event(folder: Path) -> None:
    event = load_event(folder)
    assert Answers(event, ROOT / "templates").check() == []
    assert {(s.answer.kind, s.answer.language) for s in samples(event)} >= {
        (kind, language) for kind in AnswerKind for language in ("sv", "en")
    }


@pytest.mark.parametrize("kind", list(AnswerKind))
@pytest.mark.parametrize("language", ["sv", "en"])
def test_an_automatic_answer_says_so(answers: Answers, kind: AnswerKind, language: str) -> None:
    answer = next(s.answer for s in samples(answers.event) if (s.answer.kind, s.answer.language) == (kind, language))
    message = sent(answers, answer)
    reminder = kind is AnswerKind.REMINDER
    assert message["Auto-Submitted"] == ("auto-generated" if reminder else "auto-replied")
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["X-KKN-Answer"] == kind.value
    assert message["In-Reply-To"] == "<sample@example.org>"
    assert message["From"].addresses[0].addr_spec == "linda@lindanordfors.com"
    if not reminder:
        assert message["Subject"] == ("Sv: Anmälan" if language == "sv" else "Re: Registration")
    plain, markup = words(message), words(message, "html")
    assert f'lang="{language}"' in markup
    assert ("Hälsningar" if language == "sv" else "Best regards") in plain
    assert "@media (prefers-color-scheme: dark)" in markup
    if reminder:
        return
    wrote = "Den 1 december 2019 kl. 09:30 skrev Ada Exempel:" if language == "sv" else "On 1 December 2019 at 09:30, "
    assert f"\n\n{wrote}" in plain
    assert f">{wrote}" in markup
    assert plain.rstrip().split("\n")[-1].startswith("> ")


@pytest.mark.parametrize("missing", list(Missing))
@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("form", ["plain", "html"])
def test_a_question_asks_for_just_what_is_missing(answers: Answers, missing: Missing, language: str, form: str) -> None:
    asked = sample(answers.event, "ask-everything", language)
    row = replace(asked.people[0], name="Bo", municipality="Flen")
    text = words(sent(answers, replace(asked, people=(row,), asked={row.id: (missing,)})), form)
    phrases = {
        "sv": ["efternamn", "Vilken kommun", "Vilken enhet", "Vilken dag"],
        "en": ["surname", "Which municipality", "Which unit", "Which day"],
    }[language]
    assert [phrase in text for phrase in phrases] == [missing is m for m in Missing]
    assert ("Historieverkstan" in text) is (missing is Missing.DATE)


def test_a_question_says_who_is_complete_and_what_is_known(answers: Answers) -> None:
    text = words(sent(answers, sample(answers.event, "ask-some")))
    clear, _, rest = text.partition("behöver jag också veta")
    assert "Klart är:\n\nAda Exempel, Eskilstuna, enhet: kultur\n\nOnsdag 12 februari 2020, kl. 10:00–15:00" in clear
    assert "Om Bo Prov och Cleo Test:\n- Vilken enhet" in rest
    assert "- 3 personer, Eskilstuna, onsdag 12 februari (Nyköping)" in rest


def test_people_are_shown_as_understood(answers: Answers) -> None:
    text = words(sent(answers, sample(answers.event, "confirm-three")))
    together = (
        "Ada Exempel, Eskilstuna, enhet: kultur\nBo Prov, Eskilstuna, enhet: näringsliv, kost: glutenfritt\n\nOnsdag 12"
    )
    assert together in text
    assert "Cleo Test, Eskilstuna, enhet: annan\n\nFredag 14 februari" in text
    assert "Ni är anmälda" in text
    assert "Du är anmäld" in words(sent(answers, sample(answers.event, "confirm-one")))
    assert "Bo Prov och Cleo Test är anmälda" in words(sent(answers, sample(answers.event, "confirm-others")))


def test_the_waiting_list_offers_the_days_that_have_room(answers: Answers) -> None:
    full, room = (words(sent(answers, sample(answers.event, f"waitlisted-{key}"))) for key in ("full", "room"))
    assert "Det finns plats en annan dag" not in full
    assert "- fredag 14 februari, kl. 10:00–15:00, Eskilstuna (Scenkonst Sörmland)" in room
    assert "En plats har blivit ledig!" in words(sent(answers, sample(answers.event, "confirm-promoted")))


def test_an_address_without_its_city_is_shown_and_looked_up_with_it(event: Event) -> None:
    session = event.sessions[0].model_copy(update={"address": "Storgatan 1", "city": "Flen"})
    bare = event.model_copy(update={"sessions": (session, event.sessions[1])})
    text = words(sent(Answers(bare, ROOT / "templates"), sample(bare, "confirm-one")))
    assert "\nStorgatan 1, Flen\n" in text
    assert "query=Storgatan+1%2C+Flen" in text


def test_her_own_text_keeps_its_paragraphs_and_links(event: Event) -> None:
    own = event.model_copy(
        update={"information": "Program:\n10 Kaffe & tal\n\nLäs mer på https://example.org/kkn?a=1&b=2."}
    )
    message = sent(Answers(own, ROOT / "templates"), sample(own, "confirm-one"))
    markup = words(message, "html")
    assert re.search(r"<p[^>]*>Program:<br>10 Kaffe &amp; tal</p>", markup)
    assert 'href="https://example.org/kkn?a=1&amp;b=2"' in markup
    assert own.information in words(message)


def test_a_reader_is_called_by_a_name_only_where_it_is_certain(answers: Answers) -> None:
    asked = sample(answers.event, "ask-everything")
    for name, address, hello in [
        ("Lövstrand Hall Rebecka", "rebecka.lovstrand-hall@strangnas.se", "Hej Rebecka!"),
        ("Kulturenheten", "kultur@flen.se", "Hej!"),
        ("Ek, Anna (Kultur)", "anna_ek@flen.se", "Hej Anna!"),
        ("", "x@flen.se", "Hej!"),
    ]:
        assert words(sent(answers, replace(asked, to=Address(name, address)))).startswith(hello), name


# ── the calendar file ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_calendar_has_a_session_each(answers: Answers) -> None:
    found = list(entries(sent(answers, sample(answers.event, "confirm-two-days"))).values())
    assert [e["DTSTART"].dt.isoformat() for e in found] == ["2020-02-12T10:00:00+01:00", "2020-02-14T10:00:00+01:00"]
    assert [str(e["LOCATION"]) for e in found][1] == "Scenkonst Sörmland, John Engellaus gata 3, Eskilstuna"
    assert {str(e["STATUS"]) for e in found} == {"CONFIRMED"}


def test_a_registration_that_moves_takes_its_entry_along(answers: Answers) -> None:
    before = sample(answers.event, "confirm-one")
    moved = replace(before, kind=AnswerKind.CHANGED, people=(replace(before.people[0], date=dt.date(2020, 2, 14)),))
    (old,) = entries(sent(answers, before)).items()
    (new,) = entries(sent(answers, moved, NOW + dt.timedelta(seconds=1))).items()
    assert old[0] == new[0]
    assert new[1]["SEQUENCE"] > old[1]["SEQUENCE"]
    assert new[1]["DTSTART"].dt.date() == dt.date(2020, 2, 14)


def test_a_session_given_up_is_cancelled_in_the_calendar(answers: Answers) -> None:
    both = entries(sent(answers, sample(answers.event, "confirm-two-days")))
    cancelled = sample(answers.event, "cancelled-one-of-two")
    after = entries(sent(answers, cancelled, NOW + dt.timedelta(days=1)))
    assert set(after) == set(both)
    gone = after["SAMPLE00@lindanordfors.com"]
    assert (str(gone["STATUS"]), str(gone["TRANSP"])) == ("CANCELLED", "TRANSPARENT")
    assert str(gone["SUMMARY"]).startswith("Avbokad: ")
    assert str(after["SAMPLE01@lindanordfors.com"]["STATUS"]) == "CONFIRMED"


def test_whoever_registers_colleagues_keeps_an_entry_of_her_own(answers: Answers) -> None:
    """Hers is not cancelled when a colleague is; one made for several stays while any of them is coming."""
    three = sample(answers.event, "confirm-three")
    (mine, colleague) = entries(sent(answers, three)).values()
    assert str(mine["SUMMARY"]) == answers.event.name
    assert str(colleague["SUMMARY"]).endswith(" (Cleo Test)")
    bo = replace(three.people[1], status=Status.CANCELLED)
    gone = entries(sent(answers, replace(three, kind=AnswerKind.CANCELLED, people=(bo,))))
    assert not set(gone) & set(entries(sent(answers, three)))

    others = sample(answers.event, "confirm-others")
    (shared,) = entries(sent(answers, others)).items()
    assert "Bo Prov, Cleo Test" in str(shared[1]["DESCRIPTION"])
    one = replace(others, kind=AnswerKind.CANCELLED, people=(replace(others.people[0], status=Status.CANCELLED),))
    both = replace(one, people=tuple(replace(row, status=Status.CANCELLED) for row in others.people))
    assert shared[0] not in entries(sent(answers, one))
    assert list(entries(sent(answers, both))) == [shared[0]]


def test_no_calendar_where_there_is_no_session(answers: Answers) -> None:
    for key in ("ask-everything", "waitlisted-full"):
        assert list(sent(answers, sample(answers.event, key)).iter_attachments()) == []
    waiting = sample(answers.event, "cancelled-one")
    text = words(sent(answers, replace(waiting, people=(replace(waiting.people[0], date=None),))))
    assert "kalender" not in text


def test_libical_takes_every_calendar_without_a_remark() -> None:
    """libical, which Evolution and KOrganizer read calendars with: no parse error, no breach of RFC 5546."""
    ical = library("libical.so.3")
    ical.icalparser_parse_string.restype = ctypes.c_void_p
    read = 0
    for folder in EVENTS:
        answers = Answers(load_event(folder), ROOT / "templates")
        for each in samples(answers.event):
            message = sent(answers, each.answer)
            if not list(message.iter_attachments()):
                continue
            data = file(message)
            parsed = ctypes.c_void_p(ical.icalparser_parse_string(data))
            assert ical.icalrestriction_check(parsed), each.key
            assert ical.icalcomponent_count_errors(parsed) == 0, each.key
            assert ical.icalcomponent_count_components(parsed, 4) == data.count(b"BEGIN:VEVENT"), each.key
            read += 1
            ical.icalcomponent_free(parsed)
    assert read > 50


# ── what a stranger's mail could do ──────────────────────────────────────────────────────────────────────────────────


class Tags(HTMLParser):
    """Every tag with its attributes, and every comment, in order."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.seen: list[object] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, attrs))

    def handle_comment(self, data: str) -> None:
        self.seen.append(data)


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.text("<>&'\"{}%#\r\n\t =/\\;:\u202e\u2028\0\x1b@-", max_size=40),
    st.sampled_from(
        [
            "Eva\r\nBcc: all@example.com",
            "</title></style><script>alert(1)</script>",
            "</blockquote></main></body><h1>",
            "{{ 7*7 }}{% include 'words.sv.j2' %}{# x #}",
            "\u202egnip",
            '"><img src=x onerror=alert(1)>',
            "<!--[if mso]><a href='https://example.com'>x</a><![endif]-->",
            "https://example.com/vinst www.example.com javascript:alert(1)",
            "=?utf-8?q?=0D=0ABcc:x?=",
            "a\nEND:VEVENT\nBEGIN:VEVENT\nATTACH:file:///etc/passwd",
        ]
    ),
)
# Nothing here is sought but a breach: what breaks it is told as it was found, since each example renders two answers.
PLACED = ["confirm-three", "ask-some", "changed-substitute", "cancelled-colleague", "waitlisted-some"]


@settings(phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(key=st.sampled_from(PLACED), name=HOSTILE, other=HOSTILE, subject=HOSTILE, written=HOSTILE)
def test_a_mails_words_are_only_words(
    answers: Answers, key: str, name: str, other: str, subject: str, written: str
) -> None:
    """No tag, attribute, comment, header, link, calendar line or template instruction comes of what a mail says."""
    plain = sample(answers.event, key)

    def filled(name: str, other: str, subject: str, written: str) -> EmailMessage:
        letter = replace(plain.letter, subject=subject, own=written, sender=Address(name, "a@flen.se"))
        people = tuple(
            replace(row, name=f"{name} {row.id}", municipality=other, diet=written, unit=other) for row in plain.people
        )
        return sent(answers, replace(plain, to=Address(name, "ada.exempel@example.org"), letter=letter, people=people))

    tame, hostile = filled("x", "x", "x", "x"), filled(name, other, subject, written)
    assert list(hostile.keys()) == list(tame.keys())
    assert hostile["To"].addresses[0].addr_spec == "ada.exempel@example.org"
    assert len(hostile["To"].addresses) == 1
    # A mail of no words of its own is not quoted: the same answer, without the quote.
    like = tame if written.strip() else filled("x", "x", "x", "")
    assert tags(hostile) == tags(like)
    if list(tame.iter_attachments()):
        assert lines(hostile) == lines(tame)


def tags(message: EmailMessage) -> list[object]:
    """What a page is made of but its words and the ends of quoted lines."""
    return [tag for tag in Tags(words(message, "html")).seen if tag != ("br", [])]


def lines(message: EmailMessage) -> list[str]:
    """The names of the content lines of the calendar file, unfolded (RFC 5545 section 3.1)."""
    return [re.split("[;:]", line)[0] for line in re.sub("\r?\n ", "", file(message).decode()).splitlines()]
