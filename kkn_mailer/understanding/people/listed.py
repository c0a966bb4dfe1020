"""The people of a letter that gives them in a table or a form."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...event import OTHER
from ...folding import fold
from ..contacts import denied, diet_in, email_in, phone_in
from ..drafts import NOTHING, Draft, Value
from ..layout import Entry, Layout, in_full
from ..names import is_full
from ..sessions import Choice
from ..text import pattern, sentences, words
from ..units import settle
from .days import words_of
from .herself import Herself

_BETWEEN_NAMES = re.compile(r"\s*(?:[,;/+&]|\b(?:och|samt|and|plus)\b)\s*")
_CLAUSES = re.compile(r"[,;\n]|\b(?:och|samt|and)\b")
_SHORT = 80
"""Characters of what is answered of a diet that are kept as they stand."""
_ME = re.compile(r"\b(?:jag|undertecknad|mig|me|myself|i)\b")

_DITTO = pattern("people", "ditto")


def listed(work: Herself, layout: Layout, sender: Draft) -> list[Draft]:
    """Each entry as a person: the sender's own as the sender, who comes besides where the words around say so."""
    shared = work.tools.choice(_of_all(layout), work.written)
    if not shared.dates and not shared.open:
        shared = work.subject_choice if work.subject_choice.dates else shared
    common = work.common_unit(layout.rest)
    form = len(layout.entries) == 1 and bool(layout.entries[0].fields)
    drafts: list[Draft] = []
    for entry in itertools.chain.from_iterable(_each(work, entry) for entry in _said_again(layout.entries)):
        mine = _is_senders(work, entry, sender) and (form or not _is_other(work, entry, sender))
        draft = _person(work, entry, sender, mine, common)
        if draft.dates is None and entry.name and (told := _said_of(work, entry.name, layout.rest)):
            draft.dates = told.dates
        if draft.dates is None:
            draft.dates, draft.date_words = shared.dates, words_of(shared, layout.rest)
        drafts.append(draft)
    if not any(d.is_sender for d in drafts) and work.comes_too(layout.rest):
        sender.dates, sender.date_words = shared.dates, words_of(shared, layout.rest)
        drafts.insert(0, sender)
    return drafts


def _each(work: Herself, entry: Entry) -> list[Entry]:
    """An entry of several as one each, with what it says of each: `Namn: Kim Ek samt Bo Ros`, `Kost: Kim vegan`."""
    parts = _BETWEEN_NAMES.split(entry.name or "")
    named = [next((m.name for m in work.tools.names.mentions(part, work.titles)), None) for part in parts]
    names = [name or part for name, part in zip(named, parts, strict=True) if name or _ME.fullmatch(fold(part.strip()))]
    if len(parts) < 2 or len(names) < len(parts):
        return [entry]
    me = {name for name in names if _ME.search(fold(name)) or work.is_sender(name)}
    firsts = {name: {fold(name).split()[0], *(["jag"] if name in me else [])} for name in names}
    return [
        Entry(
            name.strip(),
            _of_hers(entry.text, name, firsts),
            {k: _of_hers(v, name, firsts) for k, v in entry.fields.items()},
            perhaps=entry.perhaps,
        )
        for name in names
    ]


def _of_hers(value: str, name: str, firsts: dict[str, set[str]]) -> str:
    """What a value says of one of several: the clauses with a word for her, where it has any one's; else the whole."""
    clauses = [(clause, set(re.findall(r"[a-z-]+", fold(clause)))) for clause in _CLAUSES.split(value)]
    if not any(said & set().union(*firsts.values()) for _, said in clauses):
        return value
    return ", ".join(clause.strip() for clause, said in clauses if said & firsts[name])


def _said_again(entries: Sequence[Entry]) -> Iterator[Entry]:
    """The entries, each field that says `samma`, `d:o` or `as above` with what it stands for."""
    before: dict[str, str] = {}
    for entry in entries:
        again = {key for key, value in entry.fields.items() if key in before and _DITTO.fullmatch(fold(value).strip())}
        fields = entry.fields | {key: before[key] for key in again}
        before |= fields
        yield replace(entry, fields=fields)


def _of_all(layout: Layout) -> str:
    """The prose around a list without the sentences that are about one of those on it."""
    firsts = {fold(entry.name).split()[0] for entry in layout.entries if entry.name}
    folded = fold(layout.rest)
    about = [(a, b) for a, b in sentences(folded) if firsts.isdisjoint(re.findall(r"[a-z-]+", folded[a:b]))]
    return "\n".join(layout.rest[a:b] for a, b in about)


