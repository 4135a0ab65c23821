"""The frame: places at the left, one page, and a line that says how things stand."""

from collections.abc import Callable
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
    from ui.locking import Locking
    from ui.places import Places

NEEDS_VAULT = frozenset(
    {"reports", "wizard", "check", "receipt", "outbox", "messages", "discarded", "draft-file"}
    | {"recovery-code", "destroy", "leaves"}
)
_WITH_REPORTS = frozenset(
    {
        "wizard",
        "check",
        "receipt",
        "messages",
        "recover",
        "destroy",
        "mail",
        "first-connect",
        "new-vault",
        "discarded",
        "draft-file",
        "restore",
    }
)
_WITH_SETTINGS = frozenset({"recovery-code", "erase", "move"})
_ON_RAIL = {"leaves": "outbox"}
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
        self._locking: Locking | None = None
        self._untold: object = None  # what became of reports, to be told on their page
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
        pages.session.locked.connect(self._forget_vault)
        pages.tell(self.status_line)
        from ui.locking import Locking  # noqa: PLC0415  (the window is painted without it)

        self._locking = Locking(self, pages)
        self._rail.set_keys()
        door = self._places.get(_DOOR)
        if door is not None and isinstance(door.widget, UnlockPage):
            pages.serve(door.widget)
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.show_place(*wanted)

    def come_in(self, name: str, argument: object = None) -> None:
        """What the door leads to: where somebody was when the vault was locked, else `name`."""
        pages = self._pages
        left = pages.left.take(pages.session) if pages is not None and name == "reports" else None
        if left is None:
            self.show_place(name, argument)
            return
        if left.name != "reports":
            self._untold = argument
        self._show(left.name, left.name, lambda place: place.resume(left.memory))

    def show_place(self, name: str, argument: object = None) -> None:
        """Leave the page that is shown and open another; the door, if that needs a vault."""
        is_open = self._pages is not None and self._pages.session.is_unlocked
        wanted = name
        if name in NEEDS_VAULT and not is_open:
            name, argument = _DOOR, None
        elif name not in self._places and self._pages is None:
            self._wanted = (name, argument)
            return
        if name == "reports" and argument is None:
            argument, self._untold = self._untold, None
        self._wanted = None
        self._flush()
        if name == _DOOR:
            self._forget_place(_DOOR)
        self._show(name, wanted, lambda place: place.open(argument))

    def _show(self, name: str, wanted: str, begin: Callable[[Place], None]) -> None:
        place = self._place(name)
        self._shown = name
        on_rail = "settings" if wanted in _WITH_SETTINGS else _ON_RAIL.get(wanted, wanted)
        self._rail.choose("reports" if wanted in _WITH_REPORTS else on_rail)
        self._stack.setCurrentWidget(place.widget)
        begin(place)
        if not place.widget.isAncestorOf(self.focusWidget()):
            # The page itself: Tab then reaches its first control, and a reader says its name.
            place.widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def lock(self) -> None:
        """Clear the window, keep what is unsaved, close the vault, leave nothing of it here."""
        if self._locking is not None:
            self._locking.lock()

    def place(self, name: str) -> Place | None:
        """A place that was shown before, or None."""
        return self._places.get(name)

    def forget_all(self) -> None:
        """Take every page away, and what stands on it."""
        self._shown = ""
        for name in list(self._places):
            self._forget_place(name)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        if self._locking is not None and not self._locking.may_close():
            event.ignore()
            return
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
            place = self._make_door() if name == _DOOR else self._make(name)
            self._places[name] = place
            self._stack.addWidget(place.widget)
            place.navigate.connect(self.come_in if name == _DOOR else self.show_place)
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

    def _make(self, name: str) -> Place:
        if self._pages is None:
            raise RuntimeError("there is no session yet")
        return self._pages.make(name)

    def _forget_vault(self) -> None:
        """Also where a page has closed the vault: what others show of it goes."""
        for name in NEEDS_VAULT & self._places.keys():
            if name != self._shown:
                self._forget_place(name)

    def _forget_place(self, name: str) -> None:
        if name in self._places:
            widget = self._places.pop(name).widget
            self._stack.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
