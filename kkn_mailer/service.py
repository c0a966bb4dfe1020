"""The service: mail in, journal, roster, answers out. Only strings the parts together.

Each step brings the world in line with the journal and can be repeated; the failure of one does not stop the others.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import schedule
import structlog
from sqlalchemy.engine import make_url

from . import roster
from .answers import Answers, TemplateError
from .config import Settings
from .domain import Address, Answer, Decision, Kind, Letter, Outcome, Reading, Registration, Review, Thread
from .event import Event
from .journal import Journal, JournalError
from .letter import read_letter
from .mailbox import Arrival, Cursor, Mailbox, MailboxError
from .outbox import Outbox, OutboxError
from .registrar import decide, identifier
from .roster import RosterError
from .understanding import read

log = structlog.get_logger()
LONGEST_RETRY = 600
"""Seconds between tries while the mail server cannot be reached."""
MOST_TURNS = 3
"""How often the roster is looked at in one pass while the organiser goes on editing it."""
GIVE_UP = 60
"""Tries after which an answer that is refused for the time being is given up."""


class ServiceError(Exception):
    """A pass could not do all its work: what, why and what to do, a line each."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass did."""

    mails: int = 0
    sent: int = 0
    roster_written: bool = False
    problems: tuple[str, ...] = ()


