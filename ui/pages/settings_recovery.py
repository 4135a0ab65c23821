"""The part of the settings about the recovery code of the vault that is open."""

from PySide6.QtCore import Signal

from app.domain.typed_code import CodeKind, draw_secret, write_code
from app.errors import InputError, UserError
from app.progress import Progress
from app.use_cases import keep_safe
from ui.messages import show_failure
from ui.session import Session
from ui.task import Task
from ui.unlock.passphrase import PassphraseEdit
from ui.widgets.bars import ProgressStrip
from ui.widgets.buttons import PrimaryButton, QuietButton, SecondaryButton
from ui.widgets.cards import Banner, Card
from ui.widgets.fields import Field
from ui.widgets.heading import Prose, SectionTitle
from ui.widgets.rows import in_a_row

_THERE = (
    "There is one. Whoever has that paper and gets at this computer needs no passphrase. A new "
    "code makes it worthless."
)
_NONE = (
    "There is none: if you forget the passphrase, what is in the vault is lost. A code on paper "
    "prevents that. But paper in a locker opens the vault."
)


class RecoveryCard(Card):
    """Hidden while no vault is open. grown: a form is shown. made: with the code as written."""

    grown = Signal()
    made = Signal(str)
    lost_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._removes = False
        self._state = Prose("")
        self._news = Banner("success", "", "")
        self._make = SecondaryButton("Make a recovery code")
        self._make.clicked.connect(lambda: self._ask(removes=False))
        self._remove = SecondaryButton("Take it away")
        self._remove.clicked.connect(lambda: self._ask(removes=True))
        lost = QuietButton("What if something is lost?")
        lost.clicked.connect(self.lost_wanted)
        self._buttons = in_a_row(self._make, self._remove, lost)
        self._passphrase = PassphraseEdit()
        self._passphrase.entered.connect(self._change)
        self._field = Field("Passphrase", self._passphrase)
        self._do_it = PrimaryButton("Make the code")
        self._do_it.clicked.connect(self._change)
        leave = QuietButton("Leave it as it is")
        leave.clicked.connect(self.read)
        self._form = in_a_row(self._do_it, leave)
        self._strip = ProgressStrip()
        for part in (
            *(SectionTitle("Recovery code"), self._state, self._news, self._buttons),
            *(self._field, self._form, self._strip),
        ):
            self.body.addWidget(part)
        session.unlocked.connect(self.read)
        session.locked.connect(self.read)

    def read(self) -> None:
        """Show whether there is a code."""
        self.setVisible(self._session.is_unlocked)
        self._passphrase.clear()
        self._field.show_error(None)
        self._news.hide()
        self._show_form(is_shown=False)
        if self._session.is_unlocked:
            home, name = self._session.home, self._session.vault_name
            is_there = keep_safe.has_recovery_code(home, name)
            self._state.setText(_THERE if is_there else _NONE)
            self._make.set_text("Make a new code" if is_there else "Make a recovery code")
            self._remove.setVisible(is_there)

    def error(self) -> str:
        """What is said at the passphrase."""
        return self._field.error()

    def _ask(self, *, removes: bool) -> None:
        self._removes = removes
        self._do_it.set_text("Take the code away" if removes else "Make the code")
        self._show_form(is_shown=True)
        self._passphrase.setFocus()
        self.grown.emit()

    def _show_form(self, *, is_shown: bool) -> None:
        self._buttons.setVisible(not is_shown)
        self._field.setVisible(is_shown)
        self._form.setVisible(is_shown)

    def _change(self) -> None:
        passphrase = self._passphrase.text()
        self._field.show_error(None if passphrase else "Type the passphrase of this vault.")
        if not passphrase or not self._do_it.isEnabled():
            return
        home, name = self._session.home, self._session.vault_name
        code = None if self._removes else draw_secret()

        def work(_progress: Progress) -> str:
            keep_safe.change_recovery_code(home, name, passphrase, code)
            return "" if code is None else write_code(code, CodeKind.RECOVERY)

        self._do_it.setEnabled(False)
        task = Task(self, work).on_end(lambda: self._do_it.setEnabled(True))
        task.on_done(self._tell).on_failed(self._refuse)
        self._strip.follow(task, "Changing the key file")
        task.start()

    def _tell(self, code: str) -> None:
        self.read()
        if code:
            self.made.emit(code)
            return
        self._news.set_content("success", "The code is taken away", "It opens nothing more.")
        self._news.show()

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, InputError):
            self._field.show_error(f"{error.title} {error.hint}")
            self._field.focus_editor()
        elif isinstance(error, UserError):
            self._field.show_error(error.sentence())
        else:
            show_failure(self, error)
