"""How it stands with being a verified officer, in plain words: tokens, until when, among how many.

Nothing here tells an exact moment: when tokens are fetched and covers are made is nobody's
business, and a page can be read over a shoulder.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.errors import UserError
from app.paths import Home
from app.use_cases.keep_safe import Post, open_purse
from sync.archive_update import officer_counts, trusted_clock
from sync.protocol.connection import Connection
from sync.protocol.officer_count import FEW
from sync.protocol.quarters import accepted_quarters, quarter_of, quarter_start, quarters_later
from sync.silence import CHECK_DATE
from sync.token_fetch import last_quarter


class OfficerState(StrEnum):
    """`ASKED`: the card is kept and its answer awaited."""

    WITHOUT_CARD = "without card"
    ASKED = "asked"
    ENROLLED = "enrolled"


@dataclass(frozen=True, slots=True)
class TokensUntil:
    """count: that can be used. until: the last day on which they count."""

    count: int
    until: date


@dataclass(frozen=True, slots=True)
class OfficerStanding:
    """left: by the day on which they end. total: had in the quarters that count. uncounted: that
    are here, but not by this computer's date. next_from: the day after which new ones come, None
    if they may come any day. officers: at least so many are enrolled, None if not known.
    """

    state: OfficerState
    left: tuple[TokensUntil, ...] = ()
    total: int = 0
    uncounted: int = 0
    next_from: date | None = None
    officers: int | None = None


def read_officer(
    home: Home, connection: Connection, post: Post, now_utc: datetime
) -> OfficerStanding:
    """How it stands (blocks for reading). Raises UserError."""
    purse = open_purse(home, post, connection.tenant)
    account = purse.account()
    officers = read_crowd(home, connection)
    if account is None or not account.is_enrolled:
        state = OfficerState.WITHOUT_CARD if account is None else OfficerState.ASKED
        return OfficerStanding(state, officers=officers)
    clock = trusted_clock(home, connection, now_utc)
    accepted = accepted_quarters(quarter_of(clock))
    ready = purse.ready(accepted)
    last = last_quarter(post)
    next_start = quarter_start(quarters_later(last, 1)) if last else clock
    return OfficerStanding(
        OfficerState.ENROLLED,
        left=tuple(TokensUntil(ready[each], _last_day(each)) for each in sorted(ready)),
        total=purse.counts(accepted).total,
        uncounted=sum(purse.ready().values()) - sum(ready.values()),
        next_from=next_start.date() if next_start > clock else None,
        officers=officers,
    )


def read_crowd(home: Home, connection: Connection) -> int | None:
    """How many officers are enrolled at least, as it was signed last; None if it is not known."""
    try:
        counts = officer_counts(home, connection)
    except UserError:  # what is not signed is not said; the exchange tells why
        return None
    return counts[0].officers if counts else None


def describe_tokens(standing: OfficerStanding) -> str:
    """How many are left, until when, and when new ones come; of an enrolled officer."""
    left = sum(each.count for each in standing.left)
    if standing.uncounted and not left:
        return (
            f"{standing.uncounted} tokens are here that do not count by this computer's date. "
            f"If it is wrong, {CHECK_DATE}: they count again. {_describe_next(standing)}"
        )
    if not standing.total:
        return f"No tokens are here yet. {_describe_next(standing)}"
    text = f"{left} of {standing.total} tokens left."
    if len(standing.left) == 1:
        text += f" They count until {_day(standing.left[0].until)}."
    elif standing.left:
        parts = [f"{each.count} count until {_day(each.until)}" for each in standing.left]
        text += f" {', '.join(parts)}."
    return f"{text} {_describe_next(standing)}"


def describe_crowd(officers: int | None) -> str:
    """How many are enrolled; empty if it is not known."""
    if officers is None:
        return ""
    if not officers:
        return f"Fewer than 50 officers are enrolled. {_SMALL_CROWD}"
    few = f" {_SMALL_CROWD}" if officers < FEW else ""
    return f"At least {officers:,} officers are enrolled.{few}"


def is_small_crowd(officers: int | None) -> bool:
    """Whether to warn."""
    return officers is not None and officers < FEW


_SMALL_CROWD = (
    f"Among fewer than {FEW} it is easier to guess who wrote a report. Leave out what only you "
    "could know, or wait until there are more."
)


def _describe_next(standing: OfficerStanding) -> str:
    if standing.next_from is None:
        return "New ones come by themselves within days, if this computer is online."
    return f"New ones come by themselves in the days after {_day(standing.next_from)}."


def _last_day(quarter: str) -> date:
    """Of the quarter after this one, in which its tokens are taken still."""
    return (quarter_start(quarters_later(quarter, 2)) - timedelta(days=1)).date()


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
