"""The whole way of a mail through real servers: mailbox, reading, journal, roster, answer."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Self

import icalendar
import pytest
from imapclient import IMAPClient
from openpyxl import load_workbook
from pydantic import SecretStr

from kkn_mailer import service
from kkn_mailer.config import ImapSettings, JournalSettings, RosterSettings, Settings, SmtpSettings
from kkn_mailer.domain import Letter, Outcome
from kkn_mailer.event import Event
from kkn_mailer.mailbox import Mailbox, MailboxError
from kkn_mailer.sending import Sending
from kkn_mailer.service import Service, ServiceError, healthy

from .conftest import ROOT, Dovecot, Sink
from .mails import WHEN, mail
from .roster.hands import by_openpyxl

FULL = "Hej!\n\nJag anmäler mig till den 12 februari.\n\nMed vänlig hälsning\nUlla Testberg\nKulturchef\nFlens kommun\n"
BARE = (
    "Hej!\n\nJag anmäler mig till inspirationsdagen.\n\nMed vänlig hälsning\nUlla Testberg\nKulturchef\nFlens kommun\n"
)


class Play:
    """One organiser's mailbox, roster and journal, and what left by SMTP."""

    def __init__(self, event: Event, dovecot: Dovecot, sink: Sink, user: str, folder: Path) -> None:
        self.event, self.sink, self.folder = event, sink, folder
        self.client: IMAPClient = dovecot.client(user)
        self.settings = Settings(
            imap=ImapSettings(
                host="127.0.0.1", port=dovecot.port, security="none", username=user, password=SecretStr("secret")
            ),
            smtp=SmtpSettings(host="127.0.0.1", port=sink.port, security="none"),
            roster=RosterSettings(path=folder / "deltagare.xlsx"),
            journal=JournalSettings(url=f"sqlite:///{folder}/journal.db"),
        )
        self.service = Service(event, self.settings, ROOT / "templates")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.logout()
        self.service.close()

    def put(self, raw: bytes, when: dt.datetime = WHEN) -> None:
        self.client.append("INBOX", raw, (), when)

    def play(self, raw: bytes, when: dt.datetime = WHEN) -> list[str]:
        """The kinds of answer that a mail leads to."""
        before = len(self.sink.sent)
        self.put(raw, when)
        assert self.service.run_pass().problems == ()
        return [str(m["X-KKN-Answer"]) for m in self.answers()[before:]]

    def answers(self) -> list[EmailMessage]:
        return [email.message_from_bytes(raw, policy=email.policy.default) for _, raw in self.sink.sent]  # type: ignore[misc]

    def rows(self, sheet: str = "Deltagare") -> list[dict[str, object]]:
        table = list(load_workbook(self.settings.roster.path)[sheet].iter_rows(values_only=True))
        return [dict(zip(map(str, table[0]), row, strict=True)) for row in table[1:] if any(row)]


@pytest.fixture
def desk(event: Event, dovecot: Dovecot, smtp_sink: Sink, user: str, tmp_path: Path) -> Iterator[Play]:
    with Play(event, dovecot, smtp_sink, user, tmp_path) as playing:
        yield playing


def test_a_complete_registration_is_written_and_confirmed(desk: Play) -> None:
    assert desk.play(mail(FULL)) == ["confirm"]
    (row,) = desk.rows()
    assert (row["Namn"], row["Kommun"], row["Enhet"], row["Ort"], row["Status"]) == (
        "Ulla Testberg",
        "Flen",
        "Kultur",
        "Nyköping",
        "Bekräftad",
    )
    assert row["Datum"] == dt.datetime(2020, 2, 12)
    (answer,) = desk.answers()
    assert answer["Auto-Submitted"] == "auto-replied"
    assert answer["To"] == "Ulla Testberg <ulla.testberg@flen.se>"
    assert desk.client.search("SEEN") == []
    desk.client.noop()
    assert len(desk.client.search(["KEYWORD", "$KKNDone"])) == 1
    desk.client.select_folder("Sent", readonly=True)
    assert len(desk.client.search("ALL")) == 1


