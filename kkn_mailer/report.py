"""How readings and counts are shown: JSON for programs, tables for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from .domain import Decision, Kind, Reading, Registration, Review, Status
from .event import Event
from .roster.counts import by_employer

_COLOUR = {
    "confirm": "green",
    "ask": "yellow",
    "change": "cyan",
    "cancel": "magenta",
    "review": "red",
    "ignore": "bright_black",
}
_STRENGTH = {1: "domain", 2: "header", 3: "signature", 4: "text"}
_LEFT_ALONE = {Kind.AUTOMATIC: "written by a program", Kind.UNRELATED: "nothing in it is about coming to this event"}


def reading_json(file: str, reading: Reading, ms: float, error: str | None = None) -> dict[str, Any]:
    """The object of `parse --json`; `reason` stands there where the organiser should look."""
    out: dict[str, Any] = {
        "file": file,
        "kind": reading.kind.value,
        "question": reading.question,
        "language": reading.language,
        "decision": reading.decision.value,
        "people": [
            {
                "name": p.name,
                "municipality": p.municipality,
                "unit": p.unit,
                "dates": [d.isoformat() for d in p.dates],
                "email": p.email,
                "phone": p.phone,
                "diet": p.diet,
                "missing": [m.value for m in p.missing],
            }
            for p in reading.people
        ],
        "evidence": [
            {
                "person": e.person,
                "field": e.field,
                "value": e.value,
                "words": e.words,
                "strength": _STRENGTH[e.strength],
            }
            for e in reading.evidence
        ],
        "ms": round(ms, 3),
    }
    return out | ({"error": error} if error else {"reason": reading.reason} if reading.reason else {})


def show_reading(console: Console, file: str, reading: Reading, event: Event, ms: float, error: str | None) -> None:
    """A mail explained: kind, decision, and each person with each value and the words behind it; a file that is none in a line."""
    if error:
        console.print(Text.assemble((file, "bold"), f"  {error}"), style="red")
        return
    colour = _COLOUR[reading.decision]
    title = Text.assemble(
        (file, "bold"),
        "  ",
        (reading.kind.value, "bold"),
        " → ",
        (reading.decision.value, f"bold {colour}"),
        f"  {reading.language}  {ms:.1f} ms",
    )
    if not reading.people:
        alone = _LEFT_ALONE.get(reading.kind) if reading.decision is Decision.IGNORE else None
        note = reading.reason or ": ".join(filter(None, [alone, *(e.words for e in reading.evidence)]))
        console.print(Panel(Text(note or "–", style="dim"), title=title, title_align="left", border_style=colour))
        return
    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
    for heading in ("person", "field", "value", "words", "from"):
        table.add_column(heading, overflow="fold")
    for index, person in enumerate(reading.people):
        shown = {e.field: e for e in reading.evidence if e.person == index}
        values = {
            "name": person.name,
            "municipality": person.municipality,
            "unit": event.unit_label(person.unit, reading.language) or None,
            "date": ", ".join(map(str, person.dates)) or None,
            "phone": person.phone,
            "diet": person.diet,
            "replaces": person.replaces,
        }
        for n, (field, value) in enumerate(values.items()):
            missing = field in {m.value for m in person.missing}
            if value is None and not missing:
                continue
            proof = shown.get(field)
            table.add_row(
                Text(str(index + 1) + (f" ×{person.count}" if person.count > 1 else "") if n == 0 else ""),
                Text(field),
                Text(value or "missing", style="bold" if value else "yellow"),
                Text(f"“{proof.words}”" if proof and proof.words else "", style="italic"),
                Text(_STRENGTH[proof.strength] if proof else "", style="dim"),
            )
    why = Text(reading.reason, style="red") if reading.reason else None
    console.print(Panel(table, title=title, title_align="left", subtitle=why, border_style=colour))


def status_of(
    event: Event,
    registrations: Sequence[Registration],
    reviews: Sequence[Review],
    unsent: int,
    drafts: int,
    notes: dict[str, str | None],
) -> dict[str, Any]:
    """Counts by session, unit, municipality and status; what waits; the last pass.

    Units and municipalities count people, as the roster's overview does: once each, however many sessions they are on.
    """
    waits = (notes.get("roster_waits") or "").partition(" ")
    counted = by_employer(event, registrations)
    units = sum(counted.values(), Counter[str]())
    return {
        "event": event.name,
        "registrations": len(registrations),
        "by_status": {s.value: sum(r.status is s for r in registrations) for s in Status},
        "by_session": {
            s.date.isoformat(): {"city": s.city, "capacity": s.capacity}
            | {st.value: sum(r.count for r in registrations if r.date == s.date and r.status is st) for st in Status}
            for s in event.sessions
        },
        "by_unit": {event.unit_label(unit) or "–": count for unit, count in units.items()},
        "by_municipality": {name or "–": people.total() for name, people in sorted(counted.items()) if people},
        "for_the_organiser": sum(not r.done for r in reviews),
        "unsent_answers": unsent,
        "drafts": drafts,
        "roster": {"waiting_since": waits[0] or None, "why": waits[2] or None},
        "last_pass": notes.get("last_pass"),
        "last_good_pass": notes.get("last_good_pass"),
        "problems": [line for line in (notes.get("last_problems") or "").split("\n") if line],
    }


def show_status(console: Console, status: dict[str, Any]) -> None:
    """The same for a person to read."""
    console.print(Text(status["event"], style="bold"))
    sessions = Table("session", "city", *[s.value for s in Status], "places", header_style="dim", box=None)
    for day, counts in status["by_session"].items():
        sessions.add_row(day, counts["city"], *[str(counts[s.value]) for s in Status], str(counts["capacity"] or "–"))
    console.print(sessions)
    for key, title in (("by_unit", "unit"), ("by_municipality", "municipality")):
        table = Table(title, "people", header_style="dim", box=None)
        for name, count in status[key].items():
            table.add_row(name, str(count))
        console.print(table)
    console.print(
        f"for the organiser: {status['for_the_organiser']}   unsent answers: {status['unsent_answers']}   drafts: {status['drafts']}   last good pass: {status['last_good_pass'] or 'never'}"
    )
    if status["roster"]["why"]:
        console.print(
            Text(f"roster unwritten since {status['roster']['waiting_since']}: {status['roster']['why']}", style="red")
        )
    for problem in status["problems"]:
        console.print(Text(problem, style="red"))
