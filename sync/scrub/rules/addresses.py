"""Street addresses, blocks, intersections, mile markers and named roads.

A road is found from its type ("Street") backwards; a house number before it makes it an
address, nothing before it a place.
"""

import re
from collections.abc import Iterator, Sequence

from app.domain.report import Certainty, Kind
from sync.scrub.candidates import Candidate
from sync.scrub.lexicon import Knows
from sync.scrub.rules.patterns import Pattern, find_patterns, make_pattern
from sync.scrub.tokens import Token, Words
from sync.scrub.word_sets import make_set

_DIRECTIONS = make_set(
    "n s e w ne nw se sw north south east west northeast northwest southeast southwest nb sb eb wb"
)
_HEADS = make_set("old new st saint san santa mt mount fort ft el la las los martin dr")
_BEFORE_HOUSES = frozenset({"at", "to", "of", "from", "near", "outside", "behind"})
_LONGEST_NAME = 4
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
    r"(?:(?:one|two|three|four|five|six|seven|eight|nine) (?:hundred )?(?:and )?(?=\w))?"
    r"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen)"
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
        r"|east|west))? (?:[A-Z0-9][\w.']{0,20})(?: [A-Z][\w']{1,20}){0,2}",
        Kind.ADDRESS,
        "is a block of a street",
        Certainty.SURE,
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


def _is_name_part(token: Token, words: Words) -> bool:
    if token.low in _DIRECTIONS:
        return True
    if token.shape in {"num", "mix"}:
        return token.low.endswith(("st", "nd", "rd", "th")) or token.low.isdigit()
    if token.trusted and not words.lower_case:
        return token.is_capital
    return not token.has(Knows.WORD | Knows.TITLE) or token.has(
        Knows.FIRST | Knows.LAST | Knows.NAME_WORD
    )


def _is_joined(glue: str) -> bool:
    return glue in {" ", "  ", ". ", "-", ".", " #", "'"}


def _find_start(words: Words, place: int) -> int:
    """The number of the first token that belongs to the road whose type stands at `place`."""
    index = place
    while index > 0 and place - index < _LONGEST_NAME + 2:
        before, here = words.tokens[index - 1], words.tokens[index]
        over_end = here.first and "." in here.glue
        if over_end or not _is_joined(here.glue) or not _is_name_part(before, words):
            break
        index -= 1
        if before.low.isdigit():
            break
    return index


def _is_road(words: Words, start: int, place: int) -> bool:  # noqa: PLR0911
    """Whether what stands between is a name, not just "the street" or "North Drive"."""
    names = words.tokens[start:place]
    if not names or (len(names) == 1 and names[0].low.isdigit()):
        return False
    kind = words.tokens[place]
    numbered = names[0].low.isdigit()
    real = [each for each in names if each.low not in _DIRECTIONS and not each.low.isdigit()]
    if not real:
        return numbered and kind.low in {"st", "ave", "rd", "street", "avenue", "road", "broadway"}
    if all(each.has(Knows.TITLE) for each in real):
        return False
    trusted = kind.trusted and not words.lower_case
    if trusted and (kind.is_capital or (numbered and not kind.has(Knows.STREET_WORD))):
        sentence = real[0].first and real[0].has(Knows.WORD) and len(real) == 1
        return not (sentence and kind.has(Knows.STREET_WORD))
    if trusted:
        return kind.low in {"st", "street", "avenue", "ave", "rd", "blvd", "road", "lane", "drive"}
    if numbered:
        return True
    return not kind.has(Knows.STREET_WORD) or kind.low in {"road", "lane", "drive", "court"}


def _find_end(words: Words, place: int) -> int:
    """Where the road ends: a direction after it and a flat or block belong to it."""
    last = place
    tokens = words.tokens
    if place + 1 < len(tokens):
        after = tokens[place + 1]
        if after.low in _DIRECTIONS and after.glue in {" ", ". "} and len(after.low) <= 2:
            last = place + 1
    if last + 2 < len(tokens):
        word, number = tokens[last + 1], tokens[last + 2]
        doors = {
            "apt",
            "apartment",
            "unit",
            "suite",
            "ste",
            "room",
            "rm",
            "lot",
            "space",
            "bldg",
            "trlr",
        }
        short = len(number.text) <= 5 and number.shape in {"num", "mix", "I"}
        if (
            word.low in doors
            and short
            and len(word.glue.strip(" ,.")) == 0
            and "\n" not in word.glue
        ):
            return number.end
    if last + 1 < len(tokens) and tokens[last + 1].glue.strip(" ,.") == "#":
        return tokens[last + 1].end
    return tokens[last].end


def find_roads(words: Words) -> Iterator[Candidate]:
    """Addresses and named roads, from the type of road backwards."""
    for place, token in enumerate(words.tokens):
        if not token.has(Knows.STREET) or place == 0:
            continue
        start = _find_start(words, place)
        while start < place and not _may_begin(words, start, place):
            start += 1
        if start == place or not _is_road(words, start, place):
            continue
        first = words.tokens[start]
        numbered = first.low.isdigit()
        yield Candidate(
            first.start,
            _find_end(words, place),
            Kind.ADDRESS if numbered else Kind.PLACE,
            Certainty.SURE if numbered else Certainty.LIKELY,
            f"a name and the word '{token.low}'",
            context=True,
        )


def _may_begin(words: Words, index: int, place: int) -> bool:
    """A road does not begin with a word that only begins the sentence ("On Oak Street")."""
    token = words.tokens[index]
    if token.low.isdigit() or token.low in _HEADS or token.low in _DIRECTIONS:
        return True
    only_word = token.has(Knows.WORD) and not token.has(Knows.NAME_WORD)
    return not (only_word and (token.first or len(token.low) <= 3) and place - index > 1)


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
