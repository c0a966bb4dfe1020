"""Each person's unit and employer: what tells them, whose they are, and what is only passed by."""

from __future__ import annotations

import pytest

from kkn_mailer.config import load_event
from kkn_mailer.event import OTHER, Event
from kkn_mailer.folding import fold
from kkn_mailer.letter import read_letter
from kkn_mailer.understanding import read
from kkn_mailer.understanding.units import Units, settle

from ..conftest import ROOT
from ..mails import mail
from .test_reading import WHEN

LABELS = [
    # (event, what stands below the name, unit); an empty event is the one of the examples
    ("", "Ungdomssamordnare, kultur o fritid", "culture"),
    ("", "Handläggare, kultur & fritid", "culture"),
    ("", "Enhetschef\nBiblioteken", "culture"),
    ("", "Case officer, Business Development Office", "business"),
    ("", "Strateg, näringslivskontoret\nStorgatan 12", "business"),
    ("", "Teaterkonsulent", "culture"),
    ("", "Samordnare", "other"),
    ("skane", "Enhetschef plan", "planning"),
    ("skane", "Gatuchef", "other"),
    ("vasterbotten", "Kommundirektör", "other"),
    ("vasterbotten", "Samordnare, Barn- & utbildning", "school"),
    ("vasterbotten", "Enhetschef Barn och Unga, Socialförvaltningen", "social"),
    ("vasterbotten", "Enhetschef LSS-boende", "social"),
    ("laslust", "Aktivitetssamordnare, demensboendet Ekbacken", "care"),
    ("laslust", "Administratör, förskoleverksamheten", "school"),
    ("vastragotaland", "Environmental health officer", "climate"),
    # the other language, or the area's other words, for what the event lists
    ("", "Bibblan", "culture"),
    ("kalmar", "Purchasing officer", "procurement"),
    ("ostergotland", "Barnskötare", "school"),
    ("ostergotland", "Firefighter", "security"),
    ("vasternorrland", "Stormwater engineer", "water"),
    ("vastragotaland", "Climate adaptation coordinator", "climate"),
    ("", "School librarian", "other"),
    ("", "HR business partner", "other"),
    ("", "Business controller", "other"),
    ("laslust", "School librarian", "school"),
    # heads cut short
    ("", "Näringslivsutv.", "business"),
    ("", "Bibl.chef", "culture"),
    ("vasterbotten", "Soc.sekr.", "social"),
    ("skane", "Planark", "planning"),
    ("vasternorrland", "VA-ing", "water"),
    ("skane", "VA-underhåll", "environment"),
    ("", "Turistinfo", "business"),
    ("uppsala", "It-supporten", "digital"),
    # an elected office, whatever the board is for
    ("", "Ordförande i kulturnämnden", "other"),
    # of two departments, the smaller one
    ("", "kommunens kulturenhet", "culture"),
    ("", "Kulturförvaltningens HR-enhet", "other"),
    ("vasterbotten", "Socialtjänstens ungdomsteam", "social"),
    # a compound whose last part has another sense, or may have
    ("", "Lärkulturutvecklare", "other"),
    ("", "Konstruktionsledare", "other"),
    ("", "Bildkonstpedagog", "culture"),
    ("laslust", "Lokalvårdsledare", "other"),
    ("skane", "Arbetsmiljöstrateg", "other"),
]


def event_of(key: str, event: Event) -> Event:
    return load_event(ROOT / "tests" / "corpus" / key) if key else event


@pytest.mark.parametrize(("key", "label", "unit"), LABELS)
def test_a_label_tells_the_unit(event: Event, key: str, label: str, unit: str) -> None:
    own = event_of(key, event)
    body = f"Hej! Jag anmäler mig till {own.sessions[0].date}.\n\nMvh\nLo Dahl\n{label}\nTibro kommun"
    (person,) = read(read_letter(mail(body, "Lo Dahl <lo.dahl@tibro.se>", "Anmälan", WHEN), WHEN), own).people
    assert person.unit == unit


