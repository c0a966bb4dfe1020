"""One mail being decided on: the registrations as they will stand, and the outcome made of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ..domain import (
    Address,
    Answer,
    AnswerKind,
    Kind,
    Letter,
    Missing,
    Outcome,
    Person,
    Reading,
    Registration,
    Review,
    Status,
    Strength,
    Thread,
)
from ..event import Event
from .identity import akin, first, full, line_about, of_one_name, same_name, whole
from .places import freed, has_room, settled
from .states import Cause, transition


@dataclass
class Case:
    """One mail being decided on; `rows` are the registrations as they will stand, `touched` says why some do."""

    reading: Reading
    letter: Letter
    thread: Thread
    everyone: Sequence[Registration]
    event: Event
    removed: Sequence[Registration] = ()
    rows: dict[str, Registration] = field(default_factory=dict)
    touched: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.before = {row.id: row for row in self.everyone}
        self.rows = dict(self.before)

    @property
    def sender(self) -> str:
        return self.letter.answer_to.email

    @property
    def today(self) -> dt.date:
        return self.event.day_of(self.letter.received)

    def of_thread(self) -> list[Registration]:
        return [self.rows[row.id] for row in self.thread.registrations if row.id in self.rows]

    def wishes(self) -> tuple[Person, ...]:
        """Those a change or cancellation is about: where the sender speaks for all she registered, each of them."""
        people = self.reading.people
        if not self.reading.together:
            return people
        pool = [row for row in self.of_thread() if row.status is not Status.CANCELLED]
        names = dict.fromkeys(row.name for row in pool if row.name and not self.is_of(row, people[0]))
        others = (Person(name, dates=people[0].dates, dropped=people[0].dropped) for name in names)
        return (*(people if any(self.is_of(row, people[0]) for row in pool) or not names else ()), *others)

    # ── who ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def is_own(self, row: Registration) -> bool:
        """Whether a row was registered by the sender, or is hers by its address."""
        return not {self.sender, self.letter.sender.email}.isdisjoint({row.email, row.registered_by})

    def is_of(self, row: Registration, person: Person) -> bool:
        """Whether a row is a person's: the same name at the same employer, or the sender's own address.

        Where an employer is not known two addresses tell two people of one name apart, but for a reply to us: there
        the second is her other address.
        """
        if same_name(row.name, person.name):
            if row.email and row.email == person.email:
                return True
            if row.municipality and person.municipality:
                return row.municipality == person.municipality
            apart = row.email and person.email and not any(r.id == row.id for r in self.thread.registrations)
            return not apart
        own = person.is_sender and bool(row.email) and row.email in (self.sender, self.letter.sender.email)
        return own and (
            row.name is None
            or person.name is None
            or self.reading.kind is not Kind.REGISTRATION
            or akin(row.name, person.name)
        )

    def rows_of(self, person: Person) -> list[Registration]:
        """The registrations a change or cancellation is about: found in the thread, among the sender's, or by name.

        Whoever is found is meant with all her days, whatever mail they came by.
        """
        found = next((rows for pool in self._pools() if (rows := self._among(pool, person))), [])
        if not found:
            return []
        one = found[0]
        return found + [
            row
            for row in self.rows.values()
            if row not in found and full(one.name) and self.is_twin(row, one) and one.municipality == row.municipality
        ]

    def _pools(self) -> list[list[Registration]]:
        own = [row for row in self.rows.values() if self.is_own(row)]
        return [self.of_thread(), own, list(self.rows.values())]

    def _among(self, pool: Sequence[Registration], person: Person) -> list[Registration]:
        rows = [row for row in pool if self.is_of(row, person)]
        if not rows and person.name and not full(person.name):
            rows = [row for row in pool if row.name and first(row.name) == first(person.name)]
        if not rows and person.is_sender:
            rows = [row for row in pool if row.email in (self.sender, self.letter.sender.email)]
        return rows if of_one_name(rows) else []

    def is_twin(self, row: Registration, other: Registration) -> bool:
        """Whether two rows are of one person."""
        return self.is_of(row, Person(other.name, other.municipality, email=other.email)) and row.name is not None

    def twin(self, row: Registration) -> Registration | None:
        """The other row of the same person for the same day, that is not cancelled."""
        return next(
            (
                other
                for other in self.rows.values()
                if other.id != row.id
                and row.date is not None
                and other.date == row.date
                and other.status is not Status.CANCELLED
                and full(row.name)
                and self.is_twin(other, row)
            ),
            None,
        )

    def may_alter(self, rows: Iterable[Registration]) -> bool:
        """The person, whoever registered them, the thread, or a colleague at the same listed mail domain."""
        thread = {r.id for r in self.thread.registrations} if self.thread.answers_us else set()
        return all(row.id in thread or self.is_own(row) or self._colleague(row) for row in rows)

    def _colleague(self, row: Registration) -> bool:
        employer = self._employer_of(self.letter.sender.domain)
        theirs = self._employer_of(row.answer_to.rpartition("@")[2])
        return employer is not None and employer in (theirs, row.municipality)

    def _employer_of(self, domain: str) -> str | None:
        return next(
            (e.name for e in self.event.employers for d in e.domains if domain == d or domain.endswith("." + d)), None
        )

    def stated(self, index: int, field_: str) -> bool:
        """Whether a person's value stands in the words of the mail, and not just in a signature or header."""
        return any(
            item.person == index and item.field == field_ and item.strength is Strength.TEXT
            for item in self.reading.evidence
        )

    # ── what becomes of a row ─────────────────────────────────────────────────────────────────────────────────────

    def room(self, row: Registration) -> bool:
        return has_room(row, self.rows.values(), self.event)

    def put(self, row: Registration, why: str) -> Registration:
        """A row as it will stand, with what happened to it."""
        if row != self.before.get(row.id):
            self.touched[row.id] = transition(self.before.get(row.id), row, Cause.MAIL, why)
        self.rows[row.id] = row
        return row

    def settle(self, row: Registration, why: str) -> Registration:
        """Confirmed when complete and there is room, on the waiting list when there is none, else waiting.

        A row that has a place, or one in the line, for that day keeps it. Of two rows of one person for one day one
        stands.
        """
        before = self.rows.get(row.id)
        held = (Status.CONFIRMED, Status.WAITLISTED)
        if not (before and before.date == row.date and before.status in held and row.status is before.status):
            row = settled(row, self.rows.values(), self.event)
        other = self.twin(row)
        if other is None:
            return self.put(row, why)
        if other.status is Status.WAITING and row.status is not Status.WAITING:
            self._double(other)
            return self.put(row, why)
        if row.id in self.rows:
            self._double(row)
        return other

    def _double(self, row: Registration) -> None:
        if row.id in self.before:
            self.put(replace(self.before[row.id], status=Status.CANCELLED), "samma person på en annan rad")
        else:
            self.rows.pop(row.id, None)
            self.touched.pop(row.id, None)

    def cancel(self, row: Registration, why: str) -> Registration:
        return self.put(replace(row, status=Status.CANCELLED, instead_of=None, by_hand=False), why)

    # ── the outcome ───────────────────────────────────────────────────────────────────────────────────────────────

    def review(self, reason: str) -> Outcome:
        """Nothing is changed or answered; the organiser reads the mail herself."""
        return Outcome(review=line_about(self.letter, reason))

    def line(self, about: str) -> Review | None:
        """The line that lists a question asked beside what the mail does."""
        return line_about(self.letter, f"Fråga i {about}") if self.reading.question else None

    def give_places(self) -> set[str]:
        """What has become free goes to the first in line; the ids of the rows altered by it."""
        given = freed(self.rows.values(), self.event, self.today)
        for row, why in given:
            self.put(row, why)
        return {row.id for row, _ in given}

    def current(self, rows: Iterable[Registration]) -> list[Registration]:
        return [self.rows[i] for i in dict.fromkeys(row.id for row in rows)]

    def whole(self, rows: Sequence[Registration]) -> list[Registration]:
        return whole(rows, self.rows.values(), self.today)

    def answer(
        self,
        kind: AnswerKind,
        people: Sequence[Registration],
        owners: Sequence[str] = (),
        asked: dict[str, tuple[Missing, ...]] | None = None,
    ) -> Answer:
        copies = tuple(
            Address("", email)
            for email in dict.fromkeys(owners)
            if email not in (self.sender, self.letter.sender.email)
        )
        order = (
            list(people)
            if kind is AnswerKind.ASK
            else sorted(people, key=lambda row: (row.name or "", row.date or dt.date.max))
        )
        return Answer(
            kind,
            self.letter.answer_to,
            self.reading.language,
            tuple(order),
            self.letter,
            asked or {},
            copies,
            self._offers(people),
        )

    def _offers(self, people: Sequence[Registration]) -> tuple[dt.date, ...]:
        """The sessions that have room for those who are on a waiting list, and that they have not got."""
        waiting = [row for row in people if row.status is Status.WAITLISTED]
        taken = {row.date for row in people}
        return tuple(
            session.date
            for session in self.event.sessions
            if waiting
            and session.date >= self.today
            and session.date not in taken
            and all(self.room(replace(row, date=session.date)) for row in waiting)
        )

    def outcome(self, answer: Answer | None, review: Review | None, given: set[str]) -> Outcome:
        """What has been touched, the answer, and those who got a place by it and are not told by this answer."""
        changed = tuple(self.rows[i] for i in self.touched)
        told = {row.id for row in answer.people} if answer else set()
        return Outcome(
            changed, answer, review, dict(self.touched), tuple(self.rows[i] for i in self.touched if i in given - told)
        )
