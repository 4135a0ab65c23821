"""A question: its label, one line of help, the editor, and the sentence if something is amiss."""

from typing import Protocol, runtime_checkable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.icons import IconPicture, top_of
from ui.widgets.heading import PlainLabel, Prose


@runtime_checkable
class Described(Protocol):
    """An editor of several controls, which names each of them after the question."""

    def describe(self, label: str, text: str) -> None: ...


class Field(QWidget):
    """One question with its editor.

    label: the question, which is also the editor's accessible name. help_text: one or two
    sentences below it. optional, required: written beside the label, in words; a screen
    reader says "Required" too.
    """

    def __init__(
        self,
        label: str,
        editor: QWidget,
        help_text: str = "",
        *,
        optional: bool = False,
        required: bool = False,
    ) -> None:
        super().__init__()
        self.editor = editor
        self._label_text = label
        self._help_text = f"Required. {help_text}".strip() if required else help_text
        self._label = PlainLabel(label.replace("&", "&&"), "label")
        self._label.setBuddy(editor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._label, 1)
        if optional or required:
            mark = PlainLabel("Required" if required else "Optional", "caption", wrap=False)
            top.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        self._help = Prose(help_text, role="help")
        column.addWidget(self._help)
        self._help.setVisible(bool(help_text))  # not before: it would be a window for a moment
        self._error = Prose("", role="error")
        self._error_row = QWidget()
        self._error_row.setProperty("role", "plain")
        row = QHBoxLayout(self._error_row)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(8)
        row.addLayout(top_of(IconPicture("error", "error_text", 20)))
        row.addWidget(self._error, 1)
        row.addStretch(0)
        self._error_row.hide()
        column.addWidget(self._error_row)
        column.addSpacing(6)
        column.addWidget(editor)
        self._describe(self._help_text)

    def add_above(self, widget: QWidget) -> None:
        """Something between the question and its editor."""
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            column.insertWidget(column.count() - 1, widget)

    def show_error(self, text: str | None) -> None:
        """Say at the field what is amiss; None takes the sentence away."""
        if (text or "") == self._error.text():
            return
        self._error.setText(text or "")
        self._error_row.setVisible(bool(text))
        self._describe(f"{text} {self._help_text}".strip() if text else self._help_text)
        self.editor.setProperty("fault", "true" if text else "false")
        self.editor.style().unpolish(self.editor)
        self.editor.style().polish(self.editor)

    def error(self) -> str:
        """The sentence that is shown, or an empty text."""
        return self._error.text()

    def focus_editor(self) -> None:
        """Put the keyboard's focus into the editor, for a summary that jumps here."""
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _describe(self, text: str) -> None:
        if isinstance(self.editor, Described):
            self.editor.describe(self._label_text, text)
        else:
            self.editor.setAccessibleName(self._label_text)
            self.editor.setAccessibleDescription(text)
