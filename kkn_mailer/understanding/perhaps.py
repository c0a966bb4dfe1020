"""Who comes only perhaps, or on a condition: neither confirmed nor asked about, but for a person to read.

A perhaps is of whom it stands beside: before a name (`eventuellt Ida Norén`), behind it in the same piece of a list or in
brackets, in what the sentence says that she does, or in a cell of her row. A condition is of who comes by its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .acts import Act
from .names import NameMention
from .people import Assembler
from .people.sentences import same
from .text import pattern

_BEFORE = pattern("perhaps", "before")
_NOTED = pattern("perhaps", "noted")
_DOES = pattern("perhaps", "does")
_MAY_BE = pattern("perhaps", "may_be")
_HANGS = pattern("perhaps", "hangs")
_JOINED = re.compile(r"\s?(?:och|samt|and|&)\s")
_HERSELF = re.compile(r"\b(?:jag|mig|mej|vi|oss|i|i'll|i'd|i'm|me|we|us)\b")


def hangs(folded: str) -> bool:
    """Whether words make what they say hang on something that is not the organiser's to give, as a place or a yes is."""
    return bool(_HANGS.search(folded))


def unsure(work: Assembler) -> list[str]:
    """Those named who come only perhaps, by the fullest form of their names; the sender's own among them."""
    found = [entry.name for entry in work.layout.entries if entry.perhaps and entry.name]
    mentions = sorted([*work.full_names, *work.first_names], key=lambda m: m.start)
    for index, mention in enumerate(mentions):
        behind = mentions[index - 1] if index else None
        joined = behind is not None and behind.name in found
        joined = joined and bool(_JOINED.fullmatch(work.folded, behind.end, mention.start))  # type: ignore[union-attr]
        if joined or _is_unsure(work, mention, mentions[index + 1 :]):
            found.append(next((m.name for m in work.full_names if same(m.name, mention.name)), mention.name))
    return list(dict.fromkeys(found))


def _is_unsure(work: Assembler, mention: NameMention, later: Iterable[NameMention]) -> bool:
    begin, end = work.around(mention)
    scope = work.spoken.scope_of(mention.start)
    begin, end = max(begin, scope.start if scope.item else begin), min(end, scope.end if scope.item else end)
    end = min((m.start for m in later if m.start < end and not same(m.name, mention.name)), default=end)
    before, after = work.folded[begin : mention.start], work.folded[mention.end : end]
    if _BEFORE.search(before) or _NOTED.match(after) or _DOES.match(after):
        return True
    if _MAY_BE.search(before):
        return True
    clause = after.split("\n\n")[0]
    return bool(hangs(clause) and not _HERSELF.search(clause))
