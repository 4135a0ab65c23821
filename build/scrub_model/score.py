"""How well a text was scrubbed: what a narrative's marks say of the characters that were masked.

Pure functions. Whoever scrubbed is judged by characters alone: the label does not count.
"""

import math
import random
import re
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass

from marks import Narrative

_NUMBERS = {"BADGE", "UNIT", "CASE", "PLATE", "VIN", "PHONE", "ID"}
DIRECT = frozenset({"NAME", "ADDRESS", "GEO", "EMAIL", "HANDLE", "URL", *_NUMBERS})
QUASI = frozenset({"PLACE", "AGENCY", "DATE", "TIME"})
_WORD = re.compile(r"\w+")
_Z = 1.959964  # the normal distribution's .975 quantile: 95 % intervals
_RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Mark:
    """An identifier as the writer marked it. masked: whether nothing of it is left."""

    kind: str
    text: str
    masked: bool


@dataclass(frozen=True, slots=True)
class LookAlike:
    """What must be left alone. masked: whether anything of it went.

    is_name: whether the census knows it as somebody's name.
    """

    text: str
    is_name: bool
    masked: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A scrubbed narrative, judged.

    masked_words: words with a masked character; right_words: those of them in a mark, wrong:
    the others themselves.
    """

    name: str
    marks: tuple[Mark, ...]
    look_alikes: tuple[LookAlike, ...]
    masked_words: int
    right_words: int
    wrong: tuple[str, ...]

    @property
    def leaks(self) -> bool:
        """Whether a direct identifier is left, in whole or in part."""
        return any(not mark.masked for mark in self.marks if mark.kind in DIRECT)


@dataclass(frozen=True, slots=True)
class Share:
    """hits of total, with a 95 % interval, all from 0 to 1; of nothing it is anywhere."""

    hits: int
    total: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share; not a number if there was nothing to count."""
        return self.hits / self.total if self.total else math.nan


@dataclass(frozen=True, slots=True)
class Score:
    """All shares of a set. look_alikes, look_names, look_others: those wrongly masked."""

    narratives: int
    direct: Share
    quasi: Share
    leak_free: Share
    precision: Share
    look_alikes: Share
    look_names: Share
    look_others: Share
    kinds: Mapping[str, Share]


def judge(narrative: Narrative, masked: Set[int], names: Collection[str]) -> Judged:
    """Compare a narrative's marks with the positions of its text that were masked.

    masked: positions in `narrative.text`. names: lower-case words that are somebody's name.
    """
    marks: list[Mark] = []
    looks: list[LookAlike] = []
    inside: set[int] = set()
    start = 0
    for part in narrative.parts:
        end = start + len(part.text)
        held = [at for at in range(start, end) if part.text[at - start].isalnum()]
        if part.look_alike:
            gone = any(at in masked for at in held)
            looks.append(LookAlike(part.text, is_name(part.text, names), gone))
        elif part.kind:
            marks.append(Mark(part.kind, part.text, all(at in masked for at in held)))
            inside.update(range(start, end))
        start = end
    words = find_masked_words(narrative.text, masked)
    wrong = tuple(
        narrative.text[first:last]
        for first, last in words
        if not any(at in inside and at in masked for at in range(first, last))
    )
    right = len(words) - len(wrong)
    return Judged(narrative.name, tuple(marks), tuple(looks), len(words), right, wrong)


def find_masked_words(text: str, masked: Set[int]) -> list[tuple[int, int]]:
    r"""Start and end of each word (a run of \w) that has a masked character."""
    return [
        match.span()
        for match in _WORD.finditer(text)
        if any(at in masked for at in range(*match.span()))
    ]


def count_words(text: str) -> int:
    r"""How many words (runs of \w) a text has."""
    return sum(1 for _ in _WORD.finditer(text))


def is_name(text: str, names: Collection[str]) -> bool:
    """Whether a look-alike is one word of letters that is somebody's name as well."""
    return text.isalpha() and text.lower() in names


def sum_up(judged: Sequence[Judged], random_: random.Random) -> Score:
    """The shares over all narratives. A narrative without direct identifiers leaks none.

    random_: draws the narratives of the bootstrap.
    """
    marks = [mark for each in judged for mark in each.marks]
    looks = [look for each in judged for look in each.look_alikes]
    seen = {mark.kind for mark in marks}
    kinds = [kind for kind in (*sorted(DIRECT), *sorted(QUASI)) if kind in seen]
    words = [(each.right_words, each.masked_words) for each in judged]
    return Score(
        narratives=len(judged),
        direct=measure([mark.masked for mark in marks if mark.kind in DIRECT]),
        quasi=measure([mark.masked for mark in marks if mark.kind in QUASI]),
        leak_free=measure([not each.leaks for each in judged]),
        precision=measure_ratio(words, random_),
        look_alikes=measure([look.masked for look in looks]),
        look_names=measure([look.masked for look in looks if look.is_name]),
        look_others=measure([look.masked for look in looks if not look.is_name]),
        kinds={
            kind: measure([mark.masked for mark in marks if mark.kind == kind]) for kind in kinds
        },
    )


def measure(outcomes: Sequence[bool]) -> Share:
    """How many are true, with Wilson's interval."""
    hits, total = sum(outcomes), len(outcomes)
    return Share(hits, total, *wilson(hits, total))


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % score interval of a proportion (Wilson 1927); all of 0 to 1 for none."""
    if not total:
        return 0.0, 1.0
    share, weight = hits / total, _Z * _Z / total
    middle = share + weight / 2
    spread = _Z * math.sqrt(share * (1 - share) / total + weight / total / 4)
    low, high = ((middle + sign * spread) / (1 + weight) for sign in (-1, 1))
    return max(0.0, min(low, share)), min(1.0, max(high, share))


def measure_ratio(counts: Sequence[tuple[int, int]], random_: random.Random) -> Share:
    """Sum of the first by sum of the second, with a bootstrap interval over the pairs.

    A pair is a narrative: words of one narrative go wrong together, so each is drawn whole.
    """
    hits, total = sum(pair[0] for pair in counts), sum(pair[1] for pair in counts)
    if not total:
        return Share(hits, total, 0.0, 1.0)
    drawn = (random_.choices(counts, k=len(counts)) for _ in range(_RESAMPLES))
    ratios = sorted(_divide(each) for each in drawn)
    return Share(hits, total, ratios[_RESAMPLES // 40], ratios[-_RESAMPLES // 40 - 1])


def _divide(counts: Sequence[tuple[int, int]]) -> float:
    total = sum(pair[1] for pair in counts)
    return sum(pair[0] for pair in counts) / total if total else 1.0
