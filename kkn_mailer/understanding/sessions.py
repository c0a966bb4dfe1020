"""Which sessions a piece of text chooses.

First every mention of a day is found, whatever its form; then neighbouring mentions are joined into phrases
("onsdag 12 februari i Nyköping" is one, "12 och 14 februari" two); then the clause each phrase stands in says whether it
is chosen, refused or open. What cannot be settled chooses nothing.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from functools import cache, cached_property, lru_cache
from typing import Protocol

from ..event import Event
from ..folding import fold
from .text import alike, lexicon, phrase_pattern, phrases, sentences, tokens, words


class Form(Enum):
    """How a mention names its day."""

    DAY = auto()
    WEEKDAY = auto()
    CITY = auto()
    VENUE = auto()
    ORDINAL = auto()
    ALL = auto()
    RELATIVE = auto()
    RANGE = auto()
    WEEK = auto()
    MONTH = auto()


@dataclass(frozen=True, slots=True)
class Mention:
    """A day named in the text; `days` are the sessions it can be, none for a day that is no session.

    `foreign` marks a day that has nothing to do with the event: another month, another year.
    """

    start: int
    end: int
    form: Form
    days: frozenset[dt.date]
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Mentions that together name one choice; `clash` when they name no common session."""

    mentions: tuple[Mention, ...]
    days: frozenset[dt.date]
    clash: bool

    @property
    def start(self) -> int:
        return self.mentions[0].start

    @property
    def end(self) -> int:
        return self.mentions[-1].end

    @property
    def settled(self) -> bool:
        """Names exactly one session, or all of them by a word that means so."""
        return not self.clash and (len(self.days) == 1 or all(m.form is Form.ALL for m in self.mentions))

    @property
    def foreign(self) -> bool:
        return all(mention.foreign for mention in self.mentions)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a text chooses. `dates` is empty when nothing is, or when it is `open` (alternatives, contradictions)."""

    dates: tuple[dt.date, ...] = ()
    open: bool = False
    refused: tuple[dt.date, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    chosen: tuple[Phrase, ...] = field(default=(), repr=False)
    foreign: bool = False
    """A day that is no session stands where a session would."""


MOST_MENTIONS = 100
"""More days than these in one text settle nothing; it bounds the work, too."""
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@cache
def _numbers(section: str, keys: tuple[str, ...]) -> dict[str, int]:
    return {word: index for index, key in enumerate(keys) for word in words(section, key)}


@cache
def _month_names() -> dict[str, int]:
    return {word: number + 1 for word, number in _numbers("dates", MONTHS).items()}


@cache
def _month_pattern() -> str:
    """Month names; only an abbreviated one takes a full stop with it."""
    names = sorted(map(re.escape, _month_names()), key=len, reverse=True)
    short = [name for name in names if len(name) <= 4]
    return rf"(?:(?:{'|'.join(names)})\b(?!\.\s?\w)|(?:{'|'.join(short)})\b\.?|(?:{'|'.join(names)})\b)"


_DAY = r"(?:den |the |d\. )?(?<![\d/.:,])(\d{1,2})(?:[:.]?(?:e|a|de|dje|th|st|nd|rd)\b|\.(?!\d))?"
_JOIN = r"\s*(?:,|och|o|&|\+|/|samt|resp\.?|respektive|eller|el\.?|or|and|eller den|-|till|to|tom|t\.?o\.?m\.?)\s*"
_RANGE = re.compile(r"-|\btill\b|\bto\b|\btom\b|t\.?o\.?m")
_ISO = re.compile(r"(?<!\d)(?P<y>20\d\d)(?:([-/. ])(?P<m>\d\d?)\2(?P<d>\d\d?)|(?P<m8>\d\d)(?P<d8>\d\d))(?!\d)")
_SHORT = re.compile(r"(?<![\d-])(\d\d)(\d\d)(\d\d)(?![\d-])")
_DASHED = re.compile(r"(?<![\d-])(\d\d)-(\d\d)-(\d\d)(?![\d-])")
_SLASH = re.compile(
    r"(?<![\d/])(\d{1,2})((?:\s?(?:och|o|&|\+|,|eller|resp\.?|-)\s?\d{1,2})*)\s?/\s?(\d{1,2})(?:\s?[/-]\s?(?:20)?\d\d)?(?![\d/])"
)
_DOT = re.compile(r"(?<![\d.:,])(\d{1,2})\.(\d{1,2})\.?(?:(20\d\d))?(?![\d:])")
_BARE = re.compile(
    r"(?<![\d/.:+-])(?:(?:den|the|d\.) (\d{1,2})(?:[:.]?(?:e|a|de|dje|th|st|nd|rd)\b)?|(\d{1,2})[:.]?(?:e|a|de|dje|th|st|nd|rd))(?!-[a-z]|[\d/]|[.:]\d| ?(?:st\b|%|kr\b|personer|deltagare|gången))"
)
_WEEK = re.compile(r"^\s*(?:i\s)?(?:,\s*)?(?:v\.?|vecka|week)\s?(\d{1,2})\b")
_FAR = re.compile(r"\b(?:nasta|next|nastkommande|forra|last|i)\s(?:vecka\s)?$")
_TIME = re.compile(
    r"(?:\b(?:kl\.?|klockan|at)\s*)\d{1,2}(?:[.:]\d\d)?(?:\s*-\s*\d{1,2}(?:[.:]\d\d)?)?|\b\d{1,2}[.:]\d\d\b(?!\.)|\d{1,2}\s?(?:am|pm)\b"
)
_NUMBERS = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+|\+?\d[\d -]{2,4}[ -]\d[\d -]{4,}\d|\b\d{3}\s\d{2}\b|\b\d{6,8}-\d{4}\b|\b\d{4,}-\d{4,}\b|#\d+|(?:\b(?:ref|referens|faktura|ordernr|diarienr|dnr)|(?<!\w )\bnr|(?:faktura|arende|order|kund|reg)\s?nr)\.?:?\s?[\w/-]*\d[\w/-]*"
)


Attends = Callable[[int], float]
"""How likely the sentence at a place of the text says that somebody comes."""


_FIGURE = re.compile(r"\d")
_BEFORE_ORDINAL = re.compile(r"(?<![\d/.:+-])\b(\d{1,2})(?=\s*(?:och|&|\+|,|eller|samt)\s*(?:den )?\d{1,2}[:.]?e\b)")


@cache
def _month_word() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_month_pattern()})")


@cache
def _days_month() -> re.Pattern[str]:
    return re.compile(
        rf"{_DAY}((?:{_JOIN}{_DAY}){{0,4}})\s*(?:of |i |-)?\s?({_month_pattern()})(?:\s*,?[\s-]?(20\d\d))?"
    )


@cache
def _month_day() -> re.Pattern[str]:
    return re.compile(
        rf"\b({_month_pattern()})\s(?:the\s)?(\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.]\d)((?:\s?(?:,|and|&|or|och|eller|\+)\s?(?:the\s)?\d{{1,2}}(?:st|nd|rd|th)?\b(?![:.]\d)){{0,3}})(?:,?\s(20\d\d))?"
    )


@cache
def _ordinal_month() -> re.Pattern[str]:
    return re.compile(rf"\b(?:den |the )?({_ordinal_words()})\s(?:of\s)?({_month_pattern()})")


@cache
def _ordinal_alone() -> re.Pattern[str]:
    return re.compile(rf"\b(?:den )?({_ordinal_words()})\b(?!\s(?:{_session_words()}))")


@cache
def _near_month() -> re.Pattern[str]:
    return re.compile(rf"{_DAY}\s([a-z]{{5,10}})\b")


@cache
def _holiday_pattern() -> re.Pattern[str]:
    return re.compile("|".join(_holidays()))


@cache
def _rank_word() -> re.Pattern[str]:
    """Any word that may begin the name of a session by its place in the order: without one, none is named so."""
    ranks = (*_rank_words(), *words("dates", "numbers"), *words("dates", "numbers_en"))
    return re.compile(
        rf"\b(?:{'|'.join(map(re.escape, ranks))}|ett|former|forstnamnda|alternativ|alt)\b|\d|\bligger|\bcomes"
    )


class _Adder(Protocol):
    """Takes a mention that was found, unless the place is taken."""

    def __call__(self, start: int, end: int, form: Form, days: Iterable[dt.date], foreign: bool = False) -> None: ...


class Calendar:
    """Finds and settles mentions of one event's sessions; build once per event."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.dates = tuple(session.date for session in event.sessions)

    @cached_property
    def _cities(self) -> dict[str, frozenset[dt.date]]:
        found: dict[str, set[dt.date]] = {}
        for session in self.event.sessions:
            found.setdefault(fold(session.city), set()).add(session.date)
        return {city: frozenset(days) for city, days in found.items()}

    @cached_property
    def venues(self) -> tuple[tuple[re.Pattern[str], frozenset[dt.date]], ...]:
        """Every way to name a place: the whole, its parts, its aliases, the street, and its telling words."""
        named: dict[str, set[dt.date]] = {}
        places = {fold(session.city) for session in self.event.sessions}
        places |= {word for employer in self.event.employers for word in fold(employer.name).split()}
        for session in self.event.sessions:
            street = re.sub(r"\s*\d+\s*\w?$", "", session.address.split(",")[0])
            wholes = [session.venue, *session.venue.split(","), *session.aliases, street]
            spellings = {fold(" ".join(whole.split())) for whole in wholes if len(whole.strip()) > 3}
            spellings |= {
                word.removesuffix("en").removesuffix("et") for word in spellings if " " not in word and len(word) > 8
            }
            telling = {word.group() for word in tokens(fold(session.venue)) if len(word.group()) >= 6}
            for spelling in spellings | (telling - places - {*words("dates", "houses")}):
                if spelling not in places:
                    named.setdefault(spelling, set()).add(session.date)
        return tuple(
            (
                re.compile(
                    rf"(?<!\w){re.escape(spelling)}(?:n|en|et|t|s|ns|ens|ets)?(?:-?(?:dagen|tillfallet))?(?!\w)"
                ),
                frozenset(days),
            )
            for spelling, days in sorted(named.items(), key=lambda item: -len(item[0]))
        )

    def only(self, text: str) -> dt.date | None:
        """The one session that a text names when it says nothing else: `12/2`, `12:e`, `onsdag 12 feb`."""
        folded = fold(text)
        mentions = self.mentions(folded)
        days = frozenset[dt.date]().union(*(mention.days for mention in mentions))
        if len(days) != 1 or not all(mention.days for mention in mentions):
            return None
        (day,) = days
        rest = "".join(c for i, c in enumerate(folded) if not any(m.start <= i < m.end for m in mentions))
        return day if set(re.findall(r"\w+|[^\w\s.,]", rest)) <= {"den", "the", "i", "in", str(day.year)} else None

    @lru_cache(maxsize=64)  # noqa: B019 — lives as long as the event
    def mentions(
        self, folded: str, written: dt.date | None = None, blocked: tuple[tuple[int, int], ...] = ()
    ) -> Sequence[Mention]:
        """Every day named in folded text, in order; `written` is the mail's own date, for relative words.

        `blocked` are spans that mean something else (an employer's name that is also a city).
        """
        found: list[Mention] = []
        taken = bytearray(len(folded))

        def free(start: int, end: int) -> bool:
            return taken.find(1, start, end) < 0

        def add(start: int, end: int, form: Form, days: Iterable[dt.date], foreign: bool = False) -> None:
            if free(start, end):
                found.append(Mention(start, end, form, frozenset(days), foreign))
                taken[start:end] = b"\1" * (end - start)

        for start, end in blocked:
            taken[start:end] = b"\1" * (end - start)
        figures = bool(_FIGURE.search(folded))
        self._written_out(folded, add)
        for match in _DOT.finditer(folded) if figures else ():
            days, _ = self._day(int(match[1]), int(match[2]))
            if days and not re.search(r"(?:kl\.?|klockan|at)\s?$", folded[max(0, match.start() - 9) : match.start()]):
                add(*match.span(), Form.DAY, days)
        for pattern in (_NUMBERS, _TIME) if figures or "@" in folded or "www" in folded else ():
            for match in pattern.finditer(folded):
                if free(*match.span()):
                    taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
        if figures:
            self._numeric(folded, add)
        self._ordinals(folded, add)
        self._named(folded, add, written)
        found = [
            replace(m, foreign=True) if not m.days and _BOUND.search(folded[: m.start][-24:]) else m for m in found
        ]
        return sorted(found, key=lambda mention: mention.start)

    def _day(self, day: int, month: int | None = None, year: int | None = None) -> tuple[frozenset[dt.date], bool]:
        """The sessions a day of the month can be, and whether it is a day of another time altogether."""
        days = frozenset(d for d in self.dates if d.day == day and month in (None, d.month) and year in (None, d.year))
        near = any(month in (None, d.month) and year in (None, d.year) for d in self.dates)
        return days, not days and not near

    def _written_out(self, folded: str, add: _Adder) -> None:
        """Days with their month: ISO, compact, `12 och 14 februari`, `Feb 12th`, `tolfte februari`."""
        for match in _ISO.finditer(folded):
            add(
                *match.span(),
                Form.DAY,
                *self._day(int(match["d"] or match["d8"]), int(match["m"] or match["m8"]), int(match["y"])),
            )
        if _holiday_pattern().search(folded):
            for spelling, day in _holidays().items():
                for match in re.finditer(rf"\b(?:pa )?{spelling}\b", folded):
                    add(*match.span(), Form.DAY, *self._day(day[1], day[0]))
        if not _month_word().search(folded):
            return
        for match in _days_month().finditer(folded):
            number, year = _month_names()[match[4].rstrip(".")], int(match[5]) if match[5] else None
            if _RANGE.search(match[2]) and not re.search(r"\boch\b|&|\+", match[2]):
                add(*match.span(), Form.RANGE, (), self._day(int(match[1]), number, year)[1])
                continue
            self._series(folded, add, (match.start(), match.start(4), match.end()), number, year)
        for match in _month_day().finditer(folded):
            number = _month_names()[match[1].rstrip(".")]
            year = int(match[4]) if match[4] else None
            self._series(folded, add, (match.start(), match.end(3), match.end(3)), number, year)
        for match in _ordinal_month().finditer(folded):
            add(*match.span(), Form.DAY, *self._day(_ordinal_number(match[1]), _month_names()[match[2].rstrip(".")]))

    def _series(
        self, folded: str, add: _Adder, span: tuple[int, int, int], month: int, year: int | None = None
    ) -> None:
        """Days that share a month: `span` is where they begin, where their figures end, and where all ends."""
        begin, figures, end = span
        days = list(re.compile(r"\d{1,2}").finditer(folded, begin, figures))
        for index, day in enumerate(days):
            start, stop = day.start() if index else begin, day.end() if day is not days[-1] else end
            add(start, stop, Form.DAY, *self._day(int(day.group()), month, year))

    def _numeric(self, folded: str, add: _Adder) -> None:
        """Days by figures alone: `12/2`, `12 + 14/2`, `12.2`, `200212`, `den 12:e`, `den tolfte`."""
        for match in _SLASH.finditer(folded):
            day, month = int(match[1]), int(match[3])
            if not (1 <= day <= 31 and 1 <= month <= 12):
                if not match[2] and month <= 31 and day <= 12:  # as Americans write it
                    add(*match.span(), Form.DAY, *self._day(month, day))
                continue
            if re.search(r"\d\s?-\s?\d", match[1] + match[2]):
                add(*match.span(), Form.RANGE, (), self._day(day, month)[1])
                continue
            self._series(folded, add, (match.start(), match.end(2) if match[2] else match.end(1), match.end()), month)
        for match in itertools.chain(_SHORT.finditer(folded), _DASHED.finditer(folded)):
            if days := self._day(int(match[3]), int(match[2]), 2000 + int(match[1]))[0]:
                add(*match.span(), Form.DAY, days)
        for match in _near_month().finditer(folded):
            near = next(
                (number for name, number in _month_names().items() if len(name) > 4 and alike(match[2], name)), None
            )
            if near is not None and match[2] not in _month_names():
                add(*match.span(), Form.DAY, *self._day(int(match[1]), near))
        for match in _BARE.finditer(folded):
            day = int(match[1] or match[2])
            if 1 <= day <= 31:
                add(*match.span(), Form.DAY, *self._day(day))
        for match in _BEFORE_ORDINAL.finditer(folded):
            add(*match.span(), Form.DAY, *self._day(int(match[1])))

    def _ordinals(self, folded: str, add: _Adder) -> None:
        """Days by ordinals in words: `den tolfte`."""
        for match in _ordinal_alone().finditer(folded):
            days, foreign = self._day(_ordinal_number(match[1]))
            if days and (match.group().startswith("den ") or _ordinal_number(match[1]) >= 10):
                add(*match.span(), Form.DAY, days, foreign)

    def _named(self, folded: str, add: _Adder, written: dt.date | None) -> None:
        """Days by other names: all of them, ordinals, venues, weekdays, cities, today and tomorrow."""
        for match in self._both_of.finditer(folded):
            number = _weekday(re.sub(r"(?:ar|arna|s)$", "", match["day"])) if match["day"] else None
            month = _month_names()[match["month"]] if match["month"] else None
            held = {d for d in self.dates if (d.weekday() == number if month is None else d.month == month)}
            if place := match["city"] or match["place"]:
                held = set(self._cities.get(self._city(place) or "", ()))
            if len(held) == 2:
                add(*match.span(), Form.ALL, held)
        for match in self._all_pattern.finditer(folded):
            if _ONE_OF.search(folded[max(0, match.start() - 14) : match.start()]):
                add(*match.span(), Form.ALL, ())
                continue
            days, length = self._all_of(match, folded[match.end() : match.end() + 40])
            add(match.start(), match.end() + length, Form.ALL, days)
        self._ordinal_sessions(folded, add)
        if self._any_venue.search(folded):
            for pattern, days in self.venues:
                for match in pattern.finditer(folded):
                    add(*match.span(), Form.VENUE, days)
        for token in tokens(folded):
            word = token.group()
            if not self._tells(word):
                continue
            weekday = _weekday(word)
            if (
                weekday is not None
                and word in _WORDS_TOO
                and not re.match(r"\.?\s?\d|\.(?:[\s,;/]|$)", folded[token.end() : token.end() + 4])
            ):
                continue
            if weekday is not None:
                end, days, foreign = self._on_weekday(folded, token, weekday, written)
                add(token.start(), end, Form.WEEKDAY, days, foreign)
            elif (city := self._city(word)) and not _OF_A_REGION.match(folded[token.end() : token.end() + 10]):
                add(*token.span(), Form.CITY, self._cities[city])
        for city in self._cities:
            if " " in city or "-" in city:
                for match in re.finditer(rf"\b{re.escape(city)}\b", folded):
                    add(*match.span(), Form.CITY, self._cities[city])
        if written is not None:
            for match in _RELATIVE.finditer(folded):
                day = written + dt.timedelta(days=_RELATIVE_DAYS[match.lastgroup or ""])
                add(*match.span(), Form.RELATIVE, {day} & set(self.dates), day not in self.dates)
            for match in _NEXT_WEEK.finditer(folded):
                ahead = 0 if match["this"] else 7
                week = (written + dt.timedelta(days=ahead)).isocalendar()[:2]
                if held := {day for day in self.dates if day.isocalendar()[:2] == week and day > written}:
                    add(*match.span(), Form.WEEK, held)
        self._spans_of_days(folded, add)

    def _spans_of_days(self, folded: str, add: _Adder) -> None:
        """A week or a month by itself narrows the choice, where it holds a session and not all of them."""
        for match in _WEEK_ALONE.finditer(folded):
            if days := {day for day in self.dates if day.isocalendar().week == int(match[1])}:
                add(*match.span(), Form.WEEK, days)
        if len({day.month for day in self.dates}) > 1:
            for match in self._month_alone.finditer(folded):
                number = _month_names()[match["month"]]
                form = Form.ORDINAL if match["day"] else Form.MONTH
                add(*match.span(), form, {day for day in self.dates if day.month == number})

    @cached_property
    def _month_alone(self) -> re.Pattern[str]:
        """The sessions' months in full; `march` and `mars` are other words, too."""
        held = {day.month for day in self.dates}
        names = [name for name, number in _month_names().items() if number in held and len(name) >= 4]
        listed = "|".join(sorted(set(names) - {"march", "mars"}, key=len, reverse=True))
        return re.compile(rf"(?<!\d )\b(?:i |in )?(?P<month>{listed or '(?!)'})(?P<day>s?dagen|s?tillfallet)?\b")

    @cached_property
    def _all_pattern(self) -> re.Pattern[str]:
        both, every, sessions = (phrase_pattern(words("dates", key)) for key in ("both", "all", "sessions"))
        many = len(self.dates)
        counts = {word for key in ("numbers", "numbers_en") for word in words("dates", key)[many - 1 : many]}
        count = phrase_pattern({*counts, str(many)})
        people = r"(?<!vi )(?<!oss )(?<!ar )(?<!de )(?<!dem )(?<!us )(?<!we )(?<!are )(?<!have )"
        return re.compile(
            rf"(?P<both>{people}(?:{both})(?:\s(?:tva|of\sthe|the|of\sthem))?\s?(?:{sessions})|(?P<bare>\b(?:till|pa|on|for|attend|to|ta|tar|gar|kommer|delta|deltar|tva)\s(?:{both})\b(?!\s(?:\d|den|pa|till|the|kultur|min|mina|vara|jag|i\b|fran|tva)))|\bbada\s?dar\b|\A\s*(?:{both})\s*\Z)"
            rf"|(?P<every>(?:{every})\s(?:(?:de|the)\s)?(?:(?:{count})\b\s?)?(?:{sessions})|(?:{every})\s(?:{count})(?!\w)(?!\s(?:personer|kollegor|ar\b(?! (?:ni|du|snall))|av oss|people|of us|fran))|(?<=\s)(?:pa|till|for|to)\s(?:{every})(?=\s(?:utom|except)\s)|\bbada\sdagar(?:na)?)"
            rf"|(?P<number>(?:de|the)\s(?:{count})\s(?:{sessions}))"
        )

    @cached_property
    def _both_of(self) -> re.Pattern[str]:
        """`båda tisdagarna`, `both October sessions`, `båda dagarna i Gävle`, `both of the Gävle dates`: two of more."""
        both, sessions = phrase_pattern(words("dates", "both")), phrase_pattern(words("dates", "sessions"))
        cities = "|".join(map(re.escape, self._cities))
        months = "|".join(name for name in _month_names() if len(name) >= 4)
        days = r"(?:man|tis|ons|tors|fre|lor|son)dag(?:ar(?:na)?)|(?:mon|tues|wednes|thurs|fri|satur|sun)days"
        return re.compile(
            rf"(?:{both}|\b(?:the|de)\s(?:two|tva))\s(?:of\s)?(?:the\s|de\s)?(?:(?P<day>{days})|(?:(?P<month>{months})|(?P<city>{cities}))s?[\s-]?"
            rf"(?:{sessions}|meetings|dagarna|tillfallena|traffarna)|(?:{sessions}|meetings)\s(?:i|in)\s(?P<place>\w+))"
        )

    def _all_of(self, match: re.Match[str], after: str) -> tuple[frozenset[dt.date], int]:
        """The sessions, and how far a city that narrows them reaches; `båda` is every session only of two."""
        if match["both"] is None and match["bare"] is None:
            return frozenset(self.dates), 0
        where = re.match(r"(?:\s\w+)?\s(?:i|in|at)\s(\w+)", after)
        city = self._city(where[1]) if where else None
        days = self._cities[city] if city else frozenset(self.dates)
        return days if len(days) == 2 else frozenset(), where.end() if where and city else 0

    def _ordinal_sessions(self, folded: str, add: _Adder) -> None:
        """`första tillfället`, `dag 2`, `the second one`, `sista dagen i Gävle`, `första Gävledagen`."""
        if not _rank_word().search(folded):
            return
        for match in _RANK_CITY.finditer(folded):
            city = self._city(match["place"])
            if city and len(self._cities[city]) > 1:
                days = sorted(self._cities[city])
                index = (
                    -1 if match["rank"] in words("dates", "last") else int(match["rank"] in words("dates", "second"))
                )
                add(*match.span(), Form.ORDINAL, {days[index]})
        for match in _AND_NUMBER.finditer(folded):
            if 0 < int(match[1]) <= len(self.dates):
                add(*match.span(1), Form.ORDINAL, {self.dates[int(match[1]) - 1]})
        for match in _LIES.finditer(folded):
            add(*match.span(), Form.ORDINAL, {self.dates[0 if match["first"] else -1]})
        for index, (rank, forms) in enumerate(_ranks().items()):
            for match in forms.finditer(folded):
                dates = list(self.dates)
                end = match.end()
                if match["plain"] is None and match["city"] is not None:
                    city = self._city(match["city"])
                    if city and len(self._cities[city]) > 1:
                        dates = sorted(self._cities[city])
                    else:
                        end = match.start("where")
                position = len(dates) - 1 if rank == "last" else index
                add(match.start(), end, Form.ORDINAL, dates[position : position + 1])

    @cached_property
    def _any_venue(self) -> re.Pattern[str]:
        return re.compile("|".join(pattern.pattern for pattern, _ in self.venues) or "(?!)")

    @lru_cache(maxsize=8192)  # noqa: B019 — lives as long as the event
    def _tells(self, word: str) -> bool:
        """Whether a word is a weekday or a session's city."""
        return _weekday(word) is not None or self._city(word) is not None

    @lru_cache(maxsize=4096)  # noqa: B019 — lives as long as the event
    def _city(self, word: str) -> str | None:
        """The session city a word names: itself, nearly, or `<city>dagen`, `<city>tillfället`."""
        for city in self._cities:
            if alike(word, city) or word == city + "s":
                return city
            if word.startswith(city) and word[len(city) :].lstrip("s-").startswith(words("dates", "session_stems")):
                return city
        return None

    def _on_weekday(
        self, folded: str, token: re.Match[str], weekday: int, written: dt.date | None
    ) -> tuple[int, frozenset[dt.date], bool]:
        days = frozenset(d for d in self.dates if d.weekday() == weekday)
        if week := _WEEK.match(folded[token.end() : token.end() + 14]):
            exact = frozenset(d for d in days if d.isocalendar().week == int(week[1]))
            return token.end() + week.end(), exact, not exact
        before = folded[max(0, token.start() - 20) : token.start()]
        if _FAR.search(before) and written is not None and "vecka" not in before and not re.search(r"\bi\s$", before):
            ahead = (weekday - written.weekday()) % 7
            soonest = written + dt.timedelta(days=ahead or 7)
            near = soonest.isocalendar()[:2] == written.isocalendar()[:2] and re.search(r"n(?:a|e)xt|nasta", before)
            said = {soonest, soonest + dt.timedelta(days=7)} if near else {soonest}
            exact = frozenset(d for d in days if d in said)
            return token.end(), exact, not exact
        if written is not None and re.search(r"\b(?:pa|nu pa|on)\s$", before) and not token.group().endswith("dagen"):
            soonest = written + dt.timedelta(days=(weekday - written.weekday()) % 7 or 7)
            days = days & frozenset({soonest}) or days
        return token.end(), days, not days

    def accepted(self, folded: str, mentions: Sequence[Mention], attends: Attends | None = None) -> list[Phrase]:
        """The phrases that name sessions and are not refused by the clause they stand in."""
        found, spans = _join(folded, mentions[:MOST_MENTIONS]), sentences(folded)
        return [
            p
            for p in found
            if p.settled and not p.foreign and _stance(folded, p, found, spans, attends) not in _NOT_CHOSEN
        ]

    def among(self, folded: str, chosen: Sequence[Phrase]) -> Choice:
        """What some accepted phrases choose together, as if they were all there is."""
        meant = _after_correction(folded, _first_hand(folded, chosen))
        picked = _choose(folded, meant, sentences(folded), alone=False)
        if picked is None:
            return Choice(open=True, phrases=tuple(chosen))
        return Choice(
            tuple(sorted({day for p in picked for day in p.days})), phrases=tuple(chosen), chosen=tuple(picked)
        )

    def settle(self, folded: str, mentions: Sequence[Mention], attends: Attends | None = None) -> Choice:
        """What the clauses of a text choose among its mentions.

        `attends` tells how likely the sentence at a place says that somebody comes: a day that only such a sentence names
        is chosen, not one named in passing.
        """
        choice = _settle(folded, mentions, attends)
        other = _OTHER_ONE.search(folded)
        if other and attends and len(self.dates) == 2 and attends(other.start()) >= 0.5:
            named = {
                day for p in choice.phrases if p.settled and not p.foreign and p.end < other.start() for day in p.days
            }
            if len(named) == 1:
                return replace(
                    choice, dates=tuple(d for d in self.dates if d not in named), open=False, refused=tuple(named)
                )
        left = tuple(day for day in self.dates if day not in choice.refused)
        if (
            not choice.dates
            and choice.refused
            and len(left) == 1
            and (_ALL_BUT.search(folded) or _OTHER_ONE.search(folded))
        ):
            return replace(choice, dates=left, open=False)
        return choice


