"""What the sender wants: the kind of a mail that a human wrote.

Each sentence has been weighed by itself (`acts`); here the mail is weighed as a whole: what its sentences do, how
plainly it is about this event, whether it answers us, and what tells another matter. The signs are named, their
weights are data (`data/kinds.json`, learnt by `training/kinds.py` from labelled mails). A kind that is not clearly
likelier than the others is for a person to settle.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from ..domain import Kind, Letter, Status, Thread
from ..event import Event
from ..folding import fold
from .acts import Act, Said
from .contacts import diet_in, phone_in
from .elsewhere import given_by_another
from .linear import learnt, weigh
from .names import is_given, organiser_names
from .phrasebook import tags, tags_in
from .sessions import WISHED, Choice, Form
from .text import lexicon, names_listed, phrases, sentences, tokens, words

KINDS = (Kind.REGISTRATION, Kind.CHANGE, Kind.CANCELLATION, Kind.QUESTION, Kind.UNRELATED)
SURE = 0.6
"""A registration is answered by itself only when it is this likely to be one."""
CLEAR = 0.5
"""The same of changes and cancellations, which concern one who is registered already."""

CERTAIN = 0.9
"""So likely that even a way of coming that no list of words knows is taken at its word."""
TIED = 0.85
"""The same where the mail shows no tie to this event but a day or place of its."""

LISTED = 0.4
"""What is not taken for a registration, but is one this likely, is listed for the organiser: nothing is lost."""

ALLOWED = 0.25
"""A sentence this likely says that somebody comes may do so."""

THANKS = re.compile(r"\b(?:tack\w*|thanks?|thank you|ses|see you|perfekt|toppen|super|bra|great)\b")
_CONFIRMATION = re.compile(r"bekraft|confirm|din anmalan|du ar anmald|your registration|your booking")
_HOSTILE = phrases("intent", "hostile")
_DOUBT = phrases("intent", "doubt")
_HOLD = re.compile(r"\bhall(?:a|er)? (?:\w+ ){0,3}(?:plats\w*|stol\w*)|\bhold (?:\w+ ){0,3}(?:place|seat|spot)s?\b")
_STRANGE = {"hire", "money", "sales", "private", "hosts", "meeting"}
"""Matters that a sentence which registers somebody is not about."""
_ELSE = {*_STRANGE, "other_event", "thanks"}
"""Matters that a mail about this event is not about."""
_TAGS = (
    "registered",
    "change",
    "instead",
    "substitute",
    "rename",
    "hedge",
    "ask",
    "cancel",
    "not_coming",
    "register",
    "doubt",
)
_LEVELS = (0.3, 0.5, 0.7, 0.85)


@dataclass(frozen=True, slots=True)
class Intent:
    """The kind, whether something is asked besides, and why a person should look when it is doubtful."""

    kind: Kind
    question: bool = False
    doubt: str = ""


_ASKED = re.compile(
    r"\b(?:vilke[nt] (?:av )?(?:dag|datum|tillfalle|enhet|kommun)\w*|which (?:day|date|session|unit|municipality)\w*)\b[^.\n]{0,80}\?"
)
"""A question of ours about a registration."""


class Topic:
    """What shows that a mail is about this event; build once per event."""

    def __init__(self, event: Event) -> None:
        self.event = event
        telling = {
            t.group()
            for t in tokens(fold(event.name))
            if len(t.group()) >= 7 or (len(t.group()) >= 3 and t.group().upper() in event.name)
        }
        cities = {fold(session.city) for session in event.sessions}
        telling -= {fold(e.name).split()[-1] for e in event.employers} | cities | _GENERIC
        telling = {word for word in telling if not tags((word,)) & {"change", "instead", "cancel"}}
        stems = {
            re.sub(r"(?:arna|erna|orna|dagar|dagarna|dag|ar|er|en|et|n|na)$", "", word)
            + ("dag" if "dag" in word else "")
            for word in telling
        }
        titles = [" ".join(t.group() for t in tokens(part)) for part in re.split(r"[:,(/–—]| - ", fold(event.name))]
        stems |= {title for title in titles if len(title) >= 5 and 1 <= len(title.split()) <= 5} - _GENERIC
        self.words = re.compile(
            "|".join(
                rf"\b{re.escape(stem)}\w*"
                for stem in sorted(telling | {s for s in stems if len(s) >= 5}, key=len, reverse=True)
            )
            or "(?!)"
        )
        self.organiser = organiser_names(event)
        told = [event.name, event.information, *(w for unit in event.units for w in unit.words)]
        told += [w for s in event.sessions for w in (s.city, s.venue, *s.aliases)]
        plain = [fold(word) for word in lexicon()["gatherings"]["plain"]]
        known = {t.group() for text in told for t in tokens(fold(text)) if len(t.group()) > 2}
        self.vocabulary = known | {part for word in known for part in word.split("-")} | set(plain)
        self.ours = {*self.vocabulary, *self.organiser, *(w for e in event.employers for w in fold(e.name).split())}
        """Words of the event, its places, the organiser and those who are invited."""
        self.elsewhere = {fold(name) for name in names_listed("municipalities.txt")} - cities

    def names_another(self, folded: str) -> bool:
        """Whether a compound names some other event: `Anmälan till brandskyddsdagen`, where ours is about reading."""
        return any(not self._ours(lead) for t in tokens(folded) for lead in _leads(t.group()))

    def calls_it_another(self, folded: str) -> bool:
        """Whether the words are for something else (a dinner, a writing course); many call any such day `kursen`."""
        found = ["", *(t.group() for t in tokens(folded)), ""]
        plain = [not w or w[0].isdigit() or w in _SMALL or w in self.vocabulary for w in found]
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

    def quotes_us(self, letter: Letter) -> bool:
        """Whether what is quoted or passed on is our invitation or an answer of ours."""
        text = fold(letter.quoted + "\n" + letter.forwarded)[:20000]
        if not text.strip():
            return False
        if self.event.contact_address in text or self.words.search(text) or fold(self.event.name)[:30] in text:
            return True
        if _ASKED.search(text):
            return True
        named = (rf"\b{s.date.day}\b[^\n]{{0,40}}{re.escape(fold(s.city))}" for s in self.event.sessions)
        return sum(bool(re.search(pattern, text)) for pattern in named) > 1


@cache
def _heads() -> tuple[str, ...]:
    return tuple(sorted(words("gatherings", "heads"), key=len, reverse=True))


@lru_cache(maxsize=4096)
def _leads(word: str) -> tuple[str, ...]:
    """The first part of a word that names a gathering: `hlr` of `hlr-kursen`."""
    head = next((head for head in _heads() if word.endswith(head)), None)
    lead = word[: -len(head)].rstrip("-") if head else ""
    return (lead,) if len(lead) > 1 else ()


_BIDDEN = re.compile(r"\b(?:ni|du|you|inbjudan|annonsen|invitation)\b(?: \w+){0,8}? (?:valkom|welcome|bjud|bjod|invite)")
"""The organiser's own words told back to her: `Ni skriver att andra också är välkomna`."""
_SMALL = {"pa", "till", "den", "ga", "er", "din", "the", "to", "your", "for", "on"}
_GENERIC = {
    "utveckla",
    "kommunen",
    "regionen",
    "kommuner",
    "sverige",
    "framtid",
    "framtiden",
    "tillsammans",
    "tjanstepersoner",
    "sodermanland",
}


