"""Neighbouring mentions of one choice as one phrase: `onsdag 12 februari i Nyköping`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..text import pattern, phrases
from .model import Form, Mention, Phrase

UNION = pattern("sessions", "union")
OR = phrases("polarity", "alternative")
_FALLBACK = phrases("polarity", "fallback")
_APART = re.compile(
    r"\n.*[a-z]|\n\n|\b(?:men|utan|but|inte|ej|not|an|than|hellre|helst|rather|eftersom|medan|trots|because|since|while)\b|,\s(?:sa|so)\b|[.!?;:](?:\s|$)"
)
_GOES_ON = re.compile(
    r"\s(?:\w+ (?:jag|vi|i|we)\b|sitter|har|ar|e|kan|maste|ska|gar|jobbar|blir|far|passar|funkar|is|i |we )"
)
"""Behind a day that begins a clause of its own."""
_SAYS = pattern("sessions", "says")
_CLASHES = phrases("polarity", "negative", "busy")


def joined(folded: str, mentions: Sequence[Mention]) -> list[Phrase]:
    """The phrases that mentions form; one whose parts name no common session clashes."""
    groups: list[list[Mention]] = []
    for index, mention in enumerate(mentions):
        if groups and _one_phrase(folded, groups[-1], mention, mentions[index + 1 : index + 3]):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return [_phrase(group) for group in groups]


def _one_phrase(folded: str, group: Sequence[Mention], mention: Mention, behind: Sequence[Mention]) -> bool:
    """Whether a mention names the same choice as those right before it, and does not begin a clause with those behind it."""
    gap, forms = folded[group[-1].end : mention.start], {m.form for m in group}
    if len(gap) > 45 or len(gap.split()) > 6 or mention.form in forms or Form.ALL in {mention.form, *forms}:
        return False
    if any(apart.search(gap) for apart in (_APART, UNION, OR, _FALLBACK, _SAYS)):
        return False
    if "," not in gap:
        return True
    ends = [mention.end]
    ends += [m.end for m in behind if re.fullmatch(r"\s?\w{0,3}\s?", folded[ends[-1] : m.start])]
    return not any(_GOES_ON.match(folded[end : end + 14]) or _CLASHES.match(folded, end + 1) for end in ends)


def _phrase(group: Sequence[Mention]) -> Phrase:
    relevant = [m for m in group if not (m.foreign and len(group) > 1 and m.form is Form.RELATIVE)]
    days = frozenset.intersection(*(m.days for m in relevant)) if relevant else frozenset()
    return Phrase(tuple(group), days, not days)
