"""Asks the system to leave a window out of pictures and recordings of the screen.

Windows 10 (2004) and later leave it out, earlier ones show it black. macOS does it for the older
ways of taking a picture; since 15.4 programs that record through ScreenCaptureKit are not kept
out. On Linux no program can ask for it: under X11 every program sees the whole screen, under
Wayland the desktop asks the person first.
"""

import ctypes
import ctypes.util
import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QWindow

_WDA_NONE, _WDA_MONITOR, _WDA_EXCLUDEFROMCAPTURE = 0x00, 0x01, 0x11  # winuser.h
_SHARING_NONE, _SHARING_READ_ONLY = 0, 1  # NSWindowSharingType


def can_hide_pictures() -> bool:
    """Whether this system can be asked."""
    return sys.platform in {"win32", "darwin"}


class PictureGuard(QObject):
    """Asks for each window of the program as it gets the focus."""

    def __init__(self, parent: QObject, is_wanted: Callable[[], bool]) -> None:
        super().__init__(parent)
        self._is_wanted = is_wanted
        app = QGuiApplication.instance()
        if can_hide_pictures() and isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._ask)
            self.ask_all()

    def ask_all(self) -> None:
        """Ask for all windows that there are, after a change of the setting too."""
        for window in QGuiApplication.topLevelWindows():
            if window.isVisible():
                self._ask(window)

    def _ask(self, window: QWindow | None) -> None:
        if window is None:
            return
        if sys.platform == "win32":
            hide_on_windows(int(window.winId()), ctypes.windll.user32, wanted=self._is_wanted())
        elif sys.platform == "darwin":
            objc = ctypes.CDLL(ctypes.util.find_library("objc"))
            hide_on_mac(int(window.winId()), objc, wanted=self._is_wanted())


def hide_on_windows(handle: int, user32: Any, *, wanted: bool) -> bool:
    """Whether Windows agreed; an old one only knows how to show it black."""
    ask = user32.SetWindowDisplayAffinity
    ask.argtypes, ask.restype = (ctypes.c_void_p, ctypes.c_uint32), ctypes.c_int
    if not wanted:
        return bool(ask(handle, _WDA_NONE))
    return bool(ask(handle, _WDA_EXCLUDEFROMCAPTURE) or ask(handle, _WDA_MONITOR))


def hide_on_mac(view: int, objc: Any, *, wanted: bool) -> bool:
    """Whether there was a window to ask for. view: the NSView that Qt calls the window's id."""
    select = objc.sel_registerName
    select.argtypes, select.restype = (ctypes.c_char_p,), ctypes.c_void_p
    send = objc.objc_msgSend
    send.argtypes, send.restype = (ctypes.c_void_p, ctypes.c_void_p), ctypes.c_void_p
    window = send(view, select(b"window"))
    if not window:
        return False
    send.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulong)
    send.restype = None
    send(window, select(b"setSharingType:"), _SHARING_NONE if wanted else _SHARING_READ_ONLY)
    return True
