"""The sections at the side: title, state as a word and a shape, the current one marked."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from app.domain.form import SectionId
from app.domain.navigation import SectionState
from ui.theme.apply import current_tokens
from ui.theme.fonts import font
from ui.theme.icons import paint_icon
from ui.theme.tokens import BODY, CAPTION, RING
from ui.widgets.cards import BannerKind
from ui.widgets.states import Shape, draw_shape
from ui.wizard.steps import Step

WIDTH = 224
_ROW = 38
_LEFT = 38
_STEP_ROLE = int(Qt.ItemDataRole.UserRole)
_MARKED_ROLE = _STEP_ROLE + 1
_SHAPES: dict[SectionState, tuple[Shape, BannerKind]] = {
    SectionState.NOT_STARTED: ("ring", "stays"),
    SectionState.IN_PROGRESS: ("half", "info"),
    SectionState.COMPLETE: ("tick", "success"),
}
_Index = QModelIndex | QPersistentModelIndex


class SectionList(QListWidget):
    """One stop for the Tab key; the arrow keys move, Enter or a click goes there.

    chosen: with the section.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Sections")
        self.setProperty("role", "sections")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setFixedWidth(WIDTH)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setItemDelegate(_StepPainter(self))
        self.itemClicked.connect(self._choose)

    def show_steps(self, steps: Sequence[Step], current: SectionId) -> None:
        """Show the steps, one of them marked as the current one."""
        while self.count() > len(steps):
            self.takeItem(self.count() - 1)
        while self.count() < len(steps):
            self.addItem(QListWidgetItem())
        for row, step in enumerate(steps):
            item = self.item(row)
            is_current = step.section == current
            if item.data(_STEP_ROLE) == step and item.data(_MARKED_ROLE) == is_current:
                continue
            item.setData(_STEP_ROLE, step)
            item.setData(_MARKED_ROLE, is_current)
            here = ", you are here" if is_current else ""
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, f"{step.title}, {step.word().lower()}{here}"
            )
            if is_current:
                self.setCurrentItem(item)
                self.scrollToItem(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.currentItem())
        else:
            super().keyPressEvent(event)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_STEP_ROLE).section)


class _StepPainter(QStyledItemDelegate):
    """Paints a row: the shape, the title, and the word below it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802
        return QSize(WIDTH, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        step = index.data(_STEP_ROLE)
        if not isinstance(step, Step):
            return
        tokens = current_tokens()
        box = QRectF(option.rect)
        state = option.state
        is_marked = bool(index.data(_MARKED_ROLE))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if is_marked:
            painter.fillRect(box, QColor(tokens.chosen))
            painter.fillRect(QRectF(box.left(), box.top(), 4, box.height()), QColor(tokens.primary))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(tokens.hover))
        self._paint_sign(painter, QRectF(box.left() + 14, box.center().y() - 7, 14, 14), step)
        bold = QFont.Weight.DemiBold if is_marked else QFont.Weight.Normal
        text = box.adjusted(_LEFT, 1, -8, -3)
        top, bottom = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
        painter.setFont(font(BODY, bold))
        painter.setPen(QColor(tokens.ink))
        title = painter.fontMetrics().elidedText(
            step.title, Qt.TextElideMode.ElideRight, int(text.width())
        )
        painter.drawText(text, int(top | Qt.AlignmentFlag.AlignLeft), title)
        painter.setFont(font(CAPTION))
        painter.setPen(QColor(tokens.ink if is_marked else tokens.secondary))
        painter.drawText(text, int(bottom | Qt.AlignmentFlag.AlignLeft), step.word())
        if state & QStyle.StateFlag.State_HasFocus:
            pen = painter.pen()
            pen.setColor(QColor(tokens.ring))
            pen.setWidth(RING)
            painter.setPen(pen)
            painter.drawRoundedRect(box.adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)
        painter.restore()

    @staticmethod
    def _paint_sign(painter: QPainter, box: QRectF, step: Step) -> None:
        if step.state is None:
            paint_icon(painter, box.adjusted(-3, -3, 3, 3), "lock", current_tokens().stays_mark)
            return
        shape, kind = _SHAPES[step.state]
        colour = QColor(current_tokens().colour(f"{kind}_mark"))
        draw_shape(painter, box.adjusted(1, 1, -1, -1), shape, colour)
