"""The words for days, as the lexicon lists them: months, weekdays, ordinals and holidays."""

from __future__ import annotations

import re
from functools import lru_cache

from ...folding import fold
from ..text import alike, any_of, lexicon, words

_MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october"]
_MONTHS += ["november", "december"]
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


_WHOLE = ("mars", "maj", "juni", "juli", "may", "june", "july")
"""Months that are short as they are."""


def _numbered(keys: list[str], begin: int = 0) -> dict[str, int]:
    """Each word of some lists of days with the number of its list."""
    return {word: number for number, key in enumerate(keys, begin) for word in words("dates", key)}


MONTHS = _numbered(_MONTHS, 1)
_DAYS = _numbered(_WEEKDAYS)
_IN_FULL = {name: number for name, number in _DAYS.items() if name.endswith(("dag", "dagen", "day"))}
ORDINALS = {word: n for key in ("ordinals_en", "ordinals_sv") for n, word in enumerate(words("dates", key), 1)}
HOLIDAYS = {
    fold(name): (int(day[3:]), int(day[:2]))
    for day, names in lexicon()["dates"]["holidays"].items()  # type: ignore[attr-defined]
    for name in names
}
"""Day and month of each holiday's name."""


def either(listed: list[str]) -> str:
    """A pattern for any of some words, the longest first."""
    return any_of([*map(re.escape, word), ""] for word in listed)


def month_pattern() -> str:
    """Month names; only an abbreviated one takes a full stop with it."""
    names, short = either([*MONTHS]), either([name for name in MONTHS if len(name) <= 4 and name not in _WHOLE])
    return rf"(?:(?:{names})\b(?!\.\s?\w)|(?:{short})\b\.?|(?:{names})\b)"


def month_of(name: str) -> int:
    return MONTHS[name.rstrip(".")]


@lru_cache(maxsize=4096)
def weekday(word: str) -> int | None:
    """The number of the weekday that a word names, right or misspelt, Monday being 0; none for several (`tisdagar`, `Tuesdays`)."""
    if word.endswith(("dagar", "dagarna", "days")):
        return None
    stem = word.removesuffix("s") if len(word) > 6 else word
    for candidate in (word, stem):
        if candidate in _DAYS:
            return _DAYS[candidate]
    if len(word) >= 6:
        near = {n for name, n in _IN_FULL.items() if name[0] == word[0] and alike(word, name)}
        if len(near) == 1:
            return near.pop()
    return None
