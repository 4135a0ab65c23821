"""Whether a text is in English, for which alone the rules and the model are proved.

Sentence by sentence: the share of small words of English against those of each other language.
"""

import re
from collections.abc import Iterator, Sequence

from sync.scrub.language_words import ENGLISH, FOREIGN, PARTICLES

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_END = re.compile(r"[.!?;:\n\r\u2026\u3002\uff01\uff1f]+")
# Past Latin, its extensions and the marks of Vietnamese.
_OTHER_ALPHABET = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")
_LETTER = re.compile(r"[^\W\d_]")
_FEWEST_WORDS = 8
_PIECE = 7
_LONGEST_PIECE = 60
_SHARE_OF_WORDS = 0.22
_FEWEST_TELLING = 2
_MOST_FOREIGN = 1 / 3
# A language that has no list here: hardly a small word of English in a text of this length. The
# barest log among 4,700 real and invented reports has .14.
_ENOUGH_WORDS = 25
_LEAST_ENGLISH = 0.06

_TELLING = {
    word: tuple(name for name, words in FOREIGN.items() if word in words)
    for word in frozenset().union(*FOREIGN.values())
}


def is_english(text: str) -> bool:
    """Whether no more than about a third of it is in another language.

    text: without accents, as `make_plain` gives it. In a text of fewer than eight words two
    telling words of a language decide; with fewer it is taken as English unless it is written in
    another alphabet.
    """
    if _is_other_alphabet(text):
        return False
    pieces = list(_cut_pieces(text))
    count = sum(map(len, pieces))
    if count < _FEWEST_WORDS:
        return not any(map(_is_foreign, pieces))
    words = [word for piece in pieces for word in piece if len(word) > 1]
    if len(words) >= _ENOUGH_WORDS and _count_english(words) < _LEAST_ENGLISH * len(words):
        return False
    foreign = sum(len(piece) for piece in pieces if _is_foreign(piece))
    return foreign <= _MOST_FOREIGN * count


def _is_other_alphabet(text: str) -> bool:
    """Whether more than a third of the letters are not Latin.

    Look-alikes have become Latin letters before, so the share that is left is too low.
    """
    others = len(_OTHER_ALPHABET.findall(text))
    return others > 1 and 3 * others > len(_LETTER.findall(text))


def _cut_pieces(text: str) -> Iterator[Sequence[str]]:
    """The words of each sentence or line; short ones are joined to the next, long ones cut."""
    piece: list[str] = []
    for sentence in _END.split(text):
        words = [match.group().lower() for match in _WORD.finditer(sentence)]
        if piece and len(piece) + len(words) > _LONGEST_PIECE:
            yield piece
            piece = []
        if len(words) > _LONGEST_PIECE:
            for start in range(0, len(words), _LONGEST_PIECE):
                yield words[start : start + _LONGEST_PIECE]
            continue
        piece += words
        if len(piece) >= _PIECE:
            yield piece
            piece = []
    if piece:
        yield piece


def _is_foreign(words: Sequence[str]) -> bool:
    weights: dict[str, float] = {}
    telling: dict[str, set[str]] = {}
    others = 0
    for word in words:
        others += _OTHER_ALPHABET.search(word) is not None
        for name in _TELLING.get(word, ()):
            if word in PARTICLES:
                weights[name] = weights.get(name, 0) + 0.5
            else:
                weights[name] = weights.get(name, 0) + 1
                telling.setdefault(name, set()).add(word)
    if 2 * others > len(words):
        return True
    english = _count_english(words)
    return any(
        len(told) >= _FEWEST_TELLING
        and weights[name] >= _SHARE_OF_WORDS * len(words)
        and weights[name] > english
        for name, told in telling.items()
    )


def _count_english(words: Sequence[str]) -> int:
    return sum(word in ENGLISH for word in words)
