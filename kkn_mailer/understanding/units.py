"""Which kind of unit a title or a department is: the event's own kinds, some other, or one that cannot be told.

Swedish builds titles as compounds, the kind first and the head last (`kultur` + `strateg`), so each word is taken
apart; the event's words give the kinds, `titles.toml` the heads. `areas.toml` knows which words, in both languages,
tell one area of work, so that the event's unit for an area is known by all of them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from ..event import OTHER, Event
from ..folding import fold
from .text import alike, any_of, data, municipalities, pattern, words


@dataclass(frozen=True, slots=True)
class UnitMention:
    """A title or a department. `kinds`: keys it covers; empty for a title that tells no kind by itself."""

    start: int
    end: int
    kinds: frozenset[str]
    is_title: bool


@cache
def _titles() -> dict[str, tuple[str, ...]]:
    return {
        key: tuple(sorted((fold(w) for w in listed), key=len, reverse=True))
        for key, listed in tomllib.loads(data("titles.toml")).items()
    }


_ENDING = r"(?:r|rna|en|et|n|t|na|ar|er|are|arna|erna|s|ens|ets|ns|or|orna|aren|arens|an|met|men)?"
_JOINED = re.compile(r"\s?-?\s?(?:och|o|&|and|samt|/|,)\s?")
_AND = re.compile(r"-?\s(?:och|o|&|samt|and)\s")
_OF_A_UNIT = re.compile(r"(?P<modifier>[\w-]{3,}?)-?(?:enhet|avdelning|kontor|forvaltning|chef)(?:en|et)?")
_STREET = re.compile(r"\w+(?:gatan?|vagen|torget|grand|plan|alle|allen|stigen)")
_PRONOUN = re.compile(r"(?:'|\s)(?!och\b|and\b|i\b|pa\b|in\b|at\b|for\b)[a-z]")
_IN = re.compile(r"\s(?:pa|i|vid|hos|at|in)\s(?:the )?(?:\w+s )?")
"""`köksgänget på Centralskolan`: who works in a house of others is not theirs."""
_NEXT = re.compile(r"\s([\w-]+)")
_TO_IT = re.compile(r"\b(?:to|from|about|of|do|does|runs?|handles?|manages?|if|that|make) $(?<!head of )")
"""What follows the English `it`, and what stands before it; neither by the abbreviation."""
_DIET_WORD = pattern("units", "diet_word")
_FARE = re.compile(r"(?:kost|mat|maltid\w*|meals?|food|lunch|catering)\b(?P<label>\s?:[ \t]*[^\W\d])?")
_DIET_BEFORE = re.compile(
    rf"(?:{pattern('diet', 'label').pattern}|{pattern('diet', 'kept_off').pattern}|special\w*|onskar|behover|need) $"
)
"""What people eat, where it could be read as the unit that cooks: `vegansk kost`, `Kost: allt`, `specialkost`."""
_AGENT = re.compile(r"(?:are|or|ist|log|nom|ant|ent|iker)(?:en|n|ar|er|na|s)?$")
_PERSON = re.compile(
    r"(?:are|or|ist|log|nom|iker|ian|(?<!m)ent|ant|(?<!ent)(?<!eat)(?<!at)er|rska|kock|cook|nurse|clerk|man)s?$"
)
"""How a word for a person ends, among the event's own words: `buyer`, `dietist`, `ekolog`."""
STAFF = r"(?:medarbetar\w*|kolleg\w*|person\w*|deltagar\w*|gang(?:et)?|team(?:et)?|folk|anmalningar|staff|colleagues|people|participants|attendees|delegates|registrations|representant\w*|tjansteman|tjansteperson\w*)"
"""What those who work in a unit are called together."""
_OTHER_AREA = frozenset({OTHER})


@cache
def _ends_with(group: str) -> re.Pattern[str]:
    heads = "|".join(re.escape(w) + "?" * w.endswith(("are", "a")) for w in _titles()[group])  # the vowel falls away
    return re.compile(rf"^(?P<modifier>[\w:'-]*?)-?(?P<head>{heads}){_ENDING}$")


