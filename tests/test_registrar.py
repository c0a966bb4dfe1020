"""What a mail leads to, by small scenarios and by properties over many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kkn_mailer.domain import (
    AnswerKind,
    Decision,
    Kind,
    Missing,
    Outcome,
    Person,
    Reading,
    Registration,
    Status,
    Thread,
)
from kkn_mailer.event import Event
from kkn_mailer.letter import read_letter
from kkn_mailer.registrar import decide
from kkn_mailer.registrar.identity import whole

from .mails import WHEN, mail

A, B = dt.date(2020, 2, 12), dt.date(2020, 2, 14)
ULLA = Person("Ulla Testberg", "Flen", "culture", (A,), "ulla.testberg@flen.se", is_sender=True)


def registers(*people: Person, question: bool = False) -> Reading:
    missing = any(p.missing for p in people)
    return Reading(Kind.REGISTRATION, Decision.ASK if missing else Decision.CONFIRM, question, people=people)


def play(
    event: Event,
    reading: Reading,
    rows: Sequence[Registration] = (),
    thread: Thread | None = None,
    sender: str = "Ulla Testberg <ulla.testberg@flen.se>",
) -> Outcome:
    letter = read_letter(mail("Hej", sender), WHEN)
    return decide(
        reading,
        letter,
        thread or Thread(tuple(r for r in rows if letter.sender.email in (r.email, r.registered_by))),
        rows,
        event,
    )


def after(rows: Sequence[Registration], outcome: Outcome) -> list[Registration]:
    return list(({r.id: r for r in rows} | {r.id: r for r in outcome.registrations}).values())


def test_two_sessions_are_two_rows(event: Event) -> None:
    outcome = play(event, registers(replace(ULLA, dates=(A, B))))
    assert [(r.date, r.status) for r in outcome.registrations] == [(A, Status.CONFIRMED), (B, Status.CONFIRMED)]
    assert outcome.answer is not None
    assert outcome.answer.kind is AnswerKind.CONFIRM


def test_two_of_one_name_without_an_employer_are_told_apart_by_their_addresses(event: Event) -> None:
    unknown = replace(ULLA, municipality=None, missing=(Missing.MUNICIPALITY,))
    (hers,) = play(event, registers(unknown)).registrations
    other = replace(hers, id="OTHER", date=B, email="ulla@trosa.se", registered_by="ulla@trosa.se")
    own = replace(hers, id="OWN", date=B)
    today = dt.date(2020, 1, 10)
    assert whole([hers], [hers, other], today) == [hers]
    assert whole([hers], [hers, own], today) == [hers, own]


def test_the_complete_are_registered_while_the_rest_are_asked_about(event: Event) -> None:
    bo = Person("Bo", "Flen", None, (), missing=(Missing.NAME, Missing.UNIT, Missing.DATE))
    outcome = play(event, registers(ULLA, bo))
    assert [r.status for r in outcome.registrations] == [Status.CONFIRMED, Status.WAITING]
    assert outcome.answer is not None
    assert list(outcome.answer.asked.values()) == [(Missing.NAME, Missing.UNIT, Missing.DATE)]


def test_who_adds_a_day_sees_both(event: Event) -> None:
    rows = after([], play(event, registers(ULLA)))
    outcome = play(event, registers(replace(ULLA, dates=(B,))), rows)
    assert outcome.answer is not None
    assert (outcome.answer.kind, [row.date for row in outcome.answer.people]) == (AnswerKind.CONFIRM, [A, B])


@pytest.mark.parametrize("kind", [Kind.CANCELLATION, Kind.CHANGE])
def test_an_answer_about_one_day_shows_what_its_person_has_besides_and_nobody_else_s(event: Event, kind: Kind) -> None:
    three = event.model_copy(
        update={"sessions": (*event.sessions, event.sessions[0].model_copy(update={"date": dt.date(2020, 2, 20)}))}
    )
    bo = Person("Bo Ask", "Flen", "culture", (A, B))
    rows = after([], play(three, registers(replace(ULLA, dates=(A, B)), bo)))
    dates = (dt.date(2020, 2, 20),) if kind is Kind.CHANGE else (A,)
    wish = Person("Ulla Testberg", dates=dates, dropped=(A,), is_sender=True)
    outcome = play(three, Reading(kind, Decision.CHANGE, people=(wish,)), rows)
    assert outcome.answer is not None
    assert [row.name for row in outcome.answer.people] == ["Ulla Testberg"] * 2
    assert B in {row.date for row in outcome.answer.people if row.status is Status.CONFIRMED}


def test_names_take_over_a_nameless_group(event: Event) -> None:
    group = Person(None, "Flen", "culture", (A,), missing=(Missing.NAME,), count=3)
    rows = after([], play(event, registers(group)))
    thread = Thread(tuple(rows), True, (Missing.NAME,))
    named = [Person(name, "Flen", None, ()) for name in ("Ada Ek", "Bo Ask", "Cia Lind")]
    outcome = play(event, registers(*named), rows, thread)
    assert {(r.name, r.unit, r.date, r.status) for r in after(rows, outcome)} == {
        (n, "culture", A, Status.CONFIRMED) for n in ("Ada Ek", "Bo Ask", "Cia Lind")
    }


def test_two_questions_and_then_the_organiser(event: Event) -> None:
    rows = after([], play(event, registers(replace(ULLA, dates=(), missing=(Missing.DATE,)))))
    silent = registers(replace(ULLA, dates=(), missing=(Missing.DATE,)))
    asked = (rows[0].id, Missing.DATE)
    second = play(event, silent, rows, Thread(tuple(rows), True, (Missing.DATE,), {asked: 1}))
    third = play(event, silent, rows, Thread(tuple(rows), True, (Missing.DATE,), {asked: 2}))
    assert second.answer is not None
    assert third.answer is None
    assert third.review is not None


def test_two_of_one_name_in_two_municipalities_are_two(event: Event) -> None:
    rows = after([], play(event, registers(ULLA)))
    other = Person("Ulla Testberg", "Trosa", "business", (A,), "ulla.testberg@trosa.se", is_sender=True)
    assert len(after(rows, play(event, registers(other), rows, sender="Ulla Testberg <ulla.testberg@trosa.se>"))) == 2


def test_a_colleague_and_the_person_herself_are_one(event: Event) -> None:
    rows = after(
        [], play(event, registers(replace(ULLA, email=None, is_sender=False)), sender="Bo Ask <bo.ask@flen.se>")
    )
    (row,) = after(rows, play(event, registers(ULLA), rows))
    assert row.email == "ulla.testberg@flen.se"


def test_a_substitute_takes_over_the_row(event: Event) -> None:
    rows = after([], play(event, registers(replace(ULLA, diet="vegan", phone="070-1"))))
    heir = Person("Bo Ask", "Flen", "business", (), replaces="Ulla Testberg")
    (row,) = after(rows, play(event, Reading(Kind.CHANGE, Decision.CHANGE, people=(heir,)), rows))
    assert (row.name, row.unit, row.date, row.diet, row.email, row.id) == (
        "Bo Ask",
        "business",
        A,
        None,
        None,
        rows[0].id,
    )


def test_a_first_name_is_found_among_those_she_registered(event: Event) -> None:
    bo = Person("Bo Ask", "Flen", "business", (A,))
    rows = after([], play(event, registers(ULLA, bo)))
    outcome = play(event, Reading(Kind.CANCELLATION, Decision.CANCEL, people=(Person("Bo", "Flen"),)), rows)
    assert {r.name: r.status for r in after(rows, outcome)} == {
        "Ulla Testberg": Status.CONFIRMED,
        "Bo Ask": Status.CANCELLED,
    }


def test_a_cancellation_of_nothing_goes_to_the_organiser(event: Event) -> None:
    outcome = play(event, Reading(Kind.CANCELLATION, Decision.CANCEL, people=(ULLA,)))
    assert outcome.answer is None
    assert outcome.review is not None


def test_a_question_in_a_registration_is_listed_too(event: Event) -> None:
    outcome = play(event, registers(ULLA, question=True))
    assert outcome.answer is not None
    assert outcome.review is not None


@pytest.mark.parametrize("day", [A, B])
def test_a_full_session_has_a_waiting_list(event: Event, day: dt.date) -> None:
    small = event.model_copy(update={"sessions": tuple(s.model_copy(update={"capacity": 1}) for s in event.sessions)})
    rows = after([], play(small, registers(replace(ULLA, dates=(day,)))))
    late = Person("Bo Ask", "Trosa", "business", (day,), "bo.ask@trosa.se", is_sender=True)
    outcome = play(small, registers(late), rows, sender="Bo Ask <bo.ask@trosa.se>")
    assert [r.status for r in outcome.registrations] == [Status.WAITLISTED]
    assert outcome.answer is not None
    assert outcome.answer.kind is AnswerKind.WAITLISTED


NAMES = st.sampled_from(["Ada Ek", "Bo Ask", "Cia Lind", "Dan Rönn", "Eva Björk"])
PEOPLE = st.builds(
    lambda name, days: Person(name, "Flen", "culture", tuple(sorted(days))),
    NAMES,
    st.sets(st.sampled_from([A, B]), min_size=1),
)


@given(
    st.lists(st.tuples(st.sampled_from(list(Kind)[:3]), st.lists(PEOPLE, min_size=1, max_size=3)), max_size=12),
    st.integers(1, 3),
)
def test_never_more_confirmed_than_places_and_never_a_row_twice(
    event: Event, mails: list[tuple[Kind, list[Person]]], places: int
) -> None:
    small = event.model_copy(
        update={"sessions": tuple(s.model_copy(update={"capacity": places}) for s in event.sessions)}
    )
    rows: list[Registration] = []
    decisions = {Kind.REGISTRATION: Decision.CONFIRM, Kind.CHANGE: Decision.CHANGE, Kind.CANCELLATION: Decision.CANCEL}
    for kind, people in mails:
        outcome = play(small, Reading(kind, decisions[kind], people=tuple({p.name: p for p in people}.values())), rows)
        known = {r.id for r in rows}
        rows = after(rows, outcome)
        assert known <= {r.id for r in rows}, "a registration was lost"
        for session in small.sessions:
            assert sum(r.date == session.date and r.status is Status.CONFIRMED for r in rows) <= places
        live = [(r.name, r.date) for r in rows if r.status is not Status.CANCELLED]
        assert len(live) == len(set(live))


@given(st.lists(PEOPLE, min_size=1, max_size=4))
def test_the_same_words_again_change_nothing(event: Event, people: list[Person]) -> None:
    reading = registers(*{p.name: p for p in people}.values())
    rows = after([], play(event, reading))
    assert sorted(r.id for r in after(rows, play(event, reading, rows))) == sorted(r.id for r in rows)
