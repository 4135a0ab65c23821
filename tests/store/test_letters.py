"""What the desk has written and heard, beside its cases."""

import pytest

from app.domain.case import CaseId, CaseState
from app.store.cases import CaseStore, NoSuchCaseError
from app.store.letters import LetterId, Letters

RECORD = b"r" * 4_096


@pytest.fixture
def case_id(cases: CaseStore) -> CaseId:
    return cases.add(bytes(16), "2026-03", {"reply": None})


def _add(cases: CaseStore, case_id: CaseId, record: bytes = RECORD) -> LetterId:
    return Letters(cases).add(case_id, lambda turn: ({"turn": turn}, record))


def test_letters_of_a_case_count_from_one(cases: CaseStore, case_id: CaseId) -> None:
    other = cases.add(b"o" * 16, "2026-03", {})
    assert [_add(cases, case_id).turn for _ in range(3)] == [1, 2, 3]
    assert _add(cases, other) == LetterId(other, 1)
    letters = Letters(cases).of_case(case_id)
    assert [each.content for each in letters] == [{"turn": 1}, {"turn": 2}, {"turn": 3}]
    assert all(each.record == RECORD and not each.is_published for each in letters)


def test_a_letter_that_cannot_be_written_takes_no_turn(cases: CaseStore, case_id: CaseId) -> None:
    def fail(turn: int) -> tuple[dict[str, object], bytes]:
        raise ValueError(f"letter {turn}")

    with pytest.raises(ValueError, match="letter 1"):
        Letters(cases).add(case_id, fail)
    with pytest.raises(NoSuchCaseError):
        _add(cases, CaseId("none"))
    assert _add(cases, case_id).turn == 1


def test_what_is_published_waits_no_more(cases: CaseStore, case_id: CaseId) -> None:
    letters = Letters(cases)
    one, two = _add(cases, case_id), _add(cases, case_id)
    letters.mark_published([one])
    letters.mark_published([])
    assert [each.letter_id for each in letters.waiting()] == [two]
    cases.move(case_id, CaseState.WITHDRAWN)
    assert letters.waiting() == ()


def test_an_answer_is_kept_once(cases: CaseStore, case_id: CaseId) -> None:
    letters = Letters(cases)
    letter = _add(cases, case_id)
    letters.add_reply(b"a" * 16, letter, "2026-04", "Ten steps.")
    letters.add_reply(b"a" * 16, letter, "2026-05", "Eleven.")
    (reply,) = letters.replies(case_id)
    assert (reply.turn, reply.month, reply.text) == (1, "2026-04", "Ten steps.")
    assert letters.reply_counts() == {case_id: 1}
    assert "Ten" not in repr(reply)


def test_the_case_of_a_report_is_found(cases: CaseStore, case_id: CaseId) -> None:
    assert Letters(cases).find_case(bytes(16)) == case_id
    assert Letters(cases).find_case(b"n" * 16) is None
