"""Wrong passphrases make the next try wait: longer each time, also after a restart.

A courtesy and no lock: it slows down somebody who sits at this keyboard and guesses. Whoever
can write to the folder can take the file away, and whoever has a copy of the vault does not ask
this program. Against them only the passphrase and its derivation stand.

One file, `tries`, beside the vault: a byte for each wrong try, and the time of its last change.
Bytes are appended, so two windows count together without waiting for each other.
"""

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from app.errors import InputError
from app.paths import PRIVATE_FILE_MODE
from app.store.keys import WrongPassphraseError

_FILE = "tries"
_FREE = 3  # so many slips cost nothing
_FIRST_S, _LONGEST_S = 5, 300
_MOST = 64


class TooSoonError(InputError):
    """Wrong passphrases came before; the next try has to wait. wait_s: so many seconds."""

    def __init__(self, wait_s: int) -> None:
        self.wait_s = wait_s
        super().__init__(
            "The next try has to wait.",
            "A few wrong passphrases came before this one, and nothing was tried now.",
            f"Try again in {describe_wait(wait_s)}.",
        )


class Tries:
    """The wrong tries at the vault in a folder. now: seconds since 1970."""

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        self._path = folder / _FILE
        self._now = now

    def wait_s(self) -> int:
        """How many seconds the next try has to wait; 0 if it may come now."""
        # A folder that cannot be read or written: the owner is let in, since it is a courtesy.
        with contextlib.suppress(OSError):
            found = self._path.stat()
            wait_s, now_s = delay_s(found.st_size), self._now()
            if wait_s and found.st_mtime > now_s + 1:
                # The clock was set back; without this the wait could last for a year.
                os.utime(self._path, (now_s, now_s))
                return wait_s
            return max(0, round(found.st_mtime + wait_s - now_s))
        return 0

    @contextlib.contextmanager
    def counted(self) -> Iterator[None]:
        """Around a try: counts it if the passphrase was wrong, forgets all if it was right.

        Raises TooSoonError before anything is tried.
        """
        wait_s = self.wait_s()
        if wait_s:
            raise TooSoonError(wait_s)
        try:
            yield
        except WrongPassphraseError:
            self._add()
            raise
        self.forget()

    def forget(self) -> None:
        """The right secret was given; the next try waits for nothing."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _add(self) -> None:
        with contextlib.suppress(OSError):  # on a full disk the owner is let in all the same
            handle = os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, PRIVATE_FILE_MODE)
            try:
                if os.fstat(handle).st_size < _MOST:
                    os.write(handle, b".")
            finally:
                os.close(handle)
            os.utime(self._path, (self._now(), self._now()))


def delay_s(wrong: int) -> int:
    """How long to wait after so many wrong passphrases in a row."""
    if wrong < _FREE:
        return 0
    return int(min(_FIRST_S * 2 ** min(wrong - _FREE, 16), _LONGEST_S))


def describe_wait(wait_s: int) -> str:
    """In words."""
    if wait_s < 90:
        return f"{wait_s} second{'' if wait_s == 1 else 's'}"
    return f"{-(-wait_s // 60)} minutes"
