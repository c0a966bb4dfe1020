"""Who is registered: facts gathered from the structure of a mail and assembled into people."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from ..domain import Letter
from ..event import OTHER
from ..folding import fold
from .acts import Act, Said, said
from .contacts import diet_in, email_in, phone_in
from .drafts import NOTHING, Draft, Tools, Value
from .language import language
from .layout import Entry, Layout, in_full, read_layout
from .names import NameMention, is_full, is_given
from .phrasebook import tags_in
from .referents import ALL, SELF, Referent, Scope, Spoken
from .sender import COMES, OTHERS, US, SenderReader
from .sessions import Choice, Phrase, among
from .text import phrases, sentences, tokens, words
from .units import STAFF, UnitMention, settle

NEAR = 400
"""Characters on either side of a name that are searched for what is said of her."""
_NOUNS = r"(?:personer|person|pers|p|st|stycken|styck|deltagare|kollegor\w*|kollega|kollegan|medarbetare|platser|plats|stolar|representanter|tjanstepersoner|tjansteman|people|persons|ppl|pax|colleagues?|coworkers?|participants?|attendees|delegates?|of us|of them|places?|seats?|spots?|av oss|av mina|av vara|gaster)"
_MORE = r"(?:till(?=\s(?:fran|pa|i|ifran|harifran|kommer|som|vill|och|ska|har|med)\b|\s*[,.!?:;)\n]|$)|more(?! than)|others?|andra(?! dag| tillfall| dat))"
_OTHERS_TOO = re.compile(r"till|more|others?|andra|kolleg\w*|colleagues?|coworkers?|medarbetare")
_COUNT_WORDS = {w: i + 1 for i, w in enumerate(words("dates", "numbers"))} | {
    w: i + 1 for i, w in enumerate(words("dates", "numbers_en"))
}
_COUNT_WORDS |= {"ett": 1, "another": 1, "ytterligare": 1, "a": 1, "couple": 2, "ett par": 2}
_FIGURE = rf"{'|'.join(sorted(_COUNT_WORDS, key=len, reverse=True))}|\d{{1,2}}"
_COUNTED = re.compile(
    rf"(?<![\w/:.-])(?P<n>{_FIGURE})\s(?:(?:(?!personer|st\b|kollegor|deltagare)[\w-]+\s){{0,2}}?(?P<noun>{_NOUNS})\b(?!\sav\b(?! oss))|(?P<more>{_MORE}|(?<=(?:och|lus|amt|iga) \w\w\w )till|(?<=(?:och|lus|amt|iga) \w\w\w\w )till)\b)"
)
_WE_ARE = re.compile(
    rf"\b(?:vi (?:blir|ar|kommer(?: att (?:bli|vara))?|kommer vara)|(?:blir|ar|kommer) vi|det (?:blir|kommer)|we(?:'ll| will)? (?:be|are)|we're|there will be|there(?:'ll| are) (?:be )?)\s(?:nog |totalt |alltsa |sammanlagt |about |cirka |ca )?(?P<n>{_FIGURE})\b(?![/:.-]\d|\s(?:dag|veck|manad|ar\b|km|mil\b|minut|timm|jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec|kommuner|orter|day|week|month|year|hour|av kommun))"
)
_WE_BOTH = re.compile(
    r"\b(?:vi|oss) (?:\w+ ){0,3}(?:bada|bagge) (?:tva\b|(?=vill|kommer|deltar|ar\b|jobbar|arbetar|fran))|\b(?:both|two) of us\b"
)
_NUMBER = re.compile(rf"(?<![\w/:.-])(?P<n>{_FIGURE})(?= [a-z])")
_BETWEEN = re.compile(r"\s(?:[\w-]+\s){0,2}")
_OUT_OF = re.compile(r"\s(?:st |stycken )?(?:fran|av (?:mina|vara)|from|of (?:my|our))\b")
_NAMELESS = re.compile(
    r"\b(?:min|mina|var|vara|en|my|our|a|one of (?:my|our)|en av (?:mina|vara))\s(?:\w+\s)?(?P<who>kollega|kollegan|kollegor|colleague|coworker|medarbetare|arbetskamrat|chef|boss|manager|praktikant|supervisor|intern)\b(?!\s(?:pa|i|fran|hos|from|at|in)\s\w+\s(?:tipsade|skickade))"
)
_ROOM_FOR = re.compile(
    r"\b(?:plats\w*|rum|utrymme|ryms|far plats|ha med|stol\w*|room|space|places?|seats?|fit|squeeze|take|take in)(?: \w+){0,2}? (?:(?:till|for|at|in) )?$"
)
"""Before `en till`, `one more`: the sender asks whether there is a place for herself."""
_NOT_ME = phrases("intent", "not_me")
_ON_BEHALF = re.compile(r"\bfor (?!egen |min |var )(?:[\w-]+ ){1,4}(?:rakning|vagnar)\b")
_MENTION_BEFORE = re.compile(
    r"\b(?:fran|av|via|enligt|genom|hos|efter|tack vare|tack till|halsa|halsar|halsningar|fragat|fragade|frag|ask|asked|from|by|through|according to|thanks to|thank|tell|told|cc(?: till| to)?|kopia (?:till|pa)|stamt av med|agreed with|avtalat med|samrad med|pratat med|prata med|pratade med|talat med|talade med|talked to|spoke (?:to|with)|instead of|istallet for|i stallet for|ersatter|vikarierar for|efter att|fick|(?:gick|skicka\w+|kom|stalld\w*|adresserad\w*|riktad\w*|sent|addressed|went) (?:till|to)|hej|hi|hello|dear|basta|kara|hejsan|tjena|om|about|roster om|mot|kontakta|contact|lyssna pa|hora|hear|hearing|listen to|traffa|meeting|traffade|moter|meet|vid|efterfoljer|eftertrad(?:er|de|a)|tar over efter|succeed\w*|aterkommer|faktureras|referens|er ref\w*|var ref\w*)\s(?:(?:var|vara|min|mina|hennes|hans|din|er|the|my|our|your|en|ny|nya|a|kara|fina|duktiga|garna|sa gott till|tidigare|kollegan|kollega|colleague|chef|chefen|boss|manager|sambo|man|fru|van|vannen|friend)\s|\w*(?:chef|chefen|strateg|direktor|are|ledare|ordforande|assistent|sekreterare|rad|radet|mannen)\s|\w{4,}n\s){0,4}$"
)
_MENTION_AFTER = re.compile(
    r"^\s?(?:\([^)]{0,40}\))?,?\s?(?:som |who )?(?:(?:kindly|redan|already|vanligt|snallt) )?(?:(?!anmalde)\w+(?:ade|kte|nde|rde|lde|ckte)|tipsade|tipsar|vidarebefordrade|skickade|skrev|wrote|bad|sa\b|sager|sade|namnde|beratta\w*|rekommenderade|rekommenderar|halsar|aterkommer|hor av sig|hor sig|har (?:redan )?(?:anmalt|fatt|sagt|skickat|godkant|bett|tipsat|vidarebefordrat|gett)|has (?:kindly )?(?:approved|asked|told|sent|forwarded|given|promised|agreed|offered|allowed|let|left|put)|tar (?:mina|over|hand)|tack(?:er|te)|covers?|takes my|ville|undrade|undrar|fragade|fragar|anmaler sig (?:sjalv|separat)|anmalde|ar (?:redan )?anmald|har slutat|slutade|(?:gick|har gatt) i pension|has (?:left|retired)|left us|retired|kan (?:tyvarr )?inte|kommer (?:tyvarr )?inte|har fragat|forwarded|translated|sent|showed|passed|gave|thinks|thought|wanted|insisted|told|asked|said|suggested|recommended|mentioned|will get back|can't|cannot|is not|won't|has already|already)\b"
)
_REGISTERS = re.compile(
    r"\b(?:(?:for|in)?an+mm?al\w*|boka\w*|skriv\w*|skick\w*|satt\w*|lagg\w*|registrer\w*|register(?:ing)?|regist\w*|sign|signing|put|putting|book|booking|add|nominate|enrol\w*|meddela\w*|notify|lamnar|send|sending|ge|far be|ber)\b"
)
_ONE_OF_US = re.compile(
    r"\b(?:min|var|en|my|our|an?) (?:(?:ny\w*|nast\w*|blivande|kommande|new\w*|future|next|tf|acting) ){0,2}$"
)
"""Before the title of one who has no name: `vår nye näringslivschef`."""
_PLACE_FOR = r"\b(?:(?:for|in)?an+mm?al\w*|\w*boka\w*|reserv\w*|registr\w*|book\w*|nominat\w*|plats\w*|stol\w*|places?|seats?|spots?)\b[^.!?\n]{0,60}? (?:for|till|at) "
_PUTS_DOWN = re.compile(
    rf"{_PLACE_FOR}$|\b(?:(?:for|in)?an+mm?al(?:er|a)?|registrer\w*|register|sign up|add|lagg\w* till|satt\w* upp|skriv\w* upp|boka\w*(?: in)?|nominer\w*|nominate)"
    r" (?:(?:jag|vi|harmed|gladly|garna|ocksa|aven|upp|in|dessutom) ){0,2}$"
)
"""Before one for whom a place is asked, the sender's none."""
_FOR_NAMED = re.compile(rf"{_PLACE_FOR}(?:(?!(?:och|samt|and|med|with|dag\w*|i|pa|jag|mig)\b)[a-z-]+ ){{0,4}}$")
"""Before a colleague's name, the same: `en plats åt vår nya planchef Kim Ek`."""
_NAME_LATER = re.compile(
    r"\bnamn(?:et)? (?:kommer|foljer|far (?:du|ni|jag)|skickar|skickas|lamnas|meddelas|ar inte|ej)\b|\b(?:aterkommer|aterkommer vi|aterkommer jag|kompletterar|skickar|meddelar) (?:med |er |dig )?namn(?:et)?\b"
    r"|\bvem (?:\w+ ){1,4}?(?:inte|ej|annu|aterkom\w*|bestam\w*|oklart)\b|\bnames? (?:will|to) follow\b|\b(?:send|give) (?:you )?(?:the|a|his|her|their) name\b"
)
"""Somebody comes whose name is not known yet."""
_TELLS_LATER = re.compile(
    r"(?:jag|i|i'll) (?:will )?(?:aterkommer|hor av|skickar|meddelar|mejlar|kompletterar|send|get back|let you)\b"
)
_AND_MYSELF = re.compile(r"\b(?:och|samt|and|&) (?:jag|mig|undertecknad|me|myself)\b")
_BRINGS = re.compile(r"\b(?:ta|tar|tog|har) med (?:mig |oss )?(?:\w+ )?$|\bbring(?:ing)? (?:\w+ )?$")
_HERE_COMES = re.compile(
    r"\b(?:har|nu) (?:kommer|ar|har (?:du|ni))(?: det)?(?: annu)? $|\bvi blir (?:nu )?$|\bhere(?:'s| is| comes) $"
)
_THAT_IS_ME = re.compile(r"[^.!?\n]{0,120}?(?:,|:|\bnamligen|\bdet ar) (?:det ar )?(?:jag|mig|undertecknad|me)\b")
"""Before and behind `en till`, where that one is the sender."""
_OBJECT_SELF = re.compile(
    r"(?<!inte )(?<!not )(?<!till )(?<!hos )(?<!fran )(?<!av )(?<!via )(?<!kontakta )(?<!meddela )(?<!mejla )(?<!ring )(?<!skickade )(?<!tipsade )(?<!bad )(?<!ber )(?<!bett )(?<!later )(?<!efter )(?<!to )(?<!from )(?<!by )(?<!let )(?<!tell )(?<!email )(?<!contact )(?<!ask )(?<!asked )(?<!told )\b(?:mig|mej|me|myself|undertecknad(?! (?:\w+ )?(?:anmal|boka|registrer|skick)\w* (?!sig|till|harmed (?:sig|till)))|jag sjalv)\b(?! know| besked| bara veta| veta)"
    r"|\b(?:mig|mej|me|myself|undertecknad) (?:och|samt|and|&|plus)\b"
)
_OBJECT_US = re.compile(
    r"(?<!till )(?<!hos )(?<!fran )(?<!av )(?<!via )(?<!pa )(?<!i )(?<!to )(?<!from )(?<!by )(?<!let )(?<!with )(?<!med )(?<!at )\b(?:oss|us)\b(?! know| fran| fran| har| i | pa |,? som jobbar)"
)
_SUBJECT = re.compile(r"\b(?:jag|i|i'll|i'm|i'd|vi|we|we'll|we'd|we're)\b")
_HANDLES = re.compile(
    r"\b(?:jag|vi|i|we|i'd|i'll|we'd|we'll|i'm)\s(?:(?!(?:kommer|deltar|gar|och|and|men|but|come|attend|join|delta|vara)\b)\w+\s){0,7}?(?:(?:for|in)?an+mm?al\w*|boka\w*|registrer\w*|skick\w*|meddela\w*|skriv\w*|lamna\w*|lata?|register\w*|sign up|book|put|send\w*|add|nominate|writing (?:for|on behalf))"
)
_HANDLES_INVERTED = re.compile(r"\b(?:anmaler|anmalde|bokar|skickar|registrerar|meddelar|skriver) (?:jag|vi)\b")
_WE_WISH = re.compile(
    r"\b(?:we(?:'d| would) like|we want|vi (?:vill|onskar|ser) (?:garna )?att) (?:(?:our|var) )?(?:\w+ )?$"
)
_SELF = re.compile(r"\b(?:jag|mig|mej|undertecknad|i'm|i'll|i'd|me|myself)\b")
_I = re.compile(r"\b(?:jag|i|i'll|i'm|i'd)\b")
_STAYS = re.compile(
    r"\b(?:inte|varken|ej|slutar|sjuk\w*|bortrest|semester|upptagen|forhindrad|not|can't|cannot|neither|won't|leaving|away|(?:happy|glad|pleased|available) to (?:answer|help|assist)|hjalper till|svarar (?:garna )?pa|answer any)\b(?! bara)"
)
_FOR_A_DAY = re.compile(
    r"\s?(?:for|to|till|pa|on|at|in|den|the|det|en plats|a (?:place|seat|spot)|harmed till|(?:gladly|garna)(?=\s(?:for|to|till|pa|on|at|in|den)\b|\s?[.,]|$))\b(?! (?:min|mina|var|vara|my|our|two|three|tva|tre)\b)|\s?[.,]|$"
)
_WANTS = re.compile(
    r"\s(?:\([^()\n]*\) )?(?:\w+ )?(?:ville|onskade|undrade|undrar|bad|fragade|fragar|wanted|asked|wondered|hoped)\b[^.!?\n]{0,40}?\b(?:komma|med|delta|deltaga|plats|ga|come|join|attend|place|seat|go)\b"
)
_TOLD_BY = re.compile(
    r"(?:\s(?:pa|i|fran|hos|vid|from|at|in|on|down))?(?:\s(?!och|jag|vi|and|samt|som|who)[\w-]+){0,4}?\s(?:tipsade|skickade|vidarebefordrade|sade|bad|visade|namnde|berattade|rekommenderade|hjalpte|oversatte|gav|delade|lade|ringde|called|told|sent|said|asked|showed|mentioned|forwarded|passed|gave|helped|translated|shared|pointed|recommended)\b"
)
"""`Kim på planenheten tipsade …`: by whom the sender knows, behind a name or a `kollega`."""
_HERSELF = re.compile(
    r"[^.!?\n]{0,100}\b(?:anmaler sig (?:sjalv\w?|separat)|(?:registers?|registering|signs? up|signing up) (?:herself|himself|themselves|separately))\b"
)
"""Behind one who registers by a mail of her own."""
_THEIR_PEOPLE = re.compile(
    r"(?:'s)?\s(?:deltagare|medarbetare|personal|folk|representanter|participants|staff|people)\b"
)
_ADDRESSED = re.compile(r"(?:^|\n)\s*(?:till|to|att|attn):? \Z")
_HEJ = re.compile(r"\s*(?:hej|hi)\b")
_SURNAME = re.compile(
    r"\b(?:heter|(?:efternamn|last name|surname)\w*(?: är| is)?:?) ([A-ZÅÄÖ][\w'’-]+(?: [A-ZÅÄÖ][\w'’-]+)*)|([A-ZÅÄÖ][\w'’-]+) (?:i efternamn|är (?:hennes|hans) efternamn)\b"
)
_TELLS_OR_SITS = re.compile(
    r"(?:\s(?:pa|i|fran|hos|vid|from|at|in) [\w-]+| \([^()\n]*\))?,?\s(?:pastar|menar|tycker|tror|insisterar|lovar|brukar|undrar|claims|says|reckons|insists|believes|thinks"
    r"|sitter (?:i|pa|fast|upptagen) (?!med\b)|ar (?:pa|i) \w+(?:ledighet|resa|semester|konferens|utbildning)\b|har (?:semester|forhinder|budget)|is (?:away|on leave|tied up|busy))"
)
"""`Kim på plan påstår att …`, `Kim sitter i budget så …`: whose own verb is no coming."""
_IN_CASE = re.compile(
    r"\b(?:vid (?:ev\w* )?forhinder|om jag (?:inte|far|blir|skulle|maste)|skulle jag (?:inte|bli|fa)|(?:if|in case|should) i\b|i reserv|som reserv|reserv ar|as (?:a )?(?:backup|reserve))"
)
_ONLY_ME = re.compile(
    r"\b(?:bara|endast|enbart|only|just) (?:jag|me|undertecknad)\b(?! (?:och|samt|and|&))(?![^.!?\n]{0,80}\b(?:men|but)\b)"
)
_COUPLE = re.compile(
    r"\b(?:ett (?:\w+ )?par|makar\w*|gifta|syskon\w*|familjen|married|couple|siblings|husband|wife|min (?:man|fru|hustru|make|maka))\b"
)
_ATTACHED_LIST = re.compile(
    r"\b(?:lista\w*|\w*listan?|deltagar\w*|anmalningar\w*|var anmalan|oss|vara|flera|alla|kolleg\w*|list|participants|colleagues|our|registrations|team)\b"
)
_COLLEAGUE = re.compile(
    r"\b(?:kollega\w*|colleagues?|medarbetare|arbetskamrat|vikarie|praktikant\w*|intern|trainee|chef|boss),?\s$"
)
_GREETING = re.compile(
    r"(?:^|\n)\s*(?:hej|hejsan|hi|hello|dear|basta|kara|tjena|hallo|god \w+|tack|thanks)\s?([,!]?)\s$"
)
_BESIDE = re.compile(r"(?:\b(?:infor|under|over|om|mot|ar|is|was|heter|firar?|inte|not|called|celebrat\w+)|[\"“”]) ?$")
"""Before a first name that is no one's who comes: a feast's, a form of a name, whom something is about."""
_JOINED = re.compile(rf"{_COLLEAGUE.pattern}|\b(?:och|o|samt|and|med|with|plus) $|& $")
_AND_ME = re.compile(r",? (?:och|o|samt|and|&) (?:jag|mig|undertecknad|i|me|myself)\b")
_WITH = re.compile(r"\b(?:med|with) $")
_GOES_WITH = re.compile(
    r"\b(?:kom\w*|delta\w*|gar?|ak\w+|tillsammans|ihop|along|together|there|join\w*|com\w+|attend\w*|go(?:ing)?|tar?|mig|me)\b[^.!?,]{0,40}$"
)
_BULLETED = re.compile(r"\s*[-*•·]")
_MYSELF_LISTED = re.compile(
    r"\s*(?:[-*•·–]|\d{1,2}[.)])\s*(?:jag|mig|undertecknad|me|myself|i)(?: sjalv)?\s*(?:[,(:\n–-]|$)"
)
_MYSELF_AWAY = re.compile(r"\b(?:sjalv|jag sjalv|for egen del|myself|for my part|personally)\b")
_ASIDE = re.compile(r"\s*(?:sjalv|for egen del|personally)\b")
_REGISTERED_PASSIVELY = re.compile(
    r"\b(?:du|ni|dig|er|din|ditt|dina|ert|era|you|your|anmals|foljande|nedan\w*|following|below|registreras|deltagare fran|anmalan (?:av|fran|for)|anmalningar)\b|:\s*$"
)
_SAME_DAY = re.compile(
    r"\b(?:samma (?:dag|datum|tillfalle|gang|sak|galler)|dito|ditto|likasa|likewise|same|(?:med|with) (?:mig|me)|gor (?:mig )?sallskap|haka\w* pa|tar rygg)\b"
)
_TOO = re.compile(
    rf"{_SAME_DAY.pattern}|\b(?:ocksa|aven|too|as well|also|hanger (?:pa|med)|foljer med|tag\w* med|ta med|(?:jag|vill|gor|kan) med|bring\w*|join\w*|along|tillsammans)\b"
)
_LATER_DAY = re.compile(
    r"\b(?:dag|datum|day|date)\w*\b[^.\n]{0,30}\b(?:ej|inte|not|oklart|bestamd\w*|meddelas|aterkom\w*|tb[acd]|senare|later|oklar\w*|confirm\w*|decide\w*|depends?|beror|open|oppen)\b"
    r"|\b(?:inte|ej|not|annu|yet to)\b[^.\n]{0,30}\b(?:bestam\w*|decid\w*|valt|chosen)\b[^.\n]{0,30}\b(?:dag|datum|day|date|vilken|which)\w*"
    r"|\b(?:vilke[nt]|which|what) (?:dag|gang|datum|tillfalle|day|date)\w*|\baterkom\w* om\b|\b(?:en|nagon|one) (?:av|of) (?:dagarna|dem|datumen|tillfallena|them|the (?:days|dates))\b|\bvet (?:inte|ej) (?:an|annu|vilken)\b|\b(?:ej|inte|annu) (?:bestamt|klart)\b|\b(?:obestamt|oklart|undecided|not decided|not sure (?:yet|which))\b"
)
_HELD_AT = re.compile(r"\s(?:hos|pa|vid|at)\s(?:the\s)?$")
"""Between a day and the house it is held in: `den 12:e hos museet`."""
_IN_TURN = re.compile(r"\b(?:respektive|resp|respectively)\b")
_TURN = re.compile(r"\b(?:men|but|fast|dock)\b(?! (?:aven|ocksa|also)\b)")
_EXCEPTS = re.compile(
    r"\b(?:inte|ej|not|can't|cannot|undantag\w*|exception|except|utan|i ?stallet|instead|bara|endast|only|dock|daremot|however)\b"
)


