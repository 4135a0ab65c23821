"""The part of the settings about the names of the agency's people."""

from collections.abc import Callable
from pathlib import Path

from app.errors import InputError, UserError
from sync.roster_file import read_limited
from ui.cli.roster import count_people
from ui.file_choice import choose_file
from ui.messages import show_failure
from ui.session import Session
from ui.task import Task
from ui.widgets.buttons import QuietButton, SecondaryButton
from ui.widgets.cards import Banner, Card
from ui.widgets.heading import PlainLabel, Prose, SectionTitle
from ui.widgets.rows import in_a_row


class NamesCard(Card):
    """How many names are known, and the ways to change that. No name is shown."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._count = PlainLabel("", "label")
        self._news = Banner("error", "", "")
        self._choose = SecondaryButton("Choose a file…")
        self._choose.clicked.connect(self._on_choose)
        self._forget = QuietButton("Forget it")
        self._forget.setAccessibleName("Forget the names of your agency")
        self._forget.clicked.connect(self._on_forget)
        self._forget.hide()
        self._news.hide()
        self.body.addWidget(SectionTitle("Names of your agency"))
        self.body.addWidget(
            Prose(
                "A text file with one person a line. These names, badges and units are replaced "
                "wherever a report has them. The list stays on this computer."
            )
        )
        for part in (self._count, self._news, in_a_row(self._choose, self._forget)):
            self.body.addWidget(part)

    def read(self) -> None:
        """Show how many names are known now."""
        self._news.hide()
        self._run(lambda: self._session.roster.read().people, self._tell_broken)

    def _on_choose(self) -> None:
        path = choose_file(
            self, "Choose a list of names", "Text files (*.txt *.csv *.tsv);;All files (*)"
        )
        if path:
            self._news.hide()
            roster = self._session.roster
            self._run(lambda: roster.keep(_read(Path(path))).people, self._tell_failure)

    def _on_forget(self) -> None:
        try:
            self._session.roster.forget()
        except UserError as error:
            self._tell_failure(error)
            return
        self._news.hide()
        self._show(0)
        self._choose.setFocus()

    def _run(self, work: Callable[[], int], on_failed: Callable[[Exception], None]) -> None:
        """In the background: 20,000 names take a third of a second."""
        task = Task(self, lambda _progress: work())
        task.on_done(self._show)
        task.on_failed(on_failed)
        task.start()

    def _show(self, people: int) -> None:
        self._count.setText(count_people(people))
        self._forget.setVisible(self._session.home.roster_file.exists())

    def _tell_broken(self, error: Exception) -> None:
        self._count.setText("The list of names cannot be used.")
        self._tell_failure(error)

    def _tell_failure(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            show_failure(self, error)
            return
        self._news.set_content("error", error.title, f"{error.text} {error.hint}".strip())
        self._news.show()
        self._forget.setVisible(self._session.home.roster_file.exists())


def _read(path: Path) -> bytes:
    try:
        return read_limited(path)
    except OSError:
        raise InputError(
            "This file cannot be read.", "", "Check that you may read it and the stick is still in."
        ) from None
