"""What ties an answer to the mail it answers: the subject of the thread, and the original quoted below.

Everything here is a stranger's words, made into lines of visible text.
"""

from __future__ import annotations

import datetime as dt
import re

from babel.dates import format_date

from ..domain import Letter
from ..event import Event, Language

MOST_QUOTED = 40
"""Lines of the original that are quoted below an answer."""
LOCALE: dict[Language, str] = {"sv": "sv_SE", "en": "en_GB"}
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+")
_PREFIXES = re.compile(r"^(?:(?:sv|re|aw|vb|fw|fwd|vs|antw)\s?(?:\[\d+\])?:\s*)+", re.IGNORECASE)
_LINK = re.compile(r"(?:\b\w+://|\bwww\.)\S*", re.IGNORECASE)


def one_line(text: str) -> str:
    """One line of visible text: a mail's words can never add a header or turn the reading direction.

    What looks like an encoded-word (RFC 2047) would be decoded again in a header, to a line end too.
    """
    return " ".join(_INVISIBLE.sub(" ", text).replace("=?", "= ?").split())


def value(text: str | None) -> str:
    """A value read from a mail, in one line and without what a mail program would make a link of."""
    return one_line(_LINK.sub("", text or ""))


def reply_subject(subject: str, language: Language, event: str) -> str:
    """The subject of the thread with one prefix before it."""
    return f"{'Sv' if language == 'sv' else 'Re'}: {_PREFIXES.sub('', one_line(subject)) or one_line(event)}"


def attribution(letter: Letter, language: Language, event: Event) -> str:
    """The line above a quoted original, in the organiser's time: `Den 7 januari 2020 kl. 09:12 skrev Anna Ek:`."""
    when: dt.datetime = (letter.date or letter.received).astimezone(event.zone)
    who = value(letter.sender.name) or letter.sender.email
    date = format_date(when, "d MMMM y", locale=LOCALE[language])
    return (
        f"Den {date} kl. {when:%H:%M} skrev {who}:" if language == "sv" else f"On {date} at {when:%H:%M}, {who} wrote:"
    )


def original(letter: Letter) -> list[str]:
    """The lines that are quoted; none where the mail had no words of its own."""
    if not letter.own.strip():
        return []
    lines = (letter.own + ("\n\n" + letter.signature if letter.signature else "")).strip().split("\n")
    return [_INVISIBLE.sub(" ", line.replace("\t", "    ")).rstrip()[:400] for line in lines[:MOST_QUOTED]]
