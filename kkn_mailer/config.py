"""Configuration: `event.toml` and `mailer.toml`, overridden by environment; every mistake told in one go.

Relative paths are relative to the working directory. A password is never in a file of this folder: it comes from
`KKN_IMAP__PASSWORD`, or from the file that `KKN_IMAP__PASSWORD_FILE` names; the same for `KKN_SMTP__…`.
"""

from __future__ import annotations

import datetime as dt
import difflib
import ipaddress
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from .event import Clock, Event, is_address

Model = TypeVar("Model", bound=BaseModel)
Port = Annotated[int, Field(ge=1, le=65535)]


_NOT_THERE = "there is no such file; --config or KKN_CONFIG names the folder it lies in"


class ConfigError(Exception):
    """Everything that is wrong with the configuration, one sentence a mistake, each with its file and key."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


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


class JournalSettings(_Table):
    url: str = "sqlite:///data/journal.db"


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
    return _validated(Event, _toml(path), str(path))


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
    problems += _override(raw, environ)
    smtp, imap = raw.get("smtp"), raw.get("imap")
    if isinstance(smtp, dict) and isinstance(imap, dict) and smtp.get("security") != "none":
        for key in ("username", "password", "auth"):
            if key in imap:
                smtp.setdefault(key, imap[key])
    try:
        settings = _validated(Settings, raw, str(path))
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
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError((f"{path}: this is not TOML: {error}",)) from None
    except UnicodeDecodeError as error:
        raise ConfigError((f"{path}: save the file as UTF-8 ({error.reason} at byte {error.start})",)) from None
    except OSError as error:
        raise ConfigError((f"{path}: cannot be read: {error.strerror}",)) from None


def _override(raw: dict[str, Any], environ: Mapping[str, str]) -> list[str]:
    """Put `KKN_<TABLE>__<KEY>` over the file's values; returns what is wrong with them."""
    problems = []
    for name, value in environ.items():
        if not name.startswith("KKN_") or name == "KKN_CONFIG":
            continue
        table, _, key = name.removeprefix("KKN_").lower().partition("__")
        if table not in Settings.model_fields or not key:
            near = difflib.get_close_matches(table, Settings.model_fields, 1)
            problems.append(
                f"environment: {name} is no setting" + (f"; did you mean KKN_{near[0].upper()}__…?" if near else "")
            )
            continue
        target = raw.setdefault(table, {})
        if key == "password_file":
            try:
                target["password"] = Path(value).read_text(encoding="utf-8").rstrip("\r\n")
            except OSError as error:
                problems.append(f"environment: {name}: {value} cannot be read: {error.strerror}")
        elif isinstance(target, dict):
            target[key] = value
    return problems


def _validated(model: type[Model], raw: dict[str, Any], path: str) -> Model:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise ConfigError(tuple(_problem(model, item, path) for item in error.errors())) from None


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
    return f"{path}: {key or 'file'}: {item['msg'].removeprefix('Value error, ')}"


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
