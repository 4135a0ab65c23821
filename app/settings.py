"""How the window looks and behaves: all that the program keeps outside of its encrypted files.

Nothing about a person or a report is in it. A file that is missing or damaged counts as one
with the values that are declared here.
"""

import contextlib
from enum import StrEnum
from typing import NamedTuple

from app.paths import Home, make_private_folder, replace_file

SMALLEST = (1100, 700)
_LARGEST = 16_384
DEFAULT_LOCK_MINUTES, LONGEST_LOCK_MINUTES = 2, 30
LOCK_KEYS = ("Ctrl+Shift+L", "F12", "Pause")
_FILE = "window.json"


class Theme(StrEnum):
    """Which colours are wanted. SYSTEM: those that the computer prefers."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Settings(NamedTuple):
    """theme: the colours. width, height: of the window, in logical pixels. underlines: whether
    what identifies somebody is underlined while one writes. lock_minutes: without a key or click
    before the vault is locked. lock_key: what locks it at once, one of LOCK_KEYS.
    hides_pictures: whether the system is asked to leave the window out of pictures of the screen.
    spelling: whether typing errors are underlined while one writes.
    """

    theme: Theme = Theme.SYSTEM
    width: int = 1280
    height: int = 720
    underlines: bool = True
    lock_minutes: int = DEFAULT_LOCK_MINUTES
    lock_key: str = LOCK_KEYS[0]
    hides_pictures: bool = True
    spelling: bool = True


def read_settings(home: Home) -> Settings:
    """What was kept, or the defaults."""
    with contextlib.suppress(
        OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError
    ):
        return _parse((home.folder / _FILE).read_bytes())
    return Settings()


def write_settings(home: Home, settings: Settings) -> None:
    """Keep them. Raises SurroundingsError; what was kept before is then unchanged."""
    import json  # noqa: PLC0415  (as below)

    make_private_folder(home.folder)
    replace_file(home.folder / _FILE, json.dumps(settings._asdict()).encode())


def _parse(raw: bytes) -> Settings:
    # Here: its import takes 1.5 ms, and a start without a file does without.
    import json  # noqa: PLC0415

    found = json.loads(raw)
    settings = Settings(Theme(found.pop("theme")), **found)
    for size, smallest in zip((settings.width, settings.height), SMALLEST, strict=True):
        if type(size) is not int or not smallest <= size <= _LARGEST:
            raise ValueError("a window has a size that a screen can have")
    for is_wanted in (settings.underlines, settings.hides_pictures, settings.spelling):
        if type(is_wanted) is not bool:
            raise TypeError("something is wanted or not")
    minutes = settings.lock_minutes
    if type(minutes) is not int or not 1 <= minutes <= LONGEST_LOCK_MINUTES:
        raise ValueError("a vault is locked after half an hour at the latest")
    if settings.lock_key not in LOCK_KEYS:
        raise ValueError("not one of the keys that lock")
    return settings
