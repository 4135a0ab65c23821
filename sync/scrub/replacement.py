"""Typed replacements, numbered by first appearance, the same for the same identity."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.report import Certainty, Finding, Kind, Span
from sync.scrub.identity import group_names, make_key

_EARLIER = re.compile(r"\[([A-Z]{1,10})-(\d{1,9})\]")


@dataclass(frozen=True, slots=True)
class Found:
    """A settled proposal over the original text, not numbered yet."""

    span: Span
    kind: Kind
    certainty: Certainty
    reason: str
    source: str
    original: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who or what a replacement stands for: its kind and all spellings, in order."""

    kind: Kind
    originals: tuple[str, ...]


def number_findings(
    found: Mapping[str, Sequence[Found]], texts: Iterable[str]
) -> tuple[dict[str, tuple[Finding, ...]], dict[str, Identity]]:
    """Findings by field, and the scrub map from replacement to originals.

    Numbers go on after those that an earlier scrub left in the texts.
    """
    used: dict[str, int] = {}
    for text in texts:
        for kind, number in _EARLIER.findall(text):
            used[kind] = max(used.get(kind, 0), int(number))
    names = [each.original for field in found.values() for each in field if each.kind is Kind.NAME]
    persons = dict(zip(names, group_names(names), strict=True))
    replacements: dict[tuple[Kind, str], str] = {}
    originals: dict[str, list[str]] = {}
    kinds: dict[str, Kind] = {}
    findings: dict[str, tuple[Finding, ...]] = {}
    for field, each_found in found.items():
        numbered: list[Finding] = []
        for each in each_found:
            is_name = each.kind is Kind.NAME
            key = str(persons[each.original]) if is_name else make_key(each.kind, each.original)
            if (each.kind, key) not in replacements:
                used[each.kind] = used.get(each.kind, 0) + 1
                replacements[each.kind, key] = f"[{each.kind}-{used[each.kind]}]"
            replacement = replacements[each.kind, key]
            kinds[replacement] = each.kind
            spellings = originals.setdefault(replacement, [])
            if each.original not in spellings:
                spellings.append(each.original)
            numbered.append(_finish(each, replacement))
        findings[field] = tuple(numbered)
    return findings, {
        replacement: Identity(kinds[replacement], tuple(spellings))
        for replacement, spellings in originals.items()
    }


def _finish(found: Found, replacement: str) -> Finding:
    reason = f"same as {replacement}" if found.reason == "the same as before" else found.reason
    return Finding(
        span=found.span,
        kind=found.kind,
        replacement=replacement,
        certainty=found.certainty,
        masked=found.certainty is not Certainty.POSSIBLE,
        reason=reason,
        source=found.source,
    )
