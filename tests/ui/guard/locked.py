"""A person at a window that locks: opens it by its door, writes, and finds what is left."""

import gc
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.domain.form import FieldId
from tests.ui.opened import PASSPHRASE, Opened
from ui.widgets.text import PlainTextEdit
from ui.wizard.page import WizardPage

STORY = FieldId("what_happened")


class Seen(QObject):
    """Notes when the window is painted over, and when something is saved, in their order."""

    def __init__(self, window: QWidget) -> None:
        super().__init__()
        self.said: list[str] = []
        self._window = window

    def noting(self, what: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same, noted when it is called."""

        def call(*arguments: object) -> Any:
            self.said.append(what)
            return work(*arguments)

        return call

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint and type(watched).__name__ == "Cover":
            self.said.append("covered")
        return False


def enter(it: Opened, passphrase: str = PASSPHRASE) -> None:
    """Type a passphrase at the door."""
    focused = it.window.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, passphrase)
    QTest.keyClick(focused, Qt.Key.Key_Return)
    it.settle()


def press_lock_key(window: QWidget) -> None:
    """As the keyboard does: through the window that the system knows."""
    handle = window.windowHandle()
    assert handle is not None
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(handle, Qt.Key.Key_L, both)


def wizard(it: Opened) -> WizardPage:
    """The wizard on the screen."""
    page = it.window.page("wizard")
    assert isinstance(page, WizardPage)
    return page


def editor(it: Opened, field: FieldId = STORY) -> PlainTextEdit:
    """The story on the screen."""
    found = wizard(it).editor.form.long_text(field)
    assert found is not None
    return found


def press(window: QWidget, text: str) -> None:
    """Press a button that can be seen."""
    for button in window.findChildren(QPushButton):
        if button.text() == text and button.isVisible():
            button.click()
            return
    raise AssertionError(f"there is no button {text!r}")


def shown_texts() -> str:
    """Every text that any widget of the program holds, shown or not."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    texts = []
    for each in QApplication.allWidgets():
        for name in ("text", "toPlainText", "title", "placeholderText", "toolTip", "windowTitle"):
            read = getattr(each, name, None)
            if callable(read):
                texts.append(str(read()))
        texts += [each.accessibleName(), each.accessibleDescription()]
    return "\n".join(texts)


def held_strings(needle: str) -> int:
    """How often an object that Python keeps track of refers to a text with this in it."""
    gc.collect()
    return sum(
        type(part) is str and needle in part
        for each in gc.get_objects()
        for part in gc.get_referents(each)
    )
