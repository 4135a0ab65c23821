"""Withdrawals in the words of a person."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from app.domain.submission import PendingWithdrawal, WithdrawalState
from ui.models.submission_rows import say_time
from ui.widgets.cards import BannerKind
from ui.widgets.states import Shape

CONSEQUENCES = (
    "The service destroys it, and the research team what it has read of it. If it is in the "
    "archive, it is taken out with the next edition. What others have read, printed or told "
    "stays known. It cannot be undone."
)
CHIPS: dict[WithdrawalState, tuple[str, Shape, BannerKind]] = {
    WithdrawalState.WAITING: ("Withdrawal waits", "half", "leaves"),
    WithdrawalState.SENDING: ("Being withdrawn", "triangle", "leaves"),
    WithdrawalState.WITHDRAWN: ("Withdrawn", "diamond", "stays"),
    WithdrawalState.ABSENT: ("Not there", "ring", "warning"),
}


@dataclass(frozen=True, slots=True)
class WithdrawalRow:
    """One withdrawal. can_send: whether it can be sent now. is_over: nothing more happens."""

    report_id: bytes
    title: str
    word: str
    shape: Shape
    kind: BannerKind
    sentence: str
    can_send: bool
    is_over: bool


def describe_withdrawal(
    row: PendingWithdrawal, title: str, now_utc: datetime, zone: tzinfo | None = None
) -> WithdrawalRow:
    """Say where a withdrawal is. zone: the clock on the wall; None for the computer's own."""
    word, shape, kind = CHIPS[row.state]
    return WithdrawalRow(
        report_id=row.report_id,
        title=title or "A report, by its seven words",
        word=word,
        shape=shape,
        kind=kind,
        sentence=_say(row, now_utc, zone),
        can_send=row.state is WithdrawalState.WAITING,
        is_over=row.state.is_final,
    )


def _say(row: PendingWithdrawal, now_utc: datetime, zone: tzinfo | None) -> str:
    if row.state is WithdrawalState.SENDING:
        return "Is being sent just now."
    if row.state is WithdrawalState.WITHDRAWN:
        return (
            "The service has signed for it: nothing of the report is there any more. The research "
            "team hears of it when it next asks for reports."
        )
    if row.state is WithdrawalState.ABSENT:
        return (
            "The service has signed twice, days apart, that it has no report under these words. "
            "If the report left on a stick, ask again once that has arrived."
        )
    if row.not_before_utc <= now_utc:
        when = "It leaves with the next sync."
    else:
        when = f"It waits until {say_time(row.not_before_utc, now_utc, zone)}, a random time."
    if row.absences:
        return f"The service has no such report so far, and is asked once more. {when}"
    if row.tries:
        times = "once" if row.tries == 1 else f"{row.tries} times"
        return f"Tried {times}; nothing that the service has signed came back. {when}"
    return f"It is signed. {when}"
