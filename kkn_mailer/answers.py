"""The answers people get: text, HTML and calendar file, from templates that the organiser may edit.

A template is `<answer>.<language>.txt.j2` or `.html.j2`; the text one names the subject in its block `subject`. What a
template may use is in docs/templates.md.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import css_inline
from babel.dates import format_date, format_time
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import SandboxedEnvironment

from .calendars import calendar
from .domain import Address, Answer, AnswerKind, Letter, Missing, Registration, Status
from .event import Event, Language, Session

MOST_QUOTED = 40
"""Lines of the original that are quoted below an answer."""
LOCALE: dict[Language, str] = {"sv": "sv_SE", "en": "en_GB"}
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")


class TemplateError(Exception):
    """A template cannot be rendered: which file, which line, why."""


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as templates show it."""

    date: str
    time: str
    city: str
    venue: str
    address: str
    map_url: str


@dataclass(frozen=True, slots=True)
class Guest:
    """A person as templates show them: every session, and what is still asked for (`missing`: name, unit …)."""

    name: str
    count: int
    municipality: str
    unit: str
    diet: str
    sessions: tuple[SessionView, ...]
    cancelled: tuple[SessionView, ...]
    waitlisted: tuple[SessionView, ...]
    missing: tuple[str, ...]


def shipped_templates() -> Path:
    """The templates that come with the program: in the package when installed, else beside it in the checkout."""
    inside = Path(str(files("kkn_mailer"))) / "_shipped" / "templates"
    return inside if inside.is_dir() else Path(str(files("kkn_mailer"))).parent / "templates"


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
        folders = [f for f in (folder, shipped_templates()) if f is not None]
        loader = ChoiceLoader([FileSystemLoader(f) for f in folders])
        options: dict[str, Any] = {
            "loader": loader,
            "undefined": StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
        }
        self._text = SandboxedEnvironment(autoescape=False, keep_trailing_newline=True, **options)
        self._html = SandboxedEnvironment(autoescape=True, **options)

    def render(self, answer: Answer, message_id: str, now: dt.datetime) -> EmailMessage:
        """The message of an answer (RFC 5322, RFC 3834). Raises `TemplateError`, and then nothing may be sent."""
        letter = answer.letter
        subject, text, markup = self.page(f"{answer.kind}.{answer.language}", self._view(answer))
        text, markup = text + _quote_text(letter, answer.language), _with_quote(markup, letter, answer.language)
        message = dressed(self.event, (subject, text, markup), answer.to, message_id, now)
        if answer.cc:
            message["Cc"] = tuple(_mailbox(copy) for copy in answer.cc)
        if letter.message_id:
            message["In-Reply-To"] = letter.message_id
            message["References"] = " ".join([*letter.references[-10:], letter.message_id])
        message["Auto-Submitted"] = "auto-generated" if answer.kind is AnswerKind.REMINDER else "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
        message["X-KKN-Answer"] = answer.kind.value
        if answer.kind is not AnswerKind.WAITLISTED:
            self._attach_calendar(message, answer, now)
        return message

    def _attach_calendar(self, message: EmailMessage, answer: Answer, now: dt.datetime) -> None:
        coming = self._sessions(row for row in answer.people if row.status is Status.CONFIRMED)
        gone = [
            s for s in self._sessions(row for row in answer.people if row.status is Status.CANCELLED) if s not in coming
        ]
        if coming or gone:
            data = calendar(self.event, coming, gone, answer.to.email, now)
            message.add_attachment(
                data,
                maintype="text",
                subtype="calendar",
                filename=_FILENAMES[answer.language],
                params={"method": "PUBLISH", "charset": "utf-8"},
            )

    def _sessions(self, rows: Iterable[Registration]) -> list[Session]:
        days = {row.date for row in rows}
        return [session for session in self.event.sessions if session.date in days]

    def page(self, stem: str, view: Mapping[str, Any]) -> tuple[str, str, str]:
        """Subject, text and HTML of the templates of one answer, as `confirm.sv`. Raises `TemplateError`."""
        name = f"{stem}.txt.j2"
        try:
            template = self._text.get_template(name)
            if "subject" not in template.blocks:
                raise TemplateError(f"{name}: the block 'subject' is missing")
            subject = "".join(template.blocks["subject"](template.new_context(dict(view))))
            text = re.sub(r"\n{3,}", "\n\n", template.render(view)).strip() + "\n"
            name = f"{stem}.html.j2"
            return subject, text, css_inline.inline(self._html.get_template(name).render(view))
        except JinjaError as error:
            raise TemplateError(_explain(name, error)) from None

    def _view(self, answer: Answer) -> dict[str, Any]:
        language = answer.language
        guests = self._guests(answer)
        greeted = next(
            (
                g.name
                for g in guests
                if g.name and any(r.email == answer.to.email and r.name == g.name for r in answer.people)
            ),
            answer.to.name if "@" not in answer.to.name and "," not in answer.to.name else "",
        )
        return {
            "event": one_line(self.event.name),
            "organiser": one_line(self.event.organiser),
            "contact": self.event.contact_address,
            "information": self.event.information.strip(),
            "language": language,
            "automatic": self.automatic,
            "subject": one_line(answer.letter.subject),
            "reply_subject": _reply_subject(answer.letter.subject, language, self.event.name),
            "first_name": one_line(greeted).split(" ")[0] if greeted else "",
            "guests": guests,
            "complete": [g for g in guests if not g.missing and (g.sessions or g.waitlisted)],
            "incomplete": [g for g in guests if g.missing],
            "sessions": [self._session_view(s, language) for s in self.event.sessions],
            "offers": [self._session_view(s, language) for s in self.event.sessions if s.date in answer.offers],
            "freed": answer.freed,
            "units": [self.event.unit_label(u.key, language).lower() for u in self.event.units],
            "employers": [e.name for e in self.event.employers],
        }

    def _guests(self, answer: Answer) -> list[Guest]:
        """The registrations of an answer, a person an entry."""
        groups: dict[tuple[str, str, str], list[Registration]] = {}
        for row in answer.people:
            groups.setdefault((row.name or row.id, row.municipality or "", ""), []).append(row)
        return [self._guest(rows, answer) for rows in groups.values()]

    def _guest(self, rows: Sequence[Registration], answer: Answer) -> Guest:
        first, language = rows[0], answer.language
        missing = [m for m in Missing if any(m in answer.asked.get(row.id, ()) for row in rows)]

        def views(*status: Status) -> tuple[SessionView, ...]:
            return tuple(self._session_view(s, language) for s in self._sessions(r for r in rows if r.status in status))

        return Guest(
            name=one_line(first.name or ""),
            count=first.count,
            municipality=one_line(first.municipality or ""),
            unit=self.event.unit_label(first.unit, language),
            diet=one_line(first.diet or ""),
            sessions=views(Status.CONFIRMED) or (views(Status.WAITING) if missing else ()),
            cancelled=views(Status.CANCELLED),
            waitlisted=views(Status.WAITLISTED),
            missing=tuple(m.value for m in missing),
        )

    def _session_view(self, session: Session, language: Language) -> SessionView:
        locale = LOCALE[language]
        place = ", ".join(filter(None, (session.venue, session.address or session.city)))
        clock = "HH:mm"
        return SessionView(
            date=format_date(session.date, "EEEE d MMMM y", locale=locale),
            time=f"{format_time(session.start, clock, locale=locale)}–{format_time(session.end, clock, locale=locale)}",
            city=session.city,
            venue=session.venue,
            address=session.address,
            map_url="https://www.openstreetmap.org/search?query=" + quote_plus(session.address or place),
        )

    def samples(self) -> list[Answer]:
        """Every answer in both languages with made-up people, for `check` and `preview`."""
        found = []
        for language in ("sv", "en"):
            for kind in AnswerKind:
                found.append(_sample(self.event, kind, language))
        return found

    def check(self) -> list[str]:
        """What is wrong with the templates, a line a problem: file, line, reason."""
        now = dt.datetime(2020, 1, 1, 12, tzinfo=dt.UTC)
        problems = []
        for sample in self.samples():
            try:
                self.render(sample, "<check@localhost>", now)
            except TemplateError as error:
                problems.append(str(error))
        return list(dict.fromkeys(problems))

    def preview(self, out: Path, more: Iterable[tuple[str, EmailMessage]] = ()) -> Path:
        """Every answer, and `more` by name, as a page of its own and all of them on `index.html`, phone and desktop
        wide. Returns that."""
        out.mkdir(parents=True, exist_ok=True)
        rows = []
        answers = [
            (f"{s.kind}.{s.language}", self.render(s, f"<{s.kind}.{s.language}@preview>", s.letter.received))
            for s in self.samples()
        ]
        for name, message in [*answers, *more]:
            markup, text = (message.get_body((form,)).get_content() for form in ("html", "plain"))  # type: ignore[union-attr]
            (out / f"{name}.html").write_text(markup, encoding="utf-8")
            (out / f"{name}.txt").write_text(text, encoding="utf-8")
            (out / f"{name}.eml").write_bytes(message.as_bytes())
            rows.append(
                f'<h2 id="{name}">{name}</h2><p>{html.escape(str(message["Subject"]))}</p><div class="row"><iframe title="{name}, 360" width="360" src="{name}.html"></iframe>'
                f'<iframe title="{name}, 800" width="800" src="{name}.html"></iframe><pre>{html.escape(text)}</pre></div>'
            )
        page = out / "index.html"
        style = "body{font:16px system-ui;margin:2em}iframe{height:900px;border:1px solid #888}.row{display:flex;gap:1em;overflow:auto}pre{background:#f4f4f4;color:#111;padding:1em}"
        page.write_text(
            f'<!doctype html><html lang="sv"><meta charset="utf-8"><title>Svar</title><style>{style}</style><h1>Svar</h1>{"".join(rows)}</html>',
            encoding="utf-8",
        )
        return page


