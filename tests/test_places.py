"""Places that become free otherwise than by a mail: by the organiser's hand, by a larger session; and failed answers."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from kkn_mailer.domain import Status
from kkn_mailer.event import Event
from kkn_mailer.letter import read_letter
from kkn_mailer.registrar.states import TRANSITIONS, Cause
from kkn_mailer.service import Service

from .conftest import ROOT
from .mails import WHEN, mail
from .roster.desk import FIRST, SECOND, Desk
from .roster.hands import by_openpyxl
from .test_conversations import with_places
from .test_service import FULL, Play

P = "Deltagare"


def statuses(desk: Desk) -> dict[str | None, Status]:
    return {row.name: row.status for row in desk.service.journal.registrations()}


@pytest.fixture
def full(event: Event, tmp_path: Path) -> Desk:
    """A day of one place: Ada has it, Bo and Cia wait in that order."""
    desk = Desk(with_places(event, {FIRST.isoformat(): 1}), tmp_path)
    for name in ("Ada Testberg", "Bo Asklund", "Cia Lindgren"):
        desk.register(name)
    desk.idle()
    assert list(statuses(desk).values()).count(Status.WAITLISTED) == 2
    return desk


def test_what_she_cancels_of_one_person_is_told_in_one_mail_that_shows_what_stays(event: Event, tmp_path: Path) -> None:
    days = [FIRST, SECOND, FIRST.replace(day=20)]
    sessions = tuple(event.sessions[0].model_copy(update={"date": day}) for day in days)
    desk = Desk(event.model_copy(update={"sessions": sessions}), tmp_path, notify=True)
    for day in days:
        desk.register("Ada Testberg", day)
    desk.idle()
    for message in desk.service.journal.unsent():
        desk.service.journal.mark_sent(message.message_id, message.created)
    gone = [str(row["Id"]) for row in desk.rows() if str(row["Datum"])[:10] in map(str, days[:2])]
    by_openpyxl(desk.path, [("put", P, identity, "Status", "Avbokad") for identity in gone])
    desk.idle()
    (message,) = desk._messages()
    text = str(message.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert message["X-KKN-Answer"] == "cancelled"
    above, _, below = text.partition("Det här gäller fortfarande")
    assert [f"{day.day} februari" in above for day in days] == [True, True, False]
    assert [f"{day.day} februari" in below for day in days] == [False, False, True]


@pytest.mark.parametrize(
    "edit",
    [("remove", P, "Ada Testberg"), ("put", P, "Ada Testberg", "Status", "Avbokad")],
    ids=["deleted", "cancelled"],
)
def test_a_place_freed_by_her_goes_to_the_first_in_line(full: Desk, edit: tuple[object, ...]) -> None:
    waiting = sorted(
        (r.received, r.id, r.name) for r in full.service.journal.registrations() if r.name != "Ada Testberg"
    )
    by_openpyxl(full.path, [edit])
    full.idle()
    full.idle()
    first, second = waiting[0][2], waiting[1][2]
    assert (statuses(full)[first], statuses(full)[second]) == (Status.CONFIRMED, Status.WAITLISTED)
    assert full.answers() == ["confirm", "waitlisted", "waitlisted", "confirm"]
    told = full._messages()[-1]
    assert str(first).split()[0].lower() in str(told["To"])
    assert "blivit ledig" in told.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert told["In-Reply-To"]
    assert str(told["Subject"]) == "Sv: Anmälan"


def test_whom_she_puts_on_the_waiting_list_stays_there(full: Desk) -> None:
    by_openpyxl(full.path, [("put", P, "Ada Testberg", "Status", "Reserv")])
    full.idle()
    assert statuses(full)["Ada Testberg"] is Status.WAITLISTED
    assert list(statuses(full).values()).count(Status.CONFIRMED) == 1, "her place has been given on"


def test_overbooked_by_her_hand_nobody_more_is_confirmed(full: Desk) -> None:
    by_openpyxl(full.path, [("put", P, "Bo Asklund", "Status", "Bekräftad")])
    full.idle()
    full.take("Ada Testberg", "Hej! Jag måste tyvärr avboka.\n\n/Ada")
    assert statuses(full)["Bo Asklund"] is Status.CONFIRMED
    assert statuses(full)["Cia Lindgren"] is Status.WAITLISTED


def test_a_larger_session_takes_in_the_line_once(full: Desk, event: Event) -> None:
    larger = Service(with_places(event, {FIRST.isoformat(): 2}), full.settings, ROOT / "templates")
    larger.give_places()
    larger.give_places()
    assert list(statuses(full).values()).count(Status.CONFIRMED) == 2
    assert full.answers()[3:] == ["confirm"]
    (given,) = [
        r for r in full.service.journal.registrations() if full.service.journal.history(r.id)[-1][1] == "kkn-mailer"
    ]
    assert full.service.journal.history(given.id)[-1][2].endswith("waitlisted → confirmed")


def test_nobody_loses_a_place_by_a_mail() -> None:
    assert TRANSITIONS[Status.CONFIRMED, Status.WAITLISTED] == {Cause.HAND}
    assert TRANSITIONS[Status.CONFIRMED, Status.WAITING] == {Cause.HAND}


@pytest.fixture
def desk(event: Event, dovecot, smtp_sink, user: str, tmp_path: Path):  # type: ignore[no-untyped-def]
    playing = Play(event, dovecot, smtp_sink, user, tmp_path)
    yield playing
    playing.client.logout()
    playing.service.close()


def report(ours: EmailMessage, action: str) -> bytes:
    """A delivery report as RFC 3464 has it, to an address that the answer was passed on to; our answer comes back whole."""
    plain = mail("Ett mejl kunde inte levereras.", "Postmaster <postmaster@mx.example.net>", "Undeliverable")
    head = plain.partition(b"\r\n\r\n")[0]
    kept = [line for line in head.split(b"\r\n") if not line.lower().startswith((b"content-", b"mime-", b" "))]
    status = f"Reporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; other@elsewhere.example\r\nAction: {action}\r\nStatus: 5.1.1"
    parts = ("text/plain", "Hej"), ("message/delivery-status", status), ("message/rfc822", ours.as_string())
    text = "".join(f"--xx\r\nContent-Type: {kind}\r\n\r\n{content}\r\n" for kind, content in parts)
    kind = "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=xx\r\n\r\n"
    return b"\r\n".join(kept) + b"\r\n" + (kind + text + "--xx--\r\n").encode()


@pytest.mark.parametrize(("action", "lines"), [("failed", 1), ("delayed", 0)])
def test_a_report_about_an_answer_is_known_by_what_it_sends_back(desk: Play, action: str, lines: int) -> None:
    desk.play(mail(FULL))
    assert desk.play(report(desk.answers()[0], action)) == []
    found = [str(line["Orsak"]) for line in desk.rows("Att hantera")]
    assert len(found) == lines
    assert all("ulla.testberg@flen.se (om Ulla Testberg)" in line for line in found)


def test_a_report_of_exim_names_the_address_in_a_header() -> None:
    raw = mail("A message could not be delivered.", "x@y.example", X_Failed_Recipients="Ulla.Testberg@flen.se")
    letter = read_letter(raw, WHEN)
    assert letter.failure is not None
    assert letter.failure.recipients == ("ulla.testberg@flen.se",)
