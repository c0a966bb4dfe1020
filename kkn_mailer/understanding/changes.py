"""What a change alters: whose registration, and which of its days."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Collection, Sequence

from ..domain import Person
from ..folding import fold
from .acts import Act, Said
from .contacts import diet_in, phone_in
from .drafts import Draft, Value, finish
from .layout import Layout
from .names import NameMention, is_full
from .people import Assembler
from .people.diets import share_diets
from .phrasebook import tags_in
from .referents import ALL, SELF, Scope
from .sender import OTHERS
from .sessions import Phrase
from .substitutes import REGISTERED_US, everyone, substitute
from .text import pattern, phrases
from .units import UnitMention, settle

_MOVES_FROM = pattern("changes", "moves_from")
_MOVES_TO = pattern("changes", "moves_to")
JOINT = pattern("changes", "joint")
COMES_STILL = pattern("changes", "comes_still")
_BY_THE_WRITER = pattern("changes", "by_the_writer")
_PASSING = pattern("changes", "passing")
_RIGHT = pattern("changes", "right")
_WRONG = pattern("changes", "wrong")
_TOGETHER = pattern("changes", "together")
_LISTED = pattern("changes", "listed")
_INSTEAD = phrases("intent", "instead")
_REASON = pattern("changes", "reason")
_CLAUSE = re.compile(r"[.!?;\n]|,\s|\b(?:men|but|and|och)\s")
_MY = re.compile(r"\b(?:min|mitt|my) (?:plats|dag|anmalan|bokning|place|seat|spot|day|registration|booking)\b")
_APART = re.compile(r"\b(?:till|to|rather than|i ?stallet for|instead of|than)\b")
_STAYS_OFF = re.compile(r"\b(?:inte|ej|not)\s(?:\w+\s){0,2}\Z")


def changed(work: Assembler, booked: Collection[dt.date]) -> tuple[list[Draft], str | None, tuple[dt.date, ...]]:
    """The state asked for, a substitute's on the days confirmed so far; whose place she takes, by name; the days given up."""
    if found := substitute(work):
        taker, gone = found
        taker.dates = _days(work, moving=False) or tuple(sorted(booked))
        return [taker], gone, ()
    drafts = _renamed(work) or _subjects(work)
    wanted = _days(work, moving=not _only_adds(work))
    for draft in drafts:
        draft.dates = (_days_of(work, draft) if len(drafts) > 1 else ()) or wanted
    share_diets(work, drafts, Layout())
    for draft in drafts:
        if not draft.is_sender and not draft.phone.value:
            draft.phone = Value(phone_in(work.own))
    given_up = {day for p in told_days(work) for day in p.days if _is_booked(work, p) or day in work.choice.refused}
    return drafts, None, tuple(sorted(given_up.difference(*(draft.dates or () for draft in drafts))))


def as_people(drafts: Sequence[Draft], work: Assembler) -> tuple[Person, ...]:
    """Drafts as people of whom nothing is missing: what is not said stays as it was."""
    return tuple(finish(draft, work.tools.event, complete=False) for draft in drafts)


def together(work: Assembler, people: Sequence[Person]) -> bool:
    """Whether the sender, who names nobody, speaks for all whom she registered: `för oss båda`, `vi kan inte komma`."""
    alone = len(people) == 1 and people[0].is_sender and not people[0].replaces
    return alone and any(
        _TOGETHER.search(work.folded[s.start : s.end]) for s in work.said if s.p(Act.ABSENT, Act.ALTER) >= 0.35
    )


# ── whose registration ────────────────────────────────────────────────────────────────────────────────────────────


