"""Which sessions a piece of text chooses.

First every mention of a day is found, whatever its form (`figures`, `named`, `ranks`); then neighbouring mentions are joined
into phrases (`joining`: "onsdag 12 februari i Nyköping" is one, "12 och 14 februari" two); then the clause each phrase
stands in says whether it is chosen, refused or open (`stance`, `choosing`). What cannot be settled chooses nothing.
"""

from __future__ import annotations

from .calendar import Calendar
from .choosing import among
from .model import Attends, Choice, Form, Mention, Phrase
from .stance import WISHED

__all__ = ["WISHED", "Attends", "Calendar", "Choice", "Form", "Mention", "Phrase", "among"]
