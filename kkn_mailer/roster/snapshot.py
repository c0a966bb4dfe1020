"""What has been written into the roster, revision by revision: the ancestor that every copy of it is merged from.

Kept as one text in the journal. It is stored before the file it describes is put in place, so that a crash in between
leaves a file of an earlier revision, which is known as well.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .layout import ID, Cell
from .merge import Row, equal

MOST_STEPS = 1000
"""Revisions back that a copy is still known; an older one is merged as any copy of no known revision."""
Rows = dict[str, dict[str, Cell]]
Kept = dict[str, tuple[Cell, Cell]]
"""Cells kept as the organiser typed them, by heading: what she typed, and what would have been written instead."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state at `revision`, and the way back to every earlier one.

    `sheets` is sheet → id → cells; each step of `undo` the rows as they were at an earlier revision where they differ
    from those at the next (None: not there). `taken` are cells and rows of the organiser's that the journal has got
    since from the copy `taken_of` (None: a row she removed), `past` those it got from earlier copies, by their revision; `kept` those that are left as she typed them; `dismissed` the ids of lines she took out of `Att hantera`.
    """

    revision: int = 0
    sheets: dict[str, Rows] = field(default_factory=dict)
    undo: tuple[tuple[int, dict[str, dict[str, dict[str, Cell] | None]]], ...] = ()
    taken: dict[str, dict[str, dict[str, Cell] | None]] = field(default_factory=dict)
    taken_of: int = 0
    past: dict[str, dict[str, Rows]] = field(default_factory=dict)
    kept: dict[str, dict[str, Kept]] = field(default_factory=dict)
    dismissed: tuple[str, ...] = ()
    overview: str = ""
    """Digest of what `Översikt` shows; empty when it must be written anew."""
    folder: str = ""
    mount: str = ""
    """Where the file was last written, and the file system that lies on."""

    def at(self, revision: int) -> dict[str, Rows] | None:
        """The state of the copy with that number; None for one we never wrote."""
        if revision not in {self.revision, *(number for number, _ in self.undo)} - {0}:
            return None
        now = {name: dict(rows) for name, rows in self.sheets.items()}
        for number, sheets in reversed(self.undo):
            if number < revision:
                break
            for name, rows in sheets.items():
                there = now.setdefault(name, {})
                for identity, cells in rows.items():
                    if cells is None:
                        there.pop(identity, None)
                    else:
                        there[identity] = cells
        return _over(now, self.taken) if revision == self.taken_of else now

    def seen(self, revision: int) -> dict[str, Rows]:
        """What the journal has got from the copy with that number, should its program save it again."""
        return self.past.get(str(revision), {})

    def taking_from(self, revision: int) -> Snapshot:
        """The snapshot to take edits with from the copy `revision`: what was taken from another one is past."""
        return self if self.taken_of == revision else replace(self, taken={}, taken_of=revision, past=self._past())

    def _past(self) -> dict[str, dict[str, Rows]]:
        rows = {
            name: {i: cells for i, cells in there.items() if cells is not None} for name, there in self.taken.items()
        }
        return {**self.past, str(self.taken_of): _over(dict(self.seen(self.taken_of)), rows)}

    def latest(self) -> dict[str, Rows]:
        return _over({name: dict(rows) for name, rows in self.sheets.items()}, self.taken)

    def next(self, sheets: Mapping[str, Mapping[str, Row]], overview: str, path: Path, there: int) -> Snapshot:
        """The state after writing over revision `there`; of rows that are no longer ours only the Id is remembered."""
        now = {name: {i: dict(cells) for i, cells in rows.items()} for name, rows in sheets.items()}
        step = {
            name: {
                i: self.sheets.get(name, {}).get(i)
                for i in rows.keys() | self.sheets.get(name, {}).keys()
                if self.sheets.get(name, {}).get(i) != rows.get(i)
            }
            for name, rows in now.items()
        }
        undo = [*self.undo, (self.revision, step)][-MOST_STEPS:] if self.revision else []
        oldest = undo[0][0] if undo else 0
        clean = tuple(
            (
                number,
                {
                    name: {i: cells if cells is None or i in now.get(name, {}) else {} for i, cells in rows.items()}
                    for name, rows in steps.items()
                },
            )
            for number, steps in undo
        )
        folder = path.absolute().parent
        return replace(
            self,
            revision=max(self.revision, there) + 1,
            sheets=now,
            undo=clean,
            taken={},
            taken_of=0,
            past={
                number: {
                    name: {i: c for i, c in rows.items() if i in now.get(name, {})} for name, rows in there.items()
                }
                for number, there in self._past().items()
                if any(there.values()) and (number == "0" or int(number) >= oldest)
            },
            overview=overview,
            folder=str(folder),
            mount=mount_of(folder),
        )

    def overlay(self, name: str, row: Row) -> dict[str, Cell]:
        """A row as it is to be written: what is kept as typed stands, until the journal has something else to say."""
        kept = self.kept.get(name, {}).get(str(row[ID]), {})
        return dict(row) | {h: typed for h, (typed, instead) in kept.items() if h in row and equal(row[h], instead)}

    def lapsed(self, name: str, row: Row) -> dict[str, Cell]:
        """What was kept as typed in a row until the journal got something else to say."""
        kept = self.kept.get(name, {}).get(str(row[ID]), {})
        return {h: typed for h, (typed, instead) in kept.items() if not equal(row.get(h), instead)}

    def dump(self) -> str:
        return json.dumps(
            {name: getattr(self, name) for name in self.__dataclass_fields__},
            ensure_ascii=False,
            default=lambda v: {"t": v.isoformat()},
        )

    @classmethod
    def load(cls, text: str | None) -> Snapshot:
        if not text:
            return cls()
        raw: dict[str, Any] = json.loads(text, object_hook=_revived)
        return cls(
            **raw
            | {
                "undo": tuple((number, steps) for number, steps in raw.get("undo", ())),
                "dismissed": tuple(raw.get("dismissed", ())),
                "kept": {
                    name: {i: {h: (a, b) for h, (a, b) in cells.items()} for i, cells in rows.items()}
                    for name, rows in raw.get("kept", {}).items()
                },
            }
        )


def mount_of(folder: Path) -> str:
    """The mount point that a folder lies on."""
    return next(str(place) for place in (folder, *folder.parents) if os.path.ismount(place) or place == place.parent)


def _over(sheets: dict[str, Rows], cells: Mapping[str, Mapping[str, dict[str, Cell] | None]]) -> dict[str, Rows]:
    for name, rows in cells.items():
        there = sheets.setdefault(name, {})
        for identity, values in rows.items():
            if values is None:
                there.pop(identity, None)
            else:
                there[identity] = {**there.get(identity, {}), **values}
    return sheets


def _revived(value: dict[str, Any]) -> Any:
    if value.keys() == {"t"}:
        text = value["t"]
        return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)
    return value