_FILENAMES: dict[Language, str] = {"sv": "kalender.ics", "en": "calendar.ics"}


def one_line(text: str) -> str:
    """One line of visible text: a mail's words can never add a header or turn the reading direction."""
    return " ".join(_INVISIBLE.sub(" ", text).split())


def _mailbox(address: Address) -> HeaderAddress:
    name = one_line(address.name)
    return HeaderAddress(display_name=name if "@" not in name else "", addr_spec=address.email)


def _reply_subject(subject: str, language: Language, event: str) -> str:
    """The subject of the thread with one prefix before it."""
    bare = re.sub(
        r"^(?:(?:sv|re|aw|vb|fw|fwd|vs|antw)\s?(?:\[\d+\])?:\s*)+", "", one_line(subject), flags=re.IGNORECASE
    )
    return f"{'Sv' if language == 'sv' else 'Re'}: {bare or event}"


def _attribution(letter: Letter, language: Language) -> str:
    when = letter.date or letter.received
    who = one_line(letter.sender.name) or letter.sender.email
    return (
        f"Den {when:%Y-%m-%d} kl. {when:%H:%M} skrev {who}:"
        if language == "sv"
        else f"On {when:%Y-%m-%d} at {when:%H:%M}, {who} wrote:"
    )


def _original(letter: Letter) -> list[str]:
    lines = (letter.own + ("\n\n" + letter.signature if letter.signature else "")).strip().split("\n")
    return [_INVISIBLE.sub(" ", line.replace("\t", "    "))[:400] for line in lines[:MOST_QUOTED]]


