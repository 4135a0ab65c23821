"""When the window exchanges with the service by itself."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.submission import Submission, SubmissionState
from ui.sync_loop import Timetable

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _row(state: SubmissionState, not_before: datetime) -> Submission:
    return Submission(bytes(16), state, not_before, 0, None)


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
    assert timetable.is_due(NOW, [_row(state, not_before)], NOW - HOUR) is is_due


def test_the_archive_is_fetched_about_once_a_day_whether_or_not_anyone_reports(
    timetable: Timetable,
) -> None:
    assert timetable.is_due(NOW, [], None)
    assert not timetable.is_due(NOW, [], NOW - 19 * HOUR)
    assert timetable.is_due(NOW, [], NOW - 29 * HOUR)


def test_a_clock_that_was_ahead_does_not_stop_it(timetable: Timetable) -> None:
    assert timetable.is_due(NOW, [], NOW + 400 * 24 * HOUR)


def test_after_a_failure_it_pauses_half_an_hour_to_an_hour_and_a_half(
    timetable: Timetable,
) -> None:
    due = [_row(SubmissionState.QUEUED, NOW - HOUR)]
    timetable.pause(NOW)
    assert not timetable.is_due(NOW + timedelta(minutes=29), due, NOW)
    assert timetable.is_due(NOW + timedelta(minutes=91), due, NOW)


def test_each_program_draws_a_day_of_its_own() -> None:
    days = {Timetable(random.Random(seed)).day for seed in range(20)}
    assert len(days) == 20
    assert all(20 * HOUR <= day <= 28 * HOUR for day in days)
