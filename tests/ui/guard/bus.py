"""Listens on a D-Bus of its own, in a process of its own: prints what `LinuxSignals` tells.

Arguments: the command that sends a signal. Both buses are the test's session bus.
"""

import shutil
import subprocess
import sys

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtDBus import QDBusConnection

from ui.guard.linux import LinuxSignals

_LISTENS_MS = 1500


def has_bus() -> bool:
    """Whether this machine can start a bus."""
    return all(shutil.which(each) for each in ("dbus-run-session", "dbus-send"))


def main() -> None:
    """Listen, let the signal be sent, and end."""
    app = QCoreApplication([])
    owner, bus = QObject(), QDBusConnection.sessionBus()
    signals = LinuxSignals(owner, system=bus, session=bus)
    signals.left.connect(lambda reason: print(reason.value, flush=True))
    subprocess.run(sys.argv[1:], check=True)
    QTimer.singleShot(_LISTENS_MS, app.quit)
    app.exec()
    print("end")


if __name__ == "__main__":
    main()
