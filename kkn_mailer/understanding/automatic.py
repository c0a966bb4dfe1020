"""Mail that no human wrote to us: known by its headers first (RFC 3834, RFC 3464, RFC 2369, RFC 5546), then by words."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..domain import Letter
from ..folding import fold
from .text import phrases

_ROBOTS = re.compile(
    r"^(?:mailer-daemon|postmaster|no[-_.]?reply\w*|do[-_.]?not[-_.]?reply|donotreply|svara[-_.]?(?:ej|inte)|inte[-_.]?svara|noreply\S*|bounces?\S*|notif\w*|notification\S*|nyhetsbrev|newsletter|news|utskick|alerts?|automat\w*|calendar-notification|robot|system|daemon|mailgun|info-noreply)(?:[+.@-]|$)"
)


def by_header(letter: Letter) -> str | None:
    """RFC 3834 and the fields that programs used before it and beside it."""
    value = _first(letter, "auto-submitted")
    if value and value.split(";")[0].strip().lower() != "no":
        return "Auto-Submitted"
    if re.search(r"bulk|list|junk|auto_reply|auto-reply", _first(letter, "precedence").lower()):
        return "Precedence"
    for name in (
        "x-autoreply",
        "x-autorespond",
        "x-autoresponder",
        "x-auto-reply-from",
        "x-failed-recipients",
        "x-amazon-mail-relay-type",
        "x-campaign",
        "x-campaignid",
        "x-mailchimp-campaign",
        "feedback-id",
        "x-cron-env",
        "x-github-reason",
        "x-loop",
        "x-kkn-answer",
    ):
        if name in letter.headers:
            return name
    return None


def by_list(letter: Letter) -> str | None:
    """Mailing lists and newsletters (RFC 2369, RFC 2919, RFC 8058)."""
    return next(
        (
            name
            for name in letter.headers
            if name in ("list-id", "list-unsubscribe", "list-post", "list-help", "mailing-list", "x-mailing-list")
        ),
        None,
    )


def by_structure(letter: Letter) -> str | None:
    """Delivery and disposition reports (RFC 3464, RFC 8098) and calendar messages (RFC 5546)."""
    if letter.content_type.startswith("multipart/report"):
        return "multipart/report"
    for part in letter.parts:
        if part.content_type in (
            "message/delivery-status",
            "message/disposition-notification",
            "message/feedback-report",
        ):
            return part.content_type
        if part.content_type == "text/calendar" and part.parameters.get("method", "").upper() in (
            "REPLY",
            "COUNTER",
            "REQUEST",
            "CANCEL",
            "DECLINECOUNTER",
        ):
            return "text/calendar; method"
    if "calendarmessage" in _first(letter, "content-class").lower() or "method=" in letter.content_type:
        return "calendar"
    return None


def by_sender(letter: Letter) -> str | None:
    """The null reverse path and the local parts that robots write from."""
    if _first(letter, "return-path").strip() == "<>":
        return "Return-Path: <>"
    return letter.sender.email if _ROBOTS.match(letter.sender.email) else None


_SUBJECT = re.compile(
    r"^(?:(?:sv|re|vb|fw|fwd): ?)*(?:automatiskt svar|autosvar|auto-?svar|automatsvar|automatic reply|auto ?reply|autoreply|out of (?:the )?office|franvaro\w*|ej pa kontoret|pa semester|undeliver\w*|undelivered mail|delivery (?:status|failure|has failed|incomplete)|mail delivery|returned mail|failure notice|det gar inte att leverera|kunde inte leverera\w*|olevererbart|ej levererat|oavsandbart|leveransfel|warning: message|accepterat|avbojt|preliminart accepterat|preliminart:|godkant:|accepted:|declined:|tentative(?:ly accepted)?:|tacka(?:t|de) (?:ja|nej):|ny tid foreslagen|new time proposed|last:|read:|not read:|ej last:|lashkvitto|laskvitto|read receipt|olast:|delivered:|levererat:|vidarebefordrat:|abwesenheitsnotiz|automatische antwort|poissa|automaattinen vastaus)"
)
_AWAY = phrases("automatic", "away")
_AWAY_SECOND = phrases("automatic", "instead")
_BOUNCE = phrases("automatic", "bounce")
_NEWSLETTER = phrases("automatic", "newsletter")
_RECEIPT = phrases("automatic", "receipt")
_ANY_WORDS = phrases("automatic", "away", "bounce", "receipt", "newsletter")
_UNANSWERED = re.compile(
    r"\b(?:detta|det har|denna|this) (?:e-?post|mejl|mail|e-?mail|meddelande|svar|adress|message|address)\w* (?:\w+ ){0,2}?(?:(?:gar|kan|ska|bor|is|can|should) (?:inte|ej|not)|cannot|can't)\b(?: (?:att|be|langre)){0,2} (?:be)?(?:svar|monitor|read|repl|answer)\w*(?: pa| to)?\s*(?:[.!]|$)"
)


def by_subject(letter: Letter) -> str | None:
    return "subject" if _SUBJECT.match(fold(letter.subject).strip()) else None


def by_words(letter: Letter) -> str | None:
    """Absence notices, bounces and newsletters that carry no header to say so."""
    text = fold(letter.own + "\n" + letter.signature)
    if not _ANY_WORDS.search(f"{fold(letter.subject)}\n\n{text}"):
        return "newsletter" if _UNANSWERED.search(text) else None
    if _AWAY.search(text) and _AWAY_SECOND.search(text) and not _REGISTERS.search(text):
        return "absence"
    if len(_BOUNCE.findall(text)) >= 2:
        return "bounce"
    if len({m.group() for m in _RECEIPT.finditer(f"{fold(letter.subject)}\n\n{text}")}) >= 2 and not _REGISTERS.search(
        text
    ):
        return "receipt"
    if _NEWSLETTER.search(text) or _UNANSWERED.search(text):
        return "newsletter"
    return None


_REGISTERS = re.compile(
    r"\banmal(?:er)?\s(?:mig|mej|oss|harmed)|\bskriv upp|\bsign me up|\bregister me|\bput me down|\bboka in|\brakna med"
    r"|\b(?:jag|vi|i|we)(?:'d| would)? (?:\w+ )?(?:vill (?:\w+ )?(?:vara med|komma|delta|ga)|kommer (?:garna|den|pa|till)|deltar|like to|will (?:attend|come|join))\b"
)
"""What only a person writes."""
RULES: tuple[Callable[[Letter], str | None], ...] = (by_header, by_list, by_structure, by_sender, by_subject, by_words)


def automatic(letter: Letter) -> str | None:
    """What shows that no human wrote this to us; None for a person's mail."""
    return next((why for rule in RULES if (why := rule(letter))), None)


def _first(letter: Letter, name: str) -> str:
    return next(iter(letter.headers.get(name, ())), "")