def test_a_question_and_its_answer_complete_the_registration(desk: Play) -> None:
    assert desk.play(mail(BARE)) == ["ask"]
    assert [(r["Status"], r["Datum"]) for r in desk.rows()] == [("Väntar på svar", None)]
    asked = desk.answers()[0]
    assert desk.play(mail("Den 14:e!\n\n/Ulla", subject="Sv: Anmälan", In_Reply_To=str(asked["Message-ID"]))) == [
        "confirm"
    ]
    assert [(r["Status"], r["Ort"]) for r in desk.rows()] == [("Bekräftad", "Eskilstuna")]


def test_the_same_mail_acts_once_wherever_it_lies(desk: Play) -> None:
    raw = mail(FULL)
    assert desk.play(raw) == ["confirm"]
    assert desk.play(raw) == []
    desk.service.journal.set_note(desk.service._cursor_key(), "1 0")
    desk.service.run_pass()
    assert len(desk.sink.sent) == 1
    assert len(desk.rows()) == 1


def test_the_same_person_twice_is_one_row(desk: Play) -> None:
    desk.play(mail(FULL))
    desk.play(mail(FULL.replace("anmäler mig", "anmäler mig härmed igen")))
    assert len(desk.rows()) == 1


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (mail("Hej gumman, jag kommer till stan den 12 februari, middag hos mig?", "Bea <bea@example.com>", "Middag"), "private"),
        (mail(FULL, Auto_Submitted="auto-replied"), "automatic"),
        (mail(FULL, List_Id="<lista.example.org>"), "list"),
        (mail("Vad tar du för en föreläsning den 12 mars?", subject="Förfrågan"), "customer"),
    ],
)  # fmt: skip
def test_what_is_no_registration_is_left_as_it_was(desk: Play, raw: bytes, why: str) -> None:
    assert desk.play(raw) == [], why
    assert desk.rows() == desk.rows("Att hantera") == []
    assert set(desk.client.get_flags(desk.client.search("ALL")).popitem()[1]) <= {b"\\Recent"}


def test_a_question_goes_to_the_organiser(desk: Play) -> None:
    assert desk.play(mail("Hej! Finns det hiss på Scenkonst den 14 februari?", subject="Lokalen")) == []
    (line,) = desk.rows("Att hantera")
    assert line["Orsak"] == "Fråga om evenemanget"
    desk.client.noop()
    assert len(desk.client.search(["FLAGGED"])) == 1


