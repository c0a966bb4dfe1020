"""Personal names: in a From header, an address, a signature, a list or a sentence."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache, cached_property, lru_cache

from ..domain import Address
from ..event import Event
from ..folding import fold
from .linear import learnt
from .text import alike, lexicon, municipalities, names_listed, pattern, phrases, squeeze, words

_PARTICLES = frozenset(words("names", "particles"))
_SURNAMES_TOO = frozenset({"berg", "mark"})
"""Municipalities that are surnames too."""
_NAME_TOKEN = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+|:son)*\.?")
_INITIAL = re.compile(r"(?:[A-ZÅÄÖ]\.)+")
_ALSO = r"(?:, | och | samt | and | & )"
_BESIDE = re.compile(rf"{_ALSO}([A-ZÅÄÖ][\w-]+)(?:{_ALSO}([A-ZÅÄÖ][\w-]+))?")
_BEFORE_BESIDE = re.compile(rf"([A-ZÅÄÖ][\w-]+){_ALSO}$")
_IN_CAPITALS = re.compile(r"[A-ZÅÄÖ]{2,3} (?:[A-ZÅÄÖ]{2} )?[A-ZÅÄÖ]{3}")
"""A particle before a surname in capitals: `AF KLINT`."""
_GAPS = {one + two for one in " \xa0" for two in ("", " ", "\xa0")}
"""What stands between the words of one name."""
_PARTICLES_BETWEEN = re.compile(rf" (?:(?:{'|'.join(sorted(_PARTICLES))}) ){{0,2}}")
_JOINED_PARTICLE = re.compile(rf"(?:{'|'.join(words('names', 'joined_particles'))})[-'’](?=[^\W\d_])", re.I)
"""Begins a surname in small letters: `al-Amin`, `d'Arc`."""


@dataclass(frozen=True, slots=True)
class NameMention:
    start: int
    end: int
    name: str

    @property
    def full(self) -> bool:
        return is_full(self.name)


def is_full(name: str | None) -> bool:
    """Whether a name has a surname: two words, and the second more than an initial."""
    parts = (name or "").split()
    return len(parts) >= 2 and len(parts[-1].strip(".")) > 1


@cache
def given_names() -> frozenset[str]:
    return frozenset(fold(name) for name in names_listed("given_names.txt"))


def is_given(word: str) -> bool:
    """Whether a word is a first name; of a hyphenated one either part will do."""
    folded = fold(word).strip(".")
    parts = folded.split("-") if "-" in folded else ()
    return folded in given_names() or any(part in given_names() for part in parts if len(part) > 2)


@lru_cache(maxsize=64)
def _name_tokens(text: str) -> tuple[re.Match[str], ...]:
    """The words of a text as names have them; full names and first names are looked for in the same texts."""
    return tuple(_NAME_TOKEN.finditer(text))


@cache
def _common() -> frozenset[str]:
    return frozenset(fold(word) for word in names_listed("common_words.txt"))


@cache
def _common_as_written() -> frozenset[str]:
    return frozenset(word.lower() for word in names_listed("common_words.txt"))


@cache
def _written_otherwise() -> frozenset[str]:
    """Common words only when folded: a name may be `Lan`, where `län` is a common word."""
    plain = {word for word in names_listed("common_words.txt") if fold(word) == word}
    return frozenset(_common() - plain)


_HOUSE = pattern("names", "house")


_HOUSE_WORD = phrases("names", "houses")
_AT_A_PLACE = re.compile(r"\b(?:pa|vid|i|at|in) $")
_LINE_START = re.compile(r"\s*(?:[-*•·–]|\d{1,2}[.):])?\s*")


def organiser_names(event: Event) -> frozenset[str]:
    """Folded words by which a mail may speak to the organiser: her name, and what her address tells of it."""
    name, address = parseaddr(event.contact)
    return frozenset(re.findall(r"[a-z]+", fold(f"{event.organiser} {name} {address.partition('@')[0]}")))


class Names:
    """Finds personal names for one event; build once per event."""

    def __init__(self, event: Event, is_unit: Callable[[str], bool] = lambda _: False) -> None:
        """`is_unit` tells a folded word that is a title or a department."""
        self.event, self._is_unit = event, is_unit

    @cached_property
    def _not_names(self) -> frozenset[str]:
        kept = _SURNAMES_TOO | {"love", "sol", "per", "jan", "maj", "mai", "june", "april"}
        return (_common() | self._of_the_event) - kept

    @cached_property
    def _of_the_event(self) -> frozenset[str]:
        """Words of dates, and of the event's name, places and employers."""
        listed = {word for key in lexicon()["names"]["dates"] for word in words("dates", key)}
        for session in self.event.sessions:
            listed |= set(re.findall(r"\w+", fold(f"{session.venue} {session.city} {' '.join(session.aliases)}")))
        listed |= set(re.findall(r"\w+", fold(self.event.name)))
        listed |= {
            word
            for employer in self.event.employers
            for alias in (employer.name, *employer.aliases)
            for word in re.findall(r"\w+", fold(alias))
        }
        return frozenset(listed)

    @cached_property
    def organiser(self) -> frozenset[str]:
        return organiser_names(self.event)

    def may_be(self, word: str) -> bool:
        """Whether a word may be of a name, and is no department, and nothing that a mail says anyway."""
        folded = fold(word)
        return folded not in self._not_names and folded not in self.organiser and not self._is_unit(folded)

    def place(self, word: str) -> bool:
        return fold(word).removesuffix("s") in municipalities() or fold(word) in municipalities()

    def _only_a_place(self, word: str) -> bool:
        """Whether a word names a place, and is no surname besides."""
        return self.place(word) and fold(word) not in _SURNAMES_TOO

    def mentions(self, text: str, extra: Iterable[str] = ()) -> list[NameMention]:
        """Names of two or more words in running text; `extra` are folded words that are no names here (titles)."""
        return list(self._mentions(text, frozenset(extra)))

    @lru_cache(maxsize=256)  # noqa: B019 — lives as long as the event
    def _mentions(self, text: str, extra: frozenset[str]) -> list[NameMention]:
        found: list[NameMention] = []
        run: list[re.Match[str]] = []

        def close() -> None:
            while run and run[-1].group().islower():
                run.pop()
            mention = self._name_of(text, run) if run else None
            if mention:
                found.append(mention)
            run.clear()

        for token in _name_tokens(text):
            word = token.group()
            if not run and not word[0].isupper():
                continue
            if run and text[run[-1].end() : token.start()] not in _GAPS:
                close()
            if word in ("AB", "HB", "KB"):  # ends a company's name
                run.clear()
                continue
            if (
                run
                and run[-1].group().endswith(".")
                and len(run[-1].group()) > (2 if len(run) > 1 else 3)
                and not _INITIAL.fullmatch(run[-1].group())
            ):
                close()
            folded = fold(word).strip(".")
            no_name = folded in self._not_names or folded in extra
            if no_name and is_given(word) and self._begins_name(text, token, extra):
                if not (run and run[-1].group().isupper() and not word.isupper()):  # `WALLIN Per`
                    close()
                run.append(token)
                continue
            if len(word) == 2 and _INITIAL.fullmatch(word):
                if run or self._begins_initials(text, token):
                    run.append(token)
                continue
            surname = folded in _written_otherwise() and folded not in self._of_the_event and folded not in extra
            marked = (
                folded != word.lower().strip(".") and word.lower() not in _common_as_written()
            )  # `Ås` is no English `as`
            named = not no_name or (run and ((surname and folded == word.lower()) or (marked and folded in _common())))
            if (
                (word[0].isupper() and named and (len(word) > 1 or run))
                or (
                    run
                    and (
                        _JOINED_PARTICLE.match(word)
                        or (folded in _PARTICLES and word.islower() and word not in ("då", "där", "än"))
                    )
                )
                or (folded in _PARTICLES and _IN_CAPITALS.match(text, token.start()))
            ):
                run.append(token)
            else:
                close()
        close()
        return found

    def _begins_initials(self, text: str, token: re.Match[str]) -> bool:
        """Whether an initial begins a name, where one may stand: `vår kulturchef A. Karin Ek`, not `i grupp A. Karin Ek`."""
        after = re.match(r" ([A-ZÅÄÖ][\w-]+) [A-ZÅÄÖ]| [A-ZÅÄÖ]\. [A-ZÅÄÖ]", text[token.end() :][:60])
        before = re.search(r"([\w-]+) $", line := fold(text[: token.start()].rpartition("\n")[2]))
        leads = _LINE_START.fullmatch(line)
        if leads or (before and before[1].startswith(("kolleg", "colleag"))):
            after = after or re.match(r" [A-ZÅÄÖ][\w-]+\s*(?:[,;(\n–-]|$)", text[token.end() :][:60])
        stands = leads or line.rstrip().endswith((",", ":", "(", "&"))
        small = before and (
            before[1] in _BEFORE_INITIALS or (self._is_unit(before[1]) and not _LETTERED.search(before[1]))
        )
        return bool(after and (stands or small))

    def _begins_name(self, text: str, token: re.Match[str], extra: frozenset[str]) -> bool:
        """Whether a word that is also a first name (`Dag`) has a surname right behind it."""
        between = _PARTICLES_BETWEEN.match(text, token.end())
        after = _NAME_TOKEN.match(text, between.end()) if between else None
        return (
            fold(token.group()) == token.group().lower()
            and token.group()[0].isupper()
            and after is not None
            and after.group()[0].isupper()
            and len(after.group()) > 2
            and fold(after.group()) not in self._not_names
            and fold(after.group()) not in extra
        )

    def _name_of(self, text: str, run: list[re.Match[str]]) -> NameMention | None:
        tokens = list(run)
        if tokens and self._greets(text, tokens):
            return None
        while (
            tokens
            and len(tokens) > 2
            and re.search(r"(?:^|[.!?:\n]\s*)$", text[max(0, tokens[0].start() - 4) : tokens[0].start()])
            and not is_given(tokens[0].group())
            and not self._leads_an_item(text, tokens)
            and any(is_given(t.group()) for t in tokens[1:-1])
        ):
            tokens.pop(0)
        if tokens and not is_given(tokens[0].group()) and self._names_a_house(text, tokens):
            return None
        real = [t for t in tokens if fold(t.group()) not in _PARTICLES or t is tokens[-1]]
        if not 2 <= len(real) <= 5 or all(len(t.group().strip(".")) == 1 for t in real[1:]):
            return None
        known = [is_given(t.group()) for t in real]
        if not any(known) and any(map(self._only_a_place, (t.group() for t in real))):
            return None
        parts = [t.group() for t in tokens]
        if not any(known) and all(part.isupper() for part in parts):  # a sentence in capitals
            return None
        parts[-1] = parts[-1].rstrip(".") if len(parts[-1]) > 2 else parts[-1]
        if _OWNED.match(fold(text[tokens[-1].end() :][:12])):
            parts[-1] = re.sub(r"(?<=[^\Waeiousxz])s$", "", parts[-1])
        if set(map(fold, parts)) <= self.organiser and len(parts) >= 2:
            return None
        parts = self._surname_last(parts)
        return NameMention(
            tokens[0].start(),
            tokens[0].start() + len(text[tokens[0].start() : tokens[-1].end()].rstrip(".")),
            self.proper(" ".join(parts)),
        )

    @staticmethod
    def _leads_an_item(text: str, tokens: list[re.Match[str]]) -> bool:
        """Whether words are all that stands between a bullet and a dash or comma: `2. Idris Osman Nur – handläggare`."""
        before, after = text[: tokens[0].start()].rpartition("\n")[2], text[tokens[-1].end() :][:3]
        return bool(before.strip() and _LINE_START.fullmatch(before) and re.match(r"\s?(?:[-–,;:(\n]|$)", after))

    @staticmethod
    def _surname_last(parts: list[str]) -> list[str]:
        """`NGUYEN Thi Mai` as `Thi Mai NGUYEN`: a surname in capitals stands first, its bearer's first names behind."""
        capitals = list(itertools.takewhile(lambda part: part.isupper() and not _INITIAL.fullmatch(part), parts))
        rest = parts[len(capitals) :]
        first = bool(capitals) and bool(rest) and not any(part.isupper() for part in rest) and is_given(rest[0])
        known = is_given(capitals[0]) if capitals else False
        surname = [word if fold(word) in _PARTICLES else word.title() if len(word) == 2 else word for word in capitals]
        return [*rest, *surname] if first or (capitals and not known and any(map(is_given, rest))) else parts

    @staticmethod
    def _names_a_house(text: str, tokens: list[re.Match[str]]) -> bool:
        """Whether capitalised words name where somebody is, not who: `på Hotell Lyktan`, `staying at Park Street`."""
        if _HOUSE_WORD.match(fold(tokens[0].group())) or _HOUSE.search(fold(text[: tokens[0].start()][-30:])):
            return True
        own = re.match(r"['’]s\b", text[tokens[-1].end() :][:2])
        return not own and bool(_AT_A_PLACE.search(fold(text[: tokens[0].start()][-8:])))

    def _greets(self, text: str, tokens: list[re.Match[str]]) -> bool:
        """Whether words that begin a line only greet the organiser, in whatever language: `Ahoj Linda!`."""
        spoken_to = {fold(t.group()) for t in tokens[1:]}
        if not spoken_to <= self.organiser or fold(self.event.organiser).split()[0] not in spoken_to:
            return False
        alone = not text[: tokens[0].start()].rpartition("\n")[2].strip()
        return alone and re.match(r"\s?(?:[!,.]|\n|$)", text[tokens[-1].end() :][:2]) is not None

    def first_names(
        self, text: str, taken: Iterable[NameMention] = (), known: Collection[str] = ()
    ) -> list[NameMention]:
        """Single capitalised first names outside the full ones; `known` (folded) are some that are in no list."""
        spans = [(m.start, m.end) for m in taken]
        tokens = _name_tokens(text)
        small = filter(None, (self._in_small_letters(text, t) for t in tokens if t.group()[0].islower()))
        capitalised = (
            NameMention(t.start(), t.start() + len(t.group().rstrip(".")), t.group().rstrip("."))
            for t in tokens
            if t.group()[0].isupper()
            and not ("-" in t.group() and re.search(r"-[a-zåäö]", t.group()))
            and fold(t.group()).strip(".") not in self._not_names
            and not self._is_where_or_greets(text, t)
            and (
                is_given(t.group())
                or fold(t.group()).strip(".") in known
                or self._beside_a_given(text, t)
                or self._placed_as_one(text, t)
            )
        )
        return [m for m in (*small, *capitalised) if not any(a <= m.start < b for a, b in spans)]

    def _is_where_or_greets(self, text: str, token: re.Match[str]) -> bool:
        """Whether a word says whither (`flying to Milan`), or begins a line that speaks to the organiser (`Käre Linda,`)."""
        before = text[max(0, token.start() - 40) : token.start()]
        if _WHITHER.search(fold(before)):
            return True
        spoken_to = _SPOKEN_TO.match(text, token.end()) if not before.rpartition("\n")[2].strip() else None
        return bool(spoken_to) and fold(spoken_to[1]) == fold(self.event.organiser).split()[0]  # type: ignore[index]

    def _in_small_letters(self, text: str, token: re.Match[str]) -> NameMention | None:
        """A first name in small letters where only a name can stand, with a surname if plainly one: `jag + maja ek`."""
        word = token.group().rstrip(".")
        if not word.islower() or not is_given(word) or fold(word) in _WORDS_TOO or fold(word) in _common():
            return None
        if not self._placed_as_one(text, token):
            return None
        surname = _SMALL_SURNAME.match(text, token.end()) or self._unheard(text, token.end())
        end = surname.end() if surname else token.start() + len(word)
        return NameMention(token.start(), end, self.proper(text[token.start() : end]))

    def _unheard(self, text: str, at: int) -> re.Match[str] | None:
        """The next word where no list and no sentence that was learnt from knows it: it can be but a surname."""
        word = _SMALL_WORD.match(text, at)
        folded = fold(word.group()).strip() if word else ""
        heard = any(told in learnt("acts.json") for told in (folded, f"{folded[:5]}*"))
        return word if self.may_be(folded) and not heard and not self.place(folded) else None

    def _beside_a_given(self, text: str, token: re.Match[str]) -> bool:
        """Whether a capitalised word is one of a list of first names, another of which is known: a nickname."""
        behind = _BESIDE.match(text, token.end())
        before = _BEFORE_BESIDE.search(text, max(0, token.start() - 40), token.start())
        others = (*(behind.groups() if behind else ()), before and before[1])
        return any(other and is_given(other) and not self.place(other) for other in others)

    def _placed_as_one(self, text: str, token: re.Match[str]) -> bool:
        """Whether a capitalised word stands where only somebody's name can: `jag och Bigge`, `vår praktikant Quim`."""
        before, after = fold(text)[max(0, token.start() - 40) : token.start()], text[token.end() : token.end() + 20]
        placed = _BEFORE_A_NAME.search(before) or _AND_ME.match(after)
        return bool(placed) and not re.match(r" [A-ZÅÄÖ]", after) and not self.place(token.group())

    def proper(self, name: str) -> str:
        """A name as names are written: ALL CAPS and all lower case put right, anything else left alone."""

        def one(word: str) -> str:
            if fold(word) in _PARTICLES and (word.islower() or (word.isupper() and len(word) > 1)):
                return word.lower()
            if (word.isupper() and len(word) > 2) or word.islower():
                return re.sub(r"[^\W\d_]+", lambda m: m.group().capitalize(), word)
            return word

        return " ".join(one(word) for word in squeeze(name).split())

    @lru_cache(maxsize=64)  # noqa: B019 — lives as long as the event
    def display(self, address: Address) -> str | None:
        """The person a From header's display name names, in the order first name, surname; None for a mailbox of many."""
        name = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", address.name)
        name = re.split(r"\s(?:via|på uppdrag av|on behalf of|c/o)\s|\s[-–|/]\s|\|", name)[0].strip(" '\",.")
        if "@" in name or not name or re.search(r"\d", name):
            return None
        if re.search(r"\s(?:o|och|&|and|\+)\s", name):
            return None
        last, comma, first = name.partition(",")
        if comma:
            head = fold(first).split()
            name = last if head and (self._is_role(first) or self.place(first)) else f"{first.strip()} {last.strip()}"
        if self._is_role(name):
            return None
        name = self.proper(name)
        return name if comma else self.ordered(name, address.email)

    def _is_role(self, name: str) -> bool:
        folded = fold(name)
        tokens = re.findall(r"[\w-]+", folded)
        return (
            not tokens
            or any(_ROLE.fullmatch(token) or token in _ROLE_WORDS for token in tokens)
            or (len(tokens) == 1 and self.place(tokens[0]))
            or self._is_house(tokens)
        )

    def _is_house(self, tokens: list[str]) -> bool:
        """Whether words name a place of work: `Hemtjänsten Norra`, `Solgården Flen`; a surname may be a title (`Kock`)."""
        if any(map(is_given, tokens)):
            return False
        parts = re.split(r"[\s-]", " ".join(tokens[:-1]))
        return any(map(self._is_unit, (*tokens[:-1], *parts))) or bool(_HOUSE.search(f"{tokens[0]} "))

    def ordered(self, name: str, email: str) -> str:
        """`Berg Eva` as `Eva Berg`: by the order in the address, else by which word is a first name."""
        parts = name.split()
        if len(parts) < 2:
            return name
        local = [p for p in re.split(r"[._]", fold(email.partition("@")[0])) if p]
        if len(local) >= 2:
            index = next(
                (i for i, part in enumerate(parts) if fold(part) == local[0] or fold(part).startswith(local[0] + "-")),
                None,
            )
            if index == 0:
                return name
            if index is not None and fold(parts[0]).replace("-", "") in "".join(local[1:]).replace("-", ""):
                return " ".join([*parts[index:], *parts[:index]])
        if not is_given(parts[0]) and is_given(parts[-1]):
            return " ".join([parts[-1], *parts[:-1]])
        return name

    def from_address(self, email: str) -> str | None:
        """`eva.berg@…` as `Eva Berg`; None where the local part tells no full name."""
        local, _, _ = email.partition("@")
        parts = [p for p in re.split(r"[._]", re.sub(r"\d+", "", local)) if p]
        if (
            not 2 <= len(parts) <= 5
            or any(len(p) < 2 and p not in _PARTICLES for p in parts[:1])
            or self._is_role(" ".join(parts))
        ):
            return None
        if any(len(p) == 1 for p in parts):
            return None
        return " ".join(
            p if p in _PARTICLES and 0 < i < len(parts) - 1 else "-".join(bit.capitalize() for bit in p.split("-"))
            for i, p in enumerate(parts)
        )

    def tokens_of(self, address: Address) -> frozenset[str]:
        """The folded words of a person's header name and address."""
        display = fold(address.name) if "@" not in address.name else ""
        return frozenset(
            re.findall(r"[a-z]{2,}", display) + re.findall(r"[a-z]{2,}", fold(address.email.partition("@")[0]))
        )

    def line_name(self, line: str, extra: Iterable[str] = ()) -> str | None:
        """The name that a line of a signature or list begins with, two words or more; title and the rest cut off."""
        head = _BEHIND_A_NAME.split(line.strip(" /-–—*•·>\t"), maxsplit=1)[0].strip(" .")
        parts = head.split()
        extra = frozenset(extra)
        while parts and fold(parts[-1]).strip(".") in extra:
            parts.pop()
        if not 1 <= len(parts) <= 6 or _NO_NAME.search(head):
            return None
        real = [p for p in parts if fold(p) not in _PARTICLES]
        folded = (fold(p).strip(".") for p in real if not _INITIAL.fullmatch(p))
        if len(real) < 2 or any(word in self._not_names or word in extra for word in folded):
            return None
        if not all(p[0].isalpha() and (p[0].isupper() or head.islower()) for p in real):
            return None
        if head.islower() and not is_given(real[0]):
            return None
        if not any(map(is_given, real)) and any(map(self._only_a_place, real)):
            return None
        return self.proper(" ".join(parts))

    def same(self, one: str | None, other: str | None) -> bool:
        return bool(one and other) and fold(one or "").split() == fold(other or "").split()

    def fits(self, name: str, tokens: frozenset[str]) -> bool:
        """Whether a written name and a header or address can be the same person's."""
        parts = re.findall(r"[a-z]{2,}", fold(name))
        joined = "".join(sorted(tokens, key=len))
        return any(
            part in tokens
            or (len(part) > 3 and part in joined)
            or any(alike(part, t) for t in tokens)
            or any(len(part) >= 4 and (t.startswith(part) or t.endswith(part)) for t in tokens)
            for part in parts
        )


