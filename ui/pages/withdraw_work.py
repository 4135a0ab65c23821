"""What the pages do to withdraw a report. All functions block and run inside a Task."""

from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.submission import PendingWithdrawal
from app.errors import InputError
from sync.connect import open_connection
from sync.mail import Addressee, KeptAddressee
from sync.protocol.receipt import Receipt, make_receipt
from sync.withdrawing import queue_withdrawal
from ui.models.withdrawal_rows import WithdrawalRow, describe_withdrawal
from ui.pages.letters_work import ShownMail
from ui.session import Session


@dataclass(frozen=True, slots=True)
class Standing:
    """How a report stands that could be withdrawn.

    row: of its withdrawal, if there is one. waits: it has not arrived yet, and is taken back in
    the outbox instead. is_unlocked: a vault is open, in whose outbox a withdrawal can wait.
    """

    row: WithdrawalRow | None
    waits: bool
    is_unlocked: bool


def read_standing(session: Session, report_id: bytes) -> Standing:
    """How the report stands as far as the open vault's outbox knows."""
    if not session.is_unlocked:
        return Standing(None, waits=False, is_unlocked=False)
    waits = any(
        row.report_id == report_id and not row.state.is_final
        for row in session.outbox.submissions()
    )
    found = [each for each in session.withdrawals.all() if each.report_id == report_id]
    row = describe_withdrawal(found[0], "", datetime.now(UTC)) if found else None
    return Standing(row, waits=waits, is_unlocked=True)


def ask_withdrawal(session: Session, shown: ShownMail) -> None:
    """Sign the withdrawal and let it wait in the outbox (some 0.2 s). Raises UserError."""
    connection = open_connection(session.home)
    if connection.tenant != shown.tenant:
        raise InputError(
            "The report went to another service than the one that is trusted now.",
            "Nothing was withdrawn.",
            "Connect to the former service again.",
        )
    receipt = _receipt_of(shown.addressee, shown.tenant)
    queue_withdrawal(session.post, receipt, shown.tenant, datetime.now(UTC))


def read_withdrawals(session: Session) -> tuple[WithdrawalRow, ...]:
    """All withdrawals of the open vault, by the titles of the receipts that it keeps."""
    titles = {each.report_id: each.title for each in session.receipts.kept()}
    now_utc = datetime.now(UTC)

    def describe(row: PendingWithdrawal) -> WithdrawalRow:
        return describe_withdrawal(row, titles.get(row.report_id, ""), now_utc)

    return tuple(map(describe, session.withdrawals.all()))


def _receipt_of(addressee: Addressee, tenant: str) -> Receipt:
    if isinstance(addressee, Receipt):
        return addressee
    if isinstance(addressee, KeptAddressee):
        return make_receipt(tuple(addressee.kept.words.split()), tenant)
    raise TypeError("an addressee without words")
