"""What is missing, on top of the section; each line jumps to its question."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.form import FieldId
from ui.widgets.buttons import QuietButton
from ui.widgets.cards import Banner
from ui.widgets.heading import PlainLabel

_SHOWN = 6
_NARROWEST_PX = 200


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
        is_spread = len({each.section for each in missing}) > 1
        title = "One question needs you" if count == 1 else f"{count} questions need you"
        self.set_content("error", title, "Choose one to go to it.")
        for each in missing[:_SHOWN]:
            line = _Line(f"{each.section}: {each.question}" if is_spread else each.question)
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


class _Line(QuietButton):
    """A question, shortened where there is no room for it; a screen reader has it whole."""

    def __init__(self, text: str) -> None:
        super().__init__(text.replace("&", "&&"), "chevron_right")
        self._whole = text

    def sizeHint(self) -> QSize:  # noqa: N802
        """For the whole text, whatever is shown of it now."""
        hint = super().sizeHint()
        return QSize(self._around() + self._width_of(self._whole), hint.height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(_NARROWEST_PX, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        shown = self.fontMetrics().elidedText(
            self._whole, Qt.TextElideMode.ElideRight, self.width() - self._around()
        )
        self.setText(shown.replace("&", "&&"))

    def _around(self) -> int:
        """The width of all but the text: icon, padding, margin."""
        return super().sizeHint().width() - self._width_of(self.text().replace("&&", "&"))

    def _width_of(self, text: str) -> int:
        return self.fontMetrics().size(int(Qt.TextFlag.TextShowMnemonic), text).width()
