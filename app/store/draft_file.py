"""One draft as one encrypted file under a passphrase of its own.

    file = "NEARMISS-DRAFT-1\\n" ‖ length of the key file (4 bytes) ‖ key file ‖ nonce (12) ‖ sealed

The key file is as `app.store.keys` makes it; what it locks is the key of the rest, which is
AES-256-GCM-SIV over padded JSON, bound to all that stands before it. The padding hides how long
the story is, to 16 KiB.
"""

import json
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from app.errors import DamagedError, InputError
from app.store import keys
from app.store.keys import RFC9106_SECOND, Cost

ENDING = ".nmdraft"
LARGEST_BYTES = 4 << 20
_KIND = b"NEARMISS-DRAFT-"
_MAGIC = b"NEARMISS-DRAFT-1\n"
_LABEL = "draft file"
_LENGTH_BYTES = 4
_LONGEST_KEY = 65_536
_KEY_LENGTH = 32
_NONCE_LENGTH = 12
_STEP = 16_384


class NotADraftFileError(InputError):
    """It is something else."""

    def __init__(self) -> None:
        super().__init__(
            "This file does not hold a draft.",
            "Nothing was taken in.",
            f"Choose a file that this program has written; it ends in {ENDING}.",
        )


class NewerDraftFileError(InputError):
    """A later version of the program has written it."""

    def __init__(self) -> None:
        super().__init__(
            "A later version of the program has written this file.",
            "Nothing was taken in.",
            "Install that version here, then try again.",
        )


class DamagedDraftFileError(DamagedError):
    """It is cut short or changed."""

    def __init__(self) -> None:
        super().__init__(
            "The file with the draft is damaged.",
            "Nothing was taken in.",
            "Copy it again from where it was written, or write it anew there.",
        )


class LargeDraftError(InputError):
    """Nobody has written that much."""

    def __init__(self) -> None:
        super().__init__(
            "The draft is too large for a file.",
            "Nothing was written.",
            "Shorten its longest text.",
        )


def seal_draft(content: dict[str, object], passphrase: str, cost: Cost = RFC9106_SECOND) -> bytes:
    """The file. Raises InputError for an empty passphrase, LargeDraftError."""
    raw = json.dumps(content, ensure_ascii=False).encode()
    key = secrets.token_bytes(_KEY_LENGTH)
    key_file = keys.lock_secret(key, passphrase, label=_LABEL, cost=cost)
    head = _MAGIC + len(key_file).to_bytes(_LENGTH_BYTES, "big") + key_file
    nonce = secrets.token_bytes(_NONCE_LENGTH)
    padded = raw + b" " * (-len(raw) % _STEP)
    whole = head + nonce + AESGCMSIV(key).encrypt(nonce, padded, head)
    if len(whole) > LARGEST_BYTES:
        raise LargeDraftError
    return whole


def open_draft(raw: bytes, passphrase: str) -> dict[str, object]:
    """What `seal_draft` was given; who wrote it is not known, so all of it has to be checked.

    Raises NotADraftFileError, NewerDraftFileError, DamagedDraftFileError, WrongPassphraseError,
    SurroundingsError.
    """
    if not raw.startswith(_MAGIC):
        raise NewerDraftFileError if raw.startswith(_KIND) else NotADraftFileError
    if len(raw) > LARGEST_BYTES:
        raise NotADraftFileError
    start = len(_MAGIC) + _LENGTH_BYTES
    length = int.from_bytes(raw[len(_MAGIC) : start], "big")
    key_file = raw[start : start + length] if length <= _LONGEST_KEY else b""
    end = start + length
    try:
        key = keys.open_secret(key_file, passphrase, label=_LABEL)
        nonce, sealed = raw[end : end + _NONCE_LENGTH], raw[end + _NONCE_LENGTH :]
        content = json.loads(AESGCMSIV(key).decrypt(nonce, sealed, raw[:end]))
    except (keys.DamagedKeyError, InvalidTag, ValueError, RecursionError):
        raise DamagedDraftFileError from None
    if not isinstance(content, dict):
        raise DamagedDraftFileError
    return content
