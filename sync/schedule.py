"""When a submission leaves, so that its time says little about its writer.

A supervisor who knows who sat at which computer when must not learn much from the proxy's
log: the first time is drawn at random, and so is every later try (protocol.md, "When").
"""

import random
from datetime import datetime, timedelta

MEAN_WAIT_S = 6 * 3600
LONGEST_WAIT_S = 18 * 3600
SHORTEST_BACKOFF_S = 30
LONGEST_BACKOFF_S = 6 * 3600


def draw_first_time(now_utc: datetime, chance: random.Random) -> datetime:
    """Exponential, mean 6 h, at most 18 h. chance: random.SystemRandom() outside of tests."""
    wait_s = min(chance.expovariate(1 / MEAN_WAIT_S), LONGEST_WAIT_S)
    return now_utc + timedelta(seconds=int(wait_s))


def draw_next_try(
    now_utc: datetime, tries: int, retry_after_s: int | None, chance: random.Random
) -> datetime:
    """Full jitter under a ceiling that doubles from 30 s to 6 h, never before Retry-After."""
    ceiling_s = min(SHORTEST_BACKOFF_S * 2 ** min(tries, 20), LONGEST_BACKOFF_S)
    return now_utc + timedelta(seconds=(retry_after_s or 0) + chance.uniform(0, ceiling_s))
