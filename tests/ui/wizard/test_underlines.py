"""What identifies somebody is underlined while one writes, and nothing else is touched."""

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent, QTextCharFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from app.domain.form import FieldId
from app.settings import Settings, write_settings
from app.use_cases.write_report import DraftId
from tests.ui.pages.officer import use_rules
from ui.session import Session
from ui.widgets.text import PlainTextEdit
from ui.wizard.page import WizardPage
from ui.wizard.underlines import Underlines

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


def underlines(page: WizardPage) -> Underlines:
    assert page.editor.underlines is not None
    return page.editor.underlines


def underlined(edit: PlainTextEdit) -> dict[str, Style]:
    return {
        each.cursor.selectedText(): each.format.underlineStyle() for each in edit.extraSelections()
    }


def remark(page: WizardPage) -> str:
    form = page.editor.form
    question = form.view(form.current).question(STORY)
    assert question is not None
    assert question._size is not None
    return question._size.remark.whole()


def test_a_solid_line_for_what_is_replaced_and_a_dotted_one_for_what_is_open(
    edit: PlainTextEdit, qtbot: QtBot
) -> None:
    QTest.keyClicks(edit, "On a Tuesday Ofc. Renner fell.")
    wanted = {"Renner": Style.SingleUnderline, "Tuesday": Style.DotLine}
    qtbot.waitUntil(lambda: underlined(edit) == wanted, timeout=10_000)
    colours = {each.format.underlineColor().name() for each in edit.extraSelections()}
    assert len(colours) == 2


def test_document_and_undo_are_not_touched(edit: PlainTextEdit, qtbot: QtBot) -> None:
    QTest.keyClicks(edit, "Ofc. Renner")
    steps, revision = edit.document().availableUndoSteps(), edit.document().revision()
    qtbot.waitUntil(lambda: "Renner" in underlined(edit), timeout=10_000)
    assert edit.document().availableUndoSteps() == steps
    assert edit.document().revision() == revision
    edit.undo()
    assert edit.value() == ""


def test_a_changed_word_is_no_longer_underlined_at_once(edit: PlainTextEdit, qtbot: QtBot) -> None:
    QTest.keyClicks(edit, "Ofc. Renner")
    qtbot.waitUntil(lambda: "Renner" in underlined(edit), timeout=10_000)
    QTest.keyClicks(edit, "x")
    assert underlined(edit) == {}


def test_what_was_found_in_an_earlier_text_is_not_shown(
    page: WizardPage, edit: PlainTextEdit, qtbot: QtBot
) -> None:
    QTest.keyClicks(edit, "Ofc. Renner")
    underlines(page)._start()
    edit.setPlainText("There was rain.")
    for _ in range(20):
        qtbot.wait(10)
        assert underlined(edit) == {}


def test_places_hold_behind_signs_that_count_twice_on_the_screen(
    edit: PlainTextEdit, qtbot: QtBot
) -> None:
    edit.insertPlainText("\U0001f694\U0001f694 Ofc. Renner fell.")
    qtbot.waitUntil(lambda: underlined(edit) == {"Renner": Style.SingleUnderline}, timeout=10_000)


def test_what_the_lines_mean_is_said_below_and_the_reason_where_the_caret_is(
    page: WizardPage, edit: PlainTextEdit, qtbot: QtBot
) -> None:
    assert remark(page) == ""
    QTest.keyClicks(edit, "Ofc. Renner fell.")
    qtbot.waitUntil(lambda: remark(page).startswith("Underlined: replaced"), timeout=10_000)
    cursor = edit.textCursor()
    cursor.setPosition(7)
    edit.setTextCursor(cursor)
    assert remark(page) == "Name: after the word 'ofc'. It is replaced."


def test_the_reason_is_told_where_the_mouse_rests(edit: PlainTextEdit, qtbot: QtBot) -> None:
    QTest.keyClicks(edit, "Ofc. Renner fell.")
    qtbot.waitUntil(lambda: "Renner" in underlined(edit), timeout=10_000)
    cursor = edit.textCursor()
    cursor.setPosition(7)
    point = edit.cursorRect(cursor).center()
    at = edit.viewport().mapToGlobal(point)
    QApplication.sendEvent(edit.viewport(), QHelpEvent(QEvent.Type.ToolTip, point, at))
    assert "after the word" in QToolTip.text()
    below = QPoint(edit.viewport().width() - 4, edit.viewport().height() - 4)
    event = QHelpEvent(QEvent.Type.ToolTip, below, edit.viewport().mapToGlobal(below))
    QApplication.sendEvent(edit.viewport(), event)
    qtbot.waitUntil(lambda: not QToolTip.isVisible(), timeout=5_000)


def test_nothing_remains_once_the_vault_is_locked(
    page: WizardPage, session: Session, edit: PlainTextEdit, qtbot: QtBot
) -> None:
    QTest.keyClicks(edit, "Ofc. Renner")
    qtbot.waitUntil(lambda: "Renner" in underlined(edit), timeout=10_000)
    kept = underlines(page)
    page.flush()
    session.lock()
    session.locked.emit()
    assert kept._look is None
    assert kept._watched == {}
    assert not kept._timer.isActive()


def test_names_of_other_texts_and_of_the_private_notes_are_underlined_too(
    page: WizardPage, session: Session, sample_draft: DraftId, qtbot: QtBot
) -> None:
    use_rules(session)
    page.open(sample_draft)
    page.editor.show_answer_of(FieldId("lessons"))
    lessons = page.editor.form.long_text(FieldId("lessons"))
    assert lessons is not None
    qtbot.waitUntil(lambda: "Whitlock" in underlined(lessons), timeout=10_000)


def test_it_can_be_switched_off(page: WizardPage, session: Session, sample_draft: DraftId) -> None:
    write_settings(session.home, Settings(underlines=False))
    page.open(sample_draft)
    assert page.editor.underlines is None


def test_a_scrubber_that_cannot_be_built_is_told_of_once(
    page: WizardPage, edit: PlainTextEdit, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[BaseException] = []
    monkeypatch.setattr("ui.wizard.underlines.show_failure", lambda _, error: told.append(error))
    underlines(page)._give_up(ValueError("x"))
    QTest.keyClicks(edit, "Ofc. Renner")
    qtbot.wait(150)
    assert len(told) == 1
    assert underlined(edit) == {}


def test_names_of_the_agencys_list_are_underlined_also_once_it_is_there_later(
    session: Session, edit: PlainTextEdit, qtbot: QtBot
) -> None:
    session.roster.keep(b"Quenby Zorblat")
    QTest.keyClicks(edit, "Then zorblat fell and vextrop ran.")
    qtbot.waitUntil(lambda: underlined(edit) == {"zorblat": Style.SingleUnderline}, timeout=10_000)
    session.roster.keep(b"Quenby Zorblat\nPell Vextrop")
    QTest.keyClicks(edit, " ")
    qtbot.waitUntil(lambda: "vextrop" in underlined(edit), timeout=10_000)
