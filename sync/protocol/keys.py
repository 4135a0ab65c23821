"""Keys and the files that carry their public halves.

A public key travels inside a signed file that names tenant, purpose and period, since a
key that was accepted in two roles was a real attack on a peer.
"""

import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from sync.protocol import canonical
from sync.protocol.errors import ForgedError, MalformedError

TENANT_LENGTH = 16
SEED_LENGTH = 32
SEALING_SEED_LENGTH = 96  # 64 for ML-KEM-768, then 32 for X25519
KEY_ID_LENGTH = 8
FORMAT = "nearmiss-key-1"
_MEMBERS = ("format", "tenant", "purpose", "first_month", "last_month", "public")
_MLKEM_PUBLIC_LENGTH = 1_184
_SEALING_PUBLIC_LENGTH = _MLKEM_PUBLIC_LENGTH + 32
_MLKEM_SEED_LENGTH = 64


class Purpose(StrEnum):
    """What a key is for. It is part of every signature, so none fits another's place."""

    RESEARCH = "research"
    ACKNOWLEDGEMENT = "acknowledgement"
    DESK = "desk"


def sealing_suite() -> Suite:
    """HPKE with ML-KEM-768 and X25519, SHAKE256, ChaCha20-Poly1305 (protocol, Keys)."""
    return Suite(KEM.MLKEM768_X25519, KDF.SHAKE256, AEAD.CHACHA20_POLY1305)


@dataclass(frozen=True, slots=True)
class SealingKey:
    """A private key that opens. `seed` is 96 secret bytes."""

    seed: bytes

    def __repr__(self) -> str:
        return "SealingKey(secret)"

    @classmethod
    def generate(cls) -> "SealingKey":
        """A new key from the system's random source."""
        return cls(secrets.token_bytes(SEALING_SEED_LENGTH))

    def private(self) -> MLKEM768X25519PrivateKey:
        """The key as the library wants it."""
        return MLKEM768X25519PrivateKey(*self._halves())

    def public_bytes(self) -> bytes:
        """1,216 bytes: ML-KEM-768, then X25519."""
        mlkem, x25519 = self._halves()
        return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()

    def _halves(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        return (
            MLKEM768PrivateKey.from_seed_bytes(self.seed[:_MLKEM_SEED_LENGTH]),
            X25519PrivateKey.from_private_bytes(self.seed[_MLKEM_SEED_LENGTH:]),
        )


def sealing_public_key(raw: bytes) -> MLKEM768X25519PublicKey:
    """The public half from its 1,216 bytes.

    Raises MalformedError, also for an X25519 point of low order: nothing can be sealed to it
    (RFC 7748, section 6.1), and that must not come to light only at sealing.
    """
    if len(raw) != _SEALING_PUBLIC_LENGTH:
        raise MalformedError("a sealing key has 1,216 bytes")
    try:
        mlkem = MLKEM768PublicKey.from_public_bytes(raw[:_MLKEM_PUBLIC_LENGTH])
        x25519 = X25519PublicKey.from_public_bytes(raw[_MLKEM_PUBLIC_LENGTH:])
        X25519PrivateKey.generate().exchange(x25519)
    except ValueError as error:
        raise MalformedError("not a sealing key") from error
    return MLKEM768X25519PublicKey(mlkem, x25519)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private Ed25519 key. `seed` is 32 secret bytes."""

    seed: bytes

    def __repr__(self) -> str:
        return "SigningKey(secret)"

    @classmethod
    def generate(cls) -> "SigningKey":
        """A new key from the system's random source."""
        return cls(secrets.token_bytes(SEED_LENGTH))

    def public_bytes(self) -> bytes:
        """32 bytes."""
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        return private.public_key().public_bytes_raw()

    def sign(self, *parts: bytes) -> bytes:
        """64 bytes over the framed parts."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(canonical.framed(*parts))


def verify(public: bytes, signature: bytes, *parts: bytes) -> None:
    """Raises ForgedError unless the signature over the framed parts is this key's."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, canonical.framed(*parts))
    except (InvalidSignature, ValueError) as error:
        raise ForgedError("the signature does not fit") from error


@dataclass(frozen=True, slots=True)
class PublicKeyFile:
    """A public key with tenant, purpose and period: a target under `keys/`.

    tenant: 32 hexadecimal digits. first_month, last_month: "YYYY-MM", both included.
    """

    tenant: str
    purpose: Purpose
    first_month: str
    last_month: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """8 bytes that name the key: the hash of all it says."""
        return hashlib.sha256(self.to_bytes()).digest()[:KEY_ID_LENGTH]

    @property
    def name(self) -> str:
        """File name under `keys/`."""
        return f"{self.purpose}-{self.key_id.hex()}.json"

    def to_bytes(self) -> bytes:
        """The signed bytes."""
        return canonical.encode(
            {
                "format": FORMAT,
                "tenant": self.tenant,
                "purpose": self.purpose.value,
                "first_month": self.first_month,
                "last_month": self.last_month,
                "public": canonical.to_base64(self.public),
            }
        )

    @classmethod
    def from_bytes(cls, raw: bytes, *, tenant: str, purpose: Purpose) -> "PublicKeyFile":
        """Read a key of this tenant for this purpose. Raises MalformedError for any other."""
        message = canonical.decode(raw)
        canonical.expect_format(message, FORMAT)
        canonical.expect_only(message, *_MEMBERS)
        canonical.from_hex(message.get("tenant"), TENANT_LENGTH)
        if message.get("tenant") != tenant:
            raise MalformedError("the key belongs to another tenant")
        if message.get("purpose") != purpose:
            raise MalformedError("the key is for another purpose")
        first_month = canonical.month_of(message, "first_month")
        last_month = canonical.month_of(message, "last_month")
        if first_month > last_month:
            raise MalformedError("the key's period ends before it begins")
        return cls(tenant, purpose, first_month, last_month, _read_public(message, purpose))


def _read_public(message: dict[str, canonical.Json], purpose: Purpose) -> bytes:
    if purpose is not Purpose.RESEARCH:
        return canonical.from_base64(message.get("public"), SEED_LENGTH)
    public = canonical.from_base64(message.get("public"), _SEALING_PUBLIC_LENGTH)
    sealing_public_key(public)
    return public
