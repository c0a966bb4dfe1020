"""What a mail leads to: from a `Reading` and what is known already to an `Outcome`. Pure.

A mail that cannot be acted on with certainty becomes a line for the organiser; only a clear one is answered.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from .domain import (
    Address,
    Answer,
    AnswerKind,
    Decision,
    Kind,
    Letter,
    Missing,
    Outcome,
    Person,
    Reading,
    Registration,
    Review,
    Status,
    Thread,
)
from .event import Event
from .folding import fold

MOST_QUESTIONS = 2
"""After so many questions in a thread the organiser takes over."""
EXCERPT = 300
"""Characters of own words shown in `Att hantera`."""


def decide(
    reading: Reading,
    letter: Letter,
    thread: Thread,
    everyone: Sequence[Registration],
    event: Event,
    removed: Sequence[Registration] = (),
) -> Outcome:
    """Everything that follows from one mail; `everyone` is every registration there is, but those the organiser `removed`."""
    if reading.decision is Decision.IGNORE:
        return Outcome()
    case = _Case(reading, letter, thread, everyone, event, removed)
    if reading.decision is Decision.REVIEW:
        return case.review(reading.reason or "Behöver läsas")
    if reading.kind is Kind.CHANGE:
        return case.change()
    if reading.kind is Kind.CANCELLATION:
        return case.cancel()
    return case.register()


def missing_of(row: Registration, event: Event) -> tuple[Missing, ...]:
    """What a registration still lacks, of what the event requires."""
    known = {
        "name": bool(row.name) and len((row.name or "").split()) > 1,
        "municipality": bool(row.municipality),
        "unit": bool(row.unit),
        "date": row.date is not None,
    }
    return tuple(Missing(key) for key in Missing if key in event.required and not known[key])


def settled(row: Registration, rows: Iterable[Registration], event: Event) -> Registration:
    """A registration with the status it has by itself: waiting until complete, confirmed while there is room."""
    if missing_of(row, event):
        return replace(row, status=Status.WAITING)
    return replace(row, status=Status.CONFIRMED if has_room(row, rows, event) else Status.WAITLISTED)


def has_room(row: Registration, rows: Iterable[Registration], event: Event) -> bool:
    """Whether the session of a registration has places left beside all others."""
    session = event.session_on(row.date)
    if session is None or session.capacity is None:
        return True
    taken = sum(r.count for r in rows if r.date == row.date and r.status is Status.CONFIRMED and r.id != row.id)
    return taken + row.count <= session.capacity


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two names are the same but for case, diacritics and hyphens."""
    return bool(one and other) and _plain(one) == _plain(other)


def _plain(name: str | None) -> list[str]:
    return fold(name or "").replace("-", " ").split()


def identifier(digest: str, *parts: object) -> str:
    """A short readable id that the same mail gives again: eight characters of base 32."""
    data = "\0".join((digest, *map(str, parts))).encode()
    return base64.b32encode(hashlib.sha256(data).digest())[:8].decode()


