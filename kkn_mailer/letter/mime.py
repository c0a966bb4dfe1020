"""From bytes to headers, structure and text (RFC 5322, RFC 2045 to 2049, RFC 3676)."""

from __future__ import annotations

import codecs
import email
import email.header
import email.utils
import logging
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message

import mailparser
from tnefparse import TNEF

from ..domain import Address, Part
from .html import html_to_text

MOST_TEXT = 2_000_000
"""Characters of text that are looked at; nobody registers further down."""

logging.getLogger("mailparser").setLevel(logging.CRITICAL)
logging.getLogger("tnef-decode").setLevel(logging.CRITICAL)
logging.getLogger("tnefparse").setLevel(logging.CRITICAL)

_UNSEEN = dict.fromkeys(
    [
        *range(0x00, 0x09),
        0x0B,
        0x0C,
        *range(0x0E, 0x20),
        *range(0x7F, 0xA0),
        0xAD,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
        0xFFFC,
    ]
)
_MARKS = re.compile(r"([\u0300-\u036f]{4})[\u0300-\u036f]+")
"""Heaps of combining marks, which normalisation takes quadratic time for; no language has five on a letter."""
_STUB = re.compile(
    r"(?i)(?:does not|doesn't|stöd(?:er|jer) inte|kan inte visa|support|unable to (?:view|display)|view (?:this|it) in).{0,40}html|html.{0,60}(?:not support|stöds inte|visas inte)"
)


def parse(raw: bytes) -> tuple[Message, list[str]]:
    """The message and what is wrong with it; never raises.

    mail-parser does the groundwork; where it gives up on a malformed mail, the standard library still reads it.
    """
    try:
        parsed = mailparser.parse_from_bytes(raw)
        return parsed.message, sorted(str(category) for category in parsed.defects_categories)
    except Exception as error:  # mail-parser raises whatever its innards do
        message = email.message_from_bytes(raw)
        return message, [f"mail-parser: {type(error).__name__}"]


def clean(text: str) -> str:
    """NFC, `\\n` line ends, plain spaces, nothing that cannot be seen (controls, zero width, bidi overrides)."""
    text = text[:MOST_TEXT].replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return text.translate(_UNSEEN)
    text = unicodedata.normalize("NFC", _MARKS.sub(r"\1", text.translate(_UNSEEN)))
    return re.sub(r"[\xa0\u2000-\u200a\u202f\u205f\u3000]", " ", text).replace("\u2028", "\n").replace("\u2029", "\n\n")


RAW = re.compile("[\udc80-\udcff]")


def header_text(value: object) -> str:
    """A header field's text: RFC 2047 words decoded, raw 8-bit text understood, unfolded."""
    text = str(value)
    if RAW.search(text):
        text = _decode(text.encode("utf-8", "surrogateescape"), None)
    if "=?" in text:
        try:
            chunks = email.header.decode_header(re.sub(r"\?=\s+=\?", "?==?", re.sub(r"[\r\n]+", "", text)))
            text = "".join(_decode(c, charset) if isinstance(c, bytes) else c for c, charset in chunks)
        except (email.errors.HeaderParseError, ValueError, LookupError):
            pass
    return " ".join(clean(text).split())


def _decode(data: bytes, charset: str | None) -> str:
    """Bytes as text: the charset they claim if it fits, else UTF-8, else Windows-1252, which fits everything."""
    claimed = (charset or "").strip("\"' ").lower()
    if claimed in ("us-ascii", "ascii", "unknown-8bit", "default"):
        claimed = ""
    if claimed in ("iso-8859-1", "latin1", "iso8859-1", "latin-1"):
        claimed = "cp1252"
    tries = (
        [claimed, "utf-8"]
        if claimed.startswith("utf")
        else ["utf-8", claimed]
        if data.isascii() is False and _is_utf8(data)
        else [claimed, "utf-8"]
    )
    for name in filter(None, tries):
        try:
            return data.decode(codecs.lookup(name).name)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return data.decode("cp1252", "replace").replace("\ufffd", "")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


_BARE_COMMA = re.compile(r"([^\"<>@,]{1,80},[^\"<>@,]{1,80}?)\s*(<[^<>]{3,200}>)")
"""`Berg, Eva <eva@…>`, which RFC 5322 wants quoted and some programs leave bare."""