def test_a_star_that_a_lost_connection_kept_back_is_set_by_the_next_pass(
    desk: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(_self: Mailbox, _uid: int) -> None:
        raise MailboxError("IMAP: the connection was lost")

    desk.put(mail("Hej! Går det att parkera vid lokalen den 12 februari?", subject="Fråga"))
    with monkeypatch.context() as broken:
        broken.setattr(Mailbox, "mark_review", lost)
        assert desk.service.run_pass().problems
    assert desk.service.run_pass().problems == ()
    desk.client.noop()
    (uid,) = desk.client.search()
    assert b"\\Flagged" in desk.client.get_flags([uid])[uid]
    assert len(desk.service.journal.reviews()) == 1


def test_change_cancel_and_register_again(desk: Play) -> None:
    desk.play(mail(FULL))
    answer = str(desk.answers()[0]["Message-ID"])
    assert desk.play(
        mail(
            "Hej! Jag behöver byta till den 14 februari i Eskilstuna i stället.\n\n/Ulla",
            subject="Sv: Anmälan",
            In_Reply_To=answer,
        )
    ) == ["changed"]
    assert [(r["Ort"], r["Status"]) for r in desk.rows()] == [("Eskilstuna", "Bekräftad")]
    assert desk.play(mail("Hej! Jag måste tyvärr avboka.\n\n/Ulla", subject="Sv: Anmälan", In_Reply_To=answer)) == [
        "cancelled"
    ]
    assert [r["Status"] for r in desk.rows()] == ["Avbokad"]
    assert desk.play(mail(FULL.replace("12 februari", "14 februari"))) == ["confirm"]
    assert [r["Status"] for r in desk.rows()] == ["Bekräftad"]


BOTH = FULL.replace("den 12 februari", "båda dagarna")


def shown(answer: EmailMessage) -> tuple[str, str, dict[dt.date, str]]:
    """An answer as it is read: text and HTML without what it quotes, and the state of each entry of its calendar."""
    text, markup = (str(answer.get_body((form,)).get_content()) for form in ("plain", "html"))  # type: ignore[union-attr]
    (part,) = answer.iter_attachments()
    entries = icalendar.Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")  # type: ignore[arg-type]
    days = {entry.decoded("dtstart").date(): str(entry["status"]) for entry in entries}
    return text.partition(" skrev ")[0], markup.partition(" skrev ")[0], days


def test_who_cancels_one_of_two_days_sees_both(desk: Play) -> None:
    desk.play(mail(BOTH))
    ill = mail(
        "Hej! Jag måste tyvärr hoppa över den 12 februari.\n\n/Ulla",
        In_Reply_To=str(desk.answers()[0]["Message-ID"]),
    )
    assert desk.play(ill) == ["cancelled"]
    *pages, days = shown(desk.answers()[-1])
    for page in pages:
        gone, stays = page.index("onsdag 12 februari"), page.index("Det här gäller fortfarande")
        assert gone < stays < page.index("Scenkonst Sörmland")
        assert "Historieverkstan" not in page[stays:]
    assert days == {dt.date(2020, 2, 12): "CANCELLED", dt.date(2020, 2, 14): "CONFIRMED"}


@pytest.mark.parametrize("wish", ["Jag är vegetarian", "Mitt telefonnummer är 070-123 45 67"])
def test_a_change_shows_the_new_state_whole(desk: Play, wish: str) -> None:
    desk.play(mail(BOTH))
    told = mail(f"Hej! {wish}, det glömde jag säga.\n\n/Ulla", In_Reply_To=str(desk.answers()[0]["Message-ID"]))
    assert desk.play(told) == ["changed"]
    *pages, days = shown(desk.answers()[-1])
    assert all("Historieverkstan" in page and "Scenkonst" in page for page in pages)
    assert set(days.values()) == {"CONFIRMED"}
    assert len(days) == 2


def test_a_stranger_may_not_cancel(desk: Play) -> None:
    desk.play(mail(FULL))
    assert (
        desk.play(
            mail(
                "Ulla Testberg kommer inte den 12 februari, avboka henne.",
                "Olle <olle@example.com>",
                "Avbokning inspirationsdag",
            )
        )
        == []
    )
    assert [r["Status"] for r in desk.rows()] == ["Bekräftad"]


def test_a_colleague_may_and_the_person_is_told(desk: Play) -> None:
    desk.play(mail(FULL))
    raw = mail(
        "Hej! Ulla Testberg är sjuk och kommer tyvärr inte den 12 februari.\n\nMvh\nOlle Prov\nFlens kommun",
        "Olle Prov <olle.prov@flen.se>",
        "Återbud",
    )
    assert desk.play(raw) == ["cancelled"]
    assert "ulla.testberg@flen.se" in str(desk.answers()[-1]["Cc"])


def test_after_closing_day_the_organiser_decides(desk: Play) -> None:
    late = dt.datetime(2020, 2, 14, 8, tzinfo=desk.event.zone)
    assert desk.play(mail(FULL.replace("12", "14"), when=late), late) == []
    assert [line["Orsak"] for line in desk.rows("Att hantera")] == ["Anmälan efter sista anmälningsdagen"]


def test_one_who_writes_all_day_is_not_answered_all_day(desk: Play) -> None:
    kinds = [desk.play(mail(FULL.replace("Hej!", f"Hej nummer {n}!"))) for n in range(6)]
    assert kinds.count(["confirm"]) == 5
    assert kinds[-1] == []


def test_a_crash_before_sending_sends_the_same_message(desk: Play) -> None:
    desk.sink.refuse["ulla.testberg@flen.se"] = "451 4.3.0 later"
    desk.put(mail(FULL))
    assert "tried again" in desk.service.run_pass().problems[0]
    (waiting,) = desk.service.journal.unsent()
    again = Service(desk.event, desk.settings, ROOT / "templates")
    desk.sink.refuse.clear()
    again.run_pass()
    again.close()
    assert [m["Message-ID"] for m in desk.answers()] == [waiting.message_id]


def test_mail_of_the_first_day_counts_whatever_the_server_s_time_zone(desk: Play) -> None:
    midnight = dt.datetime.combine(desk.event.mail_since, dt.time(), desk.event.zone)
    for minutes, kinds in ((-30, []), (30, ["confirm"])):
        when = (midnight + dt.timedelta(minutes=minutes)).astimezone(dt.UTC)
        assert desk.play(mail(FULL), when) == kinds


def test_an_address_that_is_refused_for_good_is_told(desk: Play) -> None:
    desk.sink.refuse["ulla.testberg@flen.se"] = "550 5.1.1 unknown"
    desk.put(mail(FULL))
    desk.service.run_pass()
    assert desk.service.journal.unsent() == []
    desk.service.run_pass()
    assert any("kom inte fram" in str(line["Orsak"]) for line in desk.rows("Att hantera"))


ULLA, OLLE = "ulla.testberg@flen.se", "olle.prov@flen.se"
ILL = mail(
    "Hej! Ulla Testberg är sjuk och kommer tyvärr inte den 12 februari.\n\nMvh\nOlle Prov\nFlens kommun",
    f"Olle Prov <{OLLE}>",
    "Återbud",
)


def test_a_copy_that_is_refused_is_told_once_and_the_answer_counts_as_sent(desk: Play) -> None:
    desk.play(mail(FULL))
    desk.sink.refuse[ULLA] = "550 5.1.1 unknown"
    desk.put(ILL)
    assert desk.service.run_pass().sent == 1
    for _ in range(2):
        desk.service.run_pass()
    assert [recipients for recipients, _ in desk.sink.sent] == [[ULLA], [OLLE]]
    assert desk.service.journal.unsent() == []
    (line,) = desk.rows("Att hantera")
    assert line["Från"] == ULLA
    assert "Kopian av svaret kom inte fram: 550 5.1.1 unknown" in str(line["Orsak"])


@pytest.mark.parametrize(("later", "first"), [(ULLA, OLLE), (OLLE, ULLA)])
def test_who_is_refused_for_the_time_being_gets_it_later_and_nobody_gets_it_twice(
    desk: Play, later: str, first: str
) -> None:
    desk.play(mail(FULL))
    desk.sink.refuse[later] = "451 4.7.1 greylisted"
    desk.put(ILL)
    assert "451" in desk.service.run_pass().problems[0]
    desk.sink.refuse.clear()
    assert desk.service.run_pass().problems == ()
    assert [recipients for recipients, _ in desk.sink.sent[1:]] == [[first], [later]]
    assert len({m["Message-ID"] for m in desk.answers()[1:]}) == 1
    desk.service.run_pass()
    assert (desk.service.journal.unsent(), desk.rows("Att hantera"), len(desk.sink.sent)) == ([], [], 3)


def test_an_answer_that_somebody_has_is_kept_when_it_is_written_anew_for_the_rest(desk: Play) -> None:
    desk.play(mail(FULL))
    desk.sink.refuse[ULLA] = "451 4.7.1 greylisted"
    desk.put(ILL)
    desk.service.run_pass()
    (partly,) = desk.service.journal.unsent()
    assert partly.left == (ULLA,)
    by_openpyxl(desk.settings.roster.path, [("put", "Deltagare", "Ulla Testberg", "Status", "Bekräftad")])
    desk.sink.refuse.clear()
    for _ in range(2):
        desk.service.run_pass()
    assert partly.message_id in desk.service.journal.answer_ids()
    assert desk.service.journal.unsent() == []
    assert [recipients for recipients, raw in desk.sink.sent if partly.message_id.encode() in raw] == [[OLLE]]


@pytest.mark.parametrize("code", ["451 4.7.1 later", "421 4.3.2 closing"])
def test_an_answer_waits_days_for_a_server_that_refuses_for_the_time_being(
    desk: Play, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    desk.sink.refuse["ulla.testberg@flen.se"] = code
    now = dt.datetime.now(dt.UTC)
    desk.put(mail(FULL))
    for minutes in range(0, 48 * 60, 20):
        monkeypatch.setattr(service, "_now", lambda at=now + dt.timedelta(minutes=minutes): at)
        desk.service._send([])
        if not minutes:
            desk.service.run_pass()
    (waiting,) = desk.service.journal.unsent()
    assert 20 < waiting.tries < 80  # not as often as there is a pass
    monkeypatch.setattr(service, "_now", lambda: now + dt.timedelta(days=2, hours=1))
    desk.sink.refuse.clear()
    desk.service.run_pass()
    assert [m["Message-ID"] for m in desk.answers()] == [waiting.message_id]


def test_an_answer_that_is_refused_for_days_is_given_up_and_told(desk: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.sink.refuse["ulla.testberg@flen.se"] = "452 4.2.2 mailbox full"
    now = dt.datetime.now(dt.UTC)
    desk.put(mail(FULL))
    desk.service.run_pass()
    for hours in range(100):
        monkeypatch.setattr(service, "_now", lambda at=now + dt.timedelta(hours=hours): at)
        desk.service._send([])
    assert desk.service.journal.unsent() == []
    assert any("kom inte fram" in line.reason for line in desk.service.journal.reviews())


def test_a_connection_that_breaks_tries_no_other_answer(desk: Play) -> None:
    """The one that broke it waits; those behind it are sent by the next pass, which begins with them."""
    desk.sink.refuse["ulla.testberg@flen.se"] = "drop"
    desk.put(mail(FULL))
    desk.put(mail(FULL.replace("Ulla", "Bo"), "Bo Testberg <bo.testberg@flen.se>"))
    assert any(problem.startswith("SMTP") for problem in desk.service.run_pass().problems)
    assert sorted(m.tries for m in desk.service.journal.unsent()) == [0, 1]
    desk.service.run_pass()
    assert [recipients for recipients, _ in desk.sink.sent] == [["bo.testberg@flen.se"]]


def refuse_us(sink: Sink, where: str, code: str) -> None:
    setattr(sink, f"refuse_{where}", code)


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("sender", "553 5.7.1 not owned by user"),
        ("sender", "552 5.3.4 too large"),
        ("data", "550 5.7.60 Client does not have permissions to send as this sender"),
        ("data", "554 5.7.1 policy"),
        ("data", "552 5.3.4 too large"),
    ],
)
def test_an_answer_waits_while_the_server_takes_none_from_us(desk: Play, where: str, code: str) -> None:
    """Refused is what a setting puts right, and not the address: the operator is told, and the organiser is not."""
    refuse_us(desk.sink, where, code)
    desk.put(mail(FULL))
    (problem,) = desk.service.run_pass().problems
    assert problem.startswith("SMTP 127.0.0.1")
    assert code in problem
    journal = desk.service.journal
    assert (len(journal.unsent()), journal.reviews()) == (1, [])
    assert code in str(healthy(journal, 60))
    refuse_us(desk.sink, where, "")
    desk.service.run_pass()
    assert [recipients for recipients, _ in desk.sink.sent] == [[ULLA]]
    assert healthy(journal, 60) is None


@pytest.mark.parametrize(
    ("edit", "kind", "says", "not_"),
    [
        (("put", "Deltagare", "Ulla Testberg", "Datum", dt.date(2020, 2, 14)), "confirm", "14 februari", "12 februari"),
        (("put", "Deltagare", "Ulla Testberg", "Status", "Avbokad"), "cancelled", "Det här är avbokat", "anmäld"),
        (("remove", "Deltagare", "Ulla Testberg"), None, "", ""),
    ],
    ids=["moved", "cancelled", "removed"],
)
def test_an_answer_that_could_not_leave_says_what_is_true_when_it_does(
    desk: Play, edit: tuple[str | dt.date, ...], kind: str | None, says: str, not_: str
) -> None:
    desk.sink.refuse_sender = "451 4.3.0 down"
    desk.put(mail(FULL))
    desk.service.run_pass()
    by_openpyxl(desk.settings.roster.path, [edit])
    desk.service.run_pass()
    desk.sink.refuse_sender = ""
    desk.service.run_pass()
    assert [m["X-KKN-Answer"] for m in desk.answers()] == ([kind] if kind else [])
    for answer in desk.answers():
        text = str(answer.get_body(("plain",)).get_content()).partition(" skrev ")[0]  # type: ignore[union-attr]
        assert says in text
        assert not_ not in text
    desk.service.run_pass()
    assert len(desk.sink.sent) <= 1
    assert desk.service.journal.unsent() == []


def test_an_answer_that_cannot_be_written_anew_does_not_leave_as_it_was(desk: Play, tmp_path: Path) -> None:
    desk.sink.refuse_sender = "451 4.3.0 down"
    desk.put(mail(FULL))
    desk.service.run_pass()
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "cancelled.sv.txt.j2").write_text("{% block subject %}x{% endblock %}{{ finns_inte }}")
    desk.service.close()
    desk.service = Service(desk.event, desk.settings, tmp_path / "own")
    by_openpyxl(desk.settings.roster.path, [("put", "Deltagare", "Ulla Testberg", "Status", "Avbokad")])
    desk.sink.refuse_sender = ""
    for _ in range(2):
        desk.service.run_pass()
    assert desk.sink.sent == []
    (line,) = desk.rows("Att hantera")
    assert "cancelled.sv.txt.j2" in str(line["Orsak"])


