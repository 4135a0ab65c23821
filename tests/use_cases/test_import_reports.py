"""What of a sister system's line becomes a code, and that the rest stays as text."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.answer_reading import answer_from_json
from app.domain.answers import CoarseAnswers
from app.domain.form import FieldId, Form
from app.errors import InputError
from app.use_cases.import_reports import ImportedReport, read_imported


def _read(form: Form, *lines: dict[str, str]) -> list[ImportedReport]:
    raw = "\n".join(json.dumps(line) for line in lines).encode()
    return list(read_imported(form, io.BytesIO(raw)))


def test_certain_codes_are_mapped_and_everything_else_is_kept_as_text(form: Form) -> None:
    (found,) = _read(
        form,
        {
            "source": "asrs",
            "id": "X1",
            "date": "201203",
            "time_block": "1201-1800",
            "light": "Night",
            "human_factors": "Fatigue; Confusion",
            "text": "Nothing real happened. This line is invented.",
            "anomaly": "Some anomaly",
        },
    )
    assert found.codes == {
        "event_year": 2012,
        "time_block": "1201_1800",
        "light": "6",
        "contributing": ["fatigue"],
    }
    assert found.texts["title"] == "Nothing real happened"
    assert found.texts["source"] == "ASRS X1"
    assert "Human factors: Fatigue; Confusion" in found.texts["source_codes"]
    assert "Anomaly: Some anomaly" in found.texts["source_codes"]


def test_blank_removed_and_not_offered_stay_apart(form: Form) -> None:
    asrs = {"source": "asrs", "id": "1", "text": "Invented.", "time_block": "ZZZ", "light": ""}
    safenet = {"source": "safenet", "id": "2", "text": "Invented.", "date": "09/05/2012 17:00"}
    first, second = _read(form, asrs, safenet)
    assert first.codes == {
        "time_block": {"special": "deidentified"},
        "light": {"special": "unknown"},
    }
    assert second.codes == {"event_year": 2012}


def test_markup_becomes_plain_text(form: Form) -> None:
    (found,) = _read(
        form, {"source": "safenet", "id": "1", "text": "One.<br/>Two &amp; three<BR>four"}
    )
    assert found.texts["what_happened"] == "One.\nTwo & three\nfour"


@pytest.mark.parametrize(
    "line",
    [b"{", b"[]", b'{"source": "asrs"}', b'{"source": 1, "id": "", "text": ""}', b"\xff\xfe"],
)
def test_a_line_that_is_no_report_is_named_by_its_number(form: Form, line: bytes) -> None:
    good = json.dumps({"source": "a", "id": "b", "text": "c"}).encode()
    with pytest.raises(InputError, match="Line 2 "):
        list(read_imported(form, io.BytesIO(good + b"\n" + line)))


@pytest.mark.parametrize("date", ["00/12/9999 x", "000101", "999912", "01/01/0000"])
def test_a_year_that_cannot_be_is_named_with_its_line(form: Form, date: str) -> None:
    good = json.dumps({"source": "a", "id": "b", "text": "c"}).encode()
    bad = json.dumps({"source": "a", "id": "b", "text": "c", "date": date}).encode()
    with pytest.raises(InputError, match=r"Line 2 .*event_year"):
        list(read_imported(form, io.BytesIO(good + b"\n" + bad)))


@given(st.dictionaries(st.sampled_from(["date", "light", "human_factors", "action"]), st.text()))
def test_no_line_breaks_the_import_or_makes_an_unknown_code(
    form: Form, more: dict[str, str]
) -> None:
    (found,) = _read(form, {"source": "asrs", "id": "1", "text": "Invented.", **more})
    for name, value in found.codes.items():
        field = form.report_field(FieldId(name))
        CoarseAnswers(form, {field.id: answer_from_json(field, value)})


def test_every_real_report_is_read_and_every_code_is_one_of_the_form(
    form: Form, corpus: Path
) -> None:
    with (corpus / "real_near_misses.jsonl").open("rb") as lines:
        found = list(read_imported(form, lines))
    assert len(found) == 4_236
    for report in found:
        assert report.texts["title"]
        for name, value in report.codes.items():
            field = form.report_field(FieldId(name))
            CoarseAnswers(form, {field.id: answer_from_json(field, value)})
