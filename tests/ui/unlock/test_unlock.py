"""The door, the first start, and a passphrase that is changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.paths import Home
from app.use_cases import keep_safe
from tests.ui.opened import PASSPHRASE, Opened, make_vault, opened
from ui.main import Program
from ui.unlock.change import ChangePassphrase
from ui.unlock.connect import ConnectForm
from ui.unlock.new_vault import NewVaultPage
from ui.unlock.page import UnlockPage
from ui.unlock.strength import judge_passphrase
from ui.unlock.welcome import WelcomePage
from ui.widgets.heading import PlainLabel


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with one vault."""
    home = Home(tmp_path / "home")
    make_vault(home)
    return home


@pytest.fixture
def it(qapp: QApplication, qtbot: QtBot, home: Home) -> Iterator[Opened]:
    """Its window."""
    with opened(qapp, qtbot, home) as it:
        yield it


def lines(page: QWidget) -> list[QLineEdit]:
    """The fields of a page from top to bottom."""
    return page.findChildren(QLineEdit)


def enter(page: QWidget, *texts: str) -> None:
    """Type into the last fields of a page, and press Enter in the last."""
    for line, text in zip(lines(page)[-len(texts) :], texts, strict=True):
        line.clear()
        QTest.keyClicks(line, text)
    QTest.keyClick(lines(page)[-1], Qt.Key.Key_Return)


def door(it: Opened) -> UnlockPage:
    """The page that asks for the passphrase."""
    page = it.window.page("door")
    assert isinstance(page, UnlockPage)
    return page


def test_enter_unlocks_and_shows_the_reports(it: Opened) -> None:
    assert lines(door(it))[0].hasFocus()
    enter(door(it), PASSPHRASE)
    it.settle()
    assert it.window.shown == "reports"
    assert it.session.vault_name == "first"


def test_wrong_passphrase_is_said_at_the_field_and_can_be_typed_over(it: Opened) -> None:
    enter(door(it), "wrong")
    it.settle()
    assert "not the right one" in door(it).error()
    assert lines(door(it))[0].selectedText() == "wrong"
    enter(door(it), PASSPHRASE)
    it.settle()
    assert it.session.is_unlocked


def test_nothing_typed_is_said_at_the_field(it: Opened) -> None:
    enter(door(it), "")
    assert door(it).error() == "Type the passphrase of this vault."
    assert door(it).entry is None


def test_vault_in_use_elsewhere_is_said_at_the_field(it: Opened, home: Home) -> None:
    with keep_safe.open_vault(home, "first", PASSPHRASE):
        enter(door(it), PASSPHRASE)
        it.settle()
    assert "open in another window" in door(it).error()
    assert not it.session.is_unlocked


def test_passphrase_entered_before_the_program_is_ready_is_kept(
    qapp: QApplication, qtbot: QtBot, home: Home
) -> None:
    program = Program(qapp, home)
    try:
        page = program.window.page("door")
        enter(page, PASSPHRASE)
        program.window.show()
        qtbot.waitUntil(lambda: program.window.shown == "reports", timeout=30_000)
    finally:
        program.window.close()
        program.window.deleteLater()
        program.deleteLater()


def test_eye_shows_and_hides_the_letters(it: Opened) -> None:
    line, eye = lines(door(it))[0], door(it).findChild(QToolButton)
    assert eye is not None
    assert (line.echoMode(), eye.accessibleName()) == (
        QLineEdit.EchoMode.Password,
        "Show the passphrase",
    )
    QTest.keyClick(eye, Qt.Key.Key_Space)
    assert (line.echoMode(), eye.accessibleName()) == (
        QLineEdit.EchoMode.Normal,
        "Hide the passphrase",
    )


