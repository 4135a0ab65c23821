"""The exact bytes that leave, and the states they go through.

    queued → sending → received | held | refused;  held → sending;  queued, held → taken back

After a crash every `sending` is `queued` again: a repeat is harmless, since the same bytes
go up under the same id. What has been received is taken back by a withdrawal:

    waiting → sending → withdrawn | absent;  sending, absent → waiting
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
    none came. is_cover: it was made by the program itself, and never shown to anyone.
    """

    report_id: bytes
    state: SubmissionState
    not_before_utc: datetime
    tries: int
    last_status: int | None
    is_cover: bool = False


class WithdrawalState(StrEnum):
    """Where the withdrawal of a report is that has left.

    absent: the service says that it has no such report, and had none when asked again days later.
    """

    WAITING = "waiting"
    SENDING = "sending"
    WITHDRAWN = "withdrawn"
    ABSENT = "absent"

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self in {WithdrawalState.WITHDRAWN, WithdrawalState.ABSENT}


WITHDRAWAL_TRANSITIONS: dict[WithdrawalState, frozenset[WithdrawalState]] = {
    WithdrawalState.WAITING: frozenset({WithdrawalState.SENDING}),
    WithdrawalState.SENDING: frozenset(
        {WithdrawalState.WAITING, WithdrawalState.WITHDRAWN, WithdrawalState.ABSENT}
    ),
    WithdrawalState.WITHDRAWN: frozenset(),
    # Asked for once more by a person: it may have arrived since, on a stick.
    WithdrawalState.ABSENT: frozenset({WithdrawalState.WAITING}),
}


@dataclass(frozen=True, slots=True)
class PendingWithdrawal:
    """One row of the withdrawals, without what was signed.

    report_id: 16 bytes. absences: how often the service has signed that it has no such report.
    The others are as those of a submission.
    """

    report_id: bytes
    state: WithdrawalState
    not_before_utc: datetime
    tries: int
    last_status: int | None
    absences: int = 0