@dataclass(frozen=True)
class Context:
    """What is known about a mail besides what its sentences do."""

    letter: Letter
    text: str
    """The own words, folded."""
    subject: str
    """The subject, folded; empty if inherited."""
    said: Sequence[Said]
    said_in_subject: Sequence[Said]
    choice: Choice
    told: Callable[[], frozenset[dt.date]]
    """Finds the days that an inherited subject and what is quoted name; few mails need them."""
    topic: Topic
    thread: Thread
    invited_employer: bool
    public: bool
    """Whether the sender works for a municipality, a region or a state body, invited or not."""
    unit: str
    """What the sender's unit is to the event: `ours` or `other`, `none` when none is stated."""
    staff: bool
    """Whether the text gives somebody a unit or title that the event is for."""
    lists: bool
    others: bool
    """Whether it names or counts others who come."""
    she: bool
    """Whether a sentence says that the sender herself comes."""

    @cached_property
    def quotes_us(self) -> bool:
        return self.topic.quotes_us(self.letter)

    @property
    def answers_us(self) -> bool:
        return self.quotes_us or self.thread.answers_us

    @property
    def answers_another(self) -> bool:
        """Whether its subject is inherited from a mail that shows nothing of ours."""
        return not self.subject.strip() and bool(self.letter.subject.strip()) and not self.answers_us

    @property
    def confirmed(self) -> bool:
        """Whether it answers a mail that confirms a registration."""
        return not self.subject and bool(_CONFIRMATION.search(fold(self.letter.subject)))

    @property
    def adds(self) -> bool:
        """Whether it answers a confirmation with a day that was not confirmed."""
        return self.confirmed and not self.told().issuperset(self.choice.dates)

    @cached_property
    def both(self) -> str:
        """Subject and own words, a blank line between them."""
        return f"{self.subject}\n\n{self.text}"

    @cached_property
    def topics(self) -> frozenset[str]:
        """The matters that subject or text have phrases of."""
        return frozenset(tag for a, b in sentences(self.both) for tag in self.topic.matters(self.both[a:b]))

    @cached_property
    def named(self) -> bool:
        """Whether subject or text have words of the event's name."""
        return bool(self.topic.words.search(self.both))

    @cached_property
    def places(self) -> list[int]:
        """Where the text names a day or place of this event."""
        return [m.start for p in self.choice.phrases if not p.foreign for m in p.mentions if m.days]

    @cached_property
    def agreed(self) -> bool:
        """Whether a day is named in two ways that agree: `tisdagen i Gävle`."""
        return any(len({m.form for m in p.mentions if m.days}) > 1 and not p.clash for p in self.choice.phrases)

    def names_ours(self, said: Said) -> bool:
        return any(said.start <= at < said.end for at in self.places)

    def strange(self, said: Said) -> bool:
        """Whether a sentence is about a matter that one which registers somebody is not about."""
        return bool(self.topic.matters(self.words(said)) & _STRANGE)

    @cached_property
    def day_said(self) -> Act:
        """What the likeliest sentence that names a day or place of this event does."""
        doing = [s for s in self.said if self.names_ours(s)]
        return min(doing, key=lambda s: s.weights[Act.OTHER]).act if doing else Act.OTHER

    @cached_property
    def goes_elsewhere(self) -> bool | None:
        """Whether what somebody registers for is plainly given by another than the organiser; None where it may be."""
        if self.named or self.answers_us or self.thread.registrations:
            return False
        told = {
            given_by_another(self.letter.own[s.start : s.end], self.topic.ours)
            for s in self.said
            if s.weights[Act.ATTEND] > 0.1 or "register" in self.tags(s)
        }
        strange = not self.choice.dates or "other_event" in self.topics or _elsewhere(self.both, self.topic)
        return True in told or (None in told and (strange or None))

    @cached_property
    def registers(self) -> bool:
        """Whether what says that somebody comes has the words of a registration."""
        return any("register" in self.tags(s) for s in self.saying(Act.ATTEND))

    def words(self, said: Said) -> str:
        return self.text[said.start : said.end]

    def tags(self, said: Said) -> frozenset[str]:
        """The lexicon's lists that a sentence has phrases of."""
        return tags_in(self.words(said))

    def saying(self, act: Act) -> list[Said]:
        """The sentences that do something."""
        return [s for s in self.said if s.weights[act] > 0.5]

    def most(self, act: Act) -> float:
        """How likely the likeliest sentence does something."""
        return max((s.weights[act] for s in self.said), default=0.0)


