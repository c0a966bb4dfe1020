"""Who comes only perhaps, or on a condition, is neither confirmed nor asked about; who takes a place over is no loss of it."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest

from kkn_mailer.config import load_event
from kkn_mailer.domain import Decision, Kind, Registration, Status, Thread
from kkn_mailer.event import Event
from kkn_mailer.letter import read_letter
from kkn_mailer.understanding import read

from ..conftest import ROOT
from ..mails import WHEN, mail
from .test_reading import shown

KKN, FOOD, SITES = "config", "tests/corpus/norrbotten-mat", "tests/corpus/gavle"
WRITTEN = {KKN: WHEN, FOOD: dt.datetime(2027, 2, 1, 9, tzinfo=dt.UTC), SITES: dt.datetime(2023, 3, 1, 9, tzinfo=dt.UTC)}
FROM = {
    KKN: ("Moa Kvist <moa.kvist@flen.se>", "Moa Kvist\nKulturchef, Flens kommun", "12 februari"),
    FOOD: ("Moa Kvist <moa.kvist@boden.se>", "Moa Kvist\nKostchef, Bodens kommun", "16 mars"),
    SITES: ("Moa Kvist <moa.kvist@sandviken.se>", "Moa Kvist\nTurismchef, Sandvikens kommun", "4 maj"),
}


@cache
def of(where: str) -> Event:
    return load_event(ROOT / where)


def told(where: str, body: str):
    sender, signature, day = FROM[where]
    letter = read_letter(
        mail(f"{body.format(day=day)}\n\n{signature}", sender, "Anmälan", WRITTEN[where]), WRITTEN[where]
    )
    return read(letter, of(where))


PERHAPS = [
    "Följande kommer {day}:\n\n- Annika Brodin, kultur\n- eventuellt Ida Norén, näringsliv",
    "Följande kommer {day}:\n\n- Annika Brodin, kultur\n- ev. Ida Norén, näringsliv",
    "Vi anmäler till {day}:\n\n- Annika Brodin, kultur\n- möjligen Ida Norén, näringsliv",
    "Vi anmäler till {day}:\n- Annika Brodin, kultur\n- förmodligen Ida Norén, näringsliv",
    "Vi anmäler till {day}:\n1. Annika Brodin, kultur\n2. Ida Norén, näringsliv (troligen)",
    "Deltagare {day}:\n- Annika Brodin, kultur\n- Ida Norén, näringsliv (kanske)",
    "Deltagare {day}:\n- Annika Brodin, kultur\n- Ida Norén, näringsliv (?)",
    "Deltagare {day}:\n- Annika Brodin, kultur\n- Ida Norén, näringsliv?",
    "Deltagare {day}:\n- Annika Brodin, kultur\n- Ida Norén, näringsliv - ej klart än",
    "Deltagare {day}:\n- Annika Brodin, kultur\n- Ida Norén, näringsliv (preliminärt, hon bekräftar själv)",
    "Participants {day}:\n- Annika Brodin, culture\n- Ida Norén, business (tbc)",
    "Participants {day}:\n- Annika Brodin, culture\n- possibly Ida Norén, business",
    "Participants {day}:\n- Annika Brodin, culture\n- Ida Norén, business (not confirmed yet)",
    "Jag kommer {day}, och kanske Ida Norén, näringsliv.",
    "Jag anmäler mig till {day}. Ev. också Ida Norén, hon återkommer själv.",
    "Jag anmäler mig till {day}. Ida Norén, näringsliv, kommer eventuellt också.",
    "Jag anmäler mig till {day}. Kanske följer Ida Norén från näringsliv med.",
    "Jag och Ida Norén (näringsliv, kanske) kommer {day}.",
    "Jag och min kollega Bo Ek på näringslivsenheten kommer {day}. Ida Norén, biblioteket, hänger troligtvis på.",
    "Anmäler mig till {day}. Ida Norén på näringsliv kommer om hon får ledigt.",
    "Jag kommer {day}. Det kan hända att Ida Norén, näringsliv, också kommer.",
    "Please sign me up for {day}. Ida Norén from business may join as well, she will let you know.",
    "Please sign me up for {day}. Ida Norén (business) might come too.",
    "Please sign me up for {day}, and maybe Ida Norén, business developer.",
    "I'm coming on {day}. Perhaps my colleague Ida Norén, business developer, as well.",
    "I'm coming on {day}. Ida Norén, business developer, will probably join us.",
    "I'm coming on {day}. Ida Norén, business developer, comes if her manager agrees.",
    "I'd like to register Bo Ek, librarian, and possibly Ida Norén, business, for {day}.",
    "Namn\tEnhet\tKommer\nAnnika Brodin\tkultur\tja\nIda Norén\tnäringsliv\tkanske\n\nDet gäller {day}.",
    "Namn\tEnhet\tDag\nAnnika Brodin\tkultur\t{day}\nIda Norén\tnäringsliv\t{day} ?",
    "Namn | Enhet | {day}\nAnnika Brodin | kultur | x\nIda Norén | näringsliv | ?",
    "Namn | Enhet | Dag | Övrigt\nAnnika Brodin | kultur | {day} |\nIda Norén | näringsliv | {day} | ev.",
]  # fmt: skip


@pytest.mark.parametrize("where", [KKN, FOOD, SITES])
@pytest.mark.parametrize("body", PERHAPS)
def test_who_comes_perhaps_is_left_to_the_organiser(body: str, where: str) -> None:
    reading = told(where, body)
    assert (reading.decision, reading.reason) == (Decision.REVIEW, "Oklart om Ida Norén också anmäls")
    assert "Ida Norén" not in [person.name for person in reading.people]


CONDITIONAL = [
    "Jag kommer {day}, om chefen godkänner det.",
    "Jag kommer {day} om det finns vegansk mat, annars inte.",
    "Jag anmäler mig till {day}, förutsatt att jag får ledigt.",
    "Jag anmäler mig till {day} under förutsättning att min chef säger ja.",
    "Jag kommer {day}, såvida inte nämnden flyttar sitt möte.",
    "Jag deltar {day} om jag hittar en vikarie.",
    "Om min chef går med på det kommer jag {day}.",
    "Anmäler mig till {day}, med förbehåll för att budgeten räcker.",
    "Anmälan {day}. Jag kommer om min dotter är frisk.",
    "Hej! Anmäler mig till {day} men bara om det går att få glutenfritt.",
    "I will come on {day} if my manager agrees.",
    "Please register me for {day}, provided that my boss approves.",
    "Sign me up for {day} unless I get called to the board meeting.",
    "I'd like to attend on {day}, subject to approval from my manager.",
    "If I can get the day off I will join on {day}.",
]  # fmt: skip


@pytest.mark.parametrize("where", [KKN, FOOD, SITES])
@pytest.mark.parametrize("body", CONDITIONAL)
def test_what_hangs_on_something_is_no_registration_yet(body: str, where: str) -> None:
    reading = told(where, body)
    assert (reading.decision, reading.reason) == (Decision.REVIEW, "Osäkert om avsändaren anmäler sig")


CERTAIN = [
    "Jag kommer gärna {day}, om det finns plats.",
    "Jag anmäler mig till {day} om det går bra.",
    "Jag vill vara med {day}, om jag får.",
    "Jag kommer {day}, förutsatt att det finns plats kvar.",
    "Jag deltar {day} såvida det inte är fullt.",
    "Jag anmäler mig till {day}, om det inte är för sent.",
    "Jag anmäler mig till {day}. Säg till om du behöver något mer.",
    "Jag anmäler mig till {day}, om inget oförutsett händer.",
    "Please register me for {day}, if that is OK.",
    "Please register me for {day} if there is still room.",
    "I would like to come on {day}, provided there are seats left.",
    "I will come on {day}. Let me know if you need anything else.",
    "Jag kommer {day}, kanske lite sent.",
    "Du kanske minns mig från i höstas. Jag anmäler mig till {day}.",
]  # fmt: skip


@pytest.mark.parametrize("where", [KKN, FOOD, SITES])
@pytest.mark.parametrize("body", CERTAIN)
def test_a_polite_condition_is_none(body: str, where: str) -> None:
    reading = told(where, body)
    assert (reading.decision, reading.reason) == (Decision.CONFIRM, "")


BOTH = [
    "Jag och Ida Norén, näringslivsutvecklare, kommer {day}, kanske lite sent.",
    "Jag och Ida Norén, näringslivsutvecklare, anmäler oss till {day}. Ida kommer troligen med tåget.",
    "Jag anmäler mig och Ida Norén, näringslivsutvecklare, till {day} om det finns plats.",
    "Ida Norén, näringslivsutvecklare, och jag kommer {day}. Hon återkommer om allergier.",
    "I'd like to register myself and Ida Norén, business developer, for {day}. She will let you know about her diet.",
]  # fmt: skip


@pytest.mark.parametrize("body", BOTH)
def test_a_perhaps_of_something_else_leaves_both_certain(body: str) -> None:
    reading = told(KKN, body)
    assert (reading.decision, reading.reason) == (Decision.CONFIRM, "")
    assert {person.name for person in reading.people} == {"Moa Kvist", "Ida Norén"}


TAKEN_OVER = [
    "Jag måste tyvärr avboka min plats {day}. Min kollega Ronny Ek tar den istället, han jobbar som turistsamordnare hos oss.",
    "Jag måste tyvärr avboka min plats {day}. Min kollega Ronny Ek tar den platsen, han är turistsamordnare.",
    "Jag måste avboka min plats {day}. Ronny Ek tar den.",
    "Jag måste avboka {day}. Ronny Ek kommer istället.",
    "Kan tyvärr inte komma {day}, men Ronny Ek kan ta min plats.",
    "Jag har fått förhinder {day}. Kan Ronny Ek få min plats?",
    "Jag måste lämna återbud till {day}. Platsen tas av Ronny Ek, turistsamordnare.",
    "Jag får tyvärr ställa in {day}, jag har blivit sjuk. Ronny Ek övertar platsen.",
    "Jag kan inte komma {day} som jag tänkt. Ronny Ek åker i stället.",
    "Jag avbokar min plats {day}. Ge den till Ronny Ek, turistsamordnare hos oss.",
    "Jag behöver avanmäla mig {day}, men låt gärna Ronny Ek få platsen.",
    "I have to cancel my place on {day}. My colleague Ronny Ek will take it instead; he is a tourism coordinator here.",
    "I have to cancel my seat on {day}. Ronny Ek will take it.",
    "Sorry, I can't make it on {day}. Ronny Ek is coming instead.",
    "I'm afraid I must withdraw from {day}. Ronny Ek takes over the seat.",
    "Unfortunately I need to cancel {day}. Please give my spot to Ronny Ek.",
    "I can't attend on {day} after all. Could Ronny Ek have my seat?",
]  # fmt: skip


@pytest.mark.parametrize("where", [KKN, FOOD, SITES])
@pytest.mark.parametrize("body", TAKEN_OVER)
def test_who_takes_the_place_comes_for_the_sender(body: str, where: str) -> None:
    reading = told(where, body)
    assert (reading.kind, reading.decision) == (Kind.CHANGE, Decision.CHANGE)
    assert [(p.name, p.replaces) for p in reading.people] == [("Ronny Ek", "Moa Kvist")]


@pytest.mark.parametrize("body", TAKEN_OVER)
def test_in_a_thread_as_well(event: Event, body: str) -> None:
    day = dt.date(2020, 2, 12)
    held = Registration(
        "m",
        "Moa Kvist",
        "Flen",
        "culture",
        day,
        Status.CONFIRMED,
        "moa.kvist@flen.se",
        None,
        None,
        WHEN,
        "moa.kvist@flen.se",
    )
    letter = read_letter(mail(body.format(day="den 12:e"), "Moa Kvist <moa.kvist@flen.se>", "Sv: Anmälan", WHEN), WHEN)
    reading = read(letter, event, Thread((held,), True))
    assert (reading.kind, reading.decision) == (Kind.CHANGE, Decision.CHANGE)
    assert [(p.name, p.replaces) for p in reading.people] == [("Ronny Ek", "Moa Kvist")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Jag måste avboka min plats den 12:e. Ronny Ek kommer fortfarande.", "cancellation/cancel Moa Kvist|Flen|culture|12"),
        ("Jag måste avboka den 12:e. Ge gärna min plats till någon på väntelistan.", "cancellation/cancel Moa Kvist|Flen|culture|12"),
        ("I have to cancel the 12th. Ronny Ek is still coming as planned.", "cancellation/cancel Moa Kvist|Flen|culture|12"),
    ],
)  # fmt: skip
def test_who_comes_anyway_takes_no_place(event: Event, body: str, expected: str) -> None:
    letter = read_letter(mail(f"{body}\n\n{FROM[KKN][1]}", FROM[KKN][0], "Avbokning", WHEN), WHEN)
    assert shown(read(letter, event)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Hej! Vi blir tre från kulturenheten i Flen den 12 februari, och kanske Bo.",
        "Anmäler tre deltagare till den 12 februari, kanske Eva.",
    ],
)
def test_a_perhaps_beside_people_without_names_is_for_the_organiser(text: str) -> None:
    assert read(read_letter(mail(text)), of(KKN)).decision is Decision.REVIEW


@pytest.mark.parametrize(
    "text",
    [
        "Hej! Jag anmäler mig till den 12 februari. Ditt mejl har jag skickat vidare, och jag hoppas att min anmälan har tagits emot.",
        "Jag vill vara med den 12 februari. Skriv gärna när anmälan har tagits emot, vi återkommer så snart vi kan om kost.",
    ],
)
def test_a_person_who_writes_like_a_receipt_is_read(text: str) -> None:
    raw = mail(text + "\n\nKim Ek\nKulturchef, Flens kommun", "Kim Ek <kim.ek@flen.se>")
    assert read(read_letter(raw), of(KKN)).decision is Decision.CONFIRM
