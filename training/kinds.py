"""Learns the weights of `kkn_mailer/understanding/data/kinds.json` from the labelled mails of the tests.

    python -m training.kinds            # holds out each event in turn, then learns from everything and writes the weights
    python -m training.kinds --check    # only the figures

Learn the acts first (`python -m training.acts`): what the sentences do is what most of the signs are about.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from kkn_mailer.domain import Kind
from kkn_mailer.understanding.intent import KINDS
from kkn_mailer.understanding.linear import Weights, weigh
from kkn_mailer.understanding.signs import signs
from training import acts, regression
from training.mails import letters

METHOD = regression.Method(rounds=30, rate=0.05, penalty=5e-3, often=3)
Example = tuple[str, Kind, list[str], str]
"""The event, the kind, the signs and the mail's id."""


def examples() -> list[Example]:
    """The signs of every mail, its sentences weighed by what sentences alone teach: the mails' own are left out, so that
    the kinds learn from probabilities as they are on mails never seen."""
    weights = acts.learn(acts.sentences(Path(__file__).parent / "sentences"))
    found = []
    for event, kind, ident, reader, letter in letters():
        reader.tools.acts = weights
        found.append((event, kind, list(signs(reader.context(letter))), ident))
    return found


def learn(rows: list[Example]) -> Weights:
    return regression.learn([(KINDS.index(kind), found) for _, kind, found, _ in rows], len(KINDS), METHOD)


def hold_out(rows: list[Example], show: bool) -> None:
    """Each event read by what the others taught."""
    right, confused = 0, Counter[tuple[str, str]]()
    for event in sorted({row[0] for row in rows}):
        weights = learn([row for row in rows if row[0] != event])
        mine = [row for row in rows if row[0] == event]
        hits = 0
        for _, kind, found, ident in mine:
            p = weigh(found, KINDS, weights)
            best = max(p, key=lambda k: p[k])
            if best is kind:
                hits += 1
                continue
            confused[kind, best] += 1
            if show:
                print(f"  {ident}: {kind} read as {best} {p[best]:.2f}")
        right += hits
        print(f"{event}: {hits}/{len(mine)}")
    regression.report("mails, each event held out", right, confused)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="hold out only")
    parser.add_argument("--show", action="store_true", help="list what is read wrongly")
    args = parser.parse_args()
    rows = examples()
    hold_out(rows, args.show)
    if not args.check:
        regression.write("kinds.json", learn(rows))


if __name__ == "__main__":
    main()