TOLD = [
    # (body, each person's first name with unit and employer)
    ("Här kommer kulturkontorets deltagare.\n\nNamn;Roll;Dag\nBo Ek;Samordnare;12/2\nCia Ros;Kurator;12/2\n\nLo Dahl\nAssistent", "Bo culture Flen, Cia culture Flen"),
    ("Hela biblioteksgänget på gymnasiet kommer den 12 februari: jag (Lo), Bo Ek och Cia Ros.", "Bo culture Flen, Cia culture Flen, Lo culture Flen"),
    ("Vem kommer: Lo Dahl och Bo Ek\nVar jobbar ni: Flens kommun\nVad gör ni: jag är bibliotekarie, Bo turistchef\nNär: 12/2", "Bo business Flen, Lo culture Flen"),
    ("Jag kommer den 12 februari. Till vardags basar jag över kultur och fritid.", "Lo culture Flen"),
    ("Kommer den 12 februari. Jobbar på kommunens museum, sitter annars i kommunfullmäktige.", "Lo culture Flen"),
    ("Kommer den 12 februari. Sitter i kommunfullmäktige.", "Lo other Flen"),
    ("Hela teamet på Näringsliv och turism kommer den 12 februari: jag, Bo Ek och Cia Ros.", "Bo business Flen, Cia business Flen, Lo business Flen"),
    ("Jag anmäler tre av mina kollegor på kulturkontoret till den 12 februari: Bo Ek, Cia Ros och Eva Lund. Själv kan jag inte.", "Bo culture Flen, Cia culture Flen, Eva culture Flen"),
    ("Jag anmäler bibliotekarierna Bo Ek och Cia Ros till den 12 februari. Jag kommer inte själv.", "Bo culture Flen, Cia culture Flen"),
    ("I would like to send two of our librarians on 12 February: Bo Ek and Cia Ros. I won't be there myself.", "Bo culture Flen, Cia culture Flen"),
    ("Jag anmäler mig till den 12 februari. Med mig har jag Bo Ek, konsult som vi har anlitat som kulturstrateg i vår.\n\nLo Dahl\nturistchef", "Bo culture Flen, Lo business Flen"),
    ("Jag och Bo Ek kommer den 12 februari. Han är bibliotekarie precis som jag.", "Bo culture Flen, Lo culture Flen"),
    ("tar den 12 februari. lo, kulturskolan", "Lo culture Flen"),
    ("Flens kommun, kulturskolan. Jag kommer den 12 februari.", "Lo culture Flen"),
    ("Jag kommer den 12 februari. Är ensam kulturstrateg här.", "Lo culture Flen"),
    ("Jag är vår enda bibliotekarie och tar den 12 februari.", "Lo culture Flen"),
    ("Jag är bibliotekarie till vardags men kommer den 12 februari i egenskap av näringslivsutvecklare.", "Lo business Flen"),
    ("Jag anmäler Bo Ek och Cia Ros till den 12 februari. De är bibliotekarier i Hälleforsnäs respektive Malmköping. Jag kommer inte själv.", "Bo culture Flen, Cia culture Flen"),
    ("Jag är chef för Kvarnen, vårt minsta bibliotek, och kommer den 12 februari.\n\nLo Dahl\nEnhetschef", "Lo culture Flen"),
    ("Jag och Bo Ek, handläggare, kommer den 12 februari. Vi sitter båda på kultur- och näringslivsförvaltningen.\n\nLo Dahl\nBibliotekarie", "Bo None Flen, Lo culture Flen"),
    ("Hej, kulturstrateg här! Jag kommer den 12 februari.", "Lo culture Flen"),
    ("Jag kommer den 12 februari. Titeln är näringslivsutv om du behöver den.", "Lo business Flen"),
    ("Sätt upp Bo på bibblan den 12 februari. Själv kan jag inte.", "Bo culture Flen"),
    # only passed by
    ("Jag kommer den 12 februari. Vi ses på museet!", "Lo None Flen"),
    ("Jag och Bo Ek, planchef, kommer den 12 februari på museet.", "Bo other Flen, Lo None Flen"),
    ("Jag kommer den 12 februari. Tipset kom från kulturenheten.", "Lo None Flen"),
    ("Jag fick inbjudan via näringslivskontoret och kommer den 12 februari.", "Lo None Flen"),
    ("Jag kommer den 12 februari. Turistbyrån sa att man kan parkera gratis.", "Lo None Flen"),
    ("Jag kommer den 12 februari. Min sambo jobbar på biblioteket och tipsade.", "Lo None Flen"),
    ("It would be lovely to come on 12 February. It sounds great, looking forward to it!", "Lo None Flen"),
    # what she does for a living, and her own title behind herself
    ("Vi jobbar båda med näringslivsfrågor, Bo Ek och jag, och kommer den 12 februari.", "Bo business Flen, Lo business Flen"),
    ("Kommer gärna den 12 februari! Sköter kulturskolan och biblioteket.", "Lo culture Flen"),
    ("Kommer den 12 februari. Biblioteket Flen.", "Lo culture Flen"),
    ("Jag kommer den 12 februari. Bibliotekarie i Flen är jag.", "Lo culture Flen"),
    ("Jag gör min praktik på näringslivskontoret och anmäler mig till den 12 februari.", "Lo business Flen"),
    ("Chefen tyckte att jag skulle gå, så jag anmäler mig till den 12 februari.", "Lo None Flen"),
    ("Sätt upp Bo Ek den 12 februari. Han kör bokbussen. Själv kommer jag inte.", "Bo culture Flen"),
    ("Vi kommer den 12 februari: Lo Dahl näringslivschef, Bo Ek bibliotekarie, Cia Ros turistsamordnare.", "Bo culture Flen, Cia business Flen, Lo business Flen"),
    ("Jag och Bo Ek, samma enhet, kommer den 12 februari.\n\nLo Dahl\nkulturstrateg", "Bo culture Flen, Lo culture Flen"),
    # all of them over a list, the same unit, a mailbox's, ditto marks
    ("Jag anmäler våra två nya bibliotekarier till den 12 februari:\n\n- Bo Ek\n- Cia Ros (vegan)\n\nSjälv kommer jag inte.", "Bo culture Flen, Cia culture Flen"),
    ("Jag, bibliotekarie, kommer den 12 februari med Bo Ek. Bo jobbar på samma förvaltning.", "Bo culture Flen, Lo culture Flen"),
    ("Bo Ek kommer den 12 februari, liksom jag. Han arbetar liksom jag på biblioteket.", "Bo culture Flen, Lo culture Flen"),
    ("Namn: Lo Dahl\nKommun: Trosa\nEnhet: biblioteket\nDag: 12 februari\n\nNamn: Bo Ek\nKommun: d:o\nEnhet: som ovan\nDag: samma", "Bo culture Trosa, Lo culture Trosa"),
    ("Please add me to 12 February with Bo Ek. Bo does finance and I do tourism.", "Bo other Flen, Lo business Flen"),
    ("Please add me to 12 February. I do it every year.", "Lo None Flen"),
    ("Please sign me up, project manager at Flen municipality, for 12 February.", "Lo other Flen"),
    ("Jag kommer den 12 februari, jag är allergisk men museichefen ordnar med maten.", "Lo None Flen"),
    # a session's town in a place of its own, and where a colleague worked before
    ("Jag kommer inte själv men anmäler:\n- Bo Ek - kulturchef - Nyköping\n- Cia Ros - turistchef - Eskilstuna", "Bo culture Flen, Cia business Flen"),
    ("Jag anmäler Bo Ek, turismutvecklare, till den 14 februari. Han har flyttat hit från Malmö. Jag kommer inte.", "Bo business Flen"),
    ("Jag anmäler Bo Ek, turismutvecklare, till den 14 februari. Han har tio år på Trosa kommun bakom sig. Jag kommer inte.", "Bo business Flen"),
    # employers
    ("Jag delar min tid mellan Flen och Trosa. Skriv mig som Trosa. Den 12 februari passar.\n\nLo Dahl, kulturchef", "Lo culture Trosa"),
    ("Jag kommer inte själv men anmäler till den 12 februari:\n1. Bo Ek, föreningskonsulent\n2. Cia Ros, museiassistent\n\nLo Dahl\nadministratör", "Bo other Flen, Cia culture Flen"),
    ("Jag kommer den 12 februari. Pendlar från Katrineholm.\n\nLo Dahl\nkulturchef", "Lo culture Flen"),
]  # fmt: skip


