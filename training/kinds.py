"""Learns the weights of `kkn_mailer/understanding/data/kinds.json` from the labelled mails of the tests.

    python -m training.kinds            # holds out each event in turn, then learns from everything and writes the weights
    python -m training.kinds --check    # only the figures

Learn the acts first (`python -m training.acts`): what the sentences do is what most of the signs are about.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections import Counter, defaultdict
from pathlib import Path

from kkn_mailer.domain import Kind
from kkn_mailer.understanding import acts as weighing
from kkn_mailer.understanding.intent import KINDS, signs, weigh
from training import acts
from training.mails import letters

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 30
RATE = 0.05
PENALTY = 5e-3
Example = tuple[str, Kind, list[str], str]
"""The event, the kind, the signs and the mail's id."""


def examples() -> list[Example]:
    """The signs of every mail, its sentences weighed by what sentences alone teach: the mails' own are left out, so that
    the kinds learn from probabilities as they are on mails never seen."""
    table = acts.learn(acts.sentences(Path(__file__).parent / "sentences"))
    weighing._weights = lambda: table  # type: ignore[assignment]
    return [
        (event, kind, list(signs(reader.context(letter))), ident) for event, kind, ident, reader, letter in letters()
    ]


def learn(rows: list[Example]) -> dict[str, tuple[float, ...]]:
    often = Counter(sign for *_, found, _ in rows for sign in found)
    data = [(KINDS.index(kind), [s for s in found if often[s] > 2]) for _, kind, found, _ in rows]
    weights: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(KINDS))
    squares: dict[str, list[float]] = defaultdict(lambda: [1e-6] * len(KINDS))
    order = random.Random(1)
    for _ in range(ROUNDS):
        order.shuffle(data)
        for wanted, found in data:
            scores = [sum(weights[s][k] for s in found) for k in range(len(KINDS))]
            top = max(scores)
            powers = [math.exp(s - top) for s in scores]
            total = sum(powers)
            for k in range(len(KINDS)):
                slope = powers[k] / total - (k == wanted)
                for s in found:
                    step = slope + PENALTY * weights[s][k]
                    squares[s][k] += step * step
                    weights[s][k] -= RATE * step / math.sqrt(squares[s][k])
    return {s: tuple(round(w, 2) for w in row) for s, row in sorted(weights.items()) if max(map(abs, row)) >= 0.02}


def hold_out(rows: list[Example], show: bool) -> None:
    """Each event read by what the others taught."""
    right, confused = 0, Counter[tuple[Kind, Kind]]()
    for event in sorted({row[0] for row in rows}):
        weights = learn([row for row in rows if row[0] != event])
        mine = [row for row in rows if row[0] == event]
        hits = 0
        for _, kind, found, ident in mine:
            p = weigh(found, weights)
            best = max(p, key=lambda k: p[k])
            hits += best is kind
            confused[kind, best] += best is not kind
            if show and best is not kind:
                print(f"  {ident}: {kind} read as {best} {p[best]:.2f}")
        right += hits
        print(f"{event}: {hits}/{len(mine)}")
    print(f"{len(rows)} mails, each event held out: {right / len(rows):.3f} right")
    for (kind, best), count in confused.most_common(10):
        if count:
            print(f"  {kind} read as {best}: {count}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="hold out only")
    parser.add_argument("--show", action="store_true", help="list what is read wrongly")
    args = parser.parse_args()
    rows = examples()
    hold_out(rows, args.show)
    if not args.check:
        weights = learn(rows)
        path = ROOT / "kkn_mailer" / "understanding" / "data" / "kinds.json"
        lines = ",\n".join(
            f"{json.dumps(s, ensure_ascii=False)}:{json.dumps(row, separators=(',', ':'))}"
            for s, row in weights.items()
        )
        path.write_text("{\n" + lines + "\n}\n", encoding="utf-8")
        print(f"{len(weights)} signs in {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
