"""The words on the sheets that follow the event's language (`words.toml`)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from ..domain import Status
from ..event import Event, Language


class Words(dict[str, str]):
    """One language's words by key."""

    def of(self, status: Status) -> str:
        return self[status.value]


@cache
def _table() -> dict[Language, Words]:
    raw = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    return {"sv": Words(raw["sv"]), "en": Words(raw["en"])}


def words(event: Event) -> Words:
    return _table()[event.language]
