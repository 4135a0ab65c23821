"""The service's signed word that it has stored exactly these bytes under this id.

It carries no date, so it tells nothing that the client did not know.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sync.protocol import canonical
from sync.protocol.errors import ForgedError
from sync.protocol.keys import KEY_ID_LENGTH, PublicKeyFile, Purpose, SigningKey, verify

FORMAT = "nearmiss-acknowledgement-1"
_PURPOSE = b"nearmiss acknowledgement v1"
_SIGNATURE_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """key_id: 8 bytes that name the key. signature: 64 bytes."""

    key_id: bytes
    signature: bytes

    def to_bytes(self) -> bytes:
        """The answer's body."""
        return canonical.encode(
            {
                "format": FORMAT,
                "key_id": self.key_id.hex(),
                "signature": canonical.to_base64(self.signature),
            }
        )

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Acknowledgement":
        """Read an answer's body. Raises MalformedError."""
        message = canonical.decode(raw)
        canonical.expect_format(message, FORMAT)
        canonical.expect_only(message, "format", "key_id", "signature")
        return cls(
            canonical.from_hex(message.get("key_id"), KEY_ID_LENGTH),
            canonical.from_base64(message.get("signature"), _SIGNATURE_LENGTH),
        )


def acknowledge(
    key: SigningKey, public: PublicKeyFile, report_id: bytes, body_hash: bytes
) -> Acknowledgement:
    """Sign for a stored report. body_hash: SHA-256 of the body."""
    return sign_word(key, public, _PURPOSE, report_id, body_hash)


def check_acknowledgement(
    acknowledgement: Acknowledgement,
    keys: Iterable[PublicKeyFile],
    report_id: bytes,
    body_hash: bytes,
) -> None:
    """Raises ForgedError unless one of the keys signed for exactly this report.

    A key for another purpose never counts, whatever it signed.
    """
    check_word(acknowledgement, keys, _PURPOSE, report_id, body_hash)


def sign_word(
    key: SigningKey, public: PublicKeyFile, purpose: bytes, report_id: bytes, digest: bytes
) -> Acknowledgement:
    """What the service says of a report. purpose: what it says. digest: what it says it of."""
    signature = key.sign(*_signed_parts(purpose, public.tenant, report_id, digest))
    return Acknowledgement(public.key_id, signature)


def check_word(
    word: Acknowledgement,
    keys: Iterable[PublicKeyFile],
    purpose: bytes,
    report_id: bytes,
    digest: bytes,
) -> None:
    """Raises ForgedError unless one of the keys signed exactly this."""
    for key in keys:
        if key.purpose is Purpose.ACKNOWLEDGEMENT and key.key_id == word.key_id:
            parts = _signed_parts(purpose, key.tenant, report_id, digest)
            verify(key.public, word.signature, *parts)
            return
    raise ForgedError("signed with a key that nobody vouches for")


def _signed_parts(
    purpose: bytes, tenant: str, report_id: bytes, digest: bytes
) -> tuple[bytes, ...]:
    return purpose, tenant.encode("ascii"), report_id, digest
