"""From approval to the verified acknowledgement: each report goes up exactly once.

The bytes and their id are on the disk before the first of them leaves, and are never sealed
again; a repeat sends the same bytes, which the service answers with the same word. Only a
signature of the service turns a row into `received`, and only then may the draft go.
"""

import hashlib
import random
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from app.domain.answer_reading import answers_to_json
from app.domain.answers import Chosen
from app.domain.form import Code, FieldId, Form
from app.domain.submission import Submission, SubmissionState
from app.errors import InputError, SurroundingsError
from app.store.drafts import DraftId, Drafts, DraftState
from app.store.outbox import Outbox, SubmissionMovedError
from app.store.post import Post
from sync.client import HttpAnswer, NetworkError, submit
from sync.network import Network
from sync.outgoing import ScrubbedReport
from sync.protocol.acknowledgement import Acknowledgement, check_acknowledgement
from sync.protocol.canonical import Json
from sync.protocol.envelope import Envelope, Reply
from sync.protocol.errors import ProtocolError, TooLargeError
from sync.protocol.keys import PublicKeyFile
from sync.protocol.receipt import Receipt
from sync.protocol.seal import seal
from sync.report_proof import ReportProofs
from sync.schedule import draw_first_time, draw_next_try
from sync.withdrawing import WithdrawOld

_WANTS_QUESTIONS = Chosen((Code("yes"),))
_NEVER_ACCEPTED = frozenset({400, 409, 413, 415})
_TOKEN_WANTED = frozenset({401, 403})
_SEALED_FOR = "sealed_for"
# One that was refused, and the next. More would be for a proxy that refuses everything.
_TOKENS_IN_A_ROW = 2
# Nobody was asked: an enrolled program never shows itself without a token.
_NO_TOKEN = HttpAnswer(401, b"", None)
_END_OF_TIME = datetime.max.replace(tzinfo=UTC)
# Longer than any wait that is ever drawn; what lies beyond comes from a clock that was wrong.
_LONGEST_PLAN = timedelta(days=7)
# Of a cover nothing is told; what stands in the way is.
_NO_SERVICE = (
    "Something answered in the place of the service. A sign-in page of the network may be in "
    "between: open a web page, then try again."
)
_NOT_CONFIRMED = (
    "Something answered, but it did not sign for a report. It stays in the outbox and goes up "
    "later. A sign-in page of the network may be in between: open a web page, then try again."
)


class OtherServiceError(SurroundingsError):
    """What waits was sealed for another service than the one that is trusted now."""

    def __init__(self) -> None:
        super().__init__(
            "What waits in the outbox was sealed for another service.",
            "It was not sent: the service that is trusted now could take it and never open it.",
            "Connect to the former service again and send it there first.",
        )


