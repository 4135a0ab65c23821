"""How a request shows that its sender made the token it carries.

Without it, whoever reads the request on the way, such as a proxy that inspects connections,
could spend the token on a report of their own.
"""

from dataclasses import dataclass

from sync.protocol import canonical
from sync.protocol.keys import SigningKey, verify
from sync.protocol.token import Token
from sync.protocol.token_nonce import check_nonce

HEADER = "NearMiss-Proof"
_PURPOSE = b"nearmiss token proof v1"
_SIGNATURE_LENGTH = 64


@dataclass(frozen=True, slots=True)
class TokenProof:
    """signature: 64 bytes, by the key whose public half is the token's nonce."""

    signature: bytes

    def to_header(self) -> str:
        """The value of the header NearMiss-Proof: 128 hexadecimal digits."""
        return self.signature.hex()

    @classmethod
    def from_header(cls, value: str) -> "TokenProof":
        """Read the header. Raises MalformedError."""
        return cls(canonical.from_hex(value, _SIGNATURE_LENGTH))


def prove_possession(
    key: SigningKey, tenant: str, report_id: bytes, body_hash: bytes
) -> TokenProof:
    """Sign for one submission. key: the nonce's. body_hash: SHA-256 of the body."""
    return TokenProof(key.sign(*_signed_parts(tenant, report_id, body_hash)))


def verify_proof(
    proof: TokenProof, token: Token, tenant: str, report_id: bytes, body_hash: bytes
) -> None:
    """Raises ForgedError unless the token's maker signed for exactly this submission.

    Raises MalformedError for a nonce that is no key of one person.
    """
    check_nonce(token.nonce)
    verify(token.nonce, proof.signature, *_signed_parts(tenant, report_id, body_hash))


def _signed_parts(tenant: str, report_id: bytes, body_hash: bytes) -> tuple[bytes, ...]:
    return _PURPOSE, tenant.encode("ascii"), report_id, body_hash
