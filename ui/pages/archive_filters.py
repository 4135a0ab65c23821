"""The filters beside the results, and how their rows are drawn."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from app.use_cases.read_archive import Facets, Question
from ui.models.code_labels import CodeLabels
from ui.models.filter_rows import FilterRow, FiltersModel, Folding, RowKind, make_rows
from ui.pages.archive_paint import SEMIBOLD, draw_lines, draw_ring, wrap_lines
from ui.theme.apply import current_tokens
from ui.theme.fonts import font
from ui.theme.icons import paint_icon
from ui.theme.tokens import BODY, CAPTION, TARGET, Tokens

Index = QModelIndex | QPersistentModelIndex
_LEAST_HEIGHT = 36
_PADDING = 12
_INDENT = 34  # left of a code's label, room for the tick
_COUNT_WIDTH = 44
_BESIDE = 18  # border and scroll bar
_LABEL_LINES = 3
_ICON = 20


class FiltersView(QListView):
    """Fields and codes with counts. changed: (field, code), or (field, None) for any answer."""

    changed = Signal(str, object)

    def __init__(self, names: CodeLabels) -> None:
        super().__init__()
        self._names = names
        self._rows = FiltersModel()
        self._folding = Folding({}, frozenset())
        self._shown = (Facets(0, {}), Question())
        self.setModel(self._rows)
        self.setProperty("role", "rows")
        self.setAccessibleName("Filters")
        self.setItemDelegate(_FilterDelegate(self, self._rows))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(32)
        self.clicked.connect(self._press)

    def show_facets(self, facets: Facets, question: Question) -> None:
        """Show these counts, and what is chosen."""
        self._shown = (facets, question)
        self._renew()

    def rows(self) -> FiltersModel:
        """What is shown, for whoever wants to press a row."""
        return self._rows

    def press(self, kind: RowKind, field: str, code: str = "") -> None:
        """Do what clicking the row does; nothing if it is not shown."""
        index = self._rows.find(kind, field, code)
        if index.isValid():
            self._press(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        keys = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}
        if event.key() in keys and self.currentIndex().isValid():
            self._press(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _press(self, index: Index) -> None:
        row = self._rows.row(index)
        if row.kind is RowKind.HEADING:
            is_open = {**self._folding.is_open, row.field: not row.is_on}
            self._folding = Folding(is_open, self._folding.whole)
            self._renew()
        elif row.kind is RowKind.MORE:
            self._folding = Folding(self._folding.is_open, self._folding.whole | {row.field})
            self._renew()
        else:
            self.changed.emit(row.field, None if row.is_on else row.code)

    def _renew(self) -> None:
        """Show the rows again, with the keyboard and the scroll bar where they were."""
        facets, question = self._shown
        current = self.currentIndex()
        was = self._rows.row(current) if current.isValid() else None
        scrolled = self.verticalScrollBar().value()
        self._rows.set_rows(make_rows(facets, question, self._names, self._folding))
        if was is not None:
            index = self._rows.find(was.kind, was.field, was.code)
            if not index.isValid():
                index = self._rows.find(RowKind.HEADING, was.field)
            self.setCurrentIndex(index)
        self.verticalScrollBar().setValue(scrolled)


class _FilterDelegate(QStyledItemDelegate):
    """A heading with an arrow, or a label with its count and a tick."""

    def __init__(self, view: FiltersView, model: FiltersModel) -> None:
        super().__init__(view)
        self._view = view
        self._rows = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        row = self._rows.row(index)
        if row.kind is RowKind.HEADING:
            return QSize(0, TARGET)
        lines = len(self._lines(row))
        height = lines * QFontMetricsF(font(BODY)).lineSpacing() + 12
        return QSize(0, max(_LEAST_HEIGHT, round(height)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens = current_tokens()
        row = self._rows.row(index)
        whole = QRectF(option.rect)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.is_on and row.kind is not RowKind.HEADING:
            painter.fillRect(whole, QColor(tokens.chosen))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(whole, QColor(tokens.hover))
        if row.kind is RowKind.HEADING:
            self._paint_heading(painter, whole, row, tokens, is_first=index.row() == 0)
        else:
            self._paint_code(painter, whole, row, tokens)
        if state & QStyle.StateFlag.State_HasFocus:
            draw_ring(painter, whole, tokens)
        painter.restore()

    def _paint_heading(
        self, painter: QPainter, whole: QRectF, row: FilterRow, tokens: Tokens, *, is_first: bool
    ) -> None:
        if not is_first:
            painter.fillRect(
                QRectF(whole.left(), whole.top(), whole.width(), 1), QColor(tokens.line)
            )
        painter.setFont(font(BODY, SEMIBOLD))
        painter.setPen(QColor(tokens.ink))
        painter.drawText(
            whole.adjusted(_PADDING, 0, -_PADDING - _ICON, 0),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine),
            row.text,
        )
        box = QRectF(whole.right() - _PADDING - _ICON, whole.center().y() - _ICON / 2, _ICON, _ICON)
        paint_icon(painter, box, "expand_less" if row.is_on else "expand_more", tokens.secondary)

    def _paint_code(self, painter: QPainter, whole: QRectF, row: FilterRow, tokens: Tokens) -> None:
        colour = {RowKind.MORE: tokens.primary, RowKind.SPECIAL: tokens.secondary}
        painter.setPen(QColor(colour.get(row.kind, tokens.ink)))
        used = self._font(row)
        lines = self._lines(row)
        height = len(lines) * QFontMetricsF(used).lineSpacing()
        corner = QPointF(whole.left() + _INDENT, whole.center().y() - height / 2)
        draw_lines(painter, corner, lines, used)
        if row.is_on:
            tick = QRectF(whole.left() + 9, whole.center().y() - _ICON / 2, _ICON, _ICON)
            paint_icon(painter, tick, "check", tokens.primary)
        if row.kind is not RowKind.MORE:
            painter.setPen(QColor(tokens.secondary))
            painter.setFont(font(CAPTION))
            painter.drawText(
                whole.adjusted(0, 0, -_PADDING, 0),
                int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight),
                f"{row.count:,}",
            )

    def _lines(self, row: FilterRow) -> list[str]:
        # Of the view, not of its viewport: the scroll bar comes and goes with the rows.
        room = self._view.width() - _BESIDE - _INDENT - _COUNT_WIDTH - _PADDING
        return wrap_lines(row.text, self._font(row), room, _LABEL_LINES)

    @staticmethod
    def _font(row: FilterRow) -> QFont:
        used = font(BODY, SEMIBOLD if row.is_on else QFont.Weight.Normal)
        used.setItalic(row.kind is RowKind.SPECIAL)
        return used
