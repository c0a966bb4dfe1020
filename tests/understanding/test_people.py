"""Who a mail registers, by what names: one entry a voice, `?` for those without a name."""

from __future__ import annotations

import pytest

from kkn_mailer.event import Event
from kkn_mailer.letter import read_letter
from kkn_mailer.understanding import read

from ..mails import mail

EVA = "Eva Lund <eva.lund@flen.se>"
SIGNED = "\n\nEva Lund\nbibliotekarie, Flens kommun"

REGISTERED = [
    # merely mentioned
    ("Eva Lund", "Hej! Maria i receptionen skickade runt er inbjudan, jag anmäler mig till den 12 februari."),
    ("Eva Lund", "Hi! Johanna down the corridor told me about this and I would like to come on 12 February."),
    (
        "Eva Lund",
        "Hi Linda,\nMats Holm, who got your invitation, is passing this time, he is busy. I am free and will come on the 14th.",
    ),
    (
        "Eva Lund",
        "Hej! En kollega på kontoret i Malmköping visade mig inbjudan, så jag anmäler mig till den 14 februari.",
    ),
    ("Eva Lund", "Hej! Det blir bara jag den 12 februari, Sven Rask får stanna hemma."),
    ("Eva Lund", "Hej! Jag kommer den 12 februari. Vid förhinder skickar jag Malin Sten i stället."),
    ("Eva Lund", "Hej! Anna Ek har slutat, jag är hennes efterträdare och deltar den 12 februari."),
    ("Eva Lund", "Hej! Jag anmäler mig till den 12 februari. Inga allergier."),
    ("Eva Lund", "Hi Linda, I hope you have room for one more, I would like to join on 12 February."),
    ("Eva Lund", "Hej! Jag kommer den 12 februari. Rektor Sven Rask skrev till mig om det. Min chef säger ja."),
    ("Eva Lund", "Hej! Inbjudan gick till Sven Rask men det är jag som kommer den 12 februari."),
    (
        "Eva Lund",
        "Hi! Your invitation was sent to Peter Holm, but I will attend on 12 February. Friday is Valentine's.",
    ),
    ("Eva Lund", "Hej! Jag kommer den 12 februari, bytet med Lasse är klart inför Valborg."),
    ("Eva Lund", "Hej! Enligt uppgift från Malin Sten finns en plats kvar den 12 februari, den tar jag."),
    ("Eva Lund", "Hej! Jag åker med en kollega från Trosa som anmäler sig själv. Skriv upp mig på den 12 februari."),
    # away, elsewhere, or along for something else
    (
        "Eva Lund",
        "Hi! I will come on 12 February. Our archivist Mats Holm, who runs the files, had hoped to come but is on leave.",
    ),
    ("Eva Lund", "Hej! Jag kommer den 12 februari. Vår ekonom Mats Holm (som är ny här) hade gärna velat följa med."),
    ("Eva Lund", "Hej! Jag deltar den 12 februari, och Mats på plan kör med till Nyköping men har ett annat möte."),
    ("Eva Lund", "Hej! Jag anmäler mig till den 14 februari. Sven i Trosa sa att det gick bra att komma ändå."),
    ("Eva Lund", "Hi! I am travelling to Milan on the 14th, so please put me down for 12 February."),
    (
        "Eva Lund; Mats Holm",
        "Hej! Jag och Mats Holm kommer. Mats är ledig den 12 februari men tar den 14 februari, jag med.",
    ),
    # by a word for her, and the sender beside another
    ("Mats Holm", "Hej! Åt vår arkivchef Mats Holm skickar jag hans anmälan till den 12 februari."),
    ("Mats Holm", "Hi! Our archivist Mats Holm, who is on leave this week, asked me to register him for 12 February."),
    (
        "Eva Lund; Mats Holm",
        "Hej! Jag anmäler arkivchefen Mats Holm till den 12 februari och mig själv till den 14 februari.",
    ),
    ("Eva Lund; Mats Holm", "Hej! Vi är fem på kontoret, men det blir jag och Mats Holm den 12 februari."),
    # names: capitals, and several to a field
    (
        "Kim Ek; Oskar von Essen; Thi Mai Nguyen",
        "Anmälan till den 12 februari:\n\nNGUYEN Thi Mai, kock\nVON ESSEN Oskar, arkivarie\nEK Kim, kock",
    ),
    ("Eva Lund; Mats Holm", "Namn: Eva Lund samt Mats Holm\nKommun: Flen\nEnhet: kultur\nDag: 12 februari"),
    ("Eva Lund; Mats Holm", "Namn: undertecknad och Mats Holm\nKommun: Flen\nEnhet: kultur\nDag: 12 februari"),
    # a place for another, named or not, and the sender as the one more
    ("?", "Hej! Jag vill boka en plats den 12 februari åt vår nya planchef, namnet kommer senare."),
    ("?", "Hej! Please reserve a seat for our new librarian on 12 February; the name will follow."),
    ("?", "Hej! En arkivarie från Flen kommer den 12 februari, jag återkommer med namnet."),
    ("Kim Ek", "Hej! Jag vill boka en plats den 12 februari åt vår nya planchef Kim Ek."),
    ("?; Eva Lund", "Hej! Jag kommer den 12 februari. Jag tar med mig en till från kontoret."),
    ("Eva Lund", "Hej! Nu är det fler från Flen, här kommer en till som vill vara med den 12 februari."),
    ("Eva Lund", "Hej! Boka in en arkivarie till den 12 februari, nämligen jag."),
    # initials, and greetings of any language
    ("A. Karin Moss", "Hej! Vår kulturchef A. Karin Moss deltar den 12 februari, själv kommer jag inte."),
    ("Karin Moss", "Hej! Anmälan till plan B. Karin Moss, kulturchef, deltar den 12 februari, själv kommer jag inte."),
    ("Kim Ek; Sven Rask", "Ahoj Linda!\n\nTvå bibliotekarier anmäls till den 12 februari: Sven Rask och Kim Ek."),
    ("Kim Ek; Sven Rask", "Ola Linda,\n\nTvå bibliotekarier anmäls till den 12 februari: Sven Rask och Kim Ek."),
    # spoken to, and signing by another name
    ("Eva Lund; Sven Rask", "Linda, jag och Sven Rask tar den 12 februari. Båda på biblioteket.\n\nEvis"),
    # who comes along
    ("Eva Lund; Linda", "Hej Linda! Jag och min kollega Linda kommer den 14 februari."),
    ("Eva Lund; Kalle", "Hi Linda, I will come with Kalle on 12 February."),
    ("Bosse; Eva Lund", "Hej! Bosse och jag vill inte missa det här. Vi kommer på onsdagen den 12:e."),
    ("Eva Lund; Gittan", "Hej! Jag och Gittan kommer den 14 februari."),
    ("Eva Lund; Zorro", "Hej! Jag anmäler mig till den 14 februari. Min kollega Zorro hänger på."),
    ("Eva Lund; Tove", "Jag kommer den 12 februari. Min kollega Tove vill också gå."),
    ("Eva Lund; Jan", "Hi! I'll be there on 12 February with Jan from the library."),
    ("Anna Ek; Eva Lund", "I will come on 12 February. Anna Ek (librarian) asked to join me too."),
    ("Eva Lund; Tove Alm", "Jag kommer den 12 februari. Tove kommer också, hon heter Alm i efternamn."),
    (
        "Eva Ros; Lars Ros",
        "Hej! Här kommer ett gift par: Eva och Lars Ros från kulturenheten anmäler sig till den 12 februari. Själv kan jag inte.",
    ),
    ("?; Eva Lund", "Hej! Jag kommer den 14 februari och har en till med mig."),
    (
        "Eva Lund; Jens Ek",
        "Hej!\n\nTill den 12 februari vill jag anmäla\n\n- mig själv\n- Jens Ek, turistutvecklare i Trosa kommun. Han sitter hos oss på måndagar.\n\nVi åker ihop.",
    ),
    ("Eva Lund; Jens Ek", "Hej! Två platser den 12 februari till mig och min kollega Jens Ek."),
    ("Eva Lund; Jan Rot", "Vi kommer 12/2: Eva Lund (kultur), Jan Rot (bibliotek)."),
    # who registers others and stays at home
    ("Tove Alm", "Hej, jag anmäler för Tove Alms räkning. Hon är kulturchef och kommer den 12 februari."),
    ("Tove Alm", "Hej! Jag skickar gärna Tove Alm, vår kulturstrateg, den 14 februari."),
    ("Ali Rezai; Tove Alm", "Hej,\njag har fått i uppdrag att anmäla Tove Alm och Ali Rezai till den 12 februari."),
    ("Tove Alm", "Hej Linda, Tove Alm ber mig meddela att hon kommer den 12 februari."),
    ("Tove Alm", "Hej, undertecknad anmäler härmed kulturchef Tove Alm till den 12 februari."),
    (
        "Tove Alm",
        "Please register the following person: Tove Alm, librarian, 12 February. I am happy to answer any questions.",
    ),
    ("Siv Al; Tove Alm", "Dear Linda, we would like Tove Alm and Siv Al to take part on 12 February."),
    (
        "Siv Al; Tove Alm",
        "Hej! Följande vill gå den 12 februari:\n\nTove Alm\nSiv Al\n\nBekräfta gärna till mig så meddelar jag dem.",
    ),
    ("Siv Al; Tove Alm", "Hi! Two of ours (not me, I only do the paperwork) for 12 February: Tove Alm and Siv Al."),
    (
        "Siv Al; Tove Alm",
        "Hej! Boka två platser den 12 februari åt Tove Alm och Siv Al. Svara till mig så skickar jag det vidare.",
    ),
    (
        "Siv Al; Tove Alm",
        "Hej! Jag anmäler för Flens kommun Tove Alm och för Trosa kommun Siv Al. Båda den 12 februari.",
    ),
    ("Siv Al; Tove Alm", "Hej! Jag vill gärna att Tove Alm och Siv Al får gå den 12 februari."),
    # who comes, though she says little of herself
    (
        "Eva Lund; Tove Alm",
        "Kommer den 12 februari och tar med Tove Alm från kulturenheten. Själv sitter jag på biblioteket.",
    ),
    ("Eva Lund; Tove Alm", "Hej! Kommer den 12 februari, Tove Alm hänger med."),
    ("Eva Lund; Tove Alm", "Hi! Coming on 12 February and bringing Tove Alm."),
    ("Eva Lund; Tove Alm", "Hej! Tove Alm vill gå den 12 februari, och jag med."),
    (
        "Eva Lund; Tove Rad",
        "Hej! Från oss den 12 februari:\n\nEva Lund, kulturchef\nTove Rad, bibliotekarie\n\nSjälv äter jag allt utom fisk.",
    ),
    ("Eva Lund", "Kommer den 12 februari. Får skjuts av en kollega så parkering behövs inte."),
    # in small letters
    ("Eva Lund; Tove", "hej jag + tove kommer den 12 februari"),
    ("Eva Lund; Tove Dahlberg", "skriv upp mig och min kollega tove dahlberg på den 12 februari"),
    ("Ante Skog; Eva Lund", "Hej! Jag kommer den 12 februari och Ante följer med. Han heter Ante Skog."),
    # a colleague's own words
    (
        "Tove Alm",
        'Hej! Fick det här av Tove i dag: "Säg till Linda att jag kommer till Nyköping den 12 februari. Tove Alm". Hon är kulturstrateg.',
    ),
]

