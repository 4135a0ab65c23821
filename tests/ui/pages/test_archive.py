"""The archive page by keyboard: search, filter, read, and why there is nothing to read."""

from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.archive import ArchiveNumber, CodeValue, Delete, Put, Record
from app.errors import SurroundingsError
from app.paths import Home
from app.progress import Progress, Silent
from app.store.archive import ArchiveStore
from app.store.archive_changes import Edition
from sync.exchange import Exchanged, Turn
from sync.uploader import SendResult
from ui.cli.parts import read_form, read_words
from ui.models.filter_rows import RowKind
from ui.pages.archive import ArchivePage
from ui.pages.archive_asking import Asking
from ui.pages.archive_filters import FiltersView
from ui.pages.archive_rows import ResultsView
from ui.pages.archive_search import ChosenFilters, SearchBox
from ui.pages.reading import ReadingView
from ui.pages.reading_parts import SimilarReport
from ui.session import Session
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

    def sync(
        self,
        progress: Progress,
        *,
        at_once: bool = False,
        turn: Turn = Turn.EVERYTHING,
        wanted: Collection[bytes] = (),
    ) -> Exchanged:
        if self.failure is not None:
            raise self.failure
        assert self.offered is not None
        self.offered.apply(self.arrives, Edition(9, "2026-11-14"), Silent())
        return Exchanged(SendResult(0, 0, 0, 0, ""), "The archive is now that of 2026-11-14.", "")


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
    QTest.keyClicks(box(page), "kennel")
    wait_for_count(qtbot, page, "1 report")
    QTest.keyClick(box(page), Qt.Key.Key_Down)
    assert results(page).hasFocus()
    QTest.keyClick(results(page), Qt.Key.Key_Return)
    wait_for_report(qtbot, page, 7)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert results(page).hasFocus()
    assert reading(page).isVisible()
    QTest.keyClick(results(page), Qt.Key.Key_Slash)
    assert box(page).hasFocus()
    QTest.keyClick(box(page), Qt.Key.Key_Escape)
    wait_for_count(qtbot, page, "120 reports")


def test_a_slash_can_be_typed_into_the_search(qtbot: QtBot, page: ArchivePage) -> None:
    QTest.keyClicks(box(page), "a/b")
    assert box(page).text() == "a/b"
    wait_for_count(qtbot, page, "0 reports")


def test_only_the_answer_to_the_last_question_is_shown(qtbot: QtBot, page: ArchivePage) -> None:
    told: list[str] = []
    asking = page.findChildren(Asking)[0]
    asking.answered.connect(lambda answer: told.append(answer.question.words))
    for words in ("road", "kennel", "nowhere", "kennel"):
        box(page).setText(words)
        box(page).asked.emit()
    wait_for_count(qtbot, page, "1 report")
    qtbot.wait(100)
    assert "1 report" in labels(page)
    assert told == ["kennel"]
    assert results(page).model().rowCount() == 1


def test_a_filter_by_keyboard_becomes_a_chip_and_can_be_removed(
    qtbot: QtBot, page: ArchivePage
) -> None:
    view = filters(page)
    view.setFocus()
    view.setCurrentIndex(view.rows().find(RowKind.CODE, "hazard", "animal"))
    QTest.keyClick(view, Qt.Key.Key_Space)
    wait_for_count(qtbot, page, "60 reports")
    row = view.rows().row(view.rows().find(RowKind.CODE, "hazard", "gunfire"))
    assert row.count == 60  # its own filter is left out, so that one can change over
    assert view.hasFocus()
    QTest.mouseClick(button(page, "Remove the filter Hazard: Animal"), Qt.MouseButton.LeftButton)
    wait_for_count(qtbot, page, "120 reports")
    assert not page.findChildren(ChosenFilters)[0].isVisible()


def test_clear_all_takes_every_filter_and_leaves_the_words(qtbot: QtBot, page: ArchivePage) -> None:
    QTest.keyClicks(box(page), "road")
    page.choose("hazard", "gunfire")
    page.choose("light", "special:unknown")
    wait_for_count(qtbot, page, "40 reports")
    QTest.mouseClick(button(page, "Clear all"), Qt.MouseButton.LeftButton)
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
    QTest.keyClick(results(page), Qt.Key.Key_Down)
    QTest.keyClick(results(page), Qt.Key.Key_Return)
    wait_for_report(qtbot, page, REPORTS - 1)
    assert not results(page).isVisible()
    assert button(page, "Back to results").isVisible()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert results(page).isVisible()
    assert results(page).hasFocus()
    assert not reading(page).isVisible()
    page.resize(1300, 760)
    assert reading(page).isVisible()


