"""A batch is signed by its account, always of one size, and names one key."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.errors import ForgedError, MalformedError, ProtocolError
from sync.protocol.keys import SigningKey
from sync.protocol.token_batch import (
    ANSWER_LENGTH,
    BATCH_LENGTH,
    TokenBatch,
    join_answers,
    sign_batch,
    split_answers,
    verify_batch,
)
from sync.protocol.token_request import TokenRequest, TokenResponse
from tests.golden.make_protocol import TENANT

KEY = SigningKey(b"a" * 32)
REQUESTS = tuple(TokenRequest(8, bytes([place]) * 256) for place in range(12))
BATCH = sign_batch(KEY, TENANT, REQUESTS)


def test_a_batch_comes_back_as_it_was_and_has_one_size() -> None:
    raw = BATCH.to_bytes()
    assert len(raw) == BATCH_LENGTH == 3_204
    assert TokenBatch.from_bytes(raw) == BATCH
    verify_batch(BATCH, TENANT)


@given(st.integers(0, BATCH_LENGTH - 1), st.integers(1, 255))
def test_no_changed_byte_is_believed(place: int, change: int) -> None:
    raw = bytearray(BATCH.to_bytes())
    raw[place] ^= change
    with pytest.raises(ProtocolError):
        verify_batch(TokenBatch.from_bytes(bytes(raw)), TENANT)


def test_a_batch_for_another_tenant_or_in_another_order_is_refused() -> None:
    with pytest.raises(ForgedError):
        verify_batch(BATCH, "f" * 32)
    turned = dataclasses.replace(BATCH, requests=REQUESTS[::-1])
    with pytest.raises(ForgedError):
        verify_batch(turned, TENANT)
    assert turned.digest != BATCH.digest


def test_a_batch_names_one_key() -> None:
    mixed = sign_batch(KEY, TENANT, (*REQUESTS[:11], TokenRequest(9, b"x" * 256)))
    with pytest.raises(MalformedError):
        TokenBatch.from_bytes(mixed.to_bytes())


@pytest.mark.parametrize("count", [0, 1, 11, 13])
def test_a_batch_is_twelve(count: int) -> None:
    with pytest.raises(ValueError, match="12"):
        sign_batch(KEY, TENANT, REQUESTS[:1] * count)


@given(st.binary(max_size=64))
def test_other_bytes_are_no_batch_and_no_answer(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        TokenBatch.from_bytes(raw)
    with pytest.raises(MalformedError):
        split_answers(raw)


def test_answers_keep_their_order() -> None:
    answers = tuple(TokenResponse(bytes([place]) * 256) for place in range(12))
    raw = join_answers(answers)
    assert len(raw) == ANSWER_LENGTH
    assert split_answers(raw) == answers
