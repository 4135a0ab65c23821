"""The person's decisions over what was found, as pure functions on immutable values.

A decision is a `Finding` whose source is "you"; so it is kept with the findings in the vault.
Whatever is done, findings never overlap, and no step uncovers what was masked except the one
that says so.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from app.domain.form import FieldId
from app.domain.report import Certainty, Finding, Kind, Span
from app.errors import InputError
from sync.outgoing import Reviewed, explain_doubt
from sync.scrub import Doubt
from sync.scrub.identity import group_names, make_key
from sync.scrub.lesson import tell_lesson
from sync.scrub.replaced import find_replacements, write_replacement

YOU = "you"
LEFT = "you left it: "  # before the person's reason
_CHANGED = "you changed its kind"
_WAS_DIRECT = f"{_CHANGED} from one that identifies directly"
DIRECT = frozenset(Kind) - {Kind.PLACE, Kind.AGENCY, Kind.DATE, Kind.TIME}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding is: its field and its span there, in code points."""

    field: FieldId
    span: Span


@dataclass(frozen=True, slots=True, repr=False)
class Decisions:
    """The texts of a report as written, and for each the findings as they are decided now.

    The findings of a field are sorted and do not overlap. doubts: why the findings are not
    enough. read_in_full: the person says that they have read every word of these texts.
    """

    texts: Mapping[FieldId, str]
    findings: Mapping[FieldId, tuple[Finding, ...]]
    doubts: tuple[Doubt, ...] = ()
    read_in_full: bool = False

    def places(self) -> Iterator[tuple[Place, Finding]]:
        """All findings in the order of the report."""
        for field in self.texts:
            for each in self.findings.get(field, ()):
                yield Place(field, each.span), each

    def find(self, place: Place) -> Finding:
        """The finding at that place. Raises KeyError if there is none."""
        for each in self.findings.get(place.field, ()):
            if each.span == place.span:
                return each
        raise KeyError(place)

    def text_at(self, place: Place) -> str:
        """What is written there."""
        return self.texts[place.field][place.span.start : place.span.end]

    @property
    def to_decide(self) -> int:
        """How many are only possible and have no decision yet."""
        return sum(is_open(each) for _, each in self.places())

    @property
    def is_unread(self) -> bool:
        """Whether every word has to be read, and the person has not said that they have."""
        return bool(self.doubts) and not self.read_in_full

    @property
    def removed(self) -> int:
        """How many are masked."""
        return sum(each.masked for _, each in self.places())


def is_open(finding: Finding) -> bool:
    """Whether the person still has to decide about it."""
    return finding.certainty is Certainty.POSSIBLE and finding.source != YOU


def wants_reason(finding: Finding) -> bool:
    """Whether leaving it in has to be given a reason: it is direct, or was until it was changed."""
    return finding.kind in DIRECT or finding.reason == _WAS_DIRECT


def begin(reviewed: Reviewed) -> Decisions:
    """What the scrubber proposes, before anybody has decided."""
    return Decisions(dict(reviewed.exact), dict(reviewed.findings), reviewed.doubts)


def decide_on(reviewed: Reviewed, decisions: Decisions) -> Reviewed:
    """The review with the person's decisions in place of the proposals.

    Raises ValueError if the decisions are about other texts.
    """
    if dict(decisions.texts) != dict(reviewed.exact):
        raise ValueError("the decisions are about other texts")
    return replace(reviewed, findings=decisions.findings)


def check_decided(decisions: Decisions) -> None:
    """Raises InputError while something is to decide, or to read."""
    if decisions.to_decide:
        raise InputError(
            "Some findings are not decided yet.",
            f"{decisions.to_decide} of them may identify somebody, or may not.",
            "Mask each of them or leave it in, then try again.",
        )
    if decisions.is_unread:
        raise InputError(
            "Every word has to be read by you first.",
            " ".join(sentence for each in decisions.doubts for sentence in explain_doubt(each)),
            "Read all texts, say that you have, then try again.",
        )


def confirm_reading(decisions: Decisions, *, is_read: bool) -> Decisions:
    """Note that the person has read every word, or that they have not after all."""
    return replace(decisions, read_in_full=is_read)


def mask(decisions: Decisions, place: Place) -> Decisions:
    """Replace it. Raises KeyError if nothing was found there."""
    return put_finding(decisions, place, _masked(decisions.find(place)))


def leave_in(decisions: Decisions, place: Place, why: str = "") -> Decisions:
    """Let it stand as it is written. why: the person's reason, which stays in the vault."""
    found = decisions.find(place)
    reason = why or found.reason
    return put_finding(decisions, place, replace(found, masked=False, source=YOU, reason=reason))


def change_kind(decisions: Decisions, place: Place, kind: Kind) -> Decisions:
    """Mask it as another kind; the same text has the same replacement."""
    found = decisions.find(place)
    if found.kind is kind:
        return mask(decisions, place)
    number = _replacement_for(decisions, kind, place)
    reason = _tell_change([found], kind, _CHANGED)
    changed = replace(_masked(found), kind=kind, replacement=number, reason=reason)
    return put_finding(decisions, place, changed)


def add(decisions: Decisions, field: FieldId, start: int, end: int, kind: Kind) -> Decisions:
    """Mask what the person has selected, widened to whole words and over what it touches.

    start, end: code points of the field's text. Raises InputError if nothing is selected.
    """
    span = snap(decisions.texts[field], start, end)
    if span is None:
        raise InputError("Nothing is selected.", hint="Select a word on the left, then try again.")
    return cover(decisions, Place(field, span), kind, reason="you marked it")


