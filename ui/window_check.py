"""Opens the window without a screen, for the self-test, and sees that it painted and is ready."""

import os

from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.errors import SurroundingsError
from app.paths import Home
from ui.main import Program

_PATIENCE_MS = 30_000
_LOOK_EVERY_MS = 50
_SAMPLES_A_SIDE = 64
# An empty surface has one colour; a page with text has dozens, since its letters are smoothed.
_FEWEST_COLOURS = 8


class WindowCheckError(SurroundingsError):
    """The window did not come up, stayed empty, or had to tell of a failure."""

    def __init__(self) -> None:
        super().__init__(
            "The window did not open as it should.",
            "Your own data was not touched.",
            "Check that the system libraries that the package names are installed.",
        )


def check_window(home: Home) -> None:
    """Show the window of an empty home on Qt's offscreen platform, until all its parts are read.

    Raises WindowCheckError. To be called in a process that has not used Qt yet.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication(["nearmiss"])
    program = Program(application, home)
    program.window.show()
    try:
        is_ready = _wait(program)
        if not is_ready or not is_painted(program.window.grab().toImage()):
            raise WindowCheckError
    finally:
        program.window.close()
        program.end()


def is_painted(image: QImage) -> bool:
    """Whether a picture shows more than an empty surface."""
    if image.isNull():
        return False
    seen = {
        image.pixel(x * image.width() // _SAMPLES_A_SIDE, y * image.height() // _SAMPLES_A_SIDE)
        for x in range(_SAMPLES_A_SIDE)
        for y in range(_SAMPLES_A_SIDE)
    }
    return len(seen) >= _FEWEST_COLOURS


def _wait(program: Program) -> bool:
    """Let the window work until its session is there; False if that takes too long, or if a
    message box comes up: nobody is there to read it.
    """
    loop, clock, looking = QEventLoop(), QElapsedTimer(), QTimer()
    clock.start()

    def look() -> None:
        box = QApplication.activeModalWidget()
        if box is not None:
            box.close()
            loop.exit(1)
        elif program.session is not None:
            loop.exit(0)
        elif clock.hasExpired(_PATIENCE_MS):
            loop.exit(1)

    looking.timeout.connect(look)
    looking.start(_LOOK_EVERY_MS)
    return loop.exec() == 0
