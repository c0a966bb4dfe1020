"""Gatherings that somebody else gives: `Handelskammarens frukostmöte`, `the training day that the museum hosts`."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from ..folding import fold
from .text import lexicon, tokens

_SKIPPED = r"(?:(?!(?:på|i|till|om|för|och|den|det|en|ett|på|at|in|on|to|for|and|of|from|från|med|with)\s)[\w-]+\s){0,2}?"
_GIVER = r"(?P<giver>[A-ZÅÄÖÉ][\w-]*(?:s|:s|['’]s)|\w{5,}(?:ens|ets|nas|ings|['’]s))"
_ABOUT = re.compile(r"\s(?:om|on|about)\s(?!\d|den\b|the\b)(?P<about>[\w-]+(?:\s[\w-]+)?)")
_NOT_YOU = r"(?!er\b|dig\b|ni\b|du\b|you\b|jag\b|vi\b|i\b|we\b|she\b|hon\b|han\b)"
_GIVEN = re.compile(
    rf"\b(?:(?:arrangeras|anordnas|ordnas|hosted|organi[sz]ed|arranged) (?:av|by) {_NOT_YOU}"
    rf"|(?:som|that|which) {_NOT_YOU}(?:the )?\w+(?: \w+)? (?:ordnar|anordnar|arrangerar|bjuder in till|hosts|is hosting|organi[sz]es)\b)"
)
_TIMES = re.compile(r"(?:\w*dagens|\w*kvallens|arets|varens|hostens|veckans|manadens|\w+aris|maj[s']+)")


@cache
def _owned() -> re.Pattern[str]:
    listed = lexicon()["gatherings"]
    heads = "|".join(map(re.escape, dict.fromkeys((*listed["heads"], *listed["given"]))))
    return re.compile(
        rf"\b(?:till|på|delta i|to|for|at)\s(?:the\s)?(?:[\w-]+\s){{0,3}}?{_GIVER}\s{_SKIPPED}(?P<what>\w*(?:{heads}))\b"
    )


def given_by_another(text: str, ours: Collection[str]) -> bool | None:
    """Whether a sentence, as it is written, goes to what another than the organiser gives; None where only the giver's
    name tells so. `ours` are the folded words of the event, its places and its organiser."""
    if _GIVEN.search(text):
        return True
    found = next((m for m in _owned().finditer(text) if not _is_ours(m["giver"], ours)), None)
    if found is None:
        return False
    about = _ABOUT.match(text, found.end())
    subject = [t.group() for t in tokens(fold(about["about"]))] if about else []
    strange = bool(subject) and not any(word[:5] == known[:5] for word in subject if len(word) > 3 for known in ours)
    return True if strange or "möte" in found["what"].lower() else None


def _is_ours(giver: str, ours: Collection[str]) -> bool:
    """Whether who gives it belongs to the event, or is no giver: `fredagens`, `årets`."""
    name = fold(giver)
    plain = giver[:1].islower() and giver[-2:] not in ("'s", "’s") and len(giver) < 9
    return bool(_TIMES.fullmatch(name)) or plain or bool({name, re.sub(r"[:'’]?s$", "", name)} & set(ours))
