"""What a change alters and a cancellation takes away: whose registration, and which of its days."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence

from ..domain import Person, Registration, Status
from ..folding import fold
from .acts import Act, Said
from .contacts import diet_in, phone_in
from .drafts import Draft, Value, finish
from .layout import Layout
from .names import NameMention, is_full, is_given, organiser_names
from .people import Assembler
from .people.diets import share_diets
from .people.sentences import same
from .phrasebook import tags_in
from .referents import ALL, SELF, Scope
from .sender import OTHERS
from .sessions import Phrase
from .text import phrases
from .units import UnitMention, settle

_CUE = phrases("intent", "substitute")
_SEAT_TO = re.compile(
    r"\b(?:give|ge|lat|let|transfer|overlat)\b[^.!?\n]{0,50}\b(?:plats|place|seat|spot)\b|\b(?:plats|platsen|place|seat|spot)\b (?:\w+ ){0,5}(?:till|to)\b"
)
_NO_SUBSTITUTE = re.compile(
    r"\b(?:ingen|inga|utan|no|without)\s(?:\w+\s)?(?:ersattare|substitute|replacement)\b|\bersattare (?:utses|finns|skickas) (?:inte|ej)\b|\bersattare (?:i|for) (?:\w+ )?\w*(?:namnd|styrelse|fullmaktige|utskott)\w*"
)
_REPLACED = re.compile(r"\bersatt\w*|\b(?:substitute|replacement)\b")
_MINE = re.compile(
    r"\b(?:min plats|mitt stalle|mitt namn|i min franvaro|ersatter mig|for mig|stallet for mig|byt(?:a)? (?:ut )?mig|ut mig|an jag|my (?:place|seat|spot|chair|stead|name)|instead of me|replaces? me|for me|give (?:her|him) my|than i do)\b"
)
PASSED_ON = re.compile(
    r"\b(?:min|mitt|my|our|var) (?:anmalan|bokning|plats|stol|registration|booking|place|seat|spot)\b[^.!?\n]{0,60}?"
    r"\b(?:(?:tas|taken|tagits) (?:over )?(?:av|by)|overtas av|(?:overga|overgar|overlats|overlamnas|lamnas over|gar over|passes|goes) (?:till|to))\b"
)
"""A place that another gets, said of the place: `Min anmälan den 7:e tas över av Kim Ek`."""
_I_TAKE = re.compile(
    r"\b(?:jag|i|i'll|i can|i will|(?:bett|bad|be|ber|bedd|vill att|skickar|asked|wants?|sends?) (?:mig|me|att jag)(?: att| to)?) (?:\w+ ){0,2}?(?:gar?|komma?|kommer|aker|hoppar in|rycker in|tar?|overtar?|ersatter|ersatta|hoppa in|come|go|take|step in|fill in)\b[^.!?\n,]{0,30}?\b(?:(?:hennes|hans|dennes|\w+s) (?:plats|stalle)|(?:her|his|their|\w+'s) (?:place|seat|spot|stead)|(?:i ?stallet for|instead of|for) (?:henne|honom|her|him)|(?:i ?stallet for|instead of) (?P<whom>\w+))\b"
)
"""The sender as the one who takes over a place: `Jag går i hennes ställe`."""
_LEAVES_BEFORE = re.compile(
    r"\b(?:i ?stallet for|instead of|ersatter|ersatta|replac\w+|byta? ut|byt|stryk\w*|ta bort|remove|in for|efter|vikarierar for|rather than|swap|take off)\s(?:\w+\s){0,2}$"
)
_LEAVES_AFTER = re.compile(
    r"^s?\s(?:plats|namn|stalle|place|seat|spot|name)\b|^'s\b|^,?\s?(?:som )?(?:\w+\s){0,3}?(?:har (?:blivit|fatt|opererat|brutit|slutat|gatt)|ar (?:sjuk|sjukskriven|forhindrad|anmald|bortrest|ledig)|blev sjuk|kan (?:tyvarr )?inte|hinner inte|ligger (?:hemma|sjuk)|slutade|slutar|ersatts|byts|is (?:ill|sick|registered|unable|on leave)|has (?:broken|fallen|left|been)|can't|cannot|who is registered|ut mot)\b"
)
_TAKES_BEFORE = re.compile(
    r"\b(?:mot|till|med|av|with|by|att|skicka\w*|send\w*|skriv\w* (?:dit|in|upp)|satt\w*(?: upp)?|lagg\w* (?:till|in)|boka in|give|ge|att|kommer|gar|that|kollega\w*|colleague|medarbetare|ersattare|blir|tar|to|could|can|istallet|i stallet|have|kan|lat|let)\s(?:(?:var|vara|min|mina|ny|nya|my|our|new|kollega\w*|colleague|\w+(?:are|chef|strateg|arie|ent|officer|manager))\s){0,3}$"
)
_TAKES_AFTER = re.compile(
    r"^,?\s?(?:\([^)]*\)\s?)?(?:[^.!?\n]{0,90}?\s)?(?:kan (?:ga|komma|ta|delta)|kommer|gar|far|tar|overtar|hoppar in|rycker in|ersatter|i (?:mitt|hans|hennes|dennes) stalle|i ?stallet|min plats|hennes plats|hans plats|in (?:my|his|her) place|instead|goes?|will|takes?|could|is going|needs it|ta (?:over )?(?:min|hans|hennes|den)|far overta|stand in|steps in)\b"
)
_CLAUSE = re.compile(r"[.!?;\n]|,\s|\b(?:men|but|and|och)\s")
_MOVES_FROM = re.compile(
    r"\b(?:fran|from|than(?: to)?|an(?: till)?|stallet for|instead of)\s(?:(?!till\b|to\b)\w+\s){0,3}$"
)
_MOVES_TO = re.compile(
    r"\b(?:flytt\w*|byt\w*|boka\w* om|omboka\w*|andra\w*|skift\w*|mov\w+|swap\w*|switch\w*|chang\w*|transfer\w*|rebook\w*)\b[^.!?\n]*\b(?:till|to|for|mot|over to)\s(?:\w+\s){0,2}$"
)
_STANDS = re.compile(
    r"\b(?:star (?:fortfarande )?(?:fast|kvar)|kvarstar|som planerat|galler fortfarande|fortfarande|still|stands|behaller|keep\w*|daremot|kvar|oforandra\w*|as planned|unchanged)\b"
)
_HANDLES_OTHERS = re.compile(
    r"\b(?:jag|vi|i|we)(?:\s|'ll |'d |n't | won't | can't )(?:[\w']+\s){0,3}?(?:avanmala|avanmaler|avboka|avbokar|stryka|stryker|ta bort|tar bort|meddela|meddelar|anmalde|cancel|remove|withdraw|take|inform|notify|let you know|send\w*|skicka\w*|ersatt\w*|lamna aterbud for|lamnar aterbud for|have to tell|skriver|skriva)\b"
)
_JOINT = re.compile(
    r"\b(?:jag|i|mig|me)\b,? (?:och|samt|and|&)\b|\b(?:och|samt|and|&) (?:jag|i|mig|me|undertecknad)\b|\b(?:bade|varken|neither|both) (?:jag|i)\b|\b(?:eller jag|nor (?:i|me|myself))\b|\bjag, [^.!?]{2,60} (?:och|samt) \b|\bme, [^.!?]{2,60} and \b|\b(?:bade|both)\b[^.!?]{2,40} (?:och|and) (?:mig|me|jag|i)\b"
)
_REGISTERED_US = re.compile(
    r"(?![^.!?\n,;]{0,60}\b(?:av|by) (?:mig|oss|me|us)\b)[^.!?\n,;]{0,40}\b(?:anmal\w*|skr[ie]v\w*|satt|bokat|bokade|signed|registered|put|booked)\b[^.!?\n]{0,15}\b(?:mig|oss|me|us)\b"
)
"""Somebody named as the one who registered the sender: `Sofie har anmält mig, men jag kan inte`."""
_COMES_STILL = re.compile(
    r"^\s?(?:,\s)?(?:\w+\s){0,2}?(?:kommer(?! (?:\w+ )?(?:inte|ej|aldrig)\b)|(?:star|gar|ar|blir) kvar|deltar(?! (?:\w+ )?(?:inte|ej)\b)|still comes|is still|are still|will still|comes as)\b|^\s(?:bad|fragar|har kallat|och hans|asked|has called)\b"
)
_REST_COME = re.compile(
    r"\b(?:vi|we) (?:andra|ovriga|tva|tre|fyra|others|other|two|three|four)\b[^.!?]{0,30}\b(?:kommer|deltar|come|coming|are in)\b(?! (?:\w+ )?(?:inte|ej|not)\b)"
    r"|\b(?:the rest|the others|the other two) of us\b[^.!?]{0,20}\b(?:come|coming|will be)\b"
)
"""Those who are left and come: `Vi andra två kommer som sagt`."""
_GREETED = re.compile(r"(?:^|\n)\s*(?:hej|hejsan|hi|hello|dear|basta|kara|tjena|hallo|god \w+) (?:\w+ )?\Z")
_BY_THE_WRITER = re.compile(
    r"\b(?:(?:at|av|via|genom|hos|by|through) (?:mig|oss|undertecknad|me|us)|(?:jag|i|vi|we|undertecknad)\s(?:\w+\s){0,3}?(?:anmal\w*|bokat|bokade|skrev|skriva|skriver|skrivit|rakade|pratat|meddela\w*|glomde|missade|signed|registered|booked|put|wrote|write|forgot)|(?:anmalde|skrev|bokade|glomde) (?:jag|vi)|(?:ber|bad|bett|hjalpa|sager|sa|berattar|asks|asked|tells|told|help|reminds) (?:at |for |till )?(?:mig|me))\b"
)
"""The writer as the one who registered or tells, not as one who is concerned."""
_PASSING = re.compile(
    r"\b(?:fran|av|via|hos|tack|halsa|from|by|enligt|genom|hej|hi|hello|dear|basta|kara|halsar|mvh|ring|kontakta|contact|med|with)\s(?:\w+\s)?\Z"
)
_IS_ABOUT = re.compile(r"[^.!?]{0,20}\b(?:galler|avser|concerns?|applies to|namely|dvs)\b")
_MY = re.compile(r"\b(?:min|mitt|my) (?:plats|dag|anmalan|bokning|place|seat|spot|day|registration|booking)\b")


def changed(work: Assembler) -> tuple[list[Draft], str | None, tuple[dt.date, ...]]:
    """The state asked for; whose place is taken, by name, where it is a substitute's; and the days given up."""
    found = _substitute(work)
    if found:
        substitute, gone = found
        substitute.dates = _days(work, moving=False)
        return [substitute], gone, ()
    drafts = _renamed(work) or _subjects(work)
    wanted = _days(work, moving=not _only_adds(work))
    for draft in drafts:
        draft.dates = (_days_of(work, draft) if len(drafts) > 1 else ()) or wanted
    share_diets(work, drafts, Layout())
    for draft in drafts:
        if not draft.is_sender and not draft.phone.value:
            draft.phone = Value(phone_in(work.own))
    given_up = {day for p in _settled(work) for day in p.days if _is_booked(work, p) or day in work.choice.refused}
    return drafts, None, tuple(sorted(given_up.difference(*(draft.dates or () for draft in drafts))))