_RANK_CITY = re.compile(
    rf"\b(?:den |det |the )?(?P<rank>{'|'.join(map(re.escape, (*words('dates', 'first'), *words('dates', 'second'), *words('dates', 'last'))))})\s(?P<place>\w{{3,}})"
)
_AND_NUMBER = re.compile(
    r"\b(?:dag|tillfalle|pass|session|day|workshop)(?:ar|n|s)?\s\d\s?(?:och|and|&|\+)\s?(\d)\b(?![:/.]?\d|:?e\b|\s(?:pers|kolleg|st\b|delt|people))"
)
_LIES = re.compile(
    r"\b(?:dag(?:en)?|datum(?:et)?|tillfalle(?:t)?|day|date)\s(?:som|that|which)\s(?:ligger|ar|kommer|infaller|comes|is)\s(?:(?P<first>forst|first|tidigast|earliest)|(?:sist|last|senast|latest))\b"
)
_WORDS_TOO = frozenset({"man", "fri", "sat", "sun", "wed", "mon", "fre", "ons"})
"""Short forms of weekdays that are words, too (`mån` without its ring): a day only before a figure or with a full stop."""
_ONE_OF = re.compile(r"\b(?:any|either|one|some|none|neither|nagon|nagot|en|ett|ingen|inget|endera)\s(?:of|av)\s$")
_ALL_BUT = re.compile(
    r"\b(?:alla|allt|all|every\w*|vilken (?:\w+ )?som helst|vilket (?:\w+ )?som helst|nar som helst|any\w*)\b[^.;\n]{0,20}\b(?:utom|forutom|except|but)\b"
)
_OTHER_ONE = re.compile(
    r"\b(?:den|det|the) (?:andra|andre|other)(?: (?:dagen|tillfallet|datumet|one|day|date))?\b(?! (?:kommun|veck|halv|sid|person|deltag))"
)
_PICKED = re.compile(
    r"\b(?:valjer|valde|har valt|bestamt? mig for|fastnar for|far det bli|det far bli|choose|chose|going for|opt for)\b"
)
_BOUND = re.compile(
    r"\b(?:sedan|efter|innan|fore|senast|fran|from|fr\.?o\.?m\.?|t\.?o\.?m\.?|och med|since|until|by|before|after|born|fodd|anmalningsdag|anmalningsdatum|deadline|o\.?s\.?a\.?|svarsdag)\s(?:\w+\s)?(?:den\s|the\s)?$"
)
_OF_A_REGION = re.compile(r"\s(?:lan|lans|kommun|kommuns)\b")
_RELATIVE = re.compile(
    r"\b(?:(?P<now>i ?dag|dagens|today)|(?P<next>i ?mor(?:gon|ron|rn|gn|n)|morgondagen|tomm?orr?ow)|(?P<after>i ?over ?mor(?:gon|ron|rn)))\b"
)
_RELATIVE_DAYS = {"now": 0, "next": 1, "after": 2}
_NEXT_WEEK = re.compile(r"\b(?:(?:nasta|kommande) vecka|next week|(?P<this>(?:den har|denna) veckan?|this week))\b")
_WEEK_ALONE = re.compile(r"\b(?:v\.?|vecka|week)\s?(\d{1,2})\b")