def _renamed(work: Assembler) -> list[Draft]:
    """The one whose name is put right, by the right name."""
    if work.put_right:
        return [_colleague(work, work.put_right)]
    told = []
    for mention in work.full_names:
        before = work.folded[max(0, mention.start - 90) : mention.start]
        told.append((2 if _RIGHT.search(before) else -1 if _WRONG.search(before) else 0, mention))
    hers = {fold(name): name for name in (work.letter.sender.name, work.sender_name.value) if name and is_full(name)}
    misspelt = [m for _, m in told if fold(m.name) not in hers and any(_alike(m.name, name) for name in hers.values())]
    if misspelt and (own := next((m for _, m in told if fold(m.name) in hers), None)):
        told = [(3, own)]
    good, best = max(told, key=lambda item: item[0], default=(0, None))
    wrong = bool(misspelt) or any(score < 0 for score, _ in told)
    if "rename" not in tags_in(f"{fold(work.letter.subject)} {work.folded}") and not (good > 0 and wrong):
        return []
    if best is None or good <= 0:
        if any(not work.same_person(mention.name) for _, mention in told):
            return []
        return [work.sender()]
    whole = [m for _, m in told if set(fold(best.name).split()) < set(fold(m.name).split())]
    best = whole[-1] if whole else best
    if work.same_person(best.name):
        draft = work.sender()
        draft.name = Value(best.name, best.name)
        return [draft]
    draft = _colleague(work, best)
    theirs = [
        f.what
        for f in work.unit_facts
        if isinstance(f.what, UnitMention) and OTHERS.search(work.folded[max(0, f.start - 60) : f.start])
    ]
    draft.unit = draft.unit if draft.unit.value else Value(settle(theirs))
    return [draft]


def _alike(one: str, other: str) -> bool:
    """Whether two full names begin alike, so that one may be the other put right."""
    a, b = fold(one).split(), fold(other).split()
    return a[0] == b[0] and a[-1][:2] == b[-1][:2]


def _colleague(work: Assembler, mention: NameMention) -> Draft:
    """One already registered, as the mail tells of her; the town of a session is not her employer."""
    draft = work.colleague(mention, work.sender(), Value(None))
    if any(fold(draft.municipality.words or "") == fold(s.city) for s in work.tools.event.sessions):
        draft.municipality = work.sender().municipality
    return draft


def _subjects(work: Assembler) -> list[Draft]:
    """Those whose registration is altered: whom the sentences that alter something are about, else the sender."""
    adds = _only_adds(work)
    altering = [s for s in work.said if s.p(Act.ALTER) >= 0.4 or (adds and _added_in(work.own[s.start : s.end]))] or [
        s for s in work.said if any(s.start <= f.start < s.end for f in work.day_facts)
    ]
    about = concerned(work, altering)
    herself = False
    for sentence in altering:
        told = [m.span() for m in _BY_THE_WRITER.finditer(work.folded, sentence.start, sentence.end)]
        mine = [one.start for one in work.spoken.within(sentence.start, sentence.end) if one.who == SELF]
        herself |= any(not any(x <= at < y for x, y in told) for at in mine)
        herself |= bool(_MY.search(work.folded, sentence.start, sentence.end))
    days = [f.owners for f in work.day_facts if any(s.start <= f.start < s.end for s in altering)]
    owners = {owner for owns in days for owner in owns}
    joined = any(JOINT.search(work.folded, s.start, s.end) for s in altering) and not owners.isdisjoint({SELF, ALL})
    if herself and about and all(any(who in owns for owns in days) for who in (SELF, *about)):
        return [work.sender(), *(_colleague(work, mention) for mention in about.values())]
    if not about or (herself and not joined and (owners.isdisjoint(about) or SELF in owners)):
        return [work.sender()]
    sender = [work.sender()] if herself and joined else []
    return [*sender, *(_colleague(work, mention) for mention in about.values())]


def concerned(work: Assembler, parts: Sequence[Said | Scope]) -> dict[str, NameMention]:
    """Whom parts of the text are about, by name or by a word that stands for one; not those named in passing."""
    known = {mention.name: mention for mention in everyone(work)}
    found: dict[str, NameMention] = {}
    for part in parts:
        for one in work.spoken.within(part.start, part.end):
            before, after = (
                work.folded[max(part.start, one.start - 40) : one.start],
                work.folded[one.end : one.end + 70],
            )
            passing = _PASSING.search(before) or COMES_STILL.match(after) or REGISTERED_US.match(after)
            if one.who in known and not (one.named and passing):
                found.setdefault(one.who, known[one.who])
            elif work.folded[one.start : one.end] in ("de", "dem", "they", "them"):
                found.update((name, m) for name, m in known.items() if m.full and m.end <= one.start)
    return found


