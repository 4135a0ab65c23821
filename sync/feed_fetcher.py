"""Our sources, in the shape that python-tuf asks for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import IO

from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient import FetcherInterface

from app.errors import SurroundingsError
from sync.feed_source import FeedSource, MissingFileError

_NOT_FOUND = 404


class CutConnectionError(SurroundingsError):
    """The file stopped in the middle, for a reason that the source did not explain."""

    def __init__(self) -> None:
        super().__init__(
            "The connection broke while the archive was being fetched.",
            "The archive on this computer is as it was before.",
            "Try again; what is already here is not fetched a second time.",
        )


class SourceFetcher(FetcherInterface):
    """Fetches for python-tuf from a FeedSource; an "address" is the path in the feed.

    python-tuf wraps only what is raised when a download begins. What breaks in the middle
    leaves it as it is, so it has to be one of our own errors here.
    """

    def __init__(self, source: FeedSource, fetched: Callable[[int], None]) -> None:
        """fetched: is told the number of bytes of each piece, and may raise Cancelled."""
        self._source = source
        self._fetched = fetched
        self._limit = 0

    @contextmanager
    def download_file(self, url: str, max_length: int) -> Iterator[IO[bytes]]:
        """The file at url; remembers max_length, which the source needs too."""
        self._limit = max_length
        with super().download_file(url, max_length) as file:
            yield file

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            for piece in self._source.read(url, self._limit):
                self._fetched(len(piece))
                yield piece
        except MissingFileError as error:
            raise DownloadHTTPError("not there", _NOT_FOUND) from error
        except (OSError, HTTPException, EOFError):
            raise CutConnectionError from None
