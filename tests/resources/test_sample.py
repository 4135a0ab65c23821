"""The invented reports: valid, complete, and already free of what could identify anybody."""

import json
import re
from typing import Any

import pytest

from app.domain.answer_reading import parse_answers, parse_coding
from app.domain.answer_values import Chosen, Words
from app.domain.form import FieldId
from app.domain.form_file import load_form
from app.domain.navigation import (
    check_coding_complete,
    check_complete,
    complete_with_not_asked,
    gate_stop,
    hidden_answers,
)
from resources.read import read_bytes, read_form_files
from sync.generalise import generalise

FORM, LABELS = load_form(*read_form_files())
ARCHIVE: dict[str, Any] = json.loads(read_bytes("sample/near_misses.json"))
FIRST: dict[str, Any] = json.loads(read_bytes("sample/first_report.json"))
REPORTS: list[dict[str, Any]] = ARCHIVE["reports"]
TITLES = [report["answers"]["title"] for report in REPORTS]


def test_there_are_15_reports_marked_as_invented_for_this_form() -> None:
    assert len(REPORTS) == len(set(TITLES)) == 15
    for sample in (ARCHIVE, FIRST):
        assert sample["marked"] == "invented"
        assert (sample["form"], sample["version"]) == (FORM.id, FORM.version)


@pytest.mark.parametrize("report", REPORTS, ids=TITLES)
def test_sample_report_is_complete_consistent_and_fully_coded(report: dict[str, Any]) -> None:
    answers, notes = parse_answers(FORM, report["answers"], this_year=2026)
    coding = parse_coding(FORM, report["coding"])
    assert not notes
    assert gate_stop(FORM, answers) is None
    assert hidden_answers(FORM, answers) == ()
    assert check_complete(FORM, answers) == ()
    assert check_coding_complete(FORM, coding) == ()
    finished = complete_with_not_asked(FORM, answers)
    assert len(finished) >= 70
    assert generalise(FORM, finished)


@pytest.mark.parametrize("report", REPORTS, ids=TITLES)
def test_sample_story_has_150_to_350_words_and_lessons(report: dict[str, Any]) -> None:
    answers = report["answers"]
    assert 150 <= len(answers["what_happened"].split()) <= 350
    assert answers["lessons"]
    assert answers["prevention"]


@pytest.mark.parametrize("report", REPORTS, ids=TITLES)
def test_sample_text_holds_no_date_clock_time_weekday_or_number_of_many_digits(
    report: dict[str, Any],
) -> None:
    texts = [
        answer.text
        for collection in (
            parse_answers(FORM, report["answers"])[0],
            parse_coding(FORM, report["coding"]),
        )
        for answer in collection.values()
        if isinstance(answer, Words)
    ]
    for text in texts:
        assert not re.search(r"\d{4}|\d:\d\d|\d/\d|@|\b[ap]\.?m\b", text)
        assert not re.search(r"\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b", text)
        assert not re.search(r"\b(January|February|March|April|June|July|August)\b", text)


def test_sample_covers_many_activities_hazards_and_kinds_of_agency() -> None:
    for name, least in (("activity_detail", 11), ("hazard", 12), ("agency_type", 6)):
        answers = [parse_answers(FORM, report["answers"])[0] for report in REPORTS]
        chosen = {str(each.get(FieldId(name))) for each in answers}
        assert len(chosen) >= least


def test_first_report_is_ready_to_finish_and_full_of_identifiers() -> None:
    answers, notes = parse_answers(FORM, FIRST["answers"], this_year=2026)
    assert gate_stop(FORM, answers) is None
    assert hidden_answers(FORM, answers) == ()
    assert check_complete(FORM, answers) == ()
    assert len(notes) == len(FORM.private)
    story = FIRST["answers"]["what_happened"]
    for name in FIRST["answers"]["local_people"]:
        every_text = json.dumps(FIRST["answers"])
        assert every_text.count(name.split()[1]) > 1
    for identifier in (
        "badge 2217",
        "KTR-4471",
        "1418 Harlow Avenue",
        "(314) 555-0142",
        "2340 hrs",
    ):
        assert identifier in story
    assert isinstance(answers[FieldId("hazard")], Chosen)