EMPLOYED = [
    # (mail domain, body, employer)
    ("mrt.se", "Jag är säkerhetschef på Mälardalens Räddning och Trygghet och kommer den 12 februari.", "Mälardalens Räddning och Trygghet"),
    ("dalkraft.se", "Jag arbetar på Norrskog som controller och kommer den 12 februari.\n\nLo Dahl\nNorrskog", "Norrskog"),
    ("svab.se", "Jag kommer den 12 februari.\n\nLo Dahl\nSkogstorps Vatten AB", "Skogstorps Vatten AB"),
    ("gmail.com", "Jag är brandman på Räddningstjänsten Mitt och kommer den 12 februari.", "Räddningstjänsten Mitt"),
    ("gmail.com", "Min fru jobbar på Trosa kommun men jag arbetar i Flens kommun. Jag kommer den 12 februari.", "Flen"),
    ("flen.se", "Jag kommer den 12 februari.\n\nLo Dahl\nRäddningstjänsten Flen", "Flen"),
    ("flen.se", "Jag kommer den 12 februari.\n\nLo Dahl konstmuseet Flen", "Flen"),
    ("flen.se", "Jag anmäler mig till dagen på Sörmlands museum. Jag är kulturstrateg.", "Flen"),
    ("gmail.com", "Jag anmäler mig till dagen på Sörmlands museum. Jag är kulturstrateg.", None),
    ("gmail.com", "Fick inbjudan av kulturchefen i Trosa. Jag kommer den 12 februari.", None),
    ("rtmitt.se", "I got the invitation from the culture manager in Trosa. I am employed by Räddningstjänsten Mitt as fire engineer and will come on 12 February.", "Räddningstjänsten Mitt"),
    ("regionsormland.se", "Jag arbetar på biblioteket i Trosa och kommer den 12 februari.", "Region Sörmland"),
    ("ekconsulting.com", "I am seconded to Trosa kommun as business developer and will come on 12 February.\n\nLo Dahl\nEk Consulting Ltd", "Trosa"),
    ("ekkonsult.se", "Jag är konsult åt Trosa kommun och kommer den 12 februari.\n\nLo Dahl\nEk Konsult AB", "Trosa"),
    ("regionsormland.se", "Jag arbetar i Flens kommun men är utlånad till regionen. Jag kommer den 12 februari.", "Flen"),
    ("gmail.com", "Jag är lärare på Bruket och kommer den 12 februari.", None),
    # named, and not the sender's
    ("gmail.com", "Såg inbjudan hos en kompis på regionen. Jag kommer den 12 februari.", None),
    ("gmail.com", "Min man jobbar på Trosa kommun och visade er inbjudan. Jag kommer den 12 februari.", None),
    ("gmail.com", "Sambon är lärare i Trosa kommun. Jag kommer den 12 februari.", None),
    ("gmail.com", "My sister works for Region Sörmland and told me about this. I am a librarian and would like to come on 12 February.", None),
    ("gmail.com", "Jag flyttade nyss från Flens kommun. Jag kommer den 12 februari.", None),
    ("gmail.com", "Jag har tidigare arbetat på Gnesta kommun. Jag kommer den 12 februari.", None),
    ("gmail.com", "Läste om er på Trosa kommuns hemsida. Jag kommer den 12 februari.", None),
    ("gmail.com", "Flens kommun var ju med förra året. Jag kommer den 12 februari.", None),
    ("gmail.com", "Jag har sökt jobb på Trosa kommun och kommer den 12 februari.", None),
    ("gmail.com", "Jag har fått ett vikariat på Gnesta kommun och kommer den 12 februari.", "Gnesta"),
    ("gmail.com", "Jag bor i Trosa och jobbar på Flens kommun, jag kommer den 12 februari.", "Flen"),
    ("gmail.com", "Jag är turistchef i Falu kommun och kommer den 12 februari.", "Falun"),
    ("gmail.com", "I am with the City of Borås as a librarian and will come on 12 February.", "Borås"),
    ("gmail.com", "I attend on behalf of Knivsta kommun, on 12 February.", "Knivsta"),
    ("gmail.com", "Jag arbetar på Skogsstyrelsen som kommunikatör och kommer den 12 februari.", "Skogsstyrelsen"),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "body", "employer"), EMPLOYED)
