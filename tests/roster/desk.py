"""An organiser's desk without servers: mails go straight to the service, answers stay in its outbox."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import shutil
from email.message import EmailMessage
from pathlib import Path

from openpyxl import load_workbook

from kkn_mailer.config import ImapSettings, JournalSettings, RosterSettings, Settings, SmtpSettings
from kkn_mailer.domain import Outcome, Registration
from kkn_mailer.event import Event
from kkn_mailer.letter import read_letter
from kkn_mailer.service import Service

from ..conftest import ROOT
from ..mails import WHEN, mail

FIRST, SECOND = dt.date(2020, 2, 12), dt.date(2020, 2, 14)


class Desk:
    """Journal and roster of one event in a folder of their own."""

    def __init__(self, event: Event, folder: Path, notify: bool = False) -> None:
        self.folder, self.event = folder, event
        self.path = folder / "deltagare.xlsx"
        self.settings = Settings(
            imap=ImapSettings(host="127.0.0.1", security="none"),
            smtp=SmtpSettings(host="127.0.0.1", security="none"),
            roster=RosterSettings(path=self.path, notify_edits=notify),
            journal=JournalSettings(url=f"sqlite:///{folder}/journal.db"),
        )
        self.service = Service(event, self.settings, ROOT / "templates")

    def restart(self, capacity: int | None = None, **roster: object) -> None:
        """The service anew, with so many places in each session, or other settings of the roster."""
        if capacity is not None:
            sessions = tuple(s.model_copy(update={"capacity": capacity}) for s in self.event.sessions)
            self.event = self.event.model_copy(update={"sessions": sessions})
        self.settings = self.settings.model_copy(update={"roster": self.settings.roster.model_copy(update=roster)})
        self.service.close()
        self.service = Service(self.event, self.settings, ROOT / "templates")

    def register(self, name: str, day: dt.date | None = FIRST, again: str = "") -> Outcome:
        """A registration mail of somebody at Flen; without a day it is asked for."""
        when = f" till den {day.day} februari" if day else " till inspirationsdagen"
        return self.take(
            name, f"Hej!\n\nJag anmäler mig{again}{when}.\n\nMed vänlig hälsning\n{name}\nKulturchef\nFlens kommun\n"
        )

    def take(self, name: str, body: str, **headers: str) -> Outcome:
        address = name.lower().replace(" ", ".") + "@flen.se"
        return self.service.process(read_letter(mail(body, f"{name} <{address}>", **headers), WHEN))

    def move(self, name: str, day: str) -> Outcome:
        """A reply to the last answer, from somebody who wants another day."""
        address = name.lower().replace(" ", ".") + "@flen.se"
        answered = [m for m in self._messages() if address in str(m["To"])]
        body = f"Hej! Jag behöver byta till den {day} februari i stället.\n\n/{name}"
        return self.take(name, body, Subject="Sv: Anmälan", In_Reply_To=str(answered[-1]["Message-ID"]))

    def idle(self) -> bool:
        return self.service.keeper.write()

    def rows(self, sheet: str = "Deltagare") -> list[dict[str, object]]:
        table = list(load_workbook(self.path)[sheet].iter_rows(values_only=True))
        return [dict(zip(map(str, table[0]), row, strict=True)) for row in table[1:] if any(row)]

    def row(self, name: str) -> dict[str, object]:
        (found,) = [row for row in self.rows() if row["Namn"] == name]
        return found

    def known(self, name: str) -> Registration:
        (found,) = [row for row in self.service.journal.registrations() if row.name == name]
        return found

    def names(self) -> list[str]:
        return sorted(str(row.name) for row in self.service.journal.registrations())

    def open_lines(self) -> list[str]:
        return [line.reason for line in self.service.journal.reviews() if not line.done]

    def answers(self) -> list[str]:
        """The kinds of answers made so far."""
        return [str(message["X-KKN-Answer"]) for message in self._messages()]

    def _messages(self) -> list[EmailMessage]:
        raws = [waiting.raw for waiting in self.service.journal.unsent()]
        return [email.message_from_bytes(raw, policy=email.policy.default) for raw in raws]  # type: ignore[misc]

    def copy(self, name: str) -> Path:
        return Path(shutil.copy(self.path, self.folder / name))
