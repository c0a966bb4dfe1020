"""Multinomial logistic regression by AdaGrad (Duchi, Hazan and Singer 2011) with a weight penalty."""

from __future__ import annotations

import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kkn_mailer.understanding.linear import Weights, softmax

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "kkn_mailer" / "understanding" / "data"
LEAST = 0.02
"""Weights smaller than this are left out."""


@dataclass(frozen=True, slots=True)
class Method:
    """How a model is learnt."""

    rounds: int
    rate: float
    penalty: float
    often: int
    """Features in fewer examples than this are left out."""
    still: float = 0.0
    """A label that is wrong by less than this teaches nothing."""
    spread: bool = False
    """Whether an example teaches each feature the less the more it has."""


def learn(examples: Sequence[tuple[int, list[str]]], labels: int, method: Method) -> Weights:
    """Weights from examples, each the index of its label and what is found in it; the same examples give the same."""
    often = Counter(feature for _, found in examples for feature in found)
    rows = [(label, [f for f in found if often[f] >= method.often]) for label, found in examples]
    weights: dict[str, list[float]] = defaultdict(lambda: [0.0] * labels)
    squares: dict[str, list[float]] = defaultdict(lambda: [1e-6] * labels)
    order = random.Random(1)
    for _ in range(method.rounds):
        order.shuffle(rows)
        for wanted, found in rows:
            parts = math.sqrt(len(found)) if method.spread else 1.0
            likely = softmax([sum(weights[f][k] for f in found) for k in range(labels)])
            for k in range(labels):
                slope = likely[k] - (k == wanted)
                if abs(slope) < method.still:
                    continue
                for f in found:
                    step = slope / parts + method.penalty * weights[f][k]
                    squares[f][k] += step * step
                    weights[f][k] -= method.rate * step / math.sqrt(squares[f][k])
    return {f: tuple(round(w, 2) for w in row) for f, row in sorted(weights.items()) if max(map(abs, row)) >= LEAST}


def write(name: str, weights: Weights) -> None:
    """Writes a data file of the package, a feature a line."""
    path = DATA / name
    rows = ",\n".join(
        f"{json.dumps(f, ensure_ascii=False)}:{json.dumps(row, separators=(',', ':'))}" for f, row in weights.items()
    )
    path.write_text("{\n" + rows + "\n}\n", encoding="utf-8")
    print(f"{len(weights)} features in {path.relative_to(ROOT)}, {path.stat().st_size // 1000} kB")


def report(what: str, right: int, confused: Counter[tuple[str, str]]) -> None:
    """Prints how many of what was weighed are right, and what is taken for what."""
    total = right + sum(confused.values())
    print(f"{total} {what}: {right / total:.3f} right")
    for (label, best), count in confused.most_common(10):
        print(f"  {label} read as {best}: {count}")
