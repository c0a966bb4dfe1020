"""Submission, against a real SMTP server with and without TLS and login."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from pydantic import SecretStr

from kkn_mailer.config import SmtpSettings
from kkn_mailer.embedded import free_port
from kkn_mailer.outbox import Outbox, OutboxError, Refusal

from .conftest import Sink
from .mails import mail


def settings(port: int, **more: object) -> SmtpSettings:
    return SmtpSettings.model_validate({"host": "127.0.0.1", "port": port, "security": "none"} | more)


def test_several_messages_in_one_connection(smtp_sink: Sink) -> None:
    with Outbox(settings(smtp_sink.port)) as outbox:
        outbox.send(mail("Ett"), "linda@lindanordfors.com", ["a@flen.se"])
        outbox.send(mail("Två"), "linda@lindanordfors.com", ["b@flen.se", "c@flen.se"])
    assert [recipients for recipients, _ in smtp_sink.sent] == [["a@flen.se"], ["b@flen.se", "c@flen.se"]]


@pytest.mark.parametrize(("answer", "temporary"), [("450 4.2.1 later", True), ("550 5.1.1 no such user", False)])
@pytest.mark.parametrize("taken", [[], ["a@flen.se"], ["a@flen.se", "b@flen.se"]])
def test_a_refused_address(smtp_sink: Sink, answer: str, temporary: bool, taken: list[str]) -> None:
    smtp_sink.refuse["nobody@flen.se"] = answer
    with Outbox(settings(smtp_sink.port)) as outbox:
        refused = outbox.send(mail("Hej"), "linda@lindanordfors.com", [*taken, "nobody@flen.se"])
        assert refused == [Refusal("nobody@flen.se", answer, temporary)]
        assert outbox.send(mail("Hej"), "linda@lindanordfors.com", ["a@flen.se"]) == []
    assert [recipients for recipients, _ in smtp_sink.sent] == [*([taken] if taken else []), ["a@flen.se"]]


def test_an_address_that_the_server_cannot_spell_keeps_it_from_no_other() -> None:
    sink = Sink(free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, enable_SMTPUTF8=False)
    controller.start()
    with Outbox(settings(sink.port)) as outbox:
        (refused,) = outbox.send(mail("Hej"), "linda@lindanordfors.com", ["a@flen.se", "åsa@flen.se"])
        assert (refused.address, refused.temporary) == ("åsa@flen.se", False)
        assert len(outbox.send(mail("Hej"), "linda@lindanordfors.com", ["åsa@flen.se"])) == 1
    controller.stop()
    assert [recipients for recipients, _ in sink.sent] == [["a@flen.se"]]


def test_a_server_that_cannot_spell_our_own_address_is_told_of_it() -> None:
    sink = Sink(free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, enable_SMTPUTF8=False)
    controller.start()
    with Outbox(settings(sink.port)) as outbox, pytest.raises(OutboxError, match=r"contact in event\.toml"):
        outbox.send(mail("Hej"), "kurs@malmö.se", ["a@flen.se"])
    controller.stop()
    assert sink.sent == []


def test_addresses_beyond_ascii(smtp_sink: Sink) -> None:
    with Outbox(settings(smtp_sink.port)) as outbox:
        outbox.send(mail("Hej"), "linda@lindanordfors.com", ["åsa@flen.se"])
    assert smtp_sink.sent[0][0] == ["åsa@flen.se"]


@pytest.fixture
def secure(authority: trustme.CA, tmp_path: Path) -> Iterator[tuple[int, Path, Sink]]:
    sink = Sink(free_port())
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))

    def login(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=(given.login, given.password) == (b"linda", b"secret"), handled=False)

    controller = Controller(
        sink,
        hostname="127.0.0.1",
        port=sink.port,
        tls_context=context,
        authenticator=login,
        auth_required=True,
        require_starttls=True,
    )
    controller.start()
    yield sink.port, tmp_path / "ca.pem", sink
    controller.stop()


def test_starttls_and_login(secure: tuple[int, Path, Sink]) -> None:
    port, ca_file, sink = secure
    with Outbox(
        settings(port, security="starttls", ca_file=ca_file, username="linda", password=SecretStr("secret"))
    ) as outbox:
        outbox.send(mail("Hej"), "linda@lindanordfors.com", ["a@flen.se"])
    assert len(sink.sent) == 1


def test_a_wrong_password_is_said(secure: tuple[int, Path, Sink]) -> None:
    port, ca_file, _ = secure
    wrong = settings(port, security="starttls", ca_file=ca_file, username="linda", password=SecretStr("fel"))
    with pytest.raises(OutboxError, match="KKN_SMTP__PASSWORD"), Outbox(wrong):
        pass


def test_an_unknown_certificate_is_refused(secure: tuple[int, Path, Sink]) -> None:
    with pytest.raises(OutboxError, match="ca_file"), Outbox(settings(secure[0], security="starttls")):
        pass


def test_nobody_listens() -> None:
    with pytest.raises(OutboxError, match=r"smtp\.host"), Outbox(settings(free_port())):
        pass
