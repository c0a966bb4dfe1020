"""Phone numbers, addresses and diets, where people give them."""

from __future__ import annotations

import re
from functools import lru_cache

from ..folding import fold
from .text import pattern, squeeze, words

_PHONE = re.compile(
    r"(?<![\w/-])(?:\+\d{1,3}[ -]?(?:\(0\))?|00\d{2}[ -]?|0)\d{1,3}[ -/]{0,3}\d{2,3}(?:[ -]?\d{2,3}){1,3}(?!\w)"
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_NEED, _GOES_ON, _TURNS = (pattern("diet", key) for key in ("need", "goes_on", "turns"))
_HINTS = pattern("diet", "hints")
_FOOD = re.compile(rf"\b{pattern('diet', 'food').pattern}")
_DENIED, _FINE, _NEGATES = (pattern("diet", key) for key in ("denied", "fine", "negates"))
_NOT_SO, _NOR_SO = (pattern("diet", key) for key in ("not_so", "nor_so"))
_BESIDES = re.compile(
    r"(?:[\s,/&+]|\b(?:och|and|samt|eller|or|also|aven|dessutom|som|ar|am|is|jag|i|with|med|plus|a)\b)*"
)
_OR = re.compile(r"\s?(?:och|and|eller|or|/|&)\s?")
_PIECE = re.compile(r"[^.!?;,\n()]{0,200}")


@lru_cache(maxsize=64)
def phone_in(text: str) -> str | None:
    """The first number that is a person's own, as written; a switchboard's is not."""
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        around = fold(
            text[max(0, match.start() - 22) : match.start()].rpartition("\n")[2]
            + " "
            + text[match.end() : match.end() + 22].partition("\n")[0]
        )
        if 7 <= len(digits) <= 13 and not any(
            re.search(rf"\b{re.escape(word)}\w*", around) for word in words("diet", "switchboard")
        ):
            return squeeze(match.group())
    return None


def email_in(text: str) -> str | None:
    match = _EMAIL.search(text)
    return match.group().rstrip(".").lower() if match else None


@lru_cache(maxsize=64)
def diet_in(text: str) -> str | None:
    """The needs in the person's own words: the shortest run of words around what tells each."""
    return ", ".join(squeeze(text[start:end]) for start, end in needs_in(text)) or None


@lru_cache(maxsize=64)
def needs_in(text: str) -> tuple[tuple[int, int], ...]:
    """Where a text tells what somebody does not eat, in order; those that stand together as one.

    What is denied (`inga allergier`, `inte vegetarian`) is none, and what `work` is done with is nobody's own.
    """
    if not _HINTS.search(fold(text)):
        return ()
    folded = _DENIED.sub(lambda denied: " " * len(denied.group()), fold(text))
    found: list[tuple[int, int]] = []
    at, denied = 0, -1
    while match := _NEED.search(folded, at):
        start, at = match.start(), _end_of_need(folded, match)
        if match["field"]:
            start = match.end()
        elif match["bare"]:
            begin = max(denied, found[-1][1] if found else 0, start - 200)
            start = max(begin, 1 + max(map(folded.rfind, ".!?;,:\n()", [begin] * 9, [start] * 9)))
        too = denied >= 0 and _OR.fullmatch(folded, denied, start) and not _NEGATES.search(match.group())
        if too or _is_none(folded, match, start, at):
            denied = at
        elif found and _BESIDES.fullmatch(folded, found[-1][1], start):
            found[-1] = found[-1][0], at
        else:
            found.append((start, at))
    return tuple(found)


def denied(text: str) -> bool:
    """Whether a text says that there is no need, and tells none besides."""
    return bool(_DENIED.search(fold(text))) and not needs_in(text)


def _is_none(folded: str, match: re.Match[str], start: int, end: int) -> bool:
    """Whether what stands before or behind a need says that there is none, or that it is others'."""
    if match["bare"]:
        return bool(_FINE.search(folded, start, end)) and not _NEGATES.search(folded, start, end)
    before = folded[max(0, start - 60) : start]
    return not (match["refused"] or match["field"]) and bool(_NOT_SO.search(before) or _NOR_SO.match(folded, end))


def _end_of_need(folded: str, match: re.Match[str]) -> int:
    """Where a need ends: with its own words, or with what is told behind them, up to where something else begins."""
    if match["short"]:
        return match.end()
    end = (_PIECE if match["bare"] else _GOES_ON).match(folded, match.end()).end()  # type: ignore[union-attr]
    for turn in _TURNS.finditer(folded, match.end(), end):
        behind = _TURNS.search(folded, turn.end(), end)
        piece = folded[turn.end() : behind.start() if behind else end]
        if match["bare"] or (not _FOOD.search(piece) and " " in piece.strip()):
            return turn.start()
    return end
