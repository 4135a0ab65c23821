"""Street addresses, blocks, intersections and mile markers."""

import re
from collections.abc import Iterator, Sequence

from app.domain.report import Certainty, Kind
from sync.scrub.candidates import Candidate
from sync.scrub.lexicon import Knows
from sync.scrub.rules.patterns import ONES, TEENS, TENS, Pattern, find_patterns, make_pattern
from sync.scrub.rules.roads import find_roads
from sync.scrub.tokens import Words

_BEFORE_HOUSES = frozenset({"at", "to", "of", "from", "near", "outside", "behind"})
_ROUTE = (
    r"(?:(?:I|US|SR|CR|FM|RM|TX|CA|WA|OR|NM|AZ|NV|UT|ID|MT|WY|ND|SD|NE|KS|OK|MN|IA|MO|WI|IL|MI"
    r"|IN|OH|KY|TN|AL|GA|FL|SC|NC|VA|WV|MD|PA|NY|CT|MA|VT|NH|ME|IH|SH|PR)-\d{1,4}[A-Z]?"
    r"|(?:I|US|SR|CR|FM|IH) \d{1,4}[A-Z]?)(?:[NSEW]B?| ?(?:north|south|east|west)bound)?(?!\w)"
)

_NTH_WORD = (
    r"(?:First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|Eleventh|Twelfth"
    r"|Thirteenth|Fourteenth|Fifteenth)"
)
_NUMBER_WORD = (
    rf"(?:(?:{ONES}) (?:hundred )?(?:and )?(?=\w))?"
    rf"(?:(?:{TENS})(?:[ -](?:{ONES}))?|{ONES}|{TEENS})"
)
_MARKERS = frozenset({"is a mile marker", "is an exit"})
_MARKER_BEFORE = re.compile(
    r"(?:,? (?:at |near |by |@ |around |and )?|/|@)(?:the )?$", re.IGNORECASE
)
_MARKER_AFTER = re.compile(r",? (?:on |of |off )?(?:the )?", re.IGNORECASE)
_BLOCK_BEFORE = re.compile(r"\d{1,5} ?(?:block|blk)\.?(?: of)? $", re.IGNORECASE)