# ── whose place ───────────────────────────────────────────────────────────────────────────────────────────────────


def everyone(work: Assembler) -> Iterator[NameMention]:
    """Everybody named in the text besides the sender and the organiser, full names and first names alone."""
    organiser = organiser_names(work.tools.event)
    places = tuple(fold(session.city) for session in work.tools.event.sessions)
    for mention in sorted([*work.full_names, *work.first_names], key=lambda m: m.start):
        before = work.folded[max(0, mention.start - 40) : mention.start]
        if work.is_sender(mention.name) or set(fold(mention.name).split()) <= organiser or _GREETED.search(before):
            continue
        of_a_place = not mention.full and fold(mention.name).startswith(places) and not is_given(mention.name)
        if (mention.full or fold(mention.name) not in work.tokens) and not of_a_place:
            yield mention


def _substitute(work: Assembler) -> tuple[Draft, str | None] | None:
    """Who takes over a place, and whose; None where nobody does."""
    folded = _NO_SUBSTITUTE.sub(lambda m: " " * len(m.group()), work.folded)
    cue = _CUE.search(folded) or (_CUE.search(fold(work.subject)) if work.subject else None)
    mine = bool(_MINE.search(folded) or PASSED_ON.search(folded))
    given = bool(_SEAT_TO.search(folded)) or any(
        _LEAVES_BEFORE.search(folded[max(0, m.start - 50) : m.start]) for m in everyone(work)
    )
    if not mine and (whose := takes_over(work)):
        return work.sender(), whose
    if cue is None and not mine and not given:
        return None
    scores: dict[str, int] = {}
    leaving: dict[str, int] = {}
    for mention in everyone(work):
        before, after = folded[max(0, mention.start - 50) : mention.start], folded[mention.end : mention.end + 130]
        key = next((name for name in scores if same(name, mention.name)), mention.name)
        if is_full(mention.name) and key != mention.name:
            scores[mention.name], leaving[mention.name] = scores.pop(key), leaving.pop(key)
            key = mention.name
        leaves = 3 * bool(_LEAVES_BEFORE.search(before)) + 3 * bool(_LEAVES_AFTER.match(after))
        takes = (
            2 * bool(_TAKES_BEFORE.search(before))
            + 3 * bool(_TAKES_AFTER.match(re.split(r"[.!?\n]", after)[0]))
            + is_full(mention.name)
        )
        scores[key] = scores.get(key, 0) + takes
        leaving[key] = leaving.get(key, 0) + leaves
    ranked = sorted(scores, key=lambda name: leaving[name] - scores[name])
    if not ranked:
        return (Draft(municipality=work.sender().municipality), work.sender_name.value) if cue and mine else None
    best = ranked[0]
    if scores[best] - leaving[best] <= 0 or (cue is None and scores[best] < 3):
        return None
    mention = next(m for m in everyone(work) if m.name == best)
    gone = next((name for name in reversed(ranked[1:]) if leaving[name] > 0), ranked[1] if len(ranked) == 2 else None)
    return work.colleague(
        mention, work.sender(), work.common_unit()
    ), work.sender_name.value if mine or gone is None else re.sub(r"['’]s$", "", gone)


