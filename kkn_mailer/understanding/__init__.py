"""Understanding: from a `Letter` and the event to a `Reading`. Pure: no clock, no state, nothing read or written."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import lru_cache, partial

from ..domain import Address, Decision, Evidence, Kind, Letter, Missing, Person, Reading, Status, Strength, Thread
from ..event import OTHER, Event, Language
from ..folding import fold
from ..letter import UNREADABLE
from ..letter.quoting import separate
from ..letter.signature import split_signature
from .absence import absent, of_those, unclear_day
from .acts import Act, said
from .automatic import automatic
from .changes import as_people, changed, together
from .contacts import diet_in
from .context import Context
from .drafts import Draft, Tools, Value, evidence_of, finish
from .intent import THANKS, UNSURE, Intent, classify, subject_words
from .interleaved import said_in_full
from .language import language
from .layout import first_names_first, label_of, ticked
from .names import NameMention, is_full
from .people import Assembler
from .people.sentences import same
from .perhaps import hanging, unsure
from .phrasebook import tags_in
from .sessions import Choice, Form
from .substitutes import PASSED_ON, everyone, handed_over, in_whose_place, is_replaced, substitute, takes_over
from .text import pattern
from .topic import ASKED, Topic
from .units import UnitMention, settle

__all__ = ["Reader", "read"]

MOST_PEOPLE = 50
"""More than these in one mail are for the organiser to look at."""
MOST_READ = 20_000
"""Characters of subject, own words, signature and forwarded mail that are read; a longer mail is for the organiser."""

_GREETING = re.compile(
    r"\s*(?:hej\w*|hi|hello|dear|bästa|käre?a?|tjena|hallå|god ?morgon|morr?n)(?: (?!all)[^\W\d_]+)?(?: [A-ZÅÄÖÉ][\w-]+)?\s*[,.!:\n]+",
    re.I,
)
"""Whom a forwarded mail greets is whoever passes it on."""
_TO_ALL = re.compile(r"(?:\w+ )?(?:alla|all|everyone|everybody|kolle[gr]\w+|colleagues)\b", re.I)
_OF_HERSELF = re.compile(r"\b(?:[Jj]ag|[Ss]jälv|I|[Mm]yself)\b")
_QUOTE = re.compile(r"[\"“”»«](?P<words>[^\"“”»«]{20,1500})[\"“”»«]")
_RELAYS = pattern("people", "relays")
_THEIR_MAIL = pattern("reading", "their_mail")
_MAY_BE_ANOTHERS = "Kan vara en vidarebefordrad anmälan"
_FORBIDS = re.compile(r"\b(?:far inte|far ej|ej godkan\w*|inte godkan\w*|may not|not allowed|not approved)\b")
_NOT = re.compile(r"\b(?:inte|ej|not|can't|cannot|won't)\b")
_I_COME = re.compile(r"\b(?:[Jj]ag|[Ss]jälv|[Mm][ie]g|I|[Mm]e|[Mm]yself|[Vv]i|[Ww]e|[Oo]ss|[Uu]s)\b")
_SEE_SUBJECT = pattern("reading", "see_subject")
_NO_WORD = re.compile(r"[^\W_]{60,}")
"""Longer than any word: keys, hashes, and what is sent to keep a reader busy."""
_ONE_LINE = re.compile(r"^[^\n]*(?:,[^\n]*\d|\w[.!] [A-ZÅÄÖ/])[^\n]*$")
"""A mail of a single line with commas and a number or two sentences: `Eva Berg, Flens kommun, kultur, 12/2`."""
_SENT_ALONG = pattern("reading", "sent_along")
_SAME_DAY = pattern("reading", "same_day")
_PICTURED = pattern("reading", "pictured")
_LISTED = pattern("reading", "listed")
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
        quoting = self._quoting(letter)
        passed = self._passed_on(quoting, thread)
        writer = quoting.forwarded_from if quoting is not letter else None
        if passed and writer and not any(p.name == writer.name for p in passed.people):
            passed = None
        reading = passed or self._read(letter, thread)
        lost = quoting is not letter and not passed and reading.decision is Decision.CONFIRM
        return replace(reading, decision=Decision.REVIEW, reason=_MAY_BE_ANOTHERS) if lost else reading

    def _quoting(self, letter: Letter) -> Letter:
        """A letter whose sender quotes a colleague's words or, under any subject, her mail, as one that passes it on."""
        passes = letter.quoted and not letter.forwarded and _THEIR_MAIL.search(fold(letter.own))
        below = separate(letter.quoted, "Fwd:") if passes else None
        ours = {one.email for one in (letter.sender, *letter.to, *letter.cc)}
        if below and below.forwarded_from and below.forwarded_from.email not in ours:
            return replace(letter, quoted=below.quoted, forwarded=below.forwarded, forwarded_from=below.forwarded_from)
        quote = None if letter.forwarded else _QUOTE.search(letter.own)
        if not quote or not _OF_HERSELF.search(quote["words"]):
            return letter
        around = f"{letter.own[: quote.start()]}…{letter.own[quote.end() :]}"
        named = self.tools.names.mentions(quote["words"])[-1:] or self.tools.names.mentions(around)
        others = [m.name for m in named if not self.tools.names.fits(m.name, self.tools.names.tokens_of(letter.sender))]
        if len(others) != 1 or not _RELAYS.search(fold(letter.own[: quote.start()])):
            return letter
        writer = Address(others[0], f"@{letter.sender.domain}")
        return replace(letter, own=around.strip(), forwarded=quote["words"], forwarded_from=writer)

    def _listed(self, letter: Letter, reason: str) -> Reading:
        """A mail left to the organiser unread."""
        return Reading(Kind.UNRELATED, Decision.REVIEW, language=language(letter, self.event), reason=reason)

    def _passed_on(self, letter: Letter, thread: Thread) -> Reading | None:
        """A colleague's own mail read as if she had sent it, where the sender only passes it on; None for any other.

        The sender's own words may add (herself, a question) or forbid, and what they say of themselves they keep saying.
        """
        first, forwarder = letter.forwarded_from, fold(letter.own)
        if not letter.forwarded or not first or self.event.contact_address in first.email:
            return None
        if "other_event" in tags_in(forwarder, "topic") and not self.topic.words.search(forwarder):
            return None
        written = self._work(_forwarded(letter, first))
        below = self._context(written, thread)
        passed = self._meaning(written, below, thread)
        if passed.kind in (Kind.UNRELATED, Kind.QUESTION) or not self._registers_its_writer(below):
            return None
        work = self._work(replace(letter, forwarded=""))
        context = self._context(work, thread)
        kind = classify(context).kind
        diet = diet_in(letter.own) if len(passed.people) == 1 else None
        named = (p for p in passed.people if p.is_sender or fold(p.name or "") not in work.tokens)  # not who is greeted
        people = [self._told_of(work, replace(p, is_sender=False, diet=p.diet or diet)) for p in named]
        added = self._added(work, people) if passed.kind is Kind.REGISTRATION else []
        stands = (
            not passed.reason
            and (self._of_the_event(below) or (not added and self._of_the_event(context)))
            and self._only_passes_on(context, kind)
            and (kind is not Kind.UNRELATED or len(added) < 2)
        )
        if not stands or (passed.kind is not Kind.REGISTRATION and kind is not Kind.UNRELATED):
            above = self._read(letter, thread)
            unsaid = above.decision is Decision.IGNORE and passed.kind is Kind.REGISTRATION
            return self._listed(letter, _MAY_BE_ANOTHERS) if unsaid else above
        decision, reason = passed.decision, ""
        if decision is Decision.ASK and not any(person.missing for person in people):
            decision = Decision.CONFIRM
        told = set(context.choice.dates)
        if context.saying(Act.HEDGE) or (told and not added and told != {day for p in people for day in p.dates}):
            decision, reason = Decision.REVIEW, "Oklart vad den som vidarebefordrar vill"
        elif decision is Decision.CONFIRM and any(person.missing for person in added):
            decision = Decision.ASK
        asks = any(s.act is Act.ASK for s in context.said)
        return replace(passed, people=(*people, *added), question=asks, decision=decision, reason=reason)

    @staticmethod
    def _told_of(work: Assembler, person: Person) -> Person:
        """One whose mail is passed on, with the unit or title that the words above it give her."""
        told = [f.what for f in work.unit_facts if any(same(owner, person.name or "") for owner in f.owners)]
        unit = settle([m for m in told if isinstance(m, UnitMention) and (m.kinds or not person.unit)])
        return replace(person, unit=unit, missing=tuple(set(person.missing) - {Missing.UNIT})) if unit else person

    @staticmethod
    def _registers_its_writer(context: Context) -> bool:
        """Whether a mail that was passed on is no circular or invitation, and on no other days than the event's."""
        if _TO_ALL.match(context.letter.own):
            return False
        asks = any(s.act is Act.ASK for s in context.said)
        says = any(_I_COME.search(context.letter.own[s.start : s.end]) for s in context.saying(Act.ATTEND))
        return (says or not asks) and not (context.choice.foreign and not context.choice.dates)

    @staticmethod
    def _of_the_event(context: Context) -> bool:
        """Whether words between colleagues are about the event: they name it or a place of it, or register."""
        places = any(m.form in (Form.CITY, Form.VENUE) for p in context.choice.phrases for m in p.mentions)
        return context.named or places or any("register" in context.tags(s) for s in context.said)

    @staticmethod
    def _only_passes_on(context: Context, kind: Kind) -> bool:
        """Whether the words above a forwarded mail let it stand: they say of nobody but their writer that she stays
        away, and ask nothing where they do not call it a registration."""
        for sentence in context.said:
            words = context.letter.own[sentence.start : sentence.end]
            tags = context.tags(sentence)
            stays = sentence.weights[Act.ABSENT] > 0.3 and ("pass_on" not in tags or tags & {"cancel", "not_coming"})
            if stays and not _OF_HERSELF.search(words) and not diet_in(words):
                return False
        calls = any("register" in context.tags(s) and "?" not in context.words(s) for s in context.said)
        return (kind is not Kind.QUESTION or calls) and not _FORBIDS.search(context.text)

    def _added(self, work: Assembler, passed: list[Person]) -> list[Person]:
        """Those whom the words above a forwarded registration add to it: the sender, where she says so, and others."""
        told = [work.own[s.start : s.end] for s in work.said if s.p(Act.ATTEND) > 0.5]
        herself = any(_I_COME.search(words) and not _NOT.search(fold(words)) for words in told)
        herself = herself and work.says_she_comes() and not work.stays_away()
        known = {part for person in passed for part in fold(person.name or "").split()}
        days = {person.dates for person in passed}
        counted = work.nameless is not None and work.nameless.count == len(passed)
        added = []
        for draft in work.people():
            name = set(fold(draft.name.value or "").split())
            name |= {part.removesuffix("s") for part in name}
            if not (herself if draft.is_sender else name or (work.nameless and not counted)) or name & known:
                continue
            if not draft.dates and len(days) == 1 and not work.choice.phrases:
                draft.dates = next(iter(days))
            added.append(finish(draft, self.event, complete=True))
        return added

    def _prepared(self, letter: Letter) -> tuple[Letter, str]:
        """The letter with its own words as a person would take them, and the subject its sender wrote."""
        if letter.answers and self._quotes_the_event(letter):
            letter = said_in_full(letter, self.tools)
        subject = subject_words(letter)
        if subject and (not letter.own.strip() or _SEE_SUBJECT.search(fold(letter.own)[:300])):
            letter = replace(letter, own=f"{subject}.\n\n{letter.own}".strip())
        line = letter.signature.split("\n\n")[0]
        if not letter.answers and _ONE_LINE.search(line) and len(letter.own) <= len(letter.subject) + 1:
            letter = replace(letter, own=f"{letter.own}\n{line}".strip())
        return replace(letter, own=first_names_first(ticked(_NO_WORD.sub("…", letter.own)), self.tools.names)), subject

    def _quotes_the_event(self, letter: Letter) -> bool:
        """Whether what is answered names the event or two of its days, or is a form: not any mail of ours asks about it."""
        quoted = fold(letter.quoted)
        days = {day for m in self.tools.days(quoted, self.tools.written_on(letter)) for day in m.days}
        named = self.topic.words.search(f"{fold(letter.subject)}\n{quoted}")
        return bool(named) or len(days) > 1 or len({*map(label_of, dict(letter.answers))} - {None}) > 2

    def _told(self, work: Assembler) -> frozenset[dt.date]:
        """The days that what is answered names, in its subject or its text."""
        answered = f"{'' if work.subject else work.letter.subject}\n\n{work.letter.quoted}"[:2000]
        return frozenset(day for p in self.tools.choice(answered, work.written).phrases for day in p.days)

    def context(self, letter: Letter, thread: Thread = Thread()) -> Context:  # noqa: B008 — frozen and empty
        """What the kind of a mail is weighed by."""
        return self._context(self._work(letter), thread)

    def _work(self, letter: Letter, thread: Thread = Thread()) -> Assembler:  # noqa: B008 — frozen and empty
        names = dict.fromkeys(row.name for row in thread.registrations if row.name)
        return Assembler(self.tools, *self._prepared(letter), tuple(names))

    def _context(self, work: Assembler, thread: Thread) -> Context:
        folded, masks = self.tools.masks(work.subject, work.written)
        return Context(
            work.letter,
            work.folded,
            folded,
            work.said,
            said(folded, [(0, len(folded))], masks, self.tools.acts) if folded.strip() else (),
            work.mail_choice(),
            partial(self._told, work),
            self.topic,
            thread,
            invited_employer=work.invited(),
            public=work.public(),
            unit={None: "none", OTHER: "other"}.get(work.sender_unit.value, "ours"),
            staff=any(isinstance(f.what, UnitMention) and f.what.kinds - {OTHER} for f in work.unit_facts),
            lists=work.lists(),
            others=work.brings_others(),
            she=work.says_she_comes(),
        )

    def _read(self, letter: Letter, thread: Thread) -> Reading:
        work = self._work(letter, thread)
        return self._meaning(work, self._context(work, thread), thread)

    def _meaning(self, work: Assembler, context: Context, thread: Thread) -> Reading:
        intent = classify(context)
        spoken = work.language
        asked = thread.asked or (not thread.registrations and self._asked_in_quote(context, intent))
        declined = intent.kind is Kind.CANCELLATION and Missing.UNIT in thread.asked and not context.choice.phrases
        neither = declined and work.sender_unit.value  # of our units, not of our days
        if asked and (neither or intent.kind in (Kind.UNRELATED, Kind.QUESTION, Kind.REGISTRATION)):
            intent = self._answer_to_question(work, intent, context.choice)
        if intent.kind is Kind.UNRELATED and context.public and self._only_attached(work.letter, []):
            intent = Intent(Kind.REGISTRATION)
        passes = intent.kind is Kind.REGISTRATION and (takes_over(work) or PASSED_ON.search(work.folded))
        if passes or (intent.kind is Kind.CANCELLATION and is_replaced(work)):
            intent = replace(intent, kind=Kind.CHANGE)
        if not asked and self._says_of_one_registered(work, intent, thread):
            intent = Intent(Kind.CHANGE, intent.question)
        stood = intent.kind is Kind.REGISTRATION and any(
            r.email == work.letter.sender.email for r in thread.registrations
        )
        if intent.kind in (Kind.CANCELLATION, Kind.CHANGE) or stood:
            intent = Intent(Kind.CHANGE, intent.question) if handed_over(work, [*everyone(work)]) else intent
        if intent.kind is Kind.REGISTRATION:
            return self._registration(work, context.choice, intent, spoken, thread)
        if intent.kind is Kind.CHANGE:
            return self._change(work, intent, spoken, () if thread.registrations else context.booked)
        if intent.kind is Kind.CANCELLATION:
            return self._cancellation(work, intent, spoken, thread)
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
    def _says_of_one_registered(work: Assembler, intent: Intent, thread: Thread) -> bool:
        """Whether a mail in a thread gives a place there to somebody it names in full, or tells the right surname of one
        who has it: that is a change however its sentences weigh."""
        if not any(row.status is not Status.CANCELLED for row in thread.registrations):
            return False
        if intent.kind in (Kind.CANCELLATION, Kind.CHANGE) and (found := substitute(work)):
            return is_full(found[0].name.value) and found[0].name.value not in work.registered
        doubtful = bool(intent.doubt) or intent.kind not in (Kind.REGISTRATION, Kind.CANCELLATION)
        return work.put_right is not None and not work.choice.dates and (doubtful or not work.put_right_in_full)

    @staticmethod
    def _asked_in_quote(context: Context, intent: Intent) -> bool:
        """Whether a few words stand above a question of ours, or our invitation, which they can only answer."""
        folded = context.text
        return (
            context.quotes_us
            and not context.quotes_confirmation
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
            or work.put_right
        )
        if not gives and THANKS.search(work.folded) and len(work.folded.split()) < 12 and not intent.question:
            return Intent(Kind.UNRELATED)
        if (
            intent.kind is Kind.REGISTRATION
            or gives
            or re.search(r"\b(?:spelar ingen roll|kvittar|hugget|satt mig|valj|whichever)\b", work.folded)
        ):
            return Intent(Kind.REGISTRATION, intent.question)
        return intent

    def _registration(self, work: Assembler, choice: Choice, intent: Intent, said: Language, thread: Thread) -> Reading:
        letter, drafts = work.letter, work.people()
        if thread.asked:
            drafts += self._asked_about(work, thread, drafts)
        elif of := self._asked_of(work):
            known = [draft for draft in drafts if not draft.is_sender or _I_COME.search(work.own)]
            drafts = [*known, *(replace(work.colleague(m, work.sender(), Value(None)), dates=choice.dates) for m in of)]
        if gone := in_whose_place(work):
            drafts = [draft for draft in drafts if draft.name.value != gone]
        if same_day := self._same_day(work, choice, thread):
            drafts = [draft for draft in drafts if fold(draft.name.value or "") not in work.known]  # `som Kim`
            for draft in drafts:
                draft.dates = (same_day,)
        if self._only_attached(letter, [finish(draft, self.event, complete=True) for draft in drafts]):
            drafts = [replace(work.attached(), dates=choice.dates)]
        perhaps, hung = unsure(work, [d.name.value for d in drafts if d.name.value]), hanging(work)
        if hung and not perhaps and not thread.asked and all(s in hung for s in work.said if s.p(Act.ATTEND) > 0.5):
            return Reading(Kind.QUESTION, Decision.REVIEW, True, said, reason=UNSURE)
        herself = [name for name in perhaps if work.is_sender(name)]
        drafts = [d for d in drafts if herself or not any(same(d.name.value or "", name) for name in perhaps)]
        people = [finish(draft, self.event, complete=True) for draft in drafts]
        if len(people) == 1 and people[0].is_sender:
            people = [replace(people[0], dropped=tuple(sorted(set(choice.refused) - set(people[0].dates))))]
        evidence = tuple(item for index, draft in enumerate(drafts) for item in evidence_of(index, draft))
        reason = ""
        decision = Decision.ASK if any(person.missing for person in people) else Decision.CONFIRM
        if self._only_attached(letter, people):
            decision, reason = Decision.REVIEW, "Anmälan finns bara i en bilaga"
        elif len(people) > MOST_PEOPLE:
            decision, reason = Decision.REVIEW, f"{len(people)} personer i ett mejl"
        elif perhaps and not herself:
            decision, reason = Decision.REVIEW, f"Oklart om {', '.join(perhaps)} också anmäls"
        elif intent.doubt or herself or hung:
            decision, reason = Decision.REVIEW, UNSURE if herself or hung else intent.doubt
        elif decision is Decision.CONFIRM and (names := sorted({*work.unexplained()} - {d.name.value for d in drafts})):
            decision, reason = Decision.REVIEW, f"Oklart om {', '.join(names)} också anmäls"
        return Reading(Kind.REGISTRATION, decision, intent.question, said, tuple(people), evidence, reason)

    @staticmethod
    def _same_day(work: Assembler, choice: Choice, thread: Thread) -> dt.date | None:
        """The day that `samma dag som …` stands for in a thread: that of those named with it, else the sender's own, else
        of all; a day told only by its rank (`det andra mötet`) is no other."""
        told = _SAME_DAY.search(work.folded)
        if not told or any(m.form is not Form.ORDINAL for p in choice.phrases for m in p.mentions):
            return None
        rows = [row for row in thread.registrations if row.date]
        rows = [row for row in rows if row.status is not Status.CANCELLED] or rows
        beside = work.folded[told.end() : told.end() + 40]
        named = [
            row for row in rows if re.search(rf"\b{re.escape((fold(row.name or '').split() or ['?'])[0])}\b", beside)
        ]
        days = {row.date for row in named or [r for r in rows if r.email == work.letter.sender.email] or rows}
        return days.pop() if len(days) == 1 else None

    def _asked_of(self, work: Assembler) -> list[NameMention]:
        """Those named in full whom a question of ours that is answered asks about by name, where the sender is not one."""
        quoted = work.letter.quoted
        asked = {m.name for m in self.tools.names.mentions(quoted)} if ASKED.search(fold(quoted)) else set()
        if any(map(work.same_person, asked)):
            return []
        known = {m.name for m in work.colleagues}
        return list({m.name: m for m in reversed(work.full_names) if m.name in asked - known}.values())

    @staticmethod
    def _asked_about(work: Assembler, thread: Thread, drafts: Sequence[Draft]) -> list[Draft]:
        """Those named in a reply to a question of ours who are no drafts yet: people we have asked about, and, where
        names are what was asked for, others."""
        named = {part for draft in drafts if not draft.is_sender for part in fold(draft.name.value or "").split()}
        alone = Missing.NAME in thread.asked and not named
        found: list[Draft] = []
        for mention in sorted(everyone(work), key=lambda m: fold(m.name).split()[0] not in work.known):
            parts = set(fold(mention.name).split())
            if not parts <= named and ((alone and " " in mention.name) or parts & work.known):
                found.append(work.colleague(mention, work.sender(), Value(None)))
                named |= parts
        return found

    def _only_attached(self, letter: Letter, people: list[Person]) -> bool:
        if not any(part.filename for part in letter.parts):
            return False
        told = fold(letter.own)
        shown = bool(_PICTURED.search(told) and _LISTED.search(told))
        files = [
            p
            for p in letter.parts
            if p.filename
            and (shown or not p.content_type.startswith("image/"))
            and p.content_type not in ("application/ms-tnef", "text/calendar")
            and not p.filename.lower().endswith((".vcf", ".p7s", ".asc", ".dat"))
        ]
        return (
            bool(files)
            and bool(shown or _ATTACHED.search(told) or not told.strip())
            and (shown or any(p.missing for p in people) or bool(_SENT_ALONG.search(told)))
        )

    def _change(self, work: Assembler, intent: Intent, spoken: Language, booked: Collection[dt.date | None]) -> Reading:
        """The state asked for: the sender's, a colleague's, or the substitute's."""
        drafts, gone, dropped = changed(work, {day for day in booked if day})
        people = tuple(replace(person, dropped=dropped, replaces=gone) for person in as_people(drafts, work))
        both = together(work, people)
        evidence = tuple(item for index, draft in enumerate(drafts) for item in evidence_of(index, draft))
        decision, reason = (Decision.REVIEW, intent.doubt) if intent.doubt else (Decision.CHANGE, "")
        if not intent.doubt and gone and not people[0].name:
            decision, reason = Decision.REVIEW, "Ersättarens namn saknas"
        return Reading(Kind.CHANGE, decision, intent.question, spoken, people, evidence, reason, both)

    def _cancellation(self, work: Assembler, intent: Intent, spoken: Language, thread: Thread) -> Reading:
        """Who is not coming, and on which days."""
        drafts = absent(work)
        days = [of_those(work, draft, thread.registrations) for draft in drafts]
        for draft, those in zip(drafts, days, strict=True):
            draft.dates = those or ()
        evidence = tuple(item for index, draft in enumerate(drafts) for item in evidence_of(index, draft))
        unclear = None in days or (not drafts[0].dates and not thread.registrations and unclear_day(work))
        decision, reason = (Decision.REVIEW, "Oklart vilken dag som avbokas") if unclear else (Decision.CANCEL, "")
        if intent.doubt:
            decision, reason = Decision.REVIEW, intent.doubt
        people = as_people(drafts, work)
        both = together(work, people)
        return Reading(Kind.CANCELLATION, decision, intent.question, spoken, people, evidence, reason, both)


def _forwarded(letter: Letter, writer: Address) -> Letter:
    """The mail that a letter passes on, as its writer sent it."""
    words, signature = split_signature(letter.forwarded, writer)
    return replace(
        letter,
        own=_GREETING.sub("", words, count=1),
        signature=signature,
        sender=writer,
        reply_to=None,
        forwarded="",
        subject=re.sub(r"^(?:\w{1,3}:\s*)+", "", letter.subject),
    )


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
