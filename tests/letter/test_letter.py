"""Own words, signature, quotes and forwards in the marks of every mail program; and any bytes at all."""

from __future__ import annotations

import base64
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kkn_mailer.letter import read_letter

from ..mails import mail

OWN = "Hej!\n\nJag kommer den 12:e."
SIGNATURE = "Mvh\nUlla Testberg\nKulturchef\nFlens kommun"
ORIGINAL = "Välkommen till dagarna!\n\nAnmäl dig till linda@lindanordfors.com."
QUOTED = "\n".join("> " + line if line else ">" for line in ORIGINAL.split("\n"))
BLOCK = "Från: Linda K Nordfors <linda@lindanordfors.com>\nSkickat: den 10 december 2019 09:14\nTill: Ulla Testberg\nÄmne: Inbjudan"

REPLIES = {
    "Gmail sv": f"Den tis 10 dec. 2019 kl 09:14 skrev Linda K Nordfors <linda@lindanordfors.com>:\n\n{QUOTED}",
    "Gmail sv wrapped": f"Den tis 10 dec. 2019 kl 09:14 skrev Linda K Nordfors <\nlinda@lindanordfors.com>:\n\n{QUOTED}",
    "Gmail en": f"On Tue, Dec 10, 2019 at 9:14 AM Linda K Nordfors <linda@lindanordfors.com> wrote:\n\n{QUOTED}",
    "Apple sv": f"10 dec. 2019 kl. 09:14 skrev Linda K Nordfors <linda@lindanordfors.com>:\n\n{QUOTED}",
    "iOS with the attribution quoted": f"> 10 dec. 2019 kl. 09:14 skrev Linda K Nordfors <linda@lindanordfors.com>:\n> \n{QUOTED}",
    "Thunderbird": f"Den 2019-12-10 kl. 09:14, skrev Linda K Nordfors:\n{QUOTED}",
    "Plain": f"Linda K Nordfors <linda@lindanordfors.com> skrev 2019-12-10 09:14:\n\n{QUOTED}",
    "Norwegian": f"tir. 10. des. 2019 kl. 09:14 skrev Linda K Nordfors <linda@lindanordfors.com>:\n\n{QUOTED}",
    "Danish": f"Den tirs. 10. dec. 2019 kl. 09.14 skrev Linda K Nordfors <linda@lindanordfors.com>:\n\n{QUOTED}",
    "Finnish": f"ti 10. jouluk. 2019 klo 9.14 Linda K Nordfors (linda@lindanordfors.com) kirjoitti:\n\n{QUOTED}",
    "German": f"Am Di., 10. Dez. 2019 um 09:14 Uhr schrieb Linda K Nordfors <linda@lindanordfors.com>:\n\n{QUOTED}",
    "Outlook sv": f"{BLOCK}\n\n{ORIGINAL}",
    "Outlook with a rule": f"________________________________\n{BLOCK}\n\n{ORIGINAL}",
    "Outlook en": f"From: Linda K Nordfors <linda@lindanordfors.com>\nSent: Tuesday, December 10, 2019 9:14 AM\nTo: Ulla\nCc: Bo\nSubject: Invitation\n\n{ORIGINAL}",
    "Outlook bold": f"*Från:* Linda K Nordfors <linda@lindanordfors.com>\n*Skickat:* den 10 december 2019 09:14\n*Till:* Ulla\n*Ämne:* Inbjudan\n\n{ORIGINAL}",
    "Outlook classic": f"-----Ursprungligt meddelande-----\n{BLOCK}\n\n{ORIGINAL}",
    "Android": f"-------- Originalmeddelande --------\n{BLOCK}\n\n{ORIGINAL}",
    "Norwegian block": f"Fra: Linda <linda@lindanordfors.com>\nSendt: 10. desember 2019 09:14\nTil: Ulla\nEmne: Invitasjon\n\n{ORIGINAL}",
    "Finnish block": f"Lähettäjä: Linda <linda@lindanordfors.com>\nLähetetty: 10. joulukuuta 2019 9.14\nVastaanottaja: Ulla\nAihe: Kutsu\n\n{ORIGINAL}",
    "German block": f"Von: Linda <linda@lindanordfors.com>\nGesendet: Dienstag, 10. Dezember 2019 09:14\nAn: Ulla\nBetreff: Einladung\n\n{ORIGINAL}",
    "Nested": "Den 2019-12-11 kl. 10:00, skrev Bo:\n> Ska vi gå?\n>\n> Den 2019-12-10 kl. 09:14, skrev Linda:\n>> Välkommen till dagarna!",
}


@pytest.mark.parametrize("below", REPLIES.values(), ids=REPLIES.keys())
def test_a_reply(below: str) -> None:
    letter = read_letter(mail(f"{OWN}\n\n{SIGNATURE}\n\n{below}", subject="Sv: Inbjudan"))
    assert (letter.own, letter.signature) == (OWN, SIGNATURE)
    assert "Välkommen till dagarna!" in letter.quoted
    assert letter.forwarded == ""


