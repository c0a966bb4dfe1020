"""Understanding: from a `Letter` and the event to a `Reading`. Pure: no clock, no state, nothing read or written."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from ..domain import Decision, Evidence, Kind, Letter, Person, Reading, Strength, Thread
from ..event import OTHER, Event, Language
from ..folding import fold
from ..letter import UNREADABLE
from ..letter.signature import split_signature
from .acts import said
from .automatic import automatic
from .changes import absent, as_people, changed
from .drafts import Tools, evidence_of, finish
from .intent import THANKS, Context, Intent, Topic, classify, subject_words
from .language import language
from .layout import ticked
from .people import Assembler
from .phrasebook import tags_in
from .sessions import Choice
from .text import phrases

__all__ = ["Reader", "read"]

MOST_PEOPLE = 50
"""More than these in one mail are for the organiser to look at."""
MOST_READ = 20_000
"""Characters of subject, own words, signature and forwarded mail that are read; a longer mail is for the organiser."""

_PASS_ON = phrases("intent", "pass_on")
_SEE_SUBJECT = re.compile(
    r"\b(?:se|enligt|as per|see|per|as in|som i|som star i)\s(?:the\s|min\s|my\s)?(?:amne\w*|rubrik\w*|overskrift\w*|subject\w*|heading|title|ovan)\b"
)
_ADD_HER = re.compile(
    r"\b(?:can|could|would|will|kan|kunde|skulle|vill) (?:you|du|ni)\b[^.?!]{0,30}\b(?:add|put|register|sign|book|lagga?|skriva?|anmala?|boka|satta?|fora?)\b[^.?!]*\?"
)
"""`Kan du lägga till henne?`: asks for nothing but that the registration below be taken."""
_COMES_HERSELF = re.compile(
    r"\b(?:jag|i|i'll|i'm|i am|i will)(?! (?:\w+ ){0,3}(?:inte|ej|not)\b) (?:\w+ ){0,2}(?:kommer|hanger|foljer med|deltar|hakar|ar med|come|coming|join\w*|attend\w*)\b(?! (?:\w+ )?(?:inte|ej|not)\b)"
)
"""One who passes on a colleague's registration and says she comes as well."""
_GREETING = re.compile(r"(?i)\A\s*(?:hej|hejsan|hi|hello|dear|tjena)\b[^\n.?]{0,30}\n")
"""To whom a mail that is passed on was written first, which says nothing of to whom it is now."""
_NO_WORD = re.compile(r"[^\W_]{60,}")
"""Longer than any word: keys, hashes, and what is sent to keep a reader busy."""
_ONE_LINE = re.compile(r"^[^\n]*,[^\n]*\d[^\n]*$")
"""A mail of a single line with commas and a number: `Eva Berg, Flens kommun, kultur, 12/2`."""
_ATTACHED = re.compile(r"\b(?:bifog\w*|bilag\w*|bilaga|attached|attachment|i filen|se fil|enclosed)\b")


