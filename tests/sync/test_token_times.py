"""When a first report may leave after the first tokens."""

import random
import statistics
from datetime import UTC, datetime, timedelta

from sync import token_times

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def _waits(seed: int) -> list[float]:
    """In days."""
    chance = random.Random(seed)
    return [(token_times.after_first_batch(NOW, chance) - NOW) / DAY for _ in range(4_000)]


def test_a_first_report_waits_three_days_and_at_most_thirty_one() -> None:
    waits = _waits(1)
    assert min(waits) >= 3
    assert max(waits) <= 31
    assert 10.4 < statistics.mean(waits) < 12
    assert 8.5 < statistics.median(waits) < 10.1


def test_no_day_is_one_on_which_many_leave() -> None:
    days = [int(wait) for wait in _waits(2)]
    counts = [days.count(day) for day in range(3, 31)]
    assert max(counts) == max(counts[:3])
    assert counts[-1] < counts[0] / 5


def test_who_has_the_first_tokens_has_the_first_report_little_more_often_than_chance() -> None:
    chance = random.Random(20_261_122)
    right = 0
    rounds = 20_000
    for _ in range(rounds):
        batches = [
            NOW + chance.random() * DAY + (token_times.after_enrolment(NOW, chance) - NOW)
            for _ in range(2)
        ]
        reports = [token_times.after_first_batch(each, chance) for each in batches]
        right += (batches[0] < batches[1]) == (reports[0] < reports[1])
    assert 0.5 < right / rounds < 0.555
