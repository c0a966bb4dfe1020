"""Answers on their way: SMTP submission (RFC 5321, RFC 6409) over TLS."""

from __future__ import annotations

import base64
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType

from .config import SmtpSettings, no_password

CLOSING, TOO_LARGE = 421, 552
"""Reply codes of RFC 5321 section 4.2.3 and RFC 1870 section 6.1 that mean more than their first digit."""


class OutboxError(Exception):
    """Nothing can be sent now: what is wrong with the server or with our settings, and what to do."""


class MessageError(OutboxError):
    """One message was not taken, whatever its addresses; `lost` when the connection can carry no other either."""

    def __init__(self, message: str, lost: bool = False) -> None:
        super().__init__(message)
        self.lost = lost


@dataclass(frozen=True, slots=True)
class Refusal:
    """An address that a message was not taken for; `temporary` when trying again later can help."""

    address: str
    said: str
    temporary: bool


class Outbox:
    """One connection for several messages; a context manager that is connected within."""

    def __init__(self, settings: SmtpSettings) -> None:
        self.settings = settings
        self.at = f"SMTP {settings.host}:{settings.port}"
        self.server: smtplib.SMTP

    def __enter__(self) -> Outbox:
        settings, at = self.settings, self.at
        if settings.username and not settings.password.get_secret_value():
            raise OutboxError(f"{at}: {no_password('smtp')}")
        context = ssl.create_default_context(cafile=str(settings.ca_file) if settings.ca_file else None)
        try:
            if settings.security == "tls":
                self.server = smtplib.SMTP_SSL(settings.host, settings.port, timeout=60, context=context)
            else:
                self.server = smtplib.SMTP(settings.host, settings.port, timeout=60)
            if settings.security == "starttls":
                self.server.starttls(context=context)
            self.server.ehlo_or_helo_if_needed()
            self._login()
        except smtplib.SMTPAuthenticationError as error:
            raise OutboxError(
                f"{at}: login as {settings.username!r} was refused ({_said(error.smtp_error)}); see smtp.username and KKN_SMTP__PASSWORD"
            ) from None
        except UnicodeEncodeError:
            raise OutboxError(
                f"{at}: smtp.username or KKN_SMTP__PASSWORD has letters that this login cannot carry; choose others"
            ) from None
        except smtplib.SMTPException as error:
            raise OutboxError(f"{at}: {error}; see smtp.security and smtp.port") from None
        except ssl.SSLError as error:
            raise OutboxError(
                f"{at}: the TLS connection failed ({error.reason or error}); see smtp.security, smtp.port and, for a certificate of your own, smtp.ca_file"
            ) from None
        except OSError as error:
            raise OutboxError(
                f"{at}: no connection ({error.strerror or error}); see smtp.host, smtp.port and the network"
            ) from None
        return self

    def _login(self) -> None:
        secret = self.settings.password.get_secret_value()
        if not self.settings.username:
            return
        if self.settings.auth == "oauth2":
            token = f"user={self.settings.username}\x01auth=Bearer {secret}\x01\x01"
            code, answer = self.server.docmd("AUTH", "XOAUTH2 " + base64.b64encode(token.encode()).decode())
            if code != 235:
                raise smtplib.SMTPAuthenticationError(code, answer)
        else:
            self.server.login(self.settings.username, secret)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(smtplib.SMTPException, OSError):
            self.server.quit()

    def send(self, raw: bytes, sender: str, recipients: Sequence[str]) -> list[Refusal]:
        """Hand one message over; whom it was refused for. Raises `MessageError`, and `OutboxError` where our own
        address is refused, which is no fault of the message: in either case nobody gets it."""
        utf8 = self.server.has_extn("smtputf8")
        spelt = [address for address in recipients if utf8 or address.isascii()]
        refused = [
            Refusal(a, "the server takes no letters like these (SMTPUTF8)", False) for a in recipients if a not in spelt
        ]
        if not utf8 and not sender.isascii():
            raise OutboxError(
                f"{self.at}: {sender} has letters that this server does not take (SMTPUTF8); write contact in event.toml"
                " with the domain as its xn-- name"
            )
        if not spelt:
            return refused
        options = [] if all(a.isascii() for a in (sender, *spelt)) or not utf8 else ["SMTPUTF8"]
        try:
            answers = self.server.sendmail(sender, spelt, raw, mail_options=options)
        except smtplib.SMTPRecipientsRefused as error:
            answers = error.recipients
        except smtplib.SMTPSenderRefused as error:
            said = f"{error.smtp_code} {_said(error.smtp_error)}"
            if error.smtp_code == TOO_LARGE:
                raise MessageError(f"the message was refused: {said}") from None
            raise OutboxError(
                f"{self.at}: {sender} may not send: {said}; see contact in event.toml and smtp.username"
            ) from None
        except smtplib.SMTPDataError as error:
            said = f"{error.smtp_code} {_said(error.smtp_error)}"
            raise MessageError(f"the message was refused: {said}", error.smtp_code == CLOSING) from None
        except (smtplib.SMTPException, OSError) as error:
            raise MessageError(f"the connection was lost while sending: {error}", lost=True) from None
        if any(code == CLOSING for code, _ in answers.values()):
            raise MessageError(f"the connection was closed while sending: {CLOSING}", lost=True)
        return refused + [Refusal(a, f"{code} {_said(said)}", code < 500) for a, (code, said) in answers.items()]


def _said(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())
