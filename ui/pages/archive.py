"""The archive: search as you type, filters with counts, results, and a report to read.

It needs no vault and no passphrase. Searching runs as a Task, one at a time: what was asked
for meanwhile is searched for next, and only the newest answer is shown.
"""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.domain.archive import ArchiveNumber, ArchiveStatus, Record, SearchHit
from app.errors import UserError
from app.progress import Progress
from app.use_cases.read_archive import (
    SHELF,
    Question,
    Results,
    find_reports,
    find_similar,
    read_record,
)
from ui.messages import show_failure
from ui.models.code_labels import CodeLabels
from ui.models.result_rows import ResultsModel, make_row
from ui.pages.archive_empty import (
    NOT_CONNECTED,
    NOTHING_FETCHED,
    Action,
    Emptiness,
    EmptyState,
    nothing_found,
)
from ui.pages.archive_filters import FiltersView
from ui.pages.archive_rows import ResultsView
from ui.pages.archive_search import ChosenFilters, SearchBox
from ui.pages.reading import ReadingView
from ui.session import Session, Synced
from ui.task import Task
from ui.widgets.bars import ProgressStrip
from ui.widgets.buttons import SecondaryButton
from ui.widgets.cards import Banner
from ui.widgets.heading import PlainLabel
from ui.widgets.page import Page

