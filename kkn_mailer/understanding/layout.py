"""The shape in which a mail lists people: tables, forms, and lists with headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from ..folding import fold
from .names import Names

FIELDS = ("name", "first_name", "last_name", "municipality", "unit", "title", "date", "email", "phone", "diet")


@dataclass(frozen=True, slots=True)
class Entry:
    """One person as the layout gives them: labelled values, the rest of the line, and the heading they stand under."""

    name: str | None
    text: str
    fields: dict[str, str] = field(default_factory=dict)
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """The entries found and the lines that belong to none of them."""

    entries: tuple[Entry, ...] = ()
    rest: str = ""
    headings: tuple[str, ...] = ()


@cache
def _labels() -> dict[str, str]:
    from .text import _lexicon

    listed: dict[str, list[str]] = _lexicon()["people"]["labels"]  # type: ignore[assignment]
    return {fold(label): key for key in FIELDS for label in listed[key]}


def label_of(text: str) -> str | None:
    """The field a label or a column's heading names."""
    folded = re.sub(r"\s*\([^)]*\)|[*?:]", "", fold(text)).strip(" .-_*1234567890)")
    return _labels().get(folded)


_LABELLED = re.compile(r"^\s*(?:[-*•·]\s*)?([^\t:]{2,40}?)\s*(?::\s*|\t+|\s{3,}|\s[-–]\s)(.*)$")


_TICKED = re.compile(r"^\s*(?:[\[(]\s?[xX✓✔v]\s?[\])]|[☒☑✓✔✅])\s*(?=\S)")
_UNTICKED = re.compile(r"^\s*(?:[\[(]\s{0,3}[\])]|[☐□])")


def ticked(text: str) -> str:
    """A text whose boxes are ticked, without the lines that were left unticked."""
    lines = text.split("\n")
    if not any(map(_TICKED.match, lines)):
        return text
    return "\n".join(_TICKED.sub("", line) for line in lines if not _UNTICKED.match(line))


def read_layout(text: str, names: Names, titles: set[str]) -> Layout:
    """Tables first, then forms, then lists; whatever is none of these stays as prose."""
    lines = text.split("\n")
    return _table(lines, names) or _form(lines) or _list(lines, names, titles) or Layout(rest=text)


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


_BULLET = re.compile(r"^\s*(?:[-*•·–—]|\d{1,2}[.):]|[a-z]\))\s*")


def _list(lines: list[str], names: Names, titles: set[str]) -> Layout | None:
    """Lines that begin with a name, bulleted or after a line that ends in a colon; or two such lines in a row."""
    candidates = {
        i: name for i, line in enumerate(lines) if (name := _item_name(line, names, titles, bool(_BULLET.match(line))))
    }
    if not candidates or any(len(names.mentions(lines[i], titles)) > 1 for i in candidates):
        return None
    items: dict[int, str] = {}
    listing = False
    for index, line in enumerate(lines):
        stripped = line.strip()
        if not stripped:
            continue
        beside = index - 1 in items or index + 1 in candidates or (index - 1 in candidates)
        if index in candidates and (listing or _BULLET.match(line) or beside):
            items[index] = candidates[index]
            listing = True
            continue
        listing = stripped.endswith((":", "–")) or (
            listing and len(stripped) < 60 and not re.search(r"[.!?]$", stripped) and index + 1 in candidates
        )
    headed = [i for i in candidates if i not in items and _under_heading(lines, i, candidates)]
    if len(headed) >= 2 and not items:
        items = {i: candidates[i] for i in headed}
    if not items or (
        len(items) == 1 and not _BULLET.match(lines[next(iter(items))]) and not _after_colon(lines, next(iter(items)))
    ):
        return None
    first = min(items)
    entries, headings, rest, heading = [], [], [], ""
    for index, line in enumerate(lines):
        if index in items:
            entries.append(Entry(items[index], _after_name(line, items[index]), {}, heading))
        elif line.strip() and _is_heading(lines, index, items):
            heading = line
            if index < first:
                rest.append(line)
            else:
                headings.append(line)
        elif line.strip() and index - 1 in items and re.match(r"^\s{2,}\S", line):
            entries[-1] = Entry(entries[-1].name, entries[-1].text + "\n" + line, {}, heading)
        else:
            rest.append(line)
    if entries and all(e.heading == entries[0].heading for e in entries) and not headings:
        entries = [Entry(e.name, e.text, e.fields, "") for e in entries]
    return Layout(tuple(entries), "\n".join(rest), tuple(headings))


def _under_heading(lines: list[str], index: int, candidates: dict[int, str]) -> bool:
    """Whether the line above is a short heading that names nobody: a day, a unit."""
    above = lines[index - 1].strip() if index else ""
    return bool(above) and index - 1 not in candidates and len(above) < 50 and not re.search(r"[.!?,;]$", above)


def _after_colon(lines: list[str], index: int) -> bool:
    before = next((lines[i].strip() for i in range(index - 1, -1, -1) if lines[i].strip()), "")
    return before.endswith(":")


def _is_heading(lines: list[str], index: int, items: dict[int, str]) -> bool:
    following = next((i for i in range(index + 1, len(lines)) if lines[i].strip()), None)
    line = lines[index].strip()
    return following in items and len(line) < 70 and not re.search(r"[.!?]$", line)


def _without_day(line: str) -> str:
    """`18 april: Kim Ek, …` from the name on; the day stays in the line for whoever reads it."""
    label, colon, rest = line.partition(":")
    return rest.strip() if colon and len(label) < 30 and re.search(r"\d", label) and rest.strip() else line


def _item_name(line: str, names: Names, titles: set[str], bulleted: bool) -> str | None:
    body = _without_day(_BULLET.sub("", line))
    if len(body) > 160 or not body.strip():
        return None
    head = re.split(r"[,;:(|\t]|\s[-–—/]\s|\s{3,}|\s(?=\d)|\s(?=den\s\d)", body.strip(), maxsplit=1)[0].strip(" .")
    name = names.line_name(head, titles)
    if name and len(name.split()) <= 5:
        return name
    title_first = re.match(
        r"^(?:\w*(?:chef|strateg|utvecklare|sekreterare|handläggare|samordnare))\s+(.+)$", head, re.IGNORECASE
    )
    if title_first and (name := names.line_name(title_first[1], titles)):
        return name
    found = names.mentions(body, titles)
    if (
        found
        and found[0].start <= 1
        and (bulleted or body[found[0].end : found[0].end + 1] in (",", " ", "", "(", ":", ";", "\t"))
        and len(body) < 110
        and not re.search(
            r"\b(?:jag|vi|kommer|anmäler|har|är|som|and i|is|will|has)\b", body[found[0].end :].lower()[:60]
        )
    ):
        return found[0].name
    if bulleted or re.fullmatch(r"[A-ZÅÄÖ][\w-]+(?:\s?[,(–-].*)?", body.strip()):
        single = names.first_names(body)
        if single and single[0].start <= 1 and (bulleted or len(body.strip()) == len(single[0].name)):
            return single[0].name
    return None


def _after_name(line: str, name: str) -> str:
    body = _BULLET.sub("", line)
    folded, first = fold(body), fold(name).split()
    positions = [folded.find(part) for part in first]
    if any(p < 0 for p in positions):
        return body
    end = max(p + len(part) for p, part in zip(positions, first, strict=True))
    start = min(positions)
    return (body[:start] + " " + body[end:]).strip(" ,;:-–\t") if start < 40 else body
