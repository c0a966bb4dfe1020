"""The language of an answer: Swedish or English, by the sender's own words."""

from __future__ import annotations

import re

from ..domain import Letter
from ..event import Event, Language
from ..folding import fold
from .text import tokens, words

_LETTERS = re.compile("[åäöÅÄÖ]")
_SWEDISH, _ENGLISH = (frozenset(words("language", key)) for key in ("swedish", "english"))


def language(letter: Letter, event: Event) -> Language:
    """Which of the two the sender writes; the event's own where the words do not tell."""
    for text in (letter.own, letter.signature, letter.subject):
        found = [token.group() for token in tokens(fold(text[:5000]))]
        swedish = sum(map(_SWEDISH.__contains__, found)) + 0.5 * len(_LETTERS.findall(text[:5000]))
        english = sum(map(_ENGLISH.__contains__, found))
        if max(swedish, english) >= 2 and swedish != english:
            return "sv" if swedish > english else "en"
    return event.language
