"""Delivery reports: what could not be delivered (RFC 3464, RFC 6522; and the plain text of older servers)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from ..domain import Address, Failure

_ROBOT = re.compile(r"(?:mailer-daemon|postmaster|mail-?daemon|microsoftexchange\w*)@?", re.I)
_ID = re.compile(r"<[^<>\s]{1,400}>")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_LATER = re.compile(r"\b(?:delayed|will (?:be )?retr\w+|still being retried|warning|fördröj\w*|försöker igen)\b", re.I)
_STATUS = ("message/delivery-status", "message/global-delivery-status")
_ORIGINAL = ("message/rfc822", "message/global", "message/global-headers", "text/rfc822-headers")
MOST = 50
"""Ids and addresses of one report that are looked at."""


def failure(message: Message, sender: Address, text: str) -> Failure | None:
    """What a report says has failed for good; None for a mail that is none, and for a delay that is only told."""
    status = next((part for part in message.walk() if part.get_content_type() in _STATUS), None)
    named = str(message.get("X-Failed-Recipients", ""))
    if status is None and not named and not _ROBOT.match(sender.email):
        return None
    if status is not None:
        failed = list(_failed(str(status)))
    elif named:
        failed = _ADDRESS.findall(named)
    else:
        failed = [] if _LATER.search(text[:2000]) else _ADDRESS.findall(text)
    if not failed:
        return None
    recipients = tuple(dict.fromkeys(address.lower() for address in failed))[:MOST]
    return Failure(recipients, tuple(dict.fromkeys(_ids(message, text)))[:MOST])


def _failed(status: str) -> Iterator[str]:
    """The recipients of a delivery status whose action is `failed` (RFC 3464 sections 2.3.1 to 2.3.3)."""
    for block in re.split(r"\r?\n\s*\r?\n", status):
        fields = dict(re.findall(r"(?im)^([\w-]+)\s*:\s*(.*)$", block))
        lower = {name.lower(): value.strip() for name, value in fields.items()}
        if lower.get("action", "").lower().startswith("failed"):
            for name in ("original-recipient", "final-recipient"):
                yield from _ADDRESS.findall(lower.get(name, "").rpartition(";")[2])


def _ids(message: Message, text: str) -> Iterator[str]:
    """The Message-IDs of what is sent back, and every other id the report quotes."""
    for name in ("In-Reply-To", "References", "X-Original-Message-ID", "Original-Message-ID"):
        yield from _ID.findall(str(message.get(name, "")))
    for part in message.walk():
        if part.get_content_type() in _ORIGINAL:
            yield from re.findall(r"(?im)^message-id:\s*(<[^<>\s]{1,400}>)", part.as_string()[:100_000])
    yield from _ID.findall(text)
