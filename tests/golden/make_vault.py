"""Makes `vault_v1`: a small real vault and post, kept so that later versions open them.

`vault_v2` is made in the same way, with a receipt and its answers in it, and without a post;
`vault_v3` with a copy on its list and a draft that was discarded, and with a post of version 5.
Run once per schema version: `python -m tests.golden.make_vault FOLDER`. The passphrase and
everything inside are invented.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from app.domain.report import Certainty, Finding, Kind, Span
from app.domain.submission import SubmissionState
from app.store.chain import Head
from app.store.drafts import AnswerChange, Drafts
from app.store.keys import Cost
from app.store.outbox import BODY_LENGTH, Outbox
from app.store.post import Post
from app.store.receipts import KeptReceipt
from app.store.safekeeping import note_count
from app.store.vault import Vault

PASSPHRASE = "golden passphrase of the tests"
MOMENT = datetime(2026, 1, 31, 8, 15, tzinfo=UTC)
REPORT_ID = bytes(range(16))
BODY = bytes(range(256)) * (BODY_LENGTH // 256)
FINDING = Finding(
    Span(1, 7), Kind.NAME, "[NAME-1]", Certainty.SURE, True, "from your private notes", "known"
)
PLACE = Path("/media/stick")
RECEIPT = KeptReceipt(
    bytes(16), "ab" * 16, "Ladder at the gate", "seven invented words", b"t" * 16, b"s" * 96
)


def main(folder: Path) -> None:
    """Write the two files into the folder, which must not exist."""
    with Vault.create(folder, PASSPHRASE, Cost(memory_kib=8_192, passes=1, lanes=1)) as vault:
        drafts = Drafts(vault, now=lambda: MOMENT)
        written = drafts.create("leo-near-miss", 1, "Ice on the bridge")
        changes = [
            AnswerChange("story", '"Miller slid toward the rail."', is_private=False),
            AnswerChange("names", '["Miller"]', is_private=True),
        ]
        drafts.save_answers(written, changes)
        drafts.save_decisions(written, {"story": (FINDING,)})
        drafts.save_scrub_map(written, {"[NAME-1]": "Miller"})
        queued = drafts.create("leo-near-miss", 1, "A dog behind the door")
        drafts.begin_approval(queued, REPORT_ID, "one two three four five six seven")
        drafts.mark_queued(queued)
        drafts.receipts.keep(RECEIPT)
        drafts.receipts.save_reply(RECEIPT.report_id, 1, "About ten steps, I")
        drafts.receipts.mark_sealed(RECEIPT.report_id, 2, "Yes.", REPORT_ID)
        drafts.discard(drafts.create("leo-near-miss", 1, "A ladder that slipped"))
        vault.copies.choose(PLACE)
        note_count(vault.file, "sessions", Head(7, b""))
    with Post.open_or_create(folder) as post:
        outbox = Outbox(post)
        outbox.add(REPORT_ID, BODY, MOMENT)
        outbox.move(REPORT_ID, SubmissionState.SENDING)
        outbox.move(REPORT_ID, SubmissionState.QUEUED, status=503)
        post.put_setting("account", "invented")
        post.raise_mark("feed", 12)
    for lock in folder.glob("*.lock"):
        lock.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
