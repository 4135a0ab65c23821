"""Backups, copies, discarded drafts, drafts as files, and older files, in the window."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.errors import SurroundingsError
from app.paths import Home
from app.store.backups import Backups
from app.store.engine import StoreFile
from app.use_cases import write_report
from app.use_cases.write_report import DraftId
from tests.ui.every_page import press
from tests.ui.opened import PASSPHRASE, Opened, make_vault, opened
from tests.ui.pages.officer import write_draft
from ui.pages import discarded, draft_file, draft_menu, settings_backups
from ui.pages.discarded import DiscardedPage, describe_rest
from ui.pages.draft_file import DraftFilePage
from ui.pages.draft_menu import DraftMenu
from ui.pages.reports import ReportsPage
from ui.pages.settings_backups import BackupsCard
from ui.unlock import restore
from ui.unlock.passphrase import PassphraseEdit
from ui.unlock.restore import RestorePage
from ui.widgets.cards import Banner

LADDER = "Ladder at the warehouse"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    make_vault(made)
    return made


@pytest.fixture
def it(qapp: QApplication, qtbot: QtBot, home: Home) -> Iterator[Opened]:
    with opened(qapp, qtbot, home) as it:
        it.unlock()
        yield it


@pytest.fixture
def draft_id(it: Opened) -> DraftId:
    found = write_draft(it.session, local_title=LADDER)
    it.session.drafts_changed.emit()
    it.window.show_place("reports")
    it.settle()
    return found


def titles(it: Opened) -> list[str]:
    return sorted(each.title for each in it.session.drafts.summaries())


def banners(it: Opened, place: str) -> list[str]:
    found = it.window.page(place).findChildren(Banner)
    return [each.accessibleName() for each in found if each.isVisible()]


def choose(it: Opened, text: str) -> None:
    """Choose from the menu of the one draft."""
    (more,) = (each for each in it.window.findChildren(DraftMenu) if each.isVisible())
    more.click()
    assert more.menu_of is not None
    next(each for each in more.menu_of.findChildren(QAction) if each.text() == text).trigger()
    more.menu_of.close()
    it.settle()


def type_in(edit: PassphraseEdit, words: str) -> None:
    line = edit.focusProxy()
    assert line is not None
    QTest.keyClicks(line, words)


@pytest.mark.usefixtures("draft_id")
def test_a_draft_is_copied_from_its_menu(it: Opened) -> None:
    choose(it, draft_menu.DUPLICATE)
    assert titles(it) == [f"Copy of {LADDER}", LADDER]


@pytest.mark.usefixtures("draft_id")
def test_a_discarded_draft_is_told_of_and_brought_back(it: Opened) -> None:
    choose(it, draft_menu.DISCARD)
    assert titles(it) == []
    assert banners(it, "reports") == ["The draft is discarded"]
    press(it, "Discarded (1)")
    assert it.window.shown == "discarded"
    press(it, "Bring it back")
    assert titles(it) == [LADDER]
    press(it, "Back to the reports")
    page = it.window.page("reports")
    assert isinstance(page, ReportsPage)
    assert not page.thrown_away.isVisible()


@pytest.mark.parametrize("is_sure", [True, False])
def test_a_discarded_draft_is_destroyed_only_after_a_question(
    it: Opened, draft_id: DraftId, monkeypatch: pytest.MonkeyPatch, is_sure: bool
) -> None:
    monkeypatch.setattr(discarded, "ask", lambda *_args, **_more: is_sure)
    write_report.discard(it.session.drafts, draft_id)
    it.window.show_place("discarded")
    press(it, "Destroy it now")
    left = [each.draft_id for each in it.session.drafts.summaries(discarded=True)]
    assert left == ([] if is_sure else [draft_id])


@pytest.mark.parametrize(
    ("hours", "told"), [(0, "in 30 days"), (29 * 24 - 1, "in 2 days"), (719, "within a day")]
)
def test_the_days_that_are_left_are_told(hours: int, told: str) -> None:
    assert describe_rest(NOW, NOW + timedelta(hours=hours)) == f"Gone for good {told}"


def test_opening_the_vault_destroys_what_was_discarded_long_ago(
    it: Opened, draft_id: DraftId, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report.discard(it.session.drafts, draft_id)
    it.window.lock()
    it.unlock()
    assert len(it.session.drafts.summaries(discarded=True)) == 1
    it.window.lock()
    monkeypatch.setattr(write_report, "KEPT_FOR", timedelta(0))
    it.unlock()
    assert it.session.drafts.summaries(discarded=True) == ()


def test_nothing_discarded_stays_in_the_window_when_it_is_locked(
    it: Opened, draft_id: DraftId
) -> None:
    write_report.discard(it.session.drafts, draft_id)
    it.window.show_place("discarded")
    it.settle()
    assert it.window.findChildren(DiscardedPage)
    it.window.lock()
    it.settle()
    assert it.window.shown == "door"
    assert not it.window.findChildren(DiscardedPage)


def test_a_draft_goes_into_a_file_and_comes_back(
    it: Opened, draft_id: DraftId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "carried.nmdraft"
    monkeypatch.setattr(draft_file, "choose_new_file", lambda *_args: str(path))
    monkeypatch.setattr(draft_file, "choose_file", lambda *_args: str(path))
    choose(it, draft_menu.SAVE_AS_FILE)
    assert it.window.shown == "draft-file"
    page = it.window.page("draft-file")
    assert isinstance(page, DraftFilePage)
    press(it, "Choose a name and save it")
    assert not path.exists()  # there was no passphrase yet
    for edit in page.findChildren(PassphraseEdit):
        if edit.isVisible():
            type_in(edit, PASSPHRASE)
    press(it, "Choose a name and save it")
    assert banners(it, "draft-file") == ["The file is written"]
    assert LADDER.encode() not in path.read_bytes()
    write_report.delete(it.session.drafts, draft_id)

    it.window.show_place("draft-file")
    press(it, "Choose the file and take it in")
    assert "Type the passphrase" in page.error()
    for words, told in (("wrong one", "not the right one"), (PASSPHRASE, "")):
        (edit,) = (each for each in page.findChildren(PassphraseEdit) if each.isVisible())
        edit.clear()
        type_in(edit, words)
        press(it, "Choose the file and take it in")
        assert told in page.error()
    assert banners(it, "draft-file") == ["The draft is among your reports"]
    assert titles(it) == [LADDER]


def test_a_file_that_is_no_draft_is_said(it: Opened, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"something else")
    it.window.show_place("draft-file")
    page = it.window.page("draft-file")
    assert isinstance(page, DraftFilePage)
    page.read(str(tmp_path / "x"), PASSPHRASE)
    it.settle()
    assert "does not hold a draft" in page.error()


def _card(it: Opened) -> BackupsCard:
    it.window.show_place("settings")
    it.settle()
    return it.window.page("settings").findChildren(BackupsCard)[0]


@pytest.mark.usefixtures("draft_id")
def test_copies_are_made_where_the_officer_says_and_deleted_only_after_a_question(
    it: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "stick"
    place.mkdir()
    answers = [False, True]
    monkeypatch.setattr(settings_backups, "choose_folder", lambda *_args: str(place))
    monkeypatch.setattr(settings_backups, "ask", lambda *_args, **_more: answers.pop(0))
    card = _card(it)
    press(it, "Copy to a folder")
    (copy,) = place.iterdir()
    assert "The copy is written" in [each.accessibleName() for each in card.findChildren(Banner)]
    press(it, "Delete")
    assert copy.exists()
    press(it, "Delete")
    assert not copy.exists()
    assert it.session.vault.copies.all() == ()


@pytest.mark.usefixtures("draft_id")
def test_a_copy_that_cannot_be_seen_is_taken_off_the_list_on_a_wish(
    it: Opened, tmp_path: Path
) -> None:
    place = tmp_path / "stick"
    place.mkdir()
    card = _card(it)
    card.copy_to(place)
    it.settle()
    shutil.rmtree(place)
    card.copy_to(place)
    it.settle()
    told = [each.accessibleName() for each in card.findChildren(Banner) if each.isVisible()]
    assert told == ["The folder for copies is not there."]
    card.read()
    it.settle()
    press(it, "Take off the list")
    assert it.session.vault.copies.all() == ()


@pytest.mark.usefixtures("draft_id")
def test_a_lost_vault_is_put_back_from_the_door(it: Opened, home: Home) -> None:
    it.window.lock()
    it.settle()
    (home.vault_folder("first") / "vault.db").unlink()
    press(it, "Put a backup back")
    page = it.window.page("restore")
    assert isinstance(page, RestorePage)
    press(it, "Put it back")
    assert "Type the passphrase" in page.error()
    (edit,) = page.findChildren(PassphraseEdit)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(restore, "ask", lambda *_args: True)
        for words in ("not the right words", PASSPHRASE):
            edit.clear()
            type_in(edit, words)
            press(it, "Put it back")
            assert ("not the right one" in page.error()) == (words != PASSPHRASE)
    assert it.window.shown == "door"
    it.unlock()
    assert titles(it) == [LADDER]


def test_on_a_new_computer_a_copy_becomes_the_vault(
    qapp: QApplication, qtbot: QtBot, home: Home, tmp_path: Path
) -> None:
    with opened(qapp, qtbot, home) as it:
        it.unlock()
        write_draft(it.session, local_title=LADDER)
        copy = it.session.vault.copy_to(tmp_path)
    with opened(qapp, qtbot, Home(tmp_path / "elsewhere")) as it:
        press(it, "I have a backup")
        page = it.window.page("restore")
        assert isinstance(page, RestorePage)
        page.take_file(copy)
        (edit,) = page.findChildren(PassphraseEdit)
        type_in(edit, PASSPHRASE)
        press(it, "Put it back")
        assert page.error() == ""
        it.unlock()
        assert titles(it) == [LADDER]


def test_an_older_vault_is_told_of_until_it_was_read(it: Opened, home: Home) -> None:
    path = home.vault_folder("first") / "vault.db"
    it.window.lock()
    old = path.read_bytes()
    it.unlock()
    write_draft(it.session)
    it.window.lock()
    path.write_bytes(old)
    it.unlock()
    assert "This vault is older than it was" in banners(it, "reports")
    it.window.lock()
    it.unlock()
    press(it, "I have read this")
    assert banners(it, "reports") == []
    it.window.lock()
    it.unlock()
    assert banners(it, "reports") == []


def test_a_backup_that_failed_is_told_when_the_vault_is_open_again(
    it: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: Backups, _file: StoreFile, _key: bytes) -> None:
        raise SurroundingsError("The disk is full.")

    write_draft(it.session)
    with monkeypatch.context() as patched:
        patched.setattr(Backups, "make", fail)
        it.window.lock()
    assert it.window.shown == "door"
    it.unlock()
    assert banners(it, "reports") == ["The backup was not made"]
    write_draft(it.session)
    it.window.lock()
    it.unlock()
    assert banners(it, "reports") == []


def test_the_check_tells_of_a_damaged_backup(it: Opened, draft_id: DraftId) -> None:
    it.window.lock()
    it.unlock()
    it.session.vault.backups()[0].path.write_bytes(b"x" * 9000)
    it.window.show_place("settings")
    press(it, "Check the vault")
    assert "The vault is whole, and 1 backup is damaged" in banners(it, "settings")


def test_a_daily_copy_is_made_behind_the_door_and_locking_waits_for_none(
    it: Opened, tmp_path: Path
) -> None:
    place = tmp_path / "stick"
    place.mkdir()
    it.session.vault.copies.choose(place)
    write_draft(it.session)
    it.window.lock()
    it.settle()
    assert list(place.iterdir()) == []
    (edit,) = it.window.page("door").findChildren(PassphraseEdit)
    type_in(edit, PASSPHRASE)
    press(it, "Open")
    assert it.window.shown == "reports"
    assert len(list(place.iterdir())) == 1
    shutil.rmtree(place)
    it.session.copy_if_due()
    assert it.session.backup_trouble is None
