"""The packaged form: what it asks, what leaves, what is published."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from app.domain.form import (
    FieldId,
    FieldType,
    Leaves,
    PrivateField,
    Publish,
    ReportField,
    SectionId,
    SpecialValue,
    Tier,
    publishable,
)
from app.domain.form_check import FormFileError
from app.domain.form_file import load_form
from app.errors import UserError
from resources.read import list_names, read_bytes, read_form_files

FORM, LABELS = load_form(*read_form_files())
STRUCTURE, LISTS, WORDS = read_form_files()


def test_story_comes_right_after_the_gate() -> None:
    assert [section.id for section in FORM.sections] == [
        *("gate", "story", "when", "where", "you", "task"),
        *("threat", "vehicle", "equipment", "outcome", "factors", "finish"),
    ]


def test_basic_path_has_33_questions_and_holds_every_required_one() -> None:
    basic = [field for field in FORM.report_fields() if field.tier is Tier.BASIC]
    assert len(basic) == 26
    assert all(field.tier is Tier.BASIC for field in FORM.report_fields() if field.required)


def test_every_field_has_label_and_every_option_exact_or_coarse_has_one() -> None:
    for field_id, field in FORM.by_id.items():
        assert LABELS.field(field_id) == field.label != ""
        coarse = field.coarse_options if isinstance(field, ReportField) else ()
        for code in (*field.shape.options, *coarse):
            assert LABELS.option(field_id, code)


def test_no_label_stands_for_a_special_value() -> None:
    words = ("unknown", "not sure", "prefer not", "not reported", "do not know", "don't know")
    for field in FORM.report_fields():
        if field.stops:
            continue  # "Not sure" at the gate is an answer of its own: it ends the report
        for code in field.shape.options:
            label = LABELS.option(field.id, code).lower()
            assert not any(word in label for word in words), f"{field.id} {code}"


def test_no_word_of_blame_stands_in_the_labels() -> None:
    text = WORDS.decode().lower()
    assert "invalid" not in text
    assert "!" not in text


def test_every_free_text_that_may_leave_is_scrubbed() -> None:
    for field in FORM.report_fields():
        is_text = field.type in {FieldType.TEXT, FieldType.LONGTEXT}
        assert (field.leaves is Leaves.SCRUBBED) == is_text


def test_private_fields_have_no_way_out() -> None:
    assert {field.id for field in FORM.private} >= {"local_people", "local_exact_place"}
    for field in FORM.private:
        assert type(field) is PrivateField
        assert not hasattr(field, "leaves")
        assert not hasattr(field, "publish")
        assert not publishable(FORM, field.id)
        with pytest.raises(KeyError):
            FORM.report_field(field.id)


def test_fields_after_k_in_counts_only_or_unpublished_are_not_publishable() -> None:
    for field in FORM.by_id.values():
        if isinstance(field, PrivateField):
            continue
        allowed = field.publish in {Publish.YES, Publish.AFTER_REVIEW}
        assert publishable(FORM, field) == publishable(FORM, field.id) == allowed
    for name in ("state", "event_month", "policy_state", "age_band", "bwc", "no_such_field"):
        assert not publishable(FORM, FieldId(name))
    assert publishable(FORM, FieldId("hazard"))


def test_every_stop_says_that_nothing_is_kept_and_whom_to_ask() -> None:
    stops = {key for field in FORM.report_fields() for key in field.stops.values()}
    assert len(stops) == 6
    for key in stops:
        text = LABELS.stop(key)
        assert "Nothing you entered here is kept" in text.text
        assert "union or association representative" in text.hint
        assert "counsel" in text.hint
        assert "process" in text.title + text.hint


def test_coarse_options_come_to_rest() -> None:
    for field in FORM.report_fields():
        for code in field.coarse_options:
            assert field.coarsen(code) == code


def test_month_leaves_as_quarter_and_state_as_division() -> None:
    assert FORM.report_field(FieldId("event_month")).coarse_options == ("q1", "q2", "q3", "q4")
    assert len(FORM.report_field(FieldId("state")).coarse_options) == 10


def test_labels_know_sections_helps_specials_and_refuse_strangers() -> None:
    assert LABELS.section(SectionId("local"))
    assert LABELS.section_help(SectionId("local"))
    assert LABELS.section_help(SectionId("task")) == ""
    assert LABELS.help(FieldId("local_title")) == ""
    assert len({LABELS.special(value) for value in SpecialValue}) == 4
    with pytest.raises(KeyError):
        LABELS.help(FieldId("no_such_field"))
    with pytest.raises(KeyError):
        LABELS.section_help(SectionId("no_such_section"))
    with pytest.raises(KeyError):
        FORM.section(SectionId("no_such_section"))


def test_tier_reaches_what_is_no_deeper() -> None:
    assert Tier.BASIC.reaches(Tier.BASIC)
    assert not Tier.BASIC.reaches(Tier.STANDARD)
    assert Tier.OPTIONAL.reaches(Tier.BASIC)


def _find(form: Any, field_id: str) -> Any:
    every = [*form["sections"], form["private"], form["coding"]]
    return next(f for section in every for f in section["fields"] if f["id"] == field_id)


FAULTS: dict[str, tuple[Callable[[Any], object], str]] = {
    "unknown key": (lambda form: _find(form, "light").update(colour=1), "unknown keys"),
    "unknown list": (lambda form: _find(form, "light").update(options="x"), "no list"),
    "unknown rule": (lambda form: _find(form, "state").update(rule="x"), "no rule"),
    "rule missing": (lambda form: _find(form, "state").pop("rule"), "generalised"),
    "text not scrubbed": (lambda form: _find(form, "title").update(leaves="as_is"), "scrubbed"),
    "private that leaves": (
        lambda form: _find(form, "local_title").update(leaves="scrubbed"),
        "never leaves",
    ),
    "special as option": (
        lambda form: _find(form, "shift")["options"].append("unknown"),
        "special value",
    ),
    "option twice": (lambda form: _find(form, "shift")["options"].append("day"), "twice"),
    "field twice": (
        lambda form: form["coding"]["fields"].append(_find(form, "alert")),
        "occurs twice",
    ),
    "later dependency": (
        lambda form: _find(form, "light").update(show_if=[{"field": "hazard", "any_of": ["x"]}]),
        "not yet asked",
    ),
    "strange condition": (
        lambda form: _find(form, "equip_make").update(
            show_if=[{"field": "equip_kind", "any_of": ["x"]}]
        ),
        "names no option",
    ),
    "required beyond basic": (lambda form: _find(form, "shift").update(required=True), "basic"),
    "new field without label": (
        lambda form: form["coding"]["fields"].append({**_find(form, "alert"), "id": "new"}),
        "no label",
    ),
    "code without label": (
        lambda form: _find(form, "shift")["options"].append("new"),
        "labels of options of shift",
    ),
    "rolls up no option": (
        lambda form: form["rules"]["month_to_quarter"]["roll_up"].update({"13": "q1"}),
        "no option",
    ),
    "rolls up without end": (
        lambda form: form["rules"]["month_to_quarter"]["roll_up"].update({"01": "02"}),
        "come to rest",
    ),
    "stops at no option": (lambda form: _find(form, "shift").update(stops={"x": "serious"}), "no"),
    "other version": (lambda form: form.update(version=2), "another version"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_form_that_contradicts_itself_is_refused(name: str) -> None:
    break_form, fault = FAULTS[name]
    form = deepcopy(json.loads(STRUCTURE))
    break_form(form)
    with pytest.raises(FormFileError, match=fault):
        load_form(json.dumps(form).encode(), LISTS, WORDS)


def test_label_without_field_and_list_without_use_are_refused() -> None:
    words = json.loads(WORDS)
    words["fields"]["ghost"] = {"label": "Ghost"}
    with pytest.raises(FormFileError, match="ghost"):
        load_form(STRUCTURE, LISTS, json.dumps(words).encode())
    spare = json.dumps({"id": "spare", "source": "", "codes": ["a"]}).encode()
    with pytest.raises(FormFileError, match="spare"):
        load_form(STRUCTURE, {**LISTS, "spare": spare}, WORDS)


def test_file_that_is_not_json_is_a_defect_not_a_user_error() -> None:
    with pytest.raises(FormFileError, match="not JSON"):
        load_form(b"{", LISTS, WORDS)
    assert not issubclass(FormFileError, UserError)


def test_packaged_files_are_read_by_relative_names_only() -> None:
    assert "report.json" in list_names("form")
    for name in ("../pyproject.toml", "/etc/hosts", "form//report.json", "form\\report.json"):
        with pytest.raises(ValueError, match="relative"):
            read_bytes(name)
    with pytest.raises(FileNotFoundError):
        read_bytes("form/none.json")
