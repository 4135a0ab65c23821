"""The shipped nginx configuration before a real service, and before one that writes down all."""

import secrets
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from service.months import this_month
from sync.protocol.desk_request import HEADER, prove
from sync.protocol.keys import SigningKey
from sync.protocol.withdrawal import MEDIA_TYPE as WITHDRAWAL_TYPE
from sync.protocol.withdrawal import withdraw
from tests.service.front import NAME, Front, running_front, running_relay
from tests.service.running import SEALED, Desk, RunningService, make_body, stored

CANARY = "canary-51c0ffee"
# All of 127/8 is this machine, so a client can have an address that stands nowhere else.
CLIENT = "127.77.53.9"
WRITTEN = "127.0.0.1:8700"
IDENTIFYING = {
    "User-Agent": f"{CANARY}/1.0",
    "X-Forwarded-For": f"203.0.113.77, {CANARY}",
    "Forwarded": f"for={CANARY}",
    "X-Real-IP": "203.0.113.77",
    "X-Request-Id": CANARY,
    "Via": CANARY,
    "Cookie": f"name={CANARY}",
    "Referer": f"https://{CANARY}/",
    "Origin": f"https://{CANARY}",
    "Accept-Language": CANARY,
    "Traceparent": CANARY,
}
SLOW_CONNECTIONS = 1_000
SLOW_HEADERS = 150


@dataclass
class Witness:
    """In place of a service: keeps what arrives, and answers 201."""

    port: int
    requests: list[bytes] = field(default_factory=list)


@pytest.fixture
def witness() -> Iterator[Witness]:
    listener = socket.create_server(("127.0.0.1", 0))
    found = Witness(listener.getsockname()[1])

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                received = b""
                while b"\r\n\r\n" not in received:
                    received += connection.recv(65_536)
                found.requests.append(received.partition(b"\r\n\r\n")[0])
                connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield found
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


@pytest.fixture
def front(tmp_path: Path, witness: Witness) -> Iterator[Front]:
    folder = tmp_path / "front"
    folder.mkdir()
    with running_front(folder, {WRITTEN: f"127.0.0.1:{witness.port}"}) as found:
        yield found


@pytest.fixture
def behind_front(
    service_folder: Path, tmp_path: Path, start: Callable[..., RunningService]
) -> Iterator[tuple[RunningService, Front]]:
    running = start(service_folder, "--accept-unverified")
    folder = tmp_path / "front"
    folder.mkdir()
    services = {WRITTEN: running.address.removeprefix("http://")}
    with running_front(folder, services, client_header_timeout="2s") as found:
        yield running, found


def written(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def open_files(front: Front) -> set[Path]:
    """The files that nginx and its workers hold open."""
    numbers = [str(front.process.pid)]
    children = Path(f"/proc/{numbers[0]}/task/{numbers[0]}/children")
    numbers += children.read_text().split()
    links = [link.readlink() for number in numbers for link in Path(f"/proc/{number}/fd").iterdir()]
    return {path for path in links if path.is_file()}


def test_service_gets_these_headers_and_no_others(front: Front, witness: Witness) -> None:
    needed = {
        "Content-Type": "text/plain",
        "Authorization": "PrivateToken token=x",
        "NearMiss-Proof": "proof",
        "NearMiss-Desk": "desk",
    }
    path = f"/v1/reports/{'0' * 32}"
    assert front.ask("PUT", path, b"body", IDENTIFYING | needed, CLIENT).status == 204
    assert front.ask("GET", "/v1/desk/feed/a%2Fb", None, IDENTIFYING, CLIENT).status == 204
    put, get = (each.decode().split("\r\n") for each in witness.requests)
    assert put[0] == f"PUT {path} HTTP/1.1"
    assert sorted(put[1:]) == sorted(
        [f"{name}: {value}" for name, value in needed.items()]
        + ["Host: nearmiss", "Content-Length: 4"]
    )
    # As it was written, since a desk signs it.
    assert get == ["GET /v1/desk/feed/a%2Fb HTTP/1.1", "Host: nearmiss"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/", b"", 404),
        ("/v1/other", b"", 404),
        (f"/v1/reports/{'0' * 32}?{CANARY}", b"", 404),
        (f"/v1/reports/{'0' * 32}", bytes(66 * 1024 + 1), 413),
    ],
)
def test_what_is_refused_here_never_reaches_the_service(
    front: Front, witness: Witness, path: str, body: bytes, status: int
) -> None:
    assert front.ask("PUT", path, body).status == status
    assert witness.requests == []


def test_service_that_is_away_means_later(tmp_path: Path) -> None:
    (tmp_path / "front").mkdir()
    # A port of this machine on which nobody answers.
    with running_front(tmp_path / "front", {WRITTEN: "127.0.0.1:9"}) as front:
        answer = front.ask("PUT", f"/v1/reports/{'0' * 32}", make_body(), SEALED)
    assert answer.status == 503
    assert int(answer.headers["retry-after"]) > 0


def test_no_session_is_resumed_and_old_protocols_are_refused(front: Front) -> None:
    def shake(context: ssl.SSLContext, session: ssl.SSLSession | None) -> ssl.SSLSession | None:
        with (
            socket.create_connection(("127.0.0.1", front.port), timeout=10) as plain,
            context.wrap_socket(plain, server_hostname=NAME, session=session) as secure,
        ):
            secure.sendall(f"GET / HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n".encode())
            while secure.recv(4096):
                pass
            assert not secure.session_reused
            return secure.session

    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        front.trust.minimum_version = front.trust.maximum_version = version
        shake(front.trust, shake(front.trust, None))
    old = ssl.create_default_context()
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.check_hostname = False
    old.verify_mode = ssl.CERT_NONE
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError):
        shake(old, None)


