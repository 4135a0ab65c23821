import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.protocol.blind_rsa import (
    SALT_LENGTH,
    blind,
    draw_factor,
    encode_pss,
    modulus_length,
    unblind,
    verify_pss,
)
from sync.protocol.errors import ForgedError, MalformedError
from tests.protocol.issuers import ISSUER, other_signer, signer, stored_private_key

N = ISSUER.modulus
SALT = bytes(SALT_LENGTH)


@settings(max_examples=20)
@given(st.binary(max_size=200), st.binary(min_size=48, max_size=48), st.integers(2, N - 2))
def test_any_message_is_signed_without_being_seen(message: bytes, salt: bytes, factor: int) -> None:
    blinded = blind(N, message, salt, factor)
    signature = unblind(N, signer().blind_sign(blinded.message), blinded.inverse)
    verify_pss(N, message, signature)
    with pytest.raises(ForgedError):
        verify_pss(N, message + b"\0", signature)


def test_the_library_and_this_module_read_each_others_signatures() -> None:
    key = load_der_private_key(stored_private_key(), password=None)
    assert isinstance(key, RSAPrivateKey)
    padding = PSS(MGF1(hashes.SHA384()), SALT_LENGTH)
    verify_pss(N, b"message", key.sign(b"message", padding, hashes.SHA384()))


def test_the_same_message_looks_different_each_time() -> None:
    seen = {blind(N, b"message", SALT, draw_factor(N)).message for _ in range(5)}
    assert len(seen) == 5


def test_factors_are_in_range_and_invertible() -> None:
    drawn = [draw_factor(15) for _ in range(200)]
    assert set(drawn) == {1, 2, 4, 7, 8, 11, 13, 14}


@pytest.mark.parametrize("factor", [0, N, signer().p, 3 * signer().q])
def test_a_factor_that_has_no_inverse_is_refused(factor: int) -> None:
    with pytest.raises(MalformedError):
        blind(N, b"message", SALT, factor)


@pytest.mark.parametrize(
    "answer",
    [
        bytes(256),
        N.to_bytes(256, "big"),
        (N + 1).to_bytes(256, "big"),
        b"\xff" * 256,
        b"",
        b"\x01",
        b"\x01" * 255,
        b"\0" + b"\x01" * 256,
    ],
    ids=["zero", "n", "n + 1", "largest", "empty", "one", "short", "long"],
)
def test_a_blind_signature_out_of_range_is_refused(answer: bytes) -> None:
    with pytest.raises(MalformedError):
        unblind(N, answer, 1)


def test_a_signature_of_another_key_or_salt_length_is_forged() -> None:
    signature = sign(b"message", SALT)
    verify_pss(N, b"message", signature)
    with pytest.raises(ForgedError):
        verify_pss(other_signer().modulus, b"message", signature)
    with pytest.raises(ForgedError):
        verify_pss(N, b"message", sign(b"message", b""))


@settings(max_examples=40)
@given(st.integers(0, 8 * 256 - 1))
def test_any_flipped_bit_of_a_signature_is_forged(bit: int) -> None:
    flipped = int.from_bytes(GOOD, "big") ^ (1 << bit)
    with pytest.raises(ForgedError):
        verify_pss(N, b"message", flipped.to_bytes(256, "big"))


@given(st.binary(max_size=300))
def test_any_bytes_as_a_signature_are_forged(signature: bytes) -> None:
    with pytest.raises(ForgedError):
        verify_pss(N, b"message", signature)


def test_too_small_a_modulus_cannot_be_encoded_for() -> None:
    with pytest.raises(ValueError, match="too small"):
        encode_pss(b"message", SALT, 8 * (48 + SALT_LENGTH + 2) - 8)


def test_the_top_bits_are_clear_whatever_the_size_of_the_modulus() -> None:
    for bits in range(1_024, 1_040):
        encoded = encode_pss(b"message", SALT, bits)
        assert len(encoded) == modulus_length(1 << (bits - 1))
        assert int.from_bytes(encoded, "big").bit_length() <= bits


def test_nothing_secret_is_printed() -> None:
    assert "inverse" not in repr(blind(N, b"message", SALT, 2))


def sign(message: bytes, salt: bytes) -> bytes:
    blinded = blind(N, message, salt, 1)
    return signer().blind_sign(blinded.message)


GOOD = sign(b"message", SALT)
