"""The way through the form."""

from itertools import pairwise
from typing import Any

import pytest

from app.domain.answer_reading import parse_answers, parse_coding
from app.domain.answer_values import Special
from app.domain.answers import ReportAnswers
from app.domain.form import FieldId, SectionId, SpecialValue, Tier
from app.domain.form_file import load_form
from app.domain.navigation import (
    SectionState,
    check_coding_complete,
    check_complete,
    complete_with_not_asked,
    gate_stop,
    hidden_answers,
    next_section,
    previous_section,
    section_state,
    visible_fields,
    visible_sections,
)
from resources.read import read_form_files

FORM, LABELS = load_form(*read_form_files())
VEHICLE, GATE = SectionId("vehicle"), SectionId("gate")
COMPLETE: dict[str, Any] = {
    "report_kind": "near_miss",
    "gate_serious": "no",
    "gate_open_case": "no",
    "reporter_role": "involved",
    "what_happened": "x" * 150,
    "lessons": "Search again.",
    "event_year": 2025,
    "time_block": {"special": "declined"},
    "state": "CO",
    "location_type": "13",
    "agency_type": "sheriff",
    "activity_detail": "building_search",
    "officers_at_start": "2",
    "hazard": "gunfire",
    "actual_harm": "0",
    "potential_harm": "death_one",
    "contributing": ["complacency", "fatigue"],
    "consent_publish": "yes",
    "consent_mailbox": "no",
}


def _answers(**raw: Any) -> ReportAnswers:
    return parse_answers(FORM, raw)[0]


def _problem_fields(**changes: Any) -> list[str]:
    return [problem.field for problem in check_complete(FORM, _answers(**{**COMPLETE, **changes}))]


@pytest.mark.parametrize(
    ("name", "code", "stop"),
    [
        ("gate_serious", "yes", "serious"),
        ("gate_serious", "not_sure", "serious_not_sure"),
        ("gate_open_case", "yes", "open_case"),
        ("gate_open_case", "not_sure", "open_case_not_sure"),
        ("actual_harm", "3", "harm_serious"),
        ("actual_harm", "4", "harm_fatal"),
        ("actual_harm", "2", None),
        ("gate_serious", "no", None),
    ],
)
def test_what_belongs_elsewhere_stops(name: str, code: str, stop: str | None) -> None:
    found = gate_stop(FORM, _answers(**{name: code}))
    assert found == stop
    assert found is None or LABELS.stop(found).hint


def test_first_stop_counts() -> None:
    assert gate_stop(FORM, _answers(gate_open_case="yes", gate_serious="yes")) == "serious"


def test_vehicle_section_is_shown_for_driving_stops_and_vehicle_hazards_only() -> None:
    def shown(**raw: str) -> bool:
        return VEHICLE in {section.id for section in visible_sections(FORM, _answers(**raw))}

    assert not shown()
    assert not shown(activity_detail="building_search")
    assert shown(activity_detail="traffic_stop_minor")
    assert shown(activity_detail="foot_pursuit", hazard="struck_by_traffic")


def test_follow_up_is_shown_only_after_the_answer_that_leads_to_it() -> None:
    def shown(**raw: Any) -> set[str]:
        return {str(field.id) for field in visible_fields(FORM, _answers(**raw))}

    assert "weapon_where" not in shown()
    assert "weapon_where" not in shown(weapon=["99"])
    assert "weapon_where" not in shown(weapon={"special": "unknown"})
    assert "weapon_where" in shown(weapon=["12", "40"])
    assert "equip_problem" not in shown(equip_kind=["none"])
    assert "equip_problem" in shown(equip_kind=["portable_radio"])
    assert "person_state" not in shown(people_count="0")
    assert "person_state" in shown(people_count="1")


