"""Exchanges with the service by itself while the window is open: the one loop of that kind.

It looks once a minute, and `sync.schedule` says whether it is time. A look at both clocks and at
the network's address is enough to find that the computer slept or is somewhere else.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from sync.exchange import Exchanged
from sync.own_address import own_address
from sync.schedule import Moment, Timetable, read_clocks
from ui.session import Session
from ui.task import Task

_LOOK_EVERY_MS = 60_000


class SyncLoop(QObject):
    """Lives as long as the window. clocks, address: others in tests."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        clocks: Callable[[], Moment] = read_clocks,
        address: Callable[[], str] = own_address,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._clocks = clocks
        self._address = address
        self._timetable = Timetable()
        self._is_running = False
        timer = QTimer(self)
        timer.setInterval(_LOOK_EVERY_MS)
        timer.timeout.connect(self.look)
        timer.start()

    def look(self) -> None:
        """Exchange if it is time. What goes wrong is told by the status line and the outbox."""
        if self._is_running or not self._session.is_connected:
            return
        rows = self._session.outbox.submissions() if self._session.is_unlocked else ()
        synced_utc = self._session.synced_utc()
        if not self._timetable.is_due(self._clocks(), rows, synced_utc, self._address()):
            return
        self._is_running = True
        Task(self._window, self._session.sync).on_end(self._end).on_done(self._tell).on_failed(
            lambda _error: self._timetable.fail(self._clocks())
        ).start()

    def _end(self) -> None:
        self._is_running = False

    def _tell(self, found: Exchanged) -> None:
        if found.trouble:
            self._timetable.fail(self._clocks())
        else:
            self._timetable.succeed()
        self._session.outbox_changed.emit()
        self._session.drafts_changed.emit()
        self._session.archive_changed.emit()
