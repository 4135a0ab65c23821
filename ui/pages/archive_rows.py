"""The list of results, and how one of them is drawn."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from app.domain.archive import ArchiveNumber
from ui.models.result_rows import ResultRow, ResultsModel
from ui.pages.archive_paint import (
    CHIP_HEIGHT,
    SEMIBOLD,
    draw_chips,
    draw_lines,
    draw_ring,
    draw_runs,
    wrap_lines,
)
from ui.theme.apply import current_tokens
from ui.theme.fonts import font
from ui.theme.tokens import BODY, CAPTION

Index = QModelIndex | QPersistentModelIndex
_PADDING = 16
_TOP = 12
_GAP = 6
_STRIP = 4
_YEAR_WIDTH = 36
_BESIDE = 18  # border and scroll bar
_TITLE_LINES = 2


class ResultsView(QListView):
    """Results that arrows walk through. opened: a report was clicked, or Enter pressed on it."""

    opened = Signal(object)

    def __init__(self, model: ResultsModel) -> None:
        super().__init__()
        self._results = model
        self.setModel(model)
        self.setProperty("role", "rows")
        self.setAccessibleName("Results")
        self.setItemDelegate(_ResultDelegate(self, model))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(32)
        self.clicked.connect(self._open)

    def enter(self) -> None:
        """Put the keyboard into the list, on its first row if it was on none."""
        if self._results.rowCount():
            if not self.currentIndex().isValid():
                self.setCurrentIndex(self._results.index(0))
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def mark(self, number: ArchiveNumber) -> None:
        """Make a report the current row, if it is among the results."""
        index = self._results.find(number)
        if index.isValid():
            self.setCurrentIndex(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self.currentIndex().isValid():
                self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _open(self, index: Index) -> None:
        self.opened.emit(self._results.row(index).number)


class _ResultDelegate(QStyledItemDelegate):
    """Title in at most two lines, year, one line of snippet, chips."""

    def __init__(self, view: ResultsView, model: ResultsModel) -> None:
        super().__init__(view)
        self._view = view
        self._results = model
        self._width = 0
        self._titles: dict[ArchiveNumber, list[str]] = {}
        self._title_font = font(BODY, SEMIBOLD)
        self._title_line = QFontMetricsF(self._title_font).lineSpacing()
        self._snippet_line = QFontMetricsF(font(BODY)).lineSpacing()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        row = self._results.row(index)
        height = 2 * _TOP + len(self._title(row)) * self._title_line
        if row.runs:
            height += _GAP + self._snippet_line
        if row.chips:
            height += _GAP + 2 + CHIP_HEIGHT
        return QSize(0, round(height) + 1)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens = current_tokens()
        row = self._results.row(index)
        whole = QRectF(option.rect)
        state = option.state
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_chosen:
            painter.fillRect(whole, QColor(tokens.chosen))
            painter.fillRect(
                QRectF(whole.left(), whole.top(), _STRIP, whole.height()), QColor(tokens.primary)
            )
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(whole, QColor(tokens.hover))
        painter.fillRect(
            QRectF(whole.left(), whole.bottom() - 1, whole.width(), 1), QColor(tokens.line)
        )
        box = whole.adjusted(_PADDING, _TOP, -_PADDING, -_TOP)
        year = QRectF(box.right() - _YEAR_WIDTH, box.top() + 2, _YEAR_WIDTH, self._title_line)
        painter.setFont(font(CAPTION))
        painter.setPen(QColor(tokens.secondary))
        painter.drawText(year, int(Qt.AlignmentFlag.AlignRight), row.year)
        painter.setPen(QColor(tokens.ink))
        top = box.top()
        top += draw_lines(painter, QPointF(box.left(), top), self._title(row), self._title_font)
        if row.runs:
            line = QRectF(box.left(), top + _GAP, box.width(), self._snippet_line)
            draw_runs(painter, line, row.runs, tokens)
            top = line.bottom()
        draw_chips(painter, box.adjusted(0, top + _GAP + 2 - box.top(), 0, 0), row.chips, tokens)
        if state & QStyle.StateFlag.State_HasFocus:
            draw_ring(painter, whole.adjusted(0, 0, 0, -1), tokens)
        painter.restore()

    def _title(self, row: ResultRow) -> list[str]:
        # Of the view, not of its viewport: the scroll bar comes and goes with the rows.
        width = self._view.width() - _BESIDE
        if width != self._width:
            self._width = width
            self._titles.clear()
        if row.number not in self._titles:
            room = width - 2 * _PADDING - _YEAR_WIDTH - _GAP
            self._titles[row.number] = wrap_lines(row.title, self._title_font, room, _TITLE_LINES)
        return self._titles[row.number]
