"""How the archive page is laid out: finder above, filters, results and the report beside."""

from itertools import pairwise

from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.domain.archive import SearchHit
from app.use_cases.read_archive import Question, Results
from ui.models.code_labels import CodeLabels
from ui.models.result_rows import ResultsModel, make_row
from ui.pages.archive_asking import Reading
from ui.pages.archive_empty import Emptiness, EmptyState, nothing_found
from ui.pages.archive_filters import FiltersView
from ui.pages.archive_rows import ResultsView
from ui.pages.archive_search import ChosenFilters, SearchBox
from ui.pages.reading import ReadingView
from ui.widgets.heading import PlainLabel

_FILTERS_WIDTH = 264


class ArchiveParts(QWidget):
    """The parts of the page. In a wide window the report stands beside the results.

    no_results stands in the place of the results, nothing in that of everything.
    """

    def __init__(self, names: CodeLabels) -> None:
        super().__init__()
        self._names = names
        self._is_wide = True
        self.setProperty("role", "plain")
        self.box = SearchBox()
        self.chosen = ChosenFilters(names)
        self.filters = FiltersView(names)
        self.rows = ResultsModel()
        self.results = ResultsView(self.rows)
        self.no_results = EmptyState(is_primary=False)
        self.nothing = EmptyState()
        self.reading = ReadingView(names)
        self._count = PlainLabel("", "strong", wrap=False)
        self._count.setContentsMargins(3, 0, 0, 0)
        self._finder = _plain_column(12, self.box, self.chosen)
        self._list_side = self._make_list_side()
        columns = QWidget()
        columns.setProperty("role", "plain")
        beside = QHBoxLayout(columns)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(16)
        beside.addWidget(self._list_side, 5)
        beside.addWidget(self.reading, 4)
        self._main = QStackedLayout()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addWidget(self._finder)
        whole.addLayout(self._main, 1)
        self._main.addWidget(columns)
        self._main.addWidget(self.nothing)
        self.arrange(is_wide=True)

    @property
    def is_over(self) -> bool:
        """Whether a report lies over the results."""
        return not self._is_wide and self.reading.record is not None

    def arrange(self, *, is_wide: bool) -> None:
        """Place the report beside the results, or over them."""
        self._is_wide = is_wide
        is_there = self._main.currentWidget() is not self.nothing
        self._finder.setVisible(is_there and not self.is_over)
        self._list_side.setVisible(not self.is_over)
        # Where nothing is found, there is nothing to count and nothing to choose.
        has_results = self._middle.currentWidget() is self.results
        self.filters.setVisible(has_results)
        has_report = self.reading.record is not None
        self.reading.setVisible((is_wide and (has_results or has_report)) or self.is_over)
        self.reading.set_over(self.is_over)

    def show_question(self, question: Question) -> None:
        """Show words and filters; Tab goes through them in the order in which they stand."""
        self.box.show_words(question.words)
        self.chosen.show_question(question)
        seen = (self.box, *self.chosen.buttons(), self.filters, self.results)
        for before, after in pairwise(seen):
            QWidget.setTabOrder(before, after)

    def show_results(self, question: Question, results: Results) -> None:
        """Show the first page of results, with all counts."""
        total = results.facets.total
        self.rows.set_rows([make_row(hit, self._names) for hit in results.hits], total)
        self.results.scrollToTop()
        self.filters.show_facets(results.facets, question)
        self._count.setText(f"{total:,} {'report' if total == 1 else 'reports'}")
        self.no_results.show_emptiness(nothing_found(question))
        self._middle.setCurrentWidget(self.results if total else self.no_results)
        if self.reading.record is not None:
            self.results.mark(self.reading.record.number)
        self._main.setCurrentIndex(0)
        self.arrange(is_wide=self._is_wide)

    def show_more(self, hits: tuple[SearchHit, ...]) -> None:
        """Add the next page of results."""
        self.rows.append([make_row(hit, self._names) for hit in hits])

    def show_nothing(self, emptiness: Emptiness) -> None:
        """Say why there is nothing to search."""
        self.rows.set_rows([], 0)
        self.nothing.show_emptiness(emptiness)
        self._main.setCurrentWidget(self.nothing)
        self.arrange(is_wide=self._is_wide)

    def show_report(self, reading: Reading) -> None:
        """Show a report with those that are like it; one that stands there already stays."""
        if reading.record != self.reading.record:
            self.reading.show_record(reading.record)
            self.reading.show_similar(reading.similar)
        self.results.mark(reading.record.number)
        self.arrange(is_wide=self._is_wide)

    def close_report(self) -> None:
        """Show no report."""
        self.reading.close_record()
        self.arrange(is_wide=self._is_wide)

    def _make_list_side(self) -> QWidget:
        results = QWidget()
        results.setProperty("role", "plain")
        column = QVBoxLayout(results)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._count)
        self._middle = QStackedLayout()
        column.addLayout(self._middle, 1)  # first, or its widgets would be windows for a moment
        self._middle.addWidget(self.results)
        self._middle.addWidget(self.no_results)
        self.filters.setFixedWidth(_FILTERS_WIDTH)
        side = QWidget()
        side.setProperty("role", "plain")
        row = QHBoxLayout(side)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.filters)
        row.addWidget(results, 1)
        return side


def _plain_column(spacing: int, *widgets: QWidget) -> QWidget:
    column = QWidget()
    column.setProperty("role", "plain")
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for widget in widgets:
        layout.addWidget(widget)
    return column