@dataclass(frozen=True, slots=True)
class SendResult:
    """What one round of sending brought the officer. left: how many wait on. trouble: why, in
    words. Covers are sent with the others and counted nowhere.
    """

    received: int
    held: int
    refused: int
    left: int
    trouble: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of approved drafts. received: destroyed here. refused: offered again.

    lost: how many were refused after their draft had been destroyed here at once.
    """

    received: tuple[DraftId, ...]
    refused: tuple[DraftId, ...]
    lost: int = 0


def write_content(form: Form, report: ScrubbedReport, receipt: Receipt) -> bytes:
    """What is sealed, before it is: the same bytes for the same report and receipt."""
    wants_questions = report.coarse.get(FieldId("consent_mailbox")) == _WANTS_QUESTIONS
    return Envelope(
        form=report.form,
        form_version=report.form_version,
        codes=cast("dict[str, Json]", answers_to_json(form, report.coarse)),
        texts={str(field): text for field, text in report.texts.items()},
        reply=Reply(receipt.mail_tag, receipt.reply.public_bytes()) if wants_questions else None,
    ).to_bytes()


def seal_report(form: Form, report: ScrubbedReport, receipt: Receipt, key: PublicKeyFile) -> bytes:
    """The exact bytes that leave. Raises InputError if the report is too long for them."""
    return seal_content(write_content(form, report, receipt), receipt, key)


def seal_content(content: bytes, receipt: Receipt, key: PublicKeyFile) -> bytes:
    """The same of what `write_content` has given."""
    try:
        return seal(content, key, receipt.report_id, receipt.withdrawal_hash)
    except TooLargeError as error:
        raise InputError(
            "The report is too long to be sent.",
            "Every report leaves in the same size, so that its size tells nothing.",
            "Shorten the longest text.",
        ) from error


def claim_post(post: Post, tenant: str) -> None:
    """Note for whom what waits is sealed; to be called before approving and before sending.

    Another service would store and acknowledge bytes that its desk cannot open, and the draft
    would be destroyed. Raises OtherServiceError if something waits for another one.
    """
    if post.setting(_SEALED_FOR) == tenant:
        return
    if is_for_another(post, tenant):
        raise OtherServiceError
    post.put_setting(_SEALED_FOR, tenant)


def is_for_another(post: Post, tenant: str) -> bool:
    """Whether something waits that was sealed for another service than this one."""
    waits = any(not row.state.is_final for row in Outbox(post).submissions())
    return waits and post.setting(_SEALED_FOR) not in {None, tenant}


def approve(
    draft_id: DraftId,
    body: bytes,
    receipt: Receipt,
    *,
    drafts: Drafts,
    outbox: Outbox,
    not_before_utc: datetime,
    content: bytes | None = None,
) -> None:
    """Freeze the bytes in the post, then mark the draft. A crash between is mended by id.

    content: what was sealed, to be kept in the vault until it has arrived.
    """
    with drafts.step:  # else a sync that ends just now would take it for left by a crash
        drafts.begin_approval(draft_id, receipt.report_id, " ".join(receipt.words), content)
        outbox.add(receipt.report_id, body, not_before_utc)
        drafts.mark_queued(draft_id)


def first_time(now_utc: datetime) -> datetime:
    """A random time at which an approved report may leave."""
    return draw_first_time(now_utc, random.SystemRandom())


def settle(drafts: Drafts, outbox: Outbox, withdraw_old: WithdrawOld | None = None) -> Settled:
    """Bring the vault in step with the post, after a crash and after sending.

    Received: the draft is destroyed, and the row that held its id with it. Refused or taken
    back: the draft can be written again. Not in the post at all: the approval never happened.
    withdraw_old: for what was taken back after it had been tried, and so may have arrived.
    """
    with drafts.step:
        received, refused = _settle_approvals(drafts, outbox, withdraw_old)
        return Settled(received, refused, _settle_others(drafts, outbox))


def _settle_approvals(
    drafts: Drafts, outbox: Outbox, withdraw_old: WithdrawOld | None
) -> tuple[tuple[DraftId, ...], tuple[DraftId, ...]]:
    """Those with a draft here: which were received, and which can be written again."""
    found = {row.report_id: row for row in outbox.submissions()}
    received: list[DraftId] = []
    refused: list[DraftId] = []
    for approval in drafts.approvals():
        row = found.get(approval.report_id)
        state = None if row is None else row.state
        if state is SubmissionState.RECEIVED:
            drafts.destroy(approval.draft_id)
            outbox.forget(approval.report_id)
            received.append(approval.draft_id)
        elif state is None or state in {SubmissionState.REFUSED, SubmissionState.TAKEN_BACK}:
            if withdraw_old is not None and row is not None and _was_sent_and_taken_back(row):
                withdraw_old(approval.report_id, drafts.receipt_words(approval.draft_id))
            drafts.reopen(approval.draft_id)
            if state is not None:
                outbox.forget(approval.report_id)
                refused.append(approval.draft_id)
        elif approval.state is DraftState.APPROVING:
            drafts.mark_queued(approval.draft_id)
    return tuple(received), tuple(refused)


def _settle_others(drafts: Drafts, outbox: Outbox) -> int:
    """Answers, and what has no draft here any more; how many were refused with nothing left."""
    named = {approval.report_id for approval in drafts.approvals()}
    replies, lost = drafts.receipts.sealed_replies(), 0
    for row in outbox.submissions():
        if row.state.is_final and row.report_id not in named:
            lost += row.state is SubmissionState.REFUSED and row.report_id not in replies
            is_received = row.state is SubmissionState.RECEIVED
            drafts.receipts.settle_reply(row.report_id, is_received=is_received)
            # An answer; or left by a crash after its draft was deleted, but perhaps before copies
            # and free pages were: destroying what is gone does the rest.
            drafts.destroy(DraftId(row.report_id.hex()))
            outbox.forget(row.report_id)
    return lost


def take_back(
    drafts: Drafts, outbox: Outbox, report_id: bytes, withdraw_old: WithdrawOld | None = None
) -> DraftId | None:
    """Stop a submission that waits, and offer its draft again to be written.

    Returns the draft, None if this vault has none for it. A crash between is mended by
    `settle`. One that was tried without an answer may have reached the service all the same:
    then withdraw_old sees to it that it does not stay there.
    Raises SubmissionMovedError if it is being sent, or is gone.
    """
    ids = {approval.report_id: approval.draft_id for approval in drafts.approvals()}
    outbox.move(report_id, SubmissionState.TAKEN_BACK)
    settle(drafts, outbox, withdraw_old)
    return ids.get(report_id)


def _was_sent_and_taken_back(row: Submission) -> bool:
    return row.state is SubmissionState.TAKEN_BACK and row.tries > 0


def send_waiting(
    outbox: Outbox,
    service_url: str,
    keys: Iterable[PublicKeyFile],
    now_utc: datetime,
    network: Network,
    *,
    at_once: bool = False,
    proofs: ReportProofs | None = None,
) -> SendResult:
    """Send what is due, or all that waits. Stops at the first connection that fails.

    proofs: where an enrolled officer's tokens come from; None for the unverified lane.
    at_once: the officer's own choice; it gives away that somebody reports just now.
    """
    outbox.recover()
    if proofs is not None:
        _settle_tokens(outbox, proofs)
    known = tuple(keys)
    reached: list[SubmissionState] = []
    trouble = ""
    if not at_once:
        _draw_again(outbox, now_utc)
    for row in outbox.due(_END_OF_TIME if at_once else now_utc):
        try:
            outbox.move(row.report_id, SubmissionState.SENDING)
        except SubmissionMovedError:
            continue  # taken back meanwhile, in the window
        try:
            state = _send(outbox, row, service_url, known, now_utc, network, proofs)
            if not row.is_cover:
                reached.append(state)
            if state is SubmissionState.QUEUED:
                trouble = _NO_SERVICE if row.is_cover else _NOT_CONFIRMED
        except NetworkError as error:
            _put_off(outbox, row, now_utc, status=None, retry_after_s=None)
            trouble = error.sentence()
            break
    left = sum(not row.state.is_final for row in outbox.submissions())
    if proofs is not None:
        _settle_tokens(outbox, proofs)
    return SendResult(
        received=reached.count(SubmissionState.RECEIVED),
        held=reached.count(SubmissionState.HELD),
        refused=reached.count(SubmissionState.REFUSED),
        left=left,
        trouble=trouble,
    )


def _draw_again(outbox: Outbox, now_utc: datetime) -> None:
    """New times for those that were given theirs while the clock was far ahead of now."""
    horizon = now_utc + _LONGEST_PLAN
    for row in outbox.due(_END_OF_TIME):
        if row.not_before_utc > horizon:
            with suppress(SubmissionMovedError):
                outbox.reschedule(row.report_id, first_time(now_utc))


def _send(
    outbox: Outbox,
    row: Submission,
    service_url: str,
    keys: tuple[PublicKeyFile, ...],
    now_utc: datetime,
    network: Network,
    proofs: ReportProofs | None,
) -> SubmissionState:
    body = outbox.body(row.report_id)
    if proofs is None:
        answer = submit(service_url, row.report_id, body, network)
    else:
        answer = _submit_verified(proofs, row, body, service_url, network) or _NO_TOKEN
    if answer.status in {200, 201} and _is_acknowledged(answer.body, keys, row.report_id, body):
        state = SubmissionState.RECEIVED
    elif answer.status in _TOKEN_WANTED:
        state = SubmissionState.HELD
    elif _is_refused(row, answer.status):
        state = SubmissionState.REFUSED
    else:
        _put_off(outbox, row, now_utc, status=answer.status, retry_after_s=answer.retry_after_s)
        return SubmissionState.QUEUED
    wait_until = (
        draw_next_try(now_utc, row.tries, answer.retry_after_s, random.SystemRandom())
        if state is SubmissionState.HELD
        else None
    )
    outbox.move(row.report_id, state, status=answer.status, not_before_utc=wait_until)
    return state


def _submit_verified(
    proofs: ReportProofs, row: Submission, body: bytes, service_url: str, network: Network
) -> HttpAnswer | None:
    """The answer, after a refusal the one to the next token; None if no token is left.

    The same id and bytes each time, and each time over a connection of its own.
    """
    answer = None
    for _ in range(_TOKENS_IN_A_ROW):
        shown = proofs.draw(row.report_id, body)
        if shown is None:
            break
        answer = submit(
            service_url,
            row.report_id,
            body,
            network,
            authorization=shown.authorization,
            proof=shown.proof,
        )
        if answer.status not in _TOKEN_WANTED:
            break
        proofs.note_refusal(shown)
    return answer


def _settle_tokens(outbox: Outbox, proofs: ReportProofs) -> None:
    proofs.settle(row.report_id for row in outbox.waiting())


def _is_refused(row: Submission, status: int) -> bool:
    """Whether the draft is offered again.

    A refusal is not signed, and an earlier try may have arrived although its answer was lost:
    then one refusal, perhaps of a proxy, is not believed. The same answer twice is.
    """
    return status in _NEVER_ACCEPTED and (row.tries == 0 or row.last_status == status)


def _is_acknowledged(
    answer: bytes, keys: tuple[PublicKeyFile, ...], report_id: bytes, body: bytes
) -> bool:
    """Whether the service has signed for exactly these bytes; anything else means try again."""
    try:
        acknowledgement = Acknowledgement.from_bytes(answer)
        check_acknowledgement(acknowledgement, keys, report_id, hashlib.sha256(body).digest())
    except ProtocolError:
        return False
    return True


def _put_off(
    outbox: Outbox,
    row: Submission,
    now_utc: datetime,
    *,
    status: int | None,
    retry_after_s: int | None,
) -> None:
    next_try = draw_next_try(now_utc, row.tries, retry_after_s, random.SystemRandom())
    outbox.move(row.report_id, SubmissionState.QUEUED, status=status, not_before_utc=next_try)