@cache
def _short() -> re.Pattern[str]:
    """A compound whose head is cut short, of a title or (`house`) of a department."""
    keys = ("short", "short_apart", "short_departments", "heads")
    heads, apart, house, whole = ("|".join(_titles()[key]) for key in keys)
    return re.compile(
        rf"(?P<modifier>[\w'-]{{2,}}?)(?P<gap>-|\.\s?)?(?:{heads}|(?<=\.)(?:{whole})|(?P<apart>{apart})|(?P<house>{house}))"
    )


@cache
def _token() -> re.Pattern[str]:
    """A word; a full stop within holds together one that is cut short."""
    heads = "|".join(w for key in ("short", "short_apart", "short_departments") for w in _titles()[key])
    whole = "|".join(_titles()["heads"])
    return re.compile(rf"\w+(?:['-]\w+|\.(?:\s?(?:{heads})|(?:{whole}))(?!\w))*")


@cache
def _departments() -> frozenset[str]:
    """The heads of departments that stand as words of their own: `business office`, `the planning unit`."""
    return frozenset(w for head in _titles()["departments"] for w in (head, head + "s"))


@cache
def _areas() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """The Swedish and the English words of each area of work."""
    areas = tomllib.loads(data("areas.toml")).values()
    return tuple((frozenset(map(fold, area["sv"])), frozenset(map(fold, area["en"]))) for area in areas)


@cache
def _serving() -> tuple[str, ...]:
    """The beginnings of the words of areas that serve the other sectors: a `skolkock` cooks for the meals unit."""
    areas = tomllib.loads(data("areas.toml")).values()
    return tuple(fold(word) for area in areas if area.get("serves") for word in area["sv"])


@cache
def _towns() -> frozenset[str]:
    """Names of municipalities, which are no compounds of what they end in: `Karlshamn` is no `hamn`."""
    towns = municipalities() - {*words("employers", "wordlike")}
    return towns | {town + "s" for town in towns}


@cache
def _sector(modifier: str) -> bool:
    """Whether what stands before an event's word makes it another's: `skolbibliotek` is a school's."""
    return any(modifier in (w, w + "s", w + "e") for w in _titles()["sectors"])


DOES = pattern("workplace", "works_on")
"""`Jag kör snöröjningen`: what she does for a living is her unit's work."""
_DOES_AT = re.compile(rf"{DOES.pattern}$")
_WORKS_AS = re.compile(
    r"\b(?:jag ar|ar jag|(?:jobbar|arbetar|anstalld) som|jag som ar|i am an?|i'm an?|work(?:ing)? as an?|as (?:an?|your|their|our|the|interim|acting)(?: interim| acting)?)\s(?:en |ett )?$"
)
"""`Jag är kokerska`: what she is is a title, whatever its ending."""


