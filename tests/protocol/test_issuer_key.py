import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.protocol.errors import MalformedError, ProtocolError
from sync.protocol.issuer_key import IssuerKey, read_modulus
from sync.protocol.keys import PublicKeyFile, Purpose
from tests.golden import make_protocol as golden
from tests.protocol.damage import any_form
from tests.protocol.issuers import ISSUER, QUARTER, other_signer, signer

TENANT = golden.TENANT
GOOD = ISSUER.to_bytes()
# Where the search for a prime of 2,048 bits begins.
_START = 2**2047 + 2**1024 + 1


def read(raw: bytes) -> IssuerKey:
    return IssuerKey.from_bytes(raw, tenant=TENANT, quarter=QUARTER)


def with_member(name: str, value: object) -> bytes:
    return json.dumps(json.loads(GOOD) | {name: value}).encode()


def encoded(modulus: int) -> bytes:
    return replace(ISSUER, modulus=modulus).public


def test_a_key_survives_the_trip() -> None:
    assert read(GOOD) == ISSUER
    assert read(GOOD).token_key_id == ISSUER.token_key_id
    assert ISSUER.name == f"issuer-{ISSUER.token_key_id.hex()[:16]}.json"


def test_the_library_reads_the_encoding_as_an_rsa_key() -> None:
    key = load_der_public_key(ISSUER.public)
    assert isinstance(key, rsa.RSAPublicKey)
    assert key.public_numbers() == rsa.RSAPublicNumbers(65_537, ISSUER.modulus)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("tenant", "f" * 32, "another tenant"),
        ("tenant", TENANT.upper(), "digits"),
        ("purpose", "acknowledgement", "another purpose"),
        ("quarter", "2026-Q4", "another quarter"),
        ("quarter", "2026-Q5", "not a quarter"),
        ("quarter", "2026-Q3\n", "not a quarter"),
        ("quarter", 3, "not a text"),
        ("format", "nearmiss-key-1", "not a"),
        ("public", "", "2,048 bits"),
        ("public", None, "missing"),
        ("d", "AQ==", "unknown"),
    ],
)
def test_a_key_that_says_something_else_is_refused(name: str, value: object, why: str) -> None:
    with pytest.raises(MalformedError, match=why):
        read(with_member(name, value))


def test_a_key_of_another_kind_is_no_issuer_key_and_the_other_way_round() -> None:
    with pytest.raises(MalformedError):
        read(golden.ACKNOWLEDGEMENT_FILE.to_bytes())
    for purpose in Purpose:
        with pytest.raises(MalformedError):
            PublicKeyFile.from_bytes(GOOD, tenant=TENANT, purpose=purpose)


def public_of(key: rsa.RSAPrivateKey | Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def test_another_exponent_size_algorithm_or_encoding_is_refused() -> None:
    good = ISSUER.public
    others = [
        good[:-3] + (3).to_bytes(3, "big"),
        good[:-3] + (65_539).to_bytes(3, "big"),
        good[:-1],
        good + b"\0",
        public_of(rsa.generate_private_key(65_537, 1_024)),  # noqa: S505 - to be refused
        public_of(Ed25519PrivateKey.generate()),
        rsa.RSAPublicNumbers(65_537, ISSUER.modulus)
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    ]
    for other in others:
        with pytest.raises(MalformedError, match="2,048 bits with the exponent"):
            read_modulus(other)


def test_a_modulus_that_is_none_of_rsa_is_refused() -> None:
    p = signer().p
    prime = next(each for each in range(_START, _START + 10**5, 2) if is_prime(each))
    others = {
        "small divisor": [ISSUER.modulus - 1, ISSUER.modulus // 3 * 3, 997 * 2**2038 + 997],
        "has not 2,048 bits": [0, 1, 2**2047 - 1],
        "is a square": [p * p],
        "is a prime": [prime],
    }
    for why, moduli in others.items():
        for modulus in moduli:
            with pytest.raises(MalformedError, match=why):
                read_modulus(encoded(modulus))
    assert read_modulus(encoded(other_signer().modulus)) == other_signer().modulus


@settings(max_examples=200)
@given(any_form(GOOD))
def test_any_bytes_are_the_key_or_are_refused(raw: bytes) -> None:
    try:
        found = read(raw)
    except ProtocolError:
        return
    assert read(found.to_bytes()) == found


@given(st.integers(0, 341), st.integers(1, 255))
def test_a_changed_byte_gives_another_key_id_or_is_refused(place: int, change: int) -> None:
    raw = bytearray(ISSUER.public)
    raw[place] ^= change
    try:
        modulus = read_modulus(bytes(raw))
    except MalformedError:
        return
    assert replace(ISSUER, modulus=modulus).token_key_id != ISSUER.token_key_id


def is_prime(number: int) -> bool:
    """Trial division, then Fermat to bases 2 and 3: enough for numbers that nobody chose."""
    if any(number % small == 0 for small in range(3, 2_000, 2)):
        return False
    return all(pow(base, number - 1, number) == 1 for base in (2, 3))
