"""The vocabulary: what a mail is, what it means, what is remembered and what is done about it.

Values only; nothing here reads, writes or decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from .event import Language


class Kind(StrEnum):
    """What the sender wants."""

    REGISTRATION = "registration"
    CHANGE = "change"
    CANCELLATION = "cancellation"
    QUESTION = "question"
    AUTOMATIC = "automatic"
    UNRELATED = "unrelated"


class Decision(StrEnum):
    """What the mail calls for, read by itself."""

    CONFIRM = "confirm"
    ASK = "ask"
    CHANGE = "change"
    CANCEL = "cancel"
    REVIEW = "review"
    IGNORE = "ignore"


class Missing(StrEnum):
    """What can be missing of a registration, in the order it is asked for."""

    NAME = "name"
    MUNICIPALITY = "municipality"
    UNIT = "unit"
    DATE = "date"


class Status(StrEnum):
    """Where a registration stands; shown in the roster by its label."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"


class AnswerKind(StrEnum):
    """The answers there are; each has its templates, and is the value of `X-KKN-Answer`."""

    CONFIRM = "confirm"
    ASK = "ask"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    WAITLISTED = "waitlisted"
    REMINDER = "reminder"


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox of RFC 5322 section 3.4: display name (may be empty) and addr-spec in lower case."""

    name: str
    email: str

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Part:
    """A MIME leaf as the structure tells it; its content has not been fetched."""

    content_type: str
    filename: str = ""
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failure:
    """What a delivery report says could not be delivered: the addresses that failed, the Message-IDs it quotes."""

    recipients: tuple[str, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail, read and taken apart; every text is NFC with `\\n` line ends.

    `own` is what the sender wrote now; `signature` the block under it; `quoted` what stands below or between as a
    reply's original; `forwarded` the text of what is passed on. `headers` holds every header field by lower-case name.
    """

    message_id: str
    digest: str
    """SHA-256 (hex) of what makes two deliveries the same mail whatever its transport added."""
    sender: Address
    received: dt.datetime
    """INTERNALDATE, or the best the file tells; aware. "Now" for every rule about the event."""
    date: dt.datetime | None = None
    """The Date header, when it can be read; aware."""
    reply_to: Address | None = None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    headers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    content_type: str = "text/plain"
    """Of the whole, lower case, with `; report-type=…` or `; method=…` where there is one."""
    parts: tuple[Part, ...] = ()
    own: str = ""
    signature: str = ""
    quoted: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    """Of a reply written between quoted lines: the lines above each answer (at most three), and the answer."""
    forwarded: str = ""
    forwarded_from: Address | None = None
    failure: Failure | None = None
    """Of a delivery report: what it says has failed for good."""
    defects: tuple[str, ...] = ()
    """What is wrong with the mail as MIME, for the log and for review."""

    @property
    def answer_to(self) -> Address:
        """Where an answer goes (RFC 5322 section 3.6.2)."""
        return self.reply_to or self.sender


class Strength(IntEnum):
    """How much a piece of evidence weighs; equal ones that disagree settle nothing."""

    DOMAIN = 1
    HEADER = 2
    SIGNATURE = 3
    TEXT = 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that said so: `person` is the index in `Reading.people`, None for the mail as a whole."""

    person: int | None
    field: str
    value: str
    words: str
    strength: Strength


@dataclass(frozen=True, slots=True)
class Person:
    """One who is to attend (or, of a cancellation, who is not coming)."""

    name: str | None = None
    municipality: str | None = None
    unit: str | None = None
    dates: tuple[dt.date, ...] = ()
    email: str | None = None
    phone: str | None = None
    diet: str | None = None
    missing: tuple[Missing, ...] = ()
    count: int = 1
    """How many a nameless group is."""
    is_sender: bool = False
    replaces: str | None = None
    """Whose place is taken, by name; the sender's own name when she gives up hers."""
    dropped: tuple[dt.date, ...] = ()
    """The sessions given up for `dates`, where they are said; of a registration those refused."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a mail means, with the words behind it."""

    kind: Kind
    decision: Decision
    question: bool = False
    language: Language = "sv"
    people: tuple[Person, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""
    """Why the organiser should look, for `Att hantera` (in Swedish), when the decision is review."""
    together: bool = False
    """Of a change or cancellation that names its sender alone: whether she speaks for all whom she registered."""


@dataclass(frozen=True, slots=True)
class Registration:
    """One row of the roster: a person and a session, or a person who has chosen none yet."""

    id: str
    name: str | None
    municipality: str | None
    unit: str | None
    date: dt.date | None
    status: Status
    email: str | None
    """The person's own address, where known."""
    phone: str | None
    diet: str | None
    received: dt.datetime
    registered_by: str
    """The address that registered the person; answers and questions go there."""
    note: str = ""
    count: int = 1
    """How many people a nameless row stands for."""
    language: Language = "sv"
    """Of the mail that registered the person: what she is told later is told in it."""
    instead_of: str | None = None
    """Of a row on the waiting list: the id of the row that is given up when this one gets a place."""
    by_hand: bool = False
    """Whether the organiser put the row on the waiting list herself: then only she takes it off."""

    @property
    def answer_to(self) -> str:
        """The address that is written to about it: the person's own, else that of whoever registered her."""
        return self.email or self.registered_by

    @property
    def called(self) -> str:
        """How the organiser finds it in her list, where ids are hidden: by name, else address, and employer."""
        return ", ".join(filter(None, [self.name or self.answer_to or "utan namn", self.municipality]))


@dataclass(frozen=True, slots=True)
class Thread:
    """What is known of the correspondence a letter belongs to, when it is read.

    `registrations` are those of the thread, else those of the sender. `answers_us` tells whether the letter is a reply
    to one of our answers, `asked` what the last of these asked for of what still waits.
    """

    registrations: tuple[Registration, ...] = ()
    answers_us: bool = False
    asked: tuple[Missing, ...] = ()
    questions: Mapping[tuple[str, Missing], int] = field(default_factory=dict)
    """How often each thing has been asked of each registration that waits."""
    answers: int = 0
    """How many answers the thread has had."""


@dataclass(frozen=True, slots=True)
class Review:
    """A line for the organiser in `Att hantera`."""

    id: str
    received: dt.datetime
    sender: str
    subject: str
    reason: str
    excerpt: str
    done: bool = False
    about: str = ""
    """The id of the registration it is about, when it is about one and no mail."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to give, before it is rendered.

    `people` are the registrations it speaks of, as they stand after it; those asked about carry their `missing` in
    `asked` by registration id. `letter` is what it answers. `offers` are the sessions that still have room, where the
    one wished for has none; `freed` says that a place has become free for those who waited for it.
    """

    kind: AnswerKind
    to: Address
    language: Language
    people: tuple[Registration, ...]
    letter: Letter
    asked: dict[str, tuple[Missing, ...]] = field(default_factory=dict)
    cc: tuple[Address, ...] = ()
    offers: tuple[dt.date, ...] = ()
    freed: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything one mail leads to, committed in one transaction.

    `registrations` are added or, by id, altered; `history` says why in a sentence each (id → sentence). `freed` are
    those of them that have got a place they waited for, and what they give up for it: each is told in a mail of its own.
    """

    registrations: tuple[Registration, ...] = ()
    answer: Answer | None = None
    review: Review | None = None
    history: dict[str, str] = field(default_factory=dict)
    freed: tuple[Registration, ...] = ()
