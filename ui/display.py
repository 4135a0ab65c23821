"""Whether a window could be shown. Without Qt, which ends the process if it cannot be."""

import sys
from collections.abc import Mapping

from app.errors import SurroundingsError

_SIGNS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


class NoDisplayError(SurroundingsError):
    """There is nothing to show a window on."""

    def __init__(self) -> None:
        super().__init__(
            "There is no display to open the window on.",
            "",
            "Start it in a desktop session, or use the commands: nearmiss --help.",
        )


def has_display(environ: Mapping[str, str]) -> bool:
    """Windows and macOS always have one; Linux says so in its environment."""
    return sys.platform != "linux" or any(environ.get(sign) for sign in _SIGNS)