def test_neither_address_nor_user_agent_lands_anywhere(
    behind_front: tuple[RunningService, Front],
) -> None:
    running, front = behind_front
    desk = Desk(running)
    desk.register()
    folders = [front.folder / "body", front.folder / "proxy"]
    before = [folder.stat().st_mtime_ns for folder in folders]
    accepted, refused = secrets.token_hex(16), secrets.token_hex(16)
    headers = SEALED | IDENTIFYING
    assert front.ask("PUT", f"/v1/reports/{accepted}", make_body(), headers, CLIENT).status == 201
    assert front.ask("PUT", f"/v1/reports/{accepted}", make_body(), headers, CLIENT).status == 409
    path = f"/v1/reports/{refused}"
    assert front.ask("PUT", path, make_body()[1:], headers, CLIENT).status == 400
    assert front.ask("PUT", path, make_body() + b"x", headers, CLIENT).status == 413
    asked = withdraw(SigningKey.generate(), running.card.tenant, bytes.fromhex(refused))
    headers_too = headers | {"Content-Type": WITHDRAWAL_TYPE}
    assert front.ask("DELETE", path, asked.to_bytes(), headers_too, CLIENT).status == 404
    assert front.ask("GET", f"/{CANARY}", None, headers, CLIENT).status == 404
    assert front.ask("GET", "/v1/desk/reports", None, headers, CLIENT).status == 401
    assert front.ask("GET", f"/feed/targets/{CANARY}", None, headers, CLIENT).status == 404
    for garbage in (f"{CANARY}\r\n\r\n".encode(), b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n"):
        # Plain text to a port that speaks TLS, and a request that is none.
        with socket.create_connection(("127.0.0.1", front.port), 10, (CLIENT, 0)) as plain:
            plain.sendall(garbage)
            plain.recv(4096)
    running.kill()
    # The service is away, which nginx would tell with the client's address.
    assert front.ask("PUT", path, make_body(), headers, CLIENT).status == 503
    assert open_files(front) <= {front.folder / "output"}
    front.process.terminate()
    front.process.wait(20)
    files = written(running.folder.parent) | written(front.folder)
    assert any(name.endswith("output") for name in files)
    for name, content in files.items():
        for trace in (CANARY, CLIENT, "203.0.113.77", refused, accepted):
            assert trace.encode() not in content, name
        assert socket.inet_aton(CLIENT) not in content, name
    assert [folder.stat().st_mtime_ns for folder in folders] == before
    assert {path.name for path in front.folder.rglob("*") if path.is_file()} <= {
        *("nginx.conf", "output", "fullchain.pem", "privkey.pem"),
    }
    assert (front.folder / "output").read_bytes() == b""


def test_feed_file_of_a_desk_passes_through_and_back(
    behind_front: tuple[RunningService, Front],
) -> None:
    running, front = behind_front
    desk = Desk(running)
    desk.register()
    content = secrets.token_bytes(3_000_000)
    path = "/v1/desk/feed/targets/large"
    proof = prove(desk.key, desk.public, "PUT", path, content, desk.nonce())
    assert front.ask("PUT", path, content, {HEADER: proof.to_header()}).status == 204
    answer = front.ask("GET", "/feed/targets/large")
    assert (answer.status, answer.body) == (200, content)


class Slow:
    """Many clients that never finish: some their header, some not even their handshake."""

    def __init__(self, front: Front) -> None:
        self.sockets: list[socket.socket] = []
        for _ in range(SLOW_CONNECTIONS):
            plain = socket.create_connection(("127.0.0.1", front.port), 30)
            plain.sendall(b"\x16\x03")
            self.sockets.append(plain)
        for _ in range(SLOW_HEADERS):
            plain = socket.create_connection(("127.0.0.1", front.port), 30)
            secure = front.trust.wrap_socket(plain, server_hostname=NAME)
            secure.sendall(b"PUT /v1/reports/0 HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            self.sockets.append(secure)

    def drip(self) -> int:
        """One more byte each. Returns how many are still connected."""
        left = 0
        for each in self.sockets:
            try:
                each.sendall(b"x")
                left += 1
            except OSError:
                continue
        return left

    def close(self) -> None:
        for each in self.sockets:
            each.close()


def test_slow_header_senders_do_not_stop_a_normal_upload(
    behind_front: tuple[RunningService, Front],
) -> None:
    running, front = behind_front
    with closing(Slow(front)) as slow:
        assert slow.drip() > SLOW_HEADERS
        for _ in range(5):
            begun = time.monotonic()
            name = secrets.token_hex(16)
            assert front.ask("PUT", f"/v1/reports/{name}", make_body(), SEALED).status == 201
            assert time.monotonic() - begun < 2
            slow.drip()
        deadline = time.monotonic() + 20
        # However often they send a byte, their time is over.
        while slow.drip() and time.monotonic() < deadline:
            time.sleep(0.2)
        assert slow.drip() == 0
    assert len(stored(running.folder)) == 5
    assert {month for _, month, _ in stored(running.folder).values()} == {this_month()}


def test_relay_passes_on_what_it_cannot_read(
    behind_front: tuple[RunningService, Front], tmp_path: Path
) -> None:
    running, front = behind_front
    folder = tmp_path / "relay"
    folder.mkdir()
    with running_relay(folder, front) as relay:
        for _ in range(3):
            path = f"/v1/reports/{secrets.token_hex(16)}"
            headers = SEALED | IDENTIFYING
            assert relay.ask("PUT", path, make_body(), headers, CLIENT).status == 201
    assert len(stored(running.folder)) == 3
    for name, content in written(folder).items():
        assert CLIENT.encode() not in content, name
    assert {path.name for path in folder.rglob("*") if path.is_file()} == {"nginx.conf", "output"}
    assert (folder / "output").read_bytes() == b""