def takes_over(work: Assembler) -> str | None:
    """Whose place the sender takes over, by name: `Kim Ek är sjuk, jag går i hennes ställe`."""
    if not (taken := _I_TAKE.search(work.folded)):
        return None
    told = [m for m in everyone(work) if not _REGISTERED_US.match(work.folded[m.end : m.end + 70])]
    whom = [m for m in told if m.start == taken.start("whom") or (not taken["whom"] and m.start < taken.end())]
    return whom[-1].name if len({m.name.split()[0] for m in whom}) == 1 else None


_RIGHT = re.compile(
    r"\b(?:heter|stavas|skrivs|ska (?:vara|sta|det sta)|ratt (?:namn|stavning)|korrekt\w*|numera|alltsa|utan|namn(?:et)? ar|sitt namn|should (?:be|read|say)|is (?:called|spelled|spelt|actually|really)|name is|correct|spelled|spelt|actually|name's|(?:byt|andra|ratta|change|correct)\w*\b[^.!?\n]{0,60}\b(?:mot|till|to))\b[\s:\"'“”]*(?:\w+\s)?[\"'“”]?\Z"
)
_WRONG = re.compile(
    r"\b(?:inte|ej|not|som|skrev|skriva|skrivit|rakade|listed as|as|blev|blivit|star|stod|wrote|written|till|fran|from)\b[\s:\"'“”]*(?:\w+\s){0,2}[\"'“”]?\Z"
)


