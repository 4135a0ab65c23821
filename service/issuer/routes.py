"""The issuer's routes: a card becomes an account, an account gets its tokens of a quarter.

Every answer of a kind has one length, every refusal one text, and nothing is logged.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from service.answers import describe_json, describe_refusals, private_answer
from service.bodies import read_body
from service.database import issuer as queries
from service.database.commits import Database
from service.errors import UnavailableError
from service.issuer.private_keys import PrivateKeys, QuarterKey
from service.issuer.signing import SigningError
from sync.protocol import enrolment, token_batch
from sync.protocol.enrolment import Enrolment
from sync.protocol.errors import ForgedError, MalformedError
from sync.protocol.token_batch import TokenBatch
from sync.protocol.token_request import TokenResponse

ENROLMENT_LIMIT = 1_024
MOST_SIGNING = 2
MOST_WAITING = 64


class EnrolledAnswer(BaseModel):
    """The account that is there now. account: base64."""

    format: str
    account: str


class SigningPlaces:
    """Few batches are signed at a time, and few may wait for that: signing takes a processor."""

    def __init__(self, most_signing: int = MOST_SIGNING, most_waiting: int = MOST_WAITING) -> None:
        self._places = asyncio.Semaphore(most_signing)
        self._most_waiting = most_waiting
        self._waiting = 0

    async def sign(self, key: QuarterKey, batch: TokenBatch) -> bytes:
        """The answer to a batch. Raises UnavailableError if too many wait, SigningError."""
        if self._waiting >= self._most_waiting:
            raise UnavailableError("too many batches wait to be signed")
        self._waiting += 1
        try:
            async with self._places:
                return await asyncio.to_thread(_sign_all, key, batch)
        finally:
            self._waiting -= 1


@dataclass(frozen=True, slots=True)
class IssuerRoutes:
    """quarter: tells the current one."""

    tenant: str
    database: Database
    keys: PrivateKeys
    places: SigningPlaces
    quarter: Callable[[], str]

    def router(self) -> APIRouter:
        """The routes, described for OpenAPI."""
        router = APIRouter()
        router.add_api_route(
            enrolment.PATH,
            self.enrol,
            methods=["POST"],
            responses={200: {"model": EnrolledAnswer}, **describe_refusals(400, 403, 413)},
            openapi_extra=describe_json(_ENROLMENT),
        )
        answers = {"content": {token_batch.RESPONSE_MEDIA_TYPE: {"schema": _BINARY}}}
        router.add_api_route(
            token_batch.PATH,
            self.issue,
            methods=["POST"],
            responses={200: answers, **describe_refusals(400, 403, 409, 413)},
            openapi_extra={
                "requestBody": {"content": {token_batch.REQUEST_MEDIA_TYPE: {"schema": _BINARY}}}
            },
        )
        return router

    async def enrol(self, request: Request) -> Response:
        """Use up a card for an account; the same question again has the same answer."""
        try:
            asked = Enrolment.from_bytes(await read_body(request, ENROLMENT_LIMIT))
        except MalformedError as error:
            raise HTTPException(400, "not an enrolment") from error
        job = queries.enrol(asked.account, asked.card.digest(self.tenant))
        if not await self.database.write(job):
            raise HTTPException(403, "no such card, or it was used")
        return private_answer(enrolment.write_answer(asked.account), enrolment.MEDIA_TYPE)

    async def issue(self, request: Request) -> Response:
        """Sign a batch of an account; the same batch again has the same answer.

        Nothing leaves before it is counted, and nothing is counted that was not signed.
        """
        try:
            batch = TokenBatch.from_bytes(await read_body(request, token_batch.BATCH_LENGTH))
            token_batch.verify_batch(batch, self.tenant)
        except MalformedError as error:
            raise HTTPException(400, "not a batch") from error
        except ForgedError as error:
            raise _refused() from error
        key = self.keys.find(batch.key_hint, self.quarter())
        if key is None:
            raise HTTPException(409, "this key does not sign now")
        wanted = batch.account, key.public.quarter, batch.digest
        if not await self.database.read(queries.may_have(*wanted)):
            raise _refused()
        try:
            answer = await self.places.sign(key, batch)
        except SigningError as error:
            raise HTTPException(400, "not a batch") from error
        if not await self.database.write(queries.count_batch(*wanted)):
            raise _refused()
        return private_answer(answer, token_batch.RESPONSE_MEDIA_TYPE)


def _sign_all(key: QuarterKey, batch: TokenBatch) -> bytes:
    signed = (key.signer.blind_sign(each.blinded) for each in batch.requests)
    return token_batch.join_answers([TokenResponse(each) for each in signed])


def _refused() -> HTTPException:
    """Whatever the reason: an unknown account, a signature, another batch of this quarter."""
    return HTTPException(403, "no tokens for this")


_BINARY: dict[str, Any] = {"type": "string", "format": "binary"}
_ENROLMENT: dict[str, Any] = {
    "type": "object",
    "required": ["format", "card", "account"],
    "properties": {
        "format": {"const": enrolment.FORMAT},
        # 24 characters, of which the last two follow from the others: sync.protocol.card.
        "card": {"type": "string", "format": "nearmiss-card"},
        # 32 bytes in base64.
        "account": {"type": "string", "pattern": "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$"},
    },
    "additionalProperties": False,
}
