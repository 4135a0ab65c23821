"""Receipts that their owner keeps: nothing before that, and nothing after they are forgotten."""

import pytest

from app.store.drafts import DraftId, Drafts
from app.store.receipts import KeptReceipt, NoSuchReceiptError, Receipts
from app.store.vault import Vault

ID, OTHER = bytes(16), b"o" * 16
SUBMISSION = b"s" * 16


def receipt(report_id: bytes = ID, title: str = "A gate") -> KeptReceipt:
    return KeptReceipt(report_id, "ab" * 16, title, "seven words", b"t" * 16, b"r" * 96)


@pytest.fixture
def receipts(vault: Vault) -> Receipts:
    found = Receipts(vault)
    found.keep(receipt())
    return found


def test_a_receipt_comes_back_as_it_was(receipts: Receipts) -> None:
    receipts.keep(receipt(OTHER, "A dog"))
    assert receipts.kept() == (receipt(OTHER, "A dog"), receipt())
    assert receipts.get(ID) == receipt()
    with pytest.raises(NoSuchReceiptError):
        receipts.get(b"n" * 16)


def test_keeping_it_again_changes_nothing(receipts: Receipts) -> None:
    receipts.keep(receipt(title="Another title"))
    assert receipts.kept() == (receipt(),)


def test_an_answer_is_kept_while_it_is_written_and_frozen_once_it_is_sealed(
    receipts: Receipts,
) -> None:
    receipts.save_reply(ID, 1, "Ten")
    receipts.save_reply(ID, 1, "Ten steps")
    assert receipts.replies(ID) == {1: ("Ten steps", None)}
    receipts.mark_sealed(ID, 1, "Ten steps.", SUBMISSION)
    receipts.save_reply(ID, 1, "Eleven")
    assert receipts.replies(ID) == {1: ("Ten steps.", SUBMISSION)}
    assert receipts.sealed_replies() == {SUBMISSION}


def test_a_received_answer_is_emptied_and_counts_as_given(receipts: Receipts) -> None:
    receipts.mark_sealed(ID, 1, "Ten steps.", SUBMISSION)
    receipts.settle_reply(SUBMISSION, is_received=True)
    assert receipts.replies(ID) == {1: ("", SUBMISSION)}


def test_an_answer_that_was_taken_back_can_be_written_again(receipts: Receipts) -> None:
    receipts.mark_sealed(ID, 1, "Ten steps.", SUBMISSION)
    receipts.settle_reply(SUBMISSION, is_received=False)
    assert receipts.replies(ID) == {1: ("Ten steps.", None)}
    receipts.settle_reply(OTHER, is_received=False)  # of no answer here
    receipts.save_reply(ID, 1, "Eleven.")
    assert receipts.replies(ID) == {1: ("Eleven.", None)}


def test_a_forgotten_receipt_takes_its_answers_along(receipts: Receipts) -> None:
    receipts.save_reply(ID, 1, "Ten")
    receipts.forget(ID)
    receipts.forget(ID)
    assert receipts.kept() == ()
    assert receipts.replies(ID) == {}


def test_a_draft_that_is_written_again_has_no_receipt_any_more(vault: Vault) -> None:
    drafts = Drafts(vault)
    draft_id: DraftId = drafts.create("form", 1, "A gate")
    drafts.begin_approval(draft_id, ID, "seven words")
    drafts.mark_queued(draft_id)
    drafts.receipts.keep(receipt())
    drafts.receipts.keep(receipt(OTHER))
    drafts.reopen(draft_id)
    assert drafts.receipts.kept() == (receipt(OTHER),)


def test_a_draft_that_was_received_leaves_the_receipt_that_was_kept(vault: Vault) -> None:
    drafts = Drafts(vault)
    draft_id = drafts.create("form", 1, "A gate")
    drafts.begin_approval(draft_id, ID, "seven words")
    drafts.receipts.keep(receipt())
    drafts.destroy(draft_id)
    assert drafts.receipts.kept() == (receipt(),)


def test_nothing_of_a_receipt_is_printed(receipts: Receipts) -> None:
    (kept,) = receipts.kept()
    assert "seven" not in repr(kept)
