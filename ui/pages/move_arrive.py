"""On the new computer: draw a code, then open the file once."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from app.errors import InputError, UserError
from app.progress import Progress
from app.use_cases.move_vault import expect_vault, expected_code, take_in
from ui.file_choice import choose_file
from ui.messages import show_failure
from ui.session import Session
from ui.task import Task
from ui.unlock.passphrase import PassphraseEdit
from ui.widgets.bars import ProgressStrip
from ui.widgets.buttons import PrimaryButton, SecondaryButton
from ui.widgets.cards import Card
from ui.widgets.code_card import CodeCard
from ui.widgets.fields import Field
from ui.widgets.heading import Prose, SectionTitle
from ui.widgets.rows import in_a_row


class ArriveCard(Card):
    """arrived: the vault is here and open."""

    arrived = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._draw = SecondaryButton("Draw a code")
        self._draw.clicked.connect(self._expect)
        self._code = CodeCard("The code of this computer")
        self._help = Prose("Type this code on the old computer, then bring the file here.")
        self.name = QLineEdit()
        self.name.setMaximumWidth(320)
        self.name.setMaxLength(32)
        self._name_field = Field(
            "Name of the vault here", self.name, "Others can see it; let it say nothing about you."
        )
        self.passphrase = PassphraseEdit()
        self._passphrase_field = Field("Passphrase of the vault", self.passphrase)
        self._do_it = PrimaryButton("Choose the file and open it")
        self._do_it.clicked.connect(self._start)
        self.name.returnPressed.connect(self.passphrase.setFocus)
        self.passphrase.entered.connect(self._start)
        self._row = in_a_row(self._do_it)
        self._strip = ProgressStrip()
        self.body.addWidget(SectionTitle("This is the new computer"))
        for part in (
            *(self._draw, self._code, self._help, self._name_field, self._passphrase_field),
            *(self._row, self._strip),
        ):
            self.body.addWidget(part)

    def read(self) -> None:
        """Show the code that this computer waits for, if it has drawn one."""
        code = expected_code(self._session.home)
        self._code.show_code(code)
        self._draw.setVisible(not code)
        names = self._session.home.vault_names()
        free = ("first", *(f"desk-{number}" for number in range(2, len(names) + 3)))
        self.name.setText(next(name for name in free if name not in names))
        self.passphrase.clear()
        for field in (self._name_field, self._passphrase_field):
            field.show_error(None)
        for part in (
            *(self._code, self._help, self._name_field, self._passphrase_field, self._row),
        ):
            part.setVisible(bool(code))

    def error(self) -> str:
        """What is said at the passphrase."""
        return self._passphrase_field.error()

    def open_file(self, source: Path) -> None:
        """Open it with what was typed."""
        session, passphrase, name = self._session, self.passphrase.text(), self.name.text().strip()

        def work(progress: Progress) -> None:
            take_in(session.home, source, passphrase, name, progress)
            session.lock()
            session.unlock(name, passphrase)

        self._do_it.setEnabled(False)
        task = Task(self, work).on_end(lambda: self._do_it.setEnabled(True))
        task.on_done(self._tell).on_failed(self._refuse)
        self._strip.follow(task, "Checking every page")
        task.start()

    def _expect(self) -> None:
        try:
            expect_vault(self._session.home)
        except Exception as error:  # noqa: BLE001  (shown: a sentence, or the code of a defect)
            show_failure(self, error)
            return
        self.read()

    def _start(self) -> None:
        if not self._do_it.isEnabled():
            return
        passphrase = self.passphrase.text()
        self._passphrase_field.show_error(None if passphrase else "Type the passphrase.")
        try:
            folder = self._session.home.vault_folder(self.name.text().strip())
            is_taken = folder.exists()
            self._name_field.show_error("This name is taken here." if is_taken else None)
        except InputError as error:
            self._name_field.show_error(f"{error.title} {error.hint}")
            is_taken = True
        if is_taken:
            self._name_field.focus_editor()
        elif not passphrase:
            self._passphrase_field.focus_editor()
        elif path := choose_file(self, "The file of the old computer", "All files (*)"):
            self.open_file(Path(path))

    def _tell(self, _nothing: None) -> None:
        self.passphrase.clear()
        self._session.unlocked.emit()
        self.arrived.emit()

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, InputError):
            self._passphrase_field.show_error(f"{error.title} {error.hint}".strip())
            self._passphrase_field.focus_editor()
        elif isinstance(error, UserError):
            self._passphrase_field.show_error(error.sentence())
        else:
            show_failure(self, error)
