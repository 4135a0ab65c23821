"""What every field that takes content has in common: how it is copied, and what an input method
is told.
"""

import sys

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

CONTENT_HINTS = Qt.InputMethodHint.ImhSensitiveData
"""An input method shall not learn from what is typed, nor keep it."""

_NO = bytes(4)  # a DWORD of zero
# "Cloud Clipboard and Clipboard History Formats" in Microsoft's reference; Qt passes formats of
# this name on under the name in quotes.
_WINDOWS = {
    f'application/x-qt-windows-mime;value="{name}"': _NO
    for name in (
        "ExcludeClipboardContentFromMonitorProcessing",
        "CanIncludeInClipboardHistory",
        "CanUploadToCloudClipboard",
    )
}
_LINUX = {"x-kde-passwordManagerHint": b"secret"}  # Klipper and others keep no history of it
_MAC = {"application/x-nspasteboard-concealed-type": b""}


def content_marks(platform: str = sys.platform) -> dict[str, bytes]:
    """The formats that say "keep no history of this", as a system's own tools know them."""
    if platform == "win32":
        return _WINDOWS.copy()
    return _MAC.copy() if platform == "darwin" else _LINUX.copy()


def mark_content(copied: QMimeData) -> QMimeData:
    """The same, marked: it goes into no history and no cloud, and is cleared after a while."""
    for name, value in content_marks().items():
        copied.setData(name, value)
    return copied


def plain_content(text: str) -> QMimeData:
    """Plain text to copy, marked."""
    copied = QMimeData()
    copied.setText(text)
    return mark_content(copied)


def holds_content(copied: QMimeData) -> bool:
    """Whether it was marked here."""
    return all(copied.hasFormat(name) for name in content_marks())


class ContentLine(QLineEdit):
    """A line whose text is content. Qt itself copies unmarked text from lines, so it is done here;
    what goes past this, such as its menu, is marked by `ui.guard.clipboard` a moment later.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setInputMethodHints(CONTENT_HINTS)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        keys = QKeySequence.StandardKey
        is_cut = event.matches(keys.Cut)
        if not (is_cut or event.matches(keys.Copy)):
            super().keyPressEvent(event)
        elif self.hasSelectedText() and self.echoMode() is QLineEdit.EchoMode.Normal:
            QGuiApplication.clipboard().setMimeData(plain_content(self.selectedText()))
            if is_cut and not self.isReadOnly():
                self.insert("")
