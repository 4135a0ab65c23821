"""Decisions that outlive the window: kept in the vault, and put back in after a fresh look.

Where a text did not change, a decision is found by its place; where it did, the words that the
person has masked are masked again. What the scrubber alone has masked is not remembered: a fresh
look finds it where it still identifies somebody.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from app.domain.form import FieldId
from app.domain.report import Finding, Span
from sync.decisions import (
    YOU,
    Decisions,
    Place,
    cover,
    find_mentions,
    list_overlapped,
    put_finding,
    snap,
)
from sync.scrub.known import is_ordinary
from sync.scrub.lexicon import Lexicon
from sync.scrub.replaced import read_replacement
from sync.scrub.rules.patterns import NOT_AN_AMOUNT

_REMEMBERED = "it was masked before"
_NO_AMOUNT = re.compile(NOT_AN_AMOUNT, re.IGNORECASE)
_BARE_NUMBER = re.compile(r"\d+")


def recall(
    fresh: Decisions, earlier: Decisions, originals: Mapping[str, str], lexicon: Lexicon
) -> Decisions:
    """The fresh proposals with earlier decisions put back in.

    originals: what `name_originals` gave; it counts in those texts alone of which nothing is in
    `earlier`, for there each decision is known by its place.
    """
    remembered = remember(fresh, originals, lexicon, except_in=earlier.texts.keys())
    return merge(remembered, earlier)


def read_kept(fresh: Decisions, kept: Mapping[str, Sequence[Finding]]) -> Decisions:
    """The decisions that the vault holds; it forgets those of a text when that changes."""
    found = {FieldId(field): tuple(each) for field, each in kept.items()}
    texts = {field: text for field, text in fresh.texts.items() if field in found}
    return Decisions(texts, found)


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


def remember(
    fresh: Decisions,
    originals: Mapping[str, str],
    lexicon: Lexicon,
    *,
    except_in: Collection[FieldId] = (),
) -> Decisions:
    """Mask what the person has masked before wherever it still stands.

    originals: what `name_originals` gave. Places are forgotten when a text changes, the words
    are not: so a mask that the person added survives an edit. An ordinary word is masked only as
    it was written, a bare number not where it is an amount. What a fresh finding covers already
    is left to it, also if it is only possible and thus asked about. except_in: leave these alone.
    """
    for replacement, words in _read_yours(originals):
        numbered = read_replacement(replacement)
        for text in words if numbered else ():
            for field, written in fresh.texts.items():
                if field in except_in:
                    continue
                for span in _find_again(text, written, lexicon):
                    place = Place(field, span)
                    if numbered and not _is_covered(fresh, place):
                        fresh = cover(fresh, place, numbered.kind, reason=_REMEMBERED)
    return fresh


def name_originals(decisions: Decisions) -> dict[str, str]:
    """What stands behind each replacement, as JSON lists; it stays in the vault.

    Under the key "you" the same once more, as one JSON object, of those alone that the person
    has masked.
    """
    everything: dict[str, dict[str, None]] = {}
    yours: dict[str, dict[str, None]] = {}
    for place, found in decisions.places():
        if found.masked:
            text = decisions.text_at(place)
            everything.setdefault(found.replacement, {})[text] = None
            if found.source == YOU:
                yours.setdefault(found.replacement, {})[text] = None
    named = {replacement: _write(list(texts)) for replacement, texts in everything.items()}
    named[YOU] = _write({replacement: list(texts) for replacement, texts in yours.items()})
    return named


def _write(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _read_yours(originals: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """What the person has masked. A map without that entry is an old one: all of it counts."""
    if YOU in originals:
        yield from json.loads(originals[YOU]).items()
    else:
        for replacement, words in originals.items():
            yield replacement, json.loads(words)


def _find_again(words: str, text: str, lexicon: Lexicon) -> Iterator[Span]:
    as_written = is_ordinary(words, lexicon)
    is_number = _BARE_NUMBER.fullmatch(words) is not None
    for span in find_mentions(words, text):
        same = text[span.start : span.end] == words
        if (same or not as_written) and not (is_number and not _NO_AMOUNT.match(text, span.end)):
            yield span


def _is_covered(decisions: Decisions, place: Place) -> bool:
    """Whether it is masked in part, or all of it is asked about."""
    return any(
        each.masked or (each.span.start <= place.span.start and place.span.end <= each.span.end)
        for each in list_overlapped(decisions, place)
    )


def _keep_mask(merged: Decisions, place: Place, found: Finding) -> Decisions:
    span = snap(merged.texts[place.field], place.span.start, place.span.end)
    if span is None:
        return merged
    touched = list_overlapped(merged, Place(place.field, span))
    if len(touched) == 1 and touched[0].span == span and touched[0].kind is found.kind:
        kept = replace(touched[0], masked=True, source=YOU, reason=found.reason)
        return put_finding(merged, Place(place.field, span), kept)
    return cover(merged, Place(place.field, span), found.kind, reason=found.reason)


def _keep_left(merged: Decisions, place: Place, found: Finding) -> Decisions:
    for fresh in merged.findings.get(place.field, ()):
        if fresh.span == place.span and fresh.kind is found.kind:
            left = replace(fresh, masked=False, source=YOU, reason=found.reason)
            return put_finding(merged, place, left)
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
