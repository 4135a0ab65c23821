"""Intake: a sealed report comes in, a signed acknowledgement goes out.

Nothing is kept or logged of a request but the report's id, hash, body and month.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from service.answers import (
    AcknowledgementAnswer,
    describe_part,
    describe_refusals,
    private_answer,
)
from service.bodies import read_body
from service.database.commits import Database
from service.database.intake import Intake, SealedReport
from service.folder import Service
from service.months import this_month
from sync.protocol import canonical
from sync.protocol.acknowledgement import acknowledge
from sync.protocol.errors import MalformedError
from sync.protocol.receipt import ID_LENGTH
from sync.protocol.seal import BODY_LENGTH, MEDIA_TYPE, read_header

_STATUSES = {Intake.STORED: 201, Intake.REPEATED: 200}


@dataclass(frozen=True, slots=True)
class IntakeRoutes:
    """accepts_unverified: whether the operator has opened the lane without tokens."""

    service: Service
    database: Database
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
                **describe_refusals(400, 401, 409, 413, 415),
            },
            openapi_extra=_DESCRIPTION,
        )
        return router

    async def put_report(self, request: Request) -> Response:
        """Store a sealed report; a repeat of the same bytes is acknowledged again."""
        self._check_token(request)
        report_id = read_report_id(request)
        _check_media_type(request)
        body = await read_body(request, BODY_LENGTH)
        if len(body) != BODY_LENGTH:
            raise HTTPException(400, f"a body has {BODY_LENGTH} bytes")
        try:
            read_header(body)
        except MalformedError as error:
            raise _unsupported() from error
        report = SealedReport(report_id, hashlib.sha256(body).digest(), this_month(), body)
        outcome = await self.database.write(report.store)
        if outcome is Intake.DIFFERENT:
            raise HTTPException(409, "another report has this id")
        signed = acknowledge(self.service.key, self.service.public, report_id, report.hash)
        return private_answer(signed.to_bytes(), "application/json", _STATUSES[outcome])

    def _check_token(self, request: Request) -> None:
        # No token can be checked yet, so one that is shown is never accepted.
        if "authorization" in request.headers or not self.accepts_unverified:
            raise HTTPException(401, "a token is needed", {"WWW-Authenticate": "PrivateToken"})


def read_report_id(request: Request) -> bytes:
    """The id in the request's address. Raises HTTPException 400."""
    try:
        return canonical.from_hex(request.path_params["report_id"], ID_LENGTH)
    except MalformedError as error:
        raise HTTPException(400, f"an id has {2 * ID_LENGTH} hexadecimal digits") from error


def _check_media_type(request: Request) -> None:
    named = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if named != MEDIA_TYPE:
        raise _unsupported()


def _unsupported() -> HTTPException:
    # RFC 9110, section 15.5.16: Accept tells which media types would have been accepted.
    return HTTPException(415, "not a body that is known here", {"Accept": MEDIA_TYPE})


_BODY_SCHEMA = {"type": "string", "format": "binary"}
_DESCRIPTION: dict[str, Any] = {
    "parameters": [describe_part("report_id", "^[0-9a-f]{32}$")],
    "requestBody": {"required": True, "content": {MEDIA_TYPE: {"schema": _BODY_SCHEMA}}},
}
