"""Who comes only perhaps, or on a condition: neither confirmed nor asked about, but for a person to read.

A perhaps is of whom it stands beside: before a name (`eventuellt Ida Norén`), behind it in the same piece of a list or in
brackets, in what the sentence says that she does, or in a cell of her row. A condition is of who comes by its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from ..folding import fold
from .acts import Act, Said
from .names import NameMention
from .people import Assembler
from .people.sentences import same
from .text import pattern

_BEFORE = pattern("perhaps", "before")
_NOTED = pattern("perhaps", "noted")
_ASKS = pattern("perhaps", "asks")
_DOES = pattern("perhaps", "does")
_MAY_BE = pattern("perhaps", "may_be")
_HANGS = pattern("perhaps", "hangs")
_TELL_ME = pattern("perhaps", "tell_me")
_ELSE = re.compile(r"\s?(?:som|who)\s(?!komm|folj|delt|ansl|vill|kan|com|join|attend)")
"""Behind a name: of which only what else she does is not sure, `förmodligen Juhani som kör`."""
_JOINED = re.compile(r"\s?(?:och|samt|and|&)\s")
_WITH_ME = re.compile(r"\b(?:[Jj]ag|[Mm]i[gt]|[Mm]ej|[Vv]i|[Oo]ss|I|[Mm]e|[Ww]e|[Uu]s)\b")


def hangs(folded: str) -> bool:
    """Whether words make what they say hang on something that is not the organiser's to give, as a place or a yes is."""
    return bool(_HANGS.search(folded)) and not _TELL_ME.search(folded)


def unsure(work: Assembler, coming: Collection[str]) -> list[str]:
    """Those named who come only perhaps, by the fullest form of their names, the sender's own among them; `coming` are
    those who would be taken to come, and whose verb tells more than that of one only mentioned."""
    found = [entry.name for entry in work.layout.entries if entry.perhaps and entry.name]
    mentions = sorted([*work.full_names, *work.first_names], key=lambda m: m.start)
    mentions = [m for m in mentions if not set(fold(m.name).split()) <= work.tools.names.organiser]
    for index, mention in enumerate(mentions):
        behind = mentions[index - 1] if index else None
        joined = behind is not None and behind.name in found
        joined = joined and bool(_JOINED.fullmatch(work.folded, behind.end, mention.start))  # type: ignore[union-attr]
        comes = any(same(mention.name, name) for name in coming)
        if joined or _is_unsure(work, mention, mentions[index + 1 :], comes):
            found.append(next((m.name for m in work.full_names if same(m.name, mention.name)), mention.name))
    return list(dict.fromkeys(found))


def _is_unsure(work: Assembler, mention: NameMention, later: Iterable[NameMention], comes: bool) -> bool:
    begin, end = work.around(mention)
    scope = work.spoken.scope_of(mention.start)
    begin, end = max(begin, scope.start if scope.item else begin), min(end, scope.end if scope.item else end)
    stop = next((m.start for m in later if not same(m.name, mention.name)), len(work.folded))
    end = min(end, stop)
    before, after = work.folded[begin : mention.start], work.folded[mention.end : end]
    line = work.folded[mention.end : min(stop, mention.end + 160)].split("\n", 1)[0]
    if _BEFORE.search(before) and not _ELSE.match(after):
        return True
    if _MAY_BE.search(before) or _NOTED.match(line) or (scope.item and not work.layout.entries and _ASKS.match(line)):
        return True
    hung = hangs(work.folded[begin:end]) and not _WITH_ME.search(work.own, begin, end)
    return comes and (hung or bool(_DOES.match(after)))


def hanging(work: Assembler) -> list[Said]:
    """The sentences in which the coming of the sender, or of all, hangs on something."""
    said = (s for s in work.said if s.p(Act.ATTEND, Act.HEDGE) > 0.3 or _HANGS.match(work.folded, s.start))
    told = [s for s in said if s.p(Act.ASK) < 0.5 and hangs(work.folded[s.start : s.end])]
    named = [m.start for m in (*work.full_names, *work.first_names) if not work.is_sender(m.name)]
    return [
        s for s in told if _WITH_ME.search(work.own, s.start, s.end) or not any(s.start <= at < s.end for at in named)
    ]
