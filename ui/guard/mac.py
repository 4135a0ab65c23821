"""What macOS says to every program: the screen is locked, the screen saver has started.

Core Foundation's own functions, so that no bridge to Objective-C is needed. Of sleep the clocks
tell. Nobody has tried this on a Mac yet; where a function is missing, nothing is heard.
"""

import ctypes
import ctypes.util
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from ui.guard.idle import Reason

_NAMES = (b"com.apple.screenIsLocked", b"com.apple.screensaver.didstart")
_UTF_8 = 0x08000100  # kCFStringEncodingUTF8
_DELIVER_AT_ONCE = 4  # CFNotificationSuspensionBehaviorDeliverImmediately
_Callback = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 5)


class MacSignals(QObject):
    """left: nobody sits here any more, with the Reason. library: Core Foundation."""

    left = Signal(object)

    def __init__(self, parent: QObject, library: Any = None) -> None:
        super().__init__(parent)
        cf = library or ctypes.CDLL(ctypes.util.find_library("CoreFoundation"))
        self._callback = _Callback(self._make_callback())  # kept: the system calls it later
        centre = _function(cf, "CFNotificationCenterGetDistributedCenter", ctypes.c_void_p)()
        make_text = _function(
            cf,
            "CFStringCreateWithCString",
            ctypes.c_void_p,
            *(ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32),
        )
        observe = _function(
            cf,
            "CFNotificationCenterAddObserver",
            None,
            *(ctypes.c_void_p, ctypes.c_void_p, _Callback, ctypes.c_void_p),
            *(ctypes.c_void_p, ctypes.c_long),
        )
        for name in _NAMES:
            text = make_text(None, name, _UTF_8)
            observe(centre, None, self._callback, text, None, _DELIVER_AT_ONCE)

    def _make_callback(self) -> Callable[..., None]:
        def tell(*_: object) -> None:
            self.left.emit(Reason.SCREEN)

        return tell


def _function(library: Any, name: str, result: Any, *arguments: Any) -> Any:
    found = getattr(library, name)
    found.restype, found.argtypes = result, arguments
    return found
