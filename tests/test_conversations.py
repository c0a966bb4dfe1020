"""Conversations played mail by mail through the service, with the journal and the templates it has in use.

`tests/conversations/*.toml` says of each mail what is sent for it (`confirm`; to anybody else than its writer
`confirm → address`) and a part of what the organiser is told; and in the end every row of the list.
"""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import tomllib
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from kkn_mailer.domain import Outcome
from kkn_mailer.event import Event
from kkn_mailer.letter import read_letter

from .mails import WHEN, mail
from .roster.desk import Desk

TALKS = [
    pytest.param(talk, id=f"{path.stem}: {talk['about']}")
    for path in sorted(Path(__file__).with_name("conversations").glob("*.toml"))
    for talk in tomllib.loads(path.read_text(encoding="utf-8"))["talk"]
]


def with_places(event: Event, places: dict[str, int]) -> Event:
    """The event with so many places on some days."""
    sessions = tuple(s.model_copy(update={"capacity": places.get(s.date.isoformat())}) for s in event.sessions)
    return event.model_copy(update={"sessions": sessions})


class Talk:
    """One conversation: the mails put in, the answers that came, in order."""

    def __init__(self, event: Event, folder: Path) -> None:
        self.desk = Desk(event, folder)
        self.mails: list[EmailMessage] = []
        self.sent: list[EmailMessage] = []
        self.replies: list[EmailMessage | None] = []

    def put(self, sender: str, text: str, subject: str = "Anmälan", **how: Any) -> tuple[Outcome, list[EmailMessage]]:
        """A mail goes in: what it led to, and what is sent for it. `answers` and `after` say what it replies to."""
        headers = dict(how.get("headers", {}))
        ours = self.replies[how["answers"]] if "answers" in how else None
        if ours:
            below = str(ours.get_body(("plain",)).get_content())  # type: ignore[union-attr]
            quoted = "\n".join("> " + line for line in below.splitlines())
            text = (
                f"{text}\n\nDen ons 8 jan. 2020 kl 10:00 skrev Linda K Nordfors <linda@lindanordfors.com>:\n{quoted}\n"
            )
            headers |= {
                "In-Reply-To": str(ours["Message-ID"]),
                "References": f"{ours['References']} {ours['Message-ID']}",
            }
            subject = str(ours["Subject"])
        elif "after" in how:
            headers["In-Reply-To"] = str(self.mails[how["after"]]["Message-ID"])
        when = WHEN + dt.timedelta(hours=len(self.mails))
        raw = mail(text, sender, subject, when, **headers)
        self.mails.append(email.message_from_bytes(raw, policy=email.policy.default))  # type: ignore[arg-type]
        outcome = self.desk.service.process(read_letter(raw, when))
        return outcome, self.fresh()

    def fresh(self) -> list[EmailMessage]:
        """What has been sent since the last look; the answer to the last mail is kept to be replied to."""
        new = self.desk._messages()[len(self.sent) :]
        self.sent += new
        last = self.mails[-1]["Message-ID"] if self.mails else None
        self.replies += [None] * (len(self.mails) - len(self.replies))
        for message in new:
            if message["In-Reply-To"] == last:
                self.replies[-1] = message
        return new

    def rows(self) -> list[str]:
        return sorted(
            " | ".join(str(value) if value else "-" for value in (r.name, r.municipality, r.unit, r.date, r.status))
            + (f" | {r.count}" if r.count > 1 else "")
            for r in self.desk.service.journal.registrations()
        )


def told(message: EmailMessage, sender: str) -> str:
    to = str(message["To"].addresses[0].addr_spec)
    copies = "".join(f" + {a.addr_spec}" for a in (message["Cc"].addresses if message["Cc"] else ()))
    return str(message["X-KKN-Answer"]) + ("" if to in sender else f" → {to}") + copies


@pytest.mark.parametrize("talk", TALKS)
def test_conversation(event: Event, tmp_path: Path, talk: dict[str, Any]) -> None:
    played = Talk(with_places(event, talk.get("places", {})), tmp_path)
    for number, each in enumerate(talk["mail"]):
        each = dict(each)
        want, line = each.pop("sent"), each.pop("line", None)
        outcome, sent = played.put(each.pop("from"), each.pop("text"), **each)
        reason = outcome.review.reason if outcome.review else None
        assert [told(message, str(played.mails[-1]["From"])) for message in sent] == want, (number, reason)
        assert (reason or "")[: len(line or "") or None] == (line or ""), number
    assert played.rows() == sorted(talk["rows"])
