"""What the sender wrote now, apart from what is quoted or passed on below, between or above it."""

from __future__ import annotations

import itertools
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ..domain import Address
from ..folding import fold
from .mime import addresses


@cache
def listed(key: str) -> tuple[str, ...]:
    """A list of `quoting.toml`, folded."""
    lists = tomllib.loads((files(__package__) / "quoting.toml").read_text(encoding="utf-8"))
    return tuple(fold(word) for word in lists[key])


@cache
def _keys() -> dict[str, str]:
    return {word: key for key in ("subject", "to", "sent", "from") for word in listed(key)}


@dataclass(frozen=True, slots=True)
class Separated:
    """A text taken apart: own words, the original of a reply, and a passed-on mail with its sender."""

    own: str
    quoted: str = ""
    forwarded: str = ""
    forwarded_from: Address | None = None
    answers: tuple[tuple[str, str], ...] = ()
    """Quoted lines with what is written between them and the next: what stands above, and the answer below."""


_LEAD = re.compile(r"^(?:\s?>)+\s?|^\s*\|\s")
_HAS_DATE = re.compile(r"\d{1,2}[.:]\d\d|\b(?:19|20)\d\d\b|\d{1,2}[/.-]\d{1,2}|@|\d{1,2}\.?\s[a-z]{3}")


@cache
def _wrote() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:" + "|".join(map(re.escape, listed("wrote"))) + r")\b(?P<who>(?:[^:]|:(?=\d\d)){0,160}):\s*$"
    )


_DATED_ADDRESS = re.compile(r"^(?=.*\b(?:19|20)\d\d\b)(?=.*\d{1,2}[.:]\d\d).*<[^<>\s]+@[^<>\s]+>\s?:\s*$")
"""An attribution without a verb, as FairEmail writes it: `22 nov. 2021 08:05:51 X <x@y>:`."""
_GROUPWISE = re.compile(r"^>>>\s.*\d{1,2}[.:]\d\d.*>>>\s*$")
"""GroupWise's: `>>> X <x@y> 2020-01-09 10:12 >>>`, over a quote that carries no marks."""


def _bare(line: str) -> str:
    """A line without quote marks, rules and bold stars around it, folded."""
    return fold(_unquote(line)).strip(" \t*_=-")


def _header_key(line: str) -> str | None:
    """The key a header-block line has, whatever its language: from, sent, to or subject."""
    if ":" not in line:
        return None
    key = fold(_unquote(line)).strip(" \t").lstrip("*").partition(":")[0]
    return _keys().get(key.strip(" *")) if len(key) < 24 else None


def _header_block(lines: list[str], at: int) -> int:
    """How many lines the header block at `at` has; 0 where none begins.

    It begins with a From line and has two more keys close by, folded lines and blank ones between.
    """
    if _header_key(lines[at]) != "from" or not _names_somebody(lines[at].partition(":")[2]):
        return 0
    seen, end, slack = {"from"}, at + 1, 0
    for index in range(at + 1, min(at + 14, len(lines))):
        key = _header_key(lines[index])
        if key:
            seen.add(key)
            end, slack = index + 1, 0
        else:
            slack += 1
            if slack > 2 or (not _bare(lines[index]) and len(seen) > 2):
                break
    return end - at if len(seen) >= 3 else 0


def _names_somebody(value: str) -> bool:
    """Whether a From line's value can be a mailbox rather than the rest of a sentence."""
    text = value.strip(" *\"'")
    return not text or "@" in text or not text[0].islower()


def _attribution(lines: list[str], at: int) -> int:
    """How many lines the attribution at `at` has (up to three, as it may be wrapped); 0 where there is none."""
    if not _bare(lines[at]):
        return 0
    if _GROUPWISE.match(lines[at]):
        return 1
    text = ""
    for count in (1, 2, 3):
        if at + count > len(lines) or not _bare(lines[at + count - 1]):
            return 0
        text = (text + " " + _unquote(lines[at + count - 1]).strip(" \t*_=-")).strip()
        if len(text) > 400:
            return 0
        if not text.endswith(":"):
            continue
        folded = fold(text)
        if _DATED_ADDRESS.match(folded):
            return count
        found = _wrote().search(folded)
        if found and (_starts_quote(lines, at + count) or (_HAS_DATE.search(folded) and _by_name(text, found))):
            return count
        if not found:
            return 0
    return 0


def _by_name(text: str, found: re.Match[str]) -> bool:
    """Whether who wrote stands as a name does: `skrev Eva Berg:`, not `skrev du att det fanns plats:`."""
    who = re.sub(r"[<(\[].*", "", text[found.start("who") : found.end("who")]).strip(" *,\"'")
    return (
        "@" in text
        or not who
        or not who.split()[0].islower()
        or bool(re.match(r"foljande|f\u00f8lgende|folgende|på|pa|den|on|kl", fold(who)))
    )


def _starts_quote(lines: list[str], at: int) -> bool:
    return any(_marked(line) for line in lines[at : at + 3])


def _mark(line: str, key: str) -> bool:
    text = _bare(line).rstrip(":").strip()
    if len(text) >= 60 or not text.startswith(listed(key)):
        return False
    return any(text.startswith(mark) and len(text) < len(mark) + 12 for mark in listed(key))


def _unquote(line: str) -> str:
    return _LEAD.sub("", line) if ">" in line or "|" in line else line


def is_forward(subject: str) -> bool:
    """Whether the outermost prefix of a subject says the mail is passed on."""
    prefix, colon, _ = fold(subject).partition(":")
    return (
        bool(colon) and prefix.strip() in listed("forward_prefixes") and prefix.strip() not in listed("reply_prefixes")
    )


