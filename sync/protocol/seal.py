"""The body of a submission: one size for all, openable by the research team alone.

    body (65,536 bytes) = "NMR1" | research key id (8) | withdrawal hash (32) | HPKE

The report id, tenant and key are bound into the seal, so a body cannot be moved to another
id or another tenant.
"""

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import KEM

from sync.protocol import canonical
from sync.protocol.errors import ForgedError, MalformedError
from sync.protocol.keys import (
    KEY_ID_LENGTH,
    PublicKeyFile,
    SealingKey,
    sealing_public_key,
    sealing_suite,
)
from sync.protocol.padding import PREFIX_LENGTH, pad, unpad
from sync.protocol.receipt import ID_LENGTH

MEDIA_TYPE = "application/vnd.nearmiss.sealed-report.v1"
BODY_LENGTH = 65_536
_MAGIC = b"NMR1"
_HASH_LENGTH = 32
_HEADER_LENGTH = len(_MAGIC) + KEY_ID_LENGTH + _HASH_LENGTH
_TAG_LENGTH = 16
_PADDED_LENGTH = BODY_LENGTH - _HEADER_LENGTH - KEM.MLKEM768_X25519.enc_length() - _TAG_LENGTH
CONTENT_LIMIT = _PADDED_LENGTH - PREFIX_LENGTH
"""Bytes of canonical JSON that fit into a body."""


@dataclass(frozen=True, slots=True)
class Header:
    """The readable part of a body."""

    key_id: bytes
    withdrawal_hash: bytes


def seal(content: bytes, key: PublicKeyFile, report_id: bytes, withdrawal_hash: bytes) -> bytes:
    """Seal content (at most CONTENT_LIMIT bytes) into a body. Raises TooLargeError."""
    padded = pad(content, _PADDED_LENGTH)
    if len(report_id) != ID_LENGTH or len(withdrawal_hash) != _HASH_LENGTH:
        raise ValueError("a report id has 16 bytes and a withdrawal hash 32")
    header = Header(key.key_id, withdrawal_hash)
    sealed = sealing_suite().encrypt(
        padded,
        sealing_public_key(key.public),
        _binding(key.tenant, header, report_id),
    )
    return _MAGIC + header.key_id + header.withdrawal_hash + sealed


def read_header(body: bytes) -> Header:
    """The readable part. Raises MalformedError for a wrong size or an unknown version."""
    if len(body) != BODY_LENGTH:
        raise MalformedError(f"a body has {BODY_LENGTH} bytes, not {len(body)}")
    if not body.startswith(_MAGIC):
        raise MalformedError("a body of an unknown version")
    middle = len(_MAGIC) + KEY_ID_LENGTH
    return Header(body[len(_MAGIC) : middle], body[middle:_HEADER_LENGTH])


def unseal(body: bytes, key: SealingKey, public: PublicKeyFile, report_id: bytes) -> bytes:
    """The content of a body.

    Raises MalformedError for a body that is none, ForgedError if it was not sealed to this
    key, under this id, for this tenant.
    """
    header = read_header(body)
    if header.key_id != public.key_id:
        raise ForgedError("sealed to another key")
    # Outside the try: a damaged private key is a fault of ours, not a forgery.
    private = key.private()
    binding = _binding(public.tenant, header, report_id)
    try:
        padded = sealing_suite().decrypt(body[_HEADER_LENGTH:], private, binding)
    except (InvalidTag, ValueError) as error:
        raise ForgedError("the seal does not open") from error
    return unpad(padded)


def _binding(tenant: str, header: Header, report_id: bytes) -> bytes:
    return canonical.framed(
        MEDIA_TYPE.encode("ascii"),
        tenant.encode("ascii"),
        b"report",
        header.key_id,
        report_id,
        header.withdrawal_hash,
    )
