"""What an exchange does so that its officer is a verified one, and what the officer is told."""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.token import Account
from app.errors import UserError
from app.paths import Home
from app.use_cases.keep_safe import Outbox, Post, Purse, open_purse
from sync import token_times
from sync.archive_update import issuer_keys, trusted_clock
from sync.enrolment import EnrolmentState, ask_to_enrol
from sync.issuer_talk import IssuerTalk
from sync.network import read_network
from sync.protocol.connection import Connection
from sync.protocol.quarters import accepted_quarters, quarter_of
from sync.report_proof import ReportProofs
from sync.silence import CHECK_DATE
from sync.token_fetch import fetch_tokens, is_fetch_due

CARD_REFUSED = "The issuer does not know this card, or it was used before. Ask for another one."
TOKENS_COME = "verified, tokens come within days"
_ENROL_AGAIN = "Use it under Settings, or with: nearmiss enrol"
_RESTORED = (
    "The outbox comes from a backup, so its unused tokens were thrown away: showing one twice "
    "would link two reports. New ones come with the next quarter."
)


@dataclass(frozen=True, slots=True)
class Moment:
    """now_utc: with its time zone. chance: SystemRandom outside of tests."""

    now_utc: datetime
    chance: random.Random


def speak_to_issuer(
    home: Home, connection: Connection, posts: Sequence[Post], moment: Moment, *, at_once: bool
) -> str:
    """Enrol and fetch tokens where it is time. Returns what stood in the way, or nothing.

    at_once: whatever the time, for a demonstration. Raises SendingError, UserError.
    """
    troubles = []
    is_free = _is_free(posts, token_times.ISSUER, moment.now_utc) or at_once
    for post in posts:
        with post.only_sender():
            purse = open_purse(home, post, connection.tenant)
            if purse.discard_if_restored():
                troubles.append(_RESTORED)
            if is_free and purse.account() is not None:
                network = read_network(home)
                talk = IssuerTalk(
                    post, purse, connection.service_url, network, moment.now_utc, moment.chance
                )
                troubles.append(_speak(home, connection, talk, at_once=at_once))
    return " ".join(each for each in troubles if each)


def note_sending(post: Post, moment: Moment) -> None:
    """The issuer is not spoken to for some time from now on."""
    until = token_times.after_the_other(moment.now_utc, moment.chance)
    token_times.put_moment(post, token_times.ISSUER, until)


def note_fetching(post: Post, moment: Moment) -> None:
    """Nothing leaves for some time after the feed was fetched."""
    until = token_times.after_the_other(moment.now_utc, moment.chance)
    token_times.put_moment(post, token_times.INTAKE, until)


def note_report(post: Post, moment: Moment) -> None:
    """No withdrawal leaves for some time after a report: both together tell of one person."""
    until = token_times.after_the_other(moment.now_utc, moment.chance)
    token_times.put_moment(post, token_times.AFTER_REPORT, until)


def note_withdrawal(post: Post, moment: Moment) -> None:
    """No report leaves for some time after a withdrawal."""
    until = token_times.after_the_other(moment.now_utc, moment.chance)
    token_times.put_moment(post, token_times.AFTER_WITHDRAWAL, until)


def put_off_reports(
    posts: Sequence[Post], post: Post, now_utc: datetime, wanted: Collection[bytes] = ()
) -> None:
    """Nothing leaves before intake may be spoken to, nor a first report before its days.

    wanted: ids of reports that their officer sends now, knowing what that gives away. To be
    called by the only sender: what a crash left as being sent is put off too.
    """
    latest = earliest_report(posts, post, now_utc)
    if latest is None or latest <= now_utc:
        return
    outbox = Outbox(post)
    outbox.recover()
    for row in outbox.due(latest):
        if row.report_id not in wanted:
            outbox.reschedule(row.report_id, latest)


def earliest_report(posts: Sequence[Post], post: Post, now_utc: datetime) -> datetime | None:
    """Before when no report of this post leaves, whatever its own time; None for no such time."""
    gap = _latest_of(posts, (token_times.INTAKE, token_times.AFTER_WITHDRAWAL), now_utc)
    return _latest(gap, first_report_utc(post, now_utc))