def _renamed(work: Assembler) -> list[Draft]:
    """The one whose name is put right, by the right name."""
    told = []
    for mention in work.full_names:
        before = work.folded[max(0, mention.start - 90) : mention.start]
        told.append((2 if _RIGHT.search(before) else -1 if _WRONG.search(before) else 0, mention))
    hers = {fold(name): name for name in (work.letter.sender.name, work.sender_name.value) if name and is_full(name)}
    misspelt = [m for _, m in told if fold(m.name) not in hers and any(_alike(m.name, name) for name in hers.values())]
    if misspelt and (own := next((m for _, m in told if fold(m.name) in hers), None)):
        told = [(3, own)]
    good, best = max(told, key=lambda item: item[0], default=(0, None))
    wrong = bool(misspelt) or any(score < 0 for score, _ in told)
    if "rename" not in tags_in(f"{fold(work.letter.subject)} {work.folded}") and not (good > 0 and wrong):
        return []
    if best is None or good <= 0:
        if any(not work.same_person(mention.name) for _, mention in told):
            return []
        return [work.sender()]
    whole = [m for _, m in told if set(fold(best.name).split()) < set(fold(m.name).split())]
    best = whole[-1] if whole else best
    if work.same_person(best.name):
        draft = work.sender()
        draft.name = Value(best.name, best.name)
        return [draft]
    draft = _colleague(work, best)
    theirs = [
        f.what
        for f in work.unit_facts
        if isinstance(f.what, UnitMention) and OTHERS.search(work.folded[max(0, f.start - 60) : f.start])
    ]
    draft.unit = draft.unit if draft.unit.value else Value(settle(theirs))
    return [draft]


