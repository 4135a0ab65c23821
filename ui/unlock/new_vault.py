"""Make a vault: the last step of the first start, and for the next person at this computer."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.typed_code import CodeKind, draw_secret, write_code
from app.errors import InputError, UserError
from app.progress import Cancelled, Progress
from ui.messages import show_failure
from ui.session import Session
from ui.task import Task
from ui.unlock.neutral import find_login, is_telling
from ui.unlock.new_passphrase import NewPassphrase
from ui.widgets.bars import ProgressStrip
from ui.widgets.buttons import PrimaryButton, QuietButton
from ui.widgets.cards import Banner, Card
from ui.widgets.choice_rows import TickRow
from ui.widgets.dangers import DangerBanners
from ui.widgets.fields import Field
from ui.widgets.heading import Caption, Prose
from ui.widgets.page import Page
from ui.widgets.rows import in_a_row

_CODE_HELP = (
    "It sets a new passphrase if you forget yours. You can do without: paper in a locker opens "
    "the vault. Settings makes one later, or takes it away."
)
_FIRST_NAME = "first"
_NAME_LIMIT = 32


class NewVaultPage(Page):
    """A neutral name and a passphrase, twice. Goes to the reports when it is made."""

    navigate = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__("Make your vault")
        self._session = session
        self._is_making = False
        self._step = Caption("Step 3 of 3: your vault")
        self._name = QLineEdit()
        self._name.setMaxLength(_NAME_LIMIT)
        self._name.setMaximumWidth(480)
        self._name.returnPressed.connect(self._make_it)
        self._name_field = Field(
            "Name of the vault",
            self._name,
            "Others can see it, so let it say nothing about you.",
        )
        self._passphrase = NewPassphrase(session.words, known=lambda: (self._name.text().strip(),))
        self._passphrase.entered.connect(self._make_it)
        self._with_code = TickRow("code", "Make a recovery code too, for paper")
        self._with_code.setAccessibleDescription(_CODE_HELP)
        self._make = PrimaryButton("Make the vault")
        self._make.clicked.connect(self._make_it)
        self._back = QuietButton("Back")
        self._back.clicked.connect(self._go_back)
        lost = QuietButton("What if it is lost?")
        lost.clicked.connect(lambda: self.navigate.emit("help", "lost"))
        self._strip = ProgressStrip()
        self.body.addWidget(self._step)
        self.body.addWidget(
            Banner(
                "stays",
                "One vault for one person",
                "What you write is kept in it, encrypted. Without the passphrase nobody can "
                "read it: not your agency, not the research team, and not you.",
            )
        )
        self.dangers = DangerBanners(session.home)
        self.body.addWidget(self.dangers)
        card = Card()
        card.body.setSpacing(16)
        for part in (
            *(self._name_field, self._passphrase, _tick_with_help(self._with_code)),
            *(in_a_row(self._make, self._back, lost), self._strip),
        ):
            card.body.addWidget(part)
        self.body.addWidget(card)

    def open(self, argument: object) -> None:
        """Empty fields, with a name that is free."""
        names = self._session.home.vault_names()
        self._step.setVisible(not names)
        free = (f"desk-{number}" for number in range(2, len(names) + 3))
        self._name.setText(
            next(name for name in free if name not in names) if names else _FIRST_NAME
        )
        self._name_field.show_error(None)
        self._passphrase.clear()
        self._with_code.setChecked(False)
        self.dangers.look()
        self._name.setFocus()
        self._name.selectAll()

    def _go_back(self) -> None:
        has_vault = bool(self._session.home.vault_names())
        self.navigate.emit("reports" if has_vault else "first-connect", None)

    def _make_it(self) -> None:
        if self._is_making:
            return
        session, name = self._session, self._name.text().strip()
        try:
            session.home.vault_folder(name)
        except InputError as error:
            self._name_field.show_error(f"{error.title} {error.hint}")
            self._name_field.focus_editor()
            return
        if is_telling(name, find_login()):
            self._name_field.show_error("This says whose it is. Choose a name such as desk-2.")
            self._name_field.focus_editor()
            return
        self._name_field.show_error(None)
        passphrase = self._passphrase.value()
        if passphrase is None:
            return
        self._is_making = True
        self._make.setEnabled(False)
        code = draw_secret() if self._with_code.isChecked() else None
        written = "" if code is None else write_code(code, CodeKind.RECOVERY)

        def work(progress: Progress) -> str:
            session.lock()
            session.create_vault(name, passphrase, code)
            try:
                progress.report(1, 1)
            except Cancelled:
                session.lock()
                raise
            return written

        task = Task(self, work).on_end(self._end).on_done(self._enter).on_failed(self._refuse)
        self._strip.follow(task, "Making the vault")
        task.start()

    def _end(self) -> None:
        self._is_making = False
        self._make.setEnabled(True)

    def _enter(self, code: str) -> None:
        self._passphrase.clear()
        self._session.unlocked.emit()
        if code:
            self.navigate.emit("recovery-code", code)
        else:
            self.navigate.emit("reports", None)

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, InputError):
            self._name_field.show_error(f"{error.title} {error.hint}")
            self._name_field.focus_editor()
        elif isinstance(error, UserError):
            self._name_field.show_error(error.sentence())
        else:
            show_failure(self, error)


def _tick_with_help(tick: TickRow) -> QWidget:
    pair = QWidget()
    pair.setProperty("role", "plain")
    column = QVBoxLayout(pair)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(tick)
    column.addWidget(Prose(_CODE_HELP, role="help"))
    return pair
