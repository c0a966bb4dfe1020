"""A text in which days are looked for: what was found, and which places are taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from .model import Form, Mention


class Search:
    """Collects the mentions of one text; what was found first keeps its place."""

    def __init__(self, folded: str, dates: Sequence[dt.date], blocked: Iterable[tuple[int, int]]) -> None:
        """`blocked` are spans that mean something else (an employer's name that is also a city)."""
        self.folded = folded
        self.dates = dates
        self.found: list[Mention] = []
        self._taken = bytearray(len(folded))
        for start, end in blocked:
            self._taken[start:end] = b"\1" * (end - start)

    def take(self, start: int, end: int) -> bool:
        """Takes a place, unless some of it is taken already; whether it was free."""
        free = self._taken.find(1, start, end) < 0
        if free:
            self._taken[start:end] = b"\1" * (end - start)
        return free

    def add(self, span: tuple[int, int], form: Form, days: Iterable[dt.date] = (), foreign: bool = False) -> None:
        """A mention, unless its place is taken."""
        if self.take(*span):
            self.found.append(Mention(*span, form, frozenset(days), foreign))

    def day(self, day: int, month: int | None = None, year: int | None = None) -> tuple[frozenset[dt.date], bool]:
        """The sessions a day of the month can be, and whether it is a day of another time altogether."""
        near = [d for d in self.dates if month in (None, d.month) and year in (None, d.year)]
        return frozenset(d for d in near if d.day == day), not near

    def add_day(self, span: tuple[int, int], day: int, month: int | None = None, year: int | None = None) -> None:
        """A day of the month, of some month or year or of any."""
        self.add(span, Form.DAY, *self.day(day, month, year))