def _alike(one: str, other: str) -> bool:
    """Whether two full names begin alike, so that one may be the other put right."""
    a, b = fold(one).split(), fold(other).split()
    return a[0] == b[0] and a[-1][:2] == b[-1][:2]


def _colleague(work: Assembler, mention: NameMention) -> Draft:
    """One already registered, as the mail tells of her; the town of a session is not her employer."""
    draft = work.colleague(mention, work.sender(), Value(None))
    if any(fold(draft.municipality.words or "") == fold(s.city) for s in work.tools.event.sessions):
        draft.municipality = work.sender().municipality
    return draft


def _subjects(work: Assembler) -> list[Draft]:
    """Those whose registration is altered: whom the sentences that alter something are about, else the sender."""
    adds = _only_adds(work)
    altering = [s for s in work.said if s.p(Act.ALTER) >= 0.4 or (adds and _added_in(work.own[s.start : s.end]))] or [
        s for s in work.said if any(s.start <= f.start < s.end for f in work.day_facts)
    ]
    about = _concerned(work, altering)
    herself = False
    for sentence in altering:
        told = [m.span() for m in _BY_THE_WRITER.finditer(work.folded, sentence.start, sentence.end)]
        mine = [one.start for one in work.spoken.within(sentence.start, sentence.end) if one.who == SELF]
        herself |= any(not any(x <= at < y for x, y in told) for at in mine)
        herself |= bool(_MY.search(work.folded, sentence.start, sentence.end))
    days = [f.owners for f in work.day_facts if any(s.start <= f.start < s.end for s in altering)]
    owners = {owner for owns in days for owner in owns}
    joined = any(_JOINT.search(work.folded, s.start, s.end) for s in altering) and not owners.isdisjoint({SELF, ALL})
    if herself and about and all(any(who in owns for owns in days) for who in (SELF, *about)):
        return [work.sender(), *(_colleague(work, mention) for mention in about.values())]
    if not about or (herself and not joined and (owners.isdisjoint(about) or SELF in owners)):
        return [work.sender()]
    sender = [work.sender()] if herself and joined else []
    return [*sender, *(_colleague(work, mention) for mention in about.values())]


def _only_adds(work: Assembler) -> bool:
    """Whether a need or a number is added to what stands, and nothing moved."""
    moves = any("instead" in work.tags(s) or _MOVES_TO.search(work.folded, s.start, s.end) for s in work.said)
    return not moves and _added_in(work.own)