class Units:
    """Reads units for one event; build once per event."""

    def __init__(self, event: Event) -> None:
        self.event = event

    @cached_property
    def _words(self) -> dict[str, str]:
        return {fold(word): unit.key for unit in self.event.units for word in unit.words}

    @cached_property
    def _lent(self) -> tuple[dict[str, str], dict[str, str]]:
        """The Swedish and the English words of each area that the event does not list: the unit's which has others of
        that area, `OTHER` where none has; none where the event's own words say something else of their beginning and
        nothing of their end: an `idrottslärare` is a `lärare`.
        """
        lent: tuple[dict[str, str], dict[str, str]] = ({}, {})
        told: dict[str, set[str]] = {}
        for area in _areas():
            keys = {self._words[word] for word in area[0] | area[1] if word in self._words} or {OTHER}
            for word in area[0] | area[1]:
                told.setdefault(word, set()).update(keys)
        for language, found in enumerate(lent):
            for word in {word for area in _areas() for word in area[language]} - {*self._words}:
                keys = told[word] - _OTHER_AREA or told[word]
                parts = [word, *([] if _sector(word.split()[0]) else word.split()[1:])]
                own = {
                    key for own, key in self._words.items() if len(own) >= 4 and any(p.startswith(own) for p in parts)
                }
                headed = any(word.endswith(own) and key in keys for own, key in self._words.items() if len(own) >= 4)
                if len(keys) == 1 and (own <= keys or headed):
                    found[word] = next(iter(keys))
        return lent

    @cached_property
    def _foreign_words(self) -> tuple[str, ...]:
        lent = (word for word, key in self._lent[0].items() if key == OTHER and len(word) > 4 and " " not in word)
        return tuple(sorted({*_titles()["other"], *lent}, key=len, reverse=True))

    def _foreign(self, stem: str) -> str:
        """The longest listed word of no unit of ours that a modifier is or begins with; empty for none."""
        listed = (w for w in self._foreign_words if stem in (w, w + "s") or (len(w) >= 4 and stem.startswith(w)))
        return next(listed, "")

    @cached_property
    def _single(self) -> tuple[tuple[str, str], ...]:
        """The event's words of one word, longest first, in the forms they take before the head of a compound."""
        listed = {w: key for w, key in self._lent[0].items() if key != OTHER and " " not in w and w[-1] != "."}
        listed |= {word: key for word, key in self._words.items() if " " not in word}
        listed |= {
            fold(label): unit.key for unit in self.event.units for label in unit.label.values() if " " not in label
        }
        # `plan` alone names what `planenheten` does, where that is listed.
        named = {m["modifier"]: key for word, key in self._words.items() if (m := _OF_A_UNIT.fullmatch(word))}
        listed = named | listed
        # A vowel at the end falls away (skola, skolchef) or changes (gata, gatuchef); Latin neuters take the genitive
        # (museum, museipedagog).
        joined = {word[:-1]: key for word, key in listed.items() if len(word) >= 5 and word[-1] in "ae"}
        joined |= {word[:-1] + e: key for word, key in listed.items() if word.endswith("a") for e in "uoe"}
        joined |= {word[:-2] + e: key for word, key in listed.items() if word.endswith("um") for e in ("ie", "i", "e")}
        # Who does what a word ending in `ing` says: `bygdeutveckling`, `bygdeutvecklare`.
        joined |= {word[:-3]: key for word, key in listed.items() if len(word) >= 10 and word.endswith("ing")}
        return tuple(sorted((joined | listed).items(), key=lambda item: -len(item[0])))

    @cached_property
    def _several(self) -> dict[str, str]:
        """The event's words of several words, joined by `och`, either way round."""
        listed = dict.fromkeys(_titles()["elsewhere"], OTHER) | self._lent[0] | self._lent[1] | self._words
        several = {_AND.sub(" och ", word): key for word, key in listed.items() if " " in word}
        turned = {" och ".join(reversed(word.split(" och "))): several[word] for word in several if " och " in word}
        return turned | several

    @cached_property
    def _multiple(self) -> re.Pattern[str]:
        joined = (word.replace(" och ", "\n") for word in self._several)
        several = ([*(_AND.pattern if char == "\n" else re.escape(char) for char in word), ""] for word in joined)
        return re.compile(rf"(?<!\w){any_of(several)}\w{{0,20}}")

    @cached_property
    def _exact(self) -> re.Pattern[str]:
        """A word of the event's own, in any form; an abbreviation of two letters has none (`vår` is not `VA`)."""
        listed = "|".join(re.escape(word) + r"(?!\w)" * (len(word) < 3) for word, _ in self._single)
        return re.compile(rf"(?P<word>{listed or '(?!)'}){_ENDING}")

    @cached_property
    def _as_head(self) -> re.Pattern[str]:
        """A word of the event's own at the end of a longer one."""
        listed = "|".join(re.escape(word) for word, _ in self._single if len(word) >= 4)
        return re.compile(rf"(?P<modifier>\w{{2,}}?)-?(?P<word>{listed or '(?!)'}){_ENDING}")

    def _key(self, listed: str) -> frozenset[str]:
        return frozenset({next(key for word, key in self._single if word == listed)})

    def _headed(self, compound: re.Match[str]) -> frozenset[str]:
        """The kind of a compound that ends in a word of the event's own: that one's, another's, or either's.

        A word of several senses has the event's only in what is listed: `arbetsmiljö` is no environment unit's.
        """
        own, whole = self._key(compound["word"]), compound["modifier"] + compound["word"]
        sector = _sector(compound["modifier"]) and not compound["word"].startswith(_serving())
        if sector or whole.startswith(_titles()["elsewhere"]):
            return _OTHER_AREA
        return own if compound["word"] not in _titles()["ambiguous"] or whole in _titles()["kept"] else own | {OTHER}

    def _area(self, modifier: str) -> frozenset[str] | None:
        """The kind that what stands before a head tells; None when it tells none."""
        stem = modifier.strip("-")
        if found := self._exact.fullmatch(stem):
            return self._key(found["word"])
        starts = next((word for word, _ in self._single if len(word) >= 4 and stem.startswith(word)), "")
        foreign = self._foreign(stem)
        if starts and (len(starts) >= len(foreign) or stem.startswith(starts + "s")):
            return self._key(starts)
        if head := self._as_head.fullmatch(stem):
            return self._headed(head)
        if foreign:
            return _OTHER_AREA
        near = {key for word, key in self._single if len(word) >= 7 and (alike(stem, word) or alike(stem, word + "s"))}
        return frozenset(near) if len(near) == 1 else None

    def _shortened(self, short: re.Match[str]) -> frozenset[str] | None:
        """The kind of a word whose head is cut short: of the one listed word that begins so (`planark`), or what stands
        before the head tells, itself cut short or not (`soc.sekr`, `miljöinsp`).
        """
        word, stem = short.group(), short["modifier"]
        listed = [*self._single, *((foreign, OTHER) for foreign in self._foreign_words)]
        cut = len(word) > 5 and not word.endswith(("ning", "ring", "ling"))  # `ordning` is a word of its own
        if len(keys := {key for whole, key in listed if cut and whole.startswith(word)}) == 1:
            return frozenset(keys)
        if short["apart"] and not short["gap"]:
            return None
        if key := self._lent[0].get(stem + "."):
            return frozenset({key})
        neutral = len(stem) > 3 and any(word.startswith(stem) for word in map(fold, _titles()["neutral"]))
        return frozenset() if neutral else self._area(stem)

    @cache  # noqa: B019 — lives as long as the event
    def _word(self, word: str) -> tuple[frozenset[str], bool, bool] | None:
        """(kinds, is title, is department) of a word that is one of these; None for any other."""
        if len(word) < 2 or word.isdigit() or (word in _towns() and word not in self._words):
            return None
        if _DIET_WORD.fullmatch(word):
            return None
        title = None if "omrade" in word or word.endswith("arbetar") else _ends_with("heads").match(word)
        if title and not title["modifier"] and re.fullmatch(STAFF, word):
            return None
        department = _ends_with("departments").match(word)
        if found := self._exact.fullmatch(word):
            heads, form = _ends_with("heads"), found["word"]
            whole = form + "e" * (form + "e" in self._words)
            plural = {form[:-2], form[:-2] + "a"} & {*self._words} if form[-2:] in ("or", "er") else set()
            agent = heads.match(form) or heads.match(form + "a") or (_PERSON.search(whole) and not plural)
            person = bool(title or (agent and not department))
            return self._key(found["word"]), person, not person
        english = self._lent[1].get(word, OTHER)
        if word in _titles()["other"] and not title and english == OTHER:
            return _OTHER_AREA, word.endswith(("rad", "are", "ot")), True
        if word in self._lent[1] and not title:
            person = bool(_PERSON.search(word))
            return None if person and english == OTHER else (frozenset({english}), person, not person)
        if (short := _short().fullmatch(word)) and (area := self._shortened(short)) is not None:
            return area, not short["house"], bool(short["house"])
        if title and title["head"] in _titles()["elected"]:
            return _OTHER_AREA, True, False
        modifier = title["modifier"] if title else department["modifier"] if department else ""
        area = self._area(modifier) if modifier else None
        if area and area != _OTHER_AREA:
            return area, bool(title), not title
        own = self._as_head.fullmatch(word)
        if own and not (title and own.start("word") > title.start("head")):
            return self._headed(own), bool(title), not title
        if field := _ends_with("fields").match(word):
            area = self._area(field["modifier"]) if field["modifier"] else None
            return (area, False, True) if area and area != _OTHER_AREA else None
        if _AGENT.search(word) or (title and not modifier):
            begun = ((listed, key) for listed, key in self._single if len(listed) >= 5 and word.startswith(listed))
            if starts := next((key for listed, key in begun if len(listed) >= len(self._foreign(word))), ""):
                return frozenset({starts}), True, False
        if title:
            return area or frozenset(), True, False
        if department and modifier and modifier not in _titles()["neutral"] and "natverk" not in word:
            return area or _OTHER_AREA, False, True
        for weak, person in (("weak_heads", True), ("weak_departments", False)):
            part = _ends_with(weak).match(word)
            named = part and part["modifier"] and not word.endswith("programmet")  # which is studied
            if part and named and (area := self._area(part["modifier"])):
                return area, person, not person
        return None

    def is_one(self, folded: str) -> bool:
        """Whether a single folded word is a title, a department or an area."""
        return self._word(folded) is not None

    def mentions(self, folded: str, line: bool = False) -> list[UnitMention]:
        """Titles and departments in folded text, in order.

        In prose (`line` false) a bare area word (`kultur`) says nothing by itself: it is the event's own subject; only
        titles, departments and what qualifies them count.
        """
        return self._mentions(folded, line)

    @lru_cache(maxsize=512)  # noqa: B019 — lives as long as the event
    def _mentions(self, folded: str, line: bool) -> list[UnitMention]:
        found: list[UnitMention] = []
        taken: list[tuple[int, int]] = []
        for match in self._multiple.finditer(folded):
            as_listed = _AND.sub(" och ", match.group())
            listed = max(filter(as_listed.startswith, self._several), key=len)
            person = bool(_ends_with("heads").match(match.group().split()[-1]))
            found.append(UnitMention(*match.span(), frozenset({self._several[listed]}), person))
            taken.append(match.span())
        departments = _departments()
        for token in _token().finditer(folded):
            verdict = self._word(word := token.group())
            if (not verdict and word not in departments) or any(a <= token.start() < b for a, b in taken):
                continue
            if (
                found
                and word in departments
                and _within_english(folded[found[-1].end : token.start()])
                and found[-1].kinds
                and not found[-1].is_title
            ):
                found[-1] = UnitMention(found[-1].start, token.end(), found[-1].kinds, False)
                continue
            if verdict:
                kinds, title, department = verdict
                if _STREET.fullmatch(word) and re.match(r"\s\d", folded[token.end() : token.end() + 2]):
                    continue
                before = folded[max(0, token.start() - 8) : token.start()]
                fare = _FARE.match(folded, token.start())
                if fare and (fare["label"] or _DIET_BEFORE.search(folded[: token.start()][-24:])):
                    continue
                if word == "it" and (
                    (line and _PRONOUN.match(folded, token.end()) and not _names_a_part(folded, token.end()))
                    or _TO_IT.search(before)
                ):
                    continue
                is_one = department and self._exact.fullmatch(word) and not _names_a_part(folded, token.end())
                if is_one and _WORKS_AS.search(folded[: token.start()][-30:]):
                    found.append(UnitMention(*token.span(), kinds, True))
                    continue
                bare = (
                    department
                    and not title
                    and (self._exact.fullmatch(word) or _ends_with("fields").match(word) or word in _titles()["other"])
                    and not _ends_with("departments").match(word)
                )
                found.append(
                    UnitMention(*token.span(), kinds, title) if not bare else _Bare(*token.span(), kinds, False)
                )
        return self._joined(folded, sorted(found, key=lambda m: m.start), line)

    def _joined(self, folded: str, found: Sequence[UnitMention], line: bool) -> list[UnitMention]:
        """`kultur- och fritidschef` as one, `enhetschef näringsliv` as one, bare areas dropped from prose."""
        out: list[UnitMention] = []
        for mention in self._one_noun(folded, found):
            if out:
                last, gap = out[-1], folded[out[-1].end : mention.start]
                hyphen = _JOINED.fullmatch(gap) and "-" in gap[:2]
                pair = isinstance(last, _Bare) and _JOINED.fullmatch(gap)
                if hyphen or pair:
                    own = (last.kinds | mention.kinds) - _OTHER_AREA
                    out[-1] = type(mention)(
                        last.start, mention.end, own or mention.kinds or last.kinds, mention.is_title
                    )
                    continue
                if last.is_title and not last.kinds and not mention.is_title and mention.kinds and _qualifies(gap):
                    out[-1] = UnitMention(last.start, mention.end, mention.kinds, True)
                    continue
                if not last.is_title and mention.kinds == _OTHER_AREA and not mention.is_title and _IN.fullmatch(gap):
                    out[-1] = type(last)(last.start, mention.end, last.kinds, False)
                    continue
                if gap == " " and mention.kinds and not mention.is_title and folded[last.end - 1] == "s":
                    # `sjukhusets centralarkiv`: the smaller one, where it tells a kind of its own (`ungdomsteam`)
                    part = _ends_with("departments").match(folded[mention.start : mention.end])
                    if mention.kinds != _OTHER_AREA or (part and self._foreign(part["modifier"])):
                        out[-1] = UnitMention(last.start, mention.end, mention.kinds, False)
                    continue
                field = isinstance(last, _Bare) and last.kinds != _OTHER_AREA  # `emergency planner`
                if (
                    _within_english(gap)
                    and mention.is_title
                    and not last.is_title
                    and last.kinds
                    and (field or not mention.kinds)
                ):
                    out[-1] = UnitMention(last.start, mention.end, last.kinds, True)
                    continue
            out.append(mention)
        return [
            m if not isinstance(m, _Bare) else UnitMention(m.start, m.end, m.kinds, False)
            for m in out
            if line
            or not isinstance(m, _Bare)
            or _DOES_AT.search(folded[max(0, m.start - 60) : m.start])
            or (_in_unit_context(folded, m) and self._lent[1].get(folded[m.start : m.end]) != OTHER)
        ]

    @staticmethod
    def _one_noun(folded: str, found: Sequence[UnitMention]) -> list[UnitMention]:
        """Areas that stand beside each other as one, before a title takes the first: `head chef, school kitchens`."""
        out: list[UnitMention] = []
        for mention in found:
            last = out[-1] if out else mention
            if isinstance(last, _Bare) and isinstance(mention, _Bare) and folded[last.end : mention.start] == " ":
                kinds = (last.kinds | mention.kinds) - _OTHER_AREA or mention.kinds
                out[-1] = _Bare(last.start, mention.end, kinds, False)
            else:
                out.append(mention)
        return out


