"""The archive: search as you type, filters with counts, results, and a report to read.

It needs no vault and no passphrase.
"""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut

from app.domain.archive import ArchiveNumber
from app.errors import UserError
from app.use_cases.read_archive import Question
from sync.exchange import Exchanged
from sync.feed import Update
from ui.messages import show_failure
from ui.models.code_labels import CodeLabels
from ui.pages.archive_asking import Answer, Asking, Reading
from ui.pages.archive_empty import NOT_CONNECTED, NOTHING_FETCHED, Action
from ui.pages.archive_parts import ArchiveParts
from ui.pages.archive_stick import BringInButton
from ui.session import Session
from ui.task import Task
from ui.widgets.bars import ProgressStrip
from ui.widgets.buttons import SecondaryButton
from ui.widgets.cards import Banner
from ui.widgets.heading import PlainLabel
from ui.widgets.page import Page

_PANE_FROM = 1200  # width of the window from which the reading pane stands beside the results


class ArchivePage(Page):
    """The page "archive"; its argument is an archive number, or None for the results."""

    navigate = Signal(str, object)

    def __init__(self, session: Session) -> None:
        self._update = SecondaryButton("Update now", "sync")
        super().__init__("Archive", self._update, content_width=None, scrolling=False)
        self._session = session
        self._asking = Asking(self, session)
        self._signed = PlainLabel("", "help", wrap=False)
        self.title_row.insertWidget(1, self._signed, 0, Qt.AlignmentFlag.AlignVCenter)
        self._strip = ProgressStrip()
        self._stick = BringInButton(session, self._strip)
        self.title_row.insertWidget(2, self._stick, 0, Qt.AlignmentFlag.AlignVCenter)
        self._banner = Banner("info", "")
        self._banner.hide()
        self._parts = ArchiveParts(CodeLabels(session.labels))
        self.body.setSpacing(12)
        self.body.addWidget(self._strip)
        self.body.addWidget(self._banner)
        self.body.addWidget(self._parts, 1)
        self._connect()

    def open(self, argument: object) -> None:
        """Show the results as they were left, or the report of this number."""
        self.refresh()
        if isinstance(argument, int):
            self.read(ArchiveNumber(argument))
        else:
            self._parts.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def remember(self) -> object:
        """What is looked for, and the report that is open."""
        question, record = self._typed(), self._parts.reading.record
        return [question.words, dict(question.where), record.number if record else None]

    def resume(self, memory: tuple[str, dict[str, str], int | None]) -> None:
        """Look for it again."""
        words, where, number = memory
        self._parts.box.setText(words)
        self._ask(Question(words, where))
        if number is not None:
            self.read(ArchiveNumber(number))
        else:
            self._parts.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Search again, and read again what is open: the archive may have changed."""
        self._ask(self._typed())
        record = self._parts.reading.record
        if record is not None:
            self._asking.ask_for(record.number)

    def read(self, number: ArchiveNumber) -> None:
        """Open a report."""
        self._banner.hide()
        self._parts.results.mark(number)
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
        question = self._typed()
        self._ask(question.without(field) if code is None else question.with_code(field, code))

    def back_to_results(self) -> None:
        """Close the report that lies over the results; beside them it stays."""
        if self._parts.is_over:
            self._parts.close_report()
        self._parts.results.enter()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        super().resizeEvent(event)
        self._parts.arrange(is_wide=self.window().width() >= _PANE_FROM)

    def _typed(self) -> Question:
        """What is chosen now, with the words as they stand in the box."""
        return Question(self._parts.box.text(), self._asking.question.where)

    def _ask(self, question: Question) -> None:
        self._parts.show_question(question)
        self._asking.ask(question)

    def _show_answer(self, answer: Answer) -> None:
        self._update.setVisible(answer.results is not None)
        self._stick.setVisible(answer.status is not None)
        self._signed.setText(_name_day(answer.status.signed_on) if answer.status else "")
        if answer.results is not None:
            self._parts.show_results(answer.question, answer.results)
        else:
            self._parts.show_nothing(NOTHING_FETCHED if answer.status else NOT_CONNECTED)

    def _show_report(self, reading: Reading) -> None:
        self._parts.show_report(reading)
        self._parts.reading.enter()

    def _end_update(self, synced: Exchanged) -> None:
        if synced.trouble:
            self._banner.set_content("warning", "The archive was not updated", synced.trouble)
        else:
            self._banner.set_content("success", synced.archive)
        self._tell_change()

    def _end_stick(self, update: Update) -> None:
        self._banner.set_content("success", update.sentence())
        self._tell_change()

    def _tell_change(self) -> None:
        self._banner.show()
        self._session.archive_changed.emit()
        self._session.outbox_changed.emit()

    def _fail(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._banner.set_content("error", error.title, f"{error.text} {error.hint}".strip())
            self._banner.show()
        else:
            show_failure(self, error)

    def _connect(self) -> None:
        parts, asking = self._parts, self._asking
        parts.box.asked.connect(lambda: self._ask(self._typed()))
        parts.box.left_down.connect(parts.results.enter)
        parts.chosen.removed.connect(self._remove)
        parts.filters.changed.connect(self.choose)
        parts.rows.more_wanted.connect(lambda: asking.ask_more(parts.rows.rowCount()))
        for signal in (parts.results.opened, parts.reading.opened):
            signal.connect(self.read)
        parts.reading.back.connect(self.back_to_results)
        for empty in (parts.no_results, parts.nothing):
            empty.chosen.connect(self._act)
        asking.answered.connect(self._show_answer)
        asking.continued.connect(parts.show_more)
        asking.read.connect(self._show_report)
        asking.failed.connect(self._fail)
        asking.unreadable.connect(lambda _error: parts.close_report())
        asking.unreadable.connect(self._fail)
        self._update.clicked.connect(self.update_now)
        self._stick.begun.connect(self._banner.hide)
        self._stick.brought.connect(self._end_stick)
        self._stick.failed.connect(self._fail)
        self._session.archive_changed.connect(self.refresh)
        self._session.connection_changed.connect(self.refresh)
        for keys, act in (
            (QKeySequence(QKeySequence.StandardKey.Find), self._find),
            (QKeySequence("/"), self._find),
            (QKeySequence(Qt.Key.Key_Escape), self._leave),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _find(self) -> None:
        if self._parts.is_over:
            self.back_to_results()
        self._parts.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._parts.box.selectAll()

    def _leave(self) -> None:
        """Escape: out of the words first, then out of the report."""
        if self._parts.box.hasFocus() and self._parts.box.text():
            self._parts.box.empty()
        else:
            self.back_to_results()

    def _remove(self, field: str) -> None:
        self._parts.box.setFocus(Qt.FocusReason.OtherFocusReason)  # the chip is about to go
        if field:
            self.choose(field, None)
        else:
            self._act(Action.CLEAR_FILTERS)

    def _act(self, action: Action) -> None:
        if action is Action.CONNECT:
            self.navigate.emit("settings", None)
        elif action is Action.UPDATE:
            self.update_now()
        elif action is Action.CLEAR_FILTERS:
            self._ask(Question(self._parts.box.text()))
        else:
            self._ask(Question("", self._asking.question.where))


def _name_day(signed_on: str) -> str:
    """The signed date as people write it, such as "As of 14 November 2026"."""
    if not signed_on:
        return ""
    day = date.fromisoformat(signed_on)
    return f"As of {day.day} {day:%B %Y}"
