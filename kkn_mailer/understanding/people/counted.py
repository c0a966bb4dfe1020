"""Those who come without being named: counted, or only called colleagues."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from ..acts import Act
from ..names import NameMention
from ..text import pattern, words
from .named import HERSELF, MENTION_AFTER, MENTION_BEFORE, TOLD_BY, Named

MOST = 60
"""More than these in one mail is no number of people."""
_COUNT_WORDS = {w: n for key in ("numbers", "numbers_en") for n, w in enumerate(words("dates", key), 1)}
_COUNT_WORDS |= {"ett": 1, "another": 1, "ytterligare": 1, "a": 1, "couple": 2, "ett par": 2}
_FIGURE = rf"{'|'.join(sorted(_COUNT_WORDS, key=len, reverse=True))}|\d{{1,2}}"
_COUNTED = pattern("people", "counted", figure=_FIGURE)
_WE_ARE = pattern("people", "we_are", figure=_FIGURE)
_BUT_COME = re.compile(
    r"[^.!?\n]{0,80}\b(?:men|but)\b[^.!?\n]{0,40}\b(?:det blir|blir det|kommer|it(?:'s| is| will be|'ll be)|coming)\b"
)
"""Behind how many there are, before how many of them come: `vi är sju, men det blir jag och Kim`."""
_NUMBER = re.compile(rf"(?<![\w/:.-])(?P<n>{_FIGURE})(?= (?!{pattern('people', 'months').pattern}\b)[a-z])")
_OTHERS_TOO = re.compile(r"till|more|others?|andra|kolleg\w*|colleagues?|coworkers?|medarbetare")
_BETWEEN = re.compile(r"\s(?:[\w-]+\s){0,2}")
_OUT_OF = re.compile(r"\s(?:st |stycken )?(?:fran|av (?:mina|vara)|from|of (?:my|our))\b")
_AND_MYSELF = re.compile(
    r"\b(?:och|samt|and|&) (?:jag|mig|undertecknad|me|myself)\b|(?:[:(–-]|\n)\s?(?:jag|mig|undertecknad|me|myself)\s?(?:[,(]|och|samt|and)"
)
_BRINGS = re.compile(r"\b(?:ta|tar|tog|har) med (?:mig |oss )?(?:\w+ )?$|\bbring(?:ing)? (?:\w+ )?$")
_THAT_IS_ME = re.compile(r"[^.!?\n]{0,120}?(?:,|:|\bnamligen|\bdet ar) (?:det ar )?(?:jag|mig|undertecknad|me)\b")
"""Before and behind `en till`, where that one is the sender."""
_OTHER_TIME = pattern("people", "other_time")
_HAS_ROOM = pattern("people", "has_room")
_LIFT = pattern("people", "lift")
_RIDES = pattern("people", "rides")
_WE_BOTH = pattern("people", "we_both")
NAMELESS = pattern("people", "nameless")
_ONE_OF_US = pattern("people", "one_of_us")
_ROOM_FOR = pattern("people", "room_for")
_HERE_COMES = pattern("people", "here_comes")
_PUTS_DOWN = pattern("people", "puts_down")
_FOR_NAMED = pattern("people", "for_named")
_JOINS_ME = pattern("people", "joins_me")
_COMES_ALONG = pattern("people", "comes_along")
_NAMES_ARE = pattern("people", "names_are")
_NAME_LATER = pattern("people", "name_later")
_ONE = ("plats", "place", "seat", "spot", "person", "st", "p")


@dataclass(frozen=True, slots=True)
class Nameless:
    """Where somebody is counted, how many, and whether the sender is counted among them."""

    mention: NameMention
    count: int
    with_sender: bool


def _nameless(start: int, end: int, count: int = 1, with_sender: bool = False) -> Nameless:
    return Nameless(NameMention(start, end, "#"), count, with_sender)


def _figure(match: re.Match[str]) -> int:
    """The number that a match of `_FIGURE` in group `n` says."""
    return _COUNT_WORDS.get(match["n"]) or int(match["n"])


def _only_told(before: str) -> bool:
    """Whether the words before those who are counted tell of others, or of another time."""
    return bool(MENTION_BEFORE.search(before) or _OTHER_TIME.search(before))


_NAMED_BEHIND = re.compile(r"(?:,?\s(?:som|who)\s[^.!?:;,\n]{1,60}[,:]|(?:\s\w+){0,2}?[,:]?)\s[A-ZÅÄÖÉ][\w-]+")
"""Behind one called a colleague: her name, or who she is before it, `vår vikarie som blir kvar: Kim Ek`."""


class Counted(Named):
    """Those of one letter who have no name."""

    @cached_property
    def stated(self) -> Nameless | None:
        """Those whose number is stated, whether or not they are named besides."""
        return self._counted() or self._we_are() or self._by_work()

    @cached_property
    def and_myself(self) -> bool:
        """Whether the words join the sender to others."""
        return _AND_MYSELF.search(self.folded) is not None

    @cached_property
    def nameless(self) -> Nameless | None:
        """Those counted or only called colleagues; none where all who are counted are named besides."""
        if found := self.stated:
            herself = any(self.is_sender(m.name) for m in self.full_names) or self.and_myself
            return None if len(self.colleagues) + bool(herself) >= found.count > 1 else found
        if self.called:
            return self.called
        later = None if self.colleagues else _NAME_LATER.search(self.folded)
        return _nameless(*later.span()) if later else None

    @cached_property
    def called(self) -> Nameless | None:
        """One who comes and is only called a colleague."""
        for start, end, title in self._ones_of_us:
            if not self._is_named_or_tells(start, end) and self._is_brought(start, end):
                return _nameless(start, title or end)
        return None

    def _comes(self, mention: NameMention) -> bool:
        return super()._comes(mention) or self._is_one_counted(mention)

    def _is_one_counted(self, mention: NameMention) -> bool:
        """Whether a sentence of its own names those who were counted: `Vi skickar två. Namnen är Kim Ek och Bo Ros.`"""
        scope = self.sketch.scope_of(mention.start)
        named = [r.start for r in self.sketch.within(scope.start, scope.end) if r.named]
        if not named or not mention.full or not _NAMES_ARE.fullmatch(self.folded, scope.start, named[0]):
            return False
        counted = None if self.regrets(mention) else self.stated or self.called
        return counted is not None and counted.mention.start < scope.start and mention.start in named[: counted.count]

    def brings_others(self) -> bool:
        """Whether the words name, or count, others who are to come."""
        return bool(self.colleagues or self.nameless)

    def for_another(self, start: int, end: int) -> bool:
        """Whether the words of a scope ask for a place for somebody else."""
        ones = [(m.start, _FOR_NAMED) for m in self.colleagues]
        if self.nameless and self.nameless.count == 1:
            ones.append((self.nameless.mention.start, _PUTS_DOWN))
        return any(start <= at < end and before.search(self.folded, max(start, at - 120), at) for at, before in ones)

    # ── by a number ───────────────────────────────────────────────────────────────────────────────────────────────

    def _counted(self) -> Nameless | None:
        """`tre personer`, `två till`, `en kollega`."""
        for match in _COUNTED.finditer(self.folded):
            count, noun, before = _figure(match), match["more"] or match["noun"], self.before(match.start(), 40)
            others = bool(_OTHERS_TOO.fullmatch(noun))
            if not 0 < count <= MOST or (count == 1 and (noun in _ONE or not others)) or _only_told(before):
                continue
            if self.p(match.start(), Act.ATTEND) < 0.3 and not _BRINGS.search(before):
                continue
            if self._offers_a_lift(match):
                continue
            mine = _ROOM_FOR.search(before) or _HERE_COMES.search(before)
            if count == 1 and (mine or self._is_someone_else(match.end())):
                continue
            return _nameless(*match.span(), count, not others)
        return None

    def _offers_a_lift(self, match: re.Match[str]) -> bool:
        """Whether those counted are seats in a car, or have them: `har jag tre platser i bilen`, `Åker med en kollega.`"""
        before, after = self.before(match.start(), 90), self.folded[match.end() : match.end() + 90]
        sentence = self.act_at(match.start())
        if (
            sentence
            and _RIDES.search(before)
            and not any(sentence.start <= p.start < sentence.end for p in self.choice.phrases)
        ):
            return True
        return bool(_HAS_ROOM.search(before)) and bool(_LIFT.search(before) or _LIFT.search(after))

    def _is_someone_else(self, end: int) -> bool:
        """Whether the words behind one who is counted say that it is the sender, who only tells, or signs up herself."""
        return any(said.match(self.folded, end) for said in (_THAT_IS_ME, TOLD_BY, HERSELF))

    def _we_are(self) -> Nameless | None:
        """`vi blir fyra`, `vi kommer båda två`."""
        if match := next((m for m in _WE_ARE.finditer(self.folded) if not _BUT_COME.match(self.folded, m.end())), None):
            count = _figure(match)
        elif match := _WE_BOTH.search(self.folded):
            count = 2
        told = match and self.p(match.start(), Act.ATTEND) >= 0.3 and 1 < count <= MOST
        return _nameless(*match.span(), count, True) if match and told else None

    def _by_work(self) -> Nameless | None:
        """Those counted by their work: `fyra undersköterskor`, `två från näringslivsenheten`."""
        for match in _NUMBER.finditer(self.folded):
            end = match.end()
            if not 1 < _figure(match) <= MOST or self.p(match.start(), Act.ATTEND) < 0.3:
                continue
            near = (m.start for m in self.works if 0 < m.start - end < 25)
            titled = any(_BETWEEN.fullmatch(self.folded, end, start) for start in near)
            if (titled or _OUT_OF.match(self.folded, end)) and not _only_told(self.before(match.start(), 40)):
                return _nameless(*match.span(), _figure(match))
        return None

    # ── by a word ─────────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _ones_of_us(self) -> list[tuple[int, int, int]]:
        """Those called colleagues, or by a title alone where nobody is named before: from, to, and where the title begins."""
        found = [(*m.span(), 0) for m in NAMELESS.finditer(self.folded)]
        for m in self.works:
            whose = _ONE_OF_US.search(self.folded, max(0, m.start - 40), m.start)
            begin = self.sketch.scope_of(m.start).start
            if whose and not any(r.named for r in self.sketch.within(begin, m.start)):
                found.append((whose.start(), m.end, m.start))
        return sorted(found)

    def _is_named_or_tells(self, start: int, end: int) -> bool:
        """Whether one called a colleague is named right behind, is the sender, or is only mentioned."""
        if self._is_someone_else(end) or MENTION_BEFORE.search(self.before(start, 40)):
            return True
        if MENTION_AFTER.match(self.folded[end : end + 40]):
            return True
        named = _NAMED_BEHIND.match(self.own, end)
        until = named.end() if named else end
        return any(end <= m.start < until for m in (*self.full_names, *self.first_names))

    def _is_brought(self, start: int, end: int) -> bool:
        """Whether one called a colleague comes: brought along, put down, or joined to the sender."""
        before = self.before(start, 80)
        brings = _BRINGS.search(before)
        if put_down := brings or _PUTS_DOWN.search(before):
            likely = self.p(start, Act.ATTEND, Act.HEDGE)
        else:
            likely = self.p(start, Act.ATTEND)
        comes = put_down or _JOINS_ME.search(before) or _COMES_ALONG.match(self.folded[end:])
        return bool(comes) and (likely >= 0.5 or bool(brings and self.p(start, Act.ASK) < 0.5))