@lru_cache(maxsize=4096)
def _weekday(word: str) -> int | None:
    names = _numbers("dates", WEEKDAYS)
    if word.endswith(("dagar", "dagarna")):
        return None
    stem = word.removesuffix("s") if len(word) > 6 else word
    for candidate in (word, stem):
        if candidate in names:
            return names[candidate]
    if len(word) >= 6:
        near = {n for name, n in names.items() if name.endswith(("dag", "dagen", "day")) and alike(word, name)}
        if len(near) == 1:
            return near.pop()
    return None


@cache
def _ranks() -> dict[str, re.Pattern[str]]:
    """By rank, every way to name a session by its place in the order."""
    nouns, found = _session_words(), {}
    for index, rank in enumerate(("first", "second", "third", "fourth", "last")):
        pattern = phrase_pattern(words("dates", rank))
        count = f"{index + 1}|{words('dates', 'numbers')[index]}|{words('dates', 'numbers_en')[index]}"
        number = rf"\b(?:dag|tillfalle|pass|datum|workshop|session|day|alternativ|alt\.?)\s(?:nr\s?|nummer\s)?(?:{count})\b(?![:/.]?\d|:?e\b)"
        plain = {
            "first": rf"{number}|\b(?:den |det |the )?(?:forstnamnda|former)\b|\bdag ett\b|\b(?:den|det|the) (?:forsta|forra|first)\b(?=\s*(?:[.,;!)\n]|$))",
            "last": rf"\b(?:det|den|the)\s(?:{pattern})\b(?=\s*(?:[.,;:!?)\n]|$|(?:och|and|men|but|tack|please|passar|funkar|blir|ar|gar|suits|works|is|would|for|av|of|i|in|pa|at|on)\b))",
        }.get(rank, number)
        shared = (
            rf"(?=\s(?:och|and|samt|&)\s(?:den |det |the )?(?:{'|'.join(map(re.escape, _rank_words()))})\s(?:{nouns}))"
        )
        where = r"(?P<where>(?:,?\s(?:i|in|at|pa)\s(?P<city>\w+))?)"
        found[rank] = re.compile(
            rf"(?:den |det |the )?(?:{pattern})(?:{shared}|\s(?:\w+\s)?(?:{nouns}){where})|(?P<plain>{plain})"
        )
    return found


