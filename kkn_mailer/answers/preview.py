"""The preview: every answer as files, and one page that shows them as on a phone, on a computer, and in the dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from ..event import Event
from .samples import situations

_DARK = "@media (prefers-color-scheme: dark)"
_MODES = {"light": "@media not all", "dark": "@media all"}
"""How a copy looks light or dark whatever the organiser's own screen is: a frame cannot be told to."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message to show: the name of its files, its kind and language, and what it is about."""

    key: str
    kind: str
    language: str
    title: str
    message: EmailMessage


def write_preview(event: Event, messages: Sequence[Shown], out: Path) -> Path:
    """Write `index.html` and, for each message, `.html`, `.txt`, `.eml` and a light and a dark copy. Returns the page."""
    out.mkdir(parents=True, exist_ok=True)
    kinds = situations()["kinds"]
    order = sorted(messages, key=lambda m: (m.language != event.language, m.language, list(kinds).index(m.kind)))
    groups = [
        {
            "id": f"{kind}-{language}",
            "title": kinds[kind][event.language],
            "language": language,
            "answers": [_written(each, kinds[kind][event.language], out) for each in some],
        }
        for (language, kind), some in groupby(order, key=lambda m: (m.language, m.kind))
    ]
    template = (files("kkn_mailer") / "answers" / "preview.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    page = out / "index.html"
    markup = environment.from_string(template).render(event=event.name, language=event.language, groups=groups)
    page.write_text(markup, encoding="utf-8")
    return page


def _written(shown: Shown, kind: str, out: Path) -> dict[str, Any]:
    bodies = [shown.message.get_body((form,)) for form in ("html", "plain")]
    markup, text = (body.get_content() if body else "" for body in bodies)
    (out / f"{shown.key}.html").write_text(markup, encoding="utf-8")
    for mode, when in _MODES.items():
        (out / mode).mkdir(exist_ok=True)
        (out / mode / f"{shown.key}.html").write_text(markup.replace(_DARK, when), encoding="utf-8")
    (out / f"{shown.key}.txt").write_text(text, encoding="utf-8")
    (out / f"{shown.key}.eml").write_bytes(shown.message.as_bytes())
    return {
        "key": shown.key,
        "language": shown.language,
        "title": shown.title or kind,
        "subject": str(shown.message["Subject"]),
        "text": text,
        "files": [part.get_filename() for part in shown.message.iter_attachments()],
    }
