"""Ways to name a session, and what each chooses: adding a way of writing is one line."""

from __future__ import annotations

import datetime as dt

import pytest

from kkn_mailer.event import Event
from kkn_mailer.understanding.drafts import Tools

A, B = "12", "14"
WRITTEN = dt.date(2020, 2, 10)  # a Monday

EXAMPLES: list[tuple[str, str]] = [
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
]  # fmt: skip


@pytest.mark.parametrize(("text", "days"), EXAMPLES, ids=[text for text, _ in EXAMPLES])
def test_what_it_chooses(event: Event, text: str, days: str) -> None:
    choice = Tools.of(event).choice(text, WRITTEN)
    assert "".join(f"{d:%d}" for d in choice.dates) == days
