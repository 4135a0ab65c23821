"""Editors of one line: a text, a year, a date and time."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy

from app.domain.form import Field, FieldType
from ui.widgets.content import ContentLine

# In average characters, so that the length of the line says what is expected.
_WIDTHS = {FieldType.YEAR: 8, FieldType.NUMBER: 10, FieldType.MONTH: 10, FieldType.DATE_TIME: 20}
_LENGTHS = {FieldType.YEAR: 4, FieldType.NUMBER: 16, FieldType.MONTH: 7, FieldType.DATE_TIME: 16}


class LineEditor(ContentLine):
    """One line of text.

    refused: a sentence that says why something that was typed or pasted is not there.
    """

    refused = Signal(str)

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.setMaxLength(_LENGTHS.get(field.type, field.shape.max_chars or 200))
        self.inputRejected.connect(self._say_rejected)
        if field.type in _WIDTHS:
            self.ensurePolished()
            width = _WIDTHS[field.type] * self.fontMetrics().averageCharWidth() + 40
            self.setMaximumWidth(width)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _say_rejected(self) -> None:
        self.refused.emit(
            f"There is room for {self.maxLength()} characters. The rest was left out."
        )


class YearEditor(LineEditor):
    """A year, typed; the arrow keys go one year up or down, beginning with this one."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        if event.key() not in steps:
            super().keyPressEvent(event)
            return
        this_year = datetime.now().astimezone().year
        typed = self.text()
        year = int(typed) + steps[Qt.Key(event.key())] if typed.isdecimal() else this_year
        self.setText(str(min(year, this_year)))
        self.textEdited.emit(self.text())
