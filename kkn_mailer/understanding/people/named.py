"""Who of those named in a letter is to come, and who is only mentioned."""

from __future__ import annotations

import re
from functools import cached_property

from ...folding import fold
from ..acts import Act
from ..names import NameMention, is_given
from ..phrasebook import tags_in
from ..referents import SELF, Scope
from ..text import pattern
from ..units import UnitMention
from ..workplace import US
from .sentences import BULLETED, NEAR, Sentences, folded_parts, same

MENTION_BEFORE = pattern("people", "mention_before")
MENTION_AFTER = pattern("people", "mention_after")
TOLD_BY = pattern("people", "told_by")
HERSELF = pattern("people", "herself")
HANDLES = pattern("people", "handles")
_TELLS_OR_SITS = pattern("people", "tells_or_sits")
_WANTS = pattern("people", "wants")
_ATTRIBUTES = pattern("people", "attributes")
_REGRETS = pattern("people", "regrets")
_STILL_COMES = pattern("people", "still_comes")
THEIR_REGISTRATION = pattern("people", "their_registration")
_ONLY_ME = pattern("people", "only_me")
_IN_CASE = pattern("people", "in_case")
_COLLEAGUE = pattern("people", "colleague")
_JOINED = pattern("people", "joined")
_GREETING = pattern("people", "greeting")
_GOES_WITH = pattern("people", "goes_with")
SAME_DAY = pattern("people", "same_day")
TOO = pattern("people", "too")
_BULLET = re.compile(r"\s*(?:[-*•·–]|\d{1,2}[.)])\s")
_NAMELIKE = re.compile(
    rf"{_BULLET.pattern}\s*(?P<name>[^\W\d_a-zåäö][^\W\d_]*(?:[ .'’-]{{1,2}}[^\W\d_]+){{0,3}})\.?[ \t]*(?:\n|$|[,(–])"
)
_ADDRESSED = re.compile(r"(?:^|\n)\s*(?:till|to|att|attn):? \Z")
_BESIDE = re.compile(r"(?:\b(?:infor|under|over|om|mot|ar|is|was|heter|firar?|inte|not|called|celebrat\w+)|[\"“”]) ?$")
"""Before a first name that is no one's who comes: a feast's, a form of a name, whom something is about."""
_WITH = re.compile(r"\b(?:med|with) $")
_BOSS = re.compile(r"(?:chef(?:en)?|boss|manager) (?:heter|ar|is(?: called)?) $")
_AND_ME = re.compile(r",? (?:och|o|samt|and|&) (?:jag|mig|undertecknad|i|me|myself)\b")
_ME_AND = re.compile(r"\b(?:jag|mig|mej|i|me|vi) (?:och|o|samt|and|&|\+)\s(?:[\w,-]+\s){0,6}$")


