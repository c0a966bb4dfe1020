"""The sheets of the roster: headings, widths, labels, and the cells of a registration or a review line."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..domain import Registration, Review, Status
from ..event import OTHER, Event
from ..reasons import worded
from ..understanding.sessions import Calendar
from .words import words

Cell = str | dt.date | dt.datetime | bool | None

PEOPLE = "Deltagare"
REVIEWS = "Att hantera"
OVERVIEW = "Översikt"
ID = "Id"
LONGEST = 32_767
"""Characters that Excel holds in a cell; one outside the basic plane, as most emoji, counts as two."""
STATUS_LABEL = {
    Status.CONFIRMED: "Bekräftad",
    Status.WAITING: "Väntar på svar",
    Status.WAITLISTED: "Reserv",
    Status.CANCELLED: "Avbokad",
}
STATUS_COLOUR = {"Bekräftad": "E2F0D9", "Väntar på svar": "FFF2CC", "Reserv": "DDEBF7", "Avbokad": "E7E6E6"}
DONE = "Ja"
DARK = "14506B"
"""The colour of headings."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of ours: its heading, its width in characters, the number format of dates, and how it is set."""

    heading: str
    width: float
    number_format: str = "General"
    centred: bool = False
    tall: bool = False
    """Rows hold several lines: text is wrapped and begins at the top."""


PEOPLE_COLUMNS = (
    Column("Namn", 26),
    Column("Kommun", 19),
    Column("Enhet", 14),
    Column("Datum", 13, "yyyy-mm-dd", centred=True),
    Column("Ort", 14),
    Column("Status", 17),
    Column("E-post", 32),
    Column("Telefon", 16),
    Column("Kost", 20),
    Column("Inkom", 18, "yyyy-mm-dd hh:mm", centred=True),
    Column("Anteckning", 28),
    Column(ID, 12),
)
REVIEW_COLUMNS = (
    Column("Inkom", 18, "yyyy-mm-dd hh:mm", centred=True, tall=True),
    Column("Från", 30, tall=True),
    Column("Ämne", 30, tall=True),
    Column("Orsak", 30, tall=True),
    Column("Utdrag", 80, tall=True),
    Column("Klar", 10, centred=True, tall=True),
    Column(ID, 12, tall=True),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def safe(text: str | None) -> str | None:
    """Text as a cell can hold it: no control characters, cut with a mark at Excel's limit, None for nothing."""
    if not text:
        return None
    clean = _CONTROL.sub("", text)
    if len(clean) * 2 <= LONGEST or len(clean.encode("utf-16-le")) // 2 <= LONGEST:
        return clean or None
    return clean.encode("utf-16-le")[: 2 * (LONGEST - 1)].decode("utf-16-le", "ignore") + "…"


def people_cells(row: Registration, event: Event) -> dict[str, Cell]:
    """A registration as the cells of `Deltagare`, by heading."""
    session = event.session_on(row.date)
    return {
        "Namn": safe(row.name),
        "Kommun": safe(row.municipality),
        "Enhet": safe(event.unit_label(row.unit)),
        "Datum": row.date,
        "Ort": safe(session.city) if session else None,
        "Status": STATUS_LABEL[row.status],
        "E-post": safe(row.email),
        "Telefon": safe(row.phone),
        "Kost": safe(row.diet),
        "Inkom": row.received.astimezone(event.zone).replace(tzinfo=None, microsecond=0),
        "Anteckning": safe(row.note)
        or (words(event)["nameless"].format(count=row.count) if row.count > 1 and not row.name else None),
        ID: row.id,
    }


def review_cells(review: Review, event: Event) -> dict[str, Cell]:
    """A review line as the cells of `Att hantera`, by heading."""
    return {
        "Inkom": review.received.astimezone(event.zone).replace(tzinfo=None, microsecond=0),
        "Från": safe(review.sender),
        "Ämne": safe(review.subject),
        "Orsak": safe(worded(review.reason, event.language)),
        "Utdrag": safe(review.excerpt),
        "Klar": DONE if review.done else None,
        ID: review.id,
    }


def choice(label: str) -> str:
    """A label as a drop-down can offer it: its list is parted by commas and quoted."""
    return " ".join(label.replace(",", " ").replace('"', "'").split())


def unit_key(label: str, event: Event) -> str | None:
    """The key of a unit's label in any language; None for a label that is no unit."""
    keys = {choice(text).casefold(): unit.key for unit in event.units for text in unit.label.values()}
    keys |= {"annan": OTHER, "other": OTHER} | {unit.key: unit.key for unit in event.units}
    return keys.get(choice(label).casefold())


def status_of(label: str) -> Status | None:
    """The status a label names, however it is cased."""
    wanted = label.strip().casefold()
    return next((status for status, text in STATUS_LABEL.items() if text.casefold() == wanted), None)


_FIELDS = {
    "Namn": "name",
    "Kommun": "municipality",
    "Enhet": "unit",
    "Datum": "date",
    "Status": "status",
    "E-post": "email",
    "Telefon": "phone",
    "Kost": "diet",
    "Inkom": "received",
    "Anteckning": "note",
}
_TEXTS = ("Namn", "Kommun", "E-post", "Telefon", "Kost", "Anteckning")


def fields_of(heading: str) -> str:
    """The field of a `Registration` that a column shows; empty for `Ort`, which follows from the date, and `Id`."""
    return _FIELDS.get(heading, "")


def unit_labels(event: Event) -> list[str]:
    """What may stand in `Enhet`."""
    return [event.unit_label(key) for key in (*(unit.key for unit in event.units), OTHER)]


def parse_people(cells: Mapping[str, Cell], event: Event) -> dict[str, object]:
    """What the organiser wrote in a row, as fields of a `Registration`; what makes no sense is left out."""
    found: dict[str, object] = {}
    for heading in _TEXTS:
        if heading in cells:
            text = str(cells[heading]).strip() if cells[heading] not in (None, "") else ""
            text = text.lower() if heading == "E-post" else text
            found[_FIELDS[heading]] = text if text or heading == "Anteckning" else None
    if "Enhet" in cells:
        label = str(cells["Enhet"] or "")
        if not label or unit_key(label, event):
            found["unit"] = unit_key(label, event)
    if "Datum" in cells:
        day = _session(cells["Datum"], event)
        if cells["Datum"] in (None, "") or day:
            found["date"] = day
    if isinstance(came := cells.get("Inkom"), dt.date):
        moment = came if isinstance(came, dt.datetime) else dt.datetime.combine(came, dt.time())
        found["received"] = moment.replace(tzinfo=event.zone)
    if "Status" in cells and (status := status_of(str(cells["Status"] or ""))):
        found["status"] = status
    return found


def _session(value: Cell, event: Event) -> dt.date | None:
    """The session that a date cell, or a text as `12/2` or `den 12:e`, names; None where it is none for certain."""
    if isinstance(value, dt.date):
        day = value.date() if isinstance(value, dt.datetime) else value
        return day if event.session_on(day) else None
    return Calendar(event).only(str(value or ""))
