"""What an exchange does so that its officer is a verified one, and what the officer is told."""

import random
from collections.abc import Sequence
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
from sync.token_fetch import fetch_tokens, is_fetch_due

CARD_REFUSED = (
    "The issuer does not know this card, or it was used before. Ask for another one, then: "
    "nearmiss enrol"
)
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


def put_off_reports(posts: Sequence[Post], post: Post, now_utc: datetime) -> None:
    """Nothing leaves before intake may be spoken to, nor a first report before its days."""
    moments = [token_times.moment_of(each, token_times.INTAKE, now_utc) for each in posts]
    moments.append(token_times.moment_of(post, token_times.FIRST_REPORT, now_utc))
    latest = max((each for each in moments if each is not None), default=None)
    if latest is None or latest <= now_utc:
        return
    outbox = Outbox(post)
    for row in outbox.due(latest):
        outbox.reschedule(row.report_id, latest)


def find_proofs(
    home: Home, connection: Connection, post: Post, now_utc: datetime
) -> ReportProofs | None:
    """Where the tokens of this post come from; None for a program that is not enrolled."""
    purse = open_purse(home, post, connection.tenant)
    account = purse.account()
    if account is None or not account.is_enrolled:
        return None
    return ReportProofs(purse, connection.tenant, trusted_clock(home, connection, now_utc))


def describe_officer(home: Home, connection: Connection, post: Post, now_utc: datetime) -> str:
    """Such as "verified, 9 of 12 left"; empty for a program without a card."""
    purse = open_purse(home, post, connection.tenant)
    account = purse.account()
    if account is None:
        return ""
    return _describe(purse, account, now_utc)


def _describe(purse: Purse, account: Account, now_utc: datetime) -> str:
    if not account.is_enrolled:
        return "enrolment not confirmed yet"
    counts = purse.counts(accepted_quarters(quarter_of(now_utc)))
    if not counts.total:
        return "verified, tokens come within days"
    return f"verified, {counts.left} of {counts.total} left"


def _speak(home: Home, connection: Connection, talk: IssuerTalk, *, at_once: bool) -> str:
    if not at_once and not is_fetch_due(talk.post, talk.now_utc):
        return ""
    enrolled = ask_to_enrol(talk)
    if enrolled.state is EnrolmentState.REFUSED:
        talk.purse.forget_account()
        return CARD_REFUSED
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
