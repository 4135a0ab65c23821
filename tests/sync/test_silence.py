"""Silence is said after seven days, and a date that cannot be right is asked about."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.paths import Home
from sync.feed_marks import Marks, higher_marks, trusted_time
from sync.silence import (
    connected_utc,
    count_quiet_days,
    describe_doubt,
    describe_silence,
    is_date_doubtful,
)

NOW = datetime(2026, 3, 6, 17, tzinfo=UTC)
DAY = timedelta(days=1)
TIMES = st.datetimes(
    datetime(1970, 1, 2),  # noqa: DTZ001  (its zone is given beside it)
    datetime(9999, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
DAYS = st.dates(date(2020, 1, 1), date(2090, 1, 1)).map(date.isoformat)


def test_seven_days_without_success_are_said_and_six_are_not() -> None:
    assert count_quiet_days(NOW - 6 * DAY, None, NOW) == 0
    assert count_quiet_days(NOW - 7 * DAY, None, NOW) == 7
    assert describe_silence(0) == ""
    assert "7 days" in describe_silence(7)


def test_before_the_first_success_the_days_count_from_the_connection(tmp_path: Path) -> None:
    assert count_quiet_days(None, NOW - 8 * DAY, NOW) == 8
    assert count_quiet_days(None, None, NOW) == 0
    home = Home(tmp_path)
    assert connected_utc(home) is None
    home.connection_file.write_bytes(b"")
    found = connected_utc(home)
    assert found is not None
    assert abs(datetime.now(UTC) - found) < DAY


@given(synced=st.none() | TIMES, connected=st.none() | TIMES, now=TIMES, signed=DAYS)
def test_any_clock_gets_an_answer(
    synced: datetime | None, connected: datetime | None, now: datetime, signed: str
) -> None:
    assert count_quiet_days(synced, connected, now) >= 0
    is_date_doubtful(synced, signed, now)
    is_date_doubtful(synced, "", now)


def test_a_clock_behind_the_last_success_or_the_last_signature_is_doubted() -> None:
    assert is_date_doubtful(NOW + 2 * DAY, "", NOW)
    assert is_date_doubtful(NOW, "2026-11-14", NOW)
    assert not is_date_doubtful(NOW, "2026-03-07", NOW)
    assert not is_date_doubtful(NOW - DAY, "2026-03-01", NOW)
    assert "2026-11-14" in describe_doubt("2026-11-14")


@given(signed=st.lists(DAYS, min_size=1, max_size=6), clocks=st.lists(TIMES, min_size=1))
def test_nothing_that_has_run_out_by_a_signed_date_is_valid_again_by_any_clock(
    signed: list[str], clocks: list[datetime]
) -> None:
    """Whatever the clock shows, the time that expiry is checked against never goes below the
    newest signature that was accepted.
    """
    marks = Marks()
    newest = ""
    for number, (day, clock) in enumerate(zip(signed, clocks * len(signed), strict=False)):
        newest = max(newest, day)
        marks = higher_marks(marks, Marks(signed_on=newest, timestamp=number + 1))
        assert trusted_time(clock, marks) >= datetime.fromisoformat(newest).replace(tzinfo=UTC)
