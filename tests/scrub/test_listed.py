"""People of the agency's list are found however they are written, and words are left alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.report import Certainty, Finding, apply_findings
from sync.scrub import Identities, Roster, Scrubber, read_roster

ROSTER = read_roster(
    b"Wrenfield, Dale R;4417;3A12\nKwame Ozmar\tTX-88-1\nYoung, Mark;2015;1500\nLong, Will\n"
    b"Banks, Terry\nMaria de la Cruz\nSean O'Brien\nNg, Thuy\nTyrell Xu; 5550142\n"
)


def look(rules_only: Scrubber, text: str, roster: Roster = ROSTER) -> dict[str, Certainty]:
    """What the roster alone has found, in its text."""
    found = rules_only.scrub_text(text, Identities(roster=roster))
    return {
        text[each.span.start : each.span.end]: each.certainty
        for each in found
        if each.source == "known"
    }


SURE, LIKELY, POSSIBLE = Certainty.SURE, Certainty.LIKELY, Certainty.POSSIBLE


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("it was dale wrenfield again", "dale wrenfield"),
        ("It was Wrenfield, Dale again.", "Wrenfield, Dale"),
        ("It was WRENFIELD DALE R. again.", "WRENFIELD DALE R"),
        ("It was D. Wrenfield again.", "D. Wrenfield"),
        ("It was D. R. Wrenfield again.", "D. R. Wrenfield"),
        ("It was Dale R Wrenfield again.", "Dale R Wrenfield"),
        ("It was Wrenfield, D. again.", "Wrenfield, D"),
        ("It was Mark Young again.", "Mark Young"),
        ("It was Young, Mark again.", "Young, Mark"),
        ("it was terry banks again", "terry banks"),
        ("It was M de la Cruz again.", "M de la Cruz"),
        ("It was Sean O\u2019Brien again.", "Sean O\u2019Brien"),
        ("it was sean obrien again", "sean obrien"),
        ("It was Thuy Ng again.", "Thuy Ng"),
    ],
)
def test_a_whole_name_or_a_surname_with_an_initial_is_sure(
    rules_only: Scrubber, text: str, found: str
) -> None:
    assert look(rules_only, text) == {found: SURE}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("then wrenfield fell", "wrenfield"),
        ("Then WRENFIELD fell.", "WRENFIELD"),
        ("Then Wrenfeild fell.", "Wrenfeild"),
        ("then wrenfild fell", "wrenfild"),
        ("Then Ozmar's radio died.", "Ozmar"),
        ("Then Cruz fell.", "Cruz"),
        ("Then Xu fell.", "Xu"),
        ("Then 4417 fell.", "4417"),
        ("Then 3a12 fell.", "3a12"),
        ("Then TX-88-1 fell.", "TX-88-1"),
    ],
)
def test_a_single_word_or_number_of_the_list_is_likely(
    rules_only: Scrubber, text: str, found: str
) -> None:
    assert look(rules_only, text) == {found: LIKELY}


@pytest.mark.parametrize(
    "text",
    [
        "I will mark the door for the young man.",
        "How long will it take? We banks on that.",
        "HOW LONG WILL IT TAKE, A YOUNG MAN ASKED",
        "We made a Terry stop near the banks.",
        "The xu tube and the la part of it.",
        "We fired 4417 rounds from 4417 feet at $4417 and 1.4417 and 44170.",
        "See section 4417 of the code.",
        "dales and sea and mar",
    ],
)
def test_ordinary_words_and_amounts_are_not_proposed(rules_only: Scrubber, text: str) -> None:
    assert look(rules_only, text) == {}


def test_what_may_be_words_or_a_year_is_asked_about(rules_only: Scrubber) -> None:
    assert look(rules_only, "IT WAS MARK YOUNG WHO WENT") == {"MARK YOUNG": POSSIBLE}
    assert look(rules_only, "The 2015 one and the 1500 one.") == {
        "2015": POSSIBLE,
        "1500": POSSIBLE,
    }
    assert look(rules_only, "He saw the wrenfild there.") == {"wrenfild": POSSIBLE}


def test_the_reason_names_the_list(rules_only: Scrubber) -> None:
    (found,) = rules_only.scrub_text("then ozmar fell", Identities(roster=ROSTER))
    assert found.reason == "is on your agency's list of names"
    assert found.masked


PARTS = [
    *("Dale", "dale", "R.", "Wrenfield", "WRENFIELD", "wrenfild", "Mark", "young", "Long", "Will"),
    *(
        "will",
        "A",
        "I",
        "a",
        "de",
        "la",
        "Cruz",
        "O'Brien",
        "Ng",
        "4417",
        "3A12",
        "TX-88-1",
        "Ofc.",
    ),
    *(", ", ". ", "\n", " ", "-", "said", "the", "[NAME-1]", "badge", "1500"),
]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=25).map(" ".join)


@given(TEXTS)
def test_offsets_are_valid_and_no_surname_is_left(rules_only: Scrubber, text: str) -> None:
    found = rules_only.scrub_text(text, Identities(roster=ROSTER))
    ends = [0, *(each.span.end for each in found)]
    assert all(
        end <= each.span.start < each.span.end for end, each in zip(ends, found, strict=False)
    )
    assert ends[-1] <= len(text)
    assert "wrenfield" not in _leave(text, found).lower()


@given(TEXTS)
def test_a_second_scrub_changes_nothing(rules_only: Scrubber, text: str) -> None:
    known = Identities(roster=ROSTER)
    once = _leave(text, rules_only.scrub_text(text, known))
    assert _leave(once, rules_only.scrub_text(once, known)) == once


def _leave(text: str, found: tuple[Finding, ...]) -> str:
    return apply_findings(text, found)


def _make_large(people: int) -> Roster:
    letters = "bcdfghklmnprst"
    names = (
        "".join(
            letters[(number * step + step) % 14] + "aeiou"[number % 5] for step in (1, 3, 5, 11)
        )
        + letters[number % 13]
        for number in range(people)
    )
    return read_roster("\n".join(f"{name}, Dale;{n}" for n, name in enumerate(names)).encode())


@pytest.mark.parametrize("piece", ["Dale ", "D. ", "wrenfield ", "4417-", "Wrenfield, ", "de la "])
def test_hostile_text_takes_linear_time(rules_only: Scrubber, piece: str) -> None:
    from sync.scrub.listed import find_listed
    from sync.scrub.tokens import cut_words

    def measure(size: int) -> float:
        words = cut_words(piece * (size // len(piece)), rules_only.lexicon)
        started = time.process_time()
        list(find_listed(words, ROSTER))
        return time.process_time() - started

    assert measure(400_000) < 8 * measure(100_000) + 0.5


def test_a_large_list_costs_less_than_a_third_more(rules_only: Scrubber) -> None:
    story = (
        "We went in and saw Ofc. Wrenfield at the gate near the second car, and it rained. " * 25
    )
    roster = _make_large(5_000)

    def measure(known: Identities) -> float:
        best = 9.0
        for _ in range(5):
            started = time.process_time()
            rules_only.scrub_text(story, known)
            best = min(best, time.process_time() - started)
        return best

    assert measure(Identities(roster=roster)) < 1.3 * measure(Identities())
