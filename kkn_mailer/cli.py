"""The commands. Each says what went wrong and what to do, never with a traceback.

Exit status: 0 done; 1 the work failed; 2 wrong usage or invalid configuration.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from . import __version__
from .config import ConfigError, load, load_event, load_settings

FAILED, INVALID = 1, 2


class _Group(click.Group):
    """Turns every expected error into a line on stderr and an exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        from .answers import TemplateError
        from .journal import JournalError
        from .mailbox import MailboxError
        from .outbox import OutboxError
        from .roster import RosterError
        from .service import ServiceError

        try:
            return super().invoke(ctx)
        except ConfigError as error:
            _fail(str(error), INVALID)
        except (JournalError, MailboxError, OutboxError, RosterError, ServiceError, TemplateError) as error:
            _fail(str(error), FAILED)
        except BrokenPipeError:
            with suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(FAILED)
        except OSError as error:
            _fail(f"{error.filename or 'system'}: {error.strerror or error}", FAILED)


def _fail(message: str, status: int) -> None:
    click.echo(message, err=True)
    sys.exit(status)


def _config(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--config` on every command, before or after its name."""

    def keep(ctx: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
        if value is not None:
            ctx.find_root().params["config"] = value

    return click.option(
        "--config",
        type=click.Path(path_type=Path),
        expose_value=False,
        callback=keep,
        help="Folder of event.toml and mailer.toml.",
    )(command)


def _folder() -> Path:
    folder = Path(click.get_current_context().find_root().params["config"])
    if folder.is_file():
        raise ConfigError((f"{folder}: is a file; give --config or KKN_CONFIG its folder, {folder.parent}",))
    return folder


def _templates() -> Path | None:
    """The organiser's own templates: the folder `templates` beside or in the configuration folder."""
    return next((f for f in (_folder() / "templates", _folder().resolve().parent / "templates") if f.is_dir()), None)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default="config",
    envvar="KKN_CONFIG",
    show_default=True,
    help="Folder of event.toml and mailer.toml.",
)
@click.version_option(__version__)
def main(config: Path) -> None:
    """People register for an event by an ordinary mail; this reads it, keeps the Excel roster and answers."""
    del config


@main.command()
@_config
@click.option("--once", is_flag=True, help="One pass over everything that waits, then exit.")
def run(once: bool) -> None:
    """Watch the mailbox: read, record, write the roster, answer."""
    from . import digest, logs
    from .service import Service, ServiceError

    event, settings = load(_folder())
    logs.set_up(settings.service.log_format)
    service = Service(event, settings, _templates())
    if problems := service.answers.check() + digest.check(service.answers):
        raise ServiceError("\n".join(problems))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        with service.alone():
            if not once:
                service.run(stop)
                return
            done = service.run_pass(stop)
            if done.problems:
                raise ServiceError("\n".join(done.problems))
    finally:
        service.close()


@main.command()
@_config
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line and mail.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True, path_type=Path))
def parse(as_json: bool, paths: tuple[Path, ...]) -> None:
    """What each .eml file means, with the words that say so. Connects to nothing."""
    from rich.console import Console

    from .reasons import worded
    from .report import reading_json, show_reading

    event = load_event(_folder())
    console = Console(width=None if sys.stdout.isatty() else 140, soft_wrap=False)
    for name, raw, error in _mails(paths):
        reading, ms, error = _read(raw, event, error)
        reading = replace(reading, reason=worded(reading.reason, event.language))
        if as_json:
            click.echo(json.dumps(reading_json(name, reading, ms, error), ensure_ascii=False))
        else:
            show_reading(console, name, reading, event, ms, error)


def _mails(paths: tuple[Path, ...]) -> Iterator[tuple[str, bytes, str | None]]:
    """Each file's name and bytes; folders are searched through, in order."""
    for path in paths:
        if str(path) == "-":
            yield "-", sys.stdin.buffer.read(), None
            continue
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        if not files:
            click.echo(f"{path}: the folder holds no files", err=True)
        for file in files:
            try:
                yield str(file), file.read_bytes(), None
            except OSError as error:
                yield str(file), b"", error.strerror or str(error)


def _read(raw: bytes, event: Any, error: str | None) -> tuple[Any, float, str | None]:
    from .domain import Decision, Kind, Reading
    from .letter import read_letter
    from .understanding import read

    begin = time.perf_counter()
    try:
        letter = read_letter(raw)
        reading = read(letter, event)
        if error is None and not letter.sender.email and not letter.headers.get("from"):
            error = "not a mail: it has no From field (RFC 5322 section 3.6); save the mail as .eml"
    except Exception as failure:  # nothing a file holds may end the run
        error = f"could not be read: {type(failure).__name__}"
        reading = Reading(Kind.UNRELATED, Decision.REVIEW)
    if error:
        reading = Reading(Kind.UNRELATED, Decision.REVIEW, reason=error)
    return reading, (time.perf_counter() - begin) * 1000, error


@main.command()
@_config
def check() -> None:
    """Try everything that `run` needs, a line each."""
    failed = False
    for name, test in _checks():
        try:
            said = test()
            click.echo(f"✓ {name}: {said}")
        except Exception as error:  # every line is printed, whatever fails
            failed = True
            click.echo(f"✗ {name}: " + "\n    ".join(str(error).split("\n")))
    sys.exit(FAILED if failed else 0)


def _checks() -> Iterator[tuple[str, Callable[[], str]]]:
    from . import digest
    from .answers import Answers, TemplateError
    from .folders import Folders
    from .journal import Journal
    from .mailbox import Mailbox
    from .outbox import Outbox
    from .roster.workbook import check_free

    folder = _folder()
    try:
        event, settings = load(folder)
    except ConfigError as error:
        problem = error

        def broken() -> str:
            raise problem

        yield "configuration", broken
        sys.exit(INVALID)
    yield "configuration", lambda: f"{folder}, {len(event.sessions)} sessions, {len(event.employers)} employers"

    def templates() -> str:
        answers = Answers(event, _templates())
        if problems := answers.check() + digest.check(answers):
            raise TemplateError("\n".join(problems))
        return "every answer renders in Swedish and English"

    def imap() -> str:
        with Mailbox(settings.imap) as box:
            said = f"{settings.imap.host}, {settings.imap.folder} opens"
            if not box._keywords:
                said += "; the server keeps no keywords, so only the flag marks a mail"
            if settings.answers.mode == "draft":
                said += f"; answers are put into {Folders(box).drafts}"
            return said

    def smtp() -> str:
        with Outbox(settings.smtp):
            return f"{settings.smtp.host} accepts us"

    def written() -> str:
        path = settings.roster.path
        path.parent.mkdir(parents=True, exist_ok=True)
        check_free(path)
        if not os.access(path if path.exists() else path.parent, os.W_OK):
            raise OSError(f"{path}: not writable; change its owner or mode")
        return str(path)

    def journal() -> str:
        with closing(Journal(settings.journal.url)) as book:
            book.set_note("check", "ok")
        return settings.journal.url

    yield "templates", templates
    yield "IMAP", imap
    yield "SMTP", smtp
    yield "roster", written
    yield "journal", journal


@main.command()
@_config
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default="demo",
    show_default=True,
    help="Where roster and answers are put.",
)
def demo(out: Path) -> None:
    """The whole service on this machine alone, with sample mails."""
    from .demo import run_demo

    run_demo(out)


@main.command()
@_config
@click.option("--json", "as_json", is_flag=True)
def status(as_json: bool) -> None:
    """Counts, what waits for the organiser, and the last pass."""
    from rich.console import Console

    from .journal import Journal
    from .report import show_status, status_of

    event, settings = load(_folder())
    with closing(Journal(settings.journal.url, there=True)) as book:
        notes = {key: book.note(key) for key in ("last_pass", "last_good_pass", "last_problems", "roster_waits")}
        unsent = book.unsent()
        drafts = sum(message.drafted is not None for message in unsent)
        found = status_of(event, book.registrations(), book.reviews(), len(unsent) - drafts, drafts, notes)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        show_status(Console(), found)


@main.command()
@_config
@click.option("--out", type=click.Path(path_type=Path), default="preview", show_default=True)
def preview(out: Path) -> None:
    """Every answer with sample data, to look at before going live."""
    from . import digest
    from .answers import Answers

    answers = Answers(load_event(_folder()), _templates())
    click.echo(str(answers.preview(out, digest.samples(answers))))


@main.command()
@_config
@click.argument("address")
def forget(address: str) -> None:
    """Erase a person's data from journal and roster (GDPR art. 17)."""
    from .journal import Journal
    from .roster import RosterError
    from .service import Service, ServiceError

    event, settings = load(_folder())
    Journal(settings.journal.url, there=True).close()
    service = Service(event, settings, _templates())
    try:
        with service.alone():
            waits = service.journal.note("roster_waits")
            rows, lines, answers = service.journal.forget(address)
            if not (rows or lines or answers or waits):  # what waits may be her erasure from the roster
                raise ServiceError(f"{address}: nobody with this address; it stands in the roster's column E-post")
            click.echo(
                f"{address}: erased {rows} registrations, {lines} lines for the organiser and {answers} answers from the journal"
            )
            try:
                service.keeper.write()
            except RosterError as error:
                raise ServiceError(f"{error}; until then the roster still shows what it did") from None
            click.echo(f"{settings.roster.path}: holds none of it any more")
    finally:
        service.close()


@main.command()
@_config
def health() -> None:
    """Exit 0 while the daemon is alive and its last good pass is recent."""
    from .journal import Journal
    from .service import ServiceError, healthy

    settings = load_settings(_folder())
    with closing(Journal(settings.journal.url, there=True)) as book:
        if wrong := healthy(book, settings.service.poll_seconds):
            raise ServiceError(wrong)
