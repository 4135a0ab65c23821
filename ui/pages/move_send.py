"""On the old computer: write the open vault into a file, and lay it aside here."""

from pathlib import Path

from PySide6.QtCore import Signal

from app.domain.typed_code import CodeKind, read_code
from app.errors import InputError, UserError
from app.progress import Progress
from ui.file_choice import choose_new_file
from ui.messages import show_failure
from ui.session import Session
from ui.task import Task
from ui.unlock.passphrase import PassphraseEdit
from ui.widgets.bars import ProgressStrip
from ui.widgets.buttons import PrimaryButton
from ui.widgets.cards import Card
from ui.widgets.code_line import CodeLine
from ui.widgets.fields import Field
from ui.widgets.heading import Prose, SectionTitle
from ui.widgets.rows import in_a_row

FILE_NAME = "moved.nmm"


class SendCard(Card):
    """sent: the file is written; no vault is open any more."""

    sent = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._none = Prose("Open your vault first, if it is on this computer.", role="help")
        self.code = CodeLine()
        self._code_field = Field(
            "Code of the new computer", self.code, "The new computer shows it on this same page."
        )
        self.passphrase = PassphraseEdit()
        self._passphrase_field = Field("Passphrase of this vault", self.passphrase)
        self._do_it = PrimaryButton("Write the file")
        self._do_it.clicked.connect(self._start)
        self.code.returnPressed.connect(self.passphrase.setFocus)
        self.passphrase.entered.connect(self._start)
        self._row = in_a_row(self._do_it)
        self._strip = ProgressStrip()
        self.body.addWidget(SectionTitle("This is the old computer"))
        for part in (
            *(self._none, self._code_field, self._passphrase_field),
            *(self._row, self._strip),
        ):
            self.body.addWidget(part)

    def read(self) -> None:
        """Show the fields while a vault is open."""
        self.code.clear()
        self.passphrase.clear()
        for field in (self._code_field, self._passphrase_field):
            field.show_error(None)
            field.setVisible(self._session.is_unlocked)
        self._row.setVisible(self._session.is_unlocked)
        self._none.setVisible(not self._session.is_unlocked)

    def errors(self) -> tuple[str, str]:
        """What is said at the code and at the passphrase."""
        return self._code_field.error(), self._passphrase_field.error()

    def write_to(self, target: Path) -> None:
        """Write the file there, from what was typed."""
        session, passphrase = self._session, self.passphrase.text()
        code = read_code(self.code.text(), CodeKind.MOVE)

        def work(progress: Progress) -> None:
            session.send_off(passphrase, code, target, progress)

        self._do_it.setEnabled(False)
        task = Task(self, work).on_end(lambda: self._do_it.setEnabled(True))
        task.on_done(lambda _nothing: self.sent.emit()).on_failed(self._refuse)
        self._strip.follow(task, "Writing the file and reading it back")
        task.start()

    def _start(self) -> None:
        if not self._do_it.isEnabled():
            return
        passphrase = self.passphrase.text()
        self._code_field.show_error(None)
        self._passphrase_field.show_error(None if passphrase else "Type the passphrase.")
        try:
            read_code(self.code.text(), CodeKind.MOVE)
        except InputError as error:
            self._code_field.show_error(f"{error.title} {error.hint}")
            self._code_field.focus_editor()
            return
        if not passphrase:
            self._passphrase_field.focus_editor()
            return
        path = choose_new_file(self, "Where to write the file", FILE_NAME)
        if path:
            self.write_to(Path(path))

    def _refuse(self, error: Exception) -> None:
        if not self._session.is_unlocked:
            self._session.locked.emit()
        field = self._passphrase_field
        if isinstance(error, InputError):
            field.show_error(f"{error.title} {error.hint}".strip())
            field.focus_editor()
        elif isinstance(error, UserError):
            field.show_error(error.sentence())
        else:
            show_failure(self, error)
