"""Days by their number, in figures or words: `12 februari`, `12 + 14/2`, `2020-02-12`, `den 12:e`, `den tolfte`."""

from __future__ import annotations

import itertools
import re

from ..text import alike, pattern, phrase_pattern, words
from .model import Form
from .search import Search
from .vocabulary import HOLIDAYS, MONTHS, ORDINALS, either, month_of, month_pattern

_MONTH = month_pattern()
_ORDINAL = either([*ORDINALS])
_DAY = r"(?:den |the |d\. )?(?<![\d/.:,])(\d{1,2})(?:[:.]?(?:e|a|de|dje|th|st|nd|rd)\b|\.(?!\d))?"
_JOIN = r"\s*(?:,|och|o|&|\+|/|samt|resp\.?|respektive|eller|el\.?|or|and|eller den|-|till|to|tom|t\.?o\.?m\.?)\s*"
_FIGURE = re.compile(r"\d{1,2}")
_RANGE = re.compile(r"-|\btill\b|\bto\b|\btom\b|t\.?o\.?m")
_ISO = re.compile(r"(?<!\d)(?P<y>20\d\d)(?:([-/. ])(?P<m>\d\d?)\2(?P<d>\d\d?)|(?P<m8>\d\d)(?P<d8>\d\d))(?!\d)")
_SHORT = re.compile(r"(?<![\d-])(\d\d)(\d\d)(\d\d)(?![\d-])")
_DASHED = re.compile(r"(?<![\d-])(\d\d)-(\d\d)-(\d\d)(?![\d-])")
_DOT = re.compile(r"(?<![\d.:,])(\d{1,2})\.(\d{1,2})\.?(?:(20\d\d))?(?![\d:])")
_BEFORE_ORDINAL = re.compile(r"(?<![\d/.:+-])\b(\d{1,2})(?=\s*(?:och|&|\+|,|eller|samt)\s*(?:den )?\d{1,2}[:.]?e\b)")
_SLASH = pattern("sessions", "slash")
_BARE = pattern("sessions", "bare")
_ALONE = pattern("sessions", "alone")
_TIME = pattern("sessions", "time")
_NUMBERS = pattern("sessions", "numbers")
_ANY_MONTH = re.compile(rf"\b(?:{_MONTH})")
_ANY_HOLIDAY = re.compile(either([*HOLIDAYS]))
_DAYS_MONTH = re.compile(rf"{_DAY}((?:{_JOIN}{_DAY}){{0,4}})\s*(?:of |i |-)?\s?({_MONTH})(?:\s*,?[\s-]?(20\d\d))?")
_NEXT_DAY = r"(?:\s?(?:,|and|&|or|och|eller|\+)\s?(?:the\s)?\d{1,2}(?:st|nd|rd|th)?\b(?![:.]\d))"
_MONTH_DAY = re.compile(
    rf"\b({_MONTH})\s(?:the\s)?(\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.]\d)({_NEXT_DAY}{{0,3}})(?:,?\s(20\d\d))?"
)
_ORDINAL_MONTH = re.compile(rf"\b(?:den |the )?({_ORDINAL})\s(?:of\s)?({_MONTH})")
_ORDINAL_ALONE = re.compile(rf"\b(?:den )?({_ORDINAL})\b(?!\s(?:{phrase_pattern(words('dates', 'session'))}))")
_NEAR_MONTH = re.compile(rf"{_DAY}\s([a-z]{{4,10}})\b")


def find(search: Search) -> None:
    """Every day that is named by its number; other numbers and times of day are taken out of the way."""
    folded = search.folded
    figures = bool(_FIGURE.search(folded))
    _written_out(search)
    for match in _DOT.finditer(folded) if figures else ():
        days, _ = search.day(int(match[1]), int(match[2]))
        if days and not re.search(r"(?:kl\.?|klockan|at)\s?$", folded[max(0, match.start() - 9) : match.start()]):
            search.add(match.span(), Form.DAY, days)
    for other in (_NUMBERS, _TIME) if figures or "@" in folded or "www" in folded else ():
        for match in other.finditer(folded):
            search.take(*match.span())
    if figures:
        _numeric(search)
    for match in _ORDINAL_ALONE.finditer(folded):
        number = ORDINALS[match[1]]
        days, foreign = search.day(number)
        if days and (match.group().startswith("den ") or number >= 10):
            search.add(match.span(), Form.DAY, days, foreign)


