"""Sessions by their place in the order: `första tillfället`, `dag 2`, `the second one`, `första Gävledagen`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from ..text import pattern, phrase_pattern, words
from .model import Form
from .search import Search
from .vocabulary import either

Held = Callable[[str], list[dt.date]]
"""The days, in order, that are held in the city a word names; none where it names no city of a session."""

_RANKS = ("first", "second", "third", "fourth", "last")
_WORDS = [word for rank in _RANKS for word in words("dates", rank)]
_NUMBERS = [*words("dates", "numbers"), *words("dates", "numbers_en")]
_NUMBERED = r"dag|tillfalle|pass|datum|workshop|session|day|alternativ|alt\.?"
_SESSION = phrase_pattern(words("dates", "session"))
_ANY = re.compile(
    rf"\b(?:{'|'.join(map(re.escape, (*_WORDS, *_NUMBERS)))}"
    r"|ett|mitten\w*|middle|mittersta|mellersta|mellan\w+|former|forstnamnda|alternativ|alt)\b|\d|\bligger|\bcomes"
)
"""Any word that may begin the name of a session by its place: without one, none is named so."""
_IN_CITY = re.compile(
    rf"\b(?:den |det |the )?(?P<rank>{'|'.join(re.escape(w) for rank in ('first', 'second', 'last') for w in words('dates', rank))})\s(?P<place>\w{{3,}})"
)
_TOWN_BEFORE = re.compile(r"\b([a-z]\w+)(?:,|:| -)?(?: (?:och|and) (?:da|then))? $")
"""Before a rank that is one of a town's own: `till Falun, andra tillfället`, `en av dagarna i Falun, den första`."""
_AND_NUMBER = pattern("sessions", "and_number")
_LIES = pattern("sessions", "lies")
_MIDDLE = pattern("sessions", "middle")
_TWO = re.compile(
    rf"\b(?:den|det|the)\s(?P<one>{either(_WORDS)})\s(?:och|and|samt|&)\s(?:(?:den|det|the)\s)?(?P<other>{either(_WORDS)})"
    r"(?=\s*(?:[.,;:!?)\n]|$|(?:tack|please|men|but|inte|not|passar|funkar)\b))"
)
"""Two of them without a word for a session: `den första och den sista`."""


def _named(index: int, rank: str) -> re.Pattern[str]:
    """Every way to name the session of a rank; `plain` without a word for a session."""
    listed = phrase_pattern(words("dates", rank))
    count = f"{index + 1}|{words('dates', 'numbers')[index]}|{words('dates', 'numbers_en')[index]}"
    number = rf"\b(?:{_NUMBERED})\s(?:nr\s?|nummer\s)?(?:{count})\b(?![:/.]?\d|:?e\b)"
    plain = {
        "first": rf"{number}|\b(?:den |det |the )?(?:forstnamnda|former)\b|\bdag ett\b|\b(?:den|det|the) (?:forsta|forra|first)\b(?=\s*(?:[.,;!)\n]|$|(?:av dem|av dessa|av de|of the two|of them)\b))",
        "last": rf"\b(?:det|den|the)\s(?:{listed})\b(?=\s*(?:[.,;:!?)\n]|$|(?:och|and|men|but|tack|please|passar|funkar|blir|ar|gar|suits|works|is|would|for|av|of|i|in|pa|at|on)\b))",
    }.get(rank, number)
    shared = rf"(?=\s(?:och|and|samt|&)\s(?:den |det |the )?(?:{'|'.join(map(re.escape, _WORDS))})\s(?:{_SESSION}))"
    where = r"(?P<where>(?:,?\s(?:i|in|at|pa)\s(?P<city>\w+))?)"
    return re.compile(
        rf"(?:den |det |the )?(?:{listed})(?:{shared}|\s(?:\w+\s)?(?:{_SESSION}){where})|(?P<plain>{plain})"
    )


_NAMED = {rank: _named(index, rank) for index, rank in enumerate(_RANKS)}
_NAMES_A_RANK = re.compile(
    rf"\b(?:{either(_WORDS)}|forstnamnda|dag ett|(?:{_NUMBERED})\s(?:nr\s?|nummer\s)?(?:\d|{either(_NUMBERS)}))\b"
)
"""Without a rank or a number behind a word for a session, none of these is found."""


def find(search: Search, held: Held) -> None:
    """Every session that is named by its rank among all, or among those of a city."""
    folded, dates = search.folded, search.dates
    if not _ANY.search(folded):
        return
    for match in _IN_CITY.finditer(folded):
        if len(days := held(match["place"])) > 1:
            last, second = (match["rank"] in words("dates", rank) for rank in ("last", "second"))
            search.add(match.span(), Form.ORDINAL, {days[-1 if last else int(second)]})
    for match in _AND_NUMBER.finditer(folded):
        if 0 < int(match[1]) <= len(dates):
            search.add(match.span(1), Form.ORDINAL, {dates[int(match[1]) - 1]})
    for match in _TWO.finditer(folded):
        for which in ("one", "other"):
            rank = next(rank for rank in _RANKS if match[which] in words("dates", rank))
            at = len(dates) - 1 if rank == "last" else _RANKS.index(rank)
            search.add(match.span(which), Form.ORDINAL, dates[at : at + 1])
    for match in _MIDDLE.finditer(folded) if len(dates) == 3 else ():
        search.add(match.span(), Form.ORDINAL, dates[1:2])
    for match in _LIES.finditer(folded):
        search.add(match.span(), Form.ORDINAL, {dates[0 if match["first"] else -1]})
    for index, (rank, named) in enumerate(_NAMED.items() if _NAMES_A_RANK.search(folded) else ()):
        for match in named.finditer(folded):
            among, end = list(dates), match.end()
            town = _TOWN_BEFORE.search(folded, max(0, match.start() - 40), match.start())
            if town and len(days := held(town[1])) > 1:
                among = days
            elif match["plain"] is None and match["city"] is not None:
                days = held(match["city"])
                among, end = (days, end) if len(days) > 1 else (among, match.start("where"))
            at = len(among) - 1 if rank == "last" else index
            search.add((match.start(), end), Form.ORDINAL, among[at : at + 1])
