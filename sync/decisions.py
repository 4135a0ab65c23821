"""The person's decisions over what was found, as pure functions on immutable values.

A decision is a `Finding` whose source is "you"; so it is kept with the findings in the vault.
Whatever is done, findings never overlap, and no step uncovers what was masked except the one
that says so.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from app.domain.form import FieldId
from app.domain.report import Certainty, Finding, Kind, Span
from app.errors import InputError
from sync.outgoing import Reviewed, explain_doubt
from sync.scrub import Doubt
from sync.scrub.identity import group_names, make_key
from sync.scrub.lesson import tell_lesson
from sync.scrub.replaced import find_replacements, read_replacement, write_replacement

YOU = "you"
DIRECT = frozenset(Kind) - {Kind.PLACE, Kind.AGENCY, Kind.DATE, Kind.TIME}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding is: its field and its span there, in code points."""

    field: FieldId
    span: Span


@dataclass(frozen=True, slots=True)
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
    """Whether leaving it in has to be given a reason: it is direct, and not only possible."""
    return finding.kind in DIRECT and finding.certainty is not Certainty.POSSIBLE


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
    return _put(decisions, place, _masked(decisions.find(place)))


def leave_in(decisions: Decisions, place: Place, why: str = "") -> Decisions:
    """Let it stand as it is written. why: the person's reason, which stays in the vault."""
    found = decisions.find(place)
    reason = why or found.reason
    return _put(decisions, place, replace(found, masked=False, source=YOU, reason=reason))


def change_kind(decisions: Decisions, place: Place, kind: Kind) -> Decisions:
    """Mask it as another kind; the same text has the same replacement."""
    found = decisions.find(place)
    if found.kind is kind:
        return mask(decisions, place)
    number = _replacement_for(decisions, kind, place)
    reason = "you changed its kind"
    changed = replace(_masked(found), kind=kind, replacement=number, reason=reason)
    return _put(decisions, place, changed)


def add(decisions: Decisions, field: FieldId, start: int, end: int, kind: Kind) -> Decisions:
    """Mask what the person has selected, widened to whole words and over what it touches.

    start, end: code points of the field's text. Raises InputError if nothing is selected.
    """
    span = _snap(decisions.texts[field], start, end)
    if span is None:
        raise InputError("Nothing is selected.", hint="Select a word on the left, then try again.")
    return _cover(decisions, Place(field, span), kind, reason="you marked it")


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
                decisions = _put(decisions, each, left)
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


def merge(fresh: Decisions, earlier: Decisions) -> Decisions:
    """The fresh proposals with the earlier decisions put back in.

    A mask stays as long as its text does, also when it moved; a mention left in stays so only
    where its text and kind are found again in the same place, and is asked about otherwise.
    That every word was read stays true only of the very same texts, and of no new doubt.
    """
    is_same = dict(fresh.texts) == dict(earlier.texts) and {*fresh.doubts} <= {*earlier.doubts}
    merged = replace(fresh, read_in_full=earlier.read_in_full and is_same)
    for place, found in earlier.places():
        text = fresh.texts.get(place.field)
        if found.source != YOU or text is None or place.span.end > len(earlier.texts[place.field]):
            continue
        moved = _follow(place.span, earlier.texts[place.field], text)
        if found.masked:
            lost = find_mentions(earlier.text_at(place), text)
            for span in lost if moved is None else (moved,):
                merged = _keep_mask(merged, Place(place.field, span), found)
        elif moved is not None:
            merged = _keep_left(merged, Place(place.field, moved), found)
    return merged


def remember(fresh: Decisions, originals: Mapping[str, str]) -> Decisions:
    """Mask what was masked before wherever it still stands.

    originals: what `name_originals` gave. Places are forgotten when a text changes, the words
    are not: so a mask that the person added survives an edit. What a fresh finding covers
    already is left to it.
    """
    for replacement, words in originals.items():
        numbered = read_replacement(replacement)
        for text in json.loads(words) if numbered else ():
            for field, written in fresh.texts.items():
                for span in find_mentions(text, written):
                    place = Place(field, span)
                    if numbered and not any(each.masked for each in _overlapped(fresh, place)):
                        reason = "it was masked before"
                        fresh = _cover(fresh, place, numbered.kind, reason=reason)
    return fresh


