"""Gives the program its look, and says which half of the tokens is shown."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from ui.theme.fonts import font, load_fonts
from ui.theme.style import make_style_sheet
from ui.theme.tokens import LIGHT, Scheme, Tokens, tokens_of

_PROPERTY = "nearmiss_scheme"
_HAS_FUSION = "nearmiss_fusion"


def make_application(*arguments: str) -> QApplication:
    """The application, with Fusion from the beginning; arguments: its name, and those for Qt."""
    app = QApplication([*arguments, "-style", "fusion"])
    # Qt was told at its start, which is 5 ms quicker than `setStyle`.
    app.setProperty(_HAS_FUSION, True)
    return app


def apply_theme(app: QApplication, scheme: Scheme) -> None:
    """Fusion with our palette, fonts and style sheet; may be called again to change over."""
    tokens = tokens_of(scheme)
    # The application keeps it, so that no module has to.
    app.setProperty(_PROPERTY, str(scheme))
    load_fonts()
    if not app.property(_HAS_FUSION):
        app.setStyle("Fusion")
        app.setProperty(_HAS_FUSION, True)
    app.setFont(font())
    app.setPalette(make_palette(tokens))
    app.setStyleSheet(make_style_sheet(tokens))


def current_tokens() -> Tokens:
    """The tokens of the scheme that was applied last, or the light ones before that."""
    app = QApplication.instance()
    name = app.property(_PROPERTY) if app is not None else None
    return tokens_of(Scheme(name)) if name else LIGHT


def system_scheme() -> Scheme:
    """What the system prefers; light if it does not say."""
    prefers_dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return Scheme.DARK if prefers_dark else Scheme.LIGHT


def make_palette(tokens: Tokens) -> QPalette:
    """The colours of everything that the style sheet does not name."""
    palette = QPalette()
    role = QPalette.ColorRole
    for each, colour in (
        (role.Window, tokens.page),
        (role.WindowText, tokens.ink),
        (role.Base, tokens.card),
        (role.AlternateBase, tokens.hover),
        (role.Text, tokens.ink),
        (role.PlaceholderText, tokens.secondary),
        (role.Button, tokens.card),
        (role.ButtonText, tokens.ink),
        (role.BrightText, tokens.error_text),
        (role.Highlight, tokens.primary),
        (role.HighlightedText, tokens.on_primary),
        (role.Link, tokens.primary),
        (role.LinkVisited, tokens.primary),
        (role.ToolTipBase, tokens.card),
        (role.ToolTipText, tokens.ink),
        (role.Accent, tokens.primary),
        (role.Light, tokens.card),
        (role.Midlight, tokens.hover),
        (role.Mid, tokens.line),
        (role.Dark, tokens.control),
        (role.Shadow, tokens.control),
    ):
        palette.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(tokens.on_disabled))
    return palette
