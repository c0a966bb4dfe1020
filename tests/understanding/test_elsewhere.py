"""What another than the organiser gives is never answered, though it falls on a day of the event; the event is known by any name."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from kkn_mailer.config import load_event
from kkn_mailer.domain import Decision, Kind, Reading
from kkn_mailer.letter import read_letter
from kkn_mailer.understanding import Reader
from tests.mails import mail

ROOT = Path(__file__).resolve().parents[2]
SENDERS = {
    "kkn": ("flen.se", "Kulturutvecklare, Flens kommun"),
    "vastmanland": ("sala.se", "Fastighetsförvaltare, Sala kommun"),
    "jamtland": ("krokom.se", "Räddningstjänsten, Krokoms kommun"),
    "stockholm": ("haninge.se", "Trafikplanerare, Haninge kommun"),
}

OF_OTHERS = [
    ("kkn", "Anmälan Musikriket", "Hej! Jag anmäler mig till branschdagen Musikriket i Norrköping den 12 februari."),
    ("kkn", "Julmingel", "Jag vill gärna komma på Företagarföreningens vårmingel fredagen den 14 februari."),
    ("kkn", "Anmälan: Turismtinget", "Jag vill delta i Turismtinget den 12 februari på Louis De Geer i Norrköping."),
    (
        "kkn",
        "Sign-up",
        "Hello! I would like a seat at the Heritage Skills Symposium on 14 February, University of Gothenburg.",
    ),
    ("kkn", "Anmälan Ledarskapsdagarna", "Anmäl mig till Ledarskapsdagarna 12-13 februari, enkelrum på Elite."),
    ("kkn", "Konsert", "Jag vill boka två platser till konserten i Eskilstuna den 14 februari."),
    ("kkn", "Re: Möte", "Jag kommer på budgetmötet den 12 februari, boka in mig."),
    ("vastmanland", "Anmälan", "Härmed anmäler jag mig till Klimatklivets informationsmöte i Köping den 14 september."),
    ("vastmanland", "Signing up", "I'd like to attend the Concrete Days in Eskilstuna on 22 September."),
    ("vastmanland", "Anmälan cykelrallyt", "anmäler mig till cykelrallyt i sala 16 sep"),
    (
        "vastmanland",
        "Anmälan",
        "Vi är två från Fagersta som vill gå på Fjärrvärmedagarna i Sundsvall den 22 september.",
    ),
    ("jamtland", "Anmälan till Fjällvettskursen", "Jag vill gå Fjällvettskursen i Klövsjö den 29 februari."),
    ("jamtland", "Register", "Please register me for the Nordic Avalanche Workshop in Hemsedal, 22 February."),
    ("jamtland", "Stormöte", "Jag och Kalle kommer på stormötet i bygdegården den 16 mars."),
    ("stockholm", "Registration", "Registering for the Urban Water Summit on 26 January, Copenhagen."),
    ("stockholm", "Anmälan", "Jag anmäler mig till Sweco-frukosten den 3 februari."),
    ("stockholm", "Anmälan Trädplan", "Jag vill delta på remissmötet om trädplanen i Nacka den 9 februari."),
    (
        "kkn",
        "Anmälan till Destinationsdagen",
        "Hej! Jag anmäler mig till Destinationsdagen i Katrineholm den 12 februari.",
    ),
    (
        "kkn",
        "Registration, Nordic Culture Forum",
        "Please register me for the Nordic Culture Forum in Turku on 12 February.",
    ),
    ("kkn", "Anmälan", "Hej, jag vill gärna vara med på Biblioteksnätverkets möte den 14 februari i Strängnäs."),
    ("kkn", "Anmälan styrelsemöte", "Jag kommer på styrelsemötet den 14 februari."),
    ("kkn", "Kundträff", "Hej Linda, jag kommer på er kundträff den 12 februari, tar med kaffe."),
    ("kkn", "Anmälan hälsoforum", "Jag vill anmäla mig till Hälsoforum den 14 februari i Linköping."),
    ("kkn", "Vasaloppet", "Jag anmäler mig till Kortvasan den 14 februari."),
    ("kkn", "Mötet i Flen", "Jag kommer på mötet om biblioteksplanen i Flen den 12 februari."),
    ("kkn", "Sign up", "I would like to sign up for the Museum Leadership Course starting 12 February in Stockholm."),
    (
        "kkn",
        "Anmälan till Nätverksträff Turism",
        "Hej! Anmäl mig till nätverksträffen för turistbyråer den 14 februari i Trosa.",
    ),
    (
        "kkn",
        "Säljdagen 12 februari",
        "Hej! Jag vill ha en plats på Säljdagen i Norrköping den 12 februari. Kan ni bekräfta?",
    ),
    ("vastmanland", "Anmälan till Byggforum", "Jag anmäler mig till Byggforum i Örebro den 14 september."),
    ("vastmanland", "Signing up", "Please sign me up for the Passive House Congress in Gothenburg on 16 September."),
    ("vastmanland", "Silverloppet", "hej, anmäler mig till Silverloppet i Sala 16 sept, klass D45"),
    ("vastmanland", "Anmälan", "Jag vill delta i Energirådgivarnas utbildning i Uppsala den 14 september."),
    (
        "vastmanland",
        "Anmälan till Träbyggnadsdagen",
        "Jag anmäler mig till Träbyggnadsdagen den 22 september, Elmia i Jönköping.",
    ),
    ("vastmanland", "möte", "Jag kommer till byggmötet på kommunhuset 16 september."),
    ("jamtland", "Skotertävling", "anmäler mig och grabben till skotercrossen i Hammarstrand 22 feb"),
    ("jamtland", "Registration", "I'd like to register for the Arctic Rescue Conference in Tromsø on 22 February."),
    ("jamtland", "Anmälan", "Anmäl mig till Lavinkursen i Vemdalen den 29 februari, steg 2."),
    ("jamtland", "Turistmässan", "Vi kommer till Turistmässan i Göteborg den 16 mars, två personer."),
    ("jamtland", "Fika", "Jag kommer på pensionslunchen den 22 februari!"),
    ("jamtland", "Ski", "Please book a place for me on the ski instructor course on 29 February in Funäsdalen."),
    ("stockholm", "Nordic Tree Forum", "Please register me for the Nordic Tree Forum in Helsinki on 9 February."),
    ("stockholm", "Fw: cykelmötet", "Hej alla, jag kommer på cykelmötet i Flemingsberg 3 feb, bokar ni rum?"),
    ("stockholm", "Dagvattendagen", "Jag vill anmäla mig till Dagvattendagen i Malmö den 26 januari."),
    ("stockholm", "Anmälan", "Jag anmäler mig till Trafikverkets samrådsmöte i Haninge den 3 februari."),
    ("stockholm", "RSVP", "I'll be there for the Svenskt Vatten breakfast on 3 February."),
]
OURS = [
    ("kkn", "Anmälan", "Jag vill gärna delta på träffen i Eskilstuna den 14 februari med hela kulturskolan."),
    ("kkn", "Anmälan KKN", "Anmäler mig till dagen på Scenkonst Sörmland."),
    ("kkn", "Anmälan", "Kommer gärna till Nyköping den 12 februari, åker med kollegorna i Trosa."),
    ("kkn", "Anmälan", "Jag kommer på Historieverkstan den 12 februari."),
    ("kkn", "Registration", "I am coming to the Creative Sectors day in Eskilstuna on 14 February."),
    ("kkn", "Workshop", "Please sign me up for the workshop on 12 February in Nyköping."),
    ("kkn", "Anmälan", "Jag deltar på eftermiddagen den 14 februari i Eskilstuna, måste sedan hem till middagen."),
    ("vastmanland", "Anmälan", "Härmed anmäler jag mig till utbildningsdagen i Västerås den 14 september."),
    ("vastmanland", "Anmälan", "Anmäler mig till fastighetsdagen den 22 september i Västerås."),
    ("vastmanland", "Anmälan", "Jag vill gå på kursen i Sala den 16 september."),
    ("vastmanland", "Registration", "I'd like to join the learning day at the silver mine in Sala on 16 September."),
    ("jamtland", "Anmälan", "Jag kommer till krisövningen i Östersund den 22 februari."),
    ("jamtland", "Anmälan", "Vi i Krokom anmäler oss, dvs jag, till säsongsträffen den 29 februari i Åre."),
    ("jamtland", "Registration", "Sign me up for the winter season training in Östersund, 16 March."),
    ("stockholm", "Anmälan", "Jag vill vara med på dagen om gatuträd den 26 januari i Södertälje."),
    ("stockholm", "Anmälan", "Kommer den 3 februari till Överjärva gård, har möte i Solna efteråt."),
    ("kkn", "Anmälan", "Jag anmäler mig till KKN-dagen i Nyköping den 12 februari."),
    ("kkn", "Inspirationsdag", "Jag vill gärna komma på inspirationsdagen den 14 februari i Eskilstuna."),
    ("kkn", "Anmälan", "Hej! Jag anmäler mig till träffen den 12 februari."),
    ("kkn", "Anmälan", "Anmäl mig till konferensen om kreativa näringar den 14 februari, tack."),
    ("kkn", "Registration", "Please register me for the Inspiration Day in Nyköping on 12 February."),
    ("kkn", "Kulturdagen", "Jag kommer på kulturdagen i Nyköping den 12 februari."),
    ("kkn", "RSVP", "I'll attend the seminar on 14 February in Eskilstuna."),
    ("kkn", "Anmälan", "Jag vill delta i er utbildning den 12 februari."),
    (
        "kkn",
        "Kreativa näringar",
        "Anmäler mig till dagen om kulturella och kreativa näringar, fredagen den 14 februari.",
    ),
    ("kkn", "KKN", "Jag anmäler mig till Lindas dag i Eskilstuna den 14 februari."),
    ("kkn", "anmälan", "hej! kommer på mötet i nyköping 12 feb"),
    ("vastmanland", "Anmälan", "Jag anmäler mig till lärdagen i Sala den 16 september."),
    ("vastmanland", "Bygga klokt", "Jag vill gärna vara med på byggdagen på Expectrum den 22 september."),
    ("vastmanland", "Anmälan", "Anmäler mig till dagen om hållbart byggande den 14 september i Västerås."),
    (
        "vastmanland",
        "Registration",
        "Please register me for the workshop on sustainable building at Aros Congress Center, 14 September.",
    ),
    ("vastmanland", "Anmälan", "Jag kommer till Silvergruvan den 16 september."),
    ("jamtland", "Anmälan", "Jag anmäler mig till fjälldagen på Holiday Club den 29 februari."),
    ("jamtland", "Anmälan", "Anmäl mig till övningen i Östersund den 22 februari."),
    ("jamtland", "Registration", "I would like to join the mountain safety day at Frösö Park on 22 February."),
    ("jamtland", "Anmälan", "Kommer på räddningsdagen i Åre 29 feb."),
    ("stockholm", "Anmälan", "Jag vill anmäla mig till gatudagen den 3 februari på Överjärva gård."),
    ("stockholm", "Anmälan", "Anmäler mig till seminariet om träd och trafik den 26 januari i Södertälje."),
    ("stockholm", "Registration", "Please sign me up for the street trees day in Solna on 9 February."),
    ("stockholm", "Anmälan", "Jag kommer på arbetsdagen i Södertälje den 26 januari."),
]


@cache
def reader(event: str) -> Reader:
    return Reader(load_event(ROOT / ("config" if event == "kkn" else f"tests/corpus/{event}")))


def read(event: str, subject: str, text: str) -> Reading:
    domain, works = SENDERS[event]
    when = dt.datetime.combine(reader(event).event.mail_since, dt.time(9), dt.UTC)
    raw = mail(f"{text}\n\nEva Lindqvist\n{works}", f"Eva Lindqvist <eva.lindqvist@{domain}>", subject, when)
    return reader(event).read(read_letter(raw, when))


@pytest.mark.parametrize(("event", "subject", "text"), OF_OTHERS)
def test_another_organisers_gathering_is_never_answered(event: str, subject: str, text: str) -> None:
    assert read(event, subject, text).decision in (Decision.IGNORE, Decision.REVIEW)


@pytest.mark.parametrize(("event", "subject", "text"), OURS)
def test_the_event_is_known_by_any_name(event: str, subject: str, text: str) -> None:
    found = read(event, subject, text)
    assert (found.kind, found.decision) in ((Kind.REGISTRATION, Decision.CONFIRM), (Kind.REGISTRATION, Decision.ASK))
