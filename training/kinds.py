"""Learns the weights of `kkn_mailer/understanding/data/kinds.json` from the labelled mails of the tests.

    python training/kinds.py            # holds out each event in turn, then learns from everything and writes the weights
    python training/kinds.py --check    # only the figures

Learn the acts first (`training/acts.py`): what the sentences do is what most of the signs are about.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import random
from collections import Counter, defaultdict
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from kkn_mailer.config import load_event
from kkn_mailer.domain import Kind
from kkn_mailer.letter import read_letter
from kkn_mailer.understanding import Reader
from kkn_mailer.understanding.automatic import automatic
from kkn_mailer.understanding.intent import KINDS, signs, weigh

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 60
RATE = 0.2
PENALTY = 4e-3
Example = tuple[str, Kind, list[str], str]
"""The event, the kind, the signs and the mail's id."""


def raw_mail(about: dict[str, Any], contact: str, invitation: str) -> bytes:
    """A plain rendering of a described mail."""
    message = EmailMessage()
    message["From"] = f'"{about["from_name"]}" <{about["from_email"]}>' if about["from_name"] else about["from_email"]
    message["To"], message["Subject"], message["Date"] = (
        contact,
        about["subject"],
        dt.datetime.fromisoformat(about["date"]),
    )
    for name, value in about["headers"].items():
        if name not in message:
            message[name] = value
    below = about["below"]
    quoted = below.get("text", "") if isinstance(below, dict) else invitation if below else ""
    forward = "forward" in (below.get("style", "") if isinstance(below, dict) else below or "")
    sender = below.get("from", contact) if isinstance(below, dict) else contact
    body = about["body"]
    if quoted:
        lead = "-----Vidarebefordrat meddelande-----\n" if forward else ""
        body += f"\n\n{lead}Från: {sender}\nSkickat: den 10 december 2019 09:14\nTill: {about['from_email']}\nÄmne: Inbjudan\n\n{quoted}"
    message.set_content(body)
    return message.as_bytes()


def examples() -> list[Example]:
    found: list[Example] = []
    for folder in sorted((ROOT / "tests" / "corpus").iterdir()):
        if not folder.is_dir():
            continue
        config = folder if (folder / "event.toml").exists() else ROOT / "config"
        event = load_event(config)
        reader = Reader(event)
        invitation = (
            (folder / "invitation.txt").read_text(encoding="utf-8")
            if (folder / "invitation.txt").exists()
            else event.name
            + "\n"
            + "\n".join(f"{s.date.day}/{s.date.month} {s.city}, {s.venue}" for s in event.sessions)
        )
        for path in sorted(folder.glob("*.jsonl")):
            for line in path.read_text(encoding="utf-8").splitlines():
                about = json.loads(line)
                kind = Kind(about["gold"]["kind"])
                letter = read_letter(raw_mail(about, event.contact, invitation))
                if kind is Kind.AUTOMATIC or automatic(letter):
                    continue
                found.append((folder.name, kind, list(signs(reader.context(letter))), about["id"]))
    return found


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
                    step = slope / math.sqrt(len(found)) + PENALTY * weights[s][k]
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
