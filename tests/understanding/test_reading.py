"""Whole mails and what they mean, by many voices: adding one is one entry.

Expected: kind/decision, then each person as name|employer|unit|days, `?` for what is not known.
"""

from __future__ import annotations

import datetime as dt
import json
import struct
from email import message_from_bytes
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kkn_mailer.config import load_event
from kkn_mailer.domain import Reading
from kkn_mailer.event import Event
from kkn_mailer.letter import read_letter
from kkn_mailer.understanding import read
from kkn_mailer.understanding.text import listed_phrases

from ..conftest import ROOT
from ..mails import mail

WHEN = dt.datetime(2020, 1, 20, 10, tzinfo=dt.timezone(dt.timedelta(hours=1)))
INVITATION = (
    "\n\nFrån: Linda K Nordfors <linda@lindanordfors.com>\nSkickat: den 10 december 2019 09:14\nTill: x\nÄmne: Inbjudan\n\n"
    "Inspirationsdagar KKN: 12 februari Nyköping, 14 februari Eskilstuna. Anmälan: linda@lindanordfors.com"
)

MAILS = [
    # (expected, from, subject, body); an empty subject stands for a reply to the invitation
    ("question/review", "Moa Kvist <moa.kvist@flen.se>", "Lunch?", "Hej! Jag ser ingen tid för lunchen i inbjudan till dagarna i Nyköping och Eskilstuna. Vad gäller?\n\nMoa Kvist\nKulturchef, Flens kommun"),
    ("question/review", "Moa Kvist <moa.kvist@flen.se>", "Registration link", "Hi, I can't find any registration link in the invitation to the day in Nyköping on 12 February. Where is it?\n\nMoa Kvist\nHead of Culture, Flen"),
    ("registration/confirm Moa Kvist|Flen|culture|12", "Moa Kvist <moa.kvist@flen.se>", "Anmälan", "Hej! Jag hittar inget formulär, så skriv upp mig den 12 februari.\n\nMoa Kvist\nKulturchef, Flens kommun"),
    ("registration/confirm Moa Kvist|Flen|culture|12", "Moa Kvist <moa.kvist@flen.se>", "Anmälan till 12/2 i Nyköping, jag är vegan", "Moa Kvist\nKulturchef, Flens kommun"),
    ("registration/confirm Ulla Testberg|Flen|culture|14", "Ulla Testberg <ulla.testberg@flen.se>", "Workshop", "Hej Linda,\nkan du boka upp mig på fredagens workshop i Eskilstuna?\nMed vänlig hälsning\nUlla Testberg\nBibliotekarie\nFlens kommun"),
    ("registration/confirm Bo Ek|Trosa|business|12", "Bo Ek <bo.ek@trosa.se>", "", "Hallå! Jag hakar på den 12:e, ser fram emot det. //Bo Ek, näringslivschef Trosa kommun"),
    ("registration/confirm Karin Sjö|Gnesta|culture|14; Tomas Berg|Gnesta|business|14", "karin.sjo@gnesta.se", "Inspirationsdagen", "Hej!\nJag heter Karin Sjö och är kulturchef i Gnesta kommun. Jag och min kollega Tomas Berg, som jobbar som näringslivsutvecklare, vill gärna vara med den 14 februari.\nHälsningar Karin"),
    ("registration/ask ?|Strängnäs|culture|12", "Lisa Holm <lisa.holm@strangnas.se>", "Anmälan grupp", "Hej, vi är fem personer från kulturförvaltningen i Strängnäs som vill komma den 12 februari. Återkommer med namn!\nMvh Lisa Holm, Strängnäs kommun"),
    ("registration/confirm Per Åberg|Vingåker|other|12", "Per Åberg <per.aberg@vingaker.se>", "Anmälan", "Hej! Anmäler mig till KKN-dagen 12/2.\n\nPer Åberg\nKommunchef\nVingåkers kommun"),
    ("registration/confirm Anna Nyström|Katrineholm|business|12", "anna.nystrom@katrineholm.se", "inspirationsdag", "hej vill va med den 12e! /anna nyström näringslivsenheten katrineholm"),
    ("registration/confirm John Smith|Oxelösund|culture|12,14", "John Smith <john.smith@oxelosund.se>", "Registration", "Hi! I would like to sign up for both days. I'm the Head of Culture at Oxelösunds kommun.\n\nBest,\nJohn Smith"),
    ("registration/ask John Smith|Oxelösund|culture|", "John Smith <john.smith@oxelosund.se>", "Inspiration days KKN", "Hello, please register me for the inspiration day.\nJohn Smith\nLibrarian, Oxelösunds kommun"),
    ("registration/confirm Anna Ek|Eskilstuna|culture|14; Bertil Dahl|Eskilstuna|business|14; Carin Ros|Eskilstuna|business|14", "Sigrid Alm <sigrid.alm@eskilstuna.se>", "Deltagare", "Hej,\n\nFöljande personer från Eskilstuna kommun deltar den 14 februari:\n\n- Anna Ek (kulturskolan)\n- Bertil Dahl (näringslivsenheten)\n- Carin Ros (turistbyrån)\n\nMvh\nSigrid Alm\nAssistent"),
    ("registration/confirm Sara Lind|Flen|culture|12", "Sara Lind <sara.lind@flen.se>", "Anmälan", "Namn: Sara Lind\nKommun: Flen\nEnhet: Kultur\nDatum: 12 februari\nSpecialkost: Nej"),
    ("registration/confirm Gun Sten|Flen|culture|14", "Ove Rask <ove.rask@flen.se>", "Anmälan", "Jag vill anmäla vår nya kulturstrateg Gun Sten till den 14:e. Själv kan jag tyvärr inte.\nMvh Ove Rask\nKulturchef, Flens kommun"),
    ("registration/confirm Fatima Al-Hassan|Eskilstuna|business|14", "Al-Hassan Fatima <fatima.al-hassan@eskilstuna.se>", "Anmälan", "Jag anmäler mig till Eskilstuna. Jag är halal. Mvh Fatima Al-Hassan, Besöksnäringsstrateg på Eskilstuna kommun"),
    ("registration/ask Fatima Al-Hassan|Eskilstuna|business|", "Al-Hassan Fatima <fatima.al-hassan@eskilstuna.se>", "Anmälan", "Jag anmäler mig till inspirationsdagen i februari.\nMvh\nFatima Al-Hassan\nBesöksnäringsstrateg\nEskilstuna kommun"),
    ("registration/confirm Mats Öberg|Trosa|business|12", "Mats Öberg <mats.oberg@trosa.se>", "", "God morgon Linda!\n\nTack för inbjudan, det låter verkligen intressant. Jag skulle väldigt gärna delta onsdagen den 12 februari i Nyköping. Den 14:e är jag tyvärr på utbildning i Stockholm.\n\nVänligen,\nMats Öberg\nTurismchef | Trosa kommun\n0156-520 00 (vx)"),
    ("registration/ask Lina Falk|?|culture|12", "Lina Falk <lina.falk@gmail.com>", "Anmälan", "Hej! Jag anmäler mig till den 12 februari. Jag jobbar med kulturfrågor.\nLina"),
    ("registration/confirm Anna Ek|Flen|culture|12; Bo Dal|Flen|business|14", "Flens kommun <kommun@flen.se>", "Anmälan till inspirationsdagarna", "Hej! Anna Ek (kulturchef) kommer den 12:e och Bo Dal (näringslivschef) kommer den 14:e. Båda från Flens kommun. Mvh Registrator"),
    ("registration/ask Ove Rask|Flen|culture|", "Ove Rask <ove.rask@flen.se>", "", "Det spelar ingen roll vilken dag för mig, jag kommer gärna! Ove Rask, kulturchef Flen"),
    ("question/review", "Nils Hed <nils.hed@flen.se>", "", "Hej! Är det okej att bara vara med på förmiddagen den 12:e? /Nils Hed, Flens kommun"),
    ("question/review", "Ove Rask <ove.rask@flen.se>", "", "Hej Linda, jag kommer kanske den 12:e men måste kolla med chefen först. Mvh Ove Rask, kulturchef Flens kommun"),
    ("cancellation/cancel Eva Lund|Nyköping|?|12", "Eva Lund <eva.lund@nykoping.se>", "Sjuk", "Hej Linda, jag har blivit sjuk och kan tyvärr inte komma på onsdag den 12 februari. Hälsningar Eva Lund"),
    ("cancellation/cancel Ove Rask|Flen|?|", "Ove Rask <ove.rask@flen.se>", "", "Hej, tyvärr har ingen från oss möjlighet att delta. Mvh Ove Rask, Flens kommun"),
    ("cancellation/cancel Eva Lund|Nyköping|?|12", "Eva Lund <eva.lund@nykoping.se>", "Avbokning", "Hej igen, jag måste tyvärr avboka den 12 februari. Fredagen i Eskilstuna står fast. /Eva Lund"),
    ("change/change Eva Lund|Nyköping|?|14", "Eva Lund <eva.lund@nykoping.se>", "Byte av dag", "Hej, kan jag byta till fredagen istället? Jag är anmäld till onsdagen. /Eva Lund"),
    ("change/change Lena Ask|Flen|culture|14", "Ove Rask <ove.rask@flen.se>", "Ändring", "Hej! Jag har fått förhinder den 14 februari men min kollega Lena Ask, bibliotekschef, går i mitt ställe. Mvh Ove Rask"),
    ("registration/confirm Ida Sten|Vingåker|business|14", "Ida Sten <ida.sten@vingaker.se>", "", "Hej, hellre den 14:e än den 12:e. Jag är företagslots.\n\nIda Sten\nVingåkers kommun"),
    ("registration/confirm Per Lund|Flen|culture|12", "Per Lund <per.lund@flen.se>", "hej", "hej kommer på historieverkstan\nper lund, bibliotekarie i flens kommun. äter inte fisk"),
    ("registration/confirm Lena Hav|Flen|culture|14", "Bo Ek <bo.ek@flen.se>", "SV: KKN", "Hej! Jag skickar vidare anmälan från vår bibliotekarie.\n\nBo Ek\nKanslichef\n\nFrån: Lena Hav <lena.hav@flen.se>\nSkickat: den 10 januari 2020 09:12\nTill: Bo Ek <bo.ek@flen.se>\nÄmne: KKN\n\nHej Bo,\n\nJag vill gärna gå i Eskilstuna den 14 februari.\n\nLena Hav\nBibliotekarie"),
    ("unrelated/ignore", "Eva Lund <eva.lund@nykoping.se>", "Tack!", "Hej Linda! Tack för en fin dag i Nyköping igår. Väldigt inspirerande! Hälsningar Eva Lund, kulturchef Nyköping"),
    ("unrelated/ignore", "Eva Lund <eva.lund@flen.se>", "Möte?", "Hej Linda, har du tid för ett möte onsdag den 12 februari om vår nya kulturplan? Vi kan ses på kommunhuset i Flen. Mvh Eva Lund, kulturchef Flens kommun"),
    ("unrelated/ignore", "PostNord <info@postnord.example>", "Ditt paket är på väg", "Hej! Din leverans kommer fredag 14 februari mellan 10 och 15. Spåra paketet här."),
    ("unrelated/ignore", "Lasse Bo <lasse@scen.example>", "fredag", "Hej Linda! Vi ses på fredag på Scenkonst, jag tar med projektorn. Kram Lasse"),
    ("unrelated/ignore", "Sörmlands museum <ekonomi@sormlandsmuseum.se>", "Faktura", "Hej Linda. Bifogar fakturan för lokalhyran 12 februari. Mvh Museet"),
    ("unrelated/ignore", "Ove Rask <ove.rask@flen.se>", "Anmälan kurs", "Jag anmäler mig till din kurs i Flen den 5 mars. Mvh Ove Rask, Flens kommun"),
    ("automatic/ignore", "Ove Rask <ove.rask@flen.se>", "Re: Inbjudan", "Hej, jag är på semester och åter den 12 februari. Vid frågor kontakta Bo Ek."),
    ("registration/confirm Anna Ek|Flen|culture|12; Bo Dal|Trosa|business|14", "Anna Ek <anna.ek@flen.se>", "Anmälan", "Hej,\nAnmälan:\n\nNamn | Kommun | Enhet | Dag\n---|---|---|---\nAnna Ek | Flen | Kultur | 12/2\nBo Dal | Trosa | Näringsliv | 14/2\n\nMvh Anna"),
    ("registration/ask Anna Ek|Flen|culture|; Bo Dal|Flen|business|; Cia Ros|Flen|culture|", "Anna Ek <anna.ek@flen.se>", "Anmälan", "Hej Linda! Vi är tre som vill komma: jag, Bo Dal (näringslivsutvecklare) och Cia Ros (kultursekreterare). Vi återkommer om vilken dag.\nAnna Ek\nBibliotekschef, Flens kommun"),
    ("registration/confirm Li Chen|Strängnäs|business|12", "Li Chen <li.chen@strangnas.se>", "Anmälan", "Vår chef Karin Holm tipsade om den här dagen. Jag anmäler mig till Nyköping.\n\nLi Chen\nTurismutvecklare\nSträngnäs kommun"),
    ("registration/confirm Peter Jones|Trosa|business|14; Maria Lopez|Trosa|culture|14", "Peter Jones <peter.jones@trosa.se>", "Registration", "Dear Linda,\nplease register my colleague Maria Lopez (librarian) and me (tourism manager) for 14 February.\nKind regards,\nPeter Jones\nTrosa kommun"),
    ("registration/ask Ada Ek|Flen|culture|; Bo Dal|Flen|business|12", "Ada Ek <ada.ek@flen.se>", "Anmälan", "Jag anmäler mig till Eskilstuna den 12 februari och min kollega Bo Dal (näringsliv) till Nyköping den 12 februari. Ada Ek, kulturchef Flen"),
    ("registration/confirm Ada Ek|Flen|culture|12; Bo Dal|Flen|culture|12; Cia Ros|Flen|business|14", "Ada Ek <ada.ek@flen.se>", "Anmälningar", "Hej!\nHär kommer våra anmälningar.\n\n12 februari:\nAda Ek, kulturchef\nBo Dal, bibliotekarie\n\n14 februari:\nCia Ros, näringslivschef\n\nHälsningar\nAda Ek, Flens kommun"),
    ("registration/confirm Lo Dahl|Sörmland Invest AB|business|14", "Lo Dahl <lo@sormlandinvest.example>", "Anmälan", "Jag anmäler mig till Eskilstuna den 14 februari.\n\nLo Dahl\nAffärsutvecklare\nSörmland Invest AB"),
    ("cancellation/cancel Bo Dal|Flen|?|14", "Ada Ek <ada.ek@flen.se>", "Bo sjuk", "Tyvärr är Bo Dal sjuk och kommer inte på fredag den 14 februari. Mvh Ada Ek, Flens kommun"),
    ("change/change Kim Bergh|Vingåker|?|12", "Kim Berg <kim.berg@vingaker.se>", "Specialkost", "Hej! Jag är anmäld till den 12:e, glömde säga att jag är glutenintolerant. Mvh Kim Bergh"),
    ("unrelated/ignore", "Tom <tom@sales.example>", "Quick call", "Hi Linda, can I book a call with you on Wednesday 12 February? We help event organisers sign up more people."),
    ("unrelated/ignore", "Eva <eva@resebyra.example>", "Dina biljetter", "Hej Linda, jag har bokat tågbiljetter till dig: Nyköping onsdag 12 februari 07:20 och Eskilstuna fredag 14 februari 08:10. Du har plats 41. Mvh Eva"),
    ("unrelated/ignore", "Ada Ek <ada.ek@flen.se>", "Möte 12 februari", "Hej, bekräftar mötet onsdag 12 februari kl 9 på kommunhuset i Flen. Mvh Ada Ek, kulturchef Flens kommun"),
    ("automatic/ignore", "Eventbolaget <event@eventbolaget.example>", "Inspirationsdag för kommuner", "Boka plats på vår konferens den 12 februari i Stockholm! Anmäl dig här. Avprenumerera."),
    ("registration/confirm Siv Sand|Flen|culture|12", "Siv Sand <siv.sand@flen.se>", "En undran blev en anmälan", "Hej Linda!\nMin dotter sjöng på din brorsons bröllop, och det regnar in i vårt magasin. Skriv därför upp mig på den 12 februari, är du snäll.\n\nSiv Sand\nMuseipedagog, Flens kommun"),
    ("registration/confirm Pia Ros|Flen|culture|12", "Pia Ros <pia.ros@flen.se>", "Sent", "Det är kanske onödigt att skriva, men jag kommer den 12 februari.\n\nPia Ros\nBibliotekarie\nFlens kommun"),
    ("registration/confirm Tove Ask|Flen|culture|14", "Tove Ask <tove.ask@flen.se>", "kurs kkn", "Hej jag vill komma på kursen den 14 februari.\n\nTove Ask\nBibliotekarie\nFlens kommun"),
    ("registration/ask ?|Trosa|culture|14", "Klas Mo <klas.mo@trosa.se>", "", "Vi blir fem från kulturförvaltningen den 14:e. Håll gärna stolar åt oss, namnen kommer när listan är klar.\nKlas Mo"),
    ("question/review", "Klas Mo <klas.mo@trosa.se>", "", "Kan du hålla två platser den 14:e åt oss? Vi bestämmer oss först efter nämnden.\nKlas Mo"),
    ("registration/ask Klas Mo|Trosa|business|; Eva Alm|Trosa|business|12", "Klas Mo <klas.mo@trosa.se>", "Anmälan", "Jag och Eva Alm, båda företagslotsar, anmäler oss. Eva vill gå i Nyköping. Min egen kalender är ett kaos, jag hör av mig om den."),
    ("registration/confirm Klas Mo|Trosa|business|12; Eva Alm|Trosa|business|12", "Klas Mo <klas.mo@trosa.se>", "Anmälan", "Eva Alm vill gå i Nyköping, och jag med. Vi är båda företagslotsar.\nKlas Mo"),
    ("registration/confirm Klas Mo|Trosa|business|14", "Klas Mo <klas.mo@trosa.se>", "sv: kkn", "linda! fint skrivet om bygdens kraft. jag är med på scenkonst.\n\nKlas Mo\nföretagslots, trosa"),
    ("change/change Klas Mo|Trosa|?|14", "Klas Mo <klas.mo@trosa.se>", "", "Eva är sjukskriven, så jag går på hennes plats på fredagen om det är i sin ordning.\nKlas Mo"),
    ("cancellation/cancel Klas Mo|Trosa|?|12,14", "Klas Mo <klas.mo@trosa.se>", "", "Tack men nej tack. Vi är två på hela kontoret och båda dagarna krockar med bokslutet.\nKlas Mo"),
    ("unrelated/review", "Klas Mo <klas.mo@trosa.se>", "Hej", "jag är med nästa torsdag!\nKlas Mo"),
    ("question/review", "Klas Mo <klas.mo@trosa.se>", "Rullstol", "Hur långt är det att gå från bussen? En av mina medarbetare sitter i rullstol och vill veta innan vi säger ja.\nKlas Mo"),
    ("automatic/ignore", "Tåget <biljett@taget.example>", "Din biljett till Nyköping", "Tack för din bokning.\n\nOnsdag 12 februari\nAvg 07.10 Trosa\nVagn 2, plats 9\n\nBokningsnummer K4471."),
    ("automatic/ignore", "Hotellet <hej@hotellet.example>", "Välkommen 12 februari", "Vi ses i Nyköping! Detta meddelande går inte att besvara."),
    ("cancellation/cancel Klas Mo|Trosa|?|14", "Klas Mo <klas.mo@trosa.se>", "", "Jag hade gärna kommit på fredagen, men budgeten tillåter inga resor i år.\nKlas Mo"),
    ("unrelated/ignore", "Moa Dahl <moa.dahl@trosa.se>", "Anmälan", "Hej, anmäler mig till Svensk biblioteksförenings dag om barns läsning den 3 mars i Stockholm.\n\nMoa Dahl\nBibliotekarie Trosa kommun"),
    ("unrelated/ignore", "Rut Fors <rut.fors@flen.se>", "Anmälan", "Jag anmäler mig till Handelskammarens frukostseminarium den 14 februari i Katrineholm.\n\nRut Fors\nNäringslivschef, Flens kommun"),
    ("unrelated/ignore", "Liz Hart <liz.hart@flen.se>", "Sign-up", "Please sign me up for the library association's training day on reading on 12 February.\nLiz Hart, librarian"),
    ("registration/confirm Ann Lo|Flen|culture|14", "Ann Lo <ann.lo@flen.se>", "Anmälan", "Hej! Jag anmäler mig till fredagens dag i Eskilstuna.\nAnn Lo\nKulturchef, Flens kommun"),
    ("registration/confirm Ann Lo|Flen|culture|12", "Ann Lo <ann.lo@flen.se>", "Anmälan", "Hej! Jag anmäler mig till Region Sörmlands inspirationsdag den 12 februari i Nyköping.\nAnn Lo\nKulturchef, Flens kommun"),
    ("unrelated/ignore", "Tandkliniken <info@tandcentrum.example>", "Din tid", "Hej Linda! Vi behöver flytta din undersökning på fredag, passar torsdag kl 9 istället? /Mona"),
    ("question/review", "Klas Mo <klas.mo@trosa.se>", "Avgift", "Vi undrar om det kostar något att avboka sent till dagarna 12/2 och 14/2.\nKlas Mo"),
    ("question/review", "Klas Mo <klas.mo@trosa.se>", "Lunch", "Hej, jag undrar om lunch ingår den 14 februari.\nKlas Mo, Trosa kommun"),
    ("registration/confirm Moa Dahl|Trosa|culture|12", "Moa Dahl <moa.dahl@trosa.se>", "Anmälan", "Jag kommer den 12 februari. Undrar om det finns parkering.\nMoa Dahl\nBibliotekarie Trosa kommun"),
    ("registration/confirm Moa Dahl|Trosa|culture|14", "Moa Dahl <moa.dahl@trosa.se>", "Anmälan Moa Dahl, bibliotekarie Trosa, 14/2", "Allt står i rubriken. Delas bilderna ut efteråt?"),
    ("registration/confirm Moa Dahl|Trosa|culture|14", "Moa Dahl <moa.dahl@trosa.se>", "Anmälan", "Anmäler mig till 14/2. Om dagen är fulltecknad får du gärna sätta mig på reservlistan.\nMoa Dahl\nBibliotekarie, Trosa kommun"),
    ("cancellation/cancel Bo Ek|Flen|?|12; Eva Lund|Flen|?|12", "Siv Ost <siv.ost@flen.se>", "Avanmälan", "Härmed avanmäls följande två personer från Flens kommun till dagen den 12 februari:\n\nBo Ek\nEva Lund\n\nSiv Ost\nAssistent"),
    ("change/change Mina Far|Flen|culture|14", "Eva Lo <eva.lo@flen.se>", "Ändring", "Min plats den 14:e övertas av Mina Far, kulturstrateg hos oss.\nEva Lo\nKulturchef Flens kommun"),
    ("change/change Eva Lo|Flen|culture|12", "Eva Lo <eva.lo@flen.se>", "Byte", "Bo Ek skulle ha kommit den 12:e men är sjuk. Han har bett mig gå i hans ställe.\nEva Lo\nKulturchef Flens kommun"),
    ("change/change Eva Lodin|Flen|?|", "Eva Lodin <eva.lodin@flen.se>", "Namn", "Hej! I bekräftelsen står jag som Eva Londin. Jag heter Eva Lodin.\nEva"),
    ("change/change Eva Lo|Flen|?|12", "Eva Lo <eva.lo@flen.se>", "Mat", "Hej! Anna Berg har anmält mig till dagen i Nyköping. Jag äter inte fläskkött.\nEva Lo"),
]  # fmt: skip


