"""Where the feed's files come from: a web server or a folder, both untrusted."""

from collections.abc import Iterator
from typing import Protocol


class MissingFileError(Exception):
    """The source has no such file. For metadata of the next version this is normal."""


class FeedSource(Protocol):
    """Reads files of the feed by their path, such as "metadata/timestamp.json"."""

    def read(self, path: str, limit: int) -> Iterator[bytes]:
        """The file in pieces.

        Raises MissingFileError for one that is not there, SurroundingsError when it cannot
        be read now or has more than `limit` bytes.
        """
        ...