def separate(text: str, subject: str, depth: int = 0) -> Separated:
    """Take a text apart; linear in its length. `depth` counts forwards within forwards, of which three are followed."""
    lines = text.split("\n")
    own: list[str] = []
    quoted: list[str] = []
    between: list[str] = []
    at = 0
    last_marked = _last_marked(lines)
    first, answered = _first_attribution(lines), _last_answer(lines, last_marked)
    while at < len(lines):
        line = lines[at]
        if _mark(line, "forward_marks"):
            return _forward(own, quoted, lines, at + 1, depth)
        if _marked(line) and first <= at < answered:
            quoted.append(line)
            between.append(line)
            at += 1
            continue
        rule = _is_rule(line) or _mark(line, "reply_marks")
        ahead = next((i for i in range(at + 1, min(at + 4, len(lines))) if _bare(lines[i])), None) if rule else None
        if rule and (_mark(line, "reply_marks") or (ahead is not None and _header_block(lines, ahead))):
            return _rest(own, quoted, lines, at + 1 if ahead is None else ahead, subject, depth)
        if _header_block(lines, at):
            return _rest(own, quoted, lines, at, subject, depth)
        if count := _attribution(lines, at):
            follow = at + count
            if last_marked < follow:
                quoted += lines[at:]
                break
            quoted += lines[at:follow]
            at = follow
            continue
        (quoted if _marked(line) and at >= first else own).append(line)
        between.append(line)
        at += 1
    return Separated(_tidy(own), _tidy([_unquote(line) for line in quoted]), answers=_interleaved(between))


def _marked(line: str) -> bool:
    return line.lstrip().startswith(">")


def _last_marked(lines: list[str]) -> int:
    return next((i for i in range(len(lines) - 1, -1, -1) if _marked(lines[i])), -1)


def _last_answer(lines: list[str], last_marked: int) -> int:
    """The last unmarked line that has marked ones below it; -1 where nothing is written between."""
    return next((i for i in range(last_marked - 1, -1, -1) if lines[i].strip() and not _marked(lines[i])), -1)


def _first_attribution(lines: list[str]) -> int:
    """Where the first attribution stands; what is marked with `>` above it is the sender's own way of writing.

    0 where there is none, or where so much is marked above, or so often between lines of her own, that it must be the
    quote.
    """
    marked = blocks = 0
    for at, line in enumerate(lines):
        if _marked(line):
            marked += 1
            blocks += not at or not _marked(next((above for above in reversed(lines[:at]) if above.strip()), ""))
            if marked > 2 or blocks > 1:
                return 0
        elif marked and _attribution(lines, at):
            return at
    return 0


def _interleaved(lines: list[str]) -> tuple[tuple[str, str], ...]:
    """Answers written between quoted lines, each with the last quoted lines above it (RFC 3676 section 4.5)."""
    blocks: list[tuple[bool, list[str]]] = []
    for line in filter(str.strip, lines):
        mark = _marked(line)
        if not blocks or blocks[-1][0] != mark:
            blocks.append((mark, []))
        if text := (_unquote(line) if mark else line).strip():
            blocks[-1][1].append(text)
    if sum(mark for mark, _ in blocks) < 2:
        return ()
    return tuple(
        ("\n".join(above[-3:]), "\n".join(below))
        for (mark, above), (_, below) in itertools.pairwise(blocks)
        if mark and above
    )


def marked_answers(quoted: str, name: str) -> tuple[tuple[str, str], ...]:
    """Answers written into the original and marked with who wrote them, as Outlook does: `[Eva Berg] På fredagen.`"""
    writer = sorted(re.findall(r"\w+", name.casefold()))
    above, found = "", []
    for line in filter(str.strip, quoted.split("\n")):
        told = re.match(r"\s*\[([^\]]+)\]:?\s*(\S.*)", line)
        if told and writer and sorted(re.findall(r"\w+", told[1].casefold())) == writer:
            found.append((above, told[2].strip()))
        else:
            above = line.strip()
    return tuple(found)


def _is_rule(line: str) -> bool:
    bare = line.strip(" >")
    return len(bare) >= 5 and len(set(bare)) == 1 and bare[0] in "_-=*"


def _rest(own: list[str], quoted: list[str], lines: list[str], at: int, subject: str, depth: int) -> Separated:
    """Everything from a header block on: the original of a reply, or of a forward by the subject's prefix."""
    if is_forward(subject):
        return _forward(own, quoted, lines, at, depth)
    return Separated(_tidy(own), _tidy([_unquote(line) for line in [*quoted, *lines[at:]]]))


def _forward(own: list[str], quoted: list[str], lines: list[str], at: int, depth: int) -> Separated:
    while at < len(lines) and not _bare(lines[at]):
        at += 1
    size = _header_block(lines, at) if at < len(lines) else 0
    sender = None
    for line in lines[at : at + size]:
        if _header_key(line) == "from":
            value = _unquote(line).partition(":")[2].strip(" *")
            found = addresses([re.sub(r"\[mailto:([^\]]*)\]", r"<\1>", value)])
            sender = found[0] if found else Address(value, "")
    below = [_unquote(line) for line in lines[at + size :]]
    inner = separate("\n".join(below), "", depth + 1) if size and depth < 3 else Separated("\n".join(below))
    return Separated(_tidy(own), _tidy([*map(_unquote, quoted), inner.quoted]), inner.own.strip("\n"), sender)


def _tidy(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() if line != "-- " else line for line in lines)).strip("\n")
