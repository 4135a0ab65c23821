"""What is found in a text, and what is left of a report after the person's decisions."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of identifier. The value is what stands in a replacement: [NAME-1]."""

    NAME = "NAME"
    BADGE = "BADGE"
    UNIT = "UNIT"
    CASE = "CASE"
    PLATE = "PLATE"
    VIN = "VIN"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    HANDLE = "HANDLE"
    URL = "URL"
    ID = "ID"
    ADDRESS = "ADDRESS"
    GEO = "GEO"
    PLACE = "PLACE"
    AGENCY = "AGENCY"
    DATE = "DATE"
    TIME = "TIME"


class Certainty(StrEnum):
    """How sure a finding is. `POSSIBLE` is shown and asked about, not masked unasked."""

    SURE = "sure"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of code points [start, end) of the text as it was given."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError("a span is not empty and starts at 0 or later")

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Finding:
    """An identifier in a text.

    replacement: what stands in its place when it is masked, such as "[NAME-1]"; the same
        identity has the same replacement all through a report.
    masked: whether it is replaced; the scrubber proposes, the person decides.
    reason: why it was found, in plain words ("after the word 'badge'").
    source: which part found it: "rule", "model", "known" (from private notes or the agency's
        list), "same" (found elsewhere in the report), or "you" once the person has decided.
    """

    span: Span
    kind: Kind
    replacement: str
    certainty: Certainty
    masked: bool
    reason: str
    source: str


def apply_findings(text: str, findings: tuple[Finding, ...]) -> str:
    """The text with every masked finding replaced. Findings must not overlap.

    Raises ValueError if they overlap or reach beyond the text.
    """
    parts: list[str] = []
    position = 0
    for finding in sorted(findings, key=lambda each: each.span):
        if finding.span.start < position or finding.span.end > len(text):
            raise ValueError("findings overlap or reach beyond the text")
        if not finding.masked:
            continue
        parts += [text[position : finding.span.start], finding.replacement]
        position = finding.span.end
    parts.append(text[position:])
    return "".join(parts)
