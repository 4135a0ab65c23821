"""Makes `post_v2`: a small real post of version 2, with an account and tokens.

Run once per schema version, with the program of that version:
`python -m tests.golden.make_post FOLDER`. Everything inside is invented.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from app.domain.submission import SubmissionState
from app.domain.token import Account, AskedBatch, KeptToken
from app.store.outbox import BODY_LENGTH, Outbox
from app.store.post import Post
from app.store.purse import Purse

TENANT = "00112233445566778899aabbccddeeff"
QUARTER = "2026-Q3"
MOMENT = datetime(2026, 8, 3, 8, 15, tzinfo=UTC)
REPORT_ID = bytes(range(16))
BODY = bytes(range(256)) * (BODY_LENGTH // 256)
NONCES = tuple(bytes([place]) * 32 for place in range(1, 13))


def main(folder: Path) -> None:
    """Write the post into the folder, which must not exist."""
    with Post.open_or_create(folder) as post:
        purse = Purse(post, TENANT, folder / "counter")
        purse.keep_account(Account(b"s" * 32, None))
        asked = tuple(KeptToken(nonce, b"asked") for nonce in NONCES)
        purse.ask(AskedBatch(QUARTER, asked))
        purse.fill({nonce: b"own" + nonce for nonce in NONCES}, QUARTER)
        outbox = Outbox(post)
        outbox.add(REPORT_ID, BODY, MOMENT)
        outbox.move(REPORT_ID, SubmissionState.SENDING)
        purse.take(REPORT_ID, {QUARTER})
        outbox.move(REPORT_ID, SubmissionState.QUEUED, status=503)
    for stray in (*folder.glob("*.lock"), folder / "counter"):
        stray.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
