"""Proof of being a verified officer that cannot be linked to anyone.

A token is one of Privacy Pass, type 0x0002, byte for byte (RFC 9577, section 2.2; RFC 9578,
section 6). Its nonce is the public half of a fresh Ed25519 key, so that only who made the
token can spend it (`token_proof`).
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from sync.protocol.blind_rsa import verify_pss
from sync.protocol.errors import ForgedError, MalformedError
from sync.protocol.issuer_key import MODULUS_LENGTH, IssuerKey
from sync.protocol.token_nonce import check_nonce

TOKEN_TYPE = b"\x00\x02"
FIELD_LENGTH = 32
TOKEN_LENGTH = len(TOKEN_TYPE) + 3 * FIELD_LENGTH + MODULUS_LENGTH
HEADER = "Authorization"
_ORIGIN = "intake"
_CONTEXT_LIMIT = 32
# 354 bytes are a multiple of three, so their base64url never has padding.
_HEADER_VALUE = re.compile(f'PrivateToken token="([A-Za-z0-9_-]{{{TOKEN_LENGTH // 3 * 4}}})"')


@dataclass(frozen=True, slots=True)
class Token:
    """nonce, challenge_digest, token_key_id: 32 bytes each. authenticator: 256 bytes."""

    nonce: bytes
    challenge_digest: bytes
    token_key_id: bytes
    authenticator: bytes

    def __repr__(self) -> str:
        return "Token(unspent)"

    def to_bytes(self) -> bytes:
        """354 bytes."""
        signed = token_input(self.nonce, self.challenge_digest, self.token_key_id)
        return signed + self.authenticator

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Token":
        """Read a token. Raises MalformedError. Whether it is good says verify_token."""
        if len(raw) != TOKEN_LENGTH:
            raise MalformedError(f"a token has {TOKEN_LENGTH} bytes, not {len(raw)}")
        if not raw.startswith(TOKEN_TYPE):
            raise MalformedError("a token of another type")
        nonce, digest, key_id = (
            raw[start : start + FIELD_LENGTH]
            for start in range(len(TOKEN_TYPE), TOKEN_LENGTH - MODULUS_LENGTH, FIELD_LENGTH)
        )
        return cls(nonce, digest, key_id, raw[-MODULUS_LENGTH:])

    def to_header(self) -> str:
        """The value of the header Authorization (RFC 9577, section 2.2)."""
        return f'PrivateToken token="{base64.urlsafe_b64encode(self.to_bytes()).decode("ascii")}"'

    @classmethod
    def from_header(cls, value: str) -> "Token":
        """Read the header, in the one writing that to_header gives. Raises MalformedError."""
        found = _HEADER_VALUE.fullmatch(value)
        if found is None:
            raise MalformedError("not an authorization by a token")
        try:
            raw = base64.urlsafe_b64decode(found[1])
        except binascii.Error as error:
            raise MalformedError("not an authorization by a token") from error
        return cls.from_bytes(raw)


def token_challenge(issuer: str, context: bytes, origin: str) -> bytes:
    """The TokenChallenge of RFC 9577, section 2.1. Raises ValueError for what does not fit."""
    if not issuer or len(context) not in {0, _CONTEXT_LIMIT}:
        raise ValueError("a challenge has an issuer, and a context of 0 or 32 bytes")
    name, info = issuer.encode("ascii"), origin.encode("ascii")
    parts = (
        TOKEN_TYPE,
        len(name).to_bytes(2, "big") + name,
        len(context).to_bytes(1, "big") + context,
        len(info).to_bytes(2, "big") + info,
    )
    return b"".join(parts)


def challenge_digest(tenant: str) -> bytes:
    """The 32 bytes that stand in every token of a tenant, the same for all, at any time."""
    return hashlib.sha256(token_challenge(tenant, b"", _ORIGIN)).digest()


def token_input(nonce: bytes, digest: bytes, token_key_id: bytes) -> bytes:
    """What the issuer signs without seeing it: 98 bytes (RFC 9578, section 6.1)."""
    return TOKEN_TYPE + nonce + digest + token_key_id


def verify_token(token: Token, keys: Mapping[bytes, IssuerKey], tenant: str) -> None:
    """Raises MalformedError or ForgedError unless the token is good for this tenant.

    keys: the issuer's keys that are accepted now, by token_key_id. The caller looks after
    the proof of possession and after spending the token once.
    """
    key = keys.get(token.token_key_id)
    if key is None or key.token_key_id != token.token_key_id or key.tenant != tenant:
        raise ForgedError("signed with a key that nobody vouches for")
    if token.challenge_digest != challenge_digest(tenant):
        raise ForgedError("a token for another service")
    check_nonce(token.nonce)
    signed = token_input(token.nonce, token.challenge_digest, token.token_key_id)
    verify_pss(key.modulus, signed, token.authenticator)
