"""How a client gets a token: blind, ask, unblind (RFC 9578, section 6.1 to 6.3).

The issuer sees a request that tells nothing about the token it becomes.
"""

import secrets
from dataclasses import dataclass

from sync.protocol import canonical
from sync.protocol.blind_rsa import SALT_LENGTH, blind, draw_factor, unblind
from sync.protocol.errors import ForgedError, MalformedError
from sync.protocol.issuer_key import MODULUS_LENGTH, IssuerKey
from sync.protocol.keys import SEED_LENGTH, SigningKey
from sync.protocol.token import (
    FIELD_LENGTH,
    TOKEN_TYPE,
    Token,
    challenge_digest,
    token_input,
    verify_token,
)

REQUEST_MEDIA_TYPE = "application/private-token-request"
RESPONSE_MEDIA_TYPE = "application/private-token-response"
PENDING_FORMAT = "nearmiss-pending-token-1"
_REQUEST_LENGTH = len(TOKEN_TYPE) + 1 + MODULUS_LENGTH


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """key_hint: the last byte of the key's id, no more, so that it names no one. blinded: 256."""

    key_hint: int
    blinded: bytes

    def to_bytes(self) -> bytes:
        """259 bytes."""
        return TOKEN_TYPE + self.key_hint.to_bytes(1, "big") + self.blinded

    @classmethod
    def from_bytes(cls, raw: bytes) -> "TokenRequest":
        """Read a request. Raises MalformedError."""
        if len(raw) != _REQUEST_LENGTH or not raw.startswith(TOKEN_TYPE):
            raise MalformedError("not a request for a token of this type")
        return cls(raw[len(TOKEN_TYPE)], raw[-MODULUS_LENGTH:])


@dataclass(frozen=True, slots=True)
class TokenResponse:
    """blind_signature: 256 bytes."""

    blind_signature: bytes

    def to_bytes(self) -> bytes:
        """256 bytes."""
        return self.blind_signature

    @classmethod
    def from_bytes(cls, raw: bytes) -> "TokenResponse":
        """Read an answer. Raises MalformedError."""
        if len(raw) != MODULUS_LENGTH:
            raise MalformedError("not an answer to a request for a token")
        return cls(raw)


@dataclass(frozen=True, slots=True)
class PendingToken:
    """A token that has been asked for. Secret as long as the token is unspent.

    It is kept until the answer has come: the same request may then be sent again, and the
    issuer need not count it twice. token_key_id: 32 bytes, the issuer key it was made for.
    """

    key: SigningKey
    token_key_id: bytes
    blinded: bytes
    inverse: int

    def __repr__(self) -> str:
        return "PendingToken(secret)"

    @property
    def request(self) -> TokenRequest:
        """What is sent to the issuer."""
        return TokenRequest(self.token_key_id[-1], self.blinded)

    def to_bytes(self) -> bytes:
        """For the post, never for the wire."""
        return canonical.encode(
            {
                "format": PENDING_FORMAT,
                "seed": canonical.to_base64(self.key.seed),
                "token_key_id": self.token_key_id.hex(),
                "blinded": canonical.to_base64(self.blinded),
                "inverse": canonical.to_base64(self.inverse.to_bytes(MODULUS_LENGTH, "big")),
            }
        )

    @classmethod
    def from_bytes(cls, raw: bytes) -> "PendingToken":
        """Read it back. Raises MalformedError."""
        message = canonical.decode(raw)
        canonical.expect_format(message, PENDING_FORMAT)
        canonical.expect_only(message, "format", "seed", "token_key_id", "blinded", "inverse")
        inverse = canonical.from_base64(message.get("inverse"), MODULUS_LENGTH)
        return cls(
            SigningKey(canonical.from_base64(message.get("seed"), SEED_LENGTH)),
            canonical.from_hex(message.get("token_key_id"), FIELD_LENGTH),
            canonical.from_base64(message.get("blinded"), MODULUS_LENGTH),
            int.from_bytes(inverse, "big"),
        )


@dataclass(frozen=True, slots=True)
class OwnToken:
    """A token and the key that proves who may spend it."""

    token: Token
    key: SigningKey

    def __repr__(self) -> str:
        return "OwnToken(secret)"


def request_token(issuer: IssuerKey) -> PendingToken:
    """Make a nonce key and blind the token it will be part of. Raises MalformedError."""
    key = SigningKey.generate()
    message = _signed_part(key, issuer)
    salt = secrets.token_bytes(SALT_LENGTH)
    blinded = blind(issuer.modulus, message, salt, draw_factor(issuer.modulus))
    return PendingToken(key, issuer.token_key_id, blinded.message, blinded.inverse)


def finalise(pending: PendingToken, response: TokenResponse, issuer: IssuerKey) -> OwnToken:
    """The token. issuer: the key that the request was made for.

    Raises MalformedError or ForgedError unless the result is a good token by the very check
    that the service makes: whatever else an issuer answered, nothing of it is kept.
    """
    if pending.token_key_id != issuer.token_key_id:
        raise ForgedError("the token was asked for under another key")
    token = Token(
        nonce=pending.key.public_bytes(),
        challenge_digest=challenge_digest(issuer.tenant),
        token_key_id=issuer.token_key_id,
        authenticator=unblind(issuer.modulus, response.blind_signature, pending.inverse),
    )
    verify_token(token, {issuer.token_key_id: issuer}, issuer.tenant)
    return OwnToken(token, pending.key)


def _signed_part(key: SigningKey, issuer: IssuerKey) -> bytes:
    return token_input(key.public_bytes(), challenge_digest(issuer.tenant), issuer.token_key_id)