def _only_adds(work: Assembler) -> bool:
    """Whether a need or a number is added to what stands, and nothing moved."""
    moves = any("instead" in work.tags(s) or _MOVES_TO.search(work.folded, s.start, s.end) for s in work.said)
    return not moves and _added_in(work.own)


def _added_in(text: str) -> bool:
    return bool(diet_in(text) or phone_in(text))


# ── which days ────────────────────────────────────────────────────────────────────────────────────────────────────


def told_days(work: Assembler) -> list[Phrase]:
    """The phrases that name one day each; `från Mora till Falun den 7:e` is two."""
    parts: list[Phrase] = []
    for phrase in work.choice.phrases:
        pieces = [[phrase.mentions[0]]]
        for before, mention in itertools.pairwise(phrase.mentions):
            gap = work.folded[before.end : mention.start]
            if phrase.clash and _REASON.match(gap):
                break
            if _APART.search(gap):
                pieces.append([])
            pieces[-1].append(mention)
        if sum(map(len, pieces)) == len(phrase.mentions) and len(pieces) == 1:
            parts.append(phrase)
            continue
        for piece in pieces:
            days = frozenset.intersection(*(frozenset(m.days) for m in piece))
            parts.append(Phrase(tuple(piece), days, not days))
    return [p for p in parts if p.settled and not p.foreign and not p.only_a_month]


def _lead(work: Assembler, phrase: Phrase) -> str:
    """The clause before a day."""
    near = max(0, phrase.start - 400)
    begin = max((m.end() for m in _CLAUSE.finditer(work.folded, near, phrase.start)), default=near)
    return work.folded[begin : phrase.start]


def _days_of(work: Assembler, draft: Draft) -> tuple[dt.date, ...]:
    """The day that is asked for one of several."""
    key = SELF if draft.is_sender else draft.name.value
    mine = [f.what for f in work.day_facts if key in f.owners and isinstance(f.what, Phrase)]
    days = {day for p in mine if p.settled and not _is_booked(work, p) for day in p.days}
    return tuple(days) if len(days) == 1 else ()


def _is_booked(work: Assembler, phrase: Phrase) -> bool:
    """Whether a day is the one that stands so far: in the clause that says so, or behind `from`."""
    lead = _lead(work, phrase)
    if _MOVES_FROM.search(lead):
        return True
    if _MOVES_TO.search(lead):
        return False
    sentence = work.act_at(phrase.start)
    end = min(phrase.end + 30, sentence.end if sentence else len(work.folded))
    registered = "registered" in tags_in(work.folded[phrase.start - len(lead) : end])
    return registered or bool(_STAYS_OFF.search(lead) or _LISTED.search(lead))


def _days(work: Assembler, moving: bool) -> tuple[dt.date, ...]:
    """The days a change is about: those asked for when it moves, else those that stand."""
    settled = told_days(work)
    booked = [p for p in settled if _is_booked(work, p)]
    left = {day for p in booked for day in p.days}
    new = [p for p in settled if p not in booked and not p.days <= left] or [p for p in settled if p not in booked]
    fresh = [p for p in new if not set(p.days) <= set(work.choice.refused)] or new
    asked = (
        [p for p in fresh if _MOVES_TO.search(_lead(work, p)) or _INSTEAD.match(work.folded, p.end + 1)]
        or [p for p in fresh if work.p(p.start, Act.ALTER) >= 0.5]
        or [p for p in fresh if work.p(p.start, Act.ALTER, Act.ATTEND) >= 0.35]
        or fresh
    )
    if moving and asked:
        days = {day for p in asked for day in p.days}
        return (
            tuple(sorted(days))
            if len(days) == 1 or all(len(p.days) > 1 for p in asked)
            else tuple(sorted(asked[-1].days))
        )
    said = {day for p in (booked or settled) for day in p.days}
    if not said and work.subject_choice.dates:
        return work.subject_choice.dates
    return tuple(sorted(said)) if len(said) == 1 or not moving else ()
