"""Numbers that their own form explains: call signs, plates, VINs, case and identity numbers."""

import re
from collections.abc import Iterator

from app.domain.report import Certainty, Kind
from sync.scrub.candidates import Candidate
from sync.scrub.rules.doctrine import is_section, is_spoken_section
from sync.scrub.rules.patterns import (
    NOT_AN_AMOUNT,
    ONES,
    STATE_CODE,
    TEENS,
    TENS,
    Pattern,
    find_patterns,
    make_pattern,
)
from sync.scrub.tokens import Words

_NATO = (
    r"(?:alpha|alfa|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliett?|kilo|lima|mike"
    r"|november|oscar|papa|quebec|romeo|sierra|tango|uniform|victor|whiskey|x-?ray|yankee|zulu)"
)
# Of the police (APCO) alphabet what the other one lacks, and what is called in the same way.
_PHONETIC = (
    r"(?:adam|boy|baker|charles|david|edward|frank|george|henry|ida|john|king|lincoln|mary|nora"
    rf"|ocean|paul|queen|robert|sam|tom|union|william|young|zebra|{_NATO}|traffic|metro|medic)"
)
_SPOKEN = rf"(?:niner|{ONES}|zero|{TEENS}|(?:{TENS})(?:[ -](?:{ONES}))?)"
_APPARATUS = (
    r"(?:engine|medic|ladder|truck company|rescue|battalion|squad|ambulance|air|brush|tanker"
    r"|tender|quint|tower|hazmat|marine|boat|chopper|helo|helicopter|eagle|falcon|copter"
    r"|airlift|life ?flight|command|supervisor|paramedic|als|bls|m|chief|division|canine|k-?9"
    r"|traffic|metro|motor|charlie|truck|transport|wrecker|life ?link|air ?lift|star|wagon|skywatch"
    r"|air ?one|port|range)"
)
_RADIO_WORD = (
    r"(?:cop(?:y|ied|ies)|advis(?:es|ed|ing)|on ?scene|en ?route|responding|responded|10-\d|clear"
    r"|show(?:s|ing)?|out with|out on|is out|radioed|requests?|requested|code [34]|arriv(?:ed|ing)"
    r"|resp\b|\((?:ofc|officer|dep|deputy|sgt|det|tpr)\b|arrvd|enrt|onscn|ar\b|er\b|os\b|checking|assisting|transporting"
    r"|in pursuit"
    r"|to dispatch|to (?:\w{2,9} )?radio)"
)
_NOT_CALL = r"(?!E?911\b|411\b|711\b|(?:19|20)\d\d\b)"