@cache
def _rank_words() -> tuple[str, ...]:
    return tuple(word for rank in ("first", "second", "third", "fourth", "last") for word in words("dates", rank))


@cache
def _session_words() -> str:
    return phrase_pattern(words("dates", "session"))


@cache
def _ordinal_words() -> str:
    return "|".join(
        sorted(
            (re.escape(w) for w in (*words("dates", "ordinals_sv"), *words("dates", "ordinals_en"))),
            key=len,
            reverse=True,
        )
    )


@cache
def _ordinal_number(word: str) -> int:
    for key in ("ordinals_sv", "ordinals_en"):
        if word in words("dates", key):
            return words("dates", key).index(word) + 1
    raise KeyError(word)


@cache
def _holidays() -> dict[str, tuple[int, int]]:
    listed: dict[str, list[str]] = lexicon()["dates"]["holidays"]  # type: ignore[assignment]
    return {re.escape(fold(name)): (int(day[:2]), int(day[3:])) for day, names in listed.items() for name in names}


# ── from mentions to a choice ──────────────────────────────────────────────────────────────────────────────────────

_UNION = re.compile(r"\b(?:as well as|saval|och|samt|and|plus|likasa|liksom|aven|o|respektive|resp)\b|[&+]|\bboth\b")
_OR = phrases("polarity", "alternative")
_NEGATIVE = phrases("polarity", "negative", "busy")
_BUSY = phrases("polarity", "busy")
_INDIFFERENT = phrases("polarity", "indifferent")
_EATS = re.compile(rf"{phrases('diet', 'words').pattern}|\b(?:ater|eats?|mat(?:en)?|food|lunch\w*|kaffe\w*|coffee)\b")
_PREFER = phrases("polarity", "prefer")
_FALLBACK = phrases("polarity", "fallback")
_CORRECT = phrases("polarity", "correct")
_ALSO = phrases("polarity", "also")
_INSTEAD = phrases("intent", "instead")
_ATTEND = phrases("intent", "register", "attend", "presence")
_INSTEAD_OF = re.compile(
    r"(?:i ?stallet for|instead of|rather than|(?:hellre|snarare) an)\s"
    r"(?:(?:pa|den|det|till|i|on|the|in|to|dagen|att|kora|aka|ga|resa|ta|komma|going|go|travel|travelling|coming|come|day)\s){0,5}$"
)
_LIVES = re.compile(
    r"\b(?:bor|bodde|bosatt|fodd|uppvuxen|jobbar|arbetar|lives?|living|lived|works?|working|grew up|born|based)\s(?:\w+\s){0,2}(?:i|in|utanfor|outside|near)\s$"
)
_PAST = re.compile(
    r"\s(?:i (?:varas|hostas|somras|vintras|fjol)|forra (?:aret|varen|hosten|sommaren|gangen|veckan)|last (?:year|spring|autumn|fall|summer|winter|time|week)|harom\w+|nyligen|recently)\b"
)
_CLAUSE = re.compile(
    r"[;()\n\t,]|:(?!\w)|(?<!\d):|\s-\s| {3,}|(?<=[a-z]{3})\.(?=[a-z]{2})|\b(?:men|utan|but|fast|medan|eftersom|darfor|for att|because|since|while|dock|however|although|trots|sa att|da jag|dar|annars|daremot|whereas|utom|except|sa|sen)\b|(?<=\w)[.!?]+(?=\s|$)"
)
_BOOKED = re.compile(
    r"\b(?:ar|var|blev|star)\s(?:\w+\s)?(?:anmald|anmalda|bokad|uppskriven|uppsatt)\b|\bstar pa listan|\bhave (?:me|us) (?:down|registered)|\b(?:am|is|are|was|were|i'm) (?:\w+ )?(?:registered|signed up|booked)|\b(?:har|hade) (?:\w+ )?(?:anmalt|bokat)|\banmalde\b|\bregistered for\b"
)
# Negatives that negate nothing, or not the day: `inte bara`, `won't miss`, `if it is not too late`.
_NOT_ONLY = re.compile(
    r"\b(?:inte bara|not only|inga problem|no problem|inte ett problem|varfor inte|why not|inte minst|om inte|(?:om|if) (?:det|den|it)(?:'s| is)? (?:inte|ej|not|isn't)|unless (?:it|that)(?:'s| is)?|tyvarr\W(?:\w+\s){0,2}(?:bara|endast|enbart)|unfortunately\W(?:\w+\s){0,3}only|ledigt? fran \w+|ledig\w* (?:stol|plats)\w*|(?:inte|ej|not) (?:da|den dagen|then|that day)(?= (?:och|and|utan|men|but))|far (?:jag |vi |det )?vara (?=\w)|inte (?:ga )?miste(?: om)?|(?:inte|aldrig) missa|miss\w* (?:(?:jag|vi|man) )?(?:inte|aldrig)|(?:not|never|won't|wouldn't|don't want to|can't) miss\w*|inte att ta miste pa|(?:inte|not) (?:lata|let)\b[^,.;\n]{0,30}\b(?:forbi|pass))\b"
)


