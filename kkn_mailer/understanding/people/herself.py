"""Whether the sender of a letter comes herself, or only registers others."""

from __future__ import annotations

import re

from ...folding import fold
from ..acts import Act, Said
from ..phrasebook import tags_in
from ..referents import ALL, MYSELF_LISTED, SELF, Referent, Scope
from ..text import pattern, phrases, sentences
from .facts import Facts
from .named import HANDLES, THEIR_REGISTRATION, TOO

_NOT_ME = phrases("intent", "not_me")
_REGISTERS = pattern("people", "registers")
_BY_OTHERS = pattern("people", "by_others")
_REGISTERS_ME = pattern("people", "registers_me")
_OBJECT_SELF = pattern("people", "object_self")
_OBJECT_US = pattern("people", "object_us")
_TELLS_LATER = pattern("people", "tells_later")
STAYS = pattern("people", "stays")
_ALONG = pattern("people", "along")
_OTHERS_TAKE = pattern("people", "others_take")
_OPENS = pattern("people", "opens")
"""A sentence without a subject of its own, up to where another begins."""
_I_WISH = pattern("people", "i_wish")
_FOR_HOUSE = re.compile(r"\s(?:för|åt|från) (?:[A-ZÅÄÖ]|vår|kommunens)")
_TURNS = re.compile(r"(?: sa \w+| (?:and|och|so|then)|[(]) ?$")
_CLAUSE_END = re.compile(r"[.,;:)!?\n]")
_SITS = re.compile(r"\b(?:sitter|jobbar|arbetar|ar|har|haller)\b")
_THEN = re.compile(r"\b(?:da|(?:den|samma) dag(?:en)?|mote|sammantrade|meeting)\b|\d")
_EATS = re.compile(r"\b(?:ater|tal|eats?|food|mat)\b")
_FOR_A_DAY = pattern("people", "for_a_day")
_WE_WISH = pattern("people", "we_wish")
_ON_BEHALF = re.compile(r"\bfor (?!egen |min |var )(?:[\w-]+ ){1,4}(?:rakning|vagnar)\b")
_SUBJECT = re.compile(r"\b(?:jag|i|i'll|i'm|i'd|vi|we|we'll|we'd|we're)\b")
_SELF = re.compile(r"\b(?:jag|mig|mej|undertecknad|i'm|i'll|i'd|me|myself)\b")
_I = re.compile(r"\b(?:jag|i|i'll|i'm|i'd)\b")
_I_TAKE = re.compile(
    r"\b(?:jag|i|i'll) (?:(?:sjalv|ju|will|can|garna|gladly) ){0,2}(?:tar|kommer|valjer|deltar|gar|take|come|attend|choose|join|go)"
    r"(?: (?:pa|till|to|on|for|garna|helst|gladly|den|the)){0,3} ?$"
)
"""Before the day that the sender herself takes, whatever else the sentence is about."""
_SOMEBODY = re.compile(r"\b(?:nagon|nan|alltid|somebody|someone|always|en av oss|one of us)\b[^.!?\n]*$")
"""Before what one of them does, nobody in particular: `så att någon av oss håller ställningarna`."""
_HEJ = re.compile(r"\s*(?:hej|hi)\b")
_MYSELF_AWAY = re.compile(r"\b(?:sjalv|jag sjalv|for egen del|myself|for my part|personally)\b")
_ASIDE = re.compile(r"\s*(?:sjalv|for egen del|personally)\b")
_WE = re.compile(r"\b(?:vi|we|we'll|we'd|we're)\b")
_I_AND = re.compile(r"\b(?:jag|i) (?:och|samt|and|&|\+)\b|\b(?:och|samt|and|&|\+) (?:jag|i)\b")
_LEADS = pattern("people", "leads_list")
_BESIDES = re.compile(r"\b(?:och|samt|and|plus|even|aven)\b")
_I_COME = re.compile(r"\b(?:jag|i) (?:kommer|deltar|ar med|foljer|will (?:come|join|attend)|sjalv)\b")


_COMES = re.compile(r"\b(?:kommer|komma|delta\w*|med|ga|gar|aker|come|coming|join|attend|go|going)\b")


