"""The findings of a report as a table: mark, text, kind, why, and what is decided."""

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    Qt,
)
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from app.domain.report import Finding
from sync.decisions import Decisions, Place
from ui.models.kinds import KIND_LETTERS, KIND_WORDS
from ui.models.marked_text import PieceRole, role_of
from ui.theme.apply import current_tokens
from ui.widgets.cards import BannerKind
from ui.widgets.states import Shape, draw_shape

COLUMNS = ("", "Found", "Kind", "Why", "Decision")
_STATES: dict[PieceRole, tuple[str, Shape, BannerKind]] = {
    "masked": ("masked", "square", "leaves"),
    "open": ("to decide", "triangle", "warning"),
    "left": ("left in", "ring", "stays"),
}
_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_LINE = "\n"


class FindingsModel(QAbstractTableModel):
    """One row a finding, in the order of the report."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[Place, Finding, str]] = []
        self._is_narrow = False

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Whether the kind and the reason stand on a second line of the text's cell."""
        self.beginResetModel()
        self._is_narrow = is_narrow
        self.endResetModel()

    def show_decisions(self, decisions: Decisions | None) -> None:
        """Show other findings, or none."""
        self.beginResetModel()
        self._rows = []
        if decisions is not None:
            self._rows = [
                (place, found, " ".join(decisions.text_at(place).split()))
                for place, found in decisions.places()
            ]
        self.endResetModel()

    def place(self, row: int) -> Place | None:
        """The place of the finding in a row; None beyond the rows."""
        return self._rows[row][0] if 0 <= row < len(self._rows) else None

    def finding(self, row: int) -> Finding:
        """The finding in a row."""
        return self._rows[row][1]

    def row_of(self, place: Place | None) -> int:
        """The row of the finding there, or of one that overlaps it; -1 if there is none."""
        for row, (each, _, _) in enumerate(self._rows):
            if place is None or each.field != place.field:
                continue
            if each.span.overlaps(place.span):
                return row
        return -1

    def next_open(self, row: int) -> int:
        """The next row that is to decide, beginning anew at the end; -1 if none is."""
        count = len(self._rows)
        for step in range(count):
            at = (row + step) % count
            if role_of(self._rows[at][1]) == "open":
                return at
        return -1

    def rowCount(self, parent: _Index = _TOP) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _TOP) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        _, found, text = self._rows[index.row()]
        word, shape, kind = _STATES[role_of(found)]
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            shown = found.replacement if found.masked else ""
            why = f"{KIND_WORDS[found.kind]}: {found.reason}"
            return (
                KIND_LETTERS[found.kind],
                f"{text}\n{why}" if self._is_narrow else text,
                KIND_WORDS[found.kind],
                found.reason,
                f"{word}{_LINE if self._is_narrow else '  '}{shown}".rstrip(),
            )[column]
        if role == Qt.ItemDataRole.DecorationRole and column == len(COLUMNS) - 1:
            return draw_state(shape, kind)
        if role == Qt.ItemDataRole.TextAlignmentRole and column == 0:
            return Qt.AlignmentFlag.AlignCenter
        if role == Qt.ItemDataRole.AccessibleTextRole and column == 1:
            return f"{text}, {KIND_WORDS[found.kind]}, {found.reason}, {word}"
        if role == Qt.ItemDataRole.ToolTipRole and column in {1, 3}:
            return found.reason if column == 3 or self._is_narrow else None
        return None


def draw_state(shape: Shape, kind: BannerKind) -> QIcon:
    """A shape in the colours of the theme, sharp on fine screens."""
    picture = QPixmap(32, 32)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = QColor(current_tokens().colour(f"{kind}_mark"))
    draw_shape(painter, QRectF(2, 2, 12, 12), shape, colour)
    painter.end()
    return QIcon(picture)
