"""One event's sessions as texts name and choose them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from ...event import Event
from ...folding import fold
from ..text import pattern
from . import figures
from .choosing import settle
from .joining import joined
from .model import Attends, Choice, Mention, Phrase
from .named import Named
from .search import Search
from .stance import NEGATIVE, NOT_CHOSEN, stance

MOST_MENTIONS = 100
"""More days than these in one text settle nothing; it bounds the work, too."""
_BOUND = pattern("sessions", "bound")
_ALL_BUT = pattern("sessions", "all_but")
_OTHER_ONE = pattern("sessions", "other_one")
_OTHER_TWO = pattern("sessions", "other_two")
_CLAUSE = re.compile(r"[.!?;,\n]|\b(?:men|sa|utan|eftersom|but|so|since|because|as)\b")
_THE_REST = pattern("sessions", "the_rest")


class Calendar:
    """Finds and settles mentions of one event's sessions; build once per event."""

    def __init__(self, event: Event) -> None:
        self.named = Named(event)
        self.dates = self.named.dates

    def only(self, text: str) -> dt.date | None:
        """The one session that a text names when it says nothing else: `12/2`, `12:e`, `onsdag 12 feb`."""
        folded = fold(text)
        mentions = self.mentions(folded)
        days = frozenset[dt.date]().union(*(mention.days for mention in mentions))
        if len(days) != 1 or not all(mention.days for mention in mentions):
            return None
        (day,) = days
        rest = "".join(c for i, c in enumerate(folded) if not any(m.start <= i < m.end for m in mentions))
        return day if set(re.findall(r"\w+|[^\w\s.,]", rest)) <= {"den", "the", "i", "in", str(day.year)} else None

    @lru_cache(maxsize=64)  # noqa: B019 — lives as long as the event
    def mentions(
        self, folded: str, written: dt.date | None = None, blocked: tuple[tuple[int, int], ...] = ()
    ) -> Sequence[Mention]:
        """Every day named in folded text, in order; `written` is the mail's own date, for relative words.

        `blocked` are spans that mean something else (an employer's name that is also a city).
        """
        search = Search(folded, self.dates, blocked)
        figures.find(search)
        self.named.find(search, written)
        found = (
            replace(m, foreign=True) if not m.days and _BOUND.search(folded[max(0, m.start - 80) : m.start]) else m
            for m in search.found
        )
        return sorted(found, key=lambda mention: mention.start)

    def accepted(self, folded: str, mentions: Sequence[Mention], attends: Attends | None = None) -> list[Phrase]:
        """The phrases that name sessions and are not refused by the clause they stand in."""
        found = joined(folded, mentions[:MOST_MENTIONS])
        ours = (p for p in found if p.settled and not p.foreign)
        return [p for p in ours if stance(folded, p, found, attends) not in NOT_CHOSEN]

    def settle(self, folded: str, mentions: Sequence[Mention], attends: Attends | None = None) -> Choice:
        """What the clauses of a text choose among its mentions.

        `attends` tells how likely the sentence at a place says that somebody comes: a day that only such a sentence names
        is chosen, not one named in passing.
        """
        if len(mentions) > MOST_MENTIONS:
            choice = Choice(open=True)
        else:
            choice = settle(folded, joined(folded, mentions), attends)
        refuses = bool(choice.refused and not choice.dates)
        other = (_OTHER_ONE if len(self.dates) == 2 else _OTHER_TWO).search(folded)
        if other and attends and len(self.dates) in (2, 3) and attends(other.start()) >= 0.5:
            before = [p for p in choice.phrases if p.settled and not p.foreign and p.end < other.start()]
            named = {day for p in before for day in p.days}
            lead = _CLAUSE.split(folded[max((p.end for p in before), default=0) : other.start()])[-1]
            tail = _CLAUSE.split(folded[other.end() : other.end() + 80])[0]
            if len(named) == 1 and not NEGATIVE.search(f"{lead} {tail}"):
                left = tuple(d for d in self.dates if d not in named)
                return replace(choice, dates=left, open=False, refused=tuple(named))
        left = tuple(day for day in self.dates if day not in choice.refused)
        but = _ALL_BUT.search(folded) if refuses else None
        other = other or (_THE_REST.search(folded) if refuses else None)
        if refuses and (but or other) and (len(left) == 1 or (but and but["every"])):
            return replace(choice, dates=left, open=False)
        return choice