def addresses(values: list[str]) -> tuple[Address, ...]:
    """The mailboxes of address fields, in order; display names decoded after the syntax is read."""
    found = []
    for value in values:
        joined = re.sub(r"[\r\n]+\s*", " ", value).strip()
        if bare := _BARE_COMMA.fullmatch(joined):
            joined = f'"{bare[1]}" {bare[2]}'
        try:
            pairs = email.utils.getaddresses([joined[:20_000]], strict=False)
        except TypeError:  # Python before 3.11.10 knows no `strict`
            pairs = _pairs(joined)
        except RecursionError:
            pairs = _bare_pairs(joined)
        for name, addr in pairs:
            if "=?" in addr and "@" not in addr:
                continue
            found.append(Address(header_text(name).strip("\"' "), clean(addr).strip().lower()))
    return tuple(address for address in found if "@" in address.email)


def _pairs(value: str) -> list[tuple[str, str]]:
    try:
        return email.utils.getaddresses([value[:20_000]])
    except RecursionError:
        return _bare_pairs(value)


def _bare_pairs(value: str) -> list[tuple[str, str]]:
    """Just the addresses, where the syntax is beyond parsing."""
    return [("", found) for found in re.findall(r"[\w.+-]{1,64}@[\w.-]{1,200}", value[:20_000])]


def date_of(value: str) -> datetime | None:
    """An aware date of a header field, if it is one."""
    try:
        when = email.utils.parsedate_to_datetime(value.strip())
        return when if when.tzinfo else when.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError, RecursionError):
        return None


def leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something; a mail attached whole is one part, whose text is not this sender's."""
    if message.get_content_type() == "message/rfc822" or not message.is_multipart():
        yield message
        return
    for part in message.get_payload():
        if isinstance(part, Message):
            yield from leaves(part)


def structure(message: Message) -> tuple[Part, ...]:
    return tuple(
        Part(
            part.get_content_type(),
            header_text(_filename(part) or ""),
            {k.lower(): header_text(v) for k, v in _parameters(part)[1:]},
        )
        for part in leaves(message)
    )


def _filename(part: Message) -> str | None:
    try:
        return part.get_filename()
    except Exception:  # malformed RFC 2231 parameters
        return None


def _parameters(part: Message) -> list[tuple[str, str]]:
    try:
        return part.get_params([("text/plain", "")]) or []
    except Exception:
        return [("text/plain", "")]


def _payload(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except Exception:
        data = str(part.get_payload()).encode("utf-8", "surrogateescape")
    return data if isinstance(data, bytes) else b""


def _flowed(text: str, delsp: bool) -> str:
    """Soft line breaks undone (RFC 3676)."""
    out: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">")) if line.startswith(">") else 0
        body = line[depth:].removeprefix(" ")
        soft = body.endswith(" ") and body != "-- "
        shown = body[:-1] if soft and delsp else body
        if open_depth == depth and out:
            out[-1] += shown
        else:
            out.append((">" * depth + " " if depth else "") + shown)
        open_depth = depth if soft else -1
    return "\n".join(line.rstrip() if line != "-- " else line for line in out)


def body_text(message: Message) -> str:
    """What a person reads: the plain text, or the HTML as text where that is all or more than a stub."""
    plain: list[str] = []
    markup: list[str] = []
    for part in leaves(message):
        kind, name = part.get_content_type(), _filename(part)
        if (
            kind == "text/plain"
            and part.get_content_disposition() != "attachment"
            and not (name and part.get_content_disposition())
        ):
            text = clean(_decode(_payload(part), _charset(part)))
            if str(part.get_param("format", "")).lower() == "flowed":
                text = _flowed(text, str(part.get_param("delsp", "")).lower() == "yes")
            plain.append(text)
        elif kind == "text/html" and part.get_content_disposition() != "attachment":
            markup.append(_decode(_payload(part), _charset(part))[: 4 * MOST_TEXT])
        elif kind in ("application/ms-tnef", "application/vnd.ms-tnef") or (name or "").lower() == "winmail.dat":
            plain.append(clean(_tnef_text(_payload(part))))
    text = "\n\n".join(text.strip("\n") for text in plain if text.strip())
    if markup and (not text or (len(text) < 200 and _STUB.search(text))):
        return clean("\n\n".join(html_to_text(each) for each in markup))
    return text


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except Exception:
        return None


def _tnef_text(data: bytes) -> str:
    """The text in Outlook's winmail.dat."""
    try:
        tnef = TNEF(data, do_checksum=False)
    except Exception:  # tnefparse raises anything on damaged data
        return ""
    for source in (tnef.body, tnef.htmlbody):
        if source:
            text = _decode(source, None) if isinstance(source, bytes) else str(source)
            return html_to_text(text) if "<" in text and source is tnef.htmlbody else text
    return ""
