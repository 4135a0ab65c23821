"""The way between the places: a column of icons with words, by click, Tab or Ctrl and a number."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from ui.theme.apply import current_tokens
from ui.theme.icons import icon
from ui.widgets.buttons import press_by_enter

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

_WIDTH = 104
# place, word, icon, shortcut; the first group stands on top, the second at the bottom.
_TOP = (
    ("reports", "Reports", "description", "Ctrl+1"),
    ("archive", "Archive", "menu_book", "Ctrl+2"),
    ("outbox", "Outbox", "outbox", "Ctrl+3"),
)
_BOTTOM = (
    ("settings", "Settings", "settings", "Ctrl+4"),
    ("help", "Help", "help", "Ctrl+5"),
    ("lock", "Lock", "lock", "Ctrl+L"),
)
_PLACES = (*_TOP, *_BOTTOM)


class RailButton(QToolButton):
    """An icon over a word."""

    def __init__(self, word: str, symbol: str, shortcut: str) -> None:
        super().__init__()
        self._symbol = symbol
        self.setText(word)
        self.setAccessibleName(word)
        self.setToolTip(f"{word} ({shortcut})")
        self.setProperty("role", "rail")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(QSize(24, 24))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCheckable(True)
        self._tinted = ("", "")
        self._tint()

    def set_chosen(self, is_chosen: bool) -> None:
        """Mark the place that is shown."""
        if is_chosen != self.isChecked():
            self.setChecked(is_chosen)
            self._tint()

    def nextCheckState(self) -> None:  # noqa: N802
        """A click asks for a place; whether it is shown is decided elsewhere."""

    def keyPressEvent(self, event: "QKeyEvent") -> None:  # noqa: N802
        if not press_by_enter(self, event):
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._tint()

    def _tint(self) -> None:
        look = ("primary" if self.isChecked() else "secondary", current_tokens().scheme.value)
        if look != self._tinted:
            self._tinted = look
            self.setIcon(icon(self._symbol, look[0]))


class Rail(QFrame):
    """asked: the name of the place that somebody wants to go to, or "lock"."""

    asked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.setProperty("role", "rail")
        self.setFixedWidth(_WIDTH)
        self.setAccessibleName("Places")
        self._buttons: dict[str, RailButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 16, 8, 12)
        column.setSpacing(6)
        for group in (_TOP, _BOTTOM):
            for place, word, symbol, shortcut in group:
                self._add(column, place, word, symbol, shortcut)
            if group is _TOP:
                column.addStretch(1)
        self.set_lockable(False)

    def set_keys(self) -> None:
        """From now on the shortcuts work, wherever the focus is in the window."""
        # Called after the first paint, which comes 0.7 ms sooner without these types.
        from PySide6.QtGui import QKeySequence, QShortcut  # noqa: PLC0415

        for shortcut, place in (*((each[3], each[0]) for each in _PLACES), ("F1", "help")):
            key = QShortcut(QKeySequence(shortcut), self._window)
            key.activated.connect(self._buttons[place].click)

    def choose(self, place: str) -> None:
        """Mark a place; an unknown name marks none."""
        for name, button in self._buttons.items():
            button.set_chosen(name == place)

    def set_lockable(self, is_lockable: bool) -> None:
        """Whether there is something to lock."""
        self._buttons["lock"].setEnabled(is_lockable)
        self._buttons["lock"].setVisible(is_lockable)

    def _add(self, column: QVBoxLayout, place: str, word: str, symbol: str, shortcut: str) -> None:
        button = RailButton(word, symbol, shortcut)
        button.clicked.connect(lambda: self.asked.emit(place))
        policy = button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # so that the others keep their places
        button.setSizePolicy(policy)
        self._buttons[place] = button
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
