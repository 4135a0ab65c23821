"""One question of the form with its editor, and beside it what becomes of the answer."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.answers import Answer, Chosen, Special
from app.domain.form import Code, FieldType, Leaves, PrivateField, ReportField
from app.domain.labels import Labels
from app.domain.suggestions import Suggestion
from ui.theme.icons import IconPicture
from ui.widgets.choices import SearchableChoice, TickChoice
from ui.widgets.fields import Field
from ui.widgets.heading import PlainLabel
from ui.widgets.short_line import ShortLine
from ui.widgets.text import PlainTextEdit
from ui.wizard.editors import Editor, make_editor
from ui.wizard.side_note import SideNote
from ui.wizard.suggestion_row import SuggestionRow

_FIELD_WIDTH = 600
_NOTE_WIDTH = 216


class Question(QWidget):
    """A field of the form on the screen.

    changed: with the question, whenever something else stands in the editor. left: with the
    question, when a line is finished, so that a fault can be shown. caret_moved: with the long
    text in which somebody is or moves, and the line below it.
    """

    changed = Signal(object)
    left = Signal(object)
    caret_moved = Signal(object, object)

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
        self._suggested: SuggestionRow | None = None
        has_remarks = isinstance(field, ReportField) and field.leaves is Leaves.SCRUBBED
        is_long = field.type is FieldType.LONGTEXT
        self._size = _SizeLine() if is_long or has_remarks else None
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
        """The editor, if it is one in which words can be underlined."""
        edit = self._editor.widget
        return edit if isinstance(edit, PlainTextEdit) else None

    def show_answer(self, answer: Answer | None) -> None:
        """Put an answer into the editor."""
        self._editor.show(answer)
        self.follow(answer)

    def show_typed(self, raw: object) -> None:
        """Put back what `read` gave, in an editor that is typed into."""
        edit = self._editor.widget
        text = "\n".join(map(str, raw)) if isinstance(raw, list) else str(raw)
        if isinstance(edit, PlainTextEdit) and raw != self._editor.read():
            edit.set_value(text)
        elif isinstance(edit, QLineEdit) and text != edit.text():
            edit.setText(text)

    def follow(self, answer: Answer | None) -> None:
        """Say beside the question what becomes of the answer."""
        if self._note is not None:
            self._note.follow(answer)

    def suggest(self, suggestions: Sequence[Suggestion], answer: Answer | None) -> None:
        """Show what the story suggests and is not chosen; the list itself then waits folded."""
        edit = self._editor.widget
        if not isinstance(edit, SearchableChoice | TickChoice):
            return
        chosen = answer.codes if isinstance(answer, Chosen) else ()
        is_settled = isinstance(answer, Special) or (chosen and self.field.type is FieldType.CHOICE)
        left = [] if is_settled else [each for each in suggestions if each.code not in chosen]
        if left and answer is None and self._suggested is None:
            edit.fold()
        if left and self._suggested is None:
            self._suggested = SuggestionRow()
            self._suggested.picked.connect(self._pick)
            self._shown.add_above(self._suggested)
        if self._suggested is not None:
            labels = {each.code: self._labels.option(self.field.id, each.code) for each in left}
            if self._suggested.offer(left, labels):
                self._suggested.chain_before(self.controls()[0])

    def suggested(self) -> tuple[Code, ...]:
        """The codes that are suggested now."""
        return self._suggested.codes() if self._suggested is not None else ()

    def offer(
        self, among: Sequence[Code], answer: Answer | None, before: "Question | None"
    ) -> None:
        """Offer only these options, because another answer must contain this one.

        before: the question that stands before this one, for the Tab key.
        """
        if list(among) == list(self._among or ()):
            return
        self._among = among
        self._suggested = None
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
            # A text has parts of its own, such as its scroll bar, and has the focus itself.
            for each in [self._editor.widget, *self._editor.widget.findChildren(QWidget)]
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

    def _pick(self, code: str) -> None:
        edit = self._editor.widget
        if isinstance(edit, SearchableChoice | TickChoice):
            edit.choose(code)

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
            for signal in (edit.entered, edit.cursorPositionChanged):
                signal.connect(lambda: self.caret_moved.emit(edit, self._size))
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
