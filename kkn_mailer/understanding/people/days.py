"""Which days each of the people in a letter comes."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from ..drafts import Draft
from ..referents import ALL, SELF
from ..sessions import Choice, Phrase, among
from ..sessions.stance import clause_of
from ..text import pattern
from .herself import Herself
from .named import SAME_DAY, TOO

_LATER_DAY = pattern("people", "later_day")
_THEIRS = pattern("people", "theirs")
_EXCEPTS = pattern("people", "excepts")
_TURN = re.compile(r"\b(?:men|but|fast|dock)\b(?! (?:aven|ocksa|also)\b)")
_ADDS = re.compile(r"\b(?:aven|ocksa|dessutom|also|too|as well)\b")


def words_of(choice: Choice, text: str) -> str:
    """The words of a text that choose, one line."""
    return " … ".join(text[p.start : p.end] for p in choice.chosen if p.end <= len(text)).replace("\n", " ")


def date_each(work: Herself, drafts: Sequence[Draft]) -> None:
    """Gives people named in prose the days that are said of each, or of all."""
    choice = work.mail_choice()
    if len(drafts) == 1 and drafts[0].is_sender and choice is not work.subject_choice:
        choice = _besides_theirs(work, choice)
    shared = words_of(choice, work.subject if choice is work.subject_choice else work.own)
    own = _Days(work, [draft.key for draft in drafts]).of_each() if len(drafts) > 1 else {}
    for draft in drafts:
        picked = own.get(draft.key)
        draft.dates = picked.dates if picked else choice.dates
        draft.date_words = words_of(picked, work.own) if picked else shared
        draft.refused = choice.refused


def _besides_theirs(work: Herself, choice: Choice) -> Choice:
    """What one who comes alone chooses besides what others do: `Kollegan tar den 12:e, jag den 14:e`."""
    ends = [0, *(p.end for p in choice.phrases)]
    begins = {p: max(clause_of(work.folded, p)[0], *(end for end in ends if end <= p.start)) for p in choice.chosen}
    mine = [p for p in choice.chosen if not _THEIRS.match(work.folded, begins[p], p.start)]
    if not mine or len(mine) == len(choice.chosen):
        return choice
    return replace(choice, dates=tuple(sorted({day for p in mine for day in p.days})), chosen=tuple(mine))


class _Days:
    """The days that the prose of a letter gives to each of several people, told by their keys."""

    def __init__(self, work: Herself, keys: Sequence[str]) -> None:
        self.work, self.keys = work, keys
        self.found: dict[str, list[Phrase]] = {key: [] for key in keys}
        """Days said of one."""
        self.under: dict[str, set[dt.date]] = {}
        """Those that stand over one's line."""
        self.every: list[Phrase] = []
        """Days said of all."""

    def of_each(self) -> dict[str, Choice]:
        """Each one's days where the text gives them to each; empty when all have the same."""
        undecided, phrases = self._undecided(), self.work.phrases
        if len({phrase.days for phrase in phrases}) < 2 and not any(map(self._clashes, self.work.choice.phrases)):
            if {day for phrase in phrases for day in phrase.days} & set(self.work.choice.refused):
                return dict.fromkeys(self.keys, Choice(open=True))  # refused in one place, accepted in another
            choice = self.work.mail_choice()
            some = not undecided.isdisjoint(self.keys)
            return {key: Choice(open=True) if key in undecided else choice for key in self.keys} if some else {}
        self._share_out()
        if self.every and not any(self.found[key] for key in self.keys):
            return {}
        return {key: self._of_one(key, key in undecided) for key in self.keys}

    def _share_out(self) -> None:
        for fact in self.work.day_facts:
            assert isinstance(fact.what, Phrase)
            for owner in fact.owners:
                if owner == ALL or (owner in (SELF, "#") and owner not in self.keys):
                    self.every.append(fact.what)
                else:
                    self.found.setdefault(owner, []).append(fact.what)
                if fact.heading:
                    self.under.setdefault(owner, set()).update(fact.what.days)

    def _of_one(self, key: str, undecided: bool) -> Choice:
        own, shared = self.found[key], self._together(self.every)
        if undecided and not own:
            return Choice(open=True)
        if key in self.under and len(self._excepted(own)) == len(own):
            return Choice(tuple(sorted(self.under[key])), chosen=tuple(own))
        if own and self.every and self._adds(own):
            return replace(shared, dates=tuple(sorted({*shared.dates, *self._together(own).dates})))
        if own or self.every:
            return self._together(own) if own else shared
        if self._is_like_the_others(key, len({p.days for each in self.found.values() for p in each}) > 1):
            like = [other for other in self._named_beside(key) or (SELF, *self.keys) if self.found.get(other)]
            lead = self.found[like[0]] if like else []
            return self._together(lead)
        return Choice(open=True)

    def _clashes(self, phrase: Phrase) -> bool:
        return phrase.clash and not phrase.foreign and self.work.attends(phrase.start) >= 0.3

    def _together(self, chosen: Sequence[Phrase]) -> Choice:
        """The days that one person's phrases choose; nothing when they are alternatives."""
        return among(self.work.folded, self._excepted(chosen)) if chosen else Choice()

    def _excepted(self, chosen: Sequence[Phrase]) -> Sequence[Phrase]:
        """One's days from a later sentence that makes an exception on: `Vi kommer den 12:e. Kim kan inte då utan tar den 14:e`."""
        folded = self.work.folded
        for before, phrase in reversed([*itertools.pairwise(chosen)]):
            scope, turn = self.work.spoken.scope_of(phrase.start), _TURN.search(folded, before.end, phrase.start)
            begin = scope.start if before.start < scope.start else turn.start() if turn else phrase.end
            if _EXCEPTS.search(folded, begin, scope.end):
                return [p for p in chosen if p.start >= phrase.start]
        return chosen

    def _adds(self, own: Sequence[Phrase]) -> bool:
        """Whether one's own day comes on top of everybody's: `Jag kommer även den 6:e`."""
        return any(_ADDS.search(self.work.folded[max(0, p.start - 30) : p.end + 12]) for p in own)

    # ── who has none yet ──────────────────────────────────────────────────────────────────────────────────────────

    def _undecided(self) -> set[str]:
        """Those of whom a sentence of their own says that their day is not settled yet."""
        work, found = self.work, set[str]()
        for scope in work.spoken.scopes:
            named = {r.who for r in work.spoken.within(scope.start, scope.end) if r.who not in (ALL, SELF)}
            dated = any(scope.start <= p.start < scope.end for p in work.phrases)
            if len(named) == 1 and not dated and _LATER_DAY.search(work.folded, scope.start, scope.end):
                found |= named
        for phrase in filter(self._clashes, work.choice.phrases):
            found |= {owner for owner in work.spoken.owners(phrase.start, phrase.end) if owner not in (ALL, SELF)}
        return found | {SELF} if self._only_theirs() and not self._is_like_the_others(SELF, False) else found

    def _only_theirs(self) -> bool:
        """Whether the days are all said of others alone: `Vi anmäler oss båda. Kim vill gå i Flen.`"""
        spoken = self.work.spoken
        scopes = {spoken.scope_of(fact.start) for fact in self.work.day_facts if not fact.heading}
        about = [{r.who for r in spoken.within(s.start, s.end)} for s in scopes if not self.work.takes_along(s)]
        return bool(about) and all(who and who.isdisjoint({SELF, ALL, "#"}) for who in about)

    def _named_beside(self, key: str) -> list[str]:
        """Who else is named where somebody is said to come as others do: `Kim: samma dag som Bo`."""
        scopes = [self.work.spoken.scope_of(r.start) for r in self.work.spoken.referents if r.who == key]
        like = [(m.end(), s.end) for s in scopes if (m := SAME_DAY.search(self.work.folded, s.start, s.end))]
        return [r.who for a, b in like for r in self.work.spoken.within(a, b) if r.who not in (key, ALL)]

    def _is_like_the_others(self, key: str, differ: bool) -> bool:
        """Whether one who has no day of her own comes along with those who have; if their days differ, on whose is said."""
        spoken, along = self.work.spoken, SAME_DAY if differ else TOO
        scopes = (spoken.scope_of(r.start) for r in spoken.referents if r.who == key)
        spans = ((self.work.folded, s.start, s.end) for s in scopes)
        return any(along.search(*span) and not _LATER_DAY.search(*span) for span in spans)
