"""What people go to, and whether another than the organiser gives it: `Handelskammarens frukostmöte`, `the Tree Forum in Oslo`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..folding import fold
from .names import is_given
from .text import lexicon, names_listed, pattern, tokens, words
from .topic import Topic

_GIVEN = pattern("elsewhere", "given")
_GOES = pattern("elsewhere", "goes")
_TO = pattern("elsewhere", "to")
_APART = re.compile(r"[.,;:!?\n]\s")
_ABOUT = pattern("elsewhere", "about")
_PLACE = pattern("elsewhere", "place")
_DATED = pattern("elsewhere", "dated")
_GIVER = pattern("elsewhere", "giver")
_TIMES = pattern("elsewhere", "times")
_WORD = re.compile(r"[\w&]+(?:['’:-]\w+)*")
_HEADS = sorted({w for k in ("heads", "given", "never") for w in lexicon()["gatherings"][k]}, key=len, reverse=True)
_ENGLISH = {"to", "for", "at", "in", "on", "attend", "join"}
_MOST_WORDS = 7


@dataclass(frozen=True, slots=True)
class Goal:
    """What somebody goes to, as a mail calls it."""

    head: str
    """The word for a gathering; empty where it has only a name."""
    telling: tuple[str, ...]
    """The folded words that tell it from other gatherings: the first part of a compound, a name."""
    giver: str
    about: tuple[str, ...]
    place: tuple[str, ...]
    """The folded words of the place that it is said to be held in."""


def given_by_another(text: str, topic: Topic) -> bool | None:
    """Whether a sentence, as it is written, goes to what another than the organiser gives; None where it may be."""
    if _GIVEN.search(text):
        return True
    verdicts = [_is_another(goal, topic) for goal in goals(text)]
    return True if True in verdicts else None if None in verdicts else False


def goals(text: str) -> Iterator[Goal]:
    """What is gone to, after a verb of going or registering in the same clause."""
    for entry in _TO.finditer(text):
        verbs = [verb for verb in _GOES.finditer(text, max(0, entry.start() - 60), entry.end())]
        if not verbs or _APART.search(text, verbs[-1].end(), max(entry.start(), verbs[-1].end())):
            continue
        named, end = _named(text, entry.end())
        heads = [(word, head) for word in named if (head := _head(word))]
        called = bool(verbs[-1]["registers"]) and entry[0].strip() in ("till", "to", "for")
        if not heads and not (called and named and named[0][0].isupper() and not any(map(is_given, named))):
            continue
        word, head = heads[-1] if heads else ("", "")
        lead = fold(word[: len(word) - len(head)]).rstrip("-")
        if lead in words("gatherings", "plain") and head in lexicon()["gatherings"]["never"]:
            continue
        place, about = _PLACE.match(text, end), _ABOUT.match(text, end)
        held = fold(place["place"]) if place else ""
        yield Goal(
            head,
            tuple(
                name
                for name in (lead, *(fold(other) for other in named if other is not word and other[0].isupper()))
                if len(name) > 1 and name not in words("gatherings", "plain")
            ),
            _giver([other for other in named if other is not word], entry[0].strip().lower() in _ENGLISH),
            tuple(t.group() for t in tokens(fold(about["about"]))) if about else (),
            tuple(held.split()) if place and (place["place"][0].isupper() or held in _towns()) else (),
        )


def _giver(named: Sequence[str], english: bool) -> str:
    """The genitive among the words of a goal; an English one has an apostrophe."""
    return next(
        (
            giver
            for giver in named
            if _GIVER.fullmatch(giver) and (not english or giver[-2:] in ("'s", "’s", "s'", "s’"))
        ),
        "",
    )


def _named(text: str, start: int) -> tuple[list[str], int]:
    """The words of what is gone to, and where they end: before a small word, a day or a mark."""
    small, joins = words("gatherings", "ends"), words("gatherings", "joins")
    found: list[str] = []
    at = end = start
    while len(found) < _MOST_WORDS and (word := _WORD.match(text, at)):
        folded = fold(word.group())
        if folded in words("gatherings", "articles") and not found:
            end = word.end()
        elif folded in small and not (
            folded in joins and found and found[-1][0].isupper() and text[word.end() + 1 : word.end() + 2].isupper()
        ):
            break
        elif folded[0].isdigit() or _DATED.fullmatch(folded):
            break
        else:
            found.append(word.group())
            end = word.end()
        at = word.end() + 1
        if text[word.end() : at] != " ":
            break
    return found, end


def _head(word: str) -> str:
    folded = word.lower()
    return next((head for head in _HEADS if folded.endswith(head)), "")


def _towns() -> frozenset[str]:
    return frozenset(fold(name) for name in names_listed("municipalities.txt"))


def _is_another(goal: Goal, topic: Topic) -> bool | None:
    """Whether it is plainly another's (True), may be (None), or nothing tells so."""
    ours = bool(topic.held_in.intersection(goal.place))
    strange = bool(goal.telling) and not all(map(topic.knows, goal.telling))
    if goal.place and not ours:
        return True if goal.telling or goal.giver else None
    if goal.head in lexicon()["gatherings"]["never"] and not (goal.telling and goal.telling[0] in topic.vocabulary):
        return None
    if goal.giver and not _is_ours(goal.giver, topic):
        return True if (goal.about and not any(map(topic.knows, goal.about))) or "möte" in goal.head else None
    return None if strange and not ours else False


def _is_ours(giver: str, topic: Topic) -> bool:
    """Whether who gives it belongs to the event, or is no giver: `fredagens`, `årets`."""
    name = fold(giver)
    plain = giver[:1].islower() and giver[-2:] not in ("'s", "’s") and len(giver) < 9
    return bool(_TIMES.fullmatch(name)) or plain or bool({name, re.sub(r"[:'’]?s$", "", name)} & topic.ours)
