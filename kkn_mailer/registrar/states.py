"""The states of a registration, and what takes it from one to the next.

waiting ──► confirmed ◄──► waitlisted      any of them ──► cancelled ──► any of them again
"""

from __future__ import annotations

from enum import StrEnum

from ..domain import Registration, Status


class Cause(StrEnum):
    """What alters a registration."""

    MAIL = "mail"
    HAND = "hand"
    """The organiser's edit of the roster."""
    CLOCK = "clock"
    """A pass of the service, without mail or edit: a session has been given more places."""


_W, _C, _R, _X = Status.WAITING, Status.CONFIRMED, Status.WAITLISTED, Status.CANCELLED
TRANSITIONS: dict[tuple[Status | None, Status], frozenset[Cause]] = {
    (None, _W): frozenset({Cause.MAIL, Cause.HAND}),
    (None, _C): frozenset({Cause.MAIL, Cause.HAND}),
    (None, _R): frozenset({Cause.MAIL, Cause.HAND}),
    (None, _X): frozenset({Cause.HAND}),
    (_W, _C): frozenset({Cause.MAIL, Cause.HAND}),  # what was missing is given
    (_W, _R): frozenset({Cause.MAIL, Cause.HAND}),
    (_W, _X): frozenset({Cause.MAIL, Cause.HAND}),
    (_C, _X): frozenset({Cause.MAIL, Cause.HAND, Cause.CLOCK}),  # by the clock: left for a place waited for
    (_C, _R): frozenset({Cause.HAND}),  # nobody loses a place but by the organiser
    (_C, _W): frozenset({Cause.HAND}),
    (_R, _C): frozenset({Cause.MAIL, Cause.HAND, Cause.CLOCK}),  # a place has become free
    (_R, _X): frozenset({Cause.MAIL, Cause.HAND}),
    (_R, _W): frozenset({Cause.HAND}),
    (_X, _C): frozenset({Cause.MAIL, Cause.HAND}),  # registered again
    (_X, _R): frozenset({Cause.MAIL, Cause.HAND}),
    (_X, _W): frozenset({Cause.MAIL, Cause.HAND}),
}
"""From which state (None: there was no row) to which, and by what."""


class ImpossibleError(Exception):
    """A transition that the table does not have: a mistake in the program, never in a mail."""


def transition(before: Registration | None, after: Registration, cause: Cause, why: str) -> str:
    """What happened in words for the history. Raises `ImpossibleError` for what the table does not allow."""
    old = before.status if before else None
    if old is after.status:
        return why
    if cause not in TRANSITIONS.get((old, after.status), ()):
        raise ImpossibleError(f"{old or 'none'} → {after.status} by {cause}")
    return f"{why}: {old} → {after.status}" if old else f"{why}: {after.status}"
