"""One line of plain text in which words can be underlined, which Qt's own line cannot do."""

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextOption, QWheelEvent
from PySide6.QtWidgets import QPlainTextEdit

from ui.widgets.text import PlainTextEdit

_HEIGHT_PX = 48  # as a line of Qt's own, focus ring included


class OneLineText(PlainTextEdit):
    """What is pasted becomes one line too. left: Enter was pressed, or the focus has left."""

    left = Signal()

    def __init__(self, max_chars: int) -> None:
        super().__init__(max_chars)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(_HEIGHT_PX)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802
        line = QMimeData()
        line.setText(" ".join(source.text().splitlines()))
        super().insertFromMimeData(line)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.tell_now()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        super().focusOutEvent(event)
        self.left.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """The page scrolls, not the line."""
        event.ignore()
