"""Who the sender is by name: by the text, the signature, the header and the address."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from ..domain import Letter, Strength
from ..event import OTHER
from ..folding import fold
from ..letter.quoting import listed
from .drafts import Tools, Value
from .employers import EmployerMention, employs_another
from .names import NameMention, is_full, is_given
from .sessions import Choice
from .text import pattern, words
from .units import UnitMention

_WORDS = r"(?:[^\W\d_][\w'’-]*\s?){2,8}"
_TELLS = (
    r"\b(?:jag (?:\w+\s){0,4}?heter|mitt namn är|my name is|namn:|(?P<weak>(?<!hon )(?<!han )(?<!som )heter|jag,"
    rf"|undertecknad,?|i am|i'm|this is|(?:det )?(?:här )?är))\s+(?P<after>{_WORDS})"
)
_TOLD = r"(?:heter jag|är mitt namn|is my name|här(?= från|,|\.| på| i\b| fast)|here\b(?=[,.]| from))"
_STATED = re.compile(_TELLS, re.IGNORECASE)
_STATED_EITHER_WAY = re.compile(rf"{_TELLS}|(?P<before>(?:[^\W\d_][\w'’-]*\s){{2,4}}){_TOLD}", re.IGNORECASE)
_TOLD_BEHIND = re.compile(_TOLD, re.IGNORECASE)
"""Where none of this is said, the costly search for what stands before it is left out."""
_HOUSE = re.compile(r"(?<=s) (?:skola|gymnasium|gymnasieskola|förskola|bibliotek|museum|stiftelse|hus|gård|minne)\b")
"""Follows a name that a house bears: `Peder Skrivares skola`."""
_CLOSINGS = tuple(sorted(listed("closings"), key=len, reverse=True))
_FROM = re.compile(r"^\s*(?:från|fran|önskar|from|/)+\s*")
_BEFORE_NUMBER = re.compile(r"\s+(?=[+\d])")
_SHORT = re.compile(r"(?<=\w )[A-ZÅÄÖ][a-zåäö]{1,2}(?=,)")
"""Behind a name a surname, where in small letters it would be a title: `Mina Tavakoli Rad, planerare`."""
_AND = ("och", "o", "and", "samt")
OTHERS = pattern("workplace", "others")
MYSELF = pattern("workplace", "myself")


def unit_before(at: int, units: Sequence[UnitMention]) -> UnitMention | None:
    """The unit or title that a place right behind it belongs to: `kulturchefen i Flen`."""
    return next((unit for unit in units if 0 <= at - unit.end < 16), None)


def anothers(folded: str, unit: UnitMention | None) -> bool:
    """Whether a unit is somebody else's than the writer's: `fick inbjudan av kulturchefen`."""
    before = folded[max(0, unit.start - 80) : unit.start] if unit else ""
    return bool(before) and OTHERS.search(before) is not None and not MYSELF.search(before)


class Sender:
    """The sender of one letter."""

    def __init__(self, tools: Tools, letter: Letter, subject: str) -> None:
        self.tools = tools.read_for(letter.sender.domain, fold(subject))
        self.letter = letter
        self.subject = subject
        self.own = letter.own
        self.written = tools.written_on(letter)
        self.tokens = self._sender_tokens()
        self._signatures: dict[str, str | None] = {}
        told = set(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", fold(f"{letter.own} {letter.signature}")))
        short = (*letter.sender.name.split(), *_SHORT.findall(letter.own))
        self.titles = set(filter(tools.units.is_one, told)) - set(map(fold, short))
        self.subject_choice = tools.choice(subject, self.written) if subject else Choice()

    def _sender_tokens(self) -> frozenset[str]:
        """The words of the sender's header name and address; of a mailbox of two, those of the one who signs."""
        if re.search(r"\s(?:o|och|&|and|\+)\s", fold(self.letter.sender.name)):
            address = self.tools.names.tokens_of(replace(self.letter.sender, name=""))
            return address | frozenset(fold(self._first_name_signed() or "").split())
        return self.tools.names.tokens_of(self.letter.sender)

    @cached_property
    def full_names(self) -> list[NameMention]:
        """Everybody named in full in the own words."""
        found, organisation = self.tools.names.mentions(self.own, self.titles), self._stated_organisation or ""
        return [m for m in found if m.name not in organisation and not _HOUSE.match(self.own, m.end)]

    def names_within(self, start: int, end: int) -> list[NameMention]:
        """Those named between two places, counted from the first."""
        return [
            NameMention(m.start - start, m.end - start, m.name)
            for m in self.full_names
            if start <= m.start and m.end <= end
        ]

    def signs_for(self, mention: NameMention) -> bool:
        """Whether a name stands below an office for which its bearer writes: `För kansliet`."""
        return (
            re.search(r"\n(?:För|Genom|For) [^\n]{3,40}\n$", self.own[max(0, mention.start - 60) : mention.start])
            is not None
        )

    @cached_property
    def sender_name(self) -> Value:
        """Text or signature, then the From header, then the address."""
        names, address = self.tools.names, self.letter.sender
        display = names.display(address)
        if best := self._best_written(display):
            return Value(best, best, Strength.SIGNATURE)
        if in_text := self._named_in_text(display):
            return Value(in_text, in_text, Strength.TEXT)
        derived = names.from_address(self._address_for_name())
        small = derived and f" {fold(derived)} " in re.sub(
            r"\W+", " ", f" {fold(self.own)} {fold(self.letter.signature)} "
        )
        if display and is_full(display) and not small:
            return Value(display, address.name, Strength.HEADER)
        if derived:
            return Value(self._as_written(derived), address.email, Strength.DOMAIN)
        return Value(self._first_name_signed() or display, address.name, Strength.HEADER)

    def _best_written(self, display: str | None) -> str | None:
        """The name that the sender states or signs with, the longest form of it; not what only shortens the header's."""
        fits, written = self.tools.names.fits, self._stated()
        lines = [line for line in self.letter.signature.split("\n") if line.strip()][:6]
        last = self.own.rstrip().rpartition("\n")[2]
        if not is_full(display) and len(last.split()) < 5 and fits(last, self.tokens):
            lines.append(last)
        written += filter(None, map(self._signed, lines))
        best = next((name for name in written if fits(name, self.tokens)), next(iter(written), None))
        if best:
            best = max((n for n in written if set(fold(best).split()) <= set(fold(n).split())), key=len)
        shortened = best and display and is_full(display) and self._shortened(best, display)
        return None if shortened else best

    def _named_in_text(self, display: str | None) -> str | None:
        """The sender's name where the text has it: as the header has it, or alone, below the rest or below an office."""
        in_text = [m.name for m in self.full_names if self.is_sender(m.name)]
        if not in_text and not is_full(display):
            only = len(self.full_names) == 1 and re.search(r"\b(?:[Jj]ag|[Mm]ig|me|I)\b", self.own)
            in_text = [
                m.name
                for m in self.full_names
                if self.tools.names.fits(m.name.split()[0], self.tokens)
                or (only and self.own[: m.start].endswith("\n\n"))
                or self.signs_for(m)
            ]
        return next(iter(in_text), None)

    @cached_property
    def cosigner(self) -> str | None:
        """The other of two who sign together: `Eva Ek och Bo Dal`."""
        for line in self.letter.signature.split("\n")[:4]:
            two = self.tools.names.mentions(line, self.titles)
            if len(two) == 2 and re.fullmatch(r" (?:och|o|&|and|\+) ", line[two[0].end : two[1].start]):
                return next((m.name for m in two if m.name != self.sender_name.value), None)
        return None

    def _stated(self) -> list[str]:
        """The names by which the sender tells who she is: `jag heter …`, `… heter jag`, `this is …`, `… här`."""
        found: list[str] = []
        stated = _STATED_EITHER_WAY if _TOLD_BEHIND.search(self.own) else _STATED
        for match in stated.finditer(self.own):
            line = self.own[match.start() : self.own.find("\n", match.end()) % (len(self.own) + 1)]
            if fold(line).startswith("namn:") and len(self.tools.names.mentions(line, self.titles)) > 1:
                continue  # those who come, not who writes
            words_ = (match["after"] or match["before"]).strip()
            told = [m for m in self.tools.names.mentions(words_, self.titles) if not match["weak"] or not m.start]
            name = told[0 if match["after"] else -1].name if told else self._small(words_.split(), bool(match["after"]))
            sure = not match["weak"] or not is_full(self.tools.names.display(self.letter.sender))
            if name and (sure or self.tools.names.fits(name, self.tokens)):
                found.append(name)
        return found

    def _small(self, parts: list[str], first: bool) -> str | None:
        """The name in small letters that words begin or end with: `eva ek och jobbar på`."""
        if first:
            parts = list(itertools.takewhile(lambda part: fold(part) not in _AND, parts))
        spans = (parts[:n] if first else parts[-n:] for n in range(min(4, len(parts)), 1, -1))
        return next(filter(None, (self.tools.names.line_name(" ".join(span)) for span in spans)), None)

    def _as_written(self, name: str) -> str:
        """A name from an address with the letters that the text has for it: `Sjogren` as `sjögren`."""
        text = f"{self.letter.signature}\n{self.own}"
        at = re.search(rf"\b{re.escape(fold(name))}\b", fold(text))
        return self.tools.names.proper(text[at.start() : at.end()]) if at else name

    @staticmethod
    def _shortened(name: str, display: str) -> bool:
        """`Eva B` or `E. Berg`, where the header has the whole."""
        parts, whole = fold(name).replace(".", "").split(), fold(display).split()
        initials = [part for part in (parts[0], parts[-1]) if all(len(piece) == 1 for piece in part.split("-"))]
        return bool(initials) and len(parts) <= len(whole) and any(part in whole for part in parts if len(part) > 1)

    def _address_for_name(self) -> str:
        for address in (self.letter.sender, self.letter.reply_to):
            if address and self.tools.names.from_address(address.email):
                return address.email
        return self.letter.sender.email

    def _signed(self, line: str) -> str | None:
        """The name a line of the signature signs with; the same line is asked for often."""
        if line not in self._signatures:
            self._signatures[line] = self._signed_with(line)
        return self._signatures[line]

    def _signed_with(self, line: str) -> str | None:
        names, body = self.tools.names, _without_closing(line)
        if self.organisation(body, ""):
            return None
        body = _BEFORE_NUMBER.split(body)[0]
        last, comma, first = body.partition(",")
        if comma and len(body.split()) <= 4 and self._is_reversed(last, first):
            body = f"{first.strip()} {last.strip()}"
        name = names.line_name(body, self.titles)
        if name is None:
            found = names.mentions(body, self.titles)
            name = found[0].name if found and found[0].start < 3 else None
        if not name or (self.tools.units.mentions(fold(name), line=True) and not any(map(is_given, name.split()))):
            return None
        return names.ordered(name, self.letter.sender.email)

    def _is_reversed(self, last: str, first: str) -> bool:
        """`Ek, Kim`, and not `Kim Ek, PhD`."""
        whole = len(last.split()) > 1 and self.is_sender(last)
        return (
            not whole and fold(first).strip(" .") not in words("names", "degrees") and self.is_sender(f"{first} {last}")
        )

    def _first_name_signed(self) -> str | None:
        last = self.own.rpartition("\n")[2]
        for line in (last if len(last.split()) == 1 else "", *self.letter.signature.split("\n")):
            found = self.tools.names.first_names(line)
            if found:
                return found[0].name
        return None

    def is_sender(self, name: str) -> bool:
        """Whether a name can be the sender's own: it shares a surname or the whole with header or address."""
        parts = re.findall(r"[a-z]{2,}", fold(name))
        if "sender_name" in self.__dict__ and self.tools.names.same(name, self.sender_name.value):
            return True
        hits = sum(part in self.tokens or any(part in t for t in self.tokens if len(part) > 3) for part in parts)
        return hits >= min(2, len(parts)) if len(parts) > 1 else fold(name) in self.tokens

    @cached_property
    def _stated_organisation(self) -> str | None:
        """Another employer that the own words name, no person's name that the signature has too."""
        lines = [line for line in self.letter.signature.split("\n") if not self._signed(line)]
        own, folded = self.own, fold(self.own)
        for m in self.tools.employers.mentions(folded):
            if self.tools.is_session_place(folded, m.start, m.end):
                own = own[: m.start] + " " * (m.end - m.start) + own[m.end :]
        stated = self.tools.employers.stated_organisation(own, self.letter.sender.domain, lines)
        return re.split(r"(?<=\b[AHK]B) ", stated)[0] if stated else None

    def organisation(self, line: str, domain: str) -> str | None:
        """Any other employer that a line names behind the sender's own name.

        `teaterkonsulent` is a title, and names none; neither does `konstmuseet` where a municipality has it.
        """
        own = [i for i, word in enumerate(line.split()[:4], 1) if fold(word).strip(",.") in self.tokens]
        if len(own) > 1 and own[0] == 1 and not self.tools.employers.organisation(self.letter.sender.name, ""):
            line = " ".join(line.split()[own[-1] :])
        if not self.tools.employers.organisation(line, domain):
            return None
        units = self.tools.units.mentions(fold(line), line=True)
        invited = self.employer_in(line, line=True) in {employer.name for employer in self.tools.event.employers}
        housed = invited or self.tools.employers.by_domain(self.letter.sender.domain)
        none = [(m.start, m.end) for m in units if m.is_title or (housed and m.kinds - {OTHER})]
        return self.tools.employers.organisation(line, domain, none)

    def employer_in(self, text: str, line: bool) -> str | None:
        folded = fold(text)
        units = self.tools.units.mentions(folded, line)
        found: Sequence[EmployerMention] = self.tools.employers.mentions(
            folded, [(u.start, u.end) for u in units], line
        )
        if not line:
            found = [
                m
                for m in found
                if not self.tools.is_session_place(folded, m.start, m.end)
                and not anothers(folded, unit_before(m.start, units))
                and not employs_another(folded, m.start, m.end)
            ]
        certain = {m.name for m in found if m.certain} or {m.name for m in found}
        return next(iter(certain)) if len(certain) == 1 else None


def _without_closing(line: str) -> str:
    """A line of a signature without the words that close a letter."""
    folded, body = fold(line).strip(), line.strip()
    closings = (c for c in _CLOSINGS if folded.startswith(c) and not folded[len(c) : len(c) + 1].isalpha())
    body = body[len(next(closings, "")) :] if folded.startswith(_CLOSINGS) else body
    return _FROM.sub("", body.strip(" ,./!"))
