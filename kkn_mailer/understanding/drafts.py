"""A person in the making: values with the words behind them, and the readers that find them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from ..domain import Evidence, Letter, Missing, Person, Strength
from ..event import Event
from ..folding import fold
from .employers import OF_ITS_OWN, Employers
from .linear import Weights, learnt
from .names import Names, is_full
from .referents import SELF
from .sessions import Attends, Calendar, Choice, Form, Mention
from .text import tokens
from .units import Units

_THIRD = {"hon", "han", "hen", "she", "he"}
_LABELS = dict.fromkeys(Form, "<day>") | {Form.CITY: "<place>", Form.VENUE: "<place>", Form.ALL: "<all>"}


_HELD = re.compile(
    r"\b(?:\w*dag(?:en|arna)?|\w*pass(?:et)?|tillfallet?|\w*traff(?:en)?|\w*kurs(?:en)?|session(?:en)?|mote?t|day|date|meeting) (?:pa|hos|vid|i|at|in) (?:the )?$"
)
"""Between what is held and the house it is held in."""
_CELL = re.compile(r"(?:[,;|:(/–-] ?|[\t\n])$")
_CELL_END = re.compile(r" ?(?:$|[\n\t,;|)+&/.–-])| (?:och|and) ")


class Value(NamedTuple):
    """A value with the words that said so."""

    value: str | None
    words: str = ""
    strength: Strength = Strength.TEXT


NOTHING = Value(None)


_LAST_CELL = re.compile(
    r"^[ \t]*(?P<bullet>(?:[-*•·–+]|\d{1,2}[.)])[ \t]+)?(?P<lead>[^\n]{3,120}(?:[ ][-–—][ ]|[,;|\t]|:[ ]))[ \t]*(?P<cell>(?:[^\n,;:|\t–—]|:(?=[ea]\b)){2,60}?)[ .\t]*$",
    re.M,
)
"""What stands last in a line of cells."""
_AND = re.compile(r"\s?(?:[+&/]|\b(?:och|samt|and|plus)\b)\s?")


@dataclass(slots=True)
class Draft:
    """A person in the making."""

    name: Value = NOTHING
    municipality: Value = NOTHING
    unit: Value = NOTHING
    dates: tuple[dt.date, ...] | None = None
    date_words: str = ""
    email: Value = NOTHING
    phone: Value = NOTHING
    diet: Value = NOTHING
    count: int = 1
    is_sender: bool = False
    refused: tuple[dt.date, ...] = field(default=())

    @property
    def key(self) -> str:
        """Who it is among the referents of the text."""
        return SELF if self.is_sender else self.name.value or "#"


@dataclass(slots=True, eq=False)
class Tools:
    """The readers of one event."""

    event: Event
    calendar: Calendar
    employers: Employers
    units: Units
    names: Names
    acts: Weights
    """What sentences are weighed by."""
    home: str | None = None
    """The invited municipality from whose domain the letter comes that is read."""

    @classmethod
    def of(cls, event: Event) -> Tools:
        units = Units(event)
        return cls(event, Calendar(event), Employers(event), units, Names(event, units.is_one), learnt("acts.json"))

    def read_for(self, domain: str, subject: str) -> Tools:
        """The readers for a letter from a mail domain; `subject` is the sender's own, folded.

        Who writes from a municipality, with no day in the subject, may name towns for days; a region's staff work in
        them, and so do those of a town where a session is.
        """
        home = self.employers.by_domain(domain) if self.employers.is_listed_domain(domain) else None
        if not home or self.employers.is_region(home) or home in {s.city for s in self.event.sessions}:
            return self
        if any(m.days for m in self.calendar.mentions(subject)):
            return self
        return replace(self, home=home)

    def choice(self, text: str, written: dt.date | None, attends: Attends | None = None) -> Choice:
        """The sessions a text chooses, its employers' cities left out."""
        folded = fold(text)
        return self.calendar.settle(folded, self.days(folded, written), attends)

    def days(self, folded: str, written: dt.date | None) -> Sequence[Mention]:
        """Every day that folded text names, its employers' cities left out."""
        return self.calendar.mentions(folded, written, tuple(self.blocked(folded)))

    def masks(
        self, text: str, written: dt.date | None = None, known: Collection[str] = (), self_word: str = ""
    ) -> tuple[str, list[tuple[int, int, str]]]:
        """Folded text, and its days, places, names, units and employers as `acts` masks them.

        `known` are first names (folded) of those who are registered: what is said of them weighs as much as what the
        sender says of herself, so `self_word` stands for them and for `hon` and `han`.
        """
        folded = fold(text)
        units = [(m.start, m.end, "<unit>" if not m.is_title else "<title>") for m in self.units.mentions(folded)]
        places = self.employers.mentions(folded, [(a, b) for a, b, _ in units])
        spans = [(m.start, m.end, _LABELS[m.form] if not m.foreign else "<when>") for m in self.days(folded, written)]
        spans += [*units, *((m.start, m.end, "<employer>") for m in places)]
        named = self.names.mentions(text)
        named = [*named, *self.names.first_names(text, named, known)]
        about = [m for m in named if fold(m.name).split()[0] in known]
        spans += [(m.start, m.end, self_word if m in about else "<name>") for m in named]
        spans += [(*t.span(), self_word) for t in tokens(folded) if about and t.group() in _THIRD]
        spans += [(*t.span(), "<name>") for t in tokens(folded) if t.group() in self.names.organiser]
        out: list[tuple[int, int, str]] = []
        for start, end, label in sorted(spans, key=lambda span: (span[0], -span[1])):
            if not out or start >= out[-1][1]:
                out.append((start, end, label))
        return folded, out

    @lru_cache(maxsize=64)  # noqa: B019 — lives as long as the event
    def blocked(self, folded: str) -> list[tuple[int, int]]:
        """Spans of employers, where a city names no session."""
        spans = [(u.start, u.end) for u in self.units.mentions(folded)]
        places = [
            (m.start, m.end)
            for m in self.employers.mentions(folded, spans)
            if not self.is_session_place(folded, m.start, m.end)
        ]
        return [*places, *((folded.rfind(" ", 0, m.start()) + 1, m.start()) for m in OF_ITS_OWN.finditer(folded))]

    def is_session_place(self, folded: str, start: int, end: int) -> bool:
        """An employer's house that is also a venue is the session, unless said to be where someone works; so is the
        town of a session in a place of its own behind a title, where those who write are another's: `kostchef - Mora`.
        """
        if any(a <= start and end <= b for a, b in self._towns_listed(folded)):
            return True
        words_ = folded[start:end]
        alone = self.home and _CELL.search(folded, max(0, start - 2), start) and _CELL_END.match(folded, end)
        if alone and fold(self.home or "") != words_ and any(words_ == fold(s.city) for s in self.event.sessions):
            return True
        venue = any(pattern.fullmatch(words_) for pattern, _ in self.calendar.named.venues)
        works = re.search(
            r"\b(?:jobbar|arbetar|work\w*|anstalld|fran|from|hos|for|kollegor|\w+(?:chef|are|ent|or|og))\s(?:\w+\s)?(?:pa|vid|at|for|i|with|hos)?\s?$",
            folded[max(0, start - 40) : start],
        )
        return venue and (not works or bool(_HELD.search(folded, max(0, start - 40), start)))

    @lru_cache(maxsize=64)  # noqa: B019 — lives as long as the event
    def _towns_listed(self, folded: str) -> list[tuple[int, int]]:
        """The last cells of lines of a list that name the towns of sessions, not all the same one, where the others' name
        days, a venue or several, and the text around names none: these are days, `Kim Ek - kock - Mora`, `Bo Dal - inköpare - Mora + Falun`.
        """
        if not any(city in folded for city in self.calendar.named.cities):
            return []
        cells = [cell for cell in _LAST_CELL.finditer(folded) if len(cell["lead"].split()) > 1]
        named = [frozenset(filter(None, map(self._town, _AND.split(cell["cell"])))) for cell in cells]
        towns = [len(_AND.split(cell["cell"])) == len(told) for cell, told in zip(cells, named, strict=True)]
        dated = [bool(self.calendar.mentions(cell["cell"])) for cell in cells]
        if any(not day and self.employers.place(cell["cell"], False) for day, cell in zip(dated, cells, strict=True)):
            return []  # the column tells where they work
        rows = [cell for cell, *is_day in zip(cells, towns, dated, strict=True) if any(is_day)]
        if len({cell["cell"] for cell in rows}) < 2 or any(c["bullet"] for c in cells if c not in rows):
            return []
        if not any(day and len(told) != 1 for day, told in zip(dated, named, strict=True)) and all(
            self.calendar.named.city(name) for told in named for name in told
        ):
            return []  # each may as well be where somebody works
        around = list(folded)
        for cell in rows:
            around[cell.start("cell") : cell.end("cell")] = " " * len(cell["cell"])
        spans = [cell.span("cell") for cell, is_town in zip(cells, towns, strict=True) if is_town]
        return [] if any(m.days for m in self.calendar.mentions("".join(around))) else spans

    def _town(self, cell: str) -> str | None:
        """What a cell names, where that is a session's town or venue and nothing else."""
        named = self.calendar.named
        return cell if named.city(cell) or any(venue.fullmatch(cell) for venue, _ in named.venues) else None

    def written_on(self, letter: Letter) -> dt.date:
        return self.event.day_of(letter.date or letter.received)


