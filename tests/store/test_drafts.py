"""Drafts: saving, deciding, approving."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from app.domain.report import Certainty, Finding, Kind, Span
from app.store.drafts import (
    AnswerChange,
    Approval,
    DraftApprovedError,
    DraftId,
    Drafts,
    DraftState,
    NoSuchDraftError,
)
from app.store.vault import Vault

REPORT_ID = bytes(range(16))
FINDING = Finding(
    Span(3, 9), Kind.NAME, "[NAME-1]", Certainty.LIKELY, True, "after 'Officer'", "rule"
)


@pytest.fixture
def drafts(vault: Vault) -> Drafts:
    return Drafts(vault)


@pytest.fixture
def draft_id(drafts: Drafts) -> DraftId:
    return drafts.create("leo-near-miss", 3, "a close call")


def test_a_new_draft_is_listed(vault: Vault) -> None:
    moment = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
    drafts = Drafts(vault, now=lambda: moment)
    draft_id = drafts.create("leo-near-miss", 3, "a close call")
    (summary,) = drafts.summaries()
    assert summary == drafts.summary(draft_id)
    assert (summary.title, summary.state) == ("a close call", DraftState.WRITING)
    assert (summary.form_id, summary.form_version) == ("leo-near-miss", 3)
    assert summary.created_utc == summary.changed_utc == moment
    assert len(draft_id) == 16
    int(draft_id, 16)


def test_the_draft_changed_last_comes_first(vault: Vault) -> None:
    moments = iter(datetime(2026, 1, day, tzinfo=UTC) for day in range(1, 9))
    drafts = Drafts(vault, now=lambda: next(moments))
    first, second = drafts.create("f", 1), drafts.create("f", 1)
    drafts.set_title(first, "new title")
    assert [each.draft_id for each in drafts.summaries()] == [first, second]
    assert drafts.summary(first).title == "new title"


def test_answers_are_replaced_and_taken_away(drafts: Drafts, draft_id: DraftId) -> None:
    drafts.save_answer(draft_id, "story", '"one"')
    drafts.save_answer(draft_id, "story", '"two"')
    drafts.save_answer(draft_id, "light", '"dark"')
    drafts.save_answer(draft_id, "light", None)
    assert drafts.answers(draft_id) == {"story": '"two"'}


def test_private_answers_are_kept_apart(drafts: Drafts, draft_id: DraftId) -> None:
    drafts.save_answer(draft_id, "names_present", '["Miller"]', is_private=True)
    assert drafts.answers(draft_id) == {}
    assert drafts.private_answers(draft_id) == {"names_present": '["Miller"]'}


def test_several_answers_are_kept_all_or_none(drafts: Drafts, draft_id: DraftId) -> None:
    changes = [AnswerChange("a", "1", False), AnswerChange("b", "2", True)]
    drafts.save_answers(draft_id, changes)
    assert drafts.answers(draft_id) | drafts.private_answers(draft_id) == {"a": "1", "b": "2"}
    with pytest.raises(TypeError):
        drafts.save_answers(draft_id, _broken_off())
    assert drafts.answers(draft_id) == {"a": "1"}


def _broken_off() -> Iterator[AnswerChange]:
    yield AnswerChange("a", "9", False)
    raise TypeError


def test_decisions_come_back_as_they_were(drafts: Drafts, draft_id: DraftId) -> None:
    drafts.save_answer(draft_id, "story", '"x"')
    drafts.save_decisions(draft_id, {"story": (FINDING,), "lessons": ()})
    assert drafts.decisions(draft_id) == {"story": (FINDING,), "lessons": ()}
    drafts.save_decisions(draft_id, {})
    assert drafts.decisions(draft_id) == {}


def test_a_changed_text_drops_its_decisions_only(drafts: Drafts, draft_id: DraftId) -> None:
    for field in ("story", "lessons"):
        drafts.save_answer(draft_id, field, '"x"')
    drafts.save_decisions(draft_id, {"story": (FINDING,), "lessons": (FINDING,)})
    drafts.save_answer(draft_id, "lessons", '"x"')
    drafts.save_answer(draft_id, "story", '"y"')
    assert drafts.decisions(draft_id) == {"lessons": (FINDING,)}
    drafts.save_answer(draft_id, "lessons", None)
    assert drafts.decisions(draft_id) == {}


def test_the_scrub_map_is_replaced(drafts: Drafts, draft_id: DraftId) -> None:
    assert drafts.scrub_map(draft_id) == {}
    drafts.save_scrub_map(draft_id, {"[NAME-1]": "Miller"})
    drafts.save_scrub_map(draft_id, {"[NAME-1]": "Müller"})
    assert drafts.scrub_map(draft_id) == {"[NAME-1]": "Müller"}


def test_an_approval_goes_step_by_step(drafts: Drafts, draft_id: DraftId) -> None:
    drafts.begin_approval(draft_id, REPORT_ID, "seven words")
    assert drafts.approvals() == (Approval(draft_id, REPORT_ID, DraftState.APPROVING),)
    drafts.mark_queued(draft_id)
    drafts.mark_queued(draft_id)
    assert drafts.approvals() == (Approval(draft_id, REPORT_ID, DraftState.QUEUED),)
    assert drafts.receipt_words(draft_id) == "seven words"


def test_an_approved_draft_is_frozen(drafts: Drafts, draft_id: DraftId) -> None:
    drafts.save_answer(draft_id, "story", '"x"')
    drafts.begin_approval(draft_id, REPORT_ID, "w")
    changes: tuple[Callable[[], object], ...] = (
        lambda: drafts.save_answer(draft_id, "story", '"y"'),
        lambda: drafts.save_decisions(draft_id, {}),
        lambda: drafts.save_scrub_map(draft_id, {}),
        lambda: drafts.set_title(draft_id, "t"),
        lambda: drafts.begin_approval(draft_id, REPORT_ID, "w"),
    )
    for change in changes:
        with pytest.raises(DraftApprovedError, match="not in the state"):
            change()
    assert drafts.answers(draft_id) == {"story": '"x"'}


def test_only_what_is_being_approved_is_queued(drafts: Drafts, draft_id: DraftId) -> None:
    with pytest.raises(DraftApprovedError):
        drafts.mark_queued(draft_id)


def test_a_refused_draft_is_written_again(drafts: Drafts, draft_id: DraftId) -> None:
    drafts.begin_approval(draft_id, REPORT_ID, "w")
    drafts.mark_queued(draft_id)
    drafts.reopen(draft_id)
    assert drafts.approvals() == ()
    drafts.save_answer(draft_id, "story", '"y"')
    drafts.begin_approval(draft_id, REPORT_ID, "w2")
    assert drafts.receipt_words(draft_id) == "w2"


def test_a_draft_that_is_not_there_is_said(drafts: Drafts) -> None:
    gone = DraftId("0" * 16)
    questions: tuple[Callable[[], object], ...] = (
        lambda: drafts.summary(gone),
        lambda: drafts.save_answer(gone, "story", "1"),
        lambda: drafts.mark_queued(gone),
        lambda: drafts.reopen(gone),
        lambda: drafts.receipt_words(gone),
    )
    for ask in questions:
        with pytest.raises(NoSuchDraftError, match="no such report"):
            ask()
    drafts.destroy(gone)


def test_destroying_one_leaves_the_others(drafts: Drafts, draft_id: DraftId) -> None:
    other = drafts.create("f", 1, "other")
    for each in (draft_id, other):
        drafts.save_answer(each, "story", '"x"')
    drafts.begin_approval(draft_id, REPORT_ID, "w")
    drafts.destroy(draft_id)
    assert [each.draft_id for each in drafts.summaries()] == [other]
    assert drafts.answers(draft_id) == {}
    assert drafts.approvals() == ()
    assert drafts.answers(other) == {"story": '"x"'}
