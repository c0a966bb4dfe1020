"""Learns the weights of `kkn_mailer/understanding/data/acts.json` from the labelled sentences of `sentences/`.

    python -m training.acts            # cross-validates, then learns from everything and writes the weights
    python -m training.acts --check    # only the figures

The same sentences give the same weights.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from pathlib import Path

from kkn_mailer.domain import Kind
from kkn_mailer.understanding.acts import ACTS, Act, features, masked, weigh
from kkn_mailer.understanding.drafts import Tools
from kkn_mailer.understanding.linear import Weights
from training import regression
from training.mails import FOLDERS, event_of, mails

METHOD = regression.Method(rounds=25, rate=0.25, penalty=2e-4, often=3, still=1e-3, spread=True)
Example = tuple[Act, list[str], str]
"""Label, masked words and text of a sentence."""


def sentences(folder: Path) -> list[Example]:
    """Every line `event<TAB>label<TAB>sentence`."""
    tools = {where.name: Tools.of(event_of(where)) for where in FOLDERS}
    found = []
    for path in sorted(folder.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                event, label, text = line.split("\t", 2)
                folded, masks = tools[event].masks(text)
                found.append((Act(label), masked(folded, 0, len(folded), masks), text))
    return found


def from_mails(weights: Weights) -> list[Example]:
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


def learn(examples: list[Example]) -> Weights:
    return regression.learn(
        [(ACTS.index(act), sorted(set(features(words)))) for act, words, _ in examples], len(ACTS), METHOD
    )


def cross_validate(examples: list[Example], folds: int = 5, show: bool = False) -> None:
    shuffled = examples[:]
    random.Random(2).shuffle(shuffled)
    right, confused = 0, Counter[tuple[str, str]]()
    for fold in range(folds):
        weights = learn([e for i, e in enumerate(shuffled) if i % folds != fold])
        for act, words, text in shuffled[fold::folds]:
            p = weigh(words, weights)
            best = max(p, key=lambda a: p[a])
            if best is act:
                right += 1
                continue
            confused[act, best] += 1
            if show:
                print(f"{act:7} read as {best:7} {p[best]:.2f}  {text}")
    regression.report(f"sentences, {folds} folds", right, confused)


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
        regression.write("acts.json", weights)


if __name__ == "__main__":
    main()
