"""Four kinds of button, by how much they ask to be pressed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy

from ui.theme.icons import icon

if TYPE_CHECKING:  # the window is painted sooner without
    from PySide6.QtGui import QKeyEvent

_TEXT_ROLES = {
    "primary": "on_primary",
    "secondary": "primary",
    "quiet": "primary",
    "danger": "on_danger",
}


class _Button(QPushButton):
    """A button of 44 px whose accessible name is its text.

    symbol: the name of an icon that stands before the text.
    """

    def __init__(self, text: str, role: str, symbol: str | None) -> None:
        super().__init__(text)
        self._role = role
        self._symbol = symbol
        self.setProperty("role", role)
        self.setAccessibleName(spoken(text))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self._tint()

    def set_text(self, text: str) -> None:
        """Another text, and with it another accessible name."""
        self.setText(text)
        self.setAccessibleName(spoken(text))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._tint()

    def keyPressEvent(self, event: "QKeyEvent") -> None:  # noqa: N802
        if not press_by_enter(self, event):
            super().keyPressEvent(event)

    def _tint(self) -> None:
        if self._symbol is not None:
            self.setIconSize(QSize(20, 20))
            self.setIcon(icon(self._symbol, _TEXT_ROLES[self._role], 20))


class PrimaryButton(_Button):
    """The one thing to do on a page."""

    def __init__(self, text: str, symbol: str | None = None) -> None:
        super().__init__(text, "primary", symbol)


class SecondaryButton(_Button):
    """Another thing that can be done here."""

    def __init__(self, text: str, symbol: str | None = None) -> None:
        super().__init__(text, "secondary", symbol)


class QuietButton(_Button):
    """Something that is seldom done, without a border."""

    def __init__(self, text: str, symbol: str | None = None) -> None:
        super().__init__(text, "quiet", symbol)


class DangerButton(_Button):
    """Something that cannot be undone."""

    def __init__(self, text: str, symbol: str | None = None) -> None:
        super().__init__(text, "danger", symbol)


def press_by_enter(button: QAbstractButton, event: "QKeyEvent") -> bool:
    """Press a button that has the focus; Qt leaves that to the space bar. True if it was Enter.

    A key that is held down since another place presses nothing.
    """
    if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
        return False
    if not event.isAutoRepeat():
        button.click()
    return True


def spoken(text: str) -> str:
    """The text of a button without the marks of its shortcut: "&Save" and "This && that"."""
    return "&".join(part.replace("&", "") for part in text.split("&&"))
