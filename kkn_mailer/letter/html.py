"""HTML to the text a reader sees: paragraphs as lines, table rows as tab-separated lines, quotes with `> `."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = {
    "p",
    "div",
    "tr",
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
}
_SILENT = {"style", "script", "head", "title", "template", "noscript"}
_DEEPEST_QUOTE = 8
_SOFT = "\v"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.line: list[str] = []
        self.silent = 0
        self.quotes = 0
        self.cells: list[int] = []

    def end_line(self, forced: bool = False) -> None:
        text = "".join(self.line)
        self.line = []
        text = "\t".join(" ".join(cell.replace("\xa0", " ").split()) for cell in text.split("\t"))
        if text.strip() or forced:
            self.lines.append("> " * self.quotes + text.strip("\n ") if self.quotes else text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag == "blockquote":
            self.end_line()
            self.quotes = min(self.quotes + 1, _DEEPEST_QUOTE)
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
            if tag == "li":
                self.line.append("- ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "blockquote":
            self.end_line()
            self.quotes = max(0, self.quotes - 1)
        elif tag == "tr":
            self._end_row()
        elif tag in _BLOCKS:
            text = "".join(self.line).rpartition(_SOFT)[2]
            if tag in ("p", "div") and text and not text.replace("\xa0", " ").strip() and not self.cells:
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

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.line.append(data.replace("\t", " ").replace("\r", "").replace("\n", " "))


def _tame(markup: str) -> str:
    """Markup without what the standard library's parser trips over or takes quadratic time for: comments,
    declarations, processing instructions, and tags that never close."""
    kept, at = [], 0
    while (begin := markup.find("<!--", at)) >= 0:
        end = markup.find("-->", begin + 4)
        kept.append(markup[at:begin])
        at = len(markup) if end < 0 else end + 3
    text = "".join([*kept, markup[at:]])
    text = re.sub(r"<[!?][^<>]{0,500}>", "", text)
    return re.sub(r"<(?=[!?]|[^<>]*(?:<|$))", "&lt;", text)


def html_to_text(markup: str) -> str:
    """The text of an HTML mail; any markup at all, in linear time."""
    reader = _Reader()
    reader.feed(_tame(markup))
    reader.close()
    reader.end_line()
    return "\n".join(line.rstrip(" ") for line in reader.lines).strip("\n")
