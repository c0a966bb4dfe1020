"""Sending what the journal holds: over one connection a pass, each answer to each recipient once.

What is refused for the time being is tried again, ever more seldom; what is refused for good, or for days, is told to
the organiser. As long as the server or our own address is what fails, everything waits.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType

import structlog

from .config import Settings
from .domain import Review
from .drafts import Drafts
from .event import Event
from .journal import Journal, Outgoing
from .outbox import MessageError, Outbox, OutboxError, Refusal
from .registrar import identifier
from .renewing import Renewer

log = structlog.get_logger()
QUICK_TRIES = 10
"""How often an answer that is refused for the time being is tried with every pass; then ever more seldom."""
GIVE_UP = 60, dt.timedelta(days=4)
"""After so many tries and so long an answer that is refused for the time being is given up (RFC 5321 section 4.5.4.1)."""
_CODES = re.compile(r"\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?")
"""The reply code and enhanced status code of an answer by SMTP (RFC 2034): its words may tell the address."""


def is_due(tries: int, age: dt.timedelta) -> bool:
    """Whether an answer of that age, tried so often, is to be tried again."""
    return tries <= QUICK_TRIES or age >= dt.timedelta(minutes=(tries - QUICK_TRIES) ** 2)


@dataclass
class Sending:
    """The answers of one pass; a context manager whose connection is opened when there is something to send."""

    event: Event
    settings: Settings
    journal: Journal
    drafts: Drafts
    renewer: Renewer
    stop: threading.Event
    problems: list[str]
    sent: int = 0
    _opened: ExitStack = field(default_factory=ExitStack)
    _outbox: Outbox | None = None
    _down: bool = False

    def __enter__(self) -> Sending:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def send(self, now: dt.datetime, new: bool = False) -> None:
        """Hand over every unsent answer that is due, but drafts; of those that are `new` only, which have not been tried.

        Nothing more is tried in this pass once the server is away or takes nothing from us.
        """
        if self._down:
            return
        self.renewer.renew(now)
        due = [
            message
            for message in self.journal.unsent()
            if not self.drafts.holds(message)
            and not message.stale  # it could not be written anew, or has just now become so
            and (message.tries == 0 if new else is_due(message.tries, now - message.created))
        ]
        due.sort(key=lambda message: message.tries)  # none that fails keeps the others waiting
        for number, message in enumerate(due):
            if self._down or (number and self.stop.is_set()):
                return
            self._hand(message, now)

    def _hand(self, message: Outgoing, now: dt.datetime) -> None:
        try:
            if self._outbox is None:
                self._outbox = self._opened.enter_context(Outbox(self.settings.smtp))
            refused = self._outbox.send(message.raw, self.event.contact_address, message.left)
        except MessageError as error:
            self._down = error.lost
            problem = f"SMTP {self.settings.smtp.host}: {error}; it is tried again"
            refused = [Refusal(address, str(error), True) for address in message.left]
            self._handed(message, refused, "kunde inte skickas", problem, now)
        except OutboxError as error:
            self._down = True
            self.problems.append(str(error))
        else:
            codes = ", ".join(code[0] if (code := _CODES.match(each.said)) else "address" for each in refused)
            problem = f"an answer was refused for the time being ({codes}); it is tried again"
            self._handed(message, refused, "kom inte fram", problem, now)

    def _handed(
        self, message: Outgoing, refused: Sequence[Refusal], failed: str, problem: str, now: dt.datetime
    ) -> None:
        """The server has taken a message for all but those who are refused: they wait, or it is told that it `failed`."""
        identity, said = message.message_id, "; ".join(each.said for each in refused)
        tries, time = GIVE_UP
        again = message.tries + 1 < tries or now - message.created < time
        if again and any(each.temporary for each in refused):
            self.journal.mark_tried(identity, said, [each.address for each in refused])
            self.problems.append(problem)
            return
        lines = [_line(message, each.address, f"{failed}: {each.said}", now) for each in refused]
        if len(refused) < len(message.recipients):
            self.journal.mark_sent(identity, now, *lines)
            self.sent += 1
        else:
            self.journal.mark_refused(identity, said, now, *lines)
            log.warning("answer given up", answer=identity)


def _line(message: Outgoing, address: str, what: str, now: dt.datetime) -> Review:
    """What the organiser is told of somebody whom an answer did not reach."""
    which = "Svaret" if address == message.recipients[0] else "Kopian av svaret"
    return Review(identifier(message.message_id, address), now, address, message.subject, f"{which} {what}", "")
