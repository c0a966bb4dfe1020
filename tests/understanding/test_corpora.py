"""Mails by many writers for 30 events, read whole: floors under what has been reached.

Each batch was written without knowledge of the reader and scored before anybody looked (docs/architecture.md has the
first-contact scores); it has been learnt from since, so these figures say that nothing is lost, not how unseen mails
are read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kkn_mailer.understanding import Reader
from training.mails import FOLDERS, described, event_of

SENDS = {"confirm", "ask", "change", "cancel"}


def shown(value: object) -> str:
    return " ".join(str(value or "").casefold().replace(",", " ").replace(".", " ").split())


def people_of(people: list[dict[str, Any]], whole: bool) -> list[tuple[str, ...]]:
    """Each person as comparable text; of a cancellation only the name counts."""
    rows = []
    for person in people:
        days = ",".join(sorted(person.get("dates", ())))
        rest = (shown(person["municipality"]), shown(person["unit"]), days) if whole else ()
        rows.append((shown(person["name"]), *rest))
    return sorted(rows)


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_an_event(folder: Path) -> None:
    event = event_of(folder)
    reader = Reader(event)
    exact = silent = count = 0
    for about, letter in described(folder, event):
        gold = about["gold"]
        reading = reader.read(letter)
        read = [
            {"name": p.name, "municipality": p.municipality, "unit": p.unit, "dates": [str(d) for d in p.dates]}
            for p in reading.people
        ]
        whole = gold["kind"] != "cancellation"
        people = people_of(read, whole) == people_of(gold["people"], whole)
        right = reading.kind == gold["kind"] and reading.decision in gold["decision"]
        count += 1
        exact += right and people
        wrongly_confirmed = reading.decision == "confirm" and not ("confirm" in gold["decision"] and people)
        silent += wrongly_confirmed or (reading.decision in SENDS and set(gold["decision"]) <= {"ignore"})
    assert exact / count >= 0.78, f"{exact} of {count} exact"
    assert silent / count <= 0.035, f"{silent} of {count} silent"
