"""Where the sender works: employer and unit, by the text, the signature, the header and the domain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from ..domain import Strength
from ..event import OTHER
from ..folding import fold
from .contacts import phone_in
from .drafts import NOTHING, Draft, Value
from .employers import BUT, EmployerMention, employs_another
from .names import NameMention
from .sender import MYSELF, OTHERS, Sender, anothers, unit_before
from .text import pattern, sentences
from .units import DOES, UnitMention, settle

_SELF_WORK = pattern("workplace", "self_work")
_STATES_PLACE = pattern("workplace", "states_place")
_PUBLIC = pattern("workplace", "public")
_HIRED = pattern("workplace", "hired")
_LENT_TO = pattern("workplace", "lent_to")
_IT_IS = pattern("workplace", "it_is")
_COUNTS_AS = pattern("workplace", "counts_as")
_CAPACITY = pattern("workplace", "capacity")
_FROM = pattern("workplace", "from")
_SIGNS = pattern("workplace", "signs")
_GREETING = pattern("workplace", "greeting")
_ADDRESS = pattern("workplace", "address")
_APPOSITION = pattern("workplace", "apposition")
_UNIT_OF = re.compile(r"\b(?:enheten|avdelningen|unit|department|sektionen|gruppen|teamet|team) (?:for|of) $")
_IS = re.compile(r"^\s*ar(?: \w+)?\s$")
COMES = re.compile(r"[\w\s]{0,40}?\b(?:anmaler|skickar|kommer|deltar|vill|onskar|tar|registers|sends|will|would)\b")
"""Follows a unit that sends its people: `Kulturskolan vill gärna komma`."""
_DOES = re.compile(rf" (?!(?:i|pa|vid|in|at|och)\b|{COMES.pattern})\w")
"""Follows a unit that does something else: `Turistbyrån sa att …`."""
US = re.compile(r"\b(?:vi|oss|we|us|samtliga|alla|bada|both|all)\b")
_CLUTTER = re.compile(r"@|www\.|https?:|personuppgift|skickat fran|gdpr|\.se\b")
_AT = re.compile(r"\b(?:behalf of|fran|from|for|pa|hos|vid|at|with|i)\s(?:\w+\s){0,2}$")
_TAKES = re.compile(
    r"\b(?:kommer|anmal\w*|delta\w*|tar|valjer|boka\w*|skriv\w*|satt\w*|regist\w+|sign|book|put|add|come|coming|attend\w*|join\w*|take|choose)\b"
    r"(?![^;!?\n]{0,300}\b(?:inte|ej|not)\b)[^;!?\n]{0,300}?[^\s,] ?[,–-] (?:the |our )?\Z"
)
_END = re.compile(r"(?:,? (?:i|pa|vid|hos|in|at|for) [\w -]{2,30})?\s*(?:[.!]\s*|\n\s*)?\Z")
"""Before and behind a unit that closes a sentence which registers its writer."""
_IS_ME = re.compile(r"(?: (?:i|pa|at|for)(?: \w+){1,3}?)? (?:e|ar|a) jag?\b")
_THE_BOSS = re.compile(r"(?:chef|boss)en(?! for\b)")
"""One's own boss, whom somebody else than the sender is."""
_WORKS = re.compile(r"\b(?:jobbar|arbetar|anstalld|work\w*|employed)\b")


class _Told(NamedTuple):
    """An employer that the text states: its name, the words, and whether they are said of the sender herself."""

    name: str
    words: str
    herself: bool


