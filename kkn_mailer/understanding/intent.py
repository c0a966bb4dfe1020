"""What the sender wants: the kind of a mail that a human wrote.

Each sentence has been weighed by itself (`acts`); here the mail is weighed as a whole: what its sentences do, how
plainly it is about this event, whether it answers us, and what tells another matter. The signs are named (`signs`), their
weights are data (`data/kinds.json`, learnt by `training/kinds.py` from labelled mails). A kind that is not clearly
likelier than the others is for a person to settle.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..domain import Kind, Letter, Status
from ..folding import fold
from .acts import Act, Said
from .contacts import diet_in, phone_in
from .context import ALTERS, STRANGE, Context
from .linear import learnt, weigh
from .phrasebook import tags_in
from .sessions import WISHED, Form
from .signs import signs
from .text import pattern, phrases, sentences
from .topic import ASKED

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
UNSURE = "Osäkert om avsändaren anmäler sig"
THANKS = re.compile(r"\b(?:tack\w*|thanks?|thank you|ses|see you|perfekt|toppen|super|bra|great)\b")
_HOSTILE = phrases("intent", "hostile")
_DOUBT = phrases("intent", "doubt")
_OF_TITLE = re.compile(r"\b(?:rubrik|amnesrad|subject|heading)[^.!?\n]*")
_HOLD = re.compile(r"\bhall(?:a|er)? (?:\w+ ){0,3}(?:plats\w*|stol\w*)|\bhold (?:\w+ ){0,3}(?:place|seat|spot)s?\b")
_THANKED = re.compile(r"\b(?:tack|tackar|thanks|thank you|thx)\b")
_BY_ANOTHER = pattern("intent", "by_another")
_SHOULD_IT = pattern("intent", "should_it")
_AGAIN = pattern("intent", "comes_again")
SOME_STAY = pattern("absence", "some_stay")
_CLASHES = pattern("intent", "clashes")
_TO_THEM = pattern("intent", "to_them")
_KEEPS = pattern("intent", "keeps")
_DEFERS = pattern("acts", "defers")
_MAY_ALTER = pattern("intent", "may_alter")
_ARRIVED = pattern("intent", "arrived")
_BIDS = pattern("intent", "bids")
_OFFERS = pattern("intent", "offers")
_MEETING = pattern("intent", "meeting")
_CHATS = pattern("intent", "chats")
_NEVER = pattern("substitutes", "never_registered")
_NO_SUBSTITUTE = pattern("substitutes", "no_substitute")
_ELSE = {*STRANGE, "other_event", "thanks"}
"""Matters that a mail about this event is not about."""
_GONE = {"cancel", "not_coming", "registered"}


@dataclass(frozen=True, slots=True)
class Intent:
    """The kind, whether something is asked besides, and why a person should look when it is doubtful."""

    kind: Kind
    question: bool = False
    doubt: str = ""


def classify(context: Context) -> Intent:
    """The kind of a mail by its signs, with what makes it doubtful."""
    if _HOSTILE.search(context.both):
        return Intent(Kind.UNRELATED, doubt="Mejlet försöker styra programmet")
    if context.topic.greets_another(context.both) and not context.answers_us and not context.thread.registrations:
        return Intent(Kind.UNRELATED)
    asks = _asks(context)
    if _adds_nothing(context, asks) or _wants_the_organiser(context):
        return Intent(Kind.UNRELATED)
    if _asks_whether_it_came(context):
        return Intent(Kind.QUESTION, True)
    likely = weigh(signs(context), KINDS, learnt("kinds.json"))
    plain = None if context.thread.registrations and _goes_beside(context, True) else _plain(context)
    kind, sure = _likeliest(context, likely, plain)
    if context.goes_elsewhere and kind in (Kind.UNRELATED, Kind.REGISTRATION):
        return Intent(Kind.UNRELATED)
    if context.goes_elsewhere is None and kind is Kind.REGISTRATION:
        return Intent(Kind.UNRELATED, doubt="Kan vara en anmälan")
    if kind is Kind.REGISTRATION and (intent := _registration(context, sure, plain, asks)):
        return intent
    if kind is Kind.CHANGE and _asks_whether(context):
        return Intent(Kind.QUESTION, True)
    if (kind is Kind.CHANGE and not _concerns_us(context)) or _of_another_meeting(context, kind):
        return Intent(Kind.UNRELATED)
    if kind is Kind.CHANGE and (_registers_only(context, plain) or _NEVER.search(context.text)):
        return Intent(Kind.REGISTRATION, asks)
    if kind in (Kind.CHANGE, Kind.CANCELLATION):
        declines = kind is Kind.CANCELLATION and context.quotes_us and context.most(Act.ABSENT) > CERTAIN
        return Intent(kind, asks, "" if sure >= CLEAR or declines else "Osäkert vad avsändaren vill")
    if kind is Kind.QUESTION:
        return Intent(kind, True, "" if asks else UNSURE)
    if not _may_be_ours(context, likely, plain):
        return Intent(Kind.UNRELATED)
    if asks:
        return Intent(Kind.QUESTION, True, "Kan vara en fråga om evenemanget")
    return Intent(Kind.UNRELATED, doubt="Kan vara en anmälan")


def _likeliest(context: Context, likely: Mapping[Kind, float], plain: Said | None) -> tuple[Kind, float]:
    """The kind that its signs and its thread make likeliest, and how likely that is; `plain` says who comes."""
    kind = max(likely, key=lambda k: likely[k])
    sure = likely[kind]
    if (context.thread.registrations or context.booked) and not context.thread.asked:
        kind, clear = _in_thread(context, kind)
        sure = likely[kind] if clear is None else float(clear)
    if (diet_in(context.text) or phone_in(context.text)) and _BY_ANOTHER.search(context.text):
        return Kind.CHANGE, 1.0
    if kind is Kind.UNRELATED and plain and _tied(context):
        kind = Kind.REGISTRATION
    not_me = plain or any("not_me" in context.tags(s) for s in context.saying(Act.ABSENT))
    if kind is Kind.CANCELLATION and not_me and context.registers and context.others and not _stood_before(context):
        return Kind.REGISTRATION, 1.0  # of others: the sender only tells that she does not come herself
    if kind is Kind.QUESTION and plain:
        asked = sure < CERTAIN and context.tags(plain) & {"register", "request"}
        kind = Kind.REGISTRATION if asked or _answers_in_few_words(context) else kind
    if kind is Kind.REGISTRATION and plain:
        sure = max(likely[kind], SURE)
    instead = kind is Kind.REGISTRATION and any(
        context.names_ours(s) and "instead" in context.tags(s) for s in context.said
    )
    if instead and (stood := _stood(context)) and stood.isdisjoint(context.choice.dates):
        return Kind.CHANGE, 1.0  # `Jag är redan anmäld den 12:e. Skriv upp mig den 14:e i stället.`
    if kind is Kind.CHANGE and _NO_SUBSTITUTE.search(context.text) and tags_in(context.both) & {"cancel", "not_coming"}:
        return Kind.CANCELLATION, 1.0
    one_day = len({p.days for p in context.choice.phrases if not p.foreign}) == 1
    if _strikes(context):
        return Kind.CANCELLATION, 1.0
    answers = not plain and one_day and context.quotes_us and kind in (Kind.UNRELATED, Kind.REGISTRATION)
    if answers and WISHED.search(context.text):
        return Kind.CANCELLATION, 1.0
    gives_up = kind in (Kind.REGISTRATION, Kind.CHANGE, Kind.CANCELLATION) and _drops(context)
    gives_up = gives_up or (kind is Kind.REGISTRATION and _declines(context))
    return (Kind.CANCELLATION, 1.0) if gives_up else (kind, sure)


def _registration(context: Context, sure: float, plain: Said | None, asks: bool) -> Intent | None:
    """A likely registration with what makes it doubtful; None where it is none of ours, or none at all."""
    if _plainly_not_ours(context, sure):
        return None
    if _only_thanks(context):
        return Intent(Kind.UNRELATED) if context.confirmed and not context.adds else None
    if asks and _DEFERS.search(context.text):
        return Intent(Kind.QUESTION, True)
    if _only_perhaps(context) or not _says_so(context):
        perhaps = context.saying(Act.HEDGE) or asks or context.answers_us
        return Intent(Kind.QUESTION, True, UNSURE) if perhaps else None
    if _HOLD.search(context.both) and not (plain and context.others):
        return Intent(Kind.QUESTION, True, "Ber att få en plats hållen")
    doubt = ""
    if _gives_up_unsaid(context):
        doubt = "Oklart vilken dag som avbokas"
    elif _DOUBT.search(_OF_TITLE.sub("", context.both)):
        doubt = "Osäkert om anmälan är menad"
    elif sure < SURE or (sure < CERTAIN and _wordless(context)):
        doubt = "Osäkert vad avsändaren vill"
    elif (sure <= TIED and not _is_ours(context)) or _only_refuses_ours(context):
        doubt = "Osäkert om det gäller evenemanget"
    return Intent(Kind.REGISTRATION, asks, doubt)


def _may_be_ours(context: Context, likely: Mapping[Kind, float], plain: Said | None) -> bool:
    """Whether what is not taken for a registration may still be one, or about one."""
    registers = max(likely, key=lambda k: likely[k]) is Kind.REGISTRATION
    comes = max((s.weights[Act.ATTEND] for s in context.said), default=1.0)
    if likely[Kind.REGISTRATION] > LISTED and comes > (CERTAIN if registers else ALLOWED):
        return True
    if plain and not context.topics & {"private", "money", "sales"}:
        return True
    return _fits(context, likely[Kind.UNRELATED])


def _registers_only(context: Context, plain: Said | None) -> bool:
    """Whether a mail that brings a need or a number has a day of ours, the words of a registration, and none of a change;
    or one that registers alters only another meeting, on a day that is none of ours."""
    if context.thread.registrations:
        return False
    found = tags_in(context.both)
    others = [p for p in context.choice.phrases if p.foreign or not p.days]
    altering = [s for s in context.said if s.weights[Act.ALTER] > 0.3 or context.tags(s) & ALTERS]
    if "register" in found and context.choice.dates and not found & ALTERS:
        return True
    registers = plain and altering and context.tags(plain) & {"register", "request"}
    return bool(registers) and all(any(s.start <= p.start < s.end for p in others) for s in altering)


def _fits(context: Context, foreign: float) -> bool:
    """Whether all that a mail says could be said of this event, by one whom it is for or who comes to a place of it: it
    does something, and nothing in it tells of another matter. A mail of few words seldom tells more."""
    tied = (context.public or (context.she and context.places)) and not _CHATS.search(context.text)
    thanked = context.thread.registrations and _THANKED.search(context.text) and not _asks(context)
    if not tied or thanked or context.answers_another or context.topics & _ELSE:
        return False
    idle = min((s.weights[Act.OTHER] for s in context.said), default=1.0)
    if len(context.text.split()) < 25:
        return idle < 0.95
    return idle < 0.7 and foreign < 0.85 and not context.topic.names_another(context.both)


def _plain(context: Context) -> Said | None:
    """The sentence that says, beyond doubt and by itself, that somebody comes on a day of ours, or to what it answers;
    whatever else a chatty mail is about."""
    brief = _answers_in_few_words(context)
    for s in context.said:
        if (s is not brief and s.weights[Act.ATTEND] < CERTAIN) or "doubt" in context.tags(s):
            continue
        names_ours = bool(context.choice.dates) and context.names_ours(s)
        registers = context.answers_us and "register" in context.tags(s)
        words_, topic = context.words(s), context.topic
        strange = context.strange(s) or topic.names_another(words_) or topic.calls_it_another(words_)
        if (names_ours or registers) and not strange:
            return s
    return None


def _declines(context: Context) -> bool:
    """Whether a reply refuses days and takes none: all there are, or with a plain no."""
    refused = set(context.choice.refused)
    if (
        context.choice.dates
        or context.choice.open
        or not refused
        or not context.answers_us
        or context.lead == Act.ATTEND
    ):
        return False
    return context.most(Act.ABSENT) > CERTAIN or refused.issuperset(s.date for s in context.topic.event.sessions)


def _answers_in_few_words(context: Context) -> Said | None:
    """What picks a day in a reply to the invitation and needs no verb: few words, or what is preferred, `Gällivare,
    obviously!`, `Hellre den 12:e än den 14:e`."""
    if not context.quotes_us or context.confirmed or not context.choice.dates:
        return None
    for s in context.said:
        words_ = context.words(s)
        brief = len(words_.split()) <= 5 and s.weights[Act.ATTEND] >= 0.5
        prefers = "prefer" in tags_in(words_, "polarity") and not WISHED.search(words_)
        if (brief or (prefers and s.p(Act.ATTEND, Act.OTHER) > 0.7)) and context.names_ours(s) and "?" not in words_:
            return s
    return None


def _stood_before(context: Context) -> bool:
    """Whether anything tells of a registration that stands already."""
    return bool(context.booked or "registered" in tags_in(context.both) or _KEEPS.search(context.text))


def _drops(context: Context) -> bool:
    """Whether somebody is given up, or a day refused, beside what only stays as it is: `den 13:e kvarstår`."""
    refused, chosen = set(context.choice.refused), set(context.choice.dates)
    coming = [s for s in context.saying(Act.ATTEND) if "registered" not in context.tags(s)]
    alters = tags_in(context.text) & {"substitute", "instead", "change"}
    if any("register" in context.tags(s) for s in coming) or alters or (not refused and context.most(Act.ABSENT) < 0.5):
        return False
    stood = _stood(context) | context.booked
    if chosen and refused & stood and chosen <= stood:
        return True
    return all(_KEEPS.search(context.words(s)) for s in coming) and bool(_KEEPS.search(context.text))


def _stood(context: Context) -> set[dt.date | None]:
    """The days that a mail says somebody is registered for already."""
    told = [s for s in context.said if "registered" in context.tags(s)]
    return {day for p in context.choice.phrases if any(s.start <= p.start < s.end for s in told) for day in p.days}


def _adds_nothing(context: Context, asks: bool) -> bool:
    """Whether a short reply to a confirmation leaves all as it was: `Toppen, då ses vi!`, `Inlagt i kalendern.`"""
    wants = context.registers or context.adds or context.others or context.choice.refused or asks
    thanks = context.quotes_confirmation or (context.confirmed and THANKS.search(context.text))
    if not thanks or wants or len(context.text.split()) > 25 or context.thread.asked:
        return False
    if ASKED.search(fold(context.letter.quoted)):
        return False
    alters = (
        context.most(Act.ABSENT) > 0.3
        or context.most(Act.ALTER) > 0.3
        or tags_in(context.text) & (ALTERS - {"registered"})
    )
    return not (alters or diet_in(context.text) or phone_in(context.text) or "?" in context.text)


def _wants_the_organiser(context: Context) -> bool:
    """Whether the organiser is to come to the sender, or to buy of her, on whatever day; and nobody comes to the event."""
    if context.named or context.registers or context.thread.registrations:
        return False
    if _OFFERS.search(context.text) and not (context.public or context.answers_us):
        return True
    bids = [s for s in context.said if _BIDS.search(context.words(s))]
    return bool(bids) and (any(map(context.names_ours, bids)) or not _plain(context))


def _asks_whether_it_came(context: Context) -> bool:
    """Whether one who has registered asks whether it was received, and does not do it again."""
    coming = [s for s in context.saying(Act.ATTEND) if "registered" not in context.tags(s)]
    return bool(_ARRIVED.search(context.text)) and not any(map(context.names_ours, coming)) and not context.booked


def _of_another_meeting(context: Context, kind: Kind) -> bool:
    """Whether what is called off or altered is a meeting of the sender's own, or nothing: somebody has left."""
    ours = context.answers_us or context.thread.registrations or context.named
    if ours or kind not in (Kind.CHANGE, Kind.CANCELLATION):
        return False
    days = {m.form for p in context.choice.phrases for m in p.mentions if m.days} - {Form.WEEKDAY, Form.RELATIVE}
    tags = tags_in(context.both)
    if days or tags & {"registered", "register", "rename"}:
        return False
    meeting = (m for s in context.acting for m in _MEETING.finditer(context.words(s)))
    if any(not m["lead"] or not context.topic.knows(m["lead"]) for m in meeting):
        return True
    declines = tags & {"cancel", "not_coming"} or "negative" in tags_in(context.both, "polarity")
    return kind is Kind.CANCELLATION and not context.places and not declines


