"""The feed in a folder: on a stick, on a share, or in a test."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from app.errors import SurroundingsError
from sync.feed_source import MissingFileError

_CHUNK = 64 * 1024


class UnreadableFolderError(SurroundingsError):
    """The folder or one of its files cannot be read now."""

    def __init__(self) -> None:
        super().__init__(
            "The folder with the archive cannot be read.",
            "Nothing was changed.",
            "Check that the stick or the share is still connected, then try again.",
        )


@dataclass(frozen=True, slots=True)
class FolderSource:
    """Reads the feed from a folder that holds `metadata` and `targets`."""

    folder: Path

    def read(self, path: str, limit: int) -> Iterator[bytes]:
        """The file in pieces, at most one byte more than `limit` in all.

        Raises MissingFileError for one that is not there, SurroundingsError when it cannot
        be read. A device or a pipe is never opened: it could keep the program for ever.
        """
        place = self._place(path)
        try:
            if not stat.S_ISREG(place.stat().st_mode):
                raise MissingFileError(path)
            left = limit + 1
            with place.open("rb") as file:
                while left > 0 and (piece := file.read(min(_CHUNK, left))):
                    left -= len(piece)
                    yield piece
        except (FileNotFoundError, NotADirectoryError) as error:
            raise MissingFileError(path) from error
        except OSError:
            raise UnreadableFolderError from None

    def _place(self, path: str) -> Path:
        parts = PurePosixPath(path).parts
        for part in parts:
            if part in {"..", "/"} or "\\" in part or ":" in part or "\0" in part:
                raise MissingFileError(path)
        return self.folder.joinpath(*parts)