UNITS: tuple[Pattern, ...] = (
    make_pattern(
        rf"(?<![\w-])\d{{1,3}}[- ]?{_PHONETIC}[- ]?(?:\d{{1,3}}|{_SPOKEN})(?![\w])",
        Kind.UNIT,
        "is a call sign",
        Certainty.SURE,
    ),
    make_pattern(
        rf"\b{_SPOKEN}[ -]{_PHONETIC}[ -](?:{_SPOKEN}|\d{{1,3}})\b",
        Kind.UNIT,
        "is a call sign in words",
        Certainty.SURE,
    ),
    make_pattern(
        rf"(?<![\w-]){_PHONETIC}-(?:\d{{1,4}}|{_SPOKEN})(?![\w/])",
        Kind.UNIT,
        "is a call sign",
        needs="-",
    ),
    make_pattern(
        rf"(?<![\w-]){_PHONETIC} (?:\d{{1,4}}|{_SPOKEN})(?![\w/-]|:\d){NOT_AN_AMOUNT}",
        Kind.UNIT,
        "is a call sign",
    ),
    make_pattern(
        r"(?<![\w-])(?:UP|BNSF|CSXT?|NS|KCS|CPKC|CP|CN|AMTK|Amtrak|Metra|Conrail) \d{2,4}"
        r"(?![\w:/-])(?! (?:feet|ft|yards|cars|miles))",
        Kind.UNIT,
        "a railroad and the number of its engine",
        cased=True,
    ),
    make_pattern(
        rf"(?<![\w-]){_APPARATUS}[ -]?(?:\d{{1,4}}|{_SPOKEN})(?![\w:/'-]|\.\d|[ -](?:man|person"
        rf"|officer|more|other|of|or|to|hours?|story|inch)){NOT_AN_AMOUNT}",
        Kind.UNIT,
        "is the name of a unit",
    ),
    make_pattern(
        r"(?<![\w/.-])(?!24-?[xX]|[1-9]X[1-9]\b|4[xX]4)\d{1,2}-?[A-Z]{1,2}-?\d{1,3}(?![\w/.-])",
        Kind.UNIT,
        "is written like a call sign",
        cased=True,
    ),
    make_pattern(
        r"(?<![\w/.-])(?!K-9|AR-|AK-|M-4|M-16|F-|C-1|I-|B-|A-1|H-|S-|SR-|US-|FM-"
        r"|CR-|HK-|MP-|PC-|PV-"
        r"|EZ-|TP-|X-2|O-2|OC-|KA-)[A-Z]{1,2}-\d{1,3}(?![\w/.-])",
        Kind.UNIT,
        "is written like a call sign",
        cased=True,
    ),
    make_pattern(
        rf"(?<![\w:#$/.-])(?P<v>{_NOT_CALL}[A-Z]?\d{{2,4}}[A-Z]?) (?={_RADIO_WORD})",
        Kind.UNIT,
        "a number and a radio word",
    ),
    make_pattern(
        rf"(?<![\w:#$/.-])(?P<v>{_NOT_CALL}[A-Z]?\d{{1,4}}[A-Z]?) ?"
        rf"(?=[+&] ?[A-Z]?\d{{1,4}}[A-Z]? {_RADIO_WORD})",
        Kind.UNIT,
        "numbers and a radio word",
        needs="+|&",
    ),
    make_pattern(
        rf"(?<=\d [+&] )(?P<v>{_NOT_CALL}[A-Z]?\d{{1,4}}[A-Z]?) (?={_RADIO_WORD})",
        Kind.UNIT,
        "numbers and a radio word",
        needs="+|&",
    ),
    make_pattern(
        rf"(?<![\w:#$/.-])(?P<v>{_NOT_CALL}[A-Z]?\d{{1,4}}[A-Z]?) "
        r"(?=(?:takes?|took|has|covers?|covered) (?:the )?(?:front|rear|back|north|south|east|west"
        r"|side|door)\b|(?:front|rear|back)[.,;])",
        Kind.UNIT,
        "a number that takes a place",
        needs="front|rear|back|take|took|cover|has",
    ),
    make_pattern(
        r"\b(?:sgt|sergeant|lt|lieutenant|cpl|corporal) \d{1,3}(?![\w/:-]|\.\d)"
        rf"{NOT_AN_AMOUNT}",
        Kind.UNIT,
        "a rank and its number",
    ),
    make_pattern(
        rf"\b(?:show|showing|put|copy|advise|advised|backed by|notified|with|per) "
        rf"(?P<v>{_NOT_CALL}\d[A-Z]?\d{{1,2}}[A-Z]?)(?![\w:/.%-]){NOT_AN_AMOUNT}"
        r"(?= (?:en|on|out|at|10|that|to)\b|[.,;\n])",
        Kind.UNIT,
        "a radio word and a number",
    ),
    make_pattern(
        r"\b(?:station|precinct|troop|post|substation|firehouse)[ #]{1,2}"
        r"(?P<v>\d{1,3}|(?-i:[A-HJ-Z]))"
        rf"(?![\w'/]){NOT_AN_AMOUNT}",
        Kind.AGENCY,
        "a station and its number",
        needs="station|precinct|troop|post|house",
    ),
    make_pattern(
        r"\b(?P<v>\d{1,3}(?:st|nd|rd|th)) (?:precinct|district station|ward)\b",
        Kind.AGENCY,
        "a precinct and its number",
        needs="precinct|district|ward",
    ),
    make_pattern(
        rf"\b(?:beat|sector|zone|district|grid|reporting area|area) (?P<v>\d{{1,4}}|(?-i:[A-HJ-Z]))"
        rf"(?![\w'/-]){NOT_AN_AMOUNT}",
        Kind.PLACE,
        "a beat and its number",
    ),
)