def signs(context: Context) -> Iterator[str]:
    """The named signs a mail shows."""
    both, choice, topic = context.both, context.choice, context.topic
    yield "bias"
    answers = context.answers_us
    lead = _lead(context.said)
    for act in Act:
        if act is Act.OTHER:
            continue
        most = context.most(act)
        yield from (f"{act}>{level}" for level in _LEVELS if most > level)
        heading = max((s.weights[act] for s in context.said_in_subject), default=0.0)
        yield from (f"subject {act}>{level}" for level in _LEVELS[1:3] if heading > level)
    acts = {s.act for s in context.said if s.weights[s.act] > 0.5} - {Act.OTHER}
    yield f"acts {'+'.join(sorted(acts)) or 'none'}"
    forms = {m.form for p in choice.phrases if not p.foreign for m in p.mentions if m.days}
    day = bool(forms & {Form.DAY, Form.ORDINAL, Form.ALL, Form.WEEK})
    place = bool(forms & {Form.CITY, Form.VENUE})
    named = context.named
    concern = {
        "answers": answers,
        "named": named,
        "day": day,
        "place": place,
        "weekday": Form.WEEKDAY in forms,
        "employer": context.invited_employer,
        "public": context.public,
        "booked": context.confirmed,
    }
    yield from (name if there else f"no {name}" for name, there in concern.items())
    yield "own subject" if context.subject.strip() else "answers another" if context.answers_another else "no subject"
    if choice.dates:
        yield "chosen"
        yield f"chosen & {lead}"
    if forms:
        yield f"day said & {context.day_said}"
    if choice.open:
        yield "open"
    if choice.refused:
        yield "refused"
        yield f"refused & {'chosen' if choice.dates else 'none'}"
    if choice.foreign and not forms:
        yield "another day"
    if any(s.weights[Act.ATTEND] > 0.6 and "register" in context.tags(s) for s in context.said):
        yield "registers"
    if context.she:
        yield f"she & {lead}"
    if lead == Act.ATTEND and not any(context.tags(s) & {"register", "presence"} for s in context.saying(Act.ATTEND)):
        yield "no word of coming"
    if context.lists:
        yield "lists"
    if context.others:
        yield "others"
    found = {f"[{tag}]" for a, b in sentences(both) for tag in tags_in(both[a:b]) if tag in _TAGS}
    yield from sorted(found)
    if "[registered]" in found:
        yield f"registered & {lead}"
    acting = {tag for s in context.said if s.weights[Act.OTHER] < 0.5 for tag in topic.matters(context.words(s))}
    titled_so = topic.matters(context.subject)
    for tag in sorted(context.topics):
        if tag in acting:
            yield f"<{tag}> acting"
        elif tag not in titled_so:
            yield f"<{tag}> beside & {'none' if lead == 'none' else 'acts'}"
        if tag in titled_so:
            yield f"<{tag}> titled"
    if any("?" in both[a:b] for a, b in sentences(both)):
        yield "asks"
        yield f"asks & {lead}"
    length = len(context.text.split())
    yield "short" if length < 15 else "long" if length > 120 else "middling"
    if _greets_another(both, topic):
        yield "greets another"
    if _elsewhere(both, topic):
        yield "elsewhere"
    if topic.names_another(context.subject):
        yield "another titled"
    if any(s.weights[Act.OTHER] < 0.5 and topic.names_another(context.words(s)) for s in context.said):
        yield "another acting"
    if context.agreed:
        yield "agreed"
    yield f"unit {context.unit}"
    if diet_in(context.text):
        yield f"diet & {lead}"
        if "[registered]" in found:
            yield "diet & registered"
    if context.letter.forwarded:
        yield "forwards"
    if not answers and not context.subject and context.letter.quoted:
        yield "quotes another"


