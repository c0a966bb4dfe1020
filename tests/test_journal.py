"""The journal by itself, and what the service keeps in it when something goes wrong on the way."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from kkn_mailer.domain import Decision, Kind, Letter, Outcome, Reading, Review
from kkn_mailer.event import Event
from kkn_mailer.journal import Journal
from kkn_mailer.letter import read_letter
from kkn_mailer.service import Service

from .mails import WHEN, mail
from .roster.desk import FIRST, Desk
from .roster.hands import by_openpyxl
from .test_service import FULL

NOW = dt.datetime(2020, 1, 21, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def desk(event: Event, tmp_path: Path) -> Desk:
    return Desk(event, tmp_path)


def line(sender: str, identity: str = "ABCDEFGH") -> Review:
    return Review(identity, WHEN, sender, "Fråga", "Behöver läsas", "Hej!")


@pytest.mark.parametrize("other", ["johanna.ek@flen.se", "ånna.ek@flen.se"])
def test_whoever_has_nearly_the_same_address_is_not_forgotten(desk: Desk, other: str) -> None:
    journal = desk.service.journal
    desk.service.process(read_letter(mail(FULL, f"Ulla Testberg <{other}>"), WHEN))
    journal.add_review(line(f"Johanna Ek <{other}>"))
    lines = journal.reviews()
    assert journal.forget("anna.ek@flen.se") == (0, 0, 0)
    assert len(journal.registrations()) == 1
    assert journal.reviews() == lines


def test_a_forgotten_address_may_be_written_in_capitals_and_beyond_ascii(desk: Desk) -> None:
    journal = desk.service.journal
    journal.add_review(line("Ek, Åsa <åsa.ek@flen.se>", "A"))
    journal.add_review(line("åsa.ek@flen.se", "B"))
    assert journal.forget(" Åsa.Ek@flen.se ") == (0, 2, 0)


def test_a_line_about_her_row_tells_where_it_is_without_its_id_and_is_forgotten_with_her(desk: Desk) -> None:
    desk.register("Ada Testberg")
    desk.take("Bo Prov", "Hej! Vi blir tre från kulturenheten i Trosa kommun den 12 februari. Namnen kommer senare.")
    desk.idle()
    by_openpyxl(desk.path, [("put", "Deltagare", str(row["Id"]), "Status", "kanske") for row in desk.rows()])
    desk.idle()
    lines = desk.service.journal.reviews()
    assert len(lines) == 2
    shown = " ".join(f"{line.subject} {line.reason} {line.excerpt}" for line in lines)
    assert "Raden för Ada Testberg, Flen i Deltagare, kolumnen Status" in shown
    assert "Raden för bo.prov@flen.se, Trosa i Deltagare, kolumnen Status" in shown
    assert not any(str(row["Id"]) in shown for row in desk.rows())
    assert desk.service.journal.forget("ada.testberg@flen.se")[:2] == (1, 1)
    assert "Ada" not in str(desk.service.journal.reviews())


def test_the_event_s_time_does_not_go_back_with_an_old_mail_that_is_moved_into_the_inbox(tmp_path: Path) -> None:
    journal = Journal(f"sqlite:///{tmp_path}/journal.db")
    for number, received in enumerate((NOW, NOW - 40 * DAY)):
        letter = Letter(f"<{number}@flen.se>", str(number), read_letter(mail(FULL)).sender, received)
        journal.record(
            letter, Reading(Kind.UNRELATED, Decision.IGNORE), Outcome(), [], NOW + number * dt.timedelta(seconds=1)
        )
    assert journal.event_now(NOW + DAY) == NOW + DAY


def test_an_answer_that_is_given_up_and_its_line_are_one_transaction(desk: Desk) -> None:
    desk.register("Ada Testberg")
    journal = desk.service.journal
    (answer,) = journal.unsent()
    journal.mark_refused(answer.message_id, "550 no", NOW, line("ada.testberg@flen.se"))
    assert (journal.unsent(), len(journal.reviews())) == ([], 1)


def test_what_has_been_sent_is_not_kept_a_second_time(desk: Desk) -> None:
    desk.register("Ada Testberg")
    journal = desk.service.journal
    (answer,) = journal.unsent()
    journal.mark_sent(answer.message_id, NOW)
    assert journal.uncopied()[0].raw == answer.raw
    journal.mark_copied(answer.message_id)
    with journal._begin() as db:
        assert db.scalar(sa.text("SELECT raw FROM answers")) == b""
    last, _ = journal.last_answer([desk.known("Ada Testberg").id])
    assert last
    assert (last.message_id, last.subject) == (answer.in_reply_to, "Anmälan")


@pytest.mark.parametrize("address", ["anna..ek@flen.se", "a b@flen.se", "@flen.se", "a@flen..se", "åsa@flen.se"])
@pytest.mark.parametrize("header", ["From", "Reply-To"])
def test_an_address_that_no_answer_can_be_written_to_is_listed(desk: Desk, address: str, header: str) -> None:
    raw = mail(FULL, **({"Reply_To": address} if header == "Reply-To" else {"sender": f"Ulla Testberg <{address}>"}))
    outcome = desk.service.process(read_letter(raw, WHEN))
    assert outcome.answer is None
    assert desk.open_lines() == ["Ingen adress att svara till"]


def test_an_address_she_typed_that_is_none_stops_neither_her_edits_nor_the_reminders(desk: Desk) -> None:
    desk.event = desk.event.model_copy(update={"reminder_days": 3})
    desk.restart()
    desk.register("Ada Testberg")
    journal = desk.service.journal
    journal.alter([(replace(desk.known("Ada Testberg"), email="ada testberg@flen.se"), "")], "organiser", NOW)
    journal.mark_sent(journal.unsent()[0].message_id, NOW)
    noon = dt.datetime.combine(FIRST, dt.time(8), dt.UTC) - DAY
    assert desk.service.reminders.write(noon) == 0
    assert len(desk.open_lines()) == 0


def test_a_reminder_that_cannot_be_written_is_listed_once(desk: Desk, tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "reminder.sv.txt.j2").write_text("{{ nothing }}", encoding="utf-8")
    desk.event = desk.event.model_copy(update={"reminder_days": 3})
    desk.service = Service(desk.event, desk.settings, templates)
    desk.register("Ada Testberg")
    journal = desk.service.journal
    journal.mark_sent(journal.unsent()[0].message_id, NOW)
    noon = dt.datetime.combine(FIRST, dt.time(8), dt.UTC) - DAY
    for minute in range(3):
        assert desk.service.reminders.write(noon + dt.timedelta(minutes=minute)) == 0
    assert len(desk.open_lines()) == 1
