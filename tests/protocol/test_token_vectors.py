"""The vectors of RFC 9474 (appendix A) and RFC 9578 (appendix B.2), every value of them."""

import hashlib
import math
from typing import Any

import pytest

from service.issuer.signing import IssuerSigner
from sync.protocol import blind_rsa
from sync.protocol.errors import ForgedError
from sync.protocol.token import Token, token_challenge, token_input, verify_token
from sync.protocol.token_request import TokenRequest, TokenResponse
from tests.protocol.issuers import ISSUER, RFC_9578, read_vectors, signer

RFC_9474 = read_vectors("rfc9474-a.json")
VARIANTS = RFC_9474["vectors"]
TOKENS = RFC_9578["vectors"]
N = int(RFC_9474["n"], 16)


def number(text: str) -> int:
    return int(text, 16)


@pytest.fixture(params=VARIANTS, ids=lambda vector: vector["name"])
def variant(request: pytest.FixtureRequest) -> dict[str, str]:
    found: dict[str, str] = request.param
    return found


@pytest.fixture(params=TOKENS, ids=lambda vector: f"nonce {vector['nonce'][:8]}")
def vector(request: pytest.FixtureRequest) -> dict[str, bytes]:
    return {name: bytes.fromhex(value) for name, value in request.param.items()}


def prepared(variant: dict[str, str]) -> bytes:
    return bytes.fromhex(variant["msg_prefix"] + RFC_9474["msg"])


def test_all_four_variants_and_five_tokens_are_here() -> None:
    assert [variant["name"].split("-", 2)[2] for variant in VARIANTS] == [
        "PSS-Randomized",
        "PSSZERO-Randomized",
        "PSS-Deterministic",
        "PSSZERO-Deterministic",
    ]
    assert len({vector["nonce"] for vector in TOKENS}) == 5


def test_rfc_9474_the_key_is_one() -> None:
    p, q, d = (number(RFC_9474[name]) for name in "pqd")
    assert p * q == N
    assert number(RFC_9474["e"]) == blind_rsa.EXPONENT
    assert d * blind_rsa.EXPONENT % math.lcm(p - 1, q - 1) == 1


def test_rfc_9474_the_encoded_message_is_reproduced(variant: dict[str, str]) -> None:
    salt = bytes.fromhex(variant["salt"])
    encoded = blind_rsa.encode_pss(prepared(variant), salt, N.bit_length() - 1)
    signed = pow(number(variant["sig"]), blind_rsa.EXPONENT, N)
    assert encoded == signed.to_bytes(512, "big")
    assert encoded.hex() == variant["encoded_msg"]


def test_rfc_9474_blind_sign_and_unblind_are_reproduced(variant: dict[str, str]) -> None:
    inverse = number(variant["inv"])
    salt = bytes.fromhex(variant["salt"])
    blinded = blind_rsa.blind(N, prepared(variant), salt, pow(inverse, -1, N))
    assert blinded.message.hex() == variant["blinded_msg"]
    assert blinded.inverse == inverse
    key = IssuerSigner(number(RFC_9474["p"]), number(RFC_9474["q"]))
    blind_signature = key.blind_sign(blinded.message)
    assert blind_signature.hex() == variant["blind_sig"]
    signature = blind_rsa.unblind(N, blind_signature, inverse)
    assert signature.hex() == variant["sig"]
    blind_rsa.verify_pss(N, prepared(variant), signature, len(salt))


def test_rfc_9578_the_keys_are_those_of_the_vectors() -> None:
    assert ISSUER.public.hex() == RFC_9578["pkS"]
    assert signer().modulus == ISSUER.modulus


def test_rfc_9578_the_challenge_is_reproduced() -> None:
    context = "8e7acc900e393381e8810b7c9e4a68b5163f1f880ab6688a6ffe780923609e88"
    issuer, origin = "issuer.example", "origin.example"
    written = [
        token_challenge(issuer, bytes.fromhex(context), origin),
        token_challenge(issuer, b"", origin),
        token_challenge(issuer, b"", "foo.example,bar.example"),
        token_challenge(issuer, b"", ""),
        token_challenge(issuer, bytes.fromhex(context), ""),
    ]
    assert [each.hex() for each in written] == [each["token_challenge"] for each in TOKENS]


def test_rfc_9578_request_response_and_token_are_reproduced(vector: dict[str, bytes]) -> None:
    digest = hashlib.sha256(vector["token_challenge"]).digest()
    message = token_input(vector["nonce"], digest, ISSUER.token_key_id)
    factor = int.from_bytes(vector["blind"], "big")
    blinded = blind_rsa.blind(ISSUER.modulus, message, vector["salt"], factor)
    request = TokenRequest(ISSUER.token_key_id[-1], blinded.message)
    assert request.to_bytes() == vector["token_request"]
    assert TokenRequest.from_bytes(vector["token_request"]) == request
    response = TokenResponse(signer().blind_sign(request.blinded))
    assert response.to_bytes() == vector["token_response"]
    assert TokenResponse.from_bytes(vector["token_response"]) == response
    signature = blind_rsa.unblind(ISSUER.modulus, response.blind_signature, blinded.inverse)
    token = Token(vector["nonce"], digest, ISSUER.token_key_id, signature)
    assert token.to_bytes() == vector["token"]
    assert Token.from_bytes(vector["token"]) == token
    blind_rsa.verify_pss(ISSUER.modulus, message, token.authenticator)


def test_rfc_9578_tokens_are_for_another_challenge_and_refused_here(
    vector: dict[str, Any],
) -> None:
    with pytest.raises(ForgedError, match="another service"):
        verify_token(
            Token.from_bytes(vector["token"]), {ISSUER.token_key_id: ISSUER}, ISSUER.tenant
        )