def _tied(context: Context) -> bool:
    """Whether the sender is one of those whom the event is for."""
    return context.public or context.unit == "ours" or context.staff


def _only_thanks(context: Context) -> bool:
    """`Tack för en fin dag!`: nothing is wanted."""
    if (
        context.registers
        or context.adds
        or context.thread.asked
        or ASKED.search(fold(context.letter.quoted))
        or (context.day_said == Act.ATTEND and not context.confirmed)
    ):
        return False
    past = any("thanks" in context.topic.matters(context.text[a:b]) for a, b in sentences(context.text))
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


def _gives_up_unsaid(context: Context) -> bool:
    """Whether one who has several days says that one is enough, or names days that clash: which she keeps is not sure."""
    chosen, booked = set(context.choice.dates), context.booked
    told = chosen.union(context.choice.refused)
    some = chosen and told < booked and SOME_STAY.search(context.text)
    return bool(booked) and bool(some or (context.unclear and not chosen))


def _in_thread(context: Context, kind: Kind) -> tuple[Kind, bool | None]:
    """The kind of a mail whose sender, or thread, is registered already, and whether that is clear (None: as likely as
    it is): what it does is done to those registrations, so that who comes as before is no news."""
    lead, said_ = context.lead, context.said
    booked = context.booked
    if not context.thread.registrations and kind is Kind.QUESTION:
        return kind, None
    ended = context.thread.registrations and all(r.status is Status.CANCELLED for r in context.thread.registrations)
    if ended and _AGAIN.search(context.text) and not any("not_coming" in context.tags(s) for s in said_):
        return Kind.REGISTRATION, True
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
    refuses = booked.intersection(context.choice.refused) or (named & booked and _CLASHES.search(context.text))
    if coming and refuses and "hedge" not in found:
        return Kind.CHANGE, True  # the day that they have is given up for the one they choose
    if named & booked and not booked.issuperset(named) and (gone > 0.3 or plainly or found & {"moved", "instead"}):
        return Kind.CHANGE, True
    if (coming or context.unclear) and (
        found & {"change", "instead"} or lead == Act.ALTER or context.most(Act.ALTER) > 0.3
    ):
        return Kind.CHANGE, True
    if (
        (gone > 0.5 or plainly)
        and not coming
        and (lead == Act.ABSENT if context.choice.dates else lead != Act.ALTER or plainly)
    ):
        return (Kind.UNRELATED, None) if thanks and not plainly else (Kind.CANCELLATION, plainly)
    if lead == Act.ALTER:
        return Kind.CHANGE, None
    if kind is Kind.REGISTRATION and lead == "none" and not (context.choice.dates or context.lists or context.others):
        return Kind.UNRELATED, None  # in a thread where all is settled a registration says so
    return (Kind.UNRELATED if thanks and lead == "none" else kind), None