class _Stance(Enum):
    WANTED = auto()
    NEUTRAL = auto()
    REFUSED = auto()
    PASSING = auto()
    """Named as a reason, or of another time: neither chosen nor refused."""


_NOT_CHOSEN = (_Stance.REFUSED, _Stance.PASSING)


def _join(folded: str, mentions: Sequence[Mention]) -> list[Phrase]:
    """Neighbouring mentions of one choice as one phrase."""
    groups: list[list[Mention]] = []
    for mention in mentions:
        if groups and _same_phrase(
            folded[groups[-1][-1].end : mention.start], groups[-1], mention, folded[mention.end : mention.end + 14]
        ):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return [_phrase(group) for group in groups]


_APART = r"\b(?:men|utan|but|inte|ej|not|an|than)\b|[.!?;:](?:\s|$)"


def _same_phrase(gap: str, group: Sequence[Mention], mention: Mention, after: str) -> bool:
    if len(gap) > 45 or mention.form in {m.form for m in group} or "\n\n" in gap:
        return False
    if re.search(r"\n.*[a-z]", gap):
        return False
    if any(p.search(gap) for p in (_UNION, _OR, _FALLBACK)) or re.search(_APART, gap):
        return False
    if Form.ALL in {mention.form, *(m.form for m in group)}:
        return False
    if "," in gap and re.match(
        r"\s(?:\w+ (?:jag|vi|i|we)\b|sitter|har|ar|e|kan|maste|ska|gar|jobbar|blir|far|passar|funkar|is|i |we )", after
    ):
        return False
    verbs = re.search(
        r"\b(?:ar|var|blir|blev|hade|fick|jobbar|arbetar|sitter|har|kan|is|work|have|bor|from|fran)\b", gap
    )
    if verbs or re.search(r"\b(?:jag|vi|i'm|mig|me)\b", gap):
        return False
    return len(gap.split()) <= 6


