"""Quarters count on across the years and sort as text."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.quarters import (
    accepted_quarters,
    is_quarter,
    quarter_of,
    quarter_start,
    quarters_later,
)

MOMENTS = st.integers(-600_000_000, 7_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))


@given(MOMENTS)
def test_a_moment_lies_between_its_quarter_and_the_next(moment: datetime) -> None:
    quarter = quarter_of(moment)
    assert is_quarter(quarter)
    assert quarter_start(quarter) <= moment < quarter_start(quarters_later(quarter, 1))


@given(MOMENTS, st.integers(-80, 80))
def test_there_and_back_and_sorted_as_text(moment: datetime, count: int) -> None:
    quarter = quarter_of(moment)
    later = quarters_later(quarter, count)
    assert quarters_later(later, -count) == quarter
    assert (later > quarter) == (count > 0)


def test_the_time_zone_is_heard() -> None:
    east = timezone(timedelta(hours=9))
    assert quarter_of(datetime(2027, 1, 1, 3, tzinfo=east)) == "2026-Q4"


def test_this_quarter_and_the_one_before_are_accepted() -> None:
    assert accepted_quarters("2027-Q1") == {"2027-Q1", "2026-Q4"}


def test_other_texts_are_no_quarters() -> None:
    assert not any(map(is_quarter, ("", "2026-Q5", "2026-Q0", "2026-10", "0999-Q1", "2026-Q1\n")))
