"""What leaves of a report: nothing private, nothing exact, every masked finding replaced."""

import json

import pytest

from app.domain.answer_reading import answers_to_json, parse_answers
from app.domain.answers import PrivateNotes, ReportAnswers
from app.domain.form import FieldId, Form
from app.domain.form_file import load_form
from app.domain.navigation import complete_with_not_asked
from app.domain.report import Certainty
from resources.read import list_names, read_bytes, read_form_files
from sync.outgoing import Reviewed, explain_doubt, leave, review
from sync.scrub import Doubt, Scrubber


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(*read_form_files())[0]


@pytest.fixture(scope="module")
def scrubber() -> Scrubber:
    return Scrubber.from_resources(
        {name: read_bytes(f"scrub/{name}") for name in list_names("scrub")}
    )


@pytest.fixture(scope="module")
def rules(scrubber: Scrubber) -> Scrubber:
    """Without the model, whose judgement may change with its training."""
    return Scrubber(scrubber.lexicon)


@pytest.fixture(scope="module")
def parsed(form: Form) -> tuple[ReportAnswers, PrivateNotes]:
    raw = json.loads(read_bytes("sample/first_report.json"))["answers"]
    answers, notes = parse_answers(form, raw)
    return complete_with_not_asked(form, answers), notes


@pytest.fixture(scope="module")
def reviewed(
    form: Form, parsed: tuple[ReportAnswers, PrivateNotes], scrubber: Scrubber
) -> Reviewed:
    return review(form, *parsed, scrubber)


def test_the_invented_report_leaves_without_a_single_one_of_its_identifiers(
    form: Form, reviewed: Reviewed
) -> None:
    texts = "\n".join(leave(form, reviewed.with_all_masked()).texts.values())
    for word in (
        "Whitlock",
        "Dana",
        "Teller",
        "Okafor",
        "Ferraro",
        "Brandt",
        "4-Adam-12",
        "KTR-4471",
        "Harlow",
        "Bellweather",
        "2217",
        "26-003318",
        "555-0142",
        "records@",
        "March",
        "2340",
        "07/14/1991",
    ):
        assert word not in texts, word
    assert "Honda Accord" in texts
    assert "three minutes later" in texts


def test_names_of_the_private_notes_are_found_where_nothing_else_tells(
    form: Form, parsed: tuple[ReportAnswers, PrivateNotes], rules: Scrubber
) -> None:
    answers, _ = parse_answers(form, {"what_happened": "then sandry went round the back " * 6})
    _, notes = parse_answers(form, {"local_people": ["Sandry"]})
    without = review(form, answers, PrivateNotes(form), rules)
    watched = review(form, answers, notes, rules)
    assert without.findings[FieldId("what_happened")] == ()
    assert "sandry" not in leave(form, watched).texts[FieldId("what_happened")]


def test_the_exact_moment_of_the_private_notes_is_found_as_it_is_usually_written(
    form: Form, rules: Scrubber
) -> None:
    text = "It was march 5 by the log, at 14:30 or a little later, and nobody was hurt there. "
    answers, _ = parse_answers(form, {"what_happened": text})
    _, notes = parse_answers(form, {"local_exact_datetime": "2026-03-05 14:30"})
    found = review(form, answers, notes, rules).findings[FieldId("what_happened")]
    known = [text[each.span.start : each.span.end] for each in found if each.source == "known"]
    assert known == ["march 5", "14:30"]


def test_no_private_note_is_among_what_leaves(form: Form, reviewed: Reviewed) -> None:
    leaving = leave(form, reviewed)
    private = {field.id for field in form.private}
    assert not private & ({*leaving.coarse} | {*leaving.texts})


def test_exact_codes_leave_coarse(form: Form, reviewed: Reviewed) -> None:
    codes = answers_to_json(form, leave(form, reviewed).coarse)
    assert (codes["event_month"], codes["state"]) == ("q1", "west_north_central")


def test_what_is_only_possible_is_left_until_somebody_masks_it(form: Form, rules: Scrubber) -> None:
    text = "We met on Tuesday as always and talked about the search of cars. " * 3
    answers, notes = parse_answers(form, {"what_happened": text})
    found = review(form, answers, notes, rules)
    possible = [
        each
        for each in found.findings[FieldId("what_happened")]
        if each.certainty is Certainty.POSSIBLE
    ]
    assert possible
    assert "Tuesday" in leave(form, found).texts[FieldId("what_happened")]
    assert "Tuesday" not in leave(form, found.with_all_masked()).texts[FieldId("what_happened")]


def test_a_doubt_of_the_scrubber_is_one_of_the_review(
    form: Form, parsed: tuple[ReportAnswers, PrivateNotes], rules: Scrubber
) -> None:
    assert Doubt.MODEL in review(form, *parsed, rules).doubts


@pytest.mark.parametrize("doubt", Doubt)
def test_every_doubt_is_explained_in_sentences(doubt: Doubt) -> None:
    title, text = explain_doubt(doubt)
    assert title.endswith(".")
    assert "Read every word yourself" in text
