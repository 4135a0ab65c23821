"""From approval to the verified acknowledgement: each report goes up exactly once.

The bytes and their id are on the disk before the first of them leaves, and are never sealed
again; a repeat sends the same bytes, which the service answers with the same word. Only a
signature of the service turns a row into `received`, and only then may the draft go.
"""

import hashlib
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from app.domain.answer_reading import answers_to_json
from app.domain.answers import Chosen
from app.domain.form import Code, FieldId, Form
from app.domain.submission import Submission, SubmissionState
from app.errors import InputError
from app.store.drafts import DraftId, Drafts, DraftState
from app.store.outbox import Outbox
from sync.client import NetworkError, submit
from sync.outgoing import ScrubbedReport
from sync.protocol.acknowledgement import Acknowledgement, check_acknowledgement
from sync.protocol.canonical import Json
from sync.protocol.envelope import Envelope, Reply
from sync.protocol.errors import ProtocolError, TooLargeError
from sync.protocol.keys import PublicKeyFile
from sync.protocol.receipt import Receipt
from sync.protocol.seal import seal
from sync.schedule import draw_first_time, draw_next_try

_WANTS_QUESTIONS = Chosen((Code("yes"),))
_NEVER_ACCEPTED = frozenset({400, 409, 413, 415})
_TOKEN_WANTED = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class SendResult:
    """What one round of sending brought. left: how many wait on. trouble: why, in words."""

    received: int
    held: int
    refused: int
    left: int
    trouble: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of approved drafts. received: destroyed here. refused: offered again."""

    received: tuple[DraftId, ...]
    refused: tuple[DraftId, ...]


def seal_report(form: Form, report: ScrubbedReport, receipt: Receipt, key: PublicKeyFile) -> bytes:
    """The exact bytes that leave. Raises InputError if the report is too long for them."""
    wants_questions = report.coarse.get(FieldId("consent_mailbox")) == _WANTS_QUESTIONS
    envelope = Envelope(
        form=report.form,
        form_version=report.form_version,
        codes=cast("dict[str, Json]", answers_to_json(form, report.coarse)),
        texts={str(field): text for field, text in report.texts.items()},
        reply=Reply(receipt.mail_tag, receipt.reply.public_bytes()) if wants_questions else None,
    )
    try:
        return seal(envelope.to_bytes(), key, receipt.report_id, receipt.withdrawal_hash)
    except TooLargeError as error:
        raise InputError(
            "The report is too long to be sent.",
            "Every report leaves in the same size, so that its size tells nothing.",
            "Shorten the longest text.",
        ) from error


def approve(
    draft_id: DraftId,
    body: bytes,
    receipt: Receipt,
    *,
    drafts: Drafts,
    outbox: Outbox,
    not_before_utc: datetime,
) -> None:
    """Freeze the bytes in the post, then mark the draft. A crash between is mended by id."""
    drafts.begin_approval(draft_id, receipt.report_id, " ".join(receipt.words))
    outbox.add(receipt.report_id, body, not_before_utc)
    drafts.mark_queued(draft_id)


def first_time(now_utc: datetime) -> datetime:
    """A random time at which an approved report may leave."""
    return draw_first_time(now_utc, random.SystemRandom())


def settle(drafts: Drafts, outbox: Outbox) -> Settled:
    """Bring the vault in step with the post, after a crash and after sending.

    Received: the draft is destroyed, and the row that held its id with it. Refused or taken
    back: the draft can be written again. Not in the post at all: the approval never happened.
    """
    rows = {row.report_id: row.state for row in outbox.submissions()}
    received: list[DraftId] = []
    refused: list[DraftId] = []
    for approval in drafts.approvals():
        state = rows.get(approval.report_id)
        if state is SubmissionState.RECEIVED:
            drafts.destroy(approval.draft_id)
            outbox.forget(approval.report_id)
            received.append(approval.draft_id)
        elif state is None or state in {SubmissionState.REFUSED, SubmissionState.TAKEN_BACK}:
            drafts.reopen(approval.draft_id)
            if state is not None:
                outbox.forget(approval.report_id)
                refused.append(approval.draft_id)
        elif approval.state is DraftState.APPROVING:
            drafts.mark_queued(approval.draft_id)
    named = {approval.report_id for approval in drafts.approvals()}
    for row in outbox.submissions():
        if row.state.is_final and row.report_id not in named:
            outbox.forget(row.report_id)  # left by a crash after its draft was destroyed
    return Settled(tuple(received), tuple(refused))


def send_waiting(
    outbox: Outbox,
    service_url: str,
    keys: Iterable[PublicKeyFile],
    now_utc: datetime,
    *,
    at_once: bool = False,
) -> SendResult:
    """Send what is due, or all that waits. Stops at the first connection that fails.

    at_once: the officer's own choice; it gives away that somebody reports just now.
    """
    outbox.recover()
    known = tuple(keys)
    reached: list[SubmissionState] = []
    trouble = ""
    horizon = now_utc + timedelta(days=365) if at_once else now_utc
    for row in outbox.due(horizon):
        outbox.move(row.report_id, SubmissionState.SENDING)
        try:
            reached.append(_send(outbox, row, service_url, known, now_utc))
        except NetworkError as error:
            _put_off(outbox, row, now_utc, status=None, retry_after_s=None)
            trouble = error.sentence()
            break
    left = sum(not row.state.is_final for row in outbox.submissions())
    return SendResult(
        received=reached.count(SubmissionState.RECEIVED),
        held=reached.count(SubmissionState.HELD),
        refused=reached.count(SubmissionState.REFUSED),
        left=left,
        trouble=trouble,
    )


def _send(
    outbox: Outbox,
    row: Submission,
    service_url: str,
    keys: tuple[PublicKeyFile, ...],
    now_utc: datetime,
) -> SubmissionState:
    body = outbox.body(row.report_id)
    answer = submit(service_url, row.report_id, body)
    if answer.status in {200, 201} and _is_acknowledged(answer.body, keys, row.report_id, body):
        state = SubmissionState.RECEIVED
    elif answer.status in _TOKEN_WANTED:
        state = SubmissionState.HELD
    elif answer.status in _NEVER_ACCEPTED:
        state = SubmissionState.REFUSED
    else:
        _put_off(outbox, row, now_utc, status=answer.status, retry_after_s=answer.retry_after_s)
        return SubmissionState.QUEUED
    outbox.move(row.report_id, state, status=answer.status)
    return state


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
