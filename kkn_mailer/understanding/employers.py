"""Which employer a text, a signature or a mail domain names.

Municipalities are known by name, genitive, common misspelling and domain; the event's own employers by their aliases
too; any other employer by the words that organisations carry in their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ..event import Event
from ..folding import fold
from .text import alike, any_of, names_listed, pattern, tokens, words


@dataclass(frozen=True, slots=True)
class EmployerMention:
    """An employer named at a place of the text; `certain` when the words can mean nothing else."""

    start: int
    end: int
    name: str
    certain: bool


_KOMMUN = re.compile(r"\b(?:kommun(?:s|en|ens)?|stad|stads|municipality|(?:city|town)(?= of )|kn)\b")
_BEFORE_PLACE = pattern("employers", "before_place")
_ORGANISATION = pattern("employers", "organisation")


_COMPANY = pattern("employers", "company")
_BODY_IN = pattern("employers", "body_in")
OF_ITS_OWN = pattern("employers", "of_its_own")


_NOT_HERS = pattern("workplace", "not_hers")
BELONGINGS = pattern("workplace", "belongings")
BUT = re.compile(r"[.;!?]|\bmen\b|\bbut\b")


def employs_another(folded: str, start: int, end: int) -> bool:
    """Whether an employer is only passed by in prose: somebody else's, of another time, or the source of some news."""
    clause = BUT.split(folded[max(0, start - 120) : start])[-1]
    return bool(_NOT_HERS.search(clause) or BELONGINGS.match(folded, end))


_ONWARD = re.compile(r"\s(?:till|to)\s([\w-]+)")
"""`flytta Kim från Flen till Trosa`: the sessions, or the journey."""
_APART = re.compile(r"\s[|•·–-]\s|,\s")
"""What stands between the parts of a line."""
_LIVES = pattern("employers", "lives")


