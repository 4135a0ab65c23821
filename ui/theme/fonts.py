"""Public Sans, from the packaged files: what every text of the window is set in."""

from PySide6.QtCore import QByteArray, QCoreApplication
from PySide6.QtGui import QFont, QFontDatabase

from resources.read import read_bytes
from ui.theme.tokens import BODY

FAMILY = "Public Sans"
_LOADED = "nearmiss_fonts"  # the application knows, so that no module has to
_FILES = ("Regular", "Italic", "SemiBold", "Bold")


def load_fonts() -> None:
    """Make Public Sans known to Qt; needs a QApplication. A second call does nothing."""
    app = QCoreApplication.instance()
    if app is None or app.property(_LOADED):
        return
    app.setProperty(_LOADED, True)
    for name in _FILES:
        QFontDatabase.addApplicationFontFromData(
            QByteArray(read_bytes(f"fonts/PublicSans-{name}.ttf"))
        )


def font(px: int = BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Public Sans in logical pixels, which Qt scales with the screen."""
    made = QFont(FAMILY)
    made.setPixelSize(px)
    made.setWeight(weight)
    return made
