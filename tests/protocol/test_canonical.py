import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol import canonical
from sync.protocol.errors import MalformedError
from tests.protocol.damage import any_json

_WHOLE = st.integers(-(2**53 - 1), 2**53 - 1)
_VALUES = st.recursive(
    st.none() | st.booleans() | _WHOLE | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
_MESSAGES = st.dictionaries(st.text(), _VALUES, max_size=5)


@given(_MESSAGES)
def test_what_is_encoded_is_decoded_again(message: dict[str, object]) -> None:
    assert canonical.decode(canonical.encode(message)) == message


@given(_MESSAGES, st.randoms())
def test_the_order_of_members_changes_no_byte(message: dict[str, object], random: Random) -> None:
    members = list(message.items())
    random.shuffle(members)
    assert canonical.encode(dict(members)) == canonical.encode(message)


@given(st.binary() | any_json.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_decode_to_what_can_be_encoded_or_are_refused(raw: bytes) -> None:
    try:
        message = canonical.decode(raw)
    except MalformedError:
        return
    assert canonical.decode(canonical.encode(message)) == message


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b'"text"',
        b"null",
        b"{",
        b'{"a":1}{}',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"\\u0062":1}}',
        b'{"a":"\\ud800"}',
        b'{"\\udfff":1}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\xff"}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740992}',
        b'{"a":' + b"9" * 400 + b"}",
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":' + b"[" * 17 + b"]" * 17 + b"}",
        b'{"a":' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"a":' * 900 + b"1" + b"}" * 900,
        b"[" * 200_000,
    ],
    ids=lambda raw: repr(raw[:24]),
)
def test_what_is_no_canonical_object_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        canonical.decode(raw)


def test_a_surrogate_pair_is_one_character_and_allowed() -> None:
    assert canonical.decode(b'{"a":"\\ud83d\\ude93"}') == {"a": "\U0001f693"}


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), "\ud800", 2**53, -(2**53), b"bytes", {1: 2}, {"\ud800": 1}]
)
def test_what_has_no_canonical_form_is_not_encoded(value: object) -> None:
    with pytest.raises(ValueError, match=r"canonical form|surrogates"):
        canonical.encode({"a": [value]})


@given(st.lists(st.binary(max_size=20)), st.lists(st.binary(max_size=20)))
def test_different_parts_never_share_a_frame(one: list[bytes], other: list[bytes]) -> None:
    assert (canonical.framed(*one) == canonical.framed(*other)) == (one == other)


def test_moving_a_border_changes_the_frame() -> None:
    frames = {canonical.framed(*parts) for parts in ([b"ab", b"c"], [b"a", b"bc"], [b"abc"])}
    assert len(frames) == 3


def test_a_part_of_64_kib_has_no_frame() -> None:
    canonical.framed(bytes(0xFFFF))
    with pytest.raises(ValueError, match="65,535"):
        canonical.framed(bytes(0x10000))


@given(st.binary())
def test_base64_round_trip(raw: bytes) -> None:
    assert canonical.from_base64(canonical.to_base64(raw), len(raw)) == raw


@given(st.text("AQR0+/=-_\n é", max_size=8))
def test_every_bytes_have_one_base64_text(text: str) -> None:
    try:
        raw = canonical.from_base64(text)
    except MalformedError:
        return
    assert canonical.to_base64(raw) == text


@pytest.mark.parametrize("text", ["QR==", "QQ", "QQ===", "QQ==\n", "Q Q=", "é", "--==", None, 7])
def test_base64_in_another_writing_is_refused(text: object) -> None:
    with pytest.raises(MalformedError):
        canonical.from_base64(text)


def test_base64_of_another_length_is_refused() -> None:
    with pytest.raises(MalformedError, match="2 bytes expected, 1 found"):
        canonical.from_base64("QQ==", 2)


@pytest.mark.parametrize("text", ["AB", "a", "abc", "0x", " a", "\u0661\u0662", "", None, 12])
def test_only_lower_case_hexadecimal_of_the_right_length_is_read(text: object) -> None:
    assert canonical.from_hex("ab", 1) == b"\xab"
    with pytest.raises(MalformedError):
        canonical.from_hex(text, 1)


@pytest.mark.parametrize("month", ["2026-01", "2026-12", "1999-10"])
def test_a_month_is_read(month: str) -> None:
    assert canonical.month_of({"month": month}, "month") == month


@pytest.mark.parametrize(
    "month",
    [
        "2026-00",
        "2026-13",
        "2026-1",
        "26-01",
        "0000-01",
        "2026-01\n",
        "2026-01-01",
        "\uff12\uff10\uff12\uff16-01",
        1,
    ],
)
def test_what_is_no_month_is_refused(month: object) -> None:
    with pytest.raises(MalformedError):
        canonical.month_of({"month": month}, "month")


@pytest.mark.parametrize("value", [None, -1, True, "1", [1]])
def test_what_is_no_number_is_refused(value: object) -> None:
    assert canonical.number_of({"a": 0}, "a") == 0
    with pytest.raises(MalformedError):
        canonical.number_of({"a": value}, "a")


@pytest.mark.parametrize("value", [None, 1, ["x"], {}])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(MalformedError):
        canonical.text_of({"a": value}, "a")


@pytest.mark.parametrize("value", [None, 1, "x", []])
def test_what_is_no_object_is_refused(value: object) -> None:
    with pytest.raises(MalformedError):
        canonical.object_of({"a": value}, "a")


def test_an_unknown_member_is_refused() -> None:
    canonical.expect_only({"a": 1}, "a", "b")
    with pytest.raises(MalformedError):
        canonical.expect_only({"a": 1, "c": 1}, "a", "b")


@pytest.mark.parametrize("name", [None, "other", 1, ["format-1"]])
def test_another_format_is_refused(name: object) -> None:
    canonical.expect_format({"format": "format-1"}, "format-1")
    with pytest.raises(MalformedError, match="format-1"):
        canonical.expect_format({"format": name}, "format-1")
