"""The index of the mail and its packs: read strictly, followed by anyone, cut nowhere."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.feed_verify import _MAIL_INDEX_LIMIT
from sync.mail_index import (
    KEPT_DAYS,
    PACK_LIMIT,
    TOTAL_LIMIT,
    MailIndex,
    MailPack,
    exceeds_limits,
    next_mail_index,
)
from sync.mail_packs import read_mail_pack, write_mail_packs
from sync.protocol.errors import MalformedError
from sync.protocol.mail import RECORD_LENGTH
from tests.protocol.damage import any_form, assert_reads_or_refuses

TENANT = "a" * 32
DAY = "2026-03-01"
HASH = hashlib.sha256(b"").hexdigest()


def record(tag: bytes, filling: bytes = b"x") -> bytes:
    """What looks like mail from outside, which is all that a pack knows of it."""
    return b"NMM1" + tag + filling * (RECORD_LENGTH - 20)


def pack(sequence: int = 1, shard: str | None = None, signed_on: str = DAY) -> MailPack:
    return MailPack(sequence, shard, HASH, RECORD_LENGTH, signed_on)


def index(*packs: MailPack, sequence: int = 3, signed_on: str = DAY) -> MailIndex:
    return MailIndex(TENANT, sequence, signed_on, packs)


def read(found: MailIndex) -> MailIndex:
    return MailIndex.from_bytes(found.to_bytes(), tenant=TENANT)


@pytest.mark.parametrize(
    "found",
    [
        index(),
        index(pack()),
        index(pack(1, "0"), pack(1, "f"), pack(3)),
        index(pack(1, signed_on="2025-12-31"), pack(2), signed_on="2026-04-01"),
    ],
)
def test_an_index_comes_back(found: MailIndex) -> None:
    assert read(found) == found


@pytest.mark.parametrize(
    "found",
    [
        replace(index(pack()), tenant="b" * 32),
        index(sequence=0),
        index(pack(0)),
        index(pack(4)),
        index(pack(2), pack(1)),
        index(pack(1), pack(1)),
        index(pack(1, "a"), pack(1, "a")),
        index(pack(1, "b"), pack(1, "a")),
        index(pack(1), pack(1, "a")),
        index(pack(1, "g")),
        index(pack(1, "")),
        index(pack(1, "ab")),
        index(replace(pack(), length=0)),
        index(replace(pack(), length=RECORD_LENGTH + 1)),
        index(replace(pack(), sha256="zz")),
        index(pack(signed_on="2026-02-31")),
        index(pack(signed_on="2026-03-02")),
        index(pack(1, signed_on="2026-03-01"), pack(2, signed_on="2026-02-28")),
        index(replace(pack(), length=TOTAL_LIMIT + RECORD_LENGTH)),
        index(*(pack(number) for number in range(1, PACK_LIMIT + 2)), sequence=999),
        index(signed_on="yesterday"),
    ],
)
def test_an_index_that_is_none_is_refused(found: MailIndex) -> None:
    with pytest.raises(MalformedError):
        read(found)


def test_a_pack_under_another_name_is_refused() -> None:
    raw = index(pack()).to_bytes().replace(b"mail/1.pack", b"mail/2.pack")
    with pytest.raises(MalformedError):
        MailIndex.from_bytes(raw, tenant=TENANT)


@given(raw=any_form(index(pack(1, "0"), pack(2)).to_bytes()))
def test_any_bytes_are_an_index_or_refused(raw: bytes) -> None:
    assert_reads_or_refuses(lambda found: MailIndex.from_bytes(found, tenant=TENANT), raw)


def test_the_next_index_keeps_what_has_not_expired() -> None:
    today = date.fromisoformat(DAY)
    last_day = (today - timedelta(days=KEPT_DAYS)).isoformat()
    before = (today - timedelta(days=KEPT_DAYS + 1)).isoformat()
    old = index(pack(1, signed_on=before), pack(2, signed_on=last_day), signed_on=last_day)
    new = next_mail_index(old, [pack(4)], DAY)
    assert new == index(pack(2, signed_on=last_day), pack(4), sequence=4)
    assert next_mail_index(old, [], DAY).packs == (pack(2, signed_on=last_day),)
    assert next_mail_index(old, [], last_day) == old


def test_too_much_mail_is_noticed_before_it_is_published() -> None:
    assert not exceeds_limits(index(pack()))
    assert exceeds_limits(index(replace(pack(), length=TOTAL_LIMIT + RECORD_LENGTH)))


def test_an_index_of_the_most_packs_is_short_enough_to_be_fetched() -> None:
    packs = [pack(number, signed_on=DAY) for number in range(10_001, 10_001 + PACK_LIMIT)]
    assert len(index(*packs, sequence=20_000).to_bytes()) < _MAIL_INDEX_LIMIT


tags = st.binary(min_size=16, max_size=16)
bags = st.lists(
    st.tuples(tags, st.sampled_from([b"x", b"y"])), min_size=1, max_size=24, unique=True
)


@settings(max_examples=60)
@given(bag=bags, most=st.integers(1, 24))
def test_records_come_back_whether_in_one_part_or_in_sixteen(
    bag: list[tuple[bytes, bytes]], most: int
) -> None:
    records = [record(tag, filling) for tag, filling in bag]
    packs = write_mail_packs(records, 3, DAY, most)
    assert write_mail_packs(list(reversed(records)), 3, DAY, most) == packs
    assert (packs[0][0].shard is None) == (len(records) <= most)
    assert read(index(*(pack for pack, _content in packs))).packs
    found = [each for pack, content in packs for each in read_mail_pack(content, pack)]
    assert found == sorted((each[4:20], each) for each in records)
    for pack_, content in packs:
        assert pack_.length == len(content)
        assert all(
            tag.hex().startswith(pack_.shard or "") for tag, _ in read_mail_pack(content, pack_)
        )


def test_no_mail_makes_no_pack() -> None:
    assert write_mail_packs([], 1, DAY) == []


def _named(content: bytes, shard: str | None = None) -> tuple[bytes, MailPack]:
    return content, MailPack(1, shard, hashlib.sha256(content).hexdigest(), len(content), DAY)


A, B = record(b"\x0a" * 16), record(b"\xb0" * 16)
GOOD = A + B
HOSTILE: dict[str, Callable[[], tuple[bytes, MailPack]]] = {
    "cut": lambda: (GOOD[:-1], _named(GOOD)[1]),
    "a record cut off": lambda: (A, _named(GOOD)[1]),
    "swapped": lambda: (record(b"\x0a" * 16, b"y") + B, _named(GOOD)[1]),
    "too large": lambda: (GOOD + B, _named(GOOD)[1]),
    "endless": lambda: (GOOD * 100, _named(GOOD)[1]),
    "out of order": lambda: _named(B + A),
    "twice": lambda: _named(A + A),
    "no record": lambda: _named(b"NMM2" + A[4:]),
    "wrong tag for its part": lambda: _named(GOOD, "0"),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_pack_that_is_not_what_is_signed_is_refused(
    make: Callable[[], tuple[bytes, MailPack]],
) -> None:
    content, named = make()
    with pytest.raises(MalformedError):
        read_mail_pack(content, named)
