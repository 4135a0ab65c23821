"""The passphrase is lost: a recovery code sets a new one, and nothing else does."""

from PySide6.QtCore import Signal

from app.domain.typed_code import CodeKind, read_code
from app.errors import InputError, UserError
from app.progress import Progress
from app.use_cases import keep_safe
from ui.messages import show_failure
from ui.session import Session
from ui.task import Task
from ui.unlock.new_passphrase import NewPassphrase
from ui.unlock.vault_list import VaultList
from ui.widgets.bars import ProgressStrip
from ui.widgets.buttons import PrimaryButton, QuietButton
from ui.widgets.cards import Banner, Card
from ui.widgets.code_line import CodeLine
from ui.widgets.fields import Field
from ui.widgets.page import Page
from ui.widgets.rows import in_a_row


class RecoverPage(Page):
    """Code and new passphrase; afterwards the vault is open."""

    navigate = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__("The passphrase is lost")
        self._session = session
        self._is_busy = False
        self._vaults = VaultList()
        self._vaults_field = Field("Which vault", self._vaults)
        self._line = CodeLine()
        self._field = Field(
            "Recovery code", self._line, "28 letters and digits, in groups of four, on your paper."
        )
        self._new = NewPassphrase(session.words, "New passphrase", lambda: (self._vaults.chosen(),))
        self._line.returnPressed.connect(self._new.setFocus)
        self._new.entered.connect(self._recover)
        self._do_it = PrimaryButton("Set it and open the vault")
        self._do_it.clicked.connect(self._recover)
        back = QuietButton("Back")
        back.clicked.connect(lambda: self.navigate.emit("reports", None))
        erase = QuietButton("Without a code: erase the vault")
        erase.clicked.connect(lambda: self.navigate.emit("erase", self._vaults.chosen()))
        self._strip = ProgressStrip()
        self.body.addWidget(
            Banner(
                "warning",
                "Only a recovery code helps",
                "If you made none, what is in this vault is lost: nobody holds a second key. What "
                "was sealed and waits leaves all the same, and the seven words on your paper "
                "still work.",
            )
        )
        card = Card()
        for part in (
            *(self._vaults_field, self._field, self._new),
            *(in_a_row(self._do_it, back, erase), self._strip),
        ):
            card.body.addWidget(part)
        self.body.addWidget(card)

    def open(self, argument: object) -> None:
        """Empty fields. argument: the vault that was chosen at the door, if there are several."""
        names = self._session.home.vault_names()
        self._vaults.show_names(names)
        if argument in names:
            self._vaults.setCurrentRow(names.index(str(argument)))
        self._vaults_field.setVisible(len(names) > 1)
        self.clear()
        self._line.setFocus()

    def clear(self) -> None:
        """Take away what was typed."""
        self._line.clear()
        self._field.show_error(None)
        self._new.clear()

    def error(self) -> str:
        """What is said at the code."""
        return self._field.error()

    def _recover(self) -> None:
        if self._is_busy:
            return
        self._field.show_error(None)
        try:
            code = read_code(self._line.text(), CodeKind.RECOVERY)
        except InputError as error:
            self._refuse(error)
            return
        new = self._new.value()
        if new is None:
            return
        session, name = self._session, self._vaults.chosen()

        def work(_progress: Progress) -> object:
            keep_safe.recover_vault(session.home, name, code, new)
            session.lock()
            return session.unlock(name, new)

        self._is_busy = True
        self._do_it.setEnabled(False)
        task = Task(self, work).on_end(self._end).on_done(self._enter).on_failed(self._refuse)
        self._strip.follow(task, "Opening the vault")
        task.start()

    def _end(self) -> None:
        self._is_busy = False
        self._do_it.setEnabled(True)

    def _enter(self, settled: object) -> None:
        self.clear()
        self._session.unlocked.emit()
        self.navigate.emit("reports", settled)

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, InputError):
            self._field.show_error(f"{error.title} {error.hint}".strip())
            self._field.focus_editor()
        elif isinstance(error, UserError):
            self._field.show_error(error.sentence())
        else:
            show_failure(self, error)
