"""What an update of the roster costs, as a ratio to openpyxl loading and saving the same file.

    python bench/roster.py [ROWS]

One row of a roster (10 000 rows unless told) is changed in the journal and `update` called, all of it: reading, merging
and writing. Both sides run in turns in the same process on the same file, and the median of several rounds counts, so that
the machine's speed and its neighbours cancel out.
"""

from __future__ import annotations

import datetime as dt
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from openpyxl import load_workbook

from kkn_mailer.config import load_event
from kkn_mailer.domain import Registration, Status
from kkn_mailer.roster import update

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 5


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def main(count: int = 10_000) -> None:
    event = load_event(ROOT / "config")
    days = [session.date for session in event.sessions]
    employers = [employer.name for employer in event.employers]
    received = dt.datetime(2020, 1, 8, 9, 30, tzinfo=dt.UTC)
    people = [
        Registration(
            f"ID{number:06d}",
            f"Förnamn{number} Efternamn",
            employers[number % len(employers)],
            "culture",
            days[number % len(days)],
            Status.CONFIRMED,
            f"namn{number}@example.se",
            f"070-{number:07d}",
            "vegan" if number % 9 == 0 else None,
            received,
            f"namn{number}@example.se",
        )
        for number in range(count)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path, other = Path(folder) / "deltagare.xlsx", Path(folder) / "openpyxl.xlsx"
        state = update(path, event, people, [], None)
        rounds = []
        for number in range(ROUNDS):
            alone = seconds(lambda: load_workbook(path).save(other))
            people[count // 2] = replace(people[count // 2], diet=f"nr {number}")
            begin = time.perf_counter()
            state = update(path, event, people, [], state.snapshot)
            ours = time.perf_counter() - begin
            assert state.wrote
            rounds.append((alone, ours))
    baseline, mine = (statistics.median(side) for side in zip(*rounds, strict=True))
    ratio = statistics.median(ours / alone for alone, ours in rounds)
    print(f"{count} rows: openpyxl load and save {baseline:.2f} s, update of one row {mine:.2f} s, ratio {ratio:.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
