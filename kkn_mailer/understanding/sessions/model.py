"""What a text says of the event's sessions: mentions of days, the phrases they form, and what is chosen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto

Attends = Callable[[int], float]
"""How likely the sentence at a place of the text says that somebody comes."""


class Form(Enum):
    """How a mention names its day."""

    DAY = auto()
    WEEKDAY = auto()
    CITY = auto()
    VENUE = auto()
    ORDINAL = auto()
    ALL = auto()
    RELATIVE = auto()
    RANGE = auto()
    WEEK = auto()
    MONTH = auto()


@dataclass(frozen=True, slots=True)
class Mention:
    """A day named in the text; `days` are the sessions it can be, none for a day that is no session.

    `foreign` marks a day that has nothing to do with the event: another month, another year.
    """

    start: int
    end: int
    form: Form
    days: frozenset[dt.date]
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Mentions that together name one choice; `clash` when they name no common session."""

    mentions: tuple[Mention, ...]
    days: frozenset[dt.date]
    clash: bool

    @property
    def start(self) -> int:
        return self.mentions[0].start

    @property
    def end(self) -> int:
        return self.mentions[-1].end

    @property
    def settled(self) -> bool:
        """Names exactly one session, or all of them by a word that means so."""
        return not self.clash and (len(self.days) == 1 or all(m.form is Form.ALL for m in self.mentions))

    @property
    def foreign(self) -> bool:
        return all(mention.foreign for mention in self.mentions)

    @property
    def forms(self) -> set[Form]:
        return {mention.form for mention in self.mentions}

    @property
    def only_a_month(self) -> bool:
        """`vi ses i september` is small talk until something asks for it."""
        return self.forms == {Form.MONTH}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a text chooses. `dates` is empty when nothing is, or when it is `open` (alternatives, contradictions)."""

    dates: tuple[dt.date, ...] = ()
    open: bool = False
    refused: tuple[dt.date, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    chosen: tuple[Phrase, ...] = field(default=(), repr=False)
    foreign: bool = False
    """A day that is no session stands where a session would."""
