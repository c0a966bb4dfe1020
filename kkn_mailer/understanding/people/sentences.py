"""What the sentences of a letter do, and who is named in them."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from functools import cached_property, lru_cache

from rapidfuzz import fuzz

from ...domain import Letter
from ...event import Language
from ...folding import fold
from ..acts import Act, Said, said
from ..drafts import Tools
from ..language import language
from ..layout import Layout, read_layout
from ..names import NameMention, is_given
from ..phrasebook import tags_in
from ..referents import SELF, Scope, Spoken
from ..sessions import Choice
from ..text import pattern, sentences
from ..workplace import Workplace

NEAR = 400
"""Characters on either side of a name that are searched for what is said of her."""
MOST_SURNAMES = 20
_SURNAME = pattern("people", "surname")
_OF_HERSELF = re.compile(r"(?i)\b(?:jag|I|mitt|min|my|vi|we)\s(?:\w+\s){0,2}\Z")
NEARLY = 75
"""From this likeness (0 to 100) on one surname may be the other put right."""
_BARE = pattern("people", "bare")
_COUPLE = pattern("people", "couple")
BULLETED = re.compile(r"\s*[-*•·]")


@lru_cache(maxsize=4096)
def folded_parts(name: str) -> tuple[str, ...]:
    return tuple(fold(name).split())


def same(name: str, other: str) -> bool:
    """The same name, or one the other's first name."""
    one, two = folded_parts(name), folded_parts(other)
    return one == two or (1 in (len(one), len(two)) and one[:1] == two[:1])


def _spelt_otherwise(stands: str, told: str) -> bool:
    """Whether a full name may be another put right: with its accents, or with a surname spelt nearly so."""
    one, two = folded_parts(stands), folded_parts(told)
    near = len(one) > 1 and one[0] == two[0] and fuzz.ratio(one[-1], two[-1]) >= NEARLY
    return near and (one != two or not told.isascii())