def _added_in(text: str) -> bool:
    return bool(diet_in(text) or phone_in(text))


# ── which days ────────────────────────────────────────────────────────────────────────────────────────────────────


_APART = re.compile(r"\b(?:till|to|rather than|i ?stallet for|instead of|than)\b")


def _settled(work: Assembler) -> list[Phrase]:
    """The phrases that name one day each; `från Mora till Falun den 7:e` is two."""
    parts: list[Phrase] = []
    for phrase in work.choice.phrases:
        pieces = [[phrase.mentions[0]]]
        for before, mention in itertools.pairwise(phrase.mentions):
            if _APART.search(work.folded, before.end, mention.start):
                pieces.append([])
            pieces[-1].append(mention)
        if len(pieces) == 1:
            parts.append(phrase)
            continue
        for piece in pieces:
            days = frozenset.intersection(*(frozenset(m.days) for m in piece))
            parts.append(Phrase(tuple(piece), days, not days))
    return [p for p in parts if p.settled and not p.foreign and not p.only_a_month]


def _lead(work: Assembler, phrase: Phrase) -> str:
    """The clause before a day."""
    near = max(0, phrase.start - 400)
    begin = max((m.end() for m in _CLAUSE.finditer(work.folded, near, phrase.start)), default=near)
    return work.folded[begin : phrase.start]


def _days_of(work: Assembler, draft: Draft) -> tuple[dt.date, ...]:
    """The day that is asked for one of several."""
    key = SELF if draft.is_sender else draft.name.value
    mine = [f.what for f in work.day_facts if key in f.owners and isinstance(f.what, Phrase)]
    days = {day for p in mine if p.settled and not _is_booked(work, p) for day in p.days}
    return tuple(days) if len(days) == 1 else ()


def _is_booked(work: Assembler, phrase: Phrase) -> bool:
    """Whether a day is the one that stands so far: in the clause that says so, or behind `from`."""
    lead = _lead(work, phrase)
    if _MOVES_FROM.search(lead):
        return True
    if _MOVES_TO.search(lead):
        return False
    if re.search(r"\b(?:inte|ej|not)\s(?:\w+\s){0,2}\Z", lead):
        return True
    sentence = work.act_at(phrase.start)
    end = min(phrase.end + 30, sentence.end if sentence else len(work.folded))
    return "registered" in tags_in(work.folded[phrase.start - len(lead) : end]) or bool(
        re.search(
            r"\b(?:anmald\w*|anmalde|signed up|registered|booked|confirmed|had (?:written|put)|have me|har mig|uppskriven|tackade ja|skrev upp|finns pa|(?:star|stod|sitter) (?:\w+ )?pa|on (?:your|the) list|pa (?:din|er) lista)\b",
            lead,
        )
    )


def _days(work: Assembler, moving: bool) -> tuple[dt.date, ...]:
    """The days a change is about: those asked for when it moves, else those that stand."""
    settled = _settled(work)
    booked = [p for p in settled if _is_booked(work, p)]
    left = {day for p in booked for day in p.days}
    new = [p for p in settled if p not in booked and not p.days <= left] or [p for p in settled if p not in booked]
    fresh = [p for p in new if not set(p.days) <= set(work.choice.refused)] or new
    asked = (
        [p for p in fresh if _MOVES_TO.search(_lead(work, p))]
        or [p for p in fresh if work.p(p.start, Act.ALTER) >= 0.5]
        or [p for p in fresh if work.p(p.start, Act.ALTER, Act.ATTEND) >= 0.35]
        or fresh
    )
    if moving and asked:
        days = {day for p in asked for day in p.days}
        return (
            tuple(sorted(days))
            if len(days) == 1 or all(len(p.days) > 1 for p in asked)
            else tuple(sorted(asked[-1].days))
        )
    said = {day for p in (booked or settled) for day in p.days}
    if not said and work.subject_choice.dates:
        return work.subject_choice.dates
    return tuple(sorted(said)) if len(said) == 1 or not moving else ()


