"""Who the sender is: name, employer, unit, by text, signature, header and domain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from ..domain import Letter, Strength
from ..event import OTHER
from ..folding import fold
from ..letter.quoting import listed
from .contacts import phone_in
from .drafts import NOTHING, Draft, Tools, Value
from .names import NameMention, is_full, is_given
from .sessions import Choice
from .text import sentences
from .units import UnitMention, settle

_SELF_WORK = re.compile(
    r"\b(?:(?:ar|jobbar|arbetar) jag|jag (?:e|ar|arbetar|jobbar|sitter|tillhor|kommer fran|heter|\w+ som|ansvarar|leder|driver|samordnar|undervisar|handlagger)|(?:arbetar|jobbar|verksam|anstalld|jobba) (?:jag )?(?:som|av|pa|med|i|inom|hos|vid|for|till vardags)|jobbar|arbetar|sitter (?:pa|med|m)|hor till|tillhor|min (?:titel|roll|tjanst|enhet|befattning|arbetsgivare)|mitt (?:jobb|uppdrag)|i egenskap av|ar (?:\w+ ){0,2}?(?:har|pa|i|hos|at|vid)\b|i'm (?:a|an|the|with|at)|i am (?:a|an|the|with|at)|i work|i've|i (?:started|run|lead|head|coordinate|manage)|responsible for|ansvarig for|working (?:as|with|for|at)|work(?:s)? (?:as|for|at|with)|my (?:role|title|job|employer|unit)|we are (?:both )?(?:with|from|at)|vi (?:pa|fran|i|hos|ar|arbetar|jobbar)|undertecknad|fran (?:kultur|naringsliv)|sjalv|as (?:a|an|the|interim|acting|deputy)\b|(?:i am|i'm) employed|(?:hired|employed|engaged|serving|acting) as\b|som\b)"
)
_STATES_PLACE = re.compile(
    r"\b(?:jobbar|arbetar|anstalld|work|working|employed|sitter|har|vi|oss|kommer|ar|am|i'm|are|kommunen|\w+(?:chef|strateg|are|ent|et|en|or|og|ist|ation|unit|department|office|lots|rad|ledare|sekreterare))\s(?:\w+\s){0,2}?(?:i|pa|for|at|hos|vid|fran|in|from|with|of)\s$|[(,]\s?$"
)
_WORDS = r"(?:[^\W\d_][\w'’-]*\s?){2,8}"
_STATED = re.compile(
    rf"\b(?:jag (?:\w+\s){{0,4}}?heter|mitt namn är|my name is|namn:|(?P<weak>(?<!hon )(?<!han )(?<!som )heter|jag,|undertecknad,?|i am|i'm|this is|(?:det )?(?:här )?är))\s+(?P<after>{_WORDS})"
    r"|(?P<before>(?:[^\W\d_][\w'’-]*\s){2,4})(?:heter jag|är mitt namn|is my name|här(?= från|,|\.| på| i\b| fast)|here\b(?=[,.]| from))",
    re.IGNORECASE,
)
_DEGREES = frozenset(
    {"phd", "ph.d", "msc", "m.sc", "mba", "ma", "bsc", "fil dr", "fd", "docent", "dr", "prof", "leg", "jr", "sr"}
)
_EMPLOYED = re.compile(
    r"\b(?:anstalld|jobbar|arbetar|borjat|borjade|tjanst|employed|work|working|works|started)\b[^.;]{0,30}$"
)
_PUBLIC = re.compile(
    r"\b(?:kommun\w*|region|stad|lansstyrelse\w*|universitet\w*|hogskola\w*|municipality|county|university|\w*verket|museum|museet)\b"
)
_HIRED = re.compile(
    r"\b(?:uppdrag\w*|\w*konsult\w*|inhyrd\w*|hyrt|hired|interim\w*|consult\w*|contract\w*|behalf|rakning|egenforetagare|frilans\w*|freelance\w*|ab|hb)\b"
)
"""One who works for another than she signs for."""
_HER_JOB = (
    r"\b(?:min|mitt|hennes|hans|my|his|her)\s(?!titel|roll|tjanst|befattning|enhet|arbetsgivare|title|role|job|position|unit|employer)\w+\s"
    r"(?:(?:som|who)\s)?(?:ar|jobbar|arbetar|sitter|is|works)\s(?:(?:pa|i|som|inom|hos|vid|at|in|as|for|with|an?|the|en|ett)\s){0,3}$"
)
OTHERS = re.compile(
    r"\b(?:min|var|vara|hennes|hans|deras|er|era|din|mina|my|our|her|his|their|your|a colleague)\s(?:\w+,?\s){0,2}$"
    rf"|{_HER_JOB}"
    r"|\b(?:via|genom|through)\s(?:\w+\s)?$|\b(?:inbjud\w*|tips\w*|info\w*|mejl\w*|brev\w*|hort|fick|fatt|heard|got|received|invit\w*)\b[^.;]{0,30}\s(?:fran|av|i|pa|hos|via|from|at|in)\s(?:\w+\s)?$"
    r"|\b(?:tidigare|forut|f\.? ?d\.?|fore detta|formerly|previously|former|blivande|tilltrader|borjar (?:jag )?som|fran och med \w+ (?:ar|blir) jag|used to)\b[^,.;]{0,30}$"
    r"|\b(?:nar|medan|eftersom|dar|when|while|where|because) (?:de|dem|hon|han|\w+na|they|she|he)\s(?:\w+\s){1,4}$"
    r"|\b(?:en|nagon|ett)\s(?:(?:kollega|van|vaninna|bekant|chef|person|medarbetare|granne)\s(?:\w+\s){0,3})?$"
)
_NOT_HERS = re.compile(
    r"\b(?:kollega|colleague|bekant|van|kompis|granne|nagon|kontakt|friend)\w*\s(?:pa|i|fran|hos|at|from|in)\s(?:the )?$"
    r"|\b(?:via|genom|enligt|tack vare|pratade med|pratat med|talade med|talat med|through)\s(?:\w+\s){0,5}$"
    r"|\b(?:bor|live|bodde|lived|vaxt upp|uppvuxen|tidigare|forut|formerly|used to|granne|grannkommun\w*|bor i)\b[^.]{0,30}$"
)
"""Before the employer of another, or of another time."""
_COUNTS_AS = re.compile(
    r"\b(?:mig|mej|me|oss|us|raknas)\b[^.\n]{0,25}?\b(?:som|as|under|pa) $|\b(?:representerar|representing) $"
)
_MYSELF = re.compile(
    r"(?:^\W*(?:titel|roll|befattning|title|role|position):\s?"
    r"|\b(?:min |my )?(?:titel|titeln|roll|rollen|befattning|title|role|position)\s(?:ar|is)\s(?:an? |en )?"
    r"|\b(?:i've been|i have been|jag har varit|i work as|i worked as|(?:jobbar|arbetar) som) (?:var|deras|our|their|the) (?:\w+ )?)$"
    r"|\b(?:jag|undertecknad|mig(?: sjalv)?|i|me|myself)\s?[(,]\s?(?:\w+ )?$|\b(?:jag ar|ar jag|i am|i'm) (?:var|deras|our|their|the) (?:\w+ )?$"
)
_SIGNS = re.compile(
    r"(?:^|[/.!?,(–-]|\b(?:it's|its|this is|det ar|har ar|hej|hi))\W*(\w+)(?:(?: \w+){0,2}\s?[,–-]\s?| (?:pa|i|at|from|fran|with)(?: the)? )$"
)
"""What stands before a unit where somebody names herself with it: `/ hodan, biblioteket`, `its Hodan from the library`."""
_GREETING = re.compile(
    r"\s*(?:hej\w*|halla\w*|tja\w*|tjena|god \w+|hi|hello|dear)(?: there| igen| pa dig)?(?: \w+)?[,!]?\s"
)
_UNIT_OF = re.compile(r"\b(?:enheten|avdelningen|unit|department|sektionen|gruppen|teamet|team) (?:for|of) $")
_HOUSE = re.compile(r"(?<=s) (?:skola|gymnasium|gymnasieskola|förskola|bibliotek|museum|stiftelse|hus|gård|minne)\b")
"""Follows a name that a house bears: `Peder Skrivares skola`."""
_CAPACITY = re.compile(
    r"\b(?:i (?:egenskap av|rollen som|min roll som)|in (?:my|the|your) (?:capacity|role) (?:as|of))\s(?:an? )?(?:\w+ )?$"
)
_IS = re.compile(r"^\s*ar(?: \w+)?\s$")
_FROM = re.compile(
    r"(?:^|[,(] ?|\b(?:jag|vi|oss|mig|undertecknad|me|us|we|i|am|are|ar|person\w*|plats\w*|st)\s(?:ar |har |kommer |deltar |bada |alla )?)(?:from|fran|pa|hos)\s(?:the )?$|^\s*ar\s$"
)
COMES = re.compile(r"[\w\s]{0,40}?\b(?:anmaler|skickar|kommer|deltar|vill|onskar|tar|registers|sends|will|would)\b")
"""Follows a unit that sends its people: `Kulturskolan vill gärna komma`."""
_DOES = re.compile(rf" (?!(?:i|pa|vid|in|at|och)\b|{COMES.pattern})\w")
"""Follows a unit that does something else: `Turistbyrån sa att …`."""
US = re.compile(r"\b(?:vi|oss|we|us|samtliga|alla|bada|both|all)\b")


def _unit_before(at: int, units: Sequence[UnitMention]) -> UnitMention | None:
    """The unit or title that a place right behind it belongs to: `kulturchefen i Flen`."""
    return next((unit for unit in units if 0 <= at - unit.end < 16), None)


def _anothers(folded: str, unit: UnitMention | None) -> bool:
    """Whether a unit is somebody else's than the writer's: `fick inbjudan av kulturchefen`."""
    before = folded[max(0, unit.start - 80) : unit.start] if unit else ""
    return bool(before) and OTHERS.search(before) is not None and not _MYSELF.search(before)


class SenderReader:
    """Reads one letter for what it says of its sender."""

    def __init__(self, tools: Tools, letter: Letter, subject: str) -> None:
        self.tools = tools
        self.letter = letter
        self.subject = subject
        self.own = letter.own
        self.written = tools.written_on(letter)
        self.tokens = self._sender_tokens()
        self._signatures: dict[str, str | None] = {}
        self.titles = {
            fold(w)
            for w in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", letter.own + " " + letter.signature)
            if tools.units.is_one(fold(w))
        }
        self.titles -= {fold(word) for word in letter.sender.name.split()}
        self.subject_choice = tools.choice(subject, self.written) if subject else Choice()

    def _sender_tokens(self) -> frozenset[str]:
        """The words of the sender's header name and address; of a mailbox of two, those of the one who signs."""
        if re.search(r"\s(?:o|och|&|and|\+)\s", fold(self.letter.sender.name)):
            address = self.tools.names.tokens_of(replace(self.letter.sender, name=""))
            return address | frozenset(fold(self._first_name_signed() or "").split())
        return self.tools.names.tokens_of(self.letter.sender)

    @cached_property
    def full_names(self) -> list[NameMention]:
        """Everybody named in full in the own words."""
        found, organisation = self.tools.names.mentions(self.own, self.titles), self._stated_organisation or ""
        return [m for m in found if m.name not in organisation and not _HOUSE.match(self.own, m.end)]

    def names_within(self, start: int, end: int) -> list[NameMention]:
        """Those named between two places, counted from the first."""
        return [
            NameMention(m.start - start, m.end - start, m.name)
            for m in self.full_names
            if start <= m.start and m.end <= end
        ]

    def signs_for(self, mention: NameMention) -> bool:
        """Whether a name stands below an office for which its bearer writes: `För kansliet`."""
        return (
            re.search(r"\n(?:För|Genom|For) [^\n]{3,40}\n$", self.own[max(0, mention.start - 60) : mention.start])
            is not None
        )

    # ── the sender ────────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def sender_name(self) -> Value:
        """Text or signature, then the From header, then the address."""
        names, address = self.tools.names, self.letter.sender
        display = names.display(address)
        written = self._stated()
        lines = [line for line in self.letter.signature.split("\n") if line.strip()][:6]
        last = self.own.rstrip().rpartition("\n")[2]
        if not is_full(display) and len(last.split()) < 5 and names.fits(last, self.tokens):
            lines.append(last)
        written += filter(None, map(self._signed, lines))
        fitting = [n for n in written if names.fits(n, self.tokens)]
        best = next(iter(fitting or written), None)
        if best:
            best = max((n for n in written if set(fold(best).split()) <= set(fold(n).split())), key=len)
        if best and display and is_full(display) and self._shortened(best, display):
            best = None
        if best:
            return Value(best, best, Strength.SIGNATURE)
        in_text = [m.name for m in self.full_names if self.is_sender(m.name)]
        if not in_text and not is_full(display):
            only = len(self.full_names) == 1 and re.search(r"\b(?:[Jj]ag|[Mm]ig|me|I)\b", self.own)
            in_text = [
                m.name
                for m in self.full_names
                if names.fits(m.name.split()[0], self.tokens)
                or (only and self.own[: m.start].endswith("\n\n"))
                or self.signs_for(m)
            ]
        if in_text:
            return Value(in_text[0], in_text[0], Strength.TEXT)
        if display and is_full(display):
            return Value(display, address.name, Strength.HEADER)
        if derived := names.from_address(self._address_for_name()):
            return Value(self._as_written(derived), address.email, Strength.DOMAIN)
        return Value(self._first_name_signed() or display, address.name, Strength.HEADER)

    @cached_property
    def cosigner(self) -> str | None:
        """The other of two who sign together: `Eva Ek och Bo Dal`."""
        for line in self.letter.signature.split("\n")[:4]:
            two = self.tools.names.mentions(line, self.titles)
            if len(two) == 2 and re.fullmatch(r" (?:och|o|&|and|\+) ", line[two[0].end : two[1].start]):
                return next((m.name for m in two if m.name != self.sender_name.value), None)
        return None

    def _stated(self) -> list[str]:
        """The names by which the sender tells who she is: `jag heter …`, `… heter jag`, `this is …`, `… här`."""
        found: list[str] = []
        for match in _STATED.finditer(self.own):
            words_ = (match["after"] or match["before"]).strip()
            told = [m for m in self.tools.names.mentions(words_, self.titles) if not match["weak"] or not m.start]
            name = told[0 if match["after"] else -1].name if told else self._small(words_.split(), bool(match["after"]))
            sure = not match["weak"] or not is_full(self.tools.names.display(self.letter.sender))
            if name and (sure or self.tools.names.fits(name, self.tokens)):
                found.append(name)
        return found

    def _small(self, parts: list[str], first: bool) -> str | None:
        """The name in small letters that words begin or end with: `eva ek och jobbar på`."""
        spans = (parts[:n] if first else parts[-n:] for n in range(min(4, len(parts)), 1, -1))
        return next(filter(None, (self.tools.names.line_name(" ".join(span)) for span in spans)), None)

    def _as_written(self, name: str) -> str:
        """A name from an address with the letters that the text has for it: `Sjogren` as `sjögren`."""
        text = f"{self.letter.signature}\n{self.own}"
        at = re.search(rf"\b{re.escape(fold(name))}\b", fold(text))
        return self.tools.names.proper(text[at.start() : at.end()]) if at else name

    @staticmethod
    def _shortened(name: str, display: str) -> bool:
        """`Eva B` or `E. Berg`, where the header has the whole."""
        parts, whole = fold(name).replace(".", "").split(), fold(display).split()
        initials = [part for part in (parts[0], parts[-1]) if all(len(piece) == 1 for piece in part.split("-"))]
        return bool(initials) and len(parts) <= len(whole) and any(part in whole for part in parts if len(part) > 1)

    def _address_for_name(self) -> str:
        for address in (self.letter.sender, self.letter.reply_to):
            if address and self.tools.names.from_address(address.email):
                return address.email
        return self.letter.sender.email

    def _signed(self, line: str) -> str | None:
        """The name a line of the signature signs with; the same line is asked for often."""
        if line not in self._signatures:
            self._signatures[line] = self._signed_with(line)
        return self._signatures[line]

    def _signed_with(self, line: str) -> str | None:
        folded = fold(line).strip()
        body = line.strip()
        for closing in sorted(listed("closings"), key=len, reverse=True):
            if folded.startswith(closing) and not folded[len(closing) : len(closing) + 1].isalpha():
                body = body[len(closing) :]
                break
        body = re.sub(r"^\s*(?:från|fran|önskar|from|/)+\s*", "", body.strip(" ,./!"))
        if self.organisation(body, ""):
            return None
        body = re.split(r"\s+(?=[+\d])", body)[0]
        last, comma, first = body.partition(",")
        if (
            comma
            and not (len(last.split()) > 1 and self.is_sender(last))
            and fold(first).strip(" .") not in _DEGREES
            and self.is_sender(f"{first} {last}")
            and len(body.split()) <= 4
        ):
            body = f"{first.strip()} {last.strip()}"
        name = self.tools.names.line_name(body, self.titles)
        if name is None:
            found = self.tools.names.mentions(body, self.titles)
            name = found[0].name if found and found[0].start < 3 else None
        if (
            name
            and self.tools.units.mentions(fold(name), line=True)
            and not any(is_given(part) for part in name.split())
        ):
            return None
        return self._in_order(name) if name else None

    def _in_order(self, name: str) -> str:
        return self.tools.names.ordered(name, self.letter.sender.email)

    def _first_name_signed(self) -> str | None:
        last = self.own.rpartition("\n")[2]
        for line in (last if len(last.split()) == 1 else "", *self.letter.signature.split("\n")):
            found = self.tools.names.first_names(line)
            if found:
                return found[0].name
        return None

    def is_sender(self, name: str) -> bool:
        """Whether a name can be the sender's own: it shares a surname or the whole with header or address."""
        parts = re.findall(r"[a-z]{2,}", fold(name))
        if "sender_name" in self.__dict__ and self.tools.names.same(name, self.sender_name.value):
            return True
        hits = sum(part in self.tokens or any(part in t for t in self.tokens if len(part) > 3) for part in parts)
        return hits >= min(2, len(parts)) if len(parts) > 1 else fold(name) in self.tokens

    def sender(self) -> Draft:
        draft = Draft(is_sender=True)
        draft.name = self.sender_name
        draft.municipality = self.sender_employer
        draft.unit = self.sender_unit
        address = (self.letter.reply_to or self.letter.sender).email
        draft.email = Value(address or None, address, Strength.HEADER)
        number = phone_in(self.letter.signature)
        own_number = phone_in(self.own)
        draft.phone = Value(number or own_number, number or own_number or "")
        return draft

    def invited(self) -> bool:
        """Whether the sender works for one of the event's employers, by the domain or by what the mail states."""
        employers = self.tools.employers
        if any(employers.is_listed_domain(a.domain) for a in (self.letter.sender, self.letter.answer_to)):
            return True
        return self.sender_employer.value in {employer.name for employer in self.tools.event.employers}

    def public(self) -> bool:
        """Whether the sender works in the public sector, by the domain, the signature or what the mail states."""
        employer = self.sender_employer.value or ""
        listed = self.tools.employers.by_domain(self.letter.sender.domain)
        return self.invited() or bool(listed or _PUBLIC.search(fold(f"{employer}\n{self.letter.signature}")))

    @cached_property
    def sender_employer(self) -> Value:
        text = self._employer_in_text()
        if text.value:
            return text
        signature = self._employer_in_signature
        if signature.value:
            return signature
        person = fold(self.tools.names.display(self.letter.sender) or "").split()
        beside = " ".join(w for w in re.split(r"[\s,()/|-]+", self.letter.sender.name) if fold(w) not in person)
        if beside and (shown := self.employer_in(beside, line=True)):
            return Value(shown, self.letter.sender.name, Strength.HEADER)
        for address in filter(None, (self.letter.sender, self.letter.reply_to)):
            if name := self.tools.employers.by_domain(address.domain):
                return Value(name, address.domain, Strength.DOMAIN)
        weak = self.employer_in(self.own, line=False)
        if weak:
            return Value(weak, weak)
        if stated := self._stated_organisation:
            return Value(stated, stated)
        if self.subject and (named := self.employer_in(self.subject, line=False)):
            return Value(named, self.subject)
        return NOTHING

    @cached_property
    def _stated_organisation(self) -> str | None:
        """Another employer that the own words name, no person's name that the signature has too."""
        lines = [line for line in self.letter.signature.split("\n") if not self._signed(line)]
        own, folded = self.own, fold(self.own)
        for m in self.tools.employers.mentions(folded):
            if self.tools.is_session_place(folded, m.start, m.end):
                own = own[: m.start] + " " * (m.end - m.start) + own[m.end :]
        return self.tools.employers.stated_organisation(own, self.letter.sender.domain, lines)

    def organisation(self, line: str, domain: str) -> str | None:
        """Any other employer that a line names behind the sender's own name.

        `teaterkonsulent` is a title, and names none; neither does `konstmuseet` where a municipality has it.
        """
        own = [i for i, word in enumerate(line.split()[:4], 1) if fold(word).strip(",.") in self.tokens]
        if len(own) > 1 and own[0] == 1 and not self.tools.employers.organisation(self.letter.sender.name, ""):
            line = " ".join(line.split()[own[-1] :])
        units = self.tools.units.mentions(fold(line), line=True)
        invited = self.employer_in(line, line=True) in {employer.name for employer in self.tools.event.employers}
        housed = invited or self.tools.employers.by_domain(self.letter.sender.domain)
        none = [(m.start, m.end) for m in units if m.is_title or (housed and m.kinds - {OTHER})]
        return self.tools.employers.organisation(line, domain, none)

    def employer_in(self, text: str, line: bool) -> str | None:
        folded = fold(text)
        units = self.tools.units.mentions(folded, line)
        found = self.tools.employers.mentions(folded, [(u.start, u.end) for u in units], line)
        found = [
            m
            for m in found
            if line
            or not (
                self.tools.is_session_place(folded, m.start, m.end) or _anothers(folded, _unit_before(m.start, units))
            )
        ]
        certain = {m.name for m in found if m.certain} or {m.name for m in found}
        return next(iter(certain)) if len(certain) == 1 else None

    def _employer_in_text(self) -> Value:
        """An employer the sender states as her own: in a sentence about herself or all of them, or right after a unit."""
        if counted := self._counted_as():
            return counted
        told: list[tuple[str, str, bool, bool]] = []
        for start, end in sentences(fold(self.own)):
            sentence, raw = fold(self.own)[start:end], self.own[start:end]
            units = self.tools.units.mentions(sentence)
            spans = [(u.start, u.end) for u in units]
            found = self.tools.employers.mentions(sentence, spans)
            if not found:
                continue
            colleagues = [m for m in self.names_within(start, end) if not self.is_sender(m.name)]
            for mention in found:
                before = sentence[: mention.start]
                clause = re.split(r"[.;!?]|\bmen\b|\bbut\b", before)[-1]
                bare = not re.search(
                    r"kommun|region|municipality|\bstads?\b|\bcity\b", sentence[mention.start : mention.end]
                )
                elsewhere = bare and self._employed_elsewhere(mention.name)
                unit = _unit_before(mention.start, units)
                if (
                    _NOT_HERS.search(clause)
                    or _anothers(sentence, unit)
                    or (elsewhere and unit and not unit.is_title and self._of_a_region())
                    or re.search(_HER_JOB, before)
                    or (elsewhere and not re.search(r"\b(?:jobbar|arbetar|anstalld|work\w*|employed)\b", before))
                    or (bare and not _STATES_PLACE.search(before))
                    or any(
                        c.end <= mention.start and not US.search(sentence[c.end : mention.start]) for c in colleagues
                    )
                    or self.tools.is_session_place(sentence, mention.start, mention.end)
                ):
                    continue
                if mention.certain and (
                    _SELF_WORK.search(clause)
                    or re.search(r"\b(?:fran|from|for|pa|hos|vid|at|with|i)\s(?:\w+\s){0,2}$", clause)
                    or any(0 <= mention.start - e < 16 for _, e in spans)
                    or not clause.strip()
                ):
                    piece = re.split(r"[.;!?,]|\bmen\b|\bbut\b|\bsom\b|\bwho\b", before)[-1]
                    herself = bool(_SELF_WORK.search(piece))
                    told.append(
                        (mention.name, raw[mention.start : mention.end], bool(_EMPLOYED.search(before)), herself)
                    )
        if not told:
            stated = self._stated_organisation if _SELF_WORK.search(fold(self.own)) else None
            foreign = not self.tools.employers.by_domain(self.letter.sender.domain)
            return Value(stated, stated) if stated and foreign else NOTHING
        signed, domain = self._employer_in_signature, self.tools.employers.by_domain(self.letter.sender.domain)
        backed = [item for item in told if item[0] in (signed.value, domain)]
        hers = [item for item in told if item[3]]
        hired = _HIRED.search(fold(f"{self.own} {signed.value}"))
        if not backed and not hers and signed.value and not hired:
            return signed
        told = backed or hers or told
        return Value(told[0][0], told[0][1]) if len({name for name, *_ in told}) == 1 else NOTHING

    def _counted_as(self) -> Value | None:
        """The employer the sender asks to be written down for: `skriv mig som Flen`; a session's city is the session."""
        folded, cities = fold(self.own), {fold(session.city) for session in self.tools.event.sessions}
        for m in self.tools.employers.mentions(folded, None, line=True):
            match = _COUNTS_AS.search(folded[max(0, m.start - 50) : m.start])
            session = folded[m.start : m.end] in cities or self.tools.is_session_place(folded, m.start, m.end)
            if match and not (match.group().endswith(("under ", "pa ")) and session):
                return Value(m.name, self.own[m.start : m.end])
        return None

    @cached_property
    def _employer_in_signature(self) -> Value:
        loose: list[tuple[str, str]] = []
        organisation: tuple[str, str] | None = None
        domain = self.letter.sender.domain
        for line in self.letter.signature.split("\n"):
            folded = fold(line)
            if not folded.strip() or re.search(r"personuppgift|gdpr|skickar e-post|disclaimer|@|www", folded):
                continue
            if name := self._signed(line):
                folded = folded.replace(fold(name), " " * len(name))
            units = [(u.start, u.end) for u in self.tools.units.mentions(folded, line=True)]
            found = self.tools.employers.mentions(folded, units, line=True)
            address = re.search(
                r"\d{3} ?\d{2}\b|\b(?:besok\w*|adress|postadress|box)\b|\w(?:gatan|vagen|torget|grand)\b", folded
            )
            for mention in found:
                known = mention.end - mention.start > len(fold(mention.name)) + 3 or not self.tools.employers.place(
                    folded[mention.start : mention.end], anywhere=False
                )
                if known:
                    return Value(mention.name, line.strip(), Strength.SIGNATURE)
                if not address:
                    loose.append((mention.name, line.strip()))
            other = self.organisation(line, domain)
            if other and not organisation and not address and not self._signed(line):
                organisation = (other, line.strip())
        best = organisation or (loose[0] if loose and not self._employed_elsewhere(loose[0][0]) else None)
        return Value(best[0], best[1], Strength.SIGNATURE) if best else NOTHING

    def _of_a_region(self) -> bool:
        """Whether the sender's domain is a region's, whose houses stand in many towns: `BUP i Flen` is no municipality's."""
        name = self.tools.employers.by_domain(self.letter.sender.domain)
        return name is not None and self.tools.employers.place(fold(name), anywhere=False) is None

    def _employed_elsewhere(self, place: str) -> bool:
        """Whether a bare place in a signature is only where she sits: her domain is another invited employer's."""
        domain = self.letter.sender.domain
        return self.tools.employers.is_listed_domain(domain) and self.tools.employers.by_domain(domain) != place

    @cached_property
    def sender_unit(self) -> Value:
        in_text = self._own_units(self.own)
        signature = self._signature_units
        told = settle([*in_text[0], *signature[0]])
        titles_in_text = [m for m in in_text[0] if m.is_title]
        if titles_in_text and (own := settle(in_text[0])) and own != "other":
            told = own
        signed = settle(signature[0])
        if told and signed and OTHER not in (told, signed) and told != signed and not self._works_as(in_text[0]):
            return Value(signed, signature[1], Strength.SIGNATURE)
        shown = self.tools.units.mentions(fold(self.letter.sender.name), line=True)
        if not self.tools.names.display(self.letter.sender):
            shown = [mention for mention in shown if not mention.is_title]
        neutral = not any(m.kinds for m in (*in_text[0], *signature[0]))
        if told and not (neutral and settle(shown)):
            words_ = in_text[1] if titles_in_text or not signature[0] else signature[1]
            return Value(told, words_ or in_text[1], Strength.TEXT if in_text[0] else Strength.SIGNATURE)
        if not neutral:
            return Value(None, in_text[1] or signature[1])
        if value := settle(shown):
            return Value(value, self.letter.sender.name, Strength.HEADER)
        if value := settle(self._units_in_subject()):
            return Value(value, self.subject)
        return NOTHING

    def _units_in_subject(self) -> list[UnitMention]:
        """What stands beside the sender's own name in a subject she wrote: `Anmälan: Eva Berg, kulturchef, Flen`."""
        folded = fold(self.subject)
        names = [m for m in self.tools.names.mentions(self.subject, self.titles) if self.is_sender(m.name)]
        units = self.tools.units.mentions(folded, line=True) if names else []
        return [m for m in units if any(self._belongs(folded, m, name) for name in names)]

    def _works_as(self, mentions: Sequence[UnitMention]) -> bool:
        """Whether the words before a unit say that the sender herself belongs there."""
        before = ((m, re.split(r"[.;!?\n]", fold(self.own)[: m.start])[-1]) for m in mentions)
        return any(_SELF_WORK.search(clause) or (m.is_title and _IS.search(clause)) for m, clause in before)

    def _own_units(self, text: str) -> tuple[list[UnitMention], str]:
        """Units and titles in running text that the sender claims for herself or for all of them."""
        kept: list[UnitMention] = []
        said: list[str] = []
        folded = fold(text)
        for start, end in sentences(folded):
            sentence, raw = folded[start:end], text[start:end]
            names = self.names_within(start, end)
            colleagues = [m for m in names if not self.is_sender(m.name)]
            if (name := self.sender_name.value) and (at := sentence.find(fold(name))) >= 0:
                names.append(NameMention(at, at + len(name), name))
            for mention in self.tools.units.mentions(sentence, line=len(sentence.split()) <= 4):
                before = sentence[: mention.start]
                mine = bool(_MYSELF.search(before)) or self._signs(before) or self._led_by_employer(before)
                if any(self._belongs(sentence, mention, c) for c in colleagues) or (OTHERS.search(before) and not mine):
                    continue
                mine |= any(self._belongs(sentence, mention, n) for n in names if self.is_sender(n.name))
                mine |= mention.is_title and not colleagues and any(self.is_sender(n.name) for n in names)
                clause = re.split(r"[;!?]|\bmen\b|\bbut\b", before)[-1]
                colleague_first = any(c.end <= mention.start for c in colleagues) and not US.search(sentence)
                if (
                    mine
                    or (_SELF_WORK.search(clause[-90:]) and not colleague_first)
                    or ((_IS if mention.is_title else _FROM).search(clause) and not colleague_first)
                    or (
                        not _GREETING.sub("", before, count=1).strip(" \n-–,/")
                        and len(sentence) < 140
                        and (mention.is_title or not _DOES.match(sentence, mention.end))
                    )
                ):
                    kept.append(
                        UnitMention(start + mention.start, start + mention.end, mention.kinds, mention.is_title)
                    )
                    said.append(raw[mention.start : mention.end])
        if capacity := [m for m in kept if _CAPACITY.search(folded, max(0, m.start - 60), m.start)]:
            kept, said = capacity, [text[m.start : m.end] for m in capacity]
        return kept, ", ".join(said)

    def _signs(self, before: str) -> bool:
        """`tar onsdagen. hodan, biblioteket`: the words before a unit are the sender's own name."""
        name = _SIGNS.search(before)
        return name is not None and name[1] in self.tokens

    def _led_by_employer(self, before: str) -> bool:
        """`Flens kommun, biblioteket`: nothing but an employer stands before a unit in its sentence."""
        before = _UNIT_OF.sub("", before)
        named = self.tools.employers.mentions(before, None, line=True) if len(before) < 40 else []
        return bool(named) and not (before[: named[0].start] + before[named[0].end :]).strip(" \n-–,/")

    @staticmethod
    def _belongs(sentence: str, mention: UnitMention, name: NameMention) -> bool:
        """A title in apposition: `Name, title`, `Name (title)`, `Name som är title`, `title Name`."""
        if name.end <= mention.start:
            gap = sentence[name.end : mention.start]
            return (
                len(gap) < 60
                and not re.search(r"[.;!?]|(?<!-)(?<!- )\b(?:och|jag|mig|samt|and)\b", gap)
                and bool(
                    re.fullmatch(
                        r"[\s,(:–-]*(?:(?:som|who|ar|is|jobbar|arbetar|works|as|our|var|pa|med|with|vid|for|at|hos|our|the|a|en|vara|ny|nya|with)\s?)*(?:\w+[-,\s]*){0,4}",
                        gap,
                    )
                )
            )
        gap = sentence[mention.end : name.start]
        return mention.is_title and bool(re.fullmatch(r"\s?(?:,|-|:)?\s?(?:vid namn )?", gap))

    @cached_property
    def _signature_units(self) -> tuple[list[UnitMention], str]:
        kept: list[UnitMention] = []
        said: list[str] = []
        for line in self.letter.signature.split("\n"):
            folded = fold(line)
            clutter = re.search(r"@|www\.|https?:|personuppgift|skickat fran|gdpr|\.se\b", folded)
            if not folded.strip() or clutter or len(line) > 110:
                continue
            organisation = self.organisation(line, self.letter.sender.domain)
            name = self._signed(line)
            houses = [m for m in self.tools.employers.mentions(folded, None, line=True) if m.certain]
            for mention in self.tools.units.mentions(folded, line=True):
                if mention.kinds == {OTHER} and any(m.start <= mention.start < m.end for m in houses):
                    continue
                if name and mention.start < len(name) and folded.startswith(fold(name)[: mention.end]):
                    continue
                if (
                    organisation
                    and not mention.is_title
                    and fold(organisation) == folded.strip()
                    and re.search(r"museum|museet|teater|forening|stift|ab\b", folded)
                    and kept
                ):
                    continue
                if len(folded.split()) > 12 and not mention.is_title:
                    continue
                kept.append(mention)
                said.append(line.strip())
        return kept, ", ".join(dict.fromkeys(said))
