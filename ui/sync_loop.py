"""Exchanges with the service by itself while the window is open: the one loop of that kind.

It looks about once a minute, and `sync.schedule` says whether it is time. A look at both clocks and
at the network's address is enough to find that the computer slept or is somewhere else.
"""

from collections.abc import Callable
from random import SystemRandom

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.domain.submission import PendingWithdrawal, Submission
from sync.covers import is_cover_due
from sync.exchange import Exchanged, Turn
from sync.own_address import own_address
from sync.schedule import Moment, Timetable, is_day_over, read_clocks
from ui.officer_work import seal_covers
from ui.session import Session
from ui.task import Task

# By chance: who looks at the same second of each minute is known by it in a log of seconds.
_LOOK_AFTER_MS = (30_000, 90_000)


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
        self._chance = SystemRandom()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)
        self._timer.start(self._chance.randrange(*_LOOK_AFTER_MS))

    def _on_time(self) -> None:
        self._timer.start(self._chance.randrange(*_LOOK_AFTER_MS))
        self.look()

    def look(self) -> None:
        """Exchange if it is time. What goes wrong is told by the status line and the outbox."""
        if self._is_running or not self._session.is_connected:
            return
        self._prepare_covers()
        session = self._session
        rows: list[Submission | PendingWithdrawal] = []
        if session.is_unlocked:
            rows += session.outbox.waiting()
            rows += session.withdrawals.waiting()
        synced_utc = self._session.synced_utc()
        now = self._clocks()
        if not self._timetable.is_due(now, rows, synced_utc, self._address()):
            return
        is_over = is_day_over(synced_utc, now.utc, self._timetable.day_s)
        turn = Turn.FETCHING if is_over else Turn.SENDING
        self._is_running = True
        task = Task(self._window, lambda progress: session.sync(progress, turn=turn))
        task.on_end(self._end).on_done(self._tell).on_failed(
            lambda _error: self._timetable.fail(self._clocks())
        ).start()

    def _prepare_covers(self) -> None:
        """Seal what is due, at its own moment: not with an exchange, which could be seen."""
        session = self._session
        if not session.is_unlocked or not is_cover_due(session.post, self._clocks().utc):
            return
        home, name = session.home, session.vault_name
        # The exchange, which needs the same files, tells what is wrong with them.
        task = Task(self._window, lambda _progress: seal_covers(home, name))
        task.on_failed(lambda _error: None).start()

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
