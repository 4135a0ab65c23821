"""A folded list opens for a click, the down key or a letter, and keeps what is ticked."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from ui.widgets.choices import SearchableChoice, TickChoice

OPTIONS = [(f"c{number}", f"Option {number}") for number in range(20)]


def search_of(choice: SearchableChoice | TickChoice, qtbot: QtBot) -> QLineEdit:
    qtbot.addWidget(choice)
    choice.show()
    choice.fold()
    return choice.findChildren(QLineEdit)[0]


def test_one_of_many_opens_for_a_click_and_for_a_letter(qtbot: QtBot) -> None:
    choice = SearchableChoice(OPTIONS)
    search = search_of(choice, qtbot)
    assert not choice._list.isVisible()
    QTest.mouseClick(search, Qt.MouseButton.LeftButton)
    assert choice._list.isVisible()
    choice.fold()
    QTest.keyClicks(search, "o")
    assert choice._list.isVisible()


def test_one_of_many_that_is_chosen_does_not_fold(qtbot: QtBot) -> None:
    choice = SearchableChoice(OPTIONS)
    choice.set_value(["c3"])
    search_of(choice, qtbot)
    assert choice._list.isVisible()


def test_any_of_many_shows_what_is_ticked_while_it_is_folded(qtbot: QtBot) -> None:
    choice = TickChoice(OPTIONS)
    search = search_of(choice, qtbot)
    told = []
    choice.changed.connect(lambda: told.append(choice.value()))
    choice.choose("c7")
    assert told == [("c7",)]
    assert [row.code for row in choice._options if row.isVisible()] == ["c7"]
    QTest.keyClick(search, Qt.Key.Key_Down)
    assert all(row.isVisible() for row in choice._options)


def test_what_is_not_among_the_options_is_not_chosen(qtbot: QtBot) -> None:
    for choice in (SearchableChoice(OPTIONS), TickChoice(OPTIONS)):
        qtbot.addWidget(choice)
        choice.choose("none of them")
        assert choice.value() == ()
