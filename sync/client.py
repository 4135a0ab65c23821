"""The only module that opens a connection.

What `requests` does by default would give the officer away: it reads `~/.netrc` and the
environment's proxies, keeps cookies, follows redirects and names its own version. So every
exchange has a session of its own that does none of this, with the system's certificates,
and sends exactly the headers that the protocol lists (protocol.md, "When, and on which
connection").
"""

import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from traceback import walk_tb
from typing import Any
from urllib.parse import quote, urlsplit

import requests
import truststore
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from app.errors import InputError
from sync.feed_source import MissingFileError
from sync.http_request import HttpRequest, submission
from sync.network import Network, read_bundle
from sync.network_errors import (
    NetworkError,
    explain_failure,
    say_strange,
    say_too_much,
    say_too_slow,
)
from sync.paper import Paper, WrittenDownError
from sync.protocol.desk_request import HEADER as DESK_HEADER
from sync.protocol.token import HEADER as TOKEN_HEADER
from sync.protocol.token_proof import HEADER as PROOF_HEADER
from sync.public_roots import find_private_issuer
from sync.schedule import LONGEST_RETRY_AFTER_S
from sync.socks import ask_for_connection
from sync.watch import Watch

__all__ = ["HttpAnswer", "HttpFeed", "NetworkError", "ask", "submit", "write_down"]

USER_AGENT = "NearMiss/1"
_TIMEOUT_S = (10, 60)
_CHUNK = 64 * 1024
# An exchange that trickles must not hold a place for days.
_PATIENCE_S = 60
_SLOWEST_BYTES_PER_S = 1_024
_ANSWER_LIMIT = 64 * 1024
# What a request may carry besides the four that each one has (protocol.md, "Headers").
_OTHER_HEADERS = frozenset({"Content-Type", TOKEN_HEADER, PROOF_HEADER, DESK_HEADER})


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """status: of HTTP. body: at most what was asked for. retry_after_s: believed to 24 h."""

    status: int
    body: bytes
    retry_after_s: int | None


def submit(
    service_url: str,
    report_id: bytes,
    body: bytes,
    network: Network,
    *,
    authorization: str | None = None,
    proof: str | None = None,
) -> HttpAnswer:
    """Send one sealed body. authorization, proof: values of the two headers of a token.

    Raises NetworkError when no whole answer came.
    """
    request = submission(service_url, report_id, body, authorization, proof)
    return ask(request.method, request.url, network, request.headers, request.body)


def ask(
    method: str,
    url: str,
    network: Network,
    headers: Mapping[str, str],
    body: bytes = b"",
    limit: int = _ANSWER_LIMIT,
) -> HttpAnswer:
    """One request and its answer of at most `limit` bytes, over a connection of its own.

    headers: besides those that every request has. Raises NetworkError when no whole answer
    came, ValueError for a header that the protocol does not list.
    """
    request = requests.Request(method, url, headers=_headers(headers), data=body or None)
    watch = Watch()
    with (
        _translated(watch),
        _Line(url, network, watch) as line,
        watch.within(_PATIENCE_S + (len(body) + limit) / _SLOWEST_BYTES_PER_S),
        line.send(request) as response,
    ):
        if 300 <= response.status_code < 400:
            raise say_strange(response.status_code)
        content = b"".join(_pieces(response, limit, watch))
        retry_after = response.headers.get("Retry-After", "")
        return HttpAnswer(response.status_code, content, _read_retry_after(retry_after))


def write_down(request: HttpRequest, network: Network) -> bytes:
    """The bytes that `ask` would send for it, inside of TLS. Nothing is sent, nobody is asked.

    Raises as `ask` for a header that is not listed and for a bundle that cannot be used.
    """
    paper = Paper()
    asked = requests.Request(
        request.method, request.url, headers=_headers(request.headers), data=request.body or None
    )
    with _Line(request.url, network, Watch(), paper) as line, suppress(WrittenDownError):
        line.send(asked).close()
    return bytes(paper.written)


