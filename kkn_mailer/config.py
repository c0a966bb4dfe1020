"""Configuration: `event.toml` and `mailer.toml`, overridden by environment; every mistake told in one go.

Relative paths are relative to the working directory. A password is never in a file of this folder: it comes from
`KKN_IMAP__PASSWORD`, or from the file that `KKN_IMAP__PASSWORD_FILE` names; the same for `KKN_SMTP__…`.
"""

from __future__ import annotations

import datetime as dt
import difflib
import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from .event import Clock, Event, is_address

Model = TypeVar("Model", bound=BaseModel)
Port = Annotated[int, Field(ge=1, le=65535)]


_NOT_THERE = "there is no such file; --config or KKN_CONFIG names the folder it lies in"
_LINE = re.compile(r"\(at line (\d+), ")


class ConfigError(Exception):
    """Everything that is wrong with the configuration, one sentence a mistake, each with its file and key."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def no_password(table: str) -> str:
    """What is said where a server wants a password and none is set."""
    name = f"KKN_{table.upper()}__PASSWORD"
    return f"no password is set: name the file that holds it, as secrets/imap_password, by {name}_FILE, or set {name}"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by name or address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Server(_Table):
    host: Annotated[str, Field(min_length=1)]
    ca_file: Path | None = None
    username: str = ""
    password: SecretStr = SecretStr("")
    auth: Literal["password", "oauth2"] = "password"
    security: Literal["tls", "starttls", "none"] = "tls"

    @model_validator(mode="after")
    def _safe(self) -> _Server:
        if self.security == "none" and not is_loopback(self.host):
            raise ValueError(f'security = "none" is for this machine alone, not for {self.host}; use tls or starttls')
        return self


class ImapSettings(_Server):
    port: Port = 993
    folder: str = "INBOX"
    flag_review: bool = True
    processed_folder: str = ""


class SmtpSettings(_Server):
    port: Port = 587
    security: Literal["tls", "starttls", "none"] = "starttls"
    sent_folder: str = "Sent"


class RosterSettings(_Table):
    path: Path = Path("data/deltagare.xlsx")
    notify_edits: bool = False

    @field_validator("path")
    @classmethod
    def _is_a_workbook(cls, value: Path) -> Path:
        if value.suffix.lower() not in (".xlsx", ".xlsm"):
            raise ValueError(f"{value} is no Excel file; end its name with .xlsx or .xlsm")
        return value


class JournalSettings(_Table):
    url: str = "sqlite:///data/journal.db"

    @field_validator("url")
    @classmethod
    def _is_a_database(cls, value: str) -> str:
        try:
            sa.create_engine(value)
        except (sa.exc.SQLAlchemyError, ImportError, ValueError) as error:  # the url may hold a password
            why = str(error).split("\n")[0].replace(value, "…")
            raise ValueError(f"is no database; write it like sqlite:///data/journal.db ({why})") from None
        return value


class AnswersSettings(_Table):
    mode: Literal["send", "draft"] = "send"


class DigestSettings(_Table):
    to: str = ""
    at: Clock = dt.time(7)
    attach_roster: bool = False

    @field_validator("to")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if value and not is_address(value):
            raise ValueError(f"{value!r} is not a mail address; write it like name@example.org, or leave it empty")
        return value.lower()


class ServiceSettings(_Table):
    poll_seconds: Annotated[int, Field(ge=5)] = 60
    idle: bool = True
    replies_per_sender_per_day: Annotated[int, Field(ge=1)] = 5
    log_format: Literal["text", "json"] = "text"


class Settings(_Table):
    """The whole of `mailer.toml`."""

    imap: ImapSettings
    smtp: SmtpSettings
    roster: RosterSettings = RosterSettings()
    journal: JournalSettings = JournalSettings()
    service: ServiceSettings = ServiceSettings()
    answers: AnswersSettings = AnswersSettings()
    digest: DigestSettings = DigestSettings()


def load_event(folder: Path) -> Event:
    """The event of a configuration folder. Raises `ConfigError`."""
    path = folder / "event.toml"
    if not path.is_file():
        raise ConfigError((f"{path}: {_NOT_THERE}",))
    return _validated(Event, _toml(path), str(path), {})


def load_settings(folder: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """The service's settings: `mailer.toml` where there is one, overridden by environment. Raises `ConfigError`."""
    environ = os.environ if environ is None else environ
    path = folder / "mailer.toml"
    raw = _toml(path) if path.is_file() else {}
    problems = [
        f"{path}: {table}.password: a secret is never in this file; set KKN_{table.upper()}__PASSWORD or KKN_{table.upper()}__PASSWORD_FILE"
        for table in ("imap", "smtp")
        if isinstance(raw.get(table), dict) and raw[table].pop("password", None) is not None
    ]
    given, wrong = _override(raw, environ)
    problems += wrong
    smtp, imap = raw.get("smtp"), raw.get("imap")
    if isinstance(smtp, dict) and isinstance(imap, dict) and smtp.get("security") != "none":
        for key in ("username", "password", "auth"):
            if key in imap:
                smtp.setdefault(key, imap[key])
    try:
        settings = _validated(Settings, raw, str(path), given)
    except ConfigError as error:
        if not path.is_file():
            problems.insert(0, f"{path}: {_NOT_THERE}, or set everything by environment, as KKN_IMAP__HOST")
        lacks = error.problems if raw or path.is_file() else ()
        raise ConfigError((*problems, *lacks)) from None
    if problems:
        raise ConfigError(tuple(problems))
    return settings


