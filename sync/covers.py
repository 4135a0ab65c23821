"""Cover submissions: two a quarter from every enrolled program, so that an upload proves nothing.

A cover goes the way of a report: sealed at a moment by chance, frozen in the post, sent after a
random time by whatever sends reports, with a token, tried again as often. It needs neither vault
nor passphrase, since sealing needs public keys only. The moments lie in verified time, so that a
wrong clock neither hurries nor loses them.

A cover has no claim to a token: what the officer has to say goes first (docs/decisions).
"""

import random
import secrets
from datetime import UTC, datetime, timedelta

from app.errors import UserError
from app.paths import Home
from app.use_cases.keep_safe import Covers, Outbox, Post, Purse, next_moment, open_purse
from sync import token_times
from sync.archive_update import research_key, trusted_clock
from sync.protocol.connection import Connection
from sync.protocol.cover import cover_content
from sync.protocol.keys import PublicKeyFile
from sync.protocol.quarters import accepted_quarters, quarter_of, quarter_start, quarters_later
from sync.protocol.receipt import ID_LENGTH
from sync.protocol.seal import seal
from sync.schedule import draw_first_time

COVERS_A_QUARTER = 2
# About the time between two batches, so that no part of a quarter has fewer covers than another.
_SPREAD = timedelta(days=91)
# Before the tokens end: a random time, some tries, a weekend without the computer.
_RESERVE = timedelta(days=7)
_HASH_LENGTH = 32
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def is_cover_due(post: Post, now_utc: datetime) -> bool:
    """Whether the moment of one has come by this computer's clock. Cheap, for a frequent look."""
    moment = next_moment(post)
    return moment is not None and moment <= now_utc


def prepare_covers(
    home: Home, connection: Connection, post: Post, now_utc: datetime, chance: random.Random
) -> None:
    """Draw the moments for new tokens, and seal what is due. Nothing is sent by it.

    chance: SystemRandom outside of tests. Without an archive or a signed key nothing is made: the
    exchange needs the same, and tells of it.
    """
    purse = open_purse(home, post, connection.tenant)
    account = purse.account()
    if account is None or not account.is_enrolled:
        return
    covers = Covers(post, connection.tenant)
    try:
        clock = trusted_clock(home, connection, now_utc)
        accepted = accepted_quarters(quarter_of(clock))
        for quarter in purse.ready(accepted):
            if not covers.is_planned(quarter):
                covers.plan(quarter, draw_moments(post, quarter, clock, chance))
        due = [
            each
            for each in covers.planned()
            if each.moment_utc <= clock and each.quarter in accepted
        ]
        if not due:
            return
        key = research_key(home, connection)
    except UserError:
        return
    for each in due:
        if _count_spare(post, purse, purse.ready(accepted)) > 0:
            report_id, body = seal_cover(key)
            covers.make(each, report_id, body, draw_first_time(now_utc, chance))


def draw_moments(
    post: Post, quarter: str, clock_utc: datetime, chance: random.Random
) -> tuple[datetime, ...]:
    """When the covers of a quarter's tokens are sealed: as evenly spread as reports are.

    Never before the first report may leave, nor so late that the tokens would have ended.
    """
    first = token_times.moment_of(post, token_times.FIRST_REPORT, clock_utc)
    start = clock_utc if first is None else max(clock_utc, first)
    end = quarter_start(quarters_later(quarter, 2)) - _RESERVE
    length = max(min(_SPREAD, end - start), timedelta())
    drawn = (start + token_times.draw(timedelta(), length, chance) for _ in range(COVERS_A_QUARTER))
    return tuple(sorted(drawn))


def seal_cover(key: PublicKeyFile) -> tuple[bytes, bytes]:
    """An id, and the exact bytes that leave: nobody but the desk can tell them from a report's."""
    report_id = secrets.token_bytes(ID_LENGTH)
    # In the place of a withdrawal key's hash: a cover cannot be withdrawn, and must not show it.
    return report_id, seal(cover_content(), key, report_id, secrets.token_bytes(_HASH_LENGTH))


def tidy_covers(home: Home, connection: Connection, post: Post) -> None:
    """Destroy covers that are over or give way, and tokens and plans that can matter no more.

    To be called by the only sender, before and after sending. One that was shown to the service
    goes on as a report would. Raises UserError.
    """
    purse = open_purse(home, post, connection.tenant)
    covers = Covers(post, connection.tenant)
    # By what is signed alone: a clock that runs ahead must cost neither tokens nor covers.
    oldest = quarters_later(quarter_of(trusted_clock(home, connection, _LONG_AGO)), -1)
    purse.prune(oldest)
    covers.prune(oldest)
    for report_id in covers.made_for_others():
        covers.drop(report_id)
    account = purse.account()
    is_enrolled = account is not None and account.is_enrolled
    for row in Outbox(post).covers():
        is_new = not purse.has_shown(row.report_id)
        if row.state.is_final or not is_enrolled or (is_new and _count_spare(post, purse) < 0):
            covers.drop(row.report_id)


def _count_spare(post: Post, purse: Purse, ready: dict[str, int] | None = None) -> int:
    """How many tokens are left once each that waits has had one; negative if they do not do.

    ready: those that count, by quarter; None for all.
    """
    left = sum((purse.ready() if ready is None else ready).values())
    return left - sum(not purse.has_shown(row.report_id) for row in Outbox(post).waiting())
