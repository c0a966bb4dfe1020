"""Whether the sender of a letter comes herself, or only registers others."""

from __future__ import annotations

import re

from ...folding import fold
from ..acts import Act, Said
from ..referents import MYSELF_LISTED, SELF, Scope
from ..text import pattern, phrases, sentences
from .facts import Facts
from .named import HANDLES

_NOT_ME = phrases("intent", "not_me")
_REGISTERS = pattern("people", "registers")
_BY_OTHERS = pattern("people", "by_others")
_REGISTERS_ME = pattern("people", "registers_me")
_OBJECT_SELF = pattern("people", "object_self")
_OBJECT_US = pattern("people", "object_us")
_TELLS_LATER = pattern("people", "tells_later")
_STAYS = pattern("people", "stays")
_FOR_A_DAY = pattern("people", "for_a_day")
_WE_WISH = pattern("people", "we_wish")
_ON_BEHALF = re.compile(r"\bfor (?!egen |min |var )(?:[\w-]+ ){1,4}(?:rakning|vagnar)\b")
_SUBJECT = re.compile(r"\b(?:jag|i|i'll|i'm|i'd|vi|we|we'll|we'd|we're)\b")
_SELF = re.compile(r"\b(?:jag|mig|mej|undertecknad|i'm|i'll|i'd|me|myself)\b")
_I = re.compile(r"\b(?:jag|i|i'll|i'm|i'd)\b")
_HEJ = re.compile(r"\s*(?:hej|hi)\b")
_MYSELF_AWAY = re.compile(r"\b(?:sjalv|jag sjalv|for egen del|myself|for my part|personally)\b")
_ASIDE = re.compile(r"\s*(?:sjalv|for egen del|personally)\b")
_WE = re.compile(r"\b(?:vi|we|we'll|we'd|we're)\b")
_I_AND = re.compile(r"\b(?:jag|i) (?:och|samt|and|&|\+)\b|\b(?:och|samt|and|&|\+) (?:jag|i)\b")
_BESIDES = re.compile(r"\b(?:och|samt|and|plus|even|aven)\b")
_I_COME = re.compile(r"\b(?:jag|i) (?:kommer|deltar|ar med|foljer|will (?:come|join|attend)|sjalv)\b")


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
            return self.says_she_comes() and bool(_REGISTERS_ME.search(self.folded))
        if not named and not group:
            return True
        if self.nameless and self.nameless.with_sender:
            if self.nameless.count == named:
                return False
            if group and not named:
                return self.says_she_comes()
        return self.says_she_comes() or self.we_come()

    def stays_away(self) -> bool:
        """Whether the sender says that she does not come, or registers others on somebody's behalf."""
        behalf = _ON_BEHALF.search(self.folded)
        if behalf and any(behalf.start() < m.start < behalf.end() for m in self.colleagues):
            return True
        not_me = _NOT_ME.search(self.folded)
        passing = not_me and not_me.group().startswith(("for ", "on ", "pa uppdrag"))
        if not_me and (not passing or self.colleagues or self.nameless):
            return True
        return bool(self.colleagues) and any(self._declines(s) for s in self.said)

    def _declines(self, sentence: Said) -> bool:
        """Whether a sentence says of the sender alone that she stays away: `Själv kan jag inte`."""
        words = self.folded[sentence.start : sentence.end]
        if sentence.p(Act.ATTEND) >= 0.35 or not _MYSELF_AWAY.search(words) or not _SUBJECT.search(words):
            return False
        if sentence.p(Act.ABSENT) > 0.4:
            return True
        works = any(m.is_title and m.kinds for m in self.tools.units.mentions(words))
        return bool(_ASIDE.match(words)) and not works and sentence.p(Act.ABSENT, Act.OTHER) > 0.5

    def says_she_comes(self) -> bool:
        """Whether a sentence that registers somebody has the sender for its object, or for a subject that comes."""
        offices = [s.start for m in self.full_names if self.signs_for(m) and (s := self.act_at(m.start))]
        last = min(offices, default=len(self.own))
        return any(self._says_so(index, scope) for index, scope in enumerate(self.spoken.scopes) if scope.start < last)

    def _says_so(self, index: int, scope: Scope) -> bool:
        if MYSELF_LISTED.match(self.folded, scope.start):
            return True
        line, part = self.spoken.within(scope.start, scope.end), self.folded[scope.start : scope.end]
        attend, listed = self.p(scope.start, Act.ATTEND), self.in_list(self.sketch.scope_of(scope.start).start)
        named = any(r.named and r.who == SELF for r in line)
        if named and (listed or attend >= 0.3) and not _HEJ.match(self.folded, scope.start):
            return True
        if attend < 0.3 and not (scope.item and listed):
            return False
        if _OBJECT_SELF.search(part):
            return True
        if not line and attend >= 0.5 and not self.heads(index) and not _BY_OTHERS.search(part):
            return True
        return self._subject_comes(part, scope.start) and not self.for_another(scope.start, scope.end)

    def _subject_comes(self, part: str, begin: int) -> bool:
        """Whether `jag` stands for one who comes, not only for one who registers others."""
        herself = [m for m in _I.finditer(part) if m.group() != "i" or self.own[begin + m.start()] == "I"]
        herself = [m for m in herself if not _TELLS_LATER.match(part, m.start())]
        if not any(not _STAYS.search(re.split(r"[,;.:]|\b(?:men|but)\b", part[m.start() :])[0]) for m in herself):
            return False
        if _I_AND.search(part):
            return True
        handled = HANDLES.search(part)
        return not handled or (bool(_FOR_A_DAY.match(part[handled.end() :])) and ":" not in part)

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