def test_one_of_several_vaults_is_chosen_by_arrow_key(
    qapp: QApplication, qtbot: QtBot, home: Home
) -> None:
    make_vault(home, "second")
    with opened(qapp, qtbot, home) as it:
        page = door(it)
        assert page._vaults is not None
        QTest.keyClick(page._vaults, Qt.Key.Key_Down)
        enter(page, PASSPHRASE)
        it.settle()
        assert it.session.vault_name == "second"


def test_first_start_welcomes_then_connects_then_makes_a_vault(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    with opened(qapp, qtbot, Home(tmp_path / "new")) as it:
        welcome = it.window.page("door")
        assert isinstance(welcome, WelcomePage)
        welcome.navigate.emit("first-connect", None)
        assert it.window.shown == "first-connect"
        it.window.page("first-connect").navigate.emit("new-vault", None)  # type: ignore[attr-defined]
        page = it.window.page("new-vault")
        assert isinstance(page, NewVaultPage)
        enter(page, "desk-7", "four plain words here", "four plain words here")
        qtbot.waitUntil(lambda: it.window.shown == "reports", timeout=30_000)
        assert it.session.home.vault_names() == ("desk-7",)
        it.settle()


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (("desk-2", "short", "short"), "Too short"),
        (("desk-2", "four plain words here", "other"), "not the same"),
        (("a name!", "four plain words here", "four plain words here"), "cannot be the name"),
    ],
)
def test_new_vault_says_at_the_field_what_is_amiss(
    it: Opened, typed: tuple[str, str, str], text: str
) -> None:
    it.window.show_place("new-vault")
    page = it.window.page("new-vault")
    enter(page, *typed)
    shown = " ".join(label.text() for label in page.findChildren(PlainLabel))
    assert text in shown
    assert it.session.home.vault_names() == ("first",)


def test_name_that_is_taken_is_refused(it: Opened) -> None:
    it.window.show_place("new-vault")
    page = it.window.page("new-vault")
    assert lines(page)[0].text() == "desk-2"
    enter(page, "first", "four plain words here", "four plain words here")
    it.settle()
    assert "already" in " ".join(label.text() for label in page.findChildren(PlainLabel))


def test_changed_passphrase_opens_and_the_old_one_does_not(it: Opened, qtbot: QtBot) -> None:
    it.unlock()
    form = ChangePassphrase(it.session)
    qtbot.addWidget(form)
    enter(form, "not it", "quiet boats at noon", "quiet boats at noon")
    it.settle()
    assert "not the right one" in form.error()
    with qtbot.waitSignal(form.finished, timeout=20_000) as told:
        enter(form, PASSPHRASE, "quiet boats at noon", "quiet boats at noon")
    assert told.args == [True]
    it.window.lock()
    enter(door(it), PASSPHRASE)
    it.settle()
    assert not it.session.is_unlocked
    enter(door(it), "quiet boats at noon")
    it.settle()
    assert it.session.is_unlocked


@pytest.mark.parametrize("content", [None, b"", b"{}", b"x" * 1_000_001])
def test_file_that_is_no_connection_is_said_at_the_field(
    it: Opened, qtbot: QtBot, tmp_path: Path, content: bytes | None
) -> None:
    form = ConnectForm(it.session)
    qtbot.addWidget(form)
    path = tmp_path / "connection.json"
    if content is not None:
        path.write_bytes(content)
    enter(form, str(path))
    assert form.error()
    assert it.session.connection() is None


@pytest.mark.parametrize(
    ("passphrase", "word", "is_allowed"),
    [
        ("", "At least 8", False),
        ("seven77", "Too short", False),
        ("aaaaaaaaaaaaaaaaaaaa", "Weak", True),
        ("12345678", "Weak", True),
        ("Password", "Weak", True),
        ("seven lamps under water at night", "Strong", True),
        ("k7#Vq9!mZt2&Lw", "Strong", True),
    ],
)
def test_strength_is_told_in_words(passphrase: str, word: str, is_allowed: bool) -> None:
    strength = judge_passphrase(passphrase)
    assert strength.words.startswith(word)
    assert strength.is_allowed is is_allowed