@cache
def _links() -> re.Pattern[str]:
    return re.compile(rf"\s(?:(?:{'|'.join(_titles()['links'])})\s){{0,2}}")


def _within_english(gap: str) -> bool:
    """Whether nothing divides an area from its head but nouns between: `climate adaptation coordinator`."""
    return _links().fullmatch(gap) is not None


def _names_a_part(folded: str, at: int) -> bool:
    """Whether the word that follows an area is a head, or stands before one: `IT project manager`."""
    after = _NEXT.match(folded, at)
    return after is not None and bool(
        _ends_with("heads").match(after[1]) or after[1] in _departments() or _within_english(after.group() + " ")
    )


class _Bare(UnitMention):
    """An area word by itself, which in prose may be only the subject of the event."""


def _qualifies(gap: str) -> bool:
    return bool(
        re.fullmatch(
            r"\s(?:for|of|pa) [\w-]+, (?:vart|ett|our|an?|one)(?: av vara| of our)? (?:[\w-]+ )?|,?\s?(?:-\s)?(?:(?:for|inom|pa|av|vid|med|of|in|at|i|med ansvar for|the|vart|var|our|over|med inriktning mot|inriktning|-)\s?){0,2}"
            r"|,?\s(?:for|inom|pa|vid|of|in|at|i)\s(?:(?:the|an?|one|ett|en|vart|var|vara|our|all)\s)?(?:[a-z-]{3,}\s)?",
            gap,
        )
    )


