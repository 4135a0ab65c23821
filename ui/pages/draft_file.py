"""One draft as an encrypted file: written for another vault or computer, or taken in from there."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal

from app.errors import InputError, UserError
from app.paths import replace_file
from app.progress import Progress
from app.use_cases import carry_draft
from app.use_cases.write_report import DraftId
from ui.cli.parts import read_file
from ui.file_choice import choose_file, choose_new_file
from ui.messages import show_failure
from ui.session import Session
from ui.task import Task
from ui.unlock.new_passphrase import NewPassphrase
from ui.unlock.passphrase import PassphraseEdit
from ui.widgets.bars import ProgressStrip
from ui.widgets.buttons import PrimaryButton, QuietButton
from ui.widgets.cards import Banner, Card
from ui.widgets.fields import Field
from ui.widgets.heading import Prose
from ui.widgets.page import Page
from ui.widgets.rows import in_a_row

_TITLES = {True: "Save a draft as a file", False: "Take in a draft from a file"}


class DraftFilePage(Page):
    """With a draft it writes, without one it reads."""

    navigate = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__(_TITLES[False])
        self._session = session
        self._draft_id: DraftId | None = None
        self._text = Prose("")
        self._news = Banner("success", "", "")
        self._new = NewPassphrase(session.words, "Passphrase for the file")
        self._new.entered.connect(self._start)
        self._old = PassphraseEdit()
        self._old.entered.connect(self._start)
        self._field = Field("Passphrase of the file", self._old)
        self._trouble = Prose("", role="error")
        self._do_it = PrimaryButton("")
        self._do_it.clicked.connect(self._start)
        back = QuietButton("Back to the reports", "arrow_back")
        back.clicked.connect(lambda: self.navigate.emit("reports", None))
        self._strip = ProgressStrip()
        card = Card()
        card.body.setSpacing(16)
        for part in (self._text, self._new, self._field, self._trouble):
            card.body.addWidget(part)
        card.body.addWidget(in_a_row(self._do_it, back))
        card.body.addWidget(self._strip)
        self.body.addWidget(self._news)
        self.body.addWidget(card)
        session.locked.connect(self.clear)

    def open(self, argument: object) -> None:
        """argument: the id of the draft that is to be written; None to read one."""
        self._draft_id = None if argument is None else DraftId(str(argument))
        is_writing = self._draft_id is not None
        self.set_title(_TITLES[is_writing])
        self.clear()
        self._new.setVisible(is_writing)
        self._field.setVisible(not is_writing)
        if is_writing:
            self._text.setText(
                "The file holds all answers and private notes of this draft, encrypted. The "
                "draft stays here. Tell the passphrase to nobody whom you do not want to read it. "
                "What is in the file is not destroyed when you destroy the draft."
            )
            self._do_it.set_text("Choose a name and save it")
            self._new.setFocus()
        else:
            self._text.setText(
                "It becomes a new draft in this vault. Every answer in it is checked first."
            )
            self._do_it.set_text("Choose the file and take it in")
            self._old.setFocus()

    def clear(self) -> None:
        """Empty fields, nothing said."""
        self._new.clear()
        self._old.clear()
        self._field.show_error(None)
        self._trouble.hide()
        self._news.hide()

    def error(self) -> str:
        """What is said against it."""
        return self._field.error() or (self._trouble.text() if self._trouble.isVisible() else "")

    def _start(self) -> None:
        self._trouble.hide()
        self._field.show_error(None)
        if self._draft_id is not None:
            passphrase = self._new.value()
            if passphrase is not None:
                path = choose_new_file(self, "Save a file", f"draft{carry_draft.ENDING}")
                if path:
                    self.write(Path(path), passphrase)
            return
        if not self._old.text():
            self._field.show_error("Type the passphrase of the file.")
            self._field.focus_editor()
            return
        kinds = f"Drafts (*{carry_draft.ENDING});;All files (*)"
        path = choose_file(self, "Choose a file", kinds)
        if path:
            self.read(path, self._old.text())

    def write(self, path: Path, passphrase: str) -> None:
        """Write the draft into the file."""
        session, draft_id = self._session, self._draft_id
        if draft_id is None:
            raise RuntimeError("there is no draft to be written")

        def work(_progress: Progress) -> None:
            raw = carry_draft.export_draft(session.drafts, session.form, draft_id, passphrase)
            replace_file(path, raw)

        self._run(work, "Writing the file", "The file is written", path.name)

    def read(self, path: str, passphrase: str) -> None:
        """Take in the draft from the file."""
        session = self._session

        def work(_progress: Progress) -> None:
            raw = read_file(path)
            carry_draft.import_draft(session.drafts, session.form, session.labels, raw, passphrase)

        self._run(work, "Reading the file", "The draft is among your reports", "")

    def _run(self, work: Callable[[Progress], None], text: str, done: str, more: str) -> None:
        def tell(_nothing: None) -> None:
            self.clear()
            self._news.set_content("success", done, more)
            self._news.show()
            self._session.drafts_changed.emit()

        self._do_it.setEnabled(False)
        task = Task(self, work).on_end(lambda: self._do_it.setEnabled(True))
        task.on_done(tell).on_failed(self._refuse)
        self._strip.follow(task, text)
        task.start()

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):
            if isinstance(error, InputError) and self._draft_id is None:
                self._field.show_error(f"{error.title} {error.text} {error.hint}".strip())
                self._field.focus_editor()
            else:
                self._trouble.setText(error.sentence())
                self._trouble.show()
        else:
            show_failure(self, error)
