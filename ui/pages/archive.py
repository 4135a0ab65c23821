"""The archive: search as you type, filters with counts, results, and a report to read.

It needs no vault and no passphrase. Searching runs as a Task, one at a time: what was asked
for meanwhile is searched for next, and only the newest answer is shown.
"""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.domain.archive import ArchiveNumber, SearchHit
from app.errors import UserError
from app.use_cases.read_archive import Question
from ui.messages import show_failure
from ui.models.code_labels import CodeLabels
from ui.models.result_rows import ResultsModel, make_row
from ui.pages.archive_asking import Answer, Asking, Reading
from ui.pages.archive_empty import (
    NOT_CONNECTED,
    NOTHING_FETCHED,
    Action,
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

_PANE_FROM = 1200  # width of the window from which the reading pane stands beside the results
_FILTERS_WIDTH = 264


class ArchivePage(Page):
    """The page "archive"; its argument is an archive number, or None for the results."""

    navigate = Signal(str, object)

    def __init__(self, session: Session) -> None:
        self._update = SecondaryButton("Update now", "sync")
        super().__init__("Archive", self._update, content_width=None, scrolling=False)
        self._session = session
        self._names = CodeLabels(session.labels)
        self._asking = Asking(self, session)
        self._is_wide = True
        self._build()
        self._connect()
        self._arrange()

    def open(self, argument: object) -> None:
        """Show the results as they were left, or the report of this number."""
        self.refresh()
        if isinstance(argument, int):
            self.read(ArchiveNumber(argument))
        else:
            self._box.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Search again, and read again what is open: the archive may have changed."""
        self._ask(self._asking.question)
        if self._reading.record is not None:
            self._asking.ask_for(self._reading.record.number)

    def read(self, number: ArchiveNumber) -> None:
        """Open a report."""
        self._results_view.mark(number)
        self._asking.ask_for(number)

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
        question = self._asking.question
        self._ask(question.without(field) if code is None else question.with_code(field, code))

    def back_to_results(self) -> None:
        """Close the report that lies over the results; beside them it stays."""
        if not self._is_wide:
            self._reading.close_record()
            self._arrange()
        self._results_view.enter()

    def _ask(self, question: Question) -> None:
        self._box.show_words(question.words)
        self._chosen.show_question(question)
        self._asking.ask(question)

    def _ask_for_words(self) -> None:
        question = self._asking.question
        if self._box.text() != question.words:
            self._ask(Question(self._box.text(), question.where))

    def _show_answer(self, answer: Answer) -> None:
        results = answer.results
        is_there = answer.status is not None and results is not None
        self._update.setVisible(is_there)
        self._signed.setText(_name_day(answer.status.signed_on) if answer.status else "")
        self._finder.setVisible(is_there and not self._is_over)
        if results is None:
            self._rows.set_rows([], 0)
            self._nothing.show_emptiness(NOTHING_FETCHED if answer.status else NOT_CONNECTED)
            self._main.setCurrentWidget(self._nothing)
            return
        total = results.facets.total
        self._rows.set_rows([make_row(hit, self._names) for hit in results.hits], total)
        self._results_view.scrollToTop()
        self._filters.show_facets(results.facets, answer.question)
        self._count.setText(f"{total:,} {'report' if total == 1 else 'reports'}")
        self._no_results.show_emptiness(nothing_found(answer.question))
        self._middle.setCurrentWidget(self._results_view if total else self._no_results)
        self._main.setCurrentIndex(0)
        if self._reading.record is not None:
            self._results_view.mark(self._reading.record.number)

    def _show_more(self, hits: tuple[SearchHit, ...]) -> None:
        self._rows.append([make_row(hit, self._names) for hit in hits])

    def _show_report(self, reading: Reading) -> None:
        if reading.record == self._reading.record:
            self._reading.enter()
            return
        self._reading.show_record(reading.record)
        self._reading.show_similar(reading.similar)
        self._results_view.mark(reading.record.number)
        self._arrange()
        self._reading.enter()

    def _end_update(self, synced: Synced) -> None:
        if synced.trouble:
            self._banner.set_content("warning", "The archive was not updated", synced.trouble)
        else:
            self._banner.set_content("success", synced.archive)
        self._banner.show()
        self._session.archive_changed.emit()
        self._session.outbox_changed.emit()

    def _fail(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._banner.set_content("error", error.title, f"{error.text} {error.hint}".strip())
            self._banner.show()
        else:
            show_failure(self, error)

    def _fail_to_read(self, error: Exception) -> None:
        self._reading.close_record()
        self._arrange()
        self._fail(error)

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
        self._count.setContentsMargins(3, 0, 0, 0)
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
            lambda field: self.choose(field, None) if field else self._act(Action.CLEAR_FILTERS)
        )
        self._filters.changed.connect(self.choose)
        self._rows.more_wanted.connect(lambda: self._asking.ask_more(self._rows.rowCount()))
        self._asking.answered.connect(self._show_answer)
        self._asking.continued.connect(self._show_more)
        self._asking.read.connect(self._show_report)
        self._asking.failed.connect(self._fail)
        self._asking.unreadable.connect(self._fail_to_read)
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
        if self._is_over:
            self.back_to_results()
        self._box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._box.selectAll()

    def _act(self, action: Action) -> None:
        if action is Action.CONNECT:
            self.navigate.emit("settings", None)
        elif action is Action.UPDATE:
            self.update_now()
        elif action is Action.CLEAR_FILTERS:
            self._ask(Question(self._asking.question.words))
        else:
            self._ask(Question("", self._asking.question.where))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        super().resizeEvent(event)
        self._arrange()

    @property
    def _is_over(self) -> bool:
        return not self._is_wide and self._reading.record is not None

    def _arrange(self) -> None:
        self._is_wide = self.window().width() >= _PANE_FROM
        is_over = self._is_over
        self._list_side.setVisible(not is_over)
        if self._main.currentWidget() is not self._nothing:
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
