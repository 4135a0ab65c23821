"""One at a time: work on the feed's files that two programs at once would spoil."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from app.errors import SurroundingsError
from app.paths import PRIVATE_FILE_MODE, explain, make_private_folder


@contextmanager
def one_at_a_time(folder: Path, busy: SurroundingsError) -> Iterator[None]:
    """Hold the folder's lock, which ends with the process at the latest.

    Raises `busy` at once if another holds it, SurroundingsError if the folder cannot be used.
    """
    make_private_folder(folder)
    lock = FileLock(folder / "lock", timeout=0, mode=PRIVATE_FILE_MODE)
    try:
        lock.acquire()
    except Timeout as error:
        raise busy from error
    except OSError as error:
        raise explain(error) from None
    try:
        yield
    finally:
        lock.release()
