"""Short ways to write the mails of the tests."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

_count = iter(range(1, 1_000_000))
WHEN = dt.datetime(2020, 1, 8, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))


def mail(
    body: str,
    sender: str = "Ulla Testberg <ulla.testberg@flen.se>",
    subject: str = "Anmälan",
    when: dt.datetime = WHEN,
    markup: str | None = None,
    **headers: str,
) -> bytes:
    """A mail as a program would send it; header names are given with `_` for `-`."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, "linda@lindanordfors.com", subject
    message["Date"] = format_datetime(when)
    message["Message-ID"] = f"<test.{next(_count)}@example.org>"
    for name, value in headers.items():
        if name.replace("_", "-") in message:
            del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    message.set_content(body)
    if markup is not None:
        message.add_alternative(markup, subtype="html")
    return message.as_bytes()
