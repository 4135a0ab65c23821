"""What private notes say is found, and their ordinary words are not taken for names."""

from datetime import datetime

import pytest

from app.domain.report import Certainty, Kind
from sync.scrub import Identities, Scrubber

EVENING = datetime(2026, 3, 5, 14, 30)  # noqa: DTZ001  (local, as the form asks for it)


def mark(rules: Scrubber, text: str, *notes: str) -> dict[str, Certainty]:
    return {
        text[each.span.start : each.span.end]: each.certainty
        for each in rules.scrub_text(text, Identities(names=notes))
        if each.source == "known"
    }


def test_ordinary_words_of_a_longer_note_are_no_names(rules_only: Scrubber) -> None:
    text = "My partner called Dispatch. From there Mike ran. dale and Dispach fell."
    found = mark(rules_only, text, "Mike from dispatch", "my partner Dale")
    assert found.keys() == {"Mike", "dale"}


def test_a_single_ordinary_word_that_is_noted_is_a_name(rules_only: Scrubber) -> None:
    assert mark(rules_only, "Dispatch fell.", "Dispatch") == {"Dispatch": Certainty.LIKELY}


def test_the_capital_of_a_sentence_does_not_make_a_part_of_a_name_likely(
    rules_only: Scrubber,
) -> None:
    assert mark(rules_only, "Brown was up.", "Dana Brown") == {"Brown": Certainty.POSSIBLE}
    assert mark(rules_only, "Then Brown was up.", "Dana Brown") == {"Brown": Certainty.LIKELY}
    assert mark(rules_only, "Dana Brown ran.", "Dana Brown") == {"Dana Brown": Certainty.SURE}


@pytest.mark.parametrize(
    "date",
    [
        "March 5",
        "march 5th",
        "Mar. 05, 2026",
        "March 5 2026",
        "5 March",
        "5th of March, 2026",
        "05MAR26",
        "3/5",
        "03/05/2026",
        "3-5-26",
        "2026-03-05",
        "20260305",
    ],
)
def test_the_noted_date_is_found_as_it_is_usually_written(rules_only: Scrubber, date: str) -> None:
    text = f"It was on {date} that he ran."
    (found,) = rules_only.scrub_text(text, Identities(moments=(EVENING,)))
    assert text[found.span.start : found.span.end] == date
    assert (found.kind, found.masked) == (Kind.DATE, True)


@pytest.mark.parametrize(
    "time", ["14:30", "1430", "1430 hrs", "14:30:12", "2:30", "2:30 pm", "02:30 P.M.", "230pm"]
)
def test_the_noted_time_is_found_as_it_is_usually_written(rules_only: Scrubber, time: str) -> None:
    text = f"Then at about {time} he ran."
    (found,) = rules_only.scrub_text(text, Identities(moments=(EVENING,)))
    assert text[found.span.start : found.span.end] == time
    assert (found.kind, found.masked) == (Kind.TIME, True)


@pytest.mark.parametrize(
    "text",
    ["I marched 5 blocks.", "We found 230 of them.", "Pages 13/52 and 3/55.", "It was 1:14:305."],
)
def test_other_numbers_are_not_taken_for_the_noted_moment(rules_only: Scrubber, text: str) -> None:
    found = rules_only.scrub_text(text, Identities(moments=(EVENING,)))
    assert [each for each in found if each.source == "known"] == []
