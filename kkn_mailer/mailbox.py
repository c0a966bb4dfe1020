"""The organiser's mailbox over IMAP (RFC 3501, RFC 9051), read without leaving a trace.

Mail is fetched with BODY.PEEK, so nothing is marked read; of each mail the header, the structure and the text parts
come over, never an attachment. What was fetched is put together to a smaller message of the same structure, so that
mails from files and from servers are read by the same code.
"""

from __future__ import annotations

import datetime as dt
import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from .config import ImapSettings, no_password

DONE = b"$KKNDone"
REVIEW = b"$KKNReview"
BATCH = 50
"""Mails asked for at a time."""
MOST_TEXT = 3_000_000
"""Bytes of one text part that are fetched; nobody registers further down."""
_TEXTS = {
    ("text", "plain"),
    ("text", "html"),
    ("text", "calendar"),
    ("message", "delivery-status"),
    ("message", "global-delivery-status"),
    ("text", "rfc822-headers"),
    ("application", "ms-tnef"),
}
TROUBLE = (IMAPClientError, OSError, ssl.SSLError)


class MailboxError(Exception):
    """The mailbox cannot be used: which server, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a folder has been read: UIDVALIDITY and the highest UID seen."""

    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail found: where it lies, when it was received (INTERNALDATE, aware), and its text-only message."""

    uidvalidity: int
    uid: int
    received: dt.datetime
    raw: bytes

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.uidvalidity, self.uid)


class Mailbox:
    """One folder of one account; a context manager that is connected within."""

    def __init__(self, settings: ImapSettings) -> None:
        self.settings = settings
        self.client: IMAPClient
        self.uidvalidity = 0
        self._keywords = False
        self._looked: tuple[dt.date, int] | None = None

    def __enter__(self) -> Mailbox:
        at = f"IMAP {self.settings.host}:{self.settings.port}"
        if self.settings.username and not self.settings.password.get_secret_value():
            raise MailboxError(f"{at}: {no_password('imap')}")
        try:
            with ExitStack() as opened:
                self._connect(opened)
                opened.pop_all()
        except LoginError as error:
            raise MailboxError(
                f"{at}: login as {self.settings.username!r} was refused ({said(error)}); see imap.username and KKN_IMAP__PASSWORD (some providers want an app password)"
            ) from None
        except ssl.SSLError as error:
            raise MailboxError(
                f"{at}: the TLS connection failed ({error.reason or error}); see imap.security, imap.port and, for a certificate of your own, imap.ca_file"
            ) from None
        except OSError as error:
            raise MailboxError(
                f"{at}: no connection ({error.strerror or error}); see imap.host, imap.port and the network"
            ) from None
        except IMAPClientError as error:
            raise MailboxError(f"{at}: {said(error)}") from None
        return self

    def _connect(self, opened: ExitStack) -> None:
        """Connect, log in and open the folder; `opened` closes the connection where that fails."""
        settings = self.settings
        context = ssl.create_default_context(cafile=str(settings.ca_file) if settings.ca_file else None)
        self.client = IMAPClient(
            settings.host,
            settings.port,
            ssl=settings.security == "tls",
            ssl_context=context if settings.security == "tls" else None,
            timeout=60,
        )
        opened.callback(self.client.shutdown)
        self.client.normalise_times = False
        if settings.security == "starttls":
            self.client.starttls(context)
        secret = settings.password.get_secret_value()
        if settings.auth == "oauth2":
            self.client.oauth2_login(settings.username, secret)
        else:
            self.client.login(settings.username, secret)
        self.select()

    def select(self) -> None:
        """Open the folder that is watched. Raises the errors of imapclient."""
        try:
            state = self.client.select_folder(self.settings.folder)
        except IMAPClientError as error:
            names = ", ".join(str(name) for _, _, name in self.client.list_folders())
            raise IMAPClientError(
                f"the folder {self.settings.folder!r} of imap.folder cannot be opened ({said(error)}); there are: {names}"
            ) from None
        self.uidvalidity = int(state[b"UIDVALIDITY"])
        permanent = state.get(b"PERMANENTFLAGS", ())
        self._keywords = b"\\*" in permanent or REVIEW in permanent

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(*TROUBLE):
            self.client.logout()

    def new(self, since: dt.date, cursor: Cursor | None) -> Iterator[Arrival]:
        """Mail received on or after `since` that lies beyond the cursor, oldest first, in batches.

        A new UIDVALIDITY makes the cursor void: everything since `since` comes again, for the journal to recognise.
        """
        after = cursor.uid if cursor and cursor.uidvalidity == self.uidvalidity else 0
        try:
            uids = self._beyond(since, after)
            self._looked = (since, max(uids, default=after))
            for begin in range(0, len(uids), BATCH):
                yield from self._fetch(uids[begin : begin + BATCH])
        except TROUBLE as error:
            raise MailboxError(
                f"IMAP {self.settings.host}: reading {self.settings.folder} failed: {said(error)}"
            ) from None

    def _beyond(self, since: dt.date, after: int) -> list[int]:
        """The UIDs after one, of mail received on or after a day."""
        return sorted(uid for uid in self.client.search(["UID", f"{after + 1}:*", "SINCE", since]) if uid > after)

    def _fetch(self, uids: list[int]) -> Iterator[Arrival]:
        heads = self.client.fetch(uids, ["INTERNALDATE", "BODYSTRUCTURE", "BODY.PEEK[HEADER]"])
        for uid in uids:
            data = heads.get(uid)
            if data is None:  # expunged meanwhile
                continue
            header = data.get(b"BODY[HEADER]", b"")
            raw = self._rebuilt(uid, header, data.get(b"BODYSTRUCTURE"))
            received: dt.datetime = data[b"INTERNALDATE"]
            yield Arrival(self.uidvalidity, uid, received if received.tzinfo else received.replace(tzinfo=dt.UTC), raw)

    def _rebuilt(self, uid: int, header: bytes, structure: Any) -> bytes:
        """The message without its attachments: header, structure, text parts; a bounded copy if that cannot be had."""
        try:
            return self._texts(uid, header, _Tree(structure))
        except (TypeError, IndexError, ValueError, AttributeError):  # a structure no server should give, and some do
            return self._beginning(uid, header)

    def _texts(self, uid: int, header: bytes, tree: _Tree) -> bytes:
        items = [f"BODY.PEEK[{name}]<0.{MOST_TEXT}>" for name, mime in tree.parts if mime in _TEXTS]
        items += [f"BODY.PEEK[{name}.MIME]" for name, _ in tree.parts] if tree.multipart else []
        # of what a delivery report sends back the header is enough to know it by
        returned = {name for name, mime in tree.parts if tree.report and mime == ("message", "rfc822")}
        items += [f"BODY.PEEK[{name}.HEADER]" for name in sorted(returned)]
        got = self.client.fetch([uid], items).get(uid, {}) if items else {}
        texts = {
            key.split(b"<")[0]: value for key, value in got.items() if isinstance(key, bytes) and value is not None
        }
        if not tree.multipart:
            return bytes(header + texts.get(b"BODY[1]", b""))
        return header + tree.render(
            lambda name: texts.get(f"BODY[{name}.MIME]".encode(), b"\r\n"),
            lambda name: texts.get(f"BODY[{name}{'.HEADER' if name in returned else ''}]".encode(), b""),
        )

    def _beginning(self, uid: int, header: bytes) -> bytes:
        got = self.client.fetch([uid], [f"BODY.PEEK[TEXT]<0.{MOST_TEXT}>"]).get(uid, {})
        return header + next(
            (value for key, value in got.items() if isinstance(key, bytes) and key.startswith(b"BODY[TEXT]")), b""
        )

    def mark_done(self, uid: int) -> None:
        """`$KKNDone` on a mail that was acted on, where the server takes keywords."""
        self._flag(uid, [DONE] if self._keywords else [])

    def mark_review(self, uid: int) -> None:
        """`$KKNReview`, and the star she sees in any program, on a mail for the organiser."""
        self._flag(uid, ([REVIEW] if self._keywords else []) + ([b"\\Flagged"] if self.settings.flag_review else []))

    def _flag(self, uid: int, flags: list[bytes]) -> None:
        if not flags:
            return
        try:
            self.client.add_flags([uid], flags, silent=True)
        except TROUBLE as error:
            raise MailboxError(f"IMAP {self.settings.host}: marking a mail failed: {said(error)}") from None

    def move_processed(self, uid: int) -> None:
        """Move a mail that was acted on to `imap.processed_folder`, where one is set (RFC 6851, else copy and expunge)."""
        folder = self.settings.processed_folder
        if not folder:
            return
        try:
            self._ensure(folder)
            if self.client.has_capability("MOVE"):
                self.client.move([uid], folder)
            elif self.client.has_capability("UIDPLUS"):
                self.client.copy([uid], folder)
                self.client.delete_messages([uid])
                self.client.uid_expunge([uid])
        except TROUBLE as error:
            raise MailboxError(
                f"IMAP {self.settings.host}: moving a mail to {folder!r} failed: {said(error)}"
            ) from None

    def _ensure(self, folder: str) -> str:
        if not self.client.folder_exists(folder):
            self.client.create_folder(folder)
        return folder

    def keep_sent(self, raw: bytes, folder: str, when: dt.datetime) -> None:
        """A copy among the sent mail: the folder named, else the server's own \\Sent (RFC 6154), else a new one."""
        try:
            if not self.client.folder_exists(folder):
                folder = self.client.find_special_folder(b"\\Sent") or self._ensure(folder)
            self.client.append(folder, raw, (b"\\Seen",), when)
        except TROUBLE as error:
            raise MailboxError(
                f"IMAP {self.settings.host}: keeping a copy in {folder!r} failed: {said(error)}"
            ) from None

    def wait(self, seconds: float, idle: bool, woken: Callable[[], bool]) -> bool:
        """Wait for new mail with IDLE (RFC 2177) where the server has it; True when something came.

        Returns within a second of `woken`.
        """
        try:
            if not idle or not self.client.has_capability("IDLE"):
                for _ in range(max(1, int(seconds))):
                    if woken():
                        break
                    time.sleep(1)
                return False
            # what came since the last look was told in another command's answer, and IDLE does not tell it again
            if self._looked and self._beyond(*self._looked):
                return True
            self.client.idle()
            try:
                for _ in range(max(1, int(seconds))):
                    answers = self.client.idle_check(timeout=1)
                    if woken():
                        return False
                    if any(len(a) > 1 and a[1] == b"EXISTS" for a in answers):
                        return True
            finally:
                self.client.idle_done()
        except TROUBLE as error:
            raise MailboxError(
                f"IMAP {self.settings.host}: the connection was lost while waiting: {said(error)}"
            ) from None
        return False


