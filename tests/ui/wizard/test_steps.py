"""The way through the form, without a window."""

from app.domain.form import FieldId, SectionId
from app.use_cases.write_report import DraftId
from ui.session import Session
from ui.wizard.steps import PRIVATE, list_steps, resume_at, step_after, step_before
from ui.wizard.submission_size import describe_fill, measure_fill
from ui.wizard.writing import Writing


def load(session: Session, draft_id: DraftId) -> Writing:
    writing = Writing(session)
    writing.load(draft_id)
    return writing


def test_the_gate_is_first_and_the_private_notes_are_last(session: Session) -> None:
    steps = list_steps(Writing(session))
    assert steps[0].section == "gate"
    assert steps[1].section == "story"
    assert steps[-1].section == PRIVATE
    assert steps[-1].word() == "Stays on this computer"


def test_next_and_back_are_each_other_s_opposite(session: Session, sample_draft: DraftId) -> None:
    writing = load(session, sample_draft)
    section: SectionId | None = SectionId("gate")
    way = []
    while section is not None:
        way.append(section)
        section = step_after(writing, section)
    assert way[-1] == "finish"
    assert [step_before(writing, each) for each in way] == [None, *way[:-1]]
    assert step_before(writing, PRIVATE) == "finish"


def test_the_short_way_passes_by_a_section_without_short_questions(
    session: Session, gate_draft: DraftId
) -> None:
    writing = load(session, gate_draft)
    writing.put(FieldId("activity_detail"), "dui_stop")
    vehicle = next(each for each in list_steps(writing) if each.section == "vehicle")
    assert vehicle.word() == "Optional"
    assert step_after(writing, SectionId("threat")) == "outcome"
    writing.put(FieldId("veh_speed"), "stopped")
    assert step_after(writing, SectionId("threat")) == "vehicle"


def test_a_draft_is_taken_up_where_something_is_missing(
    session: Session, gate_draft: DraftId
) -> None:
    assert resume_at(load(session, gate_draft)) == "story"


def test_a_fault_keeps_a_section_in_progress(session: Session, sample_draft: DraftId) -> None:
    writing = load(session, sample_draft)
    writing.put(FieldId("event_year"), 1801)
    when = next(each for each in list_steps(writing) if each.section == "when")
    assert when.word() == "In progress"
    assert [each.field for each in writing.problems()] == ["event_year"]


def test_the_fill_grows_with_the_bytes_and_is_named_when_it_is_high(
    session: Session, sample_draft: DraftId
) -> None:
    writing = load(session, sample_draft)
    before = measure_fill(session.form, writing.answers)
    writing.put(FieldId("what_happened"), "é" * 20_000)
    after = measure_fill(session.form, writing.answers)
    assert 0 < before < after < 1
    assert "what can be sent" not in describe_fill(10, 20_000, 0.89)
    assert "90%" in describe_fill(10, 20_000, 0.9)
    assert "too long" in describe_fill(10, 20_000, 1.0)
