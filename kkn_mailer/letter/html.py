"""HTML to the text a reader sees: paragraphs as lines, table rows as tab-separated lines, quotes with `> `."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

_BLOCKS = frozenset(
    [
        "p",
        "div",
        "table",
        "ul",
        "ol",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "address",
        "section",
        "article",
        "header",
        "footer",
        "center",
        "form",
        "dl",
        "dt",
        "dd",
    ]
)
_SILENT = frozenset(("style", "script", "head", "title", "template", "noscript", "xml"))
_DEEPEST_QUOTE = 8
_SOFT = "\v"
# A tag ends at the next `<` or `>`, so that no markup, however broken, is searched twice.
_TAG = re.compile(r"<(?:(/?)([a-zA-Z][\w:-]*)([^<>]*)|[!?/][^<>]*)>")
_NO_MARGIN = re.compile(r"msonormal|msoplaintext|margin(?:-top)?:\s?0", re.IGNORECASE)
_INDENT = re.compile(r"border(?:-left)?:\s?(?:none|0)", re.IGNORECASE)


def html_to_text(markup: str) -> str:
    """The text of an HTML mail; any markup at all, in linear time."""
    reader = _Reader()
    for text, closing, tag, attributes in _tokens(_without_comments(markup)):
        if text and not reader.silent:
            reader.text(text)
        if tag:
            reader.end(tag) if closing else reader.start(tag, attributes)
    reader.end_line()
    return "\n".join(line.rstrip(" ") for line in reader.lines).strip("\n")


def _without_comments(markup: str) -> str:
    first, *others = markup.split("<!--")
    return first + "".join(other.partition("-->")[2] for other in others)


def _tokens(markup: str) -> Iterator[tuple[str, str, str, str]]:
    """Each text with the tag after it: text, `/` of an end tag, the tag's name, its attributes."""
    at = 0
    for match in _TAG.finditer(markup):
        yield markup[at : match.start()], match[1] or "", (match[2] or "").lower(), match[3] or ""
        at = match.end()
    yield markup[at:], "", "", ""


class _Reader:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.silent = 0
        self.verbatim = 0
        self.quotes: list[bool] = []
        self.cells: list[int] = []

    def text(self, data: str) -> None:
        data = unescape(data).replace("\t", " ").replace("\r", "").replace(_SOFT, " ")
        if not self.verbatim:
            self.line.append(data.replace("\n", " "))
            return
        for index, part in enumerate(data.split("\n")):
            if index:
                self.end_line(forced=True)
            self.line.append(part)

    def end_line(self, forced: bool = False) -> None:
        text = "".join(self.line)
        self.line = []
        text = "\t".join(" ".join(cell.split()) for cell in text.split("\t"))
        if text.strip() or forced:
            self.lines.append("> " * min(sum(self.quotes), _DEEPEST_QUOTE) + text)

    def start(self, tag: str, attributes: str) -> None:
        if tag in _SILENT:
            self.silent += not attributes.endswith("/")
        elif tag == "blockquote":
            self.end_line()
            if len(self.quotes) < _DEEPEST_QUOTE:
                self.quotes.append("cite" in attributes or not _INDENT.search(attributes))
        elif tag == "br":
            if self.cells:
                self.line.append(_SOFT)
            else:
                self.end_line(forced=True)
        elif tag == "hr":
            self.end_line()
            self.lines.append("_" * 32)
        elif tag in ("td", "th"):
            if self.cells and self.cells[-1]:
                self.line.append("\t")
            if self.cells:
                self.cells[-1] += 1
        elif tag == "tr":
            self.end_line()
            self.cells.append(0)
        elif tag in _BLOCKS:
            self._end_block()
            self._start_block(tag, attributes)

    def _start_block(self, tag: str, attributes: str) -> None:
        if tag == "li":
            self.line.append("- ")
        elif tag == "pre":
            self.verbatim += 1
        elif tag == "p" and not self.cells and self.lines and self.lines[-1] and not _NO_MARGIN.search(attributes):
            self.end_line(forced=True)

    def end(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "blockquote":
            self.end_line()
            self.quotes = self.quotes[:-1]
        elif tag == "tr":
            self._end_row()
        elif tag in _BLOCKS:
            if tag == "pre":
                self.verbatim = max(0, self.verbatim - 1)
            text = "".join(self.line).rpartition(_SOFT)[2]
            if tag in ("p", "div") and text and not text.strip() and not self.cells:
                self.end_line(forced=True)
            else:
                self._end_block()

    def _end_block(self) -> None:
        """A block's end ends the line; within a cell only softly, since the row may go on."""
        if not self.cells:
            self.end_line()
        elif self.line and self.line[-1] not in ("\t", _SOFT):
            self.line.append(_SOFT)

    def _end_row(self) -> None:
        """A row of several cells is one line; a row of one cell is only a box around its lines."""
        cells = self.cells.pop() if self.cells else 0
        text = "".join(self.line)
        for part in [text.replace(_SOFT, " ")] if cells > 1 else text.split(_SOFT):
            self.line = [part]
            self.end_line(forced=cells == 1 and part != "")
