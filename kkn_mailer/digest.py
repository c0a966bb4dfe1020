"""The digest: a mail a day to the organiser about what has happened since the last, and what needs her.

What happened is the difference between the registrations as she was told of them last, and as they are now: whatever led
to it, it is told once. A day on which nothing happened has no digest.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage
from typing import Any

import structlog
from babel.dates import format_date, format_datetime

from .answers import LOCALE, Answers, TemplateError, dressed, message_id, one_line
from .config import Settings
from .domain import Address, Registration, Review, Status
from .event import Event, Language
from .journal import DIGEST, Journal
from .reasons import worded
from .registrar import identifier

log = structlog.get_logger()
GROUPS = ("confirmed", "waiting", "waitlisted", "promoted", "changed", "cancelled")
_XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def is_due(now: dt.datetime, at: dt.time, event: Event, last: dt.datetime) -> bool:
    """Whether the time of day `at` has come, in the event's zone, since the digest of `last`; all aware."""
    today = event.day_of(now)
    moments = (dt.datetime.combine(today - dt.timedelta(days=n), at, event.zone).astimezone(dt.UTC) for n in (0, 1))
    return last < max(moment for moment in moments if moment <= now)


@dataclass(frozen=True, slots=True)
class Told:
    """What the organiser was told last, and when: of each registration its status and a digest of the rest, and the
    lines that needed her. Holds nobody's name."""

    at: dt.datetime
    rows: Mapping[str, tuple[str, str]]
    lines: frozenset[str]

    @classmethod
    def now(cls, rows: Sequence[Registration], reviews: Sequence[Review], at: dt.datetime) -> Told:
        return cls(at, {row.id: (row.status.value, _rest(row)) for row in rows}, frozenset(_open(reviews)))

    @classmethod
    def load(cls, note: str) -> Told:
        value = json.loads(note)
        rows = {identity: (status, rest) for identity, (status, rest) in value["rows"].items()}
        return cls(dt.datetime.fromisoformat(value["at"]), rows, frozenset(value["lines"]))

    def dump(self) -> str:
        return json.dumps({"at": self.at.isoformat(), "rows": self.rows, "lines": sorted(self.lines)})

    def since(self, rows: Sequence[Registration]) -> dict[str, list[Registration]]:
        """The registrations that are new or otherwise than they were, by what became of them."""
        found: dict[str, list[Registration]] = {group: [] for group in GROUPS}
        for row in rows:
            before, rest = self.rows.get(row.id, ("", ""))
            if before != row.status:
                promoted = (before, row.status) == (Status.WAITLISTED, Status.CONFIRMED)
                found["promoted" if promoted else row.status.value].append(row)
            elif rest != _rest(row):
                found["changed"].append(row)
        return found

    def removed(self, rows: Sequence[Registration]) -> int:
        return len(self.rows.keys() - {row.id for row in rows})


def _rest(row: Registration) -> str:
    shown = (row.name, row.municipality, row.unit, row.date, row.email, row.phone, row.diet, row.count)
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:12]


def _open(reviews: Sequence[Review]) -> list[str]:
    return [review.id for review in reviews if not review.done]


@dataclass(frozen=True, slots=True)
class State:
    """How things stand, for a digest to tell."""

    rows: Sequence[Registration]
    reviews: Sequence[Review]
    drafts: int = 0
    unsent: int = 0
    roster_waits: dt.datetime | None = None
    roster: tuple[str, bytes] | None = None
    """The roster to attach: its file name and bytes."""


def something_new(told: Told, state: State) -> bool:
    """Whether there is anything to tell."""
    return bool(
        any(told.since(state.rows).values())
        or told.removed(state.rows)
        or set(_open(state.reviews)) - told.lines
        or state.unsent
        or state.roster_waits
    )


def view(event: Event, language: Language, told: Told, state: State) -> dict[str, Any]:
    """What the templates of the digest may use."""
    locale, since = LOCALE[language], told.since(state.rows)
    day = "EEE d MMMM"
    waits = state.roster_waits and format_datetime(state.roster_waits, f"{day} HH:mm", event.zone, locale)
    return {
        "event": one_line(event.name),
        "organiser": one_line(event.organiser),
        "contact": event.contact_address,
        "language": language,
        "reply_subject": one_line(event.name),
        "automatic": False,
        **{
            group: [
                {
                    "name": one_line(row.name or ""),
                    "municipality": one_line(row.municipality or ""),
                    "unit": event.unit_label(row.unit, language),
                    "date": format_date(row.date, day, locale) if row.date else "",
                }
                for row in since[group]
            ]
            for group in GROUPS
        },
        "removed": told.removed(state.rows),
        "places": [
            {
                "date": format_date(session.date, "EEEE d MMMM", locale),
                "city": session.city,
                **{s.value: sum(r.count for r in here if r.status is s) for s in Status},
                "left": None
                if session.capacity is None
                else max(0, session.capacity - sum(r.count for r in here if r.status is Status.CONFIRMED)),
            }
            for session in event.sessions
            for here in [[r for r in state.rows if r.date == session.date]]
        ],
        "todo": [
            {
                "reason": one_line(worded(r.reason, language)),
                "sender": one_line(r.sender),
                "subject": one_line(r.subject),
            }
            for r in state.reviews
            if not r.done
        ],
        "drafts": state.drafts,
        "unsent": state.unsent,
        "roster_waits": waits or "",
        "attached": state.roster is not None,
    }


