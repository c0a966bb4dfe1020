"""The other folders of the account: Drafts, Sent and Trash, found by use (RFC 6154), else by their usual names.

Only header fields are fetched from them, with BODY.PEEK. The mailbox's own folder is selected again afterwards.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import default
from email.utils import getaddresses

from imapclient.exceptions import IMAPClientError

from .mailbox import BATCH, TROUBLE, Mailbox, MailboxError, said

DRAFTS, SENT, TRASH = b"\\Drafts", b"\\Sent", b"\\Trash"
_USUAL = {
    DRAFTS: {"drafts", "draft", "utkast"},
    SENT: {
        "sent", "sent items", "sent messages", "sent mail", "skickat", "skickade", "skickade objekt",
        "skickade meddelanden", "skickad post", "skickad e-post",
    },
    TRASH: {
        "trash", "deleted items", "deleted messages", "bin", "papperskorgen", "papperskorg", "borttaget",
        "borttagna objekt",
    },
}  # fmt: skip
"""Names by the last part, in lower case."""
_FIELDS = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID IN-REPLY-TO REFERENCES TO CC BCC SUBJECT)]"
_ID = re.compile(r"<[^<>\s]+>")


class FolderError(MailboxError):
    """One of these folders is missing or cannot be used; the mailbox itself still can."""


@dataclass(frozen=True, slots=True)
class Head:
    """A mail in such a folder, as far as it is looked at."""

    folder: str
    uid: int
    message_id: str
    answers: str
    """The Message-ID of what it replies to; empty when it is no reply."""
    recipients: frozenset[str]
    subject: str


class Folders:
    """The folders beside the one that a connected `Mailbox` watches. Errors are `MailboxError`."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox, self.client = mailbox, mailbox.client
        self.at = f"IMAP {mailbox.settings.host}"
        try:
            self._listed = [(flags, delimiter, str(name)) for flags, delimiter, name in self.client.list_folders()]
        except TROUBLE as error:
            raise MailboxError(f"{self.at}: listing the folders failed: {said(error)}") from None

    def of(self, use: bytes) -> list[str]:
        """The folders of one use: those the server marks, then those with a usual name; a mail program may have its own."""
        marked = [name for flags, _, name in self._listed if use in flags]
        usual = [
            name
            for flags, delimiter, name in self._listed
            if b"\\Noselect" not in flags and _last(name, delimiter).lower() in _USUAL[use]
        ]
        return list(dict.fromkeys([*marked, *usual]))

    @property
    def drafts(self) -> str:
        """The folder that a new draft is put into; where there is none it is made. Raises `FolderError`."""
        if found := self.of(DRAFTS):
            return found[0]
        try:
            name = f"{self._prefix()}Drafts"
            self.client.create_folder(name)
            self.client.subscribe_folder(name)
        except IMAPClientError as error:
            names = ", ".join(name for _, _, name in self._listed)
            raise FolderError(
                f'{self.at}: answers.mode = "draft", but no folder for drafts was found, neither one marked \\Drafts nor one'
                f" named Drafts or Utkast, and none could be made ({said(error)}); create a folder Utkast in the mail"
                f' program, or set answers.mode = "send"; there are: {names}'
            ) from None
        except TROUBLE as error:
            raise MailboxError(f"{self.at}: the connection was lost: {said(error)}") from None
        self._listed.append(((DRAFTS,), None, name))
        return name

    def _prefix(self) -> str:
        """What the names of one's own folders begin with (RFC 2342), as `INBOX.`."""
        own = self.client.namespace().personal if self.client.has_capability("NAMESPACE") else None
        return str(own[0][0]) if own else ""

    def heads(self, folders: Sequence[str], since: dt.date) -> list[Head]:
        """The mails in some folders that came into them on or after a day, but those marked as deleted."""
        found = []
        for folder in folders:
            with self._in(folder, readonly=True):
                uids = sorted(self.client.search(["UNDELETED", "SINCE", since]))
                for begin in range(0, len(uids), BATCH):
                    for uid, data in self.client.fetch(uids[begin : begin + BATCH], [_FIELDS]).items():
                        raw = next((v for k, v in data.items() if isinstance(k, bytes) and k.startswith(b"BODY[")), b"")
                        found.append(_head(folder, uid, raw or b""))
        return found

    def put_draft(self, raw: bytes, now: dt.datetime) -> None:
        """A draft that the organiser can open, alter and send."""
        folder = self.drafts
        try:
            self.client.append(folder, raw, (b"\\Draft", b"\\Seen"), now)
        except TROUBLE as error:
            raise FolderError(f"{self.at}: putting a draft into {folder!r} failed: {said(error)}") from None

    def discard(self, heads: Sequence[Head]) -> None:
        """Move mails to the trash, where there is one: what the organiser wrote into a draft is not lost."""
        trash = next(iter(self.of(TRASH)), None)
        for folder in sorted({head.folder for head in heads}):
            uids = [head.uid for head in heads if head.folder == folder]
            with self._in(folder, readonly=False):
                if trash and self.client.has_capability("MOVE"):
                    self.client.move(uids, trash)
                    continue
                if trash:
                    self.client.copy(uids, trash)
                self.client.delete_messages(uids)
                if self.client.has_capability("UIDPLUS"):
                    self.client.uid_expunge(uids)

    @contextmanager
    def _in(self, folder: str, readonly: bool) -> Iterator[None]:
        """Another folder selected for a while; raises `FolderError` while the mailbox itself is still of use."""
        wrong = ""
        try:
            self.client.select_folder(folder, readonly=readonly)
            yield
        except IMAPClientError as error:
            wrong = f"{self.at}: {folder!r} cannot be used: {said(error)}"
        except TROUBLE as error:
            raise MailboxError(f"{self.at}: the connection was lost: {said(error)}") from None
        try:
            self.mailbox.select()
        except TROUBLE as error:
            raise MailboxError(f"{self.at}: {said(error)}") from None
        if wrong:
            raise FolderError(wrong)


def _head(folder: str, uid: int, raw: bytes) -> Head:
    message = BytesParser(policy=default).parsebytes(raw, headersonly=True)

    def texts(name: str) -> list[str]:
        return [str(value) for value in message.get_all(name, [])]

    def ids(name: str) -> list[str]:
        return _ID.findall(" ".join(texts(name)))

    addresses = getaddresses([*texts("To"), *texts("Cc"), *texts("Bcc")])
    return Head(
        folder,
        uid,
        next(iter(ids("Message-ID")), ""),
        next(iter(ids("In-Reply-To") or ids("References")[-1:]), ""),
        frozenset(address.lower() for _, address in addresses if address),
        " ".join("".join(texts("Subject")).split()),
    )


def _last(name: str, delimiter: bytes | None) -> str:
    return name.rpartition(delimiter.decode())[2] if delimiter else name
