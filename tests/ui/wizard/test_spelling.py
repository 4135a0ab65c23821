"""A wavy line below typing errors, suggestions in the menu, words learned into the vault."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QTextCharFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.form import FieldId
from app.settings import Settings, write_settings
from app.use_cases.write_report import DraftId
from tests.ui.pages.officer import use_rules
from ui.session import Session
from ui.widgets.text import PlainTextEdit
from ui.wizard.page import WizardPage
from ui.wizard.spelling import SpellingMarks

STORY = FieldId("what_happened")
Style = QTextCharFormat.UnderlineStyle


@pytest.fixture
def edit(page: WizardPage, session: Session, gate_draft: DraftId) -> PlainTextEdit:
    """The empty story on the screen."""
    use_rules(session)
    page.open(gate_draft)
    found = page.editor.form.long_text(STORY)
    assert found is not None
    found.setFocus()
    return found


def spelling(page: WizardPage) -> SpellingMarks:
    assert page.editor.spelling is not None
    return page.editor.spelling


def underlined(edit: PlainTextEdit) -> dict[str, Style]:
    return {
        each.cursor.selectedText(): each.format.underlineStyle() for each in edit.extraSelections()
    }


def open_menu(page: WizardPage, edit: PlainTextEdit, position: int) -> dict[str, QAction]:
    """The menu that the menu key opens at a place in the text."""
    cursor = edit.textCursor()
    cursor.setPosition(position)
    edit.setTextCursor(cursor)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QApplication.sendEvent(edit, event)
    menu = spelling(page).menu
    assert menu is not None
    found = {action.text(): action for action in menu.actions()}
    menu.close()
    return found


def test_a_wavy_line_for_spelling_and_other_lines_for_what_identifies(
    edit: PlainTextEdit, qtbot: QtBot
) -> None:
    QTest.keyClicks(edit, "Ofc. Renner recieved it.")
    wanted = {"Renner": Style.SingleUnderline, "recieved": Style.WaveUnderline}
    qtbot.waitUntil(lambda: underlined(edit) == wanted, timeout=10_000)


def test_what_identifies_is_no_spelling_error(edit: PlainTextEdit, qtbot: QtBot) -> None:
    QTest.keyClicks(edit, "ofc. zorblatt recieved it.")
    wanted = {"zorblatt": Style.SingleUnderline, "recieved": Style.WaveUnderline}
    qtbot.waitUntil(lambda: underlined(edit) == wanted, timeout=10_000)


def test_the_word_that_is_being_typed_has_no_line_yet(
    page: WizardPage, edit: PlainTextEdit, qtbot: QtBot
) -> None:
    QTest.keyClicks(edit, "we recieved")
    qtbot.waitUntil(lambda: spelling(page).words(edit) == ["recieved"], timeout=10_000)
    assert underlined(edit) == {}
    QTest.keyClick(edit, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "recieved" in underlined(edit), timeout=10_000)


def test_a_suggestion_takes_the_place_of_the_word_and_can_be_undone(
    page: WizardPage, edit: PlainTextEdit, qtbot: QtBot
) -> None:
    QTest.keyClicks(edit, "we recieved it")
    qtbot.waitUntil(lambda: "recieved" in underlined(edit), timeout=10_000)
    open_menu(page, edit, 6)["received"].trigger()
    assert edit.value() == "we received it"
    assert underlined(edit) == {}
    edit.undo()
    assert edit.value() == "we recieved it"


def test_a_learned_word_has_no_line_any_more_and_can_be_forgotten(
    page: WizardPage, session: Session, edit: PlainTextEdit, qtbot: QtBot
) -> None:
    QTest.keyClicks(edit, "the zorbling fell")
    qtbot.waitUntil(lambda: "zorbling" in underlined(edit), timeout=10_000)
    open_menu(page, edit, 6)["Learn “zorbling”"].trigger()
    qtbot.waitUntil(lambda: underlined(edit) == {}, timeout=10_000)
    assert session.drafts.learned.all() == {"zorbling"}
    open_menu(page, edit, 6)["Forget “zorbling”"].trigger()
    qtbot.waitUntil(lambda: "zorbling" in underlined(edit), timeout=10_000)
    assert session.drafts.learned.all() == frozenset()


def test_the_lists_are_read_only_when_somebody_types(
    page: WizardPage, session: Session, sample_draft: DraftId, qtbot: QtBot
) -> None:
    page.open(sample_draft)
    page.editor.show_answer_of(STORY)
    qtbot.wait(700)
    assert session._speller is None


def test_it_can_be_switched_off(page: WizardPage, session: Session, sample_draft: DraftId) -> None:
    write_settings(session.home, Settings(spelling=False))
    page.open(sample_draft)
    assert page.editor.spelling is None


def test_the_title_is_underlined_too_and_stays_one_line(
    page: WizardPage, edit: PlainTextEdit, qtbot: QtBot
) -> None:
    title = page.editor.form.long_text(FieldId("title"))
    assert title is not None
    title.setFocus()
    pasted = QMimeData()
    pasted.setText("Ofc. Renner\nrecieved a knife\n")
    title.insertFromMimeData(pasted)
    QTest.keyClick(title, Qt.Key.Key_Return)
    assert title.value() == "Ofc. Renner recieved a knife"
    wanted = {"Renner": Style.SingleUnderline, "recieved": Style.WaveUnderline}
    qtbot.waitUntil(lambda: underlined(title) == wanted, timeout=10_000)


def test_what_is_pasted_with_formats_becomes_plain_text(edit: PlainTextEdit) -> None:
    pasted = QMimeData()
    pasted.setHtml("<p>He <b>ran</b> &amp; fell.</p><p style='color:red'>Then rain.</p>")
    edit.insertFromMimeData(pasted)
    assert edit.value() == "He ran & fell.\nThen rain."
    assert edit.document().toHtml().count("color") == 0
    whole = QMimeData()
    whole.setHtml("<i>word</i> " * 200_000)
    edit.insertFromMimeData(whole)
    assert edit.value() == "He ran & fell.\nThen rain."


def test_nothing_remains_once_the_vault_is_locked(
    page: WizardPage, session: Session, edit: PlainTextEdit, qtbot: QtBot
) -> None:
    QTest.keyClicks(edit, "we recieved it")
    kept = spelling(page)
    qtbot.waitUntil(lambda: "recieved" in underlined(edit), timeout=10_000)
    page.flush()
    session.lock()
    session.locked.emit()
    assert kept._watched == []
    assert not kept._timer.isActive()
