"""WordPiece, the way BERT's uncased vocabulary cuts words.

Our own, because the `tokenizers` library brings an HTTP client with it; the tests hold it to
that library. The text it is given is already plain and lower case (`normalise`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.errors import DamagedError

CLS, SEP, UNKNOWN, GAP_PIECE = "[CLS]", "[SEP]", "[UNK]", "[MASK]"
_LONGEST_WORD = 100


@dataclass(frozen=True, slots=True, repr=False)
class WordPiece:
    """Cuts one word at a time, and keeps none. ids: each piece's number."""

    ids: Mapping[str, int]

    @classmethod
    def from_bytes(cls, vocabulary: bytes) -> "WordPiece":
        """Read the vocabulary: one piece a line, its number is its line.

        Raises DamagedError if it lacks the pieces that every text needs.
        """
        ids = {piece: at for at, piece in enumerate(vocabulary.decode("utf-8").splitlines())}
        if not {CLS, SEP, UNKNOWN, GAP_PIECE} <= ids.keys():
            raise DamagedError(
                "The list of word pieces is damaged.",
                "Texts cannot be checked for identifiers without it.",
                "Install the program again.",
            )
        return cls(ids)

    def cut(self, word: str) -> Sequence[int]:
        """The numbers of the pieces of a lower-case word without blanks or punctuation."""
        unknown = (self.ids[UNKNOWN],)
        if len(word) > _LONGEST_WORD:
            return unknown
        pieces: list[int] = []
        start = 0
        while start < len(word):
            end = len(word)
            while end > start:
                piece = word[start:end] if start == 0 else f"##{word[start:end]}"
                if piece in self.ids:
                    pieces.append(self.ids[piece])
                    break
                end -= 1
            else:
                return unknown
            start = end
        return pieces
