"""What is asked and what is signed when a report is taken back."""

import base64
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.acknowledgement import Acknowledgement, acknowledge, check_acknowledgement
from sync.protocol.errors import ForgedError, MalformedError
from sync.protocol.keys import Purpose, SigningKey
from sync.protocol.receipt import Receipt
from sync.protocol.seal import MEDIA_TYPE as REPORT_TYPE
from sync.protocol.withdrawal import (
    LENGTH,
    MEDIA_TYPE,
    Withdrawal,
    check_withdrawal,
    confirm_absent,
    confirm_withdrawn,
    is_withdrawn,
    withdraw,
)
from tests.golden import make_protocol as golden

KEY, FILE = golden.ACKNOWLEDGEMENT, golden.ACKNOWLEDGEMENT_FILE
ID = bytes(range(16))
OWN = SigningKey(bytes(32))
GOOD = withdraw(OWN, golden.TENANT, ID)
YES = confirm_withdrawn(KEY, FILE, ID, GOOD.key_hash)
NO = confirm_absent(KEY, FILE, ID, GOOD.key_hash)


def read(name: str) -> bytes:
    return (golden.FOLDER / name).read_bytes()


def test_a_withdrawal_survives_the_trip() -> None:
    assert Withdrawal.from_bytes(GOOD.to_bytes()) == GOOD
    check_withdrawal(GOOD, golden.TENANT, ID)


@given(st.binary(max_size=110), st.booleans(), st.booleans())
def test_any_bytes_are_a_withdrawal_or_refused(raw: bytes, starts: bool, is_whole: bool) -> None:
    given_bytes = (b"NMW1" + raw) if starts else raw
    if is_whole:
        given_bytes = given_bytes.ljust(LENGTH, b"\0")
    try:
        found = Withdrawal.from_bytes(given_bytes)
    except MalformedError:
        return
    assert found.to_bytes() == given_bytes


@pytest.mark.parametrize("place", [0, 100, LENGTH - 1])
def test_it_holds_nothing_more(place: int) -> None:
    raw = bytearray(GOOD.to_bytes())
    raw[place] ^= 1
    with pytest.raises(MalformedError):
        Withdrawal.from_bytes(bytes(raw))


def test_it_is_as_long_as_a_report_with_its_token() -> None:
    token = (golden.FOLDER.parent / "tokens" / "authorization.txt").read_text().strip()
    proof = (golden.FOLDER.parent / "tokens" / "proof.txt").read_text().strip()
    report = (
        f"PUT / HTTP/1.1\r\nContent-Type: {REPORT_TYPE}\r\nContent-Length: 65536\r\n"
        f"Authorization: {token}\r\nNearMiss-Proof: {proof}\r\n"
    )
    mine = f"DELETE / HTTP/1.1\r\nContent-Type: {MEDIA_TYPE}\r\nContent-Length: {LENGTH}\r\n"
    assert len(report) + 65_536 == len(mine) + LENGTH


@pytest.mark.parametrize(
    ("asked", "tenant", "report_id"),
    [
        (GOOD, "f" * 32, ID),
        (GOOD, golden.TENANT, bytes(16)),
        (replace(GOOD, signature=bytes(64)), golden.TENANT, ID),
        (replace(GOOD, public=bytes(32)), golden.TENANT, ID),
        (replace(GOOD, public=SigningKey(b"1" * 32).public_bytes()), golden.TENANT, ID),
    ],
    ids=["tenant", "id", "signature", "no key", "other key"],
)
def test_each_changed_part_is_forged(asked: Withdrawal, tenant: str, report_id: bytes) -> None:
    with pytest.raises(ForgedError):
        check_withdrawal(asked, tenant, report_id)


def test_the_service_says_one_thing_or_the_other() -> None:
    assert is_withdrawn(YES, [FILE], ID, GOOD.key_hash)
    assert not is_withdrawn(NO, [FILE], ID, GOOD.key_hash)
    assert len(YES.to_bytes()) == len(NO.to_bytes())


@pytest.mark.parametrize(
    ("answer", "report_id", "key_hash"),
    [
        (YES, bytes(16), GOOD.key_hash),
        (NO, ID, bytes(32)),
        (replace(YES, signature=bytes(64)), ID, GOOD.key_hash),
        (replace(NO, key_id=bytes(8)), ID, GOOD.key_hash),
        (acknowledge(KEY, FILE, ID, GOOD.key_hash), ID, GOOD.key_hash),
    ],
    ids=["id", "key", "signature", "key id", "an acknowledgement of a report"],
)
def test_nothing_else_is_its_word(
    answer: Acknowledgement, report_id: bytes, key_hash: bytes
) -> None:
    with pytest.raises(ForgedError):
        is_withdrawn(answer, [FILE], report_id, key_hash)


def test_its_word_acknowledges_no_report() -> None:
    for word in (YES, NO):
        with pytest.raises(ForgedError):
            check_acknowledgement(word, [FILE], ID, GOOD.key_hash)


def test_a_key_for_another_purpose_never_says_it() -> None:
    file = replace(FILE, purpose=Purpose.DESK)
    with pytest.raises(ForgedError):
        is_withdrawn(confirm_withdrawn(KEY, file, ID, GOOD.key_hash), [file], ID, GOOD.key_hash)


def test_the_stored_examples_are_read_and_accepted(receipt: Receipt) -> None:
    asked = Withdrawal.from_bytes(base64.b64decode(read("withdrawal.base64")))
    check_withdrawal(asked, golden.TENANT, receipt.report_id)
    assert asked.key_hash == receipt.withdrawal_hash
    for name, expected in (("withdrawn.json", True), ("nothing-to-withdraw.json", False)):
        word = Acknowledgement.from_bytes(read(name))
        assert is_withdrawn(word, [FILE], receipt.report_id, asked.key_hash) is expected
    (row,) = json.loads(read("desk-withdrawn.json"))["withdrawn"]
    assert row["public"] == asked.public.hex()
    assert json.loads(read("desk-withdrawn-confirm.json"))["ids"] == [row["id"]]
