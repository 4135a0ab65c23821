"""Material Symbols, tinted with a role of the theme and sharp at every scale factor."""

from functools import cache

from PySide6.QtCore import QByteArray, QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from resources.read import read_bytes
from ui.theme.apply import current_tokens


@cache
def _read_svg(name: str) -> bytes:
    return read_bytes(f"icons/{name}.svg")


def paint_icon(painter: QPainter, target: QRectF, name: str, colour: str) -> None:
    """Draw an icon in one colour. Raises FileNotFoundError for an unknown name."""
    svg = _read_svg(name).replace(b"<path ", b'<path fill="' + colour.encode() + b'" ', 1)
    QSvgRenderer(QByteArray(svg)).render(painter, target)


def icon(name: str, role: str = "ink", size: int = 24, disabled_role: str = "on_disabled") -> QIcon:
    """An icon in the colour that the role has now; ask again when the theme changes."""
    _read_svg(name)  # fails here for an unknown name, not inside a painter
    tokens = current_tokens()
    return QIcon(_Engine(name, tokens.colour(role), tokens.colour(disabled_role), size))


class _Engine(QIconEngine):
    """Draws when it is shown, in the size and scale of that screen: quick, and always sharp."""

    def __init__(self, name: str, colour: str, disabled: str, size: int) -> None:
        super().__init__()
        self._look = (name, colour, disabled, size)

    def clone(self) -> QIconEngine:
        return _Engine(*self._look)

    def availableSizes(  # noqa: N802
        self, mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = QIcon.State.Off
    ) -> list[QSize]:
        return [QSize(self._look[3], self._look[3])]

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(  # noqa: N802
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        """size: in logical pixels, as Qt passes it since 6.8."""
        pixmap = QPixmap(size * scale)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, pixmap.rect(), mode, state)
        painter.end()
        pixmap.setDevicePixelRatio(scale)
        return pixmap

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        name, colour, disabled, _size = self._look
        tint = disabled if mode is QIcon.Mode.Disabled else colour
        paint_icon(painter, QRectF(rect), name, tint)


class IconPicture(QWidget):
    """An icon that only accompanies words: it is not announced and cannot be focused."""

    def __init__(self, name: str, role: str = "ink", size: int = 24) -> None:
        super().__init__()
        self._name = name
        self._role = role
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_icon(self, name: str, role: str) -> None:
        """Show another icon, or the same in another colour."""
        self._name, self._role = name, role
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        size = float(min(self.width(), self.height()))
        colour = current_tokens().colour(self._role)
        paint_icon(painter, QRectF(0, 0, size, size), self._name, colour)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.update()


def top_of(picture: IconPicture) -> QVBoxLayout:
    """A column that keeps a picture at its top and no wider than it is."""
    column = QVBoxLayout()
    column.addWidget(picture)
    column.addStretch(1)
    return column
