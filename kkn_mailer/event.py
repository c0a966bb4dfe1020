"""The event, as `config/event.toml` describes it.

Everything that is particular to an event stands here and nowhere in code: another event, with other
sessions, employers and units, is another `event.toml`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

Language = Literal["sv", "en"]
RequiredField = Literal["name", "municipality", "unit", "date"]

OTHER = "other"
"""The unit of whoever has a unit or title that is none of the event's own."""


def _day(value: object) -> object:
    """TOML knows dates of its own; a quoted ISO date is as clear."""
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError(f"{value!r} is no date; write it like 2020-02-12") from None


def _clock(value: object) -> object:
    """`"9:00"` is what people type; `time.fromisoformat` wants two digits."""
    try:
        return dt.time.fromisoformat(value.zfill(5)) if isinstance(value, str) else value
    except ValueError:
        raise ValueError(f"{value!r} is no time of day; write it like 09:00") from None


def is_address(value: str) -> bool:
    """Whether a text is one bare address that a mail can be written to (RFC 5322 section 3.4.1)."""
    try:
        return bool(Address(addr_spec=value).domain)
    except (ValueError, IndexError, MessageError):
        return False


Day = Annotated[dt.date, BeforeValidator(_day)]
Clock = Annotated[dt.time, BeforeValidator(_clock)]
Text = Annotated[str, Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Session(_Part):
    """One day people choose; its date (in the event's time zone) names it."""

    date: Day
    start: Clock
    end: Clock
    city: Text
    venue: Text
    address: str = ""
    capacity: int | None = Field(default=None, ge=1)
    aliases: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Session:
        if self.end <= self.start:
            raise ValueError(f"the session of {self.date} ends at {self.end:%H:%M}, before its start")
        return self


class Employer(_Part):
    """An invited employer: the canonical name, its mail domains, and what else people call it."""

    name: Text
    domains: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


class Unit(_Part):
    """A kind of unit asked to come; `words` name such a unit or a title in it."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    label: dict[Language, Text]
    words: tuple[Text, ...] = Field(min_length=1)


class Event(_Part):
    """The whole of `event.toml`."""

    name: Text
    organiser: Text
    contact: Text
    timezone: str = "Europe/Stockholm"
    language: Language = "sv"
    required: tuple[RequiredField, ...] = ("name", "municipality", "unit", "date")
    mail_since: Day
    registration_closes: Day | None = None
    reminder_days: int | None = Field(default=None, ge=1, le=60)
    information: str = ""
    sessions: tuple[Session, ...] = Field(min_length=1)
    employers: tuple[Employer, ...] = ()
    units: tuple[Unit, ...] = ()

    @field_validator("contact")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not is_address(parseaddr(value)[1]):
            raise ValueError(f"{value!r} is not a mail address")
        return value

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value!r} is no time zone; write it like Europe/Stockholm") from error
        return value

    @field_validator("sessions")
    @classmethod
    def _one_a_day(cls, value: tuple[Session, ...]) -> tuple[Session, ...]:
        days = [session.date for session in value]
        if twice := sorted({day for day in days if days.count(day) > 1}):
            raise ValueError(f"two sessions on {twice[0]}: people choose a session by its date, so each needs its own")
        return tuple(sorted(value, key=lambda session: session.date))

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Event:
        if wrong := list(self._contradictions()):
            raise ValueError("\n".join(wrong))
        return self

    def _contradictions(self) -> Iterator[str]:
        """What is right by itself and would register people wrongly together: a line each, with its keys."""
        uses = [(unit.key, f"units[{n}].key") for n, unit in enumerate(self.units, 1)]
        uses += [(d.lower(), f"employers[{n}].domains") for n, e in enumerate(self.employers, 1) for d in e.domains]
        owners: dict[str, str] = {}
        for value, key in uses:
            if (owner := owners.setdefault(value, key)) != key:
                yield f"{owner} and {key} both have {value!r}; keep one of them"
        for n, unit in enumerate(self.units, 1):
            if self.language not in unit.label:
                yield f'units[{n}].label: lacks the event\'s language; write label = {{ {self.language} = "…" }}'
        if (last := self.sessions[-1].date) < self.mail_since:
            yield f"mail_since: {self.mail_since} is after all sessions, {last}: nobody could register; change one of them"

    @property
    def contact_address(self) -> str:
        """The bare address people write to, lower case."""
        return parseaddr(self.contact)[1].lower()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def day_of(self, moment: dt.datetime) -> dt.date:
        """The day it is at a moment (aware), where the event is."""
        return moment.astimezone(self.zone).date()

    def session_on(self, day: dt.date | None) -> Session | None:
        return next((session for session in self.sessions if session.date == day), None)

    def unit_label(self, key: str | None, language: Language | None = None) -> str:
        """What the roster and the answers show for a unit's key; empty for none."""
        if key is None:
            return ""
        language = language or self.language
        if key == OTHER:
            return {"sv": "Annan", "en": "Other"}[language]
        unit = next((unit for unit in self.units if unit.key == key), None)
        if unit is None:
            return key
        return unit.label.get(language) or unit.label[self.language]
