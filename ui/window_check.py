"""Opens the window without a screen, for the self-test, and sees that it painted something."""

import importlib
import os

from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from app.errors import SurroundingsError
from app.paths import Home

_PATIENCE_MS = 5_000
_SMALLEST = (640, 480)
_SAMPLES_A_SIDE = 64
# A blank window has one colour; text on a page alone has a dozen, smoothed as it is.
_FEWEST_COLOURS = 4


class BlankWindowError(SurroundingsError):
    """The window came up and stayed empty, or did not come up."""

    def __init__(self) -> None:
        super().__init__(
            "The window did not paint.",
            "Your own data was not touched.",
            "Check that the system libraries of the package are installed, then try again.",
        )


def check_window(home: Home) -> None:
    """Show the window of an empty home on Qt's offscreen platform and look at its picture.

    Raises BlankWindowError. `ui.main.make_window(home)` makes the window; it is called by name,
    since importing it starts nothing else of the program.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication.instance() or QApplication(["nearmiss"])
    window: QWidget = importlib.import_module("ui.main").make_window(home)
    try:
        window.show()
        deadline = QDeadlineTimer(_PATIENCE_MS)
        while not is_painted(window.grab().toImage()):
            if deadline.hasExpired():
                raise BlankWindowError
            application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
    finally:
        window.close()


def is_painted(image: QImage) -> bool:
    """Whether a picture is as large as a window and shows more than an empty surface."""
    width, height = image.width(), image.height()
    if width < _SMALLEST[0] or height < _SMALLEST[1]:
        return False
    seen = {
        image.pixel(x * width // _SAMPLES_A_SIDE, y * height // _SAMPLES_A_SIDE)
        for x in range(_SAMPLES_A_SIDE)
        for y in range(_SAMPLES_A_SIDE)
    }
    return len(seen) >= _FEWEST_COLOURS
