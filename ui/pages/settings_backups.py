"""The part of the settings about backups: those made by themselves, and copies elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.errors import UserError
from app.progress import Progress
from app.use_cases.keep_copies import Backup, Copy
from ui.ages import describe_age
from ui.file_choice import choose_folder
from ui.messages import ask, show_failure
from ui.session import Session
from ui.task import Task
from ui.widgets.bars import ProgressStrip
from ui.widgets.buttons import QuietButton, SecondaryButton
from ui.widgets.cards import Banner, Card
from ui.widgets.choice_rows import TickRow
from ui.widgets.heading import Caption, PlainLabel, Prose, SectionTitle
from ui.widgets.rows import in_a_row


@dataclass(frozen=True, slots=True)
class Kept:
    """What there is. place: where a copy goes once a day, None for nowhere."""

    backups: tuple[Backup, ...]
    copies: tuple[Copy, ...]
    place: Path | None


class BackupsCard(Card):
    """Hidden while no vault is open. grown: more is shown that may lie out of sight."""

    grown = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._place: Path | None = None
        self._news = Banner("success", "", "")
        self._state = Prose("")
        self._copy = SecondaryButton("Copy to a folder")
        self._copy.clicked.connect(self._choose)
        self._again = SecondaryButton("Copy there now")
        self._again.clicked.connect(self._copy_again)
        self._daily = TickRow("daily", "Copy there once a day, when the folder can be reached")
        self._daily.toggled.connect(self._choose_daily)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self._listed = PlainLabel("Copies that you made", "label")
        self._honest = Prose(
            "Nothing is taken out of these copies: they keep what you destroy here, and the "
            "passphrase of the day they were made opens them. Delete those you do not need.",
            role="help",
        )
        self._strip = ProgressStrip()
        self.body.addWidget(SectionTitle("Backups"))
        self.body.addWidget(
            Prose(
                "After each session a copy of the vault is kept on this computer, encrypted as "
                "the vault is: the newest five, and one of each of the last ten days. What you "
                "destroy is taken out of them. To put one back, lock the vault: the page where "
                "it is opened offers it."
            )
        )
        self.body.addWidget(self._state)
        self.body.addWidget(self._news)
        self.body.addWidget(in_a_row(self._copy, self._again))
        self.body.addWidget(self._daily)
        self.body.addWidget(self._listed)
        self.body.addLayout(self._rows)
        self.body.addWidget(self._honest)
        self.body.addWidget(self._strip)
        session.unlocked.connect(self.read)
        session.locked.connect(self.read)
        self._news.hide()

    def read(self) -> None:
        """Show what there is now."""
        session = self._session
        self.setVisible(session.is_unlocked)
        self._news.hide()
        if session.is_unlocked:
            Task(self, lambda _progress: read_kept(session)).on_done(self._show).start()

    def _show(self, kept: Kept) -> None:
        now_utc = datetime.now(UTC)
        if kept.backups:
            count = len(kept.backups)
            were = "1 backup" if count == 1 else f"{count} backups"
            newest = describe_age(kept.backups[0].made_utc, now_utc)
            self._state.setText(f"{were} on this computer, the newest from {newest}.")
        else:
            self._state.setText("No backup yet. The first is made when this vault is locked.")
        last = kept.copies[0].path.parent if kept.copies else None
        self._place = kept.place or last
        self._again.setVisible(self._place is not None)
        self._daily.setVisible(self._place is not None)
        self._daily.blockSignals(True)
        self._daily.setChecked(kept.place is not None)
        self._daily.blockSignals(False)
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for copy in kept.copies:
            self._rows.addWidget(self._make_row(copy, now_utc))
        self._listed.setVisible(bool(kept.copies))
        self._honest.setVisible(bool(kept.copies))

    def _make_row(self, copy: Copy, now_utc: datetime) -> QWidget:
        line = QWidget()
        line.setProperty("role", "plain")
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(PlainLabel(str(copy.path)))
        where = "" if copy.is_there else ", cannot be seen now"
        names.addWidget(Caption(f"Made {describe_age(copy.made_utc, now_utc)}{where}"))
        layout.addLayout(names, 1)
        text = "Delete" if copy.is_there else "Take off the list"
        remove = QuietButton(text)
        remove.setAccessibleName(f"{text}: {copy.path.name}")
        remove.clicked.connect(partial(self._remove, copy))
        layout.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _choose(self) -> None:
        path = choose_folder(self, "A folder for copies")
        if path:
            self.copy_to(Path(path))

    def _copy_again(self) -> None:
        if self._place is not None:
            self.copy_to(self._place)

    def copy_to(self, place: Path) -> None:
        """Write a copy into this folder."""
        session, is_daily = self._session, self._daily.isChecked()

        def work(_progress: Progress) -> None:
            session.vault.copy_to(place)
            if is_daily:
                session.vault.copies.choose(place)

        self._do(work, "Writing the copy", "The copy is written")

    def _choose_daily(self, is_wanted: bool) -> None:
        session, place = self._session, self._place if is_wanted else None

        def work(_progress: Progress) -> None:
            session.vault.copies.choose(place)

        Task(self, work).on_failed(self._tell_failure).start()

    def _remove(self, copy: Copy) -> None:
        session = self._session
        if copy.is_there and not ask(
            self,
            "Delete this copy?",
            f"{copy.path.name} is deleted from its folder. Other copies stay.",
            "Delete it",
            "Keep it",
            danger=True,
        ):
            return

        def work(_progress: Progress) -> None:
            if copy.is_there:
                session.vault.copies.remove(copy.path)
            else:
                session.vault.copies.forget(copy.path)

        done = "The copy is deleted" if copy.is_there else "It is off the list"
        self._copy.setFocus()  # the button that was pressed goes away
        self._do(work, "Deleting the copy", done)

    def _do(self, work: Callable[[Progress], None], text: str, done: str) -> None:
        task = Task(self, work).on_done(lambda _nothing: self._tell(done))
        task.on_failed(self._tell_failure)
        self._strip.follow(task, text)
        task.start()

    def _tell(self, title: str) -> None:
        self.read()
        self._news.set_content("success", title, "")
        self._news.show()
        self.grown.emit()

    def _tell_failure(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._news.set_content("error", error.title, f"{error.text} {error.hint}".strip())
            self._news.show()
        else:
            show_failure(self, error)


def read_kept(session: Session) -> Kept:
    """Backups and copies of the open vault (blocks)."""
    vault = session.vault
    return Kept(vault.backups(), vault.copies.all(), vault.copies.place())
