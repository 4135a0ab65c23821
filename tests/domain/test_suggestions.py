"""A story's own words suggest answers; each can be told from the word that led to it."""

import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.form import FieldId
from app.domain.suggestions import MOST, Cues, load_cues, suggest
from resources.read import read_bytes
from ui.cli.parts import read_cues, read_form

FORM, _ = read_form()
CUES = read_cues(FORM)


def codes(text: str, field: str, cues: Cues = CUES) -> list[str]:
    return [str(each.code) for each in suggest(text, cues).get(FieldId(field), ())]


def because(text: str, field: str) -> Mapping[str, str]:
    found = suggest(text, CUES).get(FieldId(field), ())
    return {str(each.code): each.because for each in found}


def test_words_lead_to_codes_and_are_named() -> None:
    text = "On a traffic stop the driver had a knife. We were hydroplaning in the rain."
    assert "traffic_stop_minor" in codes(text, "activity_detail")
    assert because(text, "hazard")["edged_weapon"] == "knife"
    assert because(text, "hazard")["crash_while_driving"] == "hydroplaning"
    assert codes(text, "weather") == ["2"]


def test_what_is_denied_suggests_nothing_but_a_cue_may_hold_the_denial() -> None:
    assert codes("There was no knife.", "hazard") == []
    assert codes("He came without a knife.", "hazard") == []
    assert "search_incomplete" in codes("He had not been searched.", "contributing")


def test_more_cues_come_first_and_no_more_than_three() -> None:
    text = "A dog. The knife, a blade, a razor. Smoke and a rock and a ladder."
    found = codes(text, "hazard")
    assert found[0] == "edged_weapon"
    assert len(found) == MOST


def test_a_list_that_is_like_another_has_its_cues() -> None:
    assert codes("a knife", "secondary_hazard") == codes("a knife", "hazard")


def test_a_cue_for_a_code_that_is_not_in_the_form_is_refused() -> None:
    raw = read_bytes("form/cues.en.json").replace(b'"edged_weapon"', b'"no_such_code"')
    with pytest.raises(ValueError, match="no_such_code"):
        load_cues(raw, FORM)


@given(st.text())
def test_only_codes_of_the_form_are_suggested(text: str) -> None:
    for name, found in suggest(text, CUES).items():
        options = FORM.report_field(name).shape.options
        assert 0 < len(found) <= MOST
        assert all(each.code in options for each in found)


def test_a_megabyte_stays_quick() -> None:
    start = time.process_time()
    suggest("stopped a " * 100_000, CUES)
    assert time.process_time() - start < 5
