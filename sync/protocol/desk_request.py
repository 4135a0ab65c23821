"""How an analyst's machine proves to the service that a request is its own."""

import hashlib
from dataclasses import dataclass

from sync.protocol import canonical
from sync.protocol.errors import ForgedError, MalformedError
from sync.protocol.keys import KEY_ID_LENGTH, PublicKeyFile, Purpose, SigningKey, verify

HEADER = "NearMiss-Desk"
NONCE_LENGTH = 16
_PURPOSE = b"nearmiss desk request v1"
_SIGNATURE_LENGTH = 64
_PARTS = 3


@dataclass(frozen=True, slots=True)
class DeskProof:
    """key_id: 8 bytes. nonce: 16 bytes that the service gave out, used once. signature: 64."""

    key_id: bytes
    nonce: bytes
    signature: bytes

    def to_header(self) -> str:
        """The value of the header NearMiss-Desk."""
        return f"{self.key_id.hex()}.{self.nonce.hex()}.{self.signature.hex()}"

    @classmethod
    def from_header(cls, value: str) -> "DeskProof":
        """Read the header. Raises MalformedError."""
        parts = value.split(".")
        if len(parts) != _PARTS:
            raise MalformedError("a desk proof has three parts")
        lengths = (KEY_ID_LENGTH, NONCE_LENGTH, _SIGNATURE_LENGTH)
        return cls(
            *(canonical.from_hex(part, size) for part, size in zip(parts, lengths, strict=True))
        )


def prove(
    key: SigningKey, public: PublicKeyFile, method: str, path: str, body: bytes, nonce: bytes
) -> DeskProof:
    """Sign one request. path: as sent, with its leading slash."""
    parts = _signed_parts(public.tenant, method, path, body, nonce)
    return DeskProof(public.key_id, nonce, key.sign(*parts))


def check_proof(
    proof: DeskProof, public: PublicKeyFile, method: str, path: str, body: bytes
) -> None:
    """Raises ForgedError unless the key signed exactly this request.

    The caller looks after two things: that the nonce is one it gave out and has not been
    used, and that the key was added by the operator.
    """
    if public.purpose is not Purpose.DESK or proof.key_id != public.key_id:
        raise ForgedError("the proof names another key")
    parts = _signed_parts(public.tenant, method, path, body, proof.nonce)
    verify(public.public, proof.signature, *parts)


def _signed_parts(
    tenant: str, method: str, path: str, body: bytes, nonce: bytes
) -> tuple[bytes, ...]:
    # Method and path come from the wire: whatever is in them must lead to a signature that
    # does not fit, not to an error of encoding.
    return (
        _PURPOSE,
        tenant.encode("ascii"),
        method.encode("utf-8", "surrogatepass"),
        path.encode("utf-8", "surrogatepass"),
        hashlib.sha256(body).digest(),
        nonce,
    )
