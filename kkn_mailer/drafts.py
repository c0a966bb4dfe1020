"""Answers as drafts: put into the organiser's Drafts folder, and followed until she sends or deletes them.

A draft she edits may get another Message-ID, so it is known by that, or by what it answers and whom. One that has left
the Drafts folder was sent when it lies in Sent; when it does so nowhere for a while, she has deleted it: it is withheld.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import structlog

from .config import Settings
from .domain import AnswerKind, Review
from .folders import DRAFTS, SENT, FolderError, Folders, Head
from .journal import DIGEST, Journal, Outgoing, Replaced
from .mailbox import Mailbox
from .registrar import identifier
from .renewing import Renewer

log = structlog.get_logger()
GRACE = dt.timedelta(hours=1)
"""How long a draft may be on its way from Drafts to Sent: an outbox, a program that is offline, a sending undone."""
REMEMBERED = dt.timedelta(days=3)
"""How long one that was withheld is still looked for: she may have told her program to send it another day."""
_OURS = re.compile(
    rb"^(?:Auto-Submitted|X-Auto-Response-Suppress):[^\n]*\n(?:[ \t][^\n]*\n)*", re.IGNORECASE | re.MULTILINE
)


def matched(
    drafts: Iterable[Outgoing | Replaced], heads: Sequence[Head], known: set[str], exact: bool = False
) -> dict[str, Head]:
    """Which mail each draft is, by the draft's Message-ID; each mail is one draft at most, the exact ones first.

    A mail whose Message-ID is `known` as another answer's is no edited draft. With `exact` only the Message-ID counts.
    """
    drafts = list(drafts)
    by_id = {head.message_id: head for head in heads if head.message_id}
    found = {draft.message_id: by_id[draft.message_id] for draft in drafts if draft.message_id in by_id}
    free = [head for head in heads if head.message_id not in known | found.keys()]
    for draft in () if exact else drafts:
        if draft.message_id in found:
            continue
        head = next((head for head in free if _same(draft, head)), None)
        if head:
            found[draft.message_id] = head
            free.remove(head)
    return found


def _same(draft: Outgoing | Replaced, head: Head) -> bool:
    """Whether a mail is an edited draft: to the same person, in answer to the same mail, or else about the same."""
    if draft.recipients[0].lower() not in head.recipients:
        return False
    return head.answers == draft.in_reply_to if draft.in_reply_to else head.subject == " ".join(draft.subject.split())


def _found(waiting: Sequence[Outgoing], heads: Sequence[Head], known: set[str]) -> dict[str, Head]:
    """Which mail each answer is; one that may not lie anywhere yet only by its very Message-ID."""
    return matched([m for m in waiting if m.drafted], heads, known) | matched(waiting, heads, known, exact=True)


def as_draft(raw: bytes) -> bytes:
    """A message without the fields that say a program sent it (RFC 3834 section 5): she reads it and sends it herself."""
    head, mark, body = raw.partition(b"\r\n\r\n")
    return _OURS.sub(b"", head + b"\r\n")[:-2] + mark + body


@dataclass
class Drafts:
    """Brings the Drafts folder in line with the journal."""

    settings: Settings
    journal: Journal
    renewer: Renewer

    def holds(self, message: Outgoing) -> bool:
        """Whether an unsent answer is the organiser's to send; a draft stays hers when the mode is changed."""
        wanted = self.settings.answers.mode == "draft" and message.kind != DIGEST
        return wanted or message.drafted is not None

    def look(self, mailbox: Mailbox, now: dt.datetime, problems: list[str]) -> None:
        """What has become of each draft: still there, sent, or withheld; and take away those that are replaced."""
        waiting = [m for m in self.journal.unsent() if self.holds(m)] + self.journal.withheld(now - REMEMBERED)
        try:
            if waiting or self.journal.replaced():
                self._look(Folders(mailbox), waiting, now)
        except FolderError as error:
            problems.append(str(error))

    def _look(self, folders: Folders, waiting: list[Outgoing], now: dt.datetime) -> None:
        known = self.journal.answer_ids()
        lying = self._clear(folders, waiting, known, now)
        gone = [m for m in waiting if m.message_id not in lying]
        sent = _found(gone, folders.heads(self._sent(folders), _day_before(gone)), known) if gone else {}
        for message in waiting:
            if message.message_id in lying:
                if not message.drafted or message.missing or message.withheld:
                    self.journal.mark_drafted(message.message_id, now)
            elif head := sent.get(message.message_id):
                self.journal.mark_sent_as(message.message_id, head.message_id or message.message_id, now)
                log.info("draft", answer=message.message_id, sent=True)
            elif message.drafted and not message.withheld:
                self._missing(message, now)
            if message.withheld and (message.message_id in lying or message.message_id in sent):
                self.journal.review_done([_line_id(message)])

    def _clear(self, folders: Folders, waiting: list[Outgoing], known: set[str], now: dt.datetime) -> dict[str, Head]:
        """Discard the drafts that are replaced; what is left of `waiting` in the Drafts folders, by Message-ID."""
        old = self.journal.replaced()
        heads = folders.heads(folders.of(DRAFTS), _day_before([*waiting, *old]))
        lying = _found(waiting, heads, known)
        free = [head for head in heads if head not in lying.values()]
        found = matched(old, free, known)
        folders.discard(list(found.values()))
        for each in old:
            if each.message_id in found or now - each.replaced > GRACE:
                self.journal.drop_replaced(each.message_id)
        return lying

    def _sent(self, folders: Folders) -> list[str]:
        named = self.settings.smtp.sent_folder
        return [*folders.of(SENT), *([named] if named and folders.client.folder_exists(named) else [])]

    def _missing(self, message: Outgoing, now: dt.datetime) -> None:
        if message.missing is None:
            self.journal.mark_missing(message.message_id, now)
        elif now - message.missing >= GRACE:
            reason = "Du tog bort utkastet till svar: det har inte skickats"
            line = Review(_line_id(message), now, message.recipients[0], message.subject, reason, "")
            # whoever deletes the draft of a reminder wants nothing done about it
            self.journal.mark_withheld(message.message_id, None if message.kind == AnswerKind.REMINDER else line, now)
            log.info("draft", answer=message.message_id, sent=False)

    def put(self, mailbox: Mailbox, now: dt.datetime, problems: list[str]) -> None:
        """Write anew what no longer holds, and put what is new into the Drafts folder; after `look`, which finds what a
        crash left there."""
        self.renewer.renew(now)
        unsent = [m for m in self.journal.unsent() if self.holds(m)]
        new, replaced = [m for m in unsent if m.drafted is None and not m.stale], self.journal.replaced()
        try:
            if not new and not replaced:
                return
            folders = Folders(mailbox)
            if replaced:
                self._clear(folders, unsent, self.journal.answer_ids(), now)
            for message in new:
                folders.put_draft(as_draft(message.raw), now)
                self.journal.mark_drafted(message.message_id, now)
        except FolderError as error:
            problems.append(str(error))


def _day_before(drafts: Iterable[Outgoing | Replaced]) -> dt.date:
    """From when to look: the day before the first was written, whatever the server's time zone."""
    return min(draft.created for draft in drafts).date() - dt.timedelta(days=1)


def _line_id(message: Outgoing) -> str:
    return identifier("withheld", message.message_id)
