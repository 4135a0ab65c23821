"""What the model is told of each word besides its letters: how it is written, who knows it.

The base model reads lower case only. Without these it could not tell "Young" from "young", and
it would know no surname that is rarer than those in its own pieces.
"""

from collections.abc import Sequence

from sync.scrub.lexicon import Knows, Lexicon
from sync.scrub.tokens import Token, Words

_SHAPES = ("low", "Cap", "ALL", "I", "num", "mix")
_FLAGS = (
    Knows.FIRST,
    Knows.LAST,
    Knows.NAME_WORD,
    Knows.WORD,
    Knows.VETO,
    Knows.TITLE,
    Knows.SHORT_TITLE,
    Knows.ROLE,
    Knows.STREET,
    Knows.STATE,
)
_ORDER = (
    *_SHAPES,
    "punctuation",
    "special",
    "first",
    "trusted",
    "lower_case",
    "new_line",
    "owns",
    "small",
    "census_common",
    "census_rare",
    "census_first",
    "city",
    "digits_1",
    "digits_2",
    "digits_3",
    "digits_4",
    "digits_5",
    "digits_6",
)
_BIT = {name: 1 << place for place, name in enumerate(_ORDER)}
_FLAG_BITS = tuple((flag, 1 << (len(_ORDER) + place)) for place, flag in enumerate(_FLAGS))

FEATURES = len(_ORDER) + len(_FLAGS)
SPECIAL = _BIT["special"]


def describe_punctuation(before: str) -> int:
    """The features of a sign; `before` is the text between it and the word before."""
    return _BIT["punctuation"] | (_BIT["new_line"] if "\n" in before else 0)


def describe_words(words: Words, lexicon: Lexicon) -> Sequence[int]:
    """For each token its features as bits; bit k is column k of the model's second input."""
    lower_case = _BIT["lower_case"] if words.lower_case else 0
    return [
        lower_case | (_BIT["small"] if token.low in words.small else 0) | _describe(token, lexicon)
        for token in words.tokens
    ]


def _describe(token: Token, lexicon: Lexicon) -> int:
    bits = _BIT[token.shape]
    if token.first:
        bits |= _BIT["first"]
    if token.trusted:
        bits |= _BIT["trusted"]
    if token.owns:
        bits |= _BIT["owns"]
    if "\n" in token.glue:
        bits |= _BIT["new_line"]
    if token.shape in {"num", "mix"}:
        digits = sum(char.isdigit() for char in token.low)
        return bits | (_BIT[f"digits_{min(digits, 6)}"] if digits else 0)
    census = lexicon.census
    if token.low in census.surnames:
        bits |= _BIT["census_common"]
    elif token.low in census.rare_surnames:
        bits |= _BIT["census_rare"]
    if token.low in census.first_names:
        bits |= _BIT["census_first"]
    if token.low in lexicon.cities:
        bits |= _BIT["city"]
    for flag, bit in _FLAG_BITS:
        if token.flags & flag:
            bits |= bit
    return bits
