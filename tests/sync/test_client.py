"""What the client really sends, read from a raw socket, and what it makes of odd answers."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync import client
from sync.client import HttpFeed, NetworkError
from sync.feed_source import MissingFileError
from sync.network import Network

REPORT_ID = bytes(range(16))
OK = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nSet-Cookie: a=b; Path=/\r\n\r\n{}"


class RawServer:
    """Answers each connection with the next of its answers and keeps what it was sent."""

    def __init__(self, answers: list[bytes]) -> None:
        self.requests: list[bytes] = []
        self._answers = answers
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        for answer in self._answers:
            try:
                connection, _ = self._socket.accept()
            except OSError:  # closed while nobody came
                return
            with connection:
                self.requests.append(_read_request(connection))
                connection.sendall(answer)

    def close(self) -> None:
        with contextlib.suppress(OSError):  # wakes the thread that waits
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


def _read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65_536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


@pytest.fixture
def serve() -> Iterator[Callable[..., RawServer]]:
    servers: list[RawServer] = []

    def start(*answers: bytes) -> RawServer:
        servers.append(RawServer(list(answers)))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def _header_names(request: bytes) -> list[str]:
    head = request.partition(b"\r\n\r\n")[0].decode("ascii")
    return sorted(line.split(":")[0] for line in head.split("\r\n")[1:])


def test_a_submission_carries_exactly_the_listed_headers(
    serve: Callable[..., RawServer],
) -> None:
    server = serve(OK)
    answer = client.submit(server.url, REPORT_ID, b"x" * 100, Network())
    assert (answer.status, answer.body) == (201, b"{}")
    request = server.requests[0]
    assert request.startswith(b"PUT /v1/reports/000102030405060708090a0b0c0d0e0f HTTP/1.1\r\n")
    assert _header_names(request) == [
        "Accept",
        "Accept-Encoding",
        "Content-Length",
        "Content-Type",
        "Host",
        "User-Agent",
    ]
    assert b"User-Agent: NearMiss/1\r\n" in request
    assert b"Accept-Encoding: identity\r\n" in request


def test_a_netrc_file_and_a_proxy_variable_change_nothing(
    serve: Callable[..., RawServer], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login officer password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    server = serve(OK)
    assert client.submit(server.url, REPORT_ID, b"x", Network()).status == 201
    assert "Authorization" not in _header_names(server.requests[0])


def test_no_cookie_comes_back_and_no_connection_is_kept(
    serve: Callable[..., RawServer],
) -> None:
    server = serve(OK, OK)
    client.submit(server.url, REPORT_ID, b"x", Network())
    client.submit(server.url, REPORT_ID, b"x", Network())
    assert len(server.requests) == 2
    assert "Cookie" not in _header_names(server.requests[1])


def test_a_redirect_is_not_followed(serve: Callable[..., RawServer]) -> None:
    elsewhere = serve(OK)
    answer = f"HTTP/1.1 307 Moved\r\nLocation: {elsewhere.url}/\r\nContent-Length: 0\r\n\r\n"
    server = serve(answer.encode())
    with pytest.raises(NetworkError, match="Something else"):
        client.submit(server.url, REPORT_ID, b"x", Network())
    assert elsewhere.requests == []


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\n{}",
        b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"nonsense\r\n\r\n",
    ],
    ids=["nothing", "cut body", "cut chunk", "no HTTP"],
)
def test_a_cut_or_broken_answer_is_no_answer(
    serve: Callable[..., RawServer], answer: bytes
) -> None:
    server = serve(answer)
    with pytest.raises(NetworkError) as caught:
        client.submit(server.url, REPORT_ID, b"x", Network())
    assert "127.0.0.1" not in caught.value.sentence()


def test_an_endless_answer_is_refused(serve: Callable[..., RawServer]) -> None:
    server = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + b"x" * 200_000)
    with pytest.raises(NetworkError, match="far more"):
        client.submit(server.url, REPORT_ID, b"x", Network())


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120), ("999999", 86_400), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-5", None)],
)
def test_retry_after_is_believed_up_to_a_day_and_only_in_seconds(
    serve: Callable[..., RawServer], value: str, seconds: int | None
) -> None:
    server = serve(
        f"HTTP/1.1 503 Later\r\nRetry-After: {value}\r\nContent-Length: 0\r\n\r\n".encode()
    )
    assert client.submit(server.url, REPORT_ID, b"x", Network()).retry_after_s == seconds


def test_no_service_at_all_is_said_without_the_address() -> None:
    with pytest.raises(NetworkError) as caught:
        client.submit("http://127.0.0.1:9", REPORT_ID, b"x", Network())
    assert "cannot be reached" in caught.value.sentence()
    assert "127.0.0.1" not in caught.value.sentence()


def test_the_feed_gives_files_says_what_is_missing_and_stops_at_the_limit(
    serve: Callable[..., RawServer],
) -> None:
    server = serve(
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nabcd",
        b"HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nabcd",
    )
    with HttpFeed(server.url + "/feed", Network()) as feed:
        assert b"".join(feed.read("metadata/timestamp.json", 4)) == b"abcd"
        with pytest.raises(MissingFileError):
            list(feed.read("metadata/2.root.json", 4))
        with pytest.raises(NetworkError, match="far more"):
            list(feed.read("metadata/timestamp.json", 3))
    assert server.requests[0].startswith(b"GET /feed/metadata/timestamp.json HTTP/1.1\r\n")
    assert _header_names(server.requests[0]) == ["Accept", "Accept-Encoding", "Host", "User-Agent"]


def test_a_chunked_answer_is_read_whole(serve: Callable[..., RawServer]) -> None:
    server = serve(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )
    assert client.submit(server.url, REPORT_ID, b"x", Network()).body == b"abcde"


def test_an_absurd_length_is_no_answer(serve: Callable[..., RawServer]) -> None:
    length = b"9" * 5_000
    server = serve(b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\nabc")
    with pytest.raises(NetworkError):
        client.submit(server.url, REPORT_ID, b"x", Network())
