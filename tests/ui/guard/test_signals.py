"""What systems say: D-Bus for real on a bus of the test's own, Windows and macOS by stand-ins."""

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable
from ctypes import wintypes
from typing import Any

import pytest
from PySide6.QtCore import QByteArray, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.guard.bus import has_bus
from ui.guard.idle import Reason
from ui.guard.linux import session_path
from ui.guard.mac import MacSignals
from ui.guard.pictures import hide_on_mac, hide_on_windows
from ui.guard.windows import MessageFilter, WindowsSignals, read_message


@pytest.mark.parametrize(
    ("session_id", "path"), [("", ""), ("c1", "c1"), ("2", "_32"), ("12", "_312"), ("a-b", "a_2db")]
)
def test_a_session_is_found_where_logind_speaks_of_it(session_id: str, path: str) -> None:
    prefix = "/org/freedesktop/login1/session/"
    assert session_path(session_id) == (prefix + path if path else "")


@pytest.mark.skipif(not has_bus(), reason="dbus-run-session and dbus-send are not installed")
@pytest.mark.parametrize(
    ("path", "member", "arguments", "said"),
    [
        ("/org/freedesktop/login1", "login1.Manager.PrepareForSleep", ["boolean:true"], "sleep"),
        ("/org/freedesktop/login1", "login1.Manager.PrepareForSleep", ["boolean:false"], ""),
        ("/org/freedesktop/login1/session/_37", "login1.Session.Lock", [], "screen"),
        ("/org/freedesktop/login1/session/_38", "login1.Session.Lock", [], ""),
        ("/org/freedesktop/ScreenSaver", "ScreenSaver.ActiveChanged", ["boolean:true"], "screen"),
        ("/org/freedesktop/ScreenSaver", "ScreenSaver.ActiveChanged", ["boolean:false"], ""),
    ],
)
def test_sleep_and_screen_lock_are_heard(
    path: str, member: str, arguments: list[str], said: str
) -> None:
    send = [
        "dbus-send",
        "--session",
        "--type=signal",
        path,
        f"org.freedesktop.{member}",
        *arguments,
    ]
    done = subprocess.run(
        ["dbus-run-session", "--", sys.executable, "-m", "tests.ui.guard.bus", *send],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_SESSION_ID": "7"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == ([said] if said else []) + ["end"]


@pytest.mark.parametrize(
    ("message", "parameter", "reason"),
    [
        (0x0218, 0x4, Reason.SLEEP),
        (0x0218, 0x7, None),
        (0x02B1, 0x7, Reason.SCREEN),
        (0x02B1, 0x8, None),
        (0x02B1, 0x4, Reason.SCREEN),
        (0x0100, 0x7, None),
    ],
)
def test_windows_messages_are_read_from_where_they_lie(
    qtbot: QtBot, message: int, parameter: int, reason: Reason | None
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    said: list[object] = []
    signals = WindowsSignals(window)
    signals.left.connect(said.append)
    one = wintypes.MSG(None, message, parameter, 0, 0, wintypes.POINT(0, 0))
    kind = QByteArray(b"windows_generic_MSG")
    looked = MessageFilter(signals).nativeEventFilter(kind, ctypes.addressof(one))
    assert looked == (False, 0)
    assert said == ([reason] if reason else [])
    assert read_message(message, parameter) is reason
    app = QApplication.instance()
    assert app is not None
    app.removeNativeEventFilter(signals.filter)


def test_messages_of_another_system_are_not_touched(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    signals = WindowsSignals(window)
    assert signals.filter.nativeEventFilter(QByteArray(b"xcb_generic_event_t"), 0) == (False, 0)
    app = QApplication.instance()
    assert app is not None
    app.removeNativeEventFilter(signals.filter)


class _Function:
    """A function of a system's library: notes its calls and gives one answer after the other."""

    def __init__(self, *answers: object) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self._answers = list(answers)

    def __call__(self, *arguments: Any) -> object:
        self.calls.append(arguments)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


class _Library:
    def __init__(self, **functions: _Function) -> None:
        self.__dict__.update(functions)


def test_macos_tells_of_a_locked_screen(qtbot: QtBot) -> None:
    observe = _Function(None)
    library = _Library(
        CFNotificationCenterGetDistributedCenter=_Function(1),
        CFStringCreateWithCString=_Function(2),
        CFNotificationCenterAddObserver=observe,
    )
    owner, said = QObject(), list[object]()
    signals = MacSignals(owner, library)
    signals.left.connect(said.append)
    assert len(observe.calls) == 2
    callback: Callable[..., None] = observe.calls[0][2]
    callback(None, None, None, None, None)
    assert said == [Reason.SCREEN]
    owner.deleteLater()


@pytest.mark.parametrize(
    ("answers", "wanted", "asked", "agreed"),
    [
        ((1,), True, [0x11], True),
        ((0, 1), True, [0x11, 0x01], True),  # before Windows 10 2004
        ((0,), True, [0x11, 0x01], False),
        ((1,), False, [0x00], True),
    ],
)
def test_windows_is_asked_to_leave_the_window_out_of_pictures(
    answers: tuple[int, ...], wanted: bool, asked: list[int], agreed: bool
) -> None:
    ask = _Function(*answers)
    found = hide_on_windows(7, _Library(SetWindowDisplayAffinity=ask), wanted=wanted)
    assert found is agreed
    assert ask.calls == [(7, each) for each in asked]


@pytest.mark.parametrize(("wanted", "kind"), [(True, 0), (False, 1)])
def test_macos_is_asked_for_the_window_of_the_view(wanted: bool, kind: int) -> None:
    send = _Function(9, None)
    library = _Library(sel_registerName=_Function(5), objc_msgSend=send)
    assert hide_on_mac(3, library, wanted=wanted)
    assert send.calls == [(3, 5), (9, 5, kind)]


def test_macos_view_without_a_window_is_left_alone() -> None:
    library = _Library(sel_registerName=_Function(5), objc_msgSend=_Function(None))
    assert not hide_on_mac(3, library, wanted=True)
