"""What each sentence of a mail does: a linear model over its words (multinomial logistic regression).

People have more ways to say "I am coming" than any list of phrases holds, so the sentence is weighed as a whole: its
words, stems and pairs, with every day, place, name, unit and number replaced by what it is. The weights are
data (`data/acts.json`), learnt by `training/acts.py` from labelled sentences; the words that weighed most are the
evidence.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from . import linear
from .linear import Weights
from .phrasebook import tags
from .text import pattern, tokens


class Act(StrEnum):
    """What a sentence does, said to the organiser of the event."""

    ATTEND = "attend"
    """Somebody is to come, is to be put on the list, or picks a session."""
    ABSENT = "absent"
    """Somebody is not coming, cancels, declines or drops a session."""
    ALTER = "alter"
    """A registration that stands is to be altered."""
    HEDGE = "hedge"
    """Perhaps; or on a condition; or later."""
    ASK = "ask"
    """A question that registers nobody."""
    OTHER = "other"


ACTS = tuple(Act)
PLAIN = 0.1
"""A clause this unlikely to do nothing does what it does whatever is said around it."""
_CUT = pattern("acts", "cut")
_BUT = pattern("acts", "but")
_SEEKS = re.compile(r"\b(?:hitt\w+|finner|ser|find|see)\s(?:\w+\s)?(?:ingen|inget|inga|inte|ej|no|any)\b")
"""Somebody looks for what she does not find: `Jag ser ingen tid för lunchen`."""
_WONDERS = pattern("acts", "wonders")
"""A question without its mark: `Jag undrar om lunch ingår den 7:e`."""
_WISHES = pattern("acts", "wishes")
_IN_PART = pattern("acts", "in_part")
_LETS_GO = pattern("acts", "lets_go")
"""Says outright that a place is given up."""
_IN_LINE = pattern("acts", "in_line")
"""What is to happen when there is no room leaves a registration as sure as it was."""
_DEFERS = pattern("acts", "defers")
"""Puts off what the sender does till something is known: `Säg till så anmäler jag mig`, `annars får det vänta`."""
_SIGNS_UP = pattern("acts", "signs_up")
"""Registers, and leaves no more than the day for later: `Jag anmäler mig, men vilken dag det blir vet jag sen`."""
_COMES = re.compile(r"\b(?:kommer|deltar|anmaler|skriv|coming|register|sign)\b|\?")
_HERSELF = re.compile(r"\b(?:mig|oss|me|us)\b")
_SHORT = {"o": "och", "kmr": "kommer", "ngn": "nagon", "ngt": "nagot", "oxa": "ocksa", "tja": "hej", "tjo": "hej"}
"""Words as they are written on a phone."""
_CONTRACTED = {"d": "would", "ll": "will", "m": "am", "re": "are", "ve": "have"}
"""What stands behind the apostrophe of `I'd`, in full: one way of writing to learn from."""

Masks = Sequence[tuple[int, int, str]]
"""Spans of a text, in order and apart, with what stands for them."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, by its span in the text, with the probability of each act."""

    start: int
    end: int
    weights: dict[Act, float]

    @property
    def act(self) -> Act:
        return max(self.weights, key=lambda act: self.weights[act])

    def p(self, *acts: Act) -> float:
        return sum(self.weights[act] for act in acts)


def masked(folded: str, start: int, end: int, masks: Masks) -> list[str]:
    """The words of a sentence, what is particular to an event or a person replaced by what it is."""
    found: list[str] = []
    inside = [m for m in masks if start <= m[0] < end]
    at = 0
    for token in tokens(folded[start:end]):
        begin = start + token.start()
        while at < len(inside) and inside[at][1] <= begin:
            at += 1
        if at < len(inside) and inside[at][0] <= begin:
            if not found or found[-1] != inside[at][2] or begin == inside[at][0]:
                found.append(inside[at][2])
            continue
        word = _SHORT.get(token.group(), token.group())
        # `anmälningsdag`, `anmälningslänk`: what is said of the registering of others registers nobody
        whole = "<n>" if word[0].isdigit() else "<about>" if word.startswith("anmalnings") else word
        first, mark, rest = whole.partition("'")
        found += (first, _CONTRACTED[rest]) if mark and rest in _CONTRACTED else (whole,)
    if "?" in folded[start:end]:
        found.append("?")
    return found