def _lead(said: Sequence[Said]) -> str:
    """What the mail does before all: what its most decided sentence does; a question only where nothing else is."""
    for acts in ((Act.ATTEND, Act.ABSENT, Act.ALTER, Act.HEDGE), (Act.ASK,)):
        weight, act = max(((s.weights[act], act) for s in said for act in acts), default=(0.0, Act.OTHER))
        if weight > 0.5:
            return act.value
    return "none"


def classify(context: Context) -> Intent:
    """The kind of a mail by its signs, with what makes it doubtful."""
    both = context.both
    if _HOSTILE.search(both):
        return Intent(Kind.UNRELATED, doubt="Mejlet försöker styra programmet")
    if _greets_another(both, context.topic) and not context.answers_us and not context.thread.registrations:
        return Intent(Kind.UNRELATED)
    asks = _asks(context)
    likely = weigh(signs(context), KINDS, learnt("kinds.json"))
    kind = max(likely, key=lambda k: likely[k])
    sure = likely[kind]
    comes = max((s.weights[Act.ATTEND] for s in context.said), default=1.0)
    may_be = likely[Kind.REGISTRATION] > LISTED and comes > (CERTAIN if kind is Kind.REGISTRATION else ALLOWED)
    plain = _plain(context) and not (context.thread.registrations and _goes_beside(context, True))
    may_be = may_be or (plain and not context.topics & {"private", "money", "sales"})
    may_be = may_be or _fits(context, likely[Kind.UNRELATED])
    unrelated = Intent(Kind.UNRELATED, doubt="Kan vara en anmälan" if may_be else "")
    if may_be and asks:
        unrelated = Intent(Kind.QUESTION, True, "Kan vara en fråga om evenemanget")
    if context.thread.registrations and not context.thread.asked:
        kind, clear = _in_thread(context, kind)
        sure = {True: 1.0, False: 0.0, None: likely[kind]}[clear]
    if kind in (Kind.UNRELATED, Kind.REGISTRATION) and context.goes_elsewhere is not False:
        return Intent(Kind.UNRELATED, doubt="" if context.goes_elsewhere else "Kan vara en anmälan")
    if _BY_ANOTHER.search(context.text) and (diet_in(context.text) or phone_in(context.text)):
        kind, sure = Kind.CHANGE, 1.0
    if kind is Kind.UNRELATED and plain and _tied(context):
        kind = Kind.REGISTRATION
    if kind is Kind.REGISTRATION and plain:
        sure = max(likely[kind], SURE)
    one_day = len({p.days for p in context.choice.phrases if not p.foreign}) == 1
    if not plain and kind in (Kind.UNRELATED, Kind.REGISTRATION) and context.quotes_us and one_day:
        kind, sure = (Kind.CANCELLATION, 1.0) if WISHED.search(context.text) else (kind, sure)
    if kind is Kind.REGISTRATION and _declines(context):
        kind, sure = Kind.CANCELLATION, 1.0
    if kind is Kind.REGISTRATION and _plainly_not_ours(context, sure):
        return unrelated
    if kind is Kind.REGISTRATION and _only_thanks(context):
        return unrelated if not context.confirmed or context.adds else Intent(Kind.UNRELATED)
    if kind is Kind.REGISTRATION and (_only_perhaps(context) or not _says_so(context)):
        if context.saying(Act.HEDGE) or asks or context.answers_us:
            return Intent(Kind.QUESTION, True, "Osäkert om avsändaren anmäler sig")
        return unrelated
    if kind is Kind.REGISTRATION:
        if _HOLD.search(both) and not (plain and context.others):
            return Intent(Kind.QUESTION, True, "Ber att få en plats hållen")
        doubt = "Osäkert om anmälan är menad" if _DOUBT.search(both) else ""
        if sure < SURE or (sure < CERTAIN and _wordless(context)):
            doubt = doubt or "Osäkert vad avsändaren vill"
        ours = sure > TIED or _is_ours(context)
        return Intent(kind, asks, doubt or ("" if ours else "Osäkert om det gäller evenemanget"))
    if kind is Kind.CHANGE and _asks_whether(context):
        return Intent(Kind.QUESTION, True)
    if kind is Kind.CHANGE and _registers_only(context):
        return Intent(Kind.REGISTRATION, asks)
    if kind is Kind.CHANGE and not _concerns_us(context):
        return Intent(Kind.UNRELATED)
    if kind in (Kind.CHANGE, Kind.CANCELLATION):
        declines = kind is Kind.CANCELLATION and context.quotes_us and context.most(Act.ABSENT) > CERTAIN
        return Intent(kind, asks, "" if sure >= CLEAR or declines else "Osäkert vad avsändaren vill")
    if kind is Kind.QUESTION:
        return Intent(kind, True, "" if asks else "Osäkert om avsändaren anmäler sig")
    return unrelated


