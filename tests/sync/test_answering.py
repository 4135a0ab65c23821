"""An answer is looked at, sealed and sent as a report is, and cannot be told from one."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.submission import SubmissionState
from app.errors import InputError
from app.store.drafts import Drafts
from app.store.keys import Cost
from app.store.outbox import Outbox
from app.store.post import Post
from app.store.receipts import KeptReceipt
from app.store.vault import Vault
from sync import uploader
from sync.answering import ANSWER_LIMIT, queue_answer, review_answer, seal_answer
from sync.protocol.answer import Answer
from sync.protocol.letter import Question
from sync.protocol.seal import BODY_LENGTH, read_header, unseal
from sync.scrub import Doubt, Scrubber
from sync.uploader import OtherServiceError
from tests.golden.make_protocol import RESEARCH, RESEARCH_FILE, TENANT
from ui.cli.parts import build_scrubber

NOW = datetime(2026, 8, 2, 12, tzinfo=UTC)
REPORT_ID = b"r" * 16
QUESTION = Question(2, "2026-07", "How far?", b"t" * 16)


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    """Rules alone, which is quicker and has a doubt."""
    return Scrubber(build_scrubber().lexicon)


@pytest.fixture
def drafts(tmp_path: Path) -> Iterator[Drafts]:
    cheap = Cost(memory_kib=8_192, passes=1, lanes=1)
    with Vault.create(tmp_path / "vault", "long enough", cheap) as vault:
        found = Drafts(vault)
        found.receipts.keep(
            KeptReceipt(REPORT_ID, TENANT, "A gate", "seven words", b"t" * 16, b"s" * 96)
        )
        yield found


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with Post.open_or_create(tmp_path / "post") as opened:
        yield opened


def queue(post: Post, drafts: Drafts | None, text: str = "Ten steps.") -> bytes:
    receipts = None if drafts is None else drafts.receipts
    return queue_answer(post, receipts, TENANT, REPORT_ID, QUESTION, text, RESEARCH_FILE, NOW)


@settings(max_examples=20, deadline=None)
@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=ANSWER_LIMIT)
    | st.sampled_from(["\U0001f600" * ANSWER_LIMIT, '"' * ANSWER_LIMIT, "\x01" * ANSWER_LIMIT])
)
def test_every_answer_has_the_size_of_a_report_and_comes_back(text: str) -> None:
    submission_id, body = seal_answer(REPORT_ID, QUESTION, text, RESEARCH_FILE)
    assert (len(submission_id), len(body)) == (16, BODY_LENGTH)
    content = unseal(body, RESEARCH, RESEARCH_FILE, submission_id)
    assert Answer.from_bytes(content) == Answer(REPORT_ID, 2, QUESTION.ticket, text)


def test_nothing_outside_the_seal_repeats_or_leads_to_the_report() -> None:
    sealed = [seal_answer(REPORT_ID, QUESTION, "Ten.", RESEARCH_FILE) for _ in range(3)]
    assert len({submission_id for submission_id, _body in sealed}) == 3
    assert len({read_header(body).withdrawal_hash for _id, body in sealed}) == 3
    assert all(REPORT_ID not in body for _id, body in sealed)


def test_identifiers_are_found_as_in_a_report(scrubber: Scrubber) -> None:
    found = review_answer("  Officer Whitlock was ten steps away.\n", scrubber)
    assert found.text == "Officer Whitlock was ten steps away."
    assert found.leaves == "Officer [NAME-1] was ten steps away."
    assert found.doubts == (Doubt.MODEL,)
    assert "Whitlock" not in repr(found)


def test_what_is_only_possible_is_masked_if_wanted(scrubber: Scrubber) -> None:
    found = review_answer("It was a Tuesday as always.", scrubber)
    assert "Tuesday" in found.leaves
    assert "Tuesday" not in found.with_all_masked().leaves


@pytest.mark.parametrize(
    ("text", "said"),
    [(" \n", "empty"), ("x" * (ANSWER_LIMIT + 1), "8,000 is the most"), ("a\u202eb", "order")],
)
def test_what_cannot_be_sent_is_said(scrubber: Scrubber, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        review_answer(text, scrubber)


def test_an_answer_waits_like_a_report(post: Post, drafts: Drafts) -> None:
    submission_id = queue(post, drafts)
    (row,) = Outbox(post).submissions()
    assert (row.report_id, row.state, row.tries) == (submission_id, SubmissionState.QUEUED, 0)
    assert NOW <= row.not_before_utc <= NOW + timedelta(hours=18)
    assert drafts.receipts.replies(REPORT_ID) == {2: ("Ten steps.", submission_id)}


def test_without_a_kept_receipt_the_vault_learns_nothing(post: Post, drafts: Drafts) -> None:
    queue(post, None)
    assert drafts.receipts.replies(REPORT_ID) == {}
    assert len(Outbox(post).submissions()) == 1


def _send(post: Post, submission_id: bytes, state: SubmissionState) -> None:
    outbox = Outbox(post)
    outbox.move(submission_id, SubmissionState.SENDING)
    outbox.move(submission_id, state)


def test_a_received_answer_is_destroyed_here(post: Post, drafts: Drafts) -> None:
    submission_id = queue(post, drafts)
    _send(post, submission_id, SubmissionState.RECEIVED)
    assert uploader.settle(drafts, Outbox(post)) == uploader.Settled((), ())
    assert Outbox(post).submissions() == ()
    assert drafts.receipts.replies(REPORT_ID) == {2: ("", submission_id)}


def test_a_refused_answer_is_offered_again(post: Post, drafts: Drafts) -> None:
    _send(post, queue(post, drafts), SubmissionState.REFUSED)
    uploader.settle(drafts, Outbox(post))
    assert drafts.receipts.replies(REPORT_ID) == {2: ("Ten steps.", None)}


def test_an_answer_can_be_taken_back_and_written_again(post: Post, drafts: Drafts) -> None:
    submission_id = queue(post, drafts)
    assert uploader.take_back(drafts, Outbox(post), submission_id) is None
    assert Outbox(post).submissions() == ()
    assert drafts.receipts.replies(REPORT_ID) == {2: ("Ten steps.", None)}


def test_nothing_is_queued_beside_reports_for_another_service(post: Post, drafts: Drafts) -> None:
    uploader.claim_post(post, "f" * 32)
    Outbox(post).add(hashlib.md5(b"x", usedforsecurity=False).digest(), bytes(BODY_LENGTH), NOW)
    with pytest.raises(OtherServiceError):
        queue(post, drafts)
    assert len(Outbox(post).submissions()) == 1
