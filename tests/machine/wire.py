"""The network between a client and a service: one connection after the other, some of them broken.

The client's side is a real socket on this machine. Everything that passes is remembered.
"""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum, auto

from tests.sync.servers import read_request


class Fault(StrEnum):
    """What happens to one exchange. PASSED: nothing."""

    PASSED = auto()
    REFUSED = auto()
    """The connection breaks before the service has the request."""
    LOST = auto()
    """The service has answered, and the answer never comes."""
    CUT = auto()
    """Half of the answer comes."""
    BUSY = auto()
    """Something on the way says 503, and when to come again."""
    PAGE = auto()
    """A sign-in page of the network."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came. headers: names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Answer = Callable[[Request], bytes]
"""A service: its whole answer as it goes over the wire."""
_BUSY = b"HTTP/1.1 503 Busy\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n"
_PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 12\r\n\r\n<p>Sign in.\n"
# Closing with this sends a reset, as a broken connection often does.
_LINGER = struct.pack("ii", 1, 0)


@dataclass
class Wire:
    """answer: who is behind it now. faults: for the next exchanges, in their order.

    on_arrival: told of each request before anything else happens with it.
    """

    answer: Answer
    faults: list[Fault] = field(default_factory=list)
    seen: list[Request] = field(default_factory=list)
    on_arrival: Callable[[Request], None] = lambda _request: None
    troubles: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def take_seen(self) -> list[Request]:
        """What has passed since the last time this was asked."""
        seen, self.seen = self.seen, []
        return seen

    def close(self) -> None:
        """No more connections."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:  # closed
                return
            with connection:
                try:
                    self._exchange(connection)
                except OSError:
                    continue  # the client has gone
                except Exception as error:  # noqa: BLE001 (told by the test, which has no thread)
                    self.troubles.append(error)

    def _exchange(self, connection: socket.socket) -> None:
        request = _parse(read_request(connection))
        self.seen.append(request)
        self.on_arrival(request)
        fault = self.faults.pop(0) if self.faults else Fault.PASSED
        match fault:
            case Fault.REFUSED:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
                return
            case Fault.BUSY:
                connection.sendall(_BUSY)
                return
            case Fault.PAGE:
                connection.sendall(_PAGE)
                return
        answer = self.answer(request)
        if fault is Fault.CUT:
            connection.sendall(answer[: len(answer) * 2 // 3])
        elif fault is Fault.PASSED:
            connection.sendall(answer)


def _parse(raw: bytes) -> Request:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _version = first.split(" ")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _colon, value in pairs}
    return Request(method, path, headers, body)
