"""What an organiser does to her file, situation by situation, in LibreOffice and by openpyxl.

A situation sets the scene, yields a file and the edits she makes in it, and tells what must be true afterwards.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kkn_mailer.domain import Status
from kkn_mailer.event import Event
from kkn_mailer.report import status_of
from kkn_mailer.roster import RosterBusy

from ..conftest import need
from .desk import FIRST, SECOND, Desk
from .hands import Edit, by_libreoffice, by_openpyxl

Scene = Iterator[tuple[Path, list[Edit]]]
SITUATIONS: dict[str, Callable[[Desk], Scene]] = {}
P, R = "Deltagare", "Att hantera"
ADA, BO, CIA, DAN = "Ada Testberg", "Bo Asklund", "Cia Lindgren", "Dan Ekholm"


def situation(function: Callable[[Desk], Scene]) -> Callable[[Desk], Scene]:
    SITUATIONS[function.__name__] = function
    return function


def start(desk: Desk, *edits: Edit) -> tuple[Path, list[Edit]]:
    """Ada and Bo on the first day, Cia who has chosen none; then the edits."""
    desk.register(ADA)
    desk.register(BO)
    desk.register(CIA, None)
    desk.idle()
    desk.copy("first.xlsx")
    return desk.path, list(edits)


def settle(desk: Desk) -> None:
    """A pass takes all there is, the next one has nothing to do, and file and journal agree on who is there."""
    desk.idle()
    assert not desk.idle(), "a second pass wrote again"
    listed = [str(row["Id"]) for row in desk.rows() if row["Id"]]
    assert sorted(listed) == sorted(row.id for row in desk.service.journal.registrations())


# ── cells ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@situation
def a_text_she_changed_is_the_registrations(desk: Desk) -> Scene:
    yield start(desk, ("put", P, ADA, "Kommun", "Trosa"))
    settle(desk)
    assert desk.known(ADA).municipality == desk.row(ADA)["Kommun"] == "Trosa"
    when, who, what = desk.service.journal.history(desk.known(ADA).id)[-1]
    assert who.startswith("organiser")
    assert when.tzinfo
    assert "”Flen” → ”Trosa”" in what


@situation
def a_text_she_emptied_stays_empty(desk: Desk) -> Scene:
    yield start(desk, ("put", P, ADA, "E-post", None))
    settle(desk)
    assert desk.known(ADA).email is None
    assert desk.row(ADA)["E-post"] is None


@situation
def a_day_she_changed_moves_the_person_and_tells_nobody(desk: Desk) -> Scene:
    yield start(desk, ("put", P, ADA, "Datum", SECOND))
    settle(desk)
    assert desk.known(ADA).date == SECOND
    assert desk.row(ADA)["Ort"] == "Eskilstuna"
    assert desk.answers() == ["confirm", "confirm", "ask"]


@situation
def a_day_typed_as_text_becomes_a_date(desk: Desk) -> Scene:
    yield start(desk, ("put", P, ADA, "Datum", " 2020-02-14"))
    settle(desk)
    assert desk.row(ADA)["Datum"] == dt.datetime(2020, 2, 14)


@situation
def a_status_she_changed_counts(desk: Desk) -> Scene:
    yield start(desk, ("put", P, ADA, "Status", "Avbokad"))
    settle(desk)
    assert desk.known(ADA).status is Status.CANCELLED
    assert load_workbook(desk.path)["Översikt"]["A1"].value
    assert desk.answers().count("cancelled") == 0


@situation
def a_unit_in_other_words_is_written_as_ours(desk: Desk) -> Scene:
    yield start(desk, ("put", P, ADA, "Enhet", "näringsliv"))
    settle(desk)
    assert desk.known(ADA).unit == "business"
    assert desk.row(ADA)["Enhet"] == "Näringsliv"


@situation
def a_name_she_corrected_is_known_by_a_later_mail(desk: Desk) -> Scene:
    yield start(desk, ("put", P, ADA, "Namn", "Ada Testborg"))
    settle(desk)
    desk.take("Ada Testborg", "Hej! Jag måste tyvärr avboka den 12 februari.\n\n/Ada Testborg")
    settle(desk)
    assert desk.row("Ada Testborg")["Status"] == "Avbokad"


@situation
def her_note_stays(desk: Desk) -> Scene:
    yield start(desk, ("put", P, BO, "Anteckning", "ring först"))
    settle(desk)
    assert desk.known(BO).note == desk.row(BO)["Anteckning"] == "ring först"


@situation
def when_it_came_may_be_corrected(desk: Desk) -> Scene:
    yield start(desk, ("put", P, BO, "Inkom", dt.date(2020, 1, 2)))
    settle(desk)
    assert desk.known(BO).received.astimezone(desk.event.zone).date() == dt.date(2020, 1, 2)


@situation
def her_cell_and_a_mail_about_another_cell(desk: Desk) -> Scene:
    yield start(desk, ("put", P, ADA, "Kost", "vegan"))
    desk.move(ADA, "14")
    settle(desk)
    assert (desk.row(ADA)["Kost"], desk.row(ADA)["Ort"]) == ("vegan", "Eskilstuna")


@situation
def her_cell_and_a_mail_about_the_same_cell(desk: Desk) -> Scene:
    yield start(desk, ("put", P, ADA, "Status", "Reserv"))
    desk.take(ADA, "Hej! Jag måste tyvärr avboka den 12 februari.\n\n/Ada Testberg")
    settle(desk)
    assert desk.row(ADA)["Status"] == "Reserv"
    assert desk.known(ADA).status is Status.WAITLISTED


@situation
def a_mail_after_her_edit_is_the_newest_word(desk: Desk) -> Scene:
    yield start(desk, ("put", P, ADA, "Datum", SECOND))
    settle(desk)
    desk.move(ADA, "12")
    settle(desk)
    assert desk.row(ADA)["Datum"] == dt.datetime(2020, 2, 12)


# ── what makes no sense ───────────────────────────────────────────────────────────────────────────────────────────────


def nonsense(heading: str, typed: str | dt.date, right: str | dt.date, remedy: str) -> Callable[[Desk], Scene]:
    def scene(desk: Desk) -> Scene:
        yield start(desk, ("put", P, ADA, heading, typed))
        settle(desk)
        shown = desk.row(ADA)[heading]
        assert shown == (typed if isinstance(typed, str) else dt.datetime.combine(typed, dt.time()))
        (line,) = desk.open_lines()
        assert all(word in line for word in (f"{heading} ”{typed}”", remedy, ADA))
        desk.register(DAN)
        settle(desk)
        (told,) = desk.rows(R)
        assert all(f"{ADA}, Flen" in str(told[where]) for where in ("Ämne", "Orsak", "Utdrag"))
        by_openpyxl(desk.path, [("put", P, ADA, heading, right)])
        settle(desk)
        assert desk.open_lines() == []
        assert desk.rows(R)[0]["Klar"] == "Ja"

    return scene


def understood(typed: str) -> Callable[[Desk], Scene]:
    """A day typed as a text, which becomes a date."""

    def scene(desk: Desk) -> Scene:
        yield start(desk, ("put", P, ADA, "Datum", typed))
        settle(desk)
        assert desk.known(ADA).date == SECOND
        assert (desk.row(ADA)["Datum"], desk.row(ADA)["Ort"]) == (dt.datetime(2020, 2, 14), "Eskilstuna")
        assert desk.open_lines() == []

    return scene


SITUATIONS["a_day_that_is_no_session"] = nonsense("Datum", dt.date(2020, 2, 13), SECOND, "2020-02-14")
SITUATIONS["a_day_in_words"] = nonsense("Datum", "på fredag", SECOND, "2020-02-14")
SITUATIONS["a_day_as_people_write_it"] = understood("14/2")
SITUATIONS["a_day_by_its_number"] = understood("den 14:e")
SITUATIONS["an_unknown_status"] = nonsense("Status", "kanske", "Bekräftad", "Väntar på svar")
SITUATIONS["an_unknown_unit"] = nonsense("Enhet", "Gata", "Kultur", "Näringsliv")
SITUATIONS["a_place_that_the_day_contradicts"] = nonsense("Ort", "Trosa", "Nyköping", "ändra dagen")


@situation
def nonsense_gives_way_to_a_later_mail(desk: Desk) -> Scene:
    yield start(desk, ("put", P, ADA, "Datum", "på fredag"))
    settle(desk)
    desk.move(ADA, "14")
    desk.idle()
    settle(desk)
    assert desk.row(ADA)["Datum"] == dt.datetime(2020, 2, 14)
    assert desk.open_lines() == []


@situation
def nonsense_survives_a_deleted_file(desk: Desk) -> Scene:
    yield start(desk, ("put", P, ADA, "Status", "kanske"))
    settle(desk)
    desk.path.unlink()
    settle(desk)
    assert desk.row(ADA)["Status"] == "kanske"
    assert len(desk.open_lines()) == 1


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@situation
def a_typed_row_is_a_registration(desk: Desk) -> Scene:
    yield start(desk, ("add", P, "Namn", DAN, "Kommun", "Trosa", "Enhet", "Kultur", "Datum", FIRST))
    settle(desk)
    assert (desk.row(DAN)["Status"], desk.row(DAN)["Ort"]) == ("Bekräftad", "Nyköping")
    assert desk.row(DAN)["Id"] == desk.known(DAN).id
    assert len(desk.answers()) == 3


@situation
def a_typed_row_that_lacks_something_waits(desk: Desk) -> Scene:
    yield start(desk, ("add", P, "Namn", DAN, "Kommun", "Trosa"))
    settle(desk)
    assert desk.row(DAN)["Status"] == "Väntar på svar"


@situation
def a_typed_row_sorted_before_it_has_its_id(desk: Desk) -> Scene:
    yield start(desk, ("add", P, "Namn", DAN, "Kommun", "Trosa"))
    desk.service.keeper._take(desk.service.keeper._update())
    by_openpyxl(desk.path, [("sort", P, "Namn"), ("put", P, DAN, "Kommun", "Gnesta")])
    settle(desk)
    assert desk.row(DAN)["Kommun"] == desk.known(DAN).municipality == "Gnesta"


@situation
def a_typed_row_with_a_status_of_no_meaning(desk: Desk) -> Scene:
    yield start(desk, ("add", P, "Namn", DAN, "Status", "ringde"))
    settle(desk)
    assert desk.row(DAN)["Status"] == "ringde"
    assert len(desk.open_lines()) == 1


@situation
def a_sum_below_the_list_is_no_registration(desk: Desk) -> Scene:
    yield start(desk, ("add", P, "Anteckning", "3 personer"))
    settle(desk)
    assert desk.names() == [ADA, BO, CIA]
    assert any(row["Anteckning"] == "3 personer" for row in desk.rows())


@situation
def a_deleted_row_does_not_come_back(desk: Desk) -> Scene:
    yield start(desk, ("remove", P, ADA))
    settle(desk)
    assert desk.names() == [BO, CIA]
    assert desk.register(ADA, again=" igen").review is not None
    settle(desk)
    assert desk.names() == [BO, CIA]
    assert "tagit bort" in desk.open_lines()[0]


@situation
def a_deleted_row_may_be_registered_for_another_day(desk: Desk) -> Scene:
    yield start(desk, ("remove", P, ADA))
    settle(desk)
    desk.register(ADA, SECOND)
    settle(desk)
    assert desk.row(ADA)["Ort"] == "Eskilstuna"


@situation
def a_deleted_row_that_a_mail_changes_meanwhile_is_gone(desk: Desk) -> Scene:
    yield start(desk, ("remove", P, ADA))
    desk.move(ADA, "14")
    settle(desk)
    assert desk.names() == [BO, CIA]


@situation
def a_row_put_back_is_a_registration_again(desk: Desk) -> Scene:
    yield start(desk, ("remove", P, ADA))
    identity = desk.known(ADA).id
    settle(desk)
    by_openpyxl(
        desk.path, [("add", P, "Namn", ADA, "Kommun", "Flen", "Enhet", "Kultur", "Datum", FIRST, "Id", identity)]
    )
    settle(desk)
    assert desk.known(ADA).id == identity
    assert desk.known(ADA).registered_by == "ada.testberg@flen.se"


@situation
def a_copied_row_gets_its_own_id(desk: Desk) -> Scene:
    yield start(desk, ("copy", P, ADA))
    first = desk.known(ADA).id
    settle(desk)
    assert desk.names() == [ADA, ADA, BO, CIA]
    assert len({row["Id"] for row in desk.rows()}) == 4
    assert first in {row["Id"] for row in desk.rows()}


@situation
def a_copy_above_that_is_then_altered_leaves_the_original_alone(desk: Desk) -> Scene:
    yield start(desk, ("over", P, BO), ("put", P, BO, "Namn", DAN))
    first = desk.known(BO).id
    settle(desk)
    assert desk.names() == [ADA, BO, CIA, DAN]
    assert desk.known(BO).id == desk.row(BO)["Id"] == first


@situation
def sorting_changes_nothing(desk: Desk) -> Scene:
    yield start(desk, ("sort", P, "Namn"))
    desk.register(DAN)
    settle(desk)
    assert [row["Namn"] for row in desk.rows()] == [CIA, BO, ADA, DAN]


@situation
def sorting_editing_deleting_and_typing_at_once(desk: Desk) -> Scene:
    yield start(
        desk,
        ("sort", P, "Namn"),
        ("put", P, BO, "Kost", "laktosfri"),
        ("remove", P, ADA),
        ("add", P, "Namn", DAN, "Kommun", "Trosa"),
    )
    settle(desk)
    assert desk.names() == [BO, CIA, DAN]
    assert desk.row(BO)["Kost"] == "laktosfri"


@situation
def all_rows_cut_away(desk: Desk) -> Scene:
    yield start(desk, ("remove", P, ADA), ("remove", P, BO), ("remove", P, CIA))
    settle(desk)
    assert desk.rows() == []
    desk.register(DAN)
    settle(desk)
    assert [row["Namn"] for row in desk.rows()] == [DAN]


@situation
def an_erased_id_is_found_again_by_its_row(desk: Desk) -> Scene:
    yield start(desk, ("put", P, ADA, "Id", None))
    first = desk.known(ADA).id
    settle(desk)
    assert desk.row(ADA)["Id"] == first


# ── completing ────────────────────────────────────────────────────────────────────────────────────────────────────────


@situation
def filling_what_is_missing_confirms(desk: Desk) -> Scene:
    yield start(desk, ("put", P, CIA, "Datum", SECOND))
    settle(desk)
    assert desk.row(CIA)["Status"] == "Bekräftad"
    assert desk.answers() == ["confirm", "confirm", "ask", "confirm"]
    answer = desk.service.journal.unsent()[-1]
    assert answer.recipients == ("cia.lindgren@flen.se",)
    assert b"In-Reply-To: <test." in answer.raw
    assert b"Eskilstuna" in answer.raw


@situation
def a_row_filled_by_hand_takes_the_last_place(desk: Desk) -> Scene:
    desk.restart(capacity=2)
    yield start(desk, ("put", P, CIA, "Datum", FIRST))
    settle(desk)
    assert desk.row(CIA)["Status"] == "Reserv"
    assert desk.answers()[-1] == "waitlisted"


@situation
def a_place_she_freed_is_given_to_the_next_mail(desk: Desk) -> Scene:
    desk.restart(capacity=2)
    yield start(desk, ("put", P, ADA, "Status", "Avbokad"))
    settle(desk)
    desk.register(DAN)
    assert desk.known(DAN).status is Status.CONFIRMED


# ── told ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def told(heading: str, value: str | dt.date, kind: str) -> Callable[[Desk], Scene]:
    def scene(desk: Desk) -> Scene:
        desk.restart(notify_edits=True)
        yield start(desk, ("put", P, ADA, heading, value))
        settle(desk)
        assert desk.answers() == ["confirm", "confirm", "ask", kind]
        assert desk.service.journal.unsent()[-1].recipients == ("ada.testberg@flen.se",)

    return scene


SITUATIONS["a_move_is_told_where_she_wants_it"] = told("Datum", SECOND, "changed")
SITUATIONS["a_cancellation_is_told_where_she_wants_it"] = told("Status", "Avbokad", "cancelled")
SITUATIONS["a_place_on_the_waiting_list_is_told_where_she_wants_it"] = told("Status", "Reserv", "waitlisted")


# ── Att hantera ───────────────────────────────────────────────────────────────────────────────────────────────────────


def asked(desk: Desk, *edits: Edit) -> tuple[Path, list[Edit]]:
    desk.take(ADA, "Hej! Finns det hiss på Scenkonst den 14 februari?", Subject="Lokalen")
    return start(desk, *edits)


@situation
def ticking_klar_clears(desk: Desk) -> Scene:
    yield asked(desk, ("put", R, "Lokalen", "Klar", "x"))
    assert len(desk.open_lines()) == 1
    settle(desk)
    assert desk.open_lines() == []
    assert desk.rows(R)[0]["Klar"] == "x"


@situation
def unticking_klar_opens(desk: Desk) -> Scene:
    yield asked(desk, ("put", R, "Lokalen", "Klar", "Ja"))
    settle(desk)
    assert desk.open_lines() == []
    by_openpyxl(desk.path, [("put", R, "Lokalen", "Klar", None)])
    settle(desk)
    assert len(desk.open_lines()) == 1


@situation
def a_line_she_deleted_stays_away(desk: Desk) -> Scene:
    yield asked(desk, ("remove", R, "Lokalen"))
    settle(desk)
    desk.path.unlink()
    settle(desk)
    assert desk.rows(R) == []
    assert desk.open_lines() == []


@situation
def a_line_she_rewrote_stays_hers(desk: Desk) -> Scene:
    yield asked(desk, ("put", R, "Lokalen", "Orsak", "hiss finns"), ("add", R, "Ämne", "min egen rad"))
    settle(desk)
    assert [row["Orsak"] for row in desk.rows(R)] == ["hiss finns", None]
    assert len(desk.rows(R)) == 2


# ── sheets and columns ────────────────────────────────────────────────────────────────────────────────────────────────


@situation
def a_renamed_sheet_is_still_the_list(desk: Desk) -> Scene:
    yield start(desk, ("put", P, ADA, "Kommun", "Trosa"), ("title", P, "Lista"))
    desk.register(DAN)
    desk.idle()
    assert not desk.idle()
    assert "Deltagare" not in load_workbook(desk.path).sheetnames
    assert sorted(str(row["Namn"]) for row in desk.rows("Lista")) == [ADA, BO, CIA, DAN]
    assert desk.known(ADA).municipality == "Trosa"


@situation
def a_sheet_taken_away_is_put_back(desk: Desk) -> Scene:
    yield asked(desk, ("new", "Egna"), ("drop", P), ("drop", R))
    settle(desk)
    assert desk.names() == [ADA, BO, CIA]
    assert len(desk.rows(R)) == 1
    assert load_workbook(desk.path)["Egna"]["A1"].value == "hennes"


@situation
def a_column_taken_away_is_put_back(desk: Desk) -> Scene:
    yield start(desk, ("column", P, "E-post"))
    settle(desk)
    assert desk.known(ADA).email == desk.row(ADA)["E-post"] == "ada.testberg@flen.se"


@situation
def a_renamed_column_is_hers_and_ours_comes_back(desk: Desk) -> Scene:
    yield start(desk, ("head", P, "E-post", "Adress"))
    settle(desk)
    assert desk.row(ADA)["E-post"] == desk.row(ADA)["Adress"] == "ada.testberg@flen.se"


@situation
def the_column_of_ids_taken_away(desk: Desk) -> Scene:
    yield start(desk, ("column", P, "Id"), ("put", P, ADA, "Kommun", "Trosa"))
    first = desk.known(ADA).id
    settle(desk)
    assert desk.names() == [ADA, BO, CIA]
    assert (desk.known(ADA).id, desk.known(ADA).municipality) == (first, "Trosa")


@situation
def moved_columns_are_found_by_heading(desk: Desk) -> Scene:
    yield start(desk, ("insert", P), ("put", P, ADA, "Kommun", "Trosa"))
    desk.register(DAN)
    settle(desk)
    assert desk.row(DAN)["Kommun"] == "Flen"
    assert desk.known(ADA).municipality == "Trosa"


@situation
def a_row_above_the_headings_waits_to_be_taken_away(desk: Desk) -> Scene:
    yield start(desk, ("top", P))
    with pytest.raises(RosterBusy, match="row 1"):
        desk.idle()
    assert desk.names() == [ADA, BO, CIA]


@situation
def her_colours_stay_on_their_row(desk: Desk) -> Scene:
    yield start(desk, ("paint", P, BO))
    desk.register(DAN)
    settle(desk)
    painted = [
        row[0].value for row in load_workbook(desk.path)[P].iter_rows() if row[0].fill.fgColor.rgb[-6:] == "FF00FF"
    ]
    assert painted == [BO]


# ── copies, damage, two at once ───────────────────────────────────────────────────────────────────────────────────────


def stale(desk: Desk, *edits: Edit) -> tuple[Path, list[Edit]]:
    """Edits in a copy that is older than Dan's row and Ada's cancellation."""
    start(desk)
    old = desk.copy("gammal.xlsx")
    desk.register(DAN)
    desk.take(ADA, "Hej! Jag måste tyvärr avboka den 12 februari.\n\n/Ada Testberg")
    desk.idle()
    return old, list(edits)


@situation
def a_stale_copy_gets_what_is_newer_and_gives_its_edits(desk: Desk) -> Scene:
    yield stale(desk, ("put", P, BO, "Kost", "vegan"))
    shutil.move(desk.folder / "gammal.xlsx", desk.path)
    settle(desk)
    assert desk.names() == [ADA, BO, CIA, DAN]
    assert desk.row(ADA)["Status"] == "Avbokad"
    assert desk.known(BO).diet == "vegan"


@situation
def a_row_deleted_in_a_stale_copy_is_deleted(desk: Desk) -> Scene:
    yield stale(desk, ("remove", P, BO))
    shutil.move(desk.folder / "gammal.xlsx", desk.path)
    settle(desk)
    assert desk.names() == [ADA, CIA, DAN]


@situation
def a_row_typed_in_a_stale_copy_is_taken(desk: Desk) -> Scene:
    yield stale(desk, ("add", P, "Namn", "Eva Nyström", "Kommun", "Trosa"))
    shutil.move(desk.folder / "gammal.xlsx", desk.path)
    settle(desk)
    assert desk.names() == [ADA, BO, CIA, DAN, "Eva Nyström"]


@situation
def a_restored_backup_does_not_undo_her_edits(desk: Desk) -> Scene:
    yield start(desk, ("put", P, ADA, "Kommun", "Trosa"), ("remove", P, BO))
    settle(desk)
    by_openpyxl(desk.path, [("put", P, CIA, "Kost", "vegan")])
    settle(desk)
    backup = desk.copy("backup.xlsx")
    by_openpyxl(desk.path, [("put", P, CIA, "Kost", "allt"), ("remove", P, ADA)])
    settle(desk)
    shutil.move(backup, desk.path)
    settle(desk)
    assert desk.names() == [CIA]
    assert desk.row(CIA)["Kost"] == "allt"


@situation
def two_at_once_in_two_copies(desk: Desk) -> Scene:
    yield start(desk, ("put", P, ADA, "Kommun", "Trosa"), ("put", P, BO, "Kost", "vegan"))
    first = desk.path.read_bytes()
    desk.path.write_bytes((desk.folder / "first.xlsx").read_bytes())
    by_openpyxl(desk.path, [("put", P, BO, "Telefon", "070-1"), ("remove", P, CIA)])
    desk.idle()
    desk.path.write_bytes(first)
    settle(desk)
    assert desk.names() == [ADA, BO]
    assert (desk.row(ADA)["Kommun"], desk.row(BO)["Kost"], desk.row(BO)["Telefon"]) == ("Trosa", "vegan", "070-1")


@situation
def a_program_that_has_it_open_saves_again(desk: Desk) -> Scene:
    """Without a lock that could be seen, as in a folder that is synchronised."""
    yield start(desk, ("add", P, "Namn", DAN, "Kommun", "Trosa"), ("put", P, ADA, "Kost", "vegan"))
    mine = desk.copy("min.xlsx")
    settle(desk)
    by_openpyxl(desk.path, [("put", P, ADA, "Kost", "allt")])
    settle(desk)
    by_openpyxl(mine, [("put", P, BO, "Kost", "laktosfri")])
    for _ in range(2):
        shutil.copy(mine, desk.path)
        settle(desk)
    assert desk.names() == [ADA, BO, CIA, DAN]
    assert (desk.row(ADA)["Kost"], desk.row(BO)["Kost"]) == ("allt", "laktosfri")


@situation
def a_deleted_file_is_written_anew(desk: Desk) -> Scene:
    yield start(desk, ("put", P, ADA, "Kommun", "Trosa"))
    settle(desk)
    desk.path.unlink()
    settle(desk)
    assert desk.row(ADA)["Kommun"] == "Trosa"


# ── the two authors ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def libre(event: Event, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Scene]]:
    """Every situation up to the edits, and these made in one session of LibreOffice."""
    program = need("soffice")
    folder = tmp_path_factory.mktemp("libre")
    desks, scenes, work = [], {}, []
    for name, scene in SITUATIONS.items():
        (folder / name).mkdir()
        desks.append(Desk(event, folder / name))
        scenes[name] = scene(desks[-1])
        work.append(next(scenes[name]))
    by_libreoffice(program, work, folder)
    yield scenes
    for desk in desks:
        desk.service.close()


@pytest.mark.parametrize("name", SITUATIONS)
def test_in_libreoffice(name: str, libre: dict[str, Scene]) -> None:
    assert next(libre[name], None) is None


@pytest.mark.parametrize("name", SITUATIONS)
def test_by_openpyxl(name: str, desk: Desk) -> None:
    scene = SITUATIONS[name](desk)
    by_openpyxl(*next(scene))
    assert next(scene, None) is None


@pytest.fixture
def desk(event: Event, tmp_path: Path) -> Iterator[Desk]:
    playing = Desk(event, tmp_path)
    yield playing
    playing.service.close()


# ── damage ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:3000])


def no_workbook(path: Path) -> None:
    path.write_text("namn;kommun")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def protected(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000)


@pytest.mark.parametrize("damage", [truncated, no_workbook, empty, protected])
def test_what_cannot_be_read_is_set_aside_and_said(desk: Desk, damage: Callable[[Path], None]) -> None:
    start(desk)
    for _ in range(2):
        damage(desk.path)
        damaged = desk.path.read_bytes()
        with pytest.raises(RosterBusy, match="is being saved"):
            desk.idle()
        os.utime(desk.path, (0, 0))
        settle(desk)
        assert damaged in [p.read_bytes() for p in desk.folder.glob("deltagare oläsbar *.xlsx")]
    assert len(list(desk.folder.glob("deltagare oläsbar *.xlsx"))) == 2
    assert desk.names() == [ADA, BO, CIA]
    assert len([line for line in desk.open_lines() if "gick inte att läsa" in line]) == 2


# ── locks ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def waits(desk: Desk, why: str) -> None:
    """The write waits, mail is still answered, and status says so."""
    desk.register(DAN)
    assert desk.answers()[-1] == "confirm"
    with pytest.raises(RosterBusy, match=why):
        desk.idle()
    journal = desk.service.journal
    shown = status_of(desk.event, [], [], 0, 0, {"roster_waits": journal.note("roster_waits")})["roster"]
    assert why in shown["why"]
    assert dt.datetime.fromisoformat(shown["waiting_since"]) <= dt.datetime.now(dt.UTC)


def comes(desk: Desk) -> None:
    """When it is free, one write brings all."""
    desk.register("Eva Nyström")
    settle(desk)
    assert desk.names() == [ADA, BO, CIA, DAN, "Eva Nyström"]
    assert desk.service.journal.note("roster_waits") == ""


@pytest.mark.parametrize("name", ["~$deltagare.xlsx", "~$ltagare.xlsx", ".~lock.deltagare.xlsx#"])
def test_open_in_another_program(desk: Desk, name: str) -> None:
    start(desk)
    (desk.folder / name).touch()
    waits(desk, "is open in another program")
    (desk.folder / name).unlink()
    comes(desk)


def test_what_she_saves_while_it_is_open_counts(desk: Desk) -> None:
    start(desk)
    lock = desk.folder / "~$deltagare.xlsx"
    lock.touch()
    assert not desk.idle(), "nothing to write is nothing to wait for"
    by_openpyxl(desk.path, [("put", P, ADA, "Status", "Avbokad"), ("add", P, "Namn", DAN), ("remove", P, BO)])
    for _ in range(2):
        with pytest.raises(RosterBusy):
            desk.idle()
        assert desk.names() == [ADA, CIA, DAN]
    assert desk.known(ADA).status is Status.CANCELLED
    by_openpyxl(desk.path, [("put", P, DAN, "Kommun", "Trosa"), ("put", P, ADA, "Status", "Bekräftad")])
    lock.unlink()
    settle(desk)
    assert desk.known(ADA).status is Status.CONFIRMED
    assert desk.row(DAN)["Kommun"] == desk.known(DAN).municipality == "Trosa"


def test_a_deletion_undone_while_it_is_open(desk: Desk) -> None:
    start(desk)
    (desk.folder / "~$deltagare.xlsx").touch()
    before = desk.path.read_bytes()
    by_openpyxl(desk.path, [("remove", P, BO)])
    with pytest.raises(RosterBusy):
        desk.idle()
    assert desk.names() == [ADA, CIA]
    desk.path.write_bytes(before)
    (desk.folder / "~$deltagare.xlsx").unlink()
    settle(desk)
    assert desk.names() == [ADA, BO, CIA]


def test_who_is_forgotten_is_nowhere(desk: Desk) -> None:
    start(desk)
    by_openpyxl(desk.path, [("put", P, ADA, "Datum", "på fredag"), ("put", P, ADA, "Kost", "vegan")])
    settle(desk)
    copy = desk.copy("gammal.xlsx")
    desk.service.journal.forget("ada.testberg@flen.se")
    settle(desk)
    assert "Ada" not in (desk.service.journal.note("roster") or "")
    assert desk.rows(R) == []
    shutil.move(copy, desk.path)
    settle(desk)
    assert desk.names() == [BO, CIA]


@pytest.mark.parametrize("name", ["~$deltagare.xlsx", ".~lock.deltagare.xlsx#"])
def test_a_lock_left_over_does_not_block_for_ever(desk: Desk, name: str) -> None:
    start(desk)
    (desk.folder / name).touch()
    os.utime(desk.folder / name, (1, 1))
    waits(desk, "is open in another program")
    os.utime(desk.path, (1, 1))
    comes(desk)
    assert not (desk.folder / name).exists()


@pytest.mark.parametrize("folder", [False, True])
def test_read_only(desk: Desk, folder: bool) -> None:
    start(desk)
    place = desk.folder if folder else desk.path
    mode = place.stat().st_mode
    place.chmod(mode & ~0o222)
    try:
        waits(desk, "read-only")
    finally:
        place.chmod(mode)
    comes(desk)


def test_a_share_that_is_gone(desk: Desk, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    desk.path = share / "deltagare.xlsx"
    desk.restart(path=desk.path)
    start(desk)
    share.rename(tmp_path / "away")
    waits(desk, "folder is not there")
    assert not share.exists()
    (tmp_path / "away").rename(share)
    comes(desk)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 kB, mounted by root."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # openpyxl leaves its archive open
def test_a_full_disk_and_one_that_is_not_mounted(desk: Desk, small_disk: Path) -> None:
    desk.path = small_disk / "deltagare.xlsx"
    desk.restart(path=desk.path)
    start(desk)
    before = desk.path.read_bytes()
    (small_disk / "first.xlsx").unlink(missing_ok=True)
    with (small_disk / "fill").open("wb", buffering=0) as fill:
        for _ in range(100):
            try:
                fill.write(b"x" * 1024)
            except OSError:
                break
    waits(desk, "No space left")
    assert desk.path.read_bytes() == before
    (small_disk / "fill").unlink(missing_ok=True)
    kept = desk.path.read_bytes()
    subprocess.run(["umount", str(small_disk)], check=True)
    with pytest.raises(RosterBusy, match="mounted"):
        desk.idle()
    assert not desk.path.exists()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(small_disk)], check=True)
    desk.path.write_bytes(kept)
    comes(desk)
