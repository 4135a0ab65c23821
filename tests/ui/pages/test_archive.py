"""The archive page by keyboard: search, filter, read, and why there is nothing to read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.archive import ArchiveNumber, CodeValue, Delete, Put, Record
from app.errors import SurroundingsError
from app.paths import Home
from app.progress import Progress, Silent
from app.store.archive import ArchiveStore
from app.store.archive_changes import Edition
from sync.uploader import SendResult
from ui.cli.parts import read_form, read_words
from ui.models.filter_rows import RowKind
from ui.pages.archive import ArchivePage
from ui.pages.archive_empty import EmptyState
from ui.pages.archive_filters import FiltersView
from ui.pages.archive_rows import ResultsView
from ui.pages.archive_search import ChosenFilters, SearchBox
from ui.pages.reading import ReadingView
from ui.session import Session, Synced
from ui.task import wait_for_tasks
from ui.widgets.cards import Banner
from ui.widgets.heading import PlainLabel

REPORTS = 120


class FakeSession(Session):
    """Hands out the archive of the test, and updates as the test says."""

    def __init__(self, folder: Path, archive: ArchiveStore | None) -> None:
        super().__init__(Home(folder), *read_form(), read_words())
        self.offered = archive
        self.failure: Exception | None = None
        self.arrives: list[Put | Delete] = []

    def archive(self) -> ArchiveStore | None:
        return self.offered

    def sync(self, progress: Progress, *, at_once: bool = False) -> Synced:
        if self.failure is not None:
            raise self.failure
        assert self.offered is not None
        self.offered.apply(self.arrives, Edition(9, "2026-11-14"), Silent())
        return Synced(SendResult(0, 0, 0, 0, ""), "The archive is now that of 2026-11-14.", "")


def record(number: int) -> Record:
    codes: dict[str, CodeValue] = {
        "hazard": "animal" if number % 2 else "gunfire",
        "light": {"special": "unknown"} if number % 3 else "1",
        "event_year": 2024,
    }
    word = "kennel" if number == 7 else "road"
    texts = {"title": f"Close call {number}", "what_happened": f"It was on the {word}."}
    return Record(ArchiveNumber(number), 1, "near-miss", codes, texts)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[ArchiveStore]:
    with ArchiveStore.open_or_create(tmp_path / "archive" / "a.db", bytes(32)) as opened:
        yield opened
        wait_for_tasks()


@pytest.fixture
def session(tmp_path: Path, archive: ArchiveStore) -> FakeSession:
    operations = [Put(record(number)) for number in range(1, REPORTS + 1)]
    archive.apply(operations, Edition(1, "2026-03-01"), Silent())
    return FakeSession(tmp_path, archive)


def show(qtbot: QtBot, session: Session, width: int = 1300, argument: object = None) -> ArchivePage:
    page = ArchivePage(session)
    qtbot.addWidget(page)
    page.resize(width, 760)
    page.show()
    page.activateWindow()
    page.open(argument)
    return page


@pytest.fixture
def page(qtbot: QtBot, session: FakeSession) -> ArchivePage:
    shown = show(qtbot, session)
    wait_for_count(qtbot, shown, "120 reports")
    return shown


def labels(page: ArchivePage) -> list[str]:
    found = page.findChildren(PlainLabel)
    return [label.text() for label in found if label.isVisibleTo(page)]


def wait_for_count(qtbot: QtBot, page: ArchivePage, text: str) -> None:
    qtbot.waitUntil(lambda: text in labels(page), timeout=4000)


def results(page: ArchivePage) -> ResultsView:
    return page.findChildren(ResultsView)[0]


def filters(page: ArchivePage) -> FiltersView:
    return page.findChildren(FiltersView)[0]


def reading(page: ArchivePage) -> ReadingView:
    return page.findChildren(ReadingView)[0]


def box(page: ArchivePage) -> SearchBox:
    return page.findChildren(SearchBox)[0]


def button(page: ArchivePage, name: str) -> QPushButton:
    found = [each for each in page.findChildren(QPushButton) if each.accessibleName() == name]
    return next(each for each in found if each.isVisibleTo(page))


def wait_for_report(qtbot: QtBot, page: ArchivePage, number: int) -> None:
    def is_shown() -> bool:
        shown = reading(page).record
        return shown is not None and shown.number == number and reading(page).isVisible()

    qtbot.waitUntil(is_shown, timeout=4000)


def test_typing_searches_and_enter_opens_the_first_result(qtbot: QtBot, page: ArchivePage) -> None:
    assert box(page).hasFocus()
    qtbot.keyClicks(box(page), "kennel")
    wait_for_count(qtbot, page, "1 report")
    qtbot.keyClick(box(page), Qt.Key.Key_Down)
    assert results(page).hasFocus()
    qtbot.keyClick(results(page), Qt.Key.Key_Return)
    wait_for_report(qtbot, page, 7)
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert results(page).hasFocus()
    assert reading(page).isVisible()
    qtbot.keyClick(results(page), Qt.Key.Key_Slash)
    assert box(page).hasFocus()
    qtbot.keyClick(box(page), Qt.Key.Key_Escape)
    wait_for_count(qtbot, page, "120 reports")


def test_a_slash_can_be_typed_into_the_search(qtbot: QtBot, page: ArchivePage) -> None:
    qtbot.keyClicks(box(page), "a/b")
    assert box(page).text() == "a/b"
    wait_for_count(qtbot, page, "0 reports")


def test_only_the_answer_to_the_last_question_is_shown(qtbot: QtBot, page: ArchivePage) -> None:
    counts: list[str] = []
    for words in ("road", "kennel", "nowhere", "kennel"):
        box(page).setText(words)
        box(page).asked.emit()
    qtbot.waitUntil(lambda: counts.append(labels(page)[-1]) is None and "1 report" in labels(page))
    qtbot.wait(100)
    assert "1 report" in labels(page)
    model = results(page).model()
    assert model.rowCount() == 1


def test_a_filter_by_keyboard_becomes_a_chip_and_can_be_removed(
    qtbot: QtBot, page: ArchivePage
) -> None:
    view = filters(page)
    view.setFocus()
    view.setCurrentIndex(view.rows().find(RowKind.CODE, "hazard", "animal"))
    qtbot.keyClick(view, Qt.Key.Key_Space)
    wait_for_count(qtbot, page, "60 reports")
    row = view.rows().row(view.rows().find(RowKind.CODE, "hazard", "gunfire"))
    assert row.count == 60  # its own filter is left out, so that one can change over
    assert view.hasFocus()
    qtbot.mouseClick(button(page, "Remove the filter Hazard: Animal"), Qt.MouseButton.LeftButton)
    wait_for_count(qtbot, page, "120 reports")
    assert not page.findChildren(ChosenFilters)[0].isVisible()


def test_clear_all_takes_every_filter_and_leaves_the_words(
    qtbot: QtBot, page: ArchivePage
) -> None:
    qtbot.keyClicks(box(page), "road")
    page.choose("hazard", "gunfire")
    page.choose("light", "special:unknown")
    wait_for_count(qtbot, page, "40 reports")
    qtbot.mouseClick(button(page, "Clear all"), Qt.MouseButton.LeftButton)
    wait_for_count(qtbot, page, "119 reports")
    assert box(page).text() == "road"


def test_more_results_come_while_scrolling_until_all_are_there(
    qtbot: QtBot, page: ArchivePage
) -> None:
    model = results(page).model()
    qtbot.waitUntil(lambda: model.rowCount() == 50)
    for _ in range(40):
        if model.rowCount() == REPORTS:
            break
        results(page).scrollToBottom()
        qtbot.wait(30)
    assert model.rowCount() == REPORTS
    numbers = [model.data(model.index(place, 0)) for place in range(REPORTS)]
    assert len(set(numbers)) == REPORTS


def test_in_a_narrow_window_the_report_lies_over_the_results(
    qtbot: QtBot, session: FakeSession
) -> None:
    page = show(qtbot, session, width=1000)
    wait_for_count(qtbot, page, "120 reports")
    assert not reading(page).isVisible()
    results(page).enter()
    qtbot.keyClick(results(page), Qt.Key.Key_Down)
    qtbot.keyClick(results(page), Qt.Key.Key_Return)
    wait_for_report(qtbot, page, REPORTS - 1)
    assert not results(page).isVisible()
    assert button(page, "Back to results").isVisible()
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert results(page).isVisible()
    assert results(page).hasFocus()
    assert not reading(page).isVisible()
    page.resize(1300, 760)
    assert reading(page).isVisible()


def test_the_argument_opens_a_report_and_similar_ones_lead_on(
    qtbot: QtBot, session: FakeSession
) -> None:
    page = show(qtbot, session, argument=8)
    wait_for_report(qtbot, page, 8)
    qtbot.mouseClick(
        next(
            each
            for each in reading(page).findChildren(type(page.findChildren(QPushButton)[0]).__mro__[-7])
            if False
        )
        if False
        else button(page, "Update now"),
        Qt.MouseButton.LeftButton,
    )
