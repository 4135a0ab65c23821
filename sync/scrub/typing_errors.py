"""Names with one typing error: a letter left out, added or changed, or two that changed places."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

SHORTEST_FOR_TYPING_ERRORS = 6
# No name is longer; each letter left out of a word costs as much time as the word is long.
LONGEST_FOR_TYPING_ERRORS = 40

# A name, or a name that lacks one letter → the names that it may come from.
Typos: TypeAlias = Mapping[str, tuple[str, ...]]


def index_typing_errors(names: Iterable[str]) -> Typos:
    """Every name of six to forty letters, also with each of its letters left out → the names."""
    index: dict[str, tuple[str, ...]] = {}
    for name in sorted(names):
        if SHORTEST_FOR_TYPING_ERRORS <= len(name) <= LONGEST_FOR_TYPING_ERRORS:
            for short in {name, *_without_one(name)}:
                index[short] = (*index.get(short, ()), name)
    return index


def find_near(word: str, typos: Typos, *, other: bool = False) -> str | None:
    """The name from which `word` differs by one letter left out, added, changed or swapped.

    other: only another one than `word` itself.
    """
    if len(word) > LONGEST_FOR_TYPING_ERRORS + 1:
        return None
    for short in (word, *_without_one(word)):
        for name in typos.get(short, ()):
            if name[0] == word[0] and _is_one_off(word, name) and not (other and name == word):
                return name
    return None


def _without_one(word: str) -> Iterator[str]:
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _is_one_off(word: str, name: str) -> bool:
    if abs(len(word) - len(name)) > 1:
        return False
    start = 0
    while start < min(len(word), len(name)) and word[start] == name[start]:
        start += 1
    rest, wanted = word[start:], name[start:]
    if len(rest) == len(wanted):
        swapped = rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]
        return rest[1:] == wanted[1:] or swapped
    return rest[1:] == wanted or rest == wanted[1:]