CODES: tuple[Pattern, ...] = (
    make_pattern(
        r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])", Kind.ID, "is written like an SSN", Certainty.SURE
    ),
    make_pattern(
        r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\.?\d|\w)",
        Kind.ID,
        "is a network address",
        Certainty.SURE,
        needs=".",
    ),
    make_pattern(
        r"(?<![\w:])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:])",
        Kind.ID,
        "is a device address",
        Certainty.SURE,
    ),
    make_pattern(
        r"(?<![\w/-])(?:[A-Z]{1,4}-?)?(?:19|20)?\d{2}-\d{4,10}(?:-\d{1,4})?(?![\w/-])",
        Kind.CASE,
        "is written like a case number",
    ),
    make_pattern(
        r"(?<![\w/-])(?:[A-Z]{2,5}-)?\d{2,4}-[A-Z]{1,4}-?\d{3,8}(?![\w/-])"
        r"|(?<![\w/-])[A-Z]{1,5}-\d{2,4}-\d{3,8}(?![\w/-])",
        Kind.CASE,
        "is written like a case number",
        cased=True,
    ),
    make_pattern(
        r"(?<![\w/-])\d{2}-\d{2,3}-\d{3,6}(?![\w/-])", Kind.CASE, "is written like a case number"
    ),
    make_pattern(
        r"(?<![\w/.-])\d[A-Z]{3}\d{3}(?![\w/-])", Kind.PLATE, "is written like a plate", cased=True
    ),
    make_pattern(
        r"(?<![\w/.#-])(?!SIG|MDT|XTS|APX|HWY|RTE|SUV|RAV|CAL|CFR|USC|AMC|GMC|CVC|HSC|FPS|PSI|LBS|"
        r"MPH|MAX|ORS|RCW|ARS|NRS|KRS|FSS|UPS|CVS|ATM|ECD|DOB|AGE|AMR|SEC|VAN|THE|AND|FOR|RUN|CAR"
        r"|BOX|APT|LOT|INC|MAR|JAN|FEB|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC|BMW|SRT|MRE|LVN|ICE"
        r"|SQD|UNT|ENG|ADJ|APP|EXT|AT\b)[A-HJ-Z]{3}[ -]?\d{3,4}(?![\w/-])",
        Kind.PLATE,
        "is written like a plate",
        cased=True,
    ),
    make_pattern(
        r"(?<![\w/.-])\d{3}-?[A-Z]{3}(?![\w/-])(?<!KTS)(?<!DEG)(?<!FPM)(?<!LBS)(?<!HRS)(?<!MPH)(?<!PSI)(?<!BLK)(?<!WIN)(?<!MAG)(?<!YDS)(?<!MIN)",
        Kind.PLATE,
        "is written like a plate",
        cased=True,
    ),
    make_pattern(
        r"(?<![\w-])(?!AT|TO|BY|OF|ON|IS|NO|MY)[A-Z]{2}[ -]\d{4}[ -](?!FT|OK|AT|TO"
        r"|IN|OF|ON|AM|PM|HR|BY|IS|NM|MI)[A-Z]{2}(?![\w-])",
        Kind.PLATE,
        "is written like a boat's number",
        cased=True,
    ),
    make_pattern(
        r"(?<![\w-])N(?:\d{3,5}[A-Z]{0,2}|\d{2}[A-Z]{1,2})(?![\w-])",
        Kind.PLATE,
        "is written like an aircraft's number",
        cased=True,
    ),
    make_pattern(
        r"\b(?:Operation|Op|[Oo]p(?:eration)? name:?) "
        r"(?!(?:Of|The|And|In|Center|Room|Manual|Plan|Order|Section|Chief|Desk|Officer|Commander"
        r"|Was|Is)\b)(?P<v>[A-Z][\w']{2,20}(?: [A-Z][\w']{2,20}){0,2})",
        Kind.CASE,
        "the name of an operation",
        Certainty.SURE,
        cased=True,
    ),
    make_pattern(
        r"\bOPERATION (?!(?:OF|THE|AND|IN)\b)(?P<v>[A-Z][\w']{2,20}(?: [A-Z][\w']{2,20}){0,2})",
        Kind.CASE,
        "the name of an operation",
        cased=True,
    ),
    make_pattern(
        r"[\ue000A-Za-z],? ?\(?#(?P<v>\d{2,10})(?!\w)",
        Kind.BADGE,
        "a number sign and digits",
        needs="#",
    ),
    make_pattern(
        r"(?<![\w.,$/#-])(?=[A-Z]{0,12}\d)(?=\d{0,12}[A-Z])(?=[A-Z]{0,4}\d{0,4}[A-Z]{0,4}\d)[A-Z0-9]{8,20}(?![\w/-])",
        Kind.ID,
        "mixes letters and digits like a number of a thing",
        cased=True,
    ),
    make_pattern(r"(?<![\w.,$/#-])\d{7,20}(?![\w/%-]|[.,]\d)", Kind.ID, "is a long number"),
    make_pattern(
        rf"(?<![\w.,$/#-])\d{{5,6}}(?![\w/%-]|[.,]\d){NOT_AN_AMOUNT}",
        Kind.ID,
        "is a long number",
        Certainty.POSSIBLE,
    ),
    make_pattern(
        r"\b(?P<v>9\d|1[01]\d)[- ](?:year|yr)s?[- ]old\b",
        Kind.ID,
        "is an age of 90 or more",
        needs="old",
    ),
)

