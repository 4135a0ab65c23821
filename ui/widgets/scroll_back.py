"""Scrolls back to where somebody was, once the page has grown long enough."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QScrollBar

_PATIENCE_MS = 3000


class ScrollBack(QObject):
    """Waits for the bar's range; gives up after three seconds, or when somebody scrolls."""

    def __init__(self, bar: QScrollBar, value: int) -> None:
        super().__init__(bar)
        self._bar = bar
        self._value = value
        bar.rangeChanged.connect(self._try)
        bar.actionTriggered.connect(self.deleteLater)
        QTimer.singleShot(_PATIENCE_MS, self, self.deleteLater)
        # After what is waiting now: a page just shown has no heights yet.
        QTimer.singleShot(0, self, self._try)

    def _try(self) -> None:
        if self._bar.maximum() >= self._value:
            self._bar.setValue(self._value)
