"""A report as a whole: the same identity, all fields, known names, what must hold of any text."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.report import Certainty, Finding, Kind, Span, apply_findings
from app.errors import DamagedError
from sync.scrub import Identities, Identity, Scrubber

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
    left = re.findall(r"[^\W_]+", apply_findings(text, findings).lower())
    for original, _ in masked(text, tuple(f for f in findings if f.kind is Kind.NAME)):
        for word in re.findall(r"[a-z]{3,}", original.lower()):
            ordinary = scrubber.lexicon.look_up(word) & ~3
            assert ordinary or word not in left


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
def test_hostile_text_takes_linear_time(scrubber: Scrubber, piece: str) -> None:
    def measure(length: int) -> float:
        text = piece * (length // len(piece))
        began = time.process_time()
        scrubber.scrub_text(text)
        return time.process_time() - began

    measure(1_000)
    assert measure(80_000) < 10 * measure(20_000) + 0.5


def test_a_megabyte_of_mixed_hostile_text_takes_linear_time(scrubber: Scrubber) -> None:
    pieces = ("Officer Smith and ", "1-2.3 N St ", "a@b.", '("Ab" ', "[NAME-", "12:3 hrs ", "x\n")
    quarter = "".join(piece * 1_500 for piece in pieces) * 2
    quarter = quarter[:250_000]

    def measure(text: str) -> float:
        began = time.process_time()
        scrubber.scrub_text(text)
        return time.process_time() - began

    assert measure(quarter * 4) < 10 * measure(quarter) + 1