EMPLOYED = [
    ("Kim Ek|Flen; Bo Al|Trosa", "Hej! Från Flens kommun kommer Kim Ek, bibliotekarie, och från Trosa kommun Bo Al, turistchef. Den 12 februari båda två."),
    ("Kim Ek|Flen; Bo Al|Skogsvatten AB", "Hej! Till den 12 februari anmäls för Flens kommun Kim Ek och för Skogsvatten AB turistchef Bo Al."),
    ("Kim Ek|Flen; Bo Al|Skogsvatten AB", "Hej! Till den 12 februari anmäls Kim Ek, Flens kommun, och Bo Al, Skogsvatten AB."),
    ("Kim Ek|Flen; Bo Al|Trosa", "Hej! Den 12 februari kommer:\n\nFlens kommun:\nKim Ek, bibliotekarie\n\nTrosa kommun:\nBo Al, turistchef"),
]  # fmt: skip

SENDERS = [
    ("Karl-Erik Moss", "Kalle <kalle.moss1970@gmail.com>", "Hej, det här är Karl-Erik Moss, turistutvecklare i Flens kommun. Jag kommer den 12 februari."),
    ("Tom Bradley", "Sara Lind <sara.lind@gmail.com>", "Hi, I'm using my wife's mail since mine is down. My name is Tom Bradley, librarian at Flens kommun. Please register me for 12 February.\n\nTom"),
    ("Annika Wester", "Ninni <ninni79@hotmail.com>", "Hallå! Annika Wester heter jag och jobbar på kulturskolan i Flens kommun. Kommer den 14 februari!"),
    ("Elisabet Alm", "Bettan Alm <elisabet.alm@flen.se>", "kommer 12e. elisabet alm, biblioteket flen"),
    ("Eva Kroon", "Eva <eva.k@live.se>", "hej eva kroon här från biblioteket i flen, jag kommer den 12:e"),
    ("Gun Alm", "Kulturenheten <kultur@flen.se>", "Hej! Jag som skriver heter Gun Alm, bibliotekarie. Jag kommer den 12 februari.\n\nKulturenheten, Flens kommun"),
    ("Gun Alm", "Kulturenheten <kultur@flen.se>", "Hej! Anmäler mig till den 12 februari.\n\nGun Alm, bibliotekarie\nFlens kommun"),
    ("Gunnel", "Biblioteket Mellösa <biblioteket.mellosa@flen.se>", "Hej jag kommer den 12 februari.\n\nGunnel\nBiblioteket Mellösa\nFlens kommun"),
    ("?", "Kulturskolan Norra <kulturskolan.norra@flen.se>", "Hej! Anmäler mig till den 12 februari."),
    ("Zoltan Kock", "Zoltan Kock <zoltan.kock@flen.se>", "Hej! Anmäler mig till den 12 februari."),
    ("Tove Alm", "Registrator <registrator@flen.se>", "Härmed anmäls kulturchef Tove Alm, Flens kommun, till den 12 februari.\n\nFör kansliet\nIngrid Sköld\nsekreterare"),
    ("Eva Lund; Sven Rask", "Kulturenheten <kultur@flen.se>", "Vi två från kulturenheten kommer den 12 februari.\n\nEva Lund\nSven Rask"),
    ("Eva Lund", "EVA LUND <eva.lund@flen.se>", "ANMÄLER MIG TILL DEN 12 FEBRUARI. TÅL INTE NÖTTER, VILL ÄTA SENAST KL 12.\n\nEVA LUND"),
    ("Anna Ek; Bo Dal", "Kulturenheten <kultur@flen.se>", "Flens kommun anmäler följande till den 12 februari:\n\n1. Anna Ek\n2. Bo Dal\n\nAnge referens 4711 på fakturan.\n\nKulturenheten\nFlens kommun"),
    ("Eva Lund; Sven Rask", EVA, "Vi kommer båda två den 12 februari!\n\nEva Lund & Sven Rask\nKulturenheten, Flens kommun"),
]  # fmt: skip


