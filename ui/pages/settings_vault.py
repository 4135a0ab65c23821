"""The part of the settings about the vault that is open: its passphrase, and a check of it."""

from PySide6.QtCore import Signal

from app.errors import UserError
from app.use_cases.keep_copies import Checked
from ui.messages import show_failure
from ui.session import Session
from ui.task import Task
from ui.unlock.change import ChangePassphrase
from ui.widgets.bars import ProgressStrip
from ui.widgets.buttons import SecondaryButton
from ui.widgets.cards import Banner, Card
from ui.widgets.heading import Prose, SectionTitle
from ui.widgets.rows import in_a_row


class VaultCard(Card):
    """Hidden while no vault is open. grown: a form is shown that may lie out of sight."""

    grown = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._title = SectionTitle("Vault")
        self._news = Banner("success", "", "")
        self._change = SecondaryButton("Change the passphrase")
        self._change.clicked.connect(self._show_form)
        self._check = SecondaryButton("Check the vault")
        self._check.clicked.connect(self._start_check)
        self._buttons = in_a_row(self._change, self._check)
        self._form = ChangePassphrase(session)
        self._form.finished.connect(self._close_form)
        self._strip = ProgressStrip()
        self.body.addWidget(self._title)
        self.body.addWidget(
            Prose(
                "It holds your drafts and private notes. A check reads every page of it, of its "
                "outbox and its backups, and tells whether anything was damaged or exchanged."
            )
        )
        for part in (self._news, self._buttons, self._form, self._strip):
            self.body.addWidget(part)
        session.unlocked.connect(self.read)
        session.locked.connect(self.read)

    def read(self) -> None:
        """Show the vault that is open, if one is."""
        self.setVisible(self._session.is_unlocked)
        self._title.setText(f"Vault “{self._session.vault_name}”")
        self._form.clear()
        self._form.hide()
        self._news.hide()
        self._buttons.show()

    def _show_form(self) -> None:
        self._news.hide()
        self._buttons.hide()
        self._form.show()
        self._form.setFocus()
        self.grown.emit()

    def _close_form(self, is_changed: bool) -> None:
        self.read()
        if is_changed:
            self._tell("success", "The passphrase is changed", "The old one opens nothing more.")
        self._change.setFocus()

    def _start_check(self) -> None:
        self._news.hide()
        self._check.setEnabled(False)
        task = Task(self, self._session.check_vault)
        task.on_end(lambda: self._check.setEnabled(True))
        task.on_done(self._tell_checked)
        task.on_failed(self._tell_failure)
        self._strip.follow(task, "Checking every page")
        task.start()

    def _tell(self, kind: str, title: str, text: str) -> None:
        self._news.set_content("success" if kind == "success" else "error", title, text)
        self._news.show()

    def _tell_checked(self, checked: Checked) -> None:
        if checked.notices:
            first = checked.notices[0]
            self._tell("error", first.title, f"{first.text} {first.hint}")
        elif checked.damaged:
            count = len(checked.damaged)
            were = "1 backup is" if count == 1 else f"{count} backups are"
            self._tell("error", f"The vault is whole, and {were} damaged", "The others are whole.")
        else:
            self._tell("success", "The vault is whole", "Its outbox and its backups are, too.")

    def _tell_failure(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._tell("error", error.title, f"{error.text} {error.hint}".strip())
        else:
            show_failure(self, error)
