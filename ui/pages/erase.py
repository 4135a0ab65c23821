"""Erase everything of one person on this computer, after its name was typed."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from app.errors import DamagedError, UserError
from app.progress import Progress
from app.use_cases import keep_safe
from app.use_cases.erase import erase_rest, erase_vault, is_alone
from ui.messages import show_failure
from ui.pages.copies_list import CopiesBanner
from ui.session import Session
from ui.task import Task
from ui.widgets.bars import ProgressStrip
from ui.widgets.buttons import DangerButton, SecondaryButton
from ui.widgets.cards import Banner, Card
from ui.widgets.choice_rows import TickRow
from ui.widgets.fields import Field
from ui.widgets.heading import Prose, SectionTitle
from ui.widgets.page import Page
from ui.widgets.rows import in_a_row


@dataclass(frozen=True, slots=True)
class Mine:
    """What would go. waiting: sealed reports that would never leave. copies: paths. is_last:
    whether nobody else has something here.
    """

    waiting: int
    copies: tuple[str, ...]
    is_last: bool


class ErasePage(Page):
    """The vault that is open, or one whose passphrase is lost."""

    navigate = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__("Erase everything of mine")
        self._session = session
        self._vault = ""
        self._none = Banner("info", "No vault is open", "Open yours first, then erase it here.")
        self._title = SectionTitle("")
        self._waiting = Banner("warning", "", "")
        self._copies = CopiesBanner("Copies that you have made stay where they are")
        self._rest = TickRow("rest", "Also settings, archive and whom this program trusts")
        self._line = QLineEdit()
        self._line.setMaximumWidth(320)
        self._field = Field("Type the name of the vault", self._line)
        self._do_it = DangerButton("Erase it for good")
        self._do_it.clicked.connect(self._start)
        leave = SecondaryButton("Leave it")
        leave.clicked.connect(lambda: self.navigate.emit("settings", None))
        self._strip = ProgressStrip()
        self._card = Card()
        for part in (
            self._title,
            Prose(
                "Your drafts, notes and kept words, sealed reports that wait, the account of your "
                "card, its tokens, the backups in the program's folder and the counters. The keys "
                "go first, so that nothing that is left behind can be read."
            ),
            Prose(
                "What this cannot reach: blocks that an SSD has set aside, backups that the "
                "system or your agency makes of this computer, memory and swap, files that you "
                "exported, paper. What has left already stays where it is: withdraw it first, "
                "with its seven words.",
                role="help",
            ),
            *(self._waiting, self._copies, self._rest, self._field),
            *(in_a_row(self._do_it, leave), self._strip),
        ):
            self._card.body.addWidget(part)
        self.body.addWidget(self._none)
        self.body.addWidget(self._card)
        session.locked.connect(self.clear)

    def open(self, argument: object) -> None:
        """argument: the name of a vault that nobody can open; None for the one that is open."""
        self._vault = argument if isinstance(argument, str) else self._session.vault_name
        self._line.clear()
        self._field.show_error(None)
        self._waiting.hide()
        self._copies.show_paths(())
        self._rest.setChecked(False)
        self._rest.hide()
        self._card.setVisible(bool(self._vault))
        self._none.setVisible(not self._vault)
        self._do_it.setEnabled(False)
        if self._vault:
            self._title.setText(f"All of the vault “{self._vault}” on this computer")
            session, name = self._session, self._vault
            Task(self, lambda _progress: read_mine(session, name)).on_done(self._show).start()
            self._line.setFocus()

    def clear(self) -> None:
        """Show no vault."""
        self.open(None)

    def error(self) -> str:
        """What is said at the name."""
        return self._field.error()

    def _show(self, mine: Mine) -> None:
        self._do_it.setEnabled(True)
        self._rest.setVisible(mine.is_last)
        self._copies.show_paths(mine.copies)
        if mine.waiting:
            one = mine.waiting == 1
            self._waiting.set_content(
                "warning",
                f"{mine.waiting} sealed report{' waits' if one else 's wait'} to be sent",
                f"{'It is' if one else 'They are'} destroyed, too, and never leave"
                f"{'s' if one else ''} this computer.",
            )
            self._waiting.show()

    def _start(self) -> None:
        if self._line.text().strip() != self._vault:
            self._field.show_error(f"Type “{self._vault}” to say that you mean it.")
            self._field.focus_editor()
            return
        self._field.show_error(None)
        session, name, with_rest = self._session, self._vault, self._rest.isChecked()

        def work(_progress: Progress) -> None:
            if session.vault_name == name:
                session.lock()
            erase_vault(session.home, name)
            if with_rest:
                session.forget_archive()
                erase_rest(session.home)

        self._do_it.setEnabled(False)
        task = Task(self, work).on_end(lambda: self._do_it.setEnabled(True))
        task.on_done(self._leave).on_failed(self._refuse)
        self._strip.follow(task, "Erasing")
        task.start()

    def _leave(self, _nothing: None) -> None:
        self._vault = ""
        self._session.locked.emit()
        self._session.connection_changed.emit()
        self._session.archive_changed.emit()
        self.navigate.emit("reports", None)

    def _refuse(self, error: Exception) -> None:
        if not self._session.is_unlocked:
            self._session.locked.emit()
        if isinstance(error, UserError):
            self._field.show_error(error.sentence())
        else:
            show_failure(self, error)


def read_mine(session: Session, name: str) -> Mine:
    """What would be erased (blocks). Raises UserError."""
    try:
        with keep_safe.open_post(session.home, name) as post:
            rows = keep_safe.Outbox(post).submissions()
            waiting = sum(not row.state.is_final for row in rows)
    except DamagedError:
        waiting = 0  # it can be erased all the same
    copies = session.copies() if session.vault_name == name else ()
    return Mine(waiting, copies, is_alone(session.home))