class Employers:
    """Finds employers for one event; build once per event."""

    def __init__(self, event: Event) -> None:
        self.event = event

    @cached_property
    def _own(self) -> dict[str, str]:
        """Folded name or alias to canonical name, for the event's own employers."""
        found: dict[str, str] = {}
        for employer in self.event.employers:
            for name in (employer.name, *employer.aliases):
                found[_bare(name)] = found[_bare(name).replace("-", " ")] = employer.name
                found[re.sub(r" lan$", " county", _bare(name))] = employer.name
        return found

    @cached_property
    def _places(self) -> dict[str, str]:
        """Every municipality, folded, to its name; the event's own name for it comes first."""
        listed = {fold(name): name for name in names_listed("municipalities.txt")}
        return listed | {name: canonical for name, canonical in self._own.items() if _bare(canonical) in listed}

    @cached_property
    def _regions(self) -> dict[str, str]:
        listed = {fold(name): name for name in names_listed("regions.txt")}
        return listed | {re.sub(r" lan$", " county", folded): name for folded, name in listed.items()}

    @cached_property
    def _domains(self) -> dict[str, str]:
        found = {
            fold(name).replace(" ", "").replace("-", "") + ".se": name for name in names_listed("municipalities.txt")
        }
        found |= {fold(name).replace(" ", "-") + ".se": name for name in names_listed("municipalities.txt")}
        found |= {fold(name).replace(" lan", "").replace(" ", "") + ".se": name for name in names_listed("regions.txt")}
        return found | {
            domain.lower(): employer.name for employer in self.event.employers for domain in employer.domains
        }

    @cached_property
    def _phrases(self) -> re.Pattern[str]:
        """Names of several words or of institutions, which need no `kommun` to be clear."""
        named = [name for name in (*self._own, *self._regions) if (" " in name or name not in self._places)]
        return re.compile(rf"(?<!\w){any_of([*map(re.escape, name), ''] for name in named)}s?(?!\w)")

    @lru_cache(maxsize=64)  # noqa: B019 — lives as long as the event
    def by_domain(self, domain: str) -> str | None:
        """The employer whose mail domain this is, a subdomain included."""
        labels = domain.lower().split(".")
        return next(
            (self._domains[d] for i in range(len(labels) - 1) if (d := ".".join(labels[i:])) in self._domains), None
        )

    def is_listed_domain(self, domain: str) -> bool:
        """Whether the event's own list of employers has this domain."""
        return any(domain == d or domain.endswith("." + d) for e in self.event.employers for d in e.domains)

    def is_region(self, name: str) -> bool:
        return fold(name) in self._regions

    @lru_cache(maxsize=4096)  # noqa: B019 — lives as long as the event
    def place(self, word: str, anywhere: bool) -> str | None:
        """The municipality a word names: itself, its genitive, misspelt, or cut short before `kommun`."""
        for form in (word, word.removesuffix("s")):
            if form in self._places and (anywhere or form not in words("employers", "wordlike") or form in self._own):
                return self._places[form]
        if not anywhere:
            like = ((key, name) for key, name in self._own_places.items() if key[0] == word[0])
            near = {name for key, name in like if alike(word.removesuffix("s"), key)}
            return near.pop() if len(near) == 1 else None
        for pool in (self._own_places, self._places):
            near = {name for key, name in pool.items() if alike(word, key) or alike(word.removesuffix("s"), key)}
            if len(near) == 1:
                return near.pop()
        short = {name for key, name in self._own_places.items() if len(word) >= 3 and key.startswith(word)}
        short = short or {name for key, name in self._places.items() if len(word) >= 3 and key[:-1] == word}  # `Falu`
        return short.pop() if len(short) == 1 else None

    @cached_property
    def _own_places(self) -> dict[str, str]:
        return {key: name for key, name in self._own.items() if " " not in key and key in self._places}

    def mentions(
        self, folded: str, units: list[tuple[int, int]] | None = None, line: bool = False
    ) -> list[EmployerMention]:
        """Employers named in folded text; `units` are spans of units and titles, which make a place an employer.

        With `line` the text is a signature line, a cell or a value, where a bare place is an employer too.
        """
        found = list(self._clear(folded))
        for token, name in self._bare_places(folded):
            before = folded[max(0, token.start() - 30) : token.start()]
            beside = units and (
                self._after_unit(folded, token.start(), units) or any(start == token.end() + 1 for start, _ in units)
            )
            onward = _ONWARD.match(folded, token.end()) if before.endswith(("fran ", "from ")) else None
            if _LIVES.search(before) or (onward and self.place(onward[1], anywhere=False)):
                continue
            if line or _BEFORE_PLACE.search(before) or beside:
                found.append(EmployerMention(token.start(), token.end(), name, not line))
        return sorted(found, key=lambda mention: mention.start)

    @lru_cache(maxsize=256)  # noqa: B019 — lives as long as the event
    def _clear(self, folded: str) -> tuple[EmployerMention, ...]:
        """The employers that need nothing around them to be clear."""
        return (*self._with_kommun(folded), *self._named(folded))

    @lru_cache(maxsize=256)  # noqa: B019 — lives as long as the event
    def _bare_places(self, folded: str) -> list[tuple[re.Match[str], str]]:
        """The words elsewhere that are municipalities' names, with what each names."""
        return [
            (token, name)
            for token in tokens(folded)
            if (name := self.place(token.group(), False))
            and not any(m.start <= token.start() < m.end for m in self._clear(folded))
            and not OF_ITS_OWN.match(folded, token.end())
        ]

    def _with_kommun(self, folded: str) -> Iterator[EmployerMention]:
        for match in _KOMMUN.finditer(folded):
            before = list(tokens(folded[max(0, match.start() - 30) : match.start()]))
            offset = max(0, match.start() - 30)
            if (
                match.group().startswith(("municip", "city", "town"))
                or not before
                or folded[offset + before[-1].end() : match.start()].strip()
            ):
                after = re.match(r"\s(?:i|of)\s(\w+)", folded[match.end() :])
                if after and (name := self.place(after[1], anywhere=True)):
                    yield EmployerMention(match.start(), match.end() + after.end(), name, True)
                if not before or match.group() in ("city", "town"):
                    continue
            last = before[-1]
            if folded[offset + last.end() : match.start()].strip():
                continue
            two = before[-2].group() + " " + last.group() if len(before) > 1 else ""
            both = next((self._places[form] for form in (two, two.removesuffix("s")) if form in self._places), None)
            if both:
                yield EmployerMention(offset + before[-2].start(), match.end(), both, True)
            elif name := self.place(last.group(), anywhere=True):
                yield EmployerMention(offset + last.start(), match.end(), name, True)

    def _named(self, folded: str) -> Iterator[EmployerMention]:
        for match in self._phrases.finditer(folded):
            if _BODY_IN.search(folded[max(0, match.start() - 24) : match.start()]):
                continue
            key = match.group() if match.group() in self._own or match.group() in self._regions else match.group()[:-1]
            yield EmployerMention(*match.span(), self._own.get(key) or self._regions.get(key) or key, True)

    def _after_unit(self, folded: str, start: int, units: list[tuple[int, int]]) -> bool:
        """`kulturenheten i Flen`, `kulturchef, Flen`, `näringslivschef här i Flen`."""
        for _, end in units:
            if 0 <= start - end < 16 and re.fullmatch(
                r",?\s?(?:har )?(?:i|pa|vid|hos|in|at|for|of|-|,|fran|from)?\s?", folded[end:start]
            ):
                return True
        return False

    def organisation(self, line: str, domain: str, not_named: Sequence[tuple[int, int]] = ()) -> str | None:
        """Any other employer that a signature line names, as written: by a word such names carry, or by the domain.

        A word within `not_named` says nothing of the employer.
        """
        folded = fold(line)
        if (
            not line.strip()
            or "@" in line
            or any(address in folded for address in ("www.", "http:", "https:"))
            or len(line) > 80
            or folded.endswith((".", "!", "?"))
        ):
            return None
        companies = _COMPANY.finditer(folded) if not self.by_domain(domain) else ()
        named = next(
            (
                m
                for m in (*_ORGANISATION.finditer(folded), *companies)
                if not any(a <= m.start() < b for a, b in not_named)
            ),
            None,
        )
        by_domain = self._of_domain(folded, domain)
        if not named and not by_domain:
            return None
        begin = max(
            (m.end() for m in _APART.finditer(line) if named and not by_domain and m.end() <= named.start()), default=0
        )
        return _APART.split(line[begin:].strip())[0].strip(" ,|")

    def _of_domain(self, folded: str, domain: str) -> bool:
        """Whether a name is what a foreign domain begins with, or short for: `mrtf.se`, Medelpads räddningstjänstförbund."""
        label = domain.split(".")[-2] if domain.count(".") and not self.by_domain(domain) else ""
        if len(label) < 3 or label in words("employers", "private"):
            return False
        whole = re.sub(r"\W", "", folded)
        initials = [word[0] for word in re.findall(r"\w+", folded) if word not in ("i", "och", "of", "and")]
        return whole.startswith(label[:12]) or (
            len(initials) > 1 and _in_order(initials, label) and _in_order(label, whole)
        )

    def stated_organisation(self, text: str, domain: str, signed: Sequence[str]) -> str | None:
        """Any other employer stated in prose: `jobbar på Mälarens högskola`; one of any name if the domain or a line of the signature has it too."""
        folded = fold(text)
        for match in _STATED.finditer(text):
            if employs_another(folded, *match.span(1)):
                continue
            name = re.sub(r"(?:\s(?:i|och|of|and|&|för))+$", "", match[1].strip(" ,."))
            known = (
                _ORGANISATION.search(fold(name)) or _COMPANY.search(fold(name)) or self._of_domain(fold(name), domain)
            )
            if len(name) < 60 and (known or (len(name) > 3 and name in map(str.strip, signed))):
                return self._own.get(_bare(name), name)
        return None


_STATED = pattern("employers", "stated")


def _in_order(letters: Iterable[str], word: str) -> bool:
    """Whether a word has these letters, in this order."""
    rest = iter(word)
    return all(letter in rest for letter in letters)


def _bare(name: str) -> str:
    """An employer's name folded, without `kommun`."""
    return re.sub(r"\s(?:kommun|stad)$", "", fold(name)).strip()
