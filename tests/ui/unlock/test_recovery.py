"""A recovery code: made with the vault or later, shown once, and the way back in with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.paths import Home
from app.store.keys import WrongPassphraseError
from app.use_cases import keep_safe
from tests.ui.every_page import CODE, press
from tests.ui.opened import PASSPHRASE, Opened, make_vault, opened
from ui.pages.print_code import draw_code
from ui.pages.recovery_code import RecoveryCodePage
from ui.unlock.neutral import is_telling
from ui.unlock.new_passphrase import NewPassphrase
from ui.unlock.recover import RecoverPage
from ui.unlock.strength import judge_passphrase
from ui.widgets.choice_rows import TickRow


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


def seen_lines(page: QWidget) -> list[QLineEdit]:
    return [each for each in page.findChildren(QLineEdit) if each.isVisible()]


def seen_text(page: QWidget) -> str:
    return " ".join(each.text() for each in page.findChildren(QLabel) if each.isVisible())


def has_button(page: QWidget, text: str) -> bool:
    return any(each.text() == text and each.isVisible() for each in page.findChildren(QPushButton))


def read_code_off(it: Opened) -> str:
    page = it.window.page("recovery-code")
    groups = [
        each.text()
        for each in page.findChildren(QLabel)
        if each.accessibleName().startswith("Group") and each.isVisible()
    ]
    assert len(groups) == 7
    return "-".join(groups)


def test_code_made_with_the_vault_is_shown_once_and_opens_it(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    home = Home(tmp_path / "new")
    with opened(qapp, qtbot, home) as it:
        it.window.show_place("new-vault")
        page = it.window.page("new-vault")
        page.findChildren(TickRow)[0].setChecked(True)
        name, first, second = seen_lines(page)
        name.setText("desk-7")
        first.setText("four plain words here")
        second.setText("four plain words here")
        press(it, "Make the vault")
        qtbot.waitUntil(lambda: it.window.shown == "recovery-code", timeout=30_000)
        code = read_code_off(it)
        press(it, "I have written it down")
        assert "Type the last four" in seen_text(it.window.page("recovery-code"))
        seen_lines(it.window.page("recovery-code"))[0].setText(code[-4:].lower())
        press(it, "I have written it down")
        assert it.window.shown == "reports"
        it.window.show_place("recovery-code")
        assert code not in seen_text(it.window.page("recovery-code"))
        it.window.lock()
        it.settle()
        recover(it, code, "another four plain words")
        qtbot.waitUntil(lambda: it.window.shown == "reports", timeout=30_000)
        assert it.session.vault_name == "desk-7"
        it.window.lock()
    with pytest.raises(WrongPassphraseError):
        keep_safe.open_vault(home, "desk-7", "four plain words here")
    keep_safe.open_vault(home, "desk-7", "another four plain words").close()


def recover(it: Opened, code: str, new: str) -> RecoverPage:
    it.window.show_place("recover")
    page = it.window.page("recover")
    assert isinstance(page, RecoverPage)
    line, first, second = seen_lines(page)
    line.setText(code)
    first.setText(new)
    second.setText(new)
    press(it, "Set it and open the vault")
    it.settle()
    return page


def test_vault_without_a_code_says_so_and_stays_closed(it: Opened) -> None:
    page = recover(it, CODE, "another four plain words")
    assert "no recovery code" in page.error()
    assert not it.session.is_unlocked


def test_mistyped_code_is_said_at_the_field(it: Opened) -> None:
    page = recover(it, CODE[:-1], "another four plain words")
    assert "27 of its 28" in page.error()


def test_settings_make_a_code_and_take_it_away(it: Opened, home: Home) -> None:
    it.unlock()
    it.window.show_place("settings")
    page = it.window.page("settings")
    press(it, "Make a recovery code")
    typed = [each for each in seen_lines(page) if each.accessibleName() == "Passphrase"]
    typed[0].setText("wrong")
    press(it, "Make the code")
    it.settle()
    assert not keep_safe.has_recovery_code(home, "first")
    typed[0].setText(PASSPHRASE)
    press(it, "Make the code")
    it.settle()
    assert it.window.shown == "recovery-code"
    assert keep_safe.has_recovery_code(home, "first")
    press(it, "Go on without it")
    it.window.show_place("settings")
    press(it, "Take it away")
    typed[0].setText(PASSPHRASE)
    press(it, "Take the code away")
    it.settle()
    assert not keep_safe.has_recovery_code(home, "first")
    assert not has_button(page, "Take it away")


def test_locking_takes_the_code_off_the_page(it: Opened) -> None:
    it.unlock()
    it.window.show_place("recovery-code", CODE)
    page = it.window.page("recovery-code")
    assert isinstance(page, RecoveryCodePage)
    it.settle()
    assert CODE[:4] in seen_text(page)
    it.session.locked.emit()
    assert CODE[:4] not in seen_text(page)


def test_the_code_can_be_printed_and_the_page_does_not_say_what_for(
    qapp: QApplication, tmp_path: Path
) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "page.pdf"))
    draw_code(printer, CODE)
    raw = (tmp_path / "page.pdf").read_bytes()
    assert raw.startswith(b"%PDF")
    assert b"near" not in raw.lower()
    assert b"vault" not in raw.lower()


def test_drawn_words_are_shown_and_wiped(qtbot: QtBot, it: Opened) -> None:
    widget = NewPassphrase(it.session.words)
    qtbot.addWidget(widget)
    widget.show()
    press_in(widget, "Make one from words")
    first = widget.drawn()
    press_in(widget, "Other words")
    assert len(first.split()) == 5
    assert widget.drawn() != first
    assert judge_passphrase(first).level == 3
    widget.clear()
    assert widget.drawn() == ""


def press_in(widget: QWidget, text: str) -> None:
    next(each for each in widget.findChildren(QPushButton) if each.text() == text).click()


def test_strength_is_told_while_it_is_typed(qtbot: QtBot, it: Opened) -> None:
    widget = NewPassphrase(it.session.words, known=lambda: ("harborlight",))
    qtbot.addWidget(widget)
    widget.show()
    line = seen_lines(widget)[0]
    line.setText("Officer2024!")
    qtbot.waitUntil(lambda: widget.hint().startswith("Weak"), timeout=5_000)
    line.setText("seven lamps under water at night")
    qtbot.waitUntil(lambda: widget.hint() == "Strong.", timeout=5_000)
    line.setText("harborlight")
    qtbot.waitUntil(lambda: widget.hint().startswith("Weak"), timeout=5_000)


@pytest.mark.parametrize(
    ("name", "login", "tells"),
    [
        ("first", "ann.miller", False),
        ("desk-2", "amiller7", False),
        ("Miller", "ann.miller", True),
        ("ann-drafts", "ann.miller", True),
        ("amiller7", "amiller7", True),
        ("al", "al", False),
        ("first", "", False),
    ],
)
def test_name_that_tells_whose_the_vault_is_is_noticed(name: str, login: str, tells: bool) -> None:
    assert is_telling(name, login) is tells


def test_new_vault_is_not_called_like_the_account(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "ann.miller")
    with opened(qapp, qtbot, Home(tmp_path / "new")) as it:
        it.window.show_place("new-vault")
        page = it.window.page("new-vault")
        seen_lines(page)[0].setText("ann-2")
        press(it, "Make the vault")
        assert "says whose it is" in seen_text(page)
        assert it.session.home.vault_names() == ()
