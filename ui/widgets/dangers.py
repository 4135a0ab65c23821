"""Banners about the place where the files lie, for a page that has to say it."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.look_around import look_around
from app.paths import Home
from app.surroundings import SENTENCES, Danger, find_dangers
from ui.task import Task
from ui.widgets.cards import Banner


class DangerBanners(QWidget):
    """One for each danger; hidden while there is none. of_account: also about the account."""

    def __init__(self, home: Home, *, of_account: bool = True) -> None:
        super().__init__()
        self._home = home
        self._of_account = of_account
        self._banners: list[Banner] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self.hide()

    def look(self) -> None:
        """Ask the system and show what it says; a share that hangs holds nothing up."""
        home = self._home
        task = Task(self, lambda _progress: find_dangers(look_around(home)))
        task.on_done(self.show_dangers).start()

    def show_dangers(self, dangers: tuple[Danger, ...]) -> None:
        """Show these and no others."""
        for old in self._banners:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        shown = [each for each in dangers if self._of_account or each is not Danger.SHARED_ACCOUNT]
        self._banners = [Banner("warning", *SENTENCES[each]) for each in shown]
        for banner in self._banners:
            self._column.addWidget(banner)
        self.setVisible(bool(shown))