class HttpFeed:
    """The feed on a web server, for one update: one session, closed at the end."""

    def __init__(self, feed_url: str, network: Network) -> None:
        self._url = feed_url
        self._network = network
        self._watch = Watch()
        self._line: _Line | None = None

    def __enter__(self) -> "HttpFeed":
        return self

    def __exit__(self, *_reason: object) -> None:
        if self._line is not None:
            self._line.close()

    @property
    def private_issuer(self) -> str:
        """The authority behind the server's certificate, empty for a public one and for none."""
        return "" if self._line is None else self._line.private_issuer

    def read(self, path: str, limit: int) -> Iterator[bytes]:
        """The file in pieces.

        Raises MissingFileError for one that is not there, NetworkError for a broken
        connection, a strange answer, or more than `limit` bytes.
        """
        request = requests.Request("GET", f"{self._url}/{quote(path)}", headers=_headers({}))
        with _translated(self._watch), self._watch.within(_PATIENCE_S):
            if self._line is None:
                self._line = _Line(self._url, self._network, self._watch)
            with self._line.send(request) as response:
                if response.status_code in {403, 404}:
                    raise MissingFileError(path)
                if response.status_code != 200:
                    raise say_strange(response.status_code)
                yield from _pieces(response, limit, self._watch)


@contextmanager
def _translated(watch: Watch) -> Iterator[None]:
    """Turns the library's failures into NetworkError, without the address they name."""
    try:
        yield
    except (requests.RequestException, HTTPError, OSError) as error:
        raise explain_failure(error, is_too_slow=watch.has_cut) from None


class _Line:
    """One session with one server; private_issuer: see `HttpFeed`."""

    def __init__(
        self, url: str, network: Network, watch: Watch, paper: Paper | None = None
    ) -> None:
        self.private_issuer = ""
        self.watch = watch
        self.paper = paper
        proxy = network.proxy_for(url)
        self.socks = urlsplit(proxy) if proxy.startswith("socks5h:") else None
        self._is_known = False
        self._session = session = requests.Session()
        session.trust_env = False
        session.headers.clear()
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        if proxy and self.socks is None:
            session.proxies = {"https": proxy}
        adapter = _Adapter(self, _make_context(network))
        session.mount("https://", adapter)
        session.mount("http://", adapter)

    def __enter__(self) -> "_Line":
        return self

    def __exit__(self, *_reason: object) -> None:
        self.close()

    def close(self) -> None:
        """Close what is still connected."""
        self._session.close()

    def send(self, request: requests.Request) -> requests.Response:
        """The answer, of which the body is not read yet."""
        prepared = self._session.prepare_request(request)
        return self._session.send(prepared, stream=True, timeout=_TIMEOUT_S, allow_redirects=False)

    def note_chain(self, encrypted: ssl.SSLSocket, host: str) -> None:
        """Remember who vouches for the other side, once."""
        if not self._is_known:
            self._is_known = True
            self.private_issuer = find_private_issuer(
                _read_chain(encrypted), host, datetime.now(UTC)
            )


def _make_context(network: Network) -> ssl.SSLContext:
    """The system's authorities and those of the bundle; nothing of an earlier session."""
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_TICKET
    if network.ca_bundle:
        try:
            context.load_verify_locations(cadata=read_bundle(network.ca_bundle))
        except InputError as error:  # what waits has to be told that nothing was sent
            raise NetworkError(error.title, error.text, error.hint) from error
    return context


class _Watched(HTTPConnection):
    """A connection whose sockets are cut when the time is over, over SOCKS if so wished."""

    def __init__(self, line: _Line, *arguments: Any, **options: Any) -> None:
        self._line = line
        super().__init__(*arguments, **options)

    def connect(self) -> None:
        """Connect, or take a sheet of paper."""
        if self._line.paper is None:
            super().connect()
        else:
            self.sock: Any = self._line.paper
            self.is_verified = True

    def _new_conn(self) -> socket.socket:
        socks = self._line.socks
        if socks is None:
            opened = super()._new_conn()
            self._line.watch.follow(opened)
            return opened
        proxy = (str(socks.hostname), int(socks.port or 0))
        opened = socket.create_connection(proxy, _TIMEOUT_S[0])
        try:
            self._line.watch.follow(opened)
            ask_for_connection(opened, self.host.strip("[]"), int(self.port))
        except BaseException:
            opened.close()
            raise
        return opened


