"""What Windows says to a window: it is about to sleep, the session is locked or left.

Messages and figures: winuser.h, wtsapi32.h, and "WM_WTSSESSION_CHANGE" in Microsoft's reference.
"""

import ctypes
import sys
from ctypes import wintypes

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.guard.idle import Reason

_WM_POWERBROADCAST, _PBT_APMSUSPEND = 0x0218, 0x0004
_WM_WTSSESSION_CHANGE = 0x02B1
_AWAY = frozenset(
    {
        0x2,  # WTS_CONSOLE_DISCONNECT: another person signs in at the same screen
        0x4,  # WTS_REMOTE_DISCONNECT
        0x6,  # WTS_SESSION_LOGOFF
        0x7,  # WTS_SESSION_LOCK
    }
)
_NOTIFY_FOR_THIS_SESSION = 0
_MESSAGES = b"windows_generic_MSG"


def read_message(message: int, parameter: int) -> Reason | None:
    """Whether a message says that nobody sits here any more."""
    if message == _WM_POWERBROADCAST and parameter == _PBT_APMSUSPEND:
        return Reason.SLEEP
    if message == _WM_WTSSESSION_CHANGE and parameter in _AWAY:
        return Reason.SCREEN
    return None


class WindowsSignals(QObject):
    """left: nobody sits here any more, with the Reason."""

    left = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.filter = MessageFilter(self)
        app = QCoreApplication.instance()
        if app is not None:
            app.installNativeEventFilter(self.filter)
        if sys.platform == "win32":
            ctypes.windll.wtsapi32.WTSRegisterSessionNotification(
                wintypes.HWND(int(window.winId())), _NOTIFY_FOR_THIS_SESSION
            )


class MessageFilter(QAbstractNativeEventFilter):
    """Looks at each message and stops none."""

    def __init__(self, signals: WindowsSignals) -> None:
        super().__init__()
        self._signals = signals

    def nativeEventFilter(  # noqa: N802
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> tuple[bool, int]:
        if QByteArray(kind) == _MESSAGES:
            found = wintypes.MSG.from_address(int(message))
            reason = read_message(found.message, found.wParam or 0)
            if reason is not None:
                self._signals.left.emit(reason)
        return False, 0
