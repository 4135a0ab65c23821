"""One exchange with the service: the issuer or intake if it is time, then what is new.

Sending comes before fetching, which is the same for everyone, and would only delay it. What
stands in the way of the one does not stop the other. Issuer and intake are never spoken to
shortly after one another, unless a person wants it at once.

What a program does by itself has one turn of two: it sends, or it asks what is new. For the feed is
fetched daily, so that whoever sees the fetches can follow a program by them, and a fetch beside a
report would lead from the tokens to the report (docs/decisions/0016).
"""

import random
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from app.errors import DamagedError, UserError
from app.paths import Home
from app.progress import Progress
from app.use_cases.keep_safe import Outbox, Post
from sync.archive_update import update_archive, verified_keys
from sync.covers import prepare_covers, tidy_covers
from sync.feed_keys import UnsignedKeysError
from sync.network import read_network
from sync.protocol.connection import Connection
from sync.protocol.keys import Purpose
from sync.uploader import OtherServiceError, SendResult, claim_post, send_waiting
from sync.verified_officer import (
    Moment,
    find_proofs,
    note_fetching,
    note_report,
    note_sending,
    put_off_reports,
    speak_to_issuer,
)
from sync.withdrawal_slot import withdraw_in_slot
from sync.withdrawing import WithdrawResult


@dataclass(frozen=True, slots=True)
class Exchanged:
    """sent: of all posts together. archive: what was fetched, in words, or empty. trouble: what
    stood in the way, in words, or empty. withdrawals: what became of those.
    """

    sent: SendResult
    archive: str
    trouble: str
    withdrawals: WithdrawResult = field(default_factory=WithdrawResult)


class Turn(Enum):
    """What one exchange does. `EVERYTHING` is for a person who asks for it."""

    EVERYTHING = auto()
    SENDING = auto()
    FETCHING = auto()
    """The feed, and tokens if it is time. What is due to leave waits for some time."""


def exchange(
    home: Home,
    connection: Connection,
    posts: Iterable[Post],
    now_utc: datetime,
    progress: Progress,
    *,
    at_once: bool = False,
    tokens_at_once: bool = False,
    turn: Turn = Turn.EVERYTHING,
    wanted: Collection[bytes] = (),
    chance: random.Random | None = None,
) -> Exchanged:
    """Send from the posts and update the archive; needs no passphrase.

    at_once: send all that waits, whatever its time. wanted: ids of reports that are due because
    their officer sends them now: neither the issuer nor the first tokens put them off.
    tokens_at_once: fetch tokens whatever their day, for a demonstration. chance: for tests.
    Raises SendingError if another program sends from one of the posts just now, and what
    `send_waiting` raises.
    """
    held = list(posts)
    moment = Moment(now_utc, chance or random.SystemRandom())
    trouble = fetched = ""
    if turn is not Turn.SENDING:
        trouble = speak_to_issuer(home, connection, held, moment, at_once=tokens_at_once)
    if turn is Turn.FETCHING:
        fetched, failure = _fetch(home, connection, now_utc, progress)
        trouble = trouble or failure
        if not failure:  # else what waits would never leave while the feed is away
            for post in held:
                note_fetching(post, moment)
    sent, is_taken = SendResult(0, 0, 0, 0, trouble), False
    for post in held:
        with post.only_sender():
            Outbox(post).recover()  # what a crash left as being sent takes this slot too
            if not at_once:
                put_off_reports(held, post, now_utc, wanted)
            is_taken = is_taken or bool(Outbox(post).due(now_utc))
            sent = _add(sent, _send(home, connection, post, moment, at_once=at_once))
        prepare_covers(home, connection, post, now_utc, moment.chance)
    gone = withdraw_in_slot(home, connection, held, moment, is_taken=is_taken, at_once=at_once)
    trouble = sent.trouble or gone.trouble
    if turn is Turn.EVERYTHING:
        fetched, failure = _fetch(home, connection, now_utc, progress)
        trouble = trouble or failure
    return Exchanged(sent, fetched, trouble, gone)


def _fetch(
    home: Home, connection: Connection, now_utc: datetime, progress: Progress
) -> tuple[str, str]:
    """What was fetched, or why it was not: what was sent has to be told all the same."""
    try:
        return update_archive(home, connection, now_utc, progress).sentence(), ""
    except UserError as error:
        return "", error.sentence()


def _send(
    home: Home, connection: Connection, post: Post, moment: Moment, *, at_once: bool
) -> SendResult:
    outbox = Outbox(post)
    try:
        claim_post(post, connection.tenant)
        keys = verified_keys(home, connection, Purpose.ACKNOWLEDGEMENT)
        tidy_covers(home, connection, post)
    # A damaged archive is fetched anew, and so are keys that nobody signed.
    except (OtherServiceError, DamagedError, UnsignedKeysError) as error:
        left = sum(not row.state.is_final for row in outbox.submissions())
        return SendResult(0, 0, 0, left, error.sentence())
    proofs = find_proofs(home, connection, post, moment.now_utc)
    outbox.recover()
    due = outbox.waiting() if at_once else outbox.due(moment.now_utc)
    # Not for one that has no token to show: it goes nowhere, and would keep the tokens away.
    if proofs is not None and proofs.can_show(row.report_id for row in due):
        note_sending(post, moment)
    if due and (proofs is None or proofs.can_show(row.report_id for row in due)):
        note_report(post, moment)
    sent = send_waiting(
        outbox,
        connection.service_url,
        keys,
        moment.now_utc,
        read_network(home),
        at_once=at_once,
        proofs=proofs,
    )
    tidy_covers(home, connection, post)
    return sent


def _add(one: SendResult, other: SendResult) -> SendResult:
    return SendResult(
        one.received + other.received,
        one.held + other.held,
        one.refused + other.refused,
        one.left + other.left,
        one.trouble or other.trouble,
    )
