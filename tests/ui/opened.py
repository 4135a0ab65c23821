"""A window of a home, ready to be used, as a person has it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QThreadPool
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.paths import Home
from app.store.keys import FLOOR
from app.store.post import Post
from app.store.vault import Vault
from ui.main import Program
from ui.main_window import MainWindow
from ui.session import Session

PASSPHRASE = "seven lamps under water"


@dataclass(frozen=True, slots=True)
class Opened:
    """A window and what a test does with it."""

    qtbot: QtBot
    program: Program

    @property
    def window(self) -> MainWindow:
        return self.program.window

    @property
    def session(self) -> Session:
        assert self.program.session is not None
        return self.program.session

    def settle(self) -> None:
        """Wait until no task runs and what it brought is shown."""
        for _ in range(3):
            self.qtbot.waitUntil(
                lambda: QThreadPool.globalInstance().activeThreadCount() == 0, timeout=20_000
            )
            self.qtbot.wait(20)

    def unlock(self, name: str = "first") -> None:
        """Open the vault without the door."""
        settled = self.session.unlock(name, PASSPHRASE)
        self.session.unlocked.emit()
        self.window.show_place("reports", settled)
        self.settle()


def make_vault(home: Home, name: str = "first") -> None:
    """A vault that opens quickly, with its post."""
    Vault.create(home.vault_folder(name), PASSPHRASE, FLOOR).close()
    Post.open_or_create(home.vault_folder(name)).close()


@contextmanager
def opened(qapp: QApplication, qtbot: QtBot, home: Home) -> Iterator[Opened]:
    """The window, shown; closed and gone afterwards."""
    program = Program(qapp, home)
    window = program.window
    try:
        window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: program.session is not None, timeout=30_000)
        it = Opened(qtbot, program)
        it.settle()
        yield it
    finally:
        window.close()
        window.deleteLater()
        program.deleteLater()
