"""Ways to name a session, and what each chooses: adding a way of writing is one line."""

from __future__ import annotations

import datetime as dt

import pytest

from kkn_mailer.config import load_event
from kkn_mailer.event import Event
from kkn_mailer.letter import read_letter
from kkn_mailer.understanding import read
from kkn_mailer.understanding.drafts import Tools
from kkn_mailer.understanding.sessions import Calendar

from ..conftest import ROOT
from ..mails import mail

A, B = "12", "14"
WRITTEN = dt.date(2020, 2, 10)  # a Monday

EXAMPLES: list[tuple[str, str]] = [
    # a day that is only described, wished for in vain, or second choice
    ("Jag kommer på onsdagen, men fredag är min dotters födelsedag.", A),
    ("Please count me in for Friday. Wednesday is our wedding anniversary.", B),
    ("Gärna onsdagen. Blir den full får du sätta mig på fredagen.", A),
    ("Jag är på plats i Nyköping. Hade gärna kört till Eskilstuna i stället, men den dagen är jag ledig.", A),
    ("I would have preferred Eskilstuna but I'm away then. So Nyköping it is!", A),
    ("Jag jobbar i Eskilstuna men kommer till Nyköping.", A),
    # figures and months
    ("Jag kommer den 12 februari.", A),
    ("Jag kommer den 12:e", A),
    ("jag kommer 12e februari", A),
    ("Anmäler mig till 12/2", A),
    ("Anmäler mig till 14/2-20", B),
    ("Anmäler mig till 14.2.", B),
    ("Jag tar 2020-02-14", B),
    ("20200212 passar mig", A),
    ("Jag väljer 200214", B),
    ("I'd like to join on February 12", A),
    ("I'd like to join on Feb 14th", B),
    ("Please register me for the 14th of February", B),
    ("jag kommer den 12 febuari", A),
    ("jag kommer den tolfte februari", A),
    ("Jag kommer den fjortonde.", B),
    # weekdays
    ("Jag kommer på onsdagen.", A),
    ("Fredag passar mig bäst", B),
    ("jag tar fredan", B),
    ("I will attend on Wednesday", A),
    ("Jag anmäler mig till onsdag v. 7", A),
    ("Jag anmäler mig till onsdag vecka 8", ""),
    ("Jag anmäler mig till torsdagen", ""),
    # places
    ("Jag kommer till Nyköping.", A),
    ("Jag anmäler mig till Eskilstunadagen", B),
    ("Anmäler mig till dagen i Eskilstuna", B),
    ("Jag är med på Scenkonst", B),
    ("Jag kommer till Historieverkstan", A),
    ("Jag anmäler mig till dagen på Tolagsgatan", A),
    ("jag anmäler mig till eskiltuna", B),
    # ordinals
    ("Jag tar första tillfället", A),
    ("Jag anmäler mig till det andra tillfället", B),
    ("Jag kommer sista dagen", B),
    ("Put me down for day two", B),
    ("I'd like to attend the second session", B),
    ("Jag väljer dag 1", A),
    # both
    ("Jag kommer båda dagarna", A + B),
    ("Jag anmäler mig till bägge tillfällena", A + B),
    ("I'd like to attend both days", A + B),
    ("Jag kommer den 12 och 14 februari", A + B),
    ("Jag anmäler mig till 12/2 och 14/2", A + B),
    ("Anmäler mig till onsdag 12 februari och fredag 14 februari", A + B),
    ("Jag anmäler mig till Nyköping 12 februari samt Eskilstuna 14 februari", A + B),
    ("Jag kommer den 12:e. Jag kommer också den 14:e.", A + B),
    # a range is not both
    ("Jag anmäler mig till 12-14 februari", ""),
    # negation and its scope
    ("Jag kan inte den 12:e men gärna den 14:e", B),
    ("Onsdagen går tyvärr inte, men jag kommer gärna till Eskilstuna den 14:e.", B),
    ("Inte den 12:e utan den 14:e", B),
    ("Tyvärr är jag bortrest den 14 februari så jag tar den 12:e.", A),
    ("Jag kommer på onsdagen, på fredagen har jag redan ett möte.", A),
    ("Den 14:e krockar med nämnden, så jag anmäler mig till den 12:e", A),
    ("I can't make the 12th, but I'd love to join on the 14th", B),
    ("Fredagen funkar inte för mig. Jag tar onsdagen.", A),
    ("Jag anmäler mig till Eskilstuna i stället för Nyköping", B),
    # preference
    ("Helst den 12:e, annars den 14:e", A),
    ("Jag kommer helst den 14 februari, i andra hand den 12.", B),
    ("I'd prefer the 14th, otherwise the 12th", B),
    ("I första hand onsdagen, om det är fullt tar jag fredagen", A),
    # open alternatives
    ("Jag anmäler mig till den 12:e eller 14:e, spelar ingen roll", ""),
    ("12 eller 14 februari", ""),
    ("Vilken dag som helst går bra", ""),
    ("Either day works for me, the 12th or the 14th", ""),
    # corrections
    ("Jag kommer den 12:e, förlåt, jag menar den 14:e", B),
    ("Anmäler mig till onsdagen. Nej förresten, fredagen!", B),
    # in other words
    ("Jag kommer gärna onsdagen den tolfte", A),
    ("anmäler mig till 14/2-20", B),
    ("Jag tar fredagen", B),
    ("Jag vill gå på Nyköpingstillfället", A),
    ("Boka in mig på det senare datumet", B),
    ("det tidigare tillfället passar mig bäst", A),
    ("Jag kan bara på fredagen", B),
    ("Jag kan vilken dag som helst utom onsdagen", B),
    ("Inte den 12 utan den 14 februari", B),
    ("14 feb funkar inte för mig, men 12 feb går utmärkt", A),
    ("Den 14:e, alltså Eskilstuna", B),
    ("Jag deltar den 12/2 och min kollega den 14/2", A + B),
    ("Kommer den 12.", A),
    ("12e feb", A),
    ("Feb 14 please", B),
    ("I'd like to join on the 12th of February", A),
    ("I'll come to Eskilstuna on Friday", B),
    ("count me in for Wednesday", A),
    ("I can't make the 12th so please put me down for the 14th", B),
    ("either day works", ""),
    ("Any of the two dates is fine", ""),
    ("Helst den 14:e men den 12:e går också bra", B),
    ("Helst den 12:e, i andra hand den 14:e", A),
    ("I första hand Eskilstuna", B),
    ("onsdag 14 februari", ""),
    ("den 12 februari i Eskilstuna", ""),
    ("den 13 februari", ""),
    ("Båda dagarna!", A + B),
    ("jag går på bägge", A + B),
    ("Jag kommer både den 12:e och den 14:e", A + B),
    ("12:e + 14:e", A + B),
    ("12 & 14 feb", A + B),
    ("den 12 samt den 14 februari", A + B),
    ("mellan 12–14 februari", ""),
    ("Jag har semester den 12:e så det får bli den 14:e", B),
    ("Den 12:e krockar med nämnden, så fredagen i Eskilstuna blir bra", B),
    ("Tyvärr kan jag inte på onsdagen, däremot gärna på fredagen", B),
    ("Jag anmäler mig till inspirationsdagen den 12 februari. Jag är tillbaka på kontoret den 7 januari.", A),
    ("Jag fyller år den 14 februari men kommer ändå gärna den 12:e", A),
    ("Sista anmälningsdag var den 10 februari va? Jag vill komma den 12:e", A),
    ("Jag tänkte först onsdagen men det får bli fredagen", B),
    ("Jag hade tänkt mig den 14:e men nu blev det ett möte så skriv upp mig på den 12:e", A),
    ("Förlåt, den 12:e menar jag, inte den 14:e", A),
    ("På alla hjärtans dag såklart", B),
    ("dag 2", B),
    ("Dag ett", A),
    ("tillfälle nr 2", B),
    ("det första av de två", A),
    ("the second date", B),
    ("the former", A),
    ("the Nyköping one", A),
    ("Historieverkstan", A),
    ("på museet i Nyköping", A),
    ("hos Scenkonst", B),
    ("Scenkonst Sörmlands dag", B),
    ("20200214", B),
    ("2020-02-12", A),
    ("200212", A),
    ("12.2.2020", A),
    ("14.2", B),
    ("fre 14/2", B),
    ("ons 12", A),
    ("fredag v. 7", B),
    ("onsdagen i vecka 7", A),
    ("både Nyköping och Eskilstuna", A + B),
    ("Nyköping eller Eskilstuna går lika bra", ""),
    ("hellre Nyköping än Eskilstuna", A),
    ("Det blir Eskilstuna för min del", B),
    ("Jag bor i Eskilstuna men kommer till Nyköping", A),
    ("Jag jobbar i Nyköpings kommun och vill komma den 14:e", B),
    ("jag kommer den 12 februari kl 10.00-15.00", A),
    ("Ring mig på 0155-12 14 16 om något är oklart", ""),
    ("Jag kommer inte den 12:e.", ""),
    ("jag kommer inte den 12:e men den 14:e", B),
    ("den 14 februari har jag redan något, så den 12:e", A),
    ("Antingen eller, spelar ingen roll", ""),
    ("Kan jag få vara med på fredag den 14 februari?", B),
    ("Is there still room on 12 February? If so please sign me up.", A),
    ("Vi kommer till Eskilstunadagen", B),
    ("anm till nyköping 12 feb", A),
    ("fjortonde februari blir toppen", B),
    ("den fjortonde", B),
    ("fjortonde", B),
    ("Onsdagen passar inte alls, fredagen passar perfekt", B),
    ("jag missar onsdagen men är med fredagen", B),
    ("Enbart den 14:e", B),
    ("bara eskilstuna", B),
    ("allt utom Nyköping", B),
    ("Vi ses den 12:e!", A),
    ("12/2, inte 14/2", A),
    ("14/2 (inte 12/2)", B),
    ("Jag deltar på förmiddagen den 12 februari", A),
    ("Den 12:e är jag på kurs, den 14:e är jag ledig. Ingen av dagarna fungerar.", ""),
    ("Onsdag den 12/2 i Nyköping tack, alternativt fredag om det är fullt", A),
    ("Nyköping, om det finns plats, annars Eskilstuna", A),
    ("Wed 12 Feb", A),
    ("Friday the 14th", B),
    ("the 12th rather than the 14th", A),
    ("not the 12th but the 14th", B),
    ("both days", A + B),
    ("both sessions please", A + B),
    ("I would prefer the second one", B),
    ("Feb. 12", A),
    ("12-Feb-2020", A),
    ("February 12 and 14", A + B),
    # contradictions
    ("Jag anmäler mig till den 12 februari i Eskilstuna", ""),
    ("Jag kommer torsdag den 12 februari", ""),
    ("Jag kommer den 13 februari", ""),
    ("Jag anmäler mig till fredag 12 februari", ""),
    # relative words count from the mail
    ("Jag kommer på fredag", B),
    # days that are not about attending
    ("Jag kommer den 12:e. Tillbaka från semestern den 14 januari.", A),
    ("Anmäler mig till fredagen. Ring 070-12 12 121 vid frågor.", B),
    ("Jag fyller 40 den 3 mars men kommer gärna den 14 februari", B),
    ("Jag kommer den 12:e. Faktura nr 14020 skickas separat.", A),
    ("Jag jobbar på kulturenheten i Nyköping och anmäler mig till den 14 februari", B),
    ("Jag är näringslivsutvecklare på Eskilstuna kommun och kommer den 12:e", A),
    ("Jag kommer den 12:e kl 10.00", A),
    # spelling, and what Americans write
    ("anmäl mig till den 14.e tack", B),
    ("Put me down for 2/14, please", B),
    ("We read 12th-century letters. Count me in for Friday.", B),
    # a negative that is not the day's
    ("Den 14:e missar jag inte för allt i världen!", B),
    ("I'll come on the 12th, and if it is not too much also on the 14th", A + B),
    ("Jag tar Eskilstuna, hellre än att köra till Nyköping i halka.", B),
    ("Inte Nyköping den här gången utan Scenkonst.", B),
    # the day that follows from another; a day of another time; the invitation's days
    ("Den 12:e har jag visning för skolan, så den 14:e.", B),
    ("Båda dagarna ser bra ut men den 12:e har jag redan ett möte, så den 14:e.", B),
    ("Vi sågs i Eskilstuna i höstas. Jag anmäler mig till Nyköping.", A),
    ("Jag har läst inbjudan till den 12 och 14 februari och anmäler mig till Eskilstuna.", B),
    ("Inbjudan nämner Nyköping och Eskilstuna. Jag väljer det förra.", A),
    ("Anmäl mig till första och sista tillfället.", A + B),
    ("Jag anmäler mig till tillfälle 1 och 2.", A + B),
    ("Jag anmäler mig till den 14 februari, eftersom jag den 12 februari är i Stockholm.", B),
    ("I can come on Friday as well as Wednesday", A + B),
    # corrections, alternatives
    ("Jag kommer den 14:e, eller nej, den 12:e blir bättre!", A),
    ("Sätt upp mig på onsdag. Det blir fredagen i stället!", B),
    ("Jag kommer den 12:e. Eller den 14:e, jag får se.", ""),
    ("Jag kommer ons. eller fre., bestämmer mig senare.", ""),
    ("Det blir nog den 12:e men det kan bli den 14:e.", ""),
    ("Helst den 12:e, är det fullsatt tar jag fredagen i stället.", A),
    ("båda", A + B),
    # numbers that can be nothing but days
    ("12 passar, skriv upp mig", A),
    ("12+14 för mig", A + B),
    ("Sätt mig på 14:an tack", B),
    ("inte 12 men 14", B),
    ("Jag åker med 12:an till er, vi ses den 14:e", B),
    ("Sätt mig på 12. Kontoret ligger på plan 14.", A),
    # for want of the other, whatever the words for being full
    ("Helst onsdagen, men blir det trångt kan jag åka till Eskilstuna i stället. Skriv alltså upp mig på onsdagen.", A),
    ("Jag kommer den 12:e. Skulle den ställas in tar jag Eskilstuna i stället.", A),
    ("The 12th is full, so I'll take the 14th.", B),
    # what is told of a day
    ("Anmäl mig till den 14:e. Den 12:e tar jag emot en delegation.", B),
    ("I'm attending a funeral on the 12th, so please sign me up for the 14th.", B),
    ("Den 12:e åker jag till Lund. Den 14:e kommer jag gärna.", B),
    ("12:e: ja. 14:e: nej.", A),
    ("Den 12:e går bort, den 14:e likaså.", ""),
    ("Boka mig på den 12:e och strunta i den 14:e.", A),
    ("Den 12:e är jag ledig så jag kommer då, och den 14:e tar jag också.", A + B),
    ("Jag opereras den 12:e och är på benen till den 14:e, så skriv upp mig på den.", B),
    # not sure
    ("Jag tror det är den 14:e.", ""),
    ("Troligen den 12:e", ""),
]  # fmt: skip

