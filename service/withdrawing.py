"""Withdrawing a report: whoever holds its seven words signs for it, nobody else can.

No token is asked for. The signature is proof enough, since only the report's writer can make it; a
token would keep those out whose card has run out, and would be a second one for the same report.
Nothing is written for whom the report does not know, so there is nothing to flood. An unknown id
and a key that is another report's get the same answer, so that nobody learns which ids exist.
"""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from service.answers import AcknowledgementAnswer, describe_part, describe_refusals, private_answer
from service.bodies import read_body
from service.database.commits import Database
from service.database.withdrawing import Withdrawn, is_withdrawn, may_withdraw
from service.folder import Service
from service.intake import expect_media_type, read_report_id
from sync.protocol.errors import MalformedError, ProtocolError
from sync.protocol.withdrawal import (
    LENGTH,
    MEDIA_TYPE,
    Withdrawal,
    check_withdrawal,
    confirm_absent,
    confirm_withdrawn,
)


@dataclass(frozen=True, slots=True)
class WithdrawalRoutes:
    """The route for those who have reported."""

    service: Service
    database: Database

    def router(self) -> APIRouter:
        """The route, described for OpenAPI."""
        router = APIRouter(prefix="/v1/reports")
        router.add_api_route(
            "/{report_id}",
            self.delete_report,
            methods=["DELETE"],
            responses={
                **describe_refusals(400, 403, 413, 415),
                200: {"model": AcknowledgementAnswer},
                404: {"model": AcknowledgementAnswer},
            },
            openapi_extra=_DESCRIPTION,
        )
        return router

    async def delete_report(self, request: Request) -> Response:
        """Destroy a report's bytes for good; a repeat is answered as the first time was."""
        report_id = read_report_id(request)
        expect_media_type(request, MEDIA_TYPE)
        asked = await self._read(request, report_id)
        signs = (self.service.key, self.service.public, report_id, asked.key_hash)
        if not await self.database.read(may_withdraw(report_id, asked.key_hash)):
            return _answer(confirm_absent(*signs).to_bytes(), 404)
        if not await self.database.read(is_withdrawn(report_id)):
            found = Withdrawn(report_id, asked.public, asked.signature)
            if await self.database.write(found.store):
                await self.database.sweep()
        return _answer(confirm_withdrawn(*signs).to_bytes(), 200)

    async def _read(self, request: Request, report_id: bytes) -> Withdrawal:
        """Raises HTTPException 400, 403, 413."""
        body = await read_body(request, LENGTH)
        try:
            asked = Withdrawal.from_bytes(body)
        except MalformedError as error:
            raise HTTPException(400, "not a withdrawal") from error
        try:
            check_withdrawal(asked, self.service.tenant, report_id)
        except ProtocolError as error:
            raise HTTPException(403, "the signature does not fit") from error
        return asked


def _answer(signed: bytes, status: int) -> Response:
    return private_answer(signed, "application/json", status)


_DESCRIPTION: dict[str, Any] = {
    "parameters": [describe_part("report_id", "^[0-9a-f]{32}$")],
    "requestBody": {
        "required": True,
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    },
}
