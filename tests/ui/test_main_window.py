"""The frame: places, shortcuts, locking, the status line, and the rules of accessibility."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.paths import Home
from app.settings import Settings, Theme, read_settings
from tests.ui.accessibility import check_keyboard
from tests.ui.opened import Opened, make_vault, opened
from ui.ages import describe_age
from ui.display import NoDisplayError, has_display
from ui.main import TITLE, main
from ui.standing import Standing, describe_standing

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def it(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    """A window whose home has one vault."""
    home = Home(tmp_path / "home")
    make_vault(home)
    with opened(qapp, qtbot, home) as it:
        yield it


class _Windows(QObject):
    """Counts windows that come up, also those that are gone a moment later."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        is_shown = event.type() == QEvent.Type.Show
        if is_shown and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(type(watched).__name__)
        return False


def test_its_title_tells_nothing_to_who_passes_by(it: Opened) -> None:
    assert it.window.windowTitle() == TITLE == "Reports"


@pytest.mark.parametrize(
    ("key", "locked", "unlocked"),
    [
        (Qt.Key.Key_1, "door", "reports"),
        (Qt.Key.Key_2, "archive", "archive"),
        (Qt.Key.Key_3, "door", "outbox"),
        (Qt.Key.Key_4, "settings", "settings"),
        (Qt.Key.Key_5, "help", "help"),
    ],
)
def test_shortcut_goes_to_its_place_or_to_the_door(
    it: Opened, key: Qt.Key, locked: str, unlocked: str
) -> None:
    QTest.keyClick(it.window, key, Qt.KeyboardModifier.ControlModifier)
    assert it.window.shown == locked
    it.settle()
    it.unlock()
    QTest.keyClick(it.window, key, Qt.KeyboardModifier.ControlModifier)
    assert it.window.shown == unlocked
    it.settle()


def test_f1_shows_the_help(it: Opened) -> None:
    QTest.keyClick(it.window, Qt.Key.Key_F1)
    assert it.window.shown == "help"


def test_locking_leaves_nothing_of_the_vault_in_the_window(it: Opened) -> None:
    it.unlock()
    it.window.show_place("outbox")
    it.settle()
    QTest.keyClick(it.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert it.window.shown == "door"
    assert not it.session.is_unlocked
    for name in ("reports", "outbox", "wizard", "check", "receipt"):
        with pytest.raises(KeyError):
            it.window.page(name)
    it.settle()


def test_no_other_window_comes_up_for_a_moment(it: Opened) -> None:
    counter = _Windows()
    QApplication.instance().installEventFilter(counter)  # type: ignore[union-attr]
    try:
        it.unlock()
        for place in ("wizard", "outbox", "archive", "settings", "help", "new-vault"):
            it.window.show_place(place)
            it.settle()
    finally:
        QApplication.instance().removeEventFilter(counter)  # type: ignore[union-attr]
    assert counter.names == []


@pytest.mark.parametrize("place", ["door", "first-connect", "new-vault", "archive", "settings"])
def test_page_is_named_and_walked_by_keyboard_while_locked(it: Opened, place: str) -> None:
    it.window.show_place(place if place != "door" else "reports")
    it.settle()
    check_keyboard(it.window)


@pytest.mark.parametrize("place", ["reports", "wizard", "outbox", "settings", "help"])
def test_page_is_named_and_walked_by_keyboard(it: Opened, place: str) -> None:
    it.unlock()
    it.window.show_place(place)
    it.settle()
    check_keyboard(it.window)


def test_size_is_kept_and_nothing_else(it: Opened) -> None:
    it.window.resize(1200, 710)
    it.window.close()
    folder = it.session.home.folder
    assert read_settings(it.session.home) == Settings(Theme.SYSTEM, 1200, 710)
    assert {each.name for each in folder.iterdir()} == {"vaults", "window.json"}


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"theme": "blue"}', b'{"width": 3}', b"null"]
)
def test_damaged_settings_count_as_none(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "window.json").write_bytes(damage)
    assert read_settings(Home(tmp_path)) == Settings()


def test_without_a_display_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(NoDisplayError) as caught:
        main()
    assert "no display" in caught.value.sentence()
    assert has_display({"DISPLAY": ":0"})


@pytest.mark.parametrize(
    ("standing", "text"),
    [
        (Standing(False, None, "", None), "not connected to a research team"),
        (Standing(True, None, "", 0), "no sync yet · nothing waits"),
        (
            Standing(True, NOW - timedelta(hours=3), "2026-11-14", 1),
            "last sync 3 h ago · archive as of 14 Nov 2026 · 1 waits",
        ),
        (
            Standing(True, NOW, "2026-01-02", 2),
            "last sync just now · archive as of 2 Jan 2026 · 2 wait",
        ),
    ],
)
def test_status_line_says_how_things_stand(standing: Standing, text: str) -> None:
    assert describe_standing(standing, NOW) == text


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=23), "23 h ago"),
        (timedelta(hours=25), "yesterday"),
        (timedelta(days=6), "6 days ago"),
        (timedelta(days=40), "12 Oct 2026"),
    ],
)
def test_ages_are_words(ago: timedelta, text: str) -> None:
    assert describe_age(NOW - ago, NOW) == text


def test_the_door_has_the_focus_in_the_passphrase(it: Opened) -> None:
    focused = it.window.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "Passphrase"


def test_settings_have_the_focus_on_the_chosen_colours_also_when_they_change(it: Opened) -> None:
    it.program.wish.choose(Theme.DARK)
    it.window.show_place("settings")
    for theme, name in ((Theme.DARK, "Dark"), (Theme.LIGHT, "Light")):
        it.program.wish.choose(theme)
        focused = it.window.focusWidget()
        assert focused is not None
        assert focused.accessibleName() == name


def test_a_first_look_at_no_reports_has_the_focus_on_telling_one(it: Opened) -> None:
    it.window.show_place("new-vault")
    it.settle()
    it.unlock()
    assert it.window.focusWidget().accessibleName() == "Tell one"


def test_the_window_is_never_larger_than_the_screen_has_room_for(it: Opened) -> None:
    room = it.window.screen().availableSize()
    it.window.take_size(5000, 4000)
    assert it.window.width() < room.width()
    assert it.window.height() < room.height()
    assert it.window.minimumWidth() <= it.window.width()


def test_lock_is_offered_only_while_something_is_open(it: Opened) -> None:
    def can_lock() -> bool:
        return any(
            each.accessibleName() == "Lock" and each.isVisible()
            for each in it.window.findChildren(QWidget)
        )

    assert not can_lock()
    it.unlock()
    assert can_lock()
    it.window.lock()
    assert not can_lock()
