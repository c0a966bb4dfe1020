"""What shows that a mail is about this event, or about some other matter."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ..domain import Letter
from ..event import Event
from ..folding import fold
from .names import is_given, organiser_names
from .phrasebook import tags, tags_in
from .text import alike, any_of, municipalities, pattern, sentences, tokens, words

ASKED = pattern("topic", "asked")
_GREETED = re.compile(r"(?:^|\n)\s*(?:hej|hejsan|hi|hello|dear|basta|kara|god morgon|tjena)\s+([a-z]{3,})\s?[!,.\n]")
_BIDDEN = pattern("topic", "bidden")
_IN_PLACE = re.compile(r"\bi (\w+)")
_ENDING = re.compile(r"(?:arna|erna|orna|dagar|dagarna|dag|ar|er|en|et|n|na)$")


class Topic:
    """The words of one event; build once per event."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.words = _naming(event)
        """The words of the event's name."""
        units = tuple(t.group()[:6] for unit in event.units for w in unit.words for t in tokens(fold(w)))
        self.title = _naming(event, units)
        """Those that are not, in what its name says after a colon, also words of a unit which it is for."""
        self.organiser = organiser_names(event)
        told = [event.name, event.information, *(w for unit in event.units for w in unit.words)]
        told += [w for s in event.sessions for w in (s.city, s.venue, *s.aliases)]
        known = {t.group() for text in told for t in tokens(fold(text)) if len(t.group()) > 2}
        self.vocabulary = known | {part for word in known for part in word.split("-")} | {*words("gatherings", "plain")}
        cities = {fold(session.city) for session in event.sessions}
        short = {fold(word) for word in re.findall(r"\b[A-ZÅÄÖ]{2}\b", " ".join(told))}
        invited = {w for e in event.employers for w in fold(e.name).split()}
        self.ours = self.vocabulary | self.organiser | short | invited
        """Words of the event, its places, the organiser and those who are invited."""
        self.held_in = {
            t.group() for s in event.sessions for w in (s.city, s.venue, s.address, *s.aliases) for t in tokens(fold(w))
        }
        """Words of the places where the event is held."""
        self._elsewhere = municipalities() - cities
        self._dated = [rf"\b{s.date.day}\b[^\n]{{0,40}}{re.escape(fold(s.city))}" for s in event.sessions]

    def names_another(self, folded: str) -> bool:
        """Whether a compound names some other event: `Anmälan till brandskyddsdagen`, where ours is about reading."""
        return any(not self._ours(lead) for t in tokens(folded) for lead in _leads(t.group()))

    def calls_it_another(self, folded: str) -> bool:
        """Whether the words are for something else (a dinner, a writing course); many call any such day `kursen`."""
        found = ["", *(t.group() for t in tokens(folded)), ""]
        plain = [not w or w[0].isdigit() or w in words("gatherings", "small") or w in self.vocabulary for w in found]
        bare = {i for i, w in enumerate(found) if w in ("kurs", "kursen", "course") and plain[i - 1] and plain[i + 1]}
        kept = [word for i, word in enumerate(found) if word and i not in bare]
        return "other_event" in tags(kept, "topic")

    def matters(self, folded: str) -> frozenset[str]:
        """The matters that words are about, a bare `kurs` for the event left out."""
        found = tags_in(folded, "topic")
        bare = {"other_event"} if "other_event" in found and not self.calls_it_another(folded) else set()
        return found - bare - ({"hosts"} if "hosts" in found and _BIDDEN.search(folded) else set())

    def _ours(self, lead: str) -> bool:
        """Whether the first part of a compound is a word of this event, in any form, or says nothing."""
        return any(
            word.startswith(lead) or (lead.startswith(word) and len(lead) < len(word) + 3) for word in self.vocabulary
        )

    def knows(self, word: str) -> bool:
        """Whether a folded word is one of this event, its places or those invited, in any form, or says nothing."""
        near = len(word) > 4 and any(word[:5] == known[:5] for known in self.ours)
        return near or word in self.ours or self._ours(word)

    def is_called(self, word: str) -> bool:
        """Whether a folded word is of the event's title, or names a place of its, in any form: `nykopings`, `falu`."""
        places = (place for place in self.held_in if len(place) > 3)
        return bool(self.title.match(word)) or any(
            (word.startswith(place[:-1]) and len(word) < len(place) + 2) or alike(word, place) for place in places
        )

    def quotes_us(self, letter: Letter) -> bool:
        """Whether what is quoted or passed on is our invitation or an answer of ours."""
        text = fold(letter.quoted + "\n" + letter.forwarded)[:20000]
        if not text.strip():
            return False
        if self.event.contact_address in text or self.words.search(text) or fold(self.event.name)[:30] in text:
            return True
        if ASKED.search(text):
            return True
        return sum(bool(re.search(dated, text)) for dated in self._dated) > 1

    def greets_another(self, folded: str) -> bool:
        """`Hej Petra!` in a mail to Linda."""
        greeted = _GREETED.search(folded[:160])
        return bool(greeted and is_given(greeted[1]) and greeted[1] not in self.organiser)

    def is_elsewhere(self, folded: str) -> bool:
        """Whether a day is said to be held in a town where no session is."""
        if self._elsewhere.isdisjoint(_IN_PLACE.findall(folded)):
            return False
        dated = (folded[a:b] for a, b in sentences(folded) if re.search(r"\d", folded[a:b]))
        return any(place[1] in self._elsewhere for part in dated for place in _held_in().finditer(part))


def _naming(event: Event, besides: tuple[str, ...] = ()) -> re.Pattern[str]:
    """The telling words of an event's name, in any form, and the parts of its title; `besides` begin words left out."""
    name = fold(event.name)
    telling = {
        t.group()
        for t in tokens(name)
        if len(t.group()) >= 7 or (len(t.group()) >= 3 and t.group().upper() in event.name)
    }
    generic = {*words("gatherings", "generic")}
    telling -= {fold(e.name).split()[-1] for e in event.employers} | {fold(s.city) for s in event.sessions} | generic
    telling = {word for word in telling if not tags((word,)) & {"change", "instead", "cancel"}}
    stems = {_ENDING.sub("", word) + ("dag" if "dag" in word else "") for word in telling}
    titles = [" ".join(t.group() for t in tokens(part)) for part in re.split(r"[:,(/–—]| - ", name)]
    stems |= {title for title in titles if len(title) >= 5 and 1 <= len(title.split()) <= 5} - generic
    named = telling | {s for s in stems if len(s) >= 5}
    if besides:
        begins = re.split(r"[:–—]", name)[0]
        named = {word for word in named if " " in word or word in begins or not word.startswith(besides)}
    return re.compile(rf"\b{any_of([*map(re.escape, word), ''] for word in named)}\w*")


@cache
def _heads() -> tuple[str, ...]:
    return tuple(sorted(words("gatherings", "heads"), key=len, reverse=True))


@lru_cache(maxsize=4096)
def _leads(word: str) -> tuple[str, ...]:
    """The first part of a word that names a gathering: `hlr` of `hlr-kursen`."""
    if not word.endswith(_heads()):
        return ()
    lead = word.removesuffix(next(filter(word.endswith, _heads()))).rstrip("-")
    return (lead,) if len(lead) > 1 else ()


@cache
def _held_in() -> re.Pattern[str]:
    gatherings = "|".join(map(re.escape, _heads()))
    return re.compile(
        rf"\b(?:\w*(?:{gatherings}|workshop)\w*|\w+huset|\w+hallen|museet|teatern)\b[^.\n]{{0,30}}?\bi (\w+)"
    )
