"""Signed requests of the desk to the service, each with a number that is good for once."""

from dataclasses import dataclass

from app.errors import SurroundingsError, UntrustedError
from sync.client import HttpAnswer, ask
from sync.desk.custody import Ring
from sync.network import Network
from sync.protocol import canonical
from sync.protocol.desk_request import HEADER as DESK_HEADER
from sync.protocol.desk_request import NONCE_LENGTH, prove
from sync.protocol.errors import MalformedError

_SMALL = 64 * 1024


class NoLongerThereError(SurroundingsError):
    """It was there when it was listed, and was withdrawn or confirmed by another desk since."""


@dataclass(frozen=True, slots=True)
class ServiceAtDesk:
    """The service as the holder of a desk key sees it."""

    url: str
    ring: Ring
    network: Network

    def request(self, method: str, path: str, body: bytes = b"", limit: int = _SMALL) -> bytes:
        """Send one signed request; returns the answer's body.

        Raises NetworkError, UntrustedError if the service does not know the key,
        NoLongerThereError, SurroundingsError for any other refusal.
        """
        answer = self._ask(method, path, body, limit)
        if answer.status == 401:  # the service may have forgotten the number meanwhile
            answer = self._ask(method, path, body, limit)
        if answer.status == 401:
            raise UntrustedError(
                "The service does not know this desk's key.",
                "Nothing was changed.",
                "Ask its operator: nearmiss-service desk-key add desk.public.json",
            )
        if answer.status == 404:
            raise NoLongerThereError("The service does not have this, or not any more.")
        if answer.status not in {200, 201, 204}:
            raise _refused(answer)
        return answer.body

    def _ask(self, method: str, path: str, body: bytes, limit: int) -> HttpAnswer:
        first = ask_as_desk(self.url, "GET", "/v1/desk/nonce", b"", None, _SMALL, self.network)
        key, public = self.ring.desk_key()
        proof = prove(key, public, method, path, body, _read_nonce(first))
        header = proof.to_header()
        return ask_as_desk(self.url, method, path, body, header, limit, self.network)


def ask_as_desk(
    service_url: str,
    method: str,
    path: str,
    body: bytes,
    proof: str | None,
    limit: int,
    network: Network,
) -> HttpAnswer:
    """One request of an analyst's machine. proof: value of the header NearMiss-Desk.

    Raises NetworkError when no whole answer came.
    """
    headers = {} if proof is None else {DESK_HEADER: proof}
    if method != "GET":
        headers["Content-Type"] = "application/octet-stream"
    return ask(method, service_url + path, network, headers, body, limit)


def _read_nonce(answer: HttpAnswer) -> bytes:
    if answer.status != 200:
        raise _refused(answer)
    try:
        return canonical.from_hex(canonical.decode(answer.body).get("nonce"), NONCE_LENGTH)
    except MalformedError:
        raise _refused(answer) from None


def _refused(answer: HttpAnswer) -> SurroundingsError:
    return SurroundingsError(
        f"The service did not do what was asked (its answer: {answer.status}).",
        "Nothing is lost.",
        "Try again later; if it stays so, tell its operator.",
    )