CONFIRMED = "\n\nDen 15 januari skrev Linda K Nordfors <linda@lindanordfors.com>:\n> Du är anmäld till onsdag 12 februari, Historieverkstan, Nyköping.\n> Välkommen!"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Tack! Jag tar gärna också den 14 februari.", "registration/confirm Siv Sand|Flen|culture|14"),
        ("Toppen, då ses vi den 12:e!", "unrelated/ignore"),
        ("Tackar! Vi ses i Nyköping.", "unrelated/ignore"),
    ],
)
def test_a_day_added_to_a_confirmation_is_no_mere_thanks(event: Event, body: str, expected: str) -> None:
    text = f"{body}\n\nSiv Sand\nMuseipedagog, Flens kommun{CONFIRMED}"
    raw = mail(text, "Siv Sand <siv.sand@flen.se>", "Sv: Bekräftelse: 12 februari", WHEN)
    assert shown(read(read_letter(raw, WHEN), event)) == expected


BOTH = "\n\nDen 15 januari skrev Linda K Nordfors <linda@lindanordfors.com>:\n> Tack för din anmälan! Du är välkommen onsdag 12 februari, Historieverkstan, Nyköping och fredag 14 februari, Scenkonst Sörmland, Eskilstuna."


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Noterat och inlagt i kalendern, hej så länge", "unrelated/ignore"),
        ("Brilliant, looking forward to the 12th!", "unrelated/ignore"),
        ("Tack! Var parkerar man bäst?", "question/review"),
        ("Den 14:e får jag släppa, men den 12:e behåller jag.", "cancellation/cancel Siv Sand|Flen|culture|14"),
        (
            "I can no longer do the 12th. I'll still be there on the 14th.",
            "cancellation/cancel Siv Sand|Flen|culture|12",
        ),
        (
            "Jag kan bara komma till Nyköping, Eskilstuna den 14:e utgår.",
            "cancellation/cancel Siv Sand|Flen|culture|14",
        ),
        ("Stryk mig den 12:e så kommer jag den 14:e som planerat.", "cancellation/cancel Siv Sand|Flen|culture|12"),
        ("Jag har blivit sjuk. Kollegan Bo Alm, arkivarie, tar min plats.", "change/change Bo Alm|Flen|culture|12,14"),
    ],
)
def test_what_answers_a_confirmation_is_done_to_what_it_confirms(event: Event, body: str, expected: str) -> None:
    text = f"{body}\n\nSiv Sand\nMuseipedagog, Flens kommun{BOTH}"
    raw = mail(text, "Siv Sand <siv.sand@flen.se>", "Sv: Anmälan", WHEN)
    assert shown(read(read_letter(raw, WHEN), event)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Fredagen den 14 februari går bort för mig men jag behåller onsdagen i Nyköping.", "cancellation/cancel Siv Sand|Flen|culture|14"),
        ("Bo Ek har fått förhinder och kan inte åka med till Nyköping den 12 februari. Jag och Lo Ros kommer ändå.", "cancellation/cancel Bo Ek|Flen|?|12"),
        ("Vi måste tyvärr avboka den 12 februari för mig, Bo Ek och Lo Ros.", "cancellation/cancel Siv Sand|Flen|culture|12; Bo Ek|Flen|?|12; Lo Ros|Flen|?|12"),
        ("Jag tackar nej till inspirationsdagarna, jag går i pension den 1 februari.", "cancellation/cancel Siv Sand|Flen|culture|"),
        ("Om vi får klartecken kommer jag gärna den 14 februari, annars får det vänta. Finns det plats då?", "question/review"),
        ("Would it be possible to leave at one on 12 February? If not there is no point in me signing up.", "question/review"),
        ("Finns det plats den 12 februari? Två kollegor vill gärna gå. Säg till så anmäler jag dem.", "question/review"),
        ("Jag är anmäld till den 12 februari. Om bygget drar igång måste jag byta till den 14:e, men ändra inget än.", "question/review"),
        ("I signed up last week for one of your days in February. Did you receive it?", "question/review"),
        ("Min chef Bo Ek bad mig gå i stället för honom, han hann aldrig anmäla sig. Jag kommer den 14 februari.", "registration/confirm Siv Sand|Flen|culture|14"),
        ("Jag hinner inte till vårt möte om samlingarna på onsdag, Bo går i mitt ställe.", "unrelated/ignore"),
        ("Kan du komma till oss i Flen den 12 februari och titta på magasinet? Annars den 14:e. Jag bjuder på kaffe.", "unrelated/ignore"),
        ("Jag ligger hemma i influensa, så vår turismchef Rut Malm åker i mitt ställe till Nyköping den 12 februari.", "change/change Rut Malm|Flen|business|12"),
        ("Bo Ek fick förhinder den 14 februari. I hans ställe kommer Rut Malm, näringslivsutvecklare.", "change/change Rut Malm|Flen|business|14"),
        ("I'm called to court on 14 February, so I'm handing my chair at Scenkonst to Rut Malm, our librarian.", "change/change Rut Malm|Flen|culture|14"),
        ("Rut Malm som var anmäld den 12 februari är sjuk. Hon kommer inte och ingen går i hennes ställe.", "cancellation/cancel Rut Malm|Flen|?|12"),
        ("Jag måste byta min plats från 12 februari till 14 februari. Rut påverkas inte, hon kommer till Nyköping som tänkt.", "change/change Siv Sand|Flen|culture|14"),
        ("Jag är redan anmäld den 12 februari. Skriv upp mig den 14 februari i stället är du snäll.", "change/change Siv Sand|Flen|culture|14"),
        ("Jag skrev upp mig på båda dagarna i höstas. Nu blir det fullmäktige den 12:e, så stryk den dagen.", "cancellation/cancel Siv Sand|Flen|culture|12"),
        ("Jag anmälde mig till både den 12 och den 14 februari. Den 14:e får jag stryka, men till Nyköping kommer jag.", "cancellation/cancel Siv Sand|Flen|culture|14"),
        ("Jag anmälde mig förra året men kom aldrig. I år kommer jag den 14 februari, inte den 12:e.", "registration/confirm Siv Sand|Flen|culture|14"),
        ("Can you put down Rut Malm and me for Wednesday 12 February? We are both librarians. The dentist wanted me that day but they can see me on the 19th instead.", "registration/confirm Siv Sand|Flen|culture|12; Rut Malm|Flen|culture|12"),
        ("Please add me to the list for Friday 14 February. When does the day end, and is there parking?", "registration/confirm Siv Sand|Flen|culture|14"),
        ("I'll be joining you on Wednesday in Nyköping as I'm away on the Friday. Is there a cloakroom?", "registration/confirm Siv Sand|Flen|culture|12"),
        ("Skriv upp mig, men vilken av inspirationsdagarna jag kan får jag veta först på måndag.", "registration/ask Siv Sand|Flen|culture|"),
        ("Rubriken är på skoj, en dag räcker. Skriv upp mig den 14 februari.", "registration/confirm Siv Sand|Flen|culture|14"),
        ("Jag är assistent åt vår museichef Bo Ek och vill anmäla honom till den 14 februari.", "registration/confirm Bo Ek|Flen|culture|14"),
        ("Jag kommer den 14 februari tillsammans med vår museichef Bo Ek och vill anmäla honom också.", "registration/confirm Siv Sand|Flen|culture|14; Bo Ek|Flen|culture|14"),
        ("Jag anmäler härmed vår vikarie som nu blir kvar: Bo Ek, bibliotekarie, till den 14 februari. Själv avstår jag den här gången.", "registration/confirm Bo Ek|Flen|culture|14"),
        ("jag o min kollega sara hörnlund kmr den 14e, hon är bibliotekarie", "registration/confirm Siv Sand|Flen|culture|14; Sara Hörnlund|Flen|culture|14"),
        ("Utställningen invigdes i fredags. Bo Ek slutade förresten i januari så vi har ingen intendent just nu.", "unrelated/ignore"),
    ],
)  # fmt: skip
def test_what_is_wanted(event: Event, body: str, expected: str) -> None:
    raw = mail(
        f"Hej Linda!\n\n{body}\n\nSiv Sand\nMuseipedagog, Flens kommun", "Siv Sand <siv.sand@flen.se>", "Hej", WHEN
    )
    assert shown(read(read_letter(raw, WHEN), event)) == expected


