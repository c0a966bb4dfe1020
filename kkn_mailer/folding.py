"""Text folded to plain lower-case letters, so that `Å`, `å` and a phone's `a` compare equal."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

_SPECIAL = {"ß": "s", "æ": "a", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i"}
_SPECIAL |= dict.fromkeys("’‘´`", "'") | dict.fromkeys("–—‑−", "-")


_MARKED = re.compile("[^\x00-\x7f]|`")


@cache
def _fold_char(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    base = unicodedata.normalize("NFD", char)[0].lower()[:1]
    return _SPECIAL.get(base, base) or char


@lru_cache(maxsize=1024)
def fold(text: str) -> str:
    """Lower case without diacritics, character for character: `len(fold(text)) == len(text)`."""
    return text.lower() if text.isascii() else _MARKED.sub(lambda char: _fold_char(char[0]), text).lower()
