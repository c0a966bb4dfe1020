"""Gatherings that somebody else gives: `Handelskammarens frukostmöte`, `the training day that the museum hosts`."""

from __future__ import annotations

import re
from collections.abc import Collection

from ..folding import fold
from .text import lexicon, pattern, tokens

_ABOUT = pattern("elsewhere", "about")
_GIVEN = pattern("elsewhere", "given")
_TIMES = pattern("elsewhere", "times")
_HEADS = dict.fromkeys(word for key in ("heads", "given") for word in lexicon()["gatherings"][key])
_OWNED = pattern("elsewhere", "owned", heads="|".join(map(re.escape, _HEADS)))


def given_by_another(text: str, ours: Collection[str]) -> bool | None:
    """Whether a sentence, as it is written, goes to what another than the organiser gives; None where only the giver's
    name tells so. `ours` are the folded words of the event, its places and its organiser."""
    if _GIVEN.search(text):
        return True
    found = next((m for m in _OWNED.finditer(text) if not _is_ours(m["giver"], ours)), None)
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
