"""A report as a whole: the same identity, all fields, known names, what must hold of any text."""

import re
import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.report import Certainty, Finding, Kind, Span, apply_findings
from app.errors import DamagedError
from sync.scrub import Identities, Identity, Scrubber
from sync.scrub.lexicon import Knows
from sync.scrub.normalise import make_plain
from sync.scrub.word_sets import make_set

FRAGMENT_TEXT = (
    "Officer Ofc. Deputy Smith Kowalczyk Young Chase BANKS maria Gonzalez J. O'Malley's the The and"
    " said ran in near at on St Street Oak Main 1400 block of 5th & I-5 exit 12 mile marker Unit 9"
    " 3-Adam-12 Engine 7 badge 4417 #221 case 24-001234 plate 7ABC123 VIN 1HGCM82633A004352 call"
    " 503-555-0117 x12 me@mail.com @handle99 www.site.com 544-12-8890 0230 hrs 10:40 p.m. half past"
    " two March 3, 2023 3/14/24 Christmas Eve Tuesday Tacoma, WA County Sheriff's Office PD FBI"
    ' Park School Walgreens named aka "Tiny" suspect driver, . ! \n - ( ) [NAME-1] [DATE-12]'
    " [X-1 \u200b \u0301 \u0416 \u202e \U0001f600 \u0661\u0662 \uff21 \ufb01 \u0130 \xdf 12"
    " 100 feet"
)
FRAGMENTS = FRAGMENT_TEXT.split(" ")
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(FRAGMENTS), max_size=25).map(" ".join),
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=3)), max_size=25).map("".join),
)
# These tell of no one, whatever name they were a part of.
PARTS_OF_NAMES = make_set("jr sr ii iii iv de la del las los van von der da di st mac el al")
of_any_text = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def masked(text: str, findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [
        (text[each.span.start : each.span.end], each.replacement)
        for each in findings
        if each.masked
    ]


def test_one_person_has_one_replacement_in_all_fields(scrubber: Scrubber) -> None:
    result = scrubber.scrub(
        {
            "story": "Ofc. Smith fell. JOHN SMITH's radio broke. J. Smith was fine.",
            "lesson": "tell smith to wait, and tell Ofc. Renner too.",
        }
    )
    story, lesson = result.findings["story"], result.findings["lesson"]
    assert {each.replacement for each in story} == {"[NAME-1]"}
    assert [each.replacement for each in lesson] == ["[NAME-1]", "[NAME-2]"]
    assert result.identities["[NAME-1]"] == Identity(
        Kind.NAME, ("Smith", "JOHN SMITH", "J. Smith", "smith")
    )


@pytest.mark.parametrize(
    "text",
    [
        "Ofc. Hernadez ran. Hernandez fell.",
        "Officer O'Brien ran. OBrien fell.",
        "Officer Kowalczyk ran. Kowalcyzk fell. Jan Kowalczyk rose.",
    ],
)
def test_a_name_spelt_in_another_way_is_the_same_person(rules_only: Scrubber, text: str) -> None:
    assert {replacement for _, replacement in masked(text, rules_only.scrub_text(text))} == {
        "[NAME-1]"
    }


def test_two_names_that_are_alike_and_both_repeated_are_two(rules_only: Scrubber) -> None:
    text = "Officer Hansen met Officer Hanson. Hansen fell. Hanson ran."
    replacements = [replacement for _, replacement in masked(text, rules_only.scrub_text(text))]
    assert replacements == ["[NAME-1]", "[NAME-2]", "[NAME-1]", "[NAME-2]"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Operation Silver Anvil began. We left Silver Anvil early.", ["Silver Anvil"] * 2),
        ("Operation Kestrelwing began. kestrelwing ended.", ["Kestrelwing", "kestrelwing"]),
        ("He posted as BigBendCody then. BigBendCody left.", ["BigBendCody"] * 2),
        ("Plate ABCDE was run. It was ABCDE again.", ["ABCDE"] * 2),
        ("Operation Iron Gate began. The iron gate was open.", ["Iron Gate"]),
    ],
)
def test_what_is_no_number_is_found_again(
    rules_only: Scrubber, text: str, wanted: list[str]
) -> None:
    assert [found for found, _ in masked(text, rules_only.scrub_text(text))] == wanted


