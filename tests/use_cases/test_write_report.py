"""From the gate to a stored draft and back."""

import pytest

from app.domain.answer_reading import parse_answers
from app.domain.answers import PrivateNotes, ReportAnswers, Special
from app.domain.form import FieldId, Form, SpecialValue
from app.domain.labels import Labels
from app.errors import InputError
from app.store.drafts import Drafts
from app.use_cases import write_report
from app.use_cases.write_report import DraftState, StoppedAtGateError

Parsed = tuple[ReportAnswers, PrivateNotes]


def test_a_stored_draft_comes_back_as_it_was(
    drafts: Drafts, form: Form, labels: Labels, parsed: Parsed
) -> None:
    draft_id = write_report.start(drafts, form, labels, *parsed)
    stored = write_report.load(drafts, form, draft_id)
    assert (stored.answers, stored.notes) == parsed
    assert stored.summary.state is DraftState.WRITING


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("gate_serious", "yes"),
        ("gate_serious", "not_sure"),
        ("gate_open_case", "yes"),
        ("gate_open_case", "not_sure"),
        ("actual_harm", "3"),
        ("actual_harm", "4"),
    ],
)
def test_what_belongs_elsewhere_is_not_kept_and_whom_to_ask_is_said(
    drafts: Drafts,
    form: Form,
    labels: Labels,
    raw_answers: dict[str, object],
    field: str,
    code: str,
) -> None:
    answers, notes = parse_answers(form, {**raw_answers, field: code})
    with pytest.raises(StoppedAtGateError) as caught:
        write_report.start(drafts, form, labels, answers, notes)
    assert drafts.summaries() == ()
    assert caught.value.hint
    assert "kept" in caught.value.sentence()


@pytest.mark.parametrize("field", ["report_kind", "gate_serious", "gate_open_case"])
def test_nothing_is_kept_before_the_gate_is_answered(
    drafts: Drafts, form: Form, labels: Labels, raw_answers: dict[str, object], field: str
) -> None:
    answers, notes = parse_answers(form, {**raw_answers, field: None})
    with pytest.raises(InputError, match="first questions") as caught:
        write_report.start(drafts, form, labels, answers, notes)
    assert field in caught.value.text
    assert drafts.summaries() == ()


def test_an_incomplete_report_is_kept_but_not_finished(
    drafts: Drafts, form: Form, labels: Labels, raw_answers: dict[str, object]
) -> None:
    answers, notes = parse_answers(form, {**raw_answers, "lessons": "", "hazard": None})
    assert write_report.start(drafts, form, labels, answers, notes)
    with pytest.raises(InputError) as caught:
        write_report.finish(form, answers)
    assert "lessons" in caught.value.text
    assert "hazard" in caught.value.text


def test_a_finished_report_tells_not_asked_from_declined_and_from_blank(
    form: Form, parsed: Parsed
) -> None:
    weapon, where, surface = FieldId("weapon"), FieldId("weapon_where"), FieldId("surface")
    answers = parsed[0].changed(form, {weapon: None, surface: None})
    finished = write_report.finish(form, answers)
    assert finished[FieldId("sleep_24h")] == Special(SpecialValue.DECLINED)
    assert finished[where] == Special(SpecialValue.NOT_ASKED)
    assert surface not in finished


def test_a_draft_of_another_form_is_not_misread(drafts: Drafts, form: Form) -> None:
    draft_id = drafts.create(form.id, form.version + 1)
    with pytest.raises(InputError, match="another version"):
        write_report.load(drafts, form, draft_id)
