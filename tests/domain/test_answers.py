"""Reading, checking and writing answers."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.answer_reading import (
    answer_from_json,
    answers_from_json,
    answers_to_json,
    describe_answer,
    parse_answers,
    parse_coding,
    read_answer,
)
from app.domain.answer_values import Chosen, Number, Several, Special, Words
from app.domain.answers import CoarseAnswers, CodingAnswers, PrivateNotes, ReportAnswers
from app.domain.form import Code, FieldId, FieldType, ReportField, SpecialValue
from app.domain.form_file import load_form
from app.domain.plain_text import UnfitTextError, clean_text
from app.errors import InputError
from resources.read import read_form_files

FORM, LABELS = load_form(*read_form_files())
HAZARD, PEOPLE = FieldId("hazard"), FieldId("local_people")


def _values(field: ReportField) -> st.SearchStrategy[Any]:
    """Values that a person may give for the field."""
    shape = field.shape
    specials = [st.just({"special": str(each)}) for each in field.specials]
    if field.type is FieldType.CHOICE:
        return st.one_of(st.sampled_from(shape.options), *specials)
    if field.type is FieldType.MULTI:
        free = [code for code in shape.options if code not in shape.alone]
        lists = st.lists(st.sampled_from(free), max_size=shape.max_choices or 5, unique=True)
        return st.one_of(lists, st.sampled_from(shape.options), *specials)
    if field.type is FieldType.YEAR:
        return st.integers(1970, 2026)
    letters = st.characters(exclude_categories=["Cs", "Cc", "Cf"])
    return st.text(letters, max_size=shape.max_chars)


RAW_ANSWERS = st.fixed_dictionaries(
    {}, optional={str(field.id): _values(field) for field in FORM.report_fields()}
)


@given(raw=RAW_ANSWERS)
def test_what_is_read_is_written_and_read_again_the_same(raw: dict[str, Any]) -> None:
    report, private = parse_answers(FORM, raw)
    written = json.loads(json.dumps(answers_to_json(FORM, report)))
    assert answers_from_json(ReportAnswers, FORM, written) == report
    assert parse_answers(FORM, written)[0] == report
    assert len(private) == 0


@given(text=st.text(max_size=200), one_line=st.booleans())
def test_cleaning_twice_changes_nothing_more(text: str, one_line: bool) -> None:
    try:
        cleaned = clean_text(text, one_line=one_line)
    except UnfitTextError:
        return
    assert clean_text(cleaned, one_line=one_line) == cleaned
    assert "\r" not in cleaned
    assert "\u200b" not in cleaned


def test_answers_are_split_into_what_may_leave_and_what_may_not() -> None:
    report, private = parse_answers(FORM, {"hazard": "gunfire", "local_people": ["A. Example"]})
    assert report == ReportAnswers(FORM, {HAZARD: Chosen((Code("gunfire"),))})
    assert private == PrivateNotes(FORM, {PEOPLE: Several(("A. Example",))})


def test_private_notes_cannot_be_put_into_any_other_collection() -> None:
    notes = PrivateNotes(FORM, {PEOPLE: Several(("A. Example",))})
    for kind in (ReportAnswers, CoarseAnswers, CodingAnswers):
        with pytest.raises(InputError, match="cannot hold the field local_people"):
            kind(FORM, dict(notes))
    with pytest.raises(InputError, match="cannot hold the field hazard"):
        PrivateNotes(FORM, {HAZARD: Chosen((Code("gunfire"),))})
    with pytest.raises(InputError, match="cannot hold"):
        answers_from_json(ReportAnswers, FORM, answers_to_json(FORM, notes))


def test_collections_of_different_kinds_are_never_equal() -> None:
    assert ReportAnswers(FORM) != CoarseAnswers(FORM)
    assert ReportAnswers(FORM) == ReportAnswers(FORM)
    assert hash(ReportAnswers(FORM)) == hash(ReportAnswers(FORM))


def test_the_printed_form_of_a_collection_holds_no_answer() -> None:
    report, _ = parse_answers(FORM, {"title": "Canary", "hazard": "gunfire"})
    assert "Canary" not in repr(report)
    assert "gunfire" not in repr(report)


def test_changed_makes_a_copy_and_takes_out() -> None:
    before, _ = parse_answers(FORM, {"hazard": "gunfire"})
    after = before.changed(FORM, {HAZARD: None, FieldId("event_year"): Number(2024)})
    assert dict(after) == {FieldId("event_year"): Number(2024)}
    assert HAZARD in before


@pytest.mark.parametrize("blank", [None, "", [], "  ", "\u200b"])
def test_blank_is_no_answer(blank: object) -> None:
    assert read_answer(FORM.field(FieldId("title")), blank) is None


BAD: list[tuple[str, object, str]] = [
    ("hazard", "lasers", 'no option "lasers"'),
    ("hazard", "He shouted, and then I", "no option like this"),
    ("hazard", ["gunfire", "animal"], "at most 1"),
    ("hazard", 3, "written as a number"),
    ("hazard", True, "neither text nor number"),
    ("hazard", {"special": "unknown"}, "not offered here"),
    ("hazard", {"special": "banana"}, "no special value"),
    ("hazard", {"special": []}, "no special value"),
    ("hazard", {}, "no special value"),
    ("light", {"special": "not_asked"}, "not for you to choose"),
    ("light", {"special": "deidentified"}, "not for you to choose"),
    ("weather", ["1", "2", "4"], "at most 2"),
    ("weapon", ["12", "99"], "99 cannot be combined"),
    ("event_year", "2024", "written as a text"),
    ("event_year", 1950, "out of range"),
    ("event_year", 10**30, "out of range"),
    ("title", ["a"], "not a choice"),
    ("title", "x" * 121, "121 characters"),
    ("title", "a\x00b", "control characters"),
    ("title", "a\u202eb", "order of the text"),
    ("title", "a\ud800b", "half a character"),
    ("title", 4, "written as a number"),
    ("what_happened", "x" * 20_001, "20001 characters"),
    ("local_people", ["x"] * 51, "51 entries"),
    ("local_people", ["x" * 101], "101 characters"),
    ("local_people", [1], "neither text nor number"),
    ("local_exact_datetime", "2026-02-30 10:00", "not a date and time"),
    ("local_exact_datetime", "yesterday", "not a date and time"),
]


@pytest.mark.parametrize(("name", "value", "fault"), BAD)
def test_misfit_is_refused_with_id_label_and_what_is_accepted(
    name: str, value: object, fault: str
) -> None:
    with pytest.raises(InputError, match=fault) as refusal:
        parse_answers(FORM, {name: value})
    assert name in refusal.value.title
    assert FORM.field(FieldId(name)).label in refusal.value.title
    assert refusal.value.hint.startswith("It accepts ")


def test_refusal_never_repeats_a_text() -> None:
    with pytest.raises(InputError) as refusal:
        parse_answers(FORM, {"hazard": "Sergeant Canary shot at me"})
    assert "Canary" not in refusal.value.sentence()


@pytest.mark.parametrize("name", ["no_such_field", "accession", "synopsis", "hazzard"])
def test_field_that_is_not_the_reporters_is_refused_by_name(name: str) -> None:
    with pytest.raises(InputError, match=name):
        parse_answers(FORM, {name: "x"})


def test_near_field_name_is_suggested() -> None:
    with pytest.raises(InputError) as refusal:
        parse_answers(FORM, {"hazzard": "gunfire"})
    assert "Did you mean hazard" in refusal.value.hint


def test_year_to_come_is_refused_when_the_year_is_known() -> None:
    with pytest.raises(InputError, match="still to come"):
        parse_answers(FORM, {"event_year": 2027}, this_year=2026)
    assert parse_answers(FORM, {"event_year": 2026}, this_year=2026)[0]


def test_choices_are_kept_once_and_in_the_order_of_the_form() -> None:
    report, _ = parse_answers(FORM, {"weapon": ["20", "12", "20"], "visibility": "glare"})
    assert answers_to_json(FORM, report) == {"visibility": ["glare"], "weapon": ["12", "20"]}


def test_text_is_normalised() -> None:
    report, _ = parse_answers(
        FORM, {"title": " one\r\ntwo\u00ad ", "lessons": "a\r\nb\u2028c\rd", "went_well": "e\u0301"}
    )
    assert report[FieldId("title")] == Words("one two")
    assert report[FieldId("lessons")] == Words("a\nb\nc\nd")
    assert report[FieldId("went_well")] == Words("\u00e9")


def test_special_values_stay_apart_in_storage() -> None:
    for value in SpecialValue:
        answers = ReportAnswers(FORM, {FieldId("sleep_24h"): Special(value)})
        written = answers_to_json(FORM, answers)
        assert written == {"sleep_24h": {"special": value.value}}
        assert answers_from_json(ReportAnswers, FORM, written) == answers


def test_only_the_canonical_form_is_read_back() -> None:
    weapon = FORM.field(FieldId("weapon"))
    for value in ("12", ["20", "12"], ["12", "12"], None, ""):
        with pytest.raises(InputError):
            answer_from_json(weapon, value)
    with pytest.raises(InputError):
        answers_from_json(ReportAnswers, FORM, {"no_such_field": "x"})


def test_coding_is_read_apart_and_what_the_program_fills_is_refused() -> None:
    coding = parse_coding(FORM, {"alert": "fyi", "coded_event": ["foot_pursuit"], "hfacs": []})
    assert answers_to_json(FORM, coding) == {"alert": "fyi", "coded_event": ["foot_pursuit"]}
    for name in ("accession", "hazard", "local_people"):
        with pytest.raises(InputError, match=name):
            parse_coding(FORM, {name: "x"})
    with pytest.raises(InputError, match="takes no special value"):
        parse_coding(FORM, {"alert": {"special": "unknown"}})


def test_program_fills_number_and_month() -> None:
    raw = {"accession": 1042, "received_month": "2026-03"}
    assert answers_to_json(FORM, answers_from_json(CodingAnswers, FORM, raw)) == raw
    for wrong in ({"accession": -1}, {"received_month": "2026-13"}):
        with pytest.raises(InputError):
            answers_from_json(CodingAnswers, FORM, wrong)


def test_coarse_answers_take_neither_texts_nor_exact_codes() -> None:
    with pytest.raises(InputError, match="not a coarse answer"):
        CoarseAnswers(FORM, {FieldId("title"): Words("x")})
    with pytest.raises(InputError, match="not a coarse answer"):
        CoarseAnswers(FORM, {FieldId("state"): Chosen((Code("CO"),))})
    not_asked = {FieldId("title"): Special(SpecialValue.NOT_ASKED)}
    assert dict(CoarseAnswers(FORM, not_asked)) == not_asked


def test_answers_are_described_in_words() -> None:
    raw = {
        "weapon": ["12", "99"][:1],
        "sleep_24h": {"special": "declined"},
        "event_year": 2024,
        "title": "A title",
    }
    report, notes = parse_answers(FORM, {**raw, "local_people": ["A", "B"]})
    described = {
        field_id: describe_answer(LABELS, FORM.field(field_id), answer)
        for field_id, answer in (*report.items(), *notes.items())
    }
    assert described == {
        "title": "A title",
        "event_year": "2024",
        "sleep_24h": "Prefer not to say",
        "weapon": "Handgun",
        "local_people": "A; B",
    }
