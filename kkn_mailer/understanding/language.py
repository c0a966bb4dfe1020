"""The language of an answer: Swedish or English, by the sender's own words."""

from __future__ import annotations

from ..domain import Letter
from ..event import Event, Language
from ..folding import fold
from .text import tokens, words


def language(letter: Letter, event: Event) -> Language:
    """Which of the two the sender writes; the event's own where the words do not tell."""
    for text in (letter.own, letter.signature, letter.subject):
        found = [token.group() for token in tokens(fold(text[:5000]))]
        swedish = sum(word in words("language", "swedish") for word in found) + 0.5 * sum(
            c in "åäö" for c in text[:5000].lower()
        )
        english = sum(word in words("language", "english") for word in found)
        if max(swedish, english) >= 2 and swedish != english:
            return "sv" if swedish > english else "en"
    return event.language