def _said_of(work: Herself, name: str, text: str) -> Choice | None:
    """The day that a sentence around a list gives one of those on it: `Undantaget är Kim, som kommer den 14:e`."""
    folded, first = fold(text), re.escape(fold(name).split()[0])
    for a, b in sentences(folded):
        at = re.search(rf"\b{first}\b", folded[a:b])
        days = work.tools.calendar.mentions(folded[a:b], work.written) if at else []
        if at and len(days) == 1 and len(days[0].days) == 1 and not days[0].foreign:
            refused = work.tools.choice(text[a + at.start() : b], work.written).refused
            only = re.search(r"\b(?:bara|endast|enbart|only)\b", folded[a:b])
            return Choice() if refused and not only else Choice(tuple(days[0].days))
    return None


# ── whose an entry is ─────────────────────────────────────────────────────────────────────────────────────────────


def _is_other(work: Herself, entry: Entry, sender: Draft) -> bool:
    """Whether an entry has the full name of somebody who is not the sender."""
    if not is_full(entry.name) or not sender.name.value:
        return False
    return not work.is_sender(entry.name or "") and not work.tools.names.same(entry.name, sender.name.value)


def _is_senders(work: Herself, entry: Entry, sender: Draft) -> bool:
    """Whether an entry is the sender's: without a name, with hers, or with `jag`."""
    name = entry.name or ""
    if entry.name is None or (_ME.search(fold(f"{name} {entry.text}")) and not is_full(name)):
        return True
    if work.tools.names.same(name, sender.name.value) or work.is_sender(name):
        return True
    return not is_full(name) and fold(name) == fold((sender.name.value or "").split(" ")[0])


# ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────────


def _person(work: Herself, entry: Entry, sender: Draft, mine: bool, common: Value) -> Draft:
    """A person of a table or form: own words first, then what is said of all, then the sender's employer."""
    name, values = work.tools.names.proper(entry.name) if entry.name else None, entry.fields
    if mine and not is_full(name):
        name = sender.name.value
    email, phone = (values.get(key) or entry.text for key in ("email", "phone"))
    draft = Draft(
        name=Value(name, entry.name or ""),
        municipality=_employer(work, entry, sender),
        unit=_unit(work, entry, sender, mine, common),
        email=Value(email_in(email) or (sender.email.value if mine else None)),
        phone=Value(phone_in(phone) or (sender.phone.value if mine else None)),
        diet=_diet(entry),
        is_sender=mine,
    )
    text = in_full(values["date"]) if values.get("date") else entry.text
    choice = work.tools.choice(text, work.written) if text else Choice()
    if choice.phrases and (choice.dates or choice.open or choice.foreign):
        draft.dates, draft.date_words = choice.dates, text
    elif values.get("date", "").strip(" -–?"):
        draft.dates = ()
    return draft


def _diet(entry: Entry) -> Value:
    need = entry.fields.get("diet", "").strip()
    if not need:
        said = f"{entry.text}\n{entry.fields.get('date', '')}"
        return Value(diet_in(said), said)
    none = fold(need).strip(" .!") in words("diet", "none") or denied(need)
    return NOTHING if none else Value(need if len(need) <= _SHORT else diet_in(need) or need, need)


def _unit(work: Herself, entry: Entry, sender: Draft, mine: bool, common: Value) -> Value:
    values = entry.fields
    stated = "\n".join(filter(None, (values.get("title"), values.get("unit"))))
    told = [
        *work.tools.units.mentions(fold(stated), line=True),
        *work.tools.units.mentions(fold(entry.text), line=True),
    ]
    unit = settle(told)
    around = sender.unit if mine and sender.unit.value != OTHER else common
    neutral = bool(told) and not any(m.kinds for m in told)
    if neutral and not mine and not around.value:
        around = work.house_unit
    if unit and not (neutral and (around.value or around.words)):
        return Value(unit, "\n".join(filter(None, (entry.text, stated))))
    if not told and re.search(r"[^\W\d_]{3}", values.get("title", "")):
        return Value(OTHER, values["title"])
    return NOTHING if any(m.kinds for m in told) else sender.unit if mine and not told else around


def _employer(work: Herself, entry: Entry, sender: Draft) -> Value:
    place = entry.fields.get("municipality")
    if place:
        organisation = work.organisation(place, work.letter.sender.domain)
        as_written = place if re.search(r"[^\W\d_]{2}", place) else None
        if found := work.employer_in(place, line=True) or organisation or as_written:
            return Value(found, place)
    session = bool(work.tools.choice(entry.text, work.written).phrases) and "kommun" not in fold(entry.text)
    found = work.employer_in(entry.text, line=not session) or work.employer_in(entry.fields.get("unit", ""), line=True)
    return Value(found, entry.text) if found else sender.municipality
