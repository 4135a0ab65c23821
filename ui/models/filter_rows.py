"""The rows of the filters: a heading for each field, below it its codes with their counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.use_cases.read_archive import FACET_FIELDS, SHELF, Facets, Question
from ui.models.code_labels import CodeLabels, is_special

Index = QModelIndex | QPersistentModelIndex
_OPEN_AT_FIRST = 3
_SHOWN_AT_FIRST = 6
_IN_ORDER = (SHELF, "light", "time_block")  # of the form; the others by how many there are
_NEWEST_FIRST = ("event_year",)


class RowKind(Enum):
    """What a row is, and with that what pressing it does."""

    HEADING = auto()  # opens or closes the field
    CODE = auto()  # chooses the code, or takes the choice back
    SPECIAL = auto()  # the same, for the lack of an answer
    MORE = auto()  # shows all codes of the field


@dataclass(frozen=True, slots=True)
class FilterRow:
    """One row. is_on: the heading is open, or the code is chosen."""

    kind: RowKind
    field: str
    text: str
    code: str = ""
    count: int = 0
    is_on: bool = False


@dataclass(frozen=True, slots=True)
class Folding:
    """What the person opened and closed: is_open by field, and fields with all codes shown."""

    is_open: Mapping[str, bool]
    whole: frozenset[str]


def make_rows(
    facets: Facets, question: Question, names: CodeLabels, folding: Folding
) -> tuple[FilterRow, ...]:
    """All rows that are to be seen."""
    rows: list[FilterRow] = []
    place = 0
    for field in FACET_FIELDS:
        chosen = question.where.get(field)
        counts = dict(facets.counts.get(field, {}))
        if chosen is not None:
            counts.setdefault(chosen, 0)
        if not counts:
            continue
        is_open = folding.is_open.get(field, place < _OPEN_AT_FIRST or chosen is not None)
        place += 1
        rows.append(FilterRow(RowKind.HEADING, field, names.name(field), is_on=is_open))
        if is_open:
            rows += _code_rows(field, counts, chosen, names, field in folding.whole)
    return tuple(rows)


def _code_rows(
    field: str, counts: Mapping[str, int], chosen: str | None, names: CodeLabels, whole: bool
) -> list[FilterRow]:
    codes = _sorted_codes(field, counts, names)
    shown = codes if whole or len(codes) <= _SHOWN_AT_FIRST + 1 else codes[:_SHOWN_AT_FIRST]
    if chosen is not None and chosen not in shown and not is_special(chosen):
        shown = [*shown, chosen]
    rows = [_code_row(RowKind.CODE, field, code, counts, chosen, names) for code in shown]
    if len(shown) < len(codes):
        rows.append(FilterRow(RowKind.MORE, field, f"Show all {len(codes)}"))
    specials = sorted(code for code in counts if is_special(code))
    rows += [_code_row(RowKind.SPECIAL, field, code, counts, chosen, names) for code in specials]
    return rows


def _code_row(
    kind: RowKind,
    field: str,
    code: str,
    counts: Mapping[str, int],
    chosen: str | None,
    names: CodeLabels,
) -> FilterRow:
    return FilterRow(kind, field, names.label(field, code), code, counts[code], code == chosen)


def _sorted_codes(field: str, counts: Mapping[str, int], names: CodeLabels) -> list[str]:
    codes = [code for code in counts if not is_special(code)]
    if field in _NEWEST_FIRST:
        return sorted(codes, reverse=True)
    if field in _IN_ORDER:
        return sorted(codes, key=lambda code: (names.place(field, code), code))
    return sorted(codes, key=lambda code: (-counts[code], names.place(field, code), code))


class FiltersModel(QAbstractListModel):
    """The rows for a list view."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[FilterRow, ...] = ()

    def set_rows(self, rows: Sequence[FilterRow]) -> None:
        """Show these rows instead; if only counts changed, nothing moves."""
        new = tuple(rows)
        if [(row.kind, row.field, row.code) for row in new] == [
            (row.kind, row.field, row.code) for row in self._rows
        ]:
            self._rows = new
            if new:
                self.dataChanged.emit(self.index(0), self.index(len(new) - 1))
            return
        self.beginResetModel()
        self._rows = new
        self.endResetModel()

    def row(self, index: Index) -> FilterRow:
        """The row at an index."""
        return self._rows[index.row()]

    def find(self, kind: RowKind, field: str, code: str = "") -> QModelIndex:
        """Where a row is now; an unset index if it is not shown."""
        for place, row in enumerate(self._rows):
            if (row.kind, row.field, row.code) == (kind, field, code):
                return self.index(place)
        return QModelIndex()

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802  (Qt's name)
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self.row(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _spoken(row)
        return None


def _spoken(row: FilterRow) -> str:
    if row.kind is RowKind.HEADING:
        return f"{row.text}, {'open' if row.is_on else 'closed'}"
    if row.kind is RowKind.MORE:
        return row.text
    return f"{row.text}, {row.count} {'report' if row.count == 1 else 'reports'}" + (
        ", chosen" if row.is_on else ""
    )