HOME = "Hej Linda! Så här kommer vi, jag stannar själv hemma.\n\n"
LISTED = [
    # surnames first
    ("Kim Ek 12; Lilly Öst 12", "Till den 12 februari anmäls:\n\nEk, Kim\nÖst, Lilly (glutenfri kost)"),
    ("Hans Moss Ek 12; Kim Alm 14", "- Moss Ek, Hans, bibliotekarie, 12/2\n- Alm, Kim, kulturchef, 14/2"),
    ("Kim Ek 12; Siv Rask 12", "Från biblioteket i Flen anmäls till 12 februari: Ek, Kim; Rask, Siv."),
    ("Bo Nyman 12; Siv Rask 12", "Till den 12 februari anmäls:\n\nNyman Bo\nRask Siv"),
    # a column for each day
    ("Kim Ek 12; Siv Rask 12,14", HOME + "Namn\tTitel\t12/2\t14/2\nKim Ek\tarkivarie\tx\t\nSiv Rask\tkulturchef\tx\tx\nSumma\t\t2\t1"),
    ("Kim Ek 12; Siv Rask 14", HOME + "            Onsdag   Fredag\nKim Ek      ja       nej\nSiv Rask    nej      ja"),
    ("Kim Ek 12; Siv Rask 14", HOME + "Vem;Dag 1;Dag 2\nKim Ek (arkivarie);1;0\nSiv Rask, kulturchef;0;1"),
    ("Kim Ek 12; Siv Rask", HOME + "| Deltagare | Nyköping | Eskilstuna |\n|---|---|---|\n| Kim Ek | X | - |\n| Siv Rask | ? | ? |"),
    ("Kim Ek 14", HOME + "Namn: Kim Ek\nTitel: arkivarie\n12/2: nej\n14/2: ja"),
    # the sender as one of a list
    ("Eva Lund 14; Kim Ek 12; Siv Rask 14", "12 februari\n- Kim Ek\n\n14 februari\n- Siv Rask\n- och så jag"),
    ("Eva Lund 14; Kim Ek 12; Siv Rask 14", "12 February\nKim Ek\n\n14 February\nSiv Rask\nand myself"),
    ("Eva Lund 12,14; Kim Ek 12; Siv Rask 14", "12 februari:\n1. Kim Ek\n2. jag\n\n14 februari:\n1. Siv Rask\n2. jag igen"),
    # initials, particles, and surnames that are common words without their dots
    ("K. G. Moss 12; P.O. Dal 12; S. Rask 12", "Till den 12 februari anmäls:\n1. K. G. Moss\n2. P.O. Dal\n3. S. Rask"),
    ("Ali al-Hakim 12; Lucia de la Cruz 12; Vo Thi Lan 12", "Ali al-Hakim, Lucia de la Cruz och Vo Thi Lan från biblioteket kommer den 12 februari."),
    # nobody made up: seats in a car, those of last year, a day's number, a house
    ("Eva Lund 12", "Jag kommer den 12 februari. Om någon från Flen behöver skjuts har jag tre platser."),
    ("Eva Lund 12", "I will come on 12 February and can take two people in my car if anyone asks."),
    ("Eva Lund 12", "Jag kommer den 12 februari. Förra året var vi fyra från Flen, i år bara jag."),
    ("Eva Lund 12; Kim Ek 14", "Two from the library:\n\nmyself, 12 February\nmy colleague Kim Ek, 14 February"),
    ("Eva Lund 12", "Jag kommer den 12 februari och bor på Hotell Blåklinten natten innan, vi äter på Gamla Mejeriet."),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "body"), LISTED)
