"""The receipt: seven words that its owner alone keeps, and a little test that they are kept."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from app.errors import UserError
from app.use_cases.write_report import DraftId
from ui.messages import ask, show_failure
from ui.session import Session
from ui.task import Task
from ui.widgets.buttons import PrimaryButton, QuietButton
from ui.widgets.cards import Banner, Card
from ui.widgets.fields import Field
from ui.widgets.heading import PlainLabel, Prose
from ui.widgets.page import Page

ASKED = (2, 5)
_NARROW_PX = 760
_ORDINALS = ("1st", "2nd", "3rd", "4th", "5th", "6th", "7th")


class ReceiptPage(Page):
    """Shows the words once; they are never copied anywhere by this page.

    asked: the numbers of the two words that are asked back, from 1.
    """

    navigate = Signal(str, object)

    def __init__(self, session: Session, asked: tuple[int, int] = ASKED) -> None:
        super().__init__("Your receipt")
        self._session = session
        self._asked = asked
        self._words: tuple[str, ...] = ()
        self.banner = Banner(
            "stays",
            "Write these seven words down. Nobody can recover them.",
            "On paper, away from this computer. Nobody else has them: not your agency, not the "
            "research team, and after the report has arrived not this computer.",
        )
        self.body.addWidget(self.banner)
        self.card = WordsCard()
        self.body.addWidget(self.card)
        self.body.addWidget(
            Prose(
                "They alone belong to this report, and they do not say who you are. A later "
                "version of this program answers questions, follows and withdraws with them."
            )
        )
        self.fields = tuple(self._make_field(number) for number in asked)
        row = QHBoxLayout()
        row.setSpacing(24)
        for field in self.fields:
            row.addWidget(field, 1)
        self.body.addLayout(row)
        self.done = PrimaryButton("I have written them down")
        self.skip = QuietButton("Go on without them")
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.done)
        buttons.addWidget(self.skip)
        buttons.addStretch(1)
        self.body.addLayout(buttons)
        self.done.clicked.connect(self._check)
        self.skip.clicked.connect(self._skip)
        session.locked.connect(self.clear)

    def open(self, argument: object) -> None:
        """Show the words of (draft id, words); with None for words they are read again.

        The vault has them until the report has arrived.
        """
        draft_id, words = argument if isinstance(argument, tuple) else (argument, None)
        self.clear()
        if words is not None:
            self._show(tuple(words))
            return
        task = Task(
            self, lambda _: self._session.drafts.receipt_words(DraftId(str(draft_id))).split()
        )
        task.on_done(lambda found: self._show(tuple(found))).on_failed(self._say_gone).start()

    def clear(self) -> None:
        """Forget the words."""
        self._words = ()
        self.card.show_words(())
        for field in self.fields:
            _editor(field).clear()
            field.show_error(None)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.card.arrange(1 if self.width() < _NARROW_PX else 2)

    def _show(self, words: tuple[str, ...]) -> None:
        self._words = words
        self.card.show_words(words)
        _editor(self.fields[0]).setFocus(Qt.FocusReason.OtherFocusReason)

    def _say_gone(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            show_failure(self, error)
            return
        self.banner.set_content("info", error.title, f"{error.text} {error.hint}".strip())

    def _make_field(self, number: int) -> Field:
        editor = QLineEdit()
        editor.setMaxLength(40)
        editor.returnPressed.connect(self._check)
        return Field(f"Type the {_ORDINALS[number - 1]} word", editor)

    def _check(self) -> None:
        wrong = []
        for number, field in zip(self._asked, self.fields, strict=True):
            fits = bool(self._words) and is_same_word(
                _editor(field).text(), self._words[number - 1]
            )
            name = f"the {_ORDINALS[number - 1]} word"
            sentence = f"This is not {name}. Compare it with your paper."
            if not _editor(field).text().strip():
                sentence = f"Type {name} here, from your paper."
            field.show_error(None if fits else sentence)
            if not fits:
                wrong.append(field)
        if wrong:
            wrong[0].focus_editor()
            return
        self._leave()

    def _skip(self) -> None:
        if ask(
            self,
            "Go on without the words?",
            "Your report is sent all the same. But without them a later version cannot answer "
            "a question about it, follow it or withdraw it. Until it has arrived, the outbox "
            "shows the words again.",
            "Go on without them",
            "Back to the words",
        ):
            self._leave()

    def _leave(self) -> None:
        self.clear()
        self.navigate.emit("outbox", None)


class WordsCard(Card):
    """Seven numbered words in large letters; they can be read, not selected and not copied."""

    def __init__(self) -> None:
        super().__init__()
        self._words: tuple[str, ...] = ()
        self._columns = 2
        self._labels: list[QWidget] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self.body.addLayout(self._grid)
        self.setAccessibleName("The seven words")

    def show_words(self, words: Sequence[str]) -> None:
        """Show the words, or none."""
        self._words = tuple(words)
        self.setAccessibleDescription(" ".join(words))
        self._fill()

    def arrange(self, columns: int) -> None:
        """Set them in so many columns, to be read downwards."""
        if columns != self._columns:
            self._columns = columns
            self._fill()

    def _fill(self) -> None:
        for label in self._labels:
            self._grid.removeWidget(label)
            label.hide()
            label.deleteLater()
        self._labels = []
        rows = -(-len(self._words) // self._columns)
        for index, word in enumerate(self._words):
            column, row = divmod(index, rows)
            number = PlainLabel(str(index + 1), "section", wrap=False)
            number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            number.setMinimumWidth(24)
            number.setEnabled(False)
            shown = PlainLabel(word, "title", wrap=False)
            shown.setAccessibleName(f"Word {index + 1}: {word}")
            self._grid.addWidget(number, row, 2 * column)
            self._grid.addWidget(shown, row, 2 * column + 1)
            self._grid.setColumnStretch(2 * column + 1, 1)
            self._labels += [number, shown]


def is_same_word(typed: str, word: str) -> bool:
    """Whether it is the word, whatever its case and the blanks around it."""
    return "".join(typed.split()).casefold() == word.casefold()


def _editor(field: Field) -> QLineEdit:
    editor = field.editor
    if not isinstance(editor, QLineEdit):
        raise TypeError("this field has a line to type in")
    return editor