def name_originals(decisions: Decisions) -> dict[str, str]:
    """What stands behind each replacement, as JSON lists; it stays in the vault."""
    originals: dict[str, dict[str, None]] = {}
    for place, found in decisions.places():
        if found.masked:
            originals.setdefault(found.replacement, {})[decisions.text_at(place)] = None
    return {
        replacement: json.dumps(list(texts), ensure_ascii=False)
        for replacement, texts in originals.items()
    }


def _masked(found: Finding) -> Finding:
    was_left = found.source == YOU and not found.masked
    reason = "you masked it" if was_left else found.reason
    return replace(found, masked=True, source=YOU, reason=reason)


def _put(decisions: Decisions, place: Place, finding: Finding) -> Decisions:
    """The finding in place of all that it overlaps."""
    others = (
        each
        for each in decisions.findings.get(place.field, ())
        if not each.span.overlaps(place.span)
    )
    found = tuple(sorted((*others, finding), key=lambda each: each.span))
    return replace(decisions, findings={**decisions.findings, place.field: found})


def _overlapped(decisions: Decisions, place: Place) -> list[Finding]:
    found = decisions.findings.get(place.field, ())
    return [each for each in found if each.span.overlaps(place.span)]


def _cover(
    decisions: Decisions, place: Place, kind: Kind, *, reason: str, replacement: str = ""
) -> Decisions:
    """Mask the span together with everything that it touches, so that nothing is uncovered."""
    touched = [place.span, *(each.span for each in _overlapped(decisions, place))]
    span = Span(min(each.start for each in touched), max(each.end for each in touched))
    whole = Place(place.field, span)
    number = replacement or _replacement_for(decisions, kind, whole)
    finding = Finding(span, kind, number, Certainty.SURE, masked=True, reason=reason, source=YOU)
    return _put(decisions, whole, finding)


def _mask_mention(decisions: Decisions, place: Place, model: Finding) -> Decisions:
    """Mask one mention like the model; a finding that contains it is masked as it is."""
    touched = _overlapped(decisions, place)
    if len(touched) == 1 and touched[0].span.start <= place.span.start:
        found = touched[0]
        if found.span == place.span:
            same = replace(_masked(found), kind=model.kind, replacement=model.replacement)
            return _put(decisions, place, same)
        if found.span.end >= place.span.end:
            kept = found if found.masked else _masked(found)
            return _put(decisions, Place(place.field, found.span), kept)
    reason = f"same as {model.replacement}"
    return _cover(decisions, place, model.kind, reason=reason, replacement=model.replacement)


def _keep_mask(merged: Decisions, place: Place, found: Finding) -> Decisions:
    span = _snap(merged.texts[place.field], place.span.start, place.span.end)
    if span is None:
        return merged
    touched = _overlapped(merged, Place(place.field, span))
    if len(touched) == 1 and touched[0].span == span and touched[0].kind is found.kind:
        kept = replace(touched[0], masked=True, source=YOU, reason=found.reason)
        return _put(merged, Place(place.field, span), kept)
    return _cover(merged, Place(place.field, span), found.kind, reason=found.reason)


def _keep_left(merged: Decisions, place: Place, found: Finding) -> Decisions:
    for fresh in merged.findings.get(place.field, ()):
        if fresh.span == place.span and fresh.kind is found.kind:
            left = replace(fresh, masked=False, source=YOU, reason=found.reason)
            return _put(merged, place, left)
    return merged


def _follow(span: Span, before: str, after: str) -> Span | None:
    """Where a span is in the changed text, if it lies before or behind all that changed."""
    if before == after:
        return span
    most = min(len(before), len(after))
    head = next((i for i in range(most) if before[i] != after[i]), most)
    tail = next((i for i in range(most - head) if before[-1 - i] != after[-1 - i]), most - head)
    if span.end <= head:
        return span
    if span.start >= len(before) - tail:
        shift = len(after) - len(before)
        return Span(span.start + shift, span.end + shift)
    return None


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


def _snap(text: str, start: int, end: int) -> Span | None:
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
