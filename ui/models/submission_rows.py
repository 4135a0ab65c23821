"""What waits in the outbox, in the words of a person."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from app.domain.submission import Submission, SubmissionState
from ui.widgets.cards import BannerKind
from ui.widgets.states import Shape

CHIPS: dict[SubmissionState, tuple[str, Shape, BannerKind]] = {
    SubmissionState.QUEUED: ("Waiting", "half", "leaves"),
    SubmissionState.SENDING: ("Being sent", "triangle", "leaves"),
    SubmissionState.HELD: ("Held", "bar", "warning"),
    SubmissionState.RECEIVED: ("Received", "tick", "success"),
    SubmissionState.REFUSED: ("Refused", "cross", "error"),
    SubmissionState.TAKEN_BACK: ("Taken back", "diamond", "stays"),
}

_FIRST = (
    "No report or answer leaves for 3 to 31 days after a program's first tokens: sooner, it is "
    "easier to match with them."
)


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """One sealed report. can_move: whether it can be sent now or taken back. is_destroyed: its
    draft was destroyed here at once. is_first: it waits because the first tokens are young.
    """

    report_id: bytes
    draft_id: str
    title: str
    word: str
    shape: Shape
    kind: BannerKind
    sentence: str
    trouble: str
    was_tried: bool
    can_move: bool
    is_destroyed: bool = False
    is_first: bool = False


def describe_submission(
    row: Submission,
    draft_id: str,
    title: str,
    now_utc: datetime,
    zone: tzinfo | None = None,
    *,
    first_utc: datetime | None = None,
) -> SubmissionRow:
    """Say where a submission is. zone: the clock on the wall; None for the computer's own.

    first_utc: before when no report leaves, because the first tokens are young; None for no such.
    """
    can_move = row.state in {SubmissionState.QUEUED, SubmissionState.HELD}
    is_first = can_move and first_utc is not None and row.not_before_utc <= first_utc
    if is_first and first_utc is not None:
        sentence = f"Waits until {say_time(first_utc, now_utc, zone)}, a random time. {_FIRST}"
    else:
        sentence = _say_state(row, now_utc, zone)
    word, shape, kind = CHIPS[row.state]
    return SubmissionRow(
        report_id=row.report_id,
        draft_id=draft_id,
        title=title or "A report without a title",
        word=word,
        shape=shape,
        kind=kind,
        sentence=sentence,
        trouble=_say_trouble(row),
        was_tried=row.tries > 0,
        can_move=can_move,
        is_first=is_first,
    )


def say_time(moment_utc: datetime, now_utc: datetime, zone: tzinfo | None = None) -> str:
    """A time as it is said today: "tonight 23:40", "tomorrow 08:10", "Mon 9 Mar 08:10"."""
    moment, now = moment_utc.astimezone(zone), now_utc.astimezone(zone)
    clock = f"{moment:%H:%M}"
    days = (moment.date() - now.date()).days
    if days == 0:
        return f"tonight {clock}" if moment.hour >= 18 else f"today {clock}"
    if days == 1:
        return f"tomorrow {clock}"
    return f"{moment:%a} {moment.day} {moment:%b} {clock}"


def _say_state(row: Submission, now_utc: datetime, zone: tzinfo | None) -> str:
    if row.state is SubmissionState.QUEUED:
        if row.not_before_utc <= now_utc:
            return "Leaves with the next sync."
        when = say_time(row.not_before_utc, now_utc, zone)
        return f"Waits until {when}, a random time."
    return {
        SubmissionState.SENDING: "Is being sent just now.",
        SubmissionState.HELD: "The service has not taken it yet: it wants proof that a verified "
        "officer sends it. It is tried again with a later sync.",
        SubmissionState.RECEIVED: "The service has signed for it. The draft is destroyed here.",
        SubmissionState.REFUSED: "The service cannot take it. The draft is offered again.",
        SubmissionState.TAKEN_BACK: "The draft can be written again.",
    }[row.state]


def _say_trouble(row: Submission) -> str:
    if not row.tries:
        return ""
    times = "once" if row.tries == 1 else f"{row.tries} times"
    status = row.last_status
    if status is None:  # also of one that was only carried out: nothing was tried from here
        return "No answer has come back yet."
    if status in {200, 201}:
        why = "what answered did not sign for a report"
    elif status in {401, 403}:
        why = "the service asked for proof of a verified officer"
    elif status in {429, 503}:
        why = "the service asked to come back later"
    else:
        why = "the service had trouble of its own"
    return f"Tried {times}; the last time {why}."
