"""Changes and cancellations: whose rows a mail is about, who may alter them, and what becomes of them.

Nobody loses a place by wishing for another: who wants a session that is full keeps what she has and waits for the
new one; when a place there becomes free she gets it, and the old one is given up (`Registration.instead_of`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from ..domain import AnswerKind, Outcome, Person, Registration, Review, Status
from ..event import OTHER
from .case import Case
from .identity import akin, full, identifier, line_about, near, of_one_name, same_name
from .places import missing_of

_NOT_HERS = "{} av någon annan än den anmälda"
Move = tuple[Registration, dt.date]


def change(case: Case) -> Outcome:
    """All that a mail changes, or nothing: one wish that is unclear leaves the whole mail to the organiser."""
    changed: list[Registration] = []
    owners: list[str] = []
    moves: list[Move] = []
    review: Review | None = case.line("ändring")
    for index, person in enumerate(case.wishes()):
        rows = _meant(case, person)
        if not rows:
            return case.review("Ändring utan känd anmälan")
        if not case.may_alter(rows):
            return case.review(_NOT_HERS.format("Ändring"))
        owners += [row.email for row in rows if row.email]
        if person.replaces:
            changed += _replace(case, rows, person)
            if not full(person.name):
                review = line_about(case.letter, "Ersättarens efternamn saknas")
            continue
        done = _alter(case, rows, person, index)
        if done is None:
            return case.review("Oklart vad som ska ändras")
        changed += done[0]
        moves += done[1]
    changed += _moved(case, moves)
    if not changed:
        return case.review("Oklart vad som ska ändras")
    given = case.give_places()
    people = case.current(changed)
    waits = any(row.status is Status.WAITLISTED and row.instead_of for row in people)
    kind = AnswerKind.WAITLISTED if waits else AnswerKind.CHANGED
    return case.outcome(case.answer(kind, case.whole(people), owners), review, given)


def cancel(case: Case) -> Outcome:
    cancelled: list[Registration] = []
    again = False
    for person in case.wishes():
        known = _meant(case, person, live=False)
        rows = [row for row in known if row.status is not Status.CANCELLED]
        if person.dates:
            rows = [row for row in rows if row.date in person.dates or row.date is None]
        if not rows and known and all(row.status is Status.CANCELLED for row in known) and case.may_alter(known):
            again = True
            continue
        if not rows:
            return case.review("Avbokning utan känd anmälan")
        if not case.may_alter(rows):
            return case.review(_NOT_HERS.format("Avbokning"))
        cancelled += [case.cancel(row, "avbokad") for row in rows]
    if not cancelled:
        return Outcome() if again else case.review("Avbokning utan känd anmälan")
    owners = [row.email for row in cancelled if row.email]
    given = case.give_places()
    answer = case.answer(AnswerKind.CANCELLED, case.whole(case.current(cancelled)), owners)
    return case.outcome(answer, case.line("avbokning"), given)


def _meant(case: Case, person: Person, live: bool = True) -> list[Registration]:
    """The rows a wish is about; in a thread of one person, hers, though she is not named or writes from elsewhere."""
    if person.replaces:
        hers = akin(person.replaces, case.letter.sender.name or person.replaces)
        named = Person(name=person.replaces)
        person = replace(named, is_sender=hers and not case.rows_of(named))
    rows = case.rows_of(person)
    if not rows and (person.is_sender or case.thread.answers_us):
        pool = case.of_thread()
        hers = of_one_name(pool) and (
            person.name is None
            or pool[0].name is None
            or akin(person.name, pool[0].name)
            or (person.is_sender and pool[0].registered_by == case.sender)
        )
        rows = pool if hers else []
    if not rows and case.thread.answers_us:
        rows = [row for row in case.of_thread() if near(row.name, person.name)]
        rows = rows if of_one_name(rows) else []
    if not rows and person.is_sender and full(person.name):
        rows = [row for row in case.rows.values() if _misspelt(row, person)]
        rows = rows if of_one_name(rows) else []
    return [row for row in rows if not live or row.status is not Status.CANCELLED]


def _misspelt(row: Registration, person: Person) -> bool:
    """Whether somebody else has registered a person by a name spelt nearly as hers, at her employer."""
    return row.email is None and near(row.name, person.name) and row.municipality == person.municipality


# ── a substitute ──────────────────────────────────────────────────────────────────────────────────────────────────


def _replace(case: Case, rows: Sequence[Registration], person: Person) -> list[Registration]:
    """A substitute takes over the rows; the phone, address and diet of the one who gives up go with her."""
    rows = [row for row in rows if not person.dates or row.date in person.dates] or list(rows)
    done = []
    for row in rows:
        heir = replace(
            row,
            name=person.name,
            municipality=person.municipality or row.municipality,
            unit=person.unit or row.unit,
            email=person.email,
            phone=person.phone,
            diet=person.diet,
        )
        other = case.twin(heir)
        if other is None:
            done.append(case.put(heir, f"ersatt av {heir.name}"))
        elif Status.CONFIRMED in (row.status, other.status) and row.status is not other.status:
            # one of the two has a place: the substitute comes on it
            case.cancel(row, f"ersatt av {heir.name}")
            done.append(case.put(replace(other, status=Status.CONFIRMED, instead_of=None), "tog över en plats"))
        else:
            done += [case.cancel(row, f"ersatt av {heir.name}"), other]
    return done


# ── another date, a corrected value ───────────────────────────────────────────────────────────────────────────────


def _alter(
    case: Case, rows: Sequence[Registration], person: Person, index: int
) -> tuple[list[Registration], list[Move]] | None:
    """What is altered where it stands, and the moves wished for; None where it is not clear. What is not said stays."""
    current = {row.date for row in rows}
    coming = [day for day in person.dates if day not in current]
    dropped = [row for row in rows if row.date in person.dropped]
    leaving = dropped or ([row for row in rows if row.date not in person.dates] if coming else [])
    if len(leaving) > len(coming) > 0 or any(day < case.today for day in coming):
        return None
    corrected = [_corrected(case, row, person, index) for row in rows]
    if any(row is None for row in corrected):
        return None
    fresh = {row.id: row for row in corrected if row}
    stays = [row for row in rows if row not in leaving]
    if not coming and not leaving and all(fresh[row.id] == row for row in rows):
        return None
    named = [row for row in stays if row.date in person.dates] or stays
    changed = [case.put(fresh[row.id], "ändrad") for row in named if not coming or fresh[row.id] != row]
    if not coming:
        return changed + [case.cancel(fresh[row.id], "avbokad vid ändring") for row in leaving], []
    moves = [(case.put(fresh[row.id], "ändrad"), day) for row, day in zip(leaving, coming, strict=False)]
    for day in coming[len(leaving) :]:
        like = next(iter(fresh.values()))
        new = replace(
            like,
            id=identifier(case.letter.digest, like.id, day),
            date=day,
            status=Status.WAITING,
            received=case.letter.received,
            instead_of=None,
        )
        changed.append(case.settle(new, "anmäld vid ändring"))
    return changed, moves


def _corrected(case: Case, row: Registration, person: Person, index: int) -> Registration | None:
    """A row with the values a change gives; None where the name given is another person's."""
    name = row.name
    if person.name and full(person.name) and not same_name(person.name, row.name):
        speaks = person.is_sender and row.registered_by == case.sender and row.email != case.sender
        if row.name and not akin(person.name, row.name) and not speaks:
            return None
        name = row.name if speaks and not akin(person.name, row.name) else person.name
    elif person.name and case.stated(index, "name") and not person.name.isascii():
        name = person.name  # accents are never written by accident
    return replace(
        row,
        name=name,
        municipality=(person.municipality if case.stated(index, "municipality") else None) or row.municipality,
        unit=row.unit if row.unit and (person.unit == OTHER or not case.stated(index, "unit")) else person.unit,
        diet=_also(row.diet, person.diet),
        phone=person.phone or row.phone,
    )


