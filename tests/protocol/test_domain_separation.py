"""A signature that was made for one purpose fits no other, even with the same key."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from sync.protocol.acknowledgement import Acknowledgement, acknowledge, check_acknowledgement
from sync.protocol.desk_request import DeskProof, check_proof, prove
from sync.protocol.errors import ForgedError
from sync.protocol.keys import Purpose, SigningKey, verify
from sync.protocol.receipt import Receipt
from sync.protocol.token_batch import sign_batch, verify_batch
from sync.protocol.token_request import TokenRequest
from sync.protocol.withdrawal import Withdrawal, check_withdrawal, withdraw
from tests.golden import make_protocol as golden

KEY = SigningKey(bytes(32))
AS_DESK = replace(golden.DESK_FILE, public=KEY.public_bytes())
AS_SERVICE = replace(AS_DESK, purpose=Purpose.ACKNOWLEDGEMENT)
ID, HASH, NONCE = bytes(16), bytes(32), bytes(16)

REQUESTS = [TokenRequest(0, bytes(256))] * 12
BATCH = sign_batch(KEY, golden.TENANT, REQUESTS)

Check = Callable[[bytes], None]


def check_as_acknowledgement(signature: bytes) -> None:
    check_acknowledgement(Acknowledgement(AS_SERVICE.key_id, signature), [AS_SERVICE], ID, HASH)


def check_as_proof(signature: bytes) -> None:
    check_proof(DeskProof(AS_DESK.key_id, NONCE, signature), AS_DESK, "GET", "/", b"")


def check_as_batch(signature: bytes) -> None:
    verify_batch(replace(BATCH, signature=signature), golden.TENANT)


def check_as_withdrawal(signature: bytes) -> None:
    check_withdrawal(Withdrawal(KEY.public_bytes(), signature), golden.TENANT, ID)


def check_as_plain(signature: bytes) -> None:
    verify(KEY.public_bytes(), signature, golden.TENANT.encode(), ID, HASH)


SIGNED: dict[str, tuple[bytes, Check]] = {
    "acknowledgement": (
        acknowledge(KEY, AS_SERVICE, ID, HASH).signature,
        check_as_acknowledgement,
    ),
    "desk": (prove(KEY, AS_DESK, "GET", "/", b"", NONCE).signature, check_as_proof),
    "withdrawal": (withdraw(KEY, golden.TENANT, ID).signature, check_as_withdrawal),
    "token batch": (BATCH.signature, check_as_batch),
    "no purpose": (KEY.sign(golden.TENANT.encode(), ID, HASH), check_as_plain),
}


@pytest.mark.parametrize("signed_for", SIGNED)
@pytest.mark.parametrize("checked_for", SIGNED)
def test_a_signature_fits_its_own_purpose_only(signed_for: str, checked_for: str) -> None:
    signature, check = SIGNED[signed_for][0], SIGNED[checked_for][1]
    if signed_for == checked_for:
        check(signature)
        return
    with pytest.raises(ForgedError):
        check(signature)


def test_a_withdrawal_key_signs_neither_for_the_desk_nor_for_the_service(receipt: Receipt) -> None:
    signature = withdraw(receipt.withdrawal, golden.TENANT, ID).signature
    for check in (check_as_acknowledgement, check_as_proof, check_as_plain):
        with pytest.raises(ForgedError):
            check(signature)
