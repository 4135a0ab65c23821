"""A crash of the window between two commits is mended by whichever command opens the vault next."""

from datetime import UTC, datetime

import pytest

from app.domain.submission import SubmissionState
from app.paths import Home
from app.store.drafts import Drafts, DraftState
from app.store.outbox import Outbox
from app.store.post import Post
from app.store.vault import Vault
from app.store.withdrawals import Withdrawals
from sync import uploader, withdrawing
from sync.protocol.connection import Connection
from sync.protocol.receipt import make_receipt
from tests.ui.cli.conftest import PASSPHRASE
from ui.cli import mail
from ui.cli.main import main

WORDS = ("abacus", "abdomen", "abide", "ablaze", "able", "abnormal", "abrasion")
TENANT = "0" * 32
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("command", [["report", "list"], ["mail", "--kept"]])
def test_what_was_tried_and_taken_back_just_before_is_withdrawn(
    own_home: Home, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    connection = Connection(TENANT, "A", "https://a.example", "https://a.example", b"{}", bytes(32))
    for module in (withdrawing, mail):
        monkeypatch.setattr(module, "open_connection", lambda _home: connection)
    receipt, folder = make_receipt(WORDS, TENANT), own_home.vault_folder("first")
    with Vault.open(folder, PASSPHRASE) as vault, Post.open_or_create(folder) as post:
        drafts, outbox = Drafts(vault), Outbox(post)
        made = drafts.create("near-miss-report", 1, "a title")
        uploader.approve(
            made, bytes(65_536), receipt, drafts=drafts, outbox=outbox, not_before_utc=NOW
        )
        outbox.move(receipt.report_id, SubmissionState.SENDING)
        outbox.move(receipt.report_id, SubmissionState.QUEUED)
        outbox.move(receipt.report_id, SubmissionState.TAKEN_BACK)  # and the window is gone
    main([*command, "--vault", "first"])
    with Post.open_or_create(folder) as post:
        assert [row.report_id for row in Withdrawals(post).all()] == [receipt.report_id]
    with Vault.open(folder, PASSPHRASE) as vault:
        assert Drafts(vault).summary(made).state is DraftState.WRITING
