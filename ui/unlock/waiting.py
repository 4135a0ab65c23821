"""The wait after several wrong passphrases, counted down in words."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.use_cases.keep_safe import describe_wait
from ui.widgets.cards import Banner

_COURTESY = (
    "This wait is a courtesy: it slows down somebody who guesses at this keyboard. Whoever has "
    "copied the file does not wait. Against them only a strong passphrase helps."
)


class Waiting(Banner):
    """Keeps a button from being pressed until the wait is over."""

    def __init__(self, button: QWidget) -> None:
        super().__init__("info", "", _COURTESY)
        self._button = button
        self._left_s = 0
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._count)

    def begin(self, wait_s: int) -> None:
        """Count down from here."""
        self._left_s = wait_s
        self._button.setEnabled(False)
        self._timer.start()
        self._say()
        self.show()

    def _count(self) -> None:
        self._left_s -= 1
        if self._left_s > 0:
            self._say()
            return
        self._timer.stop()
        self.hide()
        self._button.setEnabled(True)

    def _say(self) -> None:
        title = f"The next try is possible in {describe_wait(self._left_s)}."
        self.set_content("info", title, _COURTESY)
