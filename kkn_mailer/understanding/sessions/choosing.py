"""What the phrases of a text choose together, by what its clauses say of each."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from ..text import pattern, phrases, sentences
from .joining import OR, UNION
from .model import Attends, Choice, Form, Phrase
from .stance import FALLBACK, NOT_CHOSEN, PREFER, Stance, clause_of, stance

_ANY = phrases("polarity", "indifferent").pattern
_INDIFFERENT = re.compile(rf"(?<!you )(?:{_ANY})(?! (?:\w+ ){{0,2}}(?:inte|ej|not)\b)")
_HANDED_OVER = pattern("sessions", "handed_over")
_CORRECT = phrases("polarity", "correct")
_ALSO = phrases("polarity", "also")
_EATS = re.compile(rf"{pattern('diet', 'need').pattern}|\b(?:ater|eats?|mat(?:en)?|food|lunch\w*|kaffe\w*|coffee)\b")
_PICKED = pattern("sessions", "picked")
_INVITATION = pattern("sessions", "invitation")
_SPARE = pattern("sessions", "spare")
_MEANT = pattern("sessions", "meant")
_WHEN_FULL = pattern("sessions", "when_full")
_UNSURE = pattern("sessions", "unsure")
_NO = re.compile(r"\W*(?:nej|no|na)\W+(?:(?:pa|i|den|det|on|in|the)\s){0,2}$")
_ALSO_ON = re.compile(r"\b(?:aven|ocksa|dessutom|also|too|plus)\s(?:(?:pa|on|till|den|the|garna|att|to)\s){0,3}$")
_NO_CORRECTION = re.compile(rf"{UNION.pattern}|{FALLBACK.pattern}|\b(?:om|ifall|if|in case)\b")
_TURN = re.compile(r"\b(?:men|but|dock|however)\b")
_NEXT_THOUGHT = re.compile(r"[.,;!\n]|\b(?:annars|men|else|otherwise|och|eller|or)\b")


def settle(folded: str, found: Sequence[Phrase], attends: Attends | None) -> Choice:
    """What a text chooses; `found` are all phrases in it."""
    ours = [phrase for phrase in found if not phrase.foreign]
    if not ours:
        return Choice(phrases=tuple(found), foreign=bool(found))
    stances = {p.start: stance(folded, p, found, attends) for p in ours}
    no = [
        p
        for p in ours
        if stances[p.start] is Stance.REFUSED and (len(p.days) == 1 or p.settled or p.forms == {Form.CITY})
    ]
    refused = {day for p in no for day in p.days}
    possible = [p for p in ours if stances[p.start] not in NOT_CHOSEN and not p.only_a_month]
    possible = _besides_the_invited(folded, ours, possible)
    possible = [p for p in possible if stances[p.start] is not Stance.HELD] or possible
    possible = [replace(p, days=p.days - refused) if refused and refused < p.days else p for p in possible]
    possible = _once_for_both(_meant(folded, _first_hand(folded, possible), attends))
    how = Stance.WANTED if any(stances[p.start] is Stance.WANTED for p in possible) else Stance.LIKELY
    wanted = [p for p in possible if stances[p.start] is how]
    if wanted and len(wanted) < len(possible):
        wanted = [p for p in possible if p in wanted or _also_on(folded, p)]
        wanted = _with_alternatives(folded, wanted, possible)
    picked = wanted or possible
    unsure = any(_UNSURE.search(folded, max(0, p.start - 60), p.start) for p in picked)
    choice = (None if unsure else _choose(folded, picked)) if picked else []
    if not choice:
        return Choice(open=choice is None, refused=tuple(sorted(refused)), phrases=tuple(found))
    chosen = tuple(sorted({day for p in choice for day in p.days} - (refused if len(choice) > 1 else set())))
    return Choice(chosen, not chosen, tuple(sorted(refused - set(chosen))), tuple(found), tuple(choice))


def among(folded: str, chosen: Sequence[Phrase]) -> Choice:
    """What some accepted phrases choose together, as if they were all there is."""
    picked = _choose(folded, _after_correction(folded, _first_hand(folded, chosen)), alone=False)
    if picked is None:
        return Choice(open=True, phrases=tuple(chosen))
    return Choice(tuple(sorted({day for p in picked for day in p.days})), phrases=tuple(chosen), chosen=tuple(picked))


# ── which are meant ───────────────────────────────────────────────────────────────────────────────────────────────


def _also_on(folded: str, phrase: Phrase) -> bool:
    return bool(_ALSO_ON.search(folded[max(0, phrase.start - 26) : phrase.start]))


def _besides_the_invited(folded: str, ours: Sequence[Phrase], possible: list[Phrase]) -> list[Phrase]:
    """The days besides those that are the invitation's: `tack för inbjudan till den 12 och 14 februari`."""
    invited: list[Phrase] = []
    for before, phrase in zip([None, *ours], ours, strict=False):
        union = before and before in invited and UNION.fullmatch(folded[before.end : phrase.start].strip())
        if union or _INVITATION.search(folded[max(0, phrase.start - 60) : phrase.start]):
            invited.append(phrase)
    own = [p for p in possible if p not in invited]
    return possible if not own or any(_also_on(folded, p) for p in possible) else own


def _first_hand(folded: str, possible: Sequence[Phrase]) -> list[Phrase]:
    """The days that are not only for want of another: `annars den 14:e`, `den 14:e om det är fullt`."""
    spare = [p for p in possible if _is_fallback(folded, p, possible) or _SPARE.match(folded[p.end : p.end + 50])]
    return [p for p in possible if p not in spare or len(spare) == len(possible)]


