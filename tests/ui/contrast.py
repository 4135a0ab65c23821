"""What the eye gets: the colour of each text on the screen against the pixels behind it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QToolButton,
    QWidget,
)

from ui.widgets.choice_rows import RadioRow, TickRow

_SCALE = 2  # so that thin strokes reach their full colour
_EDGE_PX = 6  # the border and the focus ring are no text
_NORMAL, _LARGE = 4.5, 3.0
_LARGE_PX, _LARGE_BOLD_PX = 24, 18.66  # WCAG 2.1: 18 pt, or 14 pt bold
_BOLD = 700
_Colour = tuple[int, int, int]
# Their own painting, or a state of the style sheet that the palette does not know.
_PAINTED = (RadioRow, TickRow, QToolButton)


@dataclass(frozen=True, slots=True)
class Sample:
    """One text. declared: contrast of its palette's colour; seen: of the farthest pixel."""

    text: str
    declared: float
    seen: float
    needed: float

    @property
    def is_readable(self) -> bool:
        """Whether both reach what WCAG 2.1 AA asks for."""
        return min(self.declared, self.seen) >= self.needed


def sample_contrasts(window: QWidget) -> list[Sample]:
    """A sample of every label, button and editor that can be seen and has a text."""
    picture = QImage(window.size() * _SCALE, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(_SCALE)
    window.render(picture)
    return list(_sample_all(window, picture))


def _sample_all(window: QWidget, picture: QImage) -> Iterator[Sample]:
    kinds = (QLabel, QAbstractButton, QLineEdit, QPlainTextEdit, QTextEdit)
    for widget in window.findChildren(QWidget):
        if not isinstance(widget, kinds) or not widget.isVisible():
            continue
        text = _text_of(widget)
        seen = widget.visibleRegion().boundingRect()
        if not isinstance(widget, QLabel):
            seen &= widget.rect().adjusted(_EDGE_PX, _EDGE_PX, -_EDGE_PX, -_EDGE_PX)
        box = QRect(widget.mapTo(window, QPoint(0, 0)) + seen.topLeft(), seen.size())
        # A line that is cut by the edge of its scroll area has no room for a whole letter.
        if not text.strip() or min(box.width(), box.height()) < widget.fontMetrics().xHeight():
            continue
        # A button's text stands in its middle.
        if isinstance(widget, QAbstractButton) and box.height() * 2 < widget.height():
            continue
        behind, farthest = _look(picture, box)
        needed = _LARGE if _is_large(widget) else _NORMAL
        ratio = _contrast(farthest, behind)
        declared = ratio if isinstance(widget, _PAINTED) else _contrast(_declared(widget), behind)
        yield Sample(f"{type(widget).__name__} {text[:40]!r}", declared, ratio, needed)


def _text_of(widget: QWidget) -> str:
    if isinstance(widget, QLineEdit):
        return widget.text() or widget.placeholderText()
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        return widget.toPlainText() or widget.placeholderText()
    assert isinstance(widget, QLabel | QAbstractButton)
    return widget.text()


def _declared(widget: QWidget) -> _Colour:
    role = widget.foregroundRole()
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        is_empty = not _text_of_content(widget)
        role = QPalette.ColorRole.PlaceholderText if is_empty else QPalette.ColorRole.Text
    colour: QColor = widget.palette().color(role)
    return colour.red(), colour.green(), colour.blue()


def _text_of_content(widget: QLineEdit | QPlainTextEdit | QTextEdit) -> str:
    return widget.text() if isinstance(widget, QLineEdit) else widget.toPlainText()


def _is_large(widget: QWidget) -> bool:
    size, weight = widget.font().pixelSize(), int(widget.font().weight())
    return size >= _LARGE_PX or (size >= _LARGE_BOLD_PX and weight >= _BOLD)


def _look(picture: QImage, box: QRect) -> tuple[_Colour, _Colour]:
    """The colour that most pixels have, and the one that differs most from it in luminance."""
    part = picture.copy(QRect(box.topLeft() * _SCALE, box.size() * _SCALE))
    # Four bytes a pixel, so that no line has padding.
    colours = Counter(memoryview(part.constBits()).cast("I"))
    behind = _split(colours.most_common(1)[0][0])
    return behind, max(map(_split, colours), key=lambda each: _contrast(each, behind))


def _split(pixel: int) -> _Colour:
    return pixel >> 16 & 255, pixel >> 8 & 255, pixel & 255


def _contrast(one: _Colour, other: _Colour) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: _Colour) -> float:
    """Relative luminance, as WCAG 2.1 defines it."""
    red, green, blue = (
        each / 255 / 12.92 if each <= 10 else ((each / 255 + 0.055) / 1.055) ** 2.4
        for each in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
