"""What is asked of the service about one report, as a value: sent by the client, or only shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from sync.protocol.seal import MEDIA_TYPE
from sync.protocol.token import HEADER as TOKEN_HEADER
from sync.protocol.token_proof import HEADER as PROOF_HEADER
from sync.protocol.withdrawal import MEDIA_TYPE as WITHDRAWAL_TYPE


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """headers: besides those that every request has."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""

    def __repr__(self) -> str:
        return f"HttpRequest({self.method})"


def submission(
    service_url: str,
    report_id: bytes,
    body: bytes,
    authorization: str | None = None,
    proof: str | None = None,
) -> HttpRequest:
    """One sealed body on its way. authorization, proof: values of the two headers of a token."""
    headers = {"Content-Type": MEDIA_TYPE}
    if authorization is not None:
        headers[TOKEN_HEADER] = authorization
    if proof is not None:
        headers[PROOF_HEADER] = proof
    return HttpRequest("PUT", report_url(service_url, report_id), headers, body)


def withdrawal(service_url: str, report_id: bytes, body: bytes) -> HttpRequest:
    """The signed wish that a report be destroyed."""
    headers = {"Content-Type": WITHDRAWAL_TYPE}
    return HttpRequest("DELETE", report_url(service_url, report_id), headers, body)


def report_url(service_url: str, report_id: bytes) -> str:
    """Where a report is sent to and withdrawn from."""
    return f"{service_url}/v1/reports/{report_id.hex()}"
