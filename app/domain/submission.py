"""The exact bytes that leave, and the states they go through.

    queued → sending → received | held | refused;  held → sending;  queued, held → taken back

After a crash every `sending` is `queued` again: a repeat is harmless, since the same bytes
go up under the same id.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SubmissionState(StrEnum):
    """Where a submission is. `held`: the service wants a token first."""

    QUEUED = "queued"
    SENDING = "sending"
    HELD = "held"
    RECEIVED = "received"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens to it."""
        return not TRANSITIONS[self]


TRANSITIONS: dict[SubmissionState, frozenset[SubmissionState]] = {
    SubmissionState.QUEUED: frozenset({SubmissionState.SENDING, SubmissionState.TAKEN_BACK}),
    SubmissionState.SENDING: frozenset(
        {
            SubmissionState.QUEUED,
            SubmissionState.HELD,
            SubmissionState.RECEIVED,
            SubmissionState.REFUSED,
        }
    ),
    SubmissionState.HELD: frozenset({SubmissionState.SENDING, SubmissionState.TAKEN_BACK}),
    SubmissionState.RECEIVED: frozenset(),
    SubmissionState.REFUSED: frozenset(),
    SubmissionState.TAKEN_BACK: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Submission:
    """One row of the outbox, without its bytes.

    report_id: 16 bytes. not_before_utc: the earliest time of sending. tries: how often it
    was sent. last_status: the HTTP status of the last answer, None before the first or when
    none came.
    """

    report_id: bytes
    state: SubmissionState
    not_before_utc: datetime
    tries: int
    last_status: int | None
