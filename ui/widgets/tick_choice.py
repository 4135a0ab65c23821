"""Any of several given answers: boxes to tick, with a search box where there are many."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.widgets.choice_rows import RadioRow, TickRow
from ui.widgets.heading import PlainLabel
from ui.widgets.radio_choice import Option, fill_column
from ui.widgets.searchable_choice import SearchLine, matches

_MANY = 12  # beyond this many options there is a search box


class TickChoice(QWidget):
    """Any of several options.

    alone: codes that cannot be chosen together with others; choosing one clears the rest, and
    the other way round. max_choices: when it is reached the other boxes cannot be ticked.
    """

    changed = Signal()

    def __init__(
        self,
        options: Sequence[Option],
        specials: Sequence[Option] = (),
        *,
        alone: Sequence[str] = (),
        max_choices: int | None = None,
    ) -> None:
        super().__init__()
        self._alone = frozenset(alone)
        self._max = max_choices
        self._options = [TickRow(code, label) for code, label in options]
        self._specials = [RadioRow(code, label) for code, label in specials]
        self._count = PlainLabel("", "help")
        self._is_folded = False
        self._search = SearchLine()
        self._search.setPlaceholderText("Type to search")
        self._search.setAccessibleName("Search")
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._filter)
        self._search.clicked.connect(self.unfold)
        self._search.moved.connect(lambda _step: self.unfold())
        fill_column(QVBoxLayout(self), [self._count, self._search, *self._options], self._specials)
        # Only now: shown without a parent they would flash up as windows of their own.
        self._count.setVisible(max_choices is not None)
        self._search.setVisible(len(options) > _MANY)
        for row in self._options:
            row.toggled.connect(lambda is_on, row=row: self._on_ticked(row, is_on))
        for special in self._specials:
            special.setAutoExclusive(False)
            special.toggled.connect(lambda is_on, row=special: self._on_special(row, is_on))
        self.setFocusProxy(self._search if len(options) > _MANY else self._options[0])
        self._keep_to_max()

    def value(self) -> tuple[str, ...]:
        """The ticked codes, in the order of the options."""
        return tuple(row.code for row in self._options if row.isChecked())

    def special(self) -> str | None:
        """The chosen special value, or None."""
        return next((row.code for row in self._specials if row.isChecked()), None)

    def set_value(self, codes: Sequence[str], special: str | None = None) -> None:
        """Show an answer without telling of a change; unknown codes tick nothing."""
        self._check(set(codes), special)

    def choose(self, code: str) -> None:
        """Tick an option as a click on it does; an unknown code ticks nothing."""
        for row in self._options:
            if row.code == code and row.isEnabled() and not row.isChecked():
                row.click()

    def fold(self) -> None:
        """Of a long list show only what is ticked, until somebody types, clicks into the box or
        presses the down key.
        """
        if len(self._options) > _MANY and not self._search.text():
            self._is_folded = True
            self._search.setPlaceholderText(f"Something else: {len(self._options)} answers")
            self._filter("")

    def unfold(self) -> None:
        """Show all options."""
        if self._is_folded:
            self._is_folded = False
            self._search.setPlaceholderText("Type to search")
            self._filter(self._search.text())

    def describe(self, label: str, text: str) -> None:
        """Name the group and the search box after the question."""
        self.setAccessibleName(label)
        self.setAccessibleDescription(text)
        self._search.setAccessibleName(f"{label} Search")

    def _on_ticked(self, row: TickRow, is_on: bool) -> None:
        codes = set(self.value())
        if is_on:
            codes = {row.code} if row.code in self._alone else codes - self._alone
        self._check(codes, None)
        self.changed.emit()

    def _on_special(self, row: RadioRow, is_on: bool) -> None:
        if is_on:
            self._check(set(), row.code)
        self.changed.emit()

    def _check(self, codes: set[str], special: str | None) -> None:
        for row in self._options:
            with QSignalBlocker(row):
                row.setChecked(row.code in codes)
        for each in self._specials:
            with QSignalBlocker(each):
                each.setChecked(each.code == special)
        if self._is_folded:
            self._filter("")
        self._keep_to_max()

    def _keep_to_max(self) -> None:
        if self._max is None:
            return
        count = len(self.value())
        self._count.setText(f"{count} of {self._max} chosen.")
        for row in self._options:
            has_room = count < self._max or row.isChecked() or row.code in self._alone
            row.setEnabled(has_room)

    def _filter(self, text: str) -> None:
        if text:
            self.unfold()
        for row in self._options:
            row.setVisible(row.isChecked() or (matches(text, row.text()) and not self._is_folded))
