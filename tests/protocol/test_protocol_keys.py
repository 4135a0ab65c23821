from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol import canonical
from sync.protocol.errors import ForgedError, MalformedError
from sync.protocol.keys import (
    PublicKeyFile,
    Purpose,
    SealingKey,
    SigningKey,
    sealing_public_key,
    verify,
)
from tests.golden import make_protocol as golden
from tests.protocol.damage import any_form, assert_reads_or_refuses

FILES = [golden.RESEARCH_FILE, golden.ACKNOWLEDGEMENT_FILE, golden.DESK_FILE]


def read_back(file: PublicKeyFile) -> PublicKeyFile:
    return PublicKeyFile.from_bytes(file.to_bytes(), tenant=file.tenant, purpose=file.purpose)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.purpose)
def test_a_key_file_survives_the_trip(file: PublicKeyFile) -> None:
    assert read_back(file) == file


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.purpose)
@given(draw=st.data())
def test_any_bytes_are_a_key_file_or_refused(file: PublicKeyFile, draw: st.DataObject) -> None:
    assert_reads_or_refuses(
        lambda raw: PublicKeyFile.from_bytes(raw, tenant=file.tenant, purpose=file.purpose),
        draw.draw(any_form(file.to_bytes())),
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.purpose)
@pytest.mark.parametrize("purpose", Purpose)
def test_a_key_file_is_read_for_its_own_purpose_only(file: PublicKeyFile, purpose: Purpose) -> None:
    if purpose is file.purpose:
        return
    with pytest.raises(MalformedError, match="another purpose"):
        PublicKeyFile.from_bytes(file.to_bytes(), tenant=file.tenant, purpose=purpose)


def test_a_key_file_is_read_for_its_own_tenant_only() -> None:
    with pytest.raises(MalformedError, match="another tenant"):
        PublicKeyFile.from_bytes(golden.DESK_FILE.to_bytes(), tenant="f" * 32, purpose=Purpose.DESK)


@pytest.mark.parametrize("tenant", ["", "é" * 32, "A" * 32, "0" * 31, "0" * 33, "0" * 31 + "\n"])
def test_a_tenant_that_is_none_is_refused_even_if_it_is_the_expected_one(tenant: str) -> None:
    raw = replace(golden.DESK_FILE, tenant=tenant).to_bytes()
    with pytest.raises(MalformedError):
        PublicKeyFile.from_bytes(raw, tenant=tenant, purpose=Purpose.DESK)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-00", "2026-12"),
        ("2026-01", "2026-13"),
        ("2026-01\n", "2026-12"),
        ("", "2026-12"),
        ("2026-12", "2026-11"),
        ("2027-01", "2026-12"),
    ],
)
def test_a_period_that_is_none_is_refused(first: str, last: str) -> None:
    with pytest.raises(MalformedError):
        read_back(replace(golden.DESK_FILE, first_month=first, last_month=last))


def test_a_period_may_be_one_month() -> None:
    read_back(replace(golden.DESK_FILE, first_month="2026-01", last_month="2026-01"))


def test_a_member_that_the_key_id_would_not_cover_is_refused() -> None:
    message = canonical.decode(golden.DESK_FILE.to_bytes()) | {"note": "x"}
    with pytest.raises(MalformedError, match="unknown"):
        PublicKeyFile.from_bytes(
            canonical.encode(message), tenant=golden.TENANT, purpose=Purpose.DESK
        )


@pytest.mark.parametrize(
    "other",
    [
        {"tenant": "f" * 32},
        {"purpose": Purpose.ACKNOWLEDGEMENT},
        {"first_month": "2025-12"},
        {"last_month": "2027-01"},
        {"public": bytes(32)},
    ],
    ids=lambda other: next(iter(other)),
)
def test_the_key_id_covers_all_that_a_key_file_says(other: dict[str, str]) -> None:
    changed = replace(golden.DESK_FILE, **other)  # type: ignore[arg-type]
    assert changed.key_id != golden.DESK_FILE.key_id
    assert changed.name != golden.DESK_FILE.name


_GOOD = golden.RESEARCH.public_bytes()
_LOW_ORDER = [
    bytes(32),
    (1).to_bytes(32, "little"),
    (2**255 - 20).to_bytes(32, "little"),
    (2**255 - 19).to_bytes(32, "little"),
    bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
]


@pytest.mark.parametrize("point", _LOW_ORDER, ids=lambda point: point.hex()[:8])
def test_a_sealing_key_with_a_point_of_low_order_is_refused(point: bytes) -> None:
    with pytest.raises(MalformedError):
        sealing_public_key(_GOOD[:-32] + point)
    with pytest.raises(MalformedError):
        read_back(replace(golden.RESEARCH_FILE, public=_GOOD[:-32] + point))


@pytest.mark.parametrize("raw", [b"", _GOOD[:-1], _GOOD + b"\0", b"\xff" * 1216])
def test_what_is_no_sealing_key_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        sealing_public_key(raw)


@given(st.lists(st.binary(max_size=40), max_size=4), st.lists(st.binary(max_size=40), max_size=4))
def test_a_signature_fits_exactly_its_own_parts(one: list[bytes], other: list[bytes]) -> None:
    signature = golden.DESK.sign(*one)
    verify(golden.DESK.public_bytes(), signature, *one)
    if one != other:
        with pytest.raises(ForgedError):
            verify(golden.DESK.public_bytes(), signature, *other)


@given(st.binary(max_size=70), st.binary(max_size=70))
def test_a_key_or_a_signature_made_up_is_forged(public: bytes, signature: bytes) -> None:
    with pytest.raises(ForgedError):
        verify(golden.DESK.public_bytes(), signature, b"part")
    with pytest.raises(ForgedError):
        verify(public, golden.DESK.sign(b"part"), b"part")


def test_a_part_too_long_to_frame_is_forged_and_no_accident() -> None:
    with pytest.raises(ForgedError):
        verify(golden.DESK.public_bytes(), bytes(64), bytes(0x10000))


def test_generated_keys_differ_and_have_the_lengths_that_the_library_wants() -> None:
    assert SigningKey.generate() != SigningKey.generate()
    assert SealingKey.generate() != SealingKey.generate()
    assert len(SigningKey.generate().public_bytes()) == 32
    assert len(SealingKey.generate().public_bytes()) == 1216


def test_what_is_printed_of_a_private_key_holds_no_secret() -> None:
    assert repr(golden.DESK) == "SigningKey(secret)"
    assert repr(golden.RESEARCH) == "SealingKey(secret)"
    assert f"{golden.DESK} {golden.RESEARCH}" == "SigningKey(secret) SealingKey(secret)"
