"""The shape in which a mail gives people with labels: tables and forms."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from functools import cache

from ..folding import fold
from .names import Names, is_given
from .text import lexicon, pattern, words

FIELDS = ("name", "first_name", "last_name", "municipality", "unit", "title", "date", "email", "phone", "diet")


@dataclass(frozen=True, slots=True)
class Entry:
    """One person as the layout gives them: labelled values and the rest of the line."""

    name: str | None
    text: str
    fields: dict[str, str] = field(default_factory=dict)
    perhaps: bool = False
    """Whether a cell of hers says that it is not sure."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The entries found and the lines that belong to none of them."""

    entries: tuple[Entry, ...] = ()
    rest: str = ""


@cache
def _labels() -> dict[str, str]:
    listed: dict[str, list[str]] = lexicon()["people"]["labels"]  # type: ignore[assignment]
    return {fold(label): key for key in FIELDS for label in listed[key]}


_ASKS = {key: pattern("labels", key) for key in ("name", "municipality", "title", "date")}


def label_of(text: str) -> str | None:
    """The field a label or a column's heading names."""
    folded = re.sub(r"\s*\([^)]*\)|[*?:]", "", fold(text)).strip(" .-_*1234567890)")
    return _labels().get(folded) or next((key for key, asks in _ASKS.items() if asks.fullmatch(folded)), None)


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


_CAPITAL = r"(?:[a-z]{1,3}[-'’])?[^\W\d_a-zåäö][^\W\d_]*(?:['’-][^\W\d_]+)*"
_LEAD = r"(?P<lead>^[ \t]*(?P<bullet>[-*•·–]|\d{1,2}[.)])?[ \t]*|[;:][ \t]+)"
_LAST = rf"(?P<last>(?:(?:af|av|von|van|de|der|la|el|al|bin) ){{0,2}}{_CAPITAL}(?: {_CAPITAL}){{0,2}})"
_TURNED_ROUND = [
    re.compile(rf"{_LEAD}{_LAST}{between}(?P<first>{_CAPITAL}(?: {_CAPITAL})?)(?=[ \t]*(?:$|[,;:(.|/\t–—-]))", re.M)
    for between in (r",[ \t]*", " ")
]
"""`Berg, Eva` and `Berg Eva`, at the head of a line or a piece of one."""


def first_names_first(text: str, names: Names) -> str:
    """A text whose list has the surnames first, with each name as it is said; one alone stands under a colon."""
    for turned in _TURNED_ROUND:
        found = list(turned.finditer(text))
        for_, against = _orders(found, names)
        lead = next((m for m in found if m not in against), None)
        alone = len(found) - len(against) == 1 and lead and not (lead["bullet"] or _under_a_colon(text, lead))
        comma = turned is _TURNED_ROUND[0]
        if not for_ or alone or (len(against) >= (len(for_) if comma else 1)) or (len(for_) < 2 and not comma):
            continue
        for match in reversed([m for m in found if m not in against]):
            text = f"{text[: match.start('last')]}{match['first']} {match['last']}{text[match.end() :]}"
    return text


def _under_a_colon(text: str, match: re.Match[str]) -> bool:
    return text[max(0, match.start("last") - 12) : match.start("last")].rstrip().endswith(":")


def _orders(found: list[re.Match[str]], names: Names) -> tuple[list[re.Match[str]], list[re.Match[str]]]:
    """Of pairs of words that may be a name turned round: those that are for sure, and those that are none.

    A surname that is a first name or a place besides (`Lund, Eva`) goes as the others of its list.
    """
    sure, none = [], []
    for match in found:
        last, first = match["last"].split(), match["first"].split()
        given, known = (
            all(map(is_given, first)),
            is_given(last[0].partition("-")[2] if last[0][0].islower() else last[0]),
        )
        usual = all(map(names.may_be, last))
        if (known and not (given and len(last) == 1)) or not (given or (usual and all(map(names.may_be, first)))):
            none.append(match)
        elif given and usual and not known and not any(map(names.place, last)):
            sure.append(match)
    return sure, none


_BARE = re.compile(
    r"\b(första|andra|tredje|sista|båda|bägge|alla|first|second|third|last|both)\b(?=\s*(?:[,.!;:)\n]|$))", re.I
)
_NTH = re.compile(r"\b(?:dag|day|tillfälle|datum|session) ([1-5])\b(?!\s?/)", re.I)
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


_ORDINALS = ("första", "andra", "tredje", "fjärde", "femte")


