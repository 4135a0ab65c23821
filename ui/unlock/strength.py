"""How hard a passphrase is to guess, in words. A hint for the person, not a gate. Without Qt."""

import itertools
import math
import string
from typing import NamedTuple

from ui.cli.passphrase import SHORTEST

_FAIR_BITS, _STRONG_BITS = 45, 65
_WORD_BITS = 11  # of a word that a person picks, much less than of one that is drawn
_WORDS_COUNTED = 4
_COMMON = frozenset({"password", "passphrase", "12345678", "qwertyui", "letmein1", "policeman"})
_GROUPS = (string.ascii_lowercase, string.ascii_uppercase, string.digits, string.punctuation)


class Strength(NamedTuple):
    """words: what to tell. is_allowed: whether it has the least length."""

    words: str
    is_allowed: bool


def judge_passphrase(passphrase: str) -> Strength:
    """A rough guess from length and variety; repeated letters do not count."""
    if not passphrase:
        return Strength(f"At least {SHORTEST} characters.", False)
    missing = SHORTEST - len(passphrase)
    if missing > 0:
        return Strength(f"Too short: {missing} more characters are needed.", False)
    bits = _guess_bits(passphrase)
    if bits < _FAIR_BITS:
        return Strength("Weak: it would be guessed soon. Add a word or two.", True)
    if bits < _STRONG_BITS:
        return Strength("Fair: one more word makes it strong.", True)
    return Strength("Strong.", True)


def _guess_bits(passphrase: str) -> float:
    if passphrase.casefold() in _COMMON:
        return 0
    words = passphrase.replace("-", " ").split()
    if len(words) >= _WORDS_COUNTED and all(word.isalpha() for word in words):
        return _WORD_BITS * len({word.casefold() for word in words}) + 2 * len(words)
    alphabet = sum(len(group) for group in _GROUPS if set(group) & set(passphrase)) or 60
    # A letter that follows itself or its neighbour ("aaaa", "1234") adds next to nothing.
    steps = [abs(ord(b) - ord(a)) for a, b in itertools.pairwise(passphrase)]
    surprising = 1 + sum(step > 1 for step in steps)
    return min(surprising, 2 * len(set(passphrase))) * math.log2(alphabet) * 0.75
