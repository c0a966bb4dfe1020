"""Who is who: names, addresses and ids compared. Pure."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from ..domain import Letter, Registration, Review, Status
from ..folding import fold

EXCERPT = 300
"""Characters of own words shown in `Att hantera`."""
NEAR = 88
"""From this likeness on one name is the other misspelt, where the first name is the same: Eva Londin and Eva Lodin."""
MISSPELT = 75
"""From this likeness (0 to 100) on one name may be the other put right: Hanna Berg and Hannah Bergh."""


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two names are the same but for case, diacritics and hyphens."""
    return bool(one and other) and plain(one) == plain(other)


def plain(name: str | None) -> list[str]:
    return fold(name or "").replace("-", " ").split()


def first(name: str | None) -> str:
    return next(iter(fold(name or "").split()), "")


def full(name: str | None) -> bool:
    """Whether a name has a surname; `Hanna-Karin` is a first name alone."""
    return len((name or "").split()) > 1


def of_one_name(rows: Iterable[Registration]) -> bool:
    """Whether there are rows, and all of one name; one without a name is like no other."""
    return len({tuple((row.name or row.id).casefold().split()) for row in rows}) == 1


def whole(rows: Sequence[Registration], everyone: Iterable[Registration], today: dt.date) -> list[Registration]:
    """Registrations, and whatever else their people still have: an answer about some shows all that holds."""
    ids = {row.id for row in rows}
    return list(rows) + [
        other
        for other in everyone
        if other.id not in ids
        and other.status is not Status.CANCELLED
        and (other.date is None or other.date >= today)
        and any(
            full(row.name)
            and same_name(row.name, other.name)
            and row.municipality == other.municipality
            and (row.municipality or not (row.email and other.email) or row.email == other.email)
            for row in rows
        )
    ]


def akin(one: str | None, other: str | None) -> bool:
    """Whether two names may be one person's: they share a part, or are spelt nearly alike."""
    if set(plain(one)) & set(plain(other)):
        return True
    return bool(one and other) and fuzz.ratio(" ".join(plain(one)), " ".join(plain(other))) >= MISSPELT


def near(one: str | None, other: str | None) -> bool:
    """Whether two full names are spelt so nearly alike, after the same first name, that they are one person's."""
    if not full(one) or not full(other) or first(one) != first(other):
        return False
    return fuzz.ratio(" ".join(plain(one)), " ".join(plain(other))) >= NEAR


def identifier(digest: str, *parts: object) -> str:
    """A short readable id that the same mail gives again: eight characters of base 32."""
    data = "\0".join((digest, *map(str, parts))).encode()
    return base64.b32encode(hashlib.sha256(data).digest())[:8].decode()


def line_about(letter: Letter, reason: str) -> Review:
    """A mail as a line of `Att hantera`."""
    shown = f"{letter.sender.name} <{letter.sender.email}>" if letter.sender.name else letter.sender.email
    words = " ".join((letter.own or letter.forwarded).split())
    excerpt = words if len(words) <= EXCERPT else words[: EXCERPT - 1] + "…"
    return Review(identifier(letter.digest, "review"), letter.received, shown, letter.subject, reason, excerpt)