def test_a_change_that_comes_while_nothing_can_leave_makes_one_answer_of_two(desk: Play) -> None:
    desk.sink.refuse_sender = "451 4.3.0 down"
    desk.put(mail(FULL))
    desk.put(mail("Hej! Jag byter till den 14 februari i stället.\n\nUlla Testberg", subject="Byte av dag"))
    desk.service.run_pass()
    desk.sink.refuse_sender = ""
    desk.service.run_pass()
    (answer,) = desk.answers()
    *pages, days = shown(answer)
    assert all("Scenkonst" in page for page in pages)
    assert days == {dt.date(2020, 2, 14): "CONFIRMED"}


def test_an_answer_leaves_before_the_next_mail_is_read(desk: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["Ulla", "Siv", "Bo"]
    for name in names:
        desk.put(mail(FULL.replace("Ulla", name), f"{name} Testberg <{name.lower()}.testberg@flen.se>"))
    sent_before = []
    process = Service.process

    def watched(self: Service, letter: Letter) -> Outcome:
        sent_before.append(len(desk.sink.sent))
        return process(self, letter)

    monkeypatch.setattr(Service, "process", watched)
    assert desk.service.run_pass().sent == 3
    assert sent_before == [0, 1, 2]


@pytest.mark.parametrize("crash", ["before", "after"])
def test_a_crash_among_many_mails_answers_nobody_twice_and_nobody_never(
    desk: Play, monkeypatch: pytest.MonkeyPatch, crash: str
) -> None:
    """The power goes once the second mail is recorded, before or after its answer has left."""
    names = ["Ulla", "Siv", "Bo", "Eva"]
    for name in names:
        desk.put(mail(FULL.replace("Ulla", name), f"{name} Testberg <{name.lower()}.testberg@flen.se>"))
    send, count = Sending.send, iter(range(100))

    def stopped(self: Sending, now: dt.datetime, new: bool = False) -> None:
        last = new and next(count) == 1
        if not (last and crash == "before"):
            send(self, now, new)
        if last:
            raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Sending, "send", stopped)
        with pytest.raises(KeyboardInterrupt):
            desk.service.run_pass()
    assert len(desk.sink.sent) == (1 if crash == "before" else 2)
    again = Service(desk.event, desk.settings, ROOT / "templates")
    assert again.run_pass().problems == again.run_pass().problems == ()
    again.close()
    assert sorted(to[0] for to, _ in desk.sink.sent) == sorted(f"{name.lower()}.testberg@flen.se" for name in names)