def test_an_operation_is_sure(rules_only: Scrubber) -> None:
    found = rules_only.scrub_text("It was Operation Silver Anvil again.")
    assert [each.certainty for each in found] == [Certainty.SURE]


def test_miranda_is_a_doctrine_beside_an_officer_of_that_name(rules_only: Scrubber) -> None:
    text = "Officer Miranda fell. I read him Miranda, and Miranda rose."
    scrubbed = apply_findings(text, rules_only.scrub_text(text))
    assert scrubbed == "Officer [NAME-1] fell. I read him Miranda, and [NAME-1] rose."


def test_a_section_is_not_the_unit_of_that_number(rules_only: Scrubber) -> None:
    text = "Unit 459 took the 459 PC call. Then 459 left."
    scrubbed = apply_findings(text, rules_only.scrub_text(text))
    assert scrubbed == "Unit [UNIT-1] took the 459 PC call. Then [UNIT-1] left."


def test_two_smiths_are_two_and_a_bare_smith_is_neither(scrubber: Scrubber) -> None:
    text = "Officer John Smith met Officer Jane Smith. Smith fell."
    replacements = [each.replacement for each in scrubber.scrub_text(text)]
    assert replacements == ["[NAME-1]", "[NAME-2]", "[NAME-3]"]


def test_a_name_found_late_is_found_before_too(scrubber: Scrubber) -> None:
    result = scrubber.scrub({"a": "Then Zxavion ran, and zxavion fell.", "b": "Ofc. Zxavion fell."})
    assert masked("Then Zxavion ran, and zxavion fell.", result.findings["a"]) == [
        ("Zxavion", "[NAME-1]"),
        ("zxavion", "[NAME-1]"),
    ]


def test_a_name_that_is_a_word_is_only_possible_in_lower_case(rules_only: Scrubber) -> None:
    text = "Deputy Chase fell. We had to chase him. I saw Chase later."
    found = rules_only.scrub_text(text)
    assert [each.certainty is Certainty.POSSIBLE for each in found] == [False, True, False]
    assert apply_findings(text, found).startswith("Deputy [NAME-1] fell. We had to chase him.")


def test_a_typing_error_in_an_accepted_name_is_the_name(scrubber: Scrubber) -> None:
    text = "Officer Kowalczyk fell. I called Kowalcyzk twice."
    assert [found for found, _ in masked(text, scrubber.scrub_text(text))] == [
        "Kowalczyk",
        "Kowalcyzk",
    ]


def test_phone_numbers_are_the_same_by_their_digits(scrubber: Scrubber) -> None:
    found = scrubber.scrub_text("Call (503) 555-0117 or +1 503.555.0117 today.")
    assert {each.replacement for each in found} == {"[PHONE-1]"}


def test_possessive_s_stays_outside(scrubber: Scrubber) -> None:
    text = "Officer Renner's belt and Renner\u2019s hat."
    assert apply_findings(text, scrubber.scrub_text(text)) == (
        "Officer [NAME-1]'s belt and [NAME-1]\u2019s hat."
    )


def test_look_alikes_accents_and_hidden_characters_do_not_hide_a_name(scrubber: Scrubber) -> None:
    for text in (
        "Officer Mu\u00f1oz fell.",
        "Officer Mun\u0303oz fell.",
        "Officer \u041cunoz fell.",
        "Officer Mu\u200bnoz fell.",
    ):
        assert apply_findings(text, scrubber.scrub_text(text)) == "Officer [NAME-1] fell."