def finish(draft: Draft, event: Event, complete: bool) -> Person:
    """A draft as a person; with `complete`, what is required and not known is missing."""
    name = draft.name.value
    missing = []
    if complete:
        known = {
            "name": is_full(name),
            "municipality": bool(draft.municipality.value),
            "unit": bool(draft.unit.value),
            "date": bool(draft.dates),
        }
        missing = [
            Missing(key) for key in ("name", "municipality", "unit", "date") if key in event.required and not known[key]
        ]
    return Person(
        name=name,
        municipality=draft.municipality.value,
        unit=draft.unit.value,
        dates=draft.dates or (),
        email=draft.email.value,
        phone=draft.phone.value,
        diet=draft.diet.value,
        missing=tuple(missing),
        count=draft.count,
        is_sender=draft.is_sender,
    )


def evidence_of(index: int, draft: Draft) -> list[Evidence]:
    """The words behind each value of a person."""
    found = []
    for key in ("name", "municipality", "unit", "email", "phone", "diet"):
        value: Value = getattr(draft, key)
        if value.value:
            found.append(Evidence(index, key, value.value, " ".join(value.words.split())[:200], value.strength))
    if draft.dates:
        found.append(
            Evidence(
                index, "date", ", ".join(map(str, draft.dates)), " ".join(draft.date_words.split())[:200], Strength.TEXT
            )
        )
    return found
