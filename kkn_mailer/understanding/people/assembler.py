"""The people of one letter, put together from what was found."""

from __future__ import annotations

import re

from ...event import OTHER
from ...folding import fold
from ..contacts import email_in, phone_in
from ..drafts import NOTHING, Draft, Value
from ..names import NameMention, is_full
from ..referents import ALL
from ..text import pattern
from ..units import UnitMention, settle
from .counted import NAMELESS
from .days import date_each
from .diets import share_diets
from .herself import Herself
from .listed import listed
from .sentences import same

_ATTACHED_LIST = pattern("people", "attached_list")
_REGISTRATION = re.compile(r"\b(?:anmal\w*|blankett\w*|registration\w*|form)\b")
_COLLEAGUES = re.compile(r"kolleg|colleag|medarbet|cowork")
_SAME_UNIT = re.compile(
    r"\b(?:samma|same) (?:enhet|avdelning|kontor|grupp|team|gang|arbetslag|sektion|forvaltning|unit|department|office|section|division)\b"
)
_COMPANY = re.compile(r"\b(?:AB|HB|KB|Ltd|Inc)\b")
_AND_OTHERS = re.compile(r"\bm\.? ?fl\b|\bmed flera\b|\bet al\b")


class Assembler(Herself):
    """Makes people of one letter."""

    def people(self) -> list[Draft]:
        """Everyone the mail registers, the sender among them if she attends."""
        sender, layout = self.sender(), self.layout
        drafts = listed(self, layout, sender) if layout.entries else self._prose(sender)
        share_diets(self, drafts, layout)
        return drafts

    def attached(self) -> Draft:
        """Who a registration that is only attached is for: the sender, unless it is a list, or somebody else's."""
        person = is_full(self.tools.names.display(self.letter.sender))
        if not person or _ATTACHED_LIST.search(self.folded) or self.stays_away() or self._from_a_house():
            return Draft(municipality=self.sender_employer, unit=self.common_unit())
        return self.sender()

    def _from_a_house(self) -> bool:
        """Whether it is an employer's registration, and nobody's own: `anmälan från Flens kommun i bifogad fil`."""
        scopes = (self.spoken.scope_of(fact.start) for fact in self.employer_facts if ALL in fact.owners)
        return any(_REGISTRATION.search(self.folded, scope.start, scope.end) for scope in scopes)

    def _prose(self, sender: Draft) -> list[Draft]:
        common = self.common_unit()
        drafts = self._named_ones(sender, common)
        group = self._group(len(drafts))
        attends = self.sender_comes(len(drafts), group)
        if attends:
            if not sender.unit.value or (sender.unit.value == OTHER and common.value and self._only_neutral()):
                sender.unit = common
            drafts.insert(0, sender)
        if group:
            drafts.append(self._fellows(group, sender, common, attends))
        if not drafts:
            drafts.append(sender if not self.stays_away() else Draft(municipality=sender.municipality))
        date_each(self, drafts)
        return drafts

    def _named_ones(self, sender: Draft, common: Value) -> list[Draft]:
        """Those named in the text who come, or to whom it gives a day; and who signs beside the sender."""
        known = [c.name for c in self.colleagues]
        dated = {owner for fact in self.day_facts for owner in fact.owners} - {*known}
        others = (
            m
            for m in self.full_names
            if m.name in dated and not self.is_sender(m.name) and not self.is_source(m) and not self.regrets(m)
        )
        come = (*self.colleagues, *{m.name: m for m in others}.values())
        drafts = [self.colleague(mention, sender, common) for mention in come]
        if (other := self.cosigner) and not any(same(other, name) for name in known) and self.we_come():
            unit = NOTHING if any(m.is_title for m in self._signature_units[0]) else sender.unit
            drafts.append(Draft(Value(other, other), sender.municipality, common if common.value else unit))
        return drafts

    def _fellows(self, count: int, sender: Draft, common: Value, attends: bool) -> Draft:
        """Those who come without being named, as one."""
        told = [f.what for f in self.unit_facts if "#" in f.owners]
        value = settle([m for m in told if isinstance(m, UnitMention)])
        unit = Value(value, "") if value else common
        if not unit.value and not attends and not self.tools.names.display(self.letter.sender):
            unit = sender.unit
        return Draft(municipality=sender.municipality, unit=unit, count=count)

    def _only_neutral(self) -> bool:
        """Whether the sender has told nothing of her work but a title that any unit has."""
        return not any(m.kinds for m in (*self._own_units(self.own)[0], *self._signature_units[0]))

    def _group(self, named: int) -> int:
        """How many come without being named."""
        if not self.nameless:
            return int(bool(self.colleagues and _AND_OTHERS.search(self.folded)))
        mention, count = self.nameless.mention, self.nameless.count
        if self.nameless.with_sender:
            return max(0, count - named - (self.says_she_comes() or (0 < named < count and self.we_come())))
        if named and count == 1 and NAMELESS.match(self.folded, mention.start):
            return 0
        colleagues = _COLLEAGUES.search(self.folded, mention.start, mention.end)
        return max(0, count - named) if colleagues else count

    def colleague(self, mention: NameMention, sender: Draft, common: Value) -> Draft:
        """A named colleague with what is said of her, else of all of them; the sender's employer unless told."""
        words = self._words_about(mention)
        beside = _SAME_UNIT.search(self.before(mention.start, 50) + fold(words))
        fellow = beside or any(
            {mention.name, ALL} & {*self.spoken.owners(*m.span())} for m in _SAME_UNIT.finditer(self.folded)
        )
        return Draft(
            name=Value(mention.name, mention.name),
            municipality=self._employer_of(mention.name, words, sender),
            unit=self._unit_of(mention.name, sender.unit if fellow else common),
            email=Value(email_in(words)),
            phone=Value(phone_in(words)),
        )

    def _unit_of(self, name: str, common: Value) -> Value:
        keys = {name, "#"} if self.called and len(self.colleagues) == 1 else {name}
        told = [f.what for f in self.unit_facts if keys & {*f.owners} and isinstance(f.what, UnitMention)]
        value = settle(told)
        neutral = value == OTHER and not any(m.kinds for m in told)
        around = common if not neutral or common.value or common.words else self.house_unit
        if not told or (neutral and (around.value or around.words)):
            return around
        return Value(value, ", ".join(self.own[m.start : m.end] for m in told))

    def _employer_of(self, name: str, words: str, sender: Draft) -> Value:
        if name in self.employers_before:
            return self.employers_before[name]
        told = {str(f.what): self.own[f.start : f.end] for f in self.employer_facts if name in f.owners}
        if len(told) == 1 and not _COMPANY.search(words):
            return Value(*next(iter(told.items())))
        pieces = (piece.strip(" ).") for piece in re.split(r"[,;(\n]", words.split("\n")[0]))
        named = (p for p in pieces if p[:1].isupper() and len(p.split()) <= 6)
        organisation = next(filter(None, (self.organisation(p, "") for p in named)), None)
        if organisation or not told:
            return Value(organisation, words) if organisation else sender.municipality
        return Value(*next(iter(told.items()))) if len(told) == 1 else sender.municipality

    def _words_about(self, mention: NameMention) -> str:
        """The words from a colleague's name to the next person's, or the sentence's end; and later sentences that name her."""
        scope = self.spoken.scope_of(mention.start)
        after = [r.start for r in self.spoken.within(mention.end, scope.end) if r.who != mention.name]
        first = re.compile(rf"\b{re.escape(fold(mention.name).split()[0])}s?\b")
        later = (s for s in self.said if s.start > mention.start and first.search(self.folded, s.start, s.end))
        spans = [(mention.end, min(after, default=scope.end)), *((s.start, s.end) for s in later)]
        return "\n".join(self.own[a:b] for a, b in spans)
