"""Findings that belong together, and words that belong to a finding beside them."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.domain.report import Certainty, Kind
from sync.scrub.candidates import Candidate

_WHERE = frozenset({Kind.ADDRESS, Kind.PLACE})
_CROSSING = re.compile(r" ?(?:/|&|@) ?| (?:at|and|n) ", re.IGNORECASE)
_TO_MARKER = re.compile(r",? (?:at|near|nr|by|@) ", re.IGNORECASE)
_FROM_MARKER = re.compile(r",? (?:on|of|off|at) (?:the )?", re.IGNORECASE)
_MARKER = re.compile(r"(?:mm|mp|mile|exit)\b", re.IGNORECASE)
_LONGEST_GLUE = 8
_SPELLED = re.compile(
    r"[ -](?:alpha|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliet|kilo|lima|mike|november"
    r"|oscar|papa|quebec|romeo|sierra|tango|uniform|victor|whiskey|x-?ray|yankee|zulu)(?![\w-])",
    re.IGNORECASE,
)
# "Whitney Not-Afraid": a second name of two words.
_SECOND_NAME = re.compile(r" [A-Z][a-z]{1,14}-[A-Z][a-z]{1,14}(?!\w)")
_GENERATION = re.compile(
    r",? (?:jr|sr|iii?|iv|junior|senior)\b(?! (?:officer|deputy|year|high|citizen|center|living))",
    re.IGNORECASE,
)
# "the day after Thanksgiving"
_BESIDE_DAY = re.compile(
    r"\b(?:day|night|morning|evening|week|weekend|eve) (?:after|before|of) $", re.IGNORECASE
)
_LONGEST_BESIDE = 24
# "SW" of "SW 3rd Ave"
_DIRECTION = re.compile(r"(?<![\w'])(?:[NSEW]|[NS][EW])\.? $", re.IGNORECASE)
_ORDINAL = re.compile(r"\d(?:st|nd|rd|th)$", re.IGNORECASE)
_FROM_DOOR = re.compile(
    r",? (?:(?:rear|upper|lower|front|basement)(?: (?:flat|unit|apt|level|apartment))?"
    r"|(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|ground) (?:floor|fl)"
    r"|(?:apt|unit|ste|#) ?[\w-]{1,5})\b"
)
_HOUSE = re.compile(r"\d")


def join_neighbours(candidates: Sequence[Candidate], text: str) -> Iterator[Candidate]:
    """What takes the place of neighbours that are one ("Depot St" at "Railroad Ave").

    candidates: without overlaps, in order. Yields only what is new; each hides what it joins.
    """
    masked = [each for each in candidates if each.is_masked]
    for first, second in itertools.pairwise(masked):
        glue = text[first.end : second.start]
        if len(glue) > _LONGEST_GLUE or not _may_be_roads(first, second, text):
            continue
        crossing = Kind.ADDRESS in {first.kind, second.kind} and _CROSSING.fullmatch(glue)
        marker = (_TO_MARKER.fullmatch(glue) and _MARKER.match(text, second.start)) or (
            _FROM_MARKER.fullmatch(glue) and _MARKER.match(text, first.start)
        )
        if crossing or marker:
            reason = "is an intersection" if crossing else "is a place on a road"
            yield Candidate(
                first.start, second.end, Kind.ADDRESS, Certainty.LIKELY, reason, context=True
            )
    for each in masked:
        start, more = _find_start(each, text), _find_rest(each, text)
        if more is not None or start < each.start:
            yield replace(each, start=start, end=each.end if more is None else more.end())


def _may_be_roads(first: Candidate, second: Candidate, text: str) -> bool:
    """Two places; or a numbered street and what was taken for a name ("140th and Kinsman")."""
    if first.kind is Kind.ADDRESS and second.kind is Kind.NAME:
        return _ORDINAL.search(text[first.start : first.end]) is not None
    return {first.kind, second.kind} <= _WHERE


def _find_start(each: Candidate, text: str) -> int:
    begin = max(0, each.start - _LONGEST_BESIDE)
    match each.kind:
        case Kind.DATE:
            beside = _BESIDE_DAY.search(text[begin : each.start])
        case Kind.ADDRESS:
            beside = _DIRECTION.search(text[begin : each.start])
        case _:
            return each.start
    return each.start if beside is None else begin + beside.start()


def _find_rest(each: Candidate, text: str) -> re.Match[str] | None:
    match each.kind:
        case Kind.UNIT:
            return _SPELLED.match(text, each.end)
        case Kind.NAME:
            return _GENERATION.match(text, each.end) or _SECOND_NAME.match(text, each.end)
        case Kind.ADDRESS if _HOUSE.match(text, each.start):
            return _FROM_DOOR.match(text, each.end)
    return None