def _written_out(search: Search) -> None:
    """Days with their month: ISO, compact, `12 och 14 februari`, `Feb 12th`, `tolfte februari`; and holidays."""
    folded = search.folded
    for match in _ISO.finditer(folded):
        search.add_day(match.span(), int(match["d"] or match["d8"]), int(match["m"] or match["m8"]), int(match["y"]))
    if _ANY_HOLIDAY.search(folded):
        for spelling, day in HOLIDAYS.items():
            for match in re.finditer(rf"\b(?:pa )?{re.escape(spelling)}\b", folded):
                search.add_day(match.span(), *day)
    if not _ANY_MONTH.search(folded):
        return
    for match in _DAYS_MONTH.finditer(folded):
        month, year = month_of(match[4]), int(match[5]) if match[5] else None
        if _RANGE.search(match[2]) and not re.search(r"\boch\b|&|\+", match[2]):
            search.add(match.span(), Form.RANGE, (), search.day(int(match[1]), month, year)[1])
        else:
            _series(search, (match.start(), match.start(4), match.end()), month, year)
    for match in _MONTH_DAY.finditer(folded):
        year = int(match[4]) if match[4] else None
        _series(search, (match.start(), match.end(3), match.end(3)), month_of(match[1]), year)
    for match in _ORDINAL_MONTH.finditer(folded):
        search.add_day(match.span(), ORDINALS[match[1]], month_of(match[2]))


def _nearly(word: str, month: str) -> bool:
    """Whether a word is a month's name with a slip; in a short one, two letters that changed places."""
    short = len(month) in (4, 5) and word[0] == month[0] and sorted(word) == sorted(month)
    return short or (len(month) > 4 and alike(word, month))


def _series(search: Search, span: tuple[int, int, int], month: int, year: int | None = None) -> None:
    """Days that share a month: `span` is where they begin, where their figures end, and where all ends."""
    begin, figures, end = span
    days = list(_FIGURE.finditer(search.folded, begin, figures))
    for index, day in enumerate(days):
        start, stop = day.start() if index else begin, day.end() if day is not days[-1] else end
        search.add_day((start, stop), int(day.group()), month, year)


def _numeric(search: Search) -> None:
    """Days by figures alone: `12/2`, `12 + 14/2`, `200212`, `12 febuari`, `den 12:e`."""
    folded = search.folded
    for match in _SLASH.finditer(folded):
        day, month = int(match[1]), int(match[3])
        if not (1 <= day <= 31 and 1 <= month <= 12):
            if not match[2] and month <= 31 and day <= 12:  # as Americans write it
                search.add_day(match.span(), month, day)
        elif re.search(r"\d\s?-\s?\d", match[1] + match[2]):
            search.add(match.span(), Form.RANGE, (), search.day(day, month)[1])
        else:
            _series(search, (match.start(), match.end(2), match.end()), month)
    for match in itertools.chain(_SHORT.finditer(folded), _DASHED.finditer(folded)):
        if days := search.day(int(match[3]), int(match[2]), 2000 + int(match[1]))[0]:
            search.add(match.span(), Form.DAY, days)
    for match in _NEAR_MONTH.finditer(folded):
        near = next((number for name, number in MONTHS.items() if _nearly(match[2], name)), None)
        if near is not None and match[2] not in MONTHS:
            search.add_day(match.span(), int(match[1]), near)
    for match in _BARE.finditer(folded):
        if 1 <= (day := int(match[1] or match[2])) <= 31:
            search.add_day(match.span(), day)
    for match in _BEFORE_ORDINAL.finditer(folded):
        search.add_day(match.span(), int(match[1]))
    for match in _ALONE.finditer(folded):
        alone = list(_FIGURE.finditer(folded, *match.span(match.lastgroup or 0)))
        if all(search.day(int(figure.group()))[0] for figure in alone):
            for figure in alone:
                search.add_day(figure.span(), int(figure.group()))