def _registers_only(context: Context) -> bool:
    """Whether a mail that brings a need or a number has a day of ours, the words of a registration, and none of a change."""
    found = tags_in(context.both)
    alters = found & {"registered", "change", "instead", "substitute", "rename", "cancel", "not_coming"}
    return bool("register" in found and context.choice.dates and not alters and not context.thread.registrations)


def _fits(context: Context, foreign: float) -> bool:
    """Whether all that a mail says could be said of this event, by one whom it is for or who comes to a place of it: it
    does something, and nothing in it tells of another matter. A mail of few words seldom tells more."""
    tied = context.public or (context.she and context.places)
    thanked = context.thread.registrations and _THANKED.search(context.text) and not _asks(context)
    if not tied or thanked or context.answers_another or context.topics & _ELSE:
        return False
    idle = min((s.weights[Act.OTHER] for s in context.said), default=1.0)
    if len(context.text.split()) < 25:
        return idle < 0.95
    return idle < 0.7 and foreign < 0.85 and not context.topic.names_another(context.both)


def _plain(context: Context) -> bool:
    """Whether one sentence says, beyond doubt and by itself, that somebody comes on a day of ours, or to what it answers;
    whatever else a chatty mail is about."""
    for s in context.said:
        if s.weights[Act.ATTEND] < CERTAIN or "doubt" in context.tags(s):
            continue
        names_ours = bool(context.choice.dates) and context.names_ours(s)
        registers = context.answers_us and "register" in context.tags(s)
        words_, topic = context.words(s), context.topic
        strange = context.strange(s) or topic.names_another(words_) or topic.calls_it_another(words_)
        if (names_ours or registers) and not strange:
            return True
    return False


