"""Answers typed between quoted lines, said in full: what each means depends on the line above it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from ..domain import Letter
from ..folding import fold
from .acts import Act, said
from .drafts import Tools
from .layout import in_full
from .phrasebook import tags_in
from .sessions import Choice
from .text import pattern, sentences

_NO = re.compile(r"\b(?:inte|ej|nej|kan ej|tyvarr|no|not|can't|nope|hoppar over|avstar)\b")
_YES = pattern("interleaved", "yes")
_WHICH_DAY = re.compile(r"\b(?:dag\w*|datum\w*|tillfalle\w*|nar|days?|dates?|sessions?|when)\b")
_WHERE_AT_WORK = pattern("interleaved", "where_at_work")
_WHO = re.compile(r"\b(?:namn|efternamn|heter|name|surname)\b")


def said_in_full(letter: Letter, tools: Tools) -> Letter:
    """A letter in which what is answered between quoted lines is said in sentences of its own.

    A yes or no under a line with one day is that day; what stands under a question is a day, a place of work or a name
    by what is asked. Answers of any other kind stand as they were written.
    """
    written = tools.written_on(letter)
    signed = set(letter.signature.split("\n"))
    wanted: set[dt.date] = set()
    refused: set[dt.date] = set()
    own, told = letter.own, []
    for above, answer in letter.answers:
        answer = "\n".join(line for line in answer.split("\n") if line not in signed)
        asked, words = fold(above), fold(answer)
        listed = {day for m in tools.calendar.mentions(asked.split("\n")[-1], written) for day in m.days}
        if "?" in answer or "hedge" in tags_in(words):
            continue
        day = Choice()
        if listed or _WHICH_DAY.search(asked) or tools.calendar.mentions(asked, written):
            day = tools.choice(in_full(answer), written)
        if day.dates or day.refused:
            wanted.update(day.dates)
            refused.update(day.refused)
        elif len(listed) == 1 and (yes := _says_yes(answer, tools, written)) is not None:
            (wanted if yes else refused).update(listed)
        elif _WHERE_AT_WORK.search(asked):
            units, places = tools.units.mentions(words, line=True), tools.employers.mentions(words)
            if not units and not places:
                continue
            told.append(f"Jag {'är' if units and units[0].is_title else 'arbetar på'} {answer.rstrip('.')}.")
        elif _WHO.search(asked) and (name := tools.names.line_name(re.split(r"[,.(\n]", answer)[0].strip())):
            told.append(f"Jag heter {name}.")
        else:
            continue
        own = _without(own, answer)
    if wanted := wanted - refused:
        told.insert(0, f"Jag kommer {' och '.join(map(str, sorted(wanted)))}.")
    elif refused:
        told.insert(0, f"Jag kan inte komma {' eller '.join(map(str, sorted(refused)))}.")
    return replace(letter, own="\n\n".join([own, *told]).strip(), answers=()) if told else letter


def _says_yes(answer: str, tools: Tools, written: dt.date) -> bool | None:
    """Whether an answer says that somebody comes, or does not; None where it says neither."""
    words = fold(answer)
    if _NO.search(words):
        return False
    if _YES.search(words):
        return True
    folded, masks = tools.masks(answer, written)
    acts = [s.act for s in said(folded, sentences(folded, answer), masks, tools.acts)]
    return True if Act.ATTEND in acts else False if Act.ABSENT in acts else None


def _without(own: str, answer: str) -> str:
    """A text without the lines of one answer, which blank lines may part; how it is signed below one stays."""
    lines = [re.escape(line) for line in answer.split("\n")]
    at_end = own.rstrip().endswith(answer[answer.rfind("\n") + 1 :])
    kept = (lambda m: "\n\n" + m.group().partition("\n\n")[2]) if at_end else "\n\n"
    return re.sub(r"\s*\n\s*".join(lines), kept, own, count=1)