def features(words: Sequence[str]) -> list[str]:
    """What the model weighs: words, stems, pairs, pairs over one word, and the lexicon's lists that it has phrases of."""
    stems = [word[:5] if len(word) > 5 and word[0] != "<" else word for word in words]
    seen = ["^", *stems, "$"]
    found = ["bias", *words[:60]]
    found += [f"{stem}*" for stem, word in zip(stems[:60], words, strict=False) if stem != word]
    found += [f"{a} {b}" for a, b in itertools.pairwise(seen[:60])]
    found += [f"{a} _ {b}" for a, b in zip(seen[:60], seen[2:60], strict=False)]
    listed = sorted(tags(words[:60]) | tags(words[:60], "polarity"))
    found += [f"[{tag}]" for tag in listed]
    if "?" in words:
        found += [*(f"? [{tag}]" for tag in listed), f"? {seen[1]}", f"? {seen[1]} {seen[2]}"]
    return found


def weigh(words: Sequence[str], weights: Weights) -> dict[Act, float]:
    """The probability of each act for a sentence's masked words."""
    return linear.weigh(dict.fromkeys(features(words)), ACTS, weights)


def said(folded: str, spans: Iterable[tuple[int, int]], masks: Masks, weights: Weights) -> list[Said]:
    """Each sentence of a text with what it does."""
    return [
        Said(a, b, _heard(folded, a, b, masks, weights, weigh(words, weights)))
        for a, b in spans
        if (words := masked(folded, a, b, masks))
    ]


def _heard(
    folded: str, start: int, end: int, masks: Masks, weights: Weights, whole: dict[Act, float]
) -> dict[Act, float]:
    """What a long sentence does, where its talk drowns what one clause of it says plainly, or a perhaps is of other things."""
    if whole[Act.ATTEND] > 0.5 and _SEEKS.search(folded, start, end) and not _HERSELF.search(folded, start, end):
        return _turned(whole, Act.ASK, Act.ATTEND)
    wonders = _WONDERS.search(folded, start, end) and not _WISHES.search(folded, start, end)
    if wonders or _IN_PART.search(folded, start, end):
        return _turned(whole, Act.ASK, Act.ATTEND, Act.ABSENT, Act.OTHER)
    if _LETS_GO.search(folded, start, end) and not _COMES.search(folded, start, end):
        return _turned(whole, Act.ABSENT, Act.ATTEND)
    if whole[Act.HEDGE] > 0.3 and _SIGNS_UP.search(folded, start, end):
        return _turned(whole, Act.ATTEND, Act.HEDGE)
    if _DEFERS.search(folded, start, end):
        return _turned(whole, Act.HEDGE, Act.ATTEND, Act.ALTER, Act.OTHER)
    if _IN_LINE.search(folded, start, end):
        return _turned(whole, Act.OTHER, Act.HEDGE)
    if whole[Act.HEDGE] > 0.1 and (aside := _BUT.match(folded, start, end)):
        return weigh(masked(folded, aside.end(), end, masks), weights)
    cuts = [start, *(m.end() for m in _CUT.finditer(folded, start, end)), end]
    if whole[Act.OTHER] < 0.5 or len(cuts) < 3:
        return whole
    clauses = [masked(folded, a, b, masks) for a, b in itertools.pairwise(cuts)]
    clear = min((weigh(c, weights) for c in clauses if len(c) > 2), key=lambda p: p[Act.OTHER], default=whole)
    return {act: (whole[act] + 2 * clear[act]) / 3 for act in ACTS} if clear[Act.OTHER] < PLAIN else whole


def _turned(weights: dict[Act, float], to: Act, *wrong: Act) -> dict[Act, float]:
    """The weights of a sentence whose words tell that it does one thing where the model would have it do another."""
    return weights | dict.fromkeys(wrong, 0.0) | {to: weights[to] + sum(weights[act] for act in wrong)}
