"""The shape in which a mail gives people with labels: tables and forms."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from functools import cache

from ..folding import fold
from .names import Names
from .text import lexicon

FIELDS = ("name", "first_name", "last_name", "municipality", "unit", "title", "date", "email", "phone", "diet")


@dataclass(frozen=True, slots=True)
class Entry:
    """One person as the layout gives them: labelled values and the rest of the line."""

    name: str | None
    text: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """The entries found and the lines that belong to none of them."""

    entries: tuple[Entry, ...] = ()
    rest: str = ""


@cache
def _labels() -> dict[str, str]:
    listed: dict[str, list[str]] = lexicon()["people"]["labels"]  # type: ignore[assignment]
    return {fold(label): key for key in FIELDS for label in listed[key]}


def label_of(text: str) -> str | None:
    """The field a label or a column's heading names."""
    folded = re.sub(r"\s*\([^)]*\)|[*?:]", "", fold(text)).strip(" .-_*1234567890)")
    return _labels().get(folded)


_LABELLED = re.compile(
    r"^\s*(?:[-*•·]\s*)?([^\t:(]{2,40}?(?:\s*\([^)\t]{0,80}\))?)\s*(?::\s*|\t+|\s{3,}|\s[-–]\s)(.*)$"
)


_TICKED = re.compile(r"^\s*(?:[\[(]\s?[xX✓✔v]\s?[\])]|[☒☑✓✔✅])\s*(?=\S)")
_UNTICKED = re.compile(r"^\s*(?:[\[(]\s{0,3}[\])]|[☐□])")


def ticked(text: str) -> str:
    """A text whose boxes are ticked, without the lines that were left unticked."""
    lines = text.split("\n")
    if not any(map(_TICKED.match, lines)):
        return text
    return "\n".join(_TICKED.sub("", line) for line in lines if not _UNTICKED.match(line))


def read_layout(text: str, names: Names) -> Layout:
    """Tables first, then forms; whatever is neither stays as prose."""
    lines = [part for line in text.split("\n") for part in _labels_apart(line)]
    return _table(lines, names) or _form(lines) or Layout(rest=text)


_INLINE = re.compile(r"(?<=[.;,])\s+(?=([^\W\d_][^:.;,\n]{1,30}):\s)")


def _labels_apart(line: str) -> list[str]:
    """`Name: Kim Ek. Role: planner.` as two lines, where several labels stand in one."""
    if line.count(":") < 2:
        return [line]
    cuts = [0, *(m.end() for m in _INLINE.finditer(line) if label_of(m[1])), len(line)]
    return [line[a:b].rstrip(" .;,") for a, b in itertools.pairwise(cuts)] if len(cuts) > 3 else [line]


def _cells(line: str) -> list[str]:
    if "\t" in line:
        return [cell.strip() for cell in re.split(r"\t+", line.strip("\n ").strip())]
    if line.count("|") >= 1:
        return [cell.strip() for cell in line.strip().strip("|").split("|")]
    if line.count(";") >= 2:
        return [cell.strip() for cell in line.split(";")]
    return []


def _table(lines: list[str], names: Names) -> Layout | None:
    rows = [
        (i, cells)
        for i, line in enumerate(lines)
        if len(cells := _cells(line)) >= 2 and not re.fullmatch(r"[\s|:+-]+", line)
    ]
    if len(rows) < 2:
        return None
    header_at = next(
        (
            n
            for n, (_, cells) in enumerate(rows)
            if sum(label_of(c) is not None for c in cells) >= max(2, (len(cells) + 1) // 2)
        ),
        None,
    )
    if (header_at is not None and len(rows[0][1]) > 2) or (header_at is not None and label_of(rows[header_at][1][1])):
        keys = [label_of(cell) for cell in rows[header_at][1]]
        body = rows[header_at + 1 :]
    elif all(label_of(cells[0]) for _, cells in rows):
        return None
    else:
        keys, body = [], rows
    entries = []
    used = {i for i, _ in rows}
    for _, cells in body:
        entry = _row(keys, cells, names)
        if entry:
            entries.append(entry)
    used |= {i for i, line in enumerate(lines) if re.fullmatch(r"[\s|:+-]+", line) and line.strip()}
    rest = "\n".join(line for i, line in enumerate(lines) if i not in used)
    return Layout(tuple(entries), rest) if entries else None


def _row(keys: list[str | None], cells: list[str], names: Names) -> Entry | None:
    values: dict[str, str] = {}
    loose: list[str] = []
    for index, cell in enumerate(cells):
        key = keys[index] if index < len(keys) else None
        if key and key in values:
            values[key] += ", " + cell
        elif key:
            values[key] = cell
        else:
            loose.append(cell)
    name = values.get("name") or " ".join(filter(None, (values.get("first_name"), values.get("last_name")))) or None
    if name is None:
        name = next((cell for cell in loose if names.line_name(cell)), None)
        if name is None:
            return None
        loose.remove(name)
    if not re.search(r"[^\W\d_]", name):
        return None
    return Entry(names.proper(_swapped(name)), "\n".join(loose), values)


def _swapped(name: str) -> str:
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else name.strip()


_BARE_LABEL = re.compile(r"^\s*([^\W\d_]{3,})\s+(\S.*)$")


def _form(lines: list[str]) -> Layout | None:
    entries: list[dict[str, str]] = []
    used: set[int] = set()
    current: dict[str, str] = {}
    waiting: str | None = None
    bare = sum(bool((m := _BARE_LABEL.match(line)) and label_of(m[1])) for line in lines) >= 3
    for index, line in enumerate(lines):
        match = (
            _LABELLED.match(line) or (bare and _BARE_LABEL.match(line)) or re.match(r"^\s*([^:]{2,40}):\s*()$", line)
        )
        key = label_of(match[1]) if match else None
        if match and key:
            if key in current and (key in ("name", "first_name")):
                entries.append(current)
                current = {}
            current[key] = match[2].strip() if key not in current else f"{current[key]}, {match[2].strip()}"
            waiting = key if not match[2].strip() else None
            used.add(index)
        elif waiting and line.strip():
            current[waiting] = line.strip()
            used.add(index)
            waiting = None
    if current:
        entries.append(current)
    useful = [entry for entry in entries if any(entry.values())]
    if sum(len(entry) for entry in useful) < 2:
        return None
    rest = "\n".join(line for i, line in enumerate(lines) if i not in used)
    made = []
    for entry in useful:
        name = entry.get("name") or " ".join(filter(None, (entry.get("first_name"), entry.get("last_name")))) or None
        made.append(Entry(_swapped(name) if name else None, "", entry))
    return Layout(tuple(made), rest)
