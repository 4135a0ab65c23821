"""Intake: a sealed report comes in, a signed acknowledgement goes out.

Nothing is kept or logged of a request but the report's id, hash, body and month, and the
nonce of the token that it came with. Of the body, the hash of the withdrawal key is kept for good.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from service.accepted_keys import AcceptedKeys
from service.answers import (
    AcknowledgementAnswer,
    describe_part,
    describe_refusals,
    private_answer,
)
from service.bodies import read_body
from service.database.commits import Database
from service.database.intake import Intake, SealedReport
from service.database.spending import PaidReport
from service.folder import Service
from service.months import this_month
from sync.protocol import canonical
from sync.protocol.acknowledgement import acknowledge
from sync.protocol.errors import MalformedError, ProtocolError
from sync.protocol.receipt import ID_LENGTH
from sync.protocol.seal import BODY_LENGTH, MEDIA_TYPE, read_header
from sync.protocol.token import HEADER as TOKEN_HEADER
from sync.protocol.token import Token, verify_token
from sync.protocol.token_proof import HEADER as PROOF_HEADER
from sync.protocol.token_proof import TokenProof, verify_proof

_STATUSES = {Intake.STORED: 201, Intake.REPEATED: 200}


@dataclass(frozen=True, slots=True)
class _Shown:
    """What came with a report. quarter: of the key that signed the token."""

    token: Token
    proof: TokenProof
    quarter: str


@dataclass(frozen=True, slots=True)
class IntakeRoutes:
    """accepts_unverified: whether the operator has opened the lane without tokens."""

    service: Service
    database: Database
    keys: AcceptedKeys
    accepts_unverified: bool

    def router(self) -> APIRouter:
        """The routes, described for OpenAPI."""
        router = APIRouter(prefix="/v1/reports")
        router.add_api_route(
            "/{report_id}",
            self.put_report,
            methods=["PUT"],
            status_code=201,
            responses={
                201: {"model": AcknowledgementAnswer},
                200: {"model": AcknowledgementAnswer},
                **describe_refusals(400, 401, 403, 409, 413, 415),
            },
            openapi_extra=_DESCRIPTION,
        )
        return router

    async def put_report(self, request: Request) -> Response:
        """Store a sealed report; a repeat of the same bytes is acknowledged again."""
        shown = self._read_token(request)
        report_id = read_report_id(request)
        expect_media_type(request, MEDIA_TYPE)
        body = await read_body(request, BODY_LENGTH)
        if len(body) != BODY_LENGTH:
            raise HTTPException(400, f"a body has {BODY_LENGTH} bytes")
        body_hash = hashlib.sha256(body).digest()
        if shown is not None:
            self._check_proof(shown, report_id, body_hash)
        try:
            withdrawal = read_header(body).withdrawal_hash
        except MalformedError as error:
            raise _unsupported(MEDIA_TYPE) from error
        report = SealedReport(report_id, body_hash, this_month(), body, withdrawal)
        outcome = await self._store(report, shown)
        if outcome is Intake.DIFFERENT:
            raise HTTPException(409, "another report has this id")
        signed = acknowledge(self.service.key, self.service.public, report_id, report.hash)
        return private_answer(signed.to_bytes(), "application/json", _STATUSES[outcome])

    def _read_token(self, request: Request) -> _Shown | None:
        """The token, if it is good; None in the unverified lane. Raises HTTPException 401."""
        if TOKEN_HEADER not in request.headers:
            if not self.accepts_unverified:
                raise _token_wanted()
            return None
        try:
            token = Token.from_header(request.headers[TOKEN_HEADER])
            proof = TokenProof.from_header(request.headers.get(PROOF_HEADER, ""))
            accepted = self.keys.now()
            verify_token(token, accepted, self.service.tenant)
        except ProtocolError as error:
            raise _token_wanted() from error
        return _Shown(token, proof, accepted[token.token_key_id].quarter)

    def _check_proof(self, shown: _Shown, report_id: bytes, body_hash: bytes) -> None:
        """Raises HTTPException 401 unless whoever made the token sent this very report."""
        try:
            verify_proof(shown.proof, shown.token, self.service.tenant, report_id, body_hash)
        except ProtocolError as error:
            raise _token_wanted() from error

    async def _store(self, report: SealedReport, shown: _Shown | None) -> Intake:
        """Raises HTTPException 403 for a token that was spent on another report."""
        if shown is None:
            return await self.database.write(report.store)
        paid = PaidReport(report, shown.token.nonce, shown.quarter)
        outcome = await self.database.write(paid.store)
        if outcome is None:
            raise HTTPException(403, "the token is spent")
        return outcome


def read_report_id(request: Request) -> bytes:
    """The id in the request's address. Raises HTTPException 400."""
    try:
        return canonical.from_hex(request.path_params["report_id"], ID_LENGTH)
    except MalformedError as error:
        raise HTTPException(400, f"an id has {2 * ID_LENGTH} hexadecimal digits") from error


def expect_media_type(request: Request, expected: str) -> None:
    """Raises HTTPException 415 for a body of another type."""
    named = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if named != expected:
        raise _unsupported(expected)


def _token_wanted() -> HTTPException:
    return HTTPException(401, "a token is needed", {"WWW-Authenticate": "PrivateToken"})


def _unsupported(accepted: str) -> HTTPException:
    # RFC 9110, section 15.5.16: Accept tells which media types would have been accepted.
    return HTTPException(415, "not a body that is known here", {"Accept": accepted})


_BODY_SCHEMA = {"type": "string", "format": "binary"}
_DESCRIPTION: dict[str, Any] = {
    "parameters": [describe_part("report_id", "^[0-9a-f]{32}$")],
    "requestBody": {"required": True, "content": {MEDIA_TYPE: {"schema": _BODY_SCHEMA}}},
}
