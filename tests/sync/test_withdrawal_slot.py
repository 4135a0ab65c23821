"""A withdrawal shares its slot neither with a report nor with the issuer."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.submission import WithdrawalState
from app.paths import Home
from app.store.outbox import Outbox
from app.store.post import Post
from app.store.withdrawals import SignedWithdrawal, Withdrawals
from sync import token_times, withdrawal_slot
from sync.network import Network
from sync.protocol.connection import Connection
from sync.verified_officer import Moment, earliest_report, note_report, put_off_reports
from sync.withdrawal_slot import withdraw_in_slot

TENANT, ID = "a" * 32, bytes(16)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AWAY = Connection(TENANT, "A team", "http://127.0.0.1:9", "http://x.example", b"{}", bytes(32))


@pytest.fixture
def post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """With one withdrawal whose time has come; whoever speaks to the service finds nobody."""
    monkeypatch.setattr(withdrawal_slot, "verified_keys", lambda *_rest: ())
    monkeypatch.setattr(withdrawal_slot, "read_network", lambda _home: Network())
    with Post.open_or_create(tmp_path / "post") as found:
        Withdrawals(found).add(ID, TENANT, SignedWithdrawal(bytes(32), bytes(64)), NOW)
        yield found


def _run(post: Post, tmp_path: Path, *, is_taken: bool = False, at_once: bool = False) -> int:
    """How often it has been tried."""
    moment = Moment(NOW, random.Random(1))
    withdraw_in_slot(Home(tmp_path), AWAY, [post], moment, is_taken=is_taken, at_once=at_once)
    (row,) = Withdrawals(post).all()
    assert row.state is WithdrawalState.WAITING
    return row.tries


def test_in_a_free_slot_it_leaves_and_keeps_the_issuer_away(post: Post, tmp_path: Path) -> None:
    assert _run(post, tmp_path) == 1
    assert not token_times.may_happen(post, token_times.ISSUER, NOW + timedelta(minutes=50))


@pytest.mark.parametrize("at_once", [False, True])
def test_beside_a_report_it_gets_another_time(post: Post, tmp_path: Path, at_once: bool) -> None:
    assert _run(post, tmp_path, is_taken=True, at_once=at_once) == at_once
    (row,) = Withdrawals(post).all()
    assert row.not_before_utc > NOW or at_once
    assert row.not_before_utc <= NOW + timedelta(hours=18)


def test_one_that_a_crash_left_as_being_sent_gets_another_time_too(
    post: Post, tmp_path: Path
) -> None:
    Withdrawals(post).move(ID, WithdrawalState.SENDING)
    assert _run(post, tmp_path, is_taken=True) == 1  # the try before the crash


def test_after_the_issuer_was_spoken_to_it_waits(post: Post, tmp_path: Path) -> None:
    until = NOW + timedelta(hours=2)
    token_times.put_moment(post, token_times.INTAKE, until)
    assert _run(post, tmp_path) == 0
    (row,) = Withdrawals(post).all()
    assert row.not_before_utc >= until


def test_where_nothing_waits_the_issuer_may_be_spoken_to(post: Post, tmp_path: Path) -> None:
    Withdrawals(post).reschedule(ID, NOW + timedelta(hours=1))
    assert _run(post, tmp_path) == 0
    assert token_times.may_happen(post, token_times.ISSUER, NOW)


def test_shortly_after_a_report_it_waits(post: Post, tmp_path: Path) -> None:
    note_report(post, Moment(NOW - timedelta(minutes=1), random.Random(1)))
    assert _run(post, tmp_path) == 0
    (row,) = Withdrawals(post).all()
    assert row.not_before_utc > NOW + timedelta(minutes=50)


@pytest.mark.parametrize("is_wanted", [False, True])
def test_shortly_after_it_a_report_waits_unless_its_officer_sends_it_now(
    post: Post, tmp_path: Path, is_wanted: bool
) -> None:
    assert _run(post, tmp_path) == 1
    Outbox(post).add(ID, bytes(65_536), NOW)
    with post.only_sender():
        put_off_reports([post], post, NOW, {ID} if is_wanted else ())
    assert bool(Outbox(post).due(NOW)) == is_wanted
    assert bool(Outbox(post).due(NOW + timedelta(minutes=50))) == is_wanted
    assert Outbox(post).due(NOW + timedelta(hours=3))


def test_where_no_withdrawal_left_no_report_waits(post: Post, tmp_path: Path) -> None:
    Withdrawals(post).reschedule(ID, NOW + timedelta(hours=1))
    assert _run(post, tmp_path) == 0
    assert earliest_report([post], post, NOW) is None
