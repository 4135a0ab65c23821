"""Rows of filters and results, and published text made fit for the screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.archive import ArchiveNumber, CodeValue, SearchHit
from app.use_cases.read_archive import SHELF, Facets, Question
from ui.cli.parts import read_form
from ui.models.code_labels import CodeLabels
from ui.models.filter_rows import FilterRow, Folding, RowKind, make_rows
from ui.models.result_rows import make_row
from ui.models.shown_text import shown_line, shown_text, snippet_runs

CLOSED = Folding({}, frozenset())


@pytest.fixture(scope="module")
def names() -> CodeLabels:
    return CodeLabels(read_form()[1])


def rows_of(
    names: CodeLabels, counts: dict[str, dict[str, int]], where: dict[str, str] | None = None
) -> tuple[FilterRow, ...]:
    return make_rows(Facets(1, counts), Question("", where or {}), names, CLOSED)


def texts(rows: tuple[FilterRow, ...]) -> list[tuple[str, int]]:
    return [(row.text, row.count) for row in rows]


@given(st.text(st.characters()))
def test_shown_text_hides_and_reorders_nothing(text: str) -> None:
    shown = shown_text(text)
    assert not any(ord(each) < 32 and each not in "\n\t" for each in shown)
    assert not set(shown) & set("\u202e\u202d\u2066\u2069\u200f\x7f")
    shown.encode()


@given(st.text())
def test_a_shown_line_is_one_short_line(text: str) -> None:
    line = shown_line(text, 20)
    assert len(line) <= 20
    assert "\n" not in line


@given(st.text(st.characters() | st.sampled_from("\x02\x03")))
def test_any_snippet_gives_runs_on_one_line(snippet: str) -> None:
    shown = "".join(text for text, _is_found in snippet_runs(snippet))
    assert not set(shown) & set("\x02\x03\n\x00")


def test_found_words_are_marked_and_near_the_beginning() -> None:
    runs = snippet_runs("a very long way before the word comes at last \x02dog\x03 barked")
    assert [is_found for _text, is_found in runs] == [False, True, False]
    assert runs[1][0] == "dog"
    assert runs[0][0].startswith("…")
    assert len(runs[0][0]) < 30


def test_codes_have_the_labels_of_the_form_and_special_values_stand_apart(
    names: CodeLabels,
) -> None:
    rows = rows_of(names, {"light": {"5": 9, "special:unknown": 7, "1": 2}})
    assert texts(rows) == [("Light", 0), ("Daylight", 2), ("Dusk", 9), ("Not known", 7)]
    assert rows[-1].kind is RowKind.SPECIAL


def test_many_codes_are_folded_the_commonest_first(names: CodeLabels) -> None:
    hazards = ["gunfire", "animal", "fall", "fire", "crash", "edged", "blunt", "odd_thing"]
    rows = rows_of(names, {"hazard": {code: n for n, code in enumerate(hazards, 1)}})
    assert [row.count for row in rows] == [0, 8, 7, 6, 5, 4, 3, 0]
    assert rows[1].text == "Odd thing"
    assert rows[-1] == FilterRow(RowKind.MORE, "hazard", "Show all 8")


def test_a_chosen_code_stays_to_be_seen_without_any_report(names: CodeLabels) -> None:
    rows = rows_of(names, {}, {"light": "5"})
    assert [(row.text, row.count, row.is_on) for row in rows] == [
        ("Light", 0, True),
        ("Dusk", 0, True),
    ]


def test_years_come_newest_first_and_shelves_have_plain_names(names: CodeLabels) -> None:
    counts = {SHELF: {"sister-systems": 3, "near-miss": 1}, "event_year": {"2019": 5, "2024": 1}}
    found = [text for text, _count in texts(rows_of(names, counts))]
    assert found[3:] == ["Year", "2024", "2019"]
    assert set(found[1:3]) == {"Near misses", "Sister systems"}


def test_a_result_shows_its_year_and_no_special_values(names: CodeLabels) -> None:
    codes: dict[str, CodeValue] = {
        "event_year": 2024,
        "light": {"special": "unknown"},
        "hazard": "gunfire",
    }
    row = make_row(SearchHit(ArchiveNumber(7), "near-miss", " ", "", codes), names)
    assert (row.title, row.year, row.chips) == ("Report 7", "2024", ("Gunfire",))
