"""The organiser's templates: Jinja2 in a sandbox that bounds what a template can do, and mistakes told by file and line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, Template, nodes
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

MOST_CHARACTERS = 500_000
"""An answer that grows longer than this is a mistake in its template; a real one has some ten thousand."""
MOST_ROUNDS = 10_000
"""Rounds of loops over `range` in one answer."""
_MADE_BY_JINJA = {"loop", "self", "super", "caller", "varargs", "kwargs"}
_HEAVY = {"lipsum", "cycler", "joiner", "dict"}


class TemplateError(Exception):
    """A template cannot be rendered: which file, which line, why."""


def shipped_templates() -> Path:
    """The templates that come with the program: in the package when installed, else beside it in the checkout."""
    package = Path(str(files("kkn_mailer")))
    inside = package / "_shipped" / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


class Templates:
    """Renders by name; a template in `folder` takes the place of the shipped one of the same name."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folders = [f for f in (folder, shipped_templates()) if f is not None]
        self._text = _Sandbox(self._folders, autoescape=False)
        self._html = _Sandbox(self._folders, autoescape=True)

    def text(self, name: str, view: Mapping[str, Any]) -> tuple[str, str]:
        """Subject and text of `<name>.txt.j2`. Raises `TemplateError`, as `html` does."""
        name = f"{name}.txt.j2"
        with _Told(name):
            template = self._text.get_template(name)
            if "subject" not in template.blocks:
                raise TemplateError(f"{name}: the block 'subject' is missing")
            subject = "".join(template.blocks["subject"](template.new_context(dict(view)))).strip()
            if not subject:
                raise TemplateError(f"{name}: the block 'subject' is empty")
            text = self._text.written(template, view)
        return subject, re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"

    def html(self, name: str, view: Mapping[str, Any]) -> str:
        """The page of `<name>.html.j2`, its styles written into each element."""
        name = f"{name}.html.j2"
        with _Told(name):
            return css_inline.inline(self._html.written(self._html.get_template(name), view))

    def problems(self, known: Collection[str]) -> list[str]:
        """What an answer's templates say that cannot be right, reached or not: syntax, and variables not `known`."""
        found = []
        paths = {path.name: path for folder in self._folders[::-1] for path in folder.glob("*.j2")}
        for path in (path for name, path in sorted(paths.items()) if not name.startswith("digest.")):
            try:
                with _Told(path.name):
                    tree = self._text.parse(path.read_text(encoding="utf-8"), path.name, str(path))
                    used = _unknown(tree, {*known, *self._text.globals, *_MADE_BY_JINJA})
            except TemplateError as error:
                found.append(str(error))
                continue
            found += [f"{path.name}, line {line}: '{name}' is no variable" for name, line in used]
        return found


def _unknown(tree: nodes.Template, known: Collection[str]) -> Iterator[tuple[str, int]]:
    """The variables of a template that nothing gives it, with the line of each use."""
    given = set(known)
    for node in tree.find_all((nodes.Name, nodes.Import, nodes.FromImport, nodes.Macro)):
        match node:
            case nodes.Name() if node.ctx != "load":
                given.add(node.name)
            case nodes.Import():
                given.add(node.target)
            case nodes.Macro():
                given.add(node.name)
            case nodes.FromImport():
                given.update(n if isinstance(n, str) else n[1] for n in node.names)
    for node in tree.find_all(nodes.Name):
        if node.ctx == "load" and node.name not in given:
            yield node.name, node.lineno


class _Sandbox(ImmutableSandboxedEnvironment):
    """No access to Python's insides, nothing that alters what it is given, and an end to every loop and every text."""

    intercepted_binops = frozenset(["*", "**"])

    def __init__(self, folders: list[Path], autoescape: bool) -> None:
        super().__init__(
            loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
            undefined=StrictUndefined,
            autoescape=autoescape,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        for name in _HEAVY:
            del self.globals[name]
        self.globals["range"] = self._range

    def written(self, template: Template, view: Mapping[str, Any]) -> str:
        """What a template writes; what goes on for ever is stopped."""
        self._rounds = 0
        parts, length = [], 0
        for part in template.generate(dict(view)):
            length += len(part)
            if length > MOST_CHARACTERS:
                raise SecurityError(f"writes more than {MOST_CHARACTERS} characters")
            parts.append(part)
        return "".join(parts)

    def _range(self, *bounds: int) -> Iterator[int]:
        for number in range(*bounds):
            self._rounds += 1
            if self._rounds > MOST_ROUNDS:
                raise SecurityError(f"goes through a loop more than {MOST_ROUNDS} times")
            yield number

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if not all(isinstance(side, (int, float)) and abs(side) < 1_000_000 for side in (left, right)) or (
            operator == "**" and right > 9
        ):
            raise SecurityError(f"'{operator}' is for small numbers")
        return super().call_binop(context, operator, left, right)


class _Told:
    """Turns whatever a template raises, in Jinja or in Python, into a `TemplateError` with file and line."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is None or isinstance(error, TemplateError) or not isinstance(error, Exception):
            return
        name, line = self._place(error)
        reason = error.message if isinstance(error, JinjaError) else str(error)
        where = f"{name}, line {line}" if line else name
        raise TemplateError(f"{where}: {reason or type(error).__name__}") from None

    def _place(self, error: Exception) -> tuple[str, int | None]:
        """The innermost template line that was being read or run."""
        if (line := getattr(error, "lineno", None)) is not None:
            return Path(getattr(error, "filename", None) or self.name).name, line
        name, line, frame = self.name, None, error.__traceback__
        while frame:
            if frame.tb_frame.f_code.co_filename.endswith(".j2"):
                name, line = Path(frame.tb_frame.f_code.co_filename).name, frame.tb_lineno
            frame = frame.tb_next
        return name, line
