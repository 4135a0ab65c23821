"""What leaves next, written down by the code that would send it, and nothing sent.

A token's own value is not shown. Which one goes with a report is decided only when it leaves, and a
token that stood in a file beside one report and went with another would link the two. In its place
stands something of the same length, so that the size is right.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from app.domain.submission import PendingWithdrawal, Submission
from app.paths import Home
from app.use_cases.keep_safe import Outbox, Post, Withdrawals, open_purse
from sync.client import write_down
from sync.http_request import HttpRequest, submission, withdrawal
from sync.network import Network, read_network
from sync.protocol.connection import Connection
from sync.protocol.withdrawal import Withdrawal
from sync.report_proof import STAND_IN, ReportProofs
from sync.uploader import OtherServiceError, is_for_another
from sync.verified_officer import earliest_report, earliest_withdrawal, peek_proofs

_HIDDEN = {
    STAND_IN.authorization: f"({len(STAND_IN.authorization)} characters: one of your tokens, "
    "chosen when it leaves; it says that a verified officer sends, not which one)",
    STAND_IN.proof: f"({len(STAND_IN.proof)} digits: made with that token, for these bytes)",
}
_STUCK = "It does not leave before this program has a token that counts."
_FEED_FILE = "metadata/timestamp.json"


@dataclass(frozen=True, slots=True)
class NextRequest:
    """One request as it will be sent.

    report_id: empty for one that is about no report. head: the lines before the body. body: its
    exact bytes. host: whom this computer asks for, with the port. proxy: what it goes through, or
    empty. not_before_utc: the earliest time; None for a request without one of its own.
    is_withdrawal: it takes a report back. obstacle: why it does not leave even then, or empty.
    """

    report_id: bytes
    head: tuple[str, ...]
    body: bytes
    host: str
    is_encrypted: bool
    proxy: str
    not_before_utc: datetime | None
    is_withdrawal: bool = False
    obstacle: str = ""

    def __repr__(self) -> str:
        return "NextRequest(secret)"

    @property
    def body_hash(self) -> str:
        """SHA-256 of the body, in hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()


def list_next(
    home: Home, connection: Connection, post: Post, now_utc: datetime
) -> tuple[NextRequest, ...]:
    """What the officer has waiting, the first to leave first; without the covers.

    Nothing is changed by it. Raises UserError where nothing could be sent either.
    """
    network = read_network(home)
    if is_for_another(post, connection.tenant):
        raise OtherServiceError
    proofs = peek_proofs(home, connection, post, now_utc)
    found = [
        _of_report(connection, network, post, row, proofs, now_utc)
        for row in Outbox(post).submissions()
        if not row.state.is_final
    ]
    store = Withdrawals(post)
    found += [
        _of_withdrawal(connection, network, store, row, earliest_withdrawal([post], now_utc))
        for row in store.waiting()
    ]
    return tuple(sorted(found, key=lambda each: each.not_before_utc or now_utc))


def write_trial(
    home: Home, connection: Connection, post: Post, report_id: bytes, body: bytes, now_utc: datetime
) -> NextRequest:
    """What would leave for a report that is not approved yet, without a time of its own."""
    is_verified = open_purse(home, post, connection.tenant).account() is not None
    request = _make_submission(connection, report_id, body, is_verified=is_verified)
    earliest = earliest_report([post], post, now_utc)
    not_before = earliest if earliest is not None and earliest > now_utc else None
    return _write(request, read_network(home), report_id, not_before)


def write_fetch(connection: Connection, network: Network) -> NextRequest:
    """A request for a file of the archive; those of an update differ by the name alone."""
    request = HttpRequest("GET", f"{connection.feed_url}/{_FEED_FILE}", {})
    return _write(request, network, b"", None)


def _of_report(
    connection: Connection,
    network: Network,
    post: Post,
    row: Submission,
    proofs: ReportProofs | None,
    now_utc: datetime,
) -> NextRequest:
    body = Outbox(post).body(row.report_id)
    request = _make_submission(connection, row.report_id, body, is_verified=proofs is not None)
    is_stuck = proofs is not None and not proofs.can_show([row.report_id])
    not_before = _latest(row, earliest_report([post], post, now_utc))
    return _write(request, network, row.report_id, not_before, obstacle=_STUCK if is_stuck else "")


def _of_withdrawal(
    connection: Connection,
    network: Network,
    store: Withdrawals,
    row: PendingWithdrawal,
    earliest: datetime | None,
) -> NextRequest:
    asked = Withdrawal(*store.signed(row.report_id))
    request = withdrawal(connection.service_url, row.report_id, asked.to_bytes())
    return _write(request, network, row.report_id, _latest(row, earliest), is_withdrawal=True)


def _make_submission(
    connection: Connection, report_id: bytes, body: bytes, *, is_verified: bool
) -> HttpRequest:
    return submission(
        connection.service_url,
        report_id,
        body,
        STAND_IN.authorization if is_verified else None,
        STAND_IN.proof if is_verified else None,
    )


def _write(
    request: HttpRequest,
    network: Network,
    report_id: bytes,
    not_before_utc: datetime | None,
    *,
    is_withdrawal: bool = False,
    obstacle: str = "",
) -> NextRequest:
    head, _gap, body = write_down(request, network).partition(b"\r\n\r\n")
    where = urlsplit(request.url)
    is_encrypted = where.scheme == "https"
    return NextRequest(
        report_id=report_id,
        head=tuple(_hide(head.decode("ascii").split("\r\n"))),
        body=body,
        host=f"{where.hostname}:{where.port or (443 if is_encrypted else 80)}",
        is_encrypted=is_encrypted,
        proxy=network.proxy_for(request.url),
        not_before_utc=not_before_utc,
        is_withdrawal=is_withdrawal,
        obstacle=obstacle,
    )


def _hide(lines: Sequence[str]) -> Iterable[str]:
    for line in lines:
        name, colon, value = line.partition(": ")
        yield f"{name}{colon}{_HIDDEN.get(value, value)}"


def _latest(row: Submission | PendingWithdrawal, earliest: datetime | None) -> datetime:
    return row.not_before_utc if earliest is None else max(row.not_before_utc, earliest)
