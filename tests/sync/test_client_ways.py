"""The ways out: proxies of two kinds, what they learn, and those that hold a connection back."""

import gc
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sync import client
from sync.client import NetworkError
from sync.network import Network
from sync.own_address import own_address
from tests.sync.servers import HOST, Authority, Server, read_head, relay, serve_encrypted

REPORT_ID = bytes(16)
NAMES = ["Accept", "Accept-Encoding", "Content-Length", "Content-Type", "Host", "User-Agent"]
PROOF = "NearMiss-Proof"
FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\n\r\n"
SIGN_IN = (
    b"HTTP/1.1 407 Proxy Authentication Required\r\n"
    b"Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n\r\n"
)


@pytest.fixture
def lookups(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every name that this process asks the system to look up."""
    names: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: str, *arguments: object, **options: object) -> object:
        names.append(host)
        return real(host, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return names


def make_http_proxy(target: int, heads: list[bytes]) -> Callable[[socket.socket], None]:
    """A proxy that leads every CONNECT to the target's port, and keeps what it was told."""

    def serve(connection: socket.socket) -> None:
        heads.append(read_head(connection))
        with socket.create_connection(("127.0.0.1", target)) as onward:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            relay(connection, onward)

    return serve


def make_socks_proxy(
    target: int, asked: list[tuple[int, bytes, int]], reply: int = 0, method: int = 0
) -> Callable[[socket.socket], None]:
    """A SOCKS 5 proxy; keeps kind, host and port of every request."""

    def serve(connection: socket.socket) -> None:
        greeting = connection.recv(2)
        assert connection.recv(greeting[1]) == b"\x00"
        connection.sendall(bytes((5, method)))
        if method:
            return
        _version, _command, _reserved, kind = connection.recv(4)
        host = connection.recv(connection.recv(1)[0])
        (port,) = struct.unpack("!H", connection.recv(2))
        asked.append((kind, host, port))
        connection.sendall(bytes((5, reply, 0, 1)) + bytes(6))
        if not reply:
            with socket.create_connection(("127.0.0.1", target)) as onward:
                relay(connection, onward)

    return serve


def test_an_http_proxy_learns_host_and_port_and_nothing_else(
    authority: Authority, start: Callable[..., Server], tmp_path: Path, lookups: list[str]
) -> None:
    requests: list[bytes] = []
    heads: list[bytes] = []
    service = start(serve_encrypted(authority.serve(tmp_path), requests, []))
    proxy = start(make_http_proxy(service.port, heads))
    network = Network(f"http://127.0.0.1:{proxy.port}", str(authority.bundle))
    assert client.submit(f"https://{HOST}:8443", REPORT_ID, b"x", network).status == 201
    lines = heads[0].split(b"\r\n")
    assert lines[0].split(b" ")[:2] == [b"CONNECT", f"{HOST}:8443".encode()]
    assert {line.split(b":")[0] for line in lines[1:] if line} <= {b"Host"}
    assert HOST not in lookups
    assert _header_names(requests[0]) == NAMES


def _header_names(request: bytes) -> list[str]:
    lines = request.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    return sorted(line.split(":")[0] for line in lines[1:])


def test_each_exchange_through_a_proxy_asks_for_a_way_of_its_own(
    authority: Authority, start: Callable[..., Server], tmp_path: Path
) -> None:
    heads: list[bytes] = []
    service = start(serve_encrypted(authority.serve(tmp_path), [], []))
    proxy = start(make_http_proxy(service.port, heads))
    network = Network(f"http://127.0.0.1:{proxy.port}", str(authority.bundle))
    for _ in range(2):
        client.submit(f"https://{HOST}", REPORT_ID, b"x", network)
    assert len(heads) == 2


@pytest.mark.parametrize(
    ("answer", "words", "hint"),
    [(SIGN_IN, "wants somebody to sign in", "carry out"), (FORBIDDEN, "did not open", "ask IT")],
)
def test_what_a_proxy_refuses_is_said(
    start: Callable[..., Server], answer: bytes, words: str, hint: str
) -> None:
    def serve(connection: socket.socket) -> None:
        read_head(connection)
        connection.sendall(answer)

    proxy = start(serve)
    with pytest.raises(NetworkError, match=words) as caught:
        client.submit(f"https://{HOST}", REPORT_ID, b"x", Network(f"http://127.0.0.1:{proxy.port}"))
    assert hint in caught.value.hint
    assert HOST not in caught.value.sentence()


@pytest.mark.parametrize("scheme", ["http", "socks5h"])
def test_without_its_proxy_nothing_goes_another_way(scheme: str, lookups: list[str]) -> None:
    with pytest.raises(NetworkError):
        client.submit(f"https://{HOST}", REPORT_ID, b"x", Network(f"{scheme}://127.0.0.1:9"))
    assert HOST not in lookups


def test_a_socks_proxy_gets_the_name_and_nobody_else_does(
    authority: Authority, start: Callable[..., Server], tmp_path: Path, lookups: list[str]
) -> None:
    asked: list[tuple[int, bytes, int]] = []
    service = start(serve_encrypted(authority.serve(tmp_path), [], []))
    proxy = start(make_socks_proxy(service.port, asked))
    network = Network(f"socks5h://127.0.0.1:{proxy.port}", str(authority.bundle))
    assert client.submit(f"https://{HOST}", REPORT_ID, b"x" * 65_536, network).status == 201
    assert asked == [(3, HOST.encode(), 443)]
    assert set(lookups) == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("reply", "method", "words"),
    [(2, 0, "rules do not allow"), (99, 0, "did not say why"), (0, 0xFF, "a name and a password")],
)
def test_what_a_socks_proxy_refuses_is_said(
    start: Callable[..., Server], reply: int, method: int, words: str
) -> None:
    proxy = start(make_socks_proxy(0, [], reply, method))
    with pytest.raises(NetworkError, match="did not open") as caught:
        client.submit(
            f"https://{HOST}", REPORT_ID, b"x", Network(f"socks5h://127.0.0.1:{proxy.port}")
        )
    assert words in caught.value.text