_PAGE = 50
_PANE_FROM = 1200  # width of the window from which the reading pane stands beside the results
_FILTERS_WIDTH = 264


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a search found. status: None before the program is connected."""

    question: Question
    status: ArchiveStatus | None
    results: Results | None


class ArchivePage(Page):
    """The page "archive"; its argument is an archive number, or None for the results."""

    navigate = Signal(str, object)

    def __init__(self, session: Session) -> None:
        self._update = SecondaryButton("Update now", "sync")
        super().__init__("Archive", self._update, content_width=None, scrolling=False)
        self._session = session
        self._names = CodeLabels(session.labels)
        self._question = Question()
        self._search: Task[_Answer] | None = None
        self._is_stale = False
        self._wanted: ArchiveNumber | None = None
        self._is_wide = True
        self._build()
        self._connect()
        self._arrange()

    # Called by the window

    def open(self, argument: object) -> None:
        """Show the results as they were left, or the report of this number."""
        self.refresh()
        if isinstance(argument, int):
            self.read(ArchiveNumber(argument))
        else:
            self._box.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Search again: the archive may have changed."""
        self._ask(self._question)

    # What a person does here

    def read(self, number: ArchiveNumber) -> None:
        """Open a report."""
        self._wanted = number
        self._results_view.mark(number)

        def work(_progress: Progress) -> tuple[Record, tuple[SearchHit, ...]] | None:
            archive = self._session.archive()
            if archive is None:
                return None
            record = read_record(archive, number)
            return record, find_similar(archive, record)

        Task(self, work).on_done(lambda found: self._show_report(number, found)).on_failed(
            self._fail
        ).start()

    def update_now(self) -> None:
        """Fetch what is new, and send what is due."""
        self._banner.hide()
        self._update.setEnabled(False)
        task = Task(self, self._session.sync)
        self._strip.follow(task, "Updating the archive")
        task.on_end(lambda: self._update.setEnabled(True))
        task.on_done(self._end_update).on_failed(self._fail).start()

    def choose(self, field: str, code: str | None) -> None:
        """Filter by a code, or by none in this field."""
        question = self._question
        self._ask(question.without(field) if code is None else question.with_code(field, code))

    def clear_filters(self) -> None:
        """Look for the words alone."""
        self._ask(Question(self._question.words))

    def back_to_results(self) -> None:
        """Close the report that lies over the results; beside them it stays."""
        if not self._is_wide:
            self._reading.close_record()
            self._arrange()
        self._wanted = None
        self._results_view.enter()

    # Searching

    def _ask(self, question: Question) -> None:
        self._question = question
        self._box.show_words(question.words)
        self._chosen.show_question(question)
        if self._search is not None:
            self._is_stale = True
            return
        self._is_stale = False

        def work(_progress: Progress) -> _Answer:
            archive = self._session.archive()
            if archive is None:
                return _Answer(question, None, None)
            status = archive.status()
            found = find_reports(archive, question, _PAGE) if status.records else None
            return _Answer(question, status, found)

        self._search = Task(self, work)
        self._search.on_end(self._end_search).on_done(self._show_answer).on_failed(self._fail)
        self._search.start()

    def _end_search(self) -> None:
        self._search = None
        if self._is_stale:
            self._ask(self._question)

    def _ask_for_words(self) -> None:
        if self._box.text() != self._question.words:
            self._ask(Question(self._box.text(), self._question.where))

    def _ask_for_more(self) -> None:
        question, offset = self._question, self._rows.rowCount()

        def work(_progress: Progress) -> tuple[SearchHit, ...]:
            archive = self._session.archive()
            if archive is None:
                return ()
            shelf = question.where.get(SHELF)
            return archive.search(question.words, question.codes, shelf, _PAGE, offset)

        def append(hits: tuple[SearchHit, ...]) -> None:
            if question == self._question and offset == self._rows.rowCount():
                self._rows.append([make_row(hit, self._names) for hit in hits])

        Task(self, work).on_done(append).on_failed(self._fail).start()

    # Showing

    def _show_answer(self, answer: _Answer) -> None:
        if answer.question != self._question:
            return  # a newer question is already being searched for
        self._update.setVisible(answer.status is not None)
        if answer.status is None or answer.results is None:
            self._show_nothing(NOT_CONNECTED if answer.status is None else NOTHING_FETCHED)
            return
        self._signed.setText(_name_day(answer.status.signed_on))
        results = answer.results
        self._rows.set_rows(
            [make_row(hit, self._names) for hit in results.hits], results.facets.total
        )
        self._results_view.scrollToTop()
        self._filters.show_facets(results.facets, answer.question)
        total = results.facets.total
        self._count.setText(f"{total:,} {'report' if total == 1 else 'reports'}")
        if total:
            self._middle.setCurrentWidget(self._results_view)
        else:
            self._no_results.show_emptiness(nothing_found(answer.question))
            self._middle.setCurrentWidget(self._no_results)
        self._main.setCurrentIndex(0)
        if self._wanted is not None:
            self._results_view.mark(self._wanted)

    def _show_nothing(self, emptiness: Emptiness) -> None:
        self._rows.set_rows([], 0)
        self._nothing.show_emptiness(emptiness)
        self._main.setCurrentIndex(1)

    def _show_report(
        self, number: ArchiveNumber, found: tuple[Record, tuple[SearchHit, ...]] | None
    ) -> None:
        if found is None or number != self._wanted:
            return
        record, similar = found
        self._reading.show_record(record)
        self._reading.show_similar(similar)
        self._arrange()
        self._reading.enter()

    def _end_update(self, synced: Synced) -> None:
        if synced.trouble:
            self._tell("warning", "The archive was not updated", synced.trouble)
        else:
            self._tell("success", synced.archive, "")
        self._session.archive_changed.emit()
        self._session.outbox_changed.emit()

    def _fail(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._tell("error", error.title, f"{error.text} {error.hint}".strip())
        else:
            show_failure(self, error)

    def _tell(self, kind: str, title: str, text: str) -> None:
        kinds = {"success": "success", "warning": "warning", "error": "error"}
        self._banner.set_content(kinds[kind], title, text)  # type: ignore[arg-type]
        self._banner.show()

    # Building

    def _build(self) -> None:
        self._box = SearchBox()
        self._chosen = ChosenFilters(self._names)
        self._filters = FiltersView(self._names)
        self._rows = ResultsModel()
        self._results_view = ResultsView(self._rows)
        self._no_results = EmptyState(is_primary=False)
        self._nothing = EmptyState()
        self._reading = ReadingView(self._names)
        self._count = PlainLabel("", "strong", wrap=False)
        self._signed = PlainLabel("", "help", wrap=False)
        self._strip = ProgressStrip()
        self._banner = Banner("info", "")
        self._banner.hide()
        self.title_row.insertWidget(1, self._signed, 0, Qt.AlignmentFlag.AlignVCenter)
        self._finder = _plain_column(12, self._box, self._chosen)
        self._middle = QStackedLayout()
        self._middle.addWidget(self._results_view)
        self._middle.addWidget(self._no_results)
        results = _plain_column(6, self._count)
        results_column = results.layout()
        if isinstance(results_column, QVBoxLayout):
            results_column.addLayout(self._middle, 1)
        self._filters.setFixedWidth(_FILTERS_WIDTH)
        self._list_side = QWidget()
        self._list_side.setProperty("role", "plain")
        sides = QHBoxLayout(self._list_side)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(16)
        sides.addWidget(self._filters)
        sides.addWidget(results, 1)
        whole = QWidget()
        whole.setProperty("role", "plain")
        self._columns = QHBoxLayout(whole)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(16)
        self._columns.addWidget(self._list_side, 5)
        self._columns.addWidget(self._reading, 4)
        self._main = QStackedLayout()
        self._main.addWidget(whole)
        self._main.addWidget(self._nothing)
        self.body.setSpacing(12)
        self.body.addWidget(self._strip)
        self.body.addWidget(self._banner)
        self.body.addWidget(self._finder)
        self.body.addLayout(self._main, 1)

    def _connect(self) -> None:
        self._box.asked.connect(self._ask_for_words)
        self._box.left_down.connect(self._results_view.enter)
        self._chosen.removed.connect(
            lambda field: self.choose(field, None) if field else self.clear_filters()
        )
        self._filters.changed.connect(self.choose)
        self._rows.more_wanted.connect(self._ask_for_more)
        self._results_view.opened.connect(self.read)
        self._reading.opened.connect(self.read)
        self._reading.back.connect(self.back_to_results)
        self._no_results.chosen.connect(self._act)
        self._nothing.chosen.connect(self._act)
        self._update.clicked.connect(self.update_now)
        self._session.archive_changed.connect(self.refresh)
        self._session.connection_changed.connect(self.refresh)
        for keys, act in (
            (QKeySequence.StandardKey.Find, self._find),
            (QKeySequence("/"), self._find),
            (QKeySequence(Qt.Key.Key_Escape), self.back_to_results),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _find(self) -> None:
        if not self._is_wide and self._reading.record is not None:
            self.back_to_results()
        self._box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._box.selectAll()

    def _act(self, action: Action) -> None:
        if action is Action.CONNECT:
            self.navigate.emit("settings", None)
        elif action is Action.UPDATE:
            self.update_now()
        elif action is Action.CLEAR_FILTERS:
            self.clear_filters()
        else:
            self._ask(Question("", self._question.where))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        self._is_wide = self.window().width() >= _PANE_FROM
        is_over = not self._is_wide and self._reading.record is not None
        self._list_side.setVisible(not is_over)
        self._finder.setVisible(not is_over)
        self._reading.setVisible(self._is_wide or is_over)
        self._reading.set_over(is_over)


def _plain_column(spacing: int, *widgets: QWidget) -> QWidget:
    column = QWidget()
    column.setProperty("role", "plain")
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for widget in widgets:
        layout.addWidget(widget)
    return column


def _name_day(signed_on: str) -> str:
    """The signed date as people write it, such as "As of 14 November 2026"."""
    if not signed_on:
        return ""
    day = date.fromisoformat(signed_on)
    return f"As of {day.day} {day:%B %Y}"
