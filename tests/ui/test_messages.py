from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.errors import InputError
from ui.defect import describe_defect, name_defect, trace_defect
from ui.messages import Message, ask, show_defect, show_error, show_failure
from ui.task import Task

SECRET = "an answer of the report"


def meanwhile(look: Callable[[Message], None]) -> None:
    """Look at the box once it is open."""

    def find() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, Message)
        try:
            look(box)
        finally:
            if box.isVisible():
                box.reject()

    QTimer.singleShot(50, find)


def words_of(box: Message) -> list[str]:
    return [label.text() for label in box.findChildren(QLabel)]


def a_defect() -> Exception:
    try:
        raise KeyError(SECRET)
    except KeyError as error:
        return error


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def test_an_expected_failure_is_shown_in_its_own_words(page: QWidget) -> None:
    seen: list[str] = []
    meanwhile(lambda box: seen.extend(words_of(box)))
    show_error(page, InputError("The disk is full.", "Nothing was lost.", "Make room."))
    assert seen == ["The disk is full.", "Nothing was lost.", "Make room."]


def test_a_long_message_is_shown_in_full(page: QWidget) -> None:
    missing: list[int] = []

    def look(box: Message) -> None:
        for label in box.findChildren(QLabel):
            missing.append(label.heightForWidth(label.width()) - label.height())

    meanwhile(look)
    show_error(page, InputError("A long title " * 8, "Some more words. " * 30, "And a hint. " * 9))
    assert len(missing) == 3
    assert max(missing) <= 0


def test_no_message_reads_markup(page: QWidget) -> None:
    formats: list[Qt.TextFormat] = []
    meanwhile(lambda box: formats.extend(label.textFormat() for label in box.findChildren(QLabel)))
    show_error(page, InputError("<b>bold</b>", "<img src=x>", "a"))
    assert set(formats) == {Qt.TextFormat.PlainText}


def test_a_defect_shows_a_code_and_copies_details_without_content(page: QWidget) -> None:
    error = a_defect()
    seen: list[str] = []

    def look(box: Message) -> None:
        seen.extend(words_of(box))
        copy = next(each for each in box.findChildren(QPushButton) if "Copy" in each.text())
        copy.click()

    meanwhile(look)
    show_defect(page, error)
    copied = QApplication.clipboard().text()
    assert name_defect(error) in " ".join(seen)
    assert "test_messages.py" in copied
    for text in (*seen, copied):
        assert SECRET not in text
        assert "/" not in text
        assert str(Path.home()) not in text


def test_whatever_fails_finds_its_box(page: QWidget) -> None:
    seen: list[str] = []
    meanwhile(lambda box: seen.extend(words_of(box)))
    show_failure(page, InputError("Expected."))
    assert seen == ["Expected."]
    meanwhile(lambda box: seen.extend(words_of(box)))
    show_failure(page, a_defect())
    assert "KeyError" in " ".join(seen)


@pytest.mark.parametrize(("label", "answer"), [("Destroy", True), ("Keep", False)])
def test_a_question_is_answered_by_its_buttons(page: QWidget, label: str, answer: bool) -> None:
    def press(box: Message) -> None:
        next(each for each in box.findChildren(QPushButton) if each.text() == label).click()

    meanwhile(press)
    assert ask(page, "Destroy the draft?", "It cannot be undone.", "Destroy", "Keep") is answer


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Space])
def test_escape_and_the_focused_button_mean_no(page: QWidget, key: Qt.Key) -> None:
    def press(box: Message) -> None:
        QTest.keyClick(QApplication.focusWidget() or box, key)

    meanwhile(press)
    assert ask(page, "Destroy?", "", "Destroy", "Keep") is False


def test_a_box_is_named_after_what_happened_and_its_window_is_neutral(page: QWidget) -> None:
    seen: list[str] = []
    meanwhile(lambda box: seen.extend((box.accessibleName(), box.windowTitle())))
    show_error(page, InputError("The vault is locked."))
    assert seen[0] == "The vault is locked."
    assert "vault" not in seen[1]


def test_a_failing_task_shows_its_error(qtbot: QtBot, page: QWidget) -> None:
    seen: list[str] = []
    shown: list[bool] = []

    def look(box: Message) -> None:
        seen.extend(words_of(box))
        shown.append(True)

    def work(progress: object) -> None:
        raise InputError("Not there.")

    task = Task(page, work)
    task.on_end(lambda: meanwhile(look)).start()
    qtbot.waitUntil(lambda: bool(shown))
    qtbot.wait(10)
    assert seen == ["Not there."]


def test_a_defect_that_was_never_raised_has_a_code_too() -> None:
    assert name_defect(ValueError("x")) == "ValueError-nowhere"
    assert "ValueError-nowhere" in describe_defect(ValueError("x"))
    assert trace_defect(ValueError("x")) == "ValueError-nowhere"
