import asyncio
import contextlib
import secrets
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send
from uvicorn import Config, Server

from service import limits
from service.limits import InFlightLimit, PatientProtocol
from sync.protocol.seal import MEDIA_TYPE
from tests.service.running import RunningService, make_body

HEAD = b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n"


class _Hasty(PatientProtocol):
    header_s = 0.3
    request_s = 0.6
    answer_s = 0.9
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


async def send_without_end(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Goes on sending for as long as somebody takes it."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(100_000):
        await send({"type": "http.response.body", "body": bytes(65_536), "more_body": True})


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


def test_slow_reader_is_given_up(serve: Callable[..., socket.socket]) -> None:
    connection = serve(send_without_end)
    connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    for _ in range(15):
        connection.recv(1_024)
        time.sleep(0.1)
    received = 0
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65_536):
            # What was on its way still comes, and then no more.
            received += len(piece)
            assert received < 100_000_000


def test_connections_over_the_limit_are_closed_at_once(
    serve: Callable[..., socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_CONNECTIONS", 3)
    first = serve(read_all)
    others = [socket.create_connection(first.getpeername(), timeout=10) for _ in range(4)]
    assert [seconds_until_closed(each) < 0.25 for each in others[2:]] == [True, True]
    first.sendall(b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx")
    assert first.recv(4096).startswith(b"HTTP/1.1 413")
    for each in others:
        each.close()


def test_those_who_fetch_the_feed_keep_no_report_out() -> None:
    release = asyncio.Event()
    statuses: list[tuple[str, int]] = []

    async def wait(scope: Scope, _receive: Receive, _send: Send) -> None:
        if scope["path"] == "/feed/targets/a":
            await release.wait()
        statuses.append((scope["path"], 200))

    async def ask(limited: InFlightLimit, path: str) -> None:
        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append((path, message["status"]))

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        scope: Scope = {"type": "http", "method": "GET", "path": path, "headers": []}
        await limited(scope, receive, send)

    async def flood() -> None:
        limited = InFlightLimit(wait, largest=1, largest_feed=2)
        readers = [asyncio.create_task(ask(limited, "/feed/targets/a")) for _ in range(3)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await ask(limited, "/v1/reports/0")
        release.set()
        await asyncio.gather(*readers)

    asyncio.run(flood())
    feed = "/feed/targets/a"
    assert statuses == [(feed, 503), ("/v1/reports/0", 200), (feed, 200), (feed, 200)]


def test_clients_that_go_away_leave_no_word(
    service_folder: Path, start: Callable[..., RunningService]
) -> None:
    running = start(service_folder, "--accept-unverified")
    place = ("127.0.0.1", int(running.address.rpartition(":")[2]))
    (service_folder / "feed" / "targets").mkdir()
    (service_folder / "feed" / "targets" / "large").write_bytes(bytes(8_000_000))
    requests = [
        b"PUT /v1/reports/%b HTTP/1.1\r\nHost: x\r\nContent-Type: %b\r\n"
        b"Content-Length: 65536\r\n\r\n%b" % (b"a" * 32, MEDIA_TYPE.encode(), make_body()),
        b"GET /feed/targets/large HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /v1/desk/nonce HTTP/1.1\r\nHost: x\r\n\r\n" * 3,
        b"no HTTP at all\r\n\r\n",
    ]
    for request in requests:
        for length in sorted({0, 1, 40, len(request) // 2, len(request) - 1, len(request)}):
            for waits in (False, True):
                connection = socket.create_connection(place, timeout=10)
                # Closing resets the connection, as a network that breaks does.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.sendall(request[:length])
                if waits and length == len(request):
                    connection.recv(100)
                connection.close()
    assert running.put(secrets.token_hex(16), make_body()).status == 201
    assert running.stop() == 0
    assert running.stderr_file.read_text() == ""


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
