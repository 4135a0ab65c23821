"""What a person does who has no mouse: keys only, and looking at what has the focus."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QRadioButton, QWidget

from tests.ui.opened import Opened
from ui.widgets.choices import SearchableChoice, TickChoice
from ui.wizard.question import Question

_FARTHEST = 400


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Keys go to what has the focus, as the system sends them."""

    it: Opened

    def press(self, key: Qt.Key, *, ctrl: bool = False, alt: bool = False) -> None:
        """One key."""
        held = Qt.KeyboardModifier.NoModifier
        held |= Qt.KeyboardModifier.ControlModifier if ctrl else held
        held |= Qt.KeyboardModifier.AltModifier if alt else held
        QTest.keyClick(self.focused(), key, held)

    def type(self, text: str) -> None:
        """Letters."""
        QTest.keyClicks(self.focused(), text)

    def focused(self) -> QWidget:
        """What has the focus; the window if nothing has."""
        return QApplication.focusWidget() or self.it.window

    def tab_to(self, name: str) -> None:
        """Press Tab until the control with this accessible name has the focus."""
        for _ in range(_FARTHEST):
            if self.focused().accessibleName().startswith(name):
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not reach {name!r}")

    def push(self, name: str) -> None:
        """Go to a button, press it, and wait until what it does is done."""
        self.tab_to(name)
        self.press(Qt.Key.Key_Space)
        self.it.settle()

    def push_and_agree(self, name: str, yes: str) -> None:
        """The same where a question comes up; its button `yes` is pressed."""
        QTimer.singleShot(300, lambda: self._agree(yes))
        self.push(name)
        # Without a window manager nobody gives the window its focus back.
        self.it.window.activateWindow()
        self.it.settle()

    def answer(self, field: str, wanted: str) -> None:
        """Go to a question of the form and give the answer with this label, or this text."""
        self._tab_to_question(field)
        while self.focused().property("role") == "suggested":
            if self.focused().accessibleName() == f"Suggested: {wanted}":
                self.press(Qt.Key.Key_Return)
                self.it.qtbot.wait(10)
                return
            self.press(Qt.Key.Key_Tab)
        control = self.focused()
        if isinstance(control, QRadioButton):
            while self.focused().accessibleName() != wanted:
                self.press(Qt.Key.Key_Down)
            self.press(Qt.Key.Key_Space)
        elif _is_inside(control, TickChoice):
            self.press(Qt.Key.Key_Down)  # a list may wait folded below what is suggested
            self.tab_to(wanted)
            self.press(Qt.Key.Key_Space)
        else:
            self.type(wanted)
            if _is_inside(control, SearchableChoice):
                self.press(Qt.Key.Key_Return)
        self.it.qtbot.wait(10)

    def _tab_to_question(self, field: str) -> None:
        for _ in range(_FARTHEST):
            question = _is_inside(self.focused(), Question)
            if isinstance(question, Question) and question.field.id == field:
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not reach the question {field}")

    def _agree(self, yes: str) -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QDialog)
        for _ in range(_FARTHEST):
            focused = QGuiApplication.focusObject()
            if isinstance(focused, QWidget) and focused.accessibleName() == yes:
                QTest.keyClick(focused, Qt.Key.Key_Space)
                return
            QTest.keyClick(focused if isinstance(focused, QWidget) else box, Qt.Key.Key_Tab)
        box.reject()


def _is_inside(widget: QWidget, kind: type[QWidget]) -> QWidget | None:
    """The widget or the first around it that is of this kind."""
    found: QWidget | None = widget
    while found is not None and not isinstance(found, kind):
        found = found.parentWidget()
    return found