# Whole mails of Ada Ek: whose days they give. Läslust has 20 September and 6 October in Örebro, 4 October in Karlskoga.
SPRING = (dt.date(2020, 3, 16), dt.date(2020, 4, 2))
OF_EACH: list[tuple[str, str, str]] = [
    # a heading's day is that of those below it, not of whoever is told of later; a block of lines below a name is hers
    ("kkn", "12 februari\n- Kim Ek, kulturchef\n\n14 februari\n- Bo Alm, bibliotekarie\n\nKim kommer lite sent.", "Kim:12 Bo:14"),
    ("kkn", "Från oss:\n\nKim Ek, kulturchef. Deltar 12 februari.\nBo Alm, bibliotekarie. Deltar 14 februari.", "Kim:12 Bo:14"),
    ("kkn", "Två från Flen:\n- Kim Ek - kulturchef - Nyköping\n- Bo Alm - bibliotekarie - Nyköping + Eskilstuna", "Kim:12 Bo:12,14"),
    ("kkn", "- Kim Ek, kulturchef, 14 februari\n- Bo Alm, bibliotekarie, 12 februari\n- Ann Lind, producent, samma dag som Bo", "Kim:14 Bo:12 Ann:12"),
    ("kkn", "Jag anmäler Kim Ek till den 12:e och mig till den 14:e, så att någon av oss alltid håller ställningarna.", "Kim:12 Ada:14"),
    # a day that is planned, offered, left or one too many
    ("kkn", "Båda dagarna vore roligt men det får räcka med en, så vi säger den 14:e.", "Ada:14"),
    ("kkn", "Jag ser att det finns en dag i Nyköping och en i Eskilstuna. Jag tar den i Eskilstuna.", "Ada:14"),
    ("kkn", "Bor i Eskilstuna men jobbar i Nyköping, så jag tar Nyköping.", "Ada:12"),
    ("kkn", "Jag kommer till Scenkonst. Tänkte först åka till Nyköping men vägen är avstängd.", "Ada:14"),
    ("kkn", "Den 12:e har vi fullmäktige, men fredagen är jag ledig och kommer gärna.", "Ada:14"),
    ("kkn", "Jag utgår från att det finns plats och anmäler mig till den 14 februari.", "Ada:14"),
    ("kkn", "Kan vilken dag som helst men anmäler mig till den 12:e.", "Ada:12"),
    # a busy word refuses its day only where its sentence does not say that somebody comes then
    ("kkn", "Hej! Den 14:e sitter jag gärna längst fram.", "Ada:14"),
    ("kkn", "Hej! Just den 12:e har jag ledigt från nämnden så då kommer jag.", "Ada:12"),
    ("kkn", "Tyvärr kan jag bara den 12:e, men då kommer jag.", "Ada:12"),
    ("kkn", "Anmäl mig gärna, men den 12:e är jag på kurs.", "Ada:"),
    ("kkn", "Den 12:e är jag på kurs. Jag anmäler mig till fredagen.", "Ada:14"),
    ("laslust", "Den 20 september har vi revision, den 4 oktober fyller jag 50, så det får bli den 6 oktober för mig.", "Ada:6"),
    # some of more
    ("laslust", "I'd like to come to both Örebro dates, but not Karlskoga.", "Ada:6,20"),
    ("laslust", "Alla dagar utom den 4 oktober, tack. Jag anmäler mig alltså till två.", "Ada:6,20"),
    ("laslust", "Varken den 20:e eller 4:e går för mig. Den 6:e går bra.", "Ada:6"),
    ("laslust", "Skriv upp mig på den 20 september och 6 oktober, Karlskoga hinner jag inte till.", "Ada:6,20"),
    ("laslust", "Jag tar 4:e oktober tack. Äter vegetariskt eller fisk, går lika bra", "Ada:4"),
    ("laslust", "Alla utom den första, tack. Anmäl mig.", "Ada:4,6"),
    ("laslust", "Inte den 4 oktober, men de andra två dagarna kommer jag gärna.", "Ada:6,20"),
    ("laslust", "Anmäl mig till den första och den sista.", "Ada:6,20"),
    ("laslust", "Mittendagen blir bra, skriv upp mig.", "Ada:4"),
    ("laslust", "Örebrodagen i oktober... alltså oktoberdagen i Örebro, anmäl mig dit.", "Ada:6"),
    ("laslust", "Båda i oktober, tack. Anmäl mig.", "Ada:4,6"),
    ("laslust", "Jag kommer den 20/9 och den 6/10, Örebro båda gångerna alltså.", "Ada:6,20"),
    ("laslust", "Put me on the list for Karlskoga, please. On 20 September I'm taking a class to Oslo, and the 6th is our fair.", "Ada:4"),
    ("kkn", "Kollegan tar den 12:e, jag tar den 14:e. Anmäl bara mig.", "Ada:14"),
    # one line leaves its day open
    ("kkn", "Please register me and Bo Dal, librarian. I come on the 12th. Bo is at sea and I do not know his day.", "Ada:12 Bo:"),
    ("kkn", "Jag kommer den 12:e. Bo Dal, arkivarie, kommer också men har inte sagt när.", "Ada:12 Bo:"),
    ("kkn", "Den 12 februari\n- Bo Dal, arkivarie\n\nDen 14 februari\n- Eva Ström, bibliotekarie\n- och så jag", "Ada:14 Bo:12 Eva:14"),
    ("kkn", "Vi är:\n1. Ada Ek - 12 feb\n2. Bo Dal, näringslivschef - 14 feb\n3. Cia Ros, arkivarie - är också med, dag meddelas", "Ada:12 Bo:14 Cia:"),
    ("kkn", "De som kommer:\n- Bo Dal, bibliotekarie: 12/2\n- Eva Ström, arkivarie: 12/2\n- Cia Ros, dag oklar", "Bo:12 Eva:12 Cia:"),
    ("kkn", "Bo Dal (bibliotekarie) tar onsdagen. Eva Ström (arkivarie) har inget schema än men kommer en av dagarna.", "Bo:12 Eva:"),
    ("kkn", "Namn | Titel | Dag\nBo Dal | bibliotekarie | båda\nEva Ström | arkivarie | 14/2\nCia Ros | kulturstrateg | ?", "Bo:12,14 Eva:14 Cia:"),
    # exceptions
    ("kkn", "Vi kommer alla den 12:e:\n- Ada Ek\n- Bo Dal, bibliotekarie\nUndantaget är Bo som bara är ledig den 14:e.", "Ada:12 Bo:14"),
    ("kkn", "Dessa kommer till Scenkonst:\n• Bo Dal, arkivarie\n• Eva Ström, bibliotekarie\nUndantaget är Eva, som bara kan den 12 februari.", "Bo:14 Eva:12"),
    ("kkn", "Vi kommer till Scenkonst:\n• Bo Dal, arkivarie\n• Eva Ström, bibliotekarie\nUndantaget är Eva, som bara är ledig den 12 februari och därför går då.", "Ada:14 Bo:14 Eva:12"),
    ("kkn", "Jag kommer på onsdagen. Bo Dal (näringslivschef) kan inte då och tar fredagen.", "Ada:12 Bo:14"),
    ("kkn", "Ada Ek och Bo Dal (arkivarie) anmäls till den 12:e, men Bo har bara tid den 14:e.", "Ada:12 Bo:14"),
    ("kkn", "Jag och Bo Dal (arkivarie) kommer den 12:e. Bo kommer även den 14:e.", "Ada:12 Bo:12,14"),
    ("kkn", "Eva Ek (arkivarie) och Bo Dal (bibliotekarie) kommer den 12:e respektive 14:e.", "Eva:12 Bo:14"),
    # the choice handed to the organiser
    ("kkn", "Jag kan båda dagarna, placera mig där det finns mest plats.", "Ada:"),
    ("kkn", "Both days look fine, put me on whichever has the most space.", "Ada:"),
    ("laslust", "Alla tre dagarna går bra, 4, 6 eller 20, ni kan bestämma.", "Ada:"),
    ("laslust", "Vilken av de tre dagarna det blir gör mig detsamma.", "Ada:"),
    # a place held already, beside one that is asked for
    ("kkn", "Jag är ju redan anmäld till den 12:e men vill gärna komma den 14:e också.", "Ada:14"),
    ("kkn", "You already have me down for the 12th. Please put me down for the 14th as well.", "Ada:14"),
    ("kkn", "Jag har redan en plats i Nyköping och anmäler mig nu även till Eskilstuna.", "Ada:14"),
    ("kkn", "Jag är med på den 12:e sen förut. Lägg till den 14:e!", "Ada:14"),
    # another's day, and a day of something else
    ("kkn", "Bo Dal, arkivarie, anmäls till den 12:e. Chefen har nämnd den dagen och deltar inte.", "Bo:12"),
    ("kkn", "Som ledamot i tekniska nämnden anmäler jag mig till Scenkonst.", "Ada:14"),
    ("kkn", "Jag tillträder tjänsten den 1 februari och kommer gärna den 12:e.", "Ada:12"),
    ("kkn", "Jag anmäler mig till den 14:e. Efter kommunfullmäktige (13 februari) vet vi mer.", "Ada:14"),
    ("kkn", "Bo Dal, arkivarie 12/2\nEva Ström, bibliotekarie 12/2\nå så jag 14/2", "Bo:12 Eva:12 Ada:14"),
    # what happens that day
    ("kkn", "Tar gärna den 12:e. Den andra dagen går inte, då kommer ett företag på besök den 14:e.", "Ada:12"),
    ("kkn", "Happy to come to Nyköping. I can't do the other, there is a delegation arriving on the 14th.", "Ada:12"),
    ("kkn", "Jag kommer den 12:e men kan inte den andra dagen.", "Ada:12"),
    ("kkn", "I can't come on the 12th and would like to join the other one, since I am away.", "Ada:14"),
    ("kkn", "Jag tar den 12:e, den 14:e är det begravning.", "Ada:12"),
    ("kkn", "Onsdagen är det bästa för mig, fredagen funkar också.", "Ada:12"),
    ("kkn", "Den 12:e kan jag inte, den 14:e är det som gäller.", "Ada:14"),
    ("kkn", "I would like to join both days, if you don't mind me coming alone.", "Ada:12,14"),
    # slips
    ("kkn", "Anmäler mig till Histrieverkstan.", "Ada:12"),
    ("kkn", "Jag kommer lördagen den 12 februari.", "Ada:"),
    # the day moved from is named last
    ("kkn", "Jag står på den 14:e men behöver byta till den 12:e i stället, det blev nämnd på fredagen.", "Ada:12"),
    ("kkn", "Kan jag komma till Nyköping den 12:e snarare än till Scenkonst, där du har mig nu?", "Ada:12"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "body", "days"), OF_EACH, ids=[body for _, body, _ in OF_EACH])
