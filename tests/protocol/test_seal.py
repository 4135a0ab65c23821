from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sync.protocol.errors import ForgedError, MalformedError, TooLargeError
from sync.protocol.keys import Purpose, SealingKey, sealing_public_key, sealing_suite
from sync.protocol.seal import (
    BODY_LENGTH,
    CONTENT_LIMIT,
    _binding,
    read_header,
    seal,
    unseal,
)
from tests.golden import make_protocol as golden

KEY, FILE = golden.RESEARCH, golden.RESEARCH_FILE
ID, HASH = bytes(range(16)), bytes(range(100, 132))
BODY = seal(b"content", FILE, ID, HASH)


@given(st.integers(0, CONTENT_LIMIT), st.binary(min_size=1, max_size=9))
@example(0, b"\0")
@example(CONTENT_LIMIT, b"\0")
@example(CONTENT_LIMIT - 1, b"x\0")
def test_any_content_up_to_the_limit_comes_out_as_it_went_in_and_every_body_has_one_size(
    length: int, pattern: bytes
) -> None:
    content = (pattern * length)[:length]
    body = seal(content, FILE, ID, HASH)
    assert len(body) == BODY_LENGTH == 65_536
    assert unseal(body, KEY, FILE, ID) == content


def test_one_byte_more_than_the_limit_is_too_large() -> None:
    with pytest.raises(TooLargeError):
        seal(bytes(CONTENT_LIMIT + 1), FILE, ID, HASH)


def test_the_same_content_is_never_sealed_into_the_same_bytes() -> None:
    again = seal(b"content", FILE, ID, HASH)
    assert again[:44] == BODY[:44]
    assert again[44:76] != BODY[44:76]
    assert again[-32:] != BODY[-32:]


def test_the_readable_part_names_key_and_withdrawal_hash_and_no_more() -> None:
    header = read_header(BODY)
    assert header.key_id == FILE.key_id
    assert header.withdrawal_hash == HASH
    assert BODY[:44] == b"NMR1" + FILE.key_id + HASH


@given(st.integers(0, BODY_LENGTH * 8 - 1))
@example(0)
@example(4 * 8)
@example(12 * 8)
@example(44 * 8)
@example((44 + 1_088) * 8)
@example((44 + 1_120) * 8 - 1)  # the highest bit of the X25519 share, which X25519 ignores
@example((44 + 1_120) * 8)
@example(BODY_LENGTH * 8 - 1)
def test_a_flipped_bit_anywhere_is_refused(bit: int) -> None:
    body = bytearray(BODY)
    body[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises((ForgedError, MalformedError)):
        unseal(bytes(body), KEY, FILE, ID)


@given(st.binary(max_size=300))
def test_bytes_of_another_size_are_malformed(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        read_header(raw)
    with pytest.raises(MalformedError):
        unseal(raw, KEY, FILE, ID)


@pytest.mark.parametrize("raw", [BODY[:-1], BODY + b"\0", b"NMR2" + BODY[4:], bytes(BODY_LENGTH)])
def test_another_size_or_version_is_malformed(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        unseal(raw, KEY, FILE, ID)


@given(st.binary(max_size=200))
def test_made_up_bytes_under_a_good_header_are_forged(start: bytes) -> None:
    body = (BODY[:44] + start).ljust(BODY_LENGTH, b"\0")
    with pytest.raises(ForgedError):
        unseal(body, KEY, FILE, ID)


def test_a_body_does_not_open_under_another_id() -> None:
    with pytest.raises(ForgedError):
        unseal(BODY, KEY, FILE, bytes(16))


def test_a_body_does_not_open_for_another_key() -> None:
    with pytest.raises(ForgedError):
        unseal(BODY, SealingKey(bytes(96)), FILE, ID)


@pytest.mark.parametrize(
    "other",
    [{"tenant": "f" * 32}, {"last_month": "2027-01"}, {"purpose": Purpose.DESK}],
    ids=lambda other: next(iter(other)),
)
def test_a_body_does_not_open_under_another_key_file_even_if_the_header_names_it(
    other: dict[str, str],
) -> None:
    changed = replace(FILE, **other)  # type: ignore[arg-type]
    with pytest.raises(ForgedError, match="another key"):
        unseal(BODY, KEY, changed, ID)
    moved = BODY[:4] + changed.key_id + BODY[12:]
    with pytest.raises(ForgedError, match="does not open"):
        unseal(moved, KEY, changed, ID)


def test_the_withdrawal_hash_cannot_be_exchanged() -> None:
    with pytest.raises(ForgedError):
        unseal(BODY[:12] + bytes(32) + BODY[44:], KEY, FILE, ID)


def _seal_padded(padded: bytes) -> bytes:
    sealed = sealing_suite().encrypt(
        padded, sealing_public_key(FILE.public), _binding(FILE.tenant, read_header(BODY), ID)
    )
    return BODY[:44] + sealed


@pytest.mark.parametrize(
    ("length", "rest"),
    [
        (CONTENT_LIMIT + 1, b""),
        (0xFFFFFFFF, b""),
        (2, b"abc"),
        (0, b"".rjust(CONTENT_LIMIT - 1, b"\0") + b"\1"),
    ],
)
def test_padding_that_hides_something_is_malformed(length: int, rest: bytes) -> None:
    padded = length.to_bytes(4, "big") + rest.ljust(CONTENT_LIMIT, b"\0")
    with pytest.raises(MalformedError):
        unseal(_seal_padded(padded), KEY, FILE, ID)


def test_nothing_is_sealed_to_a_key_that_is_not_for_sealing() -> None:
    with pytest.raises(MalformedError):
        seal(b"", golden.DESK_FILE, ID, HASH)


def test_nothing_is_sealed_to_a_point_of_low_order() -> None:
    with pytest.raises(MalformedError):
        seal(b"", replace(FILE, public=FILE.public[:-32] + bytes(32)), ID, HASH)


@pytest.mark.parametrize(("report_id", "withdrawal"), [(b"", HASH), (ID, b""), (HASH, ID)])
def test_an_id_or_hash_of_another_length_is_our_own_fault(
    report_id: bytes, withdrawal: bytes
) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        seal(b"", FILE, report_id, withdrawal)


def test_a_damaged_private_key_is_not_taken_for_a_forgery() -> None:
    with pytest.raises(ValueError, match="long"):
        unseal(BODY, SealingKey(b"short"), FILE, ID)
