"""Joins the window's parts and starts them.

The window is painted first, with the least that can be imported for that. The database, the
network and the pages follow on another thread, while the person types the passphrase.
"""

import importlib
import os
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

import ui.theme.plain_import  # noqa: F401  (first)

# isort: split
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from app.no_dumps import limit_dumps, refuse_dumps
from app.paths import Home
from ui.display import NoDisplayError, has_display
from ui.main_window import MainWindow
from ui.theme.apply import make_application
from ui.theme.wish import ThemeWish

if TYPE_CHECKING:  # imported by name, after the first paint
    from types import ModuleType

    from ui.session import Session

TITLE = "Reports"  # a task bar shows it to whoever passes by
_LAST_TASKS_MS = 5000
_PAUSE_MS = 20


class Program(QObject):
    """The window, and from soon after the first paint on the session; lives as long as that."""

    def __init__(self, app: QApplication, home: Home) -> None:
        super().__init__(app)
        app.setApplicationDisplayName(TITLE)
        self._home = home
        self._has_ended = False
        self._is_started = False
        self.session: Session | None = None
        self.wish = ThemeWish(app, home)
        self.wish.apply()
        self.window = MainWindow(home)
        self.window.setWindowTitle(TITLE)
        self.window.take_size(self.wish.settings.width, self.wish.settings.height)
        self.window.painted.connect(self._wait)
        self.window.closed.connect(self.end)

    def end(self) -> None:
        """Keep the window's size and close the files; a second call does nothing."""
        if self._has_ended:
            return
        self._has_ended = True
        if self._is_started:
            importlib.import_module("ui.task").wait_for_tasks(_LAST_TASKS_MS)
        try:
            if not self.window.isMaximized():
                self.wish.keep_size(self.window.width(), self.window.height())
        finally:
            if self.session is not None:
                self.session.close()

    def show_unexpected(
        self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        """What no slot has caught: a sentence, or the code of a defect; never its own text."""
        importlib.import_module("ui.messages").show_failure(self.window, error)

    def _wait(self) -> None:
        # Nobody types that soon: what was painted reaches the screen, and the events that come
        # with it are answered (1.5 ms sooner), before the long imports compete for the processor.
        QTimer.singleShot(_PAUSE_MS, self, self._read_parts)

    def _read_parts(self) -> None:
        def work(_progress: object) -> tuple["ModuleType", tuple[object, ...]]:
            places = importlib.import_module("ui.places")
            return places, places.read_parts()

        self._is_started = True
        importlib.import_module("ui.task").Task(self.window, work).on_done(self._join).start()

    def _join(self, found: tuple["ModuleType", tuple[object, ...]]) -> None:
        places, parts = found
        self.session = places.Session(self._home, *parts)
        self.window.join(places.Places(self.session, self.wish))
        importlib.import_module("ui.sync_loop").SyncLoop(self.window, self.session)


def main(arguments: Sequence[str] = ()) -> int:
    """Show the window until it is closed. Raises NoDisplayError if there is none to show it on.

    arguments: for Qt, such as -style; the program itself takes none.
    """
    if not has_display(os.environ):
        raise NoDisplayError
    os.umask(0o077)
    limit_dumps()
    app = make_application(TITLE.lower(), *arguments)
    program = Program(app, Home.from_environment(os.environ))
    sys.excepthook = program.show_unexpected
    # Before anything can be opened, and after the first paint, which would come 10 ms later.
    program.window.painted.connect(lambda: QTimer.singleShot(_PAUSE_MS, program, refuse_dumps))
    program.window.show()
    try:
        return app.exec()
    finally:
        program.end()


def make_window(home: Home) -> MainWindow:
    """The window of a home, not shown yet; a QApplication is there. Raises nothing of its own."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("the window needs a QApplication")
    return Program(app, home).window


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
