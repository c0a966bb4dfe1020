"""Days by other names than their number: all of them, their place in the order, venue, city, weekday, week or month."""

from __future__ import annotations

import datetime as dt
import re
from functools import cached_property, lru_cache

from ...event import Event
from ...folding import fold
from ..text import alike, any_of, pattern, phrase_pattern, tokens, words
from . import ranks
from .model import Form
from .search import Search
from .vocabulary import MONTHS, either, weekday

Days = frozenset[dt.date]

_WEEK = re.compile(r"^\s*(?:i\s)?(?:,\s*)?(?:v\.?|vecka|week)\s?(\d{1,2})\b")
_FAR = re.compile(r"\b(?:nasta|next|nastkommande|forra|last|i)\s(?:vecka\s)?$")
_ONE_OF = re.compile(
    r"\b(?:any|either|one|some|none|neither|nagon|nagot|en|ett|ingen|inget|endera|vilken|vilket|which|whichever)\s(?:of|av)\s$"
)
_OF_A_REGION = re.compile(r"\s(?:lan|lans|kommun|kommuns)\b")
_WEEK_ALONE = re.compile(r"\b(?:v\.?|vecka|week)\s?(\d{1,2})\b")
_NEXT_WEEK = re.compile(r"\b(?:(?:nasta|kommande) vecka|next week|(?P<this>(?:den har|denna) veckan?|this week))\b")
_RELATIVE = pattern("sessions", "relative")
_DO = r"(?:ska|skall|vill|kommer|deltar|aker|onskar|jobbar|arbetar|sitter|tillhor|behover|ater|anmaler|will|want|would|wish|come|work|are|need|attend|plan)\b(?! (?:jag|vi|i|we)\b)"
"""Behind `alla tre`, where it is people who are so many."""
_RELATIVE_DAYS = {"now": 0, "next": 1, "after": 2}
_EVERY = re.compile(r"\b(?:varje|every|each)\s$")
_WORDS_TOO = frozenset({"man", "fri", "sat", "sun", "son", "wed", "mon", "fre", "ons"})
"""Short forms of weekdays that are words, too (`mån` without its ring): a day only before a figure or with a full stop."""


