"""Names that are ordinary words too: known ones, and those that their neighbours give away."""

import pytest

from app.domain.report import Certainty, Finding
from sync.scrub import Identities, Scrubber


def found(rules_only: Scrubber, text: str, *names: str) -> dict[str, Certainty]:
    findings = rules_only.scrub_text(text, Identities(names=names))
    return {text[each.span.start : each.span.end]: each.certainty for each in findings}


def masked_words(rules_only: Scrubber, text: str, *names: str) -> list[str]:
    findings = rules_only.scrub_text(text, Identities(names=names))
    return [text[each.span.start : each.span.end] for each in findings if each.masked]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Rusty and I went in.", "Rusty"),
        ("Smith shouted.", "Smith"),
        ("Bridge. That was all.", "Bridge"),
        ("Officer fell.", "Officer"),
        ("Taser was there.", "Taser"),
        ("THEN RUSTY WENT TO THE DOOR", "Rusty"),
        ("it was RUSTY again", "Rusty"),
        ("Wrenfield fell.", "Wrenfield"),
        ("wrenfield fell.", "Wrenfield"),
    ],
)
def test_a_known_name_with_a_capital_is_always_masked(
    rules_only: Scrubber, text: str, name: str
) -> None:
    assert [word.lower() for word in masked_words(rules_only, text, name)] == [name.lower()]


def test_a_known_name_that_is_a_word_is_only_possible_in_lower_case(rules_only: Scrubber) -> None:
    assert found(rules_only, "The gate was rusty then.", "Rusty") == {"rusty": Certainty.POSSIBLE}


def test_a_short_known_name_does_not_take_ordinary_words_as_its_plural(
    rules_only: Scrubber,
) -> None:
    assert found(rules_only, "HE HAS A KNIFE AND WAS CLOSE", "Ha", "Wa") == {}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Smith shouted. I ran to Smith.", ["Smith", "Smith"]),
        ("Brown and I.", ["Brown"]),
        ("Rusty and I went in.", ["Rusty"]),
        ("Smith and Garcia covered the back.", ["Smith", "Garcia"]),
        ("Garcia and Brown covered the back.", ["Garcia", "Brown"]),
        ("Then I ran to Smith. Smith, who fell, called.", ["Smith", "Smith"]),
        ("Smith. I ran to Smith.", ["Smith", "Smith"]),
        ("Smith's radio died.", ["Smith"]),
        ("Cook and I. Banks ran.", ["Cook", "Banks"]),
        ("Will told me.", ["Will"]),
    ],
)
def test_what_a_person_does_makes_a_word_a_name(
    rules_only: Scrubber, text: str, names: list[str]
) -> None:
    assert masked_words(rules_only, text) == names


@pytest.mark.parametrize("text", ["Smith was down.", "Brown was down.", "Grant, too."])
def test_a_word_that_is_mostly_a_surname_is_possible_at_a_start(
    rules_only: Scrubber, text: str
) -> None:
    assert list(found(rules_only, text).values()) == [Certainty.POSSIBLE]


@pytest.mark.parametrize(
    "text",
    [
        "Hope was lost.",
        "Will he stop?",
        "Brown smoke came out.",
        "Young men stood there.",
        "Snow covered the road.",
        "Smith and Wesson was on the grip.",
        "A Smith & Wesson lay there.",
        "Smoke and fire covered the back.",
        "We drove to Church, then to West.",
    ],
)
def test_words_stay_words(rules_only: Scrubber, text: str) -> None:
    assert masked_words(rules_only, text) == []


def reasons(findings: tuple[Finding, ...]) -> list[str]:
    return [each.reason for each in findings]


def test_the_first_mention_carries_the_reason_of_its_rule(rules_only: Scrubber) -> None:
    assert reasons(rules_only.scrub_text("Then Garcia fell.")) == ["is a name in the lists"]
    text = "Then vex fell and I told Ofc. Vex."
    assert reasons(rules_only.scrub_text(text)) == [
        "elsewhere in the report: after the word 'ofc'",
        "after the word 'ofc'",
    ]
    text = "Officer John Smith met Officer Jane Smith. Smith fell."
    assert "same as [NAME-3]" not in reasons(rules_only.scrub_text(text))


def test_numbers_of_what_is_masked_skip_none(rules_only: Scrubber) -> None:
    text = "Brown was down. Ofc. Renner ran. Grant was up. Ofc. Okafor fell."
    findings = rules_only.scrub_text(text)
    assert [each.replacement for each in findings if each.masked] == ["[NAME-1]", "[NAME-2]"]
    assert [each.replacement for each in findings if not each.masked] == ["[NAME-3]", "[NAME-4]"]
