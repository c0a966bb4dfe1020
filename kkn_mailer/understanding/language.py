"""The language of an answer: Swedish or English, by the sender's own words."""

from __future__ import annotations

from ..domain import Letter
from ..event import Event, Language
from ..folding import fold
from .text import tokens

_SWEDISH = frozenset(
    [
        "och",
        "jag",
        "att",
        "det",
        "som",
        "en",
        "ett",
        "den",
        "for",
        "pa",
        "med",
        "till",
        "inte",
        "av",
        "ar",
        "har",
        "vi",
        "du",
        "kan",
        "men",
        "om",
        "hej",
        "mig",
        "anmaler",
        "kommer",
        "halsning",
        "halsningar",
        "vanliga",
        "vanlig",
        "mvh",
        "tack",
        "var",
        "fran",
        "ska",
        "vill",
        "gar",
        "ni",
        "oss",
        "nar",
        "da",
        "han",
        "hon",
        "blir",
        "eller",
        "februari",
        "gor",
        "sa",
        "nagon",
    ]
)
_ENGLISH = frozenset(
    [
        "the",
        "and",
        "i",
        "to",
        "of",
        "a",
        "is",
        "for",
        "in",
        "would",
        "like",
        "please",
        "my",
        "we",
        "you",
        "at",
        "on",
        "with",
        "be",
        "are",
        "will",
        "can",
        "dear",
        "hi",
        "hello",
        "thank",
        "thanks",
        "regards",
        "best",
        "from",
        "am",
        "it",
        "this",
        "that",
        "not",
        "have",
        "me",
        "our",
        "your",
        "as",
        "name",
        "registration",
        "sign",
        "up",
        "attend",
    ]
)


def language(letter: Letter, event: Event) -> Language:
    """Which of the two the sender writes; the event's own where the words do not tell."""
    for text in (letter.own, letter.signature, letter.subject):
        found = [token.group() for token in tokens(fold(text[:5000]))]
        swedish = sum(word in _SWEDISH for word in found) + 0.5 * sum(c in "åäö" for c in text[:5000].lower())
        english = sum(word in _ENGLISH for word in found)
        if max(swedish, english) >= 2 and swedish != english:
            return "sv" if swedish > english else "en"
    return event.language
