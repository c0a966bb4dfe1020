"""Learns the weights of `kkn_mailer/understanding/data/acts.json` from the labelled sentences of `sentences/`.

    python -m training.acts            # cross-validates, then learns from everything and writes the weights
    python -m training.acts --check    # only the figures

Multinomial logistic regression by AdaGrad with a weight penalty; the same sentences give the same weights.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path

from kkn_mailer.config import load_event
from kkn_mailer.domain import Kind
from kkn_mailer.understanding.acts import ACTS, Act, features, masked, weigh
from kkn_mailer.understanding.drafts import Tools
from training.mails import mails

ROOT = Path(__file__).resolve().parents[1]
EVENTS = {"kkn": ROOT / "config"} | {path.parent.name: path.parent for path in ROOT.glob("tests/corpus/*/event.toml")}
ROUNDS = 25
RATE = 0.25
PENALTY = 2e-4
LEAST = 0.02
"""Weights smaller than this are left out."""


def sentences(folder: Path) -> list[tuple[Act, list[str], str]]:
    """Label, masked words and text of every line `event<TAB>label<TAB>sentence`."""
    tools = {name: Tools.of(load_event(where)) for name, where in EVENTS.items()}
    found = []
    for path in sorted(folder.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                event, label, text = line.split("\t", 2)
                folded, masks = tools[event].masks(text)
                found.append((Act(label), masked(folded, 0, len(folded), masks), text))
    return found


def from_mails(weights: dict[str, tuple[float, ...]]) -> list[tuple[Act, list[str], str]]:
    """Sentences of the labelled mails of the tests, with the act that the mail's kind tells of them.

    A registration's likeliest sentence registers, a cancellation's cancels, a change's alters; a mail about something
    else has none of these, whatever its sentences look like.
    """
    found = []
    for _, kind, work in mails():
        rated = [(weigh(words, weights), words, text) for words, text in work]
        wanted = {Kind.REGISTRATION: Act.ATTEND, Kind.CANCELLATION: Act.ABSENT, Kind.CHANGE: Act.ALTER}.get(kind)
        if wanted and rated:
            best = max(rated, key=lambda r: r[0][wanted])
            if best[0][wanted] > 0.1:
                found.append((wanted, best[1], best[2]))
        for p, words, text in rated:
            likely = max(p, key=lambda a: p[a])
            if kind is Kind.UNRELATED and likely not in (Act.OTHER, Act.ASK):
                found.append((Act.OTHER, words, text))
            elif kind is Kind.QUESTION and likely in (Act.ATTEND, Act.ABSENT, Act.ALTER):
                found.append((Act.ASK if "?" in words else Act.HEDGE, words, text))
    return found


def learn(examples: list[tuple[Act, list[str], str]]) -> dict[str, tuple[float, ...]]:
    rows = [(ACTS.index(act), sorted(set(features(words)))) for act, words, _ in examples]
    often = Counter(feature for _, found in rows for feature in found)
    rows = [(act, [f for f in found if often[f] > 1]) for act, found in rows]
    weights: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(ACTS))
    squares: dict[str, list[float]] = defaultdict(lambda: [1e-6] * len(ACTS))
    order = random.Random(1)
    for _ in range(ROUNDS):
        order.shuffle(rows)
        for wanted, found in rows:
            scores = [sum(weights[f][k] for f in found) for k in range(len(ACTS))]
            top = max(scores)
            powers = [math.exp(s - top) for s in scores]
            total = sum(powers)
            for k in range(len(ACTS)):
                slope = powers[k] / total - (k == wanted)
                if abs(slope) < 1e-3:
                    continue
                for f in found:
                    step = slope / math.sqrt(len(found)) + PENALTY * weights[f][k]
                    squares[f][k] += step * step
                    weights[f][k] -= RATE * step / math.sqrt(squares[f][k])
    return {f: tuple(round(w, 2) for w in row) for f, row in sorted(weights.items()) if max(map(abs, row)) >= LEAST}


def cross_validate(examples: list[tuple[Act, list[str], str]], folds: int = 5, show: bool = False) -> None:
    shuffled = examples[:]
    random.Random(2).shuffle(shuffled)
    right, confused = 0, Counter[tuple[Act, Act]]()
    for fold in range(folds):
        weights = learn([e for i, e in enumerate(shuffled) if i % folds != fold])
        for index, (act, words, text) in enumerate(shuffled):
            if index % folds == fold:
                p = weigh(words, weights)
                best = max(p, key=lambda a: p[a])
                right += best is act
                confused[act, best] += best is not act
                if show and best is not act:
                    print(f"{act:7} read as {best:7} {p[best]:.2f}  {text}")
    print(f"{len(examples)} sentences, {folds} folds: {right / len(examples):.3f} right")
    for (act, best), count in confused.most_common(8):
        if count:
            print(f"  {act} read as {best}: {count}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="cross-validate only")
    parser.add_argument("--show", action="store_true", help="list what cross-validation reads wrongly")
    parser.add_argument("--no-check", action="store_true", help="learn only")
    args = parser.parse_args()
    examples = sentences(Path(__file__).parent / "sentences")
    if not examples:
        sys.exit("no sentences beside this file")
    if not args.no_check:
        cross_validate(examples, show=args.show)
    if not args.check:
        weights = learn(examples)
        more = from_mails(weights)
        print(f"{len(more)} sentences more from the mails of the tests")
        weights = learn([*examples, *more])
        path = ROOT / "kkn_mailer" / "understanding" / "data" / "acts.json"
        rows = ",\n".join(
            f"{json.dumps(f, ensure_ascii=False)}:{json.dumps(row, separators=(',', ':'))}"
            for f, row in weights.items()
        )
        path.write_text("{\n" + rows + "\n}\n", encoding="utf-8")
        print(f"{len(weights)} features in {path.relative_to(ROOT)}, {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
