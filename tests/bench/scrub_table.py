"""The tables of `./run bench scrub`, as Markdown."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from score import DIRECT, Score, Share
from tests.bench.scrub_runs import Speed


@dataclass(frozen=True, slots=True)
class Row:
    """A measure. goal: the bound; is_most: whether it is the most or the least allowed."""

    label: str
    pick: Callable[[Score], Share]
    goal: float | None = None
    is_most: bool = False

    def misses(self, score: Score) -> bool:
        """Whether the goal is missed."""
        value = self.pick(score).value
        if self.goal is None or math.isnan(value):
            return False
        return value > self.goal if self.is_most else value < self.goal

    def describe_goal(self) -> str:
        """As it stands in the table."""
        if self.goal is None:
            return ""
        return f"{'at most' if self.is_most else 'at least'} {_number(self.goal, 2)}"


QUALITY = (
    Row("direct identifiers fully masked", lambda score: score.direct, 0.98),
    Row("quasi identifiers fully masked", lambda score: score.quasi, 0.92),
    Row("narratives with no direct leak", lambda score: score.leak_free, 0.92),
    Row("masked words that are identifiers", lambda score: score.precision, 0.90),
    Row("look-alikes wrongly masked", lambda score: score.look_alikes, 0.06, is_most=True),
    Row("- those that are names as well", lambda score: score.look_names),
    Row("- the others", lambda score: score.look_others),
)


def write_quality(scores: Mapping[str, Score]) -> list[str]:
    """What was masked, rightly and wrongly: share, 95 % interval, and of how many."""
    lines = _write_head(["", "of", *scores, "goal"])
    first = next(iter(scores.values()))
    for row in QUALITY:
        cells = [_describe(row.pick(score)) for score in scores.values()]
        # The number of masked words differs from one scrubber to the next.
        total = "words" if row.label.startswith("masked") else str(row.pick(first).total)
        lines.append(_write_line([row.label, total, *cells, row.describe_goal()]))
    return lines


def write_kinds(scores: Mapping[str, Score]) -> list[str]:
    """Fully masked by kind."""
    lines = _write_head(["kind", "of", *scores])
    first = next(iter(scores.values()))
    for kind, share in first.kinds.items():
        label = kind if kind in DIRECT else f"{kind} (quasi)"
        cells = [_describe(score.kinds[kind]) for score in scores.values()]
        lines.append(_write_line([label, str(share.total), *cells]))
    return lines


def write_speed(speeds: Mapping[str, Speed]) -> list[str]:
    """Speed on one processor, loading, memory."""
    rows: list[tuple[str, Callable[[Speed], str], str]] = [
        ("characters a second", lambda speed: f"{speed.by_clock:,.0f}", "at least 15,000"),
        ("- of processor time", lambda speed: f"{speed.by_processor:,.0f}", ""),
        ("load and first text", lambda speed: f"{speed.load_s:.2f} s", "at most 0.5 s"),
        ("memory added", lambda speed: _megabytes(speed.memory), "at most 150 MB"),
        ("a sentence, p95", lambda speed: f"{speed.sentence_s * 1000:.1f} ms", "at most 150 ms"),
        ("a story of 20,000 characters", lambda speed: f"{speed.story_s:.2f} s", "at most 2 s"),
    ]
    lines = _write_head(["", *speeds, "goal"])
    for label, describe, goal in rows:
        lines.append(_write_line([label, *(describe(each) for each in speeds.values()), goal]))
    return lines


def _write_head(cells: Sequence[str]) -> list[str]:
    return [_write_line(cells), "|" + "-|" * len(cells)]


def _write_line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _describe(share: Share) -> str:
    if not share.total:
        return "none"
    return f"{_number(share.value)} ({_number(share.low)}-{_number(share.high)})"


def _number(value: float, places: int = 3) -> str:
    return f"{value:.{places}f}".removeprefix("0") if value < 1 else f"{value:.{places}f}"


def _megabytes(size: int | None) -> str:
    return "unknown" if size is None else f"{size / 1e6:.0f} MB"
