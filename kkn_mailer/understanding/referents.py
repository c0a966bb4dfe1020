"""Who a mail speaks of, in reading order: the sender, her colleagues, and the words that stand for them.

A fact (a day, a unit, an employer, a diet) belongs to whoever stands next to it: in apposition, as a label's list, as
the subject of its clause. `Spoken.owners` says to whom.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .names import NameMention
from .text import pattern, sentences

SELF = "<self>"
ALL = "<all>"

_SELF_WORDS = re.compile(r"\b(?:jag|mig|mej|undertecknad|i|me|myself)\b")
_ALL_WORDS = pattern("referents", "all_words")
_THIRD_WORDS = re.compile(r"\b(?:hon|han|hen|henne|honom|she|he|her|him)\b(?! (?:own|team|boss|manager|place|stead)\b)")
_BULLET = re.compile(r"^[ \t>]*(?:[-*•·–—+]|\d{1,2}[.):]|[a-z]\))?[ \t]*")
_JOIN = pattern("referents", "join")
_SOFT = pattern("referents", "soft")
_TURNED = pattern("referents", "turned")


_ASIDE = re.compile(r",\s(?:som|who|whom|whose|vars)\s[^,;.!?\n]{1,100},")
"""What is told of somebody on the way: `Kim Ek, som sitter bredvid mig, kommer den 14:e`."""
SEVERAL = pattern("referents", "several")
_NUMBERS = {w: n for n, w in enumerate(["tva", "tre", "fyra", "fem", "sex", "sju", "atta"], 2)} | {
    w: n for n, w in enumerate(["two", "three", "four", "five", "six"], 2)
}
_AS_ME = re.compile(r",?\s(?:(?:precis|alldeles|just|aven) )?(?:som|liksom|like|as)\s")
_LIKE = re.compile(r"\b(?:liksom|(?:precis|alldeles|just) som|like) $")
"""`Hon arbetar liksom jag på biblioteket`: both do."""
_ARE = re.compile(r"(?<!oss)(?<!us)(?<!dem)(?<!them)(?:\s\w+){0,2}?\s(?:ar|jobbar|arbetar|are|work)\b|'re\b")

MYSELF_LISTED = pattern("people", "myself_listed")
"""The sender at the head of a line: behind a bullet, or all that the line says."""

Barred = Callable[[int, int], bool]
"""Whether a fact of the same sort stands between two places."""


def _open(begin: int, end: int) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Referent:
    """A place of the text that stands for somebody: a name's key, `SELF` or `ALL`."""

    start: int
    end: int
    who: str
    named: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """A sentence, or a line of a list; `item` tells a line led by a name."""

    start: int
    end: int
    item: bool


