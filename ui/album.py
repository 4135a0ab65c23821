"""Pictures of a window of the program, taken without a screen."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, QThreadPool
from PySide6.QtGui import QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from app.errors import SurroundingsError
from app.paths import Home
from app.settings import Theme
from ui.main import Program

_QUIET_S, _PATIENCE_S = 0.2, 30.0


class Album:
    """The pictures that were taken so far, numbered on from `number`."""

    def __init__(self, folder: Path, number: int = 0) -> None:
        self._folder = folder
        self._number = number
        self.taken: list[Path] = []

    def take(self, program: Program, name: str) -> None:
        """The window as it is, in both schemes. Raises SurroundingsError."""
        self._number += 1
        settle()
        for theme in (Theme.LIGHT, Theme.DARK):
            program.wish.choose(theme)
            settle()
            path = self._folder / f"{self._number:02}-{name}-{theme.value}.png"
            if not _grab(program.window).save(str(path)):
                raise SurroundingsError("A picture cannot be written.", "", "Look at the disk.")
            self.taken.append(path)
        program.wish.choose(Theme.LIGHT)


@contextmanager
def opened(home: Home, size: tuple[int, int]) -> Iterator[Program]:
    """A window of the home, ready to be used; closed afterwards."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("pictures need a QApplication")
    program = Program(app, home)
    program.window.resize(*size)
    program.window.show()
    program.window.activateWindow()
    try:
        until = time.monotonic() + _PATIENCE_S
        while program.session is None and time.monotonic() < until:
            app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        yield program
    finally:
        program.window.close()
        program.window.deleteLater()
        app.processEvents()


def settle() -> None:
    """Let tasks end and the window rest."""
    until = time.monotonic() + _PATIENCE_S
    quiet_since = time.monotonic()
    while time.monotonic() < min(until, quiet_since + _QUIET_S):
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        if QThreadPool.globalInstance().activeThreadCount():
            quiet_since = time.monotonic()


def _grab(window: QWidget) -> QPixmap:
    """The window, with the question that stands over it."""
    picture = window.grab()
    box = QApplication.activeModalWidget()
    if box is not None:
        above = box.grab()
        painter = QPainter(picture)
        left, top = (window.width() - box.width()) // 2, (window.height() - box.height()) // 3
        painter.drawPixmap(left, top, above)
        painter.setPen(box.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawRect(left - 1, top - 1, box.width() + 1, box.height() + 1)
        painter.end()
    return picture