FORWARDS = {
    "Gmail": f"---------- Forwarded message ---------\n{BLOCK}\n\n{ORIGINAL}",
    "Thunderbird": f"-------- Vidarebefordrat meddelande --------\n{BLOCK}\n\n{ORIGINAL}",
    "Apple": f"Vidarebefordrat brev:\n\n{BLOCK}\n\n{ORIGINAL}",
    "Apple en": f"Begin forwarded message:\n\n> From: Linda K Nordfors <linda@lindanordfors.com>\n> Subject: x\n> Date: 10 December 2019\n> To: Ulla\n>\n{QUOTED}",
    "Outlook": f"{BLOCK}\n\n{ORIGINAL}",
}


@pytest.mark.parametrize("below", FORWARDS.values(), ids=FORWARDS.keys())
def test_a_forward(below: str) -> None:
    letter = read_letter(mail(f"{OWN}\n\n{SIGNATURE}\n\n{below}", subject="VB: Inbjudan"))
    assert (letter.own, letter.signature) == (OWN, SIGNATURE)
    assert letter.forwarded.startswith("Välkommen till dagarna!")
    assert letter.forwarded_from is not None
    assert letter.forwarded_from.email == "linda@lindanordfors.com"


def test_answers_between_quoted_lines_are_own() -> None:
    body = "Den 2019-12-10 kl. 09:14, skrev Linda:\n> Vilken dag?\n\nDen 14:e.\n\n> Vilken enhet?\n\nKultur.\n"
    letter = read_letter(mail(body, subject="Sv: Anmälan"))
    assert letter.own.split() == ["Den", "14:e.", "Kultur."]
    assert "Vilken enhet?" in letter.quoted


def test_answers_below_lines_quoted_anew_above_the_whole_original() -> None:
    asked = "> Vilken dag?\n\nFredagen.\n\n> Vilken enhet?\n\nKultur.\n\nEva Berg\n\n"
    below = "Den ons 8 jan. 2020 kl 10:00 skrev Linda K Nordfors <linda@example.org>:\n> Hej Eva!\n>\n> Vilken dag?\n"
    letter = read_letter(mail(asked + below, subject="Sv: Anmälan"))
    assert letter.own == "Fredagen.\n\nKultur.\n\nEva Berg"
    assert [answer for _, answer in letter.answers] == ["Fredagen.", "Kultur.\nEva Berg"]


@pytest.mark.parametrize("mark", ["Ulla Testberg", "Testberg, Ulla", "ulla testberg"])
def test_answers_marked_with_who_wrote_them(mark: str) -> None:
    """As Outlook puts them into the original; a name that is not the sender's marks nothing."""
    body = f"Se svar nedan.\n\n{BLOCK}\n\nVilken dag?\n[{mark}] Den 14:e.\n\nVilken enhet?\n[Bo Ask] Kultur.\n"
    assert read_letter(mail(body, subject="Sv: Anmälan")).answers == (("Vilken dag?", "Den 14:e."),)


SIGNATURES = {
    "closing": ("Jag kommer.", "Med vänlig hälsning\n\nUlla Testberg"),
    "delimiter": ("Jag kommer.", "-- \nUlla Testberg\nFlens kommun"),
    "slash": ("Jag kommer.", "/Ulla"),
    "name alone": ("Jag kommer.", "Ulla Testberg\nKulturchef, Flens kommun"),
    "name after a line": ("Jag kommer. Ses!", "Ulla Testberg"),
    "phone": ("Jag kommer.", "Skickat från min iPhone"),
    "closing, name, phone, disclaimer": (
        "Jag kommer.",
        "Hälsningar Ulla\n\nFlens kommun\n0157-43 00 00\n\nNär du skickar e-post till Flens kommun behandlar vi dina personuppgifter. Läs mer på flen.se.",
    ),
    "English": ("I will come.", "Kind regards,\nUlla Testberg\nHead of Culture"),
    "list first": ("Anmäler:\n\nUlla Testberg, kulturchef\nBo Ask, näringslivschef", "Hälsningar Ulla"),
    "form": ("Namn: Ulla Testberg\nKommun: Flen\nDatum: 12/2", ""),
    "nothing": ("Jag kommer den 12:e.", ""),
    "all of it": ("", "Ulla Testberg\nKulturchef\nFlens kommun"),
}


@pytest.mark.parametrize(("own", "signature"), SIGNATURES.values(), ids=SIGNATURES.keys())
def test_the_signature(own: str, signature: str) -> None:
    letter = read_letter(mail(f"{own}\n\n{signature}" if "Ses!" not in own else f"{own}\n{signature}"))
    assert (letter.own, letter.signature) == (own, signature)


def test_a_postscript_is_own() -> None:
    assert "vegan" in read_letter(mail("Jag kommer.\n\nMvh\nUlla Testberg\n\nPS. Jag är vegan.")).own


