"""Taking back what has left: asked for with the seven words, sent as a report is sent.

What is signed is on the disk before it leaves, and goes up again until the service has signed an
answer; nothing else ends it. "No such report" is signed too, but it carries no date, and a copy may
still be on its way: it counts when it comes a second time, days later.

On the wire a withdrawal looks like a report: same address, same length, a random time.
"""

import random
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.submission import PendingWithdrawal, WithdrawalState
from app.errors import UserError
from app.paths import Home
from app.use_cases.keep_safe import (
    Post,
    SignedWithdrawal,
    WithdrawalMovedError,
    Withdrawals,
)
from sync.client import HttpAnswer, NetworkError, ask
from sync.connect import open_connection
from sync.http_request import withdrawal
from sync.network import Network
from sync.protocol.acknowledgement import Acknowledgement
from sync.protocol.connection import Connection
from sync.protocol.errors import ProtocolError
from sync.protocol.keys import PublicKeyFile
from sync.protocol.receipt import Receipt, make_receipt
from sync.protocol.withdrawal import Withdrawal, is_withdrawn, withdraw
from sync.schedule import draw_first_time, draw_next_try

_ANSWERED = frozenset({200, 404})
_TIMES_ABSENT = 2
_SHORTEST_DOUBT, _LONGEST_DOUBT = timedelta(days=2), timedelta(days=4)
_END_OF_TIME = datetime.max.replace(tzinfo=UTC)
# Longer than any wait that is drawn; what lies beyond comes from a clock that was wrong.
_LONGEST_PLAN = timedelta(days=7)
_NOT_SIGNED = (
    "Something answered, but it did not sign for the withdrawal. It is tried again later. A "
    "sign-in page of the network may be in between: open a web page, then try again."
)
WithdrawOld = Callable[[bytes, str], None]
"""Given a report's id and the words of its receipt."""


@dataclass(frozen=True, slots=True)
class WithdrawResult:
    """What one round brought. absent: the service has no such report. left: how many wait on.
    trouble: why, in words.
    """

    withdrawn: int = 0
    absent: int = 0
    left: int = 0
    trouble: str = ""


def queue_withdrawal(post: Post, receipt: Receipt, tenant: str, now_utc: datetime) -> None:
    """Sign for it and let it wait for a random time. Repeating it does no harm."""
    asked = withdraw(receipt.withdrawal, tenant, receipt.report_id)
    signed = SignedWithdrawal(asked.public, asked.signature)
    when = draw_first_time(now_utc, random.SystemRandom())
    Withdrawals(post).add(receipt.report_id, tenant, signed, when)


def withdraw_with(post: Post, tenant: str, now: Callable[[], datetime]) -> WithdrawOld:
    """What `uploader.take_back` needs for a report that may have arrived."""

    def withdraw_old(report_id: bytes, words: str) -> None:
        receipt = make_receipt(tuple(words.split()), tenant)
        if receipt.report_id == report_id:  # else it was for another service
            queue_withdrawal(post, receipt, tenant, now())

    return withdraw_old


def find_withdraw_old(home: Home, post: Post) -> WithdrawOld | None:
    """The same for the service that is trusted here; None before this program is connected, and
    where the connection cannot be read: opening a vault must not fail for that.
    """
    try:
        tenant = open_connection(home).tenant
    except UserError:
        return None
    return withdraw_with(post, tenant, lambda: datetime.now(UTC))


def withdraw_at_once(
    connection: Connection, receipt: Receipt, keys: Iterable[PublicKeyFile], network: Network
) -> bool:
    """Withdraw without a post to wait in, once; False if the service has no such report.

    Raises NetworkError, also for an answer that the service has not signed.
    """
    asked = withdraw(receipt.withdrawal, connection.tenant, receipt.report_id)
    answer = _ask(connection, receipt.report_id, asked, network)
    said = _read_answer(answer, asked, tuple(keys), receipt.report_id)
    if said is None:
        raise NetworkError("Nothing was withdrawn, as far as can be told here.", _NOT_SIGNED)
    return said


