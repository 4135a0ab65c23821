"""Every page of the window by the name of its place. Imported after the window stands."""

import importlib

from app.domain.form import Form
from app.domain.labels import Labels
from sync.protocol.words import WordList
from ui.cli.parts import read_form, read_words
from ui.pages.help import HelpPage
from ui.pages.reports import ReportsPage
from ui.pages.settings import SettingsPage
from ui.place import Place, make_place
from ui.session import Session
from ui.standing import StatusReader
from ui.status_line import StatusLine
from ui.task import wait_for_tasks
from ui.theme.wish import ThemeWish
from ui.unlock.first_connect import FirstConnectPage
from ui.unlock.new_vault import NewVaultPage
from ui.unlock.opening import Opening
from ui.unlock.page import UnlockPage

_LOCK_WAITS_MS = 3000
_LATER = {
    "wizard": ("ui.wizard.page", "WizardPage"),
    "check": ("ui.pages.check", "CheckPage"),
    "receipt": ("ui.pages.receipt", "ReceiptPage"),
    "outbox": ("ui.pages.outbox", "OutboxPage"),
    "archive": ("ui.pages.archive", "ArchivePage"),
}


class Places:
    """Builds a page when it is asked for."""

    def __init__(self, session: Session, wish: ThemeWish) -> None:
        self.session = session
        self._wish = wish

    def tell(self, line: StatusLine) -> None:
        """Let the line say how things stand from now on."""
        StatusReader(line, self.session)

    def serve(self, door: UnlockPage) -> None:
        """Let the door open vaults."""
        Opening(door, self.session)

    def close_vault(self) -> None:
        """Close the vault, after giving what still works with it a moment to end."""
        wait_for_tasks(_LOCK_WAITS_MS)
        self.session.lock()
        self.session.locked.emit()

    def make(self, name: str) -> Place:
        """A new page. Raises KeyError for a name that no place has."""
        session = self.session
        match name:
            case "reports":
                page = ReportsPage(session)
                return make_place(page, page)
            case "settings":
                settings = SettingsPage(session, self._wish)
                return make_place(settings, settings)
            case "help":
                help_page = HelpPage()
                return make_place(help_page, help_page)
            case "first-connect":
                first = FirstConnectPage(session)
                return make_place(first, first)
            case "new-vault":
                new = NewVaultPage(session)
                return make_place(new, new)
        module, kind = _LATER[name]
        other = getattr(importlib.import_module(module), kind)(session)
        return make_place(other, other)


def read_parts() -> tuple[Form, Labels, WordList]:
    """The form, its labels and the words of receipts (blocks for reading the files)."""
    return *read_form(), read_words()