def _phrase(group: Sequence[Mention]) -> Phrase:
    relevant = [m for m in group if not (m.foreign and len(group) > 1 and m.form is Form.RELATIVE)]
    days = frozenset.intersection(*(m.days for m in relevant)) if relevant else frozenset()
    return Phrase(tuple(group), days, not days)


def _settle(folded: str, mentions: Sequence[Mention], attends: Attends | None) -> Choice:
    if len(mentions) > MOST_MENTIONS:
        return Choice(open=True)
    found = _join(folded, mentions)
    ours = [phrase for phrase in found if not phrase.foreign]
    if not ours:
        return Choice(phrases=tuple(found), foreign=bool(found))
    spans = sentences(folded)
    stances = {id(phrase): _stance(folded, phrase, found, spans, attends) for phrase in ours}
    refused = {
        day for p in ours if stances[id(p)] is _Stance.REFUSED for day in p.days if len(p.days) == 1 or p.settled
    }
    possible = [p for p in ours if stances[id(p)] not in _NOT_CHOSEN and not only_a_month(p)]
    invited = _invited(folded, ours)
    if not all(p in invited for p in possible) and not any(_ALSO_ON.search(folded[: p.start][-26:]) for p in possible):
        possible = [p for p in possible if p not in invited]
    for index, phrase in enumerate(possible):
        if refused & phrase.days and refused < phrase.days:
            possible[index] = replace(phrase, days=phrase.days - refused)
            stances[id(possible[index])] = stances[id(phrase)]
    possible = _first_hand(folded, possible)
    corrected = _after_correction(folded, possible)
    if len(corrected) < len(possible):
        possible = corrected
    elif attends and (meant := [p for p in possible if attends(p.start) >= 0.5]):
        possible = _with_alternatives(folded, meant, possible)
    wanted = [p for p in possible if stances[id(p)] is _Stance.WANTED]
    if wanted and len(wanted) < len(possible):
        wanted = [p for p in possible if p in wanted or _ALSO_ON.search(folded[max(0, p.start - 26) : p.start])]
        wanted = _with_alternatives(folded, wanted, possible)
    picked = wanted or possible
    if not picked:
        return Choice(refused=tuple(sorted(refused)), phrases=tuple(found))
    choice = _choose(folded, picked, spans)
    if choice is None:
        return Choice(open=True, refused=tuple(sorted(refused)), phrases=tuple(found))
    chosen = tuple(sorted({day for p in choice for day in p.days} - (refused if len(choice) > 1 else set())))
    return Choice(chosen, not chosen, tuple(sorted(refused - set(chosen))), tuple(found), tuple(choice))


