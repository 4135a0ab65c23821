"""Of proposals that overlap only one stays."""

from bisect import bisect_left
from collections.abc import Iterable

from sync.scrub.candidates import RANK, Candidate


def settle_overlaps(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The proposals that stay, in order: masked before possible, then the longest, the surest.

    A longer proposal that is masked wins over a surer one inside it, because it hides both.
    """
    order = sorted(
        candidates,
        key=lambda each: (
            -each.is_masked,
            each.start - each.end,
            -RANK[each.certainty],
            each.source != "known",
            not each.context,
            each.start,
            each.kind,
            each.reason,
        ),
    )
    starts: list[int] = []
    kept: list[Candidate] = []
    for each in order:
        place = bisect_left(starts, each.start)
        free_left = place == 0 or kept[place - 1].end <= each.start
        free_right = place == len(kept) or kept[place].start >= each.end
        if free_left and free_right:
            starts.insert(place, each.start)
            kept.insert(place, each)
    return kept
