"""Phone numbers, addresses and diets, where people give them."""

from __future__ import annotations

import re
from functools import lru_cache

from ..folding import fold
from .text import pattern, phrases, squeeze, words

_PHONE = re.compile(
    r"(?<![\w/-])(?:\+\d{1,3}[ -]?(?:\(0\))?|00\d{2}[ -]?|0)\d{1,3}[ -/]{0,3}\d{2,3}(?:[ -]?\d{2,3}){1,3}(?!\w)"
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_DIET = phrases("diet", "words")
_NO_FOOD = pattern("people", "no_food")
_NO_DIET = re.compile(
    r"\b(?:inga|ingen|utan|no|ej)\s(?:special\w*\s)?(?:allergi\w*|kost\w*|diet\w*|allerg\w*|specialkost)|allatar\w*|\bater allt"
)


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
    """The need in the person's own words: the shortest run of words around what tells it."""
    folded = fold(text)
    match = _DIET.search(folded) or _NO_FOOD.search(folded)
    if not match or _NO_DIET.search(folded):
        return None
    start, end = match.span(match.lastgroup or 0)
    if match.lastgroup or match.group().startswith(
        ("ater", "tal ", "don't", "do not", "allerg", "intoler", "overkans", "no ")
    ):
        rest = re.match(r"[^.!?;,\n()]*", text[end:])
        end += rest.end() if rest else 0
    elif match.group().startswith(("gluten", "nut", "laktos", "lactose")) and (
        rest := re.match(r"\s(?:allergy|intoleran\w*|allergi\w*|fri\w*)", folded[end:])
    ):
        end += rest.end()
    second = _DIET.search(folded, end)
    if second and re.fullmatch(r"\s?(?:och|and|,|&|\+|samt)\s?", folded[end : second.start()]):
        end = second.end()
    return squeeze(text[start:end])
