"""Reminders: whom, when, once; the decision at any time and in any time zone, then the mails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kkn_mailer.domain import Decision, Kind, Outcome, Reading, Registration, Status
from kkn_mailer.event import Event
from kkn_mailer.letter import read_letter
from kkn_mailer.mailbox import Mailbox
from kkn_mailer.reminders import FIRST, LAST, begins, due, opens
from kkn_mailer.service import Service

from .conftest import ROOT, Dovecot, Sink
from .mails import WHEN, mail
from .test_drafts import NAMED, Desk
from .test_service import FULL, Play

UTC = dt.UTC
BEFORE = dt.datetime(2019, 12, 20, tzinfo=UTC)
ULLA = "ulla.testberg@flen.se"


def row(identity: str = "A", day: dt.date | None = dt.date(2020, 2, 12), **more: object) -> Registration:
    values: dict[str, object] = {
        "id": identity, "name": f"Person {identity}", "municipality": "Flen", "unit": "culture", "date": day,
        "status": Status.CONFIRMED, "email": f"{identity.lower()}@flen.se", "phone": None, "diet": None,
        "received": BEFORE, "registered_by": "boss@flen.se",
    }  # fmt: skip
    return Registration(**(values | more))  # type: ignore[arg-type]


ZONES = st.sampled_from(
    [
        "Europe/Stockholm",
        "UTC",
        "America/New_York",
        "Asia/Kolkata",
        "Pacific/Auckland",
        "Pacific/Apia",
        "Africa/Casablanca",
    ]
)
DAYS = st.one_of(
    st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)),
    st.sampled_from([dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2026, 3, 8), dt.date(2026, 11, 1)]),
)


@st.composite
def events(draw: st.DrawFn) -> Event:
    first = draw(DAYS)
    gaps = draw(st.lists(st.integers(1, 4), max_size=2))
    days = [first + dt.timedelta(days=sum(gaps[:n])) for n in range(len(gaps) + 1)]
    hour = draw(st.integers(0, 22))
    return Event.model_validate(
        {
            "name": "Dagar", "organiser": "Linda", "contact": "linda@example.org", "timezone": draw(ZONES),
            "mail_since": "2019-12-01", "reminder_days": draw(st.integers(1, 10)),
            "sessions": [
                {"date": d, "start": dt.time(hour), "end": dt.time(hour + 1), "city": "Flen", "venue": "Hus"} for d in days
            ],
        }
    )  # fmt: skip


@st.composite
def times(draw: st.DrawFn, event: Event) -> dt.datetime:
    """A time near an opening or a beginning."""
    session = draw(st.sampled_from(event.sessions))
    near = draw(st.sampled_from([begins(session, event), opens(session, event)]))
    assert near
    return near + dt.timedelta(minutes=draw(st.integers(-4000, 4000)))


@given(data=st.data(), event=events())
def test_one_is_reminded_in_the_days_before_at_a_decent_hour_and_not_after(data: st.DataObject, event: Event) -> None:
    rows = [row(s, x.date) for s, x in zip("ABC", event.sessions, strict=False)]
    now = data.draw(times(event))
    found = [r for mail in due(now, event, rows, (), {}, ()) for r in mail.rows]
    local = now.astimezone(event.zone)
    for one in rows:
        session = event.session_on(one.date)
        assert session
        since = opens(session, event)
        assert since
        first = session.date - dt.timedelta(days=event.reminder_days or 0)
        assert since.astimezone(event.zone).replace(tzinfo=None) == dt.datetime.combine(first, dt.time(FIRST))
        if FIRST <= local.hour < LAST and since <= now < begins(session, event):
            assert one in found
        else:
            assert one not in found


@given(data=st.data(), event=events())
def test_whatever_the_clock_does_each_is_reminded_once_of_each_day(data: st.DataObject, event: Event) -> None:
    """The service as a loop over times in order, with gaps where it is down, and a mail a day and address at most."""
    rows = [row(s, x.date, email=None) for s, x in zip("ABC", event.sessions, strict=False)]
    rows += [row("D", event.sessions[0].date)]
    reminded: list[tuple[str, dt.date]] = []
    mails: list[tuple[str, dt.date]] = []
    for now in sorted(data.draw(st.lists(times(event), max_size=30))):
        today = now.astimezone(event.zone).date()
        for reminder in due(now, event, rows, set(reminded), {}, {to for to, day in mails if day == today}):
            mails.append((reminder.to, today))
            for one in reminder.rows:
                assert one.date
                reminded.append((one.id, one.date))
    assert len(reminded) == len(set(reminded))
    assert len(mails) == len(set(mails))


NOW = dt.datetime(2020, 2, 10, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def days(event: Event) -> Event:
    """The shipped event, with reminders two days before."""
    return event.model_copy(update={"reminder_days": 2})


@pytest.mark.parametrize(
    ("one", "told", "why"),
    [
        (row(status=Status.WAITING), {}, "waiting"),
        (row(status=Status.WAITLISTED), {}, "waitlisted"),
        (row(status=Status.CANCELLED), {}, "cancelled"),
        (row(day=None), {}, "no day"),
        (row(day=dt.date(2020, 2, 13)), {}, "no session that day"),
        (row(email=None, registered_by=""), {}, "no address"),
        (row(email=None, registered_by="linda@lindanordfors.com"), {}, "the organiser herself"),
        (row(), {"A": NOW - dt.timedelta(hours=1)}, "just confirmed"),
        (row(), {"A": None}, "about to be confirmed"),
    ],
)
def test_who_is_not_reminded(days: Event, one: Registration, told: dict[str, dt.datetime | None], why: str) -> None:
    assert due(NOW, days, [one], (), told, ()) == [], why
    assert due(NOW, days, [row()], (), {"A": BEFORE}, ()), "who was confirmed long before is"


def test_an_event_without_reminders_has_none(event: Event) -> None:
    assert due(NOW, event, [row()], (), {}, ()) == []


def test_who_registered_gets_one_mail_about_all_who_have_no_address(days: Event) -> None:
    rows = [row("A", email=None), row("B", email=None), row("C"), row("D", email="boss@flen.se")]
    found = {r.to: [x.id for x in r.rows] for r in due(NOW, days, rows, (), {}, ())}
    assert found == {"boss@flen.se": ["A", "B", "D"], "c@flen.se": ["C"]}


def test_two_sessions_after_a_downtime_are_one_mail(days: Event) -> None:
    now = dt.datetime(2020, 2, 12, 7, 30, tzinfo=UTC)
    rows = [row("A", email=ULLA), row("B", dt.date(2020, 2, 14), email=ULLA)]
    (one,) = due(now, days, rows, (), {}, ())
    assert [r.id for r in one.rows] == ["A", "B"]


# ── through the service ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def desk(days: Event, dovecot: Dovecot, smtp_sink: Sink, user: str, tmp_path: Path) -> Iterator[Play]:
    with Play(days, dovecot, smtp_sink, user, tmp_path) as playing:
        yield playing


def in_the_past(desk: Play) -> None:
    """As if what has been sent had been sent long ago."""
    with desk.service.journal._begin() as db:
        db.exec_driver_sql(
            "UPDATE answers SET created = :t, sent = CASE WHEN sent IS NULL THEN NULL ELSE :t END",
            {"t": BEFORE.isoformat(timespec="microseconds")},
        )


def test_a_reminder_is_sent_once_in_the_thread_with_the_calendar(desk: Play) -> None:
    raw = mail(
        "Hello! I would like to register for 12 February.\n\nKind regards\nUlla Testberg\nHead of Culture\nFlens kommun\n",
        subject="Registration",
    )
    assert desk.play(raw) == ["confirm"]
    in_the_past(desk)
    assert desk.service.reminders.write(NOW - dt.timedelta(hours=6)) == 0, "it is not yet eight"
    assert desk.service.reminders.write(NOW) == 1
    again = Service(desk.event, desk.settings, ROOT / "templates")  # a crash before it is sent
    assert again.reminders.write(NOW) == 0
    assert again._send([]) == 1  # not a pass: that would go by today's clock, for which 2020 has been
    again.close()
    reminder = desk.answers()[-1]
    assert len(desk.sink.sent) == 2
    assert (reminder["X-KKN-Answer"], reminder["Auto-Submitted"]) == ("reminder", "auto-generated")
    assert reminder["In-Reply-To"] == desk.answers()[0]["In-Reply-To"]
    assert str(reminder["Subject"]).startswith("Reminder"), "in the language of her mail"
    assert [p.get_content_type() for p in reminder.walk()][-1] == "text/calendar"
    assert "Historieverkstan" in reminder.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert desk.service.reminders.write(NOW + dt.timedelta(days=1)) == 0


def test_who_is_moved_is_reminded_of_the_new_day_too(desk: Play) -> None:
    desk.play(mail(FULL))
    in_the_past(desk)
    assert desk.service.reminders.write(NOW) == 1
    assert desk.service._send([]) == 1
    desk.play(mail("Hej! Jag byter till den 14 februari i stället.\n\nUlla Testberg", subject="Byte av dag"))
    in_the_past(desk)
    assert desk.service.reminders.write(NOW + dt.timedelta(days=1)) == 0
    assert desk.service.reminders.write(NOW + dt.timedelta(days=2)) == 1


@pytest.mark.parametrize("cancelled", [True, False])
def test_one_that_could_not_be_sent_is_taken_back_when_it_no_longer_holds(desk: Play, cancelled: bool) -> None:
    desk.play(mail(FULL))
    in_the_past(desk)
    desk.sink.refuse[ULLA] = "451 4.3.0 later"
    assert desk.service.reminders.write(NOW) == 1
    assert desk.service._send([]) == 0
    if cancelled:
        (found,) = desk.service.journal.registrations()
        outcome = Outcome((replace(found, status=Status.CANCELLED),), history={found.id: "avbokad"})
        letter = read_letter(mail("Jag måste avboka"), WHEN)
        desk.service.journal.record(letter, Reading(Kind.CANCELLATION, Decision.CANCEL), outcome, [], NOW)
    desk.service.reminders.write(NOW + dt.timedelta(hours=1) if cancelled else dt.datetime(2020, 2, 12, 9, tzinfo=UTC))
    assert "reminder" not in [m.kind for m in desk.service.journal.unsent()]


def test_a_reminder_may_be_a_draft(days: Event, dovecot: Dovecot, smtp_sink: Sink, user: str, tmp_path: Path) -> None:
    desk = Desk(days, dovecot, smtp_sink, user, tmp_path, NAMED)
    desk.run(mail(FULL))
    in_the_past(desk)
    assert desk.service.reminders.write(NOW) == 0, "the confirmation lies unsent, and will do"
    desk.send()
    desk.run()
    in_the_past(desk)
    assert desk.service.reminders.write(NOW) == 1
    with Mailbox(desk.settings.imap) as box:
        desk.service.drafts.put(box, NOW, [])
    assert desk.draft()[1]["X-KKN-Answer"] == "reminder"
    assert desk.draft()[1]["Auto-Submitted"] is None
    assert desk.sink.sent == []
    desk.run()  # the session lies in the past: the draft is taken away
    assert desk.lying() == {}
    desk.client.logout()
    desk.service.close()