class _Secured(_Watched, HTTPSConnection):
    """The same with TLS."""

    def connect(self) -> None:
        """Connect, and note who vouches for the other side."""
        try:
            super().connect()
        except Exception as error:
            _close_forgotten(error)
            raise
        encrypted: Any = self.sock
        if encrypted is self._line.paper:
            return
        if not isinstance(encrypted, ssl.SSLSocket) or encrypted.version() is None:
            # Python gives an unencrypted socket where the other side was gone before the first
            # word (ssl.SSLSocket._create).
            encrypted.close()
            raise ConnectionError("gone before the handshake")
        self._line.watch.follow(encrypted)
        self._line.note_chain(encrypted, self._tunnel_host or self.host)


def _close_forgotten(error: Exception) -> None:
    """Close the socket that Python leaves open where the other side resets before TLS begins
    (ssl.SSLSocket._create); nothing but the failure's own traces knows it.
    """
    for frame, _line in walk_tb(error.__traceback__):
        opened = frame.f_locals.get("self")
        if isinstance(opened, ssl.SSLSocket):
            opened.close()


class _WatchedPool(HTTPConnectionPool):
    def __init__(self, line: _Line, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.ConnectionCls: Any = partial(_Watched, line)


class _SecuredPool(HTTPSConnectionPool):
    def __init__(self, line: _Line, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.ConnectionCls: Any = partial(_Secured, line)


class _Adapter(HTTPAdapter):
    """Checks certificates against the given context, and against nothing else."""

    def __init__(self, line: _Line, context: ssl.SSLContext) -> None:
        self._line = line
        self._context = context
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Connections without a proxy, or over SOCKS."""
        super().init_poolmanager(*arguments, **options, ssl_context=self._context)
        self._use_watched(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Connections through a proxy's CONNECT."""
        manager = super().proxy_manager_for(proxy, **options, ssl_context=self._context)
        self._use_watched(manager)
        return manager

    def _use_watched(self, manager: Any) -> None:
        manager.pool_classes_by_scheme = {
            "http": partial(_WatchedPool, self._line),
            "https": partial(_SecuredPool, self._line),
        }

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        """Leave out the library's own list of authorities."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        pool.pop("ca_certs", None)
        pool.pop("ca_cert_dir", None)
        return host, pool

    def cert_verify(self, conn: object, url: str, verify: object, cert: object) -> None:
        """Leave the context as it is; the library would add a list of its own."""


def _read_chain(encrypted: Any) -> list[bytes]:
    """The certificates as the other side sent them, its own first."""
    if hasattr(encrypted, "get_unverified_chain"):  # Python 3.13
        return [bytes(each) for each in encrypted.get_unverified_chain()]
    found = encrypted._sslobj.get_unverified_chain() or ()  # before that it has no public name
    return [ssl.PEM_cert_to_DER_cert(each.public_bytes()) for each in found]


def _headers(more: Mapping[str, str]) -> dict[str, str]:
    if not more.keys() <= _OTHER_HEADERS:
        raise ValueError("a header that the protocol does not list")
    return {
        "User-Agent": USER_AGENT,
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        **more,
    }


def _pieces(response: requests.Response, limit: int, watch: Watch) -> Iterator[bytes]:
    total = 0
    expected = response.headers.get("Content-Length", "")
    began = time.monotonic()
    # read1 gives what has come; the longer forms wait for a whole chunk, however slow it is.
    while piece := response.raw.read1(_CHUNK, decode_content=False):
        total += len(piece)
        left = _PATIENCE_S + total / _SLOWEST_BYTES_PER_S - (time.monotonic() - began)
        if left < 0:
            raise say_too_slow()
        if total > limit:
            raise say_too_much()
        watch.allow(left)
        yield piece
    if watch.has_cut:
        raise say_too_slow()
    if expected.isdecimal() and expected.lstrip("0") != (str(total) if total else ""):
        raise requests.ConnectionError("cut short")


def _read_retry_after(text: str) -> int | None:
    """Seconds only; a date would need a clock that both sides trust."""
    if not text.isdecimal() or len(text) > 9:
        return None
    return min(int(text), LONGEST_RETRY_AFTER_S)
