"""Findings with the decisions on them, as the vault keeps them: JSON text."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from app.domain.report import Certainty, Finding, Kind, Span


def write_findings(findings: Iterable[Finding]) -> str:
    """As text, in their order."""
    return json.dumps([asdict(finding) for finding in findings])


def read_findings(text: str) -> tuple[Finding, ...]:
    """Read them back. Raises TypeError, ValueError, KeyError for what was not written here."""
    return tuple(map(_read, json.loads(text)))


def _read(message: Mapping[str, object]) -> Finding:
    span, masked = message["span"], message["masked"]
    if not isinstance(span, dict) or not isinstance(masked, bool):
        raise TypeError("a finding was not kept by this program")
    return Finding(
        span=Span(int(span["start"]), int(span["end"])),
        kind=Kind(str(message["kind"])),
        replacement=str(message["replacement"]),
        certainty=Certainty(str(message["certainty"])),
        masked=masked,
        reason=str(message["reason"]),
        source=str(message["source"]),
    )
