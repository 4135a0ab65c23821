import time

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.text import PlainTextEdit


@pytest.fixture
def edit(qtbot: QtBot) -> PlainTextEdit:
    made = PlainTextEdit(20_000)
    qtbot.addWidget(made)
    made.resize(800, 400)
    made.show()
    made.setFocus()
    return made


def paste(edit: PlainTextEdit, text: str, html: str | None = None) -> None:
    content = QMimeData()
    content.setText(text)
    if html is not None:
        content.setHtml(html)
    edit.insertFromMimeData(content)


def test_tab_leaves_the_field(qtbot: QtBot) -> None:
    whole = QWidget()
    qtbot.addWidget(whole)
    column = QVBoxLayout(whole)
    edit, after = PlainTextEdit(100), QLineEdit()
    column.addWidget(edit)
    column.addWidget(after)
    whole.show()
    whole.activateWindow()
    edit.setFocus()
    qtbot.waitUntil(edit.hasFocus)
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is after
    assert edit.value() == ""
    QTest.keyClick(after, Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is edit


def test_what_is_set_is_the_value_and_is_not_announced(qtbot: QtBot, edit: PlainTextEdit) -> None:
    with qtbot.assertNotEmitted(edit.changed, wait=400):
        edit.set_value("one\ntwo")
    assert edit.value() == "one\ntwo"
    assert edit.count() == 7


def test_typing_is_announced_soon_even_without_a_pause(qtbot: QtBot, edit: PlainTextEdit) -> None:
    with qtbot.waitSignal(edit.changed, timeout=2000):
        for _ in range(10):
            QTest.keyClicks(edit, "ab")
            qtbot.wait(40)
    assert edit.value() == "ab" * 10


def test_leaving_the_field_announces_at_once(qtbot: QtBot, edit: PlainTextEdit) -> None:
    QTest.keyClicks(edit, "a")
    told: list[str] = []
    edit.changed.connect(lambda: told.append(edit.value()))
    edit.tell_now()
    edit.tell_now()
    assert told == ["a"]


def test_a_pasted_text_loses_its_format_and_hidden_characters(edit: PlainTextEdit) -> None:
    paste(edit, " a\u200bb\r\nc ", html="<b>a</b>")
    assert edit.value() == " ab\nc "


def test_text_that_reorders_itself_is_refused_with_a_sentence(
    qtbot: QtBot, edit: PlainTextEdit
) -> None:
    with qtbot.waitSignal(edit.refused) as told:
        paste(edit, "a\u202eb")
    assert told.args is not None
    assert "was not pasted" in told.args[0]
    assert edit.value() == ""


def test_a_megabyte_is_refused_at_once_and_nothing_is_lost(
    qtbot: QtBot, edit: PlainTextEdit
) -> None:
    edit.set_value("kept")
    began_s = time.perf_counter()
    with qtbot.waitSignal(edit.refused) as told:
        paste(edit, "a b " * 250_000)
    assert time.perf_counter() - began_s < 0.2
    assert told.args is not None
    assert "1,000,000 characters" in told.args[0]
    assert "19,996" in told.args[0]
    assert edit.value() == "kept"


def test_a_paste_may_replace_what_is_selected(edit: PlainTextEdit) -> None:
    edit.set_value("x" * 20_000)
    edit.selectAll()
    paste(edit, "y" * 20_000)
    assert edit.value() == "y" * 20_000


def test_typing_beyond_the_most_is_refused(qtbot: QtBot, edit: PlainTextEdit) -> None:
    edit.set_value("x" * 20_000)
    with qtbot.waitSignal(edit.refused):
        QTest.keyClicks(edit, "y")
    assert edit.count() == 20_000
    QTest.keyClick(edit, Qt.Key.Key_Delete)
    QTest.keyClicks(edit, "y")
    assert edit.value() == "y" + "x" * 19_999


@pytest.mark.parametrize("text", ["word and " * 2_200, "A line of a story.\n" * 1_050])
def test_twenty_thousand_characters_type_without_a_hitch(
    qtbot: QtBot, edit: PlainTextEdit, text: str
) -> None:
    edit.set_value(text)
    cursor = edit.textCursor()
    cursor.setPosition(len(text) // 2)
    edit.setTextCursor(cursor)
    QApplication.processEvents()
    taken_s = []
    for _ in range(40):
        began_s = time.perf_counter()
        QTest.keyClick(edit, Qt.Key.Key_A)
        edit.repaint()
        taken_s.append(time.perf_counter() - began_s)
    # The goal is 16 ms, held by the benchmark; a busy machine gets more room here.
    assert sorted(taken_s)[len(taken_s) // 2] < 0.048
