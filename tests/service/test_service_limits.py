import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from starlette.types import Message, Receive, Scope, Send
from uvicorn import Config, Server

from service.limits import InFlightLimit, PatientProtocol

HEAD = b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n"


class _Hasty(PatientProtocol):
    header_s = 0.3
    request_s = 0.6
    largest_discarded = 100_000


async def refuse(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Answers at once and reads nothing."""
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": b"no"})


async def read_all(_scope: Scope, receive: Receive, send: Send) -> None:
    """Answers after the last byte."""
    while (await receive()).get("more_body"):
        pass
    await refuse(_scope, receive, send)


@pytest.fixture
def serve() -> Iterator[Callable[..., socket.socket]]:
    """serve(application): runs it in a thread; gives a connection to it."""
    ends: list[Callable[[], None]] = []

    def begin(application: object) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", 0))
        config = Config(
            application,  # type: ignore[arg-type]
            http=_Hasty,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
        )
        server = Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        connection = socket.create_connection(listener.getsockname(), timeout=10)

        def end() -> None:
            connection.close()
            server.should_exit = True
            thread.join(10)

        ends.append(end)
        return connection

    yield begin
    for end in ends:
        end()


def drip(connection: socket.socket, piece: bytes, count: int) -> None:
    for _ in range(count):
        connection.sendall(piece)
        time.sleep(0.1)


def seconds_until_closed(connection: socket.socket) -> float:
    begun = time.monotonic()
    try:
        while connection.recv(4096):
            pass
    except ConnectionResetError:
        pass
    return time.monotonic() - begun


@pytest.mark.parametrize("begun", [b"", HEAD])
def test_header_that_does_not_end_is_given_up(
    serve: Callable[..., socket.socket], begun: bytes
) -> None:
    connection = serve(read_all)
    connection.sendall(begun)
    assert seconds_until_closed(connection) < 5


def test_drip_of_a_header_does_not_prolong_it(serve: Callable[..., socket.socket]) -> None:
    connection = serve(read_all)
    connection.sendall(HEAD)
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        drip(connection, b"X: y\r\n", 50)


def test_drip_of_a_body_is_given_up(serve: Callable[..., socket.socket]) -> None:
    connection = serve(read_all)
    connection.sendall(HEAD + b"\r\n")
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        drip(connection, b"x", 50)


def test_refusal_is_heard_while_the_body_still_comes(
    serve: Callable[..., socket.socket],
) -> None:
    connection = serve(refuse)
    connection.sendall(HEAD + b"\r\n" + b"x" * 50_000)
    assert connection.recv(4096).startswith(b"HTTP/1.1 413")


def test_body_after_a_refusal_is_discarded_only_so_far(
    serve: Callable[..., socket.socket],
) -> None:
    connection = serve(refuse)
    connection.sendall(HEAD + b"\r\n")
    assert connection.recv(4096).startswith(b"HTTP/1.1 413")
    begun = time.monotonic()
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        connection.sendall(b"x" * 20_000_000)
    assert time.monotonic() - begun < 5


def test_next_request_of_a_connection_is_answered(serve: Callable[..., socket.socket]) -> None:
    connection = serve(read_all)
    for _ in range(3):
        connection.sendall(b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
        answer = b""
        while not answer.endswith(b"no"):
            answer += connection.recv(4096)
        # Longer than the patience for a whole request, in the sum.
        time.sleep(0.25)


def test_too_many_requests_at_once_are_told_to_come_later() -> None:
    release = asyncio.Event()
    sent: list[tuple[int, dict[bytes, bytes]]] = []

    async def wait(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await release.wait()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            sent.append((message["status"], dict(message["headers"])))

    async def flood() -> None:
        limited = InFlightLimit(wait, largest=3)
        scope: Scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
        tasks = [asyncio.create_task(limited(scope, receive, send)) for _ in range(5)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        release.set()
        await asyncio.gather(*tasks)
        await limited(scope, receive, send)

    asyncio.run(flood())
    assert [status for status, _ in sent] == [503, 503]
    assert all(b"retry-after" in headers for _, headers in sent)
