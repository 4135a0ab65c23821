"""Typed replacements, numbered by first appearance, the same for the same identity."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.report import Certainty, Finding, Kind, Span
from sync.scrub.identity import group_names, make_key
from sync.scrub.lesson import tell_lesson
from sync.scrub.replaced import find_replacements, write_replacement

# The reason of what propagation finds, until it is numbered.
SAME = "the same as before"
# Reasons of a town, whose name tells no kind of place even if it is "Overland Park".
_TOWNS = frozenset({"is a town", "a town and its state", "after the words 'city of'"})


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """A settled proposal over the original text, not numbered yet."""

    span: Span
    kind: Kind
    certainty: Certainty
    reason: str
    source: str
    original: str


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """Who or what a replacement stands for: its kind and all spellings, in order."""

    kind: Kind
    originals: tuple[str, ...]


def number_findings(
    found: Mapping[str, Sequence[Found]], texts: Iterable[str]
) -> tuple[dict[str, tuple[Finding, ...]], dict[str, Identity]]:
    """Findings by field, and the scrub map from replacement to originals.

    texts: of the same fields, in the same order. Numbers go on after those that an earlier scrub
    left in them. What is masked is numbered first, so that the text that leaves skips none; what
    is only possible follows.
    """
    written = dict(zip(found, texts, strict=True))
    used: dict[Kind, int] = {}
    for text in written.values():
        for earlier in find_replacements(text):
            used[earlier.kind] = max(used.get(earlier.kind, 0), earlier.number)
    names = [each.original for field in found.values() for each in field if each.kind is Kind.NAME]
    persons = dict(zip(names, group_names(names), strict=True))
    keys = {
        each: (each.kind, str(persons[each.original]))
        if each.kind is Kind.NAME
        else (each.kind, make_key(each.kind, each.original))
        for field in found.values()
        for each in field
    }
    lessons = _collect_lessons(found, written, keys)
    replacements: dict[tuple[Kind, str], str] = {}
    for masked in (True, False):
        for each, key in keys.items():
            if _is_masked(each) is masked and key not in replacements:
                used[each.kind] = used.get(each.kind, 0) + 1
                replacements[key] = write_replacement(
                    each.kind, used[each.kind], lessons.get(key, "")
                )
    originals: dict[tuple[Kind, str], list[str]] = {}
    findings: dict[str, tuple[Finding, ...]] = {}
    reasons = _collect_reasons(keys)
    for field, each_found in found.items():
        numbered: list[Finding] = []
        for each in each_found:
            key = keys[each]
            reason = each.reason
            if reason == SAME and key in originals:
                reason = f"same as {replacements[key]}"
            elif reason == SAME:
                reason = reasons.get(key, "is named elsewhere in the report")
            spellings = originals.setdefault(key, [])
            if each.original not in spellings:
                spellings.append(each.original)
            numbered.append(_finish(each, replacements[key], reason))
        findings[field] = tuple(numbered)
    return findings, {
        replacements[key]: Identity(key[0], tuple(spellings))
        for key, spellings in originals.items()
    }


def _is_masked(found: Found) -> bool:
    return found.certainty is not Certainty.POSSIBLE


def _collect_lessons(
    found: Mapping[str, Sequence[Found]],
    texts: Mapping[str, str],
    keys: Mapping[Found, tuple[Kind, str]],
) -> dict[tuple[Kind, str], str]:
    """For each identity what its first mention tells that tells anything."""
    lessons: dict[tuple[Kind, str], str] = {}
    for field, each_found in found.items():
        for each in each_found:
            if keys[each] in lessons or (each.kind is Kind.PLACE and each.reason in _TOWNS):
                continue
            before = texts[field][max(0, each.span.start - 40) : each.span.start]
            told = tell_lesson(each.kind, each.original, before)
            if told:
                lessons[keys[each]] = told
    return lessons


def _collect_reasons(keys: Mapping[Found, tuple[Kind, str]]) -> dict[tuple[Kind, str], str]:
    """For each identity why a rule accepted it, wherever in the report that was."""
    reasons: dict[tuple[Kind, str], str] = {}
    for each, key in keys.items():
        if each.reason != SAME and _is_masked(each):
            reasons.setdefault(key, f"elsewhere in the report: {each.reason}")
    return reasons


def _finish(found: Found, replacement: str, reason: str) -> Finding:
    return Finding(
        span=found.span,
        kind=found.kind,
        replacement=replacement,
        certainty=found.certainty,
        masked=_is_masked(found),
        reason=reason,
        source=found.source,
    )
