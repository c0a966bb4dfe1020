"""From the bytes of a mail to a `Letter`: who, when, in which thread, and the sender's own words."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email.message import Message

from ..domain import Address, Letter
from . import mime
from .bounces import failure
from .quoting import Separated, marked_answers, separate
from .signature import split_signature

__all__ = ["UNREADABLE", "read_letter"]

_NOBODY = Address("", "")
_ID = re.compile(r"<[^<>\s]{1,400}>")


def read_letter(raw: bytes, received: datetime | None = None) -> Letter:
    """Read a mail, whatever its bytes; never raises.

    `received` is IMAP's INTERNALDATE; without it the topmost Received field, else the Date field, else the epoch.
    """
    try:
        return _read(raw, received)
    except Exception as error:  # libraries raise anything on hostile bytes; the mail is set aside, never lost
        return _unreadable(raw, received, error)


UNREADABLE = "unreadable"
"""The first word of the defect of a mail that could not be taken apart."""


def _unreadable(raw: bytes, received: datetime | None, error: Exception) -> Letter:
    identity = hashlib.sha256(raw).hexdigest()
    when = received or datetime(1970, 1, 1, tzinfo=UTC)
    why = f"{UNREADABLE}: {type(error).__name__}"
    return Letter("", identity, _NOBODY, when, content_type="", defects=(why,))


def _read(raw: bytes, received: datetime | None) -> Letter:
    message, defects = mime.parse(raw)
    headers = _headers(message)
    raw_headers = _raw_headers(message)
    date = next((when for value in headers.get("date", ()) if (when := mime.date_of(value))), None)
    sender = next(iter(mime.addresses(raw_headers.get("from", []))), _NOBODY)
    if sender is _NOBODY and headers.get("from"):
        sender = Address(headers["from"][0], "")
    subject = next(iter(headers.get("subject", ())), "")
    text = mime.body_text(message)
    apart: Separated = separate(text, subject)
    own, signature = split_signature(apart.own, sender)
    identity = next(iter(_ID.findall(next(iter(headers.get("message-id", ())), ""))), "")
    return Letter(
        message_id=identity,
        digest=_digest(sender, next(iter(headers.get("date", ())), ""), subject, identity, text),
        sender=sender,
        reply_to=next(iter(mime.addresses(raw_headers.get("reply-to", []))), None),
        to=mime.addresses(raw_headers.get("to", [])),
        cc=mime.addresses(raw_headers.get("cc", [])),
        subject=subject,
        date=date,
        received=received or _received(headers) or date or datetime(1970, 1, 1, tzinfo=UTC),
        in_reply_to=tuple(_ID.findall(" ".join(headers.get("in-reply-to", ())))),
        references=tuple(_ID.findall(" ".join(headers.get("references", ()))))[-100:],
        headers=headers,
        content_type=_content_type(message),
        parts=mime.structure(message),
        own=own,
        signature=signature,
        quoted=apart.quoted,
        answers=apart.answers or marked_answers(apart.quoted, sender.name),
        forwarded=apart.forwarded,
        forwarded_from=apart.forwarded_from,
        failure=failure(message, sender, text),
        defects=tuple(defects),
    )


def _raw_headers(message: Message) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        if name.lower() in ("from", "reply-to", "to", "cc"):
            text = str(value)
            if mime.RAW.search(text):
                text = mime.header_text(text)
            found.setdefault(name.lower(), []).append(text)
    return found


def _headers(message: Message) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        found.setdefault(name.lower(), []).append(mime.header_text(value))
    return {name: tuple(values) for name, values in found.items()}


def _received(headers: dict[str, tuple[str, ...]]) -> datetime | None:
    for value in headers.get("received", ())[:1]:
        return mime.date_of(value.rpartition(";")[2])
    return None


def _content_type(message: Message) -> str:
    extras = [f"; {name}={message.get_param(name)}" for name in ("report-type", "method") if message.get_param(name)]
    return (message.get_content_type() + "".join(extras)).lower()


def _digest(sender: Address, date: str, subject: str, identity: str, text: str) -> str:
    parts = (sender.email, date, subject, identity, " ".join(text.split()))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
