"""Numbers that a word before them explains: "badge 4417", "case no. 24-118", "Unit 9".

The explaining word is free, the number counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.report import Certainty, Kind
from sync.scrub.candidates import Candidate
from sync.scrub.rules.doctrine import is_section
from sync.scrub.rules.patterns import NOT_AN_AMOUNT, ONES, STATE_CODE, TEENS, TENS
from sync.scrub.tokens import Words

# What may stand between the word and the number, each bit at most six times in all.
_BETWEEN = re.compile(
    r"(?:[\s:#.=(\"-]|,(?= (?:number|no|num|#)\b)|\b(?:numbers?|nos?|num|nbr|id"
    r"|ending|ends|in|is|was|with|of|state|plates?"
    r"|tags?|licen[cs]e|report|card|it|under|hr|control|ref)\b){0,8}",
    re.IGNORECASE,
)
_MARKED = re.compile(r"[#:]|\b(?:numbers?|nos?|num|nbr|id|ending|ends)\b", re.IGNORECASE)
_AND_MORE = re.compile(r"\s{0,2}(?:,|&|/|\band\b|\bor\b)\s{0,2}#?(?:and )?", re.IGNORECASE)
_MOST_VALUES = 6
# "A squad of 6" counts people.
_CREWS = frozenset({"squad", "unit", "units", "patrol", "apparatus"})
_STATE_NAME = (
    r"alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia"
    r"|hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts"
    r"|mass|michigan|minnesota|mississippi|missouri|montana|nebraska|nevada|new (?:hampshire|jersey"
    r"|mexico|york)|(?:north|south) (?:carolina|dakota)|ohio|oklahoma|oregon|pennsylvania"
    r"|rhode island|tennessee|texas|utah|vermont|virginia|washington|west virginia|wisconsin"
    r"|wyoming|ontario|quebec"
)
# The same before a plate: the state stays, it tells no more than "Ohio" does.
_BEFORE_PLATE = re.compile(
    rf"(?:[\s:#.=(\"/-]|,(?= )|\b(?:numbers?|nos?|num|nbr|was|is|of|state|plates?|tags?|licen[cs]e"
    rf"|reg|registration|registered|partial|partially|temp|temporary|front|rear|read|reads|reading"
    rf"|lp|{STATE_CODE}|{_STATE_NAME})\b){{0,8}}",
    re.IGNORECASE,
)
_WORD_NUMBER = (
    r"(?!one (?:else|was|is|had|could|who|saw|knew|got|came)\b)"
    rf"(?:(?:{TENS})[ -]?)?(?:{ONES}|{TEENS})|{TENS}"
)


@dataclass(frozen=True, slots=True)
class Trigger:
    """Words and the values that may follow them.

    strict: what follows the bare word. loose: what follows it together with "number", "#" or
    a colon; None if the same.
    """

    words: tuple[str, ...]
    kind: Kind
    strict: re.Pattern[str]
    loose: re.Pattern[str]
    certainty: Certainty = Certainty.SURE


def _trigger(
    words: str, kind: Kind, strict: str, loose: str = "", certainty: Certainty = Certainty.SURE
) -> Trigger:
    ending = r"(?![\w]|[.,]\d)"
    return Trigger(
        tuple(words.split()),
        kind,
        re.compile(f"(?:{strict}){ending}{NOT_AN_AMOUNT}", re.IGNORECASE),
        re.compile(f"(?:{loose or strict}){ending}", re.IGNORECASE),
        certainty,
    )


_CODE = r"(?=[\w-]{0,14}\d)[A-Z0-9]{1,8}(?:[-/][A-Z0-9]{1,10}){0,4}"
_LONG_CODE = (
    r"(?=[\w-]{0,14}\d)(?=[\w/-]{5})[A-Z0-9]{1,8}(?:[-/][A-Z0-9]{1,10}){1,4}"
    r"|(?=[A-Z]{0,4}\d{4})[A-Z0-9]{5,20}"
)
_PLATE = (
    r"(?!(?:at|on|in|to|for|from|of|by|and|was|is|the|a|an|or|no|with|had|has|off|up|as|that"
    r"|so)\b)(?=[A-Z -]{0,4}\d)[A-Z0-9]{1,4}[ -]?[A-Z0-9?*]{2,5}(?<!\d{8})"
    r"|(?-i:[A-Z]{2,3} ?[A-Z0-9]{3,5})"
)
_UNIT = rf"[A-Z]{{0,2}}-?\d{{1,4}}(?:[A-Z]{{1,2}})?(?:-?[A-Z]?\d{{1,3}})?|{_WORD_NUMBER}"
_NOTHING = r"(?!)"
_PHONE_FORM = re.compile(r"(?:1[-.])?\d{3}[-.]\d{3}[-.]\d{4}")
_DOOR = r"\d{1,5}(?:-?[A-Z])?|(?-i:[A-Z]-?\d{1,4})|(?-i:[A-HJ-Z])(?!['\w])"

TRIGGERS = (
    _trigger(
        "badge badges star shield employee emp dsn payroll",
        Kind.BADGE,
        r"[A-Z]{0,2}-?\d{2,7}",
    ),
    _trigger("unit units callsign", Kind.UNIT, _UNIT),
    _trigger(
        "car cars cruiser squad fleet apparatus patrol boat sam marked interceptor",
        Kind.UNIT,
        rf"\d{{1,4}}[A-Z]?|[A-Z]-?\d{{1,3}}|(?:{_WORD_NUMBER})(?! )",
        _UNIT,
    ),
    _trigger("vehicle truck shop", Kind.UNIT, r"\d{3,5}", r"[A-Z]{0,2}-?\d{2,5}"),
    _trigger(
        "case report incident event cad warrant docket citation cite ticket booking evidence"
        " item complaint run file ir rd dr oca cr fir fid property claim cause summons dispatch"
        " job ori sr log investigation exhibit control rpt cn ccn occ offense crash",
        Kind.CASE,
        _LONG_CODE,
        _CODE,
    ),
    # "Call 415-555-0134" tells a phone; only "call number", "call #" tell a case.
    _trigger("call", Kind.CASE, _NOTHING, _CODE),
    _trigger(
        "plate plates tag tags lp registration reg bearing licence license lic",
        Kind.PLATE,
        _PLATE,
    ),
    _trigger(
        "hull boat vessel tail", Kind.PLATE, r"[A-Z]{2}[ -]?\d{3,4}[ -]?[A-Z]{2}|N\d{2,5}[A-Z]{0,2}"
    ),
    _trigger("vin", Kind.VIN, r"(?=[A-Z]{0,16}\d)[A-HJ-NPR-Z0-9]{4,17}"),
    _trigger("ssn social ssan", Kind.ID, r"\d{3}-?\d{2}-?\d{4}|\d{4}", r"[\dX*-]{4,11}"),
    _trigger(
        "oln dl ol d/l permit ccw chl ltc inmate prisoner passport account acct member"
        " informant ci source asset crossing usdot dot sid imei mac serial fein ein"
        " s/n sn tracking barcode prescription rx mrn chart receipt confirmation camera bwc"
        " bodycam",
        Kind.ID,
        r"(?=[\w-]{0,12}\d)(?=[\w-]{3})[A-Z0-9]{1,10}(?:-[A-Z0-9]{1,10}){0,4}",
        _CODE,
    ),
    _trigger("licence license lic id", Kind.ID, r"(?=[\w-]{0,3}\d)(?=[\w-]{7})[A-Z0-9-]{7,16}"),
    _trigger(
        "taser axon radio portable bodyworn cam gps drone robot glock rifle pistol gun weapon"
        " device id number",
        Kind.ID,
        r"[A-Z]{1,4}\d{5,10}|(?=[A-Z]{0,4}\d)[A-Z0-9]{8,14}",
        r"(?=[\w-]{0,6}\d)(?=[\w-]{4})[A-Z0-9]{1,8}(?:-[A-Z0-9]{1,8}){0,3}",
    ),
    _trigger("room rm lot apt apartment suite ste", Kind.ADDRESS, _DOOR),
    _trigger("cell cells bunk", Kind.ADDRESS, r"[A-Z]-?\d{1,3}|\d{1,3}"),
    _trigger(
        "space bldg building trailer slip dorm",
        Kind.ADDRESS,
        r"\d{1,4}[A-Z]?|(?-i:[A-HJ-Z])(?!['\w])",
    ),
    _trigger(
        "courtroom locker bed berth pod cubicle module",
        Kind.ADDRESS,
        r"\d{1,4}(?:-?[A-Z])?|[A-Z]-?\d{1,4}|(?-i:[A-HJ-Z])(?!['\w])",
        certainty=Certainty.LIKELY,
    ),
)


def _index_triggers() -> dict[str, tuple[Trigger, ...]]:
    index: dict[str, tuple[Trigger, ...]] = {}
    for trigger in TRIGGERS:
        for word in trigger.words:
            index[word] = (*index.get(word, ()), trigger)
    return index


_BY_WORD = _index_triggers()


def find_numbers(words: Words) -> Iterator[Candidate]:
    """Numbers after a word that says what they are."""
    before = ""
    for token in words.tokens:
        slashed = token.glue == "/" and len(before) == 1 and len(token.low) == 1
        word = f"{before}/{token.low}" if slashed else token.low
        before = token.low
        for trigger in _BY_WORD.get(word, ()):
            yield from _read_values(words.text, token.end, word, trigger)


def _read_values(text: str, position: int, word: str, trigger: Trigger) -> Iterator[Candidate]:
    plate = trigger.kind is Kind.PLATE
    between = (_BEFORE_PLATE if plate else _BETWEEN).match(text, position)
    gap = between.group() if between else ""
    if "\n" in gap or not gap or (word in _CREWS and gap.strip().lower() == "of"):
        return
    pattern = trigger.loose if _MARKED.search(gap) else trigger.strict
    start = position + len(gap)
    for count in range(_MOST_VALUES):
        value = pattern.match(text, start)
        if value is None or value.end() == start:
            return
        if count and not any(char.isdigit() for char in value.group()):
            return
        is_law = trigger.kind in {Kind.UNIT, Kind.CASE} and is_section(text, start, value.end())
        if is_law or _PHONE_FORM.fullmatch(value.group()):
            return
        yield Candidate(
            start,
            value.end(),
            trigger.kind,
            Certainty.LIKELY if plate and _is_plain(value.group()) else trigger.certainty,
            f"after the word '{word}'",
            context=True,
        )
        more = _AND_MORE.match(text, value.end())
        if more is None:
            return
        start = more.end()


def _is_plain(value: str) -> bool:
    """Whether a plate could be two words of the sentence: "jxd 4", "read 2"."""
    return " " in value and value != value.upper()
