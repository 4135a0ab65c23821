"""Packs: what goes in comes out, and nothing else is ever let out."""

import base64
import dataclasses
import hashlib
import sys
import tracemalloc

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from hypothesis import given
from hypothesis import strategies as st

from app.domain.archive import ArchiveNumber, CodeValue, Delete, Operation, Put, Record
from sync import packs
from sync.packs import (
    DamagedPackError,
    OversizedPackError,
    Pack,
    PackFigures,
    PackKey,
    PackKind,
    read_pack,
    write_pack,
)
from tests.desk.feed_maker import delete, put

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SECRET = bytes(range(32))
TENANT = "ab" * 16
KEY = PackKey.derive(SECRET, TENANT, PackKind.DELTA)

_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_numbers = st.integers(1, 2**53 - 1)
_codes = st.one_of(
    _texts,
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.lists(_texts, max_size=3),
    st.dictionaries(_texts, _texts, max_size=2),
)
_records = st.builds(
    Record,
    number=_numbers.map(ArchiveNumber),
    revision=_numbers,
    shelf=_texts.filter(bool),
    codes=st.dictionaries(_texts, _codes, max_size=3),
    texts=st.dictionaries(_texts, _texts, max_size=3),
    marks=st.lists(_texts, max_size=2).map(tuple),
)
_operations = st.one_of(
    st.builds(Put, _records), st.builds(Delete, _numbers.map(ArchiveNumber), _numbers)
)


@given(st.lists(_operations, max_size=8))
def test_what_is_packed_comes_out_again(operations: list[Operation]) -> None:
    pack = write_pack(operations, KEY)
    assert list(read_pack(pack.content, pack.figures, KEY)) == operations


def test_the_same_operations_give_the_same_bytes() -> None:
    assert write_pack([put(1)], KEY) == write_pack([put(1)], KEY)


GOLDEN = base64.b64decode(
    "Tk1QMQbJhUTMvegKbDUhELu1QFFX2+5mAannun3qHqZLOdaw85NJpl+HyAM8DbNI0ewPyWDlxw3L9N+YFEbCs6lJ"
    "4145jVBx2jim1b47b1VXeZNKHQNCkfMeAAw/0ErB/kXeNyO0mIOcOGL0ldnb5X2OXXxOaIso26lEeQnUXn7g5Nn5"
    "f4K0+RzgkbS6CtbX1L3cnIsp0I165/oQlKjFVbudLCu29PLjE6ygyI+E+1ZQ7oPNmWdejz1gk/nuogAi5UNmz0X2"
    "qqCMxW+Y+YuKX0+ZrI+dbY0xl3b+r3M="
)


def test_a_pack_of_the_first_version_can_still_be_read() -> None:
    sha256 = "be538cbe95018d59c1328b50fc697f776594ff485409cac79febf94e6d1b150c"
    figures = PackFigures(sha256, length=221, unpacked_length=250, operations=2)
    codes: dict[str, CodeValue] = {
        "activity": "traffic_stop",
        "year": 2025,
        "hazards": ["dog", "dark"],
    }
    packed = Put(dataclasses.replace(put(1).record, codes=codes))
    assert list(read_pack(GOLDEN, figures, KEY)) == [packed, delete(2)]


def test_figures_are_those_of_the_file() -> None:
    pack = write_pack([put(1), delete(2)], KEY)
    assert pack.figures.length == len(pack.content)
    assert pack.figures.sha256 == hashlib.sha256(pack.content).hexdigest()
    assert pack.figures.operations == 2


def test_many_records_cross_the_pieces() -> None:
    operations: list[Operation] = [put(n, text="x" * 3000 + str(n)) for n in range(1, 400)]
    pack = write_pack(operations, KEY)
    assert list(read_pack(pack.content, pack.figures, KEY)) == operations


def test_no_text_can_be_read_in_a_pack() -> None:
    assert b"yard" not in write_pack([put(1)], KEY).content


@pytest.mark.parametrize(
    "other",
    [
        PackKey.derive(bytes(32), TENANT, PackKind.DELTA),
        PackKey.derive(SECRET, "cd" * 16, PackKind.DELTA),
        PackKey.derive(SECRET, TENANT, PackKind.BASE),
    ],
    ids=["secret", "tenant", "kind"],
)
def test_the_key_of_another_connection_or_kind_does_not_open(other: PackKey) -> None:
    pack = write_pack([put(1)], KEY)
    with pytest.raises(DamagedPackError):
        list(read_pack(pack.content, pack.figures, other))


def test_every_flipped_byte_is_found_even_with_a_fitting_hash() -> None:
    pack = write_pack([put(1)], KEY)
    for place in range(0, len(pack.content), 7):
        raw = bytearray(pack.content)
        raw[place] ^= 1
        figures = dataclasses.replace(pack.figures, sha256=hashlib.sha256(raw).hexdigest())
        with pytest.raises(DamagedPackError):
            list(read_pack(bytes(raw), figures, KEY))


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "0" * 64},
        {"length": 1},
        {"unpacked_length": 5},
        {"operations": 1},
        {"operations": 3},
        {"unpacked_length": 10_000},
    ],
    ids=str,
)
def test_any_other_figure_is_refused(change: dict[str, int]) -> None:
    pack = write_pack([put(1), put(2)], KEY)
    figures = dataclasses.replace(pack.figures, **change)  # type: ignore[arg-type]
    with pytest.raises(DamagedPackError):
        list(read_pack(pack.content, figures, KEY))


