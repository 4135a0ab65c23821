"""The door: which vault, its passphrase, and nothing else. Painted before the rest is imported."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.paths import Home
from ui.unlock.passphrase import PassphraseEdit
from ui.widgets.buttons import PrimaryButton, QuietButton
from ui.widgets.cards import Banner, Card
from ui.widgets.fields import Field
from ui.widgets.page import Page
from ui.widgets.rows import in_a_row

if TYPE_CHECKING:
    from ui.unlock.vault_list import VaultList
    from ui.unlock.waiting import Waiting


class UnlockPage(Page):
    """Asks; `ui.unlock.opening` opens, as soon as it is there.

    entered: a passphrase was entered; `entry` has it from then on until `refuse` or `open`.
    """

    navigate = Signal(str, object)
    entered = Signal()

    def __init__(self, home: Home) -> None:
        super().__init__("Open your vault")
        self._home = home
        self._names: tuple[str, ...] = ()
        self._entry: tuple[str, str] | None = None
        self._vaults: VaultList | None = None
        self._waiting: Waiting | None = None
        self._passphrase = PassphraseEdit()
        self._passphrase.entered.connect(self._enter)
        self._field = Field("Passphrase", self._passphrase)
        self._button = PrimaryButton("Open")
        self._button.clicked.connect(self._enter)
        another = QuietButton("Make another vault")
        another.clicked.connect(lambda: self.navigate.emit("new-vault", None))
        words = QuietButton("Read messages with seven words")
        words.clicked.connect(lambda: self.navigate.emit("mail", None))
        self.body.setSpacing(20)
        self.body.addWidget(
            Banner(
                "stays",
                "Only your passphrase opens it",
                "Your drafts lie encrypted on this computer. Nobody at your agency can read them, "
                "and nobody can bring back a passphrase that is lost.",
            )
        )
        self._locked = Banner("info", "")
        self._locked.hide()
        self.body.addWidget(self._locked)
        self._card = Card()
        self._card.body.setSpacing(20)
        self._card.body.addWidget(self._field)
        lost = QuietButton("The passphrase is lost")
        lost.clicked.connect(lambda: self.navigate.emit("recover", self._chosen()))
        self._card.body.addWidget(in_a_row(self._button, another, words))
        backup = QuietButton("Put a backup back")
        backup.clicked.connect(lambda: self.navigate.emit("restore", None))
        self._card.body.addWidget(in_a_row(lost, backup))
        self.body.addWidget(self._card)

    @property
    def entry(self) -> tuple[str, str] | None:
        """Vault and passphrase that were entered and not answered yet."""
        return self._entry

    def open(self, argument: object) -> None:
        """Show the vaults that there are, with empty fields."""
        self._names = self._home.vault_names()
        if len(self._names) > 1:
            self._show_vaults()
        self._entry = None
        self._button.setEnabled(True)
        self._passphrase.clear()
        self._field.show_error(None)
        self._passphrase.setFocus()

    def add_below(self, widget: QWidget) -> None:
        """Put something below the button: how far the opening is."""
        self._card.body.addWidget(widget)

    def refuse(self, text: str) -> None:
        """Say at the field why the vault was not opened; empty if somebody stopped it."""
        self._entry = None
        self._button.setEnabled(True)
        self._field.show_error(text or None)
        self._passphrase.select_all()
        self._passphrase.setFocus()

    def make_wait(self, wait_s: int) -> None:
        """After several wrong passphrases: nothing can be entered for so long."""
        from ui.unlock.waiting import Waiting  # noqa: PLC0415  (not at the start)

        if self._waiting is None:
            self._waiting = Waiting(self._button)
            self.add_below(self._waiting)
        self._waiting.begin(wait_s)

    def say_locked(self, *, is_unsaved: bool) -> None:
        """Say what unlocking leads to, after the window was locked."""
        self._locked.show()
        if is_unsaved:
            self._locked.set_content(
                "warning",
                "Locked, and the last words are not on the disk yet",
                "The vault could not take them. This window holds them, unreadable without your "
                "passphrase. Make room on the disk and open the vault; do not close the window.",
            )
        else:
            self._locked.set_content("info", "Locked. Open it, and you are where you were.", "")

    def clear_typed(self) -> None:
        """Take letters away that somebody has typed and left."""
        if self._entry is None:
            self._passphrase.clear()

    def error(self) -> str:
        """What is said at the field."""
        return self._field.error()

    def _chosen(self) -> str:
        return self._vaults.chosen() if self._vaults is not None else self._names[0]

    def _show_vaults(self) -> None:
        # Most computers have one vault; for them the list need not be imported.
        from ui.unlock.vault_list import VaultList  # noqa: PLC0415

        if self._vaults is None:
            self._vaults = VaultList()
            self._card.body.insertWidget(0, Field("Which vault", self._vaults))
        self._vaults.show_names(self._names)

    def _enter(self) -> None:
        if self._entry is not None or not self._button.isEnabled():
            return
        passphrase = self._passphrase.text()
        if not passphrase:
            self.refuse("Type the passphrase of this vault.")
            return
        self._entry = (self._chosen(), passphrase)
        self._field.show_error(None)
        self._button.setEnabled(False)
        self.entered.emit()
