"""Exchanges with the service by itself while the window is open: the one loop of that kind.

It looks once a minute. It sends when the drawn time of a sealed report has come, and fetches
the archive about once a day at a random time, whether or not anyone reports.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.domain.submission import Submission
from sync.exchange import Exchanged
from ui.session import Session
from ui.task import Task

_LOOK_EVERY_MS = 60_000
_SHORTEST_DAY_S, _LONGEST_DAY_S = 20 * 3600, 28 * 3600
_SHORTEST_PAUSE_S, _LONGEST_PAUSE_S = 30 * 60, 90 * 60


@dataclass(slots=True)
class Timetable:
    """When the next exchange is due. chance: random.SystemRandom() outside of tests."""

    chance: random.Random = field(default_factory=random.SystemRandom)
    not_before_utc: datetime | None = None
    day: timedelta = timedelta()

    def __post_init__(self) -> None:
        self.draw_day()

    def draw_day(self) -> None:
        """About a day, by chance: how old the archive may get before it is fetched."""
        self.day = timedelta(seconds=self.chance.uniform(_SHORTEST_DAY_S, _LONGEST_DAY_S))

    def is_due(
        self, now_utc: datetime, rows: Iterable[Submission], synced_utc: datetime | None
    ) -> bool:
        """Whether to exchange now: something may leave, or the last fetch is about a day old.

        After a failure both wait for the pause that `pause` has drawn.
        """
        if self.not_before_utc is not None and now_utc < self.not_before_utc:
            return False
        if any(not row.state.is_final and row.not_before_utc <= now_utc for row in rows):
            return True
        # A time in the future comes from a clock that was wrong.
        return synced_utc is None or not now_utc - self.day < synced_utc <= now_utc

    def pause(self, now_utc: datetime) -> None:
        """After a failure: nothing for some time that nobody can foresee."""
        wait_s = self.chance.uniform(_SHORTEST_PAUSE_S, _LONGEST_PAUSE_S)
        self.not_before_utc = now_utc + timedelta(seconds=wait_s)


class SyncLoop(QObject):
    """Lives as long as the window."""

    def __init__(self, window: QWidget, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
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
        if not self._timetable.is_due(datetime.now(UTC), rows, self._session.synced_utc()):
            return
        self._is_running = True
        Task(self._window, self._session.sync).on_end(self._end).on_done(self._tell).on_failed(
            lambda _error: self._timetable.pause(datetime.now(UTC))
        ).start()

    def _end(self) -> None:
        self._is_running = False

    def _tell(self, found: Exchanged) -> None:
        if found.trouble:
            self._timetable.pause(datetime.now(UTC))
        else:
            self._timetable.draw_day()
        self._session.outbox_changed.emit()
        self._session.drafts_changed.emit()
        self._session.archive_changed.emit()
