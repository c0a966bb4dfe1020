"""Replies and forwards as mail programs write them, in six languages: exactly the sender's own words are kept."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kkn_mailer.letter import read_letter

FOLDER = Path(__file__).parent / "quoted"
EXAMPLES = [json.loads(line) for line in (FOLDER / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
FOOTER = re.compile(
    r"(?im)^(?:-- \n)?\s*(?:skickat från|skickades från|sent from|h[aä]mta outlook|hanki outlook|skaffa outlook|get outlook|hent outlook|lähetetty|sendt fra|von meinem|gesendet|sent with|skickat med|skickat via)\b.*$"
)
UNREAD = {"q079.eml": "answers told from the original by nothing but the colour of the text"}


def plain(text: str) -> str:
    return " ".join(FOOTER.sub("", text).split())


@pytest.mark.parametrize(
    "about",
    [
        pytest.param(
            about,
            id=f"{about['file'][:4]}-{about['client']}-{about['language']}",
            marks=[pytest.mark.xfail(reason=UNREAD[about["file"]])] if about["file"] in UNREAD else [],
        )
        for about in EXAMPLES
    ],
)
def test_own_words_are_kept(about: dict[str, str]) -> None:
    letter = read_letter((FOLDER / about["file"]).read_bytes())
    assert plain(f"{letter.own}\n{letter.signature}") == plain(about["own"])