ADDRESSES: tuple[Pattern, ...] = (
    make_pattern(
        r"\b(?:mile ?(?:marker|post)|milemarker|mm|mp|m\.m\.)[ #.]{0,2}"
        rf"(?:\d{{1,3}}(?:\.\d{{1,2}})?|{_NUMBER_WORD})(?!\w)",
        Kind.ADDRESS,
        "is a mile marker",
        Certainty.SURE,
    ),
    make_pattern(
        r"\bmile (?P<v>\d{2,3})(?! (?:an|per)\b)(?![\w-])", Kind.ADDRESS, "is a mile marker"
    ),
    make_pattern(
        r"\b(?:exit|exits|off-?ramp|on-?ramp)(?: (?:number|no\.?|#))?[ #]{1,2}\d{1,3}[A-Z]?(?!\w)"
        r"(?! (?:feet|yards|people|doors|times))",
        Kind.ADDRESS,
        "is an exit",
        Certainty.SURE,
    ),
    make_pattern(
        r"\b(?:p\.? ?o\.? box|rural route|rr|star route|hc)[ #]{1,2}\d{1,5}(?:,? box \d{1,5})?\b",
        Kind.ADDRESS,
        "is a mail address",
        Certainty.SURE,
    ),
    make_pattern(rf"(?<![\w-]){_ROUTE}", Kind.PLACE, "is a numbered road", cased=True),
    make_pattern(
        r"\b(?:interstate|highway|hwy|state highway|us highway|u\.s\. highway"
        r"|state route|state road"
        r"|u\.?s\.? route|county road|co\.? rd|farm to market(?: road)?|ranch road"
        r"|forest (?:service )?road"
        r"|forest road|fs road|(?<!\ben )route|rte|rt|loop|i|sr|cr|fm|u\.s\.)"
        r"\.?[ -]{1,2}#?\d{1,4}[A-Z]?"
        r"(?: ?(?:north|south|east|west)(?:bound)?\b)?(?![\w:/-]|\.\d| (?:yards"
        r"|feet|minutes|of us))",
        Kind.PLACE,
        "is a numbered road",
    ),
    make_pattern(
        r"\b(?:bia|indian route|navajo route|tribal route|forest service|u\.? ?s\.? highway"
        r"|us route|highway|hwy|interstate|(?<!\ben )route|county road) "
        rf"(?:\d{{1,4}}|{_NUMBER_WORD})(?![\w:/-]|\.\d)",
        Kind.PLACE,
        "is a numbered road",
        needs="bia |route|highway|hwy|interstate|county road|forest service",
    ),
    make_pattern(
        r"\b(?P<v>(?:[NSEWnsew]{1,2}\.? )?\d{1,3}(?:st|nd|rd|th|ST|ND|RD|TH) ?/ ?"
        r"(?:[NSEW]{1,2}\.? )?"
        r"[A-Za-z]{3,15}(?: (?:St|Ave|Rd|Blvd|Dr|ST|AVE|RD|BLVD|DR)\b)?)(?!\w)",
        Kind.ADDRESS,
        "is an intersection",
        cased=True,
    ),
    make_pattern(
        r"\b(?P<v>[A-Z][A-Za-z]{2,15} ?/ ?(?:[NSEW]{1,2}\.? )?"
        r"\d{1,3}(?:st|nd|rd|th|ST|ND|RD|TH))(?!\w)",
        Kind.ADDRESS,
        "is an intersection",
        cased=True,
    ),
    make_pattern(
        r"\b(?P<v>[A-Z][A-Za-z']{2,15} (?:St|Ave|Rd|Blvd|Dr|Ln|ST|AVE|RD|BLVD|DR|LN)\.? ?/ ?"
        r"[A-Z][A-Za-z']{2,15}(?: (?:St|Ave|Rd|Blvd|Dr|Ln|ST|AVE|RD|BLVD|DR|LN)\b)?)(?!\w)",
        Kind.ADDRESS,
        "is an intersection",
        cased=True,
    ),
    make_pattern(
        r"\bthe (?P<v>(?:5|10|15|55|57|60|71|91|101|105|110|118|134|170|210|215|280"
        r"|405|605|610|710|805|880))"
        r"(?= (?:freeway|fwy|north|south|east|west|on|off|at|near|and)\b|[.,])",
        Kind.PLACE,
        "is a numbered road",
    ),
    make_pattern(
        r"\b\d{1,5}(?:-\d{1,5})? ?(?:block|blk|hundred block"
        r"|hundo)(?: of)?(?: (?:[NSEW]\.?|north|south"
        r"|east|west))? (?:(?:St|Mt|Dr|[NSEW]{1,2})\. |(?:[A-Z]\.){2,4} )?"
        r"[A-Z0-9][\w']{0,20}(?: [A-Z][\w']{1,20}){0,2}",
        Kind.ADDRESS,
        "is a block of a street",
        Certainty.SURE,
        cased=True,
    ),
    make_pattern(
        r"(?<![\w.:/-])\d{2,5} (?:[NSEW]|[NS][EW])\.? [A-Z][a-z]{2,15}"
        r"(?:,? (?:rear|upper|lower|front|basement)\b)?",
        Kind.ADDRESS,
        "a house number and a direction",
        cased=True,
    ),
    make_pattern(r"\b\d{1,5} ?(?:block|blk)\b", Kind.ADDRESS, "is a block of a street"),
    make_pattern(
        r"\b(?P<v>(?:[NSEW]\.? )?(?:\d{1,3}(?:st|nd|rd|th)|[A-Z][a-z]{2,15}) (?:and|&|at|/|@) "
        r"(?:[NSEW]\.? )?\d{1,3}(?:st|nd|rd|th))\b(?! (?:of|floor|time|man|officer|unit|try|shot))",
        Kind.ADDRESS,
        "is an intersection",
        cased=True,
    ),
    make_pattern(
        r"\b(?:corner of|intersection of|intersection at) (?P<v>(?:[NSEW]\.? )?[A-Z0-9][\w']{1,20}"
        r"(?: [A-Z][\w']{1,20}){0,2} (?:and|&|at|/) (?:[NSEW]\.? )?[A-Z0-9][\w']{1,20}"
        r"(?: [A-Z][\w']{1,20}){0,2})",
        Kind.ADDRESS,
        "is an intersection",
        Certainty.SURE,
        cased=True,
    ),
    make_pattern(
        r"\b(?P<v>\d{1,3}(?:st|nd|rd|th) (?:and|&) [A-Z][a-z]{2,15})\b",
        Kind.ADDRESS,
        "is an intersection",
        cased=True,
    ),
    make_pattern(
        rf"\b(?:{_NTH_WORD} (?:and|&|at) (?!{_NTH_WORD})[A-Z][a-z]{{2,15}}"
        rf"|(?!The\b|This\b|On\b)[A-Z][a-z]{{2,15}} (?:and|&|at) {_NTH_WORD}"
        rf"|{_NTH_WORD} (?:and|&) {_NTH_WORD})"
        r"(?: (?:Streets?|Avenues?|St|Ave)\b)?(?! (?:floor|man|officer|shot|time))",
        Kind.ADDRESS,
        "is an intersection",
        cased=True,
    ),
    make_pattern(
        r"\b(?:on|at|near|down|off|to) (?P<v>\d{1,3}(?:st|nd|rd|th))(?=[.,;]"
        r"| (?:near|by|north|south"
        r"|east|west|toward|towards|behind)\b)",
        Kind.PLACE,
        "is a numbered street",
        Certainty.POSSIBLE,
    ),
)


