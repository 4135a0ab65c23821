"""Keeps what is written: choices at once, typed text within a second or so.

Saving runs on the GUI thread. One answer takes about 1 ms, a story of 20,000 characters about
6 ms, which is less than a frame; a thread of its own would only add ways to save in the wrong
order.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.errors import UserError

_TYPED_MS = 1000  # on top of the 300 ms after which a text field tells of a change
_RETRY_MS = 5000


class Autosave(QObject):
    """Calls `work` when something has to be kept, and again after a while if it failed.

    saved: everything is in the vault. failed: with the UserError; nothing is lost from the
    screen, and it is tried again.
    """

    saved = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject, work: Callable[[], None]) -> None:
        super().__init__(parent)
        self._work = work
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.flush)

    def note_typed(self) -> None:
        """Something is being typed. Not put off again: who never pauses is kept safe too."""
        if not self._timer.isActive():
            self._timer.start(_TYPED_MS)

    def flush(self) -> bool:
        """Keep everything at once; False if that failed."""
        self._timer.stop()
        try:
            self._work()
        except UserError as error:
            self._timer.start(_RETRY_MS)
            self.failed.emit(error)
            return False
        self.saved.emit()
        return True

    def stop(self) -> None:
        """Forget what is waiting: the report is gone, or the vault is locked."""
        self._timer.stop()