_TOGETHER = re.compile(
    r"\b(?:oss (?:bada|bagge|alla|tva|tre|fyra)|(?:bada|alla) (?:tva|tre|fyra)|ingen av (?:oss|de anmalda)|(?:both|neither|none|all) of us|us (?:both|all))\b"
    r"|(?:^\s*|[.!?\n,;:]\s*|\b(?:att|so|sa|men|but|och|and|that|tyvarr|unfortunately|sorry) )(?:vi|we) (?:[\w']+ ){0,4}?(?:inte|ej|avboka\w*|avsta\w*|tacka nej|lamna aterbud|byta?|byter|flytta\w*|boka om|can't|cannot|can not|unable|cancel|withdraw|move|change|switch)\b"
)


def together(work: Assembler, people: Sequence[Person]) -> bool:
    """Whether the sender, who names nobody, speaks for all whom she registered: `för oss båda`, `vi kan inte komma`."""
    alone = len(people) == 1 and people[0].is_sender and not people[0].replaces
    return alone and any(
        _TOGETHER.search(work.folded[s.start : s.end]) for s in work.said if s.p(Act.ABSENT, Act.ALTER) >= 0.35
    )


# ── cancellations ─────────────────────────────────────────────────────────────────────────────────────────────────


def absent(work: Assembler) -> list[Draft]:
    """Who is not coming: those named as absent, the sender, or both."""
    named = _named_absent(work)
    drafts = [work.colleague(m, work.sender(), Value(None)) for m in named]
    if not named or _absent_too(work, named):
        drafts.insert(0, work.sender())
    days = _cancelled_days(work)
    for draft in drafts:
        draft.dates = days
    return drafts


def _named_absent(work: Assembler) -> list[NameMention]:
    declines = [
        s
        for s in work.said
        if s.p(Act.ABSENT) >= 0.35 or (s.p(Act.ATTEND) < 0.5 and work.tags(s) & {"not_coming", "cancel"})
    ] or sorted(work.said, key=lambda s: -s.p(Act.ABSENT, Act.ALTER))[:1]
    first = min((s.start for s in declines), default=0)
    listed = [s for s in work.spoken.scopes if s.start > first and _IS_ABOUT.match(work.folded[s.start : s.end])]
    items = (s for s in work.spoken.scopes if s.start > first and s.item and s.end - s.start < 60)
    listed += [s for s in items if work.p(s.start, Act.ATTEND) < 0.5]
    return list(_concerned(work, [*declines, *listed]).values())


def _concerned(work: Assembler, parts: Sequence[Said | Scope]) -> dict[str, NameMention]:
    """Whom parts of the text are about, by name or by a word that stands for one; not those named in passing."""
    known = {mention.name: mention for mention in everyone(work)}
    found: dict[str, NameMention] = {}
    for part in parts:
        for one in work.spoken.within(part.start, part.end):
            before, after = (
                work.folded[max(part.start, one.start - 40) : one.start],
                work.folded[one.end : one.end + 70],
            )
            passing = _PASSING.search(before) or _COMES_STILL.match(after) or _REGISTERED_US.match(after)
            if one.who in known and not (one.named and passing):
                found.setdefault(one.who, known[one.who])
            elif work.folded[one.start : one.end] in ("de", "dem", "they", "them"):
                found.update((name, m) for name, m in known.items() if m.full and m.end <= one.start)
    return found


