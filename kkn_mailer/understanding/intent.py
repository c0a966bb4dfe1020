"""What the sender wants: the kind of a mail that a human wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..domain import Kind, Letter, Thread
from ..event import Event
from ..folding import fold
from .names import is_given, organiser_names
from .sessions import Choice, Form
from .text import names_listed, phrases, sentences, tokens

_REGISTER = re.compile(
    r"\b(?:(?:for|in)?an+mm?ala\b(?!\s?(?:dig|er\b|sig|antal))|\b(?:for|in)?an+mm?al(?:er|es|s)?\b(?!\s?(?:dig|er\b|ditt|ert|din\b|senast|gors|sker|ar oppen|tas emot|via|har\b|mot))|anm\b\.?(?=\s*[\d:]|\s+(?:till|av|for)\b)|\w+ plats(?:er)? (?:till|at|for) (?:mig|oss|undertecknad)|registrera(?:r|s)?\b(?!\s(?:dig|er|sig))|teckna upp|"
    r"(?:skriv|satt|for|still?)(?:a|er|ar|t)? (?:garna )?(?:\w+ ){0,4}?upp\b(?! till \d)|skriv(?:a|er)? in (?:mig|oss|mej)|bok(?:a|ar)\b(?: garna| in| upp| harmed)* (?:in )?(?:\w+ )?(?:mig|mej|oss|plats|en plats|tva|tre|in|\w+ platser|undertecknad|min|namn|\d)|reserver(?:a|ar)\b.{0,30}plats|(?:melder|tilmelder|melde|tilmelde) (?:\w+ )?(?:meg|mig|oss|os)\b|confirm (?:my|our) (?:attendance|participation|place|seat)|bekraftar (?:\w+ )?(?:mitt|vart|min) (?:deltagande|medverkan|narvaro)|hoppas (?:att )?(?:det|ni|du) (?:finns|har) (?:\w+ )?plats(?:er)?|rakn(?:a|ar) (?:garna )?(?:med|in) (?:mig|mej|oss|\w+ (?:personer|platser|deltagare|st\b|fran))|"
    r"(?:lagg|satt)(?:a|er)? (?:garna |in |till )*(?:mig|mej|oss|\w+ namn|namnen|\w+ person\w*|\w+)(?: till| pa listan)|ta med (?:mig|oss) pa|hang(?:er|a) (?:garna )?(?:pa|med)\b|hak(?:ar|a) (?:garna )?pa\b|(?:vill|onskar|tar|ta|tack for|ha|fa|behover|skulle garna ha) (?:emot |jag |vi |garna |ha |boka |fa |gora )*(?:en |(?!ingen|inte|upp)\w+ )?(?:plats(?:er)?|stol(?:ar)?|anmalan)\b|pricka (?:av|in|for) (?:mig|oss)|noter(?:a|ar) (?:mig|oss|foljande|\w+ som)|"
    r"(?:vill|onskar|skulle vilja|vill garna|garna|skulle garna vilja|skulle garna|tanker|har tankt|onskar att|tackar ja (?:till )?|ja tack till) (?:jag |vi |garna |ocksa |aven )*(?:att )?(?:vara med|va med|delta|deltaga|komma(?! och | in | pa intervju| till mig| tillbaka)|medverka|narvara|ga(?! igenom)|ga pa|folja med|besoka|ansluta|vara pa plats|komma med)\b|tackar (?:\w+ )?ja\b|"
    r"(?:sign|signing) (?:me |us |my \w+ |him |her |them |both |\w+ \w+ |the following )?up\b(?! more| for our| here| now)|register(?:ing)? (?:me|us|my\w*|the|two|three|our|for|to|both|\w+ \w+ for)|(?:to|like to|want to|hereby|will|i|we|please) register\b|put(?:ting)? (?:\w+ ){1,4}?down\b|(?:add|adding|include) (?:me|us|my|two|three|our|both|the following|these|\w+ \w+)\b|count (?:me|us) in|book (?:me|us|a|two|three|one|my)|save (?:me|us) a|(?:'d|would) (?:like|love|be happy|be glad) to (?:attend|join|come|take part|participate|be there|be part)|(?:will|'ll|going to|plan to|planning to|happy to|want to|wish to) (?:be )?(?:attend|join|tak(?:e|ing) part|participat|attending|joining|com(?:e|ing))|rsvp|i'm in\b|enrol(?:l)?\b|pencil me in|two (?:more )?names|reserve (?:a|me|us|one|two))"
)
_NOUN = re.compile(
    r"\b(?:an+mm?alan|an+mm?alningar(?:na|ar)?|pamelding|tilmelding|registration|sign-?up|signing up|registrering|bokning|deltagande|booking)\b"
)
_NOUN_HERE = re.compile(
    r"(?<!\bi )(?<!\btill )(?<!\bpa )(?<!\bom )(?<!\bfran )(?<!\bangaende )(?<!\bmed )\b(?:harmed|har kommer|hermed|min|var|vara|mina|foljande|har ar|skickar|sander|bifogar|nedan|en|formell|sen|snabb|here is|here's|my|our|late)\s(?:\w+\s){0,3}(?:an+mm?alan|an+mm?alningar|registration|anmalningarna|sign-up)|^\s*an+mm?alan(?! till (?:mig|oss|undertecknad|\S+@))|\ban+mm?alan\s?(?::|till(?! (?:mig|oss|undertecknad|\S+@))|av|avser|galler|for)|^\s*registration\b"
)
_COME = r"(?:kommer|gar (?:den|pa|bada|till|da)|aker (?:till|pa)|komer|deltar|deltager|medverkar|narvarar|ar med|vara med|va med|blir med|foljer med|dyker upp|gar (?:pa|garna)|ansluter|infinner|hanger|tackar|will be|am coming|will come|will attend|will join|'ll be|'ll come|'ll join|'ll attend|come|attend|join)"
_PROMISE = re.compile(
    rf"\b(?:jag|vi|undertecknad|i|we)\s?(?:\w+\s){{0,2}}?{_COME}\b(?! att\b)|\b(?:jag|undertecknad|i) (?:och|samt|and|\+|&) (?:\w+\s){{1,6}}?{_COME}\b(?! att\b(?! (?:delta|komma|vara med|narvara|medverka)))|(?:^|[,.!:)]\s*|\boch\s){_COME}\b(?! att\b)(?! det\b)|\b{_COME} (?:jag|vi|gärna|garna|undertecknad|\w+ och jag)\b|\bblir det (?:jag|vi|\w+ och jag)\b|\bja tack\b|\byes please\b|\bi'm in\b|\bcount me in\b|\bkommer det \w+ (?:personer|st|stycken|kollegor|deltagare|till)\b|\bdet (?:blir|kommer) \w+ (?:personer|st|kollegor|deltagare|stycken)\b"
)
_ARRIVES = re.compile(rf"\b{_COME}\b(?! (?:inte|ej|tyvarr|dessvarre|not|att))")
_OUR_ANSWER = re.compile(r"\b(?:bekraft\w+|confirm\w+)\b")
_INVITED = re.compile(r"\b(?:inbjud\w+|inbjudan|bjuder in|invit\w+|er dag|din dag|era dagar|dina dagar|your days?)\b")
_HOLD = re.compile(r"\bhall(?:a|er)? (?:\w+ ){0,3}(?:plats\w*|stol\w*)|\bhold (?:\w+ ){0,3}(?:place|seat|spot)s?\b")
_DEPUTY = re.compile(r"\bersattare (?:i|for) (?:\w+ )?\w*(?:namnd|styrelse|fullmaktige|utskott)\w*")
_HOSTS = re.compile(
    r"\b(?:kom garna|valkommen|valkomna|vi ordnar|vi arrangerar|vi bjuder in|kallelse|kallas|hoppas (?:att )?(?:du|ni) (?:kan|vill)|welcome to|join us|we invite)\b"
)
_SELF_IN = re.compile(
    r"\b(?:anmal(?:er|a|s)?|skriv\w*|satt\w*|boka\w*|registrer\w*) (?:(?!till)\w+ ){0,2}(?:mig|mej|oss|undertecknad)\b|\b(?:sign|register|put|count|book|add) (?:me|us)\b"
)
_MEETING = re.compile(
    r"\b(?:som avtalat|enligt overenskommelse|ga igenom|bokat\b[^.]{0,40}\bat (?:er|dig)|serveras|tekniken|avtalet|skriva under|as agreed|lokalen|mote\w*|traffas|ses over|har du tid|boka tid|ringas?|samtal\w*|lunch\w* ihop|meeting|have time|call)\b"
)
_LISTED = re.compile(
    r"\b(?:jag|vi|i|we)(?: \w+)? (?:star|ar|am|are)(?: \w+)? (?:pa listan|anmald\w*|on the list|registered|med pa)\b"
)
_UNDECIDED = re.compile(
    r"\b(?:ska|maste|behover|vill|far)\b[^.!?]{0,25}\b(?:kolla|hora|stamma av|prata|checka|fraga|diskutera|fundera)\b"
    r"|\baterkomm\w+ (?:\w+ ){0,4}(?:med|om|nar|sa fort|senare|inom)\b|\bhor(?:er)? av (?:mig|oss)\b"
    r"|\b(?:need|have) to (?:check|ask|talk)\b|\bget back\b"
)
_REGRETS = re.compile(
    r"\b(?:tyvarr|dessvarre|unfortunately|sadly|i'm afraid|regret)\b[^.!?\n]{0,60}\b(?:inte|ej|nej|not|can't|cannot|no|unable|forhinder|forhindrad)\b"
    r"|\b(?:inte|ej|nej|not|can't|cannot)\b[^.!?\n]{0,40}\b(?:tyvarr|dessvarre|unfortunately|sadly)\b"
    r"|\b(?:gar|funkar|fungerar|passar|blir)\b[^.!?\n]{0,25}\b(?:inte|inget|ingen)\b(?! bara)[^.!?\n]{0,25}\b(?:ihop|for (?:mig|oss)|denna gang|den har gangen|i ar|av|del)\b"
)
THANKS = re.compile(r"\b(?:tack\w*|thanks?|thank you|ses|see you|perfekt|toppen|super|bra|great)\b")
_PICK = re.compile(
    r"\b(?:jag|vi|i|we|min del|mig|me|us|oss)\b.{0,40}?\b(?:tar|valjer|valt|foredrar|passar|funkar|fungerar|vill ha|onskar|take|choose|prefer|works|suits|go (?:for|with)|going (?:for|with)|pick|opt)\b|(?:^|[,.!:]\s*)(?:tar|valjer|foredrar|garna|helst|det blir|blir|far det bli|det far bli|passar|funkar|ses|vi ses|see you|take)\b|\bgarna\b|\bhelst\b|\b(?:tar|valjer) (?:jag|vi|garna)\b|\bpassar (?:mig|oss|mitt|vart|bra|bast|fint|utmarkt|perfekt|prima|utmarkt)\b|\bworks (?:for me|best)\b|\b(?:vi )?ses\b|\b(?:far|kan) det bli\b|\bdet (?:far|kan) bli\b|\bsatsar\b"
)
_CANCEL = phrases("intent", "cancel")
_NOT_COMING = phrases("intent", "not_coming")
_STAYS_AWAY = re.compile(
    r"\b(?:kommer|dyker|deltar|medverkar|narvarar|infinner|ansluter|foljer)\s(?:\w+\s){0,3}?(?:inte|ej)\b(?! (?:ihag|at|undan|bara|forran))"
)
_REGISTERED = phrases("intent", "registered")
_CHANGE = phrases("intent", "change")
_INSTEAD = phrases("intent", "instead")
_SUBSTITUTE = phrases("intent", "substitute")
_RENAME = phrases("intent", "rename")
_HEDGE = phrases("intent", "hedge")
_ASK = phrases("intent", "ask")
_REQUEST = phrases("intent", "request")
_NOT_ME = phrases("intent", "not_me")
_HOSTILE = phrases("intent", "hostile")
_DOUBT = phrases("intent", "doubt")
_DIET = phrases("diet", "words")
_SELF = re.compile(r"\b(?:jag|mig|mej|vi|oss|min|mitt|var|i|me|my|we|us|our)\b")
_ADD = re.compile(
    r"\b(?:lagg(?:a|er)? (?:\w+ ){0,3}till|glomde|missade|tillagg|komplettera\w*|forresten|ocksa att|en sak till|en grej till|add|forgot|also|one more thing|notera|for ovrigt|ps)\b"
)
_ONLY_ASKS = re.compile(
    r"for sent att|fortfarande (?:mojligt|plats|oppet)|gar det (?:fortfarande )?att|hur (?:anmaler|gor|bokar)|(?:var|nar|vart) (?:anmaler|ska|skickar)|kan man\b|far man\b|maste man\b|behover man\b|ska man\b|do (?:i|you|we) need to|how (?:do|can) (?:i|we)|is it (?:too late|possible)|too late to|behover (?:jag|vi) anmala|maste (?:jag|vi) anmala|(?<!hoppas det )(?<!hoppas att det )finns (?:det )?(?:\w+ )?plats|nar ar sista|senast|sista anmalningsdag|deadline|jag (?:redan )?anmald\b|skickade|kom .{0,25}fram|om jag (?:anmal|kommer)|om vi (?:anmal|kommer)"
)
_OTHER_NOUNS = re.compile(
    r"\b(?:kurs(?:en)?|\w+kurs(?:en)?|middag\w*|lunch(?:en)?|forelasning\w*|fest(?:en)?|\w+fest(?:en)?|brollop\w*|konsert\w*|retreat\w*|slakttraff\w*|yoga\w*|massa(?:n)?|webbinari\w*|webinar\w*|course|dinner|party|wedding|concert|lecture|boklansering\w*|cirkel\w*|studiecirkel\w*|vernissage\w*|premiar\w*|handledning\w*|coachning\w*|coaching|arsmote\w*|styrelsemote\w*|after ?work|julbord\w*|medlemskap\w*|nyhetsbrev\w*|newsletter|podd\w*|intervju\w*|interview\w*|utstallning\w*|marknad(?:en)?|resa|resan|loppet|lopp|laget|provtraning\w*|ledarutbildning\w*|biljett\w*|tickets?|certifiering\w*|masterclass|mentorprogram\w*)\b"
)
_HIRE = re.compile(
    r"\b(?:arvode\w*|book a (?:call|meeting|demo)|quick call|call with you|we help|i(?:'d| would) love to (?:show|help)|boka (?:in )?ett (?:mote|samtal)|forelas\w*|offert\w*|anlita\w*|bo(?:ka|kar) (?:in )?dig|ha dig (?:som|hos)|hyra in dig|moderera\w*|moderator\w*|inleda|inledningstal\w*|timpris\w*|faktura(?:n|or|s)?|avtal(?:et)?|praktikplats\w*|soker praktik|praktik hos|ansokan om|examensarbete\w*|uppsats\w*|intervjua\w*|styrgrupp\w*mote\w*|deklaration\w*|momsen|kvitton?|seo|page 1 of google|your website|backlinks|traffic|samarbete kring|vara jury|jurymedlem|upplagget|manus|projektorn?|konferensrum\w*|konferenslokal\w*|broschyr\w*|rabatt\w*|kampanj\w*|erbjudande\w*|larmet|vaktmastaren|nyckeln|nycklarna|lokalhyra\w*|speaking fee|invoice\w*|quote for|hire you|keynote)\b"
)
_MOVES = re.compile(
    r"\b(?:byt(?:a|er|e)?\b(?! (?:jobb|tjanst|arbetsgivare|mejl|mail))|(?<!sig inte )flyttar?\b(?! ihop| till en| hit| dit)|omboka\w*|boka(?:r)? om|move (?:me|us|my|\w+ to)|switch\w*|swap\w*|resched\w*|rebook\w*|chang(?:e|ing) (?:my|me|to|from|our|the|day)|andra (?:min|till|dag|datum|fran|mitt|var|anmalan)\b|\bskift(?:a|ar|at) (?:dag|plats|datum|tillfalle)\w*)"
)
_PRIVATE = re.compile(
    r"\b(?:gumman|gubben|puss|mamma|pappa|mormor|morfar|farmor|farfar|moster|faster|farbror|svarmor|kusin|alskling|hjartat|kompis|kor(?:en|helg\w*|resa\w*|ovning\w*)|syrran|brorsan|barnen|fika hos|hem till|hemma hos|sova over|middag hos|honey|sweetie|mum|grandma)\b"
)


@dataclass(frozen=True, slots=True)
class Intent:
    """The kind, whether something is asked besides, and why a person should look when it is doubtful."""

    kind: Kind
    question: bool = False
    doubt: str = ""
    act: bool = False
    """Whether the words themselves ask for a place (rather than only promise to come)."""


class Topic:
    """What shows that a mail is about this event; build once per event."""

    def __init__(self, event: Event) -> None:
        self.event = event
        telling = {
            t.group()
            for t in tokens(fold(event.name))
            if len(t.group()) >= 7 or (len(t.group()) >= 3 and t.group().upper() in event.name)
        }
        telling -= (
            {fold(e.name).split()[-1] for e in event.employers} | {fold(s.city) for s in event.sessions} | _GENERIC
        )
        stems = {
            re.sub(r"(?:arna|erna|orna|dagar|dagarna|dag|ar|er|en|et|n|na)$", "", word)
            + ("dag" if "dag" in word else "")
            for word in telling
        }
        self.words = re.compile(
            "|".join(
                rf"\b{re.escape(stem)}\w*"
                for stem in sorted(telling | {s for s in stems if len(s) >= 5}, key=len, reverse=True)
            )
            or "(?!)"
        )
        self.organiser = organiser_names(event)
        cities = {fold(session.city) for session in event.sessions}
        self.elsewhere = {fold(name) for name in names_listed("municipalities.txt")} - cities
        self.general = re.compile(
            r"\b(?:inspirationsdag\w*|workshop\w*|utbildningsdag\w*|konferens\w*|seminari\w*|evenemang\w*|arrangemang\w*|event|dagarna|tillfallet|inbjudan|invitation|your day|the day|the days|natverkstraff\w*|temadag\w*|kurs\w*|traff\w*)\b"
        )

    def quotes_us(self, letter: Letter) -> bool:
        """Whether what is quoted or passed on is our invitation or an answer of ours."""
        text = fold(letter.quoted + "\n" + letter.forwarded)[:20000]
        if not text.strip():
            return False
        if self.event.contact_address in text or self.words.search(text) or fold(self.event.name)[:30] in text:
            return True
        named = (rf"\b{s.date.day}\b[^\n]{{0,40}}{re.escape(fold(s.city))}" for s in self.event.sessions)
        return sum(bool(re.search(pattern, text)) for pattern in named) > 1

    def about(self, text: str, choice: Choice) -> int:
        """How plainly a text is about this event: 0 not, 1 by a place or weekday, 2 by a day or its name, 3 both."""
        named = bool(self.words.search(text))
        forms = {m.form for p in choice.phrases if not p.foreign for m in p.mentions if m.days}
        agreeing = any(
            len({m.form for m in p.mentions} - {Form.RELATIVE, Form.MONTH}) > 1 and p.settled for p in choice.phrases
        )
        day = agreeing or bool(forms & {Form.DAY, Form.VENUE, Form.ORDINAL, Form.ALL, Form.WEEK})
        loose = bool(forms) or bool(self.general.search(text))
        return 3 if named and day else 2 if named or day else 1 if loose else 0


_GENERIC = {
    "utveckla",
    "kommunen",
    "regionen",
    "kommuner",
    "sverige",
    "framtid",
    "framtiden",
    "tillsammans",
    "tjanstepersoner",
    "sodermanland",
}


def classify(
    letter: Letter,
    text: str,
    subject: str,
    choice: Choice,
    topic: Topic,
    thread: Thread,
    invited_employer: bool = False,
    lists: bool = False,
    colleagues: bool = False,
) -> Intent:
    """The kind of a mail by the sender's own words; `text` and `subject` are folded, the subject empty if inherited.

    `invited_employer`: it comes from the mail domain of one; `lists`: it names people one a line, or fills in a form;
    `colleagues`: it names others as coming.
    """
    both = f"{subject}\n{text}" if subject else text
    plain = _NOT_ME.sub(" ", both)
    spans = sentences(plain)
    parts = [plain[a:b] for a, b in spans]
    invited = topic.quotes_us(letter) or thread.answers_us
    about = topic.about(both, choice)
    concerned = invited or about >= 2 or bool(thread.registrations)
    asks = _asks(parts)
    act = _acts(parts, subject) or (lists and about >= 2 and not _hedged(parts))
    booked = bool(thread.registrations) or (not subject and bool(_OUR_ANSWER.search(fold(letter.subject))))
    registered = bool(_REGISTERED.search(plain)) or booked
    cancels = any(_CANCEL.search(p) for p in parts if "?" not in p or _REQUEST.search(p) or _SELF.search(p))
    declines = any(
        not re.search(r"\b(?:du|ni|you)\s(?:\w+\s){0,2}$", plain[max(0, m.start() - 25) : m.start()])
        for m in (*_NOT_COMING.finditer(plain), *_STAYS_AWAY.finditer(plain))
    )
    wanted = bool(choice.dates)

    named = bool(topic.words.search(both)) or invited_employer
    placed = (
        act
        and about >= 2
        and any(
            _REGISTER.search(p) and re.search(r"\d", p) and not _HIRE.search(p) and not _OTHER_NOUNS.search(p)
            for p in parts
        )
    )
    if _HOSTILE.search(both):
        return Intent(Kind.UNRELATED, doubt="Mejlet försöker styra programmet")
    if _HIRE.search(both) and not invited and not placed and not (act and named) and not thread.registrations:
        return Intent(Kind.UNRELATED)
    if _elsewhere(both, choice, about, invited, topic) and not thread.registrations:
        return Intent(Kind.UNRELATED)
    if _HOSTS.search(both) and not invited and not _SELF_IN.search(plain):
        return Intent(Kind.UNRELATED)
    if not (concerned or about or act or registered):
        return Intent(Kind.UNRELATED)
    if _SUBSTITUTE.search(_DEPUTY.sub(" ", plain)) and (registered or concerned or about):
        return Intent(Kind.CHANGE, asks)
    if _RENAME.search(plain) and (registered or invited) and not act:
        return Intent(Kind.CHANGE, asks)
    moves = bool(_MOVES.search(plain))
    if (
        moves
        and (wanted or not cancels)
        and (registered or cancels or concerned or invited_employer)
        and (choice.phrases and (registered or not act or "byt" in plain))
        and not _only_question(parts)
    ):
        return Intent(Kind.CHANGE, asks)
    if (
        (registered or (colleagues and not act and choice.refused))
        and _INSTEAD.search(plain)
        and wanted
        and not cancels
    ):
        return Intent(Kind.CHANGE, asks)
    if cancels and (concerned or about or registered) and not _cancel_is_hypothetical(plain):
        if act and wanted and not registered:
            return Intent(Kind.REGISTRATION, asks, act=True)
        return Intent(Kind.CANCELLATION, asks)
    if (
        (declines or (invited and _REGRETS.search(plain)))
        and (concerned or about or registered)
        and not wanted
        and not act
    ):
        return Intent(Kind.CANCELLATION, asks)
    if declines and registered and not act and not thread.asked:
        return Intent(Kind.CANCELLATION if not _INSTEAD.search(plain) else Kind.CHANGE, asks)
    if (
        registered
        and not act
        and (_DIET.search(plain) or (_ADD.search(plain) and re.search(r"\d{3}", plain)))
        and (_ADD.search(plain) or _CHANGE.search(plain) or (thread.registrations and not thread.asked))
    ):
        return Intent(Kind.CHANGE, asks)
    if registered and asks and not act and not thread.registrations and _LISTED.search(plain):
        return Intent(Kind.QUESTION, True)
    topical = bool(
        topic.words.search(both) or topic.general.search(both) or _NOUN.search(both) or _INVITED.search(both)
    )
    if _HOLD.search(plain) and concerned:
        return Intent(Kind.QUESTION, True, "Ber att få en plats hållen")
    plain_act = act and invited_employer and not choice.phrases and not _OTHER_NOUNS.search(both)
    if act and (concerned or about or plain_act) and not _private(both, about, invited):
        doubt = "Osäkert om anmälan är menad" if _DOUBT.search(plain) else ""
        return Intent(Kind.REGISTRATION, asks, doubt, act=True)
    if (
        (not declines or wanted)
        and (
            invited
            or (
                about >= 2
                and (topical or not _MEETING.search(plain))
                and (invited_employer or _names_subject(subject, topic))
            )
        )
        and (not booked or thread.registrations or not THANKS.search(plain))
        and _promises(plain, choice, text, colleagues)
        and not _private(both, about, invited)
    ):
        return Intent(Kind.REGISTRATION, asks)
    if (
        invited
        and wanted
        and not declines
        and not asks
        and not booked
        and not any(_UNDECIDED.search(part) for part in parts)
        and not _hedged(parts)
        and not _HIRE.search(both)
        and not _private(both, about, invited)
    ):
        return Intent(Kind.REGISTRATION)
    if (
        asks
        and not _private(both, about, invited)
        and (
            invited
            or thread.registrations
            or topic.words.search(both)
            or (about >= 2 and invited_employer and not _MEETING.search(plain))
            or (about and _asks_about_us(both, topic))
        )
    ):
        return Intent(Kind.QUESTION, True)
    if (_hedged(parts) or (invited and not booked and any(_UNDECIDED.search(part) for part in parts))) and concerned:
        return Intent(Kind.QUESTION, True, "Osäkert om avsändaren anmäler sig")
    return Intent(Kind.UNRELATED)


def _acts(parts: list[str], subject: str) -> bool:
    """Whether a sentence asks for a place, and neither asks how, nor hangs on a condition, nor says it is done already."""
    for part in parts:
        match = _REGISTER.search(part)
        if (
            match
            and not _HEDGE.search(part, max(0, match.start() - 70), match.end() + 45)
            and not _ONLY_ASKS.search(part)
            and not re.search(r"\b(?:ska|bor|maste) (?:du|ni)\b.{0,20}$", part[: match.start()])
        ):
            return True
        if (
            _NOUN_HERE.search(part)
            and not _HEDGE.search(part)
            and not _ONLY_ASKS.search(part)
            and not _REGISTERED.search(
                part.replace("min anmalan", "").replace("var anmalan", "").replace("my registration", "")
            )
            and "?" not in part
        ):
            return True
    return bool(
        subject
        and _NOUN.search(subject)
        and not re.search(r"fraga|\?|av(?:bok|anmal)|aterbud|question", subject)
        and not any("?" in part and _ONLY_ASKS.search(part) for part in parts)
        and not _hedged(parts)
        and not any(_CANCEL.search(p) or _NOT_COMING.search(p) for p in parts)
    )


def _asks(parts: list[str]) -> bool:
    """Whether anything is asked beyond the request for a place itself."""
    return any(
        (
            "?" in part
            and not (_REGISTER.search(part) and _REQUEST.search(part))
            and not re.search(r"ses\b.{0,12}\?|okej\s?\?|ok\s?\?|okay\s?\?|racker det\?|eller hur", part)
        )
        or (
            re.search(
                r"\b(?:undrar|en fraga|i wonder|wondering)\b",
                re.sub(r"(?:om|ifall) du undrar|if you(?:'re| are)? wonder\w*", " ", part),
            )
            and not _REGISTER.search(part)
        )
        for part in parts
    )


def _only_question(parts: list[str]) -> bool:
    return all("?" in part for part in parts if _CHANGE.search(part)) and not any(
        re.search(
            r"\b(?:mig|me|mej|oss|us|min|my)\b|\b(?:kan|skulle|could|can|would) (?:du|ni|you)\b|\b(?:kan|far|could|can|may) (?:jag|vi|i|we)\b",
            part,
        )
        for part in parts
        if _CHANGE.search(part)
    )


def _hedged(parts: list[str]) -> bool:
    return any(_HEDGE.search(part) for part in parts)


def _promises(plain: str, choice: Choice, text: str, colleagues: bool) -> bool:
    """Whether a plain statement promises presence, or picks a session in so many words.

    Only asked of mails known to be about the event.
    """
    shift = len(plain) - len(text)
    for begin, end in sentences(plain):
        part = plain[begin:end]
        if "?" in part or _HEDGE.search(part) or _ONLY_ASKS.search(part):
            continue
        if any(
            not re.search(r"\b(?:inte|ej|not)\b", part[max(0, m.start() - 8) : m.end() + 14])
            for m in _PROMISE.finditer(part)
        ):
            return True
        days = [phrase.start + shift - begin for phrase in choice.phrases if not phrase.foreign]
        near = (part[max(0, day - 60) : day + 50] for day in days if 0 <= day < len(part))
        if not _HIRE.search(part) and any(
            _PICK.search(words) or (colleagues and _ARRIVES.search(words)) for words in near
        ):
            return True
    return False


def _names_subject(subject: str, topic: Topic) -> bool:
    return bool(
        subject
        and (
            _NOUN.search(subject)
            or topic.words.search(subject)
            or topic.general.search(subject)
            or re.search(r"\d", subject)
        )
    )


def _private(text: str, about: int, invited: bool) -> bool:
    return bool(_PRIVATE.search(text)) and not invited and about < 3


def _asks_about_us(text: str, topic: Topic) -> bool:
    return (
        bool(
            topic.general.search(text)
            or re.search(
                r"\b(?:plats(?:er)?|lokal\w*|anmal\w*|lunch\w*|gruppen|parker\w*|program\w*|kostar|hiss|rullstol\w*|horslinga|sandas|sands|spelas in|stream\w*|attend|parking|venue)\b",
                text,
            )
        )
        and bool(_ASK.search(text) or "?" in text)
        and not _OTHER_NOUNS.search(text)
    )


def _cancel_is_hypothetical(text: str) -> bool:
    return bool(
        re.search(
            r"\b(?:kan man|far man|gar det att|om (?:jag|man) (?:maste|behover)|if i (?:need|have) to|can i) (?:\w+ ){0,3}(?:avboka|avanmala|cancel)",
            text,
        )
    )


_PLACE = re.compile(
    r"\b(?:\w*dag(?:en)?|konferens\w*|workshop\w*|kurs\w*|traff\w*|\w+huset|\w+hallen|museet|teatern)\b[^.\n]{0,30}?\bi (\w+)"
)


def _elsewhere(text: str, choice: Choice, about: int, invited: bool, topic: Topic) -> bool:
    """Whether the mail is about something that is not this event: another course, another day."""
    if invited:
        return False
    greeted = re.search(
        r"(?:^|\n)\s*(?:hej|hejsan|hi|hello|dear|basta|kara|god morgon|tjena)\s+([a-z]{3,})\s?[!,.\n]", text[:120]
    )
    if greeted and is_given(greeted[1]) and greeted[1] not in topic.organiser:
        return True
    dated = [text[a:b] for a, b in sentences(text) if re.search(r"\d", text[a:b])]
    if any(place[1] in topic.elsewhere for part in dated for place in _PLACE.finditer(part)):
        return True
    ours = any(not p.foreign for p in choice.phrases)
    if topic.words.search(text):
        return False
    other = _OTHER_NOUNS.search(text)
    if choice.foreign and choice.phrases and not ours:
        return not re.search(r"\b(?:inbjudan|inbjudningen|invitation)\b", text)
    return other is not None and about < 2 and not topic.general.search(text.replace(other.group(), " "))


def subject_words(letter: Letter) -> str:
    """The subject when the sender wrote it; empty when it is inherited from the mail answered or passed on."""
    if re.match(r"(?i)\s*(?:sv|re|vb|fw|fwd|aw|vs|antw|svar|wg|ang)\s?(?:\[\d+\])?\s?:", letter.subject):
        return ""
    return letter.subject
