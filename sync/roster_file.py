"""The agency's list of names as a plain file in the program's home.

It is not in the vault: it says nothing about who writes, and an agency can put it there.
"""

import threading
from pathlib import Path

from app.paths import disk_errors, make_private_folder, replace_file
from sync.scrub import NOBODY_LISTED, Roster, read_roster
from sync.scrub.roster import MOST_BYTES

_Version = tuple[int, int, int]


class RosterFile:
    """The kept list. It is prepared when it is first read, and again only when it has changed.

    For any thread.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._version: _Version | None = None
        self._roster = NOBODY_LISTED

    def read(self) -> Roster:
        """The kept list, an empty one if there is none.

        Raises InputError if what lies there cannot be used, SurroundingsError.
        """
        with self._lock, disk_errors():
            try:
                version = self._find_version()
                if version != self._version:
                    self._roster = read_roster(read_limited(self._path))
                    self._version = version
            except FileNotFoundError:
                self._version, self._roster = None, NOBODY_LISTED
            return self._roster

    def keep(self, raw: bytes) -> Roster:
        """Put another list in its place. Raises InputError if it cannot be used."""
        roster = read_roster(raw)
        make_private_folder(self._path.parent)
        with self._lock:
            replace_file(self._path, raw)
            with disk_errors():
                self._version, self._roster = self._find_version(), roster
        return roster

    def forget(self) -> None:
        """Delete it, if there is one. Raises SurroundingsError."""
        with self._lock, disk_errors():
            self._path.unlink(missing_ok=True)
            self._version, self._roster = None, NOBODY_LISTED

    def _find_version(self) -> _Version:
        found = self._path.stat()
        return found.st_mtime_ns, found.st_size, found.st_ino


def read_limited(path: Path) -> bytes:
    """A file's bytes, no more of it than shows that it is too large for a list. Raises OSError."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)
