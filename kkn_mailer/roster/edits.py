"""What the organiser's edits mean: registrations as they stand after them, what is told, what is asked back. Pure.

Her hand wins. A value that makes sense becomes the registration's; one that does not is kept in its cell as she typed
it, and a line in `Att hantera` says which cell and what would do. The line clears itself when the cell is put right.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..domain import AnswerKind, Registration, Review, Status
from ..event import Event
from ..registrar import Cause, freed, identifier, missing_of, settled, transition
from .layout import (
    ID,
    PEOPLE,
    REVIEWS,
    STATUS_LABEL,
    Cell,
    fields_of,
    parse_people,
    people_cells,
    review_cells,
    unit_labels,
)
from .merge import Added, Changed, Edit, Removed, equal
from .snapshot import Kept, Snapshot

if TYPE_CHECKING:
    from . import Written

_CANONICAL = ("Enhet", "Datum", "Status", "Inkom")
"""Columns whose sensible values are written in one form, however they were typed."""
_NO = ("nej", "no", "0", "false", "falskt")
_OURS = re.compile(r"[A-Z2-7]{8}")
_TOLD = {
    Status.CONFIRMED: AnswerKind.CONFIRM,
    Status.WAITLISTED: AnswerKind.WAITLISTED,
    Status.CANCELLED: AnswerKind.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Notice:
    """An answer that an edit calls for; one not `asked_for` is sent only where the organiser wants edits told."""

    kind: AnswerKind
    row: Registration
    asked_for: bool = False


@dataclass(slots=True)
class Taken:
    """What the journal should hold after some edits, to be committed as one; `snapshot` goes with it.

    `rows` are registrations with what happened to each; `freed` those that got a place by it (`Outcome.freed`); `done`
    says of review lines whether they are; `by` who edited.
    """

    rows: list[tuple[Registration, str]] = field(default_factory=list)
    freed: list[Registration] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    lines: list[Review] = field(default_factory=list)
    done: dict[str, bool] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    snapshot: str = ""
    by: str = ""


def take(
    written: Written,
    event: Event,
    registrations: Sequence[Registration],
    removed: Sequence[Registration],
    reviews: Sequence[Review],
    now: dt.datetime,
    today: dt.date,
) -> Taken:
    """The meaning of the edits that an update told; `removed` are registrations the organiser took out before.

    `today` is the event's: no place of a session that has been is given on.
    """
    before = Snapshot.load(written.snapshot).taking_from(written.revision)
    case = _Case(event, now, before, {r.id: r for r in registrations}, {r.id: r for r in removed})
    case.out.by = f"organiser ({written.by})" if written.by else "organiser"
    for edit in sorted(written.people, key=lambda e: isinstance(e, Added)):
        case.person(edit)
    case.give_places(today)
    case.lines(reviews, written.reviews)
    case.out.snapshot = replace(
        before,
        taken=case.taken,
        kept={PEOPLE: case.kept, REVIEWS: case.kept_lines},
        dismissed=(*before.dismissed, *case.dismissed),
        overview="",
    ).dump()
    return case.out


def line_id(row: str, heading: str, typed: Cell) -> str:
    """The Id of the line in `Att hantera` about a cell that makes no sense."""
    return identifier(row, "cell", heading, typed)


class _Case:
    """Some edits being taken; `rows` are the registrations as they will stand."""

    def __init__(
        self,
        event: Event,
        now: dt.datetime,
        before: Snapshot,
        rows: dict[str, Registration],
        removed: dict[str, Registration],
    ) -> None:
        self.event, self.now, self.rows, self.removed = event, now, rows, removed
        self.out = Taken()
        self.taken = {name: dict(rows) for name, rows in before.taken.items()}
        self.kept = {i: dict(cells) for i, cells in before.kept.get(PEOPLE, {}).items()}
        self.kept_lines = {i: dict(cells) for i, cells in before.kept.get(REVIEWS, {}).items()}
        self.dismissed: list[str] = []

    # ── Deltagare ─────────────────────────────────────────────────────────────────────────────────────────────────

    def person(self, edit: Edit) -> None:
        if isinstance(edit, Removed):
            if edit.id in self.rows:
                del self.rows[edit.id]
                self.out.removed.append(edit.id)
                self._clear(edit.id, self.kept.pop(edit.id, {}))
                self.taken.setdefault(PEOPLE, {})[edit.id] = None
        elif isinstance(edit, Changed):
            if edit.id in self.rows:
                self._change(self.rows[edit.id], edit.cells)
        else:
            self._add(edit)

    def _change(self, row: Registration, cells: Mapping[str, Cell]) -> None:
        fields = parse_people(cells, self.event)
        fresh = _by_hand(replace(row, **fields), fields)  # type: ignore[arg-type]
        completed = bool(missing_of(row, self.event)) and not missing_of(fresh, self.event)
        if completed and row.status is Status.WAITING and "status" not in fields:
            fresh = settled(fresh, self.rows.values(), self.event)
        self._set(fresh, _told(people_cells(row, self.event), cells))
        self._keep(fresh, cells, fields)
        self._take(PEOPLE, row.id, cells)
        if completed and row.status is Status.WAITING and fresh.status in (Status.CONFIRMED, Status.WAITLISTED):
            self.out.notices.append(Notice(_TOLD[fresh.status], fresh, asked_for=True))
        elif fresh.status is not row.status and fresh.status in _TOLD:
            self.out.notices.append(Notice(_TOLD[fresh.status], fresh))
        elif fresh.date != row.date and fresh.date and fresh.status is Status.CONFIRMED:
            self.out.notices.append(Notice(AnswerKind.CHANGED, fresh))

    def _add(self, edit: Added) -> None:
        """A row she typed, copied, or put back: a registration as the others."""
        pasted = str(edit.cells.get(ID) or "").strip()
        back = self.removed.get(pasted)
        free = _OURS.fullmatch(pasted) and pasted not in self.rows
        identity = pasted if free else identifier("typed", self.now.isoformat(), edit.line, *edit.cells.values())
        cells = {heading: value for heading, value in edit.cells.items() if heading != ID}
        fields = parse_people(cells, self.event)
        blank = Registration(
            identity,
            None,
            None,
            None,
            None,
            Status.WAITING,
            None,
            None,
            None,
            self.now,
            "",
            language=self.event.language,
        )
        row = _by_hand(replace(back or blank, **fields), fields)  # type: ignore[arg-type]
        if "status" not in fields:
            row = settled(row, self.rows.values(), self.event)
        self._set(row, "återlagd i deltagarlistan" if back else "inskriven i deltagarlistan")
        self._keep(row, {h: v for h, v in cells.items() if v not in (None, "")}, fields)
        self.taken.setdefault(PEOPLE, {})[identity] = cells
        if row.status is Status.CONFIRMED and not back:
            self.out.notices.append(Notice(AnswerKind.CONFIRM, row))

    def _set(self, row: Registration, what: str) -> None:
        self.out.rows.append((row, transition(self.rows.get(row.id), row, Cause.HAND, what)))
        self.rows[row.id] = row

    def give_places(self, today: dt.date) -> None:
        """What her edits have freed goes to the first in line, who is told of that alone."""
        for row, why in freed(self.rows.values(), self.event, today):
            self._set(row, why)
            self.out.freed.append(row)
        told = {row.id for row in self.out.freed}
        self.out.notices = [notice for notice in self.out.notices if notice.row.id not in told]

    def _keep(self, row: Registration, cells: Mapping[str, Cell], fields: Mapping[str, object]) -> None:
        """Keep as typed whatever would be written otherwise, and list what makes no sense."""
        kept: Kept = self.kept.get(row.id, {})
        shown = people_cells(row, self.event)
        self._clear(row.id, {heading: kept.pop(heading) for heading in cells if heading in kept})
        for heading, typed in cells.items():
            understood = fields_of(heading) in fields
            if equal(typed, shown.get(heading)) or (understood and heading in _CANONICAL):
                continue
            kept[heading] = (typed, shown.get(heading))
            if not understood and (remedy := self._remedy(heading)):
                self._list(row, heading, typed, remedy)
        if kept:
            self.kept[row.id] = kept
        else:
            self.kept.pop(row.id, None)

    def _clear(self, row: str, kept: Kept) -> None:
        for heading, (typed, _) in kept.items():
            self.out.done[line_id(row, heading, typed)] = True

    def _list(self, row: Registration, heading: str, typed: Cell, remedy: str) -> None:
        identity = line_id(row.id, heading, typed)
        reason = f"Deltagare: {heading} ”{_shown(typed)}” går inte att tolka för {row.called}. {remedy}"
        where = f"Raden för {row.called} i Deltagare, kolumnen {heading}"
        self.out.lines.append(
            Review(identity, self.now, "Deltagarlistan", f"{heading}: {row.called}", reason, where, about=row.id)
        )
        self.out.done[identity] = False

    def _remedy(self, heading: str) -> str:
        if heading == "Datum":
            return "Skriv en av dagarna " + _or(f"{s.date:%Y-%m-%d}" for s in self.event.sessions) + "."
        if heading == "Status":
            return "Skriv " + _or(STATUS_LABEL.values()) + "."
        if heading == "Enhet":
            return "Skriv " + _or(unit_labels(self.event)) + "."
        return "Orten följer av Datum: ändra dagen i stället." if heading == "Ort" else ""

    # ── Att hantera ───────────────────────────────────────────────────────────────────────────────────────────────

    def lines(self, reviews: Sequence[Review], edits: Sequence[Edit]) -> None:
        known = {review.id: review for review in reviews}
        for edit in edits:
            if isinstance(edit, Removed):
                self.dismissed.append(edit.id)
                self.out.done[edit.id] = True
            elif isinstance(edit, Changed) and edit.id in known:
                line = known[edit.id]
                if "Klar" in edit.cells:
                    ticked = str(edit.cells["Klar"] or "").strip().casefold()
                    line = replace(line, done=bool(ticked) and ticked not in _NO)
                    self.out.done[edit.id] = line.done
                shown = review_cells(line, self.event)
                kept = self.kept_lines.setdefault(edit.id, {})
                for heading, typed in edit.cells.items():
                    kept.pop(heading, None)
                    if not equal(typed, shown[heading]):
                        kept[heading] = (typed, shown[heading])
                self._take(REVIEWS, edit.id, edit.cells)

    def _take(self, sheet: str, row: str, cells: Mapping[str, Cell]) -> None:
        rows = self.taken.setdefault(sheet, {})
        rows[row] = {**(rows.get(row) or {}), **cells}


def _by_hand(row: Registration, fields: Mapping[str, object]) -> Registration:
    """A row whose status she wrote: one that she puts on the waiting list stays there until she takes it off."""
    return replace(row, by_hand=row.status is Status.WAITLISTED) if "status" in fields else row


def _told(before: Mapping[str, Cell], cells: Mapping[str, Cell]) -> str:
    """An edit in words for the history: what stood there, what she wrote."""
    return "i deltagarlistan: " + "; ".join(f"{h} ”{_shown(before.get(h))}” → ”{_shown(v)}”" for h, v in cells.items())


def _shown(value: Cell) -> str:
    """A cell in words: a date without the midnight it begins at."""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    return "" if value is None else str(value)


def _or(words: Iterable[str]) -> str:
    *rest, last = words
    return f"{', '.join(rest)} eller {last}" if rest else last
