"""Every request that a client can make: its exact header lines, and the traps of its library.

What a request may carry is written in protocol.md; everything here is read from a raw socket.
"""

import contextlib
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from sync import client
from sync.client import HttpFeed, NetworkError
from sync.desk.service import ask_as_desk
from sync.network import Network
from sync.protocol import enrolment, token_batch
from sync.protocol.seal import BODY_LENGTH, MEDIA_TYPE
from sync.protocol.withdrawal import LENGTH as WITHDRAWAL_LENGTH
from sync.protocol.withdrawal import MEDIA_TYPE as WITHDRAWAL_TYPE
from tests.sync.servers import OK, Authority, Server, read_request, serve_encrypted

REPORT_ID = bytes(range(16))
PATH = f"/v1/reports/{REPORT_ID.hex()}"
SEALED = bytes(BODY_LENGTH)
FEED_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd"
COOKIE = b"Set-Cookie: canary=yes; Path=/; Max-Age=99999\r\n"
Say = Callable[[str, Network], object]


@dataclass(frozen=True, slots=True)
class Kind:
    """first: the first line. more: the headers that not every request has, with their values."""

    say: Say
    first: str
    more: Mapping[str, str]

    def lines(self, host: str) -> list[str]:
        """The whole head, in an order that is the same for all."""
        common = {
            "Host": host,
            "User-Agent": "NearMiss/1",
            "Accept": "*/*",
            "Accept-Encoding": "identity",
        }
        pairs = {**common, **self.more}
        return [f"{self.first} HTTP/1.1", *sorted(f"{name}: {pairs[name]}" for name in pairs)]


def _read_feed(url: str, network: Network) -> None:
    with HttpFeed(url + "/feed", network) as feed:
        list(feed.read("metadata/timestamp.json", 4))


def _ask(method: str, path: str, media_type: str, length: int) -> Say:
    headers = {"Content-Type": media_type}
    return lambda url, network: client.ask(method, url + path, network, headers, bytes(length))


def _length(body: int, media_type: str) -> dict[str, str]:
    return {"Content-Length": str(body), "Content-Type": media_type}


KINDS = {
    "unverified report": Kind(
        lambda url, network: client.submit(url, REPORT_ID, SEALED, network),
        f"PUT {PATH}",
        _length(BODY_LENGTH, MEDIA_TYPE),
    ),
    "report": Kind(
        lambda url, network: client.submit(
            url, REPORT_ID, SEALED, network, authorization="PrivateToken token=a", proof="p"
        ),
        f"PUT {PATH}",
        {
            **_length(BODY_LENGTH, MEDIA_TYPE),
            "Authorization": "PrivateToken token=a",
            "NearMiss-Proof": "p",
        },
    ),
    "withdrawal": Kind(
        _ask("DELETE", PATH, WITHDRAWAL_TYPE, WITHDRAWAL_LENGTH),
        f"DELETE {PATH}",
        _length(WITHDRAWAL_LENGTH, WITHDRAWAL_TYPE),
    ),
    "enrolment": Kind(
        _ask("POST", enrolment.PATH, enrolment.MEDIA_TYPE, 124),
        f"POST {enrolment.PATH}",
        _length(124, enrolment.MEDIA_TYPE),
    ),
    "tokens": Kind(
        _ask("POST", token_batch.PATH, token_batch.REQUEST_MEDIA_TYPE, token_batch.BATCH_LENGTH),
        f"POST {token_batch.PATH}",
        _length(token_batch.BATCH_LENGTH, token_batch.REQUEST_MEDIA_TYPE),
    ),
    "feed": Kind(_read_feed, "GET /feed/metadata/timestamp.json", {}),
    "desk asks": Kind(
        lambda url, network: ask_as_desk(url, "GET", "/v1/desk/reports", b"", "d", 100, network),
        "GET /v1/desk/reports",
        {"NearMiss-Desk": "d"},
    ),
    "desk says": Kind(
        lambda url, network: ask_as_desk(url, "POST", "/v1/desk/confirm", b"x", "d", 100, network),
        "POST /v1/desk/confirm",
        {**_length(1, "application/octet-stream"), "NearMiss-Desk": "d"},
    ),
}
each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def _answer(kind: Kind) -> bytes:
    return FEED_OK if "/feed/" in kind.first else OK


