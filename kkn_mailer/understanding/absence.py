"""What a cancellation takes away: whose registration, and which of its days."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from ..domain import Registration, Status
from ..folding import fold
from .acts import Act, Said
from .changes import COMES_STILL, JOINT, concerned, told_days
from .drafts import Draft, Value
from .intent import SOME_STAY
from .names import NameMention
from .people import Assembler
from .people.herself import STAYS
from .phrasebook import tags_in
from .sessions import Form, Phrase
from .text import pattern

_REST_COME = pattern("absence", "rest_come")
_HANDLES_OTHERS = pattern("absence", "handles_others")
STANDS = pattern("absence", "stands")
_I_STAY = pattern("absence", "i_stay")
_REMOVES_US = pattern("absence", "removes_us")
_LISTED_SELF = pattern("absence", "listed_self")
_PART = re.compile(r"[,;.:(!?]\s|\n\n|\b(?:men|but)\b|\bsa\s(?=\w+ (?:jag|vi)\b)")
_KEEPS = pattern("intent", "keeps")
_CLAUSE = re.compile(r"[,;.:(]|\b(?:men|but|och|and)\b")
_REPLACED = re.compile(r"\bersatt\w*|\b(?:substitute|replacement)\b")
_IS_ABOUT = re.compile(r"[^.!?]{0,20}\b(?:galler|avser|concerns?|applies to|namely|dvs)\b")
_IN_LINE = re.compile(r"\b(?:reserv\w*|vantelist\w*|kon|koplats\w*|queue|wait(?:ing)? ?list|in line)\b")


def absent(work: Assembler) -> list[Draft]:
    """Who is not coming: those named as absent, the sender, or both."""
    named = _named_absent(work)
    drafts = [work.colleague(m, work.sender(), Value(None)) for m in named]
    if not named or _absent_too(work, named):
        drafts.insert(0, work.sender())
    days = _cancelled_days(work)
    for draft in drafts:
        draft.dates = days
    return drafts


def _named_absent(work: Assembler) -> list[NameMention]:
    declines = [
        s
        for s in work.said
        if s.p(Act.ABSENT) >= 0.35 or (s.p(Act.ATTEND) < 0.5 and work.tags(s) & {"not_coming", "cancel"})
    ] or sorted(work.said, key=lambda s: -s.p(Act.ABSENT, Act.ALTER))[:1]
    first = min((s.start for s in declines), default=0)
    listed = [s for s in work.spoken.scopes if s.start > first and _IS_ABOUT.match(work.folded[s.start : s.end])]
    items = (s for s in work.spoken.scopes if s.start > first and s.item and s.end - s.start < 60)
    listed += [s for s in items if work.p(s.start, Act.ATTEND) < 0.5]
    return list(concerned(work, [*declines, *listed]).values())


def _absent_too(work: Assembler, named: Sequence[NameMention]) -> bool:
    """Whether the sender is not coming either, though others are named."""
    if any(s.p(Act.ATTEND) > 0.5 and _I_STAY.search(work.folded, s.start, s.end) for s in work.said):
        return False
    return any(_says_so(work, s, named) for s in work.said) or bool(_LISTED_SELF.search(work.folded))


def _says_so(work: Assembler, sentence: Said, named: Sequence[NameMention]) -> bool:
    """Whether a sentence takes the sender away: beside others, as an object, or as a subject that does not come."""
    if sentence.p(Act.ABSENT, Act.ALTER) < 0.35 and not work.tags(sentence) & {"not_coming", "cancel"}:
        return False
    part = work.folded[sentence.start : sentence.end]
    if any(not COMES_STILL.match(part[m.end() :]) for m in JOINT.finditer(part)) or _REMOVES_US.search(part):
        return True
    if sentence.p(Act.ABSENT) < 0.5 or any(sentence.start <= m.start < sentence.end for m in named):
        return False
    subject = re.search(r"\b(?:jag|i|vi|we)\b", part)
    if not subject or (subject.group() == "i" and work.own[sentence.start + subject.start()] != "I"):
        return False
    clause = _CLAUSE.split(part[subject.start() :])[0]
    misses = STAYS.search(clause) or tags_in(clause) & {"not_coming", "cancel"}
    return (
        bool(misses) and not _REST_COME.search(part) and not _HANDLES_OTHERS.search(part) and not _REPLACED.search(part)
    )


def _cancelled_days(work: Assembler) -> tuple[dt.date, ...]:
    """The days of what cancels; the ones kept ("fredagen står fast") left out."""
    stays: set[dt.date] = set()
    kept: set[dt.date] = set()
    gone: set[dt.date] = set()
    declined: set[dt.date] = set()
    refused = set(work.choice.refused)
    for phrase in told_days(work):
        sentence = work.act_at(phrase.start)
        if phrase.days <= refused:
            gone |= phrase.days
            declined |= phrase.days
        elif STANDS.search(_clause(work, phrase)) or (
            len(phrase.days) == 1 and refused and phrase.days <= set(work.choice.dates)
        ):
            stays |= phrase.days
        elif sentence and sentence.p(Act.ATTEND) > 0.6 and phrase.days.isdisjoint(refused):
            kept |= phrase.days
        else:
            gone |= phrase.days
            declined |= phrase.days if sentence and sentence.p(Act.ABSENT) >= 0.35 else set()
    gone = declined or gone
    gone = (gone & refused) or gone if len(gone) > 1 and refused and kept.union(stays, work.choice.dates) else gone
    return tuple(sorted((gone - stays) or (set(work.subject_choice.dates) - kept - stays)))


def _clause(work: Assembler, phrase: Phrase) -> str:
    """The words around a day, to the next comma or `men`."""
    near = max(0, phrase.start - 300)
    begin = max((m.end() for m in _PART.finditer(work.folded, near, phrase.start)), default=near)
    end = _PART.search(work.folded, phrase.end)
    return work.folded[begin : end.start() if end else len(work.folded)]


def unclear_day(work: Assembler) -> bool:
    """Whether a cancellation is of a day that is none of the event's; not where the day is in a reason with a subject of
    its own: `jag går i pension den 1 april`."""
    for phrase in work.choice.phrases:
        if phrase.foreign or not phrase.clash or phrase.forms == {Form.ALL}:
            continue
        pieces = re.split(r"\b(?:och|and)\b", _clause(work, phrase))
        clause = next((piece for piece in pieces if work.folded[phrase.start : phrase.end] in piece), pieces[0])
        declines = tags_in(clause) & {"not_coming", "cancel"} or "negative" in tags_in(clause, "polarity")
        if declines or not re.search(r"\b(?:jag|vi|min|mitt|var|i|i'm|we|my|our|\w+en)\b", clause):
            return True
    return not _named_absent(work) and bool(_KEEPS.search(work.folded))


def of_those(work: Assembler, draft: Draft, rows: Sequence[Registration]) -> tuple[dt.date, ...] | None:
    """Which of the days that somebody has a cancellation without dates is about: the one she waits for, the one whose
    place is named; () is all of them. None where some stay and it is not clear which."""
    live = [row for row in rows if row.status is not Status.CANCELLED and row.date]
    hers = [row for row in live if fold(row.name or "").split()[:1] == fold(draft.name.value or "").split()[:1]] or live
    every = {row.date for row in hers}
    if draft.dates or len(every) < 2:
        return (
            None
            if len(every) > 1 and every.issubset(draft.dates or ()) and SOME_STAY.search(work.folded)
            else draft.dates
        )
    told = " ".join(work.folded[s.start : s.end] for s in work.said if s.p(Act.ABSENT) >= 0.35)
    line = [row.date for row in hers if row.date and row.status is Status.WAITLISTED]
    if line and _IN_LINE.search(told):
        return tuple(line)
    days = {row.date for row in hers}
    for session in work.tools.event.sessions:
        words_ = "|".join(re.escape(fold(word)) for word in (session.city, session.venue, *session.aliases))
        if not re.search(rf"\b(?:{words_})(?!s? kommun)", told):
            days.discard(session.date)
    if len(days) == 1:
        return tuple(day for day in days if day)
    return None if SOME_STAY.search(work.folded) or STANDS.search(work.folded) else ()
