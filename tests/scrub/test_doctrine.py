"""Sections of laws are no case numbers, and reports are no laws."""

import pytest

from sync.scrub.rules.doctrine import find_sections


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("cited under 327.35 and released", "327.35"),
        ("Charged with 16-5-41.", "16-5-41"),
        ("STATUTE: 76-6-404", "76-6-404"),
        ("CHARGES: IC 35-44.1-3-1", "35-44.1-3-1"),
        ("charged under 2C:12-1b today", "2C:12-1b"),
        ("no summons under Title 29-A.", "29-A"),
        ("violation of 21-5426", "21-5426"),
        ("§ 18.2-57", "18.2-57"),
    ],
)
def test_a_section_is_seen_after_a_word_of_law(text: str, section: str) -> None:
    assert [text[start:end] for start, end in find_sections(text)] == [section]


@pytest.mark.parametrize(
    "text",
    ["filed under 22-01833", "preserved under 2303-01166.", "Unit 12-41 left", "badge 327.35"],
)
def test_a_report_is_no_law(text: str) -> None:
    assert list(find_sections(text)) == []
