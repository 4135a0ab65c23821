"""What a Linux desktop says on D-Bus: it is about to sleep, the session or the screen is locked.

Where no bus can be reached, or nobody speaks there, the clocks and the idle time are left.
"""

import os
from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection

from ui.guard.idle import Reason

_LOGIN = "org.freedesktop.login1"
_SAVERS = (
    "org.freedesktop.ScreenSaver",  # KDE and others
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
)


class LinuxSignals(QObject):
    """left: nobody sits here any more, with the Reason. system, session: other buses in tests."""

    left = Signal(object)

    def __init__(
        self,
        parent: QObject,
        environ: Mapping[str, str] = os.environ,
        system: QDBusConnection | None = None,
        session: QDBusConnection | None = None,
    ) -> None:
        super().__init__(parent)
        system = system or QDBusConnection.systemBus()
        session = session or QDBusConnection.sessionBus()
        sleep, lock, screen = map(_slot, ("on_sleep(bool)", "on_lock()", "on_screen(bool)"))
        if system.isConnected():
            system.connect("", "", f"{_LOGIN}.Manager", "PrepareForSleep", self, sleep)
            path = session_path(environ.get("XDG_SESSION_ID", ""))
            system.connect("", path, f"{_LOGIN}.Session", "Lock", self, lock)
        if session.isConnected():
            for name in _SAVERS:
                session.connect("", "", name, "ActiveChanged", self, screen)

    @Slot(bool)
    def on_sleep(self, begins: bool) -> None:
        """Logind is about to suspend the computer, or has woken it up."""
        if begins:
            self.left.emit(Reason.SLEEP)

    @Slot()
    def on_lock(self) -> None:
        """The session is to be locked."""
        self.left.emit(Reason.SCREEN)

    @Slot(bool)
    def on_screen(self, is_covered: bool) -> None:
        """The screen saver or lock came up, or went."""
        if is_covered:
            self.left.emit(Reason.SCREEN)


def session_path(session_id: str) -> str:
    """Where logind speaks of this session; empty, which stands for all, if it is not known.

    Letters stay, anything else and a digit at the start become _ and two hexadecimal digits, as
    bus_path_escape(3) of systemd has it.
    """
    if not session_id:
        return ""
    escaped = "".join(
        chr(each)
        if chr(each).isascii() and (chr(each).isalpha() or (at and chr(each).isdigit()))
        else f"_{each:02x}"
        for at, each in enumerate(session_id.encode())
    )
    return f"/org/freedesktop/login1/session/{escaped}"


def _slot(name: str) -> bytes:
    # The call takes what SLOT gives, a text, and refuses bytes; PySide's stubs say bytes.
    return cast("bytes", SLOT(name))