def _in_unit_context(folded: str, mention: UnitMention) -> bool:
    before = folded[max(0, mention.start - 60) : mention.start]
    if re.match(
        r"\s(?:i|pa|vid|hos|in|at)\s(?:\w+\s){1,2}(?:kommun|stad|municipality)\b",
        folded[mention.end : mention.end + 40],
    ):
        return True
    return bool(
        re.search(
            r"(?:\b(?:(?:arbetar|jobbar|sitter) (?:\w+ ){0,2}?(?:med|m|pa|inom|for)|work(?:ing|s)? (?:with|in|on|for)(?: \w+)?|hor till|tillhor|enheten? for|avdelningen? for|ansvarig for|ansvarar for|chef for|head of|(?:har)?(?:i)?fran|fr|from|in charge of|responsible for|enhet:|avdelning:|vi pa|oss pa|inom|horande till):?\s(?:vart |var |the |our )?|[(,] ?(?:also |ocksa |aven )?)$"
            r"|\b(?:i'm|i am|we're|we are) (?:(?:also|both|all|currently|based) )?in $"
            r"|[,(-] ?(?:bada|bagge|alla|samtliga|both|all) (?:(?:pa|fran|i|in|from|at) )?(?:the )?$"
            r"|\b(?:ar|e|jobba|jobbar|arbeta|arbetar|undervisar|sitter|verksam|anstalld|tjanstgor|tjanst|driver|leder|teach(?:es)?|work(?:s)?)\s(?:\w+\s){0,3}?"
            r"(?:pa|i|inom|vid|hos|in|at)\s(?:(?:vart|var|the|our) (?:[\w'-]+ )?|en |ett |[\w-]+s )?$|(?:^|[.!?\n])\s*\w+ pa $|(?:\b(?:och|o|samt|and)|,|&|kollega|kollegan|colleague)\s\w+(?:\s\w+)?\s(?:pa|i|inom|in|at|from)\s(?:the |our )?$"
            r"|\b(?:satta? upp|skriv(?:a|er)?(?: upp| in)?|anmal(?:a|er)?|bokar?|lagg(?:a|er)? till|put|add|register|book|sign up)\s"
            r"(?!mig|mej|oss|me\b|us\b)(?:\w+\s){1,3}(?:pa|i|fran|at|from|in)\s(?:the )?$"
            rf"|\b{STAFF}\s(?:pa|vid|i|inom|in|at)\s(?:the |our |var |vart )?$",
            before,
        )
    )


def settle(mentions: Sequence[UnitMention]) -> str | None:
    """The kind a person's titles and departments say together; None when nothing does, or when they leave it open.

    A title of its own kind wins; a neutral one takes the department's; a department of several kinds settles nothing.
    """
    titles = [m for m in mentions if m.is_title]
    told = {m.kinds for m in titles if m.kinds}
    own = {kinds for kinds in told if kinds != _OTHER_AREA}
    if len(own) == 1 and len(only := next(iter(own))) == 1:
        return next(iter(only))
    if told:
        return OTHER if told == {_OTHER_AREA} else None
    departments = {m.kinds for m in mentions if not m.is_title and m.kinds}
    named = {kinds for kinds in departments if kinds != _OTHER_AREA}
    if named:
        together = frozenset.union(*named)
        return next(iter(together)) if len(together) == 1 else None
    return OTHER if departments or titles else None
