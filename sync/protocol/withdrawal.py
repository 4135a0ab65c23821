"""Taking back a report that has left: what the words' owner asks, and what the service signs.

    body = "NMW1" | withdrawal public key (32) | signature (64) | zeros

The hash of the key stands in the readable part of the report's own body, so the service can check
the right to withdraw without knowing whose it is, and the desk can check it again. On the wire a
withdrawal has the length of a report with its token, to the byte, so that its size tells nothing.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from sync.protocol.acknowledgement import Acknowledgement, check_word, sign_word
from sync.protocol.errors import ForgedError, MalformedError
from sync.protocol.keys import PublicKeyFile, SigningKey, verify
from sync.protocol.seal import BODY_LENGTH

# As long as that of a report, less what DELETE is longer than PUT.
MEDIA_TYPE = "application/vnd.nearmiss.withdrawal.v1"
# What the headers Authorization and NearMiss-Proof of a report take on the wire: names, colons,
# blanks, line ends and values, the token's in base64.
_TOKEN_HEADERS_LENGTH = 656
LENGTH = BODY_LENGTH + _TOKEN_HEADERS_LENGTH
PUBLIC_LENGTH, SIGNATURE_LENGTH, HASH_LENGTH = 32, 64, 32
_MAGIC = b"NMW1"
_USED = len(_MAGIC) + PUBLIC_LENGTH + SIGNATURE_LENGTH
_PURPOSE = b"nearmiss withdrawal v1"
_WITHDRAWN = b"nearmiss withdrawn v1"
_ABSENT = b"nearmiss nothing to withdraw v1"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """public: the withdrawal key's public half, 32 bytes. signature: 64 bytes."""

    public: bytes
    signature: bytes = field(repr=False)

    @property
    def key_hash(self) -> bytes:
        """What stands in the body of the report that this key may withdraw: 32 bytes."""
        return hashlib.sha256(self.public).digest()

    def to_bytes(self) -> bytes:
        """The body of the request, LENGTH bytes."""
        return (_MAGIC + self.public + self.signature).ljust(LENGTH, b"\0")

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Withdrawal":
        """Read a request's body. Raises MalformedError."""
        if len(raw) != LENGTH or not raw.startswith(_MAGIC):
            raise MalformedError("not a withdrawal")
        if raw.count(0, _USED) != LENGTH - _USED:
            raise MalformedError("a withdrawal that holds more than one")
        middle = len(_MAGIC) + PUBLIC_LENGTH
        return cls(raw[len(_MAGIC) : middle], raw[middle:_USED])


def withdraw(key: SigningKey, tenant: str, report_id: bytes) -> Withdrawal:
    """Ask for a report to be withdrawn. key: the receipt's withdrawal key."""
    signature = key.sign(_PURPOSE, tenant.encode("ascii"), report_id)
    return Withdrawal(key.public_bytes(), signature)


def check_withdrawal(withdrawal: Withdrawal, tenant: str, report_id: bytes) -> None:
    """Raises ForgedError unless the key in it signed for exactly this report.

    The caller looks whether the key is the report's: `key_hash`.
    """
    parts = (_PURPOSE, tenant.encode("ascii"), report_id)
    verify(withdrawal.public, withdrawal.signature, *parts)


def confirm_withdrawn(
    key: SigningKey, public: PublicKeyFile, report_id: bytes, key_hash: bytes
) -> Acknowledgement:
    """The service's word that the report's bytes are gone and stay so."""
    return sign_word(key, public, _WITHDRAWN, report_id, key_hash)


def confirm_absent(
    key: SigningKey, public: PublicKeyFile, report_id: bytes, key_hash: bytes
) -> Acknowledgement:
    """The service's word that it has nothing under this id that this key may withdraw."""
    return sign_word(key, public, _ABSENT, report_id, key_hash)


def is_withdrawn(
    answer: Acknowledgement, keys: Iterable[PublicKeyFile], report_id: bytes, key_hash: bytes
) -> bool:
    """Whether the service says so; False if it says that there is nothing to withdraw.

    It carries no date: what it says was true once. Raises ForgedError if it says neither.
    """
    known = tuple(keys)
    try:
        check_word(answer, known, _WITHDRAWN, report_id, key_hash)
    except ForgedError:
        check_word(answer, known, _ABSENT, report_id, key_hash)
        return False
    return True