_INVITATION = re.compile(
    r"\b(?:inbjudan|invitation|paminnelsen?|reminder|utskicket)\s(?:(?:till|om|for|med|to|about|with|pa|on|den|the|namner|mentions|galler|gallande|i|in|dagarna|the days|\w*dagar\w*)\s)*$"
)


def _invited(folded: str, ours: Sequence[Phrase]) -> list[Phrase]:
    """The days that are the invitation's: `tack för inbjudan till den 12 och 14 februari`."""
    found: list[Phrase] = []
    for before, phrase in zip([None, *ours], ours, strict=False):
        union = before in found and before and _UNION.fullmatch(folded[before.end : phrase.start].strip())
        if union or _INVITATION.search(folded[max(0, phrase.start - 60) : phrase.start]):
            found.append(phrase)
    return found


def _first_hand(folded: str, possible: Sequence[Phrase]) -> list[Phrase]:
    """The days that are not only for want of another: `annars den 14:e`, `den 14:e om det är fullt`."""
    spare = [p for p in possible if _is_fallback(folded, p, possible) or _SPARE.match(folded[p.end : p.end + 50])]
    return [p for p in possible if p not in spare or len(spare) == len(possible)]


def _with_alternatives(folded: str, kept: Sequence[Phrase], possible: Sequence[Phrase]) -> list[Phrase]:
    """The kept ones and what is said as an alternative to them: `Jag kommer den 12:e. Eller den 14:e`."""
    ors = [
        b for a, b in itertools.pairwise(possible) if a in kept and _OR.match(folded[a.end : b.start].lstrip(" .!,"))
    ]
    return [p for p in possible if p in kept or p in ors]


def only_a_month(phrase: Phrase) -> bool:
    """`vi ses i september` is small talk until something asks for it."""
    return {mention.form for mention in phrase.mentions} == {Form.MONTH}


def _clause_of(folded: str, phrase: Phrase, spans: Sequence[tuple[int, int]]) -> tuple[int, int, int, int]:
    """The clause around a phrase and the sentence around that, as (start, end, sentence start, sentence end)."""
    begin, end = next(((b, e) for b, e in spans if b <= phrase.start < e), (0, len(folded)))
    cuts = [m for m in _CLAUSE.finditer(folded, begin, end) if not (phrase.start <= m.start() < phrase.end)]
    left = max((m.start() if m.group().isalpha() else m.end() for m in cuts if m.end() <= phrase.start), default=begin)
    right = min((m.start() for m in cuts if m.start() >= phrase.end), default=end)
    return left, right, begin, end


def _stance(
    folded: str,
    phrase: Phrase,
    everything: Sequence[Phrase],
    spans: Sequence[tuple[int, int]],
    attends: Attends | None = None,
) -> _Stance:
    left, right, begin, finish = _clause_of(folded, phrase, spans)
    lives = _LIVES.search(folded[max(begin, phrase.start - 24) : phrase.start])
    if (lives and {m.form for m in phrase.mentions} == {Form.CITY}) or _PAST.match(
        folded[phrase.end : phrase.end + 30]
    ):
        return _Stance.PASSING
    last = max((p.end for p in everything if left <= p.start < phrase.start), default=left)
    reach = left if any(pattern.search(folded, last, phrase.start) for pattern in (_UNION, _OR)) else last
    lead, clause = folded[reach : phrase.start], _NOT_ONLY.sub(" ", folded[reach:right])
    others = any(p.days != phrase.days for p in everything if not p.foreign)
    wished = WISHED.search(lead) and not _OR.search(folded, begin, finish)
    if others and (wished or _is_described(folded, phrase, lead, right)):
        return _Stance.PASSING
    if _INSTEAD_OF.search(folded[max(begin, phrase.start - 60) : phrase.start]):
        return _Stance.REFUSED
    if re.search(r"\b(?:fran|from)\s(?:den |the |onsdag\w* |fredag\w* |dagen i )?$", lead) and re.search(
        r"\b(?:byt|flytta|andra|ombok|mov|switch|swap|chang)", folded[max(0, begin) : right]
    ):
        return _Stance.REFUSED
    if re.search(
        r"\b(?:byt\w*|flytta\w*|andra\w*|omboka\w*|boka om|mov\w+|switch\w*|swap\w*|chang\w+|resched\w*)\b.{0,50}\b(?:till|to|for)\s(?:\w+\s){0,3}$",
        lead,
    ) or _INSTEAD.match(folded[phrase.end : phrase.end + 16].lstrip(" ,")):
        return _Stance.WANTED
    if _BOOKED.search(clause):
        return _Stance.NEUTRAL
    attend = _ATTEND.search(clause)
    comes = attends is not None and attends(phrase.start) >= 0.5 and _alone(folded, phrase, everything, (begin, finish))
    negatives = list(_NEGATIVE.finditer(clause))
    for negative in negatives:
        if not (_BUSY.fullmatch(negative.group()) and (comes or (attend and negative.start() > attend.start()))):
            return _Stance.REFUSED
    if negatives and comes:
        return _Stance.NEUTRAL
    if not attend and _BECAUSE.match(folded, left) and any(begin <= p.start < left for p in everything):
        return _Stance.PASSING
    if attend or _PREFER.search(clause) or _RESULT.match(folded, left):
        return _Stance.WANTED
    if not lead.strip(" ,:-") or left > begin:
        sentence_lead = _NOT_ONLY.sub(" ", folded[begin:left])
        tail = re.split(r"\b(?:men|utan|but|fast|dock|however)\b", sentence_lead)[-1]
        if tail is not sentence_lead and len(tail) < len(sentence_lead):
            return _Stance.WANTED if not _NEGATIVE.search(tail) else _Stance.REFUSED
        if folded[left : left + 5].startswith(("men ", "but ")) and not _BOOKED.search(sentence_lead):
            return _Stance.WANTED
        if _ATTEND.search(sentence_lead) and not _NEGATIVE.search(sentence_lead):
            return _Stance.WANTED
    return _Stance.PASSING if _is_reason(folded, phrase, everything, finish) else _Stance.NEUTRAL


