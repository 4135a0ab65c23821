"""Reading messages with the seven words, on any computer that trusts the same research team."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.errors import UserError
from ui.messages import show_failure
from ui.pages.letters import LettersView
from ui.pages.letters_work import ShownMail, read_by_words
from ui.pages.withdraw_card import WithdrawCard
from ui.session import Session
from ui.task import Task
from ui.widgets.buttons import PrimaryButton, QuietButton
from ui.widgets.cards import Banner, Card
from ui.widgets.content import ContentLine
from ui.widgets.fields import Field
from ui.widgets.page import Page
from ui.widgets.rows import in_a_row

_LONGEST = 400


class MailWordsPage(Page):
    """Asks for the words and shows what they open. Nothing of it is kept, not even the words."""

    navigate = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__("Read messages with my seven words")
        self._session = session
        self._shown_words = ""
        self._typed: dict[str, str] = {}
        self.line = ContentLine()
        self.line.setMaxLength(_LONGEST)
        self.line.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self.field = Field(
            "The seven words of your receipt", self.line, "In their order, with blanks between."
        )
        self.read = PrimaryButton("Read", "key")
        self.away = QuietButton("Take it away")
        self.result = Banner("success", "")
        self.letters = LettersView(session)
        self.withdraw = WithdrawCard(session)
        card = Card()
        card.body.addWidget(self.field)
        card.body.addWidget(in_a_row(self.read, self.away))
        for part in (
            Banner(
                "stays",
                "The words stay on this computer, and only until you leave this page",
                "Everybody's messages came here sealed, with the archive. Your words find and open "
                "yours; nothing is asked for over the network.",
            ),
            card,
            self.result,
            self.letters,
            self.withdraw,
        ):
            self.body.addWidget(part)
        self.result.hide()
        self.away.hide()
        self.line.returnPressed.connect(self._read)
        self.read.clicked.connect(self._read)
        self.away.clicked.connect(self._take_away)
        self.letters.sealed.connect(self._on_sealed)
        self.letters.grown.connect(self._show_later)
        session.locked.connect(self.clear)

    def open(self, argument: object) -> None:
        """Empty, ready for the words."""
        self.clear()
        self.line.setFocus()

    def clear(self) -> None:
        """Forget words and messages."""
        self._shown_words = ""
        self._typed = {}
        self.line.clear()
        self.line.setEnabled(True)
        self.field.show_error(None)
        self.result.hide()
        self.away.hide()
        self.letters.clear()
        self.withdraw.clear()

    def flush(self) -> None:
        """Called before the page is left: nothing of it stays."""
        self.clear()

    def remember(self) -> object:
        """The words, and what is being written. It lies sealed until the vault is open again."""
        return [self._shown_words or self.line.text(), self.letters.typed()]

    def resume(self, memory: tuple[str, dict[str, str]]) -> None:
        """Read the messages again, and go on writing."""
        self.open(None)
        words, self._typed = memory
        self.line.setText(words)
        if self._typed:
            self._read()

    def _take_away(self) -> None:
        self.clear()
        self.line.setFocus()

    def _read(self) -> None:
        session, text = self._session, self.line.text()
        if not self.read.isEnabled():
            return
        self.read.setEnabled(False)
        self.result.hide()
        self.field.show_error(None)
        task = Task(self, lambda _progress: read_by_words(session, text))
        task.on_end(lambda: self.read.setEnabled(True))
        task.on_done(lambda mail: self._show(text, mail)).on_failed(self._say).start()

    def _show(self, text: str, mail: ShownMail) -> None:
        if text != self.line.text() or not self.isVisible():
            return  # left, or typed on meanwhile
        if mail.opened.letters:  # else they are still needed, to be compared
            self.line.clear()
        self.letters.show_mail(mail)
        self._shown_words = text
        typed, self._typed = self._typed, {}
        self.letters.put_back(typed)
        self.withdraw.show_for(mail)
        self.away.show()
        self._show_later(self.letters)

    def _show_later(self, part: QWidget) -> None:
        """Scroll to a part, once it has its new height."""
        QTimer.singleShot(0, part, partial(self.show_widget, part))

    def _say(self, error: Exception) -> None:
        self.letters.clear()
        self.withdraw.clear()
        if not isinstance(error, UserError):
            show_failure(self, error)
            return
        self.field.show_error(error.sentence())
        self.field.focus_editor()

    def _on_sealed(self) -> None:
        self.clear()
        self.result.set_content(
            "success",
            "Your answer is sealed.",
            "It waits in the outbox of this vault and leaves at a random time.",
        )
        self.result.show()
        self.setFocus()
        self._session.outbox_changed.emit()
