"""A workbook as the package of parts it is (ECMA-376 part 2): a part is read, replaced, added or removed.

Every part that was not touched is copied as it lies in the file, compressed bytes and all. So whatever another program
put there survives, known to us or not: charts, pictures, shapes, slicers, macros.
"""

from __future__ import annotations

import copy
import io
import posixpath
import re
import struct
import zipfile
from dataclasses import dataclass
from typing import Any

from lxml import etree

Element = Any
"""An lxml element, whose stubs the project does without."""
TYPES = "[Content_Types].xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_EMPTY_RELS = f'<Relationships xmlns="{_RELS[1:-1]}"/>'.encode()
_SIZES_FOLLOW = 0x08
"""The flag of an entry whose sizes stand after its data instead of before it."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from one part to another, or out of the package: its id, what it is (last word of its type), its target."""

    id: str
    kind: str
    target: str
    external: bool


class Package:
    """The parts of a workbook by name (`xl/workbook.xml`). Raises `zipfile.BadZipFile` for what is no package."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._file = io.BytesIO(data)
        self._zip = zipfile.ZipFile(self._file)
        self._new: dict[str, bytes] = {}
        self._gone: set[str] = set()
        if TYPES not in self:
            raise zipfile.BadZipFile("no content types: not an Office file")

    def __contains__(self, part: str) -> bool:
        return part in self._new or (part in self._zip.NameToInfo and part not in self._gone)

    def __getitem__(self, part: str) -> bytes:
        return self._new[part] if part in self._new else self._zip.read(part)

    def __setitem__(self, part: str, data: bytes) -> None:
        if part not in self or self[part] != data:
            self._new[part] = data
            self._gone.discard(part)

    def names(self) -> list[str]:
        """All parts, in the order of the file."""
        old = [name for name in self._zip.NameToInfo if name not in self._gone]
        return old + [name for name in self._new if name not in self._zip.NameToInfo]

    def tree(self, part: str) -> Element:
        """The root element of an XML part."""
        return parse(self[part])

    def free_name(self, pattern: str) -> str:
        """The first name of `xl/charts/chart{}.xml` that no part has."""
        number = 1
        while pattern.format(number) in self:
            number += 1
        return pattern.format(number)

    # ── content types and relations ───────────────────────────────────────────────────────────────────────────────

    def type_of(self, part: str) -> str:
        """The content type of a part; empty where none is given."""
        root, extension = self.tree(TYPES), part.rpartition(".")[2].lower()
        for entry in root.iter(f"{_TYPES}Override"):
            if entry.get("PartName") == f"/{part}":
                return str(entry.get("ContentType"))
        for entry in root.iter(f"{_TYPES}Default"):
            if entry.get("Extension", "").lower() == extension:
                return str(entry.get("ContentType"))
        return ""

    def add(self, part: str, data: bytes, content_type: str) -> None:
        """A new part with its content type."""
        self[part] = data
        if self.type_of(part) != content_type:
            root = self.tree(TYPES)
            etree.SubElement(root, f"{_TYPES}Override", PartName=f"/{part}", ContentType=content_type)
            self[TYPES] = serial(root)

    def remove(self, part: str) -> None:
        """Take out a part, its relations, and what only it has need of (a chart's colours)."""
        for relation in self.relations(part):
            if not relation.external and relation.kind != "package" and not self._wanted(relation.target, part):
                self.remove(relation.target)
        root = self.tree(TYPES)
        for entry in [e for e in root.iter(f"{_TYPES}Override") if e.get("PartName") == f"/{part}"]:
            root.remove(entry)
        self[TYPES] = serial(root)
        for name in (part, _rels_of(part)):
            self._new.pop(name, None)
            self._gone.add(name)

    def _wanted(self, target: str, but: str) -> bool:
        others = (name for name in self.names() if name.endswith(".rels") and name != _rels_of(but))
        return any(posixpath.basename(target).encode() in self[name] for name in others)

    def relations(self, part: str) -> list[Relation]:
        """What a part links to; the package itself is the part "". Targets are names of parts, unless external."""
        name = _rels_of(part)
        if name not in self:
            return []
        return [
            Relation(
                entry.get("Id"),
                entry.get("Type", "").rpartition("/")[2],
                entry.get("Target") if outside else _resolved(part, entry.get("Target")),
                outside,
            )
            for entry in self.tree(name).iter(f"{_RELS}Relationship")
            for outside in (entry.get("TargetMode") == "External",)
        ]

    def relate(self, part: str, kind: str, target: str, full_type: str = "") -> str:
        """Link a part to another; returns the new relation's id."""
        name = _rels_of(part)
        root = self.tree(name) if name in self else parse(_EMPTY_RELS)
        taken = {entry.get("Id") for entry in root}
        number = len(taken) + 1
        while f"rId{number}" in taken:
            number += 1
        etree.SubElement(
            root, f"{_RELS}Relationship", Id=f"rId{number}", Type=full_type or RELATION + kind, Target=f"/{target}"
        )
        self[name] = serial(root)
        return f"rId{number}"

    def unrelate(self, part: str, *ids: str) -> None:
        """Take links of a part away."""
        root = self.tree(_rels_of(part))
        for entry in [e for e in root if e.get("Id") in ids]:
            root.remove(entry)
        self[_rels_of(part)] = serial(root)

    # ── the file ──────────────────────────────────────────────────────────────────────────────────────────────────

    def data(self) -> bytes:
        """The package as a file. Entries keep their order; untouched ones their compressed bytes."""
        if not self._new and not self._gone:
            return self._data
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
            for name in self.names():
                if name in self._new:
                    out.writestr(_entry(name), self._new[name])
                else:
                    self._copy(self._zip.getinfo(name), out, buffer)
        return buffer.getvalue()

    def _copy(self, info: zipfile.ZipInfo, out: zipfile.ZipFile, buffer: io.BytesIO) -> None:
        """One entry as it is. Its header is written anew, with the sizes in their place, since offsets change anyway."""
        self._file.seek(info.header_offset)
        name, extra = struct.unpack("<HH", self._file.read(30)[26:])
        self._file.seek(name + extra, io.SEEK_CUR)
        entry = copy.copy(info)
        entry.flag_bits &= ~_SIZES_FOLLOW
        entry.header_offset = buffer.tell()
        buffer.write(entry.FileHeader())
        buffer.write(self._file.read(info.compress_size))
        out.filelist.append(entry)
        out.NameToInfo[entry.filename] = entry
        out.start_dir = buffer.tell()


def parse(data: bytes) -> Element:
    """The root of an XML document; entities are not expanded and nothing is fetched. Raises `etree.XMLSyntaxError`."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def serial(root: Element) -> bytes:
    """An XML document, with the prefixes it came with."""
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def namespace(root: Element) -> str:
    """The namespace of an element in braces, to be put before a name."""
    return f"{{{etree.QName(root).namespace}}}"


def relation_attribute(element: Element, name: str = "id") -> str | None:
    """The attribute `r:id`, in the transitional or the strict namespace."""
    return next((str(v) for k, v in element.attrib.items() if re.fullmatch(rf"\{{.*/relationships\}}{name}", k)), None)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _rels_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _resolved(part: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
