"""A state as a word and a shape, so that nobody depends on the colour."""

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from ui.theme.apply import current_tokens
from ui.widgets.cards import BannerKind
from ui.widgets.heading import PlainLabel

Shape = Literal["ring", "half", "disc", "square", "diamond", "triangle", "tick", "cross", "bar"]


class StateShape(QWidget):
    """A drawn shape of 14 px in the mark colour of its kind."""

    def __init__(self, shape: Shape, kind: BannerKind) -> None:
        super().__init__()
        self._shape: Shape = shape
        self._kind: BannerKind = kind
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_shape(self, shape: Shape, kind: BannerKind) -> None:
        """Draw another shape."""
        self._shape, self._kind = shape, kind
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(14, 14)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(current_tokens().colour(f"{self._kind}_mark"))
        draw_shape(painter, QRectF(1, 1, 12, 12), self._shape, colour)


def draw_shape(painter: QPainter, box: QRectF, shape: Shape, colour: QColor) -> None:
    """Draw a shape into a square box."""
    pen = QPen(colour, 2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(
        colour if shape in {"disc", "square", "diamond", "triangle"} else QColor(0, 0, 0, 0)
    )
    inner = box.adjusted(1, 1, -1, -1)
    if shape in {"ring", "half", "disc"}:
        painter.drawEllipse(inner)
        if shape == "half":
            painter.setBrush(colour)
            painter.drawPie(inner, 90 * 16, 180 * 16)
    elif shape == "square":
        painter.drawRect(inner)
    else:
        _draw_lines(painter, inner, shape)


def _draw_lines(painter: QPainter, box: QRectF, shape: Shape) -> None:
    points = {
        "diamond": ((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)),
        "triangle": ((0.5, 0), (1, 1), (0, 1)),
        "tick": ((0, 0.55), (0.35, 0.95), (1, 0.1)),
        "bar": ((0, 0.5), (1, 0.5)),
    }
    if shape == "cross":
        painter.drawLine(box.topLeft(), box.bottomRight())
        painter.drawLine(box.topRight(), box.bottomLeft())
        return
    line = [
        QPointF(box.left() + x * box.width(), box.top() + y * box.height())
        for x, y in points[shape]
    ]
    if shape in {"diamond", "triangle"}:
        painter.drawPolygon(QPolygonF(line))
    else:
        painter.drawPolyline(QPolygonF(line))


class StateChip(QFrame):
    """A word on a tint, led by a shape; read out as the word.

    shape: one that stands for this state and no other. kind: which tint.
    """

    def __init__(self, word: str, shape: Shape = "ring", kind: BannerKind = "stays") -> None:
        super().__init__()
        self.setProperty("role", "chip")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 12, 4)
        row.setSpacing(7)
        self._shape = StateShape(shape, kind)
        self._word = PlainLabel(word, "chip", wrap=False)
        row.addWidget(self._shape)
        row.addWidget(self._word)
        self.set_state(word, shape, kind)

    def set_state(self, word: str, shape: Shape, kind: BannerKind) -> None:
        """Show another state."""
        self._word.setText(word)
        self._shape.set_shape(shape, kind)
        self.setProperty("kind", kind)
        self.setAccessibleName(word)
        self.style().unpolish(self)
        self.style().polish(self)

    def word(self) -> str:
        """The word that is shown."""
        return self._word.text()
