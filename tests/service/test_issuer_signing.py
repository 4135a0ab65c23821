import importlib.util
import math
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from service.issuer.signing import (
    IssuerSigner,
    Power,
    SigningError,
    fastest_power,
    generate_private_key,
    load_signer,
)
from tests.protocol.issuers import ISSUER, signer, stored_private_key

N = ISSUER.modulus
P, Q = signer().p, signer().q
PRIVATE = pow(65_537, -1, math.lcm(P - 1, Q - 1))
MESSAGE = (N // 3).to_bytes(256, "big")


def stored(key: rsa.RSAPrivateKey | Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


@settings(max_examples=15)
@given(st.integers(2, N - 2))
def test_a_signature_is_the_plain_private_power(number: int) -> None:
    signed = signer().blind_sign(number.to_bytes(256, "big"))
    assert int.from_bytes(signed, "big") == pow(number, PRIVATE, N)


def test_the_same_request_gets_the_same_signature_by_other_steps_each_time() -> None:
    seen: list[tuple[int, int]] = []

    def noting(base: int, exponent: int, modulus: int) -> int:
        seen.append((base, exponent))
        return pow(base, exponent, modulus)

    key = IssuerSigner(P, Q, noting)
    assert key.blind_sign(MESSAGE) == key.blind_sign(MESSAGE)
    assert len({base for base, _ in seen}) == 4
    assert len({exponent for _, exponent in seen}) == 4
    assert all(exponent.bit_length() > 1_024 + 64 for _, exponent in seen)


@pytest.mark.parametrize(
    "blinded",
    [
        bytes(256),
        (1).to_bytes(256, "big"),
        (N - 1).to_bytes(256, "big"),
        N.to_bytes(256, "big"),
        (N + 2).to_bytes(256, "big"),
        b"\xff" * 256,
        P.to_bytes(256, "big"),
        (5 * Q).to_bytes(256, "big"),
        b"",
        b"\x01" * 255,
        b"\0" + b"\x01" * 256,
    ],
    ids=["0", "1", "n-1", "n", "n+2", "largest", "p", "5q", "empty", "short", "long"],
)
def test_a_number_out_of_range_is_not_signed(blinded: bytes) -> None:
    with pytest.raises(SigningError, match="the request was not signed"):
        signer().blind_sign(blinded)


def faulty(prime: int, bit: int) -> Power:
    """Exponentiation that flips one bit of its result in one of the halves."""

    def power(base: int, exponent: int, modulus: int) -> int:
        result = pow(base, exponent, modulus)
        return result ^ (1 << bit) if modulus == prime else result

    return power


@settings(max_examples=10)
@given(st.sampled_from([P, Q]), st.integers(0, 1_022))
def test_a_fault_in_either_half_gives_a_refusal_and_no_signature(prime: int, bit: int) -> None:
    with pytest.raises(SigningError):
        IssuerSigner(P, Q, faulty(prime, bit)).blind_sign(MESSAGE)


def test_the_fault_would_have_given_away_a_prime() -> None:
    # Boneh, DeMillo and Lipton: what the check keeps inside. Without base blinding here.
    number = int.from_bytes(MESSAGE, "big")
    by_p = pow(number, PRIVATE % (P - 1), P) ^ 1
    by_q = pow(number, PRIVATE % (Q - 1), Q)
    wrong = by_q + (by_p - by_q) * pow(Q, -1, P) % P * Q
    assert math.gcd(pow(wrong, 65_537, N) - number, N) == Q


@pytest.mark.parametrize("constant", [0, 1, 2])
def test_an_exponentiation_that_does_nothing_gives_a_refusal(constant: int) -> None:
    with pytest.raises(SigningError):
        IssuerSigner(P, Q, lambda _base, _exponent, _modulus: constant).blind_sign(MESSAGE)


def test_a_new_key_is_stored_loaded_and_signs() -> None:
    raw = generate_private_key()
    key = load_signer(raw)
    assert key.modulus.bit_length() == 2_048
    assert key.blind_sign(MESSAGE[:1] + bytes(255)) == load_signer(raw).blind_sign(
        MESSAGE[:1] + bytes(255)
    )
    assert generate_private_key() != raw


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"",
        lambda: stored_private_key()[:-1],
        lambda: stored(rsa.generate_private_key(65_537, 1_024)),  # noqa: S505 - to be refused
        lambda: stored(rsa.generate_private_key(3, 2_048)),
        lambda: stored(Ed25519PrivateKey.generate()),
        lambda: stored_private_key().replace(P.to_bytes(128, "big"), (P + 2).to_bytes(128, "big")),
    ],
    ids=["nothing", "cut", "size", "exponent", "kind", "primes"],
)
def test_another_key_is_not_loaded(make: Callable[[], bytes]) -> None:
    with pytest.raises(SigningError):
        load_signer(make())


def test_every_refusal_says_the_same_and_nothing_secret_is_printed() -> None:
    assert str(SigningError()) == "the request was not signed"
    assert repr(signer()) == "IssuerSigner(secret)"


def test_without_gmpy2_python_itself_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert fastest_power() is pow


@pytest.mark.skipif(importlib.util.find_spec("gmpy2") is None, reason="gmpy2 is not installed")
def test_with_gmpy2_the_signature_is_the_same() -> None:
    fast = IssuerSigner(P, Q, fastest_power())
    assert fastest_power() is not pow
    assert fast.blind_sign(MESSAGE) == IssuerSigner(P, Q).blind_sign(MESSAGE)
