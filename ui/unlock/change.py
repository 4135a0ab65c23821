"""Put the open vault under another passphrase."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import InputError, UserError
from app.progress import Progress
from app.use_cases import keep_safe
from ui.messages import show_failure
from ui.session import Session
from ui.task import Task
from ui.unlock.new_passphrase import NewPassphrase
from ui.unlock.passphrase import PassphraseEdit
from ui.widgets.bars import ProgressStrip
from ui.widgets.buttons import PrimaryButton, QuietButton
from ui.widgets.fields import Field
from ui.widgets.rows import in_a_row


class ChangePassphrase(QWidget):
    """finished: with True if the passphrase is another one now."""

    finished = Signal(bool)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._is_changing = False
        self._old = PassphraseEdit()
        self._old_field = Field("Present passphrase", self._old)
        self._new = NewPassphrase(session.words, "New passphrase", lambda: (session.vault_name,))
        self._old.entered.connect(self._new.setFocus)
        self._new.entered.connect(self._change)
        self._do_it = PrimaryButton("Change it")
        self._do_it.clicked.connect(self._change)
        cancel = QuietButton("Leave it as it is")
        cancel.clicked.connect(lambda: self.finished.emit(False))
        self._strip = ProgressStrip()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for part in (self._old_field, self._new, in_a_row(self._do_it, cancel), self._strip):
            column.addWidget(part)
        self.setFocusProxy(self._old)

    def clear(self) -> None:
        """Empty fields."""
        self._old.clear()
        self._old_field.show_error(None)
        self._new.clear()

    def error(self) -> str:
        """What is said at the present passphrase."""
        return self._old_field.error()

    def _change(self) -> None:
        if self._is_changing:
            return
        old = self._old.text()
        self._old_field.show_error(None if old else "Type the present passphrase.")
        if not old:
            self._old_field.focus_editor()
            return
        new = self._new.value()
        if new is None:
            return
        self._is_changing = True
        self._do_it.setEnabled(False)
        home, name = self._session.home, self._session.vault_name

        def work(_progress: Progress) -> None:
            keep_safe.change_passphrase(home, name, old, new)

        task = Task(self, work).on_end(self._end).on_done(self._tell).on_failed(self._refuse)
        self._strip.follow(task, "Changing the passphrase")
        task.start()

    def _end(self) -> None:
        self._is_changing = False
        self._do_it.setEnabled(True)

    def _tell(self, _nothing: None) -> None:
        self.clear()
        self.finished.emit(True)

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, InputError):
            self._old_field.show_error(f"{error.title} {error.hint}")
            self._old_field.focus_editor()
        elif isinstance(error, UserError):
            self._old_field.show_error(error.sentence())
        else:
            show_failure(self, error)
