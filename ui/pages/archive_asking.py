"""Searching for the archive page: one search at a time, and only the newest is answered."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.archive import ArchiveNumber, ArchiveStatus, Record, SearchHit
from app.progress import Progress
from app.use_cases.read_archive import (
    SHELF,
    Question,
    Results,
    find_reports,
    find_similar,
    read_record,
)
from ui.session import Session
from ui.task import Task

PAGE = 50


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found.

    status: None before the program is connected. results: None if the archive is empty.
    """

    question: Question
    status: ArchiveStatus | None
    results: Results | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A report and others that are like it."""

    record: Record
    similar: tuple[SearchHit, ...]


class Asking(QObject):
    """Runs searches in the background for a page.

    answered: an `Answer` to the newest question; an older one is never told. continued: the
    next hits for the newest question. read: a `Reading` of the report asked for last.
    failed: an exception. unreadable: one from reading a report.
    """

    answered = Signal(object)
    continued = Signal(object)
    read = Signal(object)
    failed = Signal(object)
    unreadable = Signal(object)

    def __init__(self, page: QWidget, session: Session) -> None:
        super().__init__(page)
        self._page = page
        self._session = session
        self._question = Question()
        self._task: Task[Answer] | None = None
        self._is_stale = False
        self._wanted: ArchiveNumber | None = None

    @property
    def question(self) -> Question:
        """What was asked last."""
        return self._question

    def ask(self, question: Question) -> None:
        """Search; while a search is going on, as soon as that has ended."""
        self._question = question
        self._is_stale = self._task is not None
        if self._task is not None:
            return

        def work(_progress: Progress) -> Answer:
            archive = self._session.archive()
            if archive is None:
                return Answer(question, None, None)
            status = archive.status()
            found = find_reports(archive, question, PAGE) if status.records else None
            return Answer(question, status, found)

        self._task = Task(self._page, work)
        self._task.on_end(self._end).on_done(self._answer).on_failed(self.failed.emit)
        self._task.start()

    def ask_more(self, offset: int) -> None:
        """Fetch the hits from this place on."""
        question = self._question

        def work(_progress: Progress) -> tuple[SearchHit, ...]:
            archive = self._session.archive()
            if archive is None:
                return ()
            shelf = question.where.get(SHELF)
            return archive.search(question.words, question.codes, shelf, PAGE, offset)

        def tell(hits: tuple[SearchHit, ...]) -> None:
            if question == self._question:
                self.continued.emit(hits)

        Task(self._page, work).on_done(tell).on_failed(self.failed.emit).start()

    def ask_for(self, number: ArchiveNumber) -> None:
        """Read a report."""
        self._wanted = number

        def work(_progress: Progress) -> Reading | None:
            archive = self._session.archive()
            if archive is None:
                return None
            record = read_record(archive, number)
            return Reading(record, find_similar(archive, record))

        def tell(found: Reading | None) -> None:
            if found is not None and number == self._wanted:
                self.read.emit(found)

        Task(self._page, work).on_done(tell).on_failed(self.unreadable.emit).start()

    def _end(self) -> None:
        self._task = None
        if self._is_stale:
            self.ask(self._question)

    def _answer(self, answer: Answer) -> None:
        # A newer question may have been asked meanwhile; then its search is already running.
        if answer.question == self._question and self._task is None:
            self.answered.emit(answer)
