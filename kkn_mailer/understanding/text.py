"""Text as the readers see it: cut into sentences, searched by the phrases of the lexicon.

Readers search folded text; folding keeps length, so a position in it is the position in the text itself.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz.distance import OSA

from ..folding import fold

_Trie = dict[str, "_Trie"]


def squeeze(text: str) -> str:
    """One space for each run of white space, none at the ends."""
    return " ".join(text.split())


@cache
def data(name: str) -> str:
    return (files(__package__) / "data" / name).read_text(encoding="utf-8")


@cache
def names_listed(name: str) -> tuple[str, ...]:
    """The names of a comma-separated data file, comments left out."""
    lines = (line for line in data(name).splitlines() if not line.startswith("#"))
    return tuple(part.strip() for line in lines for part in line.split(",") if part.strip())


@cache
def municipalities() -> frozenset[str]:
    """The names of all municipalities, folded."""
    return frozenset(map(fold, names_listed("municipalities.txt")))


@cache
def lexicon() -> dict[str, dict[str, list[str]]]:
    """The word lists of `lexicon.toml`, by section."""
    return tomllib.loads(data("lexicon.toml"))


@cache
def words(section: str, key: str) -> tuple[str, ...]:
    """A word list of `lexicon.toml`, folded."""
    return tuple(fold(word) for word in lexicon()[section][key])


def listed_phrases(section: str) -> dict[str, list[str]]:
    """The lists of a section of `lexicon.toml`, as written."""
    return {key: listed for key, listed in lexicon()[section].items() if isinstance(listed, list)}


def phrase_pattern(phrases: Iterable[str]) -> str:
    """One pattern for many phrases, the longest first; in each, `*` is any word ending and a space any white space.

    Common beginnings are shared (a trie), so that a text is searched in one go however many phrases there are.
    """
    groups: dict[str, list[list[str]]] = {}
    for phrase in phrases:
        head = r"(?<!\w)" if phrase[0].isalnum() else ""
        atoms = [{"*": r"\w*", " ": r"\s{1,3}"}.get(char) or re.escape(char) for char in fold(phrase)]
        groups.setdefault(head, []).append([*atoms, r"(?!\w)" if phrase[-1].isalnum() else ""])
    return "|".join(head + any_of(listed) for head, listed in groups.items()) or r"(?!)"


def any_of(listed: Iterable[Iterable[str]]) -> str:
    """One pattern for any of some sequences of atoms, the longest first; each ends in a lookahead or an empty atom."""
    root: _Trie = {}
    for atoms in listed:
        node = root
        for atom in atoms:
            node = node.setdefault(atom, {})
    return _alternatives(root) if root else r"(?!)"


def _alternatives(trie: _Trie) -> str:
    """A trie as a pattern; an end (a lookahead, or nothing) is tried after everything longer."""
    ends = [atom for atom in trie if not trie[atom]]
    parts = [atom + _alternatives(below) for atom, below in trie.items() if below] + ends
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


@cache
def phrases(section: str, *keys: str) -> re.Pattern[str]:
    """A pattern over folded text for the phrases of one or more lists of `lexicon.toml`."""
    return re.compile(phrase_pattern([phrase for key in keys for phrase in lexicon()[section][key]]))


@cache
def _patterns() -> dict[str, dict[str, str]]:
    return tomllib.loads(data("patterns.toml"))


@cache
def pattern(section: str, key: str, **parts: str) -> re.Pattern[str]:
    """A pattern of `patterns.toml`, with `parts` and others of its section put in where it refers to them by `{name}`."""

    def written(key: str) -> str:
        return parts.get(key) or re.sub(r"\{([a-z_]+)\}", lambda name: written(name[1]), _patterns()[section][key])

    return re.compile(written(key))


WORD = re.compile(r"\w+(?:['-]\w+)*")


@lru_cache(maxsize=128)
def tokens(folded: str) -> tuple[re.Match[str], ...]:
    """The words of folded text; hyphens and apostrophes hold a word together. Every reader asks for the same texts'."""
    return tuple(WORD.finditer(folded))


def alike(word: str, wanted: str) -> bool:
    """Whether `word` is `wanted`, spelt right or nearly (a slip in six letters, two in nine); both folded."""
    if word == wanted:
        return True
    slips = 2 if len(wanted) >= 9 else 1 if len(wanted) >= 6 else 0
    if not slips or abs(len(word) - len(wanted)) > slips or word[0] != wanted[0]:
        return False
    return OSA.distance(word, wanted, score_cutoff=slips) <= slips


_SENTENCE_END = re.compile(
    r"(?=[.!?:;\n])(?:(?<=[a-zåäö0-9)\"'+])(?<!\bkl)(?<!\bca)(?<!\bdvs)(?<!\bt ex)(?<!\bbl a)[.!?]+(?=\s|$)|\n\s*\n|[!?]+|[:;]-?[)(D](?=\s)|\n(?=[ \t]*(?:[-*•·]|\d{1,2}[.)][ \t])))"
)
"""The lookahead says nothing more; it passes over all other characters at once."""


_NUMBERED = re.compile(r"(?:^|\n)[ \t]*\d{1,2}$")


@lru_cache(maxsize=256)
def sentences(folded: str, text: str = "") -> list[tuple[int, int]]:
    """Spans of sentences; a blank line and a bullet end one, a single line break does not.

    With the `text` as written, a capital tells where one begins after an abbreviation (`den 14 feb. Jag …`).
    """
    spans, begin = [], 0
    for match in _SENTENCE_END.finditer(folded):
        before = folded[begin : match.start()]
        if match.group() == "." and _NUMBERED.search(folded[max(0, match.start() - 6) : match.start()]):
            continue
        if match.group().startswith(".") and (
            short := _ABBREVIATION.search(folded, max(begin, match.start() - 12), match.start())
        ):
            after = text[match.end() :].lstrip(" ")[:2]
            if not (_ENDS_TOO.fullmatch(short.group().strip()) and after[:1].isupper() and not after[1:].isupper()):
                continue
        if before.strip():
            spans.append((begin, match.end()))
            begin = match.end()
    if folded[begin:].strip():
        spans.append((begin, len(folded)))
    return spans


_ENDS_TOO = re.compile(
    r"(?:jan|feb|febr|apr|aug|sep|sept|okt|oct|nov|dec|tis|tisd|ons|onsd|tors|torsd|fre|fred|mon|tue|tues|wed|thu|thurs|fri|anm|osv|avd|enh|m\.fl|o\.s\.v)"
)
_ABBREVIATION = re.compile(
    r"(?:^|[^\w:])(?:kl|anm|ca|dvs|ev|tel|jan|feb|febr|apr|aug|sep|sept|okt|nov|dec|tisd?|onsd?|torsd?|fred?|mon|tues?|wed|thu(?:rs)?|fri|v|nr|mr|ms|mrs|dr|st|fr|t\.ex|bl\.a|m\.fl|o\.s\.v|osv|resp|avd|enh|tf|bitr|[a-z])$"
)
