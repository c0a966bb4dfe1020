"""Whose each day, unit and employer is that a letter names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ...event import OTHER
from ...folding import fold
from ..acts import Act
from ..drafts import NOTHING, Value
from ..employers import BELONGINGS, BUT
from ..names import NameMention
from ..referents import ALL, MYSELF_LISTED, SELF, SEVERAL, Barred, Referent, Scope, Spoken
from ..sender import OTHERS
from ..sessions import Phrase
from ..text import pattern, sentences, tokens
from ..units import STAFF, UnitMention, settle
from ..workplace import COMES, US
from .counted import Counted
from .sentences import same

_HELD_AT = re.compile(r"\s(?:hos|pa|vid|at)\s(?:the\s)?$")
"""Between a day and the house it is held in: `den 12:e hos museet`."""
_IN_TURN = re.compile(r"\b(?:respektive|resp|respectively)\b")
_EVERYONE = pattern("people", "everyone")
_WHOLE = re.compile(r"\b(?:hela|whole|entire) (?:vart |var |our )?$")
_THEIR_PEOPLE = pattern("people", "their_people")
_THEIR = re.compile(
    rf"\b{STAFF}\s(?:pa|vid|i|inom|fran|at|in|of|from|on)\s(?:\w+\s){{0,2}}$"
    r"|\b(?:av|of) (?:mina|vara|my|our)\s(?:\w+\s(?:fran|pa|from|in)\s)?$"
)
_OWN_PEOPLE = re.compile(rf"\s(?:\w+\s)?{STAFF}\b")
_FOR = pattern("people", "for_place")
_PASSING = pattern("workplace", "passing")
_HEAD = pattern("people", "place_heads")
_NEXT_CELL = re.compile(r"\s[-–—]\s|[;|\t]")
_DEFINITE = re.compile(r"[\w-]+?(?:(?<![mi])an|(?<!m)en)$")
"""`Kocken brukar ordna det`: whoever that is, it is not the one who writes."""
_FROM = re.compile(r"\b(?:(?:fran|from)\s(?:\w+\s){0,2}|harifran\s)$")


@dataclass(frozen=True, slots=True)
class Fact:
    """A value found in the text: where, what, and whose."""

    start: int
    end: int
    what: UnitMention | Phrase | str
    owners: tuple[str, ...]
    heading: bool = False
    """Whether it stands over the lines of its owners."""


class Facts(Counted):
    """The days, units and employers that one letter names, each with those it is said of."""

    @cached_property
    def spoken(self) -> Spoken:
        """The text with those who come and whoever else is named, each by a key of her own."""
        people = [(m, self._key_of(m)) for m in (*self.full_names, *self.first_names)]
        people += self._named_again({m.start for m, _ in people})
        if self.nameless:
            people.append((self.nameless.mention, "#"))
        return Spoken(self.own, self.folded, people)

    def _key_of(self, mention: NameMention) -> str:
        if self.is_sender(mention.name):
            return SELF
        known = (m.name for m in (*self.colleagues, *self.full_names))
        return next((name for name in known if same(name, mention.name)), mention.name)

    def _named_again(self, taken: set[int]) -> list[tuple[NameMention, str]]:
        """Where those named in full are called by their first names later on."""
        bearers: dict[str, list[NameMention]] = {}
        for mention in self.full_names:
            bearers.setdefault(fold(mention.name).split()[0], []).append(mention)
        found = []
        for token in tokens(self.folded) if bearers else ():
            at, word = token.start(), token.group()
            named = bearers.get(word) or bearers.get(word.removesuffix("s")) or []
            again = next((m for m in named if m.end <= at), None)
            if again and at not in taken and self.own[at].isupper():
                key = SELF if self.is_sender(again.name) else again.name
                found.append((NameMention(at, token.end(), again.name), key))
        return found

    # ── days ──────────────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def phrases(self) -> list[Phrase]:
        """The days that are accepted somewhere in the text."""
        mentions = self.tools.days(self.folded, self.written)
        accepted = self.tools.calendar.accepted(self.folded, mentions, self.attends)
        return [p for p in accepted if self.attends(p.start) >= 0.3] or accepted

    @cached_property
    def day_facts(self) -> list[Fact]:
        """The accepted days; one over lines led by names is of those who have none in their line."""

        def barred(a: int, b: int) -> bool:
            return any(a <= phrase.start < b for phrase in self.phrases)

        facts: list[Fact] = []
        heading: Phrase | None = None
        under = set[str]()
        for index, scope in enumerate(self.spoken.scopes):
            inside = [p for p in self.phrases if scope.start <= p.start < scope.end]
            line = self.spoken.within(scope.start, scope.end)
            if len(inside) == 1 and not line and self.heads(index):
                heading = inside[0]
                continue
            mine = MYSELF_LISTED.match(self.folded, scope.start)
            listed = {r.who for r in line if r.named or mine}
            if (not scope.item and line) or (listed <= under and not self._goes_on(index)):
                heading = None  # what is told of them below their lists
            if heading and (scope.item or mine) and not inside:
                facts += [Fact(heading.start, heading.end, heading, (who,), True) for who in listed]
                under |= listed
            facts += [Fact(p.start, p.end, p, self._owners(index, p, barred)) for p in inside]
        return self._in_turn(facts)

    def _owners(self, index: int, fact: Phrase | UnitMention, barred: Barred, title: bool = False) -> tuple[str, ...]:
        """Whose a fact in a scope is: in a block of lines below a name, hers; in a line led by a name, not the sender's
        who only tells of it there (`Kim Ek – jag har inte hennes nummer – den 6:e`).
        """
        scope, before = self.spoken.scopes[index], index
        owners = self.spoken.owners(fact.start, fact.end, barred, title)
        if owners == (SELF,) and scope.item:
            line = self.spoken.within(scope.start, fact.start)
            told = (
                line
                and line[0].named
                and not line[-1].named
                and _NEXT_CELL.search(self.folded, line[-1].end, fact.start)
            )
            return (line[0].who,) if told else owners
        while owners == (ALL,) and before and not self.spoken.scopes[before].item and self._goes_on(before):
            before -= 1
            lead = self.spoken.scopes[before]
            people = [r.who for r in self.spoken.within(lead.start, lead.end)]
            if lead.item and len({*people}) == 1 and self._blocks > 1 and not barred(lead.start, lead.end):
                return (people[0],)
            owners = (ALL,) if not people else ()
        return owners or (ALL,)

    def _goes_on(self, index: int) -> bool:
        """Whether a scope follows the one before it without a blank line between."""
        before, scope = self.spoken.scopes[index - 1 : index + 1] if index else (None, self.spoken.scopes[index])
        text = self.folded[scope.start : scope.end]
        return before is not None and "\n\n" not in (
            self.folded[max(before.start, before.end - 3) : scope.start] + text[: len(text) - len(text.lstrip())]
        )

    @cached_property
    def _blocks(self) -> int:
        """How many lines begin with a name and stand apart or below one another."""
        return sum(scope.item for scope in self.spoken.scopes)

    def _in_turn(self, facts: list[Fact]) -> list[Fact]:
        """`A och B kommer den 12:e respektive den 14:e`: the first one's, then the second one's."""
        for first, last in itertools.pairwise(facts):
            turns = _IN_TURN.search(self.folded, first.end, last.end + 16)
            if turns and len(first.owners) == 2 and first.owners == last.owners and last.start - first.end < 40:
                at = facts.index(first)
                facts[at : at + 2] = [replace(first, owners=first.owners[:1]), replace(last, owners=last.owners[1:])]
        return facts

    def heads(self, index: int) -> bool:
        """Whether a scope is a heading: a short line over lines that begin with names."""
        scope = self.spoken.scopes[index]
        following = self.spoken.scopes[index + 1 : index + 2]
        text = self.folded[scope.start : scope.end].strip()
        below = index > 0 and self.spoken.scopes[index - 1].item and self._goes_on(index)
        if following and below and ("\n" in text or not self._goes_on(index + 1)):
            return False  # the last lines of a block below a name
        return bool(following) and following[0].item and len(text) < 70 and not text.endswith((".", "!", "?"))

    # ── units and employers ───────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def unit_facts(self) -> list[Fact]:
        """Units and titles in the text that are somebody's besides the sender's alone."""
        facts: list[Fact] = []
        heading: list[UnitMention] = []
        for index, scope in enumerate(self.spoken.scopes):
            line = self.spoken.within(scope.start, scope.end)
            heads = not line and self.heads(index)
            found = self._units_in(scope, heads)
            if over := found if heads else self._over_a_list(index, found):
                heading = over
                continue
            if heading and scope.item and not any(m.kinds for m in found):
                facts += [Fact(m.start, m.end, m, (r.who,)) for m in heading for r in line if r.named]
            if not scope.item and line:
                heading = []
            facts += [self._unit_fact(index, m, found) for m in found if not self._names_or_houses(m, line)]
        return facts

    def _over_a_list(self, index: int, found: Sequence[UnitMention]) -> list[UnitMention]:
        """The titles of several that a sentence with a colon gives those listed below: `våra två nya rektorer:`."""
        scope, below = self.spoken.scopes[index], self.spoken.scopes[index + 1 : index + 2]
        if not (below and below[0].item and self.folded[: scope.end].rstrip().endswith(":")):
            return []
        return [m for m in found if m.is_title and SEVERAL.search(self.folded, max(scope.start, m.start - 24), m.end)]

    def _units_in(self, scope: Scope, heads: bool) -> list[UnitMention]:
        """The units that a scope names, besides those in an employer's name."""
        at = scope.start
        units = self.tools.units.mentions(self.folded[at : scope.end], scope.item or heads)
        shifted = (UnitMention(m.start + at, m.end + at, m.kinds, m.is_title) for m in units)
        return [m for m in shifted if not self._in_employer(m.start)]

    def _in_employer(self, at: int) -> bool:
        return any(f.start <= at < f.end for f in self.employer_facts)

    def _names_or_houses(self, mention: UnitMention, line: Sequence[Referent]) -> bool:
        """Whether a unit is a word of somebody's name, or the house in which a day is held."""
        if any(r.start <= mention.start and mention.end <= r.end for r in line):
            return True
        held = _HELD_AT.search(self.folded, max(0, mention.start - 10), mention.start)
        return held is not None and not mention.is_title and any(p.end == held.start() for p in self.phrases)

    def _unit_fact(self, index: int, mention: UnitMention, among: Sequence[UnitMention]) -> Fact:
        def barred(a: int, b: int) -> bool:
            return any(a <= m.start < b and m is not mention for m in among)

        owners = self._owners(index, mention, barred, mention.is_title)
        return Fact(mention.start, mention.end, mention, owners)

    @cached_property
    def employer_facts(self) -> list[Fact]:
        """Employers named in the text, with whose they are."""
        facts: list[Fact] = []
        for scope in self.spoken.scopes:
            piece = self.folded[scope.start : scope.end]
            found = self.tools.units.mentions(piece)
            for m in self.tools.employers.mentions(piece, [(u.start, u.end) for u in found], line=False):
                bare = m.end - m.start < len(m.name) + 2 and self._of_a_region()
                house = bare and any(not u.is_title and 0 <= m.start - u.end < 16 for u in found)
                passing = _PASSING.search(BUT.split(piece[: m.start])[-1]) or BELONGINGS.match(piece, m.end)
                at, end = scope.start + m.start, scope.start + m.end
                if not m.certain or house or passing or self.tools.is_session_place(self.folded, at, end):
                    continue
                facts.append(Fact(at, end, m.name, self.spoken.owners(at, end)))
        return facts

    @cached_property
    def employers_before(self) -> dict[str, Value]:
        """The employers that stand before names, of those who follow: `från Flen Kim Ek och från museet Bo Al`, and headings."""
        found: dict[str, Value] = {}
        heading: Value | None = None
        for index, scope in enumerate(self.spoken.scopes):
            people = [r for r in self.spoken.within(scope.start, scope.end) if r.named and r.who not in (SELF, "#")]
            if not people or not scope.item:
                heading = self._heads_of(scope) if self.heads(index) else None
            current = heading
            for begin, person in zip([scope.start, *(r.end for r in people)], people, strict=False):
                told = _FOR.search(self.own, begin, person.start)
                current = (told and self._employer_named(told["place"], told.start("place"))) or current
                if current:
                    found.setdefault(person.who, current)
        return found

    def _heads_of(self, scope: Scope) -> Value | None:
        head = _HEAD.fullmatch(self.own[scope.start : scope.end].strip())
        return self._employer_named(head["place"] or head[0].strip(" :"), scope.start + 1) if head else None

    def _employer_named(self, place: str, at: int) -> Value | None:
        """The employer that words for one name at a place, a company or one that is known; a session's town is none."""
        if any(p.start <= at < p.end for p in self.choice.phrases):
            return None
        name = self.organisation(place, "") or self.employer_in(place, line=True)
        return Value(name, place) if name else None

    # ── the sender's unit, and everybody's ────────────────────────────────────────────────────────────────────────

    def _own_units(self, text: str) -> tuple[list[UnitMention], str]:
        """What the sender claims for herself in running text, and what stands beside her own name in a list."""
        kept, words_ = super()._own_units(text)
        others = {f.start for f in self.unit_facts if not self._may_be_hers(f)}
        kept = [m for m in kept if m.start not in others and not self._in_employer(m.start)]
        if not kept:
            kept = [f.what for f in self.unit_facts if isinstance(f.what, UnitMention) and self._is_hers(f, f.what)]
            words_ = ", ".join(self.own[m.start : m.end] for m in kept)
        return kept, words_

    def _may_be_hers(self, fact: Fact) -> bool:
        """Whether a unit is said of the sender, or of all without a colleague named before it in its sentence."""
        scope = self.spoken.scope_of(fact.start)
        before = self.spoken.within(scope.start, fact.start)
        named = any(r.named and r.who not in (SELF, "#") for r in before)
        return SELF in fact.owners or (ALL in fact.owners and not named)

    def _is_hers(self, fact: Fact, unit: UnitMention) -> bool:
        """Whether a unit stands beside the sender: a title, or what is in her line of a list."""
        if SELF not in fact.owners or not unit.kinds - {OTHER} or OTHERS.search(self.before(fact.start)):
            return False
        definite = _DEFINITE.match(self.folded, fact.start, fact.end) or self.before(fact.start).endswith(" the ")
        return (unit.is_title and not definite) or self.spoken.scope_of(fact.start).item

    def common_unit(self, text: str | None = None) -> Value:
        """A unit said of all of them: `vi på kulturenheten`, `från näringslivsavdelningen kommer`, a heading."""
        text = self.own if text is None else text
        folded, unsettled = fold(text), NOTHING
        for start, end in sentences(folded):
            for mention in self._units_of_all(folded[start:end], self.p(start, Act.ATTEND) >= 0.3):
                told = Value(settle([mention]), text[start + mention.start : start + mention.end])
                if told.value:
                    return told
                unsettled = unsettled if unsettled.words else told
        if not unsettled.words and self.subject and text is self.own:
            subject, theirs = fold(self.subject), fold(self.tools.event.name)
            units = [m for m in self.tools.units.mentions(subject, line=True) if m.kinds and not m.is_title]
            houses = [m for m in self.tools.employers.mentions(subject) if m.certain]
            units = [m for m in units if not any(h.start <= m.start < h.end for h in houses)]
            titled = [m for m in units if not re.search(rf"\b{re.escape(subject[m.start : m.end])}\b", theirs)]
            if (value := settle(titled)) and value != OTHER:
                return Value(value, self.subject)
        return unsettled

    @cached_property
    def house_unit(self) -> Value:
        """The unit whose mailbox a letter comes from, by its name or what it signs with: that of those it sends."""
        name = self.letter.sender.name
        if self.tools.names.display(self.letter.sender):
            return NOTHING
        shown = [*self.tools.units.mentions(fold(name), line=True), *self._signature_units[0]]
        shown += [f.what for f in self.unit_facts if f.owners == (ALL,) and isinstance(f.what, UnitMention)]
        units = [m for m in shown if not m.is_title and m.kinds]
        return Value(settle(units), name) if units else NOTHING

    def _units_of_all(self, sentence: str, comes: bool) -> Iterator[UnitMention]:
        """The units that a sentence says of all of them; `comes`: it says that somebody comes."""
        houses = [m for m in self.tools.employers.mentions(sentence) if m.certain]
        for mention in self.tools.units.mentions(sentence):
            if not mention.kinds or any(m.start <= mention.start < m.end for m in houses):
                continue
            before, after = sentence[: mention.start], sentence[mention.end :]
            staff = _THEIR.search(before) or (sentence[: mention.end].endswith("s") and _OWN_PEOPLE.match(after))
            everyone = staff or _EVERYONE.search(before) or (_WHOLE.search(before) and self.brings_others())
            others = not staff and OTHERS.search(before) and not US.search(before)
            if others or (mention.is_title and not everyone):
                continue
            sends = _FROM.search(before) or (not before.strip() and COMES.match(after))
            if everyone or _THEIR_PEOPLE.match(after) or US.search(sentence) or (comes and sends):
                yield mention
