"""One piece of mail: a sealed record of one size, which only the words of a receipt open.

    record (4,096 bytes) = "NMM1" | mail tag (16) | HPKE

The tag names the record, so that whoever has the words finds it among all others on their own
computer. Tenant and tag are bound into the seal: a record cannot be put under another tag.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import KEM

from sync.protocol import canonical
from sync.protocol.envelope import Reply
from sync.protocol.errors import ForgedError, MalformedError
from sync.protocol.keys import SealingKey, sealing_public_key, sealing_suite
from sync.protocol.padding import PREFIX_LENGTH, pad, unpad
from sync.protocol.receipt import MAIL_TAG_LENGTH

MEDIA_TYPE = "application/vnd.nearmiss.sealed-mail.v1"
RECORD_LENGTH = 4_096
_MAGIC = b"NMM1"
_HEADER_LENGTH = len(_MAGIC) + MAIL_TAG_LENGTH
_TAG_LENGTH = 16  # of the cipher
_PADDED_LENGTH = RECORD_LENGTH - _HEADER_LENGTH - KEM.MLKEM768_X25519.enc_length() - _TAG_LENGTH
CONTENT_LIMIT = _PADDED_LENGTH - PREFIX_LENGTH
"""Bytes of canonical JSON that fit into a record."""


def seal_mail(content: bytes, to: Reply, tenant: str) -> bytes:
    """Seal content (at most CONTENT_LIMIT bytes) into a record. Raises TooLargeError."""
    padded = pad(content, _PADDED_LENGTH)
    sealed = sealing_suite().encrypt(
        padded, sealing_public_key(to.public), _binding(tenant, to.mail_tag)
    )
    return _MAGIC + to.mail_tag + sealed


def read_tag(record: bytes) -> bytes:
    """The 16 bytes that name it. Raises MalformedError for a wrong size or unknown version."""
    if len(record) != RECORD_LENGTH:
        raise MalformedError(f"a piece of mail has {RECORD_LENGTH} bytes, not {len(record)}")
    if not record.startswith(_MAGIC):
        raise MalformedError("mail of an unknown version")
    return record[len(_MAGIC) : _HEADER_LENGTH]


def open_mail(record: bytes, key: SealingKey, tenant: str) -> bytes:
    """The content of a record.

    key: the receipt's reply key. Raises MalformedError for a record that is none, ForgedError
    if it was not sealed to this key, under its tag, for this tenant.
    """
    binding = _binding(tenant, read_tag(record))
    # Outside the try: a damaged private key is a fault of ours, not a forgery.
    private = key.private()
    try:
        padded = sealing_suite().decrypt(record[_HEADER_LENGTH:], private, binding)
    except (InvalidTag, ValueError) as error:
        raise ForgedError("the seal does not open") from error
    return unpad(padded)


def _binding(tenant: str, mail_tag: bytes) -> bytes:
    if len(mail_tag) != MAIL_TAG_LENGTH:
        raise ValueError("a mail tag has 16 bytes")
    return canonical.framed(MEDIA_TYPE.encode("ascii"), tenant.encode("ascii"), b"mail", mail_tag)