def test_who_is_listed_for_which_day(event: Event, expected: str, body: str) -> None:
    people = read(read_letter(mail(body + SIGNED, EVA, "Anmälan")), event).people
    each = (f"{p.name or '?'} {','.join(str(day.day) for day in p.dates)}".strip() for p in people)
    assert "; ".join(sorted(each)) == expected


@pytest.mark.parametrize(
    ("expected", "sender", "body"), [*((names, EVA, body + SIGNED) for names, body in REGISTERED), *SENDERS]
)
def test_who_is_registered(event: Event, expected: str, sender: str, body: str) -> None:
    reading = read(read_letter(mail(body, sender, "Inspirationsdagarna")), event)
    assert "; ".join(sorted(person.name or "?" for person in reading.people)) == expected


@pytest.mark.parametrize(("expected", "body"), EMPLOYED)
def test_each_has_the_employer_named_for_her(event: Event, expected: str, body: str) -> None:
    people = read(read_letter(mail(body + SIGNED, EVA)), event).people
    assert {f"{p.name}|{p.municipality}" for p in people} == set(expected.split("; "))


def test_the_answer_to_our_question_is_of_those_it_names(event: Event) -> None:
    answer = (
        "Hej, Tove Alm är bibliotekarie och Siv Al är turistchef. Det gäller den 12 februari.\n\nGun Lid\nsekreterare"
    )
    question = (
        "\n\nDen 9 januari 2020 skrev Linda <linda@lindanordfors.com>:\n> Vilken enhet arbetar Tove Alm och Siv Al på?"
    )
    people = read(read_letter(mail(answer + question, "Gun Lid <gun.lid@flen.se>", "Sv: Anmälan")), event).people
    assert {(p.name, p.unit) for p in people} == {("Tove Alm", "culture"), ("Siv Al", "business")}
