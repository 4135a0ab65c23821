"""Destroy a report here at once: what goes, what stays, and what that risks."""

from dataclasses import dataclass

from PySide6.QtCore import Signal

from app.progress import Progress
from app.use_cases.destroy import can_destroy, destroy_now
from app.use_cases.write_report import DraftId, DraftState
from ui.messages import ask
from ui.models.draft_title import name_draft
from ui.pages.copies_list import CopiesBanner
from ui.session import Session
from ui.task import Task
from ui.widgets.bars import ProgressStrip
from ui.widgets.buttons import DangerButton, SecondaryButton
from ui.widgets.cards import Banner, Card
from ui.widgets.heading import Prose, SectionTitle
from ui.widgets.page import Page
from ui.widgets.rows import in_a_row

_UNTITLED = "a report without a title"


@dataclass(frozen=True, slots=True)
class Doomed:
    """What is asked about. copies: paths of copies that the officer has made."""

    title: str
    state: DraftState
    copies: tuple[str, ...]


class DestroyPage(Page):
    """One report. By itself this happens once the service has signed for it."""

    navigate = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__("Destroy it now")
        self._session = session
        self._draft_id = DraftId("")
        self._title = SectionTitle("")
        self._risk = Banner("warning", "", "")
        self._copies = CopiesBanner("These copies of your vault may still hold it")
        self._do_it = DangerButton("Destroy it now")
        self._do_it.clicked.connect(self._ask)
        self._stay = leave = SecondaryButton("Leave it")
        leave.clicked.connect(lambda: self.navigate.emit("reports", None))
        self._strip = ProgressStrip()
        card = Card()
        for part in (
            self._title,
            Prose(
                "Its answers, private notes, decisions and the list of what was replaced are "
                "destroyed here: in the vault, in its free pages and log, and in the backups "
                "that this program makes by itself. There is no undo."
            ),
            Prose(
                "An SSD may keep old blocks for a while. They are encrypted, and open with your "
                "passphrase only.",
                role="help",
            ),
        ):
            card.body.addWidget(part)
        for block in (card, self._risk, self._copies, in_a_row(self._do_it, leave), self._strip):
            self.body.addWidget(block)
        session.locked.connect(self.clear)

    def open(self, argument: object) -> None:
        """argument: the id of a draft."""
        self.clear()
        if argument is None:  # after the window was locked
            self.navigate.emit("reports", None)
            return
        self._draft_id = DraftId(str(argument))
        session, draft_id = self._session, self._draft_id
        Task(self, lambda _progress: read_doomed(session, draft_id)).on_done(self._show).start()

    def clear(self) -> None:
        """Show nothing of any report."""
        self._draft_id = DraftId("")
        self._title.setText("")
        self._risk.hide()
        self._copies.show_paths(())
        self._do_it.setEnabled(False)

    def _show(self, found: Doomed) -> None:
        self._title.setText(found.title)
        self._do_it.setEnabled(can_destroy(found.state))
        if found.state is DraftState.WRITING:
            self._risk.set_content(
                "warning",
                "It was not sent",
                "Nothing of it is anywhere else. Who wanted to learn from it cannot.",
            )
        else:
            self._risk.set_content(
                "warning",
                "It is sealed and waits to be sent",
                "It leaves all the same. By itself the draft goes once the service has signed "
                "for it. Without the draft, a report that is refused, lost on the way or taken "
                "back cannot be written again, and it cannot be withdrawn without its seven "
                "words. Have them on paper: they go, too, unless you keep them in this vault.",
            )
        self._risk.show()
        self._copies.show_paths(found.copies)
        self._stay.setFocus()

    def _ask(self) -> None:
        if ask(
            self,
            "Destroy it now?",
            "Nobody can bring it back.",
            "Destroy it now",
            "Leave it",
            danger=True,
        ):
            self._start()

    def _start(self) -> None:
        session, draft_id = self._session, self._draft_id

        def work(_progress: Progress) -> None:
            destroy_now(session.drafts, draft_id)

        self._do_it.setEnabled(False)
        task = Task(self, work).on_done(self._leave)
        self._strip.follow(task, "Destroying it, in the backups too")
        task.start()

    def _leave(self, _nothing: None) -> None:
        self.clear()
        self._session.drafts_changed.emit()
        self._session.outbox_changed.emit()
        self.navigate.emit("reports", None)


def read_doomed(session: Session, draft_id: DraftId) -> Doomed:
    """What would be destroyed (blocks). Raises NoSuchDraftError."""
    summary = session.drafts.summary(draft_id)
    return Doomed(name_draft(session, summary) or _UNTITLED, summary.state, session.copies())