def test_known_names_numbers_and_places_are_found_however_written(scrubber: Scrubber) -> None:
    known = Identities(("Dale Wrenfield",), ("TX-4471 902",), ("Mossy Hollow",))
    text = "wrenfield and DALE and Wrenfeild, number tx4471902, in mossy hollow."
    found = scrubber.scrub_text(text, known)
    assert [text[each.span.start : each.span.end] for each in found if each.masked] == [
        "wrenfield",
        "DALE",
        "Wrenfeild",
        "tx4471902",
        "mossy hollow",
    ]
    assert {each.source for each in found} == {"known"}
    assert found[0].reason == "from your private notes"


def test_a_reason_tells_why(rules_only: Scrubber) -> None:
    reasons = [each.reason for each in rules_only.scrub_text("badge 4417, Ofc. Vex, so vex fell")]
    assert reasons == ["after the word 'badge'", "after the word 'ofc'", "same as [NAME-1]"]


def test_leftovers_are_what_nobody_knows(rules_only: Scrubber) -> None:
    text = "We used the Quorvex scope and code 88421 there."
    result = rules_only.scrub({"story": text})
    seen = [text[span.start : span.end] for span in result.leftovers["story"]]
    shown = [text[each.span.start : each.span.end] for each in result.findings["story"]]
    assert sorted(seen + shown) == ["88421", "Quorvex"]
    assert not any(each.masked for each in result.findings["story"])


def test_numbers_go_on_after_those_already_in_the_text(scrubber: Scrubber) -> None:
    found = scrubber.scrub_text("[NAME-3] met Officer Renner.")
    assert [each.replacement for each in found] == ["[NAME-4]"]


def test_missing_or_damaged_lists_are_said(scrubber: Scrubber) -> None:
    with pytest.raises(DamagedError, match="is missing"):
        Scrubber.from_resources({"words.txt": b"a"})
    with pytest.raises(DamagedError, match="damaged"):
        Scrubber.from_resources({"first_names.txt": b"\xff"})


@of_any_text
@given(st.dictionaries(st.sampled_from(["story", "lesson", "what"]), TEXTS, min_size=1))
def test_findings_are_sorted_apart_and_inside_the_text(
    scrubber: Scrubber, texts: dict[str, str]
) -> None:
    result = scrubber.scrub(texts)
    for field, findings in result.findings.items():
        spans = [each.span for each in findings]
        assert all(a.end <= b.start for a, b in pairwise(spans))
        assert all(span.end <= len(texts[field]) for span in spans)
        apply_findings(texts[field], findings)
        assert all(isinstance(span, Span) for span in result.leftovers[field])


@of_any_text
@given(TEXTS)
def test_a_scrubbed_text_holds_nothing_more_to_mask(scrubber: Scrubber, text: str) -> None:
    once = apply_findings(text, scrubber.scrub_text(text))
    assert masked(once, scrubber.scrub_text(once)) == []


@of_any_text
@given(TEXTS)
def test_no_accepted_name_is_left_in_any_case(scrubber: Scrubber, text: str) -> None:
    findings = scrubber.scrub_text(text)
    plain = make_plain(apply_findings(text, findings)).text.lower()
    left = re.findall(r"(?<![\w'])[^\W_]+(?![\w'])", plain)
    for original, _ in masked(text, tuple(f for f in findings if f.kind is Kind.NAME)):
        for word in re.findall(r"[^\W\d_]{2,}", make_plain(original).text.lower()):
            ordinary = scrubber.lexicon.look_up(word) & Knows.ORDINARY
            assert ordinary or word in PARTS_OF_NAMES or word not in left


@of_any_text
@given(TEXTS)
def test_the_same_text_gives_the_same_findings(scrubber: Scrubber, text: str) -> None:
    assert scrubber.scrub_text(text) == scrubber.scrub_text(text[:1] + text[1:])