def test_an_employer_as_written(event: Event, domain: str, body: str, employer: str | None) -> None:
    raw = mail(f"Hej!\n\n{body}", f"Lo Dahl <lo.dahl@{domain}>", "Anmälan", WHEN)
    assert [p.municipality for p in read(read_letter(raw, WHEN), event).people] == [employer]


def test_a_subject_tells_the_sender_s_own_title(event: Event) -> None:
    raw = mail("Allt står i rubriken.", "Lo Dahl <lo.dahl@flen.se>", "Anmälan 12/2: Lo Dahl, kulturchef, Flen", WHEN)
    assert [p.unit for p in read(read_letter(raw, WHEN), event).people] == ["culture"]


@pytest.mark.parametrize(
    ("name", "unit"),
    [("Kultur- och näringslivsförvaltningen", None), ("Kulturenheten", "culture"), ("Reception", "other")],
)
def test_a_neutral_title_takes_the_unit_of_the_mailbox(event: Event, name: str, unit: str | None) -> None:
    body = "Hej! Vi anmäler till den 12 februari:\n- Bo Ek, handläggare\n- Cia Ros, bibliotekarie"
    raw = mail(body, f"{name} <kontakt@flen.se>", "Anmälan", WHEN)
    assert [p.unit for p in read(read_letter(raw, WHEN), event).people] == [unit, "culture"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("vegansk kost", False),
        ("Kost: allt utom fisk", False),
        ("specialkost", False),
        ("kostpreferenser", False),
        ("Enhet: kost", True),
        ("kostchef", True),
        ("kostenheten", True),
    ],
)
def test_a_diet_is_no_kitchen(event: Event, said: str, told: bool) -> None:
    unit = event.units[0].model_copy(update={"key": "meals", "words": ("kost", "kock")})
    meals = Units(event.model_copy(update={"units": (unit,)}))
    assert any(m.kinds == {"meals"} for m in meals.mentions(fold(said), line=True)) is told


