"""Writes tests/golden/issuing anew: `python -m tests.golden.make_issuing`.

What is drawn by chance otherwise is invented and fixed, so a second run changes nothing.
"""

import hashlib
from pathlib import Path

from sync.protocol.card import Card
from sync.protocol.enrolment import Enrolment, write_answer
from sync.protocol.keys import SigningKey
from sync.protocol.officer_count import OfficerCount
from sync.protocol.token_batch import join_answers, sign_batch
from sync.protocol.token_request import PendingToken, TokenResponse
from tests.golden.make_protocol import TENANT
from tests.golden.make_tokens import FOLDER as TOKENS

FOLDER = Path(__file__).resolve().parent / "issuing"
CARD = Card("INVENTEDCARDTOSHOWIT22KK")
ACCOUNT = SigningKey(hashlib.sha256(b"invented account").digest())


def make_files() -> dict[str, bytes]:
    """Every message between a program and the issuer, by file name."""
    pending = PendingToken.from_bytes((TOKENS / "pending-token.json").read_bytes())
    response = TokenResponse(bytes.fromhex((TOKENS / "token-response.hex").read_text()))
    batch = sign_batch(ACCOUNT, TENANT, [pending.request] * 12)
    return {
        "enrolment.json": Enrolment(CARD, ACCOUNT.public_bytes()).to_bytes(),
        "enrolled.json": write_answer(ACCOUNT.public_bytes()),
        "card-digest.hex": CARD.digest(TENANT).hex().encode(),
        "token-batch.hex": batch.to_bytes().hex().encode(),
        "token-answers.hex": join_answers([response] * 12).hex().encode(),
        "officers.json": OfficerCount(TENANT, "2026-Q3", 250).to_bytes(),
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, content in make_files().items():
        (FOLDER / name).write_bytes(content)