def _forge(frame: bytes, unpacked_length: int, operations: int) -> Pack:
    """A pack as somebody with the secret could make it."""
    content = b"NMP1" + bytes(12) + AESGCMSIV(KEY.encryption).encrypt(bytes(12), frame, b"NMP1")
    sha256 = hashlib.sha256(content).hexdigest()
    return Pack(content, PackFigures(sha256, len(content), unpacked_length, operations))


LINE = b'{"delete":{"number":1,"revision":1}}\n'


def test_a_bomb_is_not_unpacked_beyond_the_signed_length() -> None:
    pack = _forge(zstd.compress(LINE * 1_000_000), 3 * len(LINE), 1_000_000)
    with pytest.raises(DamagedPackError):
        next(read_pack(pack.content, pack.figures, KEY))


def test_one_endless_line_is_given_up_early() -> None:
    pack = _forge(zstd.compress(b"x" * 50_000_000), 50_000_000, 1)
    tracemalloc.start()
    with pytest.raises(DamagedPackError):
        next(read_pack(pack.content, pack.figures, KEY))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000


def test_a_frame_that_needs_much_memory_is_refused() -> None:
    streamed = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    line = b'{"delete":{"number":1,"revision":1}}\n'
    frame = streamed.compress(line) + streamed.flush()
    pack = _forge(frame, len(line), 1)
    with pytest.raises(DamagedPackError):
        list(read_pack(pack.content, pack.figures, KEY))


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"no frame",
        zstd.compress(b'{"delete":{"number":1,"revision":1}}\n')[:-3],
        zstd.compress(b'{"delete":{"number":1,"revision":1}}\n') + b"more",
    ],
    ids=["empty", "none", "cut", "trailing"],
)
def test_a_frame_that_is_not_exactly_one_is_refused(frame: bytes) -> None:
    pack = _forge(frame, 37, 1)
    with pytest.raises(DamagedPackError):
        list(read_pack(pack.content, pack.figures, KEY))


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b"[]",
        b'{"put":1}',
        b'{"delete":{"number":1}}',
        b'{"delete":{"number":0,"revision":1}}',
        b'{"delete":{"number":-1,"revision":1}}',
        b'{"delete":{"number":true,"revision":1}}',
        b'{"delete":{"number":1.5,"revision":1}}',
        b'{"delete": {"number":1,"revision":1}}',
        b'{"delete":{"number":1,"number":2,"revision":1}}',
        b'{"delete":{"number":9007199254740993,"revision":1}}',
        b'{"delete":{"number":1,"revision":1,"more":1}}',
        b'{"drop":{"number":1,"revision":1}}',
        b'{"put":{"codes":{},"marks":[],"number":1,"revision":1,"shelf":"","texts":{}}}',
        b'{"put":{"codes":{},"marks":[],"number":1,"revision":1,"shelf":"a"}}',
        b'{"put":{"codes":{},"marks":[1],"number":1,"revision":1,"shelf":"a","texts":{}}}',
        b'{"put":{"codes":{},"marks":"ab","number":1,"revision":1,"shelf":"a","texts":{}}}',
        b'{"put":{"codes":{},"marks":[],"number":1,"revision":1,"shelf":"a","texts":{"t":1}}}',
        b'{"put":{"codes":{"c":true},"marks":[],"number":1,"revision":1,"shelf":"a","texts":{}}}',
        b'{"put":{"codes":{"c":[1]},"marks":[],"number":1,"revision":1,"shelf":"a","texts":{}}}',
        b'{"put":{"codes":{"c":null},"marks":[],"number":1,"revision":1,"shelf":"a","texts":{}}}',
        b'{"put":{"codes":{},"marks":[],"number":1,"revision":1,"shelf":"a","texts":{"t":"\\ud800"}}}',
        b"\xff",
    ],
)
def test_a_line_that_is_no_operation_is_refused(line: bytes) -> None:
    pack = _forge(zstd.compress(line + b"\n"), len(line) + 1, 1)
    with pytest.raises(DamagedPackError):
        list(read_pack(pack.content, pack.figures, KEY))


def test_a_record_that_could_not_be_read_back_is_not_packed() -> None:
    with pytest.raises(ValueError, match="nobody could read"):
        write_pack([delete(0)], KEY)


def test_more_than_a_pack_may_hold_is_not_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "OPERATIONS_LIMIT", 1)
    with pytest.raises(OversizedPackError):
        write_pack([put(1), put(2)], KEY)


def test_the_key_is_not_shown() -> None:
    assert KEY.encryption.hex() not in repr(KEY)
    assert repr(KEY.encryption) not in repr(KEY)