def test_while_the_server_is_away_it_is_tried_once_a_pass(desk: Play) -> None:
    for name in ("Ulla", "Siv", "Bo"):
        desk.put(mail(FULL.replace("Ulla", name), f"{name} Testberg <{name.lower()}.testberg@flen.se>"))
    desk.sink.refuse_sender = "451 4.3.0 down"
    done = desk.service.run_pass()
    assert (done.mails, len(done.problems), desk.sink.asked) == (3, 1, 1)
    assert [m.tries for m in desk.service.journal.unsent()] == [0, 0, 0]


def test_who_is_refused_for_the_time_being_is_tried_once_a_pass_and_keeps_nobody_waiting(desk: Play) -> None:
    for name in ("Ulla", "Siv", "Bo"):
        desk.put(mail(FULL.replace("Ulla", name), f"{name} Testberg <{name.lower()}.testberg@flen.se>"))
    desk.sink.refuse[ULLA] = "451 4.7.1 greylisted"
    done = desk.service.run_pass()
    assert (done.sent, len(done.problems)) == (2, 1)
    assert [m.tries for m in desk.service.journal.unsent()] == [1]


def test_answers_wait_for_months_while_our_address_is_refused(desk: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.sink.refuse_sender = "553 5.7.1 not owned by user"
    desk.put(mail(FULL))
    desk.service.run_pass()
    now = dt.datetime.now(dt.UTC)
    for hours in range(100):
        monkeypatch.setattr(service, "_now", lambda at=now + dt.timedelta(hours=24 * hours): at)
        desk.service._send([])
    desk.sink.refuse_sender = ""
    assert desk.service._send([]) == 1


def test_an_answer_whose_text_is_refused_for_days_is_not_told_as_a_wrong_address(
    desk: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.sink.refuse_data = "554 5.7.1 looks like spam"
    desk.put(mail(FULL))
    desk.service.run_pass()
    now = dt.datetime.now(dt.UTC)
    for hours in range(100):
        monkeypatch.setattr(service, "_now", lambda at=now + dt.timedelta(hours=hours): at)
        desk.service._send([])
    (line,) = desk.service.journal.reviews()
    assert (line.sender, line.reason.partition(":")[0]) == (ULLA, "Svaret kunde inte skickas")


def test_a_locked_roster_waits_and_mail_goes_on(desk: Play) -> None:
    desk.play(mail(FULL))
    lock = desk.folder / ".~lock.deltagare.xlsx#"
    lock.touch()
    desk.put(mail(FULL.replace("Ulla", "Siv"), "Siv Testberg <siv.testberg@flen.se>"))
    done = desk.service.run_pass()
    assert done.sent == 1
    assert "open in another program" in done.problems[0]
    lock.unlink()
    desk.service.run_pass()
    assert {r["Namn"] for r in desk.rows()} == {"Ulla Testberg", "Siv Testberg"}


@contextmanager
def daemon(desk: Play) -> Iterator[None]:
    """The service running as a daemon, ended in good order."""
    stop = threading.Event()
    running = threading.Thread(target=desk.service.run, args=(stop,))
    running.start()
    try:
        yield
    finally:
        stop.set()
        running.join(30)
        assert not running.is_alive()


def test_mail_never_waits_for_the_roster(desk: Play) -> None:
    """The roster's file is a pipe that nobody writes to: reading it takes for ever, and two mails are answered."""
    path = desk.settings.roster.path
    os.mkfifo(path)
    os.utime(path, (0, 0))
    with daemon(desk):
        for text in (FULL, FULL.replace("Ulla Testberg", "Bo Provling")):
            desk.put(mail(text, f"{'Bo Provling' if 'Bo' in text else 'Ulla Testberg'} <{len(text)}@flen.se>"))
            assert desk.sink.arrived.acquire(timeout=30)
        path.open("wb").close()
    assert [row["Namn"] for row in desk.rows()] == ["Ulla Testberg", "Bo Provling"]


def test_what_she_saves_while_the_daemon_runs_counts_in_seconds(desk: Play) -> None:
    desk.play(mail(BARE))
    assert desk.sink.arrived.acquire(timeout=30)
    with daemon(desk):
        book = load_workbook(desk.settings.roster.path)
        book["Deltagare"]["D2"] = dt.date(2020, 2, 14)
        book.save(desk.settings.roster.path)
        assert desk.sink.arrived.acquire(timeout=30), "the row is complete, and the person is told"
    assert [row["Status"] for row in desk.rows()] == ["Bekräftad"]


def test_what_the_organiser_writes_counts(desk: Play) -> None:
    desk.play(mail(BARE))
    book = load_workbook(desk.settings.roster.path)
    sheet = book["Deltagare"]
    at = {c.value: c.column for c in sheet[1]}
    sheet.cell(2, at["Datum"], dt.date(2020, 2, 14))
    sheet.cell(2, at["Status"], "Bekräftad")
    sheet.cell(3, at["Namn"], "Per Telefon")
    sheet.cell(3, at["Kommun"], "Trosa")
    book.save(desk.settings.roster.path)
    desk.service.run_pass()
    known = {r.name: r for r in desk.service.journal.registrations()}
    assert known["Ulla Testberg"].date == dt.date(2020, 2, 14)
    assert known["Per Telefon"].municipality == "Trosa"
    assert {r["Namn"]: bool(r["Id"]) for r in desk.rows()} == {"Ulla Testberg": True, "Per Telefon": True}


def test_forgetting_erases_and_does_not_bring_back(desk: Play) -> None:
    desk.play(mail(FULL))
    assert desk.service.journal.forget("ulla.testberg@flen.se") == (1, 0, 1)
    desk.service.run_pass()
    assert desk.rows() == []
    assert (
        b"testberg" not in re.sub(rb"\s", b"", (desk.folder / "journal.db").read_bytes())
        or desk.service.journal.registrations() == []
    )


def test_two_daemons_on_one_journal(desk: Play) -> None:
    other = Service(desk.event, desk.settings)
    with desk.service.alone(), pytest.raises(ServiceError, match="another"), other.alone():
        pass
    other.close()


def test_a_broken_template_holds_the_answer_back(desk: Play, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "confirm.sv.txt.j2").write_text("{% block subject %}x{% endblock %}\n\n{{ finns_inte }}")
    desk.service = Service(desk.event, desk.settings, tmp_path / "own")
    assert desk.play(mail(FULL)) == []
    assert "confirm.sv.txt.j2, line 3" in str(desk.rows("Att hantera")[0]["Orsak"])