def first_report_utc(post: Post, now_utc: datetime) -> datetime | None:
    """Before when no report leaves because the first tokens are young; None once that is over."""
    first = token_times.moment_of(post, token_times.FIRST_REPORT, now_utc)
    return first if first is not None and first > now_utc else None


def earliest_withdrawal(posts: Sequence[Post], now_utc: datetime) -> datetime | None:
    """Before when no withdrawal leaves: the issuer or the feed was spoken to, or a report left."""
    return _latest_of(posts, (token_times.INTAKE, token_times.AFTER_REPORT), now_utc)


def _latest_of(posts: Sequence[Post], names: Collection[str], now_utc: datetime) -> datetime | None:
    return _latest(
        *(token_times.moment_of(each, name, now_utc) for each in posts for name in names)
    )


def find_proofs(
    home: Home, connection: Connection, post: Post, now_utc: datetime
) -> ReportProofs | None:
    """Where the tokens of this post come from; None for a program that was given no card.

    While the issuer has not said yes to a card there are none: without a token it is not shown
    to intake that somebody has something to report, just when they enrol. What was not shown
    before the post came back from a backup is thrown away first, also on the way to a stick.
    """
    purse = open_purse(home, post, connection.tenant)
    if purse.account() is None:
        return None
    purse.discard_if_restored()
    return peek_proofs(home, connection, post, now_utc)


def peek_proofs(
    home: Home, connection: Connection, post: Post, now_utc: datetime
) -> ReportProofs | None:
    """The same without throwing anything away: to look at what would be sent."""
    purse = open_purse(home, post, connection.tenant)
    if purse.account() is None:
        return None
    return ReportProofs(purse, connection.tenant, trusted_clock(home, connection, now_utc))


def describe_officer(home: Home, connection: Connection, post: Post, now_utc: datetime) -> str:
    """Such as "verified, 9 of 12 left"; empty for a program without a card."""
    purse = open_purse(home, post, connection.tenant)
    account = purse.account()
    if account is None:
        return ""
    try:
        clock = trusted_clock(home, connection, now_utc)
    except UserError:  # a damaged archive: what needs it tells of it
        clock = now_utc
    return _describe(purse, account, clock)


def _describe(purse: Purse, account: Account, clock_utc: datetime) -> str:
    if not account.is_enrolled:
        return "enrolment not confirmed yet"
    counts = purse.counts(accepted_quarters(quarter_of(clock_utc)))
    if not counts.left and purse.ready():
        return f"verified, but no token counts by this date: {CHECK_DATE}"
    if not counts.total:
        return TOKENS_COME
    return f"verified, {counts.left} of {counts.total} left"


def _speak(home: Home, connection: Connection, talk: IssuerTalk, *, at_once: bool) -> str:
    if not at_once and not is_fetch_due(talk.post, talk.now_utc):
        return ""
    enrolled = ask_to_enrol(talk)
    if enrolled.state is EnrolmentState.REFUSED:
        talk.purse.forget_account()
        return f"{CARD_REFUSED} {_ENROL_AGAIN}"
    account = talk.purse.account()
    if account is None or not account.is_enrolled:
        talk.plan_fetch(token_times.after_failure(talk.now_utc, talk.chance))
        return enrolled.trouble
    if not at_once and not is_fetch_due(talk.post, talk.now_utc):
        return ""
    try:
        keys = issuer_keys(home, connection)
    except UserError as error:  # the archive is fetched anew after this
        return error.sentence()
    clock = trusted_clock(home, connection, talk.now_utc)
    return fetch_tokens(talk, account, keys, clock) or ""


def _is_free(posts: Sequence[Post], name: str, now_utc: datetime) -> bool:
    return all(token_times.may_happen(post, name, now_utc) for post in posts)


def _latest(*moments: datetime | None) -> datetime | None:
    return max((each for each in moments if each is not None), default=None)