def render(
    answers: Answers, language: Language, told: Told, state: State, to: str, identity: str, now: dt.datetime
) -> EmailMessage:
    """The digest as a message that no program answers (RFC 3834). Raises `TemplateError`."""
    event = answers.event
    page = answers.page(f"{DIGEST}.{language}", view(event, language, told, state))
    message = dressed(event, page, Address("", to), identity, now)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["X-KKN-Answer"] = DIGEST
    if state.roster:
        name, data = state.roster
        message.add_attachment(data, maintype="application", subtype=_XLSX, filename=name)
    return message


def samples(answers: Answers) -> list[tuple[str, EmailMessage]]:
    """The digest in both languages with made-up people, by name, for `check` and `preview`. Raises `TemplateError`."""
    out = []
    for language in ("sv", "en"):
        answer = next(a for a in answers.samples() if a.language == language)
        ada, now = answer.people[0], answer.letter.received
        people = [replace(ada, id=status.value, status=status) for status in Status]
        people += [replace(ada, id="moved"), replace(ada, id="promoted")]
        before = {"moved": (Status.CONFIRMED.value, ""), "promoted": (Status.WAITLISTED.value, ""), "gone": ("", "")}
        line = Review("", now, ada.email or "", answer.letter.subject, "Fråga i anmälan", "")
        state = State(people, [line], 2, 1, now)
        identity = f"<{DIGEST}.{language}@preview>"
        told = Told(now, before, frozenset())
        message = render(answers, answer.language, told, state, answers.event.contact_address, identity, now)
        out.append((f"{DIGEST}.{language}", message))
    return out


def check(answers: Answers) -> list[str]:
    """What is wrong with the digest's templates, a line a problem."""
    try:
        samples(answers)
    except TemplateError as error:
        return [str(error)]
    return []


@dataclass
class Digest:
    """Writes digests into the journal; they are sent as answers are."""

    event: Event
    settings: Settings
    journal: Journal
    answers: Answers
    deciding: threading.Lock

    def write(self, now: dt.datetime) -> bool:
        """Write what is due at `now`. The first time what stands is only noted: it has not happened since anything."""
        wanted = self.settings.digest
        if not wanted.to:
            return False
        with self.deciding:
            note = self.journal.note(DIGEST)
            told = Told.load(note) if note else None
            if told and not is_due(now, wanted.at, self.event, told.at):
                return False
            state = self._state()
            fresh = Told.now(state.rows, state.reviews, now).dump()
            if told is None or not something_new(told, state):
                self.journal.set_note(DIGEST, fresh)
                return False
            return self._write(told, state, fresh, now)

    def _write(self, told: Told, state: State, note: str, now: dt.datetime) -> bool:
        to = self.settings.digest.to
        identity = message_id(self.event, DIGEST, told.at.isoformat(), now.isoformat())
        try:
            raw = render(self.answers, self.event.language, told, state, to, identity, now).as_bytes()
        except TemplateError as error:
            log.error("template", what=str(error))
            reason = f"Sammanfattningen kunde inte skrivas: {error}"
            self.journal.add_review(Review(identifier(DIGEST, str(error)), now, to, "", reason, ""))
            return False
        self.journal.put_digest(identity, to, raw, note, now)
        log.info(DIGEST)
        return True

    def _state(self) -> State:
        path = self.settings.roster.path
        roster = None
        if self.settings.digest.attach_roster:
            try:
                roster = (path.name, path.read_bytes())
            except OSError as error:
                log.warning("problem", what=f"{path}: could not be attached to the digest: {error.strerror}")
        unsent = self.journal.unsent()
        waits = (self.journal.note("roster_waits") or "").partition(" ")[0]
        return State(
            self.journal.registrations(),
            self.journal.reviews(),
            sum(m.drafted is not None for m in unsent),
            sum(m.drafted is None and m.tries > 0 for m in unsent),
            dt.datetime.fromisoformat(waits) if waits else None,
            roster,
        )