def load(folder: Path, environ: Mapping[str, str] | None = None) -> tuple[Event, Settings]:
    """Both files, the mistakes of both told together. Raises `ConfigError`."""
    problems: list[str] = []
    event: Event | None = None
    settings: Settings | None = None
    try:
        event = load_event(folder)
    except ConfigError as error:
        problems += error.problems
    try:
        settings = load_settings(folder, environ)
    except ConfigError as error:
        problems += error.problems
    if event is None or settings is None:
        raise ConfigError(tuple(problems))
    return event, settings


def _toml(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        line = f" in `{text.splitlines()[int(found[1]) - 1].strip()}`" if found else ""
        line += '; a date is written like 2020-02-12, a text like "Flen"'
        raise ConfigError((f"{path}: this is not TOML: {error}{line}",)) from None
    except UnicodeDecodeError as error:
        raise ConfigError((f"{path}: save the file as UTF-8 ({error.reason} at byte {error.start})",)) from None
    except OSError as error:
        raise ConfigError((f"{path}: cannot be read: {error.strerror}",)) from None


def _override(raw: dict[str, Any], environ: Mapping[str, str]) -> tuple[dict[tuple[int | str, ...], str], list[str]]:
    """Put `KKN_<TABLE>__<KEY>` over the file's values; returns the variable behind each (table, key), and what is wrong."""
    given: dict[tuple[int | str, ...], str] = {}
    problems = []
    for name, value in environ.items():
        if not name.startswith("KKN_") or name == "KKN_CONFIG":
            continue
        table, _, key = name.removeprefix("KKN_").lower().partition("__")
        if table not in Settings.model_fields or not key:
            near = difflib.get_close_matches(table, Settings.model_fields, 1)
            hint = f"did you mean KKN_{near[0].upper()}__…?" if near else "write it like KKN_IMAP__HOST, or unset it"
            problems.append(f"environment: {name} is no setting; {hint}")
            continue
        target = raw.setdefault(table, {})
        if key == "password_file":
            try:
                target["password"] = Path(value).read_text(encoding="utf-8").rstrip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                problems.append(f"environment: {name}: {value} cannot be read by uid {os.getuid()}: {error}")
        elif isinstance(target, dict):
            target[key] = value
            given[table, key] = f"environment: {name}"
    return given, problems


def _validated(model: type[Model], raw: dict[str, Any], path: str, given: Mapping[tuple[int | str, ...], str]) -> Model:
    """A file's values as a model; what is wrong is blamed on the file, or on what is `given` instead of its key."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        wrong = error.errors()
        raise ConfigError(tuple(_problem(model, item, given.get(item["loc"][:2], path)) for item in wrong)) from None


def _problem(model: type[BaseModel], item: Any, path: str) -> str:
    """One mistake in plain words: file, key, what is wrong, and the nearest known key for an unknown one."""
    key = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in item["loc"]).lstrip(".")
    if item["type"] == "extra_forbidden":
        known = _keys_at(model, item["loc"][:-1])
        near = difflib.get_close_matches(str(item["loc"][-1]), known, 1, 0.5)
        return f"{path}: {key}: no such key" + (
            f"; did you mean {near[0]}?" if near else f"; known here: {', '.join(known)}"
        )
    if item["type"] == "missing":
        return f"{path}: {key}: is missing" + (
            f"; or set KKN_{key.upper().replace('.', '__')}" if model is Settings else ""
        )
    if item["type"] == "tuple_type":
        like = f"[[{key}]]" if isinstance(item["input"], dict) else f'["{item["input"]}"]'
        return f"{path}: {key}: must be a list, {like}"
    if item["type"] == "too_short":
        return f"{path}: {key}: is empty; write at least one"
    said = item["msg"].removeprefix("Value error, ")
    return f"{path}: " + (f"{key}: {said}" if key else said.replace("\n", f"\n{path}: "))


def _keys_at(model: type[BaseModel], loc: tuple[Any, ...]) -> list[str]:
    here: Any = model
    for part in loc:
        if isinstance(part, int):
            continue
        annotation = here.model_fields[part].annotation
        inner = [a for a in getattr(annotation, "__args__", ()) if isinstance(a, type) and issubclass(a, BaseModel)]
        here = inner[0] if inner else annotation
        if not (isinstance(here, type) and issubclass(here, BaseModel)):
            return []
    return list(here.model_fields)
