"""The mailbox, against a real Dovecot and the embedded server."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from kkn_mailer import embedded
from kkn_mailer.config import ImapSettings
from kkn_mailer.letter import read_letter
from kkn_mailer.mailbox import Mailbox, MailboxError

from .conftest import Dovecot
from .mails import WHEN, mail

SINCE = dt.date(2019, 12, 1)


def settings(port: int, user: str, **more: object) -> ImapSettings:
    values: dict[str, object] = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "username": user,
        "password": SecretStr("secret"),
    }
    return ImapSettings.model_validate(values | more)


@pytest.fixture(params=["dovecot", "embedded"])
def account(request: pytest.FixtureRequest, user: str) -> Iterator[ImapSettings]:
    if request.param == "dovecot":
        yield settings(request.getfixturevalue("dovecot").port, user)
    else:
        with embedded.servers() as running:
            yield settings(running.imap_port, embedded.USER, password=SecretStr(embedded.PASSWORD))


def test_new_mail_is_found_once_and_left_unread(account: ImapSettings) -> None:
    with Mailbox(account) as box:
        for n in range(3):
            box.client.append("INBOX", mail(f"Mejl {n}"), (), WHEN)
        box.client.append("INBOX", mail("Gammalt"), (), WHEN - dt.timedelta(days=90))
        found = list(box.new(SINCE, None))
        assert [read_letter(a.raw, a.received).own for a in found] == ["Mejl 0", "Mejl 1", "Mejl 2"]
        assert all(a.received == WHEN for a in found)
        assert list(box.new(SINCE, found[-1].cursor)) == []
        assert box.client.search("SEEN") == []


def test_a_new_uidvalidity_starts_over(account: ImapSettings) -> None:
    with Mailbox(account) as box:
        box.client.append("INBOX", mail("Hej"), (), WHEN)
        found = list(box.new(SINCE, None))
        elsewhere = type(found[0].cursor)(found[0].uidvalidity + 1, 10_000)
        assert [a.uid for a in box.new(SINCE, elsewhere)] == [found[0].uid]


def test_attachments_stay_on_the_server(account: ImapSettings) -> None:
    message = EmailMessage(policy=SMTP)
    message["From"], message["Subject"] = "Ulla <ulla@flen.se>", "Anmälan"
    message.set_content("Se bilagan.")
    message.add_alternative("<p>Se bilagan.</p>", subtype="html")
    message.add_attachment(b"hemligt" * 50_000, maintype="application", subtype="pdf", filename="anmälan.pdf")
    with Mailbox(account) as box:
        box.client.append("INBOX", message.as_bytes(), (), WHEN)
        (arrival,) = box.new(SINCE, None)
    assert len(arrival.raw) < 3_000
    letter = read_letter(arrival.raw, arrival.received)
    assert letter.own == "Se bilagan."
    assert [p.filename for p in letter.parts] == ["", "", "anmälan.pdf"]
    assert letter.digest == read_letter(message.as_bytes()).digest


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Zs")), min_size=1, max_size=40
)


@st.composite
def trees(draw: st.DrawFn) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"], message["Subject"] = "a@flen.se", "x"
    message.set_content(draw(TEXTS), cte=draw(st.sampled_from(["base64", "quoted-printable"])))
    if draw(st.booleans()):
        message.add_alternative(f"<p>{draw(TEXTS)}</p>", subtype="html")
    for _ in range(draw(st.integers(0, 2))):
        message.add_attachment(
            draw(st.binary(max_size=200)), maintype="application", subtype="octet-stream", filename="f.bin"
        )
    if draw(st.booleans()):
        inner = EmailMessage(policy=SMTP)
        inner["Subject"] = "inre"
        inner.set_content(draw(TEXTS))
        message.add_attachment(inner)
    return message


@pytest.fixture(scope="module")
def shared_box(dovecot: Dovecot) -> Iterator[Mailbox]:
    with Mailbox(settings(dovecot.port, "trees")) as box:
        yield box


@given(message=trees())
def test_what_is_fetched_reads_like_the_whole(shared_box: Mailbox, message: EmailMessage) -> None:
    answer = shared_box.client.append("INBOX", message.as_bytes(), (), WHEN)
    uid = int(answer.split(b"]")[0].split()[-1])
    raw = next(a.raw for a in shared_box._fetch([uid]))
    whole, fetched = read_letter(message.as_bytes()), read_letter(raw)
    assert (fetched.own, fetched.signature, fetched.digest) == (whole.own, whole.signature, whole.digest)
    assert [p.content_type for p in fetched.parts][:2] == [p.content_type for p in whole.parts][:2]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n",
        b"Subject: x\r\n\r\n",
        b"Content-Type: multipart/mixed\r\n\r\nutan gr\xe4ns",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nhej",
        b"From: \xff\xfe\r\n\r\n\x00\x01hej",
    ],
)
def test_broken_mail_is_still_read(dovecot: Dovecot, user: str, raw: bytes) -> None:
    with Mailbox(settings(dovecot.port, user)) as box:
        box.client.append("INBOX", raw or b" ", (), WHEN)
        box.client.append("INBOX", mail("Efter"), (), WHEN)
        found = [read_letter(a.raw, a.received) for a in box.new(SINCE, None)]
    assert len(found) == 2
    assert found[1].own == "Efter"


def test_marks_without_reading(dovecot: Dovecot, user: str) -> None:
    with Mailbox(settings(dovecot.port, user)) as box:
        for _ in range(2):
            box.client.append("INBOX", mail("Hej"), (), WHEN)
        done, review = (a.uid for a in box.new(SINCE, None))
        box.mark_done(done)
        box.mark_review(review)
        flags = box.client.get_flags([done, review])
    assert b"$KKNDone" in flags[done]
    assert {b"$KKNReview", b"\\Flagged"} <= set(flags[review])
    assert not any(b"\\Seen" in each for each in flags.values())


def test_acted_on_mail_can_be_moved(dovecot: Dovecot, user: str) -> None:
    with Mailbox(settings(dovecot.port, user, processed_folder="Anmälda")) as box:
        box.client.append("INBOX", mail("Hej"), (), WHEN)
        (arrival,) = box.new(SINCE, None)
        box.move_processed(arrival.uid)
        assert box.client.search("ALL") == []
        box.client.select_folder("Anmälda", readonly=True)
        assert len(box.client.search("UNSEEN")) == 1


def test_a_copy_of_what_was_sent(account: ImapSettings) -> None:
    with Mailbox(account) as box:
        box.keep_sent(mail("Svar"), "Sent", WHEN)
        box.client.select_folder("Sent", readonly=True)
        assert len(box.client.search("ALL")) == 1


def test_waiting_ends_when_mail_comes(dovecot: Dovecot, user: str) -> None:
    with Mailbox(settings(dovecot.port, user)) as box:
        other = dovecot.client(user)
        threading.Timer(0.3, lambda: other.append("INBOX", mail("Hej"), (), WHEN)).start()
        assert box.wait(30, True, lambda: False)


def test_mail_that_came_just_before_waiting_ends_it(dovecot: Dovecot, user: str) -> None:
    """Its EXISTS was told in the answer to another command."""
    with Mailbox(settings(dovecot.port, user)) as box:
        assert list(box.new(SINCE, None)) == []
        dovecot.client(user).append("INBOX", mail("Hej"), (), WHEN)
        box.client.noop()
        assert box.wait(30, True, lambda: False)


def test_waiting_ends_when_told(dovecot: Dovecot, user: str) -> None:
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    with Mailbox(settings(dovecot.port, user)) as box:
        assert not box.wait(300, True, stop.is_set)
        assert not box.wait(300, False, stop.is_set)


def test_tls_with_an_authority_of_ones_own(dovecot: Dovecot, user: str) -> None:
    with Mailbox(settings(dovecot.tls_port, user, security="tls", ca_file=dovecot.ca_file)) as box:
        assert list(box.new(SINCE, None)) == []
    with Mailbox(settings(dovecot.port, user, security="starttls", ca_file=dovecot.ca_file)) as box:
        assert list(box.new(SINCE, None)) == []


@pytest.mark.parametrize(
    ("more", "words"),
    [({"password": SecretStr("fel")}, "KKN_IMAP__PASSWORD"), ({"folder": "Finns inte"}, "INBOX"), ({"port": 1}, "imap.host"), ({"security": "tls"}, "ca_file")],
)  # fmt: skip
def test_what_is_wrong_is_said_with_a_remedy(dovecot: Dovecot, user: str, more: dict[str, object], words: str) -> None:
    port = dovecot.tls_port if more.get("security") == "tls" else dovecot.port
    with pytest.raises(MailboxError) as caught, Mailbox(settings(int(str(more.pop("port", port))), user, **more)):
        pass
    assert words in str(caught.value)


def test_the_certificate_must_be_trusted(dovecot: Dovecot, user: str, tmp_path: Path) -> None:
    with pytest.raises(MailboxError, match="TLS"), Mailbox(settings(dovecot.tls_port, user, security="tls")):
        pass
