"""Answers to made-up people, in every situation of `samples/answers.toml`, for whatever event."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ..domain import Address, Answer, AnswerKind, Letter, Missing, Registration, Status
from ..event import OTHER, Event, Language

LANGUAGES: tuple[Language, ...] = ("sv", "en")


@dataclass(frozen=True, slots=True)
class Sample:
    """An answer, what it is about, and the name of its files."""

    key: str
    title: dict[Language, str]
    answer: Answer


@cache
def situations() -> dict[str, Any]:
    """The whole of `samples/answers.toml`."""
    return tomllib.loads((files("kkn_mailer") / "samples" / "answers.toml").read_text(encoding="utf-8"))


def samples(event: Event) -> list[Sample]:
    """Every situation that the event has sessions for, in each language."""
    return [
        Sample(f"{about['kind']}-{about['key']}.{language}", about["title"], _answer(event, about, language))
        for language in LANGUAGES
        for about in situations()["answer"]
        if max([*about.get("offers", ()), *(person.get("day", 0) for person in about["people"])]) < len(event.sessions)
    ]


def _answer(event: Event, about: dict[str, Any], language: Language) -> Answer:
    address = about.get("sender", "ada.exempel@example.org")
    sender = Address("" if "sender" in about else "Ada Exempel", address)
    letter = _letter(event, sender, about.get("subject") or _SUBJECT[language], about["mail"][language])
    rows = [_row(event, person, index, sender, letter, language) for index, person in enumerate(about["people"])]
    asked = {
        row.id: tuple(map(Missing, person["missing"]))
        for row, person in zip(rows, about["people"], strict=True)
        if "missing" in person
    }
    offers = tuple(event.sessions[day].date for day in about.get("offers", ()))
    kind, freed = AnswerKind(about["kind"]), about.get("freed", False)
    return Answer(kind, sender, language, tuple(rows), letter, asked, offers=offers, freed=freed)


def _letter(event: Event, sender: Address, subject: str, words: str) -> Letter:
    received = dt.datetime.combine(event.mail_since, dt.time(9, 30), event.zone)
    return Letter("<sample@example.org>", "sample", sender, received, received, subject=subject, own=words)


def _row(
    event: Event, person: dict[str, Any], index: int, sender: Address, letter: Letter, language: Language
) -> Registration:
    missing = person.get("missing", ())
    employers = [employer.name for employer in event.employers] or ["Exempel"]
    units = [unit.key for unit in event.units]
    unit = person.get("unit", 0)
    return Registration(
        id=f"SAMPLE{index:02d}",
        name=person.get("name"),
        municipality=None if "municipality" in missing else person.get("employer_name", employers[0]),
        unit=None if "unit" in missing else units[unit] if unit < len(units) else OTHER,
        date=event.sessions[person["day"]].date if "day" in person else None,
        status=Status(person.get("status", "confirmed")),
        email=sender.email if person.get("own") else None,
        phone=None,
        diet=person["diet"][language] if "diet" in person else None,
        received=letter.received,
        registered_by=sender.email,
        count=person.get("count", 1),
        instead_of=f"SAMPLE{person['instead_of']:02d}" if "instead_of" in person else None,
    )


_SUBJECT: dict[Language, str] = {"sv": "Anmälan", "en": "Registration"}
