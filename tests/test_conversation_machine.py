"""Mails of several people in any order, through the service: what must hold whatever they write."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from kkn_mailer.config import ServiceSettings, load_event
from kkn_mailer.domain import Registration, Status
from kkn_mailer.letter import read_letter

from .conftest import ROOT
from .roster.desk import FIRST, SECOND
from .test_conversations import Talk, told, with_places

EVENT = load_event(ROOT / "config")
WHO = st.sampled_from(["Ada Testberg", "Bo Asklund", "Cia Lindgren", "Dan Ekholm"])
DAYS = st.sampled_from(["den 12 februari", "den 14 februari", "båda dagarna", "inspirationsdagen"])


def sender(name: str) -> str:
    return f"{name} <{name.lower().replace(' ', '.')}@flen.se>"


class Machine(RuleBasedStateMachine):
    """Four people, few places; after each mail everything is looked at."""

    @initialize(first=st.integers(1, 2), second=st.integers(1, 2))
    def open(self, first: int, second: int) -> None:
        self.event = with_places(EVENT, {FIRST.isoformat(): first, SECOND.isoformat(): second})
        self.talk = Talk(self.event, Path(tempfile.mkdtemp()))
        desk = self.talk.desk
        much = ServiceSettings(replies_per_sender_per_day=1000)
        desk.service.settings = desk.settings.model_copy(update={"service": much})
        self.rows: dict[str, Registration] = {}

    def write(self, name: str, text: str, silent: bool = False, **how: object) -> None:
        before = self.rows
        _, sent = self.talk.put(sender(name), text, **how)
        self.rows = {row.id: row for row in self.talk.desk.service.journal.registrations()}
        mine = [m for m in sent if m["In-Reply-To"] == self.talk.mails[-1]["Message-ID"]]
        assert len(mine) <= (0 if silent else 1)
        self.places()
        got = [row for i, row in self.rows.items() if i in before and self.got_a_place(before[i], row)]
        told_of = {row.answer_to for row in got} - {self.address(name)}
        others = [told(m, "") for m in sent if m not in mine]
        assert len(others) == len(set(others)), "nobody is told twice"
        assert told_of <= {each.partition("→ ")[2] for each in others}, "whoever gets a place is told"
        for row in got:
            longer = [r for r in self.rows.values() if self.waits(r) and r.date == row.date and r.id in before]
            assert all(before[r.id].received >= before[row.id].received for r in longer if self.waits(before[r.id]))

    @staticmethod
    def address(name: str) -> str:
        return sender(name).partition("<")[2].rstrip(">")

    @staticmethod
    def waits(row: Registration) -> bool:
        return row.status is Status.WAITLISTED

    def got_a_place(self, before: Registration, after: Registration) -> bool:
        return self.waits(before) and after.status is Status.CONFIRMED and before.date == after.date

    def places(self) -> None:
        for session in self.event.sessions:
            rows = [row for row in self.rows.values() if row.date == session.date]
            left = (session.capacity or 0) - sum(r.count for r in rows if r.status is Status.CONFIRMED)
            assert left >= 0, "never overbooked"
            assert not any(self.waits(r) and r.count <= left for r in rows), "nobody waits while there is room"
        live = [(r.name, r.date) for r in self.rows.values() if r.status is not Status.CANCELLED]
        assert len(live) == len(set(live)), "nobody twice for a day"
        threads = Counter(self.root(message) for message in self.talk.sent)
        assert max(threads.values(), default=0) <= 5, "a thread comes to an end"

    @staticmethod
    def root(message: EmailMessage) -> str:
        ids = re.findall(r"<[^<>\s]+>", str(message["References"] or ""))
        return ids[0] if ids else str(message["Message-ID"])

    def last(self, name: str) -> int | None:
        """The last mail of somebody that was answered."""
        numbers = [i for i, m in enumerate(self.talk.replies) if m and self.address(name) in str(m["To"])]
        return numbers[-1] if numbers else None

    def reply(self, name: str, text: str, silent: bool = False, **headers: str) -> None:
        number = self.last(name)
        if number is not None:
            self.write(name, text, silent, answers=number, headers=headers)

    # ── what people write ─────────────────────────────────────────────────────────────────────────────────────────

    @rule(name=WHO, day=DAYS)
    def registers(self, name: str, day: str) -> None:
        self.write(
            name, f"Hej!\n\nJag anmäler mig till {day}.\n\nMed vänlig hälsning\n{name}\nKulturchef\nFlens kommun\n"
        )

    @rule(name=WHO, colleague=WHO, day=DAYS)
    def registers_a_colleague(self, name: str, colleague: str, day: str) -> None:
        if name != colleague:
            text = f"Hej!\n\nJag vill anmäla min kollega {colleague}, kulturchef, till {day}. Själv kommer jag inte."
            self.write(name, f"{text}\n\n{name}\nAssistent\nFlens kommun\n")

    @rule(name=WHO, day=st.sampled_from(["Den 12:e!", "Den 14:e!", "Det spelar ingen roll, välj du!"]))
    def answers(self, name: str, day: str) -> None:
        self.reply(name, f"{day}\n\n/{name.split()[0]}")

    @rule(name=WHO, day=st.sampled_from(["12", "14"]))
    def moves(self, name: str, day: str) -> None:
        self.reply(name, f"Hej! Jag behöver byta till den {day} februari i stället.\n\n/{name}")

    @rule(name=WHO, day=st.sampled_from(["", " den 12 februari", " den 14 februari"]))
    def cancels(self, name: str, day: str) -> None:
        self.reply(name, f"Hej! Jag måste tyvärr avboka{day}.\n\n/{name}")

    @rule(name=WHO, heir=WHO)
    def gives_her_place(self, name: str, heir: str) -> None:
        if name != heir:
            self.reply(
                name, f"Hej! Jag får förhinder. Min kollega {heir}, kulturchef, kommer i stället för mig.\n\n/{name}"
            )

    @rule(name=WHO)
    def comes_after_all(self, name: str) -> None:
        self.reply(name, f"Hej igen! Jag kommer ändå, anmäl mig igen tack!\n\n/{name}")

    @rule(name=WHO)
    def thanks(self, name: str) -> None:
        self.reply(name, f"Tack snälla, då ses vi!\n\n/{name.split()[0]}", silent=True)

    @rule(name=WHO)
    def is_away(self, name: str) -> None:
        away = f"Hej! Jag är på semester och tillbaka den 14 februari.\n\n{name}"
        self.reply(name, away, silent=True, **{"Auto-Submitted": "auto-replied"})

    @precondition(lambda self: self.talk.mails)
    @rule(data=st.data())
    def comes_again(self, data: st.DataObject) -> None:
        """The very same mail once more: the service knows it and does not even read it."""
        raw = data.draw(st.sampled_from(self.talk.mails)).as_bytes()
        assert self.talk.desk.service.journal.known(read_letter(raw, dt.datetime(2020, 1, 20, tzinfo=dt.UTC)))


Machine.TestCase.settings = settings(max_examples=25, stateful_step_count=14, deadline=None)
TestMachine = Machine.TestCase


def test_a_colleague_without_an_address_gets_a_place_by_whoever_registered_her() -> None:
    state = Machine()
    state.open(first=1, second=1)
    state.registers(name="Bo Asklund", day="båda dagarna")
    state.registers_a_colleague(name="Ada Testberg", colleague="Cia Lindgren", day="den 12 februari")
    state.cancels(name="Bo Asklund", day=" den 12 februari")
    place = next(row for row in state.rows.values() if row.name == "Cia Lindgren")
    assert (place.status, place.email) == (Status.CONFIRMED, None)
