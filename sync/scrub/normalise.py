"""A plainer copy of the text, for matching only, with the way back to the original.

Accents fall away, look-alike letters of other alphabets become Latin, all quotes, dashes and
blanks become one kind, invisible characters vanish. Nothing here changes what a person sees.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.domain.report import Span
from sync.scrub.replaced import find_replacements

# Stands for a part that is already replaced. Private use, so no rule can match it.
GAP = "\ue000"

_SAME_LOOK = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХаеѕіјорсухԁӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧοια‘’‚‛′`´“”„‟″«»‐‑‒–—―−⁃⁄∕",  # noqa: RUF001
        "ABESIJKMHOPCTYXaesijopcyxdlABEZHIKMNOPTYXoia'''''''\"\"\"\"\"\"\"--------//",
        strict=True,
    )
)


@dataclass(frozen=True, slots=True, repr=False)
class Plain:
    """A text for matching.

    text: what the rules look at.
    starts, ends: for each of its characters the code points [start, end) of the original.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """The span in the original of the matched characters [start, end)."""
        return Span(self.starts[start], self.ends[end - 1])


@lru_cache(maxsize=4096)
def _plain_char(char: str) -> str:
    if char in _SAME_LOOK:
        return _SAME_LOOK[char]
    category = unicodedata.category(char)
    if category in {"Mn", "Me", "Cf", "Cs"} or char == GAP:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Zs":
        return " "
    if category in {"Zl", "Zp"} or char == "\x85":
        return "\n"
    parts = []
    for each in unicodedata.normalize("NFKC", char):
        whole = unicodedata.normalize("NFD", each)
        bare = whole[0] if all(unicodedata.combining(mark) for mark in whole[1:]) else each
        parts.append(_SAME_LOOK.get(bare, bare))
    return "".join(parts)


def make_plain(text: str) -> Plain:
    """The text for matching; replacements of an earlier scrub become a single gap."""
    replaced = {each.start: each.end for each in find_replacements(text)}
    if text.isascii() and not replaced:
        return Plain(text, range(len(text)), range(1, len(text) + 1))
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    index = 0
    while index < len(text):
        char = text[index]
        after = replaced.get(index, index + 1)
        plain = GAP if index in replaced else char if char.isascii() else _plain_char(char)
        if not plain and ends and unicodedata.category(char) in {"Mn", "Me"}:
            ends[-1] = after
        parts.append(plain)
        starts += [index] * len(plain)
        ends += [after] * len(plain)
        index = after
    return Plain("".join(parts), starts, ends)


def cut_out(plain: Plain, ranges: Sequence[tuple[int, int]]) -> Plain:
    """The same text with each of the sorted, separate [start, end) turned into one gap.

    A second look at it sees what a second scrub of the scrubbed text would see.
    """
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for start, end in (*ranges, (len(plain.text), len(plain.text))):
        parts.append(plain.text[position:start])
        starts += plain.starts[position:start]
        ends += plain.ends[position:start]
        if end > start:
            parts.append(GAP)
            starts.append(plain.starts[start])
            ends.append(plain.ends[end - 1])
        position = end
    return Plain("".join(parts), starts, ends)
