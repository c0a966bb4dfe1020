"""Whether the clause that a day stands in wants it, refuses it, or only names it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto
from functools import lru_cache

from ..text import pattern, phrases, sentences
from .joining import OR, UNION
from .model import Attends, Form, Phrase

NEGATIVE = phrases("polarity", "negative", "busy")
_REFUSES = re.compile(rf"(?:{phrases('polarity', 'negative').pattern})\s(?:den\s|the\s)?$")
_BUSY = phrases("polarity", "busy")
PREFER = phrases("polarity", "prefer")
FALLBACK = phrases("polarity", "fallback")
_INSTEAD = phrases("intent", "instead")
_ATTEND = phrases("intent", "register", "attend", "presence")
_REGISTER = phrases("intent", "register")
_COMES = pattern("sessions", "comes")
_INSTEAD_OF = pattern("sessions", "instead_of")
_LIVES = pattern("sessions", "lives")
_PAST = pattern("sessions", "past")
_CLAUSE = pattern("sessions", "clause")
_BOOKED = pattern("sessions", "booked")
_NOT_ONLY = pattern("sessions", "not_only")
WISHED = pattern("sessions", "wished")
_PLANNED = pattern("sessions", "planned")
_OFFERED = pattern("sessions", "offered")
_ONE_DOES = pattern("sessions", "one_does")
_ELSEWHERE = pattern("sessions", "elsewhere")
_GOING = pattern("sessions", "going")
_ANSWER = pattern("sessions", "answer")
_FILLED = pattern("sessions", "filled")
_TAKEN_UP = pattern("sessions", "taken_up")
_STRUCK = pattern("sessions", "struck")
_ALL_BUT_IT = pattern("sessions", "all_but_it")
_APPROVES = pattern("sessions", "approves")
_TURNS = pattern("sessions", "turns")
_MOVED_TO = pattern("sessions", "moved_to")
_MOVED_FROM = re.compile(r"\b(?:fran|from)\s(?:den |the |onsdag\w* |fredag\w* |dagen i )?$")
_FROM = re.compile(r"\b(?:fran|from)\s$")
_MOVES = re.compile(
    r"\b(?:byt|flytta|andra|ombok|stryk|avbok|avanmal|ta bort|mov|switch|swap|chang|remove|take (?:me|us) off)"
)
_IS = pattern("sessions", "is")
_BECAUSE = re.compile(r"(?:eftersom|da jag|for att|because|since|although|trots)\s")
_I_TAKE = re.compile(
    r"\b(?:tar|valjer|kommer|anmaler|deltar|(?:blir|far) det|take|choose|come|attend)\b(?! (?:min|mina|en|ett|my|an?)\b)"
)
_RESULT = re.compile(r"(?:utan|sa|so|darfor|therefore|hence)\s")
_SO = re.compile(
    r"(?<!\boch)(?<!\bo)(?<!\ba)\W(?:so|sa|darfor|therefore|hence|alltsa)\s(?!att\b|that\b|inte\b|ej\b|not\b)"
)
_LIKEWISE = re.compile(r"\s(?:likasa|likadant|inte heller|likewise|ditto|nor that)\b")
_AND = re.compile(r"\b(?:och|o|and)\b")
_SINCE_BEFORE = re.compile(r"\s(?:sen|sedan) (?:forut|tidigare|innan|forra)\b")
_THEN = re.compile(r"\b(?:da|dit|den dagen|then|there|that day)\b")
"""Words that take up the day that was named: `så jag kommer då`."""
_YET = re.compile(
    r"\b(?:och|sa|men|and|so|but)\s(?:\w+\s){0,3}?(?:kommer|deltar|ansluter|med|come|coming|join|attend|garna|gladly)\b(?! hem)"
)
"""Behind what somebody is free from that day: `har jag semester och kommer gärna`."""
_ASKED = re.compile(r"\b(?:mig|mej|oss|me|us|please|tack|garna)\b")
SURELY = 0.9
"""A sentence this likely to say that somebody comes says so of the one day it names."""


class Stance(Enum):
    WANTED = auto()
    LIKELY = auto()
    """Not asked for in words, though its sentence as a whole says that somebody comes."""
    NEUTRAL = auto()
    HELD = auto()
    """Booked already: chosen only where no other day is."""
    REFUSED = auto()
    PASSING = auto()
    """Named as a reason, or of another time: neither chosen nor refused."""


NOT_CHOSEN = (Stance.REFUSED, Stance.PASSING)


def stance(folded: str, phrase: Phrase, everything: Sequence[Phrase], attends: Attends | None = None) -> Stance:
    """What a text says of one of the phrases in it; `everything` is all of them."""
    place = _Place(folded, phrase, everything)
    before = [p for p in everything if p.end <= phrase.start]
    if before and _LIKEWISE.match(folded, phrase.end):
        return stance(folded, before[-1], everything, attends)
    return (
        place.in_passing(attends)
        or place.moved()
        or place.said(attends)
        or place.carried_over()
        or (Stance.PASSING if place.is_reason() else Stance.NEUTRAL)
    )


def clause_of(folded: str, phrase: Phrase) -> tuple[int, int, int, int]:
    """The clause around a phrase and the sentence around that, as (start, end, sentence start, sentence end)."""
    begin, end = next(((b, e) for b, e in sentences(folded) if b <= phrase.start < e), (0, len(folded)))
    cuts = [m for m in _cuts(folded, begin, end) if not (phrase.start <= m.start() < phrase.end)]
    left = max((m.start() if m.group().isalpha() else m.end() for m in cuts if m.end() <= phrase.start), default=begin)
    return left, min((m.start() for m in cuts if m.start() >= phrase.end), default=end), begin, end


@lru_cache(maxsize=64)
def _cuts(folded: str, begin: int, end: int) -> list[re.Match[str]]:
    """What parts the clauses of a sentence."""
    return list(_CLAUSE.finditer(folded, begin, end))


class _Place:
    """A phrase where it stands: in its clause, from the phrase before it on, in its sentence."""

    def __init__(self, folded: str, phrase: Phrase, everything: Sequence[Phrase]) -> None:
        self.folded, self.phrase, self.everything = folded, phrase, everything
        self.left, self.right, self.begin, self.end = clause_of(folded, phrase)
        end = self._next()
        joint = _AND.search(folded, phrase.end, end) if end < self.right else None
        if joint and NEGATIVE.search(folded, joint.end(), end):
            self.right = joint.start()  # `Boka den 12:e och strunta i den 14:e`
        last = max((p.end for p in everything if self.left <= p.start < phrase.start), default=self.left)
        joins = UNION.search(folded, last, phrase.start) or OR.search(folded, last, phrase.start)
        if joins and _COMES.search(folded, joins.end(), phrase.start):
            joins = None  # `Jag avstår den 12:e och kommer bara den 14:e`
        self.reach = reach = self.left if joins else last
        self.lead, self.clause = folded[reach : phrase.start], _NOT_ONLY.sub(" ", folded[reach : self.right])

    def in_passing(self, attends: Attends | None) -> Stance | None:
        """The town where somebody lives, a time gone by, a day only wished for or described beside another."""
        folded, phrase = self.folded, self.phrase
        lives = _LIVES.search(folded[max(self.begin, phrase.start - 24) : phrase.start])
        past = _PAST.match(folded[phrase.end : phrase.end + 30])
        one = phrase.forms == {Form.ALL} and _ONE_DOES.search(folded, phrase.end, phrase.end + 80)
        leaves = _FROM.search(self.lead) and not _MOVES.search(folded, self.begin, self.right)
        if past or one or ((lives or leaves) and phrase.forms == {Form.CITY}):
            return Stance.PASSING
        only = all(p.days == phrase.days for p in self.everything if not p.foreign)
        if (not only or (attends and attends(phrase.start) < 0.5)) and self._is_elsewhere():
            return Stance.PASSING
        if only:
            return None
        before = folded[self.begin : phrase.start]
        if _OFFERED.search(before) or _PLANNED.search(folded, self.left, phrase.start):
            return Stance.PASSING
        after = [p for p in self.everything if phrase.end <= p.start < self.end and not p.foreign]
        if after and self._begins_with_a_reason(after[0]):
            return Stance.PASSING
        wished = WISHED.search(self.lead) and not OR.search(folded, self.begin, self.end)
        return Stance.PASSING if wished or self._is_described() else None

    def _begins_with_a_reason(self, after: Phrase) -> bool:
        """Whether a sentence begins with why another day is taken: `Eftersom jag är i Flen den 12:e tar jag den 14:e`."""
        folded, reason = self.folded, _BECAUSE.match(self.folded, self.begin)
        took = reason and _I_TAKE.search(folded, self.phrase.end, after.start)
        return bool(
            took and not (after.days & self.phrase.days) and not _I_TAKE.search(folded, self.begin, self.phrase.start)
        )

    def _is_elsewhere(self) -> bool:
        """Whether the clause tells what somebody does that day in another place: `Den 13:e tar jag studenten`."""
        if found := _ELSEWHERE.search(self.folded, self.reach, self.right):
            refuses = _REFUSES.search(
                self.folded, found.end(), self.phrase.start
            )  # `har vi möte och då ryker onsdagen`
            return not refuses and not _YET.search(self.folded, found.end(), min(self.right, self._next()))
        going = _GOING.search(self.folded, self.reach, self.right)
        return going is not None and not any(p.start <= going.start("place") < p.end for p in self.everything)

    def _is_described(self) -> bool:
        """Whether a clause only tells what a day is: `fredag är min dotters födelsedag`, `onsdan e helt full`."""
        if self.lead.strip() in ("is", "ar", "e"):
            return True
        leads = re.search(
            r"(?:^|\b(?:och|and)\s)\W*(?:(?:men|but|for|och|and|since|eftersom|pa|on|den|the|att)\s)*$", self.lead
        )
        told = _IS.match(self.folded, self.phrase.end) if leads else None
        if not told:
            return False
        said = re.split(r"\s(?:och|and|sa|so)\s", self.folded[told.end() - 1 : self.right])[0]
        return bool(_FILLED.search(said)) or not any(p.search(said) for p in (_APPROVES, PREFER, _ATTEND, FALLBACK))

    def moved(self) -> Stance | None:
        """A day given up for another, or taken for it."""
        folded, phrase = self.folded, self.phrase
        before = folded[max(self.begin, phrase.start - 60) : phrase.start]
        struck = len(phrase.days) == 1 and _STRUCK.match(folded, phrase.end, self._next())
        if struck or _INSTEAD_OF.search(before) or _ALL_BUT_IT.search(before):
            return Stance.REFUSED
        if answer := _ANSWER.match(folded, phrase.end):
            return Stance.REFUSED if answer["no"] else Stance.WANTED
        if _MOVED_FROM.search(self.lead) and _MOVES.search(folded[self.begin : self.right]):
            return Stance.REFUSED
        instead = _INSTEAD.match(folded[phrase.end : phrase.end + 16].lstrip(" ,"))
        return Stance.WANTED if instead or _MOVED_TO.search(self.lead) else None

    def said(self, attends: Attends | None) -> Stance | None:
        """What the clause itself says: that a place is booked, a no, a reason for another day, or a wish."""
        if self._is_booked():
            return Stance.HELD
        attend = _ATTEND.search(self.clause)
        comes = attends is not None and attends(self.phrase.start) >= 0.5 and self._alone()
        negatives = list(NEGATIVE.finditer(self.clause))
        if self._comes_then():
            return Stance.WANTED
        last = attend and self._next() >= self.right
        for negative in negatives:
            meant = comes or (attend and (last or negative.start() > attend.start()))
            if not (_BUSY.fullmatch(negative.group()) and meant):
                return Stance.REFUSED
        if negatives and comes:
            return Stance.NEUTRAL
        follows = any(self.begin <= p.start < self.left for p in self.everything)
        if follows and not attend and _BECAUSE.match(self.folded, self.left):
            return Stance.PASSING
        surely = comes and attends is not None and attends(self.phrase.start) >= SURELY
        wanted = (
            attend or _COMES.search(self.lead) or PREFER.search(self.clause) or _RESULT.match(self.folded, self.left)
        )
        asked = surely and _ASKED.search(self.folded, self.begin, self.end)
        if wanted or asked or _TAKEN_UP.match(self.folded, self.phrase.end, self._next()):
            return Stance.WANTED
        return Stance.LIKELY if surely else None

    def _is_booked(self) -> bool:
        """Whether the clause says of this day, and not only of one before it, that a place is booked."""
        booked, asked = (p.search(self.folded, self.reach, self.phrase.start) for p in (_BOOKED, _REGISTER))
        between = booked and any(booked.end() <= p.start < self.phrase.start for p in self.everything)
        behind = _BOOKED.search(self.folded, self.phrase.end, min(self.right, self._next()))
        behind = behind or _SINCE_BEFORE.match(self.folded, self.phrase.end)
        return bool(behind or (booked and not (between and asked and asked.start() > booked.end())))

    def _comes_then(self) -> bool:
        """Whether what follows from a day is that somebody comes: `Den 12:e är jag ledig, så då kommer jag`."""
        so = _SO.search(self.folded, self.phrase.end, min(self.end, self._next()))
        then = so and re.split(r"[.,;!?]", self.folded[so.end() : min(self.end, self._next())])[0]
        return bool(then and _THEN.search(then) and _ATTEND.search(then) and not NEGATIVE.search(then))

    def _next(self) -> int:
        """Where the next day is named."""
        return min((p.start for p in self.everything if p.start >= self.phrase.end), default=len(self.folded))

    def _alone(self) -> bool:
        """Whether a sentence names one day and does not turn half-way: that it speaks of coming is then said of that day."""
        days = {p.days for p in self.everything if self.begin <= p.start < self.end and not p.foreign}
        return days == {self.phrase.days} and not _TURNS.search(self.folded, self.begin, self.end)

    def carried_over(self) -> Stance | None:
        """What the clauses before say of a day that stands by itself, or behind a `men`."""
        if self.lead.strip(" ,:-") and self.left <= self.begin:
            return None
        before = _NOT_ONLY.sub(" ", self.folded[self.begin : self.left])
        *turned, tail = re.split(r"\b(?:men|utan|but|fast|dock|however)\b", before)
        if turned:
            return Stance.REFUSED if NEGATIVE.search(tail) else Stance.WANTED
        if self.folded[self.left : self.left + 5].startswith(("men ", "but ")) and not _BOOKED.search(before):
            return Stance.WANTED
        return Stance.WANTED if _ATTEND.search(before) and not NEGATIVE.search(before) else None

    def is_reason(self) -> bool:
        """Whether another day follows from this one: `On the 12th we have visitors, so the 14th it is`."""
        end, later = self.phrase.end, [p for p in self.everything if self.phrase.end <= p.start < self.end]
        after = next((p for p in later if not self.phrase.days & p.days), None)
        so = _SO.finditer(self.folded, end, later[-1].start) if after else ()
        return any(not _THEN.search(self.folded, m.end(), min(m.end() + 40, self.end)) for m in so)
