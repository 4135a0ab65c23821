"""The results as rows that are fetched page by page while one scrolls."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from app.domain.archive import ArchiveNumber, SearchHit
from ui.models.code_labels import CodeLabels
from ui.models.shown_text import shown_line, snippet_runs

Index = QModelIndex | QPersistentModelIndex
_CHIP_FIELDS = (
    "hazard",
    "activity_detail",
    "contributing",
    "location_type",
    "light",
    "time_block",
)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One result as it is drawn. runs: the snippet's pieces, and which of them were found.

    chips: labels of its codes, the most telling first; the three that have room are drawn.
    """

    number: ArchiveNumber
    title: str
    year: str
    runs: tuple[tuple[str, bool], ...]
    chips: tuple[str, ...]


def make_row(hit: SearchHit, names: CodeLabels) -> ResultRow:
    """The row of a hit."""
    return ResultRow(
        hit.number,
        shown_line(hit.title) or f"Report {hit.number}",
        names.first_label(hit.codes, "event_year"),
        snippet_runs(hit.snippet),
        names.chips(hit.codes, _CHIP_FIELDS),
    )


class ResultsModel(QAbstractListModel):
    """The rows for a list view. more_wanted: the view came to the end of what is here."""

    more_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[ResultRow] = []
        self._total = 0
        self._is_waiting = False

    def set_rows(self, rows: Sequence[ResultRow], total: int) -> None:
        """Show the first page of other results. total: of them all."""
        self.beginResetModel()
        self._rows, self._total, self._is_waiting = list(rows), total, False
        self.endResetModel()

    def append(self, rows: Sequence[ResultRow]) -> None:
        """Show the next page too; an empty one ends the list."""
        self._is_waiting = False
        if not rows:
            self._total = len(self._rows)
            return
        start = len(self._rows)
        self.beginInsertRows(QModelIndex(), start, start + len(rows) - 1)
        self._rows += rows
        self.endInsertRows()

    def row(self, index: Index) -> ResultRow:
        """The row at an index."""
        return self._rows[index.row()]

    def find(self, number: ArchiveNumber) -> QModelIndex:
        """Where a report is, an unset index if it is not among the rows."""
        for place, row in enumerate(self._rows):
            if row.number == number:
                return self.index(place)
        return QModelIndex()

    def canFetchMore(self, parent: Index) -> bool:  # noqa: N802  (Qt's name)
        return not parent.isValid() and not self._is_waiting and len(self._rows) < self._total

    def fetchMore(self, parent: Index) -> None:  # noqa: N802
        if self.canFetchMore(parent):
            self._is_waiting = True
            self.more_wanted.emit()

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self.row(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            snippet = "".join(text for text, _is_found in row.runs)
            return ". ".join(
                each for each in (row.title, row.year, snippet, *row.chips[:3]) if each
            )
        return None
