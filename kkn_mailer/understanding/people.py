"""Who is registered: facts gathered from the structure of a mail and assembled into people."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from ..folding import fold
from .contacts import diet_in, email_in, phone_in
from .drafts import NOTHING, Draft, Value
from .layout import Entry, Layout, read_layout
from .names import NameMention, is_full
from .sender import OTHERS, US, SenderReader
from .sessions import Choice, Phrase
from .text import phrases, sentences, words
from .units import UnitMention, settle

_NOUNS = r"(?:personer|person|pers|st|stycken|deltagare|kollegor|kollega|kollegan|medarbetare|platser|till|representanter|tjanstepersoner|tjansteman|from|fran|people|persons|colleagues|colleague|participants|of us|places|seats|stolar|av oss|av mina|av vara|more|others|another|andra|i antal|bibliotekarier|pedagoger|producenter|gaster)"
_GROUP = re.compile(
    rf"(?:(?:^|[.!?:,]\s+|\n)(?=[^.!?\n]{{0,90}}\b(?:kommer|deltar|vill|onskar|anmals|foljer|aker|gar|ska|are coming|will|would)\b)|\b(?:vi (?:blir|ar|kommer|kommer att vara|skickar|anmaler|vill anmala|onskar|tar|bokar)|blir|kommer|kommer det|anmaler|anmala|anmals|boka|bokar|platser for|plats for|we are|we will be|we'll be|there will be|register|sign up|och|plus|samt|med|and|jag \+|skickar|tar med|med mig|bring|totalt|sammanlagt|ar)\s)(?:oss |harmed |garna |cirka |ca |totalt |ytterligare |mig |up |gärna |harifran )*(?P<n>en|ett|tva|tre|fyra|fem|sex|sju|atta|nio|tio|elva|tolv|one|two|three|four|five|six|seven|eight|nine|ten|another|\d{{1,2}})\s(?:\w+ ){{0,2}}?(?P<noun>{_NOUNS})\b"
)
_COUNTS = (
    {
        w: i + 1
        for i, w in enumerate(["en", "tva", "tre", "fyra", "fem", "sex", "sju", "atta", "nio", "tio", "elva", "tolv"])
    }
    | {w: i + 1 for i, w in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"])}
    | {"ett": 1, "another": 1}
)
_NOT_ME = phrases("intent", "not_me")
_ME_TOO = re.compile(
    r"\b(?:undertecknad\w*|jag sjalv|mig sjalv|(?:anmaler|anmal|anmala|lagg till|skriv upp|boka|boka in|satt upp|add|register|sign up|put) (?:\w+ )?(?:mig|mej|me|oss)|(?:jag|mig) (?:och|samt)|(?:och|samt|plus) (?:jag|mig)|myself|(?:and|&) (?:i|me)|me and|jag kommer|jag deltar|kommer jag|deltar jag|i will|i'll|jag ar med)\b"
)
_HERSELF = re.compile(
    r"\b(?:anmaler|anmal|skriver|skriv|satt|bokar|boka) (?:jag |harmed |upp |in )*(?:mig|mej|undertecknad)\b|\b(?:sign|register|put|book|add) me\b"
)
_REPLY_TO_ME = re.compile(r"\b(?:hor av|kontakta|mejla|ring|meddela|let me|kontakt|aterkoppla|tell me|me know|svara)\b")
_ME = re.compile(
    r"\b(?:mig|mej|mig sjalv|undertecknad\w*|jag sjalv|(?<=: )jag|(?<=:)jag|(?<![a-z] )jag, |jag (?:och|samt|plus|\+|&)|(?:och|samt|&|\+|plus) (?:jag|mig|undertecknad|mej)|me\b|myself|(?:and|&) (?:i|me)\b|i and\b|i'd like to (?:attend|join|register|sign|come)|i would like to (?:attend|join|register|sign|come)|(?:oss|us)\b|jag (?:kommer|deltar|tar|valjer|vill vara|vill delta|vill komma|ar med|hanger|aker|gar|onskar delta|tackar ja|foljer|ansluter|blir|foredrar|vill garna|skulle)|(?:kommer|deltar|tar|valjer|aker|gar|foljer|vill|onskar) jag|count me|i(?:'ll| will) (?:be|come|attend|join|take)|jag sjalv|sjalv (?:kommer|deltar|tar|valjer|vill|gar|aker) jag|i take|for min del|i'm (?:in|coming|joining|attending))\b"
)
_MENTION_BEFORE = re.compile(
    r"\b(?:fran|av|via|enligt|genom|hos|efter|tack vare|tack till|halsa|halsar|halsningar|fragat|fragade|frag|ask|asked|from|by|through|according to|thanks to|thank|tell|told|cc|kopia till|stamt av med|pratat med|prata med|pratade med|talat med|talade med|talked to|spoke (?:to|with)|instead of|istallet for|i stallet for|ersatter|vikarierar for|efter att|fick|hej|hi|hello|dear|basta|kara|hejsan|tjena|om|about|roster om|mot|kontakta|contact|traffade|moter|meet|vid)\s(?:(?:var|vara|min|mina|hennes|hans|din|er|the|my|our|your|en|ny|nya|a|kara|fina|duktiga|tidigare|kollegan|kollega|colleague|chef|chefen|boss|manager|sambo|man|fru|van|vannen|friend)\s|\w*(?:chef|chefen|strateg|direktor|are|ledare|ordforande|assistent|sekreterare|rad|radet|mannen)\s|\w{4,}n\s){0,4}$"
)
_MENTION_AFTER = re.compile(
    r"^\s?(?:\([^)]{0,40}\))?,?\s?(?:som )?(?:(?!anmalde)\w+(?:ade|kte|nde|rde|lde|ckte)|tipsade|tipsar|vidarebefordrade|skickade|bad|sa\b|sager|sade|namnde|beratta\w*|rekommenderade|rekommenderar|halsar|aterkommer|hor av sig|hor sig|har (?:redan )?(?:anmalt|fatt|sagt|skickat)|ville|undrade|undrar|fragade|fragar|anmaler sig (?:sjalv|separat)|anmalde|ar (?:redan )?anmald|kan (?:tyvarr )?inte|kommer (?:tyvarr )?inte|har fragat|forwarded|told|asked|said|suggested|recommended|mentioned|will get back|can't|cannot|is not|won't|has already|already|på min enhet tipsade)\b"
)
_ATTENDING = re.compile(
    r"\b(?:an+mm?al\w*|anm|kommer|deltar|delta\b|foljer|aker|gar\b|med\b|tar\b|valjer|boka\w*|skriv\w*|satt\w* upp|registrera\w*|vi\b|bada|oss|jag\b|plats\w*|lagg\w*|vill|ska\b|onskar|namn\w*|sign|register\w*|add|attend\w*|join\w*|coming|come|put|book|count|will|would|both|we\b|names?|samaker|sallskap|blir det|det blir|passar)\b"
)
_BOTH_OF_US = re.compile(
    r"\b(?:(?:vi|oss|us|of us|we)\s(?:\w+\s){0,3}?(?:bada|bagge|tva|tre|both)|(?:bada|bagge|both of us|both)\s(?:tva|kommer|deltar|vill|anmaler|anmals|of us)|bada tva|vi anmaler oss|vi kommer|vi vill|vi deltar|vi tar|we'd like|we would like|we will|we'll|vi ses|vi hanger)\b"
)


_ENUMERATED = re.compile(r"\b[A-ZÅÄÖ][\w-]+(?:, [A-ZÅÄÖ][\w-]+)*,? (?:och|samt|and|&|o) [A-ZÅÄÖ][\w-]+\b")
_COMES = re.compile(
    r"\b(?:kommer|deltar|foljer|aker|gar|vill|ska|onskar|tar|valjer|hanger|ansluter|come|coming|attend|join|will|would)\b"
    r"(?! (?:inte|ej|tyvarr|not))"
)


_Picked = tuple[Choice, str]
"""A choice, and the text it was read from."""


class _Group(NamedTuple):
    """Names that stand together at a place of the text; `""` is the sender, `*` everybody."""

    start: int
    end: int
    names: tuple[str, ...]


_TOGETHER = re.compile(
    r"(?:,?\s?\([^)]{0,60}\)|\s(?:pa|fran|i|vid|hos|from|at|in)\s[\w -]{1,40}?|, (?:som )?(?!jag|och)[\w -]{1,50}?)?(?:,?\s?(?:och|samt|and|&|\+|plus)|,)\s(?:aven |also |min |var |mina |our |my |(?:\w+ ){0,2}?(?:kollega\w*|colleague|\w+(?:chef|are|strateg|ent|or|arie)) )?"
)
_TURNED = re.compile(
    r"\s?(?::|-|,)?\s?(?:(?:kommer|tar|gar|aker|deltar|blir det|anmaler sig|vill|ansluter|comes?|is coming|works|passar|funkar|far|ar det|for|till|galler(?: det)?)\s?){0,2}"
)


def _owners(folded: str, phrase: Phrase, before: int, after: int, groups: Sequence[_Group]) -> tuple[str, ...]:
    """Whose a day is: who stands right behind it, else who stands before it, nearest first; `*` when nobody does."""
    begin, end = next(((a, b) for a, b in sentences(folded) if a <= phrase.start < b), (0, len(folded)))
    behind = next((g for g in groups if phrase.end <= g.start < min(after, end)), None)
    ahead = [g for g in groups if begin <= g.start and g.end <= phrase.start]
    between = [g for g in ahead if g.start >= before]
    if behind and _TURNED.fullmatch(folded[phrase.end : behind.start]):
        label = folded[phrase.end : phrase.end + 2].strip().startswith(":")
        verb = re.search(r"[a-z]", folded[phrase.end : behind.start])
        if label or verb or not between or re.search(r"\b(?:for|passar|till)\s$", folded[: behind.start][-8:]):
            every = [g for g in groups if behind.start <= g.start < min(after, end)] if label else [behind]
            return tuple(name for group in every for name in group.names)
    if between or ahead:
        return (between or ahead)[-1].names
    return ("*",)


class Assembler(SenderReader):
    """Assembles the people of one letter."""

    def lists(self) -> bool:
        """Whether the mail names several people one a line, or fills in a form with a name and a day."""
        entries = read_layout(self.own, self.tools.names, self.titles).entries
        return len(entries) > 1 or any({"name", "date"} <= set(entry.fields) for entry in entries)

    def brings_others(self) -> bool:
        """Whether the words name, or count, others who are to come."""
        return bool(self._colleagues(self.own) or self._group_count(fold(self.own)))

    def people(self) -> list[Draft]:
        """Everyone the mail registers, the sender among them if she attends."""
        layout = read_layout(self.own, self.tools.names, self.titles)
        sender = self.sender()
        drafts = self._listed(layout, sender) if layout.entries else self._prose(sender)
        self._share_diet(drafts, layout)
        return drafts

    def _listed(self, layout: Layout, sender: Draft) -> list[Draft]:
        shared = self.tools.choice(self._of_all(layout), self.written)
        if not shared.dates and not shared.open:
            shared = self.subject_choice if self.subject_choice.dates else shared
        common = self._common_unit(layout.rest)
        single_form = len(layout.entries) == 1 and bool(layout.entries[0].fields)
        drafts: list[Draft] = []
        for entry in layout.entries:
            mine = entry.name is None or self._entry_is_sender(entry, sender)
            draft = self._entry(entry, sender, mine and (single_form or not self._is_other(entry, sender)), common)
            if draft.dates is None and entry.name and (said := self._said_of(entry.name, layout.rest)):
                draft.dates, draft.date_words = said.dates, self._words_of(said, "")
            if draft.dates is None:
                draft.dates, draft.date_words = shared.dates, self._words_of(shared, layout.rest)
            drafts.append(draft)
        if not any(d.is_sender for d in drafts) and self._comes_too(layout.rest):
            sender.dates = shared.dates
            sender.date_words = self._words_of(shared, layout.rest)
            drafts.insert(0, sender)
        return drafts

    def _of_all(self, layout: Layout) -> str:
        """The prose around a list without the sentences that are about one of those on it."""
        firsts = {fold(entry.name).split()[0] for entry in layout.entries if entry.name}
        return "\n".join(
            layout.rest[a:b]
            for a, b in sentences(fold(layout.rest))
            if not firsts & set(re.findall(r"[a-z-]+", fold(layout.rest[a:b])))
        )

    def _said_of(self, name: str, text: str) -> Choice | None:
        """The day that a sentence around a list gives one of those on it: `Undantaget är Kim, som kommer den 14:e`."""
        folded, first = fold(text), re.escape(fold(name).split()[0])
        for a, b in sentences(folded):
            at = re.search(rf"\b{first}\b", folded[a:b])
            days = self.tools.calendar.mentions(folded[a:b], self.written) if at else []
            if at and len(days) == 1 and len(days[0].days) == 1 and not days[0].foreign:
                refused = self.tools.choice(text[a + at.start() : b], self.written).refused
                only = re.search(r"\b(?:bara|endast|enbart|only)\b", folded[a:b])
                return Choice() if refused and not only else Choice(tuple(days[0].days))
        return None

    def _is_other(self, entry: Entry, sender: Draft) -> bool:
        return bool(
            entry.name
            and sender.name.value
            and is_full(entry.name)
            and not self._is_sender(entry.name)
            and not self.tools.names.same(entry.name, sender.name.value)
        )

    def _entry_is_sender(self, entry: Entry, sender: Draft) -> bool:
        name = entry.name or ""
        if re.search(r"\b(?:jag|undertecknad|mig|me|myself|i)\b", fold(f"{name} {entry.text}")) and not is_full(name):
            return True
        return (
            self.tools.names.same(name, sender.name.value)
            or self._is_sender(name)
            or (not is_full(name) and fold(name) == fold((sender.name.value or "").split(" ")[0]))
        )

    def _entry(self, entry: Entry, sender: Draft, mine: bool, common: Value) -> Draft:
        """A person of a list: own words first, then the heading, then what is said of all, then the sender's employer."""
        draft = Draft(is_sender=mine)
        name = self.tools.names.proper(entry.name) if entry.name else None
        if mine and not is_full(name):
            name = sender.name.value
        draft.name = Value(name, entry.name or "")
        values = entry.fields
        body = "\n".join(filter(None, [entry.text, values.get("title"), values.get("unit")]))
        titles = (
            self.tools.units.mentions(fold(values.get("title", "") + "\n" + values.get("unit", "")), line=True)
            if values
            else []
        )
        loose = self.tools.units.mentions(fold(entry.text), line=True)
        unit = settle([*titles, *loose])
        if unit is None and not titles and not loose and entry.heading:
            unit = settle(self.tools.units.mentions(fold(entry.heading), line=True))
            body = entry.heading
        if unit is None and values.get("title", "").strip() and not titles:
            unit = "other" if re.search(r"[^\W\d_]{3}", values["title"]) else None
        draft.unit = (
            Value(unit, body)
            if unit
            else (sender.unit if mine and not titles and not loose else common if not titles and not loose else NOTHING)
        )
        place = values.get("municipality")
        if place:
            found = (
                self._employer_in(place, line=True)
                or self.tools.employers.organisation(place, self.letter.sender.domain)
                or (place if re.search(r"[^\W\d_]{2}", place) else None)
            )
            draft.municipality = Value(found, place)
        if not draft.municipality.value:
            found = (
                self._employer_in(entry.text, line=True)
                if not self._only_session(entry.text)
                else self._employer_in(entry.text, line=False)
            )
            found = (
                found
                or (self._employer_in(values.get("unit", ""), line=True) if values else None)
                or (self._employer_in(entry.heading, line=False) if entry.heading else None)
            )
            draft.municipality = Value(found, entry.text) if found else sender.municipality
        text = values.get("date") or entry.text
        choice = self.tools.choice(text, self.written) if text else Choice()
        if not choice.phrases and entry.heading:
            choice = self.tools.choice(entry.heading, self.written)
        if choice.phrases and (choice.dates or choice.open or choice.foreign):
            draft.dates = choice.dates
            draft.date_words = text
            if values.get("date") and not choice.dates and (tick := self._several(values["date"])):
                draft.dates = tick
        draft.email = (
            Value(email_in(values.get("email") or entry.text))
            if not mine
            else Value(email_in(values.get("email", "")) or sender.email.value)
        )
        draft.phone = (
            Value(phone_in(values.get("phone") or entry.text))
            if not mine
            else Value(phone_in(values.get("phone") or entry.text) or sender.phone.value)
        )
        diet = values.get("diet", "").strip()
        if diet and fold(diet).strip(" .") not in words("diet", "none"):
            draft.diet = Value(diet_in(diet) or diet, diet)
        elif not diet:
            draft.diet = Value(diet_in(entry.text), entry.text)
        return draft

    def _several(self, value: str) -> tuple[dt.date, ...]:
        """`12 feb, 14 feb` in a cell of a table: every one of them."""
        picked = {
            day
            for part in re.split(r",|\+|&|\boch\b|\band\b", value)
            for day in self.tools.choice(part, self.written).dates
        }
        return tuple(sorted(picked)) if not re.search(r"\beller\b|\bor\b", fold(value)) else ()

    def _only_session(self, text: str) -> bool:
        """Whether a city in a line is the session's: the line has a day beside it or none of the words of employers."""
        return bool(self.tools.choice(text, self.written).phrases) and "kommun" not in fold(text)

    def _words_of(self, choice: Choice, text: str) -> str:
        if not choice.chosen:
            return ""
        return " … ".join(text[p.start : p.end] for p in choice.chosen if p.end <= len(text)).replace("\n", " ")

    def _common_unit(self, text: str) -> Value:
        """A unit said of all of them: `vi på kulturenheten`, `från näringslivsavdelningen kommer`, a heading."""
        folded = fold(text)
        for start, end in sentences(folded):
            sentence = folded[start:end]
            for mention in self.tools.units.mentions(sentence):
                before = sentence[: mention.start]
                if (
                    mention.kinds
                    and (not mention.is_title or re.search(r"\b(?:samtliga|alla|bada|all|both)\b[^.]{0,30}$", before))
                    and (
                        US.search(sentence)
                        or re.search(r"\b(?:fran|from)\s(?:\w+\s)?$", before)
                        or (not before.strip() and _ATTENDING.search(sentence[mention.end : mention.end + 60]))
                    )
                    and not OTHERS.search(before)
                ):
                    value = settle([mention])
                    if value:
                        return Value(value, text[start + mention.start : start + mention.end])
        return NOTHING

    @staticmethod
    def _comes_too(text: str) -> bool:
        """Whether the words around a list say that its sender comes as well."""
        folded = fold(text)
        if _NOT_ME.search(folded):
            return False
        return any(_ME_TOO.search(folded, a, b) and not _REPLY_TO_ME.search(folded, a, b) for a, b in sentences(folded))

    def _prose(self, sender: Draft) -> list[Draft]:
        text, folded = self.own, fold(self.own)
        plain = _NOT_ME.sub(lambda m: " " * len(m.group()), folded)
        colleagues = self._colleagues(text)
        attends = self._attends(plain, colleagues, bool(_NOT_ME.search(folded)))
        group = self._group(plain, colleagues, attends)
        choice = self._mail_choice()
        drafts: list[Draft] = []
        if attends:
            drafts.append(sender)
        common = self._common_unit(text)
        for mention in colleagues:
            drafts.append(self._colleague(mention, sender, common, colleagues))
        if group:
            fellow = replace_group(sender, group, choice)
            fellow.unit = common if common.value or self.tools.names.display(self.letter.sender) else sender.unit
            drafts.append(fellow)
        if not drafts:
            drafts.append(sender if not _NOT_ME.search(folded) else Draft(municipality=sender.municipality))
        self._dates(drafts, colleagues, choice)
        return drafts

    def _mail_choice(self) -> Choice:
        if self.choice.dates or self.choice.open or (self.choice.foreign and self.choice.phrases):
            if (
                self.subject_choice.dates
                and self.choice.dates
                and not self.choice.open
                and set(self.subject_choice.dates) != set(self.choice.dates)
                and not set(self.subject_choice.dates) > set(self.choice.dates)
                and not set(self.choice.dates) > set(self.subject_choice.dates)
            ):
                return replace(self.choice, dates=(), open=True)
            if not self.choice.dates and not self.choice.open and self.subject_choice.dates:
                return self.subject_choice
            return self.choice
        if self.choice.refused and self.subject_choice.dates:
            left = tuple(d for d in self.subject_choice.dates if d not in self.choice.refused)
            return replace(self.subject_choice, dates=left, open=not left, refused=self.choice.refused)
        return self.subject_choice if self.subject_choice.phrases else self.choice

    def _colleagues(self, text: str) -> list[NameMention]:
        """Those named in the text who are to come, the sender and the merely mentioned left out."""
        folded = fold(text)
        full = self.tools.names.mentions(text, self.titles)
        single = [m for m in self.tools.names.first_names(text, full) if self._introduced(folded, m)]
        seen: list[NameMention] = []
        for mention in sorted([*full, *single], key=lambda m: m.start):
            if self._is_sender(mention.name) or any(
                fold(mention.name).split()[0] in fold(s.name).split() and len(mention.name.split()) == 1 for s in seen
            ):
                continue
            if any(self.tools.names.same(mention.name, s.name) for s in seen):
                continue
            if self._only_mentioned(folded, mention, full):
                continue
            seen.append(mention)
        return seen

    def _introduced(self, folded: str, mention: NameMention) -> bool:
        """A first name alone counts only where it is plainly one who comes along."""
        before = folded[max(0, mention.start - 60) : mention.start]
        after = folded[mention.end : mention.end + 24]
        if fold(mention.name) in self.tokens or fold(mention.name) in re.findall(
            r"[a-z]+", fold(self.letter.signature.split("\n")[0] if self.letter.signature else "")
        ):
            return False
        return bool(
            re.search(
                r"\b(?:jag|mig|mej|me|i|kollega|kollegan|kollegor|kollegorna|colleague|medarbetare|arbetskamrat|anmaler|anmala|anmal|register|sign up|samt|vikarie)\s(?:\w+\s)?(?:och |samt |and |& |\+ |harmed |aven |min |var |mina |vara |kollega |kollegan |kollegor |även |also |with )*$",
                before,
            )
            or re.search(r"^\s(?:och|and|&|samt)\s(?:jag|i|mig|undertecknad)\b", after)
            or self._enumerated(mention)
            or (
                re.search(r"(?:^|[.!?,]\s|\boch\s|\band\s)$", before)
                and re.search(
                    r"^\s(?:kommer|deltar|tar|vill|gar|valjer|onskar|aker|vegetarian|wants|would|will|takes|is coming)\b",
                    after,
                )
            )
            or (
                re.search(r"[A-Za-z]\s(?:och|and|&)\s$", before)
                and re.search(r"\b(?:vi|kollegor\w*|oss|we|anmal\w*)\b", before)
            )
        )

    def _enumerated(self, mention: NameMention) -> bool:
        """`Kim, Robin och Alex från … kommer`: one of several first names that together are who comes."""
        for listed in _ENUMERATED.finditer(self.own):
            if listed.start() <= mention.start < listed.end():
                after = re.split(r"[.!?\n]", fold(self.own[listed.end() :]))[0][:90]
                return bool(_COMES.search(after))
        return False

    def _only_mentioned(self, folded: str, mention: NameMention, everyone: Sequence[NameMention]) -> bool:
        begin, end = next(((a, b) for a, b in sentences(folded) if a <= mention.start < b), (0, len(folded)))
        before, after = folded[begin : mention.start], folded[mention.end : end]
        registers = re.search(
            r"\b(?:an+mm?al\w*|boka\w*|plats\w*|skriv\w*|satt|register\w*|sign|book|registrera\w*|lagg\w*|put|add)\b",
            folded[begin:end],
        )
        if _MENTION_AFTER.match(after):
            return True
        if _MENTION_BEFORE.search(before):
            return not (
                registers
                and re.search(r"\b(?:for|at|till|av)\s(?:\w+\s){0,4}$", before)
                and re.search(
                    r"\b(?:anmalan av|plats\w* (?:for|till|at)|anmal\w* (?:for|av)|boka\w*\b.*(?:for|at|till))\s?(?:\w+\s){0,4}$",
                    before,
                )
            )
        if re.search(r"\d[^.;\n]{0,30}:\s?(?:[^.;\n]*)$", before):
            return False
        if registers or _ATTENDING.search(before[-80:]) or _ATTENDING.search(re.split(r"[.;!?]", after)[0][:60]):
            return False
        return not (_BOTH_OF_US.search(folded) and len(everyone) <= 3)

    def _attends(self, plain: str, colleagues: Sequence[NameMention], excluded: bool) -> bool:
        """Whether the sender herself is to come."""
        if excluded and not _HERSELF.search(plain):
            return False
        own_spans = [
            (m.start, m.end) for m in self.tools.names.mentions(self.own, self.titles) if self._is_sender(m.name)
        ]
        if own_spans and any(_ATTENDING.search(plain[max(0, a - 80) : b + 80]) for a, b in own_spans):
            return True
        if not colleagues and not self._group_count(plain):
            return True
        for start, end in sentences(plain):
            part = re.sub(r"\b(?:hos|fran|av|pa|med|at|from|with) (?:oss|us)\b", " ", plain[start:end])
            if (
                _ME.search(part)
                and (_ATTENDING.search(part))
                and not re.search(
                    r"\b(?:hor av|kontakta|mejla|ring|meddela|let me know|aterkom till|tell me|get back to me|bad mig|vidare(?:befordra\w*)? till mig|tipsade mig|skickade mig|till mig av|fick jag|passed)\b",
                    part,
                )
            ):
                if (
                    re.search(r"\bjag (?:vill|skulle|onskar|kan)\b", part)
                    and re.search(r"\banmal\w*|\bboka\b|\bregister\b|\bsign up\b", part)
                    and not re.search(r"\b(?:mig|mej|oss|me|us|undertecknad|och jag|jag och|delta|komma)\b", part)
                ):
                    continue
                return True
        return False

    def _group_count(self, plain: str) -> int:
        match = _GROUP.search(plain)
        if not match:
            if re.search(
                r"\b(?:en|min|a|my)\s(?:kollega|colleague|medarbetare|arbetskamrat|chef)\b(?!\s[a-z]*[A-Z])", plain
            ) and re.search(
                r"\b(?:jag och|och jag|me and|and i|plus|tar med|samt|jag \+)\b.{0,12}\b(?:kollega|colleague|medarbetare|arbetskamrat|chef)\b",
                plain,
            ):
                return 1
            return 0
        count = _COUNTS.get(match["n"]) or int(match["n"]) if match["n"].isdigit() or match["n"] in _COUNTS else 0
        return count if 0 < count <= 60 else 0

    def _group(self, plain: str, colleagues: Sequence[NameMention], attends: bool) -> int:
        """How many come without being named."""
        match = _GROUP.search(plain)
        count = self._group_count(plain)
        if not count:
            return 1 if re.search(r"\bm\.? ?fl\b|\bmed flera\b|\bet al\b", plain) and colleagues else 0
        if (
            match
            and match["noun"]
            in (
                "till",
                "more",
                "others",
                "another",
                "andra",
                "kollegor",
                "kollega",
                "colleagues",
                "colleague",
                "kollegan",
            )
        ) or match is None:
            named = len(colleagues) if re.search(r"\bkolleg", match.group() if match else "kolleg") or colleagues else 0
            return max(0, count - named)
        return max(0, count - len(colleagues) - attends)

    def _colleague(self, mention: NameMention, sender: Draft, common: Value, everyone: Sequence[NameMention]) -> Draft:
        folded = fold(self.own)
        begin, end = next(((a, b) for a, b in sentences(folded) if a <= mention.start < b), (0, len(folded)))
        draft = Draft(name=Value(mention.name, mention.name))
        segment_end = min([m.start for m in everyone if m.start > mention.start] + [end])
        segment_end = min(
            [segment_end]
            + [
                m.start() + mention.end
                for m in [
                    re.search(r"\b(?:och|samt|and) (?:jag|mig|i|undertecknad)\b", folded[mention.end : segment_end])
                ]
                if m
            ]
        )
        told = [
            m
            for m in self._shifted(self.tools.units.mentions(folded[begin:end]), begin)
            if self._belongs(folded, m, mention) and m.start < segment_end
        ]
        segment = self.own[mention.end : segment_end]
        later = self._later_words(mention)
        if not told and later:
            told = list(self.tools.units.mentions(fold(later)))
        value = settle(told)
        draft.unit = Value(value, ", ".join(self.own[m.start : m.end] for m in told)) if told else common
        employer = self._colleague_employer(segment, later)
        draft.municipality = Value(employer, segment) if employer else sender.municipality
        draft.email = Value(email_in(segment))
        draft.phone = Value(phone_in(segment))
        draft.diet = Value(diet_in(segment) if self._closer(segment) else None, segment)
        return draft

    def _colleague_employer(self, segment: str, later: str) -> str | None:
        for text in (segment, later):
            folded = fold(text)
            units = [(u.start, u.end) for u in self.tools.units.mentions(folded)]
            found = {
                m.name
                for m in self.tools.employers.mentions(folded, units)
                if m.certain and not self.tools._is_session_place(folded, m.start, m.end)
            }
            if len(found) == 1:
                return found.pop()
        return None

    @staticmethod
    def _closer(segment: str) -> bool:
        return not US.search(fold(segment))

    def _later_words(self, mention: NameMention) -> str:
        """Later sentences that speak of the same person by first name: `Isak är allergisk mot ägg`."""
        first = fold(mention.name).split()[0]
        folded = fold(self.own)
        return " ".join(
            self.own[a:b]
            for a, b in sentences(folded)
            if a > mention.start and re.match(rf"\s*{re.escape(first)}\b(?! och)", folded[a:b])
        )

    @staticmethod
    def _shifted(mentions: Sequence[UnitMention], by: int) -> list[UnitMention]:
        return [UnitMention(m.start + by, m.end + by, m.kinds, m.is_title) for m in mentions]

    def date_each(self, drafts: list[Draft]) -> None:
        """Gives people named in prose the days that are said of each, or of all."""
        named = [m for m in self.tools.names.mentions(self.own, self.titles) if not self._is_sender(m.name)]
        self._dates(drafts, named, self._mail_choice())

    def _dates(self, drafts: list[Draft], colleagues: Sequence[NameMention], choice: Choice) -> None:
        """Each person's own dates where the text gives them to each, else the mail's for all."""
        shared_words = self._words_of(choice, self.subject if choice is self.subject_choice else self.own)
        own = self._by_line(drafts) or self._by_person(drafts, colleagues) if len(drafts) > 1 and colleagues else {}
        if not own and len(drafts) > 1 and (self._between(choice, colleagues) or self._both_ways(choice)):
            choice = replace(choice, dates=(), open=True)
        for draft in drafts:
            name = draft.name.value or ""
            picked = own.get("" if draft.is_sender else name)
            if own and not picked and self._same_day_as_me(name, colleagues):
                picked = own.get("")
            draft.dates = picked[0].dates if picked else () if own else choice.dates
            draft.date_words = shared_words if not picked else self._words_of(*picked)
            draft.refused = choice.refused

    def _by_line(self, drafts: Sequence[Draft]) -> dict[str, _Picked]:
        """`12 februari: Kim Ek, Bo Alm` on lines of their own: the day of each line for those named on it."""
        found: dict[str, _Picked] = {}
        for line in self.own.split("\n"):
            named = [d for d in drafts if d.name.value and fold(d.name.value) in fold(line)]
            choice = self.tools.choice(line, self.written) if named else Choice()
            if len(choice.dates) == 1:
                found |= {"" if d.is_sender else d.name.value or "": (choice, line) for d in named}
        return found if len({c.dates for c, _ in found.values()}) > 1 else {}

    def _between(self, choice: Choice, colleagues: Sequence[NameMention]) -> bool:
        """Whether somebody is named between the days: they may not be everybody's."""
        if choice is not self.choice or len(choice.chosen) < 2 or len(choice.dates) < 2:
            return False
        first, last = choice.chosen[0].end, choice.chosen[-1].start
        return any(first <= mention.start < last for mention in colleagues)

    def _both_ways(self, choice: Choice) -> bool:
        """Whether a day is refused in one place and accepted in another: somebody's, and not everybody's."""
        folded = fold(self.own)
        mentions = self.tools.calendar.mentions(folded, self.written, self.tools.blocked(folded))
        accepted = {day for phrase in self.tools.calendar.accepted(folded, mentions) for day in phrase.days}
        return bool(accepted & set(choice.refused))

    def _same_day_as_me(self, name: str, colleagues: Sequence[NameMention]) -> bool:
        """`på samma dag som jag`, in the sentence that names the person."""
        folded = fold(self.own)
        at = next((m.start for m in colleagues if m.name == name), None)
        sentence = next((folded[a:b] for a, b in sentences(folded) if at is not None and a <= at < b), "")
        return bool(
            re.search(
                r"\bsamma (?:dag|datum|tillfalle) som (?:jag|mig|mej)\b|\bsame (?:day|date) as (?:me|i)\b", sentence
            )
        )

    def _by_person(self, drafts: Sequence[Draft], colleagues: Sequence[NameMention]) -> dict[str, _Picked]:
        """Whose each day is, by the clauses; empty when all have the same, or nobody is set apart."""
        folded = fold(self.own)
        groups = self._groups(folded, any(d.is_sender for d in drafts), colleagues)
        mentions = self.tools.calendar.mentions(folded, self.written, self.tools.blocked(folded))
        days = self.tools.calendar.accepted(folded, mentions)
        found: dict[str, list[Phrase]] = {}
        for index, phrase in enumerate(days):
            after = days[index + 1].start if index + 1 < len(days) else len(folded)
            before = days[index - 1].end if index else 0
            for owner in _owners(folded, phrase, before, after, groups):
                found.setdefault(owner, []).append(phrase)
        every = found.pop("*", [])
        if not found or (every and len(found) < 2 and not set(found) - {""}):
            return {}
        picked = {owner: self._days_of(phrases_, folded) for owner, phrases_ in found.items()}
        if every:
            shared = self._days_of(every, folded)
            names = ["" if d.is_sender else d.name.value or "" for d in drafts]
            picked = {name: picked.get(name, shared) for name in names}
        return picked if len({choice.dates for choice, _ in picked.values()}) > 1 or len(picked) < len(drafts) else {}

    def _days_of(self, days: Sequence[Phrase], folded: str) -> _Picked:
        """The days that one person's phrases choose; nothing when they are alternatives."""
        begin, end = days[0].start, days[-1].end
        chosen = tuple(sorted({day for phrase in days for day in phrase.days}))
        if len(days) > 1 and phrases("polarity", "alternative").search(folded[begin:end]):
            chosen = ()
        return Choice(chosen, not chosen, chosen=tuple(days)), self.own

    def _groups(self, folded: str, with_sender: bool, colleagues: Sequence[NameMention]) -> list[_Group]:
        """Those spoken of, in order: each place of the text with the names that stand together there."""
        marks: list[tuple[int, int, str]] = [(m.start, m.end, m.name) for m in colleagues]
        for name in {m.name for m in colleagues}:
            first = re.escape(fold(name).split()[0])
            marks += [(m.start(), m.end(), name) for m in re.finditer(rf"\b{first}\b", folded)]
        if with_sender:
            own = [m for m in self.tools.names.mentions(self.own, self.titles) if self._is_sender(m.name)]
            marks += [(m.start, m.end, "") for m in own]
            marks += [
                (m.start(), m.end(), "")
                for m in re.finditer(r"\b(?:jag|mig|mej|undertecknad|i|me|myself|sjalv)\b", folded)
                if m.group() != "i" or self.own[m.start()] == "I"
            ]
        marks += [
            (m.start(), m.end(), "*")
            for m in re.finditer(r"\b(?:vi|oss|we|us|bada tva|both of us|samtliga|alla)\b", folded)
        ]
        for pronoun in re.finditer(r"\b(?:hon|han|hen|henne|honom|she|he|her|him)\b", folded):
            last = max((m for m in colleagues if m.end <= pronoun.start()), key=lambda m: m.end, default=None)
            if last:
                marks.append((pronoun.start(), pronoun.end(), last.name))
        groups: list[_Group] = []
        for start, end, name in sorted(marks, key=lambda mark: (mark[0], -mark[1])):
            if groups and start < groups[-1].end:
                continue
            gap = folded[groups[-1].end : start] if groups else ""
            listed = _TOGETHER.fullmatch(gap) and (gap.strip() != "," or "" not in (name, *groups[-1].names))
            if groups and listed and "*" not in (name, *groups[-1].names):
                groups[-1] = _Group(groups[-1].start, end, (*groups[-1].names, name))
            else:
                groups.append(_Group(start, end, (name,)))
        return groups

    def _share_diet(self, drafts: list[Draft], layout: Layout) -> None:
        """Diets said in sentences of their own: of all of them, of one by name, else of the sender."""
        text = layout.rest if layout.entries else self.own
        folded = fold(text)
        for start, end in sentences(folded):
            need = diet_in(text[start:end])
            if not need:
                continue
            sentence = folded[start:end]
            at = sentence.find(fold(need)[:12])
            named = [
                d
                for d in drafts
                if d.name.value
                and re.search(rf"\b{re.escape(fold(d.name.value).split()[0])}\b", sentence[: at if at >= 0 else None])
            ]
            if re.search(r"\b(?:bada|bagge|alla|samtliga|both|all of us)\b", sentence[: at if at >= 0 else None]):
                targets = drafts
            elif named:
                targets = named[-1:]
            else:
                targets = [d for d in drafts if d.is_sender] or drafts[:1]
            for draft in targets:
                if not draft.diet.value:
                    draft.diet = Value(need, text[start:end].strip())
        if self.subject and (need := diet_in(self.subject)) and len(drafts) == 1 and not drafts[0].diet.value:
            drafts[0].diet = Value(need, self.subject)


def replace_group(sender: Draft, count: int, choice: Choice) -> Draft:
    """A nameless group of `count`, at the sender's employer."""
    return Draft(municipality=sender.municipality, dates=choice.dates, count=count)
