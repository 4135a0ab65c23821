"""The form of a replacement, "[NAME-1]" or "[DATE-2, winter]": written and read here only."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from app.domain.report import Kind
from sync.scrub.lesson_words import DETAILS

# A number is never written with a 0 in front; what is longer would rather be a case number.
_FORM = re.compile(
    rf"\[({'|'.join(Kind)})-([1-9][0-9]{{0,4}})(?:, ([a-z'\u2019 ]{{2,40}}))?\]", re.ASCII
)


class Replaced(NamedTuple):
    """A replacement in a text: its place [start, end), what it says."""

    start: int
    end: int
    kind: Kind
    number: int
    detail: str


def write_replacement(kind: Kind, number: int, detail: str = "") -> str:
    """The words that stand in the place of an identifier.

    detail: one of the kind's `DETAILS`, or nothing. Raises ValueError for any other.
    """
    if not detail:
        return f"[{kind}-{number}]"
    if detail not in DETAILS.get(kind, ()):
        raise ValueError("a replacement holds words of the closed list only")
    return f"[{kind}-{number}, {detail}]"


def find_replacements(text: str) -> Iterator[Replaced]:
    """Every replacement that an earlier scrub has put into the text, in order."""
    for match in _FORM.finditer(text):
        read = _read(match)
        if read is not None:
            yield read


def read_replacement(text: str) -> Replaced | None:
    """What the text says if it is one replacement and nothing else."""
    match = _FORM.fullmatch(text)
    return _read(match) if match else None


def _read(match: re.Match[str]) -> Replaced | None:
    kind, detail = Kind(match[1]), (match[3] or "").replace("\u2019", "'")
    if detail and detail not in DETAILS.get(kind, ()):
        return None
    return Replaced(match.start(), match.end(), kind, int(match[2]), detail)
