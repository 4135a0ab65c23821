"""Which words of a text are in no list, and what may have been meant.

Pure functions over text: no dictionary is read here, and no word that stands in a list of names
or is written like one is ever an error.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from app.domain.report import Span

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_LONGEST = 40  # whatever is longer is no word of a language
_SHORT_CAPITALS = 5  # SWAT, EMS: up to here capitals are taken for a short form
_ENDS = frozenset(".!?:\n")
_CLOSING = " \t\"'\u201d\u2019)*-\u2022"
_LETTERS = "abcdefghijklmnopqrstuvwxyz'"
# Beside one of these a word is part of a number, an address, a replacement such as [NAME-1].
_STICKY = frozenset("@/\\_[]#&")
MOST_SUGGESTIONS = 5


@dataclass(frozen=True, slots=True)
class Speller:
    """words, jargon: known in any case, kept in lower case; words are suggested, jargon is not,
    since its list holds what others have mistyped. names: known with a capital first letter,
    kept in lower case. usual: words that are suggested first.
    """

    words: frozenset[str] = field(repr=False)
    jargon: frozenset[str] = field(repr=False)
    names: frozenset[str] = field(repr=False)
    usual: frozenset[str] = field(repr=False)

    def faults(self, text: str, learned: Collection[str] = ()) -> tuple[Span, ...]:
        """Where words stand that nobody knows, in the order of the text."""
        found = []
        for match in _WORD.finditer(text):
            start, end = match.span()
            if _is_part_of_more(text, start, end):
                continue
            word = _plain(match[0])
            is_first = _begins_sentence(text, start)
            if not self._is_known(word, is_first=is_first) and word.casefold() not in learned:
                found.append(Span(start, end))
        return tuple(found)

    def suggest(self, word: str) -> tuple[str, ...]:
        """What may have been meant, the likeliest first, written with its capital."""
        plain = _plain(word).casefold()
        near = {each for each in _one_step_from(plain) if each in self.words}
        if not near:
            near = {each for each in self.words if _is_two_steps_from(plain, each)}
        ranked = sorted(near, key=lambda each: self._rank(plain, each))[:MOST_SUGGESTIONS]
        if word.isupper() and len(word) > 1:
            return tuple(each.upper() for each in ranked)
        is_capital = word[:1].isupper()
        return tuple(each[:1].upper() + each[1:] if is_capital else each for each in ranked)

    def _rank(self, typed: str, word: str) -> tuple[bool, bool, bool, int, str]:
        return (
            word[:1] != typed[:1],
            word not in self.usual,
            sorted(word) != sorted(typed),
            abs(len(word) - len(typed)),
            word,
        )

    def _is_known(self, word: str, *, is_first: bool) -> bool:
        lower = word.casefold()
        if len(word) == 1 or len(word) > _LONGEST or self._is_word(lower):
            return True
        if word.isupper() and len(word) <= _SHORT_CAPITALS:
            return True
        # In the middle of a sentence a capital says that it is a name, and names are not spelt.
        is_capital = word[0].isupper() and not word.isupper()
        return is_capital and (not is_first or lower.removesuffix("'s") in self.names)

    def _is_word(self, lower: str) -> bool:
        bare = lower.removesuffix("'s").removesuffix("'")
        return any(each in known for each in (lower, bare) for known in (self.words, self.jargon))


def _plain(word: str) -> str:
    return unicodedata.normalize("NFC", word).replace("\u2019", "'")


def _is_part_of_more(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 2]
    if before.isdigit() or after[:1].isdigit() or before in _STICKY or after[:1] in _STICKY:
        return bool(before or after)
    is_dotted = after[:1] == "." and after[1:].isalnum()
    return is_dotted or (before == "." and text[start - 2 : start - 1].isalnum())


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(start - 8, 0) : start].rstrip(_CLOSING)
    return not before or before[-1] in _ENDS


def _one_step_from(word: str) -> Iterator[str]:
    """Every string with a letter left out, doubled, changed, or two that changed places."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        for letter in _LETTERS:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


def _is_two_steps_from(typed: str, word: str) -> bool:
    """Whether at most two letters differ; only for words that begin alike, which is quick."""
    if word[:1] != typed[:1] or abs(len(word) - len(typed)) > 2 or len(typed) < 4:
        return False
    row = list(range(len(word) + 1))
    for number, letter in enumerate(typed, start=1):
        above, row[0] = row[0], number
        for at, other in enumerate(word, start=1):
            above, row[at] = (
                row[at],
                min(row[at] + 1, row[at - 1] + 1, above + (letter != other)),
            )
        if min(row) > 2:
            return False
    return row[-1] <= 2


def make_speller(general: str, police: Iterable[str], names: Iterable[str], usual: str) -> Speller:
    """A speller from the texts of word lists. Their signs, such as commas, only part the words."""
    words = {each.casefold() for each in general.split()}
    often = frozenset(_WORD.findall(usual.casefold()))
    jargon, capital = (
        frozenset(each.casefold() for text in texts for each in _WORD.findall(text))
        for texts in (police, names)
    )
    return Speller(frozenset(words | often), jargon, capital, often)
