"""Keys and the pointer in any window of the program, and the one key that locks."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QWidget

_Type = QEvent.Type
_KEYS = frozenset({_Type.KeyPress, _Type.ShortcutOverride})
_ACTIVE = frozenset(
    {
        *_KEYS,
        *(_Type.MouseButtonPress, _Type.MouseMove, _Type.Wheel, _Type.InputMethod),
        *(_Type.TouchBegin, _Type.TouchUpdate, _Type.TabletPress, _Type.TabletMove),
    }
)


class Activity(QObject):
    """active: somebody is there. lock_pressed: the key that locks.

    It looks at the main window, at whichever window has the focus and at what has the focus in
    it (an input method speaks to that alone), not at the whole application: thousands of events
    a second would otherwise pass through Python. No shortcut of Qt, which a dialog would block.
    """

    active = Signal()
    lock_pressed = Signal()

    def __init__(self, window: QWidget, lock_key: Callable[[], str]) -> None:
        super().__init__(window)
        self._lock_key = lock_key
        self._pointer = QPoint()
        handle = window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._watch)
            app.focusObjectChanged.connect(self._watch)
            self._watch(QGuiApplication.focusWindow())
            self._watch(QGuiApplication.focusObject())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        kind = event.type()
        if kind not in _ACTIVE:
            return False
        if isinstance(event, QKeyEvent) and kind in _KEYS:
            if QKeySequence(event.keyCombination()) == QKeySequence(self._lock_key()):
                event.accept()
                if kind is _Type.KeyPress:
                    self.lock_pressed.emit()
                return True
        elif isinstance(event, QMouseEvent) and kind is _Type.MouseMove:
            place = event.globalPosition().toPoint()
            if place == self._pointer:
                return False  # Windows tells of a move when a window below the pointer changes
            self._pointer = place
        self.active.emit()
        return False

    def _watch(self, found: QObject | None) -> None:
        if found is not None:
            found.installEventFilter(self)  # a second time only moves it
