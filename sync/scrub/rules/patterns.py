"""Rules that are one regular expression each.

Every repeat is bounded and none is nested in another, so the time is linear in the text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.report import Certainty, Kind
from sync.scrub.candidates import Candidate
from sync.scrub.tokens import Words

# What after a number makes it an amount.
NOT_AN_AMOUNT = (
    r"(?![\s-]{0,2}(?:feet|foot|ft|yards?|yds?|minutes?|mins?|seconds?|secs?|hours?|days?|weeks?"
    r"|months?|years?|yrs?|miles?|mi|mph|kph|blocks?|lengths?|times|people|persons?|officers?"
    r"|deput(?:y|ies)|rounds?|pounds?|lbs?|inch(?:es)?|percent|degrees?|cars?|units?"
    r"|gallons?|grams?|kilos?|dollars?|meters?|calls?|shots?|or so|%|/10)\b)"
)
NO_AMOUNT_FOLLOWS = re.compile(NOT_AN_AMOUNT, re.IGNORECASE)

# Numbers in words, to be put in groups.
ONES = "one|two|three|four|five|six|seven|eight|nine"
TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"

# The letters of a state, in capitals whatever the pattern.
STATE_CODE = (
    r"(?-i:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI"
    r"|S[CD]|T[NX]|UT|V[AT]|W[AIVY])"
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that finds one kind. Its group "v", if it has one, is the span.

    needs: pieces of lower-case text of which one must be there, none if there are none.
    """

    regex: re.Pattern[str]
    kind: Kind
    certainty: Certainty
    reason: str
    needs: tuple[str, ...] = ()


def make_pattern(
    regex: str,
    kind: Kind,
    reason: str,
    certainty: Certainty = Certainty.LIKELY,
    *,
    needs: str = "",
    cased: bool = False,
) -> Pattern:
    """A pattern; letters match in both cases unless `cased`. needs: pieces apart by strokes."""
    pieces = tuple(needs.split("|")) if needs else ()
    flags = re.NOFLAG if cased else re.IGNORECASE
    return Pattern(re.compile(regex, flags), kind, certainty, reason, pieces)


def find_patterns(words: Words, patterns: Sequence[Pattern]) -> Iterator[Candidate]:
    """All places where one of the patterns fits."""
    low = words.text.lower()
    for pattern in patterns:
        if pattern.needs and not any(piece in low for piece in pattern.needs):
            continue
        has_value = "v" in pattern.regex.groupindex
        for match in pattern.regex.finditer(words.text):
            start, end = match.span("v" if has_value else 0)
            if end > start:
                yield Candidate(
                    start, end, pattern.kind, pattern.certainty, pattern.reason, context=True
                )
