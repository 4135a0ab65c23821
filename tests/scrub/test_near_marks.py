"""Where one identifier ends and the sentence goes on, and forms that capitals hide."""

import pytest

from app.domain.report import Certainty, Kind
from sync.scrub import Identities, Scrubber

Found = list[tuple[str, Kind, Certainty]]
LIKELY, SURE, POSSIBLE = Certainty.LIKELY, Certainty.SURE, Certainty.POSSIBLE


def find(rules_only: Scrubber, text: str) -> Found:
    return [
        (text[each.span.start : each.span.end], each.kind, each.certainty)
        for each in rules_only.scrub_text(text)
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ARRIVED 2312 AND FOUND THE DOOR OPEN", [("2312", Kind.TIME, LIKELY)]),
        (
            "En route 2312, on scene 2320.",
            [("2312", Kind.TIME, LIKELY), ("2320", Kind.TIME, LIKELY)],
        ),
        ("K9 REX BIT HIM ON THE ARM", [("REX", Kind.NAME, LIKELY)]),
        ("K-9 REX BIT HIM ON THE ARM", [("REX", Kind.NAME, LIKELY)]),
        ("K9 TEAM WENT TO THE DOOR", []),
        ("TRANSPORTED TO ST LUKES FOR CARE", [("ST LUKES", Kind.PLACE, LIKELY)]),
        ("transported to St Lukes for care.", [("St Lukes", Kind.PLACE, LIKELY)]),
        ("It was last tuesday.", [("last tuesday", Kind.DATE, POSSIBLE)]),
        ("He fled on Elm.", [("Elm", Kind.PLACE, POSSIBLE)]),
        (
            "It was May 2. Grant St. was empty.",
            [("May 2", Kind.DATE, SURE), ("Grant St", Kind.PLACE, LIKELY)],
        ),
        ("It was 0230 hrs. We left.", [("0230 hrs", Kind.TIME, SURE)]),
        ("at 0230 hrs. and then", [("0230 hrs.", Kind.TIME, SURE)]),
        ("It was 5 March. We left.", [("5 March", Kind.DATE, SURE)]),
        ("It was 5 Mar. 2023 then.", [("5 Mar. 2023", Kind.DATE, SURE)]),
        ("det. o neil told me", [("o neil", Kind.NAME, SURE)]),
        ("Then Det. O Neil told me.", [("O Neil", Kind.NAME, SURE)]),
        ("At the station I learned it.", []),
        ("In the area I saw the room I left.", []),
        ("We met at Station B then.", [("B", Kind.AGENCY, LIKELY)]),
    ],
)
def test_exactly_this_is_found(rules_only: Scrubber, text: str, wanted: Found) -> None:
    assert find(rules_only, text) == wanted


def test_the_first_word_of_a_business_is_the_business(rules_only: Scrubber) -> None:
    text = "We staged at the Sunrise Motel. At sunrise I went back to the Sunrise."
    assert find(rules_only, text) == [
        ("Sunrise Motel", Kind.PLACE, LIKELY),
        ("Sunrise", Kind.PLACE, LIKELY),
    ]


def test_the_head_of_a_place_that_names_nothing_is_not_propagated(rules_only: Scrubber) -> None:
    text = "We met at North Ridge High School. He ran to the North side."
    assert [word for word, _, _ in find(rules_only, text)] == ["North Ridge High School"]


@pytest.mark.parametrize("number", ["26-003318", "26003318"])
def test_a_known_number_after_the_word_case_is_a_case(rules_only: Scrubber, number: str) -> None:
    text = "It was case 26-003318 then."
    (found,) = rules_only.scrub_text(text, Identities(numbers=(number,)))
    assert (found.kind, found.source) == (Kind.CASE, "known")
