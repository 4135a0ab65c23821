"""Twelve tokens at once, for an account and a quarter: always twelve, so that the size is one.

    batch  = account (32) ‖ signature (64) ‖ 12 token requests of 259 bytes
    answer = 12 token responses of 256 bytes, in the same order

The same batch may be sent again after a lost answer: signing blind is deterministic, so the
answer is the same, and the issuer need not count it twice.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sync.protocol.errors import MalformedError
from sync.protocol.issuer_key import MODULUS_LENGTH
from sync.protocol.keys import SEED_LENGTH, SigningKey, verify
from sync.protocol.token import TOKEN_TYPE
from sync.protocol.token_request import TokenRequest, TokenResponse

PATH = "/v1/issuer/tokens"
REQUEST_MEDIA_TYPE = "application/vnd.nearmiss.token-batch.v1"
RESPONSE_MEDIA_TYPE = "application/vnd.nearmiss.token-answers.v1"
TOKENS_IN_BATCH = 12
_SIGNATURE_LENGTH = 64
_REQUEST_LENGTH = len(TOKEN_TYPE) + 1 + MODULUS_LENGTH
_HEAD_LENGTH = SEED_LENGTH + _SIGNATURE_LENGTH
BATCH_LENGTH = _HEAD_LENGTH + TOKENS_IN_BATCH * _REQUEST_LENGTH
ANSWER_LENGTH = TOKENS_IN_BATCH * MODULUS_LENGTH
_PURPOSE = b"nearmiss token batch v1"


@dataclass(frozen=True, slots=True)
class TokenBatch:
    """account: 32 bytes. signature: 64, by the account's key. requests: 12, for one key."""

    account: bytes
    signature: bytes
    requests: tuple[TokenRequest, ...]

    @property
    def key_hint(self) -> int:
        """The last byte of the id of the issuer's key that is asked for."""
        return self.requests[0].key_hint

    @property
    def digest(self) -> bytes:
        """32 bytes that tell one batch from another."""
        return hashlib.sha256(_join(self.requests)).digest()

    def to_bytes(self) -> bytes:
        """3,204 bytes."""
        return self.account + self.signature + _join(self.requests)

    @classmethod
    def from_bytes(cls, raw: bytes) -> "TokenBatch":
        """Read a batch. Raises MalformedError, also for one that names several keys."""
        if len(raw) != BATCH_LENGTH:
            raise MalformedError(f"a batch has {BATCH_LENGTH} bytes")
        starts = range(_HEAD_LENGTH, BATCH_LENGTH, _REQUEST_LENGTH)
        requests = tuple(
            TokenRequest.from_bytes(raw[each : each + _REQUEST_LENGTH]) for each in starts
        )
        if len({each.key_hint for each in requests}) != 1:
            raise MalformedError("a batch is for one key")
        return cls(raw[:SEED_LENGTH], raw[SEED_LENGTH:_HEAD_LENGTH], requests)


def sign_batch(key: SigningKey, tenant: str, requests: Sequence[TokenRequest]) -> TokenBatch:
    """The batch of an account. key: the account's. Raises ValueError unless they are twelve."""
    if len(requests) != TOKENS_IN_BATCH:
        raise ValueError(f"a batch has {TOKENS_IN_BATCH} requests")
    signature = key.sign(*_signed_parts(tenant, _join(requests)))
    return TokenBatch(key.public_bytes(), signature, tuple(requests))


def verify_batch(batch: TokenBatch, tenant: str) -> None:
    """Raises ForgedError unless the account itself asks."""
    verify(batch.account, batch.signature, *_signed_parts(tenant, _join(batch.requests)))


def join_answers(responses: Sequence[TokenResponse]) -> bytes:
    """The answer: 3,072 bytes."""
    return b"".join(each.to_bytes() for each in responses)


def split_answers(raw: bytes) -> tuple[TokenResponse, ...]:
    """The responses in it, in the order of the requests. Raises MalformedError."""
    if len(raw) != ANSWER_LENGTH:
        raise MalformedError(f"the answer to a batch has {ANSWER_LENGTH} bytes")
    starts = range(0, ANSWER_LENGTH, MODULUS_LENGTH)
    return tuple(TokenResponse.from_bytes(raw[each : each + MODULUS_LENGTH]) for each in starts)


def _join(requests: Sequence[TokenRequest]) -> bytes:
    return b"".join(each.to_bytes() for each in requests)


def _signed_parts(tenant: str, requests: bytes) -> tuple[bytes, ...]:
    return _PURPOSE, tenant.encode("ascii"), hashlib.sha256(requests).digest()
