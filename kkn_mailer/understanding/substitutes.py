"""Who takes over a place, and whose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..folding import fold
from .acts import Act
from .drafts import Draft
from .names import NameMention, is_full, is_given, organiser_names
from .people import Assembler
from .people.sentences import same
from .text import pattern, phrases

_CUE = phrases("intent", "substitute")
_SEAT_TO = pattern("substitutes", "seat_to")
_NO_SUBSTITUTE = pattern("substitutes", "no_substitute")
_MINE = pattern("substitutes", "mine")
_I_TAKE = pattern("substitutes", "i_take")
PASSED_ON = pattern("substitutes", "passed_on")
_LEAVES_BEFORE = pattern("substitutes", "leaves_before")
_LEAVES_AFTER = pattern("substitutes", "leaves_after")
_TAKES_BEFORE = pattern("substitutes", "takes_before")
_TAKES_AFTER = pattern("substitutes", "takes_after")
_GETS_BEFORE = pattern("substitutes", "gets_before")
_GETS_AFTER = pattern("substitutes", "gets_after")
_ANOTHER_GONE = pattern("substitutes", "another_gone")
_REGISTERED_BY = re.compile(r"\b(?:som|who|whom|that) (?:jag|vi|i|we)\b|\banmald\w*\b")
_STANDS = pattern("absence", "stands")
NEVER = pattern("substitutes", "never_registered")
_GREETED = re.compile(r"(?:^|\n)\s*(?:hej|hejsan|hi|hello|dear|basta|kara|tjena|hallo|god \w+) (?:\w+ )?\Z")
REGISTERED_US = pattern("substitutes", "registered_us")
_KEEPS = pattern("intent", "keeps")


class _Signs(NamedTuple):
    """How much tells that one who is named takes a place, and that she leaves one."""

    takes: int
    leaves: int


def everyone(work: Assembler) -> Iterator[NameMention]:
    """Everybody named in the text besides the sender and the organiser, full names and first names alone."""
    organiser = organiser_names(work.tools.event)
    places = tuple(fold(session.city) for session in work.tools.event.sessions)
    for mention in sorted([*work.full_names, *work.first_names], key=lambda m: m.start):
        before = work.folded[max(0, mention.start - 40) : mention.start]
        if work.is_sender(mention.name) or set(fold(mention.name).split()) <= organiser or _GREETED.search(before):
            continue
        of_a_place = not mention.full and fold(mention.name).startswith(places) and not is_given(mention.name)
        if (mention.full or fold(mention.name) not in work.tokens) and not of_a_place:
            yield mention


def substitute(work: Assembler) -> tuple[Draft, str | None] | None:
    """Who takes over a place, and whose; None where nobody does."""
    folded = _NO_SUBSTITUTE.sub(lambda m: " " * len(m.group()), work.folded)
    cue = bool(_CUE.search(folded) or _CUE.search(fold(work.subject)))
    mine = bool(_MINE.search(folded) or PASSED_ON.search(folded))
    if not mine and (whose := takes_over(work)):
        return work.sender(), whose
    named = list(everyone(work))
    if taker := handed_over(work, named):
        return work.colleague(taker, work.sender(), work.common_unit()), work.sender_name.value
    left = any(_LEAVES_BEFORE.search(folded[max(0, m.start - 50) : m.start]) for m in named)
    if not (cue or mine or left or _SEAT_TO.search(folded)):
        return None
    signs = _signs(folded, named)
    ranked = sorted(signs, key=lambda name: signs[name].leaves - signs[name].takes)
    if not ranked:
        return (Draft(municipality=work.sender().municipality), work.sender_name.value) if cue and mine else None
    best = signs[ranked[0]]
    if best.takes <= best.leaves or (not cue and best.takes < 3):
        return None
    mention = next(m for m in named if m.name == ranked[0])
    others = (name for name in reversed(ranked[1:]) if signs[name].leaves > 0)
    gone = next(others, ranked[1] if len(ranked) == 2 else None)
    whose = work.sender_name.value if mine or gone is None else re.sub(r"['’]s$", "", gone)
    return work.colleague(mention, work.sender(), work.common_unit()), whose


def is_replaced(work: Assembler) -> bool:
    """Whether a sentence says who takes the sender's place: `Jag ligger sjuk, så Kim Ek åker i mitt ställe`."""
    told = [s for s in work.said if "substitute" in work.tags(s) and _MINE.search(work.folded, s.start, s.end)]
    found = substitute(work) if told else None
    taker = found[0].name.value if found else None
    return any(m.name == taker and s.start <= m.start < s.end for m in everyone(work) for s in told)


def _signs(folded: str, named: list[NameMention]) -> dict[str, _Signs]:
    """Those named, by the fullest form of their names, with what the words around say of each."""
    found: dict[str, _Signs] = {}
    for mention in named:
        before, after = folded[max(0, mention.start - 50) : mention.start], folded[mention.end : mention.end + 130]
        key = next((name for name in found if same(name, mention.name)), mention.name)
        if is_full(mention.name) and key != mention.name:
            found[mention.name] = found.pop(key)
            key = mention.name
        clause = re.split(r"[.!?\n]", after)[0]
        takes = 2 * bool(_TAKES_BEFORE.search(before)) + 3 * bool(_TAKES_AFTER.match(clause)) + is_full(mention.name)
        takes = 0 if _KEEPS.search(clause) else takes
        leaves = 3 * bool(_LEAVES_BEFORE.search(before)) + 3 * bool(_LEAVES_AFTER.match(after))
        so_far = found.get(key, _Signs(0, 0))
        found[key] = _Signs(so_far.takes + takes, so_far.leaves + leaves)
    return found


def handed_over(work: Assembler, named: Sequence[NameMention]) -> NameMention | None:
    """The only one named, where she gets the place that the sender gives up: `Jag måste avboka. Kim Ek tar den.`"""
    if not named or any(not same(m.name, named[0].name) for m in named) or _ANOTHER_GONE.search(work.folded):
        return None
    if not any(s.p(Act.ABSENT) >= 0.35 or work.tags(s) & {"cancel", "not_coming"} for s in work.said):
        return None
    for mention in named:
        before, after = work.before(mention.start, 90), work.folded[mention.end : mention.end + 150]
        clause = re.split(r"[.!?\n]", after)[0]
        if (
            not _STANDS.search(clause)
            and not _REGISTERED_BY.search(clause)
            and (_GETS_AFTER.match(clause) or _GETS_BEFORE.search(before))
        ):
            return max(named, key=lambda m: len(m.name))
    return None


def takes_over(work: Assembler) -> str | None:
    """Whose registration the sender takes over, by name: `Kim Ek är sjuk, jag går i hennes ställe`."""
    return None if NEVER.search(work.folded) else in_whose_place(work)


def in_whose_place(work: Assembler) -> str | None:
    """In whose place the sender comes, who may have none in the list."""
    if not (taken := _I_TAKE.search(work.folded)):
        return None
    told = [m for m in everyone(work) if not REGISTERED_US.match(work.folded[m.end : m.end + 70])]
    whom = [m for m in told if m.start == taken.start("whom") or (not taken["whom"] and m.start < taken.end())]
    return whom[-1].name if len({m.name.split()[0] for m in whom}) == 1 else None