class Workplace(Sender):
    """Where the sender of one letter works."""

    def sender(self) -> Draft:
        draft = Draft(is_sender=True)
        draft.name = self.sender_name
        draft.municipality = self.sender_employer
        draft.unit = self.sender_unit
        address = (self.letter.reply_to or self.letter.sender).email
        draft.email = Value(address or None, address, Strength.HEADER)
        number = phone_in(self.letter.signature)
        own_number = phone_in(self.own)
        draft.phone = Value(number or own_number, number or own_number or "")
        return draft

    def invited(self) -> bool:
        """Whether the sender works for one of the event's employers, by the domain or by what the mail states."""
        employers = self.tools.employers
        if any(employers.is_listed_domain(a.domain) for a in (self.letter.sender, self.letter.answer_to)):
            return True
        return self.sender_employer.value in {employer.name for employer in self.tools.event.employers}

    def public(self) -> bool:
        """Whether the sender works in the public sector, by the domain, the signature or what the mail states."""
        employer = self.sender_employer.value or ""
        listed = self.tools.employers.by_domain(self.letter.sender.domain)
        return self.invited() or bool(listed or _PUBLIC.search(fold(f"{employer}\n{self.letter.signature}")))

    # ── the employer ──────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def sender_employer(self) -> Value:
        if (text := self._employer_in_text()).value:
            return text
        if (signature := self._employer_in_signature).value:
            return signature
        person = fold(self.tools.names.display(self.letter.sender) or "").split()
        beside = " ".join(w for w in re.split(r"[\s,()/|-]+", self.letter.sender.name) if fold(w) not in person)
        if beside and (shown := self.employer_in(beside, line=True)):
            return Value(shown, self.letter.sender.name, Strength.HEADER)
        for address in filter(None, (self.letter.sender, self.letter.reply_to)):
            if name := self.tools.employers.by_domain(address.domain):
                return Value(name, address.domain, Strength.DOMAIN)
        if stated := self._stated_organisation:
            return Value(stated, stated)
        if self.subject and (named := self.employer_in(self.subject, line=False)):
            return Value(named, self.subject)
        return NOTHING

    def _employer_in_text(self) -> Value:
        """An employer the sender states as her own: in a sentence about herself or all of them, or right after a unit."""
        if counted := self._counted_as():
            return counted
        told = self._employers_told()
        domain = self.tools.employers.by_domain(self.letter.sender.domain)
        if not told:
            stated = self._stated_organisation if _SELF_WORK.search(fold(self.own)) else None
            return Value(stated, stated) if stated and not domain else NOTHING
        signed = self._employer_in_signature
        backed = [item for item in told if item.name in (signed.value, domain)]
        hers = [item for item in told if item.herself]
        if not backed and not hers and signed.value and not _HIRED.search(fold(f"{self.own} {signed.value}")):
            return signed
        told = backed or hers or told
        return Value(told[0].name, told[0].words) if len({item.name for item in told}) == 1 else NOTHING

    def _employers_told(self) -> list[_Told]:
        """The employers that sentences state as the sender's, or leave open whose; failing those, whom she is lent to."""
        told: list[_Told] = []
        lent: list[_Told] = []
        folded = fold(self.own)
        for start, end in sentences(folded):
            sentence = folded[start:end]
            units = self.tools.units.mentions(sentence)
            spans = [(u.start, u.end) for u in units]
            if not (found := self.tools.employers.mentions(sentence, spans)):
                continue
            colleagues = [m for m in self.names_within(start, end) if not self.is_sender(m.name)]
            for mention in found:
                before = sentence[: mention.start]
                if not mention.certain or self._is_anothers(mention, sentence, units, colleagues):
                    continue
                clause, words = BUT.split(before)[-1], self.own[start + mention.start : start + mention.end]
                if _LENT_TO.search(clause):
                    lent.append(_Told(mention.name, words, True))
                    continue
                stated = _SELF_WORK.search(clause) or _AT.search(clause) or _IT_IS.fullmatch(clause)
                if stated or any(0 <= mention.start - unit < 16 for _, unit in spans):
                    piece = re.split(r"[.;!?,]|\b(?:men|but|som|who)\b", before)[-1]
                    told.append(_Told(mention.name, words, bool(_SELF_WORK.search(piece))))
        return told or lent

    def _is_anothers(
        self,
        mention: EmployerMention,
        sentence: str,
        units: Sequence[UnitMention],
        colleagues: Sequence[NameMention],
    ) -> bool:
        """Whether an employer in a sentence is somebody else's, only a town, or the house of a session."""
        before, words = sentence[: mention.start], sentence[mention.start : mention.end]
        unit = unit_before(mention.start, units)
        if employs_another(sentence, mention.start, mention.end) or anothers(sentence, unit):
            return True
        if self.tools.employers.place(words, anywhere=False):  # a bare place
            if not _STATES_PLACE.search(before) and not (unit and unit.end + 1 >= mention.start):
                return True
            house = unit and not unit.is_title and self._of_a_region()
            if self._employed_elsewhere(mention.name) and (house or not _WORKS.search(before)):
                return True
        if any(c.end <= mention.start and not US.search(sentence, c.end, mention.start) for c in colleagues):
            return True
        return self.tools.is_session_place(sentence, mention.start, mention.end)

    def _counted_as(self) -> Value | None:
        """The employer the sender asks to be written down for: `skriv mig som Flen`; a session's city is the session."""
        folded, cities = fold(self.own), {fold(session.city) for session in self.tools.event.sessions}
        for m in self.tools.employers.mentions(folded, None, line=True):
            match = _COUNTS_AS.search(folded[max(0, m.start - 50) : m.start])
            session = folded[m.start : m.end] in cities or self.tools.is_session_place(folded, m.start, m.end)
            if match and not (match.group().endswith(("under ", "pa ")) and session):
                return Value(m.name, self.own[m.start : m.end])
        return None

    @cached_property
    def _employer_in_signature(self) -> Value:
        loose: list[tuple[str, str]] = []
        organisation: tuple[str, str] | None = None
        domain = self.letter.sender.domain
        for line in self.letter.signature.split("\n"):
            folded = fold(line)
            if not folded.strip() or re.search(r"personuppgift|gdpr|skickar e-post|disclaimer|@|www", folded):
                continue
            if name := self._signed(line):
                folded = folded.replace(fold(name), " " * len(name))
            units = [(u.start, u.end) for u in self.tools.units.mentions(folded, line=True)]
            found = self.tools.employers.mentions(folded, units, line=True)
            address = _ADDRESS.search(folded)
            for mention in found:
                known = mention.end - mention.start > len(fold(mention.name)) + 3 or not self.tools.employers.place(
                    folded[mention.start : mention.end], anywhere=False
                )
                if known:
                    return Value(mention.name, line.strip(), Strength.SIGNATURE)
                if not address:
                    loose.append((mention.name, line.strip()))
            other = self.organisation(line, domain)
            if other and not organisation and not address and not self._signed(line):
                organisation = (other, line.strip())
        best = organisation or (loose[0] if loose and not self._employed_elsewhere(loose[0][0]) else None)
        return Value(best[0], best[1], Strength.SIGNATURE) if best else NOTHING

    def _of_a_region(self) -> bool:
        """Whether the sender's domain is a region's, whose houses stand in many towns: `BUP i Flen` is no municipality's."""
        name = self.tools.employers.by_domain(self.letter.sender.domain)
        return name is not None and self.tools.employers.place(fold(name), anywhere=False) is None

    def _employed_elsewhere(self, place: str) -> bool:
        """Whether a bare place in a signature is only where she sits: her domain is another invited employer's."""
        domain = self.letter.sender.domain
        return self.tools.employers.is_listed_domain(domain) and self.tools.employers.by_domain(domain) != place

    # ── the unit ──────────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def sender_unit(self) -> Value:
        in_text = self._own_units(self.own)
        signature = self._signature_units
        told = settle([*in_text[0], *signature[0]])
        titles_in_text = [m for m in in_text[0] if m.is_title]
        if titles_in_text and (own := settle(in_text[0])) and own != "other":
            told = own
        signed = settle(signature[0])
        if told and signed and OTHER not in (told, signed) and told != signed and not self._works_as(in_text[0]):
            return Value(signed, signature[1], Strength.SIGNATURE)
        shown = self.tools.units.mentions(fold(self.letter.sender.name), line=True)
        if not self.tools.names.display(self.letter.sender):
            shown = [mention for mention in shown if not mention.is_title]
        neutral = not any(m.kinds for m in (*in_text[0], *signature[0]))
        if told and not (neutral and settle(shown)):
            words_ = in_text[1] if titles_in_text or not signature[0] else signature[1]
            return Value(told, words_ or in_text[1], Strength.TEXT if in_text[0] else Strength.SIGNATURE)
        if not neutral:
            return Value(None, in_text[1] or signature[1])
        if value := settle(shown):
            return Value(value, self.letter.sender.name, Strength.HEADER)
        if value := settle(self._units_in_subject()):
            return Value(value, self.subject)
        return NOTHING

    def _units_in_subject(self) -> list[UnitMention]:
        """What stands beside the sender's own name in a subject she wrote: `Anmälan: Eva Berg, kulturchef, Flen`."""
        folded = fold(self.subject)
        names = [m for m in self.tools.names.mentions(self.subject, self.titles) if self.is_sender(m.name)]
        units = self.tools.units.mentions(folded, line=True) if names else []
        return [m for m in units if any(_belongs(folded, m, name) for name in names)]

    def _works_as(self, mentions: Sequence[UnitMention]) -> bool:
        """Whether the words before a unit say that the sender herself belongs there."""
        before = ((m, re.split(r"[.;!?\n]", fold(self.own)[: m.start])[-1]) for m in mentions)
        return any(_SELF_WORK.search(clause) or (m.is_title and _IS.search(clause)) for m, clause in before)

    def _own_units(self, text: str) -> tuple[list[UnitMention], str]:
        """Units and titles in running text that the sender claims for herself or for all of them."""
        kept: list[UnitMention] = []
        folded = fold(text)
        for start, end in sentences(folded, text):
            sentence, names = folded[start:end], self.names_within(start, end)
            colleagues = [m for m in names if not self.is_sender(m.name)]
            if (name := self.sender_name.value) and (at := sentence.find(fold(name))) >= 0:
                names.append(NameMention(at, at + len(name), name))
            hers = [m for m in names if self.is_sender(m.name)]
            for unit in self.tools.units.mentions(sentence, line=len(sentence.split()) <= 4):
                if self._claims(sentence, unit, hers, colleagues):
                    kept.append(UnitMention(start + unit.start, start + unit.end, unit.kinds, unit.is_title))
        kept = [m for m in kept if _CAPACITY.search(folded, max(0, m.start - 60), m.start)] or kept
        return kept, ", ".join(text[m.start : m.end] for m in kept)

    def _claims(
        self, sentence: str, unit: UnitMention, hers: Sequence[NameMention], colleagues: Sequence[NameMention]
    ) -> bool:
        """Whether a sentence says of a unit that it is the sender's, and of none of the colleagues it names."""
        before = sentence[: unit.start]
        if _THE_BOSS.match(sentence, unit.start, unit.end + 4) and not _IS.search(before):
            return False
        mine = bool(MYSELF.search(before)) or self._signs(before) or self._led_by_employer(before)
        work = re.search(f"{DOES.pattern}$", before[-80:])
        mine = mine or bool(
            _IS_ME.match(sentence, unit.end) or (work and (not work["other"] or work["other"] in self.tokens))
        )
        if any(n.end <= unit.start and not sentence[n.end : unit.start].strip(" ,(") for n in hers):
            return True
        if any(_belongs(sentence, unit, c) for c in colleagues) or (OTHERS.search(before) and not mine):
            return False
        if mine or any(_belongs(sentence, unit, n) for n in hers) or (unit.is_title and hers and not colleagues):
            return True
        alone = not _GREETING.sub("", before, count=1).strip(" \n-–,/") and len(sentence) < 140
        does = _DOES.match(sentence, unit.end) and not self._names_employer(sentence[unit.end :])
        if alone and (unit.is_title or not does):
            return True
        if any(c.end <= unit.start for c in colleagues) and not US.search(sentence):
            return False
        if not colleagues and self._closes(sentence, unit):
            return True
        clause = re.split(r"[;!?]|\bmen\b|\bbut\b", before)[-1]
        return bool(_SELF_WORK.search(clause[-90:]) or (_IS if unit.is_title else _FROM).search(clause))

    def _closes(self, sentence: str, unit: UnitMention) -> bool:
        """Whether a unit closes a sentence, behind the day that its writer takes: `Jag kommer den 12:e, kultur.`"""
        taken = _TAKES.search(sentence, 0, unit.start)
        piece = sentence[: unit.start].rstrip(" ,-–").rpartition(",")[2] if taken else ""
        houses = " ".join(f"{s.venue} {s.address} {' '.join(s.aliases)}" for s in self.tools.event.sessions)
        if re.search(rf"\b{re.escape(sentence[unit.start : unit.end][:4])}", fold(houses)):
            return False  # `den 12:e, museet` may be where it is held
        return bool(piece and _END.match(sentence, unit.end) and self.tools.days(piece, self.written))

    def _signs(self, before: str) -> bool:
        """`tar onsdagen. hodan, biblioteket`: the words before a unit are the sender's own name."""
        name = _SIGNS.search(before)
        return name is not None and name[1] in self.tokens

    def _led_by_employer(self, before: str) -> bool:
        """`Flens kommun, biblioteket`: nothing but an employer stands before a unit in its sentence."""
        return self._names_employer(_UNIT_OF.sub("", before))

    def _names_employer(self, words: str) -> bool:
        """Whether some words are an employer's name and nothing else."""
        named = self.tools.employers.mentions(words, None, line=True) if len(words) < 40 else []
        return bool(named) and not (words[: named[0].start] + words[named[0].end :]).strip(" \n-–,/.!")

    @cached_property
    def _signature_units(self) -> tuple[list[UnitMention], str]:
        """The units and titles of the signature, with the lines that have them."""
        kept: list[UnitMention] = []
        said: list[str] = []
        for line in self.letter.signature.split("\n"):
            folded = fold(line)
            if not folded.strip() or _CLUTTER.search(folded) or len(line) > 110:
                continue
            name = fold(self._signed(line) or "")
            houses = [m for m in self.tools.employers.mentions(folded, None, line=True) if m.certain]
            organisation = fold(self.organisation(line, self.letter.sender.domain) or "")
            house = organisation == folded.strip() and re.search(r"museum|museet|teater|forening|stift|ab\b", folded)
            for unit in self.tools.units.mentions(folded, line=True):
                if unit.kinds == {OTHER} and any(m.start <= unit.start < m.end for m in houses):
                    continue
                in_name = unit.start < len(name) and folded.startswith(name[: unit.end])
                if in_name or (not unit.is_title and ((house and kept) or len(folded.split()) > 12)):
                    continue
                kept.append(unit)
                said.append(line.strip())
        return kept, ", ".join(dict.fromkeys(said))


def _belongs(sentence: str, mention: UnitMention, name: NameMention) -> bool:
    """A title in apposition: `Name, title`, `Name (title)`, `Name som är title`, `title Name`."""
    if name.end > mention.start:
        gap = sentence[mention.end : name.start]
        return mention.is_title and bool(re.fullmatch(r"\s?(?:,|-|:)?\s?(?:vid namn )?", gap))
    gap = sentence[name.end : mention.start]
    turned = len(gap) >= 60 or re.search(r"[.;!?]|(?<!-)(?<!- )\b(?:och|jag|mig|samt|and)\b", gap)
    return not turned and bool(_APPOSITION.fullmatch(gap))