class _Tree:
    """A BODYSTRUCTURE (RFC 3501 section 7.4.2) as numbered parts."""

    def __init__(self, structure: Any) -> None:
        self.structure = structure
        self.multipart = bool(structure.is_multipart)
        self.report = self.multipart and _text(structure[1]) == "report"
        self.parts: list[tuple[str, tuple[str, str]]] = []
        self._walk(structure, "")

    def _walk(self, node: Any, name: str) -> None:
        if node.is_multipart:
            for index, child in enumerate(node[0]):
                self._walk(child, f"{name}.{index + 1}".lstrip("."))
            return
        self.parts.append((name or "1", (_text(node[0]), _text(node[1]))))

    def render(self, mime: Any, body: Any) -> bytes:
        """The body of the message, boundaries as the header names them, hollow where a part was not fetched."""
        return self._render(self.structure, "", mime, body)

    def _render(self, node: Any, name: str, mime: Any, body: Any) -> bytes:
        if not node.is_multipart:
            return bytes(body(name))
        mark = b"--" + _boundary(node)
        out = b""
        for index, child in enumerate(node[0]):
            number = f"{name}.{index + 1}".lstrip(".")
            head = mime(number) if not child.is_multipart else _multipart_head(child)
            out += (
                mark
                + b"\r\n"
                + (head if head.endswith(b"\r\n\r\n") else head.rstrip(b"\r\n") + b"\r\n\r\n")
                + self._render(child, number, mime, body)
                + b"\r\n"
            )
        return out + mark + b"--\r\n"


def _boundary(node: Any) -> bytes:
    parameters = node[2] or ()
    pairs = dict(zip([p.lower() for p in parameters[::2]], parameters[1::2], strict=False))
    found = pairs.get(b"boundary")
    if not isinstance(found, bytes):
        raise ValueError("a multipart without boundary")
    return found


def _multipart_head(node: Any) -> bytes:
    return bytes(b"Content-Type: multipart/" + node[1] + b'; boundary="' + _boundary(node) + b'"\r\n\r\n')


def _text(value: bytes) -> str:
    return value.decode("ascii", "replace").lower()


def said(error: BaseException) -> str:
    text = str(error)
    return re.sub(r"^b'(.*)'$", r"\1", text).strip() or type(error).__name__
