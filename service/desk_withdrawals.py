"""Telling a desk what was withdrawn, until it has confirmed that nothing readable is left of it."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from service import answers
from service.answers import describe_json, describe_part, describe_refusals, json_answer
from service.database.commits import Database
from service.database.withdrawing import confirm_told, list_untold
from service.desk_gate import DeskGate
from service.intake import read_report_id
from sync.protocol import canonical
from sync.protocol.errors import MalformedError
from sync.protocol.receipt import ID_LENGTH

LIST_FORMAT = "nearmiss-desk-withdrawn-1"
CONFIRM_FORMAT = "nearmiss-desk-withdrawn-confirm-1"
CONFIRM_LIMIT = 4 * 1024 * 1024
_NO_BODY = 0


@dataclass(frozen=True, slots=True)
class DeskWithdrawalRoutes:
    """Each desk has cases of its own, so each is told and confirms for itself."""

    gate: DeskGate
    database: Database

    def router(self) -> APIRouter:
        """The routes, described for OpenAPI."""
        router = APIRouter(prefix="/v1/desk/withdrawn")
        listed: dict[int | str, dict[str, Any]] = {200: {"model": answers.WithdrawnAnswer}}
        router.add_api_route(
            "",
            self.list_first,
            methods=["GET"],
            responses={**listed, **describe_refusals(401, 413)},
        )
        router.add_api_route(
            "/after/{report_id}",
            self.list_more,
            methods=["GET"],
            responses={**listed, **describe_refusals(400, 401, 413)},
            openapi_extra={"parameters": [describe_part("report_id", "^[0-9a-f]{32}$")]},
        )
        router.add_api_route(
            "/confirm",
            self.confirm,
            methods=["POST"],
            responses={200: {"model": answers.ConfirmedAnswer}, **describe_refusals(400, 401, 413)},
            openapi_extra=describe_json(_CONFIRMATION),
        )
        return router

    async def list_first(self, request: Request) -> Response:
        """The first page."""
        desk, _body = await self.gate.recognise(request, _NO_BODY)
        return await self._answer_page(desk, b"")

    async def list_more(self, request: Request) -> Response:
        """The page that comes after this id."""
        desk, _body = await self.gate.recognise(request, _NO_BODY)
        return await self._answer_page(desk, read_report_id(request))

    async def confirm(self, request: Request) -> Response:
        """The desk has carried these out."""
        desk, body = await self.gate.recognise(request, CONFIRM_LIMIT)
        try:
            ids = _read_ids(body)
        except MalformedError as error:
            raise HTTPException(400, "not a confirmation") from error
        confirmed = await self.database.write(confirm_told(desk, ids))
        return json_answer({"confirmed": confirmed})

    async def _answer_page(self, desk: bytes, after: bytes) -> Response:
        rows = [
            {"id": each.id.hex(), "public": each.public.hex(), "signature": each.signature.hex()}
            for each in await self.database.read(list_untold(desk, after))
        ]
        return json_answer({"format": LIST_FORMAT, "withdrawn": rows})


def _read_ids(body: bytes) -> list[bytes]:
    message = canonical.decode(body)
    canonical.expect_format(message, CONFIRM_FORMAT)
    canonical.expect_only(message, "format", "ids")
    ids = message.get("ids")
    if not isinstance(ids, list):
        raise MalformedError("'ids' is missing or not a list")
    return [canonical.from_hex(each, ID_LENGTH) for each in ids]


_CONFIRMATION: dict[str, Any] = {
    "type": "object",
    "required": ["format", "ids"],
    "properties": {
        "format": {"const": CONFIRM_FORMAT},
        "ids": {"type": "array", "items": {"type": "string", "pattern": "^[0-9a-f]{32}$"}},
    },
    "additionalProperties": False,
}
