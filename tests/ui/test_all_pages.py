"""Over all pages and states, in both colours: no control without a name, no trap for the
keyboard, no text with less contrast than WCAG 2.1 AA asks for.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.errors import InputError
from app.paths import Home
from app.settings import Theme
from tests.ui.accessibility import check_keyboard
from tests.ui.contrast import sample_contrasts
from tests.ui.every_page import STATES, Before, State
from tests.ui.opened import make_vault, opened
from ui.messages import Message, ask, show_defect, show_error
from ui.theme.apply import apply_theme
from ui.theme.tokens import Scheme
from ui.widgets.heading import PlainLabel

_WHOLE = (1366, 2200)  # high enough to have whole pages in sight


def check_contrast(window: QWidget) -> None:
    """Every text in sight can be read."""
    samples = sample_contrasts(window)
    assert samples, "nothing was sampled"
    assert [each for each in samples if not each.is_readable] == []


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_page_is_named_walked_and_readable(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, state: State
) -> None:
    home = Home(tmp_path / "home")
    if state.before is not Before.NOTHING:
        make_vault(home)
    with opened(qapp, qtbot, home) as it:
        if state.before is Before.OPEN:
            it.unlock()
        state.show(it)
        it.settle()
        for theme in (Theme.DARK, Theme.LIGHT):
            it.program.wish.choose(theme)
            it.window.resize(1366, 768)
            it.settle()
            check_keyboard(it.window)
            check_contrast(it.window)
            it.window.resize(*_WHOLE)
            it.settle()
            check_contrast(it.window)


def _show_error(page: QWidget) -> None:
    show_error(page, InputError("The disk is full.", "Nothing was lost.", "Make room."))


def _show_defect(page: QWidget) -> None:
    show_defect(page, ValueError("x"))


def _ask(page: QWidget) -> None:
    ask(page, "Take it back?", "It does not leave.", "Take it back", "Let it wait")


def _ask_danger(page: QWidget) -> None:
    ask(page, "Remove it?", "It cannot be undone.", "Remove it", "Keep it", danger=True)


@pytest.mark.parametrize("scheme", Scheme)
@pytest.mark.parametrize("show", [_show_error, _show_defect, _ask, _ask_danger])
def test_message_box_is_named_walked_and_readable(
    qapp: QApplication, qtbot: QtBot, scheme: Scheme, show: Callable[[QWidget], None]
) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.show()
    checked: list[str] = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, Message)
        try:
            check_keyboard(box)
            check_contrast(box)
            checked.append(box.accessibleName())
        finally:
            box.reject()

    apply_theme(qapp, scheme)
    try:
        QTimer.singleShot(50, look)
        show(page)
    finally:
        apply_theme(qapp, Scheme.LIGHT)
    assert len(checked) == 1


def test_a_pale_text_is_noticed(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.setStyleSheet("QWidget { background: #ffffff; } QLabel { color: #999999; }")
    label = PlainLabel("Hardly to be read")
    label.setParent(page)
    page.show()
    with pytest.raises(AssertionError):
        check_contrast(page)