class Spoken:
    """The referents of one text, joined where they stand together, and the scopes they stand in."""

    def __init__(self, text: str, folded: str, people: Sequence[tuple[NameMention, str]]) -> None:
        """`people`: every mention of a person with the key of who it is."""
        self.text, self.folded = text, folded
        self.referents = self._find(people)
        self._at = [referent.start for referent in self.referents]
        self.scopes = self._scopes()
        self._starts = [scope.start for scope in self.scopes]

    def _find(self, people: Sequence[tuple[NameMention, str]]) -> list[Referent]:
        found = [Referent(m.start, m.end, key, True) for m, key in people]
        for match in _SELF_WORDS.finditer(self.folded):
            if match.group() != "i" or (self.text[match.start()] == "I" and not self._swedish_i(match.end())):
                found.append(Referent(*match.span(), SELF, self._is_listed(match.start())))
        found += [Referent(*m.span(), ALL, False) for m in _ALL_WORDS.finditer(self.folded)]
        named = sorted((r for r in found if r.named and r.who not in (SELF, ALL)), key=lambda r: r.start)
        starts = [r.start for r in named]
        for match in _THIRD_WORDS.finditer(self.folded):
            at = bisect_right(starts, match.start()) - 1
            if at >= 0:
                found.append(Referent(*match.span(), named[at].who, False))
        out: list[Referent] = []
        for referent in sorted(found, key=lambda r: (r.start, not r.named, -r.end)):
            if not out or referent.start >= out[-1].end:
                out.append(referent)
        return out

    def _is_listed(self, at: int) -> bool:
        """Whether the sender leads a line of a list, as others do by their names: `- och så jag`."""
        line = self.folded.rfind("\n", max(0, at - 40), at) + 1
        listed = MYSELF_LISTED.match(self.folded, line) if line or at < 40 else None
        return listed is not None and at in (listed.start("me"), listed.start("alone"))

    def _swedish_i(self, end: int) -> bool:
        """`I` at the beginning of a Swedish sentence is a preposition."""
        return bool(
            re.match(
                r"\s(?:en|ett|den|det|dag|morgon|ar|var|min|samband|fjol|host|varas?|ar)\b", self.folded[end : end + 12]
            )
        )

    def _scopes(self) -> list[Scope]:
        out: list[Scope] = []
        for begin, end in sentences(self.folded, self.text):
            cuts = [(begin, self._leads(begin))]
            for newline in re.compile("\n").finditer(self.folded, begin, end):
                leads, line = self._leads(newline.end()), self.folded[max(0, newline.start() - 12) : newline.start()]
                if leads or cuts[-1][1] or line.rstrip(" ").endswith(":"):
                    cuts.append((newline.end(), leads))
            for (start, leads), (stop, _) in itertools.pairwise([*cuts, (end, False)]):
                text = self.folded[start:stop]
                blank = len(text) - len(text.lstrip("\n"))
                if text.strip():
                    out.append(Scope(start, stop, self._leads(start + blank) if blank else leads))
        return out

    def _leads(self, at: int) -> bool:
        """Whether a line begins with a name (or with `jag` in a list), bulleted or not."""
        bullet = _BULLET.match(self.folded[at : at + 12])
        begin = at + (bullet.end() if bullet else 0)
        index = bisect_left(self._at, begin)
        if index == len(self.referents):
            return False
        referent = self.referents[index]
        lead = self.folded[begin : min(referent.start, begin + 200)]
        described = (
            r"(?:[\w'-]+\s){0,5}"
            if bullet and bullet.group().strip()
            else r"(?:(?:och|samt|and|dels|plus)\s(?:sa\s)?)?"
        )
        return referent.named and bool(re.fullmatch(rf"(?:[^:\n]{{1,40}}:\s?)?{described}", lead))

    def scope_of(self, at: int) -> Scope:
        index = bisect_right(self._starts, at) - 1
        return self.scopes[max(index, 0)] if self.scopes else Scope(0, len(self.folded), False)

    def within(self, begin: int, end: int) -> list[Referent]:
        return self.referents[bisect_left(self._at, begin) : bisect_left(self._at, end)]

    def group_of(self, referent: Referent, barred: Barred) -> list[Referent]:
        """Those who stand together with a referent (`A, B och C`); nothing `barred` stands between them."""
        scope = self.scope_of(referent.start)
        line = self.within(scope.start, scope.end)
        at = line.index(referent)
        first = last = at
        while first and self._joined(line[first - 1], line[first], barred):
            first -= 1
        while last + 1 < len(line) and self._joined(line[last], line[last + 1], barred):
            last += 1
        return line[first : last + 1]

    def _joined(self, one: Referent, other: Referent, barred: Barred) -> bool:
        gap = self.folded[one.end : other.start]
        if ALL in (one.who, other.who) or len(gap) > 120 or barred(one.end, other.start):
            return False
        if not _JOIN.fullmatch(gap):
            return False
        return not gap.rstrip().endswith(",") or (one.named and other.named)

    def owners(self, start: int, end: int, barred: Barred = _open, title: bool = False) -> tuple[str, ...]:
        """Whose a fact at a span is: keys in order; `(ALL,)` where nobody stands by it.

        `title` marks a job title, which is one person's and may stand before her name.
        """
        scope = self.scope_of(start)
        line = self.within(scope.start, scope.end)
        asides = [m.span() for m in _ASIDE.finditer(self.folded, scope.start, start)]
        ahead = [r for r in line if r.end <= start and not any(a <= r.start and r.end <= b for a, b in asides)]
        behind = next((r for r in line if r.start >= end), None)
        if behind:
            gap = self.folded[end : behind.start]
            label = gap.strip() == ":" and not ahead
            if label:
                return tuple(dict.fromkeys(r.who for r in line if r.start >= end))
            if (
                title
                and behind.named
                and re.fullmatch(r"\s?,?\s?(?:vid namn |named )?", gap)
                and not self._claimed(ahead, start, parted="," in gap)
            ):
                if SEVERAL.search(self.folded, max(0, start - 24), end):
                    return tuple(r.who for r in self.group_of(behind, barred) if r.start >= end)
                return (behind.who,)
            several = title and SEVERAL.search(self.folded, max(0, start - 24), end)
            named = list(dict.fromkeys(r.who for r in line if (r.named or r.who == SELF) and r.start >= end))
            if several and not any(r.named for r in ahead) and not barred(end, behind.start) and len(named) > 1:
                return tuple(named) if _NUMBERS.get(several["n"], len(named)) == len(named) else (ALL,)
            verb = re.search(r"[a-z]", gap)
            if (
                not title
                and _TURNED.fullmatch(gap)
                and not barred(end, behind.start)
                and (not ahead or (verb and self._cut(ahead[-1].end, start, barred)))
            ):
                return tuple(r.who for r in self.group_of(behind, barred) if r.start >= end)
        if title and behind and behind.who == SELF and _AS_ME.fullmatch(self.folded[end : behind.start]):
            return tuple(dict.fromkeys((*(r.who for r in ahead[-1:]), SELF)))
        if title and any(r.who not in (SELF, ALL) for r in ahead):
            # `Kim Ek, som vi har hyrt in som strateg`, `hon sitter hos oss som strateg`: one person's.
            while ahead[-1].who == ALL and not _ARE.match(self.folded, ahead[-1].end):
                ahead.pop()
        if not ahead:
            return (ALL,)
        nearest = ahead[-1]
        if nearest.who == SELF and len(ahead) > 1 and _LIKE.search(self.folded, ahead[-2].end, nearest.start):
            return tuple(dict.fromkeys((ahead[-2].who, SELF)))
        gap = self.folded[nearest.end : start]
        group = self.group_of(nearest, barred)
        if len(group) > 1 and self._apposition(gap, title) and group[-1] is nearest:
            return (nearest.who,)
        return tuple(dict.fromkeys(r.who for r in group if r.start <= nearest.start))

    def _claimed(self, ahead: Sequence[Referent], start: int, parted: bool) -> bool:
        """Whether a title belongs to the one before it: `Eva Berg, kulturchef, Bo Ek, …`, and without the first comma
        where it is `parted` from the next.
        """
        return (
            bool(ahead)
            and ahead[-1].named
            and not re.search(r"\b(?:var|min|our|my|the)\b", self.folded[ahead[-1].end : start])
            and bool(
                re.fullmatch(r"\s?[,(–-]\s?(?:[\w-]+\s){0,2}" + r"|\s" * parted, self.folded[ahead[-1].end : start])
            )
        )

    def _cut(self, begin: int, end: int, barred: Barred) -> bool:
        return barred(begin, end) or bool(re.search(r"[,;.]|\b(?:och|men|and|but|samt)\b", self.folded[begin:end]))

    @staticmethod
    def _apposition(gap: str, title: bool) -> bool:
        """`A och B (kultur)`, `A och B, kulturchef`: the last one's; `A och B från kulturenheten` is theirs together."""
        if title:
            return bool(_SOFT.fullmatch(gap)) and not re.search(r"\b(?:bada|bagge|both|alla|all|are)\b", gap)
        return bool(re.fullmatch(r"\s?[,(]\s?(?:(?:fran|pa|from|at|in|i)\s)?(?:\w+\s){0,2}", gap)) and not re.search(
            r"\b(?:bada|both|alla|all|hela|whole)\b", gap
        )
