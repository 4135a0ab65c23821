"""When the next exchange is due, whatever the clocks do."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.submission import Submission, SubmissionState
from sync.schedule import (
    LONGEST_BACKOFF_S,
    SHORTEST_BACKOFF_S,
    Moment,
    Timetable,
    day_after,
    draw_backoff,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
YEAR_S = 366 * 86_400
SEEDS = st.integers(0, 2**32)
# A wall clock that is set at any time, from decades behind to decades ahead.
JUMPS = st.lists(
    st.tuples(st.floats(1, 90_000), st.one_of(st.just(0.0), st.floats(-40 * YEAR_S, 40 * YEAR_S))),
    min_size=1,
    max_size=30,
)


def _row(state: SubmissionState, not_before: datetime) -> Submission:
    return Submission(bytes(16), state, not_before, 0, None)


def _at(later: timedelta = timedelta()) -> Moment:
    return Moment(NOW + later, 1_000 + later.total_seconds())


DUE = [_row(SubmissionState.QUEUED, NOW - HOUR)]


@pytest.fixture
def timetable() -> Timetable:
    return Timetable(random.Random(5))


@pytest.mark.parametrize(
    ("state", "not_before", "is_due"),
    [
        (SubmissionState.QUEUED, NOW - HOUR, True),
        (SubmissionState.HELD, NOW, True),
        (SubmissionState.QUEUED, NOW + HOUR, False),
        (SubmissionState.RECEIVED, NOW - HOUR, False),
    ],
)
def test_what_may_leave_makes_it_due(
    timetable: Timetable, state: SubmissionState, not_before: datetime, is_due: bool
) -> None:
    assert timetable.is_due(_at(), [_row(state, not_before)], NOW - HOUR) is is_due


def test_the_archive_is_fetched_about_once_a_day_whether_or_not_anyone_reports(
    timetable: Timetable,
) -> None:
    assert timetable.is_due(_at(), [], None)
    assert not timetable.is_due(_at(), [], NOW - 19 * HOUR)
    assert timetable.is_due(_at(), [], NOW - 29 * HOUR)


def test_a_last_success_in_the_future_does_not_stop_it(timetable: Timetable) -> None:
    assert timetable.is_due(_at(), [], NOW + 400 * 24 * HOUR)


def test_each_program_draws_a_day_of_its_own() -> None:
    days = {Timetable(random.Random(seed)).day_s for seed in range(20)}
    assert len(days) == 20
    assert all(20 * 3600 <= day <= 28 * 3600 for day in days)


def test_a_program_that_is_started_anew_keeps_its_day_until_the_next_fetch() -> None:
    assert day_after(NOW) == day_after(NOW)
    assert len({day_after(NOW + number * HOUR) for number in range(20)}) == 20
    assert 20 * 3600 <= day_after(None) <= 28 * 3600


@given(tries=st.integers(0, 10_000), seed=SEEDS)
def test_the_backoff_lies_between_nothing_and_six_hours(tries: int, seed: int) -> None:
    assert 0 <= draw_backoff(tries, random.Random(seed)) <= LONGEST_BACKOFF_S


def test_the_backoff_uses_the_whole_of_its_range() -> None:
    chance = random.Random(1)
    first = [draw_backoff(0, chance) for _ in range(2_000)]
    last = [draw_backoff(30, chance) for _ in range(2_000)]
    assert max(first) <= SHORTEST_BACKOFF_S
    assert 0.45 < sum(first) / len(first) / SHORTEST_BACKOFF_S < 0.55
    assert 0.45 < sum(last) / len(last) / LONGEST_BACKOFF_S < 0.55


@given(failures=st.integers(1, 40), seed=SEEDS)
def test_after_failures_it_is_due_again_within_six_hours(failures: int, seed: int) -> None:
    timetable = Timetable(random.Random(seed))
    timetable.is_due(_at(), DUE, NOW)
    for _ in range(failures):
        timetable.fail(_at())
    later = timedelta()
    while not timetable.is_due(_at(later), DUE, NOW):
        later += timedelta(minutes=1)
        assert later <= 6 * HOUR + timedelta(minutes=1)


def test_after_a_success_nothing_is_left_of_the_failures(timetable: Timetable) -> None:
    for _ in range(10):
        timetable.fail(_at())
    timetable.succeed()
    assert timetable.failures == 0
    assert timetable.is_due(_at(), DUE, NOW)


@pytest.mark.parametrize(
    ("wall", "steady", "why"),
    [
        (timedelta(hours=8), timedelta(minutes=1), "slept"),
        (-timedelta(days=4_000), timedelta(minutes=1), "set back"),
        (timedelta(days=4_000), timedelta(minutes=1), "set ahead"),
    ],
)
def test_sleep_and_clocks_that_are_set_end_the_pause_within_half_a_minute(
    wall: timedelta, steady: timedelta, why: str
) -> None:
    timetable = _paused()
    woken = Moment(NOW + wall, 1_000 + steady.total_seconds())
    rows = [_row(SubmissionState.QUEUED, datetime(2000, 1, 1, tzinfo=UTC))]
    timetable.is_due(woken, rows, None)
    after = Moment(woken.utc + timedelta(seconds=31), woken.steady_s + 31)
    assert timetable.is_due(after, rows, None), why


def test_another_network_ends_the_pause_and_losing_it_does_not() -> None:
    for before, after, is_due in (
        ("", "192.168.1.5", True),
        ("10.0.0.2", "192.168.1.5", True),
        ("10.0.0.2", "", False),
        ("10.0.0.2", "10.0.0.2", False),
    ):
        timetable = _paused(before)
        minute, later = timedelta(minutes=1), timedelta(seconds=95)
        timetable.is_due(_at(minute), DUE, NOW, after)
        assert timetable.is_due(_at(later), DUE, NOW, after) is is_due


def _paused(address: str = "") -> Timetable:
    """After many failures, with a pause of hours."""
    timetable = Timetable(random.Random(5))
    timetable.is_due(_at(), DUE, NOW, address)
    while timetable.failures < 20 or (timetable._rest_until_s or 0) < 1_000 + 2 * 3600:
        timetable.fail(_at())
    assert not timetable.is_due(_at(), DUE, NOW, address)
    return timetable


@given(jumps=JUMPS, seed=SEEDS)
def test_no_way_of_setting_the_clock_keeps_it_from_trying_for_longer_than_the_longest_pause(
    jumps: list[tuple[float, float]], seed: int
) -> None:
    """Something has waited since long ago, every exchange fails, and the clock goes mad."""
    timetable = Timetable(random.Random(seed))
    rows = [_row(SubmissionState.QUEUED, datetime(1970, 1, 1, tzinfo=UTC))]
    wall, steady, tried = NOW, 0.0, 0.0
    for passed, jump in jumps:
        steps = int(passed // 60) + 1
        for step in range(steps):
            wall, steady = wall + timedelta(seconds=60), steady + 60
            if step == 0 and 1990 < (wall + timedelta(seconds=jump)).year < 2100:
                wall += timedelta(seconds=jump)
            if timetable.is_due(Moment(wall, steady), rows, NOW):
                tried = steady
                timetable.fail(Moment(wall, steady))
            assert steady - tried <= LONGEST_BACKOFF_S + 60


@given(seed=SEEDS)
def test_a_day_without_a_service_costs_few_tries(seed: int) -> None:
    timetable = Timetable(random.Random(seed))
    tries = 0
    for minute in range(24 * 60):
        now = _at(timedelta(minutes=minute))
        if timetable.is_due(now, DUE, None):
            tries += 1
            timetable.fail(now)
    assert tries < 60
