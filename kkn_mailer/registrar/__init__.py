"""What a mail leads to: from a `Reading` and what is known already to an `Outcome`. Pure.

A mail that cannot be acted on with certainty becomes a line for the organiser; only a clear one is answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..domain import Decision, Kind, Letter, Outcome, Reading, Registration, Thread
from ..event import Event
from .altering import cancel, change
from .case import Case
from .identity import identifier, line_about, same_name, whole
from .places import freed, has_room, missing_of, settled
from .registering import register
from .states import Cause, transition

__all__ = [
    "MOST_ANSWERS",
    "Cause",
    "decide",
    "freed",
    "has_room",
    "identifier",
    "line_about",
    "missing_of",
    "same_name",
    "settled",
    "transition",
    "whole",
]

MOST_ANSWERS = 5
"""After so many answers in one thread whatever more it needs is the organiser's."""


def decide(
    reading: Reading,
    letter: Letter,
    thread: Thread,
    everyone: Sequence[Registration],
    event: Event,
    removed: Sequence[Registration] = (),
) -> Outcome:
    """Everything that follows from one mail; `everyone` is every registration there is, but those the organiser `removed`."""
    if reading.decision is Decision.IGNORE:
        return Outcome()
    case = Case(reading, letter, thread, everyone, event, removed)
    if reading.decision is Decision.REVIEW:
        return case.review(reading.reason or "Behöver läsas")
    deciders = {Kind.CHANGE: change, Kind.CANCELLATION: cancel}
    outcome = deciders.get(reading.kind, register)(case)
    if outcome.answer and thread.answers >= MOST_ANSWERS:
        line = line_about(letter, f"{MOST_ANSWERS} svar har redan getts i samma tråd")
        outcome = replace(outcome, answer=None, review=line)
    return outcome
