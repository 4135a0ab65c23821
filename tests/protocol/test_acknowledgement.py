from dataclasses import replace

import pytest
from hypothesis import given

from sync.protocol.acknowledgement import Acknowledgement, acknowledge, check_acknowledgement
from sync.protocol.errors import ForgedError, MalformedError
from sync.protocol.keys import Purpose, SigningKey
from tests.golden import make_protocol as golden
from tests.protocol.damage import any_form, assert_reads_or_refuses

KEY, FILE = golden.ACKNOWLEDGEMENT, golden.ACKNOWLEDGEMENT_FILE
ID, HASH = bytes(range(16)), bytes(range(32))
GOOD = acknowledge(KEY, FILE, ID, HASH)
_OTHER_FILE = replace(FILE, last_month="2027-01")


def test_an_acknowledgement_survives_the_trip() -> None:
    assert Acknowledgement.from_bytes(GOOD.to_bytes()) == GOOD


@given(any_form(GOOD.to_bytes()))
def test_any_bytes_are_an_acknowledgement_or_refused(raw: bytes) -> None:
    assert_reads_or_refuses(Acknowledgement.from_bytes, raw)


def test_a_good_one_is_accepted_among_several_keys() -> None:
    check_acknowledgement(GOOD, [golden.DESK_FILE, _OTHER_FILE, FILE], ID, HASH)


@pytest.mark.parametrize(
    ("acknowledgement", "report_id", "body_hash"),
    [
        (GOOD, bytes(16), HASH),
        (GOOD, ID, bytes(32)),
        (GOOD, ID[:-1], HASH),
        (GOOD, ID + HASH[:1], HASH[1:]),
        (replace(GOOD, signature=bytes(64)), ID, HASH),
        (replace(GOOD, signature=b""), ID, HASH),
        (replace(GOOD, key_id=bytes(8)), ID, HASH),
    ],
    ids=["id", "hash", "short id", "moved border", "signature", "no signature", "key id"],
)
def test_each_changed_part_is_forged(
    acknowledgement: Acknowledgement, report_id: bytes, body_hash: bytes
) -> None:
    with pytest.raises(ForgedError):
        check_acknowledgement(acknowledgement, [FILE], report_id, body_hash)


def test_another_tenant_does_not_accept_it() -> None:
    other = replace(FILE, tenant="f" * 32)
    with pytest.raises(ForgedError):
        check_acknowledgement(GOOD, [other], ID, HASH)
    with pytest.raises(ForgedError, match="does not fit"):
        check_acknowledgement(replace(GOOD, key_id=other.key_id), [other], ID, HASH)


def test_another_key_does_not_accept_it() -> None:
    other = replace(FILE, public=SigningKey(bytes(32)).public_bytes())
    with pytest.raises(ForgedError, match="does not fit"):
        check_acknowledgement(replace(GOOD, key_id=other.key_id), [other], ID, HASH)


@pytest.mark.parametrize("purpose", [Purpose.DESK, Purpose.RESEARCH])
def test_a_key_for_another_purpose_never_acknowledges(purpose: Purpose) -> None:
    file = replace(FILE, purpose=purpose)
    with pytest.raises(ForgedError, match="nobody vouches"):
        check_acknowledgement(acknowledge(KEY, file, ID, HASH), [file], ID, HASH)


def test_without_keys_nothing_is_accepted() -> None:
    with pytest.raises(ForgedError):
        check_acknowledgement(GOOD, [], ID, HASH)


def test_an_unknown_member_is_refused() -> None:
    with pytest.raises(MalformedError, match="unknown"):
        Acknowledgement.from_bytes(GOOD.to_bytes().replace(b"{", b'{"date":"2026-07",'))
