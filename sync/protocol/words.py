"""Numbers as words that a person can write down, read out and compare.

The list is the long list of the Electronic Frontier Foundation (2016): 7,776 words made to
be told apart, so that seven of them carry 90 bits.
"""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass

from sync.protocol.errors import MalformedError

LIST_SIZE = 7_776
RECEIPT_WORDS = 7
# What keyboards and word processors put in place of a comma, a space and a hyphen.
_AS_TYPED = str.maketrans(
    dict.fromkeys(",;\u3001\u200b", " ") | dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-")
)


@dataclass(frozen=True, slots=True)
class WordList:
    """The list in its own order, and where each word stands."""

    words: tuple[str, ...]
    places: dict[str, int]

    @classmethod
    def from_bytes(cls, raw: bytes) -> "WordList":
        """Read one word a line. Raises MalformedError unless there are 7,776 different words."""
        try:
            words = tuple(raw.decode("ascii").split())
        except UnicodeDecodeError as error:
            raise MalformedError("the word list is not plain text") from error
        places = {word: place for place, word in enumerate(words)}
        if len(words) != LIST_SIZE or len(places) != LIST_SIZE:
            raise MalformedError("the word list is not complete")
        return cls(words, places)

    def draw(self) -> tuple[str, ...]:
        """Seven words by chance, 90 bits: a new receipt."""
        return tuple(secrets.choice(self.words) for _ in range(RECEIPT_WORDS))

    def read(self, text: str) -> tuple[str, ...]:
        """Seven words as a person typed or pasted them, in any case, width and spacing.

        Raises MalformedError that names how many there are, or the place of the word that
        is not in the list.
        """
        plain = unicodedata.normalize("NFKC", text).casefold().translate(_AS_TYPED)
        found = tuple("".join(each for each in plain if unicodedata.category(each) != "Cf").split())
        if len(found) != RECEIPT_WORDS:
            raise MalformedError(f"a receipt has {RECEIPT_WORDS} words, not {len(found)}")
        for place, word in enumerate(found, start=1):
            if word not in self.places:
                raise MalformedError(f"word {place} is not in the list")
        return found

    def fingerprint(self, content: bytes) -> tuple[str, ...]:
        """Seven words that stand for content, for two people to compare by voice."""
        number = int.from_bytes(hashlib.sha256(content).digest(), "big")
        found = []
        for _ in range(RECEIPT_WORDS):
            number, place = divmod(number, LIST_SIZE)
            found.append(self.words[place])
        return tuple(found)
