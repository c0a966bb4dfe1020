"""Mails of somebody who is registered already: what they alter, and what they leave as it stands."""

from __future__ import annotations

import datetime as dt

import pytest

from kkn_mailer.domain import Kind, Missing, Registration, Status, Thread
from kkn_mailer.event import Event
from kkn_mailer.letter import read_letter
from kkn_mailer.understanding import read

from ..mails import WHEN, mail
from .test_reading import shown

WAITS = (Missing.UNIT,)


def row(name: str, day: int, email: str | None = "eva.lo@flen.se", waits: bool = False) -> Registration:
    status, unit = (Status.WAITING, None) if waits else (Status.CONFIRMED, "culture")
    date = dt.date(2020, 2, day)
    return Registration(name, name, "Flen", unit, date, status, email, None, None, WHEN, "eva.lo@flen.se")


@pytest.mark.parametrize(
    ("day", "body", "expected"),
    [
        (12, "My manager has booked a planning day on the Wednesday, so I have to go back to the 14th after all.", "change/change Eva Lo|Flen|?|14"),
        (12, "Onsdagen gick bort, så det får bli fredagen.", "change/change Eva Lo|Flen|?|14"),
        (14, "Would it be possible to switch to the Wednesday later on if I have to? I don't know yet.", "question/review"),
        (14, "Går det att byta till onsdagen senare om jag skulle behöva?", "question/review"),
        (14, "Går det bra att jag byter till onsdagen?", "change/change Eva Lo|Flen|?|12"),
        (14, "I have booked a table at Malmen for the 14th at seven, Sara and Tom are coming along.", "unrelated/review"),
        (14, "Jag och Kim tar en öl på Stadshotellet den 14:e efteråt, häng med!", "unrelated/review"),
        (14, "And now Bo tells me he's allergic to shellfish.", "change/change Bo|Flen|?|"),
        (14, "Bo är hemma med vattkoppor på barnen hela veckan och kan inte vara med på fredag. Vi andra två kommer som sagt.", "cancellation/cancel Bo|Flen|?|14"),
        (12, "Dragan Kostić, bibliotekarie, vill också komma, samma dag.", "registration/confirm Dragan Kostić|Flen|culture|12"),
    ],
)  # fmt: skip
def test_what_is_done_to_those_who_stand_there(event: Event, day: int, body: str, expected: str) -> None:
    letter = read_letter(mail(body, "Eva Lo <eva.lo@flen.se>", "Sv: Anmälan", WHEN), WHEN)
    thread = Thread((row("Eva Lo", day), row("Bo Ek", day, None)), True)
    assert shown(read(letter, event, thread)) == expected


def test_neither_of_the_units_is_an_answer_and_no_decline(event: Event) -> None:
    body = "Jag är kommunchef, så varken det ena eller det andra av era alternativ."
    letter = read_letter(mail(body, "Eva Lo <eva.lo@flen.se>", "Sv: Anmälan", WHEN), WHEN)
    reading = read(letter, event, Thread((row("Eva Lo", 14, waits=True),), True, WAITS))
    assert reading.kind is Kind.REGISTRATION
    assert reading.people[0].unit == "other"