class Named:
    """The names of one event's sessions; build once per event."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.dates = tuple(session.date for session in event.sessions)
        self._all, self._both = self._every_session(), phrase_pattern(words("dates", "both"))
        self._own_days = {m[1] + m[2] for m in re.finditer(r"\b(\w+?)(dag)(?:ar(?:na)?|en)?\b", fold(event.name))}
        """What the event calls its days: the `lärdag` of one is no misspelt Saturday."""

    def find(self, search: Search, written: dt.date | None) -> None:
        """Every day that is named; `written` is the mail's own date, for relative words."""
        self._two_of_more(search)
        self._all_of_them(search)
        ranks.find(search, lambda word: sorted(self.cities.get(self.city(word) or "", ())))
        if self._any_venue.search(search.folded):
            for venue, days in self.venues:
                for match in venue.finditer(search.folded):
                    search.add(match.span(), Form.VENUE, days)
        self._weekdays_and_cities(search, written)
        if written is not None:
            self._relative(search, written)
        self._spans_of_days(search)

    # ── places ────────────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def cities(self) -> dict[str, Days]:
        found: dict[str, set[dt.date]] = {}
        for session in self.event.sessions:
            found.setdefault(fold(session.city), set()).add(session.date)
        return {city: frozenset(days) for city, days in found.items()}

    @lru_cache(maxsize=4096)  # noqa: B019 — lives as long as the event
    def city(self, word: str) -> str | None:
        """The session city a word names: itself, nearly, or `<city>dagen`, `<city>tillfället`."""
        for city in self.cities:
            if alike(word, city) or word == city + "s":
                return city
            if word.startswith(city) and word[len(city) :].lstrip("s-").startswith(words("dates", "session_stems")):
                return city
        return None

    @cached_property
    def venues(self) -> tuple[tuple[re.Pattern[str], Days], ...]:
        """Every way to name a place, as a pattern, the longest first."""
        ending = r"(?:n|en|et|t|s|ns|ens|ets)?(?:-?(?:dagen|tillfallet))?(?!\w)"
        longest = sorted(self._venue_names.items(), key=lambda item: -len(item[0]))
        return tuple((re.compile(rf"(?<!\w){re.escape(name)}{ending}"), days) for name, days in longest)

    @cached_property
    def _venue_names(self) -> dict[str, Days]:
        """Every name of a place: the whole, its parts, its aliases, the street, and its telling words."""
        named: dict[str, set[dt.date]] = {}
        places = {word for employer in self.event.employers for word in fold(employer.name).split()} | {*self.cities}
        for session in self.event.sessions:
            street = re.sub(r"\s*\d+\s*\w?$", "", session.address.split(",")[0])
            wholes = [session.venue, *session.venue.split(","), street]
            wholes = [*(whole for whole in wholes if len(whole.strip()) > 3), *session.aliases]
            spellings = {fold(" ".join(whole.split())) for whole in wholes if len(whole.strip()) > 1}
            spellings |= {
                word.removesuffix("en").removesuffix("et") for word in spellings if " " not in word and len(word) > 8
            }
            telling = {word.group() for word in tokens(fold(session.venue)) if len(word.group()) >= 5}
            for spelling in (spellings | (telling - {*words("dates", "houses")})) - places - {p + "s" for p in places}:
                named.setdefault(spelling, set()).add(session.date)
        return {name: frozenset(days) for name, days in named.items()}

    @cached_property
    def _any_venue(self) -> re.Pattern[str]:
        """What each name of a place begins with, and its whole: without one, no place is named."""
        return re.compile(rf"(?<!\w){any_of([*map(re.escape, name), ''] for name in self._venue_names)}")

    # ── several at once ───────────────────────────────────────────────────────────────────────────────────────────

    def _every_session(self) -> re.Pattern[str]:
        """`båda dagarna`, `alla tre`, `de två tillfällena`: every session, or two of them."""
        both, every, sessions = (phrase_pattern(words("dates", key)) for key in ("both", "all", "sessions"))
        many = len(self.dates)
        counts = {word for key in ("numbers", "numbers_en") for word in words("dates", key)[many - 1 : many]}
        count = phrase_pattern({*counts, str(many)})
        listed = phrase_pattern([*words("dates", "both"), *words("dates", "all")])
        self._may_be_all = re.compile(rf"{listed}|\bbada|(?:de|the)\s(?:{count})")  # which every way has a part of
        people = r"(?<!vi )(?<!oss )(?<!ar )(?<!de )(?<!dem )(?<!us )(?<!we )(?<!are )(?<!have )"
        return re.compile(
            rf"(?P<both>{people}(?:{both})(?:\s(?:tva|of\sthe|the|of\sthem))?\s?(?:{sessions})|(?P<bare>\b(?:till|pa|on|for|attend|to|ta|tar|gar|kommer|delta|deltar|tva)\s(?:{both})\b(?!\s(?:\d|den|pa|till|the|kultur|min|mina|vara|jag|i\b|fran|tva)))|\b(?:till|pa)\s(?:{both})\stva\b(?=\s*(?:[.,!\n]|$|tack\b))|\bbada\s?dar\b|\A\s*(?:{both})\s*\Z)"
            rf"|(?P<every>(?:{every})\s(?:(?:de|the)\s)?(?:(?:{count})\b\s?)?(?:{sessions})|(?:{every})\s(?:{count})(?!\w)(?!\s(?:personer|kollegor|ar\b(?! (?:ni|du|snall))|av oss|people|of us|fran|{_DO}))|(?<=\s)(?:pa|till|for|to)\s(?:{every})(?=\s(?:utom|except)\s)|\bbada\sdagar(?:na)?)"
            rf"|(?P<number>(?:de|the)\s(?:{count})\s(?:{sessions}))"
        )

    @cached_property
    def _of_more(self) -> re.Pattern[str]:
        """`båda tisdagarna`, `both October sessions`, `båda dagarna i Gävle`, `both of the Gävle dates`: two of more."""
        both, sessions = (phrase_pattern(words("dates", key)) for key in ("both", "sessions"))
        cities = "|".join(map(re.escape, self.cities))
        months = "|".join(name for name in MONTHS if len(name) >= 4)
        days = r"(?:man|tis|ons|tors|fre|lor|son)dag(?:ar(?:na)?)|(?:mon|tues|wednes|thurs|fri|satur|sun)days"
        return re.compile(
            rf"(?:{both}|\b(?:the|de)\s(?:two|tva))\s(?:of\s)?(?:the\s|de\s)?(?:(?P<day>{days})|(?:(?P<month>{months})|(?P<city>{cities}))s?[\s-]?"
            rf"(?:{sessions}|meetings|dagarna|tillfallena|traffarna)|(?:(?:{sessions}|meetings)\s)?(?:i|in)\s(?P<place>\w+))"
        )

    def _two_of_more(self, search: Search) -> None:
        for match in self._of_more.finditer(search.folded):
            held: set[dt.date] = set()
            place = match["month"] or match["city"] or match["place"]
            if place in MONTHS:
                held = {d for d in self.dates if d.month == MONTHS[place]}
            elif place:
                held = set(self.cities.get(self.city(place) or "", ()))
            else:
                number = weekday(re.sub(r"(?:ar|arna|s)$", "", match["day"]))
                held = {d for d in self.dates if d.weekday() == number}
            if len(held) == 2:
                search.add(match.span(), Form.ALL, held)

    def _misspelt_venue(self, word: str) -> Days | None:
        """The sessions at the one place whose long name a word is with a slip."""
        named = ((name, days) for name, days in self._venue_names.items() if name[0] == word[0] and len(name) >= 8)
        near = {days for name, days in named if alike(word, name)}
        return near.pop() if len(near) == 1 else None

    def _all_of_them(self, search: Search) -> None:
        if not self._may_be_all.search(search.folded):
            return
        for match in self._all.finditer(search.folded):
            if _ONE_OF.search(search.folded[max(0, match.start() - 16) : match.start()]):
                search.add(match.span(), Form.ALL)
                continue
            days, length = self._all_of(match, search.folded[match.end() : match.end() + 40])
            search.add((match.start(), match.end() + length), Form.ALL, days)

    def _all_of(self, match: re.Match[str], after: str) -> tuple[Days, int]:
        """The sessions, and how far a city that narrows them reaches; `båda` is every session only of two."""
        if match["both"] is None and match["bare"] is None:
            return frozenset(self.dates), 0
        where = re.match(r"(?:\s\w+)?\s(?:i|in|at)\s(\w+)", after)
        city = self.city(where[1]) if where else None
        days = self.cities[city] if city else frozenset(self.dates)
        return days if len(days) == 2 else frozenset(), where.end() if where and city else 0

    # ── one day ───────────────────────────────────────────────────────────────────────────────────────────────────

    @lru_cache(maxsize=8192)  # noqa: B019 — lives as long as the event
    def _tells(self, word: str) -> bool:
        """Whether a word is a weekday or a session's city."""
        return self._weekday(word) is not None or self.city(word) is not None or self._misspelt_venue(word) is not None

    def _weekday(self, word: str) -> int | None:
        return None if word.removesuffix("en") in self._own_days else weekday(word)

    def _weekdays_and_cities(self, search: Search, written: dt.date | None) -> None:
        folded = search.folded
        for token in filter(lambda token: self._tells(token.group()), tokens(folded)):
            word, after = token.group(), folded[token.end() : token.end() + 10]
            number = self._weekday(word)
            if number is not None:
                if _EVERY.search(folded, max(0, token.start() - 8), token.start()):
                    continue
                if word not in _WORDS_TOO or re.match(r"\.?\s?\d|\.(?:[\s,;/]|$)", after[:4]):
                    end, days = self._on_weekday(folded, token, number, written)
                    search.add((token.start(), end), Form.WEEKDAY, days, not days)
            elif city := self.city(word):
                if not _OF_A_REGION.match(after):
                    search.add(token.span(), Form.CITY, self.cities[city])
            elif place := self._misspelt_venue(word):
                search.add(token.span(), Form.VENUE, place)
        for city, days in self.cities.items():
            if " " in city or "-" in city:
                for match in re.finditer(rf"\b{re.escape(city)}\b", folded):
                    search.add(match.span(), Form.CITY, days)

    def _on_weekday(self, folded: str, token: re.Match[str], number: int, written: dt.date | None) -> tuple[int, Days]:
        """Where a weekday ends with its week, and the sessions it can be."""
        days = frozenset(d for d in self.dates if d.weekday() == number)
        if week := _WEEK.match(folded[token.end() : token.end() + 14]):
            return token.end() + week.end(), frozenset(d for d in days if d.isocalendar().week == int(week[1]))
        if written is None:
            return token.end(), days
        before = folded[max(0, token.start() - 20) : token.start()]
        soonest = written + dt.timedelta(days=(number - written.weekday()) % 7 or 7)
        if _FAR.search(before) and "vecka" not in before and not re.search(r"\bi\s$", before):
            near = soonest.isocalendar()[:2] == written.isocalendar()[:2] and re.search(r"n(?:a|e)xt|nasta", before)
            return token.end(), days & ({soonest, soonest + dt.timedelta(days=7)} if near else {soonest})
        if re.search(r"\b(?:pa|nu pa|on)\s$", before) and not token.group().endswith("dagen"):
            days = days & {soonest} or days
        return token.end(), days

    def _relative(self, search: Search, written: dt.date) -> None:
        """Today, tomorrow, this week and the next."""
        for match in _RELATIVE.finditer(search.folded):
            day = written + dt.timedelta(days=_RELATIVE_DAYS[match.lastgroup or ""])
            search.add(match.span(), Form.RELATIVE, {day} & set(self.dates), day not in self.dates)
        for match in _NEXT_WEEK.finditer(search.folded):
            week = (written + dt.timedelta(days=0 if match["this"] else 7)).isocalendar()[:2]
            if held := {day for day in self.dates if day.isocalendar()[:2] == week and day > written}:
                search.add(match.span(), Form.WEEK, held)

    def _spans_of_days(self, search: Search) -> None:
        """A week or a month by itself narrows the choice, where it holds a session and not all of them."""
        for match in _WEEK_ALONE.finditer(search.folded):
            if days := {day for day in self.dates if day.isocalendar().week == int(match[1])}:
                search.add(match.span(), Form.WEEK, days)
        if len({day.month for day in self.dates}) > 1:
            for match in self._month_alone.finditer(search.folded):
                month = next(number for name, number in MONTHS.items() if name in match.group())
                form = Form.ORDINAL if match["day"] or match["one"] else Form.MONTH
                search.add(match.span(), form, {day for day in self.dates if day.month == month})

    @cached_property
    def _month_alone(self) -> re.Pattern[str]:
        """The sessions' months in full, by themselves or as names of a day; `march` and `mars` are other words, too."""
        held = {day.month for day in self.dates}
        names = either([name for name, number in MONTHS.items() if number in held and (len(name) >= 4 or number == 5)])
        day = r"s?-?(?:dagen|tillfallet|datumet|traffen)|\s(?:session|day|date|workshop|one)"
        one = r"\b(?:den|det|dagen|tillfallet|datumet|traffen|the (?:one|day|date|session))\s(?:som ar )?(?:i|in)\s"
        bare = rf"(?:(?P<one>{one})|\b(?:i|in)\s|\b(?!(?:mars|march|maj|may|mai)\b))(?:{names})"
        return re.compile(rf"(?<!\d )(?:\b(?P<day>(?:{names})(?:{day}))|{bare})\b")
