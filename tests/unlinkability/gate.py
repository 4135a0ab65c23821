"""The operator's own socket: ends TLS, writes down everything, and passes it on to the service."""

import http.client
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from tests.sync.servers import Authority, Server, read_request
from tests.unlinkability.sight import Contact

HOST = "localhost"
_HELLO = 16_384


@dataclass(frozen=True, slots=True)
class _Caller:
    number: int
    port: int
    hello: bytes
    resumed: bool


class Gate:
    """Listens at `port`. now_s: what the operator's clock shows; the game sets it."""

    def __init__(self, folder: Path, service_port: int) -> None:
        self.authority = Authority.make(folder)
        self.now_s = 0.0
        self.contacts: list[Contact] = []
        self._context = self.authority.serve(folder, HOST)
        self._service_port = service_port
        self._numbers = count()
        self._server = Server(self._serve)
        self.port = self._server.port

    def take(self) -> tuple[Contact, ...]:
        """What came since the last time."""
        found = tuple(self.contacts)
        self.contacts.clear()
        return found

    def repeat(self, contacts: Sequence[Contact]) -> None:
        """Write down the same requests again, now and over new connections."""
        for each in contacts:
            told = {"connection": next(self._numbers), "port": 0, "hello": b""}
            self.contacts.append(replace(each, at_s=self.now_s, **told))  # type: ignore[arg-type]

    def close(self) -> None:
        """Stop, and end every connection."""
        self._server.close()

    def _serve(self, connection: socket.socket) -> None:
        number = next(self._numbers)
        port = connection.getpeername()[1]
        hello = connection.recv(_HELLO, socket.MSG_PEEK)
        with self._context.wrap_socket(connection, server_side=True) as encrypted:
            caller = _Caller(number, port, hello, bool(encrypted.session_reused))
            onward = http.client.HTTPConnection("127.0.0.1", self._service_port, timeout=60)
            try:
                while self._pass_on(encrypted, onward, caller):
                    pass
            finally:
                onward.close()

    def _pass_on(
        self, encrypted: ssl.SSLSocket, onward: http.client.HTTPConnection, caller: _Caller
    ) -> bool:
        """One request and its answer; False at the end of the connection."""
        raw = read_request(encrypted)
        head, _, body = raw.partition(b"\r\n\r\n")
        if not head:
            return False
        seen = Contact(
            self.now_s, caller.number, caller.port, caller.hello, caller.resumed, head, body
        )
        self.contacts.append(seen)
        onward.close()  # the service ends what is silent for some seconds
        onward.putrequest(seen.method, seen.path, skip_host=True, skip_accept_encoding=True)
        for name, value in seen.headers:
            onward.putheader(name, value)
        onward.endheaders(body or None)
        answer = onward.getresponse()
        content = answer.read()
        lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
        kept = ("content-type", "retry-after")
        lines += [f"{name}: {text}" for name, text in answer.getheaders() if name.lower() in kept]
        lines += [f"Content-Length: {len(content)}", "", ""]
        encrypted.sendall("\r\n".join(lines).encode("ascii") + content)
        return True
