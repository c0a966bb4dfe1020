"""The digest: when, what is told, and that it never comes back as a mail of interest."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kkn_mailer.answers import Answers
from kkn_mailer.config import DigestSettings
from kkn_mailer.digest import GROUPS, State, Told, check, is_due, samples, something_new
from kkn_mailer.domain import Review, Status
from kkn_mailer.event import Event
from kkn_mailer.service import Service

from .conftest import ROOT, Dovecot, Sink
from .mails import mail
from .test_reminders import ZONES, row
from .test_service import BARE, FULL, Play

HER = "linda@lindanordfors.com"
LATER = dt.timedelta(days=1, hours=1)


@given(
    zone=ZONES,
    at=st.times(),
    steps=st.lists(st.integers(1, 60 * 30), max_size=60),
    start=st.datetimes(dt.datetime(2026, 3, 27), dt.datetime(2026, 10, 26)),
)
def test_one_a_day_at_its_time_whatever_the_clock_and_restarts(
    event: Event, zone: str, at: dt.time, steps: list[int], start: dt.datetime
) -> None:
    there = event.model_copy(update={"timezone": zone})
    now = last = start.replace(tzinfo=dt.UTC)
    days = []
    for minutes in steps:
        now += dt.timedelta(minutes=minutes)
        if is_due(now, at, there, last):
            moments = [
                dt.datetime.combine(now.astimezone(there.zone).date() - dt.timedelta(days=n), at, there.zone)
                for n in (0, 1)
            ]
            passed = [m for m in (m.astimezone(dt.UTC) for m in moments) if last < m <= now]
            assert passed, "only after its time"
            days.append(max(passed))
            last = now
        else:
            assert now - last <= dt.timedelta(hours=25), "never a day without"
    assert len(days) == len(set(days))


NOW = dt.datetime(2020, 1, 9, 8, tzinfo=dt.UTC)
STATES = st.sampled_from([None, *Status])


@given(before=st.lists(STATES, max_size=6), after=st.lists(STATES, max_size=6), edited=st.booleans())
def test_what_happened_is_told_once_and_nothing_else(
    before: list[Status | None], after: list[Status | None], edited: bool
) -> None:
    def rows(states: list[Status | None], diet: str | None) -> list[object]:
        return [row(str(n), status=s, diet=diet) for n, s in enumerate(states) if s]

    was, now = rows(before, None), rows(after, "vegan" if edited else None)
    told = Told.load(Told.now(was, [], NOW).dump())  # type: ignore[arg-type]
    found = told.since(now)  # type: ignore[arg-type]
    shown = [r for group in GROUPS for r in found[group]]
    changed = [r for r in now if edited or r not in was]
    assert sorted(shown, key=str) == sorted(changed, key=str)
    assert told.removed(now) == sum(1 for n, s in enumerate(before) if s and not (n < len(after) and after[n]))  # type: ignore[arg-type]
    assert something_new(told, State(now, [])) == bool(changed or told.removed(now))  # type: ignore[arg-type]
    assert not something_new(Told.now(now, [], NOW), State(now, []))  # type: ignore[arg-type]


def test_who_is_told_of_under_what() -> None:
    told = Told.now([row("A", status=Status.WAITLISTED), row("B", status=Status.WAITING), row("C"), row("D")], [], NOW)
    found = told.since([row("A"), row("B"), row("C", status=Status.CANCELLED), row("D", name="Nytt Namn"), row("E")])
    assert {group: [r.id for r in rows] for group, rows in found.items() if rows} == {
        "promoted": ["A"], "confirmed": ["B", "E"], "cancelled": ["C"], "changed": ["D"]
    }  # fmt: skip
    assert "Person" not in told.dump(), "no name is kept"


def test_a_line_that_needs_her_is_news_once() -> None:
    line = Review("L", NOW, "a@b.se", "x", "Fråga", "")
    told = Told.now([], [], NOW)
    assert something_new(told, State([], [line]))
    assert not something_new(told, State([], [replace(line, done=True)]))
    assert not something_new(Told.now([], [line], NOW), State([], [line]))


def test_the_templates_render_and_are_found_broken(event: Event, tmp_path: Path) -> None:
    assert check(Answers(event, ROOT / "templates")) == []
    texts = {name: message.get_body(("plain",)).get_content() for name, message in samples(Answers(event))}  # type: ignore[union-attr]
    assert all("Ada Exempel" in text and "{{" not in text for text in texts.values())
    (tmp_path / "digest.sv.txt.j2").write_text("{% block subject %}x{% endblock %}\n\n{{ finns_inte }}")
    assert "digest.sv.txt.j2, line 3" in check(Answers(event, tmp_path))[0]


class Digested(Play):
    """The service with a digest to the very address that people write to."""

    def __init__(self, event: Event, dovecot: Dovecot, sink: Sink, user: str, folder: Path) -> None:
        super().__init__(event, dovecot, sink, user, folder)
        self.service.close()
        wanted = DigestSettings(to=HER, attach_roster=True)
        self.settings = self.settings.model_copy(update={"digest": wanted})
        self.service = Service(event, self.settings, ROOT / "templates")
        self.run()

    def run(self) -> None:
        assert self.service.run_pass().problems == ()

    def write(self, after: dt.timedelta = LATER) -> bool:
        return self.service.digest.write(dt.datetime.now(dt.UTC) + after)

    def digests(self) -> list[EmailMessage]:
        return [m for m in self.answers() if m["X-KKN-Answer"] == "digest"]


@pytest.fixture
def desk(event: Event, dovecot: Dovecot, smtp_sink: Sink, user: str, tmp_path: Path) -> Iterator[Digested]:
    with Digested(event, dovecot, smtp_sink, user, tmp_path) as playing:
        yield playing


def test_a_day_with_news_has_one_digest_with_the_roster(desk: Digested) -> None:
    assert not desk.write(), "nothing has happened"
    desk.play(mail(FULL))
    desk.play(mail(BARE.replace("Ulla", "Siv"), "Siv Testberg <siv.testberg@flen.se>"))
    desk.play(mail("Hej! Finns det hiss på Scenkonst den 14 februari?", subject="Lokalen"))
    assert desk.write(2 * LATER)
    again = Service(desk.event, desk.settings, ROOT / "templates")  # a crash before it is sent
    again.run_pass()
    again.close()
    (digest,) = desk.digests()
    text = digest.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert (digest["To"], digest["Auto-Submitted"]) == (HER, "auto-generated")
    assert text.index("Nya anmälda") < text.index("Ulla Testberg") < text.index("Väntar på svar") < text.index("Siv")
    assert "Fråga om evenemanget" in text
    (roster,) = digest.iter_attachments()
    assert roster.get_filename() == "deltagare.xlsx"
    assert roster.get_content() == desk.settings.roster.path.read_bytes()
    assert not desk.write(2 * LATER + dt.timedelta(hours=1)), "one a day"
    assert not desk.write(4 * LATER), "nothing has happened since"
    with desk.service.journal._begin() as db:
        (kept,) = db.exec_driver_sql("SELECT raw FROM answers WHERE kind = 'digest'")
    assert kept.raw == b"", "nothing is kept of it"
    desk.client.select_folder("Sent")
    assert len(desk.client.search("ALL")) == 2, "no copy among what was sent to people"


@pytest.mark.parametrize("stripped", [False, True])
def test_the_digest_in_the_watched_inbox_is_left_alone(desk: Digested, stripped: bool) -> None:
    desk.play(mail(FULL))
    assert desk.write()
    desk.run()
    (digest,) = desk.digests()
    if stripped:  # by a server that knows better
        for name in ("Auto-Submitted", "X-Auto-Response-Suppress", "X-KKN-Answer"):
            del digest[name]
    desk.put(digest.as_bytes(policy=email.policy.SMTP))
    before = desk.rows()
    desk.run()
    desk.client.select_folder("INBOX")
    assert desk.client.get_flags([2])[2] in ((), (b"\\Recent",))
    assert (desk.rows(), desk.rows("Att hantera")) == (before, [])
    assert len(desk.sink.sent) == 2
    assert not desk.write(3 * LATER), "it is no news"


def test_who_is_forgotten_is_in_no_digest_that_waits(desk: Digested) -> None:
    desk.play(mail(FULL))
    desk.sink.refuse[HER] = "451 4.3.0 later"
    assert desk.write()
    assert [m.kind for m in desk.service.journal.unsent()] == ["digest"]
    desk.service.journal.forget("ulla.testberg@flen.se")
    assert desk.service.journal.unsent() == []
