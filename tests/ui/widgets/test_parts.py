import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from ui.theme.tokens import TARGET
from ui.widgets.buttons import DangerButton, PrimaryButton, QuietButton, SecondaryButton
from ui.widgets.cards import Banner, Card
from ui.widgets.choices import RadioChoice
from ui.widgets.fields import Field
from ui.widgets.heading import Prose
from ui.widgets.page import FORM_WIDTH, Page
from ui.widgets.states import StateChip


@pytest.mark.parametrize("make", [PrimaryButton, SecondaryButton, QuietButton, DangerButton])
def test_buttons_are_large_named_and_do_not_move_when_focused(
    qtbot: QtBot, make: type[PrimaryButton]
) -> None:
    button = make("Seal && queue", "lock")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Seal & queue"
    before = button.sizeHint()
    assert before.height() >= TARGET
    button.show()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    assert button.sizeHint() == before
    with qtbot.waitSignal(button.clicked):
        QTest.keyClick(button, Qt.Key.Key_Space)


def test_a_field_names_its_editor_and_says_what_is_amiss(qtbot: QtBot) -> None:
    editor = QLineEdit()
    field = Field("Your title", editor, "Only you see it.")
    qtbot.addWidget(field)
    field.show()
    assert editor.accessibleName() == "Your title"
    assert editor.accessibleDescription() == "Only you see it."
    field.show_error("Write a title.")
    assert editor.accessibleDescription() == "Write a title. Only you see it."
    assert field.error() == "Write a title."
    assert any(each.text() == "Write a title." for each in field.findChildren(QLabel))
    field.show_error(None)
    assert editor.accessibleDescription() == "Only you see it."
    assert field.error() == ""


def test_the_label_of_a_field_leads_to_its_editor(qtbot: QtBot) -> None:
    choice = RadioChoice([("a", "A"), ("b", "B")])
    field = Field("Which?", choice)
    qtbot.addWidget(field)
    field.show()
    assert choice.accessibleName() == "Which?"
    field.focus_editor()
    qtbot.waitUntil(lambda: choice.findChildren(QWidget)[0].window().focusWidget() is not None)
    assert any(label.buddy() is choice for label in field.findChildren(QLabel))


@pytest.mark.parametrize("kind", ["info", "success", "warning", "error", "leaves", "stays"])
def test_a_banner_speaks_by_words_and_not_by_colour_alone(qtbot: QtBot, kind: str) -> None:
    banner = Banner(kind, "Title", "Text")  # type: ignore[arg-type]
    qtbot.addWidget(banner)
    assert banner.accessibleName() == "Title"
    assert [label.text() for label in banner.findChildren(QLabel)] == ["Title", "Text"]
    banner.set_content("error", "Other")
    assert banner.accessibleName() == "Other"


def test_a_chip_is_read_as_its_word(qtbot: QtBot) -> None:
    chip = StateChip("Draft", "ring", "stays")
    qtbot.addWidget(chip)
    chip.set_state("Received", "tick", "success")
    assert chip.word() == chip.accessibleName() == "Received"
    assert not chip.grab().toImage().isNull()


def test_texts_are_plain_and_lines_stay_readable(qtbot: QtBot) -> None:
    prose = Prose("<b>word</b> " * 60)
    qtbot.addWidget(prose)
    assert prose.textFormat() is Qt.TextFormat.PlainText
    assert prose.maximumWidth() <= 72 * prose.fontMetrics().averageCharWidth()
    assert prose.heightForWidth(4000) == prose.heightForWidth(prose.maximumWidth())


def test_a_page_keeps_forms_narrow_and_scrolls_by_keyboard(qtbot: QtBot) -> None:
    page = Page("Help", reading=True)
    qtbot.addWidget(page)
    for _ in range(30):
        card = Card()
        card.body.addWidget(Prose("Some words."))
        page.body.addWidget(card)
    page.resize(1300, 500)
    page.show()
    qtbot.waitExposed(page)
    assert page.body.geometry().width() == FORM_WIDTH
    bar = page.findChildren(QScrollArea)[0].verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    QTest.keyClick(page, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    QTest.keyClick(page, Qt.Key.Key_PageUp)
    assert bar.value() == 0


def test_a_list_page_uses_the_full_width(qtbot: QtBot) -> None:
    page = Page("Archive", PrimaryButton("Search"), content_width=None, scrolling=False)
    qtbot.addWidget(page)
    page.body.addWidget(Card())
    page.resize(1300, 600)
    page.show()
    assert page.body.geometry().width() > 1200
    assert page.findChildren(QScrollArea) == []


def test_a_page_has_no_empty_room_to_scroll_to(qtbot: QtBot) -> None:
    page = Page("Page")
    qtbot.addWidget(page)
    for kind in ("info", "warning"):
        page.body.addWidget(Banner(kind, "A title", "A text of some length. " * 6))
    page.resize(900, 480)
    page.show()
    assert page.findChildren(QScrollArea)[0].verticalScrollBar().maximum() == 0
