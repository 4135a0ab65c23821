"""The list of what was found, and what can be done with each, by mouse or by one key."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.domain.report import Kind
from sync.decisions import LEFT, Decisions, Place, wants_reason
from ui.models.findings import FindingsModel
from ui.models.kinds import KIND_LETTERS, KIND_WORDS
from ui.theme.tokens import TARGET
from ui.widgets.buttons import QuietButton
from ui.widgets.flow import FlowLayout

REASONS = (
    "It is not an identifier",
    "It is public and widely known",
    "The lesson needs it",
)
_ROW_PX, _TWO_LINES_PX, _HEAD_PX = TARGET, 52, 32
_ROWS_BELOW = 3  # where the list stands below the texts


class FindingsPanel(QWidget):
    """One row a finding, with the actions above.

    chosen: another row is current (a Place). masked, applied: for the current one. left: with
    the reason, or an empty text. kind_changed: with the Kind. undone, redone.
    """

    chosen = Signal(object)
    masked = Signal(object)
    left = Signal(object, str)
    kind_changed = Signal(object, object)
    applied = Signal(object)
    undone = Signal()
    redone = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.model = FindingsModel(self)
        self.table = _make_table(self.model)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._actions = FlowLayout(spacing=0)
        self._is_narrow = False
        column.addLayout(self._actions)
        column.addWidget(self.table, 1)
        self._named: list[tuple[QPushButton, str, str]] = []
        self._mask = self._add_action("Mask (M)", "Mask (M)", self._ask_mask)
        self._leave = self._add_action("Leave in (L)", "Leave in (L)", self._ask_leave)
        self._kind = self._add_action("Change kind (K)", "Kind (K)", self._ask_kind)
        self._all = self._add_action("All mentions (A)", "All (A)", self._ask_all)
        self._undo = self._add_action("Undo (Ctrl+Z)", "Undo", self.undone.emit)
        self._redo = self._add_action("Redo (Ctrl+Y)", "Redo", self.redone.emit)
        self.menu: QMenu | None = None
        self._keys: list[QShortcut] = []

    def add_actions(self, *buttons: QPushButton) -> None:
        """More buttons above the list."""
        for each in buttons:
            self._actions.addWidget(each)

    def name_action(self, button: QPushButton, text: str, short: str) -> None:
        """What a button is called: `short` where there is little room, `text` to a listener."""
        self._named = [each for each in self._named if each[0] is not button]
        self._named.append((button, text, short))
        button.setText(short if self._is_narrow else text)
        button.setToolTip(text if self._is_narrow and short != text else "")
        button.setAccessibleName(text)

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Show kind and reason below the text of each finding, instead of beside it."""
        if is_narrow == self._is_narrow:
            return
        self._is_narrow = is_narrow
        for each in self._named:
            self.name_action(*each)
        at = self.table.currentIndex().row()
        self.model.set_narrow(is_narrow=is_narrow)
        for column in (2, 3):
            self.table.setColumnHidden(column, is_narrow)
        self.table.setColumnWidth(4, 128 if is_narrow else 200)
        self.table.verticalHeader().setDefaultSectionSize(_TWO_LINES_PX if is_narrow else _ROW_PX)
        self.go_to(at)

    def height_for(self, width: int) -> int:
        """How high the actions and the list's first rows are at this width."""
        rows = _HEAD_PX + _ROWS_BELOW * _ROW_PX + 6
        return self._actions.heightForWidth(width) + 4 + rows

    def add_shortcuts(self, scope: QWidget, *more: tuple[str, QPushButton]) -> None:
        """Let the keys work wherever the focus is in `scope`, where nothing can be typed.

        They rest while a menu is open: its letters are others' keys.
        """
        for keys, button in (
            ("M", self._mask),
            ("L", self._leave),
            ("K", self._kind),
            ("A", self._all),
            ("Ctrl+Z", self._undo),
            ("Ctrl+Y", self._redo),
            *more,
        ):
            shortcut = QShortcut(QKeySequence(keys), scope)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(button.click)
            self._keys.append(shortcut)

    def show_decisions(
        self, decisions: Decisions | None, current: Place | None, *, can_undo: bool, can_redo: bool
    ) -> None:
        """Show the findings as they are decided now, and make one of them current."""
        self.model.show_decisions(decisions)
        row = self.model.row_of(current)
        if row < 0 and self.model.rowCount():
            row = max(self.model.next_open(0), 0)
        self.go_to(row)
        self._undo.setEnabled(can_undo)
        self._redo.setEnabled(can_redo)
        self._enable()

    def current(self) -> Place | None:
        """The place of the current finding."""
        return self.model.place(self.table.currentIndex().row())

    def go_to(self, row: int) -> None:
        """Make a row current."""
        if row >= 0:
            index = self.model.index(row, 1)
            self.table.setCurrentIndex(index)
            self.table.scrollTo(index)

    def show_current(self) -> None:
        """Scroll the list until its current row can be seen."""
        self.table.scrollTo(self.table.currentIndex())

    def choose(self, place: Place) -> None:
        """Make the finding at a place current."""
        self.go_to(self.model.row_of(place))

    def ask_new_kind(self, at: QPoint, name: str) -> QMenu:
        """Show a menu of the kinds at a point on screen; each action holds its Kind's value."""
        menu = self._open_menu(name)
        for kind in Kind:
            action = QAction(f"&{KIND_LETTERS[kind]}   {KIND_WORDS[kind]}", menu)
            action.setData(kind)
            menu.addAction(action)
        menu.popup(at)
        menu.setActiveAction(menu.actions()[0])
        return menu

    def _open_menu(self, name: str) -> QMenu:
        if self.menu is not None:
            self.menu.deleteLater()
        self.menu = QMenu(self)
        self.menu.setAccessibleName(name)
        self.menu.aboutToShow.connect(lambda: self._let_keys(work=False))
        self.menu.aboutToHide.connect(lambda: self._let_keys(work=True))
        return self.menu

    def _let_keys(self, *, work: bool) -> None:
        for each in self._keys:
            each.setEnabled(work)

    def _add_action(self, text: str, short: str, act: Callable[[], object]) -> QPushButton:
        button = QuietButton(text)
        self.name_action(button, text, short)
        button.clicked.connect(lambda _checked: act())
        self._actions.addWidget(button)
        return button

    def _enable(self) -> None:
        has_current = self.current() is not None
        for button in (self._mask, self._leave, self._kind, self._all):
            button.setEnabled(has_current)

    def _on_current(self, index: QModelIndex) -> None:
        self._enable()
        place = self.model.place(index.row())
        if place is not None:
            self.chosen.emit(place)

    def _ask_mask(self) -> None:
        self.masked.emit(self.current())

    def _ask_leave(self) -> None:
        place = self.current()
        if not wants_reason(self.model.finding(self.table.currentIndex().row())):
            self.left.emit(place, "")
            return
        menu = self._open_menu("Why does it stay in? The reason stays on this computer.")
        for number, reason in enumerate(REASONS, start=1):
            action = menu.addAction(f"&{number}  {reason}")
            action.triggered.connect(
                lambda _=False, why=reason: self.left.emit(place, f"{LEFT}{why.lower()}")
            )
        menu.popup(self._leave.mapToGlobal(QPoint(0, self._leave.height())))
        menu.setActiveAction(menu.actions()[0])

    def _ask_kind(self) -> None:
        place = self.current()
        below = self._kind.mapToGlobal(QPoint(0, self._kind.height()))
        menu = self.ask_new_kind(below, "What kind is it?")
        menu.triggered.connect(lambda action: self.kind_changed.emit(place, Kind(action.data())))

    def _ask_all(self) -> None:
        self.applied.emit(self.current())


def _make_table(model: FindingsModel) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setProperty("role", "list")
    table.setAccessibleName("What was found")
    table.setAccessibleDescription("M masks, L leaves in, K changes the kind, A does so for all.")
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTextElideMode(Qt.TextElideMode.ElideRight)
    table.setMinimumHeight(_HEAD_PX + _ROWS_BELOW * _ROW_PX + 6)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(_ROW_PX)
    head = table.horizontalHeader()
    head.setHighlightSections(False)
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    head.setMinimumSectionSize(36)
    head.setFixedHeight(_HEAD_PX)
    for column, width in enumerate((36, 220, 140, 240, 200)):
        table.setColumnWidth(column, width)
    head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
    head.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
    return table
