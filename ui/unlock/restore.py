"""Put a backup in the place of a vault: which one, its passphrase, and what that means."""

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Signal

from app.errors import InputError, UserError
from app.progress import Progress
from app.use_cases import keep_copies
from app.use_cases.keep_copies import COPY_ENDING, OwnBackup
from ui.ages import describe_age
from ui.file_choice import choose_file
from ui.messages import ask, show_failure
from ui.session import Session
from ui.task import Task
from ui.unlock.passphrase import PassphraseEdit
from ui.widgets.bars import ProgressStrip
from ui.widgets.buttons import PrimaryButton, QuietButton, SecondaryButton
from ui.widgets.cards import Banner, Card
from ui.widgets.fields import Field
from ui.widgets.heading import Prose
from ui.widgets.page import Page
from ui.widgets.radio_choice import RadioChoice
from ui.widgets.rows import in_a_row

_FIRST_NAME = "first"
_SHOWN = 8  # the newest; the command line knows all
_FILE = "file"


class RestorePage(Page):
    """Reached from the door, while no vault is open."""

    navigate = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__("Put a backup back")
        self._session = session
        self._found: dict[str, OwnBackup] = {}
        self._file = Path()
        self._card = Card()
        self._choice: RadioChoice | None = None
        self._which: Field | None = None
        self._nothing = Prose("There is no backup on this computer. Choose a copy in a file.")
        self._chosen = Prose("", role="help")
        self._choose = SecondaryButton("Choose a copy in a file")
        self._choose.clicked.connect(self._choose_file)
        self._passphrase = PassphraseEdit()
        self._passphrase.entered.connect(self._start)
        self._field = Field(
            "Passphrase of the backup",
            self._passphrase,
            "A backup on this computer opens with the vault's present passphrase, a copy "
            "elsewhere with the one of the day it was made.",
        )
        self._do_it = PrimaryButton("Put it back")
        self._do_it.clicked.connect(self._start)
        leave = QuietButton("Leave it as it is")
        leave.clicked.connect(lambda: self.navigate.emit("reports", None))
        self._strip = ProgressStrip()
        self.body.addWidget(
            Banner(
                "stays",
                "What is there now is not lost",
                "A backup is checked whole before anything is changed. The vault that it replaces "
                "becomes a backup, or is put aside if it is damaged. What waits in the outbox is "
                "not touched: a report that is a draft in the backup may have been sent since.",
            )
        )
        self._card.body.setSpacing(16)
        for part in (
            *(self._nothing, in_a_row(self._choose), self._chosen, self._field),
            *(in_a_row(self._do_it, leave), self._strip),
        ):
            self._card.body.addWidget(part)
        self.body.addWidget(self._card)

    def open(self, argument: object) -> None:
        """Show the backups that there are; the fields are empty."""
        if self._session.is_unlocked:
            self.navigate.emit("reports", None)
            return
        self._passphrase.clear()
        self._field.show_error(None)
        self._chosen.hide()
        self._file = Path()
        self._show(keep_copies.list_own(self._session.home))

    def _show(self, found: tuple[OwnBackup, ...]) -> None:
        now_utc = datetime.now(UTC)
        newest = sorted(found, key=lambda each: each.backup.made_utc, reverse=True)[:_SHOWN]
        self._found = {str(number): each for number, each in enumerate(newest)}
        if self._which is not None:
            self._card.body.removeWidget(self._which)
            self._which.hide()
            self._which.deleteLater()
            self._which = self._choice = None
        self._nothing.setVisible(not found)
        if found:
            options = [(code, _describe(each, now_utc)) for code, each in self._found.items()]
            self._choice = RadioChoice(tuple(options))
            self._choice.changed.connect(self._take_own)
            self._which = Field("Which backup", self._choice)
            self._card.body.insertWidget(0, self._which)
            self._choice.set_value(("0",))
            self._choice.setFocus()
        else:
            self._choose.setFocus()

    def _take_own(self) -> None:
        self._file = Path()
        self._chosen.hide()

    def _choose_file(self) -> None:
        path = choose_file(self, "Choose a file", f"Copies (*{COPY_ENDING});;All files (*)")
        if path:
            self.take_file(Path(path))

    def take_file(self, path: Path) -> None:
        """Put back this file instead of a backup of the list."""
        self._file = path
        if self._choice is not None:
            self._choice.set_value(())
        self._chosen.setText(f"Chosen: {path.name}")
        self._chosen.show()
        self._passphrase.setFocus()

    def error(self) -> str:
        """What is said at the passphrase."""
        return self._field.error()

    def _start(self) -> None:
        source = self._source()
        passphrase = self._passphrase.text()
        if source is None:
            self._field.show_error("Choose a backup first.")
            return
        if not passphrase:
            self._field.show_error("Type the passphrase of the backup.")
            self._field.focus_editor()
            return
        (name, path), session = source, self._session
        is_there = name in session.home.vault_names()
        if is_there and not ask(
            self,
            "Put the backup in the place of this vault?",
            f"The vault “{name}” becomes a backup itself. What was written in it after the "
            "backup was made is then found there only.",
            "Put it back",
            "Leave it as it is",
        ):
            return
        self._field.show_error(None)
        self._do_it.setEnabled(False)

        def work(progress: Progress) -> None:
            keep_copies.put_back(session.home, name, path, passphrase, progress)

        task = Task(self, work).on_end(lambda: self._do_it.setEnabled(True))
        task.on_done(self._enter).on_failed(self._refuse)
        self._strip.follow(task, "Checking every page of the backup")
        task.start()

    def _source(self) -> tuple[str, Path] | None:
        """The vault's name and the file."""
        if self._file.name:
            names = self._session.home.vault_names()
            return (names[0] if len(names) == 1 else _free_name(names), self._file)
        code = next(iter(self._choice.value()), None) if self._choice is not None else None
        if code is None:
            return None
        return self._found[code].vault, self._found[code].backup.path

    def _enter(self, _nothing: None) -> None:
        self._passphrase.clear()
        self.navigate.emit("reports", None)

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, InputError):
            self._field.show_error(f"{error.title} {error.hint}")
            self._field.focus_editor()
        elif isinstance(error, UserError):
            self._field.show_error(error.sentence())
        else:
            show_failure(self, error)


def _describe(own: OwnBackup, now_utc: datetime) -> str:
    made = own.backup.made_utc.astimezone()
    age = describe_age(own.backup.made_utc, now_utc)
    return f"{own.vault}: {made:%d %b %Y, %H:%M} ({age})"


def _free_name(names: tuple[str, ...]) -> str:
    """For a copy that comes to a computer with other vaults on it, or with none."""
    if not names:
        return _FIRST_NAME
    return next(
        name for number in range(2, len(names) + 3) if (name := f"desk-{number}") not in names
    )