def _quote_text(letter: Letter, language: Language) -> str:
    if not letter.own.strip():
        return ""
    return (
        "\n"
        + _attribution(letter, language)
        + "\n\n"
        + "\n".join(f"> {line}".rstrip() for line in _original(letter))
        + "\n"
    )


def _with_quote(markup: str, letter: Letter, language: Language) -> str:
    if not letter.own.strip():
        return markup
    quoted = "<br>".join(html.escape(line, quote=False) for line in _original(letter))
    block = f'<p style="color:#595959;font-size:13px;margin:24px 16px 4px">{html.escape(_attribution(letter, language))}</p><blockquote type="cite" style="color:#595959;font-size:13px;margin:0 16px 24px;padding-left:12px;border-left:2px solid #bbbbbb">{quoted}</blockquote>'
    return markup.replace("</body>", block + "</body>")


def _explain(name: str, error: JinjaError) -> str:
    line = getattr(error, "lineno", None)
    if line is None:
        frame = error.__traceback__
        while frame:
            if frame.tb_frame.f_code.co_filename.endswith(".j2"):
                line, name = frame.tb_lineno, Path(frame.tb_frame.f_code.co_filename).name
            frame = frame.tb_next
    else:
        name = Path(getattr(error, "filename", None) or name).name
    return f"{name}{f', line {line}' if line else ''}: {error.message or type(error).__name__}"


def _sample(event: Event, kind: AnswerKind, language: Language) -> Answer:
    """An answer to made-up people, with every kind of row it can have."""
    sender = Address("Ada Exempel", "ada.exempel@example.org")
    received = dt.datetime.combine(event.mail_since, dt.time(9, 30), event.zone)
    words = {"sv": "Hej! Jag och Bo Prov vill gärna komma.", "en": "Hello! Bo Prov and I would like to come."}[language]
    letter = Letter(
        "<sample@example.org>",
        "sample",
        sender,
        None,
        (),
        (),
        {"sv": "Anmälan", "en": "Registration"}[language],
        received,
        received,
        (),
        (),
        {},
        "text/plain",
        (),
        words,
    )
    days = [session.date for session in event.sessions]
    status = {AnswerKind.CANCELLED: Status.CANCELLED, AnswerKind.WAITLISTED: Status.WAITLISTED}.get(
        kind, Status.CONFIRMED
    )
    employer = event.employers[0].name if event.employers else "Exempel"
    unit = event.units[0].key if event.units else None
    ada = Registration(
        "AAAAAAAA",
        "Ada Exempel",
        employer,
        unit,
        days[0],
        status,
        sender.email,
        None,
        "vegetarian",
        received,
        sender.email,
    )
    people, asked = [ada], {}
    if kind is AnswerKind.ASK:
        bo = replace(
            ada, id="BBBBBBBB", name="Bo Prov", unit=None, date=None, status=Status.WAITING, diet=None, email=None
        )
        group = replace(bo, id="CCCCCCCC", name=None, municipality=None, count=3)
        people += [bo, group]
        asked = {
            bo.id: (Missing.UNIT, Missing.DATE),
            group.id: (Missing.NAME, Missing.MUNICIPALITY, Missing.UNIT, Missing.DATE),
        }
    elif kind is AnswerKind.CHANGED and len(days) > 1:
        people = [replace(ada, date=days[-1]), replace(ada, id="DDDDDDDD", status=Status.CANCELLED)]
    return Answer(kind, sender, language, tuple(people), letter, asked)
