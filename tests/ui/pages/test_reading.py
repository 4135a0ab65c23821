"""A report is shown as text: in the published shape, and whatever it contains."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.domain.archive import ArchiveNumber, CodeValue, Record, SearchHit
from ui.cli.parts import read_form
from ui.models.code_labels import CodeLabels
from ui.pages.reading import ReadingView
from ui.pages.reading_parts import SimilarReport
from ui.pages.reading_text import ReadingText, reading_width
from ui.widgets.states import StateChip

HOSTILE = "<b>bold</b> <img src='file:///etc/x.png'> &amp; [link](http://x.example)"
TEXTS = {
    "title": "A dog behind the gate",
    "synopsis": "An officer met a dog.",
    "what_happened": "First.\n\nThen.",
    "lessons": "Look over the fence. Rattle the gate!",
    "prevention": "Ask the caller.",
}
CODES: dict[str, CodeValue] = {
    "event_year": 2024,
    "hazard": "animal",
    "contributing": ["fatigue", "experience"],
    "light": {"special": "unknown"},
    "weather": {"special": "not_asked"},
    "content_warning": "yes",
    "of_a_later_form": "some_new_code",
}


def record(codes: dict[str, CodeValue] | None = None, **texts: str) -> Record:
    return Record(ArchiveNumber(7), 1, "sister-systems", codes or {}, texts or TEXTS, ("invented",))


@pytest.fixture
def view(qtbot: QtBot) -> ReadingView:
    made = ReadingView(CodeLabels(read_form()[1]))
    qtbot.addWidget(made)
    made.resize(700, 700)
    made.show()
    return made


def words(view: ReadingView) -> list[str]:
    return [label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view)]


def texts(view: ReadingView) -> dict[str, str]:
    return {each.accessibleName(): each.toPlainText() for each in view.findChildren(ReadingText)}


def test_a_report_has_the_published_shape(view: ReadingView) -> None:
    view.show_record(record(CODES))
    shown = words(view)
    assert shown.index("A dog behind the gate") < shown.index("Report 7 · Sister systems · 2024")
    assert "Invented, for demonstration" in shown
    assert "This may distress you" in shown
    assert texts(view) == {
        "Event summary": "An officer met a dog.",
        "What happened": "First.\nThen.",
        "Lessons": "\u2022\tLook over the fence.\n\u2022\tRattle the gate!",
        "Prevention": "Ask the caller.",
    }
    chips = [chip.word() for chip in view.findChildren(StateChip)]
    assert chips[1:] == ["Fatigue", "Experience"]


def test_codes_are_told_in_words_and_what_was_not_asked_is_left_out(view: ReadingView) -> None:
    view.show_record(record(CODES))
    shown = words(view)
    assert shown[shown.index("Hazard") + 1] == "Animal"
    assert shown[shown.index("Light") + 1] == "Not known"
    assert shown[shown.index("Of a later form") + 1] == "Some new code"
    assert "What was the weather?" not in shown


def test_nothing_is_taken_for_markup(view: ReadingView) -> None:
    view.show_record(record(None, title=HOSTILE, what_happened=HOSTILE, prevention=HOSTILE))
    for label in view.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText
    assert HOSTILE in words(view)
    assert set(texts(view).values()) == {HOSTILE}


def test_copied_text_is_plain(qtbot: QtBot) -> None:
    text = ReadingText("Story", HOSTILE)
    qtbot.addWidget(text)
    cursor = text.textCursor()
    cursor.select(QTextCursor.SelectionType.Document)
    text.setTextCursor(cursor)
    copied = text.createMimeDataFromSelection()
    assert copied.formats() == ["text/plain"]
    assert copied.text() == HOSTILE


def test_characters_that_hide_or_reorder_are_shown_as_marks(view: ReadingView) -> None:
    view.show_record(record(None, title="A\x00B\u202eC", what_happened="D\x1b[31m\u2066E\ud800F"))
    assert "A\ufffdB\ufffdC" in words(view)
    assert texts(view) == {"What happened": "D\ufffd[31m\ufffdE\ufffdF"}


def test_a_line_of_a_hundred_thousand_letters_is_broken_and_quickly_there(
    view: ReadingView,
) -> None:
    started = time.perf_counter()
    view.show_record(record(None, title="x" * 100_000, what_happened="y" * 100_000))
    view.grab()
    assert time.perf_counter() - started < 3
    (text,) = view.findChildren(ReadingText)
    assert text.document().size().width() <= text.width() + 1
    assert text.height() > 20_000
    assert max(len(each) for each in words(view)) <= 300


def test_lines_have_at_most_72_characters(view: ReadingView) -> None:
    story = "The officer heard a noise in the back seat and turned to look at his hands. " * 30
    view.resize(1600, 700)
    view.show_record(record(None, title="T", what_happened=story))
    view.grab()
    (text,) = view.findChildren(ReadingText)
    assert text.width() <= reading_width()
    layout = text.document().firstBlock().layout()
    lengths = [layout.lineAt(place).textLength() for place in range(layout.lineCount())]
    assert 55 < max(lengths) <= 73  # the last one is the space at which the line is broken
    assert layout.lineAt(1).y() - layout.lineAt(0).y() == pytest.approx(27, abs=1)


def test_the_whole_story_can_be_seen_at_every_width(qtbot: QtBot, view: ReadingView) -> None:
    view.show_record(record(None, title="T", what_happened="Some words of it. " * 200))
    for width in (420, 900, 500):
        view.resize(width, 700)
        qtbot.wait(20)
        (text,) = view.findChildren(ReadingText)
        assert text.height() >= text.document().size().height() - 12
        assert text.height() <= text.document().size().height() + 12


def test_similar_reports_can_be_opened(qtbot: QtBot, view: ReadingView) -> None:
    view.show_record(record())
    hit = SearchHit(ArchiveNumber(9), "near-miss", HOSTILE, "", {"event_year": 2020})
    view.show_similar([hit])
    qtbot.waitUntil(lambda: "More like this" in words(view))
    (button,) = view.findChildren(SimilarReport)
    assert button.accessibleName() == f"Read {HOSTILE}"
    view.grab()
    with qtbot.waitSignal(view.opened) as opened:
        QTest.keyClick(button, Qt.Key.Key_Space)
    assert opened.args == [9]


def test_a_report_without_anything_is_still_shown(view: ReadingView) -> None:
    view.show_record(Record(ArchiveNumber(3), 1, "", {}, {}))
    assert "Report 3" in words(view)
    assert "More like this" not in words(view)