def send_withdrawals(
    post: Post,
    connection: Connection,
    keys: Iterable[PublicKeyFile],
    now_utc: datetime,
    network: Network,
    *,
    at_once: bool = False,
) -> WithdrawResult:
    """Send what is due, or all that waits. Stops at the first connection that fails.

    The caller holds the post's lock and has seen to it that the issuer was not just spoken to.
    """
    store, known = Withdrawals(post), tuple(keys)
    store.recover()
    if not at_once:
        _draw_again(store, now_utc, connection.tenant)
    reached: list[WithdrawalState] = []
    trouble = ""
    for row in store.due(_END_OF_TIME if at_once else now_utc, connection.tenant):
        try:
            state = _send(store, row, connection, known, now_utc, network)
        except NetworkError as error:
            _put_off(store, row, now_utc, None, None)
            trouble = error.sentence()
            break
        if state is None:
            trouble = _NOT_SIGNED
        else:
            reached.append(state)
    return WithdrawResult(
        withdrawn=reached.count(WithdrawalState.WITHDRAWN),
        absent=reached.count(WithdrawalState.ABSENT),
        left=len(store.waiting()),
        trouble=trouble,
    )


def put_off(post: Post, tenant: str, now_utc: datetime, not_before_utc: datetime | None) -> None:
    """New random times for what is due, none of them before the one that is given."""
    store = Withdrawals(post)
    start = max(now_utc, not_before_utc or now_utc)
    for row in store.due(start, tenant):
        with suppress(WithdrawalMovedError):
            store.reschedule(row.report_id, draw_first_time(start, random.SystemRandom()))


def _draw_again(store: Withdrawals, now_utc: datetime, tenant: str) -> None:
    horizon = now_utc + _LONGEST_PLAN
    for row in store.due(_END_OF_TIME, tenant):
        if row.not_before_utc > horizon:
            with suppress(WithdrawalMovedError):
                store.reschedule(row.report_id, draw_first_time(now_utc, random.SystemRandom()))


def _send(
    store: Withdrawals,
    row: PendingWithdrawal,
    connection: Connection,
    keys: tuple[PublicKeyFile, ...],
    now_utc: datetime,
    network: Network,
) -> WithdrawalState | None:
    """Where it is now; None for an answer that the service has not signed."""
    asked = Withdrawal(*store.signed(row.report_id))
    store.move(row.report_id, WithdrawalState.SENDING)
    answer = _ask(connection, row.report_id, asked, network)
    said = _read_answer(answer, asked, keys, row.report_id)
    if said is None:
        _put_off(store, row, now_utc, answer.status, answer.retry_after_s)
        return None
    if said:
        store.move(row.report_id, WithdrawalState.WITHDRAWN, answer.status)
        return WithdrawalState.WITHDRAWN
    if row.absences + 1 >= _TIMES_ABSENT:
        store.move(row.report_id, WithdrawalState.ABSENT, answer.status, is_absent=True)
        return WithdrawalState.ABSENT
    chance = random.SystemRandom()
    doubt_s = chance.uniform(_SHORTEST_DOUBT.total_seconds(), _LONGEST_DOUBT.total_seconds())
    again = now_utc + timedelta(seconds=int(doubt_s))
    store.move(row.report_id, WithdrawalState.WAITING, answer.status, again, is_absent=True)
    return WithdrawalState.WAITING


def _ask(
    connection: Connection, report_id: bytes, asked: Withdrawal, network: Network
) -> HttpAnswer:
    request = withdrawal(connection.service_url, report_id, asked.to_bytes())
    return ask(request.method, request.url, network, request.headers, request.body)


def _read_answer(
    answer: HttpAnswer, asked: Withdrawal, keys: tuple[PublicKeyFile, ...], report_id: bytes
) -> bool | None:
    """Whether the report is withdrawn, as the service has signed; None if it has not signed."""
    if answer.status not in _ANSWERED:
        return None
    try:
        word = Acknowledgement.from_bytes(answer.body)
        return is_withdrawn(word, keys, report_id, asked.key_hash)
    except ProtocolError:
        return None


def _put_off(
    store: Withdrawals,
    row: PendingWithdrawal,
    now_utc: datetime,
    status: int | None,
    retry_after_s: int | None,
) -> None:
    again = draw_next_try(now_utc, row.tries, retry_after_s, random.SystemRandom())
    store.move(row.report_id, WithdrawalState.WAITING, status, again)
