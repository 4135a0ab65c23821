"""Paragraphs to read: 18 px, one and a half lines high, selectable, never taken for markup."""

import math

from PySide6.QtCore import QMimeData, QSizeF, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QTextBlockFormat,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit

from ui.models.shown_text import shown_text
from ui.theme.fonts import font
from ui.theme.tokens import READING

_LINE_HEIGHT_PERCENT = 125.0  # of the font's own line, which is 1.2 of its size: together 1.5
_BETWEEN_PARAGRAPHS = 12
_HANGING = 24
# So many characters of ordinary English are as wide as 72 at the most become.
_AVERAGE_OF_LONGEST = 68
_ENGLISH = "the officer heard a noise in the back seat and then turned to look at both hands. "


def reading_width() -> int:
    """The widest that a column of reading text becomes, in logical pixels."""
    metrics = QFontMetricsF(font(READING))
    return round(metrics.horizontalAdvance(_ENGLISH) / len(_ENGLISH) * _AVERAGE_OF_LONGEST)


class ReadingText(QTextEdit):
    """Plain text as high as it needs to be; whatever holds it does the scrolling.

    name: for a screen reader. points: the text is a list, one point a line.
    """

    def __init__(self, name: str, text: str, *, points: bool = False) -> None:
        super().__init__()
        self.setProperty("role", "reading")
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        # Not a stop of the Tab key: the pane around it scrolls, the mouse selects in it.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(reading_width())
        # A word of a thousand letters is broken, not cut.
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setUndoRedoEnabled(False)
        self.setFont(font(READING))
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        lines = [line.strip() for line in shown_text(text).split("\n")]
        mark = "\u2022\t" if points else ""
        self.setPlainText("\n".join(mark + line for line in lines if line))
        self._format(points=points)

    def createMimeDataFromSelection(self) -> QMimeData:  # noqa: N802  (Qt's name)
        """What is copied is plain text too."""
        copied = QMimeData()
        copied.setText(self.textCursor().selection().toPlainText())
        return copied

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.matches(QKeySequence.StandardKey.Copy) or event.matches(
            QKeySequence.StandardKey.SelectAll
        ):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _format(self, *, points: bool) -> None:
        block = QTextBlockFormat()
        block.setLineHeight(
            _LINE_HEIGHT_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
        )
        block.setBottomMargin(_BETWEEN_PARAGRAPHS)
        if points:
            block.setLeftMargin(_HANGING)
            block.setTextIndent(-_HANGING)
            block.setTabPositions([QTextOption.Tab(float(_HANGING), QTextOption.TabType.LeftTab)])
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(block)

    def _fit(self, size: QSizeF) -> None:
        self.setFixedHeight(max(math.ceil(size.height()) - _BETWEEN_PARAGRAPHS + 4, 1))
