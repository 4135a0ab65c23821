"""Messages: questions and news for a report whose words the vault keeps."""

from functools import partial

from PySide6.QtCore import QTimer, Signal

from app.errors import UserError
from ui.messages import ask, show_failure
from ui.pages.letters import LettersView
from ui.pages.letters_work import ShownMail, read_kept
from ui.pages.withdraw_card import WithdrawCard
from ui.session import Session
from ui.task import Task
from ui.widgets.buttons import QuietButton, SecondaryButton
from ui.widgets.cards import Banner
from ui.widgets.heading import Prose, SectionTitle
from ui.widgets.page import Page
from ui.widgets.rows import in_a_row


class MessagesPage(Page):
    """The messages of one report."""

    navigate = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__("Messages")
        self._session = session
        self._report_id = b""
        self._typed: dict[str, str] = {}
        self._title = SectionTitle("")
        self.result = Banner("info", "")
        self.letters = LettersView(session)
        self.withdraw = WithdrawCard(session)
        self.back = SecondaryButton("Back to the reports", "arrow_back")
        self.forget = QuietButton("Destroy the words here", "delete")
        self.body.addWidget(self._title)
        self.body.addWidget(
            Prose(
                "Only the words of your receipt open them. Everybody's messages came to this "
                "computer sealed, with the archive, so nobody knows that you look.",
                role="help",
            )
        )
        last = in_a_row(self.back, self.forget)
        for part in (self.result, self.letters, self.withdraw, last):
            self.body.addWidget(part)
        self.result.hide()
        self.letters.sealed.connect(self._on_sealed)
        self.letters.grown.connect(
            lambda part: QTimer.singleShot(0, part, partial(self.show_widget, part))
        )
        self.back.clicked.connect(lambda: self.navigate.emit("reports", None))
        self.forget.clicked.connect(self._ask_forget)
        session.archive_changed.connect(self.refresh)
        session.locked.connect(self.letters.clear)
        session.locked.connect(self.withdraw.clear)

    def open(self, argument: object) -> None:
        """argument: the report's id."""
        self._report_id = argument if isinstance(argument, bytes) else b""
        self._typed = {}
        self.result.hide()
        self.letters.clear()
        self.withdraw.clear()
        self.refresh()

    def refresh(self) -> None:
        """Read the messages again, unless something is being written."""
        session, report_id = self._session, self._report_id
        is_writing = any(box.editor.count() for box in self.letters.boxes)
        if not session.is_unlocked or not report_id or is_writing:
            return
        task = Task(self, lambda _progress: read_kept(session, report_id))
        task.on_done(self._show).on_failed(self._say).start()

    def flush(self) -> None:
        """Keep what is unsaved."""
        self.letters.flush()

    def remember(self) -> object:
        """The report, and what is being written."""
        return [self._report_id.hex(), self.letters.typed()]

    def resume(self, memory: tuple[str, dict[str, str]]) -> None:
        """Read the messages again, and go on writing."""
        self.open(bytes.fromhex(memory[0]))
        self._typed = memory[1]

    def _show(self, mail: ShownMail) -> None:
        if self._session.is_unlocked:
            self._title.setText(mail.title or "A report without a title")
            self.letters.show_mail(mail)
            typed, self._typed = self._typed, {}
            self.letters.put_back(typed)
            self.withdraw.show_for(mail)

    def _say(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            show_failure(self, error)
            return
        self.result.set_content("warning", error.title, f"{error.text} {error.hint}".strip())
        self.result.show()

    def _on_sealed(self) -> None:
        self.letters.clear()
        self.result.set_content(
            "success",
            "Your answer is sealed.",
            "It waits in the outbox and leaves at a random time. Until then you can take it back "
            "there.",
        )
        self.result.show()
        self.refresh()
        self.setFocus()
        self._session.outbox_changed.emit()

    def _ask_forget(self) -> None:
        if not ask(
            self,
            "Destroy the words here?",
            "This vault then no longer knows that the report is yours, and shows no messages for "
            "it. Whoever has the words on paper can go on reading them.",
            "Destroy them",
            "Keep them",
            danger=True,
        ):
            return
        session, report_id = self._session, self._report_id
        task = Task(self, lambda _progress: session.receipts.forget(report_id))
        task.on_done(lambda _nothing: self._leave()).start()

    def _leave(self) -> None:
        self._session.drafts_changed.emit()
        self.navigate.emit("reports", None)
