"""What the service says: its refusals, its JSON, and their description for OpenAPI."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.routing import Route

from sync.protocol import canonical

RETRY_AFTER_S = 30
_LOG = logging.getLogger(__name__)


class Refusal(BaseModel):
    """Why a request was refused; nothing of the request is repeated."""

    detail: str


class AcknowledgementAnswer(BaseModel):
    """The signed word that the report is stored. key_id: hex. signature: base64."""

    format: str
    key_id: str
    signature: str


class NonceAnswer(BaseModel):
    """A number that a desk signs once. nonce: hex."""

    nonce: str


class WaitingReport(BaseModel):
    """id, hash: hex. month: "YYYY-MM"."""

    id: str
    hash: str
    month: str


class QueueAnswer(BaseModel):
    """Reports that no desk has confirmed, by id, a page at a time."""

    format: str
    reports: list[WaitingReport]


class WithdrawnReport(BaseModel):
    """id, public, signature: hex; the last two are its writer's."""

    id: str
    public: str
    signature: str


class WithdrawnAnswer(BaseModel):
    """Withdrawn reports that this desk has not confirmed, by id, a page at a time."""

    format: str
    withdrawn: list[WithdrawnReport]


class ConfirmedAnswer(BaseModel):
    """How many of the reports named in the request are confirmed now."""

    confirmed: int


class FeedFile(BaseModel):
    """hash: SHA-256, hex. length: bytes."""

    path: str
    hash: str
    length: int


class ListingAnswer(BaseModel):
    """All files of the feed, by path."""

    format: str
    files: list[FeedFile]


def json_answer(message: Mapping[str, object]) -> Response:
    """The message in its canonical form; no store on the way may keep it."""
    return private_answer(canonical.encode(message), "application/json")


def private_answer(content: bytes, media_type: str, status: int = 200) -> Response:
    """An answer that no store on the way may keep."""
    headers = {"Cache-Control": "no-store"}
    return Response(content, status, headers=headers, media_type=media_type)


def describe_refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals of a route for its OpenAPI description; 503 belongs to every one."""
    return {status: {"model": Refusal} for status in (*statuses, 503)}


def describe_part(name: str, pattern: str) -> dict[str, Any]:
    """A part of a route's address for its OpenAPI description.

    The routes read it themselves, since a wrong one must not be told before the token.
    """
    schema = {"type": "string", "pattern": pattern}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def describe_json(schema: dict[str, Any]) -> dict[str, Any]:
    """A route's body for its OpenAPI description: one JSON message of this schema."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


async def answer_unavailable(_request: Request, _error: Exception) -> Response:
    """The database cannot take it now."""
    return refuse_for_now()


def refuse_for_now() -> Response:
    """Come again later."""
    headers = {"Retry-After": str(RETRY_AFTER_S)}
    return JSONResponse({"detail": "not now; try again later"}, 503, headers=headers)


async def answer_other_method(request: Request, _error: Exception) -> Response:
    """Name all methods of the address: the framework names those of one route only."""
    path = request.scope["path"]
    here = (each for each in request.app.routes if isinstance(each, Route))
    methods = {name for each in here if each.path_regex.match(path) for name in each.methods or ()}
    headers = {"Allow": ", ".join(sorted(methods))}
    return JSONResponse({"detail": "Method Not Allowed"}, 405, headers=headers)


async def answer_nobody(_request: Request, _error: Exception) -> Response:
    """The client went away in the middle of its request: nobody hears this."""
    return Response(status_code=400)


async def answer_mistake(_request: Request, error: Exception) -> Response:
    """A mistake of ours: its kind and place are logged, never what it says or was sent."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    _LOG.error("mistake: %s at %s", type(error).__name__, place)
    return JSONResponse({"detail": "a mistake of the service"}, 500)


def too_large() -> HTTPException:
    """The refusal of a body that is over its limit."""
    return HTTPException(413, "the body is too large")
