"""What reading costs: per mail, as a ratio to mail-parser alone on the same mails; and against the size of a body.

    python bench/reading.py [EMLDIR …]

Without folders it reads the mails of the tests' own corpus. Both sides run in turns in the same process, and the median
of several rounds counts, so that the machine's speed and its neighbours cancel out.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from pathlib import Path

import mailparser

from kkn_mailer.config import load_event
from kkn_mailer.letter import read_letter
from kkn_mailer.understanding import Reader

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "tests" / "corpus" / "laslust"
ROUNDS = 7
SIZES = (250_000, 500_000, 1_000_000, 2_000_000, 5_000_000)


def mails(folders: Sequence[str]) -> list[bytes]:
    """The raw mails of some folders, else plain renderings of the tests' own corpus."""
    if folders:
        return [path.read_bytes() for folder in folders for path in sorted(Path(folder).rglob("*.eml"))]
    invitation = (CORPUS / "invitation.txt").read_text(encoding="utf-8")
    raws = []
    for batch in ("b1", "b2"):
        for line in (CORPUS / f"{batch}.jsonl").read_text(encoding="utf-8").splitlines():
            about = json.loads(line)
            message = EmailMessage()
            message["From"] = f'"{about["from_name"]}" <{about["from_email"]}>'
            message["To"] = "petra@rundqvistord.se"
            message["Subject"] = about["subject"]
            quoted = "\n".join(f"> {line}" for line in invitation.splitlines()) if about["below"] else ""
            message.set_content(
                f"{about['body']}\n\nDen 17 augusti 2022 skrev Petra <petra@rundqvistord.se>:\n{quoted}"
            )
            raws.append(message.as_bytes())
    return raws


def seconds(work: Callable[[bytes], object], raws: Sequence[bytes]) -> float:
    begin = time.perf_counter()
    for raw in raws:
        work(raw)
    return time.perf_counter() - begin


def main(folders: Sequence[str]) -> None:
    reader = Reader(load_event(CORPUS if not folders else ROOT / "config"))
    raws = mails(folders)

    def ours(raw: bytes) -> object:
        return reader.read(read_letter(raw))

    seconds(ours, raws)
    rounds = [(seconds(mailparser.parse_from_bytes, raws), seconds(ours, raws)) for _ in range(ROUNDS)]
    baseline, mine = (statistics.median(side) / len(raws) * 1000 for side in zip(*rounds, strict=True))
    ratio = statistics.median(b / a for a, b in rounds)
    print(
        f"{len(raws)} mails: mail-parser {baseline:.2f} ms, mail-parser + letter + reading {mine:.2f} ms, ratio {ratio:.1f}"
    )

    print("\nbody, MB   seconds   seconds per MB   mail-parser alone, seconds")
    line = "Jag vill anmäla mig till den 20 september och arbetar på biblioteket i Kumla.\n"
    for size in SIZES:
        message = EmailMessage()
        message["From"] = "Eva Berg <eva.berg@kumla.se>"
        message.set_content(line * (size // len(line)))
        raw = message.as_bytes()
        mine = min(seconds(ours, [raw]) for _ in range(3))
        alone = min(seconds(mailparser.parse_from_bytes, [raw]) for _ in range(3))
        print(f"{size / 1e6:8.2f}   {mine:7.3f}   {mine / (size / 1e6):14.3f}   {alone:7.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