def _figure(match: re.Match[str]) -> int:
    """The number that a match of `_FIGURE` in group `n` says."""
    return _COUNT_WORDS.get(match["n"]) or int(match["n"])


@lru_cache(maxsize=4096)
def _folded_parts(name: str) -> tuple[str, ...]:
    return tuple(fold(name).split())


@dataclass(frozen=True, slots=True)
class Fact:
    """A value found in the text: where, what, and whose."""

    start: int
    end: int
    what: UnitMention | Phrase | str
    owners: tuple[str, ...]
    heading: bool = False
    """Whether it stands over the lines of its owners."""


class Assembler(SenderReader):
    """Assembles the people of one letter."""

    def __init__(self, tools: Tools, letter: Letter, subject: str, known: frozenset[str] = frozenset()) -> None:
        self.known = known
        """First names (folded) of those who are registered in the letter's thread."""
        super().__init__(tools, letter, subject)
        _ = self.sender_name  # who is the sender, by her own words, before anybody is told from her

    # ── who is spoken of ──────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def folded(self) -> str:
        return fold(self.own)

    @cached_property
    def said(self) -> list[Said]:
        """Each sentence of the own words with what it does."""
        word = "i" if language(self.letter, self.tools.event) == "en" else "jag"
        folded, masks = self.tools.masks(self.own, self.written, self.known, word)
        return said(folded, sentences(folded, self.own), masks, self.tools.acts)

    @cached_property
    def choice(self) -> Choice:
        """What the own words choose."""
        return self.tools.choice(self.own, self.written, self.attends)

    def act_at(self, at: int) -> Said | None:
        return next((s for s in self.said if s.start <= at < s.end), None)

    def tags(self, sentence: Said) -> frozenset[str]:
        """The lexicon's lists that a sentence has phrases of."""
        return tags_in(self.folded[sentence.start : sentence.end])

    def p(self, at: int, *acts: Act) -> float:
        sentence = self.act_at(at)
        return sentence.p(*acts) if sentence else 0.0

    def attends(self, at: int) -> float:
        """How likely the words at a place say that somebody comes; in a list of people they do."""
        scope = self._sketch.scope_of(at)
        listed = scope.item and self._in_list(scope.start)
        return max(self.p(at, Act.ATTEND, Act.ALTER), 0.6 if listed else 0.0)

    @cached_property
    def first_names(self) -> list[NameMention]:
        """First names alone, each with the surname that the text gives her apart: `hon heter Ek i efternamn`."""
        surnames = list(_SURNAME.finditer(self.own))
        found = [
            m
            for m in self.tools.names.first_names(self.own, self.full_names, self.known)
            if not any(t.start() < m.start < t.end() for t in surnames[:20])
        ]
        for told in surnames[:20]:
            named = [m.name for m in found if m.end <= told.start() < m.end + 160]
            if named and not is_given(told[1] or told[2]):
                whole = f"{named[-1]} {told[1] or told[2]}"
                found = [replace(m, name=whole) if m.name == named[-1] else m for m in found]
        if _COUPLE.search(self.folded) or self.tokens & {fold(m.name).split()[-1] for m in self.full_names}:
            found = [self._with_the_others_surname(m) for m in found]
        return found

    def _with_the_others_surname(self, mention: NameMention) -> NameMention:
        """The first of a couple with the surname of the other: `Eva och Lars Ek`."""
        joined = re.compile(r" (?:och|o|&|and) ").match(self.folded, mention.end)
        other = next((m.name.split() for m in self.full_names if joined and m.start == joined.end()), [])
        return replace(mention, name=f"{mention.name} {other[1]}") if len(other) == 2 else mention

    @cached_property
    def _sketch(self) -> Spoken:
        """The text with everybody named in it, whether she comes or not."""
        people = [(m, SELF if self.is_sender(m.name) else m.name) for m in self.full_names]
        return Spoken(self.own, self.folded, [*people, *((m, m.name) for m in self.first_names)])

    @cached_property
    def colleagues(self) -> list[NameMention]:
        """Those named in the text who are to come, each where she is named first; the sender is not one."""
        seen: list[NameMention] = []
        for mention in sorted([*self.full_names, *self.first_names], key=lambda m: m.start):
            if self.is_sender(mention.name) or any(self.same(mention.name, s.name) for s in seen):
                continue
            whole = (
                None if mention.full else next((m for m in self.full_names if self.same(mention.name, m.name)), None)
            )
            if self._comes(mention):
                seen.append(whole or mention)
        return seen

    @staticmethod
    def same(name: str, other: str) -> bool:
        """The same name, or one the other's first name."""
        one, two = _folded_parts(name), _folded_parts(other)
        return one == two or (1 in (len(one), len(two)) and one[0] == two[0])

    def _comes(self, mention: NameMention) -> bool:
        folded = self.folded
        begin, end = self._about(mention)
        scope = self._sketch.scope_of(mention.start)
        listed = scope.item and self._sketch.within(scope.start, scope.end)[0].start == mention.start
        before, after = folded[max(begin, scope.start) : mention.start], folded[mention.end : end]
        attend, away = self.p(mention.start, Act.ATTEND), self.p(mention.start, Act.ABSENT)
        stays = away >= 0.9 and "not_coming" in tags_in(folded[scope.start : scope.end])
        bulleted = bool(_BULLETED.match(folded, scope.start))
        if listed and (mention.full or bulleted) and not stays and self._in_list(scope.start):
            return True
        if _WANTS.match(after) and "not_coming" not in tags_in(after):
            return True
        told = _MENTION_AFTER.match(after) or _TOLD_BY.match(after) or _TELLS_OR_SITS.match(after)
        if told or self._misses(mention, end) or away > 0.6 or (away >= 0.3 and attend < 0.3):
            return False
        if listed and mention.full and attend >= 0.3:
            return True
        if _MENTION_BEFORE.search(before):
            return bool(_REGISTERS.search(folded, begin, end)) and bool(
                re.search(
                    r"\b(?:an+mal\w* (?:av|for)|plats\w* (?:for|till|at)|boka\w*\b.*(?:for|at|till)|registration of|places? for|seats? for)\s?(?:\w+\s){0,4}$",
                    before,
                )
            )
        if not mention.full:
            joined = _JOINED.search(before) or _AND_ME.match(after)
            if fold(mention.name) in self.tools.names.organiser and not joined:
                return False  # the organiser is spoken to
            if (
                re.search(r"[.!?)]\s*\n\n$", folded[max(0, mention.start - 9) : mention.start])
                and not folded[mention.end :].strip()
            ):
                return False  # the sender signs
            return (listed and self._in_list(scope.start)) or self._introduced(mention)
        if (
            attend >= 0.3
            or self.p(mention.start, Act.OTHER, Act.ASK) < 0.55
            or (listed and re.search(r":\s*$", folded[: scope.start]))
        ):
            return True
        if re.search(
            r"\b(?:jag|mig|mej|i|me|vi) (?:och|o|samt|and|&|\+)\s(?:[\w,-]+\s){0,6}$", before
        ) or _AND_ME.match(after):
            return True
        if re.search(r"\b(?:samma sak|detsamma|samma galler|likasa|same (?:goes|applies|for))\b", before):
            return True
        return bool(_HANDLES.search(before) or _HANDLES_INVERTED.search(before)) or self._introduced_by_work(mention)

    def _about(self, mention: NameMention) -> tuple[int, int]:
        """The sentence around a name, of a very long one what stands near."""
        sentence = self.act_at(mention.start)
        begin, end = (sentence.start, sentence.end) if sentence else (0, len(self.folded))
        return max(begin, mention.start - NEAR), min(end, mention.end + NEAR)

    def _misses(self, mention: NameMention, end: int) -> bool:
        """Whether the words between a name and the next person say only that she will not come."""
        begin = max(self._sketch.scope_of(mention.start).start, self._about(mention)[0])
        if _ONLY_ME.search(self.folded, begin, end) or _IN_CASE.search(self.folded, begin, mention.start):
            return True
        others = [r.start for r in self._sketch.within(mention.end, end) if r.who != mention.name]
        said_of = self.folded[mention.end : min(others, default=end)]
        tags = tags_in(said_of)
        return bool(_HERSELF.match(said_of)) or (
            bool(tags & {"not_coming", "cancel"})
            and not tags & {"register", "presence"}
            and not re.search(r"\d|dag", said_of)
        )

    def unexplained(self) -> list[str]:
        """Full names that neither come nor are plainly only mentioned: nobody should be forgotten silently."""
        return [
            m.name
            for m in self.full_names
            if not self.is_sender(m.name)
            and not any(self.same(m.name, c.name) for c in self.colleagues)
            and not self._aside(m)
            and self.p(m.start, Act.ABSENT) < 0.5
        ]

    def _aside(self, mention: NameMention) -> bool:
        """Whether the words around a name show that she is only mentioned, or that it names nobody new."""
        parts = _folded_parts(mention.name)
        known = [self.sender_name.value or "", *(c.name for c in self.colleagues)]
        if parts[-1] in self.tools.names.organiser or any(set(parts) <= set(_folded_parts(name)) for name in known):
            return True
        if not is_given(parts[0]):
            return True
        before, after = self.folded[max(0, mention.start - 60) : mention.start], self.folded[mention.end :][:80]
        addressed = _ADDRESSED.search(before) or _MENTION_BEFORE.search(before)
        return bool(addressed or (_MENTION_AFTER.match(after) and not _WANTS.match(after)))

    def _source(self, mention: NameMention) -> bool:
        """Whether the words before a name only tell from whom something is: `enligt uppgift från Kim Ek`."""
        before = self.folded[max(0, mention.start - 60) : mention.start]
        return bool(_MENTION_BEFORE.search(before)) and not re.search(r"\b(?:uppdrag av|behalf of)\b", before)

    def _introduced_by_work(self, mention: NameMention) -> bool:
        """`Vi kommer båda två. Kim Ek är bibliotekarie.`: one of those who come, told by her work."""
        sentence = self.act_at(mention.start)
        works = sentence and any(sentence.start <= m.start < sentence.end for m in self._works)
        return bool(works) and any(s.p(Act.ATTEND) > 0.5 and US.search(self.folded, s.start, s.end) for s in self.said)

    @cached_property
    def _items(self) -> list[Scope]:
        return [s for s in self._sketch.scopes if s.item]

    @cached_property
    def _item_at(self) -> dict[int, int]:
        return {s.start: index for index, s in enumerate(self._items)}

    def _in_list(self, start: int) -> bool:
        """Whether the line at `start` is one of several led by names, or stands under a colon."""
        items, at = self._items, self._item_at.get(start)
        if at is None:
            return False
        beside = [items[i] for i in (at - 1, at + 1) if 0 <= i < len(items)]
        return (
            any(
                self.folded[min(s.end, items[at].end) : max(s.start, items[at].start)].strip(" -*•·\n") == ""
                for s in beside
            )
            or self.folded[max(0, start - 20) : start].rstrip().endswith(":")
            or bool(_BULLETED.match(self.folded, start))
        )

    @cached_property
    def _hers(self) -> frozenset[str]:
        """Words that are the sender's own names, and her employer's: nobody else's first name."""
        return self.tokens | {fold(self.sender_employer.value or "")}

    def _introduced(self, mention: NameMention) -> bool:
        """A first name alone counts where it stands in what says that somebody comes, and is not only greeted."""
        before, after = self.folded[max(0, mention.start - 60) : mention.start], self.folded[mention.end :][:10]
        if _BESIDE.search(before) or (_WITH.search(before) and not _GOES_WITH.search(before)):
            return False
        begin, end = self._about(mention)
        likely = self.p(mention.start, Act.ATTEND, Act.ALTER)
        if likely < 0.3 and "hedge" not in tags_in(self.folded[begin:end]):
            too = _TOO.search(self.folded, begin, end)
            likely = 1.0 if too or (likely >= 0.1 and _COLLEAGUE.search(before)) else likely
        if likely < 0.3 or fold(mention.name) in self._hers:
            return False
        greeted = _GREETING.search(before)
        return not greeted or bool(greeted[1] and not re.match(r"\s?[!\n]|,\s*\n", after))

    def same_person(self, name: str) -> bool:
        """Whether a name is the sender's own, or nearly."""
        return self.is_sender(name) or self.tools.names.fits(name, self.tokens)

    @cached_property
    def nameless(self) -> list[tuple[NameMention, int, bool]]:
        """Those counted or only called colleagues: where, how many, and whether the sender is counted among them."""
        folded = self.folded
        found: list[tuple[NameMention, int, bool]] = []
        for match in _COUNTED.finditer(folded):
            count = _figure(match)
            noun = match["more"] or match["noun"]
            singular = noun in ("plats", "place", "seat", "spot", "person", "st", "p")
            if not 0 < count <= 60 or (count == 1 and not _OTHERS_TOO.fullmatch(noun)) or (singular and count == 1):
                continue
            before = folded[max(0, match.start() - 40) : match.start()]
            unsaid = self.p(match.start(), Act.ATTEND) < 0.3 and not _BRINGS.search(before)
            if unsaid or _MENTION_BEFORE.search(before):
                continue
            after = folded[match.end() :]
            mine = _ROOM_FOR.search(before) or _HERE_COMES.search(before) or _THAT_IS_ME.match(after)
            if count == 1 and (mine or _TOLD_BY.match(after) or _HERSELF.match(after)):
                continue
            found.append((NameMention(*match.span(), "#"), count, not _OTHERS_TOO.fullmatch(noun)))
        we_are = None if found else _WE_ARE.search(folded)
        if not found and not we_are and (both := _WE_BOTH.search(folded)) and self.p(both.start(), Act.ATTEND) >= 0.3:
            found.append((NameMention(*both.span(), "#"), 2, True))
        if we_are and self.p(we_are.start(), Act.ATTEND) >= 0.3:
            count = _figure(we_are)
            if 1 < count <= 60:
                found.append((NameMention(*we_are.span(), "#"), count, True))
        found = found or self._numbered()
        told = len(self.colleagues) + bool(
            any(self.is_sender(m.name) for m in self.full_names) or _AND_MYSELF.search(folded)
        )
        if found and told >= found[0][1] > 1:
            return []
        if found:
            return found[:1]
        for start, end, titled in self._ones_of_us:
            before, after = folded[max(0, start - 80) : start], self.own[end : end + 30]
            named = re.match(r"(?:\s\w+){0,2}?,?\s[A-ZÅÄÖÉ][\w-]+", after) and any(
                end <= m.start < end + 30 for m in (*self.full_names, *self.first_names)
            )
            told_by = _TOLD_BY.match(folded[end:]) or _HERSELF.match(folded, end)
            if (
                named
                or _THAT_IS_ME.match(folded, end)
                or told_by
                or _MENTION_BEFORE.search(before[-40:])
                or _MENTION_AFTER.match(folded[end : end + 40])
            ):
                continue
            put_down = _PUTS_DOWN.search(before) or _BRINGS.search(before)
            joined = re.search(
                r"\b(?:jag|mig|mej|me|i|myself|oss)\s?,?\s?(?:och|samt|and|&|\+|plus)\s(?:\w+\s)?$|\b(?:tar med|ta med|bring\w*|anmaler|anmal|samt|plus|aven)\s(?:mig )?(?:\w+\s)?$",
                before,
            )
            follows = re.match(
                r"\s(?:och jag|and i\b|and me\b|samt jag|kommer|foljer|hanger|ansluter|vill|will join|joins|is coming|comes|will)",
                folded[end:],
            )
            likely = self.p(start, Act.ATTEND, Act.HEDGE) if put_down else self.p(start, Act.ATTEND)
            if (joined or follows or put_down) and (
                likely >= 0.5 or (_BRINGS.search(before) and self.p(start, Act.ASK) < 0.5)
            ):
                found.append((NameMention(start, titled or end, "#"), 1, False))
        if not found and not self.colleagues and (later := _NAME_LATER.search(folded)):
            found.append((NameMention(*later.span(), "#"), 1, False))
        return found[:1]

    @cached_property
    def _works(self) -> list[UnitMention]:
        """The titles that the text names."""
        return [m for m in self.tools.units.mentions(self.folded) if m.is_title]

    @cached_property
    def _ones_of_us(self) -> list[tuple[int, int, int]]:
        """Those called colleagues, or by a title alone where nobody is named before: from, to, and where the title begins."""
        found = [(*m.span(), 0) for m in _NAMELESS.finditer(self.folded)]
        for m in self._works:
            whose = _ONE_OF_US.search(self.folded, max(0, m.start - 40), m.start)
            begin = self._sketch.scope_of(m.start).start
            if whose and not any(r.named for r in self._sketch.within(begin, m.start)):
                found.append((whose.start(), m.end, m.start))
        return sorted(found)

    def _for_another(self, start: int, end: int) -> bool:
        """Whether the words of a scope ask for a place for somebody else."""
        ones = [(m.start, _PUTS_DOWN) for m, count, _ in self.nameless if count == 1]
        ones += [(m.start, _FOR_NAMED) for m in self.colleagues]
        return any(start <= at < end and before.search(self.folded, max(start, at - 120), at) for at, before in ones)

    def _numbered(self) -> list[tuple[NameMention, int, bool]]:
        """Those counted by their work: `fyra undersköterskor`, `två från näringslivsenheten`."""
        for match in _NUMBER.finditer(self.folded):
            count = _figure(match)
            titled = any(
                0 < m.start - match.end() < 25 and _BETWEEN.fullmatch(self.folded, match.end(), m.start)
                for m in self._works
            )
            origin = _OUT_OF.match(self.folded, match.end())
            told = self.p(match.start(), Act.ATTEND) >= 0.3 and not _MENTION_BEFORE.search(
                self.folded[max(0, match.start() - 40) : match.start()]
            )
            if 1 < count <= 60 and told and (titled or origin):
                return [(NameMention(*match.span(), "#"), count, False)]
        return []

    @cached_property
    def spoken(self) -> Spoken:
        """The text with those who come and whoever else is named, each by a key of her own."""
        people: list[tuple[NameMention, str]] = []
        for mention in (*self.full_names, *self.first_names):
            mine = self.is_sender(mention.name)
            key = (
                SELF
                if mine
                else next(
                    (c.name for c in (*self.colleagues, *self.full_names) if self.same(c.name, mention.name)),
                    mention.name,
                )
            )
            people.append((mention, key))
        taken = {m.start for m, _ in people}
        bearers: dict[str, list[NameMention]] = {}
        for mention in self.full_names:
            bearers.setdefault(fold(mention.name).split()[0], []).append(mention)
        for token in tokens(self.folded) if bearers else ():
            at = token.start()
            word = token.group()
            named = bearers.get(word) or bearers.get(word.removesuffix("s")) or []
            again = next((m for m in named if m.end <= at), None)
            if again and at not in taken and self.own[at].isupper():
                taken.add(at)
                key = SELF if self.is_sender(again.name) else again.name
                people.append((NameMention(at, token.end(), again.name), key))
        people += [(mention, "#") for mention, _, _ in self.nameless]
        return Spoken(self.own, self.folded, people)

    def lists(self) -> bool:
        """Whether the mail names several people one a line, or fills in a form with a name and a day."""
        entries = self.layout.entries
        if len(entries) > 1 or any({"name", "date"} <= set(entry.fields) for entry in entries):
            return True
        return sum(self._in_list(s.start) for s in self._sketch.scopes if s.item) > 1

    def brings_others(self) -> bool:
        """Whether the words name, or count, others who are to come."""
        return bool(self.colleagues or self.nameless)

    @cached_property
    def layout(self) -> Layout:
        return read_layout(self.own, self.tools.names)

    # ── whose a fact is ───────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _phrases(self) -> list[Phrase]:
        """The days that are accepted somewhere in the text."""
        mentions = self.tools.days(self.folded, self.written)
        accepted = self.tools.calendar.accepted(self.folded, mentions, self.attends)
        meant = [p for p in accepted if self.attends(p.start) >= 0.3]
        return meant or accepted

    @cached_property
    def day_facts(self) -> list[Fact]:
        spans = [(p.start, p.end) for p in self._phrases]

        def barred(a: int, b: int) -> bool:
            return any(a <= start < b for start, _ in spans)

        facts: list[Fact] = []
        heading: Phrase | None = None
        scopes = self.spoken.scopes
        for index, scope in enumerate(scopes):
            inside = [p for p in self._phrases if scope.start <= p.start < scope.end]
            line = self.spoken.within(scope.start, scope.end)
            if len(inside) == 1 and not line and self._heads(index):
                heading = inside[0]
                continue
            if heading and scope.item and not inside:
                facts += [Fact(heading.start, heading.end, heading, (r.who,), True) for r in line if r.named]
                continue
            if not scope.item and line:
                heading = None
            for phrase in inside:
                facts.append(
                    Fact(phrase.start, phrase.end, phrase, self.spoken.owners(phrase.start, phrase.end, barred))
                )
        return self._in_turn(facts)

    def _in_turn(self, facts: list[Fact]) -> list[Fact]:
        """`A och B kommer den 12:e respektive den 14:e`: the first one's, then the second one's."""
        for first, last in itertools.pairwise(facts):
            turns = _IN_TURN.search(self.folded, first.end, last.end + 16)
            if turns and len(first.owners) == 2 and first.owners == last.owners and last.start - first.end < 40:
                at = facts.index(first)
                facts[at : at + 2] = [replace(first, owners=first.owners[:1]), replace(last, owners=last.owners[1:])]
        return facts

    def _heads(self, index: int) -> bool:
        """Whether a scope is a heading: a short line over lines that begin with names."""
        scope = self.spoken.scopes[index]
        following = self.spoken.scopes[index + 1 : index + 2]
        text = self.folded[scope.start : scope.end].strip()
        return bool(following) and following[0].item and len(text) < 70 and not re.search(r"[.!?]$", text)

    @cached_property
    def unit_facts(self) -> list[Fact]:
        """Units and titles in the text that are somebody's besides the sender's alone."""
        facts: list[Fact] = []
        heading: list[UnitMention] = []
        days = {phrase.end for phrase in self._phrases}
        for index, scope in enumerate(self.spoken.scopes):
            line = self.spoken.within(scope.start, scope.end)
            heads = not line and self._heads(index)
            found = self._shifted(
                self.tools.units.mentions(self.folded[scope.start : scope.end], scope.item or heads), scope.start
            )
            found = [m for m in found if not any(f.start <= m.start < f.end for f in self.employer_facts)]
            if found and heads:
                heading = found
                continue
            if heading and scope.item and not any(m.kinds for m in found):
                facts += [Fact(m.start, m.end, m, (r.who,)) for m in heading for r in line if r.named]
            if not scope.item and line:
                heading = []
            for mention in found:
                named = any(r.start <= mention.start and mention.end <= r.end for r in line)
                at = _HELD_AT.search(self.folded, max(0, mention.start - 10), mention.start)
                held = not mention.is_title and at and at.start() in days
                if named or held:
                    continue

                def barred(a: int, b: int, own: UnitMention = mention, among: list[UnitMention] = found) -> bool:
                    return any(a <= m.start < b and m is not own for m in among)

                facts.append(
                    Fact(
                        mention.start,
                        mention.end,
                        mention,
                        self.spoken.owners(mention.start, mention.end, barred, mention.is_title),
                    )
                )
        return facts

    @cached_property
    def employer_facts(self) -> list[Fact]:
        """Employers named in the text, with whose they are."""
        facts: list[Fact] = []
        for scope in self.spoken.scopes:
            piece = self.folded[scope.start : scope.end]
            units = [(u.start, u.end) for u in self.tools.units.mentions(piece)]
            for m in self.tools.employers.mentions(piece, units, line=False):
                if not m.certain or self.tools.is_session_place(piece, m.start, m.end):
                    continue
                at, end = scope.start + m.start, scope.start + m.end
                facts.append(Fact(at, end, m.name, self.spoken.owners(at, end)))
        return facts

    @staticmethod
    def _shifted(mentions: Sequence[UnitMention], by: int) -> list[UnitMention]:
        return [UnitMention(m.start + by, m.end + by, m.kinds, m.is_title) for m in mentions]

    # ── assembling ────────────────────────────────────────────────────────────────────────────────────────────────

    def people(self) -> list[Draft]:
        """Everyone the mail registers, the sender among them if she attends."""
        sender = self.sender()
        layout = self.layout
        drafts = self._listed(layout, sender) if layout.entries else self._prose(sender)
        self.share_diet(drafts, layout)
        return drafts

    def attached(self) -> Draft:
        """Who a registration that is only attached is for: the sender, unless it is a list, or somebody else's."""
        person = is_full(self.tools.names.display(self.letter.sender))
        if not person or _ATTACHED_LIST.search(self.folded) or self.stays_away():
            return Draft(municipality=self.sender_employer, unit=self.common_unit())
        return self.sender()

    def _prose(self, sender: Draft) -> list[Draft]:
        common = self.common_unit()
        given = {owner for fact in self.day_facts for owner in fact.owners}
        known = [c.name for c in self.colleagues]
        more = {
            m.name: m
            for m in self.full_names
            if m.name in given and m.name not in known and not self.is_sender(m.name) and not self._source(m)
        }
        drafts = [self.colleague(mention, sender, common) for mention in (*self.colleagues, *more.values())]
        if (other := self.cosigner) and not any(self.same(other, name) for name in known) and self._we_come():
            unit = NOTHING if any(m.is_title for m in self._signature_units[0]) else sender.unit
            drafts.append(Draft(Value(other, other), sender.municipality, common if common.value else unit))
        group = self._group(len(drafts))
        attends = self._attends(len(drafts), group)
        if attends:
            if not sender.unit.value or (sender.unit.value == OTHER and common.value and self._only_neutral()):
                sender.unit = common
            drafts.insert(0, sender)
        if group:
            fellow = Draft(municipality=sender.municipality, count=group)
            told = [f.what for f in self.unit_facts if "#" in f.owners]
            value = settle([m for m in told if isinstance(m, UnitMention)])
            fellow.unit = Value(value, "") if value else common
            if not fellow.unit.value and not attends and not self.tools.names.display(self.letter.sender):
                fellow.unit = sender.unit
            drafts.append(fellow)
        if not drafts:
            drafts.append(sender if not self.stays_away() else Draft(municipality=sender.municipality))
        self.date_each(drafts)
        return drafts

    def _only_neutral(self) -> bool:
        """Whether the sender has told nothing of her work but a title that any unit has."""
        return not any(m.kinds for m in (*self._own_units(self.own)[0], *self._signature_units[0]))

    def _group(self, named: int) -> int:
        """How many come without being named."""
        if not self.nameless:
            return 1 if re.search(r"\bm\.? ?fl\b|\bmed flera\b|\bet al\b", self.folded) and self.colleagues else 0
        _, count, with_sender = self.nameless[0]
        if not with_sender and count == 1 and named and _NAMELESS.match(self.folded, self.nameless[0][0].start):
            return 0
        if not with_sender:
            return max(
                0,
                count
                - (
                    named
                    if re.search(
                        r"kolleg|colleag|medarbet|cowork",
                        self.folded[self.nameless[0][0].start : self.nameless[0][0].end],
                    )
                    else 0
                ),
            )
        return max(0, count - named - (self.says_she_comes() or (0 < named < count and self._we_come())))

    def stays_away(self) -> bool:
        match = _NOT_ME.search(self.folded)
        behalf = _ON_BEHALF.search(self.folded)
        if behalf and any(behalf.start() < m.start < behalf.end() for m in self.colleagues):
            return True
        if match and (self.colleagues or self.nameless or not match.group().startswith(("for ", "on ", "pa uppdrag"))):
            return True
        for sentence in self.said:
            words_ = self.folded[sentence.start : sentence.end]
            works = any(m.is_title and m.kinds for m in self.tools.units.mentions(words_))
            away = sentence.p(Act.ABSENT) > 0.4 or (
                _ASIDE.match(words_) and not works and sentence.p(Act.ABSENT, Act.OTHER) > 0.5
            )
            if (
                self.colleagues
                and away
                and _MYSELF_AWAY.search(words_)
                and _SUBJECT.search(words_)
                and sentence.p(Act.ATTEND) < 0.35
            ):
                return True
        return False

    def _attends(self, named: int, group: int) -> bool:
        """Whether the sender herself is to come."""
        explicit = self.says_she_comes()
        name = self.sender_name.value
        if named and not name and not _SELF.search(self.folded):
            return False
        if name and " " not in name and any(m.name.endswith(f" {name}") for m in self.colleagues):
            return False
        if self.stays_away():
            return explicit and bool(
                re.search(
                    r"\b(?:anmaler|anmal|skriv\w*|satt|boka\w*|sign|register|put|book|add) (?:jag |harmed |upp |in )*(?:mig|mej|me|undertecknad)\b",
                    self.folded,
                )
            )
        if not named and not group:
            return True
        if self.nameless and self.nameless[0][2] and self.nameless[0][1] == named:
            return False
        if group and not named and self.nameless and self.nameless[0][2]:
            return explicit
        return explicit or self._we_come()

    def says_she_comes(self) -> bool:
        """Whether a sentence that registers somebody has the sender for its object, or for a subject that comes."""
        offices = [s.start for m in self.full_names if self.signs_for(m) and (s := self.act_at(m.start))]
        for index, scope in enumerate(self.spoken.scopes):
            if scope.start >= min(offices, default=len(self.own)):
                break
            line = self.spoken.within(scope.start, scope.end)
            attend, listed = self.p(scope.start, Act.ATTEND), self._in_list(self._sketch.scope_of(scope.start).start)
            if _MYSELF_LISTED.match(self.folded, scope.start):
                return True
            named = any(r.named and r.who == SELF for r in line)
            if named and (listed or attend >= 0.3) and not _HEJ.match(self.folded, scope.start):
                return True
            if attend < 0.3 and not (scope.item and listed):
                continue
            part = self.folded[scope.start : scope.end]
            if (
                not line
                and attend >= 0.5
                and not _REGISTERED_PASSIVELY.search(part)
                and not self._heads(index)
                and not _REGISTERS.search(part)
            ):
                return True
            if _OBJECT_SELF.search(part):
                return True
            if self._subject_comes(part, scope.start) and not self._for_another(scope.start, scope.end):
                return True
        return False

    def _subject_comes(self, part: str, begin: int) -> bool:
        """Whether `jag` stands for one who comes, not only for one who registers others."""
        herself = [m for m in _I.finditer(part) if m.group() != "i" or self.own[begin + m.start()] == "I"]
        herself = [m for m in herself if not _TELLS_LATER.match(part, m.start())]
        if not any(not _STAYS.search(re.split(r"[,;.:]|\b(?:men|but)\b", part[m.start() :])[0]) for m in herself):
            return False
        if re.search(r"\b(?:jag|i) (?:och|samt|and|&|\+)\b|\b(?:och|samt|and|&|\+) (?:jag|i)\b", part):
            return True
        handled = _HANDLES.search(part) or _HANDLES_INVERTED.search(part)
        return not handled or (bool(_FOR_A_DAY.match(part[handled.end() :])) and ":" not in part)

    def _we_come(self) -> bool:
        """`vi kommer`, `oss två`: the sender is one of those who come."""
        for sentence in self.said:
            if sentence.p(Act.ATTEND) < 0.3:
                continue
            part = self.folded[sentence.start : sentence.end]
            if self._for_another(sentence.start, sentence.end):
                continue
            if _OBJECT_US.search(part) and _REGISTERS.search(part):
                return True
            if (
                re.search(r"\b(?:vi|we|we'll|we'd|we're)\b", part)
                and not _HANDLES.search(part)
                and not _HANDLES_INVERTED.search(part)
                and not any(_WE_WISH.search(self.folded, sentence.start, m.start) for m in self.colleagues)
            ):
                return True
        return False

    def colleague(self, mention: NameMention, sender: Draft, common: Value) -> Draft:
        """A named colleague with what is said of her, else of all of them; the sender's employer unless told."""
        draft = Draft(name=Value(mention.name, mention.name))
        told = [f.what for f in self.unit_facts if f.owners == (mention.name,) or (mention.name in f.owners)]
        mentions = [m for m in told if isinstance(m, UnitMention)]
        value = settle(mentions)
        neutral = value == OTHER and not any(m.kinds for m in mentions)
        draft.unit = (
            Value(value, ", ".join(self.own[m.start : m.end] for m in mentions))
            if mentions and not (neutral and (common.value or common.words))
            else common
        )
        employers = {str(f.what): self.own[f.start : f.end] for f in self.employer_facts if mention.name in f.owners}
        segment = self._segment(mention)
        pieces = re.split(r"[,;(\n]", segment.split("\n")[0])
        named = [p for p in (piece.strip(" ).") for piece in pieces) if p[:1].isupper() and len(p.split()) <= 6]
        organisation = next((o for p in named if (o := self.organisation(p, ""))), None)
        if len(employers) == 1:
            draft.municipality = Value(*next(iter(employers.items())))
        else:
            draft.municipality = Value(organisation, segment) if organisation else sender.municipality
        draft.email, draft.phone = Value(email_in(segment)), Value(phone_in(segment))
        return draft

    def _segment(self, mention: NameMention) -> str:
        """The words from a colleague's name to the next person's, or the sentence's end."""
        scope = self.spoken.scope_of(mention.start)
        after = [r.start for r in self.spoken.within(mention.end, scope.end) if r.who != mention.name]
        segment = self.own[mention.end : min(after, default=scope.end)]
        key = fold(mention.name).split()[0]
        later = [
            self.own[s.start : s.end]
            for s in self.said
            if s.start > mention.start and re.search(rf"\b{re.escape(key)}s?\b", self.folded[s.start : s.end])
        ]
        return "\n".join([segment, *later])

    def _own_units(self, text: str) -> tuple[list[UnitMention], str]:
        """What the sender claims for herself in running text, and what stands beside her own name in a list."""
        kept, words_ = super()._own_units(text)
        others = {
            f.start
            for f in self.unit_facts
            if SELF not in f.owners and (ALL not in f.owners or self._behind_a_name(f.start))
        }
        kept = [
            m
            for m in kept
            if m.start not in others and not any(f.start <= m.start < f.end for f in self.employer_facts)
        ]
        if not kept:
            kept = [
                f.what
                for f in self.unit_facts
                if SELF in f.owners
                and isinstance(f.what, UnitMention)
                and f.what.kinds - {OTHER}
                and (f.what.is_title or self.spoken.scope_of(f.start).item)
                and not OTHERS.search(self.folded[max(0, f.start - 60) : f.start])
            ]
            words_ = ", ".join(self.own[m.start : m.end] for m in kept)
        return kept, words_

    def _behind_a_name(self, at: int) -> bool:
        """Whether a colleague is named before a place of the same sentence."""
        scope = self.spoken.scope_of(at)
        return any(r.named and r.who not in (SELF, "#") for r in self.spoken.within(scope.start, at))

    def common_unit(self, text: str | None = None) -> Value:
        """A unit said of all of them: `vi på kulturenheten`, `från näringslivsavdelningen kommer`, a heading."""
        text = self.own if text is None else text
        folded, unsettled = fold(text), NOTHING
        for start, end in sentences(folded):
            sentence = folded[start:end]
            houses = [m for m in self.tools.employers.mentions(sentence) if m.certain]
            for mention in self.tools.units.mentions(sentence):
                if any(m.start <= mention.start < m.end for m in houses):
                    continue
                before, after = sentence[: mention.start], sentence[mention.end :]
                everyone = re.search(
                    r"\b(?:samtliga|alla|bada|bagge|all|both)\b[^.]{0,40}$"
                    r"|\b(?:we're|we are|ar vi|jobbar vi|we (?:both )?work|(?:vi|de|dom|they) (?:ar|are|jobbar|arbetar|work))\b[^.]{0,24}$",
                    before,
                )
                staff = re.search(
                    rf"\b{STAFF}\s(?:pa|vid|i|inom|fran|at|in|of|from|on)\s(?:\w+\s){{0,2}}$"
                    r"|\b(?:av|of) (?:mina|vara|my|our)\s(?:\w+\s(?:fran|pa|from|in)\s)?$",
                    before,
                ) or (sentence[: mention.end].endswith("s") and re.match(rf"\s(?:\w+\s)?{STAFF}\b", after))
                if (
                    not mention.kinds
                    or (mention.is_title and not (everyone or staff))
                    or (OTHERS.search(before) and not US.search(before) and not staff)
                ):
                    continue
                if (
                    staff
                    or _THEIR_PEOPLE.match(after)
                    or US.search(sentence)
                    or everyone
                    or (
                        self.p(start, Act.ATTEND) >= 0.3
                        and re.search(r"\b(?:(?:fran|from)\s(?:\w+\s){0,2}|harifran\s)$", before)
                    )
                    or (not before.strip() and self.p(start, Act.ATTEND) >= 0.3 and COMES.match(after))
                ):
                    said_of_all = Value(settle([mention]), text[start + mention.start : start + mention.end])
                    if said_of_all.value:
                        return said_of_all
                    unsettled = unsettled if unsettled.words else said_of_all
        if unsettled.words:
            return unsettled
        if self.subject and text is self.own:
            told = [m for m in self.tools.units.mentions(fold(self.subject), line=True) if m.kinds and not m.is_title]
            if (value := settle(told)) and value != "other":
                return Value(value, self.subject)
        return NOTHING

    # ── lists that are tables or forms ────────────────────────────────────────────────────────────────────────────

    def _listed(self, layout: Layout, sender: Draft) -> list[Draft]:
        shared = self.tools.choice(self._of_all(layout), self.written)
        if not shared.dates and not shared.open:
            shared = self.subject_choice if self.subject_choice.dates else shared
        common = self.common_unit(layout.rest)
        single_form = len(layout.entries) == 1 and bool(layout.entries[0].fields)
        drafts: list[Draft] = []
        for entry in layout.entries:
            mine = entry.name is None or self._is_senders(entry, sender)
            draft = self._entry(entry, sender, mine and (single_form or not self._is_other(entry, sender)), common)
            if draft.dates is None and entry.name and (told := self._said_of(entry.name, layout.rest)):
                draft.dates, draft.date_words = told.dates, self._words_of(told, "")
            if draft.dates is None:
                draft.dates, draft.date_words = shared.dates, self._words_of(shared, layout.rest)
            drafts.append(draft)
        if not any(d.is_sender for d in drafts) and self._comes_too(layout.rest):
            sender.dates = shared.dates
            sender.date_words = self._words_of(shared, layout.rest)
            drafts.insert(0, sender)
        return drafts

    def _comes_too(self, text: str) -> bool:
        """Whether the words around a table or form say that its sender comes as well."""
        folded = fold(text)
        if _NOT_ME.search(folded):
            return False
        return any(
            (
                _OBJECT_SELF.search(folded, a, b)
                and (_REGISTERS.search(folded, a, b) or re.search(r"\b(?:och|samt|and|plus|even|aven)\b", folded[a:b]))
            )
            or re.search(r"\b(?:jag|i) (?:kommer|deltar|ar med|foljer|will (?:come|join|attend)|sjalv)\b", folded[a:b])
            for a, b in sentences(folded)
        )

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
            and not self.is_sender(entry.name)
            and not self.tools.names.same(entry.name, sender.name.value)
        )

    def _is_senders(self, entry: Entry, sender: Draft) -> bool:
        name = entry.name or ""
        if re.search(r"\b(?:jag|undertecknad|mig|me|myself|i)\b", fold(f"{name} {entry.text}")) and not is_full(name):
            return True
        return (
            self.tools.names.same(name, sender.name.value)
            or self.is_sender(name)
            or (not is_full(name) and fold(name) == fold((sender.name.value or "").split(" ")[0]))
        )

    def _entry(self, entry: Entry, sender: Draft, mine: bool, common: Value) -> Draft:
        """A person of a table or form: own words first, then what is said of all, then the sender's employer."""
        draft = Draft(is_sender=mine)
        name = self.tools.names.proper(entry.name) if entry.name else None
        if mine and not is_full(name):
            name = sender.name.value
        draft.name = Value(name, entry.name or "")
        values = entry.fields
        draft.unit = self._entry_unit(entry, sender, mine, common)
        draft.municipality = self._entry_employer(entry, sender)
        text = in_full(values["date"]) if values.get("date") else entry.text
        choice = self.tools.choice(text, self.written) if text else Choice()
        if choice.phrases and (choice.dates or choice.open or choice.foreign):
            draft.dates = choice.dates
            draft.date_words = text
        elif values.get("date", "").strip(" -–?"):
            draft.dates = ()
        given_email = email_in(values.get("email") or entry.text)
        draft.email = Value(given_email or (sender.email.value if mine else None))
        given_phone = phone_in(values.get("phone") or entry.text)
        draft.phone = Value(given_phone or (sender.phone.value if mine else None))
        diet = values.get("diet", "").strip()
        if diet and fold(diet).strip(" .") not in words("diet", "none"):
            draft.diet = Value(diet_in(diet) or diet, diet)
        elif not diet:
            draft.diet = Value(diet_in(entry.text), entry.text)
        return draft

    def _entry_unit(self, entry: Entry, sender: Draft, mine: bool, common: Value) -> Value:
        values = entry.fields
        stated = "\n".join(filter(None, (values.get("title"), values.get("unit"))))
        told = [
            *self.tools.units.mentions(fold(stated), line=True),
            *self.tools.units.mentions(fold(entry.text), line=True),
        ]
        unit = settle(told)
        around = sender.unit if mine and sender.unit.value != OTHER else common
        if unit and not (around.value and not any(m.kinds for m in told)):
            return Value(unit, "\n".join(filter(None, (entry.text, stated))))
        if not told and re.search(r"[^\W\d_]{3}", values.get("title", "")):
            return Value("other", values["title"])
        return NOTHING if any(m.kinds for m in told) else sender.unit if mine and not told else around

    def _entry_employer(self, entry: Entry, sender: Draft) -> Value:
        place = entry.fields.get("municipality")
        if place:
            organisation = self.organisation(place, self.letter.sender.domain)
            as_written = place if re.search(r"[^\W\d_]{2}", place) else None
            if found := self._employer_in(place, line=True) or organisation or as_written:
                return Value(found, place)
        session = bool(self.tools.choice(entry.text, self.written).phrases) and "kommun" not in fold(entry.text)
        found = self._employer_in(entry.text, line=not session) or self._employer_in(
            entry.fields.get("unit", ""), line=True
        )
        return Value(found, entry.text) if found else sender.municipality

    def _words_of(self, choice: Choice, text: str) -> str:
        if not choice.chosen:
            return ""
        return " … ".join(text[p.start : p.end] for p in choice.chosen if p.end <= len(text)).replace("\n", " ")

    # ── each one's days ───────────────────────────────────────────────────────────────────────────────────────────

    def mail_choice(self) -> Choice:
        """What the mail as a whole chooses: its text, else the subject that its sender wrote."""
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

    def date_each(self, drafts: list[Draft]) -> None:
        """Gives people named in prose the days that are said of each, or of all."""
        choice = self.mail_choice()
        shared_words = self._words_of(choice, self.subject if choice is self.subject_choice else self.own)
        own = self._each_ones(drafts) if len(drafts) > 1 else {}
        for draft in drafts:
            key = self._key(draft)
            picked = own.get(key)
            draft.dates = picked.dates if picked else choice.dates
            draft.date_words = self._words_of(picked, self.own) if picked else shared_words
            draft.refused = choice.refused

    @staticmethod
    def _key(draft: Draft) -> str:
        return SELF if draft.is_sender else draft.name.value or "#"

    def _each_ones(self, drafts: Sequence[Draft]) -> dict[str, Choice]:
        """Each one's days where the text gives them to each; empty when all have the same."""
        keys = [self._key(draft) for draft in drafts]
        undecided = self._undecided()
        clash = any(p.clash and not p.foreign and self.attends(p.start) >= 0.3 for p in self.choice.phrases)
        if len({phrase.days for phrase in self._phrases}) < 2 and not clash:
            if self._refused_for_some():
                return dict.fromkeys(keys, Choice(open=True))
            return (
                {key: Choice(open=True) if key in undecided else self.mail_choice() for key in keys}
                if undecided & set(keys)
                else {}
            )
        found: dict[str, list[Phrase]] = {key: [] for key in keys}
        under: dict[str, set[dt.date]] = {}
        every: list[Phrase] = []
        for fact in self.day_facts:
            assert isinstance(fact.what, Phrase)
            for owner in fact.owners:
                shared_by_all = owner == ALL or (owner in (SELF, "#") and owner not in keys)
                (every if shared_by_all else found.setdefault(owner, [])).append(fact.what)
                if fact.heading:
                    under.setdefault(owner, set()).update(fact.what.days)
        shared = self._of(every)
        if every and not any(found[key] for key in keys):
            return {}
        lead = next((found[key] for key in keys if found[key]), [])
        out: dict[str, Choice] = {}
        for key in keys:
            if key in undecided and not found[key]:
                out[key] = Choice(open=True)
            elif key in under and len(self._excepted(found[key])) == len(found[key]):
                out[key] = Choice(tuple(sorted(under[key])), chosen=tuple(found[key]))
            elif found[key] and every and self._adds(found[key]):
                out[key] = replace(shared, dates=tuple(sorted({*shared.dates, *self._of(found[key]).dates})))
            elif found[key]:
                out[key] = self._of(found[key])
            elif every:
                out[key] = shared
            elif self._like_the_others(key, len({p.days for own in found.values() for p in own}) > 1):
                out[key] = self._of(found[SELF] if found.get(SELF) else lead)
            else:
                out[key] = Choice(open=True)
        return out

    def _of(self, chosen: Sequence[Phrase]) -> Choice:
        """The days that one person's phrases choose; nothing when they are alternatives."""
        if not chosen:
            return Choice()
        return among(self.folded, self._excepted(chosen))

    def _excepted(self, chosen: Sequence[Phrase]) -> Sequence[Phrase]:
        """One's days from a later sentence that makes an exception on: `Vi kommer den 12:e. Kim kan inte då utan tar den 14:e`."""
        for before, phrase in reversed([*itertools.pairwise(chosen)]):
            scope, turn = self.spoken.scope_of(phrase.start), _TURN.search(self.folded, before.end, phrase.start)
            begin = scope.start if before.start < scope.start else turn.start() if turn else phrase.end
            if _EXCEPTS.search(self.folded, begin, scope.end):
                return [p for p in chosen if p.start >= phrase.start]
        return chosen

    def _undecided(self) -> set[str]:
        """Those of whom a sentence of their own says that their day is not settled yet."""
        found: set[str] = set()
        for scope in self.spoken.scopes:
            named = {r.who for r in self.spoken.within(scope.start, scope.end) if r.who not in (ALL, SELF)}
            if (
                len(named) == 1
                and _LATER_DAY.search(self.folded, scope.start, scope.end)
                and not any(scope.start <= p.start < scope.end for p in self._phrases)
            ):
                found |= named
        for phrase in self.choice.phrases:
            if phrase.clash and not phrase.foreign and self.attends(phrase.start) >= 0.3:
                owners = self.spoken.owners(phrase.start, phrase.end)
                found |= {owner for owner in owners if owner not in (ALL, SELF)}
        return found | {SELF} if self._only_theirs() and not self._like_the_others(SELF, False) else found

    def _only_theirs(self) -> bool:
        """Whether the days are all said of others alone: `Vi anmäler oss båda. Kim vill gå i Flen.`"""
        scopes = {self.spoken.scope_of(fact.start) for fact in self.day_facts if not fact.heading}
        about = [{r.who for r in self.spoken.within(s.start, s.end)} for s in scopes]
        return bool(about) and all(who and who.isdisjoint({SELF, ALL, "#"}) for who in about)

    def _adds(self, own: Sequence[Phrase]) -> bool:
        """Whether one's own day comes on top of everybody's: `Jag kommer även den 6:e`."""
        return any(
            re.search(r"\b(?:aven|ocksa|dessutom|also|too|as well)\b", self.folded[max(0, p.start - 30) : p.end + 12])
            for p in own
        )

    def _refused_for_some(self) -> bool:
        """Whether the only day named is refused in one place and accepted in another."""
        accepted = {day for phrase in self._phrases for day in phrase.days}
        return bool(accepted & set(self.choice.refused))

    def _like_the_others(self, key: str, differ: bool) -> bool:
        """Whether one who has no day of her own comes along with those who have; if their days differ, on whose is said."""
        for referent in self.spoken.referents:
            if referent.who == key:
                scope = self.spoken.scope_of(referent.start)
                if (_SAME_DAY if differ else _TOO).search(
                    self.folded, scope.start, scope.end
                ) and not _LATER_DAY.search(self.folded, scope.start, scope.end):
                    return True
        return False

    def share_diet(self, drafts: list[Draft], layout: Layout) -> None:
        """Diets said in sentences: of all of them, of one by name, else of the sender."""
        text = layout.rest if layout.entries else self.own
        folded = fold(text)
        for start, end in self._diet_spans(folded, bool(layout.entries)):
            need = diet_in(text[start:end])
            if not need:
                continue
            sentence = folded[start:end]
            at = max(0, sentence.find(fold(need)[:12]))
            for draft in self._eaters(drafts, sentence, at, start, bool(layout.entries)):
                if not draft.diet.value:
                    draft.diet = Value(need, text[start:end].strip())
        if self.subject and (need := diet_in(self.subject)) and len(drafts) == 1 and not drafts[0].diet.value:
            drafts[0].diet = Value(need, self.subject)

    def _diet_spans(self, folded: str, listed: bool) -> list[tuple[int, int]]:
        """Sentences, cut where another person takes over: `Anna är vegan, jag äter allt`."""
        if listed:
            return sentences(folded)
        cuts: list[tuple[int, int]] = []
        for scope in self.spoken.scopes:
            begin = scope.start
            for comma in re.finditer(r",\s|\s(?:och|medan|men|and|but|while)\s", folded[scope.start : scope.end]):
                after = scope.start + comma.end()
                if any(r.start == after for r in self.spoken.within(after, after + 1)):
                    cuts.append((begin, after))
                    begin = after
            cuts.append((begin, scope.end))
        return cuts

    def _eaters(self, drafts: list[Draft], sentence: str, at: int, start: int, listed: bool) -> list[Draft]:
        if re.search(r"\b(?:bada|bagge|alla|samtliga|both|all of us)\b", sentence[:at]):
            return drafts
        if not listed:
            near: Sequence[Referent] = [r for r in self.spoken.within(start, start + at) if r.who != ALL]
            owner = near[-1].who if near else None
            if owner and (mine := [d for d in drafts if self._key(d) == owner]):
                return mine
            if owner and owner != SELF:
                return []
        named = [
            d
            for d in drafts
            if d.name.value and re.search(rf"\b{re.escape(fold(d.name.value).split()[0])}s?\b", sentence)
        ]
        return named[-1:] or [d for d in drafts if d.is_sender] or drafts[:1]