def test_a_server_on_this_machine_is_reached_without_the_proxy(
    authority: Authority, start: Callable[..., Server], tmp_path: Path
) -> None:
    service = start(serve_encrypted(authority.serve(tmp_path, "localhost"), [], []))
    network = Network("http://127.0.0.1:9", str(authority.bundle))
    assert (
        client.submit(f"https://localhost:{service.port}", REPORT_ID, b"x", network).status == 201
    )


def test_the_environment_names_no_proxy_and_no_authorization(
    authority: Authority,
    start: Callable[..., Server],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "netrc").write_text("default login officer password secret\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(tmp_path / "none.pem"))
    for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    requests: list[bytes] = []
    service = start(serve_encrypted(authority.serve(tmp_path, "localhost"), requests, []))
    url = f"https://localhost:{service.port}"
    client.submit(
        url, REPORT_ID, b"x", Network("", str(authority.bundle)), authorization="ours", proof="ours"
    )
    assert b"\r\nAuthorization: ours\r\n" in requests[0]
    assert b"\r\nNearMiss-Proof: ours\r\n" in requests[0]
    assert _header_names(requests[0]) == [*NAMES[:2], "Authorization", *NAMES[2:5], PROOF, NAMES[5]]


def test_a_header_that_is_not_listed_cannot_be_sent() -> None:
    with pytest.raises(ValueError, match="does not list"):
        client.ask("PUT", "http://127.0.0.1:9", Network(), {"X-Client-Time": "now"})


def _trickle(text: bytes) -> Callable[[socket.socket], None]:
    """Say the text, then one more letter every now and then, for ever."""

    def serve(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(text)
        while True:
            time.sleep(0.05)
            connection.sendall(b"a")

    return serve


@pytest.mark.parametrize(
    ("said", "proxy"),
    [
        (b"HTTP/1.1 201 Created\r\nX-Slow: ", ""),
        (b"HTTP/1.1 201 Created\r\n\r\n", ""),
        (b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n", ""),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", "http"),
        (b"\x05\x00\x05\x00\x00\x03\xff", "socks5h"),
    ],
    ids=["header", "body", "chunk", "CONNECT", "SOCKS"],
)
def test_whoever_trickles_is_cut_off(
    start: Callable[..., Server], monkeypatch: pytest.MonkeyPatch, said: bytes, proxy: str
) -> None:
    monkeypatch.setattr(client, "_PATIENCE_S", 0.4)
    monkeypatch.setattr(client, "_SLOWEST_BYTES_PER_S", 1_000_000)
    server = start(_trickle(said))
    network = Network(f"{proxy}://127.0.0.1:{server.port}" if proxy else "")
    url = f"https://{HOST}" if proxy else f"http://127.0.0.1:{server.port}"
    began = time.monotonic()
    with pytest.raises(NetworkError, match="too slowly"):
        client.submit(url, REPORT_ID, b"x", network)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("resets", [False, True], ids=["closes", "resets"])
def test_a_proxy_that_goes_away_after_saying_yes_gets_nothing(
    start: Callable[..., Server], *, resets: bool
) -> None:
    def serve(connection: socket.socket) -> None:
        read_head(connection)
        if resets:  # no lingering: what is unread and unsent is dropped, and the peer is told
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        connection.close()

    proxy = start(serve)
    network = Network(f"http://127.0.0.1:{proxy.port}")
    for _ in range(10):
        with pytest.raises(NetworkError):
            client.submit(f"https://{HOST}", REPORT_ID, b"x", network)
    gc.collect()  # a socket that was left open would be told here


def test_own_address_sends_nothing_and_is_an_address_or_nothing() -> None:
    found = own_address()
    assert found == "" or ":" in found or found.count(".") == 3
