"""Plain text painted into rows: wrapped, cut with an ellipsis, some of it heavier."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QTextCharFormat,
    QTextLayout,
)

from ui.theme.fonts import font
from ui.theme.tokens import BODY, CAPTION, RING, Tokens

SEMIBOLD = QFont.Weight.DemiBold
CHIP_HEIGHT = 24
_CHIP_PADDING = 10
_CHIP_GAP = 6
_MOST_CHIPS = 3


def wrap_lines(text: str, used: QFont, width: float, most: int) -> list[str]:
    """The text in at most so many lines; the last one ends with an ellipsis if it is cut."""
    layout = QTextLayout(text, used)
    lines: list[str] = []
    layout.beginLayout()
    while True:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(max(width, 1))
        start = line.textStart()
        if len(lines) == most - 1:
            metrics = QFontMetricsF(used)
            rest = text[start:]
            lines.append(metrics.elidedText(rest, Qt.TextElideMode.ElideRight, max(width, 1)))
            break
        lines.append(text[start : start + line.textLength()].rstrip())
    layout.endLayout()
    return lines


def draw_lines(painter: QPainter, left_top: QPointF, lines: list[str], used: QFont) -> float:
    """Draw lines one below the other in the pen's colour; returns their height."""
    metrics = QFontMetricsF(used)
    painter.setFont(used)
    for place, line in enumerate(lines):
        down = place * metrics.lineSpacing() + metrics.ascent()
        painter.drawText(left_top + QPointF(0, down), line)
    return len(lines) * metrics.lineSpacing()


def draw_runs(
    painter: QPainter, box: QRectF, runs: tuple[tuple[str, bool], ...], tokens: Tokens
) -> None:
    """Draw one line of which some pieces are heavier; what does not fit is cut."""
    used = font(BODY)
    text = "".join(piece for piece, _is_found in runs)
    layout = _lay_out(text, runs, used, tokens)
    line = layout.lineAt(0)
    if line.naturalTextWidth() > box.width():
        room = box.width() - QFontMetricsF(used).horizontalAdvance("… ")
        position = line.xToCursor(max(room, 0))
        layout = _lay_out(text[:position].rstrip() + "…", runs, used, tokens)
    painter.setPen(QColor(tokens.secondary))
    layout.draw(painter, box.topLeft())


def draw_chips(painter: QPainter, box: QRectF, labels: tuple[str, ...], tokens: Tokens) -> None:
    """Draw up to three labels on tints, those that have room; only the first is ever cut."""
    used = font(CAPTION)
    metrics = QFontMetricsF(used)
    left = box.left()
    drawn = 0
    for label in labels:
        inner = box.right() - left - 2 * _CHIP_PADDING
        if drawn == _MOST_CHIPS:
            return
        if drawn and metrics.horizontalAdvance(label) > inner:
            continue
        drawn += 1
        shown = metrics.elidedText(label, Qt.TextElideMode.ElideRight, max(inner, 0))
        width = metrics.horizontalAdvance(shown) + 2 * _CHIP_PADDING
        chip = QRectF(left, box.top(), width, CHIP_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.stays_tint))
        painter.drawRoundedRect(chip, CHIP_HEIGHT / 2, CHIP_HEIGHT / 2)
        painter.setPen(QColor(tokens.ink))
        painter.setFont(used)
        painter.drawText(
            chip, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine), shown
        )
        left += width + _CHIP_GAP


def draw_ring(painter: QPainter, box: QRectF, tokens: Tokens) -> None:
    """The ring around the row that the keyboard is on."""
    painter.save()
    pen = painter.pen()
    pen.setColor(QColor(tokens.ring))
    pen.setWidth(RING)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(1.5, 1.5, -1.5, -1.5))
    painter.restore()


def _lay_out(
    text: str, runs: tuple[tuple[str, bool], ...], used: QFont, tokens: Tokens
) -> QTextLayout:
    layout = QTextLayout(text, used)
    formats: list[QTextLayout.FormatRange] = []
    start = 0
    for piece, is_found in runs:
        length = min(len(piece), len(text) - start)
        if is_found and length > 0:
            heavy = QTextCharFormat()
            heavy.setFontWeight(SEMIBOLD)
            heavy.setForeground(QColor(tokens.ink))
            found = QTextLayout.FormatRange()
            found.start, found.length, found.format = start, length, heavy
            formats.append(found)
        start += len(piece)
    layout.setFormats(formats)
    layout.beginLayout()
    line = layout.createLine()
    line.setNumColumns(len(text) + 1)
    layout.endLayout()
    return layout
