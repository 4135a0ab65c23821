"""How the window looks: all that the program keeps outside of its encrypted files.

Nothing about a person or a report is in it. A file that is missing or damaged counts as one
with the values that are declared here.
"""

import contextlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from app.paths import Home, make_private_folder, replace_file

SMALLEST = (1100, 700)
_LARGEST = 16_384
_FILE = "window.json"


class Theme(StrEnum):
    """Which colours are wanted. SYSTEM: those that the computer prefers."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Settings:
    """theme: the colours. width, height: of the window, in logical pixels."""

    theme: Theme = Theme.SYSTEM
    width: int = 1280
    height: int = 720

    def __post_init__(self) -> None:
        for size, smallest in zip((self.width, self.height), SMALLEST, strict=True):
            if type(size) is not int or not smallest <= size <= _LARGEST:
                raise ValueError("a window has a size that a screen can have")


def read_settings(home: Home) -> Settings:
    """What was kept, or the defaults."""
    with contextlib.suppress(
        OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError
    ):
        found = json.loads((home.folder / _FILE).read_bytes())
        return Settings(Theme(found.pop("theme")), **found)
    return Settings()


def write_settings(home: Home, settings: Settings) -> None:
    """Keep them. Raises SurroundingsError; what was kept before is then unchanged."""
    make_private_folder(home.folder)
    replace_file(home.folder / _FILE, json.dumps(asdict(settings)).encode())