def test_whose_days(event: Event, key: str, body: str, days: str) -> None:
    about = event if key == "kkn" else load_event(ROOT / "tests" / "corpus" / key)
    when = dt.datetime.combine(about.sessions[0].date - dt.timedelta(days=20), dt.time(10), dt.UTC)
    raw = mail(body + "\n\nAda Ek\nkulturchef", "Ada Ek <ada.ek@flen.se>", "Anmälan", when)
    people = read(read_letter(raw, when), about).people
    found = {f"{(p.name or '?').split()[0]}:{','.join(map(str, sorted(d.day for d in p.dates)))}" for p in people}
    assert found == set(days.split())


@pytest.mark.parametrize(("text", "days"), EXAMPLES, ids=[text for text, _ in EXAMPLES])
def test_what_it_chooses(event: Event, text: str, days: str) -> None:
    choice = Tools.of(event).choice(text, WRITTEN)
    assert "".join(f"{d:%d}" for d in choice.dates) == days


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("12/2", A), ("12/2 2020", A), ("12/02", A), ("12/2-20", A), ("12.2.2020", A), ("12 feb", A), (" 14 FEB. ", B),
        ("12-feb", A), ("12e", A), ("12:e", A), ("den 14:e", B), ("2020-02-12", A), ("20200214", B), ("onsdag", A),
        ("Onsdag 12 februari 2020", A), ("Eskilstuna", B), ("Nyköping, 12 februari", A), ("the 14th", B),
        ("", ""), ("12", A), ("13/2", ""), ("12/3", ""), ("2/12", ""), ("12/2 2021", ""), ("2019-02-12", ""),
        ("torsdag 12 februari", ""), ("12 februari i Eskilstuna", ""), ("12/2 eller 14/2", ""), ("12/2 och 14/2", ""),
        ("båda", ""), ("inte 12/2", ""), ("kanske 14/2", ""), ("12/2?", ""), ("på fredag", ""), ("12–14 feb", ""),
        ("14:e, vill ej komma", ""), ("feb", ""), ("2020-02-12 10:00", ""),
    ],
)  # fmt: skip
def test_a_cell_that_names_one_session_and_nothing_else(event: Event, typed: str, day: str) -> None:
    assert Calendar(event).only(typed) == (dt.date(2020, 2, int(day)) if day else None)


def test_what_the_event_calls_its_days_is_no_misspelt_weekday(event: Event) -> None:
    learning = event.model_copy(update={"name": "Läsa klokt: lärdagar om böcker"})
    assert [d.day for d in Tools.of(learning).choice("Jag kommer till lärdagen den 12 februari.", WRITTEN).dates] == [
        12
    ]


@pytest.mark.parametrize(("typed", "day"), [("16 mras", 16), ("16 amrs", None), ("2 arpil", 2)])
def test_letters_of_a_short_month_that_changed_places(event: Event, typed: str, day: int | None) -> None:
    spring = [s.model_copy(update={"date": d}) for s, d in zip(event.sessions, SPRING, strict=True)]
    only = Calendar(event.model_copy(update={"sessions": tuple(spring)})).only(typed)
    assert (only.day if only else None) == day


def test_a_day_that_two_sessions_can_be_is_none(event: Event) -> None:
    march = event.sessions[0].model_copy(update={"date": dt.date(2020, 3, 12)})
    two = Calendar(event.model_copy(update={"sessions": (*event.sessions, march)}))
    assert [two.only(typed) for typed in ("12:e", "Nyköping", "12/3")] == [None, None, march.date]
