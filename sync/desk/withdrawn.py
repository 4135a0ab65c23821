"""What was withdrawn: the desk is told at each pull, carries it out, and confirms.

Each line is signed by the report's own writer, and the key's hash came inside the sealed report. So
the service cannot make a desk destroy a case or take anything out of the archive.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.errors import SurroundingsError
from app.use_cases.review_case import CaseLeft, CaseStore, WithdrawnCases
from sync.desk.folder import DeskFeed, clear_prepared
from sync.desk.release import settle_held
from sync.desk.service import ServiceAtDesk
from sync.protocol import canonical
from sync.protocol.connection import Connection
from sync.protocol.errors import MalformedError, ProtocolError
from sync.protocol.receipt import ID_LENGTH
from sync.protocol.withdrawal import (
    PUBLIC_LENGTH,
    SIGNATURE_LENGTH,
    Withdrawal,
    check_withdrawal,
)

_LIST_FORMAT = "nearmiss-desk-withdrawn-1"
_CONFIRM_FORMAT = "nearmiss-desk-withdrawn-confirm-1"
_PATH = "/v1/desk/withdrawn"
_PAGE_LENGTH = 10_000
_PAGE_LIMIT = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class WithdrawnReport:
    """One line of the service's list."""

    report_id: bytes
    withdrawal: Withdrawal


@dataclass(frozen=True, slots=True)
class TakenOut:
    """destroyed: cases that were not published. retracted: cases that were; the next publication
    takes them out. unproven: lines that the writer of the case has not signed, as far as can be
    told here; nothing was done. was_prepared: a publication that waited for its second
    signature was thrown away, since it may have held one of them.
    """

    destroyed: int = 0
    retracted: int = 0
    unproven: int = 0
    was_prepared: bool = False


def take_withdrawn(
    service: ServiceAtDesk,
    cases: CaseStore,
    feed: DeskFeed,
    connection: Connection,
    back_up: Callable[[], None],
) -> TakenOut:
    """Carry out what was withdrawn. Breaking off at any point loses nothing.

    back_up: makes a verified copy of the cases, in which nothing of them is left; only then is
    the service told. Raises BusyDeskError while a publication is prepared or signed, UserError.
    """
    listed = list_withdrawn(service)
    if not listed:
        return TakenOut()
    store = WithdrawnCases(cases)
    proven = [each for each in listed if _is_proven(each, store, connection.tenant)]
    concerned = [each for each in proven if store.has_case(each.report_id)]
    was_prepared = False
    with feed.hold():
        if concerned:
            settle_held(feed, connection, cases)  # what is out already has to be known as out
            was_prepared = feed.prepared_archive.exists()
            clear_prepared(feed)
        left = [store.withdraw(each.report_id, each.withdrawal.key_hash) for each in proven]
    if any(each is not CaseLeft.NO_CASE for each in left):  # also after a crash just here
        store.rewrite()
    back_up()
    _confirm(service, proven)
    return TakenOut(
        destroyed=left.count(CaseLeft.DESTROYED),
        retracted=left.count(CaseLeft.RETRACTED),
        unproven=len(listed) - len(proven),
        was_prepared=was_prepared,
    )


def list_withdrawn(service: ServiceAtDesk) -> list[WithdrawnReport]:
    """What this desk has not confirmed, by id, page by page. Raises UserError."""
    found: list[WithdrawnReport] = []
    path = _PATH
    while True:
        page = _read_page(service.request("GET", path, limit=_PAGE_LIMIT), found[-1:])
        found += page
        if len(page) < _PAGE_LENGTH:
            return found
        path = f"{_PATH}/after/{found[-1].report_id.hex()}"


def _is_proven(listed: WithdrawnReport, store: WithdrawnCases, tenant: str) -> bool:
    try:
        check_withdrawal(listed.withdrawal, tenant, listed.report_id)
    except ProtocolError:
        return False
    return store.may_withdraw(listed.report_id, listed.withdrawal.key_hash)


def _read_page(raw: bytes, last: Sequence[WithdrawnReport]) -> list[WithdrawnReport]:
    try:
        message = canonical.decode(raw)
        canonical.expect_format(message, _LIST_FORMAT)
        page = list(_read_rows(message.get("withdrawn")))
        ids = [each.report_id for each in (*last, *page)]
        if any(one >= other for one, other in pairwise(ids)):
            raise MalformedError("the reports are not in their order")
    except MalformedError as error:
        raise SurroundingsError(
            "The service did not answer as expected.",
            "Nothing was changed.",
            "Check that its version fits to this program, then try again.",
        ) from error
    return page


def _read_rows(rows: canonical.Json) -> Iterator[WithdrawnReport]:
    if not isinstance(rows, list):
        raise MalformedError("no list of withdrawn reports")
    for row in rows:
        if not isinstance(row, dict):
            raise MalformedError("a withdrawal is no object")
        withdrawal = Withdrawal(
            canonical.from_hex(row.get("public"), PUBLIC_LENGTH),
            canonical.from_hex(row.get("signature"), SIGNATURE_LENGTH),
        )
        yield WithdrawnReport(canonical.from_hex(row.get("id"), ID_LENGTH), withdrawal)


def _confirm(service: ServiceAtDesk, done: Sequence[WithdrawnReport]) -> None:
    for start in range(0, len(done), _PAGE_LENGTH):
        ids = [each.report_id.hex() for each in done[start : start + _PAGE_LENGTH]]
        message = canonical.encode({"format": _CONFIRM_FORMAT, "ids": ids})
        service.request("POST", f"{_PATH}/confirm", message)
