"""Secrets of 128 bits as letters and digits that a person writes down and types again.

The characters are those of RFC 4648's base32, which leaves 0, 1 and 8 out: typed all the same,
they are read as O, I and B. The last two tell a mistyped code from one that opens nothing.
"""

import base64
import hashlib
import re
import secrets
from enum import Enum

from app.errors import InputError

SECRET_LENGTH = 16
CODE_LENGTH = 28
_SECRET_CHARACTERS = 26
_GROUP = 4
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_READ_AS = str.maketrans("018", "OIB")
# What stands between the groups: blanks and lines of any kind, hyphens and dashes.
_BETWEEN = re.compile("[\\s\u00ad\u2010-\u2015\u2212\ufeff.,_-]+")


class CodeKind(Enum):
    """What a code is for. One of the other kind is taken for a mistyped one."""

    RECOVERY = b"nearmiss recovery code v1"
    MOVE = b"nearmiss move code v1"


class MistypedCodeError(InputError):
    """It is no code of this kind, or a character of it is wrong."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"This is not the code: {text}",
            "Nothing was changed.",
            "Compare each group with what is written on the paper.",
        )


def draw_secret() -> bytes:
    """16 random bytes."""
    return secrets.token_bytes(SECRET_LENGTH)


def write_code(secret: bytes, kind: CodeKind) -> str:
    """As it is shown: seven groups of four. Raises ValueError unless it has 16 bytes."""
    if len(secret) != SECRET_LENGTH:
        raise ValueError("a code stands for 16 bytes")
    text = base64.b32encode(secret).decode("ascii").rstrip("=") + _check_of(secret, kind)
    return "-".join(text[start : start + _GROUP] for start in range(0, CODE_LENGTH, _GROUP))


def read_code(text: str, kind: CodeKind) -> bytes:
    """The 16 bytes of what was typed; dashes, dots, blanks and small letters do not matter.

    Raises MistypedCodeError.
    """
    found = _BETWEEN.sub("", text).translate(_READ_AS).upper()
    if set(found) - set(_ALPHABET):
        raise MistypedCodeError("there is a character in it that no code has.")
    if len(found) != CODE_LENGTH:
        raise MistypedCodeError(f"{len(found)} of its {CODE_LENGTH} characters are there.")
    secret = base64.b32decode(found[:_SECRET_CHARACTERS] + "======")
    # Written again: the last character of the secret has two bits that have to be zero.
    if write_code(secret, kind).replace("-", "") != found:
        raise MistypedCodeError("a character of it is wrong.")
    return secret


def _check_of(secret: bytes, kind: CodeKind) -> str:
    number = int.from_bytes(hashlib.sha256(kind.value + b"\0" + secret).digest()[:2], "big")
    return _ALPHABET[number >> 11] + _ALPHABET[(number >> 6) & 31]
