"""One of a few given answers: radio buttons.

All three kinds of choice have `value()`, `special()`, `set_value()` and the signal `changed`.
Special values ("Not known", "Prefer not to say") stand below a thin line. They are no codes of
the form, so they never mix with `value()`.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QVBoxLayout, QWidget

from ui.widgets.choice_rows import RadioRow

Option = tuple[str, str]  # code, label


class RadioChoice(QWidget):
    """One of a few options, by radio buttons; the arrow keys move, Delete clears."""

    changed = Signal()

    def __init__(self, options: Sequence[Option], specials: Sequence[Option] = ()) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._options = [RadioRow(code, label) for code, label in options]
        self._specials = [RadioRow(code, label) for code, label in specials]
        fill_column(QVBoxLayout(self), self._options, self._specials)
        for row in self._rows():
            self._group.addButton(row)
        self._group.buttonToggled.connect(self._on_toggled)
        self.setFocusProxy(self._rows()[0])

    def codes(self) -> tuple[str, ...]:
        """All codes that are offered."""
        return tuple(row.code for row in self._options)

    def value(self) -> tuple[str, ...]:
        """The chosen code, or nothing."""
        return tuple(row.code for row in self._options if row.isChecked())

    def special(self) -> str | None:
        """The chosen special value, or None."""
        return next((row.code for row in self._specials if row.isChecked()), None)

    def set_value(self, codes: Sequence[str], special: str | None = None) -> None:
        """Show an answer without telling of a change; unknown codes choose nothing."""
        self._group.blockSignals(True)
        self._group.setExclusive(False)
        for row in self._options:
            row.setChecked(row.code in codes)
        for row in self._specials:
            row.setChecked(row.code == special)
        self._group.setExclusive(True)
        self._group.blockSignals(False)
        had_focus = any(row.hasFocus() for row in self._rows())
        self._aim_focus()
        if had_focus and (self.value() or self.special()):
            self.setFocus()  # the ring stays with what is chosen

    def describe(self, label: str, text: str) -> None:
        """Name the group after its question."""
        self.setAccessibleName(label)
        self.setAccessibleDescription(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            if self.value() or self.special():
                self.set_value(())
                self.changed.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    def _rows(self) -> list[RadioRow]:
        return [*self._options, *self._specials]

    def _on_toggled(self, row: RadioRow, is_on: bool) -> None:
        # Of the two signals of a change of mind only the second counts.
        if is_on:
            self._aim_focus()
            self.changed.emit()

    def _aim_focus(self) -> None:
        chosen = (row for row in self._rows() if row.isChecked())
        self.setFocusProxy(next(chosen, self._rows()[0]))


def fill_column(
    column: QVBoxLayout, options: Sequence[QWidget], specials: Sequence[QWidget]
) -> None:
    """The options, a thin line, the special values; the line only between the two."""
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    for row in options:
        column.addWidget(row)
    if options and specials:
        column.addSpacing(4)
        column.addWidget(make_rule())
        column.addSpacing(4)
    for row in specials:
        column.addWidget(row)
    column.addStretch(1)


def make_rule() -> QFrame:
    """A thin line."""
    rule = QFrame()
    rule.setProperty("role", "rule")
    return rule
