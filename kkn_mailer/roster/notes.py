"""Comments on a sheet, old and threaded, and the boxes that show them: taken away with the row they stand at."""

from __future__ import annotations

import re
from collections.abc import Set

from .cells import place
from .package import Package, serial

_SHAPE = re.compile(rb"<(?:\w+:)?shape\b(?:(?!</(?:\w+:)?shape>).)*</(?:\w+:)?shape>", re.DOTALL)
_ROW = re.compile(rb"<(?:\w+:)?Row>\s*(\d+)\s*</")
"""The row a box belongs to, counted from 0. The drawing language is older than XML's rules: it is not parsed."""


def without_notes(package: Package, sheet: str, lines: Set[int]) -> None:
    """Take away what is said about rows that no longer are."""
    for relation in package.relations(sheet):
        if relation.kind in ("comments", "threadedComment"):
            root = package.tree(relation.target)
            gone = [note for note in root.iter() if note.get("ref") and place(note.get("ref"))[0] in lines]
            for note in gone:
                note.getparent().remove(note)
            if gone:
                package[relation.target] = serial(root)
        elif relation.kind == "vmlDrawing":
            before = package[relation.target]
            package[relation.target] = _SHAPE.sub(lambda box: b"" if _line(box[0]) in lines else box[0], before)


def _line(box: bytes) -> int | None:
    found = _ROW.search(box)
    return int(found[1]) + 1 if found else None