@pytest.mark.parametrize(
    "piece",
    [
        "Officer ",
        "1 N ",
        "A. ",
        "a@",
        "1.",
        "Ab Ab St ",
        "(",
        "[NAME-1",
        "www.a",
        "unit 1, ",
        "-",
        "A ",
        "alpha one ",
        "one point ",
        "a dot ",
        "a.b/",
        "plate of ",
        "I-5 mm 1 on ",
        ", A.",
        "a_",
    ],
)
def test_hostile_text_takes_linear_time(
    scrubber: Scrubber, rules_only: Scrubber, piece: str
) -> None:
    def measure(by: Scrubber, length: int) -> float:
        text = piece * (length // len(piece))
        began = time.process_time()
        by.scrub_text(text)
        return time.process_time() - began

    measure(scrubber, 1_000)
    assert measure(rules_only, 80_000) < 10 * measure(rules_only, 20_000) + 0.5
    assert measure(scrubber, 12_000) < 10 * measure(scrubber, 3_000) + 0.5


def spell(number: int) -> str:
    """A different short word for each number."""
    letters = ""
    while number or not letters:
        number, letter = divmod(number, 26)
        letters += chr(ord("a") + letter)
    return letters


@pytest.mark.parametrize(
    "write",
    [
        lambda number: f"case 21-{number:06d}, ",
        lambda number: f"Oak A{spell(number)}x Street. ",
        lambda number: f"at 12 Oak A{spell(number)}x Street. ",
        lambda number: f"in Oak's {spell(number)}x Park. ",
        lambda number: f"Officer Qu{spell(number)}ex ran. ",
        lambda number: f"Officer John Qu{spell(number)}ex ran. ",
        lambda number: f"Operation Iron V{spell(number)}ex. ",
        lambda number: f"posted as oak.{spell(number)}.x9 then. ",
    ],
)
def test_many_that_begin_alike_take_linear_time(
    rules_only: Scrubber, write: Callable[[int], str]
) -> None:
    def measure(count: int) -> float:
        text = "".join(map(write, range(count)))
        began = time.process_time()
        rules_only.scrub_text(text)
        return time.process_time() - began

    measure(50)
    assert measure(2_000) < 5 * measure(500) + 0.25


@pytest.mark.parametrize("letter", ["q", "Q", "q'q", "9q", "\u0142"])
def test_a_name_and_one_long_word_take_linear_time(rules_only: Scrubber, letter: str) -> None:
    def measure(count: int) -> float:
        text = "Officer Martinez shouted. Ofc. Q" + letter * count
        began = time.process_time()
        rules_only.scrub_text(text)
        return time.process_time() - began

    measure(50)
    assert measure(160_000) < 5 * measure(40_000) + 0.25


def test_a_megabyte_of_mixed_hostile_text_takes_linear_time(
    scrubber: Scrubber, rules_only: Scrubber
) -> None:
    pieces = ("Officer Smith and ", "1-2.3 N St ", "a@b.", '("Ab" ', "[NAME-", "12:3 hrs ", "x\n")
    quarter = "".join(piece * 1_500 for piece in pieces) * 2
    quarter = quarter[:250_000]

    def measure(by: Scrubber, text: str) -> float:
        began = time.process_time()
        by.scrub_text(text)
        return time.process_time() - began

    assert measure(rules_only, quarter * 4) < 10 * measure(rules_only, quarter) + 1
    # With the model a shorter one: there it is the length that costs.
    thin = quarter[::8]
    assert measure(scrubber, thin * 4) < 10 * measure(scrubber, thin) + 1


@pytest.mark.parametrize("text", ["00\u00bc", "born 1/\u00bc/99", "at 5\u00bd\u00bd St"])
def test_a_sign_that_is_read_as_several_is_replaced_whole(scrubber: Scrubber, text: str) -> None:
    once = apply_findings(text, scrubber.scrub_text(text))
    assert masked(once, scrubber.scrub_text(once)) == []
