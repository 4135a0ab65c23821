"""What the pages of messages work with: mail that was opened, and the way of an answer.

All functions block and run inside a Task.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.submission import SubmissionState, WithdrawalState
from app.errors import InputError, UserError
from app.use_cases.read_mail import KeptReceipt
from sync.answering import ReviewedAnswer, queue_answer, review_answer
from sync.archive_update import research_key
from sync.connect import open_connection
from sync.mail import Addressee, KeptAddressee, OpenedMail, keep_receipt, read_mail
from sync.protocol.errors import MalformedError
from sync.protocol.letter import Question
from sync.protocol.receipt import make_receipt
from ui.session import Session


@dataclass(frozen=True, slots=True)
class ShownReply:
    """An answer of this vault. text: as far as it is still here. is_sealed: it cannot be changed.
    state: of its submission, None while it is written and after the service has signed for it.
    """

    text: str
    is_sealed: bool
    state: SubmissionState | None


@dataclass(frozen=True, slots=True)
class ShownMail:
    """The mail of one receipt.

    tenant: of the service it belongs to. replies: by the turn of the question. is_kept: the open
    vault keeps the receipt. can_answer: a vault is open, in whose outbox an answer can wait.
    signed_on: of the archive, "YYYY-MM-DD" or empty.
    """

    addressee: Addressee
    tenant: str
    title: str
    opened: OpenedMail
    replies: Mapping[int, ShownReply]
    is_kept: bool
    can_answer: bool
    signed_on: str


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A receipt that the vault keeps and whose report has arrived, with its mail.

    withdrawal: where that is, None if nobody here asked for it.
    """

    receipt: KeptReceipt
    opened: OpenedMail
    open_questions: int
    withdrawal: WithdrawalState | None = None


def read_by_words(session: Session, text: str) -> ShownMail:
    """The mail of the receipt whose words were typed. Raises InputError, UserError."""
    connection = open_connection(session.home)
    try:
        words = session.words.read(text)
    except MalformedError as error:
        raise InputError(
            f"These are not seven words of a receipt: {error}.",
            hint="Compare them with your paper.",
        ) from None
    return _read(session, connection.tenant, make_receipt(words, connection.tenant))


def read_kept(session: Session, report_id: bytes) -> ShownMail:
    """The mail of a receipt that the open vault keeps. Raises NoSuchReceiptError, UserError."""
    kept = session.receipts.get(report_id)
    return _read(session, kept.tenant, KeptAddressee(kept))


def list_kept(session: Session) -> tuple[KeptMail, ...]:
    """The mail of every kept receipt whose report has left the outbox.

    Where the archive cannot be read there is no mail; the page of the archive says why.
    """
    waiting = {row.report_id for row in session.outbox.submissions() if not row.state.is_final}
    connection, archive = None, None
    with suppress(UserError):
        connection, archive = session.connection(), session.archive()
    withdrawn = {each.report_id: each.state for each in session.withdrawals.all()}
    found = []
    for kept in session.receipts.kept():
        if kept.report_id in waiting:
            continue
        opened = OpenedMail((), 0)
        if archive is not None and connection is not None and connection.tenant == kept.tenant:
            opened = read_mail(archive, kept.tenant, KeptAddressee(kept), datetime.now(UTC))
        replies = session.receipts.replies(kept.report_id)
        answered = {turn for turn, reply in replies.items() if reply.submission_id is not None}
        left = sum(question.turn not in answered for question in opened.questions)
        found.append(KeptMail(kept, opened, left, withdrawn.get(kept.report_id)))
    return tuple(found)


def keep_words(session: Session, words: tuple[str, ...], title: str) -> None:
    """Keep the words of a receipt in the open vault (some 0.2 s). Raises UserError."""
    tenant = open_connection(session.home).tenant
    session.receipts.keep(keep_receipt(make_receipt(words, tenant), tenant, title))


def save_draft(session: Session, shown: ShownMail, question: Question, text: str) -> None:
    """Keep what is written so far, if the vault keeps the receipt."""
    if shown.is_kept and session.is_unlocked:
        session.receipts.save_reply(shown.addressee.report_id, question.turn, text)


def look_at_answer(session: Session, text: str) -> ReviewedAnswer:
    """The answer with what was found in it. Raises InputError, UserError."""
    return review_answer(text, session.scrubber(), session.roster.read())


def seal_answer(
    session: Session, shown: ShownMail, question: Question, answer: ReviewedAnswer
) -> None:
    """Seal exactly what was shown and put it into the outbox. Raises UserError."""
    connection = open_connection(session.home)
    if connection.tenant != shown.tenant:
        raise InputError(
            "The question is from another service than the one that is trusted now.",
            "Nothing was sealed.",
            "Connect to the former service again.",
        )
    queue_answer(
        session.post,
        session.receipts if shown.is_kept else None,
        shown.tenant,
        shown.addressee.report_id,
        question,
        answer.leaves,
        research_key(session.home, connection),
        datetime.now(UTC),
    )


def _read(session: Session, tenant: str, addressee: Addressee) -> ShownMail:
    archive = session.archive()
    if archive is None:
        raise InputError(
            "This program is not connected to a research team yet.",
            hint="Connect it in the settings, then fetch the archive.",
        )
    opened = read_mail(archive, tenant, addressee, datetime.now(UTC))
    title, is_kept, replies = "", False, {}
    if session.is_unlocked:
        for kept in session.receipts.kept():
            if kept.report_id == addressee.report_id:
                title, is_kept = kept.title, True
        replies = _read_replies(session, addressee.report_id)
    return ShownMail(
        addressee,
        tenant,
        title,
        opened,
        replies,
        is_kept,
        session.is_unlocked,
        archive.status().signed_on,
    )


def _read_replies(session: Session, report_id: bytes) -> dict[int, ShownReply]:
    states = {row.report_id: row.state for row in session.outbox.submissions()}
    return {
        turn: ShownReply(
            reply.draft,
            reply.submission_id is not None,
            states.get(reply.submission_id) if reply.submission_id is not None else None,
        )
        for turn, reply in session.receipts.replies(report_id).items()
    }