def _strikes(context: Context) -> bool:
    """Whether a sentence takes off somebody of the thread by name, and no other says that anybody comes: whom it is
    about makes sure what it does."""
    live = [row for row in context.thread.registrations if row.name and row.status is not Status.CANCELLED]
    names = "|".join({re.escape(first) for row in live for first in fold(row.name or "").split()[:1]})
    if not names or context.choice.dates or context.saying(Act.ATTEND):
        return False
    gone = (context.words(s) for s in context.said if s.weights[Act.ABSENT] > 0.5 or "cancel" in context.tags(s))
    if any("substitute" in context.tags(s) for s in context.said):
        return False
    return any("?" not in words and re.search(rf"\b(?:{names})\b", words) for words in gone)


def _goes_beside(context: Context, registers: bool) -> bool:
    """Whether one who is registered tells of another thing on the day: a table for supper, a collection for a present."""
    beside = {"other_event", "private", "money"}
    dated = [context.topic.matters(context.words(s)) & beside for s in context.said if context.names_ours(s)]
    return bool(dated and all(dated)) or bool(not registers and context.topics & beside)


def _plainly_not_ours(context: Context, sure: float) -> bool:
    """Whether a mail that looks like a registration is one to somebody else: on days that are none of ours, to the
    sender's own event, or of somebody who shows no tie to this one and may only be meeting the organiser."""
    if context.answers_us or context.thread.registrations or context.topic.words.search(context.text):
        return False
    phrases_ = context.choice.phrases
    forms = {m.form for p in phrases_ if not p.foreign for m in p.mentions}
    if context.answers_another and not context.registers and forms <= {Form.WEEKDAY, Form.RELATIVE, Form.MONTH}:
        return True
    if not context.named and any(context.topic.is_elsewhere(context.words(s)) for s in context.saying(Act.ATTEND)):
        return True
    elsewhere = bool(phrases_) and all(p.foreign for p in phrases_)
    if (elsewhere or sure < SURE) and not _is_ours(context):
        return True
    tied = _tied(context) or context.registers
    tied = tied or bool(context.topic.words.search(context.subject))
    return bool(_TO_THEM.search(context.text) and not context.lists) or (not tied and sure < TIED)


