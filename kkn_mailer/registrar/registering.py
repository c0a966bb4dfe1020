"""A registration: new people, what a reply gives to those who wait, and whoever it names besides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from ..domain import AnswerKind, Outcome, Person, Registration, Status
from .altering import change
from .case import Case
from .identity import akin, first, full, identifier, line_about
from .places import missing_of

MOST_QUESTIONS = 2
"""How often the same thing is asked of somebody before the organiser takes over."""


def register(case: Case) -> Outcome:
    reading, event = case.reading, case.event
    if event.registration_closes and case.today > event.registration_closes:
        return case.review("Anmälan efter sista anmälningsdagen")
    if any(day < case.today for person in reading.people for day in person.dates):
        return case.review("Anmälan till en dag som har varit")
    if any(_was_removed(case, person) for person in reading.people):
        return case.review("Anmälan av någon som du har tagit bort ur listan")
    if _gives_up(case):
        return change(case)
    waiting = [row for row in case.of_thread() if row.status is Status.WAITING]
    if waiting and _speaks_for_nobody(case, waiting):
        return case.review("Svar i tråden från någon annan")
    concerned, left = _complete(case, waiting) if waiting else ([], list(reading.people))
    for index, person in enumerate(left):
        concerned += _enter(case, person, index)
    if waiting and (case.thread.answers_us or not left):
        concerned += waiting
    return _answered(case, concerned)


def _gives_up(case: Case) -> bool:
    """Whether a registration by somebody who is on the list gives up one of her days: `jag kommer bara den 14:e`."""
    live = (row for row in case.everyone if row.status is not Status.CANCELLED)
    return any(case.is_of(row, person) and row.date in person.dropped for row in live for person in case.reading.people)


def _answered(case: Case, concerned: Sequence[Registration]) -> Outcome:
    """The one answer to those concerned: what is still asked, and what is settled."""
    given = case.give_places()
    people = [row for row in case.current(concerned) if row.status is not Status.CANCELLED]
    asked = {row.id: missing_of(row, case.event) for row in people if row.status is Status.WAITING}
    often = (case.thread.questions.get((i, each), 0) for i, missing in asked.items() for each in missing)
    if any(times >= MOST_QUESTIONS for times in often):
        line = line_about(case.letter, "Två frågor har ställts utan att allt blev klart")
        return case.outcome(None, line, given)
    if not people:
        return case.review("Oklart vem som anmäls")
    says = case.letter.in_reply_to and not any(person.dates for person in case.reading.people)
    if not asked and not case.touched and (case.thread.answers_us or says):
        return case.outcome(None, case.line("anmälan"), given)  # a thanks, or the same words again
    kind = AnswerKind.CONFIRM
    if asked:
        kind = AnswerKind.ASK
    elif any(row.status is Status.WAITLISTED for row in people):
        kind = AnswerKind.WAITLISTED
    shown = people if asked else case.whole(people)
    return case.outcome(case.answer(kind, shown, asked=asked), case.line("anmälan"), given)


def _was_removed(case: Case, person: Person) -> bool:
    """Whether the organiser has taken this person's row for a wished session out, and left no other of theirs."""
    return any(
        case.is_of(gone, person)
        and (not person.dates or gone.date is None or gone.date in person.dates)
        and not any(case.is_of(row, person) and row.date == gone.date for row in case.everyone)
        for gone in case.removed
    )


# ── replies ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _speaks_for_nobody(case: Case, waiting: Sequence[Registration]) -> bool:
    """Whether a reply is by somebody else than those who wait and those who registered them, and tells of herself
    alone: whether she comes too, or answers for them, is not certain."""
    people = case.reading.people
    return (
        len(people) == 1
        and people[0].is_sender
        and full(people[0].name)
        and all(
            row.name and not case.is_own(row) and not case.is_of(row, people[0]) and not akin(row.name, people[0].name)
            for row in waiting
        )
        and not any(case.is_of(row, people[0]) for row in case.rows.values())
    )


def _complete(case: Case, waiting: Sequence[Registration]) -> tuple[list[Registration], list[Person]]:
    """Waiting registrations filled with what a reply gives; and those it names whom none of them is about."""
    done: list[Registration] = []
    pairs = {row.id: _about(case, row) for row in waiting if row.name}
    used = [person for person in pairs.values() if person]
    fresh = [p for p in case.reading.people if p.name and p not in used and not _known(case, p)]
    for row in waiting:
        if row.name is None and (names := _names_of(row, fresh)):
            done += _name_group(case, row, names)
            fresh = [p for p in fresh if p not in names]
        elif person := pairs.get(row.id) or _spoken_for(case, row, waiting):
            done += _fill(case, case.rows[row.id], replace(person, name=_name(person, row)))
    return done, [p for p in fresh if not p.is_sender and full(p.name)]


def _known(case: Case, person: Person) -> bool:
    return person.is_sender and any(case.is_of(r, person) and r.status is Status.CONFIRMED for r in case.rows.values())


def _name(person: Person, row: Registration) -> str | None:
    return person.name if full(person.name) or row.name is None else row.name


def _about(case: Case, row: Registration) -> Person | None:
    """The person of the reading that a waiting row is about, by name."""
    people = case.reading.people
    return next((p for p in people if case.is_of(row, p)), None) or next(
        (p for p in people if p.name and first(p.name) == first(row.name) and not (full(p.name) and full(row.name))),
        None,
    )