class Herself(Facts):
    """What one letter says of its sender's own coming."""

    def sender_comes(self, named: int, group: int) -> bool:
        """Whether the sender is to come, where so many others are named and counted."""
        name = self.sender_name.value
        if named and not name and not _SELF.search(self.folded):
            return False
        if name and " " not in name and any(m.name.endswith(f" {name}") for m in self.colleagues):
            return False
        if self.stays_away():
            return self._is_listed() or (self.says_she_comes() and bool(_REGISTERS_ME.search(self.folded)))
        if not named and not group:
            return True
        if self.stated and self.stated.with_sender and self.stated.count == named > 1:
            return self.says_she_comes()  # `Vi är två: Kim Ek och Bo Ros`, whoever writes it
        if self.stated and self.stated.with_sender and self.stated.count == named + 1 and self.and_myself:
            return True
        if self.nameless and self.nameless.with_sender and group and not named:
            return self.says_she_comes()
        return self.says_she_comes() or self.we_come() or self._is_listed()

    def stays_away(self) -> bool:
        """Whether the sender says that she does not come, or registers others on somebody's behalf."""
        behalf = _ON_BEHALF.search(self.folded)
        if behalf and any(behalf.start() < m.start < behalf.end() for m in self.colleagues):
            return True
        away = (m for m in _NOT_ME.finditer(self.folded) if not _SOMEBODY.search(self.before(m.start())))
        not_me = next((m for m in away if not self._tells_her_work(m)), None)
        passing = not_me and not_me.group().startswith(("for ", "on ", "pa uppdrag"))
        if not_me and (not passing or self.colleagues or self.nameless):
            return True
        return bool(self.colleagues) and any(self._declines(s) for s in self.said)

    def _declines(self, sentence: Said) -> bool:
        """Whether a sentence says of the sender alone that she stays away: `Själv kan jag inte`."""
        words = self.folded[sentence.start : sentence.end]
        if sentence.p(Act.ATTEND) >= 0.35 or not _MYSELF_AWAY.search(words) or not _SUBJECT.search(words):
            return False
        if _EATS.search(words) and "not_coming" not in tags_in(words):
            return False
        if sentence.p(Act.ABSENT) > 0.4:
            return True
        return bool(_ASIDE.match(words)) and not self._names_her_work(words) and sentence.p(Act.ABSENT, Act.OTHER) > 0.5

    def _tells_her_work(self, aside: re.Match[str]) -> bool:
        """Whether what may say where the sender stays says where she works: `själv sitter jag på kulturenheten`."""
        sentence = self.act_at(aside.start()) if _SITS.search(aside.group()) else None
        return sentence is not None and self._names_her_work(self.folded[sentence.start : sentence.end])

    def _names_her_work(self, words: str) -> bool:
        return any(m.kinds for m in self.tools.units.mentions(words)) and not _THEN.search(words)

    def _is_listed(self) -> bool:
        """Whether the sender leads a list, or her full name one of the lines, one below the other, that name who comes."""
        if any(self.p(m.start(), Act.ATTEND) >= 0.5 for m in _LEADS.finditer(self.folded)):
            return True
        lines = [s for s in self.sketch.scopes if s.item and self.in_list(s.start)]
        leads = {s: next((r for r in self.sketch.within(s.start, s.end) if r.named), None) for s in lines}
        mine = [s for s, r in leads.items() if r and r.who == SELF and " " in self.own[r.start : r.end]]
        if any(r.named and r.who == SELF and " " in self.own[r.start : r.end] for s in lines for r in self._behind(s)):
            return True
        ends = {at for s, r in leads.items() if r and r.who != SELF for at in (s.start, s.end)}
        return any(not ends.isdisjoint((s.start, s.end)) for s in mine)

    def _behind(self, line: Scope) -> list[Referent]:
        """Those who stand on a line of those who come, behind the one that leads it."""
        return self.sketch.within(line.start, line.end)[1:] if self.p(line.start, Act.ATTEND) >= 0.5 else []

    def says_she_comes(self) -> bool:
        """Whether a sentence that registers somebody has the sender for its object, or for a subject that comes."""
        offices = [s.start for m in self.full_names if self.signs_for(m) and (s := self.act_at(m.start))]
        last = min(offices, default=len(self.own))
        said = any(self._says_so(index, scope) for index, scope in enumerate(self.spoken.scopes) if scope.start < last)
        return said or any(f.owners == (SELF,) and _I_TAKE.search(self.before(f.start)) for f in self.day_facts)

    def _says_so(self, index: int, scope: Scope) -> bool:
        if MYSELF_LISTED.match(self.folded, scope.start):
            return True
        line, part = self.spoken.within(scope.start, scope.end), self.folded[scope.start : scope.end]
        attend, listed = self.p(scope.start, Act.ATTEND), self.in_list(self.sketch.scope_of(scope.start).start)
        named = any(r.named and r.who == SELF for r in line)
        if named and (listed or attend >= 0.3) and not _HEJ.match(self.folded, scope.start):
            return True
        if attend < 0.3:
            return scope.item and listed and bool(_I_AND.search(part))
        if _OBJECT_SELF.search(part):
            return True
        counts = self.stated is not None and scope.start <= self.stated.mention.start < scope.end
        if not line and not counts and attend >= 0.5 and not self.heads(index) and not _BY_OTHERS.search(part):
            facts = [fact for fact in self.day_facts if scope.start <= fact.start < scope.end]
            return not facts or any({SELF, ALL} & {*fact.owners} for fact in facts)  # `Kim Ek, planerare. Deltar 12/2.`
        if attend >= 0.5 and self.takes_along(scope):
            return True
        return self._subject_comes(part, scope.start) and not self.for_another(scope.start, scope.end)

    def takes_along(self, scope: Scope) -> bool:
        """Whether a sentence whose subject is left out takes somebody along: `Kommer och tar med Kim`, `Kommer, Kim med`."""
        if (opens := _OPENS.match(self.folded, scope.start)) and opens.end() <= scope.end:
            first = next((r.end for r in self.spoken.within(opens.end(), scope.end)), scope.end)
            if TOO.search(self.folded, first, scope.end):
                return True
        along = _ALONG.search(self.folded, scope.start, scope.end)
        if not along or _OTHERS_TAKE.search(self.folded, scope.start, along.start()):
            return False
        alone = all(r.who == ALL for r in self.spoken.within(scope.start, along.start()))
        return alone and bool(self.spoken.within(along.end(), along.end() + 60))

    def _subject_comes(self, part: str, begin: int) -> bool:
        """Whether `jag` stands for one who comes, not only for one who registers others or sees to it."""
        herself = [m for m in _I.finditer(part) if m.group() != "i" or self.own[begin + m.start()] == "I"]
        herself = [m for m in herself if not _TELLS_LATER.match(part, m.start())]
        herself = [m for m in herself if not self._wishes(begin + m.start())]
        if self.brings_others():
            herself = [m for m in herself if not self._sees_to_it(part, begin, m.start())]
        if not any(not STAYS.search(re.split(r"[,;.:]|\b(?:men|but)\b", part[m.start() :])[0]) for m in herself):
            return False
        if _I_AND.search(part):
            return True
        if (theirs := THEIR_REGISTRATION.search(part)) and not _COMES.search(part, 0, theirs.start()):
            return False
        handled = HANDLES.search(part)
        if not handled:
            return True
        for_house = _FOR_HOUSE.match(self.own, begin + handled.end()) if self.colleagues else None
        return not for_house and bool(_FOR_A_DAY.match(part[handled.end() :])) and ":" not in part

    def _wishes(self, at: int) -> bool:
        """Whether `jag` only wishes that somebody named comes: `jag vill att vår planchef Kim Ek får gå`."""
        wish = _I_WISH.match(self.folded, at)
        near = self.spoken.within(wish.end(), wish.end() + 30)[:1] if wish else []
        return any(r.named and r.who != SELF for r in near)

    def _sees_to_it(self, part: str, begin: int, at: int) -> bool:
        """Whether `jag` is the subject of what follows from the rest, no coming: `så fördelar jag`, `(I do the calendar)`."""
        turn = _TURNS.search(part, max(0, at - 30), at)
        at_turn = begin + turn.start() if turn else 0
        if not turn or any(r.named and r.end == at_turn for r in self.spoken.within(at_turn - 60, at_turn)):
            return False
        clause = _CLAUSE_END.split(part[turn.start() :])[0]
        dated = any(at_turn <= p.start < at_turn + len(clause) for p in self.choice.phrases)
        comes = dated or tags_in(clause) & {"presence", "attend", "register"}
        return not comes and (" sa " in clause or len(_CLAUSE_END.split(part[at:])[0].split()) > 2)

    def we_come(self) -> bool:
        """`vi kommer`, `oss två`: the sender is one of those who come."""
        return any(
            s.p(Act.ATTEND) >= 0.3 and not self.for_another(s.start, s.end) and self._is_among_us(s) for s in self.said
        )

    def _is_among_us(self, sentence: Said) -> bool:
        part = self.folded[sentence.start : sentence.end]
        if _OBJECT_US.search(part) and _REGISTERS.search(part):
            return True
        wished = any(_WE_WISH.search(self.folded, sentence.start, m.start) for m in self.colleagues)
        return bool(_WE.search(part)) and not HANDLES.search(part) and not wished

    def comes_too(self, text: str) -> bool:
        """Whether the words around a table or form say that its sender comes as well."""
        folded = fold(text)
        return not _NOT_ME.search(folded) and any(_adds_herself(folded[a:b]) for a, b in sentences(folded))


def _adds_herself(sentence: str) -> bool:
    if _OBJECT_SELF.search(sentence) and (_REGISTERS.search(sentence) or _BESIDES.search(sentence)):
        return True
    return bool(_I_COME.search(sentence))
