"""Many connections that submit at once, from one process that costs little of the processors."""

import contextlib
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

_PIECE = 262_144
_END = b"\r\n\r\n"
_READ, _WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


@dataclass(frozen=True, slots=True)
class Shot:
    """A whole request. name: by which the caller knows it."""

    name: str
    head: bytes
    body: bytes


@dataclass
class Storm:
    """What became of the requests. latencies_s: of all that were answered.

    later: the shots that were answered 503 with Retry-After. broken: without a whole answer.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    latencies_s: list[float] = field(default_factory=list)
    duration_s: float = 0.0
    later: list[Shot] = field(default_factory=list)
    broken: list[Shot] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies_s) / self.duration_s

    def percentile_ms(self, share: float) -> float:
        """The time in which this share of the requests was answered."""
        ordered = sorted(self.latencies_s)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1_000


@dataclass
class _Line:
    """One connection: what is still to be sent, and what has come back."""

    shot: Shot
    connection: socket.socket
    begun: float
    unsent: memoryview
    answer: bytearray = field(default_factory=bytearray)

    def send(self) -> bool:
        """Send what goes. Returns whether all is sent."""
        self.unsent = self.unsent[self.connection.send(self.unsent) :]
        return not self.unsent

    def receive(self) -> bool:
        """Take what came. Returns whether the answer is whole. Raises ConnectionError."""
        piece = self.connection.recv(_PIECE)
        if not piece:
            raise ConnectionResetError
        self.answer += piece
        head, end, body = self.answer.partition(_END)
        return bool(end) and len(body) >= _length(bytes(head))


def run_storm(
    port: int, shots: Iterator[Shot], connections: int, *, for_s: float, is_fresh: bool = False
) -> Storm:
    """Shoot over so many connections at once until shots or time are over.

    is_fresh: whether each request has a connection of its own, as a client's has.
    """
    storm = Storm()
    selector = selectors.DefaultSelector()
    begun = time.perf_counter()
    end = begun + for_s
    for _ in range(connections):
        _begin(selector, shots, None, port)
    while selector.get_map():
        for key, _ in selector.select(1):
            line: _Line = key.data
            kept: socket.socket | None = None
            try:
                if key.events == _WRITE:
                    if line.send():
                        selector.modify(line.connection, _READ, line)
                    continue
                if not line.receive():
                    continue
                _count(storm, line)
                kept = None if is_fresh else line.connection
            except BlockingIOError:
                continue
            except OSError:
                storm.broken.append(line.shot)
            selector.unregister(line.connection)
            if kept is None:
                line.connection.close()
            if time.perf_counter() < end:
                _begin(selector, shots, kept, port)
            elif kept is not None:
                kept.close()
    storm.duration_s = time.perf_counter() - begun
    selector.close()
    return storm


def _begin(
    selector: selectors.BaseSelector,
    shots: Iterator[Shot],
    kept: socket.socket | None,
    port: int,
) -> None:
    shot = next(shots, None)
    if shot is None:
        if kept is not None:
            kept.close()
        return
    connection = kept or socket.socket()
    begun = time.perf_counter()
    if kept is None:
        connection.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            connection.connect(("127.0.0.1", port))
    line = _Line(shot, connection, begun, memoryview(shot.head + shot.body))
    selector.register(connection, _WRITE, line)


def _count(storm: Storm, line: _Line) -> None:
    head = bytes(line.answer.partition(_END)[0]).lower()
    status = int(head.split(b" ", 2)[1])
    storm.statuses[status] += 1
    storm.latencies_s.append(time.perf_counter() - line.begun)
    if status == 503:
        (storm.later if b"\r\nretry-after: " in head else storm.broken).append(line.shot)


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"\r\ncontent-length: ")
    return int(rest.partition(b"\r\n")[0] or b"0")
