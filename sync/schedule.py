"""When something leaves, so that its time says little about its writer.

A supervisor who knows who sat at which computer when must not learn much from the proxy's
log: the first time is drawn at random, and so is every later try (protocol.md, "When").

Two clocks are read. The wall's can be wrong by years and be set at any time; the steady one only
goes forward, and stands while the computer sleeps. Pauses are measured by the steady one, so a
wrong date ends none of them too late; where the two disagree, the computer has slept or its
clock was set, and it is tried again soon.
"""

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from app.domain.submission import PendingWithdrawal, Submission

MEAN_WAIT_S = 6 * 3600
LONGEST_WAIT_S = 18 * 3600
SHORTEST_BACKOFF_S = 30
LONGEST_BACKOFF_S = 6 * 3600
LONGEST_RETRY_AFTER_S = 24 * 3600
SHORTEST_DAY_S, LONGEST_DAY_S = 20 * 3600, 28 * 3600
# Less than any sleep worth the name, more than what a busy computer loses.
_JUMP_S = 120


@dataclass(frozen=True, slots=True)
class Moment:
    """What both clocks show. steady_s: seconds since some time in the past."""

    utc: datetime
    steady_s: float


def read_clocks() -> Moment:
    """Now."""
    return Moment(datetime.now(UTC), time.monotonic())


def draw_first_time(now_utc: datetime, chance: random.Random) -> datetime:
    """Exponential, mean 6 h, at most 18 h. chance: random.SystemRandom() outside of tests."""
    wait_s = min(chance.expovariate(1 / MEAN_WAIT_S), LONGEST_WAIT_S)
    return now_utc + timedelta(seconds=int(wait_s))


def draw_next_try(
    now_utc: datetime, tries: int, retry_after_s: int | None, chance: random.Random
) -> datetime:
    """Full jitter under a ceiling that doubles, never before Retry-After, of which 24 h count."""
    asked_s = min(max(retry_after_s or 0, 0), LONGEST_RETRY_AFTER_S)
    return now_utc + timedelta(seconds=asked_s + draw_backoff(tries, chance))


def draw_backoff(tries: int, chance: random.Random) -> float:
    """Seconds to wait after so many tries: full jitter under 30 s, doubled each time to 6 h."""
    ceiling_s = min(SHORTEST_BACKOFF_S * 2 ** min(tries, 20), LONGEST_BACKOFF_S)
    return chance.uniform(0, ceiling_s)


def may_leave(rows: Iterable[Submission | PendingWithdrawal], now_utc: datetime) -> bool:
    """Whether the time of one that waits has come."""
    return any(not row.state.is_final and row.not_before_utc <= now_utc for row in rows)


def is_day_over(synced_utc: datetime | None, now_utc: datetime, day_s: float) -> bool:
    """Whether the last fetch is about a day old. One in the future comes from a wrong clock."""
    return synced_utc is None or not 0 <= (now_utc - synced_utc).total_seconds() < day_s


def day_after(synced_utc: datetime | None) -> float:
    """About a day in seconds, the same at every look until the next fetch.

    For a program that the system starts anew each time, which cannot remember what it drew.
    """
    seed = 0.0 if synced_utc is None else synced_utc.timestamp()
    return random.Random(seed).uniform(SHORTEST_DAY_S, LONGEST_DAY_S)  # noqa: S311 (no secret)


@dataclass(slots=True)
class Timetable:
    """When the next exchange is due. chance: random.SystemRandom() outside of tests.

    day_s: how old the archive may get before it is fetched. failures: since the last success.
    """

    chance: random.Random = field(default_factory=random.SystemRandom)
    day_s: float = 0.0
    failures: int = 0
    _rest_until_s: float | None = None
    _last: Moment | None = None
    _address: str | None = None

    def __post_init__(self) -> None:
        self._draw_day()

    def is_due(
        self,
        now: Moment,
        rows: Iterable[Submission | PendingWithdrawal],
        synced_utc: datetime | None,
        address: str = "",
    ) -> bool:
        """Whether to exchange now: something may leave, or the last fetch is about a day old.

        address: where this computer is in the network, empty without one. After a failure both
        wait for the pause that was drawn; it ends early when the network or a clock has changed.
        """
        if self._is_changed(now, address) and self._rest_until_s is not None:
            soon_s = now.steady_s + self.chance.uniform(0, SHORTEST_BACKOFF_S)
            self._rest_until_s = min(self._rest_until_s, soon_s)
            self.failures = 0
        if self._rest_until_s is not None and now.steady_s < self._rest_until_s:
            return False
        return may_leave(rows, now.utc) or is_day_over(synced_utc, now.utc, self.day_s)

    def succeed(self) -> None:
        """The exchange went well: the next one is about a day from now."""
        self.failures = 0
        self._rest_until_s = None
        self._draw_day()

    def fail(self, now: Moment) -> None:
        """After a failure: nothing for some time that nobody can foresee."""
        self.failures += 1
        self._rest_until_s = now.steady_s + draw_backoff(self.failures, self.chance)

    def _draw_day(self) -> None:
        self.day_s = self.chance.uniform(SHORTEST_DAY_S, LONGEST_DAY_S)

    def _is_changed(self, now: Moment, address: str) -> bool:
        """Whether the computer slept, a clock was set, or the network is another one."""
        last, self._last = self._last, now
        before, self._address = self._address, address
        if last is None:
            return False
        wall_s = (now.utc - last.utc).total_seconds()
        slept = abs(wall_s - (now.steady_s - last.steady_s)) > _JUMP_S
        return slept or address not in {before, ""}
