"""The door: which vault, its passphrase, and nothing else."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidget

from app.errors import InputError, UserError
from app.paths import Home
from app.progress import Cancelled, Progress
from ui.messages import show_failure
from ui.task import Task
from ui.unlock.passphrase import PassphraseEdit
from ui.widgets.bars import ProgressStrip
from ui.widgets.buttons import PrimaryButton, QuietButton
from ui.widgets.cards import Banner, Card
from ui.widgets.fields import Field
from ui.widgets.page import Page
from ui.widgets.rows import in_a_row

if TYPE_CHECKING:  # the window is painted before anything of this is imported
    from sync.uploader import Settled
    from ui.session import Session

_ROW_PX, _ROWS_SHOWN = 44, 4


class UnlockPage(Page):
    """Opens a vault and goes to the reports, with what became of those that were sent.

    It can be used before `join`: what is entered then is opened as soon as that is possible.
    """

    navigate = Signal(str, object)

    def __init__(self, home: Home) -> None:
        super().__init__("Open your vault")
        self._home = home
        self._session: Session | None = None
        self._is_waiting = False
        self._is_opening = False
        self._vaults = QListWidget()
        self._vaults.setProperty("role", "options")
        self._vaults.setTabKeyNavigation(False)
        self._vaults.setFrameShape(QFrame.Shape.NoFrame)
        self._vaults.setMaximumWidth(480)
        self._vaults.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._vault_field = Field("Which vault", self._vaults)
        self._passphrase = PassphraseEdit()
        self._passphrase.entered.connect(self._submit)
        self._passphrase_field = Field("Passphrase", self._passphrase)
        self._open = PrimaryButton("Open")
        self._open.clicked.connect(self._submit)
        self._strip = ProgressStrip()
        self._strip.setMaximumWidth(480)
        another = QuietButton("Make another vault")
        another.clicked.connect(lambda: self.navigate.emit("new-vault", None))
        self.body.setSpacing(20)
        self.body.addWidget(
            Banner(
                "stays",
                "Only your passphrase opens it",
                "Your drafts lie encrypted on this computer. Nobody at your agency can read them, "
                "and nobody can bring back a passphrase that is lost.",
            )
        )
        card = Card()
        card.body.setSpacing(20)
        for part in (
            *(self._vault_field, self._passphrase_field),
            *(in_a_row(self._open, another), self._strip),
        ):
            card.body.addWidget(part)
        self.body.addWidget(card)

    def join(self, session: "Session") -> None:
        """From now on a vault can be opened."""
        self._session = session
        if self._is_waiting:
            self._is_waiting = False
            self._submit()

    def open(self, argument: object) -> None:
        """Show the vaults that there are; argument: the name of the one to choose, or None."""
        chosen = argument if isinstance(argument, str) else self._chosen()
        names = self._home.vault_names()
        self._vaults.clear()
        self._vaults.addItems(names)
        self._vaults.setCurrentRow(names.index(chosen) if chosen in names else 0)
        self._vaults.setFixedHeight(_ROW_PX * min(len(names), _ROWS_SHOWN) + 8)
        self._vault_field.setVisible(len(names) > 1)
        self._passphrase.clear()
        self._passphrase_field.show_error(None)
        self._passphrase.setFocus()

    def _chosen(self) -> str:
        chosen = self._vaults.selectedItems()
        return chosen[0].text() if chosen else ""

    def _submit(self) -> None:
        if self._is_opening:
            return
        passphrase = self._passphrase.text()
        if not passphrase:
            self._passphrase_field.show_error("Type the passphrase of this vault.")
            return
        self._open.setEnabled(False)
        if self._session is None:
            self._is_waiting = True
            return
        self._passphrase_field.show_error(None)
        self._is_opening = True
        session, name = self._session, self._chosen()

        def work(progress: Progress) -> "Settled":
            settled = session.unlock(name, passphrase)
            try:
                progress.report(1, 1)
            except Cancelled:
                session.lock()
                raise
            return settled

        task = Task(self, work).on_end(self._end).on_done(self._enter).on_failed(self._refuse)
        self._strip.follow(task, "Opening the vault")
        task.start()

    def _end(self) -> None:
        self._is_opening = False
        self._open.setEnabled(True)

    def _enter(self, settled: object) -> None:
        self._passphrase.clear()
        if self._session is not None:
            self._session.unlocked.emit()
        self.navigate.emit("reports", settled)

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, InputError):
            self._passphrase.select_all()
            self._passphrase.setFocus()
            self._passphrase_field.show_error(f"{error.title} {error.hint}")
        elif isinstance(error, UserError):
            self._passphrase_field.show_error(error.sentence())
        else:
            show_failure(self, error)
