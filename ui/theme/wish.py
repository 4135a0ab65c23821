"""Which colours the person wants, carried out at once and when the system changes its mind."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from app.paths import Home
from app.settings import SMALLEST, Settings, Theme, read_settings, write_settings
from ui.theme.apply import apply_theme, system_scheme
from ui.theme.tokens import Scheme


class ThemeWish(QObject):
    """The window's settings, and the look of the application that follows from them.

    changed: the person wants other colours. kept: something else was changed.
    """

    changed = Signal()
    kept = Signal()

    def __init__(self, app: QApplication, home: Home) -> None:
        super().__init__(app)
        self._app = app
        self._home = home
        self._settings = read_settings(home)
        self._shown: Scheme | None = None
        app.styleHints().colorSchemeChanged.connect(self.apply)

    @property
    def settings(self) -> Settings:
        """As they were read or changed last."""
        return self._settings

    @property
    def theme(self) -> Theme:
        """What the person wants."""
        return self._settings.theme

    def apply(self) -> None:
        """Give the application the wanted colours, unless it has them already."""
        wanted = {Theme.LIGHT: Scheme.LIGHT, Theme.DARK: Scheme.DARK}
        scheme = wanted.get(self.theme) or system_scheme()
        if scheme is not self._shown:
            self._shown = scheme
            apply_theme(self._app, scheme)

    def choose(self, theme: Theme) -> None:
        """Show other colours and keep the choice. Raises SurroundingsError if it is not kept."""
        self._settings = self._settings._replace(theme=theme)
        self.apply()
        self.changed.emit()
        write_settings(self._home, self._settings)

    def choose_underlines(self, *, are_wanted: bool) -> None:
        """Underline while one writes, or not. Raises SurroundingsError if it is not kept."""
        self._settings = self._settings._replace(underlines=are_wanted)
        write_settings(self._home, self._settings)

    def keep(self, settings: Settings) -> None:
        """Let these hold from now on. Raises SurroundingsError if they are not kept."""
        self._settings = settings
        self.kept.emit()
        write_settings(self._home, settings)

    def choose_spelling(self, *, is_wanted: bool) -> None:
        """Underline typing errors, or not. Raises SurroundingsError if it is not kept."""
        self._settings = self._settings._replace(spelling=is_wanted)
        write_settings(self._home, self._settings)

    def keep_size(self, width: int, height: int) -> None:
        """Keep the window's size, if it is another. Raises SurroundingsError.

        A small screen may have made it smaller than it should be.
        """
        width, height = max(width, SMALLEST[0]), max(height, SMALLEST[1])
        if (width, height) != (self._settings.width, self._settings.height):
            self._settings = self._settings._replace(width=width, height=height)
            write_settings(self._home, self._settings)
