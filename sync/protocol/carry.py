"""A submission on its way by hand, and the acknowledgement on its way back.

The outgoing file holds the same bytes and id that go up over a network, and the address they go
to; whoever holds it learns no more than a proxy that reads along. `token` and `proof` are the
two headers of a token, or null while there is none. The file that comes back holds the service's
signature, and can be given to anyone.
"""

from dataclasses import dataclass

from sync.protocol import canonical
from sync.protocol.acknowledgement import Acknowledgement
from sync.protocol.connection import check_url
from sync.protocol.errors import MalformedError
from sync.protocol.keys import TENANT_LENGTH
from sync.protocol.seal import BODY_LENGTH
from sync.protocol.token import Token
from sync.protocol.token_proof import TokenProof

FORMAT = "nearmiss-carry-1"
REPLY_FORMAT = "nearmiss-carry-reply-1"
# A body in base64, a token, a proof, an address, and some room.
SIZE_LIMIT = 96 * 1024
_ID_LENGTH = 16
_MEMBERS = ("format", "tenant", "service_url", "id", "body", "token", "proof")
_REPLY_MEMBERS = ("format", "tenant", "id", "acknowledgement")


@dataclass(frozen=True, slots=True)
class Carried:
    """body: 65,536 sealed bytes. report_id: 16 bytes. proof: only with a token."""

    tenant: str
    service_url: str
    report_id: bytes
    body: bytes
    token: Token | None = None
    proof: TokenProof | None = None

    def __repr__(self) -> str:
        return f"Carried(tenant={self.tenant!r})"

    def to_bytes(self) -> bytes:
        """The file's content."""
        token, proof = self.token, self.proof
        return canonical.encode(
            {
                "format": FORMAT,
                "tenant": self.tenant,
                "service_url": self.service_url,
                "id": self.report_id.hex(),
                "body": canonical.to_base64(self.body),
                "token": None if token is None else canonical.to_base64(token.to_bytes()),
                "proof": None if proof is None else proof.to_header(),
            }
        )

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Carried":
        """Read a file. Raises MalformedError."""
        message = _decode(raw, FORMAT, _MEMBERS)
        token, proof = message.get("token"), message.get("proof")
        if (token is None) is not (proof is None):
            raise MalformedError("a token and its proof go together")
        return cls(
            tenant=_read_tenant(message),
            service_url=check_url(canonical.text_of(message, "service_url")),
            report_id=canonical.from_hex(message.get("id"), _ID_LENGTH),
            body=canonical.from_base64(message.get("body"), BODY_LENGTH),
            token=None if token is None else Token.from_bytes(canonical.from_base64(token)),
            proof=None if proof is None else TokenProof.from_header(_text(proof)),
        )


@dataclass(frozen=True, slots=True)
class CarryReply:
    """The service's signature for one submission. report_id: 16 bytes."""

    tenant: str
    report_id: bytes
    acknowledgement: Acknowledgement

    def to_bytes(self) -> bytes:
        """The file's content."""
        signed = canonical.decode(self.acknowledgement.to_bytes())
        return canonical.encode(
            {
                "format": REPLY_FORMAT,
                "tenant": self.tenant,
                "id": self.report_id.hex(),
                "acknowledgement": signed,
            }
        )

    @classmethod
    def from_bytes(cls, raw: bytes) -> "CarryReply":
        """Read a file. Raises MalformedError. Whether it is good says the signature."""
        message = _decode(raw, REPLY_FORMAT, _REPLY_MEMBERS)
        signed = canonical.encode(canonical.object_of(message, "acknowledgement"))
        return cls(
            tenant=_read_tenant(message),
            report_id=canonical.from_hex(message.get("id"), _ID_LENGTH),
            acknowledgement=Acknowledgement.from_bytes(signed),
        )


def _decode(raw: bytes, form: str, members: tuple[str, ...]) -> dict[str, canonical.Json]:
    if len(raw) > SIZE_LIMIT:
        raise MalformedError("the file is far too long")
    message = canonical.decode(raw)
    canonical.expect_format(message, form)
    canonical.expect_only(message, *members)
    return message


def _read_tenant(message: dict[str, canonical.Json]) -> str:
    return canonical.from_hex(message.get("tenant"), TENANT_LENGTH).hex()


def _text(value: canonical.Json) -> str:
    if not isinstance(value, str):
        raise MalformedError("the proof is not a text")
    return value
