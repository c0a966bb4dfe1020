"""The named signs that a mail shows, by which its kind is weighed; their weights are data (`data/kinds.json`)."""

from __future__ import annotations

from collections.abc import Iterator

from .acts import Act
from .contacts import diet_in
from .context import ALTERS, Context
from .phrasebook import tags_in
from .sessions import Form
from .text import sentences

_TAGS = {*ALTERS, "hedge", "ask", "register", "doubt"}
_LEVELS = (0.3, 0.5, 0.7, 0.85)


def signs(context: Context) -> Iterator[str]:
    """Every sign, a day's and a matter's after what the sentences do."""
    both = context.both
    tags = sorted({f"[{tag}]" for a, b in sentences(both) for tag in tags_in(both[a:b]) if tag in _TAGS})
    yield "bias"
    yield from _acts(context)
    yield from _ties(context)
    yield from _days(context)
    yield from _coming(context)
    yield from tags
    if "[registered]" in tags:
        yield f"registered & {context.lead}"
    yield from _matters(context)
    yield from _asking(context)
    yield from _another(context)
    if context.agreed:
        yield "agreed"
    yield f"unit {context.unit}"
    if diet_in(context.text):
        yield f"diet & {context.lead}"
        if "[registered]" in tags:
            yield "diet & registered"
    if context.letter.forwarded:
        yield "forwards"
    if not context.answers_us and not context.subject and context.letter.quoted:
        yield "quotes another"


def _acts(context: Context) -> Iterator[str]:
    """What the sentences do, and the subject."""
    for act in Act:
        if act is Act.OTHER:
            continue
        most = context.most(act)
        yield from (f"{act}>{level}" for level in _LEVELS if most > level)
        heading = max((s.weights[act] for s in context.said_in_subject), default=0.0)
        yield from (f"subject {act}>{level}" for level in _LEVELS[1:3] if heading > level)
    acts = {s.act for s in context.said if s.weights[s.act] > 0.5} - {Act.OTHER}
    yield f"acts {'+'.join(sorted(acts)) or 'none'}"


def _ties(context: Context) -> Iterator[str]:
    """What ties it to this event."""
    forms = _forms(context)
    concern = {
        "answers": context.answers_us,
        "named": context.named,
        "day": bool(forms & {Form.DAY, Form.ORDINAL, Form.ALL, Form.WEEK}),
        "place": bool(forms & {Form.CITY, Form.VENUE}),
        "weekday": Form.WEEKDAY in forms,
        "employer": context.invited_employer,
        "public": context.public,
        "booked": context.confirmed,
    }
    yield from (name if there else f"no {name}" for name, there in concern.items())
    yield "own subject" if context.subject.strip() else "answers another" if context.answers_another else "no subject"


def _forms(context: Context) -> set[Form]:
    """The ways in which it names days of this event."""
    return {m.form for p in context.choice.phrases if not p.foreign for m in p.mentions if m.days}


def _days(context: Context) -> Iterator[str]:
    choice, forms = context.choice, _forms(context)
    if choice.dates:
        yield "chosen"
        yield f"chosen & {context.lead}"
    if forms:
        yield f"day said & {context.day_said}"
    if choice.open:
        yield "open"
    if choice.refused:
        yield "refused"
        yield f"refused & {'chosen' if choice.dates else 'none'}"
    if choice.foreign and not forms:
        yield "another day"


def _coming(context: Context) -> Iterator[str]:
    """Who comes, and whether words of coming say so."""
    if any(s.weights[Act.ATTEND] > 0.6 and "register" in context.tags(s) for s in context.said):
        yield "registers"
    if context.she:
        yield f"she & {context.lead}"
    words = {tag for s in context.saying(Act.ATTEND) for tag in context.tags(s)}
    if context.lead == Act.ATTEND and words.isdisjoint({"register", "presence"}):
        yield "no word of coming"
    if context.lists:
        yield "lists"
    if context.others:
        yield "others"


def _matters(context: Context) -> Iterator[str]:
    """What it is about, by its sentences that do something, by its subject, or beside."""
    acting = {tag for s in context.acting for tag in context.topic.matters(context.words(s))}
    titled = context.topic.matters(context.subject)
    for tag in sorted(context.topics):
        if tag in acting:
            yield f"<{tag}> acting"
        elif tag not in titled:
            yield f"<{tag}> beside & {'none' if context.lead == 'none' else 'acts'}"
        if tag in titled:
            yield f"<{tag}> titled"


def _asking(context: Context) -> Iterator[str]:
    if any("?" in context.both[a:b] for a, b in sentences(context.both)):
        yield "asks"
        yield f"asks & {context.lead}"
    length = len(context.text.split())
    yield "short" if length < 15 else "long" if length > 120 else "middling"


def _another(context: Context) -> Iterator[str]:
    """What tells of another recipient, place or event."""
    topic = context.topic
    if topic.greets_another(context.both):
        yield "greets another"
    if topic.is_elsewhere(context.both):
        yield "elsewhere"
    if topic.names_another(context.subject):
        yield "another titled"
    if any(topic.names_another(context.words(s)) for s in context.acting):
        yield "another acting"