def test_html_alone_is_read_with_its_tables() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "ulla@flen.se", "Anmälan"
    message.set_content(
        '<html><head><style>p{}</style></head><body><p class="MsoNormal">Hej!<o:p></o:p></p><p>&nbsp;</p><table><tr><td><p>Namn</p></td><td>Dag</td></tr>'
        '<tr><td>Bo&nbsp;Ask</td><td>12 feb</td></tr></table><div style="border-top:solid"><p><b>Från:</b> Linda &lt;linda@lindanordfors.com&gt;<br><b>Skickat:</b> den 10 december 2019<br>'
        "<b>Till:</b> Ulla<br><b>Ämne:</b> Inbjudan</p></div><p>Välkommen!</p></body></html>",
        subtype="html",
    )
    letter = read_letter(message.as_bytes())
    assert letter.own == "Hej!\n\nNamn\tDag\nBo Ask\t12 feb"
    assert letter.quoted.endswith("Ämne: Inbjudan\n\nVälkommen!")


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('text/plain; charset="iso-8859-1"', "Åsa från Öja".encode("latin-1")),
        ('text/plain; charset="utf-8"', "Åsa från Öja".encode("cp1252")),
        ('text/plain; charset="iso-8859-1"', "Åsa från Öja".encode()),
        ("text/plain", "Åsa från Öja".encode()),
        ("text/plain", "Åsa från Öja".encode("cp1252")),
        ('text/plain; charset="finns-inte"', "Åsa från Öja".encode()),
    ],
)  # fmt: skip
def test_letters_survive_a_wrong_charset(head: str, body: bytes) -> None:
    raw = (
        b"From: =?utf-8?q?=C3=85sa?= <asa@flen.se>\r\nContent-Type: "
        + head.encode()
        + b"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        + body
    )
    letter = read_letter(raw)
    assert letter.own == "Åsa från Öja"
    assert letter.sender.name == "Åsa"


def test_flowed_text_is_joined() -> None:
    raw = b"From: a@flen.se\r\nContent-Type: text/plain; charset=utf-8; format=flowed\r\n\r\nJag kommer \r\nden 12:e.\r\n-- \r\nUlla\r\n"
    assert read_letter(raw).own == "Jag kommer den 12:e."


def test_what_cannot_be_seen_is_gone() -> None:
    assert read_letter(mail("Jag\u200b kom\u202emer\u00a0den\u00ad 12:e.\x07")).own == "Jag kommer den 12:e."


def test_a_bare_comma_in_the_from_field() -> None:
    raw = mail("Hej").replace(b"Ulla Testberg <", b"Testberg, Ulla <")
    assert read_letter(raw).sender.name == "Testberg, Ulla"


@given(st.binary(max_size=2000))
def test_any_bytes_are_a_letter(raw: bytes) -> None:
    read_letter(raw)


@given(
    st.binary(max_size=400),
    st.sampled_from(
        [
            "text/plain; charset=utf-7",
            "text/html",
            "multipart/mixed; boundary=b",
            "message/rfc822",
            "application/ms-tnef",
            "text/plain; format=flowed",
        ]
    ),
    st.booleans(),
)
def test_any_content_is_a_letter(body: bytes, kind: str, encoded: bool) -> None:
    head = f"From: a@flen.se\r\nContent-Type: {kind}\r\n"
    raw = head.encode() + (
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(body) if encoded else b"\r\n" + body
    )
    assert read_letter(raw).sender.email == "a@flen.se"


WORDS = st.text(st.sampled_from("abcdeåäö ,.!?\n"), min_size=1, max_size=120)


@given(WORDS, st.sampled_from(sorted(REPLIES)))
def test_what_stands_below_never_changes_the_own_words(words: str, dialect: str) -> None:
    alone = read_letter(mail(f"Hej!\n\n{words}\n", subject="Sv: x"))
    below = read_letter(mail(f"Hej!\n\n{words}\n\n{REPLIES[dialect]}", subject="Sv: x"))
    assert (below.own, below.signature) == (alone.own, alone.signature)


HOSTILE = {
    "declarations": b"Content-Type: text/html\r\n\r\n" + b"<![" * 3000,
    "open tags": b"Content-Type: text/html\r\n\r\n" + b"<a " * 30_000,
    "open comments": b"Content-Type: text/html\r\n\r\n" + b"<!--" * 30_000,
    "instructions": b"Content-Type: text/html\r\n\r\n" + b"<?" * 30_000,
    "parentheses": b"From: " + b"(" * 100_000 + b"\r\n\r\nhej",
    "forwards": b"From: a@flen.se\r\n\r\n" + b"Begin forwarded message:\nFrom: a\nTo: b\nDate: c\n\n" * 2000,
    "marks": b"From: a@flen.se\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    + ("e" + "\u0301\u0323" * 8_000).encode(),
    "multiparts": b"Content-Type: multipart/mixed; boundary=a\r\n\r\n"
    + b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" * 2000,
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_mail_is_a_letter_too(raw: bytes) -> None:
    assert read_letter(raw).digest


def test_a_comment_in_html_is_not_shown() -> None:
    raw = b"From: a@flen.se\r\nContent-Type: text/html\r\n\r\n<!--[if mso]><p>Outlook</p><![endif]--><p>Jag kommer &lt;3 &amp; 2 < 3.</p><!-- <p>dold</p> -->"
    assert read_letter(raw).own == "Jag kommer <3 & 2 < 3."