def apply_to_all(decisions: Decisions, place: Place) -> Decisions:
    """Decide about every mention of the same text, in all fields, as was decided here.

    Masked: every occurrence as a whole word is masked, in any case. Left: the findings with the
    same text are left; one that only contains it keeps its own decision.
    """
    model = decisions.find(place)
    text = decisions.text_at(place)
    if not model.masked:
        for each, found in tuple(decisions.places()):
            if found.kind is model.kind and _fold(decisions.text_at(each)) == _fold(text):
                left = replace(found, masked=False, source=YOU, reason=model.reason)
                decisions = put_finding(decisions, each, left)
        return decisions
    for field, written in decisions.texts.items():
        for span in find_mentions(text, written):
            decisions = _mask_mention(decisions, Place(field, span), model)
    return decisions


def find_mentions(words: str, text: str) -> Iterator[Span]:
    """Where the words stand in the text, in any case and spacing, as whole words."""
    parts = words.split()
    if not parts:
        return
    before = r"(?<!\w)" if _is_word(parts[0][0]) else ""
    after = r"(?!\w)" if _is_word(parts[-1][-1]) else ""
    pattern = before + r"\s+".join(map(re.escape, parts)) + after
    for found in re.finditer(pattern, text, re.IGNORECASE):
        yield Span(found.start(), found.end())


def _masked(found: Finding) -> Finding:
    was_left = found.source == YOU and not found.masked
    reason = "you masked it" if was_left else found.reason
    if was_left and found.reason.startswith(LEFT):
        reason = _tell_change([replace(found, reason=_WAS_DIRECT)], found.kind, reason)
    return replace(found, masked=True, source=YOU, reason=reason)


def _tell_change(before: Iterable[Finding], kind: Kind, reason: str) -> str:
    """The reason, unless what was direct becomes a kind that is not: that stays known."""
    return _WAS_DIRECT if kind not in DIRECT and any(map(wants_reason, before)) else reason


def put_finding(decisions: Decisions, place: Place, finding: Finding) -> Decisions:
    """Put the finding in place of all that it overlaps."""
    others = (
        each
        for each in decisions.findings.get(place.field, ())
        if not each.span.overlaps(place.span)
    )
    found = tuple(sorted((*others, finding), key=lambda each: each.span))
    return replace(decisions, findings={**decisions.findings, place.field: found})


def list_overlapped(decisions: Decisions, place: Place) -> list[Finding]:
    """The findings that share a code point with that place."""
    found = decisions.findings.get(place.field, ())
    return [each for each in found if each.span.overlaps(place.span)]


def cover(
    decisions: Decisions, place: Place, kind: Kind, *, reason: str, replacement: str = ""
) -> Decisions:
    """Mask the span together with everything that it touches, so that nothing is uncovered."""
    touched = list_overlapped(decisions, place)
    spans = [place.span, *(each.span for each in touched)]
    span = Span(min(each.start for each in spans), max(each.end for each in spans))
    reason = _tell_change(touched, kind, reason)
    whole = Place(place.field, span)
    number = replacement or _replacement_for(decisions, kind, whole)
    finding = Finding(span, kind, number, Certainty.SURE, masked=True, reason=reason, source=YOU)
    return put_finding(decisions, whole, finding)


def _mask_mention(decisions: Decisions, place: Place, model: Finding) -> Decisions:
    """Mask one mention like the model; a finding that contains it is masked as it is."""
    touched = list_overlapped(decisions, place)
    if len(touched) == 1 and touched[0].span.start <= place.span.start:
        found = touched[0]
        if found.span == place.span:
            same = replace(
                _masked(found),
                kind=model.kind,
                replacement=model.replacement,
                reason=_tell_change([found], model.kind, _masked(found).reason),
            )
            return put_finding(decisions, place, same)
        if found.span.end >= place.span.end:
            kept = found if found.masked else _masked(found)
            return put_finding(decisions, Place(place.field, found.span), kept)
    reason = f"same as {model.replacement}"
    return cover(decisions, place, model.kind, reason=reason, replacement=model.replacement)


def _replacement_for(decisions: Decisions, kind: Kind, place: Place) -> str:
    """The replacement that the same identity has already, or the next free one of the kind."""
    text = decisions.text_at(place)
    known = {
        decisions.text_at(other): found.replacement
        for other, found in decisions.places()
        if found.kind is kind
    }
    originals = [*known, text]
    keys: list[object] = (
        list(group_names(originals))
        if kind is Kind.NAME
        else [make_key(kind, each) for each in originals]
    )
    for original, key in zip(originals[:-1], keys[:-1], strict=True):
        if key == keys[-1]:
            return known[original]
    numbered = [found.replacement for _, found in decisions.places()]
    used = [
        earlier.number
        for each in (*numbered, *decisions.texts.values())
        for earlier in find_replacements(each)
        if earlier.kind is kind
    ]
    lesson = tell_lesson(kind, text, decisions.texts[place.field][: place.span.start])
    return write_replacement(kind, max(used, default=0) + 1, lesson)


def snap(text: str, start: int, end: int) -> Span | None:
    """The range without blanks at its ends, widened to whole words; None if nothing is left."""
    start, end = max(start, 0), min(end, len(text))
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start >= end:
        return None
    while start > 0 and _is_word(text[start]) and _is_word(text[start - 1]):
        start -= 1
    while end < len(text) and _is_word(text[end - 1]) and _is_word(text[end]):
        end += 1
    return Span(start, end)


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()
