"""A submission can be taken back and edited as long as it waits, and not afterwards."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.submission import SubmissionState
from app.store.drafts import DraftId, Drafts, DraftState
from app.store.keys import Cost
from app.store.outbox import Outbox, SubmissionMovedError
from app.store.post import Post
from app.store.vault import Vault
from sync import uploader
from sync.protocol.receipt import Receipt, make_receipt

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORDS = ("abacus", "abdomen", "abide", "ablaze", "able", "abnormal", "abrasion")
BODY = bytes(65_536)


@pytest.fixture(scope="module")
def receipt() -> Receipt:
    return make_receipt(WORDS, "0" * 32)


@pytest.fixture
def drafts(tmp_path: Path) -> Iterator[Drafts]:
    cheap = Cost(memory_kib=8_192, passes=1, lanes=1)
    with Vault.create(tmp_path / "vault", "long enough", cheap) as vault:
        yield Drafts(vault)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Post.open_or_create(tmp_path / "post") as post:
        yield Outbox(post)


@pytest.fixture
def draft_id(drafts: Drafts, outbox: Outbox, receipt: Receipt) -> DraftId:
    made = drafts.create("near-miss-report", 1, "a title")
    uploader.approve(made, BODY, receipt, drafts=drafts, outbox=outbox, not_before_utc=NOW)
    return made


@pytest.mark.parametrize("is_held", [False, True])
def test_a_waiting_one_is_written_again_and_nothing_of_it_stays_in_the_post(
    drafts: Drafts, outbox: Outbox, draft_id: DraftId, receipt: Receipt, is_held: bool
) -> None:
    if is_held:
        outbox.move(receipt.report_id, SubmissionState.SENDING)
        outbox.move(receipt.report_id, SubmissionState.HELD, status=401)
    assert uploader.take_back(drafts, outbox, receipt.report_id) == draft_id
    assert drafts.summary(draft_id).state is DraftState.WRITING
    assert drafts.approvals() == ()
    assert outbox.submissions() == ()


def test_one_that_is_being_sent_is_not_taken_back(
    drafts: Drafts, outbox: Outbox, draft_id: DraftId, receipt: Receipt
) -> None:
    outbox.move(receipt.report_id, SubmissionState.SENDING)
    with pytest.raises(SubmissionMovedError):
        uploader.take_back(drafts, outbox, receipt.report_id)
    assert drafts.summary(draft_id).state is DraftState.QUEUED


def test_a_submission_of_another_vault_is_stopped_without_a_draft(
    drafts: Drafts, outbox: Outbox
) -> None:
    outbox.add(bytes(16), BODY, NOW)
    assert uploader.take_back(drafts, outbox, bytes(16)) is None
    assert outbox.submissions() == ()


def test_a_sync_that_ends_while_a_report_is_being_approved_does_not_undo_that(
    drafts: Drafts, outbox: Outbox, receipt: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = drafts.create("near-miss-report", 1, "a title")
    other = threading.Thread(target=uploader.settle, args=(drafts, outbox))
    add = outbox.add

    def add_meanwhile(report_id: bytes, body: bytes, not_before_utc: datetime) -> None:
        other.start()
        other.join(0.5)
        add(report_id, body, not_before_utc)

    monkeypatch.setattr(outbox, "add", add_meanwhile)
    uploader.approve(made, BODY, receipt, drafts=drafts, outbox=outbox, not_before_utc=NOW)
    other.join()
    assert drafts.summary(made).state is DraftState.QUEUED
    assert drafts.receipt_words(made) == " ".join(WORDS)
