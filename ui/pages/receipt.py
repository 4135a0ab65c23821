"""The receipt: seven words that its owner alone keeps, and a little test that they are kept."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.errors import UserError
from app.policy import read_policy
from app.use_cases.write_report import DraftId
from ui.messages import ask, show_failure
from ui.models.draft_title import name_draft
from ui.pages.letters_work import keep_words
from ui.session import Session
from ui.task import Task
from ui.widgets.agency_words import PeerSupportCard
from ui.widgets.buttons import PrimaryButton, QuietButton
from ui.widgets.cards import Banner, Card
from ui.widgets.choice_rows import TickRow
from ui.widgets.content import ContentLine
from ui.widgets.fields import Field
from ui.widgets.heading import PlainLabel, Prose
from ui.widgets.page import Page

ASKED = (2, 5)
_NARROW_PX = 760
_KEEP = "Its messages then show by themselves; but who opens this vault sees that it is yours."
_ORDINALS = ("1st", "2nd", "3rd", "4th", "5th", "6th", "7th")


class ReceiptPage(Page):
    """Shows the words once; they are never copied anywhere by this page but into the vault, if
    their owner wants that.

    asked: the numbers of the two words that are asked back, from 1.
    """

    navigate = Signal(str, object)

    def __init__(self, session: Session, asked: tuple[int, int] = ASKED) -> None:
        super().__init__("Your receipt")
        self._session = session
        self._asked = asked
        self._words: tuple[str, ...] = ()
        self._draft_id = DraftId("")
        self.banner = Banner(
            "stays",
            "Write these seven words down. Nobody can recover them.",
            "On paper, away from this computer. Nobody else has them, and after the report has "
            "arrived this computer does not either, unless you keep them in your vault.",
        )
        self.body.addWidget(self.banner)
        self.card = WordsCard()
        self.body.addWidget(self.card)
        self.body.addWidget(
            Prose(
                "They alone belong to this report, and they do not say who you are. With them "
                "you read questions and news about it, and answer, on any computer that has "
                "this program."
            )
        )
        self.fields = tuple(self._make_field(number) for number in asked)
        row = QHBoxLayout()
        row.setSpacing(24)
        for field in self.fields:
            row.addWidget(field, 1)
        self.body.addLayout(row)
        self.keep = TickRow("keep", "Keep the words in this vault too, with the report's title")
        self.keep.setAccessibleDescription(_KEEP)
        self.keep.toggled.connect(self._keep)
        pair = QVBoxLayout()
        pair.setSpacing(0)
        pair.addWidget(self.keep)
        pair.addWidget(Prose(_KEEP, role="help"))
        self.body.addLayout(pair)
        self.done = PrimaryButton("I have written them down")
        self.skip = QuietButton("Go on without them")
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.done)
        buttons.addWidget(self.skip)
        buttons.addStretch(1)
        self.body.addLayout(buttons)
        self.body.addWidget(PeerSupportCard(read_policy()))
        self.done.clicked.connect(self._check)
        self.skip.clicked.connect(self._skip)
        session.locked.connect(self.clear)

    def open(self, argument: object) -> None:
        """Show the words of (draft id, words); with None for words they are read again.

        The vault has them until the report has arrived.
        """
        draft_id, words = argument if isinstance(argument, tuple) else (argument, None)
        self.clear()
        self._draft_id = DraftId(str(draft_id))
        if words is not None:
            self._show(tuple(words))
            return
        task = Task(self, lambda _: self._session.drafts.receipt_words(self._draft_id).split())
        task.on_done(lambda found: self._show(tuple(found))).on_failed(self._say_gone).start()

    def remember(self) -> object:
        """The draft and its words."""
        return [self._draft_id, self._words] if self._words else None

    def resume(self, memory: tuple[str, list[str]] | None) -> None:
        """Show them again."""
        if memory is None:
            self._leave()
        else:
            self.open(tuple(memory))

    def clear(self) -> None:
        """Forget the words."""
        self._words = ()
        self._show_kept(is_kept=False)
        self.keep.setEnabled(False)
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
        self._read_kept()
        _editor(self.fields[0]).setFocus(Qt.FocusReason.OtherFocusReason)

    def _say_gone(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            show_failure(self, error)
            return
        self.banner.set_content("info", error.title, f"{error.text} {error.hint}".strip())

    def _read_kept(self) -> None:
        """Show whether the vault keeps the words already."""
        session, words = self._session, self._words
        if session.is_unlocked and words:
            task = Task(self, lambda _progress: find_kept(session, words) is not None)
            task.on_done(self._show_kept).start()

    def _show_kept(self, is_kept: bool) -> None:
        with QSignalBlocker(self.keep):
            self.keep.setChecked(is_kept)
        self.keep.setEnabled(True)

    def _keep(self, is_wanted: bool) -> None:
        session, draft_id, words = self._session, self._draft_id, self._words
        if not words:
            return
        # Not again before it is done: keeping and forgetting must not overtake each other.
        self.keep.setEnabled(False)
        task = Task(self, lambda _: keep(session, draft_id, words, is_wanted=is_wanted))
        task.on_end(self._read_kept).start()

    def _make_field(self, number: int) -> Field:
        editor = ContentLine()
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
            "Your report is sent all the same. But without them nobody can read a question about "
            "it, answer, or hear what became of it. Until it has arrived, the outbox shows the "
            "words again.",
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


def find_kept(session: Session, words: tuple[str, ...]) -> bytes | None:
    """The id of the report that these words belong to, if the vault keeps them (blocks)."""
    written = " ".join(words)
    found = (each.report_id for each in session.receipts.kept() if each.words == written)
    return next(found, None)


def keep(session: Session, draft_id: DraftId, words: tuple[str, ...], *, is_wanted: bool) -> None:
    """Keep the words of a draft's receipt in the vault, or destroy them there (blocks)."""
    if is_wanted:
        titles = {each.draft_id: name_draft(session, each) for each in session.drafts.summaries()}
        keep_words(session, words, titles.get(draft_id, ""))
        return
    report_id = find_kept(session, words)
    if report_id is not None:
        session.receipts.forget(report_id)


def is_same_word(typed: str, word: str) -> bool:
    """Whether it is the word, whatever its case and the blanks around it."""
    return "".join(typed.split()).casefold() == word.casefold()


def _editor(field: Field) -> QLineEdit:
    editor = field.editor
    if not isinstance(editor, QLineEdit):
        raise TypeError("this field has a line to type in")
    return editor
