"""The only module that opens a connection.

What `requests` does by default would give the officer away: it reads `~/.netrc` and the
environment's proxies, keeps cookies, follows redirects and names its own version. So every
exchange has a session of its own that does none of this, with the system's certificates,
and sends exactly the headers that the protocol lists (protocol.md, "When, and on which
connection").
"""

import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import quote

import requests
import truststore
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from app.errors import SurroundingsError
from sync.feed_source import MissingFileError
from sync.protocol.desk_request import HEADER as DESK_HEADER
from sync.protocol.seal import MEDIA_TYPE

USER_AGENT = "NearMiss/1"
_TIMEOUT_S = (10, 60)
_CHUNK = 64 * 1024
# An answer that trickles must not hold a place for days.
_PATIENCE_S = 60
_SLOWEST_BYTES_PER_S = 1_024
_ANSWER_LIMIT = 64 * 1024
LONGEST_RETRY_AFTER_S = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """status: of HTTP. body: at most what was asked for. retry_after_s: believed to 24 h."""

    status: int
    body: bytes
    retry_after_s: int | None


class NetworkError(SurroundingsError):
    """No answer came, or none that can be read. Trying again later is right."""


def submit(service_url: str, report_id: bytes, body: bytes) -> HttpAnswer:
    """Send one sealed body. Raises NetworkError when no whole answer came."""
    url = f"{service_url}/v1/reports/{report_id.hex()}"
    return _exchange("PUT", url, {"Content-Type": MEDIA_TYPE}, body, _ANSWER_LIMIT)


def ask_as_desk(
    service_url: str, method: str, path: str, body: bytes, proof: str | None, limit: int
) -> HttpAnswer:
    """One request of an analyst's machine. proof: value of the header NearMiss-Desk.

    Raises NetworkError when no whole answer came.
    """
    headers = {} if proof is None else {DESK_HEADER: proof}
    if method != "GET":
        headers["Content-Type"] = "application/octet-stream"
    return _exchange(method, service_url + path, headers, body, limit)


class HttpFeed:
    """The feed on a web server, for one update: one session, closed at the end."""

    def __init__(self, feed_url: str) -> None:
        self._url = feed_url
        self._session = _session()

    def __enter__(self) -> "HttpFeed":
        return self

    def __exit__(self, *_reason: object) -> None:
        self._session.close()

    def read(self, path: str, limit: int) -> Iterator[bytes]:
        """The file in pieces.

        Raises MissingFileError for one that is not there, NetworkError for a broken
        connection, a strange answer, or more than `limit` bytes.
        """
        request = requests.Request("GET", f"{self._url}/{quote(path)}", headers=_headers({}))
        with (
            _translated(),
            self._session.send(
                self._session.prepare_request(request),
                stream=True,
                timeout=_TIMEOUT_S,
                allow_redirects=False,
            ) as response,
        ):
            if response.status_code in {403, 404}:
                raise MissingFileError(path)
            if response.status_code != 200:
                raise _strange(response.status_code)
            yield from _pieces(response, limit)


class _Translated:
    """Turns the library's failures into NetworkError, without the address they name."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, requests.exceptions.SSLError):
            raise NetworkError(
                "The connection to the service is not secure.",
                "Its certificate is not one that this computer trusts. Nothing was sent.",
                "If your agency inspects connections, ask IT to allow this service.",
            ) from None
        if isinstance(error, requests.RequestException | HTTPError | OSError):
            raise NetworkError(
                "The service cannot be reached.",
                "Nothing is lost; what waits goes up later.",
                "Check the network connection, or try again later.",
            ) from None


def _translated() -> _Translated:
    return _Translated()


class _SystemTrust(HTTPAdapter):
    """Checks certificates against the system's own store, and against nothing else."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Give the connections a context that asks the system."""
        options["ssl_context"] = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        super().init_poolmanager(*arguments, **options)

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


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.headers.clear()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.mount("https://", _SystemTrust(max_retries=0))
    session.mount("http://", HTTPAdapter(max_retries=0))
    return session


def _headers(more: Mapping[str, str]) -> dict[str, str]:
    return {
        "User-Agent": USER_AGENT,
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        **more,
    }


def _exchange(
    method: str, url: str, headers: Mapping[str, str], body: bytes, limit: int
) -> HttpAnswer:
    request = requests.Request(method, url, headers=_headers(headers), data=body or None)
    with _translated(), _session() as session:
        prepared = session.prepare_request(request)
        with session.send(
            prepared, stream=True, timeout=_TIMEOUT_S, allow_redirects=False
        ) as response:
            if 300 <= response.status_code < 400:
                raise _strange(response.status_code)
            content = b"".join(_pieces(response, limit))
            retry_after = response.headers.get("Retry-After", "")
            return HttpAnswer(response.status_code, content, _read_retry_after(retry_after))


def _pieces(response: requests.Response, limit: int) -> Iterator[bytes]:
    total = 0
    expected = response.headers.get("Content-Length", "")
    began = time.monotonic()
    # read1 gives what has come; the longer forms wait for a whole chunk, however slow it is.
    while piece := response.raw.read1(_CHUNK, decode_content=False):
        total += len(piece)
        if time.monotonic() - began > _PATIENCE_S + total / _SLOWEST_BYTES_PER_S:
            raise requests.ConnectionError("too slow")
        if total > limit:
            raise NetworkError(
                "The service sent far more than it should.",
                "It was not kept.",
                "Try again later; if it stays so, tell your IT.",
            )
        yield piece
    if expected.isdecimal() and expected.lstrip("0") != (str(total) if total else ""):
        raise requests.ConnectionError("cut short")


def _read_retry_after(text: str) -> int | None:
    """Seconds only; a date would need a clock that both sides trust."""
    if not text.isdecimal() or len(text) > 9:
        return None
    return min(int(text), LONGEST_RETRY_AFTER_S)


def _strange(status: int) -> NetworkError:
    return NetworkError(
        "Something else than the service answered.",
        f"The answer was {status}. Nothing is lost.",
        "A sign-in page of the network may be in between: open a web page, then try again.",
    )
