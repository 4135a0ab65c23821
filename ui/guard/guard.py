"""Watches over what is open: who has gone away, what was copied, who takes pictures."""

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.policy import Policy, lock_minutes, read_policy
from sync.schedule import Moment, read_clocks
from ui.guard.activity import Activity
from ui.guard.clipboard import ClipboardGuard
from ui.guard.idle import LOOK_EVERY_S, IdleWatch, Reason
from ui.guard.pictures import PictureGuard
from ui.theme.wish import ThemeWish


class Guard(QObject):
    """Lives as long as the window. left: lock now, with the Reason.

    clocks, policy: others in tests.
    """

    left = Signal(object)

    def __init__(
        self,
        window: QWidget,
        wish: ThemeWish,
        clocks: Callable[[], Moment] = read_clocks,
        policy: Callable[[], Policy] = read_policy,
    ) -> None:
        super().__init__(window)
        self._wish = wish
        self._clocks = clocks
        self._policy = policy()
        self._idle = IdleWatch(clocks())
        self.clipboard = ClipboardGuard(self)
        self._pictures = PictureGuard(self, lambda: wish.settings.hides_pictures)
        wish.kept.connect(self._pictures.ask_all)
        activity = Activity(window, lambda: wish.settings.lock_key)
        activity.active.connect(self._note)
        activity.lock_pressed.connect(lambda: self.left.emit(Reason.KEY))
        self._listen(window)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_S * 1000)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Lock if the time is up; called by the timer."""
        self._tell(self._idle.look(self._clocks(), self._limit_s()))

    def restart(self) -> None:
        """Count from now: a vault was opened."""
        self._idle = IdleWatch(self._clocks())

    def _note(self) -> None:
        self._tell(self._idle.note(self._clocks(), self._limit_s()))

    def _tell(self, reason: Reason | None) -> None:
        if reason is not None:
            self.restart()
            self.left.emit(reason)

    def _limit_s(self) -> int:
        return 60 * lock_minutes(self._wish.settings, self._policy)

    def _listen(self, window: QWidget) -> None:
        """Hear what the system says; its module is imported on that system only."""
        if sys.platform == "linux":
            from ui.guard.linux import LinuxSignals  # noqa: PLC0415

            LinuxSignals(self).left.connect(self.left)
        elif sys.platform == "win32":
            from ui.guard.windows import WindowsSignals  # noqa: PLC0415

            WindowsSignals(window).left.connect(self.left)
        elif sys.platform == "darwin":
            from ui.guard.mac import MacSignals  # noqa: PLC0415

            MacSignals(self).left.connect(self.left)
