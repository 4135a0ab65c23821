"""Replacements: how they are written and read, and that one identity has one."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.report import Certainty, Finding, Kind, Span, apply_findings
from sync.scrub import Scrubber
from sync.scrub.lesson_words import DETAILS
from sync.scrub.normalise import GAP, make_plain
from sync.scrub.replaced import find_replacements, read_replacement, write_replacement
from sync.scrub.replacement import Found, number_findings
from sync.scrub.rules.places import find_places
from sync.scrub.tokens import cut_words

KINDS = st.sampled_from(list(Kind))


def find(text: str, words: str, kind: Kind, certainty: Certainty = Certainty.SURE) -> Found:
    start = text.index(words)
    return Found(Span(start, start + len(words)), kind, certainty, "a reason", "rule", words)


def number(text: str, *found: Found) -> list[str]:
    findings, _ = number_findings({"story": found}, [text])
    return [each.replacement for each in findings["story"]]


@given(KINDS, st.integers(1, 99_999), st.data())
def test_what_is_written_is_read_again(kind: Kind, count: int, data: st.DataObject) -> None:
    detail = data.draw(st.sampled_from(["", *DETAILS.get(kind, ())]))
    written = write_replacement(kind, count, detail)
    read = read_replacement(written)
    assert read == (0, len(written), kind, count, detail)
    assert make_plain(f"x {written}.").text == f"x {GAP}."


@given(KINDS, st.text(min_size=1, max_size=20))
def test_nothing_but_the_closed_list_is_written(kind: Kind, detail: str) -> None:
    if detail not in DETAILS.get(kind, ()):
        with pytest.raises(ValueError, match="closed list"):
            write_replacement(kind, 1, detail)


@pytest.mark.parametrize(
    "text",
    [
        "[NAME-1, Dale Kowalczyk]",
        "[NAME-1, winter]",
        "[PLACE-1, winter]",
        "[DATE-1,winter]",
        "[DATE-1, ]",
        "[ABC-123]",
        "[BADGE-0417]",
        "[CASE-230044181]",
        "[NAME-\u0661]",
        "[name-1]",
        "[NAME-1",
    ],
)
def test_what_a_person_wrote_in_brackets_is_no_replacement(text: str) -> None:
    assert list(find_replacements(text)) == []
    assert make_plain(text).text.startswith("[")


def test_curved_quotes_do_not_hide_a_replacement() -> None:
    read = read_replacement("[AGENCY-2, a sheriff\u2019s office]")
    assert read is not None
    assert read.detail == "a sheriff's office"


def test_an_identity_takes_what_its_first_mention_tells_that_tells_anything() -> None:
    text = "1-2-2024, DOB 12/1/1990, DOB 3/3/90, 3-3-90"
    bare, told = find(text, "3/3/90", Kind.DATE), find(text, "3-3-90", Kind.DATE)
    birthday = find(text, "12/1/1990", Kind.DATE)
    assert number(text, find(text, "1-2-2024", Kind.DATE), birthday, bare, told) == [
        "[DATE-1, winter]",
        "[DATE-2]",
        "[DATE-3, spring]",
        "[DATE-3, spring]",
    ]


def test_numbers_go_on_after_replacements_of_both_forms() -> None:
    text = "[DATE-3, winter] then [DATE-2] and June 9"
    assert number(text, find(text, "June 9", Kind.DATE)) == ["[DATE-4, summer]"]


def test_the_same_place_in_two_fields_has_one_replacement(scrubber: Scrubber) -> None:
    texts = {
        "story": "We met at Jefferson Middle School at 0215 hrs.",
        "lesson": "Do not meet at JEFFERSON MIDDLE SCHOOL.",
    }
    result = scrubber.scrub(texts)
    left = {field: apply_findings(text, result.findings[field]) for field, text in texts.items()}
    assert left["story"] == "We met at [PLACE-1, a school] at [TIME-1, night]."
    assert "[PLACE-1, a school]" in left["lesson"]
    assert "[PLACE-1, a school]" in result.identities


def test_a_town_that_is_called_a_park_tells_nothing(scrubber: Scrubber) -> None:
    text = "We drove to Overland Park."
    words = cut_words(text, scrubber.lexicon)
    reasons = {each.reason for each in find_places(words, scrubber.lexicon)}
    assert "is a town" in reasons
    town = replace(find(text, "Overland Park", Kind.PLACE), reason="is a town")
    assert number(text, town) == ["[PLACE-1]"]


def test_intervals_stay(scrubber: Scrubber) -> None:
    text = "Two minutes later we ran 40 feet, for ten seconds."
    assert apply_findings(text, scrubber.scrub_text(text)) == text


def is_masked(found: Finding) -> bool:
    return found.masked


@given(st.data())
def test_a_second_scrub_leaves_replacements_alone(scrubber: Scrubber, data: st.DataObject) -> None:
    pieces = [write_replacement(kind, 7, each) for kind in DETAILS for each in DETAILS[kind]]
    chosen = data.draw(st.lists(st.sampled_from(pieces), min_size=1, max_size=4))
    text = f"We met at {' and '.join(chosen)}, then he ran."
    assert not any(map(is_masked, scrubber.scrub_text(text)))
    assert scrubber.scrub({"story": text}).leftovers["story"] == ()


@pytest.mark.parametrize("piece", ["[", "[NAME-1", "[NAME-1, ", "[DATE-1, a", "[DATE-1, winter]"])
def test_reading_takes_linear_time(piece: str) -> None:
    def measure(length: int) -> float:
        text = piece * (length // len(piece))
        began = time.process_time()
        sum(1 for _ in find_replacements(text))
        return time.process_time() - began

    assert measure(800_000) < 10 * measure(200_000) + 0.3