def test_basic_depth_asks_26_questions_but_keeps_what_was_answered() -> None:
    assert len(visible_fields(FORM, _answers(), depth=Tier.BASIC)) == 26
    deeper = visible_fields(FORM, _answers(shift="day"), depth=Tier.BASIC)
    assert [field.id for field in deeper if field.tier is not Tier.BASIC] == ["shift"]


def test_sections_are_walked_forth_and_back_the_same_way() -> None:
    for answers in (_answers(), _answers(activity_detail="routine_driving")):
        every = [section.id for section in visible_sections(FORM, answers)]
        assert previous_section(FORM, answers, every[0]) is None
        assert next_section(FORM, answers, every[-1]) is None
        for here, there in pairwise(every):
            assert next_section(FORM, answers, here) == there
            assert previous_section(FORM, answers, there) == here


def test_one_can_leave_a_section_that_has_just_been_hidden() -> None:
    assert next_section(FORM, _answers(), VEHICLE) == "equipment"
    assert previous_section(FORM, _answers(), VEHICLE) == "threat"
    with pytest.raises(KeyError):
        next_section(FORM, _answers(), SectionId("no_such_section"))


def test_section_goes_from_not_started_over_in_progress_to_complete() -> None:
    gate = {name: COMPLETE[name] for name in list(COMPLETE)[:4]}
    assert section_state(FORM, _answers(), GATE) is SectionState.NOT_STARTED
    assert section_state(FORM, _answers(gate_serious="no"), GATE) is SectionState.IN_PROGRESS
    assert section_state(FORM, _answers(**gate), GATE) is SectionState.COMPLETE


def test_complete_report_has_no_problem_and_each_required_field_is_missed() -> None:
    assert _problem_fields() == []
    for field in FORM.report_fields():
        if field.required:
            assert _problem_fields(**{str(field.id): None}) == [field.id]


def test_short_story_and_main_factor_outside_the_factors_are_problems() -> None:
    assert _problem_fields(what_happened="x" * 149) == ["what_happened"]
    assert _problem_fields(main_factor="fatigue") == []
    assert _problem_fields(main_factor={"special": "unknown"}) == []
    assert _problem_fields(main_factor="culture") == ["main_factor"]


def test_not_asked_is_no_answer_to_a_required_question() -> None:
    answers = _answers(**COMPLETE).changed(
        FORM, {FieldId("hazard"): Special(SpecialValue.NOT_ASKED)}
    )
    assert [problem.field for problem in check_complete(FORM, answers)] == ["hazard"]


def test_finished_report_marks_what_was_not_shown_and_leaves_blanks_blank() -> None:
    answers = _answers(**COMPLETE, weapon=["99"], weapon_where="waistband")
    assert hidden_answers(FORM, answers) == ("weapon_where",)
    finished = complete_with_not_asked(FORM, answers)
    not_asked = Special(SpecialValue.NOT_ASKED)
    assert finished[FieldId("weapon_where")] == not_asked
    assert finished[FieldId("veh_belt")] == not_asked
    assert FieldId("light") not in finished
    assert hidden_answers(FORM, finished) == ()
    assert complete_with_not_asked(FORM, finished) == finished
    assert check_complete(FORM, finished) == ()


def test_short_path_marks_the_deeper_questions_as_not_asked() -> None:
    finished = complete_with_not_asked(FORM, _answers(**COMPLETE), depth=Tier.BASIC)
    assert finished[FieldId("shift")] == Special(SpecialValue.NOT_ASKED)
    assert FieldId("light") not in finished


def test_coding_is_complete_with_every_required_field_and_every_tick() -> None:
    def missing(**raw: Any) -> list[str]:
        return [each.field for each in check_coding_complete(FORM, parse_coding(FORM, raw))]

    required = [f.id for f in FORM.coding if f.required and not f.by_program]
    assert missing() == required
    ticks = FORM.field(FieldId("deid_checklist")).shape.options
    assert "deid_checklist" in missing(deid_checklist=list(ticks[1:]))
    assert "deid_checklist" not in missing(deid_checklist=list(ticks))
