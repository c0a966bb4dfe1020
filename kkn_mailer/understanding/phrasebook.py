"""The lexicon's phrases found in a sentence, all lists in one pass over its words (a trie of words)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from ..folding import fold
from .text import listed_phrases, tokens


class _Node:
    __slots__ = ("any", "exact", "prefixes", "suffixes", "tags")

    def __init__(self) -> None:
        self.exact: dict[str, _Node] = {}
        self.prefixes: dict[str, _Node] = {}
        self.suffixes: dict[str, _Node] = {}
        self.any: _Node | None = None
        self.tags: set[str] = set()

    def step(self, word: str) -> list[_Node]:
        """The nodes that a word leads to."""
        found = [self.exact[word]] if word in self.exact else []
        if self.prefixes:
            found += [self.prefixes[word[:n]] for n in range(2, len(word) + 1) if word[:n] in self.prefixes]
        if self.suffixes:
            found += [self.suffixes[word[-n:]] for n in range(3, len(word)) if word[-n:] in self.suffixes]
        return [*found, self.any] if self.any else found

    def grow(self, piece: str) -> _Node:
        if piece == "*":
            self.any = self.any or _Node()
            return self.any
        table = self.prefixes if piece.endswith("*") else self.suffixes if piece.startswith("*") else self.exact
        return table.setdefault(piece.strip("*"), _Node())


@cache
def _root(section: str) -> _Node:
    root = _Node()
    for key, listed in listed_phrases(section).items():
        for phrase in listed:
            node = root
            for piece in fold(phrase).split():
                node = node.grow(piece.strip(".,:!?"))
            node.tags.add(key)
    return root


@lru_cache(maxsize=8192)
def _first(section: str, word: str) -> tuple[_Node, ...]:
    return tuple(_root(section).step(word))


def tags(words: Sequence[str], section: str = "intent") -> frozenset[str]:
    """The keys of a section's lists that have a phrase among the folded words of a sentence."""
    return _tags(tuple(words), section)


@lru_cache(maxsize=1024)
def tags_in(folded: str, section: str = "intent") -> frozenset[str]:
    """The same of folded text, its words told apart."""
    return tags([token.group() for token in tokens(folded)], section)


@lru_cache(maxsize=1024)
def _tags(words: tuple[str, ...], section: str) -> frozenset[str]:
    found: set[str] = set()
    for at, word in enumerate(words):
        reached: Iterable[_Node] = _first(section, word)
        ahead = at + 1
        while reached:
            found.update(*(node.tags for node in reached))
            reached = [after for node in reached for after in node.step(words[ahead])] if ahead < len(words) else ()
            ahead += 1
    return frozenset(found)
