"""The index: which packs a client needs, and which indexes nobody accepts."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.feed_index import DELTA_LIMIT, Index, PackEntry, choose_packs, needs_new_base
from sync.packs import PackFigures, PackKind
from sync.protocol.errors import MalformedError

TENANT = "ab" * 16


def _base(sequence: int, length: int = 100) -> PackEntry:
    return PackEntry(PackKind.BASE, 0, sequence, PackFigures("00" * 32, length, length, 1))


def _delta(first: int, length: int = 10) -> PackEntry:
    figures = PackFigures("11" * 32, length, length, 1)
    return PackEntry(PackKind.DELTA, first, first + 1, figures)


def _index(base: int, first: int, sequence: int, base_length: int = 100) -> Index:
    deltas = tuple(_delta(number) for number in range(first, sequence))
    return Index(TENANT, sequence, "2026-01-10", _base(base, base_length), deltas)


@given(st.integers(1, 40), st.integers(0, 26), st.integers(0, 26), st.integers(1, 500))
def test_every_plan_leads_to_the_sequence(
    sequence: int, kept: int, since_base: int, base_length: int
) -> None:
    kept, since_base = min(kept, sequence - 1), min(since_base, sequence - 1)
    first = sequence - max(kept, since_base)
    index = _index(sequence - since_base, first, sequence, base_length)
    assert Index.from_bytes(index.to_bytes(), tenant=TENANT) == index
    for held in range(sequence + 1):
        plan = choose_packs(index, held)
        place = held
        for pack in plan.packs:
            assert pack.kind is PackKind.BASE or pack.first == place
            place = pack.sequence
        assert place == sequence
        assert plan.replaces_all == any(pack.kind is PackKind.BASE for pack in plan.packs)


def test_the_chain_is_taken_while_it_costs_no_more_than_the_base() -> None:
    index = _index(base=20, first=1, sequence=20)
    assert not choose_packs(index, held=10).replaces_all
    assert choose_packs(index, held=9).replaces_all
    assert choose_packs(index, held=20).packs == ()


def test_a_new_base_is_due_when_the_chain_costs_more_or_is_too_long() -> None:
    assert not needs_new_base(_base(1), [_delta(n) for n in range(1, 11)])
    assert needs_new_base(_base(1), [_delta(n) for n in range(1, 12)])
    cheap = [_delta(n, length=1) for n in range(1, 1 + DELTA_LIMIT)]
    assert not needs_new_base(_base(1), cheap)
    assert needs_new_base(_base(1), [*cheap, _delta(DELTA_LIMIT + 1, length=1)])
    assert not needs_new_base(_base(9), [_delta(n) for n in range(1, 12)])


def _set(*path: str | int, to: object) -> Callable[[dict[str, Any]], None]:
    def change(message: dict[str, Any]) -> None:
        place: Any = message
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return change


@pytest.mark.parametrize(
    "change",
    [
        _set("format", to="nearmiss-index-2"),
        _set("tenant", to="cd" * 16),
        _set("sequence", to=21),
        _set("sequence", to=-1),
        _set("signed_on", to="10.1.2026"),
        _set("signed_on", to="2026-13-01"),
        _set("more", to=1),
        _set("base", to=None),
        _set("base", to=[]),
        _set("base", "more", to=1),
        _set("base", "length", to=2**40),
        _set("base", "unpacked_length", to=2**40),
        _set("base", "operations", to=2**40),
        _set("base", "hash", to="00"),
        _set("base", "name", to="archive/../base-20.pack"),
        _set("base", "sequence", to=40),
        _set("deltas", to={}),
        _set("deltas", 3, to=7),
        _set("deltas", 3, "to", to=4),
        _set("deltas", 3, "from", to=3),
        _set("deltas", 18, "to", to=25),
        _set("deltas", to=[]),
    ],
)
def test_an_index_that_does_not_hold_together_is_refused(
    change: Callable[[dict[str, Any]], None],
) -> None:
    message = json.loads(_index(base=15, first=1, sequence=20).to_bytes())
    change(message)
    with pytest.raises(MalformedError):
        Index.from_bytes(json.dumps(message).encode(), tenant=TENANT)


def test_an_index_of_more_deltas_than_are_kept_is_refused() -> None:
    index = _index(base=1, first=1, sequence=DELTA_LIMIT + 2)
    with pytest.raises(MalformedError):
        Index.from_bytes(index.to_bytes(), tenant=TENANT)


def test_an_empty_archive_needs_nothing() -> None:
    index = Index(TENANT, 0, "2026-01-10", None, ())
    assert Index.from_bytes(index.to_bytes(), tenant=TENANT) == index
    assert choose_packs(index, held=0).packs == ()


GOLDEN = (
    b'{"base":{"hash":"0000000000000000000000000000000000000000000000000000000000000000",'
    b'"length":100,"name":"archive/base-2.pack","operations":1,"sequence":2,'
    b'"unpacked_length":100},"deltas":[{"from":2,"hash":'
    b'"1111111111111111111111111111111111111111111111111111111111111111","length":10,'
    b'"name":"archive/delta-2-3.pack","operations":1,"to":3,"unpacked_length":10}],'
    b'"format":"nearmiss-index-1","sequence":3,"signed_on":"2026-01-10",'
    b'"tenant":"abababababababababababababababab"}'
)


def test_an_index_of_the_first_version_is_written_and_read_as_ever() -> None:
    assert _index(base=2, first=2, sequence=3).to_bytes() == GOLDEN
    assert Index.from_bytes(GOLDEN, tenant=TENANT) == _index(base=2, first=2, sequence=3)
