"""Why something is left to the organiser: written and kept in Swedish, told in the event's language where it is shown."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from .event import Language


def worded(reason: str, language: Language) -> str:
    """A reason in a language; what stands for `{}` may be told in turn, and what is not in the list stays as it is."""
    if language == "en":
        for pattern, english in _english():
            if match := pattern.fullmatch(reason):
                return english.format(*(worded(part, language) for part in match.groups()))
    return reason


@cache
def _english() -> list[tuple[re.Pattern[str], str]]:
    table = tomllib.loads(Path(__file__).with_name("reasons.toml").read_text(encoding="utf-8"))
    return [(re.compile(re.escape(sv).replace(r"\{\}", "(.+)"), re.DOTALL), en) for sv, en in table.items()]