def _declines(context: Context) -> bool:
    """Whether a reply refuses days and takes none: all there are, or with a plain no."""
    refused = set(context.choice.refused)
    if context.choice.dates or context.choice.open or not refused or not context.answers_us:
        return False
    return context.most(Act.ABSENT) > CERTAIN or refused.issuperset(s.date for s in context.topic.event.sessions)


def _tied(context: Context) -> bool:
    """Whether the sender is one of those whom the event is for."""
    return context.public or context.unit == "ours" or context.staff


def _only_thanks(context: Context) -> bool:
    """`Tack för en fin dag!`, `Toppen, då ses vi den 14:e!` in reply to a confirmation: nothing new is wanted."""
    if (
        context.registers
        or context.adds
        or context.thread.asked
        or _ASKED.search(fold(context.letter.quoted))
        or (context.day_said == Act.ATTEND and not context.confirmed)
    ):
        return False
    topical = [context.topic.matters(context.text[a:b]) for a, b in sentences(context.text)]
    past = any("thanks" in found for found in topical)
    return past or (context.confirmed and bool(THANKS.search(context.text)) and len(context.text.split()) < 25)


def _only_perhaps(context: Context) -> bool:
    """Whether whatever says that somebody comes says so with a perhaps."""
    coming = context.saying(Act.ATTEND)
    hedged = all(
        s.weights[Act.ATTEND] < CERTAIN and s.weights[Act.HEDGE] > 0.02 and "hedge" in context.tags(s) for s in coming
    )
    return bool(coming) and not context.registers and not context.lists and hedged


def _wordless(context: Context) -> bool:
    """Whether no word of coming or registering stands in what was taken to say that somebody comes."""
    if context.answers_us or context.lists or context.others or context.thread.asked:
        return False
    bill = any(context.topic.matters(context.words(s)) & {"money", "hire"} for s in context.said)
    if context.she and (context.registers or not bill):
        return False
    found = [context.tags(s) for s in context.saying(Act.ATTEND)]
    return not any(listed & {"register", "presence"} for listed in (*found, tags_in(context.subject)))


def _says_so(context: Context) -> bool:
    """Whether any words say that somebody comes: a registration is never read out of their absence."""
    said = (*context.said, *context.said_in_subject)
    if context.lists or context.thread.asked or any(s.weights[Act.ATTEND] > 0.2 for s in said):
        return True
    registers = "register" in tags_in(context.both if context.named else context.text)
    return not context.saying(Act.HEDGE) and (registers or (context.answers_us and bool(context.choice.dates)))