class Reader:
    """Reads mails for one event."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.tools = Tools.of(event)
        self.topic = Topic(event)

    def read(self, letter: Letter, thread: Thread = Thread()) -> Reading:  # noqa: B008 — frozen and empty
        """What a mail means, with the words that say so; `thread` is what is known of its correspondence."""
        if any(defect.startswith(UNREADABLE) for defect in letter.defects):
            return self._listed(letter, "Kunde inte läsas automatiskt")
        if why := automatic(letter):
            return Reading(
                Kind.AUTOMATIC,
                Decision.IGNORE,
                language=language(letter, self.event),
                evidence=(Evidence(None, "kind", "automatic", why, Strength.HEADER),),
            )
        if len(letter.own) + len(letter.forwarded) + len(letter.subject) + len(letter.signature) > MOST_READ:
            return self._listed(letter, "Mejlet är för långt för att läsas automatiskt")
        return self._read(self._passed_on(letter) or letter, thread)

    def _listed(self, letter: Letter, reason: str) -> Reading:
        """A mail left to the organiser unread."""
        return Reading(Kind.UNRELATED, Decision.REVIEW, language=language(letter, self.event), reason=reason)

    def _passed_on(self, letter: Letter) -> Letter | None:
        """The colleague's own registration in a forward whose sender only passes it on."""
        own = fold(letter.own)
        if (
            not letter.forwarded
            or not letter.forwarded_from
            or self.event.contact_address in letter.forwarded_from.email
            or "?" in _ADD_HER.sub("", own)
        ):
            return None
        if len(own) > 400 or (
            not _PASS_ON.search(own)
            and own.strip()
            and re.search(r"\b(?:anmal(?:er)? (?:mig|oss)|sign me up|jag kommer|skriv upp mig)\b", own)
        ):
            return None
        if _COMES_HERSELF.search(own):
            return None
        elsewhere = {"other_event", "money", "hire"} & tags_in(own, "topic")
        if elsewhere and not self.topic.words.search(own):
            return None
        if len(self.tools.names.mentions(letter.own)) > 1:
            return None
        words, signature = split_signature(letter.forwarded, letter.forwarded_from)
        return replace(
            letter,
            own=_GREETING.sub("", words),
            signature=signature,
            sender=letter.forwarded_from,
            reply_to=None,
            forwarded="",
            subject=re.sub(r"^(?:\w{1,3}:\s*)+", "", letter.subject),
        )

    def _prepared(self, letter: Letter) -> tuple[Letter, str]:
        """The letter with its own words as a person would take them, and the subject its sender wrote."""
        subject = subject_words(letter)
        if subject and (not letter.own.strip() or _SEE_SUBJECT.search(fold(letter.own)[:300])):
            letter = replace(letter, own=f"{subject}.\n{letter.own}".strip())
        if not letter.answers and _ONE_LINE.search(letter.signature) and len(letter.own) <= len(letter.subject) + 1:
            letter = replace(letter, own=f"{letter.own}\n{letter.signature}".strip())
        return replace(letter, own=ticked(_NO_WORD.sub("…", letter.own))), subject

    def context(self, letter: Letter, thread: Thread = Thread()) -> Context:  # noqa: B008 — frozen and empty
        """What the kind of a mail is weighed by."""
        letter, subject = self._prepared(letter)
        return self._context(Assembler(self.tools, letter, subject), thread)

    def _context(self, work: Assembler, thread: Thread) -> Context:
        folded, masks = self.tools.masks(work.subject, work.written)
        return Context(
            work.letter,
            work.folded,
            folded,
            work.said,
            said(folded, [(0, len(folded))], masks, self.tools.acts) if folded.strip() else (),
            work.mail_choice(),
            self.topic,
            thread,
            invited_employer=work.invited(),
            public=work.public(),
            unit={None: "none", OTHER: "other"}.get(work.sender_unit().value, "ours"),
            lists=work.lists(),
            others=work.brings_others(),
            she=work.says_she_comes(),
        )

    def _read(self, letter: Letter, thread: Thread) -> Reading:
        letter, subject = self._prepared(letter)
        work = Assembler(self.tools, letter, subject)
        context = self._context(work, thread)
        intent = classify(context)
        spoken = language(letter, self.event)
        asked = thread.asked or self._asked_in_quote(context, intent)
        if asked and intent.kind in (Kind.UNRELATED, Kind.QUESTION, Kind.REGISTRATION):
            intent = self._answer_to_question(work, intent, context.choice)
        if intent.kind is Kind.REGISTRATION:
            return self._registration(work, context.choice, intent, spoken)
        if intent.kind is Kind.CHANGE:
            return self._change(work, intent, spoken)
        if intent.kind is Kind.CANCELLATION:
            return self._cancellation(work, intent, spoken)
        if intent.kind is Kind.QUESTION:
            return Reading(
                Kind.QUESTION,
                Decision.REVIEW,
                question=True,
                language=spoken,
                reason=intent.doubt or "Fråga om evenemanget",
            )
        decision = Decision.REVIEW if intent.doubt else Decision.IGNORE
        return Reading(Kind.UNRELATED, decision, language=spoken, reason=intent.doubt)

    @staticmethod
    def _asked_in_quote(context: Context, intent: Intent) -> bool:
        """Whether a few words stand above a question of ours, or our invitation, which they can only answer."""
        folded = context.text
        return (
            context.quotes_us
            and not context.letter.forwarded
            and len(folded.split()) <= 12
            and "?" not in folded
            and not THANKS.search(folded)
            and intent.kind is Kind.UNRELATED
        )

    def _answer_to_question(self, work: Assembler, intent: Intent, choice: Choice) -> Intent:
        """A reply to our question is about the registration when it gives anything that a registration has."""
        gives = (
            choice.dates
            or choice.open
            or work.tools.units.mentions(work.folded, line=True)
            or work.tools.employers.mentions(work.folded)
            or work.full_names
        )
        if (
            intent.kind is Kind.REGISTRATION
            or gives
            or re.search(r"\b(?:spelar ingen roll|kvittar|hugget|satt mig|valj|whichever)\b", work.folded)
        ):
            return Intent(Kind.REGISTRATION, intent.question)
        return intent

    def _registration(self, work: Assembler, choice: Choice, intent: Intent, said: Language) -> Reading:
        letter, drafts = work.letter, work.people()
        if self._only_attached(letter, [finish(draft, self.event, complete=True) for draft in drafts]):
            drafts = [replace(work.attached(), dates=choice.dates)]
        people = [finish(draft, self.event, complete=True) for draft in drafts]
        evidence = tuple(item for index, draft in enumerate(drafts) for item in evidence_of(index, draft))
        reason = ""
        decision = Decision.ASK if any(person.missing for person in people) else Decision.CONFIRM
        if self._only_attached(letter, people):
            decision, reason = Decision.REVIEW, "Anmälan finns bara i en bilaga"
        elif len(people) > MOST_PEOPLE:
            decision, reason = Decision.REVIEW, f"{len(people)} personer i ett mejl"
        elif intent.doubt:
            decision, reason = Decision.REVIEW, intent.doubt
        elif decision is Decision.CONFIRM and (names := work.unexplained()):
            decision, reason = Decision.REVIEW, f"Oklart om {', '.join(names)} också anmäls"
        return Reading(Kind.REGISTRATION, decision, intent.question, said, tuple(people), evidence, reason)

    def _only_attached(self, letter: Letter, people: list[Person]) -> bool:
        files = [
            p
            for p in letter.parts
            if p.filename
            and not p.content_type.startswith("image/")
            and p.content_type not in ("application/ms-tnef", "text/calendar")
            and not p.filename.lower().endswith((".vcf", ".p7s", ".asc", ".dat"))
        ]
        return (
            bool(files)
            and bool(_ATTACHED.search(fold(letter.own)) or not letter.own.strip())
            and any(p.missing for p in people)
        )

    def _change(self, work: Assembler, intent: Intent, spoken: Language) -> Reading:
        """The state asked for: the sender's, a colleague's, or the substitute's."""
        drafts, gone, dropped = changed(work)
        people = tuple(replace(person, dropped=dropped, replaces=gone) for person in as_people(drafts, work))
        evidence = tuple(item for index, draft in enumerate(drafts) for item in evidence_of(index, draft))
        decision, reason = (Decision.REVIEW, intent.doubt) if intent.doubt else (Decision.CHANGE, "")
        if not intent.doubt and gone and not people[0].name:
            decision, reason = Decision.REVIEW, "Ersättarens namn saknas"
        return Reading(Kind.CHANGE, decision, intent.question, spoken, people, evidence, reason)

    def _cancellation(self, work: Assembler, intent: Intent, spoken: Language) -> Reading:
        """Who is not coming, and on which days."""
        drafts = absent(work)
        evidence = tuple(item for index, draft in enumerate(drafts) for item in evidence_of(index, draft))
        unclear = not drafts[0].dates and any(not phrase.foreign and phrase.clash for phrase in work.choice.phrases)
        decision, reason = (Decision.REVIEW, "Oklart vilken dag som avbokas") if unclear else (Decision.CANCEL, "")
        if intent.doubt:
            decision, reason = Decision.REVIEW, intent.doubt
        return Reading(Kind.CANCELLATION, decision, intent.question, spoken, as_people(drafts, work), evidence, reason)


@lru_cache(maxsize=4)
def _reader(event: _Held) -> Reader:
    return Reader(event.event)


class _Held:
    """An event held so that a reader can be kept for it."""

    def __init__(self, event: Event) -> None:
        self.event = event

    def __hash__(self) -> int:
        return id(self.event)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.event is self.event


def read(letter: Letter, event: Event, thread: Thread = Thread()) -> Reading:  # noqa: B008 — frozen and empty
    """What a mail means for an event; the readers of the event are built once and kept."""
    return _reader(_Held(event)).read(letter, thread)