_BEHIND_A_NAME = re.compile(r"[,;:(|\t]|\s[-–—/]\s|\s{3,}")
_NO_NAME = re.compile(r"[\d@]")
_BEFORE_A_NAME = pattern("names", "before_a_name")
_WHITHER = pattern("names", "whither")
_SPOKEN_TO = re.compile(r" ([A-ZÅÄÖ][\w-]+)\s?[!,]")
_LETTERED = re.compile(r"(?:plan|grupp(?:en)?|team|hus|enhet|avdelning|sektion|unit|group|section)$")
_BEFORE_INITIALS = frozenset(
    {"och", "samt", "and", "av", "for", "till", "at", "med", "with", "anmaler", "kollega", "colleague"}
)
_OWNED = re.compile(r" (?:rakning|vagnar|plats|stalle|stol|anmalan|deltagande|medverkan)\b")
"""Follows a name in the genitive: `för Bo Eks räkning`."""
_WORDS_TOO = {"per", "bo", "dag", "love", "sol", "maj", "mark", "will", "may"}
_SMALL_WORD = re.compile(r" [^\W\d_A-ZÅÄÖ][^\W\d_A-ZÅÄÖ-]{3,}(?=[\s,.;)]|$)")
_SMALL_SURNAME = re.compile(
    r" [^\W\d_]{0,12}(?:sson|sen|berg|lund|gren|ström|[qk]vist|dahl|stedt|holm|löf|blom|dotter)\b"
)
_AND_ME = re.compile(r",? (?:och|o|samt|and|&) (?:jag|mig|undertecknad|I|me|myself)\b")
_ROLE = pattern("names", "role")
_ROLE_WORDS = frozenset(words("names", "mailboxes"))
