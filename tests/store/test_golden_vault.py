"""A real vault and post of every past version opens, and holds what it held."""

import shutil
from pathlib import Path

import pytest

from app.domain.submission import Submission, SubmissionState
from app.domain.token import Account, TokenCounts
from app.progress import Silent
from app.store.covers import Covers
from app.store.drafts import Approval, Drafts, DraftState
from app.store.outbox import Outbox
from app.store.post import Post
from app.store.purse import Purse
from app.store.receipts import Receipts
from app.store.safekeeping import counted
from app.store.vault import Vault
from tests.golden import make_post
from tests.golden.make_vault import BODY, FINDING, MOMENT, PASSPHRASE, PLACE, RECEIPT, REPORT_ID

GOLDEN = Path(__file__).parent.parent / "golden"


@pytest.fixture(params=["vault_v1", "vault_v2", "vault_v3"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOLDEN / request.param, tmp_path / "vault"))


def test_an_old_vault_opens_with_everything(folder: Path) -> None:
    with Vault.open(folder, PASSPHRASE) as vault:
        vault.check(Silent())
        drafts = Drafts(vault)
        by_title = {each.title: each for each in drafts.summaries()}
        written, queued = by_title["Ice on the bridge"], by_title["A dog behind the door"]
        assert (written.state, queued.state) == (DraftState.WRITING, DraftState.QUEUED)
        assert (written.form_id, written.form_version) == ("leo-near-miss", 1)
        assert written.created_utc == written.changed_utc == MOMENT
        assert drafts.answers(written.draft_id) == {"story": '"Miller slid toward the rail."'}
        assert drafts.private_answers(written.draft_id) == {"names": '["Miller"]'}
        assert drafts.decisions(written.draft_id) == {"story": (FINDING,)}
        assert drafts.scrub_map(written.draft_id) == {"[NAME-1]": "Miller"}
        assert drafts.approvals() == (Approval(queued.draft_id, REPORT_ID, DraftState.QUEUED),)
        assert drafts.receipt_words(queued.draft_id) == "one two three four five six seven"
        drafts.save_answer(written.draft_id, "light", '"dark"')


def test_a_vault_of_version_2_opens_with_its_receipts(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(GOLDEN / "vault_v2", tmp_path / "vault"))
    with Vault.open(copy, PASSPHRASE) as vault:
        receipts = Receipts(vault)
        assert receipts.kept() == (RECEIPT,)
        replies = receipts.replies(RECEIPT.report_id)
        assert replies == {1: ("About ten steps, I", None), 2: ("Yes.", REPORT_ID)}


def test_a_vault_of_version_3_opens_with_what_was_discarded_and_its_copies(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(GOLDEN / "vault_v3", tmp_path / "vault"))
    with Vault.open(copy, PASSPHRASE) as vault:
        (thrown_away,) = Drafts(vault).summaries(discarded=True)
        assert thrown_away.title == "A ladder that slipped"
        assert vault.copies.place() == PLACE
        assert counted(vault.file, "sessions").number == 7


@pytest.mark.parametrize("name", ["vault_v1", "vault_v3"])
def test_an_old_post_opens_with_everything(tmp_path: Path, name: str) -> None:
    copy = Path(shutil.copytree(GOLDEN / name, tmp_path / "vault"))
    with Post.open_or_create(copy) as post:
        outbox = Outbox(post)
        expected = Submission(REPORT_ID, SubmissionState.QUEUED, MOMENT, 1, 503)
        assert outbox.submissions() == (expected,)
        assert outbox.body(REPORT_ID) == BODY
        assert post.setting("account") == "invented"
        assert post.mark("feed") == 12
        post.check(Silent())


def test_a_post_of_version_2_opens_with_its_tokens_and_gets_covers(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(GOLDEN / "post_v2", tmp_path / "vault"))
    with Post.open_or_create(copy) as post:
        purse = Purse(post, make_post.TENANT, tmp_path / "counter")
        assert purse.account() == Account(b"s" * 32, None)
        assert purse.counts({make_post.QUARTER}) == TokenCounts(11, 12)
        assert purse.has_shown(make_post.REPORT_ID)
        outbox = Outbox(post)
        expected = Submission(make_post.REPORT_ID, SubmissionState.QUEUED, make_post.MOMENT, 1, 503)
        assert outbox.submissions() == (expected,)
        assert outbox.body(make_post.REPORT_ID) == make_post.BODY
        assert Covers(post, make_post.TENANT).plan(make_post.QUARTER, [make_post.MOMENT])
