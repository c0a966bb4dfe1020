"""What is known of a mail when its kind is weighed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..domain import Letter, Status, Thread
from ..folding import fold
from .acts import Act, Said
from .elsewhere import given_by_another
from .phrasebook import tags_in
from .sessions import Choice
from .text import pattern, sentences
from .topic import Topic

_CONFIRMATION = re.compile(r"bekraft|confirm|din anmalan|du ar anmald|your registration|your booking")
_CONFIRMED = pattern("intent", "confirmed")
_ASKS_MORE = pattern("intent", "asks_more")
ALTERS = {"registered", "change", "instead", "substitute", "rename", "cancel", "not_coming"}
"""Lists of the lexicon of what is said of a registration that stands."""
STRANGE = {"hire", "money", "sales", "private", "hosts", "meeting"}
"""Matters that a sentence which registers somebody is not about."""


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

    @cached_property
    def quotes_confirmation(self) -> bool:
        """Whether it answers a mail of ours, which it quotes, that confirms a registration and asks nothing."""
        quoted = fold(self.letter.quoted)[:1500]
        return bool(not self.subject and _CONFIRMED.search(quoted) and not _ASKS_MORE.search(quoted) and self.quotes_us)

    @property
    def confirmed(self) -> bool:
        """Whether it answers a mail that confirms a registration."""
        return self.quotes_confirmation or (not self.subject and bool(_CONFIRMATION.search(fold(self.letter.subject))))

    @cached_property
    def booked(self) -> set[dt.date | None]:
        """The days that the sender, else anybody in the thread, is registered for, as is known or as an answer of ours
        that is quoted confirms."""
        live = [r for r in self.thread.registrations if r.status is not Status.CANCELLED]
        rows = {r.date for r in [r for r in live if r.email == self.letter.sender.email] or live}
        return rows or (set(self.told()) if self.quotes_confirmation and not self.thread.registrations else set())

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
        return bool(self.topic.matters(self.words(said)) & STRANGE)

    @cached_property
    def day_said(self) -> Act:
        """What the likeliest sentence that names a day or place of this event does."""
        doing = [s for s in self.said if self.names_ours(s)]
        return min(doing, key=lambda s: s.weights[Act.OTHER]).act if doing else Act.OTHER

    @property
    def unclear(self) -> bool:
        """Whether a day of this event is named in ways that do not agree."""
        return any(p.clash and not p.foreign for p in self.choice.phrases)

    @cached_property
    def goes_elsewhere(self) -> bool | None:
        """Whether what somebody registers for is plainly given by another than the organiser; None where it may be."""
        if self.answers_us or self.thread.registrations:
            return False
        registers = [s for s in self.said if s.weights[Act.ATTEND] > 0.1 or "register" in self.tags(s)]
        told = [self.letter.own[s.start : s.end] for s in registers] + [self.letter.subject] * bool(self.subject)
        another = given_by_another(told, self.both, self.topic)
        if another is not None:
            return another
        return not self.choice.dates or "other_event" in self.topics or self.topic.is_elsewhere(self.both) or None

    @cached_property
    def registers(self) -> bool:
        """Whether what says that somebody comes has the words of a registration."""
        return any("register" in self.tags(s) for s in self.saying(Act.ATTEND))

    def words(self, said: Said) -> str:
        return self.text[said.start : said.end]

    def tags(self, said: Said) -> frozenset[str]:
        """The lexicon's lists that a sentence has phrases of."""
        return tags_in(self.words(said))

    @cached_property
    def acting(self) -> list[Said]:
        """The sentences that are likely to do something."""
        return [s for s in self.said if s.weights[Act.OTHER] < 0.5]

    def saying(self, act: Act) -> list[Said]:
        """The sentences that do something."""
        return [s for s in self.said if s.weights[act] > 0.5]

    def most(self, act: Act) -> float:
        """How likely the likeliest sentence does something."""
        return max((s.weights[act] for s in self.said), default=0.0)

    @cached_property
    def lead(self) -> str:
        """What the mail does before all: what its most decided sentence does; a question only where nothing else is."""
        for acts in ((Act.ATTEND, Act.ABSENT, Act.ALTER, Act.HEDGE), (Act.ASK,)):
            weight, act = max(((s.weights[act], act) for s in self.said for act in acts), default=(0.0, Act.OTHER))
            if weight > 0.5:
                return act.value
        return "none"
