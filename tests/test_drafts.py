"""Answers as drafts, with a real Dovecot, and what an organiser does to them in her mail program."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kkn_mailer.config import AnswersSettings
from kkn_mailer.drafts import GRACE, as_draft, matched
from kkn_mailer.event import Event
from kkn_mailer.folders import FolderError, Folders, Head
from kkn_mailer.journal import Outgoing, Replaced
from kkn_mailer.mailbox import Mailbox
from kkn_mailer.service import Service, healthy

from .conftest import ROOT, Dovecot, Sink
from .mails import mail
from .test_service import BARE, FULL, Play

MARKED = ("Koncept", "Levererat", "Soptunnan")
"""As the Dovecot of the tests marks them by SPECIAL-USE, in no usual words."""
NAMED = ("Utkast", "Skickade objekt", "Papperskorgen")
ULLA = "ulla.testberg@flen.se"


class Desk(Play):
    """The service in draft mode, and the organiser at her mail program."""

    def __init__(
        self, event: Event, dovecot: Dovecot, sink: Sink, user: str, path: Path, folders: tuple[str, ...]
    ) -> None:
        super().__init__(event, dovecot, sink, user, path)
        self.drafts_folder, self.sent_folder, self.trash = folders
        for name in folders:
            self.client.create_folder(name)
        self.mode("draft")

    def mode(self, mode: str) -> None:
        self.service.close()
        self.settings = self.settings.model_copy(update={"answers": AnswersSettings(mode=mode)})
        self.service = Service(self.event, self.settings, ROOT / "templates")

    def run(self, raw: bytes | None = None) -> None:
        if raw:
            self.put(raw)
        assert self.service.run_pass().problems == ()

    def later(self, passed: dt.timedelta) -> None:
        """A look at the drafts after some time."""
        with Mailbox(self.settings.imap) as box:
            self.service.drafts.look(box, dt.datetime.now(dt.UTC) + passed, [])

    def lying(self, folder: str = "") -> dict[int, EmailMessage]:
        self.client.select_folder(folder or self.drafts_folder)
        found = self.client.fetch(self.client.search("UNDELETED"), ["BODY.PEEK[]"])
        out = {n: email.message_from_bytes(d[b"BODY[]"], policy=email.policy.default) for n, d in found.items()}
        self.client.select_folder("INBOX")
        return out  # type: ignore[return-value]

    def draft(self) -> tuple[int, EmailMessage]:
        (found,) = self.lying().items()
        return found

    def delete(self, uid: int) -> None:
        self.client.select_folder(self.drafts_folder)
        self.client.delete_messages([uid])
        self.client.uid_expunge([uid])
        self.client.select_folder("INBOX")

    def edit(self, body: str = "Välkommen!", message_id: str = "<edited@mail.example>", **fields: str) -> EmailMessage:
        """As a program saves an altered draft: new text and Message-ID, and none of the fields it does not know."""
        uid, old = self.draft()
        new = EmailMessage()
        for name in ("From", "To", "Subject", "In-Reply-To"):
            if old[name]:
                new[name] = str(old[name])
        new["Message-ID"] = message_id
        for name, value in fields.items():
            del new[name.replace("_", "-")]
            new[name.replace("_", "-")] = value
        new.set_content(body)
        self.client.append(self.drafts_folder, new.as_bytes(policy=email.policy.SMTP), (b"\\Draft",))
        self.delete(uid)
        return new

    def send(self) -> str:
        """Send the one draft there is; its Message-ID."""
        uid, message = self.draft()
        self.client.append(self.sent_folder, message.as_bytes(policy=email.policy.SMTP), (b"\\Seen",))
        self.delete(uid)
        return str(message["Message-ID"])

    def unsent(self) -> list[Outgoing]:
        return self.service.journal.unsent()

    def text(self) -> str:
        body = self.draft()[1].get_body(("plain",))
        assert body
        return str(body.get_content())


@pytest.fixture(params=[MARKED, NAMED], ids=["special-use", "names"])
def desk(
    request: pytest.FixtureRequest, event: Event, dovecot: Dovecot, smtp_sink: Sink, user: str, tmp_path: Path
) -> Iterator[Desk]:
    with Desk(event, dovecot, smtp_sink, user, tmp_path, request.param) as playing:
        yield playing


def test_an_answer_lies_as_a_draft_and_nothing_is_sent(desk: Desk) -> None:
    desk.run(mail(FULL))
    uid, draft = desk.draft()
    assert draft["To"] == f"Ulla Testberg <{ULLA}>"
    assert draft["X-KKN-Answer"] == "confirm"
    assert draft["Auto-Submitted"] is None
    assert draft["X-Auto-Response-Suppress"] is None
    assert "automatiskt" not in desk.text()
    assert [part.get_content_type() for part in draft.walk()][-1] == "text/calendar"
    desk.client.select_folder(desk.drafts_folder)
    assert b"\\Draft" in desk.client.get_flags([uid])[uid]
    assert desk.sink.sent == []
    (waiting,) = desk.unsent()
    assert waiting.drafted
    desk.run()
    assert len(desk.lying()) == 1
    assert desk.client.search(["SEEN"]) == [], "nothing in the inbox was read"


@pytest.mark.parametrize("edited", [False, True])
def test_a_draft_she_sends_is_sent_and_its_thread_goes_on(desk: Desk, edited: bool) -> None:
    desk.run(mail(BARE))
    if edited:
        desk.edit("Hej Ulla, vilken dag kommer du? /Linda")
        desk.run()
        assert len(desk.unsent()) == 1, "an edited draft is the same draft"
    real = desk.send()
    desk.run(mail("Den 14:e!", subject="Sv: Anmälan", sender="Ulla <ulla@hemma.example>", In_Reply_To=real))
    assert [m.kind for m in desk.unsent()] == ["confirm"]
    assert [(r["Status"], r["Ort"]) for r in desk.rows()] == [("Bekräftad", "Eskilstuna")]
    assert real in desk.service.journal.answer_ids()
    assert desk.rows("Att hantera") == []


def test_a_draft_she_deletes_is_withheld_and_listed(desk: Desk) -> None:
    desk.run(mail(FULL))
    desk.delete(desk.draft()[0])
    desk.run()
    assert len(desk.unsent()) == 1, "it may be in her program's outbox"
    desk.later(GRACE + dt.timedelta(minutes=1))
    assert desk.unsent() == []
    desk.run()
    assert desk.lying() == {}
    assert desk.sink.sent == []
    (line,) = desk.rows("Att hantera")
    assert (line["Från"], line["Orsak"]) == (ULLA, "Du tog bort utkastet till svar: det har inte skickats")


def test_one_that_she_had_sent_another_day_is_no_longer_listed(desk: Desk) -> None:
    desk.run(mail(FULL))
    message = desk.draft()[1]
    desk.delete(desk.draft()[0])
    desk.run()
    desk.later(2 * GRACE)
    desk.client.append(desk.sent_folder, message.as_bytes(policy=email.policy.SMTP), (b"\\Seen",))
    desk.run()
    assert [line["Klar"] for line in desk.rows("Att hantera")] != [None]
    desk.later(3 * GRACE)
    assert desk.service.journal.withheld(dt.datetime(2020, 1, 1, tzinfo=dt.UTC)) == []


@pytest.mark.parametrize("edited", [False, True])
def test_a_change_replaces_the_draft(desk: Desk, edited: bool) -> None:
    desk.run(mail(FULL))
    if edited:
        desk.edit()
        desk.run()
    desk.run(mail("Hej! Jag byter till den 14 februari i stället.\n\nUlla Testberg", subject="Byte av dag"))
    assert "14 februari" in desk.text()
    assert desk.draft()[1]["X-KKN-Answer"] in ("changed", "confirm")
    assert len(desk.lying(desk.trash)) == 1, "what she wrote into the old one is not lost"
    assert len(desk.unsent()) == 1
    desk.run()
    assert len(desk.lying()) == 1
    assert desk.service.journal.replaced() == []


def test_who_is_left_of_two_is_still_confirmed_when_the_other_is_cancelled(desk: Desk) -> None:
    desk.run(mail(FULL.replace("anmäler mig", "anmäler mig och min kollega Bo Prov (näringslivsutvecklare)")))
    desk.run(mail("Hej! Bo Prov kommer tyvärr inte den 12 februari.\n\nUlla Testberg", subject="Avbokning Bo"))
    text = desk.text()
    assert "Ulla Testberg" in text
    assert "Bo Prov" in text
    assert "Avbokad" in text
    assert "Historieverkstan" in text


def test_what_the_organiser_changes_in_the_roster_is_in_the_draft(desk: Desk) -> None:
    from openpyxl import load_workbook

    desk.run(mail(FULL))
    before = desk.draft()[1]["Message-ID"]
    book = load_workbook(desk.settings.roster.path)
    sheet = book["Deltagare"]
    sheet.cell(2, {c.value: c.column for c in sheet[1]}["Datum"], dt.date(2020, 2, 14))
    book.save(desk.settings.roster.path)
    desk.run()
    assert desk.draft()[1]["Message-ID"] != before
    assert "14 februari" in desk.text()
    assert "12 februari" not in desk.text().partition("skrev")[0]


def test_a_crash_between_putting_and_recording_makes_no_second_draft(desk: Desk) -> None:
    desk.run(mail(FULL))
    with desk.service.journal._begin() as db:
        db.exec_driver_sql("UPDATE answers SET drafted = NULL")
    desk.run()
    assert len(desk.lying()) == 1
    assert desk.unsent()[0].drafted


def test_a_crash_before_the_old_one_is_gone(desk: Desk) -> None:
    desk.run(mail(FULL))
    old = desk.unsent()
    desk.service.journal.replace(old, None, dt.datetime.now(dt.UTC))
    assert desk.unsent() == []
    desk.run()
    assert desk.lying() == {}


def test_drafts_stay_hers_when_answers_are_sent_again(desk: Desk) -> None:
    desk.run(mail(FULL))
    desk.mode("send")
    desk.run(mail(BARE.replace("Ulla", "Siv"), "Siv Testberg <siv.testberg@flen.se>"))
    assert [to for to, _ in desk.sink.sent] == [["siv.testberg@flen.se"]]
    assert b"Auto-Submitted: auto-replied" in desk.sink.sent[0][1]
    assert len(desk.lying()) == 1
    desk.send()
    desk.run()
    assert desk.unsent() == []
    assert len(desk.sink.sent) == 1


def test_a_change_after_the_mode_takes_the_draft_away_and_is_sent_once(desk: Desk) -> None:
    desk.run(mail(FULL))
    desk.mode("send")
    desk.run(mail("Hej! Jag byter till den 14 februari i stället.\n\nUlla Testberg", subject="Byte av dag"))
    assert [to for to, _ in desk.sink.sent] == [[ULLA]]
    assert desk.lying() == {}


def test_a_copy_of_what_she_sent_is_not_read(desk: Desk) -> None:
    desk.run(mail(FULL))
    new = desk.edit(FULL)
    desk.client.append("INBOX", new.as_bytes(policy=email.policy.SMTP))
    desk.send()
    desk.run()
    assert len(desk.rows()) == 1
    assert desk.unsent() == []
    assert desk.rows("Att hantera") == []


@pytest.fixture
def bare(event: Event, dovecot: Dovecot, smtp_sink: Sink, user: str, tmp_path: Path) -> Iterator[Desk]:
    """An account without a folder for drafts."""
    with Desk(event, dovecot, smtp_sink, user, tmp_path, ("Annat", "Annat2", "Annat3")) as playing:
        yield playing


def test_a_missing_folder_for_drafts_is_made(bare: Desk) -> None:
    bare.run(mail(FULL))
    bare.drafts_folder = "Drafts"
    assert bare.draft()[1]["To"] == f"Ulla Testberg <{ULLA}>"
    assert "Drafts" in [name for _, _, name in bare.client.list_sub_folders()]
    bare.run(mail(FULL.replace("Ulla", "Siv"), "Siv Testberg <siv.testberg@flen.se>"))
    assert len(bare.lying()) == 2


def test_a_folder_for_drafts_that_cannot_be_made_is_said_and_mail_goes_on(bare: Desk, dovecot: Dovecot) -> None:
    in_the_way = dovecot.ca_file.parent / "mail" / bare.settings.imap.username / ".Drafts"
    in_the_way.write_text("")
    bare.put(mail(FULL))
    done = bare.service.run_pass()
    assert done.mails == 1
    for said in (*done.problems, str(healthy(bare.service.journal, 60))):
        for words in ('answers.mode = "draft"', "no folder for drafts", "Utkast", 'answers.mode = "send"', "Annat2"):
            assert words in said
    bare.client.create_folder("Utkast")
    bare.drafts_folder = "Utkast"
    bare.run()
    assert len(bare.lying()) == 1
    assert healthy(bare.service.journal, 60) is None
    bare.client.delete_folder("Utkast")
    with Mailbox(bare.settings.imap) as box, pytest.raises(FolderError):
        Folders(box).put_draft(b"", dt.datetime.now(dt.UTC))


HEADS = st.builds(
    Head,
    st.just("Utkast"),
    st.integers(1, 1000),
    st.sampled_from(["<a@x>", "<b@x>", "<c@x>", "<new@y>", "<newer@y>", ""]),
    st.sampled_from(["<m1@z>", "<m2@z>", ""]),
    st.sets(st.sampled_from(["u@f.se", "s@f.se"])).map(frozenset),
    st.sampled_from(["Sv: Anmälan", "Påminnelse"]),
)
DRAFTS = st.lists(
    st.builds(
        Replaced,
        st.sampled_from(["<a@x>", "<b@x>", "<c@x>"]),
        st.sampled_from(["<m1@z>", "<m2@z>", ""]),
        st.sampled_from([("u@f.se",), ("s@f.se", "u@f.se")]),
        st.sampled_from(["Sv: Anmälan", "Påminnelse"]),
        st.just(dt.datetime(2020, 1, 1, tzinfo=dt.UTC)),
        st.just(dt.datetime(2020, 1, 1, tzinfo=dt.UTC)),
    ),
    unique_by=lambda draft: draft.message_id,
)


@given(drafts=DRAFTS, heads=st.lists(HEADS, unique_by=lambda head: head.uid))
def test_each_mail_is_one_draft_at_most(drafts: list[Replaced], heads: list[Head]) -> None:
    known = {"<a@x>", "<b@x>", "<c@x>"}
    found = matched(drafts, heads, known)
    assert len({head.uid for head in found.values()}) == len(found)
    for draft in drafts:
        head = found.get(draft.message_id)
        if head and head.message_id != draft.message_id:
            assert head.message_id not in known
            assert draft.recipients[0] in head.recipients
        if any(head.message_id == draft.message_id for head in heads):
            assert head
            assert head.message_id == draft.message_id
    assert matched(drafts, heads, known, exact=True).items() <= found.items()


def test_only_the_fields_of_a_program_are_taken_out() -> None:
    raw = b"To: a@b\r\nAuto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All,\r\n OOF\r\nX-Y: z\r\n\r\nAuto-Submitted: x\r\n"
    assert as_draft(raw) == b"To: a@b\r\nX-Y: z\r\n\r\nAuto-Submitted: x\r\n"
