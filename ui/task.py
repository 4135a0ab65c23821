"""The only bridge between the window and work that takes long.

The work runs on Qt's pool of threads and sees no widget. What it returns, raises or reports is
carried to the GUI thread by the signals of an object that lives there and belongs to the
application, so that a page may be closed at any moment: its results are then dropped.
"""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar, cast

from PySide6.QtCore import QCoreApplication, QObject, QRunnable, QThreadPool, Signal, Slot
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.progress import Cancelled, Progress
from ui.messages import show_failure

T = TypeVar("T")
_REPORT_EVERY_S = 0.05


class _Carrier(QObject):
    """Lives on the GUI thread until the work has ended; its signals cross the threads."""

    progressed = Signal(object, object)
    ended = Signal(object, object)

    def __init__(
        self,
        on_progressed: Callable[[int, int], None],
        on_ended: Callable[[object, Exception | None], None],
    ) -> None:
        super().__init__(QCoreApplication.instance())
        self._on_progressed = on_progressed
        self._on_ended = on_ended
        self.progressed.connect(self._take_progress)
        self.ended.connect(self._take_end)

    @Slot(object, object)
    def _take_progress(self, done: int, total: int) -> None:
        self._on_progressed(done, total)

    @Slot(object, object)
    def _take_end(self, result: object, error: Exception | None) -> None:
        on_ended = self._on_ended
        # The worker may be the last to let go of this object, and a widget that the callbacks
        # hold must not be destroyed on its thread.
        del self._on_ended, self._on_progressed
        self.deleteLater()
        on_ended(result, error)


class _Reporter:
    """The `Progress` that the work is given; used on its own thread only."""

    def __init__(self, carrier: _Carrier, stop: threading.Event) -> None:
        self._carrier = carrier
        self._stop = stop
        self._next_s = 0.0

    def report(self, done: int, total: int) -> None:
        """Tell how far the work is, some twenty times a second. Raises Cancelled."""
        if self._stop.is_set():
            raise Cancelled
        now_s = time.monotonic()
        if now_s >= self._next_s or done >= total:
            self._next_s = now_s + _REPORT_EVERY_S
            self._carrier.progressed.emit(done, total)


class _Run(QRunnable):
    """Runs a closure on a thread of the pool."""

    def __init__(self, closure: Callable[[], None]) -> None:
        super().__init__()
        self._closure = closure

    def run(self) -> None:
        self._closure()


class Task(Generic[T]):
    """Work in the background for a widget: `Task(page, work).on_done(page.show_it).start()`.

    All callbacks run on the GUI thread, none after the widget is gone. Cancelled work calls
    only what `on_end` was given. Without `on_failed` the failure is shown in a message box.
    A task runs once.
    """

    def __init__(self, parent: QWidget, work: Callable[[Progress], T]) -> None:
        self._parent = parent
        self._work = work
        self._stop = threading.Event()
        self._is_running = False
        self._done: list[Callable[[T], None]] = []
        self._failed: list[Callable[[Exception], None]] = []
        self._progress: list[Callable[[int, int], None]] = []
        self._end: list[Callable[[], None]] = []

    @property
    def is_running(self) -> bool:
        """True from `start` until the callbacks have been called."""
        return self._is_running

    def on_done(self, callback: Callable[[T], None]) -> "Task[T]":
        """Called with what the work returned."""
        self._done.append(callback)
        return self

    def on_failed(self, callback: Callable[[Exception], None]) -> "Task[T]":
        """Called with any exception but Cancelled, instead of the message box."""
        self._failed.append(callback)
        return self

    def on_progress(self, callback: Callable[[int, int], None]) -> "Task[T]":
        """Called with (done, total) while the work goes on."""
        self._progress.append(callback)
        return self

    def on_end(self, callback: Callable[[], None]) -> "Task[T]":
        """Called when the work is over, however it ended, before the other callbacks."""
        self._end.append(callback)
        return self

    def start(self) -> "Task[T]":
        """Begin; called on the GUI thread. Raises RuntimeError at the second call."""
        if self._is_running or self._stop.is_set():
            raise RuntimeError("a task runs once")
        self._is_running = True
        carrier = _Carrier(self._take_progress, self._take_end)
        reporter = _Reporter(carrier, self._stop)
        waiting = [self._work]

        def run() -> None:
            # Popped, so that nothing of the page is held here once the end is told.
            carrier.ended.emit(*_finish(waiting.pop(), reporter))

        QThreadPool.globalInstance().start(_Run(run))
        return self

    def cancel(self) -> None:
        """Ask the work to stop at its next report; what it returns anyway is dropped."""
        self._stop.set()

    def _take_progress(self, done: int, total: int) -> None:
        if isValid(self._parent) and not self._stop.is_set():
            for callback in self._progress:
                callback(done, total)

    def _take_end(self, result: object, error: Exception | None) -> None:
        self._is_running = False
        was_cancelled = self._stop.is_set() or (result is None and error is None)
        self._stop.set()
        if not isValid(self._parent):
            return
        for on_end in self._end:
            on_end()
        if was_cancelled:
            return
        if error is None:
            for on_done in self._done:
                on_done(cast("tuple[T]", result)[0])
        elif self._failed:
            for on_failed in self._failed:
                on_failed(error)
        else:
            show_failure(self._parent, error)


def _finish(
    work: Callable[[Progress], object], reporter: Progress
) -> tuple[object, Exception | None]:
    """((result,), None), (None, error), or (None, None) if it was cancelled."""
    try:
        return (work(reporter),), None
    except Cancelled:
        return None, None
    except Exception as error:  # noqa: BLE001  (shown on the other side)
        return None, error


def wait_for_tasks(timeout_ms: int = 5000) -> bool:
    """Before the program ends: wait for running work; False if some is still going on."""
    return QThreadPool.globalInstance().waitForDone(timeout_ms)
