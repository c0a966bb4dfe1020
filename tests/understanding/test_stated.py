"""What is stated, and must not be asked for: names behind a number, who is meant by it, and units without a verb."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kkn_mailer.config import load_event
from kkn_mailer.event import Event
from kkn_mailer.letter import read_letter
from kkn_mailer.understanding import read

from ..mails import mail

CORPUS = Path(__file__).parents[1] / "corpus"
EVA = "Eva Lund <eva.lund@flen.se>"
SIGNED = "\n\nEva Lund\nbibliotekarie, Flens kommun"

# Those who are registered, with their units.
COUNTED = [
    (
        "Kim Ek culture; Bo Ros culture",
        "Vi hade tänkt skicka två från biblioteket 12 februari. Namnen är Kim Ek och Bo Ros.",
    ),
    (
        "Eva Lund culture; Kim Ek culture",
        "Vi kommer två från biblioteket den 12 februari. Våra namn är Kim Ek och Eva Lund.",
    ),
    ("Kim Ek culture; Bo Ros culture", "We send two from the library on 12 February. The names are Kim Ek and Bo Ros."),
    ("Kim Ek culture; Bo Ros culture", "Det kommer två från biblioteket den 12 februari. De heter Kim Ek och Bo Ros."),
    (
        "Kim Ek culture; Bo Ros culture; Liv Dal culture",
        "Tre från biblioteket kommer den 12 februari. Deras namn: Kim Ek, Bo Ros och Liv Dal.",
    ),
    ("Kim Ek culture", "I'd like to register a colleague from the library for 12 February. Her name is Kim Ek."),
    (
        "Kim Ek culture; Bo Ros business",
        "Jag vill boka två platser 14 februari. Namn: Kim Ek, bibliotekarie och Bo Ros, näringslivschef.",
    ),
    (
        "Kim Ek culture; Bo Ros business",
        "Please reserve two seats on 14 February. They are for Kim Ek, librarian, and Bo Ros, business developer.",
    ),
    (
        "Kim Ek culture; Bo Ros culture",
        "Vi är två från biblioteket som kommer 12 februari: Kim Ek och Bo Ros. Mvh registrator",
    ),
    ("Kim Ek culture; Bo Ros culture", "Hi! We are two from the library coming on 12 February: Kim Ek and Bo Ros."),
    (
        "Kim Ek culture; Bo Ros culture",
        "Vi är två från biblioteket som kommer 12 februari:\n- Kim Ek\n- Bo Ros\n\nMvh\nregistrator",
    ),
    (
        "Eva Lund culture; Kim Ek culture; Bo Ros culture",
        "Vi blir tre från biblioteket den 12 februari: Kim Ek, Bo Ros och undertecknad.",
    ),
    (
        "Kim Ek culture; Bo Ros culture",
        "Anmälan av två deltagare den 12 februari, båda bibliotekarier: Kim Ek, Bo Ros. Vi kommer med tåg.",
    ),
]
COUNTED_TOO = [
    (
        "Eva Lund culture; Kim Ek culture",
        "Jag vill boka två platser den 14 februari. Det är till Kim Ek, bibliotekarie, och mig.",
    ),
    (
        "Eva Lund culture; Kim Ek business; Bo Ros business",
        "I will come with two colleagues from the business unit on 12 February. Their names are Kim Ek and Bo Ros.",
    ),
    (
        "Eva Lund culture; Kim Ek business",
        "Vi blir två den 12 februari, jag och en kollega från näringslivsenheten. Hon heter Kim Ek. Vår chef heter Bo Ros.",
    ),
    ("Eva Lund culture", "Min kollega tipsade mig, hon heter Kim Ek. Jag kommer den 12 februari."),
    (
        "Eva Lund culture; Kim Ek business; Bo Ros business",
        "Vi är två från näringsliv den 12 februari: Kim Ek och Bo Ros. Jag kommer också.",
    ),
]
UNITS = [
    ("Eva Lund culture", "Jag kommer den 12 februari, kultur."),
    ("Eva Lund business", "Anmäler mig till onsdagen, turism."),
    ("Eva Lund culture", "Jag kommer gärna den 12 februari i Nyköping, bibliotek. Ser fram emot det!"),
    ("Eva Lund business", "Please register me for 12 February, tourism."),
    ("Eva Lund culture", "I register for 12 February, culture department in Flen."),
    ("Eva Lund business", "I'm in tourism at Flen and would like to come on 12 February."),
    ("Eva Lund None", "I'm interested in culture and would like to come on 12 February."),
    ("Eva Lund None", "I'm in Nyköping for tourism and would like to come on 12 February."),
    ("Eva Lund None", "Jag kommer den 12 februari, kultur är viktigt."),
    ("Eva Lund None", "Jag kommer den 12 februari, roligt tema, kultur!"),
    ("Eva Lund None", "Jag kommer den 12 februari, museet."),
    ("Kim Ek business; Bo Ros business", "Jag anmäler Kim Ek och Bo Ros, båda näringsliv, till den 12 februari."),
    ("Kim Ek culture; Bo Ros culture", "Hello, Kim Ek and Bo Ros, both library, 12 February"),
    (
        "Kim Ny culture; Eva Ås culture",
        "Jag anmäler Kim Ny, bibliotekarie, och Eva Ås, kulturchef, till den 12 februari.",
    ),
]
ELSEWHERE = [
    ("ostergotland", "motala.se", "I'm in estates at Motala and would like to come on 13 October.", "other"),
    ("ostergotland", "motala.se", "I register for 13 October, climate department in Motala", "other"),
    ("ostergotland-kris", "motala.se", "Jag kommer den 15 april, måltid.", "meals"),
    ("norrbotten-mat", "lulea.se", "Jag deltar den 16 mars, kost.", "food"),
    ("varmland", "kil.se", "Jag kommer den 5 maj, bygglov.", "planning"),
]


@pytest.mark.parametrize(
    ("expected", "body"), [*COUNTED, *UNITS, *((expected, body + SIGNED) for expected, body in COUNTED_TOO)]
)
def test_what_is_stated_is_read(event: Event, expected: str, body: str) -> None:
    people = read(read_letter(mail(f"Hej!\n\n{body}", EVA)), event).people
    assert sorted(f"{p.name} {p.unit}" for p in people) == sorted(expected.split("; "))


@pytest.mark.parametrize(("place", "domain", "body", "unit"), ELSEWHERE)
def test_a_unit_at_the_end_for_other_events(place: str, domain: str, body: str, unit: str) -> None:
    event = load_event(CORPUS / place)
    first = min(session.date for session in event.sessions)
    when = dt.datetime.combine(first - dt.timedelta(days=30), dt.time(9), dt.UTC)
    people = read(read_letter(mail(body, f"Eva Lund <eva.lund@{domain}>", when=when)), event).people
    assert [(p.name, p.unit) for p in people] == [("Eva Lund", unit)]
