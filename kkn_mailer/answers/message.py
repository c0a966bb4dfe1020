"""An answer as the message that is sent (RFC 5322, RFC 3834): text, HTML and calendar file."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from ..domain import Address, Answer, AnswerKind
from ..event import Event, is_address
from .calendars import calendar, filename
from .preview import Shown, write_preview
from .samples import Sample, samples
from .templates import TemplateError, Templates
from .thread import one_line
from .view import frame, view


def message_id(event: Event, *parts: object) -> str:
    """The Message-ID of what is sent because of `parts`: the same again after a crash (RFC 5322, section 3.6.4)."""
    name = hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:24]
    return f"<{name}@{event.contact_address.partition('@')[2]}>"


def dressed(event: Event, page: tuple[str, str, str], to: Address, identity: str, now: dt.datetime) -> EmailMessage:
    """A message from the event's contact, of subject, text and HTML (RFC 5322)."""
    subject, text, markup = page
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = _mailbox(Address(event.organiser, event.contact_address))
    message["To"] = _mailbox(to)
    message["Subject"] = one_line(subject)[:300]
    message["Date"] = format_datetime(now)
    message["Message-ID"] = identity
    message.set_content(text)
    message.add_alternative(markup, subtype="html")
    return message


class Answers:
    """Renders answers for one event; a template in `folder` takes the place of the shipped one of the same name."""

    def __init__(self, event: Event, folder: Path | None = None, automatic: bool = True) -> None:
        self.event = event
        self.automatic = automatic
        """Whether answers are sent unread, which they tell; a draft is the organiser's own mail."""
        self.templates = Templates(folder)

    def render(self, answer: Answer, message_id: str, now: dt.datetime) -> EmailMessage:
        """The message of an answer. Raises `TemplateError`, and then nothing may be sent."""
        page = self.page(f"{answer.kind}.{answer.language}", view(self.event, answer))
        message = dressed(self.event, page, answer.to, message_id, now)
        if copies := [_mailbox(copy) for copy in answer.cc if is_address(copy.email)]:
            message["Cc"] = copies
        if answer.letter.message_id:
            message["In-Reply-To"] = answer.letter.message_id
            message["References"] = " ".join([*answer.letter.references[-10:], answer.letter.message_id])
        message["Auto-Submitted"] = "auto-generated" if answer.kind is AnswerKind.REMINDER else "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
        message["X-KKN-Answer"] = answer.kind.value
        if data := calendar(self.event, answer, now):
            message.add_attachment(
                data,
                maintype="text",
                subtype="calendar",
                filename=filename(answer.language),
                params={"method": "PUBLISH", "charset": "utf-8"},
            )
        return message

    def page(self, stem: str, shown: Mapping[str, Any]) -> tuple[str, str, str]:
        """Subject, text and HTML of the templates of one answer, as `confirm.sv`. Raises `TemplateError`."""
        known = {**frame(self.event, self.event.language), "automatic": self.automatic, **shown}
        subject, text = self.templates.text(stem, known)
        return subject, text, self.templates.html(stem, {**known, "title": one_line(subject)})

    def samples(self) -> list[Answer]:
        """Every answer to made-up people, in both languages."""
        return [sample.answer for sample in samples(self.event)]

    def check(self) -> list[str]:
        """What is wrong with the templates, a line a problem: file, line, reason."""
        found = samples(self.event)
        problems = self.templates.problems({*view(self.event, found[0].answer), "automatic", "title"})
        for sample in found:
            try:
                self.render(sample.answer, "<check@localhost>", sample.answer.letter.received)
            except TemplateError as error:
                problems.append(str(error))
        return list(dict.fromkeys(problems))

    def preview(self, out: Path, more: Iterable[tuple[str, EmailMessage]] = ()) -> Path:
        """Every answer to made-up people, and `more` by name, as files in `out` and on one page. Returns that page."""
        rendered = [
            Shown(s.key, s.answer.kind, s.answer.language, s.title[self.event.language], self._sample(s))
            for s in samples(self.event)
        ]
        for name, message in more:
            kind, _, language = name.partition(".")
            rendered.append(Shown(name, kind, language, "", message))
        return write_preview(self.event, rendered, out)

    def _sample(self, sample: Sample) -> EmailMessage:
        return self.render(sample.answer, f"<{sample.key}@preview>", sample.answer.letter.received)


def _mailbox(address: Address) -> HeaderAddress:
    name = one_line(address.name)
    return HeaderAddress(display_name=name if "@" not in name else "", addr_spec=address.email)
