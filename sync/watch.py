"""Cuts the connections of one exchange when their time is over, whatever they wait for.

The time limits of sockets start anew with every byte, so whoever sends one byte of a header a
minute could hold an exchange for weeks.
"""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Watch:
    """has_cut: the time was over, so what was read since may be cut short."""

    def __init__(self) -> None:
        self.has_cut = False
        self._sockets: list[socket.socket] = []
        self._until = 0.0

    def follow(self, opened: socket.socket) -> None:
        """Cut this one too when the time is over."""
        self._sockets.append(opened)
        if self.has_cut:
            self._cut()

    def allow(self, seconds: float) -> None:
        """From now on so many seconds are left, if that is more than there were."""
        self._until = max(self._until, time.monotonic() + seconds)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """While the block runs, the time is short."""
        self._until = time.monotonic() + seconds
        ended = threading.Event()
        thread = threading.Thread(target=self._wait, args=(ended,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _wait(self, ended: threading.Event) -> None:
        while (left := self._until - time.monotonic()) > 0:
            if ended.wait(left):
                return
        self._cut()

    def _cut(self) -> None:
        self.has_cut = True
        for each in self._sockets:
            with suppress(OSError):  # closed already, or handed on to its encrypted form
                # Not the method of an SSLSocket: that would let the reader go on unencrypted.
                socket.socket.shutdown(each, socket.SHUT_RDWR)
