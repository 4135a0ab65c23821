"""What a rule proposes, before overlaps are settled and replacements are numbered."""

from dataclasses import dataclass

from app.domain.report import Certainty, Kind

RANK = {Certainty.SURE: 2, Certainty.LIKELY: 1, Certainty.POSSIBLE: 0}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposal over the characters [start, end) of a matching text.

    context: whether a word beside it speaks for it, so that the veto vocabulary does not
        take it back.
    """

    start: int
    end: int
    kind: Kind
    certainty: Certainty
    reason: str
    source: str = "rule"
    context: bool = False

    @property
    def is_masked(self) -> bool:
        """Sure and likely ones are masked unless the person decides otherwise."""
        return self.certainty is not Certainty.POSSIBLE
