"""What leaves as codes is coarse, and nothing private is among it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.answer_reading import answers_from_json, answers_to_json, parse_answers
from app.domain.answer_values import Chosen, Number, Special, Words
from app.domain.answers import CoarseAnswers, PrivateNotes, ReportAnswers
from app.domain.form import FieldType, Leaves, SpecialValue
from app.domain.form_file import load_form
from resources.read import read_form_files
from sync.generalise import generalise

FORM, LABELS = load_form(*read_form_files())

CODES = {
    str(field.id): st.sampled_from(field.shape.options)
    for field in FORM.report_fields()
    if field.shape.options
}
TEXTS = {
    str(field.id): st.just("Canary")
    for field in FORM.report_fields()
    if field.leaves is Leaves.SCRUBBED
}
RAW = st.fixed_dictionaries({}, optional={**CODES, **TEXTS, "event_year": st.just(2024)})


@given(raw=RAW)
def test_every_code_that_leaves_is_coarse_and_labelled_and_no_text_leaves(
    raw: dict[str, Any],
) -> None:
    coarse = generalise(FORM, parse_answers(FORM, raw)[0])
    for field_id, answer in coarse.items():
        field = FORM.report_field(field_id)
        assert not isinstance(answer, Words)
        if isinstance(answer, Chosen):
            for code in answer.codes:
                assert code in field.coarse_options
                assert LABELS.option(field_id, code)
    assert set(coarse) == set(raw) - set(TEXTS)


@given(raw=RAW)
def test_generalising_twice_changes_nothing_more(raw: dict[str, Any]) -> None:
    coarse = generalise(FORM, parse_answers(FORM, raw)[0])
    assert generalise(FORM, coarse) == coarse
    assert answers_from_json(CoarseAnswers, FORM, answers_to_json(FORM, coarse)) == coarse


@pytest.mark.parametrize(
    ("name", "exact", "coarse"),
    [
        ("event_month", "02", "q1"),
        ("event_month", "12", "q4"),
        ("day_kind", "weekday", "weekday"),
        ("day_kind", "holiday", "weekend_or_holiday"),
        ("state", "CO", "mountain"),
        ("state", "GU", "territory_or_abroad"),
        ("area", "tribal_lands", "rural_or_remote"),
        ("area", "urban", "urban"),
        ("location_type", "38", "place_entertainment"),
        ("location_type", "13", "13"),
        ("agency_type", "tribal_police", "special_jurisdiction"),
        ("agency_type", "sheriff", "sheriff"),
        ("rank", "lieutenant_captain", "lieutenant_or_above"),
        ("rank", "command_staff", "lieutenant_or_above"),
        ("hazard", "gunfire", "gunfire"),
    ],
)
def test_answers_become_coarse_by_the_rules_of_the_form(name: str, exact: str, coarse: str) -> None:
    answers, _ = parse_answers(FORM, {name: exact})
    assert answers_to_json(FORM, generalise(FORM, answers)) == {name: coarse}


def test_special_values_leave_as_they_are_for_texts_too() -> None:
    not_asked = Special(SpecialValue.NOT_ASKED)
    every = {field.id: not_asked for field in FORM.report_fields()}
    assert dict(generalise(FORM, ReportAnswers(FORM, every))) == every


def test_year_leaves_as_a_number() -> None:
    answers, _ = parse_answers(FORM, {"event_year": 2024})
    assert list(generalise(FORM, answers).values()) == [Number(2024)]


def test_private_notes_are_refused_even_past_the_type_checker() -> None:
    _, notes = parse_answers(FORM, {"local_people": ["A. Example"]})
    assert isinstance(notes, PrivateNotes)
    with pytest.raises(TypeError):
        generalise(FORM, notes)  # type: ignore[arg-type]  # that mypy objects is part of the test
    with pytest.raises(TypeError):
        generalise(FORM, dict(notes))  # type: ignore[arg-type]


def test_no_private_field_is_among_what_can_be_generalised() -> None:
    private = {field.id for field in FORM.private}
    assert not private & {field.id for field in CoarseAnswers.fields_of(FORM)}
    assert all(field.type is not FieldType.DATE_TIME for field in FORM.report_fields())
