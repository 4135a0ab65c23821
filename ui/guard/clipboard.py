"""Copies of content do not stay on the clipboard: they go after 30 seconds, and with the lock."""

import hashlib
from functools import partial
from typing import cast

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit

from ui.widgets.content import holds_content, plain_content

CLEAR_AFTER_MS = 30_000
_Mode = QClipboard.Mode


class ClipboardGuard(QObject):
    """Clears what was copied from a field that takes content, if it is still there.

    On Linux that is also the selection, which the middle button of the mouse pastes.
    """

    def __init__(self, parent: QObject, clear_after_ms: int = CLEAR_AFTER_MS) -> None:
        super().__init__(parent)
        self._clipboard = QGuiApplication.clipboard()
        self._copied: dict[QClipboard.Mode, bytes] = {}
        self._timers: dict[QClipboard.Mode, QTimer] = {}
        for mode in (_Mode.Clipboard, _Mode.Selection):
            timer = QTimer(self)
            timer.setSingleShot(True)
            timer.setInterval(clear_after_ms)
            timer.timeout.connect(partial(self._clear, mode))
            self._timers[mode] = timer
        self._clipboard.changed.connect(self._on_changed)

    def clear(self) -> None:
        """Clear at once what is ours."""
        for mode in self._timers:
            self._clear(mode)

    def _on_changed(self, mode: QClipboard.Mode) -> None:
        if mode not in self._timers or not self._is_own(mode):
            return  # another program's; whether it took over ours is looked at when it is cleared
        # None where nothing is there, whatever PySide's stubs say.
        copied = cast("QMimeData | None", self._clipboard.mimeData(mode))
        if copied is None or not copied.hasText():
            return
        if holds_content(copied):
            self._copied[mode] = _digest(copied.text())
            self._timers[mode].start()
        elif isinstance(QApplication.focusWidget(), QLineEdit):
            self._clipboard.setMimeData(plain_content(copied.text()), mode)

    def _clear(self, mode: QClipboard.Mode) -> None:
        self._timers[mode].stop()
        copied = self._copied.pop(mode, None)
        # A tool that keeps the clipboard's content may hold it by now: then the text is compared.
        if copied is not None and _digest(self._clipboard.text(mode)) == copied:
            self._clipboard.clear(mode)

    def _is_own(self, mode: QClipboard.Mode) -> bool:
        if QGuiApplication.focusWindow() is not None:
            return True  # not every platform tells of ownership, but who copies has the focus
        if mode is _Mode.Selection:
            return self._clipboard.supportsSelection() and self._clipboard.ownsSelection()
        return self._clipboard.ownsClipboard()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()
