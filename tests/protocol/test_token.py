import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.blind_rsa import SALT_LENGTH, blind, unblind
from sync.protocol.errors import ForgedError, MalformedError, ProtocolError
from sync.protocol.issuer_key import IssuerKey
from sync.protocol.keys import SigningKey
from sync.protocol.token import (
    Token,
    challenge_digest,
    token_challenge,
    token_input,
    verify_token,
)
from tests.golden.make_protocol import TENANT
from tests.protocol.issuers import ISSUER, QUARTER, other_signer, signer

NONCE = SigningKey(bytes(32)).public_bytes()
OTHER_TENANT = "f" * 32
KEYS = {ISSUER.token_key_id: ISSUER}


def issue(nonce: bytes, digest: bytes, issuer: IssuerKey = ISSUER) -> Token:
    """A token over anything at all, signed with the key of the tests."""
    message = token_input(nonce, digest, issuer.token_key_id)
    blinded = blind(ISSUER.modulus, message, bytes(SALT_LENGTH), 1).message
    signature = unblind(ISSUER.modulus, signer().blind_sign(blinded), 1)
    return Token(nonce, digest, issuer.token_key_id, signature)


GOOD = issue(NONCE, challenge_digest(TENANT))
HEADER = GOOD.to_header()


def test_a_good_token_is_accepted_as_bytes_and_as_a_header() -> None:
    verify_token(GOOD, KEYS, TENANT)
    assert Token.from_bytes(GOOD.to_bytes()) == GOOD
    assert Token.from_header(HEADER) == GOOD
    assert len(GOOD.to_bytes()) == 354
    assert "=" not in HEADER.split('token="')[1]


def test_current_and_previous_key_are_both_accepted() -> None:
    other = IssuerKey(TENANT, "2026-Q4", other_signer().modulus)
    verify_token(GOOD, KEYS | {other.token_key_id: other}, TENANT)


_FIELDS = st.binary(min_size=32, max_size=32)


@given(_FIELDS, _FIELDS, _FIELDS, st.binary(min_size=256, max_size=256))
def test_any_fields_survive_the_trip(a: bytes, b: bytes, c: bytes, d: bytes) -> None:
    token = Token(a, b, c, d)
    assert Token.from_bytes(token.to_bytes()) == token
    assert Token.from_header(token.to_header()) == token


@given(st.integers(0, 8 * 354 - 1))
def test_any_flipped_bit_is_refused(bit: int) -> None:
    flipped = int.from_bytes(GOOD.to_bytes(), "big") ^ (1 << bit)
    with pytest.raises(ProtocolError):
        verify_token(Token.from_bytes(flipped.to_bytes(354, "big")), KEYS, TENANT)


@given(st.binary(max_size=400).filter(lambda raw: len(raw) != 354))
def test_any_wrong_length_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedError, match="354"):
        Token.from_bytes(b"\x00\x02" + raw[2:] if len(raw) > 2 else raw)


@pytest.mark.parametrize("kind", [b"\x00\x01", b"\x00\x03", b"\x02\x00", b"\xda\x7a"])
def test_a_token_of_another_type_is_refused(kind: bytes) -> None:
    with pytest.raises(MalformedError, match="type"):
        Token.from_bytes(kind + GOOD.to_bytes()[2:])


@given(st.text(max_size=600) | st.binary(max_size=400).map(lambda raw: str(base64.b64encode(raw))))
def test_any_header_is_refused(value: str) -> None:
    with pytest.raises(MalformedError):
        Token.from_header(value)


@pytest.mark.parametrize(
    "value",
    [
        HEADER.lower(),
        HEADER + " ",
        HEADER + "\n",
        " " + HEADER,
        HEADER.replace('"', ""),
        HEADER.replace('"', "'"),
        HEADER.replace('="', '= "'),
        HEADER.replace("PrivateToken", "Bearer"),
        HEADER[:-1] + '=="',
        HEADER[:-1] + '", extensions="AA"',
        HEADER[:-2] + '"',
        HEADER[:-2] + '+"',
        HEADER[:-2] + '\u0661"',
        HEADER + ", " + HEADER,
    ],
)
def test_a_header_in_another_writing_is_refused(value: str) -> None:
    with pytest.raises(MalformedError):
        Token.from_header(value)


@given(st.integers(0, len(HEADER) - 1), st.characters())
def test_any_other_character_in_the_header_is_refused(place: int, other: str) -> None:
    value = HEADER[:place] + other + HEADER[place + 1 :]
    if value == HEADER:
        return
    with pytest.raises(ProtocolError):
        verify_token(Token.from_header(value), KEYS, TENANT)


def test_a_key_of_another_tenant_or_under_another_name_is_not_taken() -> None:
    elsewhere = replace(ISSUER, tenant=OTHER_TENANT)
    other = IssuerKey(TENANT, QUARTER, other_signer().modulus)
    for keys in ({}, {GOOD.token_key_id: elsewhere}, {GOOD.token_key_id: other}):
        with pytest.raises(ForgedError, match="nobody vouches"):
            verify_token(GOOD, keys, TENANT)


def test_a_token_for_another_tenant_is_refused_though_the_key_is_the_same() -> None:
    elsewhere = issue(NONCE, challenge_digest(OTHER_TENANT))
    with pytest.raises(ForgedError, match="another service"):
        verify_token(elsewhere, KEYS, TENANT)
    with pytest.raises(ForgedError, match="nobody vouches"):
        verify_token(elsewhere, KEYS, OTHER_TENANT)


def test_a_token_that_names_one_key_and_is_signed_with_another_is_forged() -> None:
    other = IssuerKey(TENANT, QUARTER, other_signer().modulus)
    token = issue(NONCE, challenge_digest(TENANT), other)
    with pytest.raises(ForgedError, match="signature"):
        verify_token(token, {other.token_key_id: other}, TENANT)


def test_a_well_signed_token_with_a_weak_nonce_is_refused() -> None:
    for nonce in (bytes(32), b"\x01" + bytes(31), b"\xff" * 32):
        with pytest.raises(MalformedError, match="nonce"):
            verify_token(issue(nonce, challenge_digest(TENANT)), KEYS, TENANT)


def test_the_challenge_is_one_constant_for_each_tenant() -> None:
    assert challenge_digest(TENANT) == challenge_digest(TENANT)
    assert challenge_digest(TENANT) != challenge_digest(OTHER_TENANT)


@pytest.mark.parametrize("length", [1, 31, 33, 256])
def test_a_context_of_another_length_cannot_be_written(length: int) -> None:
    with pytest.raises(ValueError, match="context"):
        token_challenge("issuer", bytes(length), "origin")


def test_a_challenge_without_an_issuer_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="issuer"):
        token_challenge("", b"", "origin")


def test_nothing_of_a_token_is_printed() -> None:
    assert repr(GOOD) == "Token(unspent)"