WISHED = re.compile(
    r"\bhade\s(?:(?:jag|vi)\s)?(?:garna|helst|hellre|annars)\b|\bhade (?:jag|vi) (?:kunnat|fatt valja)\b|\bwould(?: rather)? have\b|\bi'd have\b|\bhad i been\b"
)
"""A day wished for in vain: `Hade helst tagit den 7:e, men …`."""
_IS = re.compile(r"\s(?:ar|e|is|was|blir)\s(?!(?:jag|vi|det|i|we)\b)")
_APPROVES = re.compile(
    r"\b(?:bra|bast|battre|ok|okej|perfekt|toppen|super|fin|fint|lampligt?|lampligast|narmast|narmare|lagom|enklast|lattast|mitt val|min dag|dagen|"
    r"den|det|ledig|fri|best|better|fine|good|great|perfect|easiest|easier|closest|closer|ideal|my (?:choice|pick|day)|the one|free|it)\b"
)


def _is_described(folded: str, phrase: Phrase, lead: str, end: int) -> bool:
    """Whether a clause only tells what a day is: `fredag är min dotters födelsedag`, `onsdan e helt full`."""
    verb = _IS.match(folded, phrase.end)
    said = re.split(r"\s(?:och|and|sa|so)\s", folded[phrase.end : end])[0]
    return lead.strip() in ("is", "ar", "e") or bool(
        verb
        and re.fullmatch(r"\W*(?:(?:men|but|for|och|and|since|eftersom|pa|on|den|the|att)\s)*", lead)
        and not any(p.search(said) for p in (_APPROVES, _PREFER, _ATTEND, _FALLBACK))
    )


_BECAUSE = re.compile(r"(?:eftersom|da jag|for att|because|since|although|trots)\s")
_RESULT = re.compile(r"(?:utan|sa|so|darfor|therefore|hence)\s")


def _alone(folded: str, phrase: Phrase, everything: Sequence[Phrase], sentence: tuple[int, int]) -> bool:
    """Whether a sentence names one day and does not turn half-way: that it speaks of coming is then said of that day."""
    begin, end = sentence
    days = {p.days for p in everything if begin <= p.start < end and not p.foreign}
    return days == {phrase.days} and not _TURNS.search(folded, begin, end)


_TURNS = re.compile(
    r"(?<=\w)\W+(?:men|but|fast|dock|however|annars|so|sa(?! (?:da|den|att)\b)|(?:darfor|therefore)(?! (?:\w+ ){1,2}(?:da|then)\b))\b"
)


def _is_reason(folded: str, phrase: Phrase, everything: Sequence[Phrase], end: int) -> bool:
    """Whether another day follows from this one: `On the 12th we have visitors, so the 14th it is`."""
    after = next((p for p in everything if phrase.end <= p.start < end), None)
    return (
        after is not None
        and not phrase.days & after.days
        and bool(re.search(r"\W(?:so|sa|darfor|therefore|hence)\s(?!att\b|that\b)", folded[phrase.end : after.start]))
    )


def _after_correction(folded: str, picked: Sequence[Phrase]) -> list[Phrase]:
    """A correction between two phrases drops what stands before it."""
    for index in range(len(picked) - 1, 0, -1):
        tail = folded[picked[index].end : picked[index].end + 40]
        gap = folded[picked[index - 1].end : picked[index].start]
        if _CORRECT.search(gap) and not _ALSO_ON.search(gap):
            return list(picked[index:])
        if re.match(
            r"\s*,?\s*(?:menar jag|menade jag|ska det vara|ska det sta|skulle det sta|i mean|i meant|i ?stallet(?! for)|instead(?! of))",
            tail,
        ) and not re.search(rf"{_UNION.pattern}|{_FALLBACK.pattern}|\b(?:om|ifall|if|in case)\b", gap):
            return list(picked[index:])
    return list(picked)


def _choose(
    folded: str, picked: Sequence[Phrase], spans: Sequence[tuple[int, int]], alone: bool = True
) -> list[Phrase] | None:
    """The phrases that are chosen, or None while the choice is open; `alone`: the whole text is about them."""
    begin = min((b for b, e in spans if b <= picked[0].start < e), default=0)
    end = max((e for b, e in spans if b <= picked[-1].start < e), default=len(folded))
    around = folded[begin:end]
    distinct = {p.days for p in picked}
    preferred = [p for p in picked if _prefers(folded, p, picked)]
    if len(distinct) > 1 and preferred:
        return preferred if len({p.days for p in preferred}) == 1 and all(p.settled for p in preferred) else None
    picks = [p for p in picked if _PICKED.search(folded[slice(*_clause_of(folded, p, spans)[:2])])]
    if len(distinct) > 1 and picks and len({p.days for p in picks}) == 1 and all(p.settled for p in picks):
        return picks
    about = [(a, b) for a, b in spans if (begin < b and a < end) or (alone and not _EATS.search(folded, a, b))]
    if any(_INDIFFERENT.search(folded, a, b) for a, b in about):
        return None
    if len(distinct) == 1:
        return list(picked) if picked[0].settled else None
    gaps = [folded[a.end : b.start] for a, b in itertools.pairwise(picked)]
    if any(_OR.search(gap) and len(gap) < 60 for gap in gaps):
        return None
    firm = [p for p in picked if p.settled]
    vague = [p for p in picked if not p.settled]
    if any(p.clash for p in vague):
        return None
    if vague:
        kept = [p for p in firm if all(p.days <= v.days for v in vague)]
        return kept if kept and len({p.days for p in kept}) == 1 else None
    apart = [gap for gap in gaps if not _listed(gap)]
    if apart and not _ALSO.search(around):
        return None
    return list(firm)


_ALSO_ON = re.compile(r"\b(?:aven|ocksa|dessutom|also|too|plus)\s(?:(?:pa|on|till|den|the|garna|att|to)\s){0,3}$")
_SPARE = re.compile(
    r"[\s,(]*(?:om (?:det|den|forsta) (?:\w+ )?(?:ar|blir|skulle vara) full|om fullt|vid fullt|i andra hand|i nodfall|som reserv|if (?:it's |that's |the \w+ is )?full|as a backup)"
)


def _listed(gap: str) -> bool:
    return bool(_UNION.search(gap)) or len(gap.split()) <= 4 or gap.count("\n") == 1


def _prefers(folded: str, phrase: Phrase, picked: Sequence[Phrase]) -> bool:
    """Whether a word of preference belongs to this phrase rather than to another."""
    left = max((p.end for p in picked if p.end <= phrase.start), default=max(0, phrase.start - 80))
    right = min((p.start for p in picked if p.start >= phrase.end), default=min(len(folded), phrase.end + 40))
    before = folded[left : phrase.start]
    after = re.split(
        r"[.,;!\n]|\bannars\b|\bmen\b|\belse\b|\botherwise\b|\boch\b|\beller\b|\bor\b", folded[phrase.end : right]
    )[0]
    cut = re.split(r"[.!?;]\s", before)[-1]
    return bool(_PREFER.search(cut) or _PREFER.search(after)) and not _FALLBACK.search(cut)


_WHEN_FULL = re.compile(
    r"\b(?:om|ifall|ar|blir|skulle|if|should|is)\s(?:den|det|it|that|forsta|\w+dagen|\w+day)\b[^.!?;]{0,25}\bfull"
)


def _is_fallback(folded: str, phrase: Phrase, picked: Sequence[Phrase]) -> bool:
    left = max((p.end for p in picked if p.end <= phrase.start), default=max(0, phrase.start - 60))
    lead = re.split(r"[.!?]\s", folded[left : phrase.start])[-1]
    return bool(_FALLBACK.search(lead) or _WHEN_FULL.search(lead))