def shown(reading: Reading) -> str:
    people = "; ".join(
        "|".join((p.name or "?", p.municipality or "?", p.unit or "?", ",".join(str(d.day) for d in p.dates)))
        for p in reading.people
    )
    return f"{reading.kind}/{reading.decision} {people}".strip()


@pytest.mark.parametrize(
    ("expected", "sender", "subject", "body"), MAILS, ids=[f"{n}-{m[0].split(' ')[0]}" for n, m in enumerate(MAILS)]
)
def test_what_it_means(event: Event, expected: str, sender: str, subject: str, body: str) -> None:
    raw = mail(body + ("" if subject else INVITATION), sender, subject or "Sv: Inbjudan: Inspirationsdagar KKN", WHEN)
    assert shown(read(read_letter(raw, WHEN), event)) == expected


OWN = [json.loads(line) for line in (ROOT / "tests" / "corpus" / "own.jsonl").read_text(encoding="utf-8").splitlines()]
WRITTEN = {"kkn": WHEN, "laslust": dt.datetime(2022, 8, 25, 10, tzinfo=dt.timezone(dt.timedelta(hours=2)))}
QUOTED = {
    "kkn": INVITATION,
    "laslust": "\n\nDen 17 augusti 2022 skrev Petra <petra@rundqvistord.se>:\n> Läslust hela livet: 20 september Örebro, 4 oktober Karlskoga, 6 oktober Örebro",
}


