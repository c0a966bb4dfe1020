"""The signature under a person's own words: closing phrase, name, title, contact details, disclaimers, footers."""

from __future__ import annotations

import re
from functools import cache

from ..domain import Address
from ..folding import fold
from .quoting import listed

_PS = re.compile(r"^\s*(?:ps|p\.s\.?|pps)\b[.:!,]?\s?\S", re.IGNORECASE)
_CONTACT = re.compile(
    r"\d{2,4}[ -]\d|@|www\.|https?:|\.se\b|\b\d{3} ?\d{2}\b|\b(?:tel|tfn|mobil|mob|telefon|direkt|vaxel|phone|besok\w*|box|postadress|vx)\b|^\s*[-|_=*]{2,}|\bkommun\b|\bregion\b"
)


@cache
def _starts(key: str) -> re.Pattern[str]:
    return re.compile(r"^\s*(?:" + "|".join(map(re.escape, sorted(listed(key), key=len, reverse=True))) + r")(?!\w)")


def split_signature(text: str, sender: Address) -> tuple[str, str]:
    """Own words and signature; a postscript after the signature is own words."""
    lines = text.split("\n")
    at = _boundary(lines, sender)
    own, tail = _split_last_line(lines[:at], lines[at:])
    postscript = next((i for i, line in enumerate(tail) if i and _PS.match(line)), None)
    if postscript is not None:
        end = next((i for i in range(postscript + 1, len(tail)) if not tail[i].strip()), len(tail))
        own, tail = [*own, "", *tail[postscript:end]], tail[:postscript] + tail[end:]
    return "\n".join(own).strip("\n"), "\n".join(tail).strip("\n")


_IN_LINE = re.compile(
    r"(?<=[.!?:)])\s+(//?\s?[a-z]|(?:mvh|m\.v\.h\.?|vh|mvh,|halsningar|halsn|halsning|vanliga halsningar|med vanlig halsning|vanligen|kram|bh|regards|best regards|kind regards|best|cheers|br)[ ,.]+[a-z])[^.!?]{1,90}$"
)


def _split_last_line(own: list[str], tail: list[str]) -> tuple[list[str], list[str]]:
    """A signature at the end of the last line itself, as phones' short mails have it: `Jag kommer! Mvh Eva Berg`."""
    last = next((i for i in range(len(own) - 1, -1, -1) if own[i].strip()), None)
    match = _IN_LINE.search(fold(own[last])[-400:]) if last is not None else None
    if last is None or match is None:
        return own, tail
    at = max(0, len(own[last]) - 400) + match.start()
    return [*own[:last], own[last][:at]], [own[last][at:].strip(), *own[last + 1 :], *tail]


def _boundary(lines: list[str], sender: Address) -> int:
    """The line where the signature begins; `len(lines)` where there is none."""
    end = len(lines)
    for index, line in enumerate(lines):
        if line.strip() in ("--", "—") and index:
            end = index
            break
    end = _cut_appendix(lines, end)
    for index in range(end):
        if _is_closing(lines[index]) and _is_tail(lines[index + 1 : end]) and (index or end > 1):
            return index
    return _name_block(lines, end, sender)


def _cut_appendix(lines: list[str], end: int) -> int:
    """Where a phone's footer or an organisation's disclaimer begins at the end of a mail."""
    for index in range(end):
        folded = fold(lines[index])
        if _starts("footers").match(folded) and index >= end - 6 and len(folded) < 120:
            return index
        if _starts("disclaimers").match(folded) and (index and not lines[index - 1].strip()):
            return index
    return end


def _is_closing(line: str) -> bool:
    folded = fold(line).strip()
    if not folded or len(folded) > 70:
        return False
    if re.match(r"^/{1,2}\s?[a-z][\w .&-]{0,40}$", folded):
        return True
    match = _starts("closings").match(folded)
    if not match:
        return False
    rest = folded[match.end() :].strip(" ,.!/")
    words = rest.split()
    if not words:
        return not folded.endswith("?")
    return (
        len(words) <= 6
        and not re.search(r"\b(?:jag|vi|for|att|till|den|det|i am|for the|you|din|ert|anmal\w*|kommer|\d+)\b", rest)
        and "," not in rest[:-1].replace(",", "", 1)
    )


