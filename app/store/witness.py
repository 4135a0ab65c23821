"""A second record of how far a file has counted, outside of that file's folder.

It is written after the file. One that is behind says nothing; one that is ahead, or that names
another head, says that an older file, or another one, was put in the file's place.
"""

import contextlib
from pathlib import Path

from app.errors import SurroundingsError
from app.paths import disk_errors, make_private_folder, replace_file
from app.store.chain import NO_HEAD, Head

_LONGEST = 200
_HIGHEST = 2**53


class Witness:
    """The record at a path."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Head:
        """What was noted last; `NO_HEAD` if nothing can be read. Raises SurroundingsError."""
        with disk_errors():
            try:
                raw = self._path.read_bytes()[:_LONGEST]
            except FileNotFoundError:
                return NO_HEAD
        number, _, link = raw.decode("ascii", "replace").strip().partition(" ")
        try:
            found = Head(int(number), bytes.fromhex(link))
        except ValueError:
            return NO_HEAD
        return found if found.link and 0 <= found.number <= _HIGHEST else NO_HEAD

    def note(self, head: Head) -> None:
        """Keep it. What is said here is of no use while the disk is full, and not needed: the next
        change, or the next opening, notes it again.
        """
        with contextlib.suppress(SurroundingsError):
            make_private_folder(self._path.parent)
            replace_file(self._path, f"{head.number} {head.link.hex()}\n".encode("ascii"))
