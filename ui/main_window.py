"""The frame: places at the left, one page, and a line that says how things stand."""

from typing import TYPE_CHECKING

import ui.theme.plain_import  # noqa: F401  (first)

# isort: split
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.paths import Home
from app.settings import SMALLEST
from ui.place import Place, make_place
from ui.rail import Rail
from ui.status_line import StatusLine
from ui.unlock.page import UnlockPage

if TYPE_CHECKING:  # the window is painted before the session is imported
    from ui.places import Places

NEEDS_VAULT = frozenset({"reports", "wizard", "check", "receipt", "outbox", "messages"})
_WITH_REPORTS = frozenset(
    {"wizard", "check", "receipt", "messages", "mail", "first-connect", "new-vault"}
)
_DOOR = "door"
_FRAME = (8, 40)  # about what the system puts around a window


class MainWindow(QWidget):
    """One window for one session.

    painted: once, when it can be seen for the first time. closed: at the end.
    Pages are made by what `join` is given; until then only the door is there, and what is asked
    for waits.
    """

    painted = Signal()
    closed = Signal()

    def __init__(self, home: Home) -> None:
        super().__init__()
        self._home = home
        self._pages: Places | None = None
        self._places: dict[str, Place] = {}
        self._shown = ""
        self._wanted: tuple[str, object] | None = None
        self._is_painted = False
        self.setMinimumSize(QSize(*SMALLEST).boundedTo(self._room()))
        self._rail = Rail(self)
        self._rail.asked.connect(self._on_asked)
        self._stack = QStackedWidget()
        self.status_line = StatusLine(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._rail)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(self.status_line)
        row.addLayout(column, 1)
        self.show_place("reports", None)

    @property
    def shown(self) -> str:
        """The name of the place that is shown; "door" while somebody has to unlock first."""
        return self._shown

    def take_size(self, width: int, height: int) -> None:
        """Have this size, or what the screen has room for."""
        self.resize(QSize(width, height).boundedTo(self._room()))

    def page(self, name: str) -> QWidget:
        """The widget of a place that was shown before. Raises KeyError."""
        return self._places[name].widget

    def join(self, pages: "Places") -> None:
        """From now on a vault can be opened and every page be shown."""
        self._pages = pages
        pages.session.unlocked.connect(lambda: self._rail.set_lockable(True))
        pages.session.locked.connect(lambda: self._rail.set_lockable(False))
        pages.tell(self.status_line)
        self._rail.set_keys()
        door = self._places.get(_DOOR)
        if door is not None and isinstance(door.widget, UnlockPage):
            pages.serve(door.widget)
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.show_place(*wanted)

    def show_place(self, name: str, argument: object = None) -> None:
        """Leave the page that is shown and open another; the door, if that needs a vault."""
        is_open = self._pages is not None and self._pages.session.is_unlocked
        wanted = name
        if name in NEEDS_VAULT and not is_open:
            name, argument = _DOOR, None
        elif name not in self._places and self._pages is None:
            self._wanted = (name, argument)
            return
        self._wanted = None
        self._flush()
        if name == _DOOR:
            self._forget_place(_DOOR)
        place = self._place(name)
        self._shown = name
        self._rail.choose("reports" if wanted in _WITH_REPORTS else wanted)
        self._stack.setCurrentWidget(place.widget)
        place.open(argument)
        if not place.widget.isAncestorOf(self.focusWidget()):
            # The page itself: Tab then reaches its first control, and a reader says its name.
            place.widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def lock(self) -> None:
        """Keep what is unsaved, close the vault, leave nothing of it in the window."""
        pages = self._pages
        if pages is None or not pages.session.is_unlocked:
            return
        self._flush()
        self._shown = ""
        self._stack.hide()
        self.repaint()  # whoever comes in sees nothing more, even if closing takes a moment
        for name in NEEDS_VAULT & self._places.keys():
            self._forget_place(name)
        pages.close_vault()
        self._stack.show()
        self.show_place("reports", None)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        self._flush()
        super().closeEvent(event)
        if event.isAccepted():
            self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            self.painted.emit()

    def _room(self) -> QSize:
        """The largest size on this screen; scaled up by the system, it can be a small one."""
        return self.screen().availableSize() - QSize(*_FRAME)

    def _on_asked(self, name: str) -> None:
        if name == "lock":
            self.lock()
        else:
            self.show_place(name, None)

    def _flush(self) -> None:
        if self._shown in self._places:
            self._places[self._shown].flush()

    def _place(self, name: str) -> Place:
        if name not in self._places:
            place = self._make_door() if name == _DOOR else self._make_other(name)
            self._places[name] = place
            self._stack.addWidget(place.widget)
            place.navigate.connect(self.show_place)
        return self._places[name]

    def _make_door(self) -> Place:
        if not self._home.vault_names():
            # Only at the very first start.
            from ui.unlock.welcome import WelcomePage  # noqa: PLC0415

            welcome = WelcomePage()
            return make_place(welcome, welcome)
        unlock = UnlockPage(self._home)
        if self._pages is not None:
            self._pages.serve(unlock)
        return make_place(unlock, unlock)

    def _make_other(self, name: str) -> Place:
        if self._pages is None:
            raise RuntimeError("there is no session yet")
        return self._pages.make(name)

    def _forget_place(self, name: str) -> None:
        if name in self._places:
            widget = self._places.pop(name).widget
            self._stack.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