class Named(Sentences):
    """Those named in one letter."""

    @cached_property
    def colleagues(self) -> list[NameMention]:
        """Those named in the text who are to come, each where she is named first; the sender is not one."""
        seen: list[NameMention] = []
        for mention in sorted([*self.full_names, *self.first_names], key=lambda m: m.start):
            if self.is_sender(mention.name) or any(same(mention.name, s.name) for s in seen):
                continue
            if self._comes(mention):
                whole = (m for m in self.full_names if not mention.full and same(mention.name, m.name))
                seen.append(next(whole, mention))
        return seen

    def unexplained(self) -> list[str]:
        """Full names that neither come nor are plainly only mentioned: nobody should be forgotten silently."""
        known = [c.name for c in self.colleagues]
        return self._unread() + [
            m.name
            for m in self.full_names
            if not self.is_sender(m.name)
            and not any(same(m.name, name) for name in known)
            and not self._aside(m)
            and self.p(m.start, Act.ABSENT) < 0.5
        ]

    def _unread(self) -> list[str]:
        """What may be a name at the head of a line of a list that names others, and was not read as one."""
        scopes = self.sketch.scopes
        found: list[str] = []
        for before, scope, after in zip([None, *scopes], scopes, [*scopes[1:], None], strict=False):
            beside = any(s and s.item and self.in_list(s.start) and self._bulleted(s) for s in (before, after))
            line = _NAMELIKE.match(self.own, scope.start, scope.end) if beside and not scope.item else None
            if line and all(map(self.tools.names.may_be, line["name"].split())):
                found.append(line["name"])
        return found

    def _bulleted(self, scope: Scope) -> bool:
        return _BULLET.match(self.folded, scope.start) is not None

    # ── does she come? ────────────────────────────────────────────────────────────────────────────────────────────

    def _comes(self, mention: NameMention) -> bool:
        begin, end = self.around(mention)
        scope = self.sketch.scope_of(mention.start)
        if self._is_signed_up(mention):
            return True
        if self.regrets(mention):
            return False
        before, after = self.folded[max(begin, scope.start) : mention.start], self.folded[mention.end : end]
        leads = scope.item and self.sketch.within(scope.start, scope.end)[0].start == mention.start
        if leads and self._is_on_a_list(mention, scope):
            return True
        if _WANTS.match(after) and "not_coming" not in tags_in(after):
            return True
        if (
            _tells(after)
            or _tells(self._predicate(mention, end))
            or self._misses(mention, end)
            or self._is_away(mention)
        ):
            return False
        if leads and mention.full and self.p(mention.start, Act.ATTEND) >= 0.3:
            return True
        if MENTION_BEFORE.search(before):
            return False
        if mention.full:
            under = leads and self.folded[: scope.start].rstrip().endswith(":")
            return self._is_put_down(mention, before, under)
        if self._is_spoken_to(mention, before) or self._signs_off(mention):
            return False
        return (leads and self.in_list(scope.start)) or self._introduced(mention)

    def _is_on_a_list(self, mention: NameMention, scope: Scope) -> bool:
        """Whether a name that leads its line is one of a list of those who come."""
        away = self.p(mention.start, Act.ABSENT) >= 0.9 and self._says_no(scope.start, scope.end)
        whole = mention.full or BULLETED.match(self.folded, scope.start)
        return bool(whole) and not away and self.in_list(scope.start)

    def _says_no(self, begin: int, end: int) -> bool:
        return "not_coming" in tags_in(self.folded[begin:end])

    def _is_away(self, mention: NameMention) -> bool:
        away = self.p(mention.start, Act.ABSENT)
        return away > 0.6 or (away >= 0.3 and self.p(mention.start, Act.ATTEND) < 0.3)

    def _said_of(self, mention: NameMention, end: int) -> str:
        """The words between a name and the next person."""
        others = [r.start for r in self.sketch.within(mention.end, end) if r.who != mention.name]
        return self.folded[mention.end : min(others, default=end)]

    def _predicate(self, mention: NameMention, end: int) -> str:
        """What is said that somebody does, without what is put in between to tell who she is."""
        said_of = self._said_of(mention, end)
        told = _ATTRIBUTES.match(said_of)
        return said_of[told.end() :] if told else said_of

    def regrets(self, mention: NameMention) -> bool:
        """Whether one named would have come, is away, or only rides along, and comes no other day."""
        said_of = self._said_of(mention, self.around(mention)[1])
        gone = _REGRETS.search(said_of)
        return bool(gone) and not _STILL_COMES.search(said_of[gone.end() :])  # type: ignore[union-attr]

    def _is_signed_up(self, mention: NameMention) -> bool:
        """Whether a registration is hers by a word that stands for her name: `för vår chef Kim Ek skickar jag hans anmälan`."""
        if fold(mention.name) in self.tools.names.organiser:
            return False
        theirs = THEIR_REGISTRATION.search(self.folded, mention.end, mention.end + NEAR)
        between = self.sketch.within(mention.end, theirs.start()) if theirs else []
        nearest = not any(r.named and r.who not in (mention.name, SELF) for r in between)
        return theirs is not None and nearest and self.p(theirs.start(), Act.ATTEND) >= 0.3

    def _misses(self, mention: NameMention, end: int) -> bool:
        """Whether the words between a name and the next person say only that she will not come."""
        begin = max(self.sketch.scope_of(mention.start).start, self.around(mention)[0])
        if _ONLY_ME.search(self.folded, begin, end) or _IN_CASE.search(self.folded, begin, mention.start):
            return True
        said_of = self._said_of(mention, end)
        if HERSELF.match(said_of):
            return True
        tags = tags_in(said_of)
        gone = tags & {"not_coming", "cancel"} and not tags & {"register", "presence"}
        return bool(gone) and not re.search(r"\d|dag", said_of)

    def _is_put_down(self, mention: NameMention, before: str, under: bool) -> bool:
        """Whether one named in full is among those who come; `under` a colon she leads her line."""
        if under or self.p(mention.start, Act.ATTEND) >= 0.3 or self.p(mention.start, Act.OTHER, Act.ASK) < 0.55:
            return True
        joined = _ME_AND.search(before) or _AND_ME.match(self.folded, mention.end)
        return bool(joined or HANDLES.search(before)) or self._introduced_by_work(mention)

    def _introduced_by_work(self, mention: NameMention) -> bool:
        """`Vi kommer båda två. Kim Ek är bibliotekarie.`: one of those who come, told by her work."""
        sentence = None if _BOSS.search(self.before(mention.start)) else self.act_at(mention.start)
        told = sentence and any(sentence.start <= m.start < sentence.end for m in self.works)
        return bool(told) and self._we_said_so()

    def _we_said_so(self) -> bool:
        return any(s.p(Act.ATTEND) > 0.5 and US.search(self.folded, s.start, s.end) for s in self.said)

    @cached_property
    def works(self) -> list[UnitMention]:
        """The titles that the text names."""
        return [m for m in self.tools.units.mentions(self.folded) if m.is_title]

    # ── first names alone ─────────────────────────────────────────────────────────────────────────────────────────

    def _is_spoken_to(self, mention: NameMention, before: str) -> bool:
        """Whether a first name is the organiser's, who is spoken to, and does not stand beside others."""
        joined = _JOINED.search(before) or _AND_ME.match(self.folded, mention.end)
        return fold(mention.name) in self.tools.names.organiser and not joined

    def _signs_off(self, mention: NameMention) -> bool:
        """Whether a first name is all that is left of the text: the sender signs."""
        alone = re.search(r"[.!?)]\s*\n\n$", self.before(mention.start, 9))
        return bool(alone) and not self.folded[mention.end :].strip()

    def _introduced(self, mention: NameMention) -> bool:
        """A first name alone counts where it stands in what says that somebody comes, and is not only greeted."""
        before = self.before(mention.start)
        if fold(mention.name) in self._hers or _BESIDE.search(before):
            return False
        if _WITH.search(before) and not _GOES_WITH.search(before):
            return False
        begin, end = self.around(mention)
        likely = self.p(mention.start, Act.ATTEND, Act.ALTER)
        if likely < 0.3:
            along = TOO.search(self.folded, begin, end) or (likely >= 0.1 and _COLLEAGUE.search(before))
            all_come = _AND_ME.match(self.folded, mention.end) and self._we_said_so()
            if not (along or all_come) or "hedge" in tags_in(self.folded[begin:end]):
                return False
        greeted = _GREETING.search(before)
        called = re.match(r"\s?[!\n]|,\s*\n", self.folded[mention.end : mention.end + 10])
        return not greeted or bool(greeted[1] and not called)

    @cached_property
    def _hers(self) -> frozenset[str]:
        """Words that are the sender's own names, and her employer's: nobody else's first name."""
        return self.tokens | {fold(self.sender_employer.value or "")}

    # ── only mentioned ────────────────────────────────────────────────────────────────────────────────────────────

    def _aside(self, mention: NameMention) -> bool:
        """Whether the words around a name show that she is only mentioned, or that it names nobody new."""
        parts = folded_parts(mention.name)
        known = [self.sender_name.value or "", *(c.name for c in self.colleagues)]
        if parts[-1] in self.tools.names.organiser or not is_given(parts[0]):
            return True
        if any(set(parts) <= set(folded_parts(name)) for name in known):
            return True
        if self.regrets(mention):
            return True
        before, after = self.before(mention.start), self.folded[mention.end :][:80]
        addressed = _ADDRESSED.search(before) or MENTION_BEFORE.search(before)
        return bool(addressed or (MENTION_AFTER.match(after) and not _WANTS.match(after)))

    def is_source(self, mention: NameMention) -> bool:
        """Whether the words before a name only tell from whom something is: `enligt uppgift från Kim Ek`."""
        before = self.before(mention.start)
        return bool(MENTION_BEFORE.search(before)) and not re.search(r"\b(?:uppdrag av|behalf of)\b", before)


def _tells(after: str) -> bool:
    """Whether the words behind a name are what she does besides: tells of the event, sits in a meeting."""
    return any(told.match(after) for told in (MENTION_AFTER, TOLD_BY, _TELLS_OR_SITS))
