from collections.abc import Callable
from typing import TypeAlias

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from ui.theme.tokens import TARGET
from ui.widgets.choices import RadioChoice, SearchableChoice, TickChoice, choose_one
from ui.widgets.searchable_choice import matches

OPTIONS = [("car", "In a car"), ("foot", "On foot"), ("post", "At a post")]
SPECIALS = [("unknown", "Not known"), ("declined", "Prefer not to say")]
MANY = [
    *OPTIONS,
    ("stop", "Traffic stop"),
    ("pursuit", "Foot pursuit"),
    ("fete", "Fête or parade"),
    ("warrant", "Serving a warrant"),
]
Choice: TypeAlias = RadioChoice | SearchableChoice | TickChoice
EVERY = pytest.mark.parametrize("make", [RadioChoice, SearchableChoice, TickChoice])


def show(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)


def row(widget: QWidget, text: str) -> QAbstractButton:
    return next(each for each in widget.findChildren(QAbstractButton) if each.text() == text)


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def options_of(choice: SearchableChoice) -> QListWidget:
    return choice.findChildren(QListWidget)[0]


def press(*keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(focused(), key)


@EVERY
def test_what_is_set_is_the_value_and_is_not_announced(
    qtbot: QtBot, make: Callable[..., Choice]
) -> None:
    choice = make(OPTIONS, SPECIALS)
    qtbot.addWidget(choice)
    with qtbot.assertNotEmitted(choice.changed):
        choice.set_value(["foot"])
        assert (choice.value(), choice.special()) == (("foot",), None)
        choice.set_value([], "declined")
        assert (choice.value(), choice.special()) == ((), "declined")
        choice.set_value(["no such code"])
        assert (choice.value(), choice.special()) == ((), None)


@EVERY
def test_a_special_value_and_a_code_exclude_each_other(
    qtbot: QtBot, make: Callable[..., Choice]
) -> None:
    choice = make(OPTIONS, SPECIALS)
    show(qtbot, choice)
    choice.set_value(["car"])
    with qtbot.waitSignal(choice.changed):
        row(choice, "Not known").click()
    assert (choice.value(), choice.special()) == ((), "unknown")


@EVERY
def test_special_values_stand_below_the_options_in_their_own_words(
    qtbot: QtBot, make: Callable[..., Choice]
) -> None:
    choice = make(OPTIONS, SPECIALS)
    choice.resize(500, 600)
    show(qtbot, choice)
    rule = next(each for each in choice.findChildren(QWidget) if each.property("role") == "rule")
    for _, label in SPECIALS:
        special = row(choice, label)
        assert special.y() > rule.y()
        assert special.accessibleName() == label
        assert special.height() >= TARGET


@EVERY
def test_every_control_has_a_name(qtbot: QtBot, make: Callable[..., Choice]) -> None:
    choice = make(MANY, SPECIALS)
    choice.describe("Where were you?", "Choose one.")
    show(qtbot, choice)
    assert choice.accessibleName() == "Where were you?"
    for control in choice.findChildren(QWidget):
        if control.focusPolicy() & Qt.FocusPolicy.TabFocus and control.isVisible():
            assert control.accessibleName(), control


def test_arrow_keys_move_through_radio_buttons_and_specials(qtbot: QtBot) -> None:
    choice = RadioChoice(OPTIONS, SPECIALS)
    show(qtbot, choice)
    press(Qt.Key.Key_Space)
    assert choice.value() == ("car",)
    with qtbot.waitSignal(choice.changed):
        press(Qt.Key.Key_Down)
    assert choice.value() == ("foot",)
    press(Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert choice.special() == "unknown"
    press(Qt.Key.Key_Up)
    assert (choice.value(), choice.special()) == (("post",), None)


def test_one_change_of_mind_is_announced_once(qtbot: QtBot) -> None:
    choice = RadioChoice(OPTIONS)
    show(qtbot, choice)
    told: list[tuple[str, ...]] = []
    choice.changed.connect(lambda: told.append(choice.value()))
    row(choice, "In a car").click()
    row(choice, "On foot").click()
    assert told == [("car",), ("foot",)]


def test_delete_clears_a_radio_choice(qtbot: QtBot) -> None:
    choice = RadioChoice(OPTIONS)
    choice.set_value(["car"])
    show(qtbot, choice)
    with qtbot.waitSignal(choice.changed):
        press(Qt.Key.Key_Delete)
    assert choice.value() == ()


def test_tab_goes_to_the_chosen_radio_button_and_leaves_the_group(qtbot: QtBot) -> None:
    whole = QWidget()
    choice = RadioChoice(OPTIONS, SPECIALS)
    choice.setParent(whole)
    after = QLineEdit(whole)
    choice.set_value(["foot"])
    show(qtbot, whole)
    choice.setFocus()
    assert QApplication.focusWidget() is row(choice, "On foot")
    press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is after


def test_typing_filters_and_enter_chooses(qtbot: QtBot) -> None:
    choice = SearchableChoice(MANY, SPECIALS)
    show(qtbot, choice)
    QTest.keyClicks(focused(), "pur")
    found = options_of(choice)
    items = [found.item(at) for at in range(found.count())]
    assert [item.text() for item in items if not item.isHidden()] == ["Foot pursuit"]
    with qtbot.waitSignal(choice.changed):
        press(Qt.Key.Key_Return)
    assert choice.value() == ("pursuit",)
    assert not any(item.isHidden() for item in items)


def test_arrows_in_the_search_box_move_in_the_list(qtbot: QtBot) -> None:
    choice = SearchableChoice(MANY)
    show(qtbot, choice)
    press(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Enter)
    assert choice.value() == ("foot",)


def test_enter_without_a_search_chooses_nothing(qtbot: QtBot) -> None:
    choice = SearchableChoice(MANY)
    show(qtbot, choice)
    press(Qt.Key.Key_Return)
    assert choice.value() == ()
    QTest.keyClicks(focused(), "zzz")
    press(Qt.Key.Key_Return)
    assert choice.value() == ()


def test_letters_typed_in_the_list_go_into_the_search_box(qtbot: QtBot) -> None:
    choice = SearchableChoice(MANY)
    show(qtbot, choice)
    options_of(choice).setFocus()
    QTest.keyClicks(focused(), "w")
    QTest.keyClicks(focused(), "arr")
    press(Qt.Key.Key_Return)
    assert choice.value() == ("warrant",)


def test_choosing_a_code_takes_a_special_value_away(qtbot: QtBot) -> None:
    choice = SearchableChoice(MANY, SPECIALS)
    choice.set_value([], "unknown")
    show(qtbot, choice)
    QTest.keyClicks(focused(), "traf")
    press(Qt.Key.Key_Return)
    assert (choice.value(), choice.special()) == (("stop",), None)


@pytest.mark.parametrize(
    ("typed", "fits"),
    [("fet", True), ("PAR fe", True), ("ete", False), ("", True), ("parade x", False)],
)
def test_words_match_by_their_beginnings_without_case_and_accents(typed: str, fits: bool) -> None:
    assert matches(typed, "Fête or parade") is fits


def test_space_ticks_and_unticks(qtbot: QtBot) -> None:
    choice = TickChoice(OPTIONS)
    show(qtbot, choice)
    with qtbot.waitSignal(choice.changed):
        press(Qt.Key.Key_Space)
    press(Qt.Key.Key_Tab, Qt.Key.Key_Space)
    assert choice.value() == ("car", "foot")
    press(Qt.Key.Key_Space)
    assert choice.value() == ("car",)


def test_a_code_that_stands_alone_clears_the_others_and_gives_way_to_them(qtbot: QtBot) -> None:
    choice = TickChoice([*OPTIONS, ("none", "None of these")], alone=["none"])
    show(qtbot, choice)
    choice.set_value(["car", "foot"])
    row(choice, "None of these").click()
    assert choice.value() == ("none",)
    row(choice, "On foot").click()
    assert choice.value() == ("foot",)


def test_no_more_than_the_most_can_be_ticked(qtbot: QtBot) -> None:
    choice = TickChoice(OPTIONS, SPECIALS, max_choices=2)
    show(qtbot, choice)
    row(choice, "In a car").click()
    row(choice, "On foot").click()
    row(choice, "At a post").click()
    assert choice.value() == ("car", "foot")
    row(choice, "In a car").click()
    row(choice, "At a post").click()
    assert choice.value() == ("foot", "post")


def test_a_ticked_option_stays_in_sight_while_searching(qtbot: QtBot) -> None:
    choice = TickChoice([(str(number), f"Option {number}") for number in range(20)])
    show(qtbot, choice)
    choice.set_value(["3"])
    QTest.keyClicks(focused(), "17")
    assert row(choice, "Option 3").isVisible()
    assert row(choice, "Option 17").isVisible()
    assert not row(choice, "Option 5").isVisible()


def test_six_options_are_radio_buttons_and_seven_a_list(qtbot: QtBot) -> None:
    few, many = choose_one(MANY[:6]), choose_one(MANY)
    qtbot.addWidget(few)
    qtbot.addWidget(many)
    assert isinstance(few, RadioChoice)
    assert isinstance(many, SearchableChoice)


def test_a_long_label_wraps_instead_of_being_cut(qtbot: QtBot) -> None:
    choice = RadioChoice([("long", "a long label " * 20), ("short", "short")])
    choice.resize(400, 300)
    show(qtbot, choice)
    assert choice.heightForWidth(400) > choice.heightForWidth(4000)
    assert row(choice, "short").height() == TARGET
