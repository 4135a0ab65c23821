"""The text as words, with what stands between them and what is known of each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sync.scrub.lexicon import Knows, Lexicon, Phrases

# One run of letters and digits; an inner apostrophe belongs to it (O'Brien, don't).
_RUN = re.compile(r"[^\W_]+(?:'[^\W\d_]+){0,2}")
_SENTENCE_END = re.compile(r"[.!?:;\n\r\"*|>\u2022\t]")
_CAPS_SHARE = 0.6
_GLUE_LENGTH = 6
_SHORT_WORDS = frozenset({"st", "mt", "ft", "instr", "no", "approx", "vs"})


class Token(NamedTuple):
    """A word or number.

    low: lower case without a possessive 's. start, end: without the possessive.
    glue: what stands between the token before and this one (cut at six characters).
    shape: "low", "Cap" (also McCoy), "ALL" capitals, "I" one capital, "num", or "mix".
    flags: of `Knows`. first: whether it begins a sentence. trusted: whether a capital letter
    says anything here, which it does not in a line of capitals. owns: whether a possessive 's
    follows.
    """

    text: str
    low: str
    start: int
    end: int
    glue: str
    shape: str
    flags: int
    first: bool
    trusted: bool
    owns: bool

    def has(self, flag: int) -> bool:
        """Whether any of these flags is set."""
        return bool(self.flags & flag)

    @property
    def is_near(self) -> bool:
        """Whether only blanks stand before it (a line break may be among them, once)."""
        return bool(self.glue) and self.glue.isspace() and self.glue.count("\n") <= 1

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.shape in {"Cap", "ALL", "I"}


@dataclass(frozen=True, slots=True)
class Words:
    """The matching text and its tokens in order; `lower_case` if the text has no capitals.

    small: the words that it writes without a capital somewhere.
    """

    text: str
    tokens: Sequence[Token]
    lower_case: bool
    small: frozenset[str]

    def find_phrases(self, phrases: Phrases) -> list[tuple[int, int, bool]]:
        """[first, last] token numbers of the longest phrase at each place, and its star."""
        found: list[tuple[int, int, bool]] = []
        free = 0
        for index, token in enumerate(self.tokens):
            if index < free or (token.low not in phrases and not token.owns):
                continue
            longest = self._find_longest(index, phrases)
            if longest is not None:
                free = index + longest[0]
                found.append((index, free - 1, longest[1]))
        return found

    def _find_longest(self, index: int, phrases: Phrases) -> tuple[int, bool] | None:
        """The number of words of the longest phrase that begins at `index`, and its star."""
        token = self.tokens[index]
        for first in (f"{token.low}'s", token.low) if token.owns else (token.low,):
            for length, alike in phrases.get(first, {}).items():
                bare = tuple(each.low for each in self.tokens[index : index + length])
                for phrase, star in alike.get(bare, ()):
                    if self._fits(index, phrase):
                        return length, star
        return None

    def _is_word(self, token: Token, word: str) -> bool:
        if token.low == word:
            return True
        return token.owns and f"{token.low}'s" == word

    def _fits(self, index: int, phrase: tuple[str, ...]) -> bool:
        tokens = self.tokens[index : index + len(phrase)]
        return len(tokens) == len(phrase) and all(
            self._is_word(token, word) and (not place or _is_phrase_glue(token.glue))
            for place, (token, word) in enumerate(zip(tokens, phrase, strict=True))
        )


def _is_phrase_glue(glue: str) -> bool:
    return len(glue) <= 3 and "\n\n" not in glue and not glue.strip(" \n.-&/'_")


def _shape_of(text: str) -> str:
    if text.isalpha() or "'" in text:
        if not text[0].isupper():
            return "low"
        if len(text) == 1:
            return "I"
        return "ALL" if text.isupper() else "Cap"
    return "num" if text.isdigit() else "mix"


def _is_caps_line(line: str) -> bool:
    words = [word for word in line.split() if len(word) > 1 and word.strip(".,:;'\"()").isalpha()]
    capitals = sum(word.isupper() for word in words)
    return len(words) >= 3 and capitals >= _CAPS_SHARE * len(words)


def cut_words(text: str, lexicon: Lexicon) -> Words:
    """Cut the matching text into tokens."""
    caps_ends: list[tuple[int, bool]] = []
    position = 0
    for line in text.splitlines(keepends=True):
        position += len(line)
        caps_ends.append((position, _is_caps_line(line)))
    tokens: list[Token] = []
    seen: dict[str, int] = {}
    at_line, before, last_text = 0, 0, ""
    for match in _RUN.finditer(text):
        start, end = match.span()
        while at_line < len(caps_ends) - 1 and start >= caps_ends[at_line][0]:
            at_line += 1
        word = match.group()
        whole_end = end
        if word[-2:] in {"'s", "'S"} and len(word) > 2:
            word, end = word[:-2], end - 2
        low = word.lower()
        if low not in seen:
            seen[low] = lexicon.look_up(low) | (
                lexicon.look_up(low.replace("'", "")) & (Knows.FIRST | Knows.LAST)
                if "'" in low
                else 0
            )
        glue = text[before : min(start, before + _GLUE_LENGTH)]
        first = not tokens or _starts_sentence(glue, last_text, tokens)
        shape = _shape_of(word)
        trusted = not caps_ends[at_line][1]
        tokens.append(
            Token(word, low, start, end, glue, shape, seen[low], first, trusted, end < whole_end)
        )
        before, last_text = whole_end, word
    small = frozenset(token.low for token in tokens if token.shape == "low")
    return Words(text, tokens, _is_lower_case(tokens), small)


def _starts_sentence(glue: str, last_text: str, tokens: Sequence[Token]) -> bool:
    if not _SENTENCE_END.search(glue):
        return False
    last = tokens[-1]
    if last_text == "I" and len(tokens) > 1 and tokens[-2].low in {"and", "than", "or"}:
        return True
    initial = len(last_text) == 1 and last_text.isalpha()
    abbreviates = initial or last.has(Knows.SHORT_TITLE) or last.low in _SHORT_WORDS
    return not (abbreviates and glue.strip() == "." and "\n" not in glue)


def _is_lower_case(tokens: Sequence[Token]) -> bool:
    words = [token for token in tokens if token.shape in {"low", "Cap", "ALL", "I"}]
    capitals = sum(token.is_capital and token.low != "i" for token in words)
    return capitals <= 0.03 * len(words)
