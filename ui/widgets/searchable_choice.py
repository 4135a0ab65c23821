"""One of many given answers: a search box over a list."""

import unicodedata
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.theme.icons import icon
from ui.widgets.choice_rows import RadioRow
from ui.widgets.content import ContentLine
from ui.widgets.heading import PlainLabel
from ui.widgets.radio_choice import Option, fill_column

_ROWS_SHOWN = 5
_ROW = 44
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SearchLine(ContentLine):
    """A search box that hands the arrow keys and Enter to the list."""

    moved = Signal(int)
    entered = Signal()
    clicked = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        super().mousePressEvent(event)
        self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in steps:
            self.moved.emit(steps[Qt.Key(event.key())])
        elif event.key() in _ENTER:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class _List(QListWidget):
    """The options; letters typed here go into the search box."""

    typed = Signal(str)
    entered_row = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        text = event.text()
        if event.key() in (*_ENTER, Qt.Key.Key_Space):
            self.entered_row.emit()
        elif text and text.isprintable():
            self.typed.emit(text)
        else:
            super().keyPressEvent(event)


class SearchableChoice(QWidget):
    """One of many options. Typing filters by the beginnings of words, Enter chooses."""

    changed = Signal()

    def __init__(self, options: Sequence[Option], specials: Sequence[Option] = ()) -> None:
        super().__init__()
        self._chosen: str | None = None
        self._labels = dict(options)
        self._search = self._make_search()
        self._list = self._make_list(options)
        self._chosen_line = PlainLabel("", "strong")
        self._none_found = PlainLabel("Nothing fits. Try the beginning of another word.", "help")
        self._none_found.hide()
        self._specials = [RadioRow(code, label) for code, label in specials]
        self._group = QButtonGroup(self)
        for row in self._specials:
            self._group.addButton(row)
        self._group.buttonToggled.connect(self._on_special)
        column = QVBoxLayout(self)
        head = [self._chosen_line, self._search, self._none_found, self._list]
        fill_column(column, head, self._specials)
        self.setFocusProxy(self._search)
        self._show_chosen()

    def value(self) -> tuple[str, ...]:
        """The chosen code, or nothing."""
        return () if self._chosen is None else (self._chosen,)

    def special(self) -> str | None:
        """The chosen special value, or None."""
        return next((row.code for row in self._specials if row.isChecked()), None)

    def set_value(self, codes: Sequence[str], special: str | None = None) -> None:
        """Show an answer without telling of a change; unknown codes choose nothing."""
        self._chosen = next((code for code in codes if code in self._labels), None)
        self._check_special(special)
        self._search.clear()
        self._show_chosen()

    def choose(self, code: str) -> None:
        """Choose an option as a click on it does; an unknown code chooses nothing."""
        item = self._item_of(code)
        if item is not None:
            self._choose(item)

    def fold(self) -> None:
        """Show the list only once somebody types, clicks into the box or presses the down key."""
        if not self._search.text() and self._chosen is None:
            self._list.hide()
            self._search.setPlaceholderText(f"Something else: {self._list.count()} answers")

    def unfold(self) -> None:
        """Show the list."""
        self._list.show()
        self._search.setPlaceholderText("Type to search")

    def describe(self, label: str, text: str) -> None:
        """Name the search box and the list after the question."""
        self.setAccessibleName(label)
        self.setAccessibleDescription(text)
        self._search.setAccessibleName(f"{label} Search")
        self._search.setAccessibleDescription(text)
        self._list.setAccessibleName(f"{label} List")

    def _make_search(self) -> SearchLine:
        search = SearchLine()
        search.setPlaceholderText("Type to search")
        search.setAccessibleName("Search")
        search.setClearButtonEnabled(True)
        search.textChanged.connect(self._filter)
        search.moved.connect(self._move)
        search.entered.connect(self._choose_current)
        search.clicked.connect(self.unfold)
        return search

    def _make_list(self, options: Sequence[Option]) -> _List:
        found = _List()
        found.setProperty("role", "options")
        found.setAccessibleName("List")
        found.setIconSize(QSize(20, 20))
        found.setUniformItemSizes(True)
        found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        found.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        found.setFixedHeight(_ROW * min(len(options), _ROWS_SHOWN) + 10)
        for code, label in options:
            item = QListWidgetItem(label, found)
            item.setData(Qt.ItemDataRole.UserRole, code)
            item.setToolTip(label)
        found.itemClicked.connect(self._choose)
        found.entered_row.connect(self._choose_current)
        found.typed.connect(self._search_for)
        return found

    def _search_for(self, text: str) -> None:
        self._search.setFocus()
        self._search.setText(text)

    def _filter(self, text: str) -> None:
        if text:
            self.unfold()
        first: QListWidgetItem | None = None
        for row in range(self._list.count()):
            item = self._list.item(row)
            fits = matches(text, item.text())
            item.setHidden(not fits)
            if fits and first is None:
                first = item
        self._none_found.setVisible(first is None)
        if text and first is not None:
            self._list.setCurrentItem(first)
            self._list.scrollToItem(first)
        else:
            self._aim_at_chosen()

    def _move(self, step: int) -> None:
        self.unfold()
        shown = [
            item for item in map(self._list.item, range(self._list.count())) if not item.isHidden()
        ]
        current = self._list.currentItem()
        if shown:
            at = shown.index(current) + step if current in shown else 0
            self._list.setCurrentItem(shown[max(0, min(at, len(shown) - 1))])

    def _choose_current(self) -> None:
        row = self._list.currentRow()
        if row >= 0 and not self._list.item(row).isHidden():
            self._choose(self._list.item(row))

    def _choose(self, item: QListWidgetItem) -> None:
        self._chosen = str(item.data(Qt.ItemDataRole.UserRole))
        self._check_special(None)
        self._search.clear()
        self._show_chosen()
        self.changed.emit()

    def _on_special(self, row: RadioRow, is_on: bool) -> None:
        if is_on:
            self._chosen = None
            self._show_chosen()
            self.changed.emit()

    def _check_special(self, special: str | None) -> None:
        self._group.blockSignals(True)
        self._group.setExclusive(False)
        for row in self._specials:
            row.setChecked(row.code == special)
        self._group.setExclusive(True)
        self._group.blockSignals(False)

    def _item_of(self, code: str | None) -> QListWidgetItem | None:
        items = map(self._list.item, range(self._list.count()))
        return next((each for each in items if each.data(Qt.ItemDataRole.UserRole) == code), None)

    def _show_chosen(self) -> None:
        label = self._labels.get(self._chosen or "", "")
        self._chosen_line.setText(f"Chosen: {label}" if label else "")
        self._chosen_line.setVisible(bool(label))
        blank = QPixmap(20, 20)
        blank.fill(Qt.GlobalColor.transparent)
        for row in range(self._list.count()):
            item = self._list.item(row)
            is_chosen = item.data(Qt.ItemDataRole.UserRole) == self._chosen
            item.setIcon(icon("check", "primary", 20) if is_chosen else QIcon(blank))
        self._aim_at_chosen()

    def _aim_at_chosen(self) -> None:
        chosen = self._item_of(self._chosen)
        if chosen is None:
            self._list.setCurrentRow(-1)
        else:
            self._list.setCurrentItem(chosen)
            self._list.scrollToItem(chosen)


def matches(typed: str, label: str) -> bool:
    """Whether every typed word begins some word of the label; case and accents do not count."""
    words = _fold(label).split()
    return all(any(word.startswith(part) for word in words) for part in _fold(typed).split())


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(
        each if each.isalnum() else " " for each in plain if not unicodedata.combining(each)
    )
