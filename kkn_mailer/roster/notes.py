"""Comments on a sheet, old and threaded, and the boxes that show them: taken away with the row they stand at."""

from __future__ import annotations

import re
from collections.abc import Set

from .cells import place
from .package import Package, serial

_SHAPE = re.compile(rb"<(?:\w+:)?shape\b(?:(?!</(?:\w+:)?shape>).)*</(?:\w+:)?shape>", re.DOTALL)
_AT = re.compile(rb"<(?:\w+:)?(Row|Column)>\s*(\d+)\s*</")
"""The cell a box belongs to, counted from 0. The drawing language is older than XML's rules: it is not parsed."""


def without_notes(package: Package, sheet: str, cells: Set[tuple[int, int]]) -> None:
    """Take away what is said about cells, by line and column, whose row no longer is."""
    for relation in package.relations(sheet):
        if relation.kind in ("comments", "threadedComment"):
            root = package.tree(relation.target)
            gone = [note for note in root.iter() if note.get("ref") and place(note.get("ref")) in cells]
            for note in gone:
                note.getparent().remove(note)
            if gone:
                package[relation.target] = serial(root)
        elif relation.kind == "vmlDrawing":
            before = package[relation.target]
            package[relation.target] = _SHAPE.sub(lambda box: b"" if _place(box[0]) in cells else box[0], before)


def _place(box: bytes) -> tuple[int, int]:
    at = {kind: int(number) + 1 for kind, number in _AT.findall(box)}
    return at.get(b"Row", 0), at.get(b"Column", 0)