def _is_tail(lines: list[str]) -> bool:
    """Whether nothing after a closing phrase is a message of its own: short lines, contact details, a disclaimer."""
    seen = 0
    for line in lines:
        folded = fold(line).strip()
        if not folded:
            continue
        if _PS.match(line) or _starts("disclaimers").match(folded):
            return True
        seen += 1
        if len(folded.split()) > 11 and not _CONTACT.search(folded):
            return seen > 3
        if folded.endswith(":") and not _CONTACT.search(folded):
            return False
        if re.match(r"^(?:jag|vi|i|we|hej|kan|har)\s", folded):
            return False
    return True


def _tokens(sender: Address) -> set[str]:
    named = fold(sender.name) if "@" not in sender.name else ""
    return set(re.findall(r"[a-z]{2,}", named)) | set(re.findall(r"[a-z]{2,}", fold(sender.email.partition("@")[0])))


def _is_name_line(line: str, tokens: set[str]) -> bool:
    """The sender's own name alone on a line, or with a title after a comma."""
    name, _, rest = line.strip().strip("/-–— ").partition(",")
    found = re.findall(r"[a-z]+", fold(name))
    if (
        not 1 <= len(found) <= 6
        or found[0] in ("namn", "name", "deltagare")
        or not tokens
        or len(rest) > 60
        or re.search(r"[\d:!?]", name)
    ):
        return False
    found = [word for word in found if len(word) > 1]
    return sum(word in tokens for word in found) >= (1 if len(found) == 1 else 2) and bool(
        name[:1].isupper() or name.islower()
    )


def _name_block(lines: list[str], end: int, sender: Address) -> int:
    """A last block that begins with the sender's name, or with a name over contact details."""
    tokens = _tokens(sender)
    for index in range(end):
        signed = _is_name_line(lines[index], tokens) or _is_signed_block(lines, index, end)
        if not signed or not _is_tail(lines[index:end]):
            continue
        before = next((lines[i].strip() for i in range(index - 1, -1, -1) if lines[i].strip()), "")
        if before.endswith((":", "–", "-")) or (
            before.endswith(",") and index and lines[index - 1].strip() and not fold(before).startswith(("hej", "hi"))
        ):
            continue
        if index and any(row.search(lines[index]) and row.search(lines[index - 1]) for row in (_ENTRY, _CELLS)):
            continue
        block = [line for line in lines[index:end] if line.strip()]
        if len(block) > 1 and _is_list(block):
            continue
        return index
    return end


_FULL_NAME = re.compile(r"^\s*[^\W\d_][\w'’-]+(?:\s(?:[a-z]{1,3}\s)?[A-ZÅÄÖÉ][\w'’-]+){1,3}\s*$")
_TITLE = re.compile(
    r"\b\w*(?:chef|strateg|are|sekreterare|konsulent|assistent|ator|or|ansvarig|lots|rektor|pedagog|producent|arie|manager|officer|director|head|coordinator|librarian|ordforande|rad|direktor|intendent|kommun|kommuns|region)\b"
)


def _is_signed_block(lines: list[str], index: int, end: int) -> bool:
    """The last block of a mail: anybody's full name alone on a line, over a title or an organisation."""
    if not _FULL_NAME.match(lines[index]) or not lines[index].strip()[0].isupper():
        return False
    if index == end - 1 and index and re.search(r"[.!?)]\s*$", lines[index - 1]):
        return True
    if index and lines[index - 1].strip() and not re.search(r"[.!?)]\s*$", lines[index - 1]):
        return False
    below = [line for line in lines[index + 1 : end] if line.strip()]
    return (
        bool(below)
        and not any(_FULL_NAME.match(line) and not _TITLE.search(fold(line)) for line in below)
        and bool(_TITLE.search(fold(below[0])) or _CONTACT.search(fold(below[0])))
    )


_CELLS = re.compile(r"\S ?[\t|]|\S {3,}\S|;[^;]*;")
_ENTRY = re.compile(r"^\s*(?:[-*•·]|\d{1,2}[.)])?\s*[A-ZÅÄÖÉ][\w'’-]+(?:\s[A-ZÅÄÖÉ][\w'’.-]+)+\s*[,(–:-]")


def _is_list(block: list[str]) -> bool:
    return sum(bool(_ENTRY.match(line)) for line in block) >= 2
