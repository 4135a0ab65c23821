"""Times of sending are spread as the protocol says."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sync import schedule

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_the_first_time_has_a_mean_near_six_hours_and_never_exceeds_eighteen() -> None:
    chance = random.Random(1)
    waits = [(schedule.draw_first_time(NOW, chance) - NOW).total_seconds() for _ in range(4_000)]
    assert max(waits) <= schedule.LONGEST_WAIT_S
    assert min(waits) >= 0
    assert 5 * 3600 < sum(waits) / len(waits) < 6 * 3600  # the cap takes some off the mean


@given(
    tries=st.integers(0, 10_000),
    retry_after_s=st.none() | st.integers(0, 10**9),
    seed=st.integers(),
)
def test_the_next_try_is_never_before_retry_after_nor_beyond_the_ceiling(
    tries: int, retry_after_s: int | None, seed: int
) -> None:
    at = schedule.draw_next_try(NOW, tries, retry_after_s, random.Random(seed))
    earliest = NOW + timedelta(seconds=min(retry_after_s or 0, 86_400))
    assert earliest <= at <= earliest + timedelta(seconds=schedule.LONGEST_BACKOFF_S)
