"""From words to what the model reads: pieces with features, in windows of bounded length."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sync.scrub.lexicon import Lexicon
from sync.scrub.model.features import (
    FEATURES,
    SPECIAL,
    describe_punctuation,
    describe_words,
)
from sync.scrub.model.wordpiece import CLS, GAP_PIECE, SEP, UNKNOWN, WordPiece
from sync.scrub.normalise import GAP
from sync.scrub.tokens import Words

# Pieces in one window, its two ends included. Attention beyond a few sentences adds nothing.
WINDOW = 128
_MOST_SIGNS = 4
_MOST_PIECES = 24
_SHIFTS = np.arange(FEATURES, dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a word, or a sign between words.

    token: the number of its word, or -1 for a sign. at: where in the text a sign stands.
    """

    id: int
    bits: int
    token: int
    at: int


@dataclass(frozen=True, slots=True, repr=False)
class Window:
    """What the model reads at once.

    ids: int64, shape [n]. features: float32, shape [n, FEATURES]. pieces: the n - 2 between its
    ends.
    """

    ids: NDArray[np.int64]
    features: NDArray[np.float32]
    pieces: Sequence[Piece]


def encode(words: Words, lexicon: Lexicon, wordpiece: WordPiece) -> Iterator[Window]:
    """The windows of a text, in order. A window ends at the end of a sentence where it can."""
    ends = wordpiece.ids[CLS], wordpiece.ids[SEP]
    window: list[Piece] = []
    for unit in _join_sentences(words, _cut_pieces(words, lexicon, wordpiece)):
        if window and len(window) + len(unit) > WINDOW - 2:
            yield _close(window, ends)
            window = []
        window += unit
    if window:
        yield _close(window, ends)


def _close(window: Sequence[Piece], ends: tuple[int, int]) -> Window:
    ids = np.array([ends[0], *(each.id for each in window), ends[1]], dtype=np.int64)
    bits = np.array([SPECIAL, *(each.bits for each in window), SPECIAL], dtype=np.uint64)
    features = ((bits[:, None] >> _SHIFTS) & np.uint64(1)).astype(np.float32)
    return Window(ids, features, window)


def _cut_pieces(words: Words, lexicon: Lexicon, wordpiece: WordPiece) -> Iterator[list[Piece]]:
    """For each token the signs before it and its own pieces; the last list is what follows."""
    described = describe_words(words, lexicon)
    cuts: dict[str, Sequence[int]] = {}
    before = 0
    for number, token in enumerate(words.tokens):
        unit = list(_cut_signs(words.text, before, token.start, wordpiece))
        pieces = cuts.get(token.low)
        if pieces is None:
            parts = token.low.split("'")
            pieces = [piece for part in parts if part for piece in wordpiece.cut(part)]
            cuts[token.low] = pieces
        unit += [Piece(each, described[number], number, token.start) for each in pieces]
        yield unit[: _MOST_SIGNS + _MOST_PIECES]
        before = token.end
    yield list(_cut_signs(words.text, before, len(words.text), wordpiece))


def _cut_signs(text: str, start: int, end: int, wordpiece: WordPiece) -> Iterator[Piece]:
    """The first signs between two words; a possessive 's is one of them."""
    found = 0
    for at in range(start, min(end, start + 40)):
        char = text[at]
        if char.isspace() or found == _MOST_SIGNS:
            continue
        found += 1
        sign = GAP_PIECE if char == GAP else char.lower()
        number = wordpiece.ids.get(sign, wordpiece.ids[UNKNOWN])
        yield Piece(number, describe_punctuation(text[start:at]), -1, at)


def _join_sentences(words: Words, units: Iterator[list[Piece]]) -> Iterator[list[Piece]]:
    """Sentences as lists of pieces, none longer than a window."""
    sentence: list[Piece] = []
    for number, unit in enumerate(units):
        begins = number < len(words.tokens) and words.tokens[number].first
        if sentence and (begins or len(sentence) + len(unit) > WINDOW - 2):
            yield sentence
            sentence = []
        sentence = sentence + unit if sentence else unit
    if sentence:
        yield sentence