class Service:
    """The service for one event and one mailbox; holds the journal open."""

    def __init__(self, event: Event, settings: Settings, templates: Path | None = None) -> None:
        self.event = event
        self.settings = settings
        self.answers = Answers(event, templates)
        self.journal = Journal(settings.journal.url)
        self._seen: tuple[int, int] | None = None
        """The roster as it was left last, by time and size."""

    def close(self) -> None:
        self.journal.close()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the journal's lock: two daemons on one journal would answer twice. Raises `ServiceError`."""
        database = make_url(self.settings.journal.url).database
        if not database:
            yield
            return
        path = Path(database + ".lock")
        with path.open("w") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise ServiceError(f"{path}: another kkn-mailer is running on this journal; stop it first") from None
            yield

    # ── one pass ──────────────────────────────────────────────────────────────────────────────────────────────────

    def run_pass(self, stop: threading.Event | None = None, mailbox: Mailbox | None = None) -> Pass:
        """Read what is new, send what is unsent, write what the roster lacks; every step tried, whatever fails."""
        stop = stop or threading.Event()
        problems: list[str] = []
        mails = sent = 0
        wrote = self._hers_first()
        try:
            if mailbox is not None:
                mails, sent = self._mail(mailbox, stop, problems)
            else:
                with Mailbox(self.settings.imap) as box:
                    mails, sent = self._mail(box, stop, problems)
        except MailboxError as error:
            problems.append(str(error))
            sent = self._send(problems)
        if not stop.is_set():
            try:
                wrote |= self.write_roster()
            except RosterError as error:
                problems.append(str(error))
        now = _now()
        self.journal.set_note("last_pass", now.isoformat())
        self.journal.set_note("last_problems", "\n".join(problems))
        if not _mailbox_failed(problems):
            self.journal.set_note("last_good_pass", now.isoformat())
        for problem in problems:
            log.warning("problem", what=problem)
        if mails or sent or wrote:
            log.info("pass", mails=mails, sent=sent, roster_written=wrote)
        return Pass(mails, sent, wrote, tuple(problems))

    def _hers_first(self) -> bool:
        """Take the organiser's edits before the mails that are to be judged by them; what fails is told afterwards."""
        if _stat(self.settings.roster.path) == self._seen:
            return False
        try:
            return self.write_roster()
        except RosterError:
            return False

    def _mail(self, mailbox: Mailbox, stop: threading.Event, problems: list[str]) -> tuple[int, int]:
        mails = 0
        for arrival in mailbox.new(self.event.mail_since, self._cursor()):
            mails += self._take(mailbox, arrival)
            if stop.is_set():
                break
        sent = self._send(problems)
        self._copy(mailbox, problems)
        return mails, sent

    def _cursor_key(self) -> str:
        imap = self.settings.imap
        return f"cursor {imap.username}@{imap.host}/{imap.folder}"

    def _cursor(self) -> Cursor | None:
        saved = self.journal.note(self._cursor_key())
        return Cursor(*map(int, saved.split())) if saved else None

    def _take(self, mailbox: Mailbox, arrival: Arrival) -> bool:
        """One mail from the server to the journal; marked after it is committed. True unless it was known."""
        letter = read_letter(arrival.raw, arrival.received)
        fresh = (
            not self.journal.known(letter)
            and letter.received.astimezone(self.event.zone).date() >= self.event.mail_since
        )
        if fresh:
            outcome = self.process(letter)
            if outcome.answer or outcome.registrations:
                mailbox.mark_done(arrival.uid)
            if outcome.review:
                mailbox.mark_review(arrival.uid)
            elif outcome.answer or outcome.registrations:
                mailbox.move_processed(arrival.uid)
        self.journal.set_note(self._cursor_key(), f"{arrival.uidvalidity} {arrival.uid}")
        return fresh

    def process(self, letter: Letter) -> Outcome:
        """Read, decide and record one mail; one that cannot be understood goes to the organiser."""
        reading = Reading(Kind.UNRELATED, Decision.REVIEW, reason="Kunde inte läsas automatiskt")
        try:
            thread = self.journal.thread(letter)
            reading = read(letter, self.event, thread)
            outcome = decide(reading, letter, thread, self.journal.registrations(), self.event, self.journal.removed())
            outcome = self._held_back(outcome, letter)
        except JournalError:
            raise
        except Exception as error:  # one mail must never stop the others
            log.error("unreadable", mail=_short(letter), error=type(error).__name__)
            reading = replace(reading, decision=Decision.REVIEW, reason="Kunde inte läsas automatiskt")
            outcome = decide(reading, letter, Thread(), [], self.event)
        answer, identity = None, ""
        if outcome.answer:
            identity = self._message_id(letter)
            try:
                answer = self.answers.render(outcome.answer, identity, _now()).as_bytes()
            except TemplateError as error:
                log.error("template", what=str(error))
                outcome = replace(outcome, answer=None, review=_line(letter, f"Svaret kunde inte skrivas: {error}"))
        self.journal.record(letter, reading, outcome, answer, identity, _now())
        log.info(
            "mail",
            mail=_short(letter),
            kind=reading.kind.value,
            decision=reading.decision.value,
            answer=outcome.answer.kind.value if outcome.answer else None,
            rows=len(outcome.registrations),
            review=outcome.review is not None,
        )
        return outcome

    def _held_back(self, outcome: Outcome, letter: Letter) -> Outcome:
        """No answer to ourselves or to nobody, and never more to one address than a person would write in a day."""
        if outcome.answer is None:
            return outcome
        to = outcome.answer.to.email
        if not to or "@" not in to or to == self.event.contact_address:
            return replace(outcome, answer=None, review=_line(letter, "Ingen adress att svara till"))
        if (
            self.journal.answers_to(to, _now() - dt.timedelta(days=1))
            >= self.settings.service.replies_per_sender_per_day
        ):
            return replace(outcome, answer=None, review=_line(letter, "Många mejl från samma avsändare på ett dygn"))
        return outcome

    def _message_id(self, letter: Letter) -> str:
        return self._named(hashlib.sha256(("answer\0" + letter.digest).encode()).hexdigest()[:24])

    def _named(self, name: str) -> str:
        return f"<{name}@{self.event.contact_address.partition('@')[2]}>"

    # ── the outbox ────────────────────────────────────────────────────────────────────────────────────────────────

    def _send(self, problems: list[str]) -> int:
        """Hand over every unsent answer; what is refused for good goes to the organiser."""
        waiting = self.journal.unsent()
        if not waiting:
            return 0
        sent = 0
        try:
            with Outbox(self.settings.smtp) as outbox:
                for message in waiting:
                    try:
                        outbox.send(message.raw, self.event.contact_address, message.recipients)
                    except OutboxError as error:
                        self._refused(message.message_id, message.recipients, message.tries, error, problems)
                        continue
                    self.journal.mark_sent(message.message_id, _now())
                    sent += 1
        except OutboxError as error:
            problems.append(str(error))
        return sent

    def _refused(
        self, identity: str, recipients: tuple[str, ...], tries: int, error: OutboxError, problems: list[str]
    ) -> None:
        given_up = not error.temporary or tries + 1 >= GIVE_UP
        self.journal.mark_failed(identity, str(error), given_up, _now())
        if given_up:
            self.journal.add_review(
                Review(identifier(identity), _now(), recipients[0], "", f"Svaret kom inte fram: {error}", "")
            )
            log.warning("answer given up", answer=identity)
        else:
            problems.append(f"SMTP {self.settings.smtp.host}: {error}; it is tried again")

    def _copy(self, mailbox: Mailbox, problems: list[str]) -> None:
        """Copies of sent answers in the Sent folder."""
        folder = self.settings.smtp.sent_folder
        for message in self.journal.uncopied():
            try:
                if folder:
                    mailbox.keep_sent(message.raw, folder, _now())
                self.journal.mark_copied(message.message_id)
            except MailboxError as error:
                problems.append(str(error))
                return

    # ── the roster ────────────────────────────────────────────────────────────────────────────────────────────────

    def write_roster(self) -> bool:
        """Bring the roster in line with the journal, and the journal in line with the organiser's hand."""
        wrote = False
        try:
            for _ in range(MOST_TURNS):
                written = self._update()
                wrote |= written.wrote
                if written.people or written.reviews:
                    self._take_edits(written)
                elif not written.aside and not written.lapsed:
                    break
        except RosterError as error:
            waits = self.journal.note("roster_waits") or f"{_now().isoformat()} "
            self.journal.set_note("roster_waits", f"{waits.partition(' ')[0]} {error}")
            raise
        self.journal.set_note("roster_waits", "")
        self._seen = _stat(self.settings.roster.path)
        return wrote

    def _update(self) -> roster.Written:
        written = roster.update(
            self.settings.roster.path,
            self.event,
            self.journal.registrations(),
            self.journal.reviews(),
            self.journal.note("roster"),
            partial(self.journal.set_note, "roster"),
        )
        for note in written.notes:
            log.warning("roster", what=note)
        if written.aside:
            reason = "Deltagarlistan gick inte att läsa. Den är undanlagd under det här namnet, och en ny har skrivits."
            self.journal.add_review(
                Review(identifier(written.aside), _now(), "Deltagarlistan", written.aside, reason, "")
            )
        self.journal.review_done(written.lapsed)
        return written

    def _take_edits(self, written: roster.Written) -> None:
        """The organiser's edits into the journal, and what attendees are told of them into the outbox."""
        now = _now()
        known, removed = self.journal.registrations(), self.journal.removed()
        taken = roster.take(written, self.event, known, removed, self.journal.reviews(), now)
        answers = []
        for notice in taken.notices:
            to = notice.row.email or notice.row.registered_by
            if "@" not in to or not (notice.asked_for or self.settings.roster.notify_edits):
                continue
            identity = self._named(identifier("edit", notice.row.id, notice.kind, now.isoformat()))
            answer = Answer(
                notice.kind, Address("", to), self.event.language, (notice.row,), self._told(notice.row, now)
            )
            try:
                answers.append((answer, identity, self.answers.render(answer, identity, now).as_bytes()))
            except TemplateError as error:
                log.error("template", what=str(error))
                taken.lines.append(_line(answer.letter, f"Svaret till {to} kunde inte skrivas: {error}"))
        self.journal.take(taken, answers, now)
        log.info("organiser's edits", people=len(written.people), reviews=len(written.reviews), answers=len(answers))

    def _told(self, row: Registration, now: dt.datetime) -> Letter:
        """What an answer to an edit answers: the person's last mail, of which only the Message-ID is kept."""
        contact = Address(self.event.organiser, self.event.contact_address)
        thread = self.journal.thread_of(row.id)
        digest = identifier("edit", row.id, now.isoformat())
        return Letter(thread, digest, contact, None, (), (), "", None, now, (), (), {}, "text/plain", (), "")

    # ── the daemon ────────────────────────────────────────────────────────────────────────────────────────────────

    def run(self, stop: threading.Event) -> None:
        """Pass after pass until `stop`: woken by IDLE, by the clock at the latest, slower while the server is away."""
        timetable = schedule.Scheduler()
        timetable.every(self.settings.service.poll_seconds).seconds.do(self._beat)
        wait = 1.0
        while not stop.is_set():
            try:
                with Mailbox(self.settings.imap) as mailbox:
                    wait = 1.0
                    while not stop.is_set():
                        self.run_pass(stop, mailbox)
                        timetable.run_pending()
                        self._pause(mailbox, stop)
            except MailboxError as error:
                log.warning("mailbox", what=str(error), again_in=wait)
                self._quietly(partial(self._send, [str(error)]), self.write_roster)
                stop.wait(wait)
                wait = min(wait * 2, LONGEST_RETRY)

    def _beat(self) -> None:
        self.journal.set_note("alive", _now().isoformat())

    def _pause(self, mailbox: Mailbox, stop: threading.Event) -> None:
        seconds = self.settings.service.poll_seconds
        if stop.is_set():
            return
        self._beat()
        if self.settings.service.idle:
            mailbox.wait(seconds, stop)
        else:
            stop.wait(seconds)

    @staticmethod
    def _quietly(*steps: Callable[[], object]) -> None:
        for step in steps:
            try:
                step()
            except RosterError as error:
                log.warning("problem", what=str(error))


def _mailbox_failed(problems: list[str]) -> bool:
    return any(problem.startswith("IMAP") for problem in problems)


def _stat(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _short(letter: Letter) -> str:
    """A mail's name in the log: part of its digest, never its words."""
    return letter.digest[:12]


def _line(letter: Letter, reason: str) -> Review:
    return Review(
        identifier(letter.digest, "review"),
        letter.received,
        letter.sender.email,
        letter.subject,
        reason,
        " ".join(letter.own.split())[:300],
    )


def healthy(journal: Journal, poll_seconds: int) -> str | None:
    """What is wrong with the daemon, by what it noted last; None when it is well."""
    last = journal.note("last_good_pass")
    if last is None:
        return "no pass has succeeded yet"
    age = (_now() - dt.datetime.fromisoformat(last)).total_seconds()
    limit = max(300, 5 * poll_seconds)
    return f"the last good pass was {age:.0f} s ago (more than {limit} s)" if age > limit else None
