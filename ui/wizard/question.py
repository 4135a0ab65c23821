"""One question of the form with its editor, and beside it what becomes of the answer."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.answers import Answer
from app.domain.form import Code, FieldType, PrivateField, ReportField
from app.domain.labels import Labels
from ui.theme.icons import IconPicture
from ui.widgets.fields import Field
from ui.widgets.heading import PlainLabel
from ui.widgets.short_line import ShortLine
from ui.widgets.text import PlainTextEdit
from ui.wizard.editors import Editor, make_editor
from ui.wizard.side_note import SideNote

_FIELD_WIDTH = 600
_NOTE_WIDTH = 216


class Question(QWidget):
    """A field of the form on the screen.

    changed: with the question, whenever something else stands in the editor. left: with the
    question, when a line is finished, so that a fault can be shown. caret_moved: with the long
    text in which somebody moves.
    """

    changed = Signal(object)
    left = Signal(object)
    caret_moved = Signal(object)

    def __init__(
        self,
        field: ReportField | PrivateField,
        labels: Labels,
        *,
        note: SideNote | None = None,
        among: Sequence[Code] | None = None,
    ) -> None:
        super().__init__()
        self.field = field
        self._labels = labels
        self._among = among
        self._note = note
        self._size = _SizeLine() if field.type is FieldType.LONGTEXT else None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        left = QWidget()
        left.setMaximumWidth(_FIELD_WIDTH)
        self._column = QVBoxLayout(left)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addStretch(1)
        row.addWidget(left, 1)
        if note is not None:
            note.setFixedWidth(_NOTE_WIDTH)
            row.addWidget(note, 0, Qt.AlignmentFlag.AlignTop)
        row.addStretch(0)
        self._build()
        if self._size is not None:
            self._column.insertWidget(1, self._size)

    @property
    def is_typed(self) -> bool:
        """Whether it changes with every key, so that reading it can wait a moment."""
        return self._editor.is_typed

    def read(self) -> object:
        """What stands in the editor."""
        return self._editor.read()

    def length(self) -> int:
        """How many characters stand in a long text."""
        edit = self.long_text()
        return edit.count() if edit is not None else 0

    def long_text(self) -> PlainTextEdit | None:
        """The editor, if it is one for paragraphs."""
        edit = self._editor.widget
        return edit if isinstance(edit, PlainTextEdit) else None

    def show_answer(self, answer: Answer | None) -> None:
        """Put an answer into the editor."""
        self._editor.show(answer)
        self.follow(answer)

    def follow(self, answer: Answer | None) -> None:
        """Say beside the question what becomes of the answer."""
        if self._note is not None:
            self._note.follow(answer)

    def offer(
        self, among: Sequence[Code], answer: Answer | None, before: "Question | None"
    ) -> None:
        """Offer only these options, because another answer must contain this one.

        before: the question that stands before this one, for the Tab key.
        """
        if list(among) == list(self._among or ()):
            return
        self._among = among
        self._column.removeWidget(self._shown)
        self._shown.hide()
        self._shown.deleteLater()
        self._build()
        self._shown.show()  # at once, so that the Tab key finds it
        self.show_answer(answer)
        if before is not None:
            chain = [before.controls()[-1], *self.controls()]
            for first, second in pairwise(chain):
                QWidget.setTabOrder(first, second)

    def controls(self) -> list[QWidget]:
        """What can have the focus, from top to bottom."""
        return [
            each
            for each in self._shown.findChildren(QWidget)
            if each.focusPolicy() != Qt.FocusPolicy.NoFocus and each.focusProxy() is None
        ]

    def show_error(self, text: str | None) -> None:
        """Say at the field what is amiss; None takes the sentence away."""
        if (text or "") != self._shown.error():
            self._shown.show_error(text)

    def error(self) -> str:
        """The sentence that is shown, or an empty text."""
        return self._shown.error()

    def show_size(self, text: str, *, is_warning: bool) -> None:
        """The line below a long text."""
        if self._size is not None:
            self._size.say(text, is_warning=is_warning)

    def show_remark(self, text: str) -> None:
        """A remark beside that line; an empty text takes it away."""
        if self._size is not None and text != self._size.remark.whole():
            self._size.remark.say(text)

    def focus_editor(self) -> None:
        """Put the keyboard's focus into the editor."""
        self._shown.focus_editor()

    def _build(self) -> None:
        self._editor: Editor = make_editor(self.field, self._labels, self._among)
        self._shown = Field(
            self._labels.field(self.field.id),
            self._editor.widget,
            self._labels.help(self.field.id),
            required=self.field.required,
        )
        self._column.insertWidget(0, self._shown)
        self._editor.changed.connect(lambda *_: self.changed.emit(self))
        edit = self._editor.widget
        if isinstance(edit, PlainTextEdit):
            edit.cursorPositionChanged.connect(lambda: self.caret_moved.emit(edit))
        if self._editor.left is not None:
            self._editor.left.connect(lambda: self.left.emit(self))
        if self._editor.refused is not None:
            self._editor.refused.connect(self.show_error)


class _SizeLine(QWidget):
    """How long a text is; a warning has a sign besides its words. remark: to the right of it."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 0, 0)
        row.setSpacing(6)
        self._sign = IconPicture("warning", "warning_mark", 16)
        self._text = PlainLabel("", "caption", wrap=False)
        row.addWidget(self._sign)
        row.addWidget(self._text)
        self.remark = ShortLine("caption")
        self.remark.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(16)
        row.addWidget(self.remark, 1)
        self._sign.hide()

    def say(self, text: str, *, is_warning: bool) -> None:
        self._text.setText(text)
        self._sign.setVisible(is_warning)