@dataclass
class _Case:
    """One mail being decided on; `rows` are the registrations as they will stand."""

    reading: Reading
    letter: Letter
    thread: Thread
    everyone: Sequence[Registration]
    event: Event
    removed: Sequence[Registration] = ()
    rows: dict[str, Registration] = field(default_factory=dict)
    touched: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows = {row.id: row for row in self.everyone}

    @property
    def sender(self) -> str:
        return self.letter.answer_to.email

    @property
    def today(self) -> dt.date:
        return self.letter.received.astimezone(self.event.zone).date()

    # ── kinds of mail ─────────────────────────────────────────────────────────────────────────────────────────────

    def register(self) -> Outcome:
        if self.event.registration_closes and self.today > self.event.registration_closes:
            return self.review("Anmälan efter sista anmälningsdagen")
        if any(day < self.today for person in self.reading.people for day in person.dates):
            return self.review("Anmälan till en dag som har varit")
        if any(self._was_removed(person) for person in self.reading.people):
            return self.review("Anmälan av någon som du har tagit bort ur listan")
        waiting = [
            self.rows[r.id] for r in self.thread.registrations if r.status is Status.WAITING and r.id in self.rows
        ]
        concerned = self._complete(waiting) if waiting else []
        left = [] if waiting and not self._names_others(waiting) else list(self.reading.people)
        for index, person in enumerate(left):
            concerned += self._enter(person, index)
        concerned = [self.rows[i] for i in dict.fromkeys(row.id for row in concerned)]
        asked = {row.id: missing_of(row, self.event) for row in concerned if row.status is Status.WAITING}
        if asked and self.thread.questions >= MOST_QUESTIONS:
            return self._outcome(None, line_about(self.letter, "Två frågor har ställts utan att allt blev klart"))
        kind = AnswerKind.ASK if asked else AnswerKind.CONFIRM
        if not asked and any(row.status is Status.WAITLISTED for row in concerned):
            kind = AnswerKind.WAITLISTED
        question = line_about(self.letter, "Fråga i anmälan") if self.reading.question else None
        return self._outcome(self._answer(kind, concerned, asked=asked), question)

    def change(self) -> Outcome:
        changed: list[Registration] = []
        owners: list[str] = []
        for person in self.reading.people:
            rows = self._rows_to_change(person)
            if not rows:
                return self.review("Ändring utan känd anmälan")
            if not self._may_alter(rows):
                return self.review("Ändring önskas av någon annan än den anmälda")
            owners += [row.email for row in rows if row.email]
            done = self._replace(rows, person) if person.replaces else self._alter(rows, person)
            if done is None:
                return self.review("Oklart vilken anmälan som ska ändras")
            changed += done
        if not changed:
            return self.review("Oklart vad som ska ändras")
        question = line_about(self.letter, "Fråga i ändring") if self.reading.question else None
        return self._outcome(self._answer(AnswerKind.CHANGED, changed, owners), question)

    def cancel(self) -> Outcome:
        cancelled: list[Registration] = []
        for person in self.reading.people:
            rows = [row for row in self._known_rows(person) if row.status is not Status.CANCELLED]
            if person.dates:
                rows = [row for row in rows if row.date in person.dates or row.date is None]
            if not rows:
                return self.review("Avbokning utan känd anmälan")
            if not self._may_alter(rows):
                return self.review("Avbokning av någon annan än den anmälda")
            cancelled += [self._set(replace(row, status=Status.CANCELLED), "avbokad") for row in rows]
        if not cancelled:
            return self.review("Avbokning utan känd anmälan")
        owners = [row.email for row in cancelled if row.email]
        question = line_about(self.letter, "Fråga i avbokning") if self.reading.question else None
        return self._outcome(self._answer(AnswerKind.CANCELLED, cancelled, owners), question)

    def review(self, reason: str) -> Outcome:
        """Nothing is changed or answered; the organiser reads the mail herself."""
        return Outcome(review=line_about(self.letter, reason))

    def _was_removed(self, person: Person) -> bool:
        """Whether the organiser has taken this person's row for a wished session out, and left no other of theirs."""
        return any(
            self._is(gone, person)
            and (not person.dates or gone.date is None or gone.date in person.dates)
            and not any(self._is(row, person) and row.date == gone.date for row in self.everyone)
            for gone in self.removed
        )

    # ── registering ───────────────────────────────────────────────────────────────────────────────────────────────

    def _names_others(self, waiting: Sequence[Registration]) -> bool:
        """Whether a reply to our question also registers people that no waiting row is about."""
        return self.reading.kind is Kind.REGISTRATION and any(
            person.name
            and not person.is_sender
            and not person.missing
            and not any(
                self._is(row, person) or row.name is None or _first(row.name) == _first(person.name) for row in waiting
            )
            for person in self.reading.people
        )

    def _complete(self, waiting: Sequence[Registration]) -> list[Registration]:
        """Fill waiting registrations with what a reply gives."""
        done: list[Registration] = []
        named = [p for p in self.reading.people if p.name]
        nameless = [row for row in waiting if row.name is None]
        others = [
            p
            for p in named
            if not any(self._is(row, p) for row in waiting if row.name)
            and not (p.is_sender and len(named) > 1 and nameless)
        ]
        if nameless and others and not all(p.is_sender for p in others):
            done += self._name_group(nameless[0], [p for p in others if not p.is_sender] or others)
        for row in waiting:
            if row.id in {r.id for r in done} or (row in nameless[:1] and done):
                continue
            person = self._about(row, waiting)
            done += self._fill(self.rows[row.id], person) if person else [self.rows[row.id]]
        return done

    def _about(self, row: Registration, waiting: Sequence[Registration]) -> Person | None:
        """The person of the reading that a waiting row is about; the sender's entry speaks for all rows she waits for."""
        named = next((p for p in self.reading.people if self._is(row, p)), None)
        first = next(
            (p for p in self.reading.people if p.name and row.name and _first(p.name) == _first(row.name)), None
        )
        if found := named or first:
            return replace(found, name=found.name if len(_plain(found.name)) > 1 else row.name)
        sender = next((p for p in self.reading.people if p.is_sender), None)
        if sender is None or row.registered_by != self.sender:
            only = self.reading.people[0] if len(self.reading.people) == 1 and len(waiting) == 1 else None
            return replace(only, name=row.name or only.name) if only else None
        own = len(waiting) == 1
        return Person(
            name=row.name,
            municipality=sender.municipality,
            unit=sender.unit if own else None,
            dates=sender.dates,
            diet=sender.diet if own else None,
            phone=sender.phone if own else None,
        )

    def _name_group(self, row: Registration, people: Sequence[Person]) -> list[Registration]:
        """Names given for a nameless group: the first takes over the row, the others get rows like it."""
        rows = []
        for index, person in enumerate(people):
            heir = replace(
                row,
                id=row.id if index == 0 else identifier(self.letter.digest, "group", index),
                name=None,
                count=1,
                email=None if not person.is_sender else row.email,
            )
            self.rows[heir.id] = heir
            rows += self._fill(heir, person)
        return rows

    def _fill(self, row: Registration, person: Person) -> list[Registration]:
        """A waiting row with a person's values; a second session makes a second row."""
        filled = replace(
            row,
            name=person.name or row.name,
            municipality=person.municipality or row.municipality,
            unit=person.unit or row.unit,
            date=row.date or (person.dates[0] if person.dates else None),
            email=person.email if person.email and (row.email is None or person.is_sender) else row.email,
            phone=person.phone or row.phone,
            diet=person.diet or row.diet,
        )
        if person.dates and row.date and row.date not in person.dates:
            filled = replace(filled, date=person.dates[0])
        out = [self._settle(filled, "kompletterad")]
        for day in person.dates:
            if day != filled.date and not any(self._is(r, person) and r.date == day for r in self.rows.values()):
                out.append(
                    self._settle(
                        replace(filled, id=identifier(self.letter.digest, filled.id, day), date=day), "kompletterad"
                    )
                )
        return out

    def _enter(self, person: Person, index: int) -> list[Registration]:
        """The rows of one person: one a session, those there already kept."""
        mine = [row for row in self.rows.values() if self._is(row, person)] if person.name else []
        wanted: Sequence[dt.date | None] = person.dates or (
            [None] if not any(r.date and r.status is not Status.CANCELLED for r in mine) else []
        )
        out = [] if wanted else [row for row in mine if row.status is not Status.CANCELLED]
        for day in wanted:
            old = next((row for row in mine if row.date == day), None) or next(
                (row for row in mine if row.date is None or row.status is Status.WAITING), None
            )
            if old is None:
                old = self._new(person, index, day)
            fresh = replace(
                old,
                municipality=person.municipality or old.municipality,
                unit=person.unit or old.unit,
                name=old.name or person.name,
                date=day or old.date,
                email=old.email or person.email,
                phone=person.phone or old.phone,
                diet=person.diet or old.diet,
            )
            if old.status is Status.CANCELLED:
                fresh = replace(fresh, status=Status.WAITING, received=self.letter.received, registered_by=self.sender)
            out.append(self._settle(fresh, "anmäld"))
            mine = [row for row in mine if row.id != old.id]
        return out

    def _new(self, person: Person, index: int, day: dt.date | None) -> Registration:
        return Registration(
            id=identifier(self.letter.digest, index, day),
            name=person.name,
            municipality=person.municipality,
            unit=person.unit,
            date=day,
            status=Status.WAITING,
            email=person.email,
            phone=person.phone,
            diet=person.diet,
            received=self.letter.received,
            registered_by=self.sender,
            count=person.count,
        )

    def _settle(self, row: Registration, why: str) -> Registration:
        """Confirmed when complete and there is room, on the waiting list when there is none, else waiting."""
        before = self.rows.get(row.id)
        stays = before is not None and before.date == row.date and row.status in (Status.CONFIRMED, Status.WAITLISTED)
        if not stays or missing_of(row, self.event):
            row = settled(row, self.rows.values(), self.event)
        return self._set(row, why)

    # ── altering ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _known_rows(self, person: Person) -> list[Registration]:
        """The registrations a change or cancellation is about: the thread's first, then the sender's, then by name."""
        thread = [self.rows[r.id] for r in self.thread.registrations if r.id in self.rows]
        own = [row for row in self.rows.values() if self.sender in (row.email, row.registered_by)]
        for pool in (thread, own, list(self.rows.values())):
            rows = [row for row in pool if self._is(row, person)]
            if not rows and person.name:
                rows = [
                    row
                    for row in pool
                    if row.name and len(_plain(person.name)) == 1 and _first(row.name) == _first(person.name)
                ]
            if not rows and person.is_sender:
                rows = [row for row in pool if row.email == self.sender]
            if rows and len({tuple(_plain(row.name)) for row in rows}) == 1:
                return rows
        return []

    def _rows_to_change(self, person: Person) -> list[Registration]:
        if person.replaces:
            gone = Person(name=person.replaces, is_sender=True, municipality=None)
            rows = self._known_rows(gone)
        else:
            rows = self._known_rows(person)
            if not rows and (person.is_sender or self.thread.registrations):
                pool = [self.rows[r.id] for r in self.thread.registrations if r.id in self.rows]
                rows = pool if len({tuple(_plain(r.name)) for r in pool}) == 1 else []
        return [row for row in rows if row.status is not Status.CANCELLED]

    def _replace(self, rows: Sequence[Registration], person: Person) -> list[Registration] | None:
        """A substitute takes over the rows; the phone, address and diet of the one who gives up go with her."""
        rows = [row for row in rows if not person.dates or row.date in person.dates] or list(rows)
        return [
            self._set(
                replace(
                    row,
                    name=person.name,
                    municipality=person.municipality or row.municipality,
                    unit=person.unit or row.unit,
                    email=person.email,
                    phone=person.phone,
                    diet=person.diet,
                ),
                "ersatt av en annan person",
            )
            for row in rows
        ]

    def _alter(self, rows: Sequence[Registration], person: Person) -> list[Registration] | None:
        """Another date, a corrected name, a diet or a phone; what is not said stays as it was."""
        current = {row.date for row in rows}
        coming = [day for day in person.dates if day not in current]
        leaving = [row for row in rows if row.date in person.dropped] or [
            row for row in rows if row.date not in person.dates
        ]
        changed: list[Registration] = []
        for row in rows:
            fresh = replace(
                row,
                name=person.name if person.name and len(_plain(person.name)) > 1 else row.name,
                diet=person.diet or row.diet,
                phone=person.phone or row.phone,
            )
            if coming and row in leaving:
                if len(leaving) > len(coming):
                    return None
                moved = replace(fresh, date=coming.pop(0))
                if any(self._is(r, person) and r.date == moved.date and r.id != row.id for r in self.rows.values()):
                    changed.append(self._set(replace(fresh, status=Status.CANCELLED), "avbokad vid byte av dag"))
                    continue
                changed.append(self._settle(moved, "bytt dag"))
            else:
                changed.append(self._set(fresh, "ändrad"))
        return changed

    def _may_alter(self, rows: Iterable[Registration]) -> bool:
        """The person, whoever registered them, the thread, or a colleague at the same listed mail domain."""
        thread = {r.id for r in self.thread.registrations} if self.thread.answers_us else set()
        return all(
            row.id in thread
            or self.sender in (row.email, row.registered_by)
            or self.letter.sender.email in (row.email, row.registered_by)
            or self._colleague(row)
            for row in rows
        )

    def _colleague(self, row: Registration) -> bool:
        employer = self._employer_of(self.letter.sender.domain)
        return employer is not None and employer in {
            self._employer_of(a.rpartition("@")[2]) for a in (row.email or row.registered_by,)
        }

    def _employer_of(self, domain: str) -> str | None:
        return next(
            (e.name for e in self.event.employers for d in e.domains if domain == d or domain.endswith("." + d)), None
        )

    # ── shared ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _is(self, row: Registration, person: Person) -> bool:
        """Whether a row is a person's: the same name at the same employer, or the sender's own address."""
        if same_name(row.name, person.name):
            return (
                not (row.municipality and person.municipality)
                or row.municipality == person.municipality
                or bool(row.email and row.email == person.email)
            )
        own = person.is_sender and bool(row.email) and row.email in (self.sender, self.letter.sender.email)
        return own and (
            row.name is None
            or person.name is None
            or self.reading.kind is not Kind.REGISTRATION
            or _shares(row.name, person.name)
        )

    def _set(self, row: Registration, why: str) -> Registration:
        if self.rows.get(row.id) != row or row.id not in {r.id for r in self.everyone}:
            self.touched[row.id] = why
        self.rows[row.id] = row
        return row

    def _answer(
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
            sorted(people, key=lambda row: (row.name or "", row.date or dt.date.max))
            if kind is not AnswerKind.ASK
            else list(people)
        )
        return Answer(
            kind, self.letter.answer_to, self.reading.language, tuple(order), self.letter, asked or {}, copies
        )

    def _outcome(self, answer: Answer | None, review: Review | None) -> Outcome:
        changed = tuple(self.rows[i] for i in self.touched)
        return Outcome(changed, answer, review, dict(self.touched))


def line_about(letter: Letter, reason: str) -> Review:
    """A mail as a line of `Att hantera`."""
    shown = f"{letter.sender.name} <{letter.sender.email}>" if letter.sender.name else letter.sender.email
    words = " ".join((letter.own or letter.forwarded).split())
    excerpt = words if len(words) <= EXCERPT else words[: EXCERPT - 1] + "…"
    return Review(identifier(letter.digest, "review"), letter.received, shown, letter.subject, reason, excerpt)


def _first(name: str | None) -> str:
    return next(iter(_plain(name)), "")


def _shares(one: str | None, other: str | None) -> bool:
    return bool(set(_plain(one)) & set(_plain(other)))
