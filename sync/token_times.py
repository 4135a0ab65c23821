"""When a program speaks to the issuer, and when it may then speak to intake.

Every enrolled program fetches its tokens on a random day of each quarter, whether or not it
ever reports, and never speaks to issuer and intake shortly after one another: who watches
the network must not be able to pair a report with an account (protocol.md, "When").
"""

import math
import random
from datetime import UTC, datetime, timedelta

from app.use_cases.keep_safe import Post
from sync.protocol.quarters import quarter_start, quarters_later

_WINDOW = timedelta(days=28)
_AFTER_ENROLMENT = timedelta(days=2)
_SHORTEST_GAP, _LONGEST_GAP = timedelta(hours=1), timedelta(hours=3)
# Longer than the gap: an issuer that never answers must not keep reports from leaving.
_SHORTEST_RETRY, _LONGEST_RETRY = timedelta(hours=4), timedelta(hours=12)
# An exponential is what tells least: both pairings of two batches and two reports are equally
# likely, unless one of them would leave too soon. Chosen by figures (docs/decisions/0020).
_SHORTEST_FIRST, _MEAN_FIRST, _LONGEST_FIRST = (timedelta(days=days) for days in (3, 10, 31))
# No time that is drawn here lies further ahead; one that does comes from a wrong clock.
_LONGEST_PLAN = timedelta(days=130)

FETCH = "tokens/not_before"
INTAKE = "intake/not_before"
ISSUER = "issuer/not_before"
FIRST_REPORT = "reports/not_before"
AFTER_WITHDRAWAL = "reports/after_withdrawal"
AFTER_REPORT = "withdrawals/after_report"
"""Settings of a post, each a moment before which something does not happen."""


def draw(shortest: timedelta, longest: timedelta, chance: random.Random) -> timedelta:
    """A length between the two, all equally likely. chance: SystemRandom outside of tests."""
    return timedelta(seconds=chance.uniform(shortest.total_seconds(), longest.total_seconds()))


def after_enrolment(now_utc: datetime, chance: random.Random) -> datetime:
    """When the first batch is fetched."""
    return now_utc + draw(timedelta(), _AFTER_ENROLMENT, chance)


def in_next_window(quarter: str, chance: random.Random) -> datetime:
    """When the batch of the quarter after this one is fetched."""
    return quarter_start(quarters_later(quarter, 1)) + draw(timedelta(), _WINDOW, chance)


def after_failure(now_utc: datetime, chance: random.Random) -> datetime:
    """When the issuer is asked again."""
    return now_utc + draw(_SHORTEST_RETRY, _LONGEST_RETRY, chance)


def after_the_other(now_utc: datetime, chance: random.Random) -> datetime:
    """When the one may be spoken to after the other was."""
    return now_utc + draw(_SHORTEST_GAP, _LONGEST_GAP, chance)


def after_first_batch(now_utc: datetime, chance: random.Random) -> datetime:
    """When the first report may leave: 3 days and an exponential of mean 10, at most 31 in all.

    Drawn from below the bound, so that no day is one on which many leave.
    """
    below = -math.expm1(-(_LONGEST_FIRST - _SHORTEST_FIRST) / _MEAN_FIRST)
    return now_utc + _SHORTEST_FIRST - _MEAN_FIRST * math.log1p(-below * chance.random())


def put_moment(post: Post, name: str, moment: datetime) -> None:
    """Keep a moment, which has its time zone, to the minute."""
    kept = moment.astimezone(UTC).replace(second=0, microsecond=0)
    post.put_setting(name, kept.isoformat())


def moment_of(post: Post, name: str, now_utc: datetime) -> datetime | None:
    """The moment that was kept; None for none, and for one that only a wrong clock can give."""
    kept = post.setting(name)
    if kept is None:
        return None
    moment = datetime.fromisoformat(kept)
    gaps = dict.fromkeys((INTAKE, ISSUER, AFTER_WITHDRAWAL, AFTER_REPORT), _LONGEST_GAP)
    limits = {**gaps, FIRST_REPORT: _LONGEST_FIRST}
    return None if moment - now_utc > limits.get(name, _LONGEST_PLAN) else moment


def may_happen(post: Post, name: str, now_utc: datetime) -> bool:
    """Whether the moment has come, or there is none."""
    moment = moment_of(post, name, now_utc)
    return moment is None or moment <= now_utc
