"""Where a question is answered: write, look at what leaves, seal."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import UserError
from sync.answering import ANSWER_LIMIT, ReviewedAnswer
from sync.protocol.letter import Question
from ui.messages import show_failure
from ui.pages.check_below import make_doubt_banner
from ui.pages.letters_work import ShownMail, look_at_answer, save_draft, seal_answer
from ui.session import Session
from ui.task import Task
from ui.widgets.buttons import PrimaryButton, QuietButton, SecondaryButton
from ui.widgets.cards import Banner
from ui.widgets.choice_rows import TickRow
from ui.widgets.fields import Field
from ui.widgets.heading import Prose
from ui.widgets.rows import in_a_row
from ui.widgets.text import PlainTextEdit

_MOST_NAMED = 8


class AnswerBox(QWidget):
    """sealed: the answer waits in the outbox now. shown: something grew that may be out of sight.

    What is written is kept in the vault only if the vault keeps the receipt.
    """

    sealed = Signal()
    shown = Signal(QWidget)

    def __init__(self, session: Session, mail: ShownMail, question: Question, draft: str) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._session, self._mail, self._question = session, mail, question
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.editor = PlainTextEdit(ANSWER_LIMIT)
        self.editor.set_value(draft)
        kept = "It is kept in your vault while you write." if mail.is_kept else _NOT_KEPT
        self._field = Field("Your answer", self.editor, f"{_HELP} {kept}")
        self.look = SecondaryButton("See what leaves", "visibility")
        self.panel = LeavingPanel()
        self.panel.hide()
        for part in (self._field, self.look, self.panel):
            column.addWidget(part)
        self.editor.changed.connect(self._keep)
        self.editor.textChanged.connect(self._go_on_writing)
        self.editor.refused.connect(self._field.show_error)
        self.look.clicked.connect(self._look)
        self.panel.seal.clicked.connect(self._seal)
        self.panel.back.clicked.connect(self._back)

    @property
    def turn(self) -> int:
        """Of the question that is answered."""
        return self._question.turn

    def flush(self) -> None:
        """Keep what is unsaved."""
        self.editor.tell_now()

    def put_back(self, text: str) -> None:
        """What stood here before the vault was locked; it may not have been saved."""
        if text != self.editor.value():
            self.editor.set_value(text)
            self._keep()

    def _keep(self) -> None:
        save_draft(self._session, self._mail, self._question, self.editor.value())

    def _go_on_writing(self) -> None:
        self._field.show_error(None)
        self.panel.hide()
        self.look.show()

    def _back(self) -> None:
        self._go_on_writing()
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _look(self) -> None:
        text = self.editor.value()
        session = self._session
        self.look.setEnabled(False)
        task = Task(self, lambda _progress: look_at_answer(session, text))
        task.on_end(lambda: self.look.setEnabled(True))
        task.on_done(lambda review: self._show(text, review)).on_failed(self._say).start()

    def _show(self, text: str, review: ReviewedAnswer) -> None:
        if text != self.editor.value():
            return  # written on meanwhile
        self.panel.show_review(review)
        self.panel.show()
        self.look.hide()
        self.panel.focus_first()
        self.shown.emit(self.panel)

    def _seal(self) -> None:
        answer = self.panel.leaving()
        if answer is None:
            return
        session, mail, question = self._session, self._mail, self._question
        self.panel.setEnabled(False)
        task = Task(self, lambda _progress: seal_answer(session, mail, question, answer))
        task.on_end(lambda: self.panel.setEnabled(True))
        task.on_done(lambda _nothing: self.sealed.emit()).on_failed(self._say).start()

    def _say(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            show_failure(self, error)
            return
        self._field.show_error(error.sentence())
        self._field.focus_editor()


class LeavingPanel(QWidget):
    """What leaves, word for word, and what has to be agreed to before it does."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._review: ReviewedAnswer | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._doubts: Banner | None = None
        self._leaves = Banner("leaves", "This leaves this computer, word for word", "")
        self._text = Prose("", role="reading")
        self._leaves.body.addWidget(self._text)
        self._summary = Prose("", role="help")
        self._mask = TickRow("mask", "Replace what is only possible, too")
        self._mask.setChecked(True)
        self._read = TickRow("read", "I have read every word of it")
        self.seal = PrimaryButton("Seal and queue the answer", "lock")
        self.back = QuietButton("Go on writing")
        for part in (
            *(self._leaves, self._summary, self._mask, self._read),
            in_a_row(self.seal, self.back),
        ):
            self._column.addWidget(part)
        self._mask.toggled.connect(self._fill)
        self._read.toggled.connect(self._fill)

    def show_review(self, review: ReviewedAnswer) -> None:
        """Show an answer that was looked at."""
        self._review = review
        self._mask.setVisible(any(not each.masked for each in review.findings))
        self._mask.setChecked(True)
        self._read.setVisible(bool(review.doubts))
        self._read.setChecked(False)
        if self._doubts is not None:
            self._column.removeWidget(self._doubts)
            self._doubts.deleteLater()
            self._doubts = None
        if review.doubts:
            self._doubts = make_doubt_banner(review.doubts)
            self._column.insertWidget(0, self._doubts)
        self._fill()

    def focus_first(self) -> None:
        """Where to go on: the box that has to be ticked, or the button that seals."""
        first = self.seal if self.seal.isEnabled() else self._read
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def leaving(self) -> ReviewedAnswer | None:
        """The answer exactly as it is shown, None before one is."""
        if self._review is None or not self._mask.isChecked():
            return self._review
        return self._review.with_all_masked()

    def _fill(self) -> None:
        answer = self.leaving()
        if answer is None or self._review is None:
            return
        self._text.setText(answer.leaves)
        self._leaves.setAccessibleDescription(answer.leaves)
        self._summary.setText(_sum_up(self._review))
        is_read = not self._review.doubts or self._read.isChecked()
        self.seal.setEnabled(is_read)
        self.seal.setAccessibleDescription("" if is_read else "First say that you have read it.")


def _sum_up(review: ReviewedAnswer) -> str:
    sure = sum(each.masked for each in review.findings)
    spans = [each.span for each in review.findings if not each.masked]
    named = list(dict.fromkeys(review.text[span.start : span.end] for span in spans))
    parts = ["Nothing was found that identifies somebody."] if not review.findings else []
    if sure:
        parts.append(f"{sure} replaced.")
    if named:
        shown = ", ".join(f"\u201c{name}\u201d" for name in named[:_MOST_NAMED])
        parts.append(f"Only possible: {shown}{' and more' if len(named) > _MOST_NAMED else ''}.")
    return " ".join([*parts, "The last look is yours."])


_HELP = "Names, numbers and places that are found are replaced, as in a report."
_NOT_KEPT = "Nothing on this page is kept: seal it before you leave."