def in_full(day: str) -> str:
    """`Båda` or `den andra`, alone in a cell or an answer, with the noun it stands without; `dag 2` as `andra dagen`."""
    day = _NTH.sub(lambda m: f"{_ORDINALS[int(m[1]) - 1]} dagen", day)
    return _BARE.sub(lambda m: f"{m[1]} {_NOUN.get(m[1].lower(), 'dagen')}", day, count=1)


def read_layout(text: str, names: Names) -> Layout:
    """Tables first, then forms; whatever is neither stays as prose."""
    lines = [part for line in text.split("\n") for part in _labels_apart(line)]
    return _table(lines, names) or _form(lines, names) or Layout(rest=text)


_INLINE = re.compile(r"(?<=[.;,])\s+(?=([^\W\d_][^:.;,\n]{1,30}):\s)")


def _labels_apart(line: str) -> list[str]:
    """`Name: Kim Ek. Role: planner.` as two lines, where several labels stand in one."""
    if line.count(":") < 2:
        return [line]
    cuts = [0, *(m.end() for m in _INLINE.finditer(line) if label_of(m[1])), len(line)]
    return [line[a:b].rstrip(" .;,") for a, b in itertools.pairwise(cuts)] if len(cuts) > 3 else [line]


_RULE = re.compile(r"[\s|:+=-]+")
_RUN = re.compile(r"\S+(?: \S+)*")
_YES, _NO = frozenset(words("people", "ticked")), frozenset({"", *words("people", "unticked")})
_PERHAPS = pattern("perhaps", "cell")
_SUMS = frozenset(words("people", "sums"))
_DITTO = {'"', "''", "”", '-"-', "-''-", "-”-", "dito", "d:o", "ditto", "samma", "samma dag", "same"}
_WIDEST, _HEADING, _INDENT, _LONGEST = 200, 40, 3, 80
"""Of a table in columns of spaces: characters in a line, in a heading, and before one of the second column; lines."""
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