class Sentences(Workplace):
    """The own words of one letter by sentence."""

    def __init__(self, tools: Tools, letter: Letter, subject: str, registered: tuple[str, ...] = ()) -> None:
        self.registered = registered
        """The names of those who are registered in the letter's thread, as they stand there."""
        self.known = frozenset(parts[0] for name in registered if (parts := folded_parts(name)))
        """Their first names, folded."""
        super().__init__(tools, letter, subject)
        _ = self.sender_name  # who is the sender, by her own words, before anybody is told from her

    @cached_property
    def folded(self) -> str:
        return fold(self.own)

    @cached_property
    def language(self) -> Language:
        return language(self.letter, self.tools.event)

    @cached_property
    def said(self) -> list[Said]:
        """Each sentence of the own words with what it does."""
        word = "i" if self.language == "en" else "jag"
        folded, masks = self.tools.masks(self.own, self.written, self.known, word)
        return said(folded, sentences(folded, self.own), masks, self.tools.acts)

    @cached_property
    def choice(self) -> Choice:
        """What the own words choose."""
        return self.tools.choice(self.own, self.written, self.attends)

    def mail_choice(self) -> Choice:
        """What the mail as a whole chooses: its text, else the subject that its sender wrote."""
        if self.choice.dates or self.choice.open or (self.choice.foreign and self.choice.phrases):
            if (
                self.subject_choice.dates
                and self.choice.dates
                and not self.choice.open
                and set(self.subject_choice.dates) != set(self.choice.dates)
                and not set(self.subject_choice.dates) > set(self.choice.dates)
                and not set(self.choice.dates) > set(self.subject_choice.dates)
            ):
                return replace(self.choice, dates=(), open=True)
            if not self.choice.dates and not self.choice.open and self.subject_choice.dates:
                return self.subject_choice
            return self.choice
        if self.choice.refused and self.subject_choice.dates:
            left = tuple(d for d in self.subject_choice.dates if d not in self.choice.refused)
            return replace(self.subject_choice, dates=left, open=not left, refused=self.choice.refused)
        if self.subject_choice.phrases or self.choice.phrases:
            return self.subject_choice if self.subject_choice.phrases else self.choice
        days = {self.tools.calendar.only(line) for line in self.letter.signature.split("\n")[:9]} - {None, self.written}
        return Choice(tuple(filter(None, days))) if len(days) == 1 else self.choice  # a form filled in line by line

    @cached_property
    def layout(self) -> Layout:
        return read_layout(self.own, self.tools.names)

    # ── what is said at a place ───────────────────────────────────────────────────────────────────────────────────

    def act_at(self, at: int) -> Said | None:
        return next((s for s in self.said if s.start <= at < s.end), None)

    def tags(self, sentence: Said) -> frozenset[str]:
        """The lexicon's lists that a sentence has phrases of."""
        return tags_in(self.folded[sentence.start : sentence.end])

    def p(self, at: int, *acts: Act) -> float:
        sentence = self.act_at(at)
        return sentence.p(*acts) if sentence else 0.0

    def attends(self, at: int) -> float:
        """How likely the words at a place say that somebody comes; in a list of people they do."""
        scope = self.sketch.scope_of(at)
        listed = scope.item and self.in_list(scope.start)
        return max(self.p(at, Act.ATTEND, Act.ALTER), 0.6 if listed else 0.0)

    def before(self, at: int, reach: int = 60) -> str:
        """The folded words before a place, some characters of them."""
        return self.folded[max(0, at - reach) : at]

    def around(self, mention: NameMention) -> tuple[int, int]:
        """The sentence around a name, of a very long one what stands near."""
        sentence = self.act_at(mention.start)
        begin, end = (sentence.start, sentence.end) if sentence else (0, len(self.folded))
        return max(begin, mention.start - NEAR), min(end, mention.end + NEAR)

    # ── who is named ──────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def first_names(self) -> list[NameMention]:
        """First names alone, each with the surname that the text gives her apart: `hon heter Ek i efternamn`."""
        surnames = list(_SURNAME.finditer(self.own))[:MOST_SURNAMES]
        bare = _BARE.match(self.own) if any(" " not in name for name in self.registered) else None
        surnames += [bare] if bare and self.tools.names.may_be(bare[1]) and not is_given(bare[1]) else []
        found = [
            m
            for m in self.tools.names.first_names(self.own, self.full_names, self.known)
            if not any(t.start() < m.start < t.end() for t in surnames)
        ]
        for told in surnames:
            named = [m.name for m in found if m.end <= told.start() < m.end + 160]
            told_so = told.lastindex == 2 or re.search(
                r"(?i)efternamn|last name|surname", self.own[told.start() : told.end() + 14]
            )
            if not named and (whose := self._without_her_name(told)):
                found.append(NameMention(*told.span(), f"{whose} {told[told.lastindex or 0]}"))
            elif named and (told_so or not is_given(told[1].split()[0])):
                whole = f"{named[-1]} {told[told.lastindex or 0]}"
                found = [replace(m, name=whole) if m.name == named[-1] else m for m in found]
        if _COUPLE.search(self.folded) or self.tokens & {fold(m.name).split()[-1] for m in self.full_names}:
            found = [self._with_the_others_surname(m) for m in found]
        return found

    @cached_property
    def put_right(self) -> NameMention | None:
        """One of the thread whose surname is told, and written otherwise than it stands there."""
        told = (m for m in self.first_names if m.full and m.name not in self.registered)
        alone = next((m for m in told if folded_parts(m.name)[0] in self.known), None)
        return alone or self.put_right_in_full

    @cached_property
    def put_right_in_full(self) -> NameMention | None:
        """The same by first name and surname."""
        told = (m for m in self.full_names if not self.is_sender(m.name) and m.name not in self.registered)
        return next((m for m in told if any(_spelt_otherwise(name, m.name) for name in self.registered)), None)

    def _without_her_name(self, told: re.Match[str]) -> str | None:
        """The first name of the one in the thread whose surname is told alone: who has none yet, or one spelt nearly so,
        or the only one besides the sender: `Ekdahl heter hon`."""
        surname = told[told.lastindex or 0]
        if _OF_HERSELF.search(self.own, 0, told.start()) or any(
            m.start < told.end() and m.end > told.start() for m in self.full_names
        ):
            return None
        others = [name for name in self.registered if not self.is_sender(name)]
        bare = [name for name in others if " " not in name]
        near = [name for name in others if fuzz.ratio(folded_parts(name)[-1], fold(surname)) >= NEARLY]
        whose = bare or near or others
        return whose[0].split()[0] if len(whose) == 1 else None

    def _with_the_others_surname(self, mention: NameMention) -> NameMention:
        """The first of a couple with the surname of the other: `Eva och Lars Ek`."""
        joined = re.compile(r" (?:och|o|&|and) ").match(self.folded, mention.end)
        other = next((m.name.split() for m in self.full_names if joined and m.start == joined.end()), [])
        return replace(mention, name=f"{mention.name} {other[1]}") if len(other) == 2 else mention

    @cached_property
    def sketch(self) -> Spoken:
        """The text with everybody named in it, whether she comes or not."""
        people = [(m, SELF if self.is_sender(m.name) else m.name) for m in self.full_names]
        return Spoken(self.own, self.folded, [*people, *((m, m.name) for m in self.first_names)])

    def same_person(self, name: str) -> bool:
        """Whether a name is the sender's own, or nearly."""
        return self.is_sender(name) or self.tools.names.fits(name, self.tokens)

    # ── lists ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _items(self) -> list[Scope]:
        return [s for s in self.sketch.scopes if s.item]

    @cached_property
    def _item_at(self) -> dict[int, int]:
        return {s.start: index for index, s in enumerate(self._items)}

    def in_list(self, start: int) -> bool:
        """Whether the line at `start` is one of several led by names, or stands under a colon."""
        at = self._item_at.get(start)
        if at is None:
            return False
        near = self._items[max(0, at - 1) : at + 2]
        gaps = (self.folded[one.end : other.start] for one, other in itertools.pairwise(near))
        if any(not gap.strip(" -*•·\n") for gap in gaps) or BULLETED.match(self.folded, start):
            return True
        return self.before(start, 20).rstrip().endswith(":")

    def lists(self) -> bool:
        """Whether the mail names several people one a line, or fills in a form with a name and a day."""
        entries = self.layout.entries
        if len(entries) > 1 or any({"name", "date"} <= set(entry.fields) for entry in entries):
            return True
        return sum(self.in_list(s.start) for s in self._items) > 1
