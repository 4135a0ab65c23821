"""Who may ask as a desk: whoever signs the request with a key that the operator has added."""

import secrets
from dataclasses import dataclass

from fastapi import Request
from starlette.exceptions import HTTPException

from service.bodies import read_body
from service.database import desk as queries
from service.database.commits import Database
from service.months import this_month
from sync.protocol.desk_request import HEADER, NONCE_LENGTH, DeskProof, check_proof
from sync.protocol.errors import ProtocolError
from sync.protocol.keys import PublicKeyFile, Purpose


@dataclass(frozen=True, slots=True)
class DeskGate:
    """Checks every request of a desk."""

    tenant: str
    database: Database

    async def give_nonce(self) -> bytes:
        """16 bytes, good for one request."""
        nonce = secrets.token_bytes(NONCE_LENGTH)
        await self.database.write(queries.keep_nonce(nonce))
        return nonce

    async def admit(self, request: Request, limit: int) -> bytes:
        """The body of a request that a desk signed, at most limit bytes. Raises as `recognise`."""
        return (await self.recognise(request, limit))[1]

    async def recognise(self, request: Request, limit: int) -> tuple[bytes, bytes]:
        """The id of the desk's key, 8 bytes, and the body, at most limit bytes.

        Raises HTTPException 401; nothing of the body is read for a key that is unknown, and
        the nonce is used up only by a signature that fits.
        """
        try:
            proof = DeskProof.from_header(request.headers.get(HEADER, ""))
            public = await self._find_key(proof.key_id)
            body = await read_body(request, limit)
            path = request.scope["raw_path"].decode("ascii")
            check_proof(proof, public, request.method, path, body)
        except ProtocolError as error:
            raise _refused() from error
        if not await self.database.write(queries.spend_nonce(proof.nonce)):
            raise _refused()
        return proof.key_id, body

    async def _find_key(self, key_id: bytes) -> PublicKeyFile:
        raw = await self.database.read(queries.find_key(key_id))
        if raw is None:
            raise _refused()
        public = PublicKeyFile.from_bytes(raw, tenant=self.tenant, purpose=Purpose.DESK)
        # Not before its first month either would refuse a desk whose clock runs ahead.
        if public.last_month < this_month():
            raise _refused()
        return public


def _refused() -> HTTPException:
    return HTTPException(401, "not signed by a desk", {"WWW-Authenticate": HEADER})
