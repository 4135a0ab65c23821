"""Withdrawals that wait, and their states."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from app.domain.submission import (
    WITHDRAWAL_TRANSITIONS,
    PendingWithdrawal,
    WithdrawalState,
)
from app.store.post import Post
from app.store.withdrawals import SignedWithdrawal, WithdrawalMovedError, Withdrawals

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ID, TENANT = bytes(range(16)), "a" * 32
SIGNED = SignedWithdrawal(b"p" * 32, b"s" * 64)
WAYS = {
    WithdrawalState.WAITING: [],
    WithdrawalState.SENDING: [WithdrawalState.SENDING],
    WithdrawalState.WITHDRAWN: [WithdrawalState.SENDING, WithdrawalState.WITHDRAWN],
    WithdrawalState.ABSENT: [WithdrawalState.SENDING, WithdrawalState.ABSENT],
}


@pytest.fixture
def store(post: Post) -> Withdrawals:
    return Withdrawals(post)


def _bring(store: Withdrawals, state: WithdrawalState) -> None:
    store.add(ID, TENANT, SIGNED, NOON)
    for each in WAYS[state]:
        store.move(ID, each)


def test_what_was_signed_comes_back_after_a_restart(store: Withdrawals, post: Post) -> None:
    store.add(ID, TENANT, SIGNED, NOON)
    with Post.open_or_create(post.file.path.parent) as again:
        assert Withdrawals(again).signed(ID) == SIGNED
        waiting = PendingWithdrawal(ID, WithdrawalState.WAITING, NOON, 0, None)
        assert Withdrawals(again).all() == (waiting,)


@pytest.mark.parametrize(("source", "to"), list(product(WithdrawalState, WithdrawalState)))
def test_only_the_named_ways_are_open(
    store: Withdrawals, source: WithdrawalState, to: WithdrawalState
) -> None:
    _bring(store, source)
    if to in WITHDRAWAL_TRANSITIONS[source]:
        store.move(ID, to)
        assert store.all()[0].state is to
    else:
        with pytest.raises(WithdrawalMovedError):
            store.move(ID, to)
        assert store.all()[0].state is source


@pytest.mark.parametrize("state", WithdrawalState)
def test_asking_again_begins_anew_only_where_nothing_was_found(
    store: Withdrawals, state: WithdrawalState
) -> None:
    _bring(store, state)
    later = NOON + timedelta(days=9)
    store.add(ID, TENANT, SIGNED, later)
    (row,) = store.all()
    if state is WithdrawalState.ABSENT:
        assert row == PendingWithdrawal(ID, WithdrawalState.WAITING, later, 0, None)
    else:
        assert row.state is state


@pytest.mark.parametrize("state", WithdrawalState)
def test_what_was_signed_is_kept_no_longer_than_needed(
    store: Withdrawals, state: WithdrawalState
) -> None:
    _bring(store, state)
    if not state.is_final:
        assert store.signed(ID) == SIGNED
        with pytest.raises(WithdrawalMovedError):
            store.forget(ID)
        return
    with pytest.raises(WithdrawalMovedError):
        store.signed(ID)
    store.forget(ID)
    assert store.all() == ()


def test_due_is_what_waits_for_this_service_and_whose_time_has_come(store: Withdrawals) -> None:
    store.add(ID, TENANT, SIGNED, NOON)
    assert store.due(NOON - timedelta(seconds=1), TENANT) == ()
    assert store.due(NOON, "b" * 32) == ()
    assert [each.report_id for each in store.due(NOON, TENANT)] == [ID]
    store.move(ID, WithdrawalState.SENDING)
    assert store.due(NOON, TENANT) == ()
    store.recover()
    assert [each.tries for each in store.due(NOON, TENANT)] == [1]
    store.reschedule(ID, NOON + timedelta(days=1))
    assert store.due(NOON, TENANT) == ()
