"""One row that can be chosen: a radio button or a box to tick, 44 px high, its text wrapped.

Qt's own do not wrap their text, and codes of the form have long labels.
"""

from typing import TypeAlias

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QSizePolicy

from ui.theme.apply import current_tokens
from ui.theme.tokens import CORNER, RING, TARGET, Tokens

_LEFT = 12  # from the row's edge to the mark
_MARK = 20
_TEXT_LEFT = _LEFT + _MARK + 12
_TEXT_GAP = 10  # above and below the text
_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)

ChoiceRow: TypeAlias = "RadioRow | TickRow"


class RadioRow(QRadioButton):
    """One of several, of which one can be chosen."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        _set_up(self, text)

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:  # noqa: N802
        return _hint_size(self)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(160, TARGET)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return _height_for(self, width)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        mark, tokens = _paint_row(painter, self)
        painter.drawEllipse(mark)
        if self.isChecked():
            painter.setBrush(painter.pen().color())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(mark.adjusted(4.5, 4.5, -4.5, -4.5))
        _paint_text(painter, self, tokens)


class TickRow(QCheckBox):
    """One of several, of which any number can be ticked."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        _set_up(self, text)

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:  # noqa: N802
        return _hint_size(self)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(160, TARGET)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return _height_for(self, width)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        mark, tokens = _paint_row(painter, self)
        if self.isChecked():
            painter.setBrush(painter.pen().color())
        painter.drawRoundedRect(mark, 3, 3)
        if self.isChecked():
            _paint_tick(painter, mark, QColor(tokens.on_primary))
        _paint_text(painter, self, tokens)


def _set_up(row: QAbstractButton, text: str) -> None:
    row.setAccessibleName(text)
    # An "&" in a label is an "and", not the mark of a shortcut.
    row.setShortcut(QKeySequence())
    row.setCursor(Qt.CursorShape.PointingHandCursor)
    row.setAttribute(Qt.WidgetAttribute.WA_Hover)
    row.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    row.setSizePolicy(policy)


def _height_for(row: QAbstractButton, width: int) -> int:
    room = QRect(0, 0, max(width - _TEXT_LEFT - _LEFT, 40), 10_000)
    text = row.fontMetrics().boundingRect(room, _WRAP, row.text())
    return max(TARGET, text.height() + 2 * _TEXT_GAP)


def _hint_size(row: QAbstractButton) -> QSize:
    width = min(row.fontMetrics().horizontalAdvance(row.text()) + _TEXT_LEFT + _LEFT + 4, 480)
    return QSize(width, _height_for(row, width))


def _paint_row(painter: QPainter, row: QAbstractButton) -> tuple[QRectF, Tokens]:
    """Paint the ground and the focus ring; set the pen for the mark, whose box is returned."""
    tokens = current_tokens()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    if row.isChecked() and row.isEnabled():
        painter.setBrush(QColor(tokens.chosen))
        painter.drawRoundedRect(row.rect(), CORNER, CORNER)
    elif row.underMouse() and row.isEnabled():
        painter.setBrush(QColor(tokens.hover))
        painter.drawRoundedRect(row.rect(), CORNER, CORNER)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if row.hasFocus():
        half = RING / 2
        painter.setPen(QPen(QColor(tokens.ring), RING))
        painter.drawRoundedRect(QRectF(row.rect()).adjusted(half, half, -half, -half), 5, 5)
    colour = tokens.primary if row.isChecked() else tokens.control
    painter.setPen(QPen(QColor(colour if row.isEnabled() else tokens.disabled), 2))
    top = (row.height() - _MARK) / 2
    return QRectF(_LEFT + 1, top + 1, _MARK - 2, _MARK - 2), tokens


def _paint_tick(painter: QPainter, mark: QRectF, colour: QColor) -> None:
    pen = QPen(colour, 2.4)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    steps = ((0.22, 0.53), (0.42, 0.73), (0.79, 0.29))
    painter.drawPolyline(
        QPolygonF(
            [QPointF(mark.x() + x * mark.width(), mark.y() + y * mark.height()) for x, y in steps]
        )
    )


def _paint_text(painter: QPainter, row: QAbstractButton, tokens: Tokens) -> None:
    painter.setPen(QColor(tokens.ink if row.isEnabled() else tokens.on_disabled))
    painter.drawText(row.rect().adjusted(_TEXT_LEFT, 0, -_LEFT, 0), _WRAP, row.text())
