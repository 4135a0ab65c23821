"""Submissions and their states."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from pathlib import Path

import pytest

from app.domain.submission import TRANSITIONS, Submission, SubmissionState
from app.store.outbox import BODY_LENGTH, Outbox, SubmissionMovedError
from app.store.post import Post

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ID = bytes(range(16))
BODY = b"sealed--" * (BODY_LENGTH // 8)
# One way to each state from the beginning.
WAYS = {
    SubmissionState.QUEUED: [],
    SubmissionState.SENDING: [SubmissionState.SENDING],
    SubmissionState.HELD: [SubmissionState.SENDING, SubmissionState.HELD],
    SubmissionState.RECEIVED: [SubmissionState.SENDING, SubmissionState.RECEIVED],
    SubmissionState.REFUSED: [SubmissionState.SENDING, SubmissionState.REFUSED],
    SubmissionState.TAKEN_BACK: [SubmissionState.TAKEN_BACK],
}


@pytest.fixture
def outbox(post: Post) -> Outbox:
    return Outbox(post)


def _bring(outbox: Outbox, state: SubmissionState) -> None:
    outbox.add(ID, BODY, NOON)
    for each in WAYS[state]:
        outbox.move(ID, each)


def test_the_bytes_come_back_exactly(outbox: Outbox) -> None:
    outbox.add(ID, BODY, NOON)
    assert outbox.body(ID) == BODY
    assert outbox.submissions() == (Submission(ID, SubmissionState.QUEUED, NOON, 0, None),)


def test_adding_the_same_again_changes_nothing(outbox: Outbox) -> None:
    outbox.add(ID, BODY, NOON)
    outbox.move(ID, SubmissionState.SENDING)
    outbox.add(ID, BODY, NOON + timedelta(days=1))
    assert outbox.submissions() == (Submission(ID, SubmissionState.SENDING, NOON, 1, None),)


def test_other_bytes_under_the_same_id_are_refused(outbox: Outbox) -> None:
    outbox.add(ID, BODY, NOON)
    with pytest.raises(ValueError, match="other bytes"):
        outbox.add(ID, BODY[::-1], NOON)
    assert outbox.body(ID) == BODY


@pytest.mark.parametrize(("report_id", "body"), [(ID, BODY[:-1]), (ID[:-1], BODY)])
def test_bytes_of_another_length_are_refused(outbox: Outbox, report_id: bytes, body: bytes) -> None:
    with pytest.raises(ValueError, match="65,536"):
        outbox.add(report_id, body, NOON)


@pytest.mark.parametrize(("source", "to"), list(product(SubmissionState, SubmissionState)))
def test_only_the_named_ways_are_open(
    outbox: Outbox, source: SubmissionState, to: SubmissionState
) -> None:
    _bring(outbox, source)
    if to in TRANSITIONS[source]:
        outbox.move(ID, to)
        assert outbox.submissions()[0].state is to
    else:
        with pytest.raises(SubmissionMovedError):
            outbox.move(ID, to)
        assert outbox.submissions()[0].state is source


def test_tries_statuses_and_times_are_kept(outbox: Outbox) -> None:
    outbox.add(ID, BODY, NOON)
    later = NOON + timedelta(hours=1)
    outbox.move(ID, SubmissionState.SENDING)
    outbox.move(ID, SubmissionState.QUEUED, status=503, not_before_utc=later)
    outbox.move(ID, SubmissionState.SENDING)
    assert outbox.submissions() == (Submission(ID, SubmissionState.SENDING, later, 2, 503),)
    outbox.move(ID, SubmissionState.QUEUED)
    assert outbox.submissions() == (Submission(ID, SubmissionState.QUEUED, later, 2, None),)


def test_of_two_programs_only_one_sends(outbox: Outbox, post: Post) -> None:
    outbox.add(ID, BODY, NOON)
    outbox.move(ID, SubmissionState.SENDING)
    with Post.open_or_create(post.file.path.parent) as other, pytest.raises(SubmissionMovedError):
        Outbox(other).move(ID, SubmissionState.SENDING)


def test_due_is_what_waits_and_whose_time_has_come(outbox: Outbox) -> None:
    east = timezone(timedelta(hours=9))
    for number, state in enumerate(WAYS):
        report_id = bytes([number]) * 16
        outbox.add(report_id, BODY, NOON.astimezone(east))
        for each in WAYS[state]:
            outbox.move(report_id, each)
    assert outbox.due(NOON - timedelta(seconds=1)) == ()
    assert {each.state for each in outbox.due(NOON)} == {
        SubmissionState.QUEUED,
        SubmissionState.HELD,
    }


def test_a_waiting_one_can_be_sent_at_once(outbox: Outbox) -> None:
    outbox.add(ID, BODY, NOON)
    early = NOON - timedelta(days=1)
    outbox.reschedule(ID, early)
    assert [each.report_id for each in outbox.due(early)] == [ID]
    outbox.move(ID, SubmissionState.TAKEN_BACK)
    with pytest.raises(SubmissionMovedError):
        outbox.reschedule(ID, early)


def test_a_time_without_a_zone_is_refused(outbox: Outbox) -> None:
    with pytest.raises(ValueError, match="time zone"):
        outbox.add(ID, BODY, NOON.replace(tzinfo=None))


def test_after_a_crash_what_was_being_sent_waits_again(outbox: Outbox) -> None:
    _bring(outbox, SubmissionState.SENDING)
    assert outbox.recover() == 1
    assert outbox.submissions() == (Submission(ID, SubmissionState.QUEUED, NOON, 1, None),)
    assert outbox.recover() == 0


def test_only_what_is_over_is_forgotten(outbox: Outbox, tmp_path: Path) -> None:
    file = tmp_path / "post" / "post.db"
    empty = file.stat().st_size
    _bring(outbox, SubmissionState.SENDING)
    with pytest.raises(SubmissionMovedError):
        outbox.forget(ID)
    outbox.move(ID, SubmissionState.RECEIVED, status=201)
    outbox.forget(ID)
    assert outbox.submissions() == ()
    with pytest.raises(SubmissionMovedError):
        outbox.body(ID)
    assert file.stat().st_size == empty