def test_control_f_leads_from_a_report_back_to_the_search(
    qtbot: QtBot, session: FakeSession
) -> None:
    page = show(qtbot, session, width=1000, argument=8)
    wait_for_report(qtbot, page, 8)
    QTest.keyClick(page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert box(page).hasFocus()
    assert not reading(page).isVisible()


def test_words_that_are_still_being_typed_are_kept_when_a_filter_is_chosen(
    qtbot: QtBot, page: ArchivePage
) -> None:
    box(page).setText("kennel")
    page.choose("hazard", "animal")
    wait_for_count(qtbot, page, "1 report")
    assert box(page).text() == "kennel"


def test_the_argument_opens_a_report_and_similar_ones_lead_on(
    qtbot: QtBot, session: FakeSession
) -> None:
    page = show(qtbot, session, argument=8)
    wait_for_report(qtbot, page, 8)
    others = reading(page).findChildren(SimilarReport)
    assert len(others) == 3
    QTest.keyClick(others[0], Qt.Key.Key_Space)
    wait_for_report(qtbot, page, 120)


def test_a_report_that_is_not_there_is_told_of(qtbot: QtBot, session: FakeSession) -> None:
    page = show(qtbot, session, argument=4000)
    wait_for_count(qtbot, page, "The archive has no report 4000.")
    assert reading(page).record is None


def test_without_a_connection_the_page_leads_to_the_settings(qtbot: QtBot, tmp_path: Path) -> None:
    page = show(qtbot, FakeSession(tmp_path, None))
    wait_for_count(qtbot, page, "No archive yet")
    with qtbot.waitSignal(page.navigate) as asked:
        QTest.mouseClick(button(page, "Open Settings"), Qt.MouseButton.LeftButton)
    assert asked.args == ["settings", None]


def test_an_empty_archive_is_filled_by_updating(
    qtbot: QtBot, tmp_path: Path, archive: ArchiveStore
) -> None:
    session = FakeSession(tmp_path, archive)
    session.arrives = [Put(record(1))]
    page = show(qtbot, session)
    wait_for_count(qtbot, page, "The archive on this computer is empty")
    assert not box(page).isVisible()
    button(page, "Update now").setFocus()
    QTest.keyClick(button(page, "Update now"), Qt.Key.Key_Space)
    wait_for_count(qtbot, page, "1 report")
    assert "As of 14 November 2026" in labels(page)
    assert "The archive is now that of 2026-11-14." in labels(page)
    assert box(page).isVisible()


def test_a_failed_update_says_why_and_keeps_what_is_there(
    qtbot: QtBot, session: FakeSession, page: ArchivePage
) -> None:
    session.failure = SurroundingsError("There is no network.", "Nothing changed.", "Try later.")
    page.update_now()
    qtbot.waitUntil(page.findChildren(Banner)[0].isVisible)
    assert "There is no network." in labels(page)
    assert "Nothing changed. Try later." in labels(page)
    assert "120 reports" in labels(page)
    assert button(page, "Update now").isEnabled()


def test_a_report_that_an_update_takes_back_is_closed(
    qtbot: QtBot, session: FakeSession, page: ArchivePage
) -> None:
    page.read(ArchiveNumber(8))
    wait_for_report(qtbot, page, 8)
    session.arrives = [Delete(ArchiveNumber(8), 1)]
    page.update_now()
    wait_for_count(qtbot, page, "119 reports")
    qtbot.waitUntil(lambda: reading(page).record is None)


def test_nothing_found_suggests_what_to_leave_out(qtbot: QtBot, page: ArchivePage) -> None:
    page.choose("hazard", "gunfire")
    QTest.keyClicks(box(page), "kennel")
    wait_for_count(qtbot, page, "No report fits")
    QTest.mouseClick(button(page, "Clear all filters"), Qt.MouseButton.LeftButton)
    wait_for_count(qtbot, page, "1 report")
    page.choose("hazard", "gunfire")
    qtbot.waitUntil(lambda: "No report fits" in labels(page))
    box(page).empty()
    wait_for_count(qtbot, page, "60 reports")


def test_tab_goes_through_the_page_in_the_order_in_which_one_sees_it(
    qtbot: QtBot, page: ArchivePage
) -> None:
    page.choose("hazard", "gunfire")
    wait_for_count(qtbot, page, "60 reports")
    box(page).setFocus()
    names = []
    for _ in range(6):
        focused = QApplication.focusWidget()
        assert focused is not None
        names.append(focused.accessibleName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert names == [
        "Search the archive",
        "Remove the filter Hazard: Gunfire",
        "Clear all",
        "Filters",
        "Results",
        "Update now",
    ]