def _absent_too(work: Assembler, named: Sequence[NameMention]) -> bool:
    """Whether the sender is not coming either, though others are named."""
    for sentence in work.said:
        if sentence.p(Act.ABSENT, Act.ALTER) < 0.35 and not work.tags(sentence) & {
            "not_coming",
            "cancel",
        }:
            continue
        part = work.folded[sentence.start : sentence.end]
        if any(not _COMES_STILL.match(part[m.end() :]) for m in _JOINT.finditer(part)) or re.search(
            r"\b(?:stryk|avboka|avanmal\w*|ta bort|remove|cancel|withdraw)\s(?:\w+\s)?(?:mig|me|oss|us)\b", part
        ):
            return True
        here = [m for m in named if sentence.start <= m.start < sentence.end]
        subject = re.search(r"\b(?:jag|i|vi|we)\b", part)
        english_i = subject and subject.group() == "i" and work.own[sentence.start + subject.start()] != "I"
        if (
            subject
            and not english_i
            and not here
            and not _REST_COME.search(part)
            and not _HANDLES_OTHERS.search(part)
            and not _REPLACED.search(part)
            and sentence.p(Act.ABSENT) >= 0.5
        ):
            return True
    listed = re.search(
        r"(?:^|\n)\s*(?:[-*•]\s*)?(?:(?:och|samt|and)\s)?(?:undertecknad|jag sjalv|jag|myself|me)\s*[.!]?\s*(?:\n|$)",
        work.folded,
    )
    return bool(listed)


def _cancelled_days(work: Assembler) -> tuple[dt.date, ...]:
    """The days of what cancels; the ones kept ("fredagen står fast") left out."""
    stays: set[dt.date] = set()
    kept: set[dt.date] = set()
    gone: set[dt.date] = set()
    declined: set[dt.date] = set()
    for phrase in _settled(work):
        sentence = work.act_at(phrase.start)
        part = work.folded[sentence.start : sentence.end] if sentence else work.folded
        if len(phrase.days) == 1 and _STANDS.search(part):
            stays |= phrase.days
        elif sentence and sentence.p(Act.ATTEND) > 0.6 and phrase.days.isdisjoint(work.choice.refused):
            kept |= phrase.days
        else:
            gone |= phrase.days
            declined |= phrase.days if sentence and sentence.p(Act.ABSENT) >= 0.35 else set()
    gone = declined or gone
    refused = set(work.choice.refused)
    gone = (gone & refused) or gone if len(gone) > 1 and refused and kept | stays else gone
    return tuple(sorted((gone - stays) or (set(work.subject_choice.dates) - kept - stays)))


_IN_LINE = re.compile(r"\b(?:reserv\w*|vantelist\w*|kon|koplats\w*|queue|wait(?:ing)? ?list|in line)\b")
_SOME_STAY = re.compile(
    r"\b(?:racker (?:bra )?med (?:en|ett|tva|two)|(?:de|den|det) (?:andra|ovriga)|ovriga|resten|de (?:tva|tre)|the (?:others?|rest|remaining)|one (?:day )?(?:is|will be|must be) enough)\b"
)


def of_those(work: Assembler, draft: Draft, rows: Sequence[Registration]) -> tuple[dt.date, ...] | None:
    """Which of the days that somebody has a cancellation without dates is about: the one she waits for, the one whose
    place is named; () is all of them. None where some stay and it is not clear which."""
    live = [row for row in rows if row.status is not Status.CANCELLED and row.date]
    hers = [row for row in live if fold(row.name or "").split()[:1] == fold(draft.name.value or "").split()[:1]] or live
    if draft.dates or len({row.date for row in hers}) < 2:
        return draft.dates
    told = " ".join(work.folded[s.start : s.end] for s in work.said if s.p(Act.ABSENT) >= 0.35)
    line = [row.date for row in hers if row.date and row.status is Status.WAITLISTED]
    if line and _IN_LINE.search(told):
        return tuple(line)
    days = {row.date for row in hers}
    for session in work.tools.event.sessions:
        words_ = "|".join(re.escape(fold(word)) for word in (session.city, session.venue, *session.aliases))
        if not re.search(rf"\b(?:{words_})(?!s? kommun)", told):
            days.discard(session.date)
    if len(days) == 1:
        return tuple(day for day in days if day)
    return None if _SOME_STAY.search(work.folded) or _STANDS.search(work.folded) else ()


def as_people(drafts: Sequence[Draft], work: Assembler) -> tuple[Person, ...]:
    """Drafts as people of whom nothing is missing: what is not said stays as it was."""
    return tuple(finish(draft, work.tools.event, complete=False) for draft in drafts)