def _also(old: str | None, new: str | None) -> str | None:
    """A need added to those known: none is ever lost by a later mail."""
    if not old or not new or new.casefold() in old.casefold():
        return old or new
    return new if old.casefold() in new.casefold() else f"{old}; {new}"


def _moved(case: Case, moves: Sequence[Move]) -> list[Registration]:
    """Rows moved to other days: all at once where that fits, so that two may swap, else each by itself."""
    for row, _ in moves:
        case.rows[row.id] = replace(row, status=Status.CANCELLED)
    fits = True
    for row, day in moves:
        there = replace(row, date=day, status=Status.CONFIRMED)
        fits = fits and case.room(there)
        case.rows[row.id] = there
    for row, _ in moves:
        case.rows[row.id] = row
    if fits:
        for row, _ in moves:
            case.rows[row.id] = replace(row, status=Status.WAITING)
    return [each for row, day in moves for each in _move(case, row, day, fits)]


def _move(case: Case, row: Registration, day: dt.date, fits: bool) -> list[Registration]:
    there = replace(row, date=day, instead_of=None, by_hand=False)
    if other := case.twin(there):
        if row.status is Status.CONFIRMED and other.status is Status.WAITLISTED and not fits:
            wish = replace(other, instead_of=row.id)
            return [row, case.put(wish, "väntar på byte av dag")]
        return [case.cancel(row, "avbokad vid byte av dag"), other]
    if fits or row.status is not Status.CONFIRMED or case.room(there):
        received = row.received if row.status is Status.CONFIRMED else case.letter.received
        status = Status.WAITING if missing_of(there, case.event) else Status.CONFIRMED
        if status is Status.CONFIRMED and not case.room(there):
            status = Status.WAITLISTED
        return [case.put(replace(there, status=status, received=received), "bytt dag")]
    wish = replace(
        there,
        id=identifier(case.letter.digest, row.id, day),
        status=Status.WAITLISTED,
        received=case.letter.received,
        instead_of=row.id,
    )
    return [row, case.put(wish, "väntar på byte av dag")]
