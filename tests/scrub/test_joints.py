"""Neighbours that are one place, and what belongs to a finding beside it."""

import pytest

from app.domain.report import Certainty, Kind
from sync.scrub.candidates import Candidate
from sync.scrub.joints import join_neighbours


def _find(text: str, *parts: tuple[Kind, str]) -> list[Candidate]:
    return [
        Candidate(
            text.index(part), text.index(part) + len(part), kind, Certainty.LIKELY, "a reason"
        )
        for kind, part in parts
    ]


@pytest.mark.parametrize(
    ("text", "parts", "wanted"),
    [
        (
            "LOC DEPOT ST AT RAILROAD AVE",
            [(Kind.PLACE, "DEPOT ST"), (Kind.ADDRESS, "RAILROAD AVE")],
            "DEPOT ST AT RAILROAD AVE",
        ),
        (
            "shots at e 140th and kinsman",
            [(Kind.ADDRESS, "e 140th"), (Kind.NAME, "kinsman")],
            "e 140th and kinsman",
        ),
        (
            "ON I-84 EB NEAR MP 226",
            [(Kind.PLACE, "I-84 EB"), (Kind.ADDRESS, "MP 226")],
            "I-84 EB NEAR MP 226",
        ),
        (
            "mile marker 7 on Highway 118",
            [(Kind.ADDRESS, "mile marker 7"), (Kind.PLACE, "Highway 118")],
            "mile marker 7 on Highway 118",
        ),
        ("15A Tango saw it", [(Kind.UNIT, "15A")], "15A Tango"),
        ("called wilson tsosie senior", [(Kind.NAME, "wilson tsosie")], "wilson tsosie senior"),
        ("told Whitney Not-Afraid", [(Kind.NAME, "Whitney")], "Whitney Not-Afraid"),
        (
            "it was the day after Thanksgiving",
            [(Kind.DATE, "Thanksgiving")],
            "day after Thanksgiving",
        ),
        ("at 41 Oak St, rear", [(Kind.ADDRESS, "41 Oak St")], "41 Oak St, rear"),
        ("on SW 3rd Ave", [(Kind.ADDRESS, "3rd Ave")], "SW 3rd Ave"),
    ],
)
def test_what_belongs_together_becomes_one(
    text: str, parts: list[tuple[Kind, str]], wanted: str
) -> None:
    joined = list(join_neighbours(_find(text, *parts), text))
    assert [text[each.start : each.end] for each in joined] == [wanted]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("from Gallup and Grants", [(Kind.PLACE, "Gallup"), (Kind.PLACE, "Grants")]),
        ("at 41 Oak St. Okafor ran", [(Kind.ADDRESS, "41 Oak St"), (Kind.NAME, "Okafor")]),
        ("at 41 Oak St and Okafor ran", [(Kind.ADDRESS, "41 Oak St"), (Kind.NAME, "Okafor")]),
        ("Okafor senior officer", [(Kind.NAME, "Okafor")]),
        ("the day after, Monday", [(Kind.DATE, "Monday")]),
    ],
)
def test_what_stands_side_by_side_by_chance_stays_apart(
    text: str, parts: list[tuple[Kind, str]]
) -> None:
    assert list(join_neighbours(_find(text, *parts), text)) == []


def test_what_is_only_possible_is_not_joined() -> None:
    text = "DEPOT ST AT RAILROAD AVE"
    found = [
        Candidate(0, 8, Kind.PLACE, Certainty.POSSIBLE, "a reason"),
        Candidate(12, 24, Kind.ADDRESS, Certainty.LIKELY, "a reason"),
    ]
    assert list(join_neighbours(found, text)) == []
