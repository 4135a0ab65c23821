"""Every page of the window by the name of its place. Imported after the window stands."""

from collections.abc import Callable
from typing import TypeAlias

from app.domain.form import Form
from app.domain.labels import Labels
from sync.protocol.words import WordList
from ui.cli.parts import read_form, read_words
from ui.left_place import LeftPlaces
from ui.pages.archive import ArchivePage
from ui.pages.check import CheckPage
from ui.pages.destroy import DestroyPage
from ui.pages.discarded import DiscardedPage
from ui.pages.draft_file import DraftFilePage
from ui.pages.erase import ErasePage
from ui.pages.help import HelpPage
from ui.pages.leaves import LeavesPage
from ui.pages.mail_words import MailWordsPage
from ui.pages.messages import MessagesPage
from ui.pages.move import MovePage
from ui.pages.outbox import OutboxPage
from ui.pages.receipt import ReceiptPage
from ui.pages.recovery_code import RecoveryCodePage
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
from ui.unlock.recover import RecoverPage
from ui.unlock.restore import RestorePage
from ui.wizard.page import WizardPage

OpenablePage: TypeAlias = (
    ReportsPage
    | WizardPage
    | CheckPage
    | ReceiptPage
    | OutboxPage
    | LeavesPage
    | MessagesPage
    | MailWordsPage
    | ArchivePage
    | SettingsPage
    | HelpPage
    | FirstConnectPage
    | NewVaultPage
    | RecoverPage
    | RecoveryCodePage
    | DestroyPage
    | ErasePage
    | MovePage
    | DiscardedPage
    | DraftFilePage
    | RestorePage
)
_LOCK_WAITS_MS = 3000


class Places:
    """Builds a page when it is asked for."""

    def __init__(self, session: Session, wish: ThemeWish) -> None:
        self.session = session
        self.left = LeftPlaces()
        self.wish = wish

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
        makers: dict[str, Callable[[], OpenablePage]] = {
            "reports": lambda: ReportsPage(session),
            "wizard": lambda: WizardPage(session),
            "check": lambda: CheckPage(session),
            "receipt": lambda: ReceiptPage(session),
            "outbox": lambda: OutboxPage(session),
            "leaves": lambda: LeavesPage(session),
            "messages": lambda: MessagesPage(session),
            "mail": lambda: MailWordsPage(session),
            "archive": lambda: ArchivePage(session),
            "settings": lambda: SettingsPage(session, self.wish),
            "help": HelpPage,
            "first-connect": lambda: FirstConnectPage(session),
            "new-vault": lambda: NewVaultPage(session),
            "recover": lambda: RecoverPage(session),
            "recovery-code": lambda: RecoveryCodePage(session),
            "destroy": lambda: DestroyPage(session),
            "erase": lambda: ErasePage(session),
            "move": lambda: MovePage(session),
            "discarded": lambda: DiscardedPage(session),
            "draft-file": lambda: DraftFilePage(session),
            "restore": lambda: RestorePage(session),
        }
        page = makers[name]()
        return make_place(page, page)


def read_parts() -> tuple[Form, Labels, WordList]:
    """The form, its labels and the words of receipts (blocks for reading the files)."""
    return *read_form(), read_words()
