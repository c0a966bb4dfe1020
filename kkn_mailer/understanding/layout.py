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


_BARE = re.compile(
    r"\b(första|andra|tredje|sista|båda|bägge|alla|first|second|third|last|both)\b(?=\s*(?:[,.!;:)\n]|$))", re.I
)
_NOUN = {
    "båda": "dagarna",
    "bägge": "dagarna",
    "alla": "dagarna",
    "both": "days",
    "first": "day",
    "second": "day",
    "third": "day",
    "last": "day",
}


def in_full(day: str) -> str:
    """`Båda` or `den andra`, alone in a cell or an answer, with the noun it stands without."""
    return _BARE.sub(lambda m: f"{m[1]} {_NOUN.get(m[1].lower(), 'dagen')}", day, count=1)


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


_RULE = re.compile(r"[\s|:+=-]+")
_RUN = re.compile(r"\S+(?: \S+)*")
_YES, _NO = (
    {"x", "ja", "yes", "1", "ok", "✓", "✔", "☒", "☑", "(x)", "[x]"},
    {"", "-", "–", "—", "nej", "no", "0", "☐", "( )", "[ ]"},
)
_DITTO = {'"', "''", "”", '-"-', "-''-", "-”-", "dito", "d:o", "ditto", "samma", "samma dag", "same"}
NOT_SETTLED = "ej bestämt"
"""What an empty cell says under a heading that the others fill: no other line's day is that one's."""


def _cells(line: str) -> list[str]:
    if "\t" in line:
        return [cell.strip() for cell in line.strip("\n ").split("\t")]
    if line.count("|") >= 1:
        return [cell.strip() for cell in line.strip().strip("|").split("|")]
    if line.count(";") >= 2:
        return [cell.strip() for cell in line.split(";")]
    return []


def _are_headings(cells: list[str]) -> bool:
    return len(cells) > 1 and sum(label_of(c) is not None for c in cells) >= max(2, (len(cells) + 1) // 2)


def _grid(lines: list[str]) -> list[tuple[int, list[str]]]:
    """The rows of a table by their lines, in cells parted by tabs, bars, semicolons, or columns of spaces."""
    for at, line in enumerate(lines):
        runs = list(_RUN.finditer(line))
        if "\t" not in line and _are_headings([run.group() for run in runs]):
            starts = [0, *(run.start() for run in runs[1:])]
            rows = [(at, [run.group() for run in runs])]
            for index, below in enumerate(lines[at + 1 :], at + 1):
                if (cells := _columns(below, starts)) is None:
                    break
                rows += [(index, cells)] if not _RULE.fullmatch(below) else []
            if len(rows) > 1:
                return rows
    rows = [(i, cells) for i, line in enumerate(lines) if len(cells := _cells(line)) >= 2 and not _RULE.fullmatch(line)]
    head = next((cells for _, cells in rows if _are_headings(cells)), [])
    if "" in head or any(len(cells) > len(head) for _, cells in rows):  # several tabs only to line the columns up
        return [(i, [cell for cell in cells if cell] if "\t" in lines[i] else cells) for i, cells in rows]
    return rows


def _columns(line: str, starts: list[int]) -> list[str] | None:
    """A line cut where the headings stand, or at its own gaps where these are as many; None when it is no row."""
    runs = [run.group() for run in _RUN.finditer(line)]
    if len(runs) == len(starts) or not runs:
        return runs or None
    if any(0 < start < len(line) and line[start - 1] != " " for start in starts):
        return None
    return [line[a:b].strip() for a, b in itertools.pairwise([*starts, max(len(line), starts[-1])])]


def _table(lines: list[str], names: Names) -> Layout | None:
    rows = _grid(lines)
    if len(rows) < 2:
        return None
    header_at = next(
        (n for n, (_, cells) in enumerate(rows) if _are_headings(cells) or _ticks(cells, rows[n + 1 :])), None
    )
    if header_at is not None:
        headings = rows[header_at][1]
        keys, body = (
            [label_of(cell) for cell in headings],
            _filled(headings, [cells for _, cells in rows[header_at + 1 :]]),
        )
        keys += ["date"]
    elif all(label_of(cells[0]) for _, cells in rows):
        return None
    else:
        keys, body = [], [cells for _, cells in rows]
    entries = tuple(filter(None, (_row(keys, cells, names) for cells in body)))
    used = {i for i, _ in rows} | {i for i, line in enumerate(lines) if line.strip() and _RULE.fullmatch(line)}
    rest = "\n".join(line for i, line in enumerate(lines) if i not in used)
    return Layout(entries, rest) if entries else None


def _ticks(headings: list[str], below: list[tuple[int, list[str]]]) -> bool:
    """Whether names stand in the first column and every other one is ticked or not."""
    cells = [fold(cell) for _, row in below for cell in row[1:]]
    return bool(label_of(headings[0]) == "name" and cells and {fold(c) for c in cells} <= _YES | _NO)


def _filled(headings: list[str], body: list[list[str]]) -> list[list[str]]:
    """The rows of a table, all as wide, with the days of columns that are ticked in one more cell each."""
    wide = len(headings)
    rows = [[*row, *[""] * (wide - len(row))] for row in body]
    ticked_ = [c for c in range(1, wide) if not label_of(headings[c]) and {fold(row[c]) for row in rows} <= _YES | _NO]
    day = next((c for c in range(wide) if label_of(headings[c]) == "date"), None)
    above = ""
    for row in rows:
        picked = ", ".join(headings[c] for c in ticked_ if fold(row[c]) in _YES)
        for c in ticked_:
            row[c] = ""
        if day is not None:
            row[day] = above = above if fold(row[day]) in _DITTO else row[day]
        row[wide:] = [picked or (NOT_SETTLED if ticked_ else "")]
    if day is not None and any(re.search(r"[^\W_]", row[day]) for row in rows):
        for row in rows:
            row[day] = row[day] if re.search(r"[^\W_]", row[day]) else NOT_SETTLED
    return rows


def _row(keys: list[str | None], cells: list[str], names: Names) -> Entry | None:
    values: dict[str, str] = {}
    loose: list[str] = []
    for index, cell in enumerate(cells):
        key = keys[index] if index < len(keys) else None
        if not cell:
            continue
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
