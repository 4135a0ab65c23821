"""A one-time card: 24 characters that make a program an enrolled one.

Cards are handed out face down, so nobody knows who has which. The characters are those of
RFC 4648's base32, which leaves 0, 1 and 8 out: typed all the same, they are read as O, I and
B. The last two tell a mistyped card from one that was used.
"""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass

from sync.protocol import canonical
from sync.protocol.errors import MalformedError

CARD_LENGTH = 24
_SECRET_LENGTH = 22
_GROUP = 4
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_PURPOSE = b"nearmiss card v1"
_CHECK_PURPOSE = b"nearmiss card check v1"
_READ_AS = str.maketrans("018", "OIB")
# What stands between the groups: blanks and lines of any kind, hyphens and dashes.
_BETWEEN = re.compile("[\\s\u00ad\u2010-\u2015\u2212\ufeff.,_-]+")


@dataclass(frozen=True, slots=True)
class Card:
    """text: 24 characters, the first 22 by chance (110 bits), two to check them."""

    text: str

    def __repr__(self) -> str:
        return "Card(secret)"

    @classmethod
    def generate(cls) -> "Card":
        """A new card."""
        secret = "".join(secrets.choice(_ALPHABET) for _ in range(_SECRET_LENGTH))
        return cls(secret + _check_of(secret))

    @classmethod
    def from_text(cls, text: str) -> "Card":
        """Read what was typed: dashes, dots, spaces and small letters do not matter.

        Raises MalformedError if it is not a card or was mistyped.
        """
        found = _BETWEEN.sub("", text).translate(_READ_AS).upper()
        if len(found) != CARD_LENGTH or set(found) - set(_ALPHABET):
            raise MalformedError(f"a card has {CARD_LENGTH} letters and digits")
        if found[_SECRET_LENGTH:] != _check_of(found[:_SECRET_LENGTH]):
            raise MalformedError("the card's last two characters do not fit the others")
        return cls(found)

    def grouped(self) -> str:
        """As it is printed: six groups of four."""
        starts = range(0, CARD_LENGTH, _GROUP)
        return "-".join(self.text[start : start + _GROUP] for start in starts)

    def digest(self, tenant: str) -> bytes:
        """32 bytes: what the issuer keeps of it until it is used."""
        parts = _PURPOSE, tenant.encode("ascii"), self.text.encode("ascii")
        return hashlib.sha256(canonical.framed(*parts)).digest()


def _check_of(secret: str) -> str:
    digest = hashlib.sha256(canonical.framed(_CHECK_PURPOSE, secret.encode("ascii"))).digest()
    return base64.b32encode(digest).decode("ascii")[: CARD_LENGTH - _SECRET_LENGTH]