def parted(text: str) -> tuple[str, set[str]]:
    head, _, people = text.partition(" ")
    return head, set(people.split("; "))


@pytest.mark.parametrize("about", OWN, ids=[f"{n}-{about['event']}" for n, about in enumerate(OWN)])
def test_many_voices(event: Event, about: dict[str, str]) -> None:
    key = about["event"]
    own = event if key == "kkn" else load_event(ROOT / "tests" / "corpus" / key)
    body = about["body"] + ("" if about["subject"] else QUOTED[key])
    letter = read_letter(mail(body, about["from"], about["subject"] or "Sv: Inbjudan", WRITTEN[key]), WRITTEN[key])
    assert parted(shown(read(letter, own))) == parted(about["expected"])


OTHER = [
    ("registration/confirm Lo Dahl|Umeå|library|11", "Lo Dahl <lo.dahl@umea.se>", "Jag anmäler mig till Skellefteå.\n\nLo Dahl\nBibliotekarie\nUmeå kommun"),
    ("registration/ask Lo Dahl|Umeå|library|", "Lo Dahl <lo.dahl@umea.se>", "Jag anmäler mig till Umeå.\n\nLo Dahl\nBibliotekarie\nUmeå kommun"),
    ("registration/ask Lo Dahl|Umeå|library|", "Lo Dahl <lo.dahl@umea.se>", "Jag anmäler mig till tisdagen.\n\nLo Dahl\nBibliotekarie\nUmeå kommun"),
    ("registration/confirm Lo Dahl|Umeå|school|6", "Lo Dahl <lo.dahl@umea.se>", "Jag anmäler mig till Folkets hus.\n\nLo Dahl\nSkolbibliotekarie\nUmeå kommun"),
    ("registration/confirm Lo Dahl|Umeå|school|4,6,11", "Lo Dahl <lo.dahl@umea.se>", "Jag anmäler mig till alla tre dagarna.\n\nLo Dahl\nRektor\nUmeå kommun"),
    ("registration/ask Lo Dahl|Umeå|school|", "Lo Dahl <lo.dahl@umea.se>", "Jag anmäler mig till båda dagarna.\n\nLo Dahl\nRektor\nUmeå kommun"),
    ("registration/confirm Lo Dahl|Lycksele|other|6", "Lo Dahl <lo.dahl@lycksele.se>", "Jag kommer gärna torsdagen den 6 oktober till Biblioteksforum.\n\nMvh\nLo Dahl\nKommunikationschef\nLycksele kommun"),
    ("registration/confirm Lo Dahl|Region Västerbotten|library|6", "Lo Dahl <lo.dahl@regionvasterbotten.se>", "Anmäler mig till andra dagen i Umeå.\n\nMvh\nLo Dahl\nBiblioteksutvecklare\nRegion Västerbotten"),
    ("registration/confirm Lo Dahl|Piteå|library|4", "Lo Dahl <lo.dahl@pitea.se>", "Please register me for October 4th.\n\nLo Dahl\nLibrarian"),
    ("registration/confirm Lo Dahl|Umeå|school|4,6", "Lo Dahl <lo.dahl@umea.se>", "Jag vill gå på båda dagarna i Umeå!\n\nLo Dahl\nFörskollärare\nUmeå kommun"),
    ("registration/confirm Lo Dahl|Umeå|school|11", "Lo Dahl <lo.dahl@umea.se>", "Jag kommer tisdag v 41.\n\nLo Dahl\nLärare\nUmeå kommun"),
    ("registration/confirm Lo Dahl|Umeå|school|4; Lisa Ek|Umeå|library|11", "Lo Dahl <lo.dahl@umea.se>", "Hej! Jag tar den 4:e och Lisa Ek (bibliotekarie) tar den 11:e.\n\nLo Dahl\nSkolchef\nUmeå kommun"),
    ("change/change Lo Dahl|Umeå|?|11", "Lo Dahl <lo.dahl@umea.se>", "Hej, jag är anmäld till den 4 oktober men skulle vilja byta till Skellefteå. Lo Dahl"),
    ("unrelated/ignore", "Lo Dahl <lo.dahl@umea.se>", "Hej! Ska vi äta lunch den 12 februari?\n\nLo"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("expected", "sender", "body"), OTHER, ids=[f"{n}-{m[0].split(' ')[0]}" for n, m in enumerate(OTHER)]
)
def test_another_event_is_read_as_well(expected: str, sender: str, body: str) -> None:
    other = load_event(ROOT / "tests" / "data" / "other")
    when = dt.datetime(2022, 9, 5, 10, tzinfo=dt.UTC)
    assert (
        shown(read(read_letter(mail(body, sender, "Anmälan" if "lunch" not in body else "Lunch", when), when), other))
        == expected
    )


OF_OTHERS = [
    # (what Karin Ek, who leads culture in Flen, writes of others; what it means)
    ("kan du flytta Olle Berg och Siv Ström från onsdagen till fredagen? De är anmälda av mig.", "change/change Olle Berg|Flen|?|14; Siv Ström|Flen|?|14"),
    ("Siv Ström behöver byta dag, från Nyköping till Eskilstuna. Jag själv kommer som vanligt på onsdagen.", "change/change Siv Ström|Flen|?|14"),
    ("Vår bibliotekschef Olle Berg är anmäld av mig till den 14 februari men vill hellre komma den 12 februari.", "change/change Olle Berg|Flen|culture|12"),
    ("Jag anmälde Olle Berg till Scenkonst. Han är upptagen den dagen och önskar plats i Nyköping i stället.", "change/change Olle Berg|Flen|?|12"),
    ("I signed up Siv Ström for Nyköping but she needs to go on the Friday instead.", "change/change Siv Ström|Flen|?|14"),
    ("Jag och Siv Ström behöver båda byta till fredagen.", "change/change Karin Ek|Flen|culture|14; Siv Ström|Flen|?|14"),
    ("I bekräftelsen står Olle Borg. Han heter Olle Berg.", "change/change Olle Berg|Flen|?|"),
    ("Det blev fel på namnbrickan: det ska stå Siv Ström, inte Siv Strömberg.", "change/change Siv Ström|Flen|?|"),
    ("Siv Ström, som är anmäld till den 12:e, har slutat. Ge hennes plats till Olle Berg, bibliotekarie hos oss.", "change/change Olle Berg|Flen|culture|12"),
    ("Please give Siv Ström's seat on 12 February to Olle Berg, our librarian.", "change/change Olle Berg|Flen|culture|12"),
    ("Jag står på den 12 men måste flytta min plats till den 14 i stället, ett möte har lagts på onsdagen.", "change/change Karin Ek|Flen|culture|14"),
    ("Olle Berg har slutat hos oss och kommer inte. Du kan stryka honom.", "cancellation/cancel Olle Berg|Flen|?|"),
    ("Siv Ström är sjukskriven och kommer inte. Någon ersättare har vi inte.", "cancellation/cancel Siv Ström|Flen|?|"),
    ("Stryk Siv Ström från listan till Nyköping, tack. Olle Berg går kvar.", "cancellation/cancel Siv Ström|Flen|?|12"),
    ("Jag skrev fel, min dag är fredagen inte onsdagen.", "change/change Karin Ek|Flen|culture|14"),
    ("Varken Olle Berg eller jag kan komma den 12:e.", "cancellation/cancel Karin Ek|Flen|culture|12; Olle Berg|Flen|?|12"),
    ("Neither Siv Ström nor I can make it, sorry.", "cancellation/cancel Karin Ek|Flen|culture|; Siv Ström|Flen|?|"),
    ("Siv Ström får tyvärr förhinder den 14 februari. Jag kommer som planerat.", "cancellation/cancel Siv Ström|Flen|?|14"),
    ("I signed up for both days. Please take me off the list for the 14th. The 12th stands.", "cancellation/cancel Karin Ek|Flen|culture|14"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), OF_OTHERS)
def test_whose_registration_is_changed_or_cancelled(event: Event, body: str, expected: str) -> None:
    raw = mail(
        f"Hej Linda\n\n{body}\n\nKarin Ek\nKulturchef\nFlens kommun", "Karin Ek <karin.ek@flen.se>", "Ändring", WHEN
    )
    assert shown(read(read_letter(raw, WHEN), event)) == expected


TABLES = [
    ("Namn           Befattning        Dag       Kost\nOlle Berg      bibliotekarie     12 feb    vegan\nSiv Ström      turismutvecklare            glutenfritt\nEva Alm        kulturchef        14 feb", "ask Olle Berg|Flen|culture|12; Siv Ström|Flen|business|; Eva Alm|Flen|culture|14"),
    ("Name         Role           Day\nOlle Berg    librarian      Wednesday\nSiv Ström    tourism lead   not decided", "ask Olle Berg|Flen|culture|12; Siv Ström|Flen|business|"),
    ("Namn\tTitel\tDag\tKost\nOlle Berg\tbibliotekarie\t\tvegan\nSiv Ström\tturistchef\t14/2\t", "ask Olle Berg|Flen|culture|; Siv Ström|Flen|business|14"),
    ("Namn\t\tTitel\t\tDag\nOlle Berg\tbibliotekarie\t12/2\nSiv Ström\t\tturistchef\t14/2", "confirm Olle Berg|Flen|culture|12; Siv Ström|Flen|business|14"),
    ("Namn | Titel | 12 februari | 14 februari\nOlle Berg | bibliotekarie | x | \nSiv Ström | turistchef | x | x\nEva Alm | kulturchef | | ", "ask Olle Berg|Flen|culture|12; Siv Ström|Flen|business|12,14; Eva Alm|Flen|culture|"),
    ("Namn;Nyköping;Eskilstuna\nOlle Berg;x;-\nSiv Ström;-;x", "ask Olle Berg|Flen|?|12; Siv Ström|Flen|?|14"),
    ("Namn | Titel | Dag\n--- | --- | ---\nOlle Berg | bibliotekarie | 12 feb\nSiv Ström | turistchef | \"\nEva Alm | kulturchef | båda", "confirm Olle Berg|Flen|culture|12; Siv Ström|Flen|business|12; Eva Alm|Flen|culture|12,14"),
    ("Onsdag:\n- Olle Berg (kulturskolan)\n- Siv Ström (näringslivsenheten)\nFredag:\n- Eva Alm (biblioteket)", "confirm Olle Berg|Flen|culture|12; Siv Ström|Flen|business|12; Eva Alm|Flen|culture|14"),
    ("Näringslivskontorets deltagare:\n\nNamn | Titel | Dag\nOlle Berg | handläggare | 12 feb\nSiv Ström | ekonom | 14 feb", "confirm Olle Berg|Flen|business|12; Siv Ström|Flen|business|14"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "expected"), TABLES)
def test_tables_and_lists(event: Event, table: str, expected: str) -> None:
    body = f"Hej Linda,\n\nhär kommer vår anmälan. Själv kommer jag inte.\n\n{table}\n\nKarin Ek\nadministratör\nFlens kommun"
    raw = mail(body, "Karin Ek <karin.ek@flen.se>", "Anmälan", WHEN)
    assert shown(read(read_letter(raw, WHEN), event)) == f"registration/{expected}"


BETWEEN = [
    # (questions and answers in turn; what they mean)
    (("Vi ses 12 februari i Nyköping eller 14 februari i Eskilstuna. Vilket blir det?", "Det andra, då slipper jag tåget.", "På vilken avdelning sitter du?", "Kulturskolan sedan ett år."), "registration/confirm Lo Ek|Flen|culture|14"),
    (("Inspirationsdagen är 12 februari och 14 februari. Vilken dag?", "Den första.", "Vad är din titel?", "Turismutvecklare", "Allergier?", "Nej"), "registration/confirm Lo Ek|Flen|business|12"),
    (("12 februari Nyköping", "Den här tar jag.", "14 februari Eskilstuna", "Nej, då är jag i fjällen.", "Din roll i kommunen?", "Bibliotekarie"), "registration/confirm Lo Ek|Flen|culture|12"),
    (("12 februari Nyköping", "ja", "14 februari Eskilstuna", "ja", "Enhet:", "näringslivsenheten"), "registration/confirm Lo Ek|Flen|business|12,14"),
    (("Which of the days, 12 or 14 February, suits you?", "The latter.", "And which department?", "Arts and culture"), "registration/confirm Lo Ek|Flen|culture|14"),
    (("12 februari Nyköping", "Kommer kanske, måste kolla.", "14 februari Eskilstuna", "Inte denna.", "Enhet:", "biblioteket"), "cancellation/cancel Lo Ek|Flen|culture|14"),
    (("Namn:", "Lo Ek", "Arbetsgivare och enhet:", "Flens kommun, biblioteket", "Vilken dag?", "fredag"), "registration/confirm Lo Ek|Flen|culture|14"),
    (("och vilken dag du väljer", "onsdagen", "din titel", "kulturskolechef", "mat", "nej tack"), "registration/confirm Lo Ek|Flen|culture|12"),
    (("Kan du den 12 februari för vårt samtal om rapporten?", "Ja, det passar bra.", "Ska jag ta med något?", "Nej"), "unrelated/ignore"),
]  # fmt: skip


@pytest.mark.parametrize(("turns", "expected"), BETWEEN)
def test_answers_between_quoted_lines(event: Event, turns: tuple[str, ...], expected: str) -> None:
    pairs = zip(turns[::2], turns[1::2], strict=True)
    body = "Hej, svarar nedan.\n\nDen 14 januari 2020 skrev Linda K Nordfors <linda@lindanordfors.com>:\n\n"
    body += "\n".join(f"> {question}\n\n{answer}\n" for question, answer in pairs) + "\nMvh\nLo Ek\nFlens kommun"
    raw = mail(body, "Lo Ek <lo.ek@flen.se>", "Re: Din anmälan", WHEN)
    assert shown(read(read_letter(raw, WHEN), event)) == expected


ABOVE = [
    # (what Karin Ek, who passes on Olle Berg's own mail, writes above it; what it means)
    ("Olles anmälan kommer här, bättre sent än aldrig.", "registration/confirm Olle Berg|Flen|culture|12"),
    ("FYI, he sent it to the wrong person.", "registration/confirm Olle Berg|Flen|culture|12"),
    ("", "registration/confirm Olle Berg|Flen|culture|12"),
    ("Please see Olle's registration below. I'm afraid I can't come myself.", "registration/confirm Olle Berg|Flen|culture|12"),
    ("Nedanstående inkom till mig. Jag åker också med!", "registration/confirm Olle Berg|Flen|culture|12; Karin Ek|Flen|business|12"),
    ("Olle vill gå, se nedan. Själv kommer jag den 14:e.", "registration/confirm Olle Berg|Flen|culture|12; Karin Ek|Flen|business|14"),
    ("Se nedan. Skriv upp Eva Alm också, hon är bibliotekarie hos oss, samma dag.", "registration/confirm Olle Berg|Flen|culture|12; Eva Alm|Flen|culture|12"),
    ("Här är Olles anmälan. Finns det parkering i närheten?", "registration/confirm Olle Berg|Flen|culture|12"),
    ("Anmäl gärna både Olle (nedan) och mig!", "registration/confirm Olle Berg|Flen|culture|12; Karin Ek|Flen|business|12"),
    ("Se Olles mejl. Jag har sagt ja till honom men kommer inte själv, jag är på semester den 14 februari.", "registration/confirm Olle Berg|Flen|culture|12"),
    ("Olle är min vikarie. Hans anmälan nedan. Han äter inte fisk.", "registration/confirm Olle Berg|Flen|culture|12"),
    ("Olle ändrade sig, han ska till Eskilstuna den 14:e i stället.", "registration/review Olle Berg|Flen|culture|12"),
    ("Olle vill men får inte för mig, vi är för få den dagen.", "unrelated/review"),
    ("Får de som bara arbetar halvtid vara med? Se Olles fråga nedan.", "question/review"),
    ("Se nedan. Jag har inte hunnit godkänna det, återkommer om han får gå.", "unrelated/review"),
    ("Olle skrev detta i förra veckan men har tyvärr blivit sjuk och kommer inte.", "cancellation/cancel Olle|Flen|?|"),
]  # fmt: skip
PASSED_ON = "\n\nKarin Ek\nNäringslivschef\nFlens kommun\n\nFrån: Olle Berg <olle.berg@flen.se>\nSkickat: den 18 januari 2020 09:14\nTill: Karin Ek <karin.ek@flen.se>\nÄmne: dagen\n\nHej Kajsa,\n\n"


@pytest.mark.parametrize(("above", "expected"), ABOVE)
def test_what_is_passed_on_is_read_as_its_writers(event: Event, above: str, expected: str) -> None:
    own = "jag vill gå på dagen i Nyköping den 12 februari. Ordnar du det?\n\nOlle Berg\nBibliotekarie\nFlens kommun"
    raw = mail(above + PASSED_ON + own, "Karin Ek <karin.ek@flen.se>", "VB: dagen", WHEN)
    assert shown(read(read_letter(raw, WHEN), event)) == expected


@pytest.mark.parametrize(
    "own",
    [
        "är det här något för oss? Inspirationsdagar 12 och 14 februari.\n\nOlle",
        "jag går gärna på bokmässan den 12 februari i Göteborg, anmäler du mig?\n\nOlle",
        "kom ihåg APT den 12 februari, jag kommer med fika.\n\nOlle",
        "Hej alla! Vi ses på dagen i Nyköping, meddela mig vilka som kommer.\n\nOlle",
    ],
)
def test_what_is_passed_on_and_registers_nobody_stays_a_forward(event: Event, own: str) -> None:
    alone = mail(f"Se nedan.{PASSED_ON}{own}", "Karin Ek <karin.ek@flen.se>", "VB: dagen", WHEN)
    assert read(read_letter(alone, WHEN), event).decision in ("ignore", "review")
    raw = mail(f"Anmäl mig till den 14:e.{PASSED_ON}{own}", "Karin Ek <karin.ek@flen.se>", "VB: dagen", WHEN)
    assert shown(read(read_letter(raw, WHEN), event)) == "registration/confirm Karin Ek|Flen|business|14"


@given(st.binary(max_size=600))
def test_any_bytes_are_read(event: Event, raw: bytes) -> None:
    read(read_letter(raw), event)


@given(st.text(max_size=400))
def test_any_words_are_read(event: Event, words: str) -> None:
    read(
        read_letter(
            b"From: Eva Berg <eva.berg@flen.se>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nAnm\xc3\xa4ler mig. "
            + words.encode("utf-8", "replace")
        ),
        event,
    )


@given(st.permutations(["Namn: Sara Lind", "Kommun: Flen", "Titel: Kulturchef", "Datum: 12 februari", "Kost: vegan"]))
def test_the_order_of_a_form_does_not_matter(event: Event, lines: list[str]) -> None:
    raw = mail("\n".join(lines), "Sara Lind <sara.lind@example.com>", "Anmälan", WHEN)
    assert shown(read(read_letter(raw, WHEN), event)) == "registration/confirm Sara Lind|Flen|culture|12"


@given(st.sampled_from([m for m in MAILS if m[2]]))
def test_a_quoted_invitation_below_never_registers_more(event: Event, example: tuple[str, str, str, str]) -> None:
    expected, sender, subject, body = example
    below = read(read_letter(mail(body + INVITATION, sender, subject, WHEN), WHEN), event)
    if expected.startswith("registration"):
        assert shown(below) == expected


REGISTERED = [m for m in MAILS if m[0].startswith("registration") and len(m[3].split()) > 12 and m[2]]
NEUTRAL = st.sampled_from(
    [
        "-- \nTelefon 0123-12 34 56, växel 0123-10 00 00\nBesöksadress Storgatan 12, 611 83",
        "Skickat från min iPhone",
        "Sent from my Galaxy",
        "-- \nwww.example.org | Box 14, 631 86 | org.nr 212000-0012",
    ]
)
DISCLAIMERS = st.sampled_from(
    [
        "Vi behandlar personuppgifter enligt dataskyddsförordningen. Läs mer på vår webbplats.",
        "This e-mail may contain confidential information. If you are not the intended recipient, please delete it.",
    ]
)


@given(st.sampled_from(REGISTERED), NEUTRAL)
def test_a_neutral_signature_never_changes_the_days(event: Event, example: tuple[str, str, str, str], end: str) -> None:
    _, sender, subject, body = example
    alone = read(read_letter(mail(body, sender, subject, WHEN), WHEN), event)
    signed = read(read_letter(mail(f"{body}\n\n{end}\n", sender, subject, WHEN), WHEN), event)
    assert [person.dates for person in signed.people] == [person.dates for person in alone.people]


@given(st.sampled_from(REGISTERED), DISCLAIMERS)
def test_a_disclaimer_below_changes_nothing(event: Event, example: tuple[str, str, str, str], end: str) -> None:
    expected, sender, subject, body = example
    assert shown(read(read_letter(mail(f"{body}\n\n{end}\n", sender, subject, WHEN), WHEN), event)) == expected


def tnef(words: str) -> bytes:
    """The words as Outlook's winmail.dat: a codepage and a plain body (MS-OXTNEF 2.1.3)."""

    def attribute(identity: int, content: bytes) -> bytes:
        return struct.pack("<BII", 1, identity, len(content)) + content + struct.pack("<H", sum(content) & 0xFFFF)

    version, codepage = attribute(0x00089006, struct.pack("<I", 0x10000)), struct.pack("<II", 1252, 0)
    body = attribute(0x0002800C, words.replace("\n", "\r\n").encode("cp1252") + b"\0")
    return struct.pack("<IH", 0x223E9F78, 1) + version + attribute(0x00069007, codepage) + body


@given(st.sampled_from([m for m in REGISTERED if m[3].encode("cp1252", "replace").decode("cp1252") == m[3]]))
def test_words_in_winmail_dat_are_read_as_written(event: Event, example: tuple[str, str, str, str]) -> None:
    expected, sender, subject, body = example
    message = message_from_bytes(mail("", sender, subject, WHEN), policy=SMTP)
    message.set_content(tnef(body), maintype="application", subtype="ms-tnef", filename="winmail.dat")
    assert shown(read(read_letter(message.as_bytes(), WHEN), event)) == expected


def test_a_thousand_people_go_to_the_organiser(event: Event) -> None:
    names = "\n".join(f"- Person{chr(97 + n % 26)} Efternamn{chr(97 + n // 26)}, kulturchef" for n in range(600))
    reading = read(read_letter(mail(f"Anmäler till den 12 februari:\n\n{names}"), WHEN), event)
    assert reading.decision == "review"


def test_a_forward_too_long_to_read_goes_to_the_organiser(event: Event) -> None:
    forwarded = (
        "---------- Forwarded message ---------\nFrom: Eva Berg <eva.berg@flen.se>\nSubject: x\n\n"
        + "Jag kommer. " * 2000
    )
    assert read(read_letter(mail(f"FYI\n\n{forwarded}", subject="Fwd: x"), WHEN), event).decision == "review"


def test_every_sign_of_the_model_has_its_list() -> None:
    signs_ = json.loads((ROOT / "kkn_mailer" / "understanding" / "data" / "kinds.json").read_text(encoding="utf-8"))
    known = {f"<{key}>" for key in listed_phrases("topic")} | {f"[{key}]" for key in listed_phrases("intent")}
    assert {sign.partition(" ")[0] for sign in signs_ if sign[0] in "<["} <= known
