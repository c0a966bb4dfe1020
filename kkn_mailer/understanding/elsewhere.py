"""What people go to, and whether another than the organiser gives it: `Handelskammarens frukostmöte`, `the Tree Forum in Oslo`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..folding import fold
from .names import is_given
from .text import lexicon, municipalities, pattern, tokens, words
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

    words: tuple[str, ...]
    """Its folded words."""
    head: str
    """The end that tells a gathering; empty where it has only a name."""
    telling: tuple[str, ...]
    """The folded words that tell it from other gatherings: the first part of a compound, a name."""
    proper: bool
    """Whether it is written as a name: `Upphandlingsdagarna`."""
    english: bool
    giver: str
    about: tuple[str, ...]
    place: tuple[str, ...]
    """The folded words of the place that it is said to be held in."""


def given_by_another(texts: Sequence[str], mail: str, topic: Topic) -> bool | None:
    """Whether sentences of a mail, as they are written, go to what another than the organiser gives; None where they
    may. The event's own title anywhere else in the mail, which is folded, tells that they do not."""
    judged = [(goal, _is_another(goal, topic)) for text in texts for goal in goals(text)]
    strange = {word for goal, verdict in judged if verdict is not False for word in goal.words}
    if any(not strange.issuperset(named.group().split()) for named in topic.title.finditer(mail)):
        return False
    verdicts = {verdict for _, verdict in judged}
    return True if True in verdicts or any(map(_GIVEN.search, texts)) else None if None in verdicts else False


def goals(text: str) -> Iterator[Goal]:
    """What is gone to, after a verb of going or registering in the same clause."""
    for entry in _TO.finditer(text):
        verbs = list(_GOES.finditer(text, max(0, entry.start() - 60), entry.end()))
        if not verbs or _APART.search(text, verbs[-1].end(), max(entry.start(), verbs[-1].end())):
            continue
        named, end = _named(text, entry.end())
        word = next(filter(_head, named), "")
        to = entry[0].strip().lower()
        called = to in ("till", "to", "for") if verbs[-1]["registers"] else verbs[-1]["takes_part"] and to == "i"
        if not word and not (called and named and named[0][0].isupper() and not any(map(is_given, named))):
            continue
        if word or called:
            yield _goal(text, end, named, word, to in _ENGLISH)


def _goal(text: str, end: int, named: Sequence[str], word: str, english: bool) -> Goal:
    """What words of a text that end there call a goal; `word` is the one that tells a gathering, if any."""
    head, plain = fold(_head(word)), words("gatherings", "plain")
    lead = fold(word[: len(word) - len(head)]).rstrip("-")
    capitals = [fold(other) for other in named if other is not word and other[0].isupper()]
    telling = tuple(name for name in (lead, *capitals) if len(name) > 1 and name not in plain)
    place, about = _PLACE.match(text, end), _ABOUT.match(text, end)
    held = fold(place["place"]) if place else ""
    return Goal(
        tuple(map(fold, named)),
        "" if lead in plain else head,
        telling,
        bool(telling) and any(other[0].isupper() for other in named),
        english,
        _giver([other for other in named if other is not word], english),
        tuple(t.group() for t in tokens(fold(about["about"])) if len(t.group()) > 3) if about else (),
        tuple(held.split()) if place and (place["place"][0].isupper() or held in municipalities()) else (),
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
    small = words("gatherings", "ends")
    found: list[str] = []
    at = end = start
    while len(found) < _MOST_WORDS and (word := _WORD.match(text, at)):
        folded = fold(word.group())
        if folded in words("gatherings", "articles") and not found:
            end = word.end()
        elif folded[0].isdigit() or _DATED.fullmatch(folded) or (folded in small and not _joins(text, word, found)):
            break
        else:
            found.append(word.group())
            end = word.end()
        at = word.end() + 1
        if text[word.end() : at] != " ":
            break
    return found, end


def _joins(text: str, word: re.Match[str], found: Sequence[str]) -> bool:
    """Whether a small word stands within a name: `Folk och Kultur`."""
    within = bool(found) and found[-1][0].isupper() and text[word.end() + 1 : word.end() + 2].isupper()
    return within and fold(word.group()) in words("gatherings", "joins")


def _head(word: str) -> str:
    folded = word.lower()
    return next((head for head in _HEADS if folded.endswith(head)), "")


def _is_another(goal: Goal, topic: Topic) -> bool | None:
    """Whether it is plainly another's (True), may be (None), or nothing tells so."""
    if topic.held_in.issuperset(goal.words) or not (goal.head or topic.held_in.isdisjoint(goal.words)):
        return False
    ours = bool(topic.held_in.intersection(goal.place))
    unknown = not all(map(topic.knows, goal.telling))
    if goal.place and not ours:
        return True if goal.telling or goal.giver else None
    if goal.head in words("gatherings", "never") and not topic.vocabulary.intersection(goal.telling[:1]):
        return None
    if goal.giver and not _is_ours(goal.giver, topic):
        return True if (goal.about and not any(map(topic.knows, goal.about))) or "mote" in goal.head else None
    named = topic.title.search(" ".join(goal.words)) or all(map(topic.is_called, goal.telling))
    if not ours:
        return None if not named and (unknown or goal.proper) else False
    strange = goal.head in words("gatherings", "grand") or (unknown and not goal.english)
    return None if goal.proper and strange and not named else False


def _is_ours(giver: str, topic: Topic) -> bool:
    """Whether who gives it belongs to the event, or is no giver: `fredagens`, `årets`."""
    name = fold(giver)
    plain = giver[:1].islower() and giver[-2:] not in ("'s", "’s") and len(giver) < 9
    return bool(_TIMES.fullmatch(name)) or plain or bool({name, re.sub(r"[:'’]?s$", "", name)} & topic.ours)