def _are_headings(cells: list[str], below: list[list[str]] = []) -> bool:  # noqa: B006 — only read
    """Whether cells head columns: most are labels, or there are columns of ticks under them."""
    labelled = sum(label_of(c) is not None for c in cells)
    return len(cells) > 1 and (labelled >= max(2, (len(cells) + 1) // 2) or bool(_ticks(cells, below)))


def _header_at(rows: list[tuple[int, list[str]]]) -> int | None:
    below = [cells for _, cells in rows]
    return next((n for n, cells in enumerate(below[:_LONGEST]) if _are_headings(cells, below[n + 1 :])), None)


def _ticks(headings: list[str], below: list[list[str]]) -> list[int]:
    """The columns without a label that are ticked or not on every line, the first one not among them."""
    may = [c for c, h in enumerate(headings) if c and fold(h) not in _YES | _NO and label_of(h) in (None, "date")]
    cells = {c: {fold(row[c]) if c < len(row) else "" for row in below if not _is_sum(row)} for c in may}
    return [c for c in may if cells[c] & _YES and cells[c] <= _YES | _NO]


def _is_sum(row: list[str]) -> bool:
    return fold(next(filter(None, row), "")).strip(" :") in _SUMS


def _grid(lines: list[str]) -> list[tuple[int, list[str]]]:
    """The rows of a table by their lines, in cells parted by tabs, bars, semicolons, or columns of spaces."""
    for at, line in enumerate(lines):
        rows = _spaced(lines, at) if "\t" not in line else []
        if len(rows) > 1 and _are_headings(rows[0][1], [cells for _, cells in rows[1:]]):
            return rows
    rows = [(i, cells) for i, line in enumerate(lines) if len(cells := _cells(line)) >= 2 and not _RULE.fullmatch(line)]
    top = _header_at(rows)
    head = [] if top is None else rows[top][1]
    if top is not None and _ticks(head, [cells for _, cells in rows[top + 1 :]]):
        return rows
    if "" in head or any(len(cells) > len(head) for _, cells in rows):  # several tabs only to line the columns up
        return [(i, [cell for cell in cells if cell] if "\t" in lines[i] else cells) for i, cells in rows]
    return rows


def _spaced(lines: list[str], at: int) -> list[tuple[int, list[str]]]:
    """The rows of a table in columns of spaces that a line may head."""
    runs = list(_RUN.finditer(lines[at]))
    if len(runs) < 2 or runs[-1].end() > _WIDEST or max(len(run.group()) for run in runs) > _HEADING:
        return []
    over_names = [""] if runs[0].start() > _INDENT else []
    starts = [0, *(run.start() for run in (runs if over_names else runs[1:]))]
    rows = [(at, over_names + [run.group() for run in runs])]
    for index, below in enumerate(lines[at + 1 : at + _LONGEST], at + 1):
        if (cells := _columns(below, starts)) is None:
            break
        rows += [(index, cells)] if not _RULE.fullmatch(below) else []
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
    header_at = _header_at(rows)
    if header_at is not None:
        headings, body = rows[header_at][1], [cells for _, cells in rows[header_at + 1 :] if not _is_sum(cells)]
        ticks = _ticks(headings, body)
        keys = [label_of(cell) if at not in ticks else None for at, cell in enumerate(headings)]
        if ticks and not {"name", "first_name", "last_name"} & {*keys}:
            keys[next((c for c, key in enumerate(keys) if not key and c not in ticks), 0)] = "name"
        told, body = body, _filled(headings, keys, body)
        keys += ["date"]
    elif all(label_of(cells[0]) for _, cells in rows):
        return None
    else:
        keys, ticks, told = [], [], [cells for _, cells in rows]
        body = told
    unsure = [_is_perhaps(keys, ticks, cells) for cells in told]
    rows_ = (_row(keys, cells, names, perhaps) for cells, perhaps in zip(body, unsure, strict=True))
    entries = tuple(filter(None, rows_))
    used = {i for i, _ in rows} | {i for i, line in enumerate(lines) if line.strip() and _RULE.fullmatch(line)}
    rest = "\n".join(line for i, line in enumerate(lines) if i not in used)
    return Layout(entries, rest) if entries else None


def _filled(headings: list[str], keys: list[str | None], body: list[list[str]]) -> list[list[str]]:
    """The rows of a table, all as wide, with the days of columns that are ticked in one more cell each."""
    wide = len(headings)
    rows = [[*row, *[""] * (wide - len(row))] for row in body]
    ticked_ = [c for c in range(1, wide) if not keys[c] and {fold(row[c]) for row in rows} <= _YES | _NO]
    day = keys.index("date") if "date" in keys else None
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


def _is_perhaps(keys: list[str | None], ticks: list[int], cells: list[str]) -> bool:
    """Whether a cell of a row says `kanske`, or one that is ticked for a day asks; not a day or work that is not known."""
    keyed = [(keys[at] if at < len(keys) else None, fold(cell)) for at, cell in enumerate(cells)]
    undecided = cells.count("?") > 1 and not any(cell in _YES for _, cell in keyed)  # which day, not whether
    return any(
        (_PERHAPS.fullmatch(cell) and ("?" not in cell or key in (None, "date", "name")))
        or (cell == "?" and at in ticks and not undecided)
        for at, (key, cell) in enumerate(keyed)
        if key not in ("phone", "email") and (key != "diet" or len(cell.split()) == 1)
    )


def _row(keys: list[str | None], cells: list[str], names: Names, perhaps: bool = False) -> Entry | None:
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
    name, more = _said_apart(name, names)
    return Entry(names.proper(name), "\n".join(filter(None, (more, *loose))), values, perhaps)


def _said_apart(cell: str, names: Names) -> tuple[str, str]:
    """A cell's name, the first name first (`Ek, Anna`), and what it says behind that (`Anna Ek, arkivarie`, in brackets)."""
    cell, _, aside = cell.partition("(")
    last, _, first = (part.strip(" ,") for part in cell.partition(","))
    if aside or not first:
        return cell.strip(" ,") or aside, aside.strip(" )")
    whole = " " in last and is_given(last.split()[0])
    return (last, first) if whole or not all(map(names.may_be, first.split())) else (f"{first} {last}", "")


_BARE_LABEL = re.compile(r"^\s*([^\W\d_]{3,})\s+(\S.*)$")


def _form(lines: list[str], names: Names) -> Layout | None:
    entries: list[dict[str, str]] = []
    used: set[int] = set()
    current: dict[str, str] = {}
    waiting: str | None = None
    bare = sum(bool((m := _BARE_LABEL.match(line)) and label_of(m[1])) for line in lines) >= 3
    for index, line in enumerate(lines):
        match = (
            _LABELLED.match(line) or (bare and _BARE_LABEL.match(line)) or re.match(r"^\s*([^:]{2,40}):\s*()$", line)
        )
        label, value = (match[1], match[2].strip()) if match else ("", "")
        key = label_of(label)
        if value and not key and current and (answer := fold(value).strip(" .!")) in _YES | _NO:
            key, value = "date", label.strip() if answer in _YES else ""  # `12/2: ja`
        if match and key:
            if key in current and (key in ("name", "first_name")):
                entries.append(current)
                current = {}
            current[key] = ", ".join(filter(None, (current.get(key), value)))
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
        said, more = _said_apart(name, names) if name else (None, "")
        made.append(Entry(said, more, entry))
    return Layout(tuple(made), rest)
