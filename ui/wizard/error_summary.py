"""What is missing, on top of the section; each line jumps to its question."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.form import FieldId
from ui.widgets.buttons import QuietButton
from ui.widgets.cards import Banner
from ui.widgets.heading import PlainLabel

_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Missing:
    """A question to mend, and in which section it stands."""

    field: FieldId
    section: str
    question: str


class ErrorSummary(Banner):
    """Hidden while nothing is missing. chosen: with the field to jump to."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__("error", "")
        self._lines = QWidget()
        self._lines.setProperty("role", "plain")
        self._column = QVBoxLayout(self._lines)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.body.addWidget(self._lines)
        self.missing: tuple[Missing, ...] = ()
        self.hide()

    def show_missing(self, missing: Sequence[Missing]) -> None:
        """Show the first of them; the others follow when these are mended."""
        if tuple(missing) == self.missing:
            return
        self.missing = tuple(missing)
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.setVisible(bool(missing))
        if not missing:
            return
        count = len(missing)
        title = "One question needs you" if count == 1 else f"{count} questions need you"
        self.set_content("error", title, "Choose one to go to it.")
        for each in missing[:_SHOWN]:
            line = QuietButton(
                f"{each.section}: {each.question}".replace("&", "&&"), "chevron_right"
            )
            line.clicked.connect(lambda _=False, field=each.field: self.chosen.emit(field))
            self._column.addWidget(line)
            line.show()  # at once, so that it can have the focus
        if count > _SHOWN:
            self._column.addWidget(PlainLabel(f"… and {count - _SHOWN} more.", "help"))

    def focus_first(self) -> None:
        """Put the keyboard's focus on the first line."""
        item = self._column.itemAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
