"""Published text as it may be put on the screen: nothing in it hides, reorders or commands."""

import re

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, characters that change the order of text (UTR 36), halves of characters.
_UNFIT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_MARK = "\ufffd"
_SPACES = re.compile(r"\s+")
_FOUND = re.compile("(\x02[^\x02\x03]*\x03?)")
_BEFORE_FOUND = 28
_LONGEST_LINE = 300


def shown_text(text: str) -> str:
    """The text with what cannot be shown replaced by a visible mark. Line breaks stay."""
    return _UNFIT.sub(_MARK, _LINE_ENDS.sub("\n", text))


def shown_line(text: str, longest: int = _LONGEST_LINE) -> str:
    """The same as one line of at most so many characters."""
    line = _SPACES.sub(" ", shown_text(text[: 4 * longest])).strip()
    return line if len(line) <= longest else line[: longest - 1] + "…"


def snippet_runs(snippet: str) -> tuple[tuple[str, bool], ...]:
    """A snippet in pieces, each with whether it was found, on one line.

    snippet: found words between U+0002 and U+0003. What stands before the first of them is
    shortened, so that it can be seen in a narrow list.
    """
    runs: list[tuple[str, bool]] = []
    for piece in _FOUND.split(snippet[: 4 * _LONGEST_LINE]):
        is_found = piece.startswith("\x02")
        line = _SPACES.sub(" ", shown_text(piece.strip("\x02\x03")))
        if line:
            runs.append((line, is_found))
    if len(runs) > 1 and not runs[0][1] and len(runs[0][0]) > _BEFORE_FOUND:
        tail = runs[0][0][-_BEFORE_FOUND:]
        runs[0] = ("…" + tail.partition(" ")[2], False)
    return tuple(runs)
