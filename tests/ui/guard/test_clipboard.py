"""What is copied from fields that take content: plain, marked, and gone after a while."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.guard.clipboard import ClipboardGuard
from ui.pages.check_text import MarkedTextView
from ui.widgets.content import ContentLine, content_marks, holds_content, plain_content
from ui.widgets.text import PlainTextEdit

STORY = "xylotomous quagga"


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[QWidget]:
    """A window with the three kinds of fields."""
    made = QWidget()
    column = QVBoxLayout(made)
    text, line, view = PlainTextEdit(100), ContentLine(), MarkedTextView("Text")
    for each in (text, line, view):
        column.addWidget(each)
    text.set_value(STORY)
    line.setText(STORY)
    view.setPlainText(STORY)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    yield made
    QGuiApplication.clipboard().clear()


def copied() -> QMimeData:
    """What the clipboard holds."""
    return QGuiApplication.clipboard().mimeData()


@pytest.mark.parametrize("kind", [PlainTextEdit, ContentLine, MarkedTextView])
@pytest.mark.parametrize("key", [Qt.Key.Key_C, Qt.Key.Key_X])
def test_copies_are_plain_marked_and_cleared(
    qtbot: QtBot, page: QWidget, kind: type[QWidget], key: Qt.Key
) -> None:
    ClipboardGuard(page, clear_after_ms=150)
    field = page.findChildren(kind)[0]
    assert isinstance(field, PlainTextEdit | ContentLine | MarkedTextView)
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, key, Qt.KeyboardModifier.ControlModifier)
    if kind is MarkedTextView and key is Qt.Key.Key_X:
        return  # it cannot be changed
    assert copied().text() == STORY
    assert holds_content(copied())
    assert not copied().hasHtml()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "", timeout=3000)


def test_cutting_takes_the_text_away_and_undo_brings_it_back(page: QWidget) -> None:
    line = page.findChildren(ContentLine)[0]
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert line.text() == ""
    line.undo()
    assert line.text() == STORY


def test_a_hidden_text_is_not_copied(page: QWidget) -> None:
    line = page.findChildren(ContentLine)[0]
    line.setEchoMode(QLineEdit.EchoMode.Password)
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == ""


def test_what_a_menu_has_copied_from_a_line_is_marked_a_moment_later(page: QWidget) -> None:
    ClipboardGuard(page)
    line = page.findChildren(ContentLine)[0]
    line.setFocus()
    line.selectAll()
    line.copy()  # as the line's own menu does
    assert copied().text() == STORY
    assert holds_content(copied())


def test_locking_clears_at_once(page: QWidget) -> None:
    guard = ClipboardGuard(page)
    QGuiApplication.clipboard().setMimeData(plain_content(STORY))
    guard.clear()
    assert QGuiApplication.clipboard().text() == ""


def test_what_was_copied_meanwhile_elsewhere_stays(qtbot: QtBot, page: QWidget) -> None:
    guard = ClipboardGuard(page, clear_after_ms=100)
    QGuiApplication.clipboard().setMimeData(plain_content(STORY))
    page.setFocus()
    QGuiApplication.clipboard().setText("someone else's")
    guard.clear()
    qtbot.wait(200)
    assert QGuiApplication.clipboard().text() == "someone else's"


def test_what_a_tool_has_taken_over_is_known_by_its_text(page: QWidget) -> None:
    guard = ClipboardGuard(page)
    QGuiApplication.clipboard().setMimeData(plain_content(STORY))
    page.setFocus()
    QGuiApplication.clipboard().setText(STORY, QClipboard.Mode.Clipboard)
    guard.clear()
    assert QGuiApplication.clipboard().text() == ""


def test_each_system_is_told_in_its_own_words() -> None:
    windows = content_marks("win32")
    assert [name.split('"')[1] for name in windows] == [
        "ExcludeClipboardContentFromMonitorProcessing",
        "CanIncludeInClipboardHistory",
        "CanUploadToCloudClipboard",
    ]
    assert set(windows.values()) == {b"\0\0\0\0"}
    assert content_marks("linux") == {"x-kde-passwordManagerHint": b"secret"}
    assert list(content_marks("darwin")) == ["application/x-nspasteboard-concealed-type"]
