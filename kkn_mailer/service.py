"""The service: mail in, journal, roster, answers out. Only strings the parts together.

Each step brings the world in line with the journal and can be repeated; the failure of one does not stop the others.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import schedule
import structlog
from sqlalchemy.engine import make_url

from .answers import Answers, message_id
from .config import Settings
from .digest import Digest
from .domain import Decision, Kind, Letter, Outcome, Reading, Review, Thread
from .drafts import Drafts
from .event import Event, is_address
from .journal import DIGEST, Journal, JournalError
from .keeper import Keeper
from .letter import read_letter
from .mailbox import Arrival, Cursor, Mailbox, MailboxError
from .registrar import Cause, decide, freed, line_about, transition
from .reminders import Reminders
from .renewing import Renewer
from .roster import RosterError
from .sending import Sending
from .telling import Teller
from .understanding import read

log = structlog.get_logger()
LONGEST_RETRY = 600
"""Seconds between tries while the mail server cannot be reached."""
SERVERS = ("IMAP", "SMTP")
"""How a problem begins that only the operator can put right; a pass that meets one is no good one."""
LAST_WRITE = 8
"""Seconds in which a write of the roster may end when the daemon does."""


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
        self.answers = Answers(event, templates, automatic=settings.answers.mode == "send")
        self.journal = Journal(settings.journal.url)
        self.deciding = threading.Lock()
        """Held while a mail or an edit is decided on and committed: each sees what the one before led to."""
        self.teller = Teller(event, self.journal, self.answers)
        self.keeper = Keeper(event, settings, self.journal, self.teller, self.deciding)
        self.renewer = Renewer(event, self.journal, self.teller, self.deciding)
        self.drafts = Drafts(settings, self.journal, self.renewer)
        self.reminders = Reminders(event, self.journal, self.teller, self.deciding)
        self.digest = Digest(event, settings, self.journal, self.answers, self.deciding)

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

    def run_pass(self, stop: threading.Event | None = None) -> Pass:
        """The organiser's edits, new mail, unsent answers, what the roster lacks; every step tried, whatever fails."""
        stop = stop or threading.Event()
        problems: list[str] = []
        mails = sent = 0
        wrote = self._write_roster([])
        self.by_the_clock()
        self.give_places()
        try:
            with Mailbox(self.settings.imap) as mailbox:
                mails, sent = self._mail(mailbox, stop, problems)
        except MailboxError as error:
            problems.append(str(error))
            sent = self._send(problems)
        if not stop.is_set():
            wrote |= self._write_roster(problems)
        return self._noted(Pass(mails, sent, wrote, tuple(problems)))

    def _write_roster(self, problems: list[str]) -> bool:
        try:
            return self.keeper.write()
        except RosterError as error:
            problems.append(str(error))
            return False

    def _noted(self, done: Pass) -> Pass:
        """A pass with its outcome noted for `status` and `health`."""
        now = _now().isoformat()
        self.journal.set_note("last_pass", now)
        self.journal.set_note("last_problems", "\n".join(done.problems))
        if not any(problem.startswith(SERVERS) for problem in done.problems):
            self.journal.set_note("last_good_pass", now)
        for problem in done.problems:
            log.warning("problem", what=problem)
        if done.mails or done.sent or done.roster_written:
            log.info("pass", mails=done.mails, sent=done.sent, roster_written=done.roster_written)
        return done

    def by_the_clock(self) -> None:
        """Write the reminders and the digest that are due; they leave as answers do."""
        now = _now()
        self.reminders.write(now)
        self.digest.write(now)

    def _mail(self, mailbox: Mailbox, stop: threading.Event, problems: list[str]) -> tuple[int, int]:
        """What has waited leaves first, then each answer as its mail is recorded, and last what else there is to tell."""
        self.keeper.told.clear()
        self.drafts.look(mailbox, _now(), problems)
        mails = 0
        with self._sending(problems, stop) as sending:
            sending.send(_now())
            # a server keeps dates in its own time zone, where the day may begin later
            for arrival in mailbox.new(self.event.mail_since - dt.timedelta(days=1), self._cursor()):
                outcome = self._take(mailbox, arrival)
                mails += outcome is not None
                if outcome and (outcome.answer or outcome.freed) and self.settings.answers.mode == "send":
                    sending.send(_now(), new=True)
                if stop.is_set():
                    break
            self.drafts.put(mailbox, _now(), problems)
            sending.send(_now(), new=True)
        self._copy(mailbox, problems)
        return mails, sending.sent

    def _cursor_key(self) -> str:
        imap = self.settings.imap
        return f"cursor {imap.username}@{imap.host}/{imap.folder}"

    def _cursor(self) -> Cursor | None:
        saved = self.journal.note(self._cursor_key())
        return Cursor(*map(int, saved.split())) if saved else None

    def _take(self, mailbox: Mailbox, arrival: Arrival) -> Outcome | None:
        """One mail from the server to the journal; marked after it is committed. None for one that is known."""
        letter = read_letter(arrival.raw, arrival.received)
        fresh = (
            not self.journal.known(letter)
            and not self._sent_by_her(letter)
            and self.event.day_of(letter.received) >= self.event.mail_since
        )
        outcome = self.process(letter) if fresh else None
        if outcome:
            if outcome.answer or outcome.registrations:
                mailbox.mark_done(arrival.uid)
            if outcome.review:
                mailbox.mark_review(arrival.uid)
            elif outcome.answer or outcome.registrations:
                mailbox.move_processed(arrival.uid)
        elif self._listed(letter):  # recorded, and then the connection or the power was gone
            mailbox.mark_review(arrival.uid)
        self.journal.set_note(self._cursor_key(), f"{arrival.uidvalidity} {arrival.uid}")
        return outcome

    def _listed(self, letter: Letter) -> bool:
        """Whether a known mail still waits for the organiser."""
        identity = line_about(letter, "").id
        return any(line.id == identity and not line.done for line in self.journal.reviews())

    def _sent_by_her(self, letter: Letter) -> bool:
        """Whether a mail is a copy of what the organiser wrote to others, as an answer that she sent from a draft."""
        here = self.event.contact_address
        return letter.sender.email == here and here not in {address.email for address in (*letter.to, *letter.cc)}

    def process(self, letter: Letter) -> Outcome:
        """Read, decide and record one mail; one that cannot be understood goes to the organiser."""
        with self.deciding:
            return self._process(letter)

    def _process(self, letter: Letter) -> Outcome:
        reading = Reading(Kind.UNRELATED, Decision.REVIEW, reason="Kunde inte läsas automatiskt")
        try:
            failed = self._failed(letter)
            thread = self.journal.thread(letter)
            reading = Reading(Kind.AUTOMATIC, Decision.IGNORE) if failed else read(letter, self.event, thread)
            outcome = decide(reading, letter, thread, self.journal.registrations(), self.event, self.journal.removed())
            outcome = replace(outcome, review=failed) if failed else self._held_back(outcome, letter)
        except JournalError:
            raise
        except Exception as error:  # one mail must never stop the others
            log.error("unreadable", mail=_short(letter), error=type(error).__name__)
            reading = replace(reading, decision=Decision.REVIEW, reason="Kunde inte läsas automatiskt")
            outcome = decide(reading, letter, Thread(), [], self.event)
        now = _now()
        answers = []
        if outcome.answer:
            made = self.teller.rendered(outcome.answer, message_id(self.event, "answer", letter.digest), now)
            if isinstance(made, Review):
                outcome = replace(outcome, answer=None, review=made)
            else:
                answers.append(made)
        told, lines = self.teller.of_places(outcome.freed, now)
        self.journal.record(letter, reading, outcome, [*answers, *told], now, lines)
        log.info(
            "mail",
            mail=_short(letter),
            kind=reading.kind.value,
            decision=reading.decision.value,
            answer=outcome.answer.kind.value if outcome.answer else None,
            rows=len(outcome.registrations),
            review=outcome.review is not None,
            freed=len(outcome.freed),
        )
        return outcome

    def _failed(self, letter: Letter) -> Review | None:
        """The line about answers of ours that a delivery report says did not arrive; None for any other mail."""
        if letter.failure is None:
            return None
        addresses, rows = self.journal.failed(letter.failure.ids, letter.failure.recipients)
        if not addresses:
            return None
        people = ", ".join(dict.fromkeys(row.name for row in rows if row.name))
        about = f" (om {people})" if people else ""
        return line_about(
            letter, f"Svaret till {', '.join(addresses)}{about} kom inte fram: adressen tog inte emot det"
        )

    def give_places(self) -> None:
        """Places that a session has got by `event.toml`, which is read once, go to those who wait for them."""
        now = _now()
        with self.deciding:
            known = self.journal.registrations()
            today = self.event.day_of(self.journal.event_now(now))
            given = freed(known, self.event, today)
            if given:
                before = {row.id: row for row in known}
                rows = [(row, transition(before[row.id], row, Cause.CLOCK, why)) for row, why in given]
                answers, lines = self.teller.of_places([row for row, _ in given], now)
                self.journal.alter(rows, "kkn-mailer", now, answers, lines)
                log.info("places", given=len(given))

    def _held_back(self, outcome: Outcome, letter: Letter) -> Outcome:
        """No answer to ourselves or to nobody, and never more to one address than a person would write in a day."""
        if outcome.answer is None:
            return outcome
        to = outcome.answer.to.email
        if not is_address(to) or to == self.event.contact_address:
            return replace(outcome, answer=None, review=line_about(letter, "Ingen adress att svara till"))
        if (
            self.journal.answers_to(to, _now() - dt.timedelta(days=1))
            >= self.settings.service.replies_per_sender_per_day
        ):
            return replace(
                outcome, answer=None, review=line_about(letter, "Många mejl från samma avsändare på ett dygn")
            )
        return outcome

    # ── the outbox ────────────────────────────────────────────────────────────────────────────────────────────────

    def _sending(self, problems: list[str], stop: threading.Event) -> Sending:
        return Sending(self.event, self.settings, self.journal, self.drafts, self.renewer, stop, problems)

    def _send(self, problems: list[str]) -> int:
        """What waits, where there is no mailbox; how many were sent."""
        self.keeper.told.clear()
        with self._sending(problems, threading.Event()) as sending:
            sending.send(_now())
        return sending.sent

    def _copy(self, mailbox: Mailbox, problems: list[str]) -> None:
        """Copies of sent answers in the Sent folder."""
        folder = self.settings.smtp.sent_folder
        for message in self.journal.uncopied():
            try:
                if folder and message.kind != DIGEST:
                    mailbox.keep_sent(message.raw, folder, _now())
                self.journal.mark_copied(message.message_id)
            except MailboxError as error:
                problems.append(str(error))
                return

    # ── the daemon ────────────────────────────────────────────────────────────────────────────────────────────────

    def run(self, stop: threading.Event) -> None:
        """Pass after pass until `stop`: woken by IDLE, by the clock at the latest, slower while the server is away.

        The roster is kept by a thread of its own: no mail waits for it.
        """
        keeping = threading.Thread(target=self.keeper.keep, args=(stop,), name="roster", daemon=True)
        keeping.start()
        try:
            self._watch(stop)
        finally:
            stop.set()
            self.keeper.wake()
            keeping.join(LAST_WRITE)

    def _watch(self, stop: threading.Event) -> None:
        timetable = schedule.Scheduler()
        timetable.every().minute.do(self.by_the_clock)
        timetable.run_all()
        self.give_places()
        wait = 1.0
        while not stop.is_set():
            problems: list[str] = []
            try:
                with Mailbox(self.settings.imap) as mailbox:
                    wait = 1.0
                    while not stop.is_set():
                        problems = []
                        timetable.run_pending()
                        mails, sent = self._mail(mailbox, stop, problems)
                        self._noted(Pass(mails, sent, False, tuple(problems)))
                        self.keeper.wake()
                        self._pause(mailbox, stop)
            except MailboxError as error:
                problems.append(str(error))
                timetable.run_pending()
                sent = self._send(problems)
                self._noted(Pass(0, sent, False, tuple(problems)))
                log.warning("mailbox", again_in=wait)
                self.keeper.wake()
                stop.wait(wait)
                wait = min(wait * 2, LONGEST_RETRY)

    def _pause(self, mailbox: Mailbox, stop: threading.Event) -> None:
        settings = self.settings.service
        mailbox.wait(settings.poll_seconds, settings.idle, lambda: stop.is_set() or self.keeper.told.is_set())


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _short(letter: Letter) -> str:
    """A mail's name in the log: part of its digest, never its words."""
    return letter.digest[:12]


def healthy(journal: Journal, poll_seconds: int) -> str | None:
    """What is wrong with the daemon, by what it noted last; None when it is well."""
    last = journal.note("last_good_pass")
    limit = max(300, 5 * poll_seconds)
    age = (_now() - dt.datetime.fromisoformat(last)).total_seconds() if last else 0
    if last and age <= limit:
        return None
    wrong = f"the last good pass was {age:.0f} s ago (more than {limit} s)" if last else "no pass has succeeded yet"
    why = [line for line in (journal.note("last_problems") or "").split("\n") if line.startswith(SERVERS)]
    return "\n".join([wrong, *why])
