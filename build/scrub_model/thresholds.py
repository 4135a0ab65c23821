"""Chooses how likely a word must be, on the hand-written development set."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from app.domain.report import Kind
from marks import Narrative
from score import Score, judge, sum_up
from sync.scrub import Scrubber
from sync.scrub.model.opinion import Thresholds
from sync.scrub.model.tagger import Tagger
from sync.scrub.model.tags import Tags
from sync.scrub.tokens import Words

# Of a hundred masked words so many must be identifiers: above the goal, because other texts
# than these will do a little worse.
LEAST_PRECISION = 0.93
# Of a hundred look-alikes so many may be masked: below the goal, for the same reason.
MOST_LOOK_ALIKES = 0.05
START = Thresholds(mask=dict.fromkeys(Kind, 0.3), ask=0.1, join=0.3, edge=0.5, trust=0.3)
_STEPS = (0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
_EDGES = (0.3, 0.5, 0.7)
_TRUST = (0.05, 0.15, 0.3, 0.5)
# The kinds that are frequent enough to choose for.
_FREQUENT = (Kind.NAME, Kind.PLACE, Kind.TIME, Kind.UNIT, Kind.DATE, Kind.ADDRESS, Kind.AGENCY)


@dataclass(frozen=True, slots=True)
class _Remembering(Tagger):
    """A tagger that reads each text once: thresholds change, tags do not."""

    seen: dict[str, Tags] = field(default_factory=dict)

    def tag(self, words: Words) -> Tags:
        if words.text not in self.seen:
            self.seen[words.text] = Tagger.tag(self, words)
        return self.seen[words.text]


def choose(scrubber: Scrubber, narratives: Sequence[Narrative]) -> tuple[Thresholds, Score]:
    """The thresholds with the best recall among those that are precise enough."""
    tagger = scrubber.tagger
    assert tagger is not None  # noqa: S101  for the type checker
    remembering = _Remembering(
        **{name: getattr(tagger, name) for name in tagger.__dataclass_fields__}
    )

    def try_out(thresholds: Thresholds) -> tuple[float, Score]:
        tried = replace(scrubber, tagger=replace(remembering, thresholds=thresholds))
        score = measure(tried, narratives)
        return _rate(score), score

    best = START
    rating, score = try_out(best)
    for name, value in _changes():
        changed = _change(best, name, value)
        new_rating, new_score = try_out(changed)
        if new_rating > rating:
            best, rating, score = changed, new_rating, new_score
    return best, score


def measure(scrubber: Scrubber, narratives: Sequence[Narrative]) -> Score:
    """How the scrubber does on marked narratives."""
    judged = [judge(each, find_masked(scrubber, each.text), ()) for each in narratives]
    return sum_up(judged, random.Random(0))


def find_masked(scrubber: Scrubber, text: str) -> set[int]:
    """The positions of a text that are masked unasked."""
    found = (each.span for each in scrubber.scrub_text(text) if each.masked)
    return {at for span in found for at in range(span.start, span.end)}


def _rate(score: Score) -> float:
    """Recall counts most, then narratives without a leak; masking too much costs much."""
    lacking = max(0.0, LEAST_PRECISION - score.precision.value)
    lacking += max(0.0, score.look_alikes.value - MOST_LOOK_ALIKES) / 4
    return (
        2 * score.direct.value
        + score.quasi.value
        + 0.5 * score.leak_free.value
        - 0.5 * score.look_alikes.value
        - 20 * lacking
    )


def _changes() -> Iterator[tuple[str, float]]:
    """One threshold after the other, each tried on the best so far: its name and a value."""
    for name, values in (("mask", _STEPS), ("edge", _EDGES), ("trust", _TRUST)):
        yield from ((name, value) for value in values)
    for kind in _FREQUENT:
        yield from ((kind.value, value) for value in _STEPS)


def _change(best: Thresholds, name: str, value: float) -> Thresholds:
    match name:
        case "mask":
            return replace(best, mask=dict.fromkeys(Kind, value), join=min(value, START.join))
        case "edge":
            return replace(best, edge=value)
        case "trust":
            return replace(best, trust=value)
    return replace(best, mask={**best.mask, Kind(name): value})