def _only_refuses_ours(context: Context) -> bool:
    """Whether one who names no event takes no day of ours and misses one: what she registers for may be anything."""
    ours = context.answers_us or context.thread.registrations or context.named or "invited" in context.topics
    return bool(context.choice.refused) and not (context.choice.dates or context.choice.open or ours)


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


def _asks_whether(context: Context) -> bool:
    """Whether a change is only asked about, should it be needed: `Går det att byta senare, om jag skulle behöva?`"""
    altering = [context.words(s) for s in context.said if s.weights[Act.ALTER] > 0.3]
    if altering and all(map(_MAY_ALTER.search, altering)):
        return True
    return bool(_SHOULD_IT.search(context.text.strip())) and bool(altering) and all("?" in words for words in altering)


def _concerns_us(context: Context) -> bool:
    """Whether anything but a weekday ties a wish to alter something to this event: `Jag måste flytta din klippning`."""
    if context.answers_us or context.thread.registrations or context.named or _tied(context):
        return True
    days = any(
        m.form not in (Form.WEEKDAY, Form.RELATIVE) for p in context.choice.phrases for m in p.mentions if m.days
    )
    return days or context.invited_employer or bool(tags_in(context.both) & {"registered", "register", "rename"})


def _asks(context: Context) -> bool:
    """Whether anything is asked beyond the request for a place itself."""
    for sentence in context.said:
        text = context.words(sentence)
        if _CHATS.search(text):
            continue
        if sentence.p(Act.ASK) > 0.5 and sentence.act is Act.ASK:
            return True
        if (
            "?" in text
            and sentence.p(Act.ATTEND, Act.ALTER, Act.ABSENT) < 0.5
            and not re.search(r"ses\b.{0,12}\?|okej\s?\?|ok\s?\?|okay\s?\?|racker det\?|eller hur|hoppas", text)
        ):
            return True
    return False


def subject_words(letter: Letter) -> str:
    """The subject when the sender wrote it; empty when it is inherited from the mail answered or passed on."""
    if re.match(r"(?i)\s*(?:sv|re|vb|fw|fwd|aw|vs|antw|svar|wg|ang)\s?(?:\[\d+\])?\s?:", letter.subject):
        return ""
    return letter.subject