def _is_fallback(folded: str, phrase: Phrase, picked: Sequence[Phrase]) -> bool:
    left = max((p.end for p in picked if p.end <= phrase.start), default=max(0, phrase.start - 60))
    lead = re.split(r"[.!?]\s", folded[left : phrase.start])[-1]
    return bool(FALLBACK.search(lead) or _WHEN_FULL.search(lead))


def _meant(folded: str, possible: list[Phrase], attends: Attends | None) -> list[Phrase]:
    """What stands behind a correction; else what is named where somebody says that she comes."""
    corrected = _after_correction(folded, possible)
    if len(corrected) == len(possible) and attends and (meant := [p for p in possible if attends(p.start) >= 0.5]):
        return _with_alternatives(folded, meant, possible)
    return corrected


def _after_correction(folded: str, picked: Sequence[Phrase]) -> list[Phrase]:
    """A correction between two phrases drops what stands before it."""
    for index in range(len(picked) - 1, 0, -1):
        phrase = picked[index]
        gap, tail = folded[picked[index - 1].end : phrase.start], folded[phrase.end : phrase.end + 40]
        corrects = (_CORRECT.search(gap) or _NO.match(gap)) and not _ALSO_ON.search(gap)
        if corrects or (_MEANT.match(tail) and not _NO_CORRECTION.search(gap)):
            return list(picked[index:])
    return list(picked)


def _with_alternatives(folded: str, kept: Sequence[Phrase], possible: Sequence[Phrase]) -> list[Phrase]:
    """The kept ones and what is said as an alternative to them: `Jag kommer den 12:e. Eller den 14:e`."""
    pairs = itertools.pairwise(possible)
    ors = [b for a, b in pairs if a in kept and OR.match(folded[a.end : b.start].lstrip(" .!,"))]
    return [p for p in possible if p in kept or p in ors]


def _once_for_both(possible: list[Phrase]) -> list[Phrase]:
    """The days without a `båda` that only takes up two that were named: `den 3:e och den 9:e, Solna båda gångerna`."""
    named = {day for p in possible if p.settled for day in p.days}
    vague = [p for p in possible if not p.days and all(m.form is Form.ALL for m in p.mentions)]
    return [p for p in possible if p not in vague] if len(named) == 2 else possible


# ── which are chosen ──────────────────────────────────────────────────────────────────────────────────────────────


def _choose(folded: str, picked: Sequence[Phrase], alone: bool = True) -> list[Phrase] | None:
    """The phrases that are chosen, or None while the choice is open; `alone`: the whole text is about them."""
    several = len({p.days for p in picked}) > 1
    preferred = [p for p in picked if _prefers(folded, p, picked)]
    if several and preferred:
        return preferred if _one_day(preferred) else None
    picks = [p for p in picked if _PICKED.search(folded[slice(*clause_of(folded, p)[:2])])]
    if several and _one_day(picks):
        return picks
    spans = sentences(folded)
    begin = min((b for b, e in spans if b <= picked[0].start < e), default=0)
    end = max((e for b, e in spans if b <= picked[-1].start < e), default=len(folded))
    about = [(a, b) for a, b in spans if (begin < b and a < end) or (alone and not _EATS.search(folded, a, b))]
    wide = len(frozenset().union(*(p.days for p in picked))) > 1
    if any(_is_open(folded, a, b, picked) or (wide and _HANDED_OVER.search(folded, a, b)) for a, b in about):
        return None
    return _all_of_them(folded, picked, folded[begin:end]) if several else list(picked) if picked[0].settled else None


def _is_open(folded: str, begin: int, end: int, picked: Sequence[Phrase]) -> bool:
    """Whether a sentence says that any day will do, and does not go on to a day: `kan vilken som helst men tar den 6:e`."""
    any_day = _INDIFFERENT.search(folded, begin, end)
    turn = any_day and _TURN.search(folded, any_day.end(), end)
    return bool(any_day and not (turn and any(p.settled and turn.end() <= p.start < end for p in picked)))


def _one_day(chosen: Sequence[Phrase]) -> bool:
    return len({p.days for p in chosen}) == 1 and all(p.settled for p in chosen)


def _all_of_them(folded: str, picked: Sequence[Phrase], around: str) -> list[Phrase] | None:
    """Several days, where they are listed and not alternatives; a vague one is told by a firm one within it."""
    gaps = [folded[a.end : b.start] for a, b in itertools.pairwise(picked)]
    vague = [p for p in picked if not p.settled]
    if any(OR.search(gap) and len(gap) < 60 for gap in gaps) or any(p.clash for p in vague):
        return None
    firm = [p for p in picked if p.settled]
    if vague:
        kept = [p for p in firm if all(p.days <= v.days for v in vague)]
        return kept if len({p.days for p in kept}) == 1 else None
    return firm if all(map(_listed, gaps)) or _ALSO.search(around) else None


def _listed(gap: str) -> bool:
    return bool(UNION.search(gap)) or len(gap.split()) <= 4 or gap.count("\n") == 1


def _prefers(folded: str, phrase: Phrase, picked: Sequence[Phrase]) -> bool:
    """Whether a word of preference belongs to this phrase rather than to another."""
    left = max((p.end for p in picked if p.end <= phrase.start), default=max(0, phrase.start - 80))
    right = min((p.start for p in picked if p.start >= phrase.end), default=min(len(folded), phrase.end + 40))
    before = re.split(r"[.!?;]\s", folded[left : phrase.start])[-1]
    after = _NEXT_THOUGHT.split(folded[phrase.end : right])[0]
    return bool(PREFER.search(before) or PREFER.search(after)) and not FALLBACK.search(before)
