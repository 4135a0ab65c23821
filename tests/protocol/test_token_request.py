from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.issuer.signing import IssuerSigner
from sync.protocol.errors import ForgedError, MalformedError, ProtocolError
from sync.protocol.issuer_key import IssuerKey
from sync.protocol.token import verify_token
from sync.protocol.token_request import (
    PendingToken,
    TokenRequest,
    TokenResponse,
    finalise,
    request_token,
)
from tests.golden.make_protocol import TENANT
from tests.protocol.damage import any_form, assert_reads_or_refuses
from tests.protocol.issuers import ISSUER, answer, other_signer, signer

N = ISSUER.modulus
PENDING = request_token(ISSUER)
GOOD = answer(PENDING)
NEXT_QUARTER = IssuerKey(TENANT, "2026-Q4", other_signer().modulus)


def power_of(signature_exponent: int) -> bytes:
    """What an issuer answers that signs for another public exponent."""
    p, q = signer().p, signer().q
    private = pow(signature_exponent, -1, (p - 1) * (q - 1))
    return pow(int.from_bytes(PENDING.blinded, "big"), private, N).to_bytes(256, "big")


def test_a_token_is_made_and_accepted() -> None:
    own = finalise(PENDING, GOOD, ISSUER)
    verify_token(own.token, {ISSUER.token_key_id: ISSUER}, TENANT)
    assert own.key.public_bytes() == own.token.nonce
    assert own.key == PENDING.key


def test_what_the_issuer_sees_is_no_part_of_the_token() -> None:
    token = finalise(PENDING, GOOD, ISSUER).token
    seen = (PENDING.blinded, GOOD.blind_signature)
    assert token.authenticator not in seen
    for part in (token.nonce, token.token_key_id):
        assert all(part not in each for each in seen)
    assert PENDING.request.to_bytes()[:3] == b"\x00\x02" + ISSUER.token_key_id[-1:]


def test_no_two_requests_have_anything_in_common() -> None:
    pending = [request_token(ISSUER) for _ in range(4)]
    for values in (
        [each.blinded for each in pending],
        [each.inverse for each in pending],
        [each.key.seed for each in pending],
    ):
        assert len(set(values)) == 4


def test_a_pending_token_survives_a_restart_and_asks_the_same_again() -> None:
    again = PendingToken.from_bytes(PENDING.to_bytes())
    assert again == PENDING
    assert again.request == PENDING.request
    assert finalise(again, GOOD, ISSUER) == finalise(PENDING, GOOD, ISSUER)


def test_an_issuer_that_signs_with_another_key_is_refused() -> None:
    wrong = IssuerSigner(other_signer().p, other_signer().q)
    number = int.from_bytes(PENDING.blinded, "big") % wrong.modulus
    signed = TokenResponse(wrong.blind_sign(number.to_bytes(256, "big")))
    with pytest.raises(ProtocolError):
        finalise(PENDING, signed, ISSUER)


def test_a_key_of_another_quarter_does_not_finish_a_token() -> None:
    with pytest.raises(ForgedError, match="another key"):
        finalise(PENDING, GOOD, NEXT_QUARTER)
    with pytest.raises(ProtocolError):
        finalise(replace(PENDING, token_key_id=NEXT_QUARTER.token_key_id), GOOD, NEXT_QUARTER)


def test_a_key_of_another_tenant_does_not_finish_a_token() -> None:
    with pytest.raises(ForgedError):
        finalise(PENDING, GOOD, replace(ISSUER, tenant="f" * 32))


@pytest.mark.parametrize("exponent", [5, 17, 65_539])
def test_an_issuer_that_changes_the_exponent_is_refused(exponent: int) -> None:
    with pytest.raises(ForgedError):
        finalise(PENDING, TokenResponse(power_of(exponent)), ISSUER)


def test_the_right_exponent_would_have_been_accepted() -> None:
    assert power_of(65_537) == GOOD.blind_signature


def test_a_repeated_blind_signature_fits_only_one_request() -> None:
    others = [request_token(ISSUER) for _ in range(3)]
    for pending in others:
        with pytest.raises(ForgedError):
            finalise(pending, GOOD, ISSUER)


@pytest.mark.parametrize(
    "number",
    [0, N, N + int.from_bytes(GOOD.blind_signature, "big") % (2**2048 - N), 2**2048 - 1],
    ids=["zero", "n", "beyond n", "largest"],
)
def test_a_blind_signature_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(MalformedError, match="range"):
        finalise(PENDING, TokenResponse(number.to_bytes(256, "big")), ISSUER)


@pytest.mark.parametrize(
    "number",
    [1, N - 1, N - int.from_bytes(GOOD.blind_signature, "big")],
    ids=["one", "minus one", "negated"],
)
def test_a_trivial_or_negated_blind_signature_is_forged(number: int) -> None:
    with pytest.raises(ForgedError):
        finalise(PENDING, TokenResponse(number.to_bytes(256, "big")), ISSUER)


def test_the_request_sent_back_is_forged() -> None:
    with pytest.raises(ForgedError):
        finalise(PENDING, TokenResponse(PENDING.blinded), ISSUER)


@given(st.integers(0, 8 * 256 - 1))
def test_any_flipped_bit_of_the_answer_is_refused(bit: int) -> None:
    flipped = int.from_bytes(GOOD.blind_signature, "big") ^ (1 << bit)
    with pytest.raises(ProtocolError):
        finalise(PENDING, TokenResponse(flipped.to_bytes(256, "big")), ISSUER)


@given(st.binary(max_size=300))
def test_any_answer_is_refused(raw: bytes) -> None:
    with pytest.raises(ProtocolError):
        finalise(PENDING, TokenResponse.from_bytes(raw), ISSUER)


@given(st.integers(0, 255), st.binary(min_size=256, max_size=256))
def test_requests_and_answers_survive_the_trip(hint: int, number: bytes) -> None:
    request = TokenRequest(hint, number)
    assert TokenRequest.from_bytes(request.to_bytes()) == request
    response = TokenResponse(number)
    assert TokenResponse.from_bytes(response.to_bytes()) == response


@given(st.binary(max_size=600))
def test_any_bytes_as_a_request_are_read_or_refused(raw: bytes) -> None:
    assert_reads_or_refuses(TokenRequest.from_bytes, raw)
    assert_reads_or_refuses(TokenRequest.from_bytes, b"\x00\x02" + raw)


@pytest.mark.parametrize("kind", [b"\x00\x01", b"\x00\x00", b"\x02\x00"])
def test_a_request_for_another_type_is_refused(kind: bytes) -> None:
    with pytest.raises(MalformedError):
        TokenRequest.from_bytes(kind + PENDING.request.to_bytes()[2:])


@given(any_form(PENDING.to_bytes()))
def test_any_bytes_as_a_pending_token_are_read_or_refused(raw: bytes) -> None:
    assert_reads_or_refuses(PendingToken.from_bytes, raw)


def test_nothing_secret_is_printed() -> None:
    assert repr(PENDING) == "PendingToken(secret)"
    assert repr(finalise(PENDING, GOOD, ISSUER)) == "OwnToken(secret)"
