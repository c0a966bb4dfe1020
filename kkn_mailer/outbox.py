"""Answers on their way: SMTP submission (RFC 5321, RFC 6409) over TLS."""

from __future__ import annotations

import base64
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType

from .config import SmtpSettings


class OutboxError(Exception):
    """A message or a connection was refused; `temporary` when trying again later can help, `lost` when the connection
    can carry no other message either."""

    def __init__(self, message: str, temporary: bool, lost: bool = False) -> None:
        super().__init__(message)
        self.temporary, self.lost = temporary, lost


class Outbox:
    """One connection for several messages; a context manager that is connected within."""

    def __init__(self, settings: SmtpSettings) -> None:
        self.settings = settings
        self.server: smtplib.SMTP

    def __enter__(self) -> Outbox:
        settings = self.settings
        at = f"SMTP {settings.host}:{settings.port}"
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
                f"{at}: login as {settings.username!r} was refused ({_said(error.smtp_error)}); see smtp.username and KKN_SMTP__PASSWORD",
                True,
            ) from None
        except smtplib.SMTPException as error:
            raise OutboxError(f"{at}: {error}; see smtp.security and smtp.port", True) from None
        except ssl.SSLError as error:
            raise OutboxError(
                f"{at}: the TLS connection failed ({error.reason or error}); see smtp.security, smtp.port and, for a certificate of your own, smtp.ca_file",
                True,
            ) from None
        except OSError as error:
            raise OutboxError(
                f"{at}: no connection ({error.strerror or error}); see smtp.host, smtp.port and the network", True
            ) from None
        return self

    def _login(self) -> None:
        secret = self.settings.password.get_secret_value()
        if not self.settings.username or not secret:
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

    def send(self, raw: bytes, sender: str, recipients: Sequence[str]) -> None:
        """Hand one message over; raises `OutboxError` when it was not accepted for its first recipient."""
        options = (
            ["SMTPUTF8"]
            if not all(a.isascii() for a in (sender, *recipients)) and self.server.has_extn("smtputf8")
            else []
        )
        try:
            refused = self.server.sendmail(sender, recipients, raw, mail_options=options)
        except smtplib.SMTPRecipientsRefused as error:
            refused = error.recipients
        except smtplib.SMTPSenderRefused as error:  # our own address, which a setting here or there puts right
            reason = f"{sender} may not send: {error.smtp_code} {_said(error.smtp_error)}; see contact in event.toml and smtp.username"
            raise OutboxError(reason, True, error.smtp_code == 421) from None
        except smtplib.SMTPDataError as error:
            reason = f"refused: {error.smtp_code} {_said(error.smtp_error)}"
            raise OutboxError(reason, error.smtp_code < 500, error.smtp_code == 421) from None
        except UnicodeEncodeError:
            raise OutboxError("the address has letters that this server does not take (SMTPUTF8)", False) from None
        except (smtplib.SMTPException, OSError) as error:
            raise OutboxError(f"the connection was lost while sending: {error}", True, lost=True) from None
        if recipients[0] in refused:
            code, answer = refused[recipients[0]]
            raise OutboxError(f"the address was refused: {code} {_said(answer)}", code < 500, lost=code == 421)


def _said(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())
