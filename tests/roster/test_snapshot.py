"""The way back to earlier revisions, and its end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kkn_mailer.roster.layout import ID, PEOPLE
from kkn_mailer.roster.snapshot import MOST_STEPS, Snapshot


def test_the_way_back_has_an_end(tmp_path: Path) -> None:
    snapshot, more = Snapshot(), 5
    for number in range(MOST_STEPS + more):
        rows = {PEOPLE: {"A": {ID: "A", "Namn": f"Ada {number}"}}}
        snapshot = snapshot.next(rows, "", tmp_path / "r.xlsx", snapshot.revision)
        edits = {PEOPLE: {"A": {"Kost": str(number)}}}
        snapshot = replace(snapshot.taking_from(snapshot.revision), taken=edits)
    last = snapshot.revision
    assert len(snapshot.undo) == MOST_STEPS
    assert len(snapshot.past) <= MOST_STEPS + 1
    assert (snapshot.at(last - MOST_STEPS) or {})[PEOPLE]["A"]["Namn"] == f"Ada {last - MOST_STEPS - 1}"
    assert snapshot.seen(last - MOST_STEPS) != {}
    assert snapshot.at(last - MOST_STEPS - 1) is None
    assert len(Snapshot.load(snapshot.dump()).undo) == MOST_STEPS
