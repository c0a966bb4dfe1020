"""What has been read, decided and answered: the truth that roster and answers are made from.

SQLAlchemy Core over SQLite in WAL mode (any other database by its URL). Everything one mail leads to is committed in
one transaction; what is sent or written after it can be late, and is neither lost nor doubled by a crash.
"""

from __future__ import annotations

from .answers import DIGEST, Outgoing, Rendered
from .clock import Clock
from .drafts import Drafts, Replaced
from .erasure import Erasure
from .mails import Mails
from .registrations import Registrations
from .store import JournalError

__all__ = ["DIGEST", "Journal", "JournalError", "Outgoing", "Rendered", "Replaced"]


class Journal(Mails, Registrations, Drafts, Clock, Erasure):
    """One journal; open it once. Raises `JournalError` where the file cannot be used."""