# Without those that are words, which a number may follow.
_STATE_CODE = rf"(?!HI|ID|IN|ME|OK|OR){STATE_CODE}"
SPELLED: tuple[Pattern, ...] = (
    make_pattern(
        r"\b(?:officers?|ofc|deputy|dep|sgt|sergeant|lt|lieutenant|cpl|corporal|det|detective"
        r"|trooper|tpr|capt|captain|chief|agent|sheriff|mr|mrs|ms|dr)\.? "
        r"(?P<v>[a-z](?: [a-z]){3,14})(?![\w'])",
        Kind.NAME,
        "is spelled out",
        Certainty.SURE,
    ),
    make_pattern(
        rf"\b{_NATO}(?:[ ,-]{{1,2}}{_NATO}){{3,14}}\b",
        Kind.NAME,
        "is spelled out",
        needs="november|alpha|alfa|bravo|delta|echo|golf|sierra|tango|oscar|romeo|india",
    ),
    make_pattern(
        r"\b(?:spelled|spelling|spells|spell)(?: (?:it|that|as|is|out|like))?[ :,]{1,2}"
        rf"(?P<v>[a-z](?:[ -][a-z]){{2,14}}|{_NATO}(?:[ ,-]{{1,2}}{_NATO}){{1,14}})\b",
        Kind.NAME,
        "is spelled out",
        needs="spell",
    ),
    make_pattern(
        r"(?<![\w'&/.-])(?!A [A-Z] )[A-Z](?: [A-Z]){3,14}(?![\w'&/])"
        r"|(?<![\w'&/.-])[A-Z](?:-[A-Z]){3,14}(?![\w'&/-])",
        Kind.NAME,
        "is spelled out",
        cased=True,
    ),
    make_pattern(
        r"(?:, |/s/ ?|\b(?:[Ss]igned|[Pp]er|[Bb]y|[Ii]nitials?|[Ii]nitialed)[: ]{1,2})"
        r"(?P<v>(?!(?:U\.S|D\.C|P\.O|A\.M|P\.M|E\.R|I\.D|O\.C|G\.O|S\.O|P\.D|R\.N|M\.D|C\.O|D\.A|L\.A"
        r"|N\.Y|I\.A|E\.T|V\.I|P\.I|D\.O)\b)(?:[A-Z]\.){2,3})(?![\w])(?! [A-Z][a-z])",
        Kind.NAME,
        "is written like initials",
        cased=True,
    ),
    make_pattern(
        rf"\b(?:plates?|tag|registration|reg|lp|licen[cs]e)"
        rf"(?: (?:number|was|is|of|on it|state|{_STATE_CODE})){{0,3}}[ :]{{1,2}}"
        rf"(?P<v>(?:{_SPOKEN}|{_PHONETIC}|dash|[a-z]|\d{{1,4}})"
        rf"(?:[ ,-]{{1,2}}(?:{_SPOKEN}|{_PHONETIC}|dash|[a-z]|\d{{1,4}})){{3,9}})(?!\w)",
        Kind.PLATE,
        "is a plate in words",
        needs="plate|tag|reg|lp|licen",
    ),
    make_pattern(
        rf"(?<![\w-]){_STATE_CODE}[ /:](?:(?:LP|TAG|tag|plate|plates|PLATE|reg|REG)[ :#])?"
        r"(?P<v>(?=[A-Z0-9]{0,5}[ -]?[A-Z0-9?*]{0,5})(?=[A-Z -]{0,5}\d)(?=[\d -]{0,5}[A-Z])"
        r"[A-Z0-9]{1,6}[ -]?[A-Z0-9?*]{2,6})(?![\w/-])",
        Kind.PLATE,
        "a state and what is written like a plate",
        cased=True,
    ),
)

_VIN = re.compile(r"(?<![A-Z0-9])[A-HJ-NPR-Z0-9]{17}(?![A-Z0-9])", re.IGNORECASE)
_VIN_VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True)
)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def has_check_digit(vin: str) -> bool:
    """Whether the ninth character of a VIN is right (49 CFR 565.15)."""
    total = sum(
        weight * (int(char) if char.isdigit() else _VIN_VALUES[char])
        for char, weight in zip(vin.upper(), _VIN_WEIGHTS, strict=True)
    )
    return vin[8].upper() == "0123456789X"[total % 11]


def _is_law(text: str, found: Candidate) -> bool:
    if found.kind is Kind.UNIT and is_spoken_section(text, found.start, found.end):
        return True
    may_be = found.kind in {Kind.UNIT, Kind.PLATE, Kind.CASE, Kind.ID}
    return may_be and is_section(text, found.start, found.end)


def find_identifiers(words: Words) -> Iterator[Candidate]:
    """Call signs and numbers known by their form."""
    for each in (*find_patterns(words, UNITS), *find_patterns(words, CODES)):
        if not _is_law(words.text, each):
            yield each
    yield from find_patterns(words, SPELLED)
    for match in _VIN.finditer(words.text):
        vin = match.group()
        if any(char.isdigit() for char in vin) and any(char.isalpha() for char in vin):
            right = has_check_digit(vin)
            reason = "is a vehicle's number, and its check digit is right"
            yield Candidate(
                match.start(),
                match.end(),
                Kind.VIN,
                Certainty.SURE if right else Certainty.LIKELY,
                reason if right else "is written like a vehicle's number",
                context=True,
            )
