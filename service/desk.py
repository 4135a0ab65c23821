"""The desk's routes: pull the queue, confirm what is safe at the desk, upload the feed."""

import asyncio
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from service import answers
from service.answers import (
    describe_json,
    describe_part,
    describe_refusals,
    json_answer,
    private_answer,
)
from service.database import desk as queries
from service.database.commits import Database
from service.desk_gate import DeskGate
from service.errors import UnavailableError
from service.feed import FILE_LIMIT, PATH_PATTERN, FeedFolder, read_feed_path
from service.intake import read_report_id
from sync.protocol import canonical
from sync.protocol.errors import MalformedError
from sync.protocol.receipt import ID_LENGTH

QUEUE_FORMAT = "nearmiss-desk-queue-1"
CONFIRM_FORMAT = "nearmiss-desk-confirm-1"
LISTING_FORMAT = "nearmiss-feed-listing-1"
CONFIRM_LIMIT = 4 * 1024 * 1024
_HASH_LENGTH = 32
_NO_BODY = 0


@dataclass(frozen=True, slots=True)
class DeskRoutes:
    """uploads: lets few uploads at a time into memory, since a signature covers the whole."""

    gate: DeskGate
    database: Database
    feed: FeedFolder
    uploads: asyncio.Semaphore

    def router(self) -> APIRouter:
        """The routes, described for OpenAPI."""
        router = APIRouter(prefix="/v1/desk")
        in_path = {"parameters": [describe_part("report_id", "^[0-9a-f]{32}$")]}
        octets = {"content": {"application/octet-stream": {"schema": _BINARY}}}
        router.add_api_route(
            "/nonce",
            self.get_nonce,
            methods=["GET"],
            responses={200: {"model": answers.NonceAnswer}, **describe_refusals()},
        )
        router.add_api_route(
            "/reports",
            self.list_reports,
            methods=["GET"],
            responses={200: {"model": answers.QueueAnswer}, **describe_refusals(401, 413)},
        )
        # A part of the address, not of a query: the desk's signature covers it.
        router.add_api_route(
            "/reports/after/{report_id}",
            self.list_more_reports,
            methods=["GET"],
            responses={200: {"model": answers.QueueAnswer}, **describe_refusals(400, 401, 413)},
            openapi_extra=in_path,
        )
        router.add_api_route(
            "/reports/{report_id}",
            self.get_report,
            methods=["GET"],
            responses={200: octets, **describe_refusals(400, 401, 404, 413)},
            openapi_extra=in_path,
        )
        router.add_api_route(
            "/confirm",
            self.confirm,
            methods=["POST"],
            responses={200: {"model": answers.ConfirmedAnswer}, **describe_refusals(400, 401, 413)},
            openapi_extra=describe_json(_CONFIRMATION),
        )
        self._add_feed(router)
        return router

    def _add_feed(self, router: APIRouter) -> None:
        router.add_api_route(
            "/feed",
            self.list_feed,
            methods=["GET"],
            responses={200: {"model": answers.ListingAnswer}, **describe_refusals(401, 413)},
        )
        router.add_api_route(
            "/feed/{path:path}",
            self.put_file,
            methods=["PUT"],
            status_code=204,
            responses=describe_refusals(400, 401, 409, 413),
            openapi_extra={
                "parameters": [describe_part("path", PATH_PATTERN)],
                "requestBody": {"content": {"application/octet-stream": {"schema": _BINARY}}},
            },
        )

    async def get_nonce(self) -> Response:
        """A number to be signed with the next request."""
        return json_answer({"nonce": (await self.gate.give_nonce()).hex()})

    async def list_reports(self, request: Request) -> Response:
        """The first page of the queue."""
        await self.gate.admit(request, _NO_BODY)
        return await self._answer_page(b"")

    async def list_more_reports(self, request: Request) -> Response:
        """The page of the queue that comes after this id."""
        await self.gate.admit(request, _NO_BODY)
        return await self._answer_page(read_report_id(request))

    async def _answer_page(self, after: bytes) -> Response:
        waiting = await self.database.read(queries.list_waiting(after))
        reports = [
            {"id": each.id.hex(), "hash": each.hash.hex(), "month": each.month} for each in waiting
        ]
        return json_answer({"format": QUEUE_FORMAT, "reports": reports})

    async def get_report(self, request: Request) -> Response:
        """One sealed body."""
        await self.gate.admit(request, _NO_BODY)
        body = await self.database.read(queries.find_body(read_report_id(request)))
        if body is None:
            raise HTTPException(404, "no such report waits")
        return private_answer(body, "application/octet-stream")

    async def confirm(self, request: Request) -> Response:
        """Delete the bodies of reports that are safe at the desk."""
        body = await self.gate.admit(request, CONFIRM_LIMIT)
        try:
            pairs = _read_confirmation(body)
        except MalformedError as error:
            raise HTTPException(400, "not a confirmation") from error
        confirmed = await self.database.write(queries.confirm(pairs))
        await self.database.sweep()
        return json_answer({"confirmed": confirmed})

    async def list_feed(self, request: Request) -> Response:
        """What the feed holds, so that a desk uploads only what is new."""
        await self.gate.admit(request, _NO_BODY)
        files = [
            {"path": each.path, "hash": each.hash.hex(), "length": each.length}
            for each in await asyncio.to_thread(self.feed.list_files)
        ]
        return json_answer({"format": LISTING_FORMAT, "files": files})

    async def put_file(self, request: Request) -> Response:
        """Put one file of the feed, replacing it as a whole."""
        async with self.uploads:
            content = await self.gate.admit(request, FILE_LIMIT)
            path = read_feed_path(request.path_params["path"])
            if path is None:
                raise HTTPException(400, "not the path of a feed file")
            try:
                await asyncio.to_thread(self.feed.write, path, content)
            except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
                raise HTTPException(409, "a folder or file of this name is in the way") from error
            except OSError as error:
                raise UnavailableError("the disk is full or refuses") from error
        return Response(status_code=204)


def _read_confirmation(body: bytes) -> list[tuple[bytes, bytes]]:
    message = canonical.decode(body)
    canonical.expect_format(message, CONFIRM_FORMAT)
    canonical.expect_only(message, "format", "reports")
    reports = message.get("reports")
    if not isinstance(reports, list):
        raise MalformedError("'reports' is missing or not a list")
    pairs = []
    for each in reports:
        if not isinstance(each, dict):
            raise MalformedError("a report is not an object")
        canonical.expect_only(each, "id", "hash")
        pairs.append(
            (
                canonical.from_hex(each.get("id"), ID_LENGTH),
                canonical.from_hex(each.get("hash"), _HASH_LENGTH),
            )
        )
    return pairs


_BINARY: dict[str, Any] = {"type": "string", "format": "binary"}
_CONFIRMATION: dict[str, Any] = {
    "type": "object",
    "required": ["format", "reports"],
    "properties": {
        "format": {"const": CONFIRM_FORMAT},
        "reports": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "hash"],
                "properties": {
                    "id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
                    "hash": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