def _in_thread(context: Context, kind: Kind) -> tuple[Kind, bool | None]:
    """The kind of a mail whose sender, or thread, is registered already, and whether that is clear (None: as likely as
    it is): what it does is done to those registrations, so that who comes as before is no news."""
    lead, said_ = _lead(context.said), context.said
    live = [r for r in context.thread.registrations if r.status is not Status.CANCELLED]
    booked = {r.date for r in [r for r in live if r.email == context.letter.sender.email] or live}
    if not booked:
        again = lead in (Act.ATTEND, Act.ALTER) and context.choice.dates
        return (Kind.REGISTRATION if again else kind), None
    found = {tag for s in said_ for tag in context.tags(s)}
    if kind is Kind.REGISTRATION and _goes_beside(context, "register" in found):
        return Kind.UNRELATED, None
    if "substitute" in found and lead != Act.ATTEND:
        return Kind.CHANGE, True
    gone = context.most(Act.ABSENT)
    thanks = _THANKED.search(context.text) and len(context.text.split()) < 12 and not context.choice.phrases
    thanks = thanks and not _asks(context)
    plainly = gone > TIED or any(
        s.weights[Act.ABSENT] > (0.5 if "registered" in context.tags(s) else 0.3) and context.tags(s) & _GONE
        for s in said_
    )
    adds = bool(diet_in(context.text) or phone_in(context.text))
    coming = set(context.choice.dates) - booked
    told = lead != Act.ATTEND or not context.choice.dates or "registered" in found
    if adds and not coming and not plainly and told:
        return Kind.CHANGE, True
    named = {day for p in context.choice.phrases if p.settled and not p.foreign for day in p.days}
    if named & booked and not booked.issuperset(named) and (gone > 0.3 or plainly or "moved" in found):
        return Kind.CHANGE, True
    if coming and (found & {"change", "instead"} or lead == Act.ALTER or context.most(Act.ALTER) > 0.3):
        return Kind.CHANGE, True
    if (
        (gone > 0.5 or plainly)
        and not coming
        and (lead == Act.ABSENT if context.choice.dates else lead != Act.ALTER or plainly)
    ):
        return (Kind.UNRELATED, None) if thanks and not plainly else (Kind.CANCELLATION, plainly)
    if lead == Act.ALTER:
        return Kind.CHANGE, None
    return (Kind.UNRELATED if thanks and lead == "none" else kind), None


def _goes_beside(context: Context, registers: bool) -> bool:
    """Whether one who is registered tells of another thing on the day: a table for supper, a collection for a present."""
    beside = {"other_event", "private", "money"}
    dated = [context.topic.matters(context.words(s)) & beside for s in context.said if context.names_ours(s)]
    return bool(dated and all(dated)) or bool(not registers and context.topics & beside)


_GONE = {"cancel", "not_coming", "registered"}
_THANKED = re.compile(r"\b(?:tack|tackar|thanks|thank you|thx)\b")
_TO_THEM = re.compile(
    r"\ban+mal\w* (?:till|hos) (?:mig|oss)\b|\bsign up with (?:me|us)\b|\b(?:raknar med|vantar|tar emot|hamtar) (?:dig|er)\b|\b(?:expect\w*|pick|picking) you\b"
)


def _plainly_not_ours(context: Context, sure: float) -> bool:
    """Whether a mail that looks like a registration is one to somebody else: on days that are none of ours, to the
    sender's own event, or of somebody who shows no tie to this one and may only be meeting the organiser."""
    if context.answers_us or context.thread.registrations or context.topic.words.search(context.text):
        return False
    phrases_ = context.choice.phrases
    forms = {m.form for p in phrases_ if not p.foreign for m in p.mentions}
    if context.answers_another and not context.registers and forms <= {Form.WEEKDAY, Form.RELATIVE, Form.MONTH}:
        return True
    if not context.named and any(_elsewhere(context.words(s), context.topic) for s in context.saying(Act.ATTEND)):
        return True
    elsewhere = bool(phrases_) and all(p.foreign for p in phrases_)
    if (elsewhere or sure < SURE) and not _is_ours(context):
        return True
    tied = _tied(context) or context.registers
    tied = tied or bool(context.topic.words.search(context.subject))
    return bool(_TO_THEM.search(context.text)) or (not tied and sure < TIED)


