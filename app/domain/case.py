"""A report at the desk, and the states it goes through.

received → coded → approved → published
received, coded, approved → rejected | statistics_only
approved, published → coded again;  any → withdrawn
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

CaseId = NewType("CaseId", str)
"""16 hexadecimal digits at random, never made from a report id or an archive number."""


class CaseState(StrEnum):
    """Where a case is.

    approved: a reader has released it for the next publication. rejected: it does not belong
    here. statistics_only: it counts, but cannot be told without giving someone away.
    withdrawn: the reporter has taken it back.
    """

    RECEIVED = "received"
    CODED = "coded"
    APPROVED = "approved"
    PUBLISHED = "published"
    REJECTED = "rejected"
    STATISTICS_ONLY = "statistics_only"
    WITHDRAWN = "withdrawn"

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens to it."""
        return not CASE_TRANSITIONS[self]


_SET_ASIDE = frozenset({CaseState.REJECTED, CaseState.STATISTICS_ONLY, CaseState.WITHDRAWN})
CASE_TRANSITIONS: dict[CaseState, frozenset[CaseState]] = {
    CaseState.RECEIVED: frozenset({CaseState.CODED}) | _SET_ASIDE,
    CaseState.CODED: frozenset({CaseState.APPROVED}) | _SET_ASIDE,
    CaseState.APPROVED: frozenset({CaseState.PUBLISHED, CaseState.CODED}) | _SET_ASIDE,
    CaseState.PUBLISHED: frozenset({CaseState.CODED, CaseState.WITHDRAWN}),
    CaseState.REJECTED: frozenset({CaseState.WITHDRAWN}),
    CaseState.STATISTICS_ONLY: frozenset({CaseState.WITHDRAWN}),
    CaseState.WITHDRAWN: frozenset(),
}


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """One line of the desk's list. month: of arrival, "YYYY-MM"; nothing finer is known."""

    case_id: CaseId
    month: str
    state: CaseState