def _spoken_for(case: Case, row: Registration, waiting: Sequence[Registration]) -> Person | None:
    """What is said of a waiting row by somebody who is not it: whoever registered it, or its person from another address.

    Of several who wait, and from somebody else, only what stands in the words counts, not a signature's unit.
    """
    people = case.reading.people
    index = next((i for i, p in enumerate(people) if p.is_sender), None)
    if index is None or not case.is_own(row):
        one = people[0] if len(people) == len(waiting) == 1 else None
        hers = one is not None and (row.name is None or one.name is None or akin(one.name, row.name))
        return replace(one, name=row.name) if one and hers and (one.name is None or one.is_sender) else None
    sender = people[index]
    alone = len(waiting) == 1
    herself = alone and (row.name is None or akin(row.name, sender.name))
    return Person(
        name=row.name,
        municipality=sender.municipality,
        unit=sender.unit if herself or case.stated(index, "unit") else None,
        dates=sender.dates,
        diet=sender.diet if alone else None,
        phone=sender.phone if herself else None,
    )


def _names_of(row: Registration, fresh: Sequence[Person]) -> list[Person]:
    """Who of a reply are the people of a nameless row; its sender only where she can be one of them."""
    others = [p for p in fresh if not p.is_sender]
    return list(fresh) if len(fresh) <= row.count and (others or row.count == 1) else others


def _name_group(case: Case, row: Registration, people: Sequence[Person]) -> list[Registration]:
    """Names given for a nameless group: the first takes over the row, the others get rows like it, the rest wait on."""
    rows: list[Registration] = []
    for index, person in enumerate(people):
        heir = replace(
            row,
            id=row.id if index == 0 else identifier(case.letter.digest, row.id, "group", index),
            name=person.name,
            count=1,
            email=person.email,
        )
        rows += _fill(case, heir, person)
    if (rest := row.count - len(people)) > 0:
        left = replace(row, id=identifier(case.letter.digest, row.id, "rest"), count=rest)
        rows.append(case.settle(left, "namn på några av dem saknas"))
    return rows


def _fill(case: Case, row: Registration, person: Person) -> list[Registration]:
    """A waiting row with a person's values; a second session makes a second row."""
    days: Sequence[dt.date | None] = person.dates or [row.date]
    filled = replace(
        row,
        name=person.name or row.name,
        municipality=person.municipality or row.municipality,
        unit=person.unit or row.unit,
        email=row.email or person.email,
        phone=person.phone or row.phone,
        diet=person.diet or row.diet,
        date=row.date if row.date in days else days[0],
        language=case.reading.language,
    )
    out = [case.settle(filled, "kompletterad")]
    for day in days:
        other = replace(filled, id=identifier(case.letter.digest, filled.id, day), date=day, status=Status.WAITING)
        if day != filled.date:
            out.append(case.twin(other) or case.settle(other, "kompletterad"))
    return out


# ── new ones ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _enter(case: Case, person: Person, index: int) -> list[Registration]:
    """The rows of one person: one a session, those there already kept."""
    mine = [row for row in case.rows.values() if _same(case, row, person)]
    free, out = list(mine), []
    for day in person.dates or _days_known(case, mine):
        old = (
            next((row for row in free if row.date == day and row.status is not Status.CANCELLED), None)
            or next((row for row in free if row.date is None and row.status is Status.WAITING), None)
            or next((row for row in free if row.date == day), None)
            or _new(case, person, index, day, mine)
        )
        free = [row for row in free if row.id != old.id]
        out.append(case.settle(_with(case, old, person, day), "anmäld"))
    return out


def _same(case: Case, row: Registration, person: Person) -> bool:
    """Whether a row is a person's, or the nameless group's that is registered a second time."""
    if person.name or person.is_sender:
        return case.is_of(row, person)
    again = row.name is None and case.is_own(row) and row.count == person.count
    return again and row.status is Status.WAITING and (not person.dates or row.date in (None, *person.dates))


def _days_known(case: Case, mine: Sequence[Registration]) -> Sequence[dt.date | None]:
    """The days of somebody who names none: those she has, else the one she gave up ("jag kommer ändå")."""
    if live := [row.date for row in mine if row.status is not Status.CANCELLED]:
        return live
    gone = {row.date for row in mine if row.date and row.date >= case.today}
    return list(gone) if len(gone) == 1 else [None]


def _with(case: Case, old: Registration, person: Person, day: dt.date | None) -> Registration:
    """A row with what a registration says of its person; one that was cancelled begins anew."""
    fresh = replace(
        old,
        name=old.name if full(old.name) or not person.name else person.name,
        municipality=person.municipality or old.municipality,
        unit=person.unit or old.unit,
        date=day or old.date,
        email=old.email or person.email,
        phone=person.phone or old.phone,
        diet=person.diet or old.diet,
    )
    if (old.status is Status.WAITING or person.is_sender) and fresh != old:
        fresh = replace(fresh, language=case.reading.language)  # few words do not tell one: `Perfect!`
    if old.status is not Status.CANCELLED:
        return fresh
    return replace(
        fresh, status=Status.WAITING, received=case.letter.received, registered_by=case.sender, by_hand=False
    )


def _new(case: Case, person: Person, index: int, day: dt.date | None, mine: Sequence[Registration]) -> Registration:
    """A new row; what is known of its person by her other days, given up or not, is not asked again."""
    known = min(mine, key=lambda row: row.status is Status.CANCELLED, default=None)
    if known:
        identity = identifier(case.letter.digest, index, day)
        return replace(
            known,
            id=identity,
            date=day,
            status=Status.WAITING,
            received=case.letter.received,
            registered_by=case.sender,
            note="",
            instead_of=None,
            by_hand=False,
        )
    return Registration(
        id=identifier(case.letter.digest, index, day),
        name=person.name,
        municipality=person.municipality,
        unit=person.unit,
        date=day,
        status=Status.WAITING,
        email=person.email,
        phone=person.phone,
        diet=person.diet,
        received=case.letter.received,
        registered_by=case.sender,
        count=person.count,
        language=case.reading.language,
    )