def _is_ours(context: Context) -> bool:
    """Whether a registration plainly concerns this event: it answers us, names it, or names a day or place of it, and is
    not by its words for something else (a course, a dinner) that happens to fall on a day of ours."""
    if context.answers_us or context.thread.registrations or context.named:
        return True
    titled = "" if context.agreed and context.registers else context.subject
    told = (titled, *(context.words(s) for s in context.saying(Act.ATTEND)))
    other = any(context.topic.calls_it_another(text) for text in told)
    ours = any(context.names_ours(s) and (s.act is Act.ATTEND or not context.strange(s)) for s in context.said)
    return (ours or "invited" in context.topics) and not other


_BY_ANOTHER = re.compile(
    r"(?<!jag)(?<!jag har)(?<!vi har)(?<!\bi)(?<!have) (?:har )?(?:anmalt|anmalde|skrev upp|skrivit upp|satt upp|registrerade|signed|registered|booked) (?:mig|me)\b"
    r"|\b(?:ar|blev|blivit) (?:redan )?anmald av\b|\b(?:was|been) (?:signed up|registered|booked) by\b"
)
"""The sender has been registered by somebody else."""
_IN_CASE = re.compile(
    r"\b(?:om|ifall|if|in case)\b (?:[\w']+ ){1,3}?(?:skulle|maste|behover|behovs|andras|kor|krisar|insists?|have to|has to|need\w*|must|should)\b|^if\b"
    r"|\b(?:senare|later on|i efterhand|framover|langre fram|at short notice|hur sent|how late|vet inte an|vet inte annu|don't know yet|inte bestamt|not decided)\b"
)


def _asks_whether(context: Context) -> bool:
    """Whether a change is only asked about, should it be needed: `Går det att byta senare, om jag skulle behöva?`"""
    altering = [context.words(s) for s in context.said if s.weights[Act.ALTER] > 0.3]
    return bool(_IN_CASE.search(context.text.strip())) and bool(altering) and all("?" in words_ for words_ in altering)


def _concerns_us(context: Context) -> bool:
    """Whether anything but a weekday ties a wish to alter something to this event: `Jag måste flytta din klippning`."""
    if context.answers_us or context.thread.registrations or context.named or _tied(context):
        return True
    days = any(m.form not in (Form.WEEKDAY, Form.RELATIVE) for p in context.choice.phrases for m in p.mentions if m.days)
    return days or context.invited_employer or bool(tags_in(context.both) & {"registered", "register", "rename"})


def _asks(context: Context) -> bool:
    """Whether anything is asked beyond the request for a place itself."""
    for sentence in context.said:
        text = context.words(sentence)
        if sentence.p(Act.ASK) > 0.5 and sentence.act is Act.ASK:
            return True
        if (
            "?" in text
            and sentence.p(Act.ATTEND, Act.ALTER, Act.ABSENT) < 0.5
            and not re.search(r"ses\b.{0,12}\?|okej\s?\?|ok\s?\?|okay\s?\?|racker det\?|eller hur|hoppas", text)
        ):
            return True
    return False


def _greets_another(text: str, topic: Topic) -> bool:
    """`Hej Petra!` in a mail to Linda."""
    greeted = re.search(
        r"(?:^|\n)\s*(?:hej|hejsan|hi|hello|dear|basta|kara|god morgon|tjena)\s+([a-z]{3,})\s?[!,.\n]", text[:160]
    )
    return bool(greeted and is_given(greeted[1]) and greeted[1] not in topic.organiser)


@cache
def _held_in() -> re.Pattern[str]:
    gatherings = "|".join(map(re.escape, _heads()))
    return re.compile(
        rf"\b(?:\w*(?:{gatherings}|workshop)\w*|\w+huset|\w+hallen|museet|teatern)\b[^.\n]{{0,30}}?\bi (\w+)"
    )


def _elsewhere(text: str, topic: Topic) -> bool:
    """Whether a day is said to be held in a town where no session is."""
    dated = [text[a:b] for a, b in sentences(text) if re.search(r"\d", text[a:b])]
    return any(place[1] in topic.elsewhere for part in dated for place in _held_in().finditer(part))


def subject_words(letter: Letter) -> str:
    """The subject when the sender wrote it; empty when it is inherited from the mail answered or passed on."""
    if re.match(r"(?i)\s*(?:sv|re|vb|fw|fwd|aw|vs|antw|svar|wg|ang)\s?(?:\[\d+\])?\s?:", letter.subject):
        return ""
    return letter.subject
