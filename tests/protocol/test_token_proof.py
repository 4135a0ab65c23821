from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.acknowledgement import Acknowledgement, acknowledge, check_acknowledgement
from sync.protocol.errors import ForgedError, MalformedError
from sync.protocol.keys import SigningKey
from sync.protocol.token import Token
from sync.protocol.token_proof import TokenProof, prove_possession, verify_proof
from tests.golden import make_protocol as golden
from tests.golden.make_protocol import TENANT

KEY = SigningKey(bytes(32))
TOKEN = Token(KEY.public_bytes(), bytes(32), bytes(32), bytes(256))
ID, HASH = bytes(range(16)), bytes(range(32))
GOOD = prove_possession(KEY, TENANT, ID, HASH)
HEADER = GOOD.to_header()


def test_a_good_proof_is_accepted() -> None:
    verify_proof(GOOD, TOKEN, TENANT, ID, HASH)


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=32, max_size=32))
def test_any_submission_is_proved_and_the_header_survives_the_trip(
    report_id: bytes, body_hash: bytes
) -> None:
    header = prove_possession(KEY, TENANT, report_id, body_hash).to_header()
    verify_proof(TokenProof.from_header(header), TOKEN, TENANT, report_id, body_hash)


@pytest.mark.parametrize(
    ("tenant", "report_id", "body_hash"),
    [
        ("f" * 32, ID, HASH),
        (TENANT, bytes(16), HASH),
        (TENANT, ID, bytes(32)),
        (TENANT, ID + HASH[:1], HASH[1:]),
        (TENANT + "\0", ID, HASH),
    ],
)
def test_another_tenant_id_or_body_is_forged(
    tenant: str, report_id: bytes, body_hash: bytes
) -> None:
    with pytest.raises(ForgedError):
        verify_proof(GOOD, TOKEN, tenant, report_id, body_hash)


def test_a_proof_by_another_key_is_forged() -> None:
    other = replace(TOKEN, nonce=SigningKey(b"\x01" * 32).public_bytes())
    with pytest.raises(ForgedError):
        verify_proof(GOOD, other, TENANT, ID, HASH)


def test_the_signature_that_fits_everything_needs_a_weak_nonce_which_is_refused() -> None:
    # R is the neutral point and s is 0: [0]B = R + [k]A for every message if A is neutral.
    neutral = b"\x01" + bytes(31)
    weak = replace(TOKEN, nonce=neutral)
    with pytest.raises(MalformedError, match="small order"):
        verify_proof(TokenProof(neutral + bytes(32)), weak, TENANT, ID, HASH)


def test_an_acknowledgement_with_the_same_key_and_parts_is_no_proof_and_no_proof_is_one() -> None:
    file = replace(golden.ACKNOWLEDGEMENT_FILE, public=KEY.public_bytes())
    signed = acknowledge(KEY, file, ID, HASH)
    with pytest.raises(ForgedError):
        verify_proof(TokenProof(signed.signature), TOKEN, TENANT, ID, HASH)
    with pytest.raises(ForgedError):
        check_acknowledgement(Acknowledgement(file.key_id, GOOD.signature), [file], ID, HASH)


@given(st.integers(0, 511))
def test_any_flipped_bit_is_forged(bit: int) -> None:
    flipped = int.from_bytes(GOOD.signature, "big") ^ (1 << bit)
    with pytest.raises(ForgedError):
        verify_proof(TokenProof(flipped.to_bytes(64, "big")), TOKEN, TENANT, ID, HASH)


@given(st.text(max_size=200) | st.text("0123456789abcdefABCDEF", max_size=200))
def test_any_header_is_refused_or_forged(value: str) -> None:
    with pytest.raises((MalformedError, ForgedError)):
        verify_proof(TokenProof.from_header(value), TOKEN, TENANT, ID, HASH)


@pytest.mark.parametrize(
    "value", [HEADER.upper(), HEADER + " ", " " + HEADER, HEADER[:-1], HEADER + "\n", HEADER + "00"]
)
def test_a_header_in_another_writing_is_refused(value: str) -> None:
    with pytest.raises(MalformedError):
        TokenProof.from_header(value)
