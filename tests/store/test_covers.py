"""A cover's moment is drawn once; it is made once; nobody is shown it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.submission import SubmissionState
from app.store.covers import Covers, next_moment
from app.store.outbox import BODY_LENGTH, Outbox
from app.store.post import Post

TENANT, OTHER_TENANT = "0" * 32, "1" * 32
QUARTER, NEXT = "2026-Q3", "2026-Q4"
EARLY = datetime(2026, 8, 3, 12, tzinfo=UTC)
LATE = EARLY + timedelta(days=40)
ID, OTHER = b"c" * 16, b"r" * 16
BODY = bytes(BODY_LENGTH)


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with Post.open_or_create(tmp_path / "post") as found:
        yield found


@pytest.fixture
def covers(post: Post) -> Covers:
    found = Covers(post, TENANT)
    found.plan(QUARTER, [EARLY, LATE])
    return found


def test_a_quarter_has_its_moments_once(covers: Covers, post: Post) -> None:
    assert covers.is_planned(QUARTER)
    assert not covers.plan(QUARTER, [LATE, LATE])
    again = Covers(post, TENANT)
    assert [each.moment_utc for each in again.planned()] == [EARLY, LATE]
    assert not Covers(post, OTHER_TENANT).is_planned(QUARTER)
    assert next_moment(post) == EARLY


def test_a_cover_is_made_once_and_its_moment_is_forgotten(covers: Covers, post: Post) -> None:
    first, _second = covers.planned()
    assert covers.make(first, ID, BODY, EARLY)
    assert not covers.make(first, OTHER, BODY, EARLY)  # another program was faster
    assert [each.report_id for each in Outbox(post).waiting()] == [ID]
    assert [each.moment_utc for each in covers.planned()] == [LATE]


def test_a_body_that_cannot_be_kept_leaves_the_moment(covers: Covers, post: Post) -> None:
    first, _second = covers.planned()
    with pytest.raises(ValueError, match="65,536"):
        covers.make(first, ID, b"short", EARLY)
    assert covers.planned()[0] == first
    assert Outbox(post).waiting() == ()


def test_a_cover_is_sent_like_a_report_and_never_shown(covers: Covers, post: Post) -> None:
    outbox = Outbox(post)
    outbox.add(OTHER, BODY, EARLY)
    covers.make(covers.planned()[0], ID, BODY, EARLY)
    assert [each.report_id for each in outbox.submissions()] == [OTHER]
    assert {each.report_id for each in outbox.due(EARLY)} == {ID, OTHER}
    assert [each.report_id for each in outbox.covers()] == [ID]
    assert {each.is_cover for each in outbox.waiting()} == {True, False}


@pytest.mark.parametrize("state", list(SubmissionState))
def test_a_dropped_cover_leaves_nothing_but_that_its_quarter_had_one(
    covers: Covers, post: Post, state: SubmissionState
) -> None:
    outbox = Outbox(post)
    covers.make(covers.planned()[0], ID, BODY, EARLY)
    if state is not SubmissionState.QUEUED:
        if state is not SubmissionState.TAKEN_BACK:
            outbox.move(ID, SubmissionState.SENDING)
        if state is not SubmissionState.SENDING:
            outbox.move(ID, state)
    covers.drop(ID)
    assert outbox.covers() == outbox.waiting() == ()
    assert not covers.plan(QUARTER, [EARLY, LATE])
    assert len(covers.planned()) == 1


def test_dropping_never_touches_a_report(covers: Covers, post: Post) -> None:
    Outbox(post).add(OTHER, BODY, EARLY)
    covers.drop(OTHER)
    assert len(Outbox(post).submissions()) == 1


def test_past_quarters_are_forgotten_but_for_what_waits(covers: Covers, post: Post) -> None:
    covers.plan(NEXT, [LATE])
    covers.make(covers.planned()[0], ID, BODY, EARLY)
    covers.prune(NEXT)
    assert [each.quarter for each in covers.planned()] == [NEXT]
    assert [each.report_id for each in Outbox(post).covers()] == [ID]
    covers.drop(ID)
    covers.prune(NEXT)
    assert not covers.is_planned(QUARTER)


def test_what_was_sealed_for_another_service_is_found(covers: Covers, post: Post) -> None:
    covers.make(covers.planned()[0], ID, BODY, EARLY)
    assert covers.made_for_others() == ()
    assert Covers(post, OTHER_TENANT).made_for_others() == (ID,)
