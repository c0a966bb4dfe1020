"""Mails, the organiser's edits, old copies and crashes in any order: nothing is lost, nothing is there twice."""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from kkn_mailer import roster
from kkn_mailer.config import load_event

from ..conftest import ROOT
from .desk import FIRST, SECOND, Desk
from .hands import by_openpyxl

EVENT = load_event(ROOT / "config")
WRITERS = ("Ada Testberg", "Bo Asklund", "Cia Lindgren", "Dan Ekholm")
TYPED = ("Eva Nyström", "Filip Åberg", "Gun Sandell")
P = "Deltagare"


class Killed(Exception):
    """The process died here."""


class Machine(RuleBasedStateMachine):
    """`here` is who must be in the list, with the diet that she wrote; `gone` who she deleted."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.desk = self._desk("one")
        self.here: dict[str, str | None] = {}
        self.gone: set[str] = set()
        self.moved: set[str] = set()
        self.cancelled: set[str] = set()
        self.copies: list[tuple[str, frozenset[str]]] = []
        self.log: list[Callable[[Desk], object]] = []
        self.numbers = itertools.count(1)

    def _desk(self, name: str) -> Desk:
        (self.folder / name).mkdir()
        desk = Desk(EVENT, self.folder / name)
        desk.idle()
        return desk

    def do(self, step: Callable[[Desk], object]) -> None:
        """Do something here, and again in the end at a desk where every step is followed by a pass."""
        self.log.append(step)
        step(self.desk)

    # ── mails ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @rule(name=st.sampled_from(WRITERS), day=st.sampled_from([FIRST, None]))
    def a_mail_registers(self, name: str, day: dt.date | None) -> None:
        if name in self.moved or (day is None and name in self.cancelled):
            return  # rightly a second row: for another day than she moved him to, or beside the one he cancelled
        self.do(lambda desk: desk.register(name, day))
        if name not in self.gone:
            self.here.setdefault(name, None)

    @rule(name=st.sampled_from(WRITERS))
    def a_mail_cancels(self, name: str) -> None:
        self.do(lambda desk: desk.take(name, f"Hej! Jag måste tyvärr avboka.\n\n/{name}"))
        self.cancelled.add(name)

    # ── her hand ──────────────────────────────────────────────────────────────────────────────────────────────────

    def listed(self) -> list[str]:
        """Who stands in the file now."""
        return sorted(str(row["Namn"]) for row in self.desk.rows() if row["Namn"] in self.here)

    @precondition(lambda self: self.listed())
    @rule(data=st.data())
    def she_writes(self, data: st.DataObject) -> None:
        name, diet = data.draw(st.sampled_from(self.listed())), f"kost {next(self.numbers)}"
        self.do(lambda desk: by_openpyxl(desk.path, [("put", P, name, "Kost", diet)]))
        self.here[name] = diet

    @precondition(lambda self: self.listed())
    @rule(data=st.data(), day=st.sampled_from([SECOND, "på fredag", dt.date(2020, 2, 13)]))
    def she_moves(self, data: st.DataObject, day: dt.date | str) -> None:
        name = data.draw(st.sampled_from(self.listed()))
        self.do(lambda desk: desk.idle())
        self.do(lambda desk: by_openpyxl(desk.path, [("put", P, name, "Datum", day)]))
        self.moved.add(name)
        self.do(lambda desk: desk.idle())

    @precondition(lambda self: self.listed())
    @rule(data=st.data())
    def she_deletes(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(self.listed()))
        self.do(lambda desk: by_openpyxl(desk.path, [("remove", P, name)]))
        del self.here[name]
        self.gone.add(name)

    @precondition(lambda self: set(TYPED) - self.here.keys() - self.gone)
    @rule(data=st.data())
    def she_types(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(set(TYPED) - self.here.keys() - self.gone)))
        self.do(lambda desk: by_openpyxl(desk.path, [("add", P, "Namn", name, "Kommun", "Trosa")]))
        self.here[name] = None

    @rule()
    def she_sorts(self) -> None:
        self.do(lambda desk: by_openpyxl(desk.path, [("sort", P, "Namn")]))

    # ── copies ────────────────────────────────────────────────────────────────────────────────────────────────────

    @rule()
    def she_keeps_a_copy(self) -> None:
        name = f"copy{next(self.numbers)}.xlsx"
        self.do(lambda desk: (desk.idle(), desk.copy(name)))
        self.copies.append((name, frozenset(self.here)))

    @precondition(lambda self: self.copies)
    @rule(data=st.data(), delete=st.booleans())
    def she_saves_an_old_copy(self, data: st.DataObject, delete: bool) -> None:
        copy, people = data.draw(st.sampled_from(self.copies))
        both = sorted(people & self.here.keys())
        edits: list[tuple[str | None, ...]] = []
        if both:
            name, diet = data.draw(st.sampled_from(both)), f"kost {next(self.numbers)}"
            if delete:
                del self.here[name]
                self.gone.add(name)
                edits = [("remove", P, name)]
            else:
                self.here[name] = diet
                edits = [("put", P, name, "Kost", diet)]

        def save(desk: Desk) -> None:
            desk.idle()
            shutil.copy(desk.folder / copy, desk.path)
            by_openpyxl(desk.path, edits)

        self.do(save)

    @rule()
    def she_has_it_open(self) -> None:
        (self.desk.folder / ".~lock.deltagare.xlsx#").touch()
        with suppress(roster.RosterBusy):
            self.desk.idle()
        (self.desk.folder / ".~lock.deltagare.xlsx#").unlink()

    @rule()
    def the_file_is_lost(self) -> None:
        self.do(lambda desk: (desk.idle(), desk.path.unlink()))
        self.do(lambda desk: desk.idle())

    # ── passes and crashes ────────────────────────────────────────────────────────────────────────────────────────

    @rule()
    def a_pass(self) -> None:
        self.desk.idle()

    @rule()
    def killed_before_the_edits_are_taken(self) -> None:
        self.desk.service.keeper._update()

    @rule()
    def killed_when_the_edits_are_taken(self) -> None:
        self.desk.service.keeper._take(self.desk.service.keeper._update())

    @rule()
    def killed_before_the_file_is_put_in_place(self) -> None:
        journal = self.desk.service.journal

        def die(snapshot: str) -> None:
            journal.set_note("roster", snapshot)
            raise Killed

        rows, lines = journal.registrations(), journal.reviews()
        with suppress(Killed):
            roster.update(self.desk.path, EVENT, rows, lines, journal.note("roster"), die)

    # ── what must be true ─────────────────────────────────────────────────────────────────────────────────────────

    def teardown(self) -> None:
        self.desk.idle()
        assert not self.desk.idle()
        twin = self._desk("two")
        for step in self.log:
            step(twin)
            twin.idle()
        for desk in (self.desk, twin):
            shown = desk.rows()
            assert sorted(str(row["Namn"]) for row in shown) == sorted(self.here), "lost, twice, or back again"
            assert {str(row["Namn"]): row["Kost"] for row in shown} == self.here, "her value was lost"
            assert {row["Id"] for row in shown} == {row.id for row in desk.service.journal.registrations()}
            assert {row.name: row.diet for row in desk.service.journal.registrations()} == self.here
        assert _state(self.desk) == _state(twin), "the order of passes mattered"
        for desk in (self.desk, twin):
            desk.service.close()
        shutil.rmtree(self.folder)


def _state(desk: Desk) -> list[tuple[str, ...]]:
    """What the list shows, but for what is made anew each time."""
    left = ("Namn", "Kommun", "Enhet", "Datum", "Ort", "Status", "Kost")
    return sorted(tuple(str(row[heading]) for heading in left) for row in desk.rows())


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=20,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