def _join_roads(text: str, roads: Iterator[Candidate]) -> Iterator[Candidate]:
    """Two roads with "and", "at" or a stroke between them are an intersection."""
    before: Candidate | None = None
    for road in roads:
        yield road
        if before and 0 < road.start - before.end <= 5 and text[before.end] != ",":
            between = text[before.end : road.start].strip().lower()
            if between in {"and", "&", "at", "/", "@", "x"}:
                reason = "is an intersection"
                yield Candidate(
                    before.start, road.end, Kind.ADDRESS, Certainty.SURE, reason, context=True
                )
        block = _BLOCK_BEFORE.search(text[max(0, road.start - 24) : road.start])
        if block:
            start = road.start - len(block.group())
            reason = "is a block of a street"
            yield Candidate(start, road.end, Kind.ADDRESS, Certainty.SURE, reason, context=True)
        before = road


def _join_markers(text: str, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """ "I-80 at mile marker 212", "mile marker 7 on Highway 118" are one."""
    roads = [each for each in found if each.reason not in _MARKERS]
    begins = {each.end: each.start for each in sorted(roads, key=_get_length)}
    ends = {each.start: each.end for each in sorted(roads, key=_get_length)}
    for marker in found:
        if marker.reason not in _MARKERS:
            continue
        at = max(0, marker.start - 14)
        before = _MARKER_BEFORE.search(text[at : marker.start])
        start = begins.get(at + before.start()) if before else None
        after = _MARKER_AFTER.match(text, marker.end)
        end = ends.get(after.end()) if after else None
        if start is not None or end is not None:
            yield Candidate(
                marker.start if start is None else start,
                marker.end if end is None else end,
                Kind.ADDRESS,
                Certainty.SURE,
                "is a place on a road",
                context=True,
            )


def _get_length(candidate: Candidate) -> int:
    return candidate.end - candidate.start


_LOWER_ROAD = re.compile(
    r"\b(?:on|of|at|near|down|off|onto|along|and|to) (?P<v>(?!(?:the|a|an|dirt"
    r"|gravel|access|back|main"
    r"|side|service|county|country|private|paved|wet|icy|public|narrow|busy|rural"
    r"|same|frontage|test"
    r"|city|this|that|his|her|my|our|their|one|two|across|forest|logging|open|dark|each|which)\b)"
    r"[a-z]{3,15} (?:street|avenue|ave|road|rd|lane|ln|drive|dr|court|ct|boulevard"
    r"|blvd|highway|hwy))"
    r"\b",
    re.IGNORECASE,
)


_LOWER_CROSSING = re.compile(
    rf"\b(?:at|near|of|to|on) (?P<v>(?:{_NTH_WORD}|\d{{1,3}}(?:st|nd|rd|th)) (?:and|&) "
    rf"(?!the\b|his\b|her\b|my\b|then\b|last\b|only\b|final\b)(?:{_NTH_WORD}|[a-z]{{3,15}}))\b",
    re.IGNORECASE,
)


def _find_bare_addresses(words: Words) -> Iterator[Candidate]:
    """ "at 1919 Delmar": a house number and a capitalised word that is no plain word."""
    tokens = words.tokens
    other = Knows.WORD | Knows.VETO | Knows.TITLE | Knows.ROLE
    for before, number, name in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if before.low not in _BEFORE_HOUSES or number.shape != "num" or len(number.text) > 5:
            continue
        near = number.glue == " " and name.glue == " " and len(number.text) > 1
        if near and name.shape == "Cap" and name.trusted and not name.has(other):
            reason = "a house number and a name"
            yield Candidate(
                number.start, name.end, Kind.ADDRESS, Certainty.LIKELY, reason, context=True
            )


def _find_plain_roads(words: Words) -> Iterator[Candidate]:
    """ "in the area of river road", where capitals say nothing."""
    for match in (*_LOWER_ROAD.finditer(words.text), *_LOWER_CROSSING.finditer(words.text)):
        value = match.group("v")
        if value.isupper() or (words.lower_case and value.islower()):
            start, end = match.span("v")
            reason = "a name and a kind of road"
            yield Candidate(start, end, Kind.PLACE, Certainty.LIKELY, reason, context=True)


def find_addresses(words: Words) -> Iterator[Candidate]:
    """Everything that says where exactly."""
    found = [
        *find_patterns(words, ADDRESSES),
        *_find_plain_roads(words),
        *_join_roads(words.text, find_roads(words)),
    ]
    yield from found
    yield from _join_markers(words.text, found)
    yield from _find_bare_addresses(words)
