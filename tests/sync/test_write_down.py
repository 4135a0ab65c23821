"""What is shown before it leaves is, to the byte, what then leaves."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from sync import client
from sync.client import HttpFeed, write_down
from sync.http_request import HttpRequest, submission, withdrawal
from sync.network import Network
from tests.sync.servers import OK, Authority, Server, read_request, serve_encrypted

REPORT_ID = bytes(range(16))
BODY = bytes(range(256)) * 256
TOKEN = {"authorization": 'PrivateToken token="abc"', "proof": "00ff"}
SENT = {
    "report": submission("{}", REPORT_ID, BODY),
    "verified report": submission("{}", REPORT_ID, BODY, TOKEN["authorization"], TOKEN["proof"]),
    "withdrawal": withdrawal("{}", REPORT_ID, bytes(66_192)),
}
each_kind = pytest.mark.parametrize("kind", SENT.values(), ids=SENT)


def _at(url: str, request: HttpRequest) -> HttpRequest:
    return HttpRequest(request.method, request.url.format(url), request.headers, request.body)


def _ask(request: HttpRequest, network: Network) -> None:
    client.ask(request.method, request.url, network, request.headers, request.body)


@each_kind
def test_over_tls_the_bytes_inside_are_the_same(
    kind: HttpRequest, authority: Authority, start: Callable[..., Server], tmp_path: Path
) -> None:
    received: list[bytes] = []
    server = start(serve_encrypted(authority.serve(tmp_path, "localhost"), received, []))
    request = _at(f"https://localhost:{server.port}", kind)
    network = Network("", str(authority.bundle))
    written = write_down(request, network)
    _ask(request, network)
    assert received == [written]


@each_kind
def test_without_tls_the_bytes_are_the_same(
    kind: HttpRequest, start: Callable[..., Server]
) -> None:
    received: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        received.append(read_request(connection))
        connection.sendall(OK)

    request = _at(f"http://127.0.0.1:{start(serve).port}", kind)
    written = write_down(request, Network())
    _ask(request, Network())
    assert received == [written]


def test_a_report_is_sent_as_submit_sends_it(start: Callable[..., Server]) -> None:
    received: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        received.append(read_request(connection))
        connection.sendall(OK)

    url = f"http://127.0.0.1:{start(serve).port}"
    client.submit(url, REPORT_ID, BODY, Network(), **TOKEN)
    assert received == [write_down(submission(url, REPORT_ID, BODY, **TOKEN), Network())]


def test_a_file_of_the_feed_is_asked_for_as_written_down(start: Callable[..., Server]) -> None:
    received: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        received.append(read_request(connection))
        connection.sendall(OK.replace(b"201 Created", b"200 OK"))

    url = f"http://127.0.0.1:{start(serve).port}/feed"
    with HttpFeed(url, Network()) as feed:
        b"".join(feed.read("metadata/timestamp.json", 100))
    request = HttpRequest("GET", f"{url}/metadata/timestamp.json", {})
    assert received == [write_down(request, Network())]


@pytest.mark.parametrize("proxy", ["", "http://proxy.example:3128", "socks5h://proxy.example:9050"])
@pytest.mark.parametrize("url", ["http://service.example", "https://service.example"])
def test_writing_down_opens_no_socket_and_asks_for_no_name(
    url: str, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("something was opened or looked up")

    for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    written = write_down(submission(url, REPORT_ID, BODY), Network(proxy))
    assert written.startswith(b"PUT /v1/reports/000102")
    assert written.endswith(BODY)


def test_a_header_that_is_not_listed_is_not_written_down_either() -> None:
    with pytest.raises(ValueError, match="does not list"):
        write_down(HttpRequest("GET", "https://service.example", {"Cookie": "a=b"}), Network())