def _serving(answer: bytes, seen: list[bytes]) -> Callable[[socket.socket], None]:
    def serve(connection: socket.socket) -> None:
        seen.append(read_request(connection))
        connection.sendall(answer)

    return serve


def _lines(request: bytes) -> list[str]:
    first, *rest = request.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    return [first, *sorted(rest)]


@each_kind
def test_the_header_lines_are_exactly_these_whatever_lies_about(
    kind: Kind,
    start: Callable[..., Server],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    netrc = "default login officer password canary\n"
    for name in (".netrc", "_netrc"):
        (tmp_path / name).write_text(netrc)
        (tmp_path / name).chmod(0o600)
    for name, value in {
        "HOME": str(tmp_path),
        "USERPROFILE": str(tmp_path),
        "NETRC": str(tmp_path / ".netrc"),
        "USER": "canary",
        "LOGNAME": "canary",
        "HOSTNAME": "canary",
        "no_proxy": "",
        **{f"{kind}_proxy": "http://canary:canary@127.0.0.1:9" for kind in ("http", "all")},
        **{f"{kind}_PROXY": "http://canary:canary@127.0.0.1:9" for kind in ("HTTP", "ALL")},
    }.items():
        monkeypatch.setenv(name, value)
    seen: list[bytes] = []
    server = start(_serving(_answer(kind), seen))
    kind.say(f"http://127.0.0.1:{server.port}", Network())
    (request,) = seen
    assert _lines(request) == kind.lines(f"127.0.0.1:{server.port}")


@each_kind
def test_a_cookie_never_comes_back_and_each_request_has_a_connection_of_its_own(
    kind: Kind, start: Callable[..., Server]
) -> None:
    seen: list[bytes] = []
    answer = _answer(kind).replace(b"\r\n", b"\r\n" + COOKIE, 1)
    server = start(_serving(answer, seen))
    for _ in range(2):
        kind.say(f"http://127.0.0.1:{server.port}", Network())
    assert len(seen) == 2
    assert _lines(seen[0]) == _lines(seen[1]) == kind.lines(f"127.0.0.1:{server.port}")


@each_kind
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(kind: Kind, status: int, start: Callable[..., Server]) -> None:
    elsewhere: list[bytes] = []
    other = start(_serving(_answer(kind), elsewhere))
    lines = (
        f"HTTP/1.1 {status} Moved",
        f"Location: http://127.0.0.1:{other.port}/canary",
        "Refresh: 0; url=/canary",
        "Content-Length: 0",
    )
    seen: list[bytes] = []
    server = start(_serving("\r\n".join([*lines, "", ""]).encode(), seen))
    with pytest.raises(NetworkError):
        kind.say(f"http://127.0.0.1:{server.port}", Network())
    assert (len(seen), elsewhere) == (1, [])


@each_kind
def test_a_server_that_hands_out_tickets_sees_no_session_again(
    kind: Kind, start: Callable[..., Server], authority: Authority, tmp_path: Path
) -> None:
    context = authority.serve(tmp_path, "localhost")
    context.num_tickets = 4
    resumed: list[bool] = []
    server = start(serve_encrypted(context, [], resumed, _answer(kind)))
    for _ in range(3):
        kind.say(f"https://localhost:{server.port}", Network("", str(authority.bundle)))
    assert resumed == [False] * 3
    assert context.session_stats()["hits"] == 0


@each_kind
def test_a_server_that_asks_for_a_name_or_a_certificate_gets_neither(
    kind: Kind, start: Callable[..., Server]
) -> None:
    seen: list[bytes] = []
    asks = b'WWW-Authenticate: Basic realm="canary"\r\nWWW-Authenticate: NTLM\r\n'
    server = start(_serving(b"HTTP/1.1 401 No\r\n" + asks + b"Content-Length: 2\r\n\r\n{}", seen))
    with contextlib.suppress(NetworkError):  # no answer of a feed; an answer for the others
        kind.say(f"http://127.0.0.1:{server.port}", Network())
    assert [_lines(each) for each in seen] == [kind.lines(f"127.0.0.1:{server.port}")]


def test_a_report_and_its_withdrawal_are_the_only_requests_that_name_one() -> None:
    naming = [name for name, kind in KINDS.items() if re.search("[0-9a-f]{32}", kind.first)]
    assert naming == ["unverified report", "report", "withdrawal"]