@pytest.mark.parametrize("town", ["Karlshamn", "Söderhamn", "Simrishamns"])
def test_a_town_is_no_unit(event: Event, town: str) -> None:
    unit = event.units[0].model_copy(update={"key": "port", "words": ("hamn",)})
    port = event.model_copy(update={"units": (unit,)})
    assert not Units(port).mentions(fold(town), line=True)
    assert Units(port).mentions("hamntekniker")[0].kinds == {"port"}


@pytest.mark.parametrize(("body", "expected"), TOLD)
def test_whose_a_unit_and_an_employer_are(event: Event, body: str, expected: str) -> None:
    raw = mail(f"Hej!\n\n{body}", "Lo Dahl <lo.dahl@flen.se>", "Anmälan", WHEN)
    people = read(read_letter(raw, WHEN), event).people
    assert ", ".join(sorted(f"{(p.name or '?').split()[0]} {p.unit} {p.municipality}" for p in people)) == expected


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("idrottslärare", "school"),
        ("PE teacher", "school"),
        ("idrottskonsulent", "sport"),
        ("sports coordinator", "sport"),
        ("idrott och park", "sport"),
        ("idrottspolitiker", OTHER),
        ("idrottsteamet på kommunledningskontoret", "sport"),
    ],
)
def test_an_area_and_what_somebody_is_in_it(event: Event, said: str, unit: str) -> None:
    sport, school = ("park och idrott", "idrott", "sports"), ("skola", "lärare", "teacher")
    units = tuple(
        event.units[0].model_copy(update={"key": key, "words": listed})
        for key, listed in (("sport", sport), ("school", school))
    )
    assert settle(Units(event.model_copy(update={"units": units})).mentions(fold(said), line=True)) == unit


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("skolkock", True),
        ("serveringspersonal", False),
        ("kökspersonal", True),
        ("matsalsvärd", True),
        ("lunchvärd", False),
        ("menyfunktionen", False),
        ("måltidsfunktionen", True),
        ("Head chef, school kitchens", True),
        ("sous chef at a preschool", True),
        ("samordnare på stadens centralkök", True),
        ("måltidsprogrammet", False),
        ("skolbibliotekarie", False),
        ("ordning", False),
    ],
)
def test_who_serves_a_school_stays_her_own_unit_s(event: Event, said: str, told: bool) -> None:
    unit = event.units[0].model_copy(update={"key": "meals", "words": ("måltid", "kök", "kock", "kitchen", "matsal")})
    meals = Units(event.model_copy(update={"units": (unit,)}))
    assert (settle(meals.mentions(fold(said), line=True)) == "meals") is told
