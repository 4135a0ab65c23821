"""Material Symbols, tinted with a role of the theme and sharp at every scale factor."""

from functools import cache

from PySide6.QtCore import QByteArray, QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QSizePolicy, QVBoxLayout, QWidget

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
    made = QIcon()
    tokens = current_tokens()
    for mode, colour in (
        (QIcon.Mode.Normal, tokens.colour(role)),
        (QIcon.Mode.Disabled, tokens.colour(disabled_role)),
    ):
        for scale in _scales():
            made.addPixmap(_draw(name, colour, size, scale), mode)
    return made


def _scales() -> frozenset[float]:
    """1, and that of the sharpest screen; more cost time at the start of the program."""
    app = QApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QApplication) else 1.0
    return frozenset((1.0, max(1.0, ratio)))


def _draw(name: str, colour: str, size: int, scale: float) -> QPixmap:
    pixels = round(size * scale)
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_icon(painter, QRectF(0, 0, pixels, pixels), name, colour)
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap


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
