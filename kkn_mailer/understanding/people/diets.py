"""Diets said in sentences: of all who come, of one by name, else of the sender."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...folding import fold
from ..contacts import diet_in, needs_in
from ..drafts import Draft, Value
from ..layout import Layout
from ..referents import ALL, SELF
from ..text import pattern, sentences
from .herself import Herself

_EVERYBODY = pattern("diet", "everybody")
_CUT = re.compile(r",\s|\s(?:och|medan|men|and|but|while)\s")


def share_diets(work: Herself, drafts: Sequence[Draft], layout: Layout) -> None:
    """Gives each the needs that are said of her; around a table or form only the rest of the text is looked at."""
    listed = bool(layout.entries)
    text = layout.rest if listed else work.own
    folded = fold(text)
    for start, end in sentences(folded) if listed else _clauses(work):
        if need := diet_in(text[start:end]):
            at = needs_in(text[start:end])[0][0]
            for draft in _eaters(work, drafts, folded[start:end], at, None if listed else start):
                _add(draft, need, text[start:end].strip())
    alone = all(work.is_sender(m.name) for m in (*work.full_names, *work.first_names))
    told = f"{work.subject}\n{work.own if alone and not listed else ''}"
    if len(drafts) == 1 and not drafts[0].diet.value and (need := diet_in(told)):
        drafts[0].diet = Value(need, told.strip())


def _add(draft: Draft, need: str, words: str) -> None:
    """Adds a need to those that are known of somebody, unless it is one of them."""
    known = draft.diet
    if not known.value or fold(known.value) in fold(need):
        draft.diet = Value(need, words)
    elif fold(need) not in fold(known.value):
        draft.diet = Value(f"{known.value}, {need}", f"{known.words}\n{words}")


def _clauses(work: Herself) -> list[tuple[int, int]]:
    """Sentences, cut where another person takes over: `Anna är vegan, jag äter allt`."""
    found: list[tuple[int, int]] = []
    for scope in work.spoken.scopes:
        ends = (comma.end() for comma in _CUT.finditer(work.folded, scope.start, scope.end))
        turns = [end for end in ends if work.spoken.within(end, end + 1)]
        found += zip([scope.start, *turns], [*turns, scope.end], strict=True)
    return found


def _eaters(work: Herself, drafts: Sequence[Draft], sentence: str, at: int, start: int | None) -> Sequence[Draft]:
    """Whose a need is that stands at a place of a sentence; `start` is where that is in prose."""
    everybody = _EVERYBODY.search(sentence, 0, at)
    if everybody and start is None:
        return drafts
    if everybody and start is not None:
        scope = work.spoken.scope_of(start)
        before = [r for r in work.spoken.within(scope.start, start + everybody.start()) if r.named or r.who == SELF]
        group = {r.who for r in work.spoken.group_of(before[-1], lambda a, b: False)} if before else set()
        if len(group) > 1 or not scope.item:
            return [d for d in drafts if d.key in group] if len(group) > 1 else drafts
    if start is not None and (near := [r for r in work.spoken.within(start, start + at) if r.who != ALL]):
        owner = near[-1].who
        if (mine := [d for d in drafts if d.key == owner]) or owner != SELF:
            return mine
    firsts = ((d, fold(d.name.value).split()[0]) for d in drafts if d.name.value)
    named = [d for d, first in firsts if re.search(rf"\b{re.escape(first)}s?\b", sentence)]
    return named[-1:] or [d for d in drafts if d.is_sender] or drafts[:1]
