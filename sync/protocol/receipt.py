"""What seven words become: everything about one report that only its author can make.

The words are the only secret. With the tenant they give the report's id, the key that
withdraws it, the tag under which mail for it is published, and the key that opens the mail.
All of it can be made again on any machine with the same connection.
"""

import hashlib
import re
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from sync.protocol import canonical
from sync.protocol.keys import SEALING_SEED_LENGTH, SEED_LENGTH, SealingKey, SigningKey
from sync.protocol.words import RECEIPT_WORDS

ID_LENGTH = 16
MAIL_TAG_LENGTH = 16
# RFC 9106, section 4, second recommended choice: 64 MiB, three passes, four lanes.
_MEMORY_KIB = 64 * 1024
_PASSES = 3
_LANES = 4
_WORD = re.compile("[a-z-]+")


@dataclass(frozen=True, slots=True)
class Receipt:
    """The words and what follows from them."""

    words: tuple[str, ...]
    report_id: bytes
    withdrawal: SigningKey
    mail_tag: bytes
    reply: SealingKey

    def __repr__(self) -> str:
        return "Receipt(secret)"

    @property
    def withdrawal_hash(self) -> bytes:
        """32 bytes that stand in the body, so that the service can check a withdrawal."""
        return hashlib.sha256(self.withdrawal.public_bytes()).digest()


def make_receipt(words: tuple[str, ...], tenant: str) -> Receipt:
    """Derive a receipt (about 0.2 s by design). words: seven, as WordList gives them.

    Raises ValueError for words that cannot be of the list, since they would give another
    report without a sign of it.
    """
    if len(words) != RECEIPT_WORDS or not all(_WORD.fullmatch(word) for word in words):
        raise ValueError("a receipt is made from seven words of the list")
    bound = tenant.encode("ascii")
    salt = hashlib.sha256(canonical.framed(b"nearmiss receipt v1", bound)).digest()[:16]
    root = Argon2id(
        salt=salt, length=32, iterations=_PASSES, lanes=_LANES, memory_cost=_MEMORY_KIB
    ).derive(" ".join(words).encode("ascii"))

    def derive(label: bytes, length: int) -> bytes:
        info = canonical.framed(b"nearmiss receipt v1", bound, label)
        return HKDFExpand(hashes.SHA256(), length, info).derive(root)

    return Receipt(
        words=words,
        report_id=derive(b"report id", ID_LENGTH),
        withdrawal=SigningKey(derive(b"withdrawal", SEED_LENGTH)),
        mail_tag=derive(b"mail tag", MAIL_TAG_LENGTH),
        reply=SealingKey(derive(b"reply", SEALING_SEED_LENGTH)),
    )
