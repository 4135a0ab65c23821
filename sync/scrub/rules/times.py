"""Clock times, in figures and in words. Durations stay."""

from app.domain.report import Certainty, Kind
from sync.scrub.rules.patterns import NOT_AN_AMOUNT, Pattern, make_pattern

# The last dot belongs to it only if it has an inner one: "at ten pm. He left".
_AMPM = r"(?:[ap]\.m\b\.?|[ap]m\b)"
_HOURS = r"(?:hrs?\b(?:\.(?= ?(?:[,;)]|(?-i:[a-z]))))?|hours?\b|h\b|z\b)"
_CLOCK = r"(?:[01]?\d|2[0-4])[:][0-5]\d(?:[:][0-5]\d)?"
_FOUR = r"(?:[01]\d|2[0-4])[0-5]\d"
_ONE_TO_TWELVE = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_TEENS = r"(?:thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty)"
_MINUTES = (
    r"(?:o[h']? ?(?:one|two|three|four|five|six|seven|eight|nine)|five|ten|fifteen|twenty|thirty"
    r"|forty|fifty|eleven|twelve|(?:twenty|thirty|forty|fifty)[ -](?:one|two|three|four|five|six"
    r"|seven|eight|nine)|thirteen|fourteen|sixteen|seventeen|eighteen|nineteen)"
)
# Belongs to a bare number ("3 in the morning"), which would be no time without it.
_PART = r"(?:in the (?:morning|afternoon|evening)|at night)"
_BEFORE = (
    r"\b(?:at|about|around|approx(?:imately)?\.?|approximate|roughly|by|until|till|since|from|to"
    r"|between|before|after|and|circa|@|~|time|just|nearly|almost|was|exactly|tod|eta|toa)"
)

TIMES: tuple[Pattern, ...] = (
    make_pattern(
        rf"(?<![\w:.])(?P<v>{_CLOCK}(?: ?{_AMPM}| ?{_HOURS})?)(?![\w:]|[ -]?(?:minutes?|min)\b)",
        Kind.TIME,
        "is written like a clock time",
        Certainty.SURE,
        needs=":",
    ),
    make_pattern(
        rf"(?<![\w:.$])(?P<v>(?:1[0-2]|0?[1-9])(?:[:. ]?[0-5]\d)? ?{_AMPM})(?!\w)",
        Kind.TIME,
        "is written like a clock time",
        Certainty.SURE,
    ),
    make_pattern(
        rf"(?<![\w:.$-])(?P<v>{_FOUR}(?::[0-5]\d)?[ -]?{_HOURS})(?!\w)",
        Kind.TIME,
        "four digits and the word 'hours'",
        Certainty.SURE,
    ),
    make_pattern(
        rf"(?<![\w:.$#-])(?P<v>{_FOUR} ?(?:-|to|until|thru) ?{_FOUR}(?: ?{_HOURS})?)(?![\w-])",
        Kind.TIME,
        "is a span of clock times",
    ),
    make_pattern(
        rf"{_BEFORE} {{0,2}}(?P<v>{_FOUR})(?![\w/-]|,\d|\.\d){NOT_AN_AMOUNT}(?! block| blk)",
        Kind.TIME,
        "four digits after a word of time",
    ),
    make_pattern(
        rf"\b(?:arrived|departed|cleared|dispatched|en ?route|on ?scene) {{1,2}}(?P<v>{_FOUR})"
        rf"(?![\w/-]|,\d|\.\d){NOT_AN_AMOUNT}(?! block| blk)",
        Kind.TIME,
        "four digits after a word of the log",
    ),
    make_pattern(
        rf"(?m)^[ \t*>\[(-]{{0,4}}(?P<v>{_FOUR}(?:[0-5]\d)?)(?=[ :\])-]{{1,3}}[A-Za-z*\ue000])"
        rf"{NOT_AN_AMOUNT}(?! block| blk| [A-Z][a-z]{{1,20}} (?:st|ave|rd|dr|ln|street)\b)",
        Kind.TIME,
        "four digits at the start of a line",
    ),
    make_pattern(
        rf"(?<![\w:.$#-])(?P<v>{_FOUR})(?= [A-Za-z][^/\n]{{0,40}}/ ?{_FOUR} [A-Za-z])",
        Kind.TIME,
        "four digits in a log",
        needs="/",
    ),
    make_pattern(
        rf"(?:(?<=[a-z] / )|(?<=\D\d / )){_FOUR}(?= [A-Za-z])",
        Kind.TIME,
        "four digits in a log",
        needs="/",
    ),
    make_pattern(
        rf"(?<=[.;] )(?P<v>{_FOUR})(?= [A-Za-z]){NOT_AN_AMOUNT}(?! block| blk)",
        Kind.TIME,
        "four digits at the start of a sentence",
    ),
    make_pattern(
        rf"\b(?:half past|quarter (?:past|after|to|till?|of)|{_MINUTES}(?: minutes)?"
        rf" (?:past|till?|before|after|to)) (?:{_ONE_TO_TWELVE}|midnight|noon|1[0-2]|[1-9])"
        rf"(?: {_PART})?\b"
        rf"{NOT_AN_AMOUNT}",
        Kind.TIME,
        "is a clock time in words",
        needs=" past | to | till | til | before | after | of ",
    ),
    make_pattern(
        rf"(?<!my )(?<!his )(?<!her )(?<!our )(?<!their )(?<!your )(?<!the )(?<!to )"
        rf"\b(?:{_ONE_TO_TWELVE}|1[0-2]|[1-9]) o'? ?clock\b(?! position| direction| side)",
        Kind.TIME,
        "is a clock time in words",
        needs="clock",
    ),
    make_pattern(
        rf"(?<!to )(?<!past )(?<!till )(?<!after )(?<!before )"
        rf"\b(?:{_ONE_TO_TWELVE}|1[0-2]|[1-9]|(?:{_ONE_TO_TWELVE}|1[0-2]|[1-9])[ -]"
        rf"(?:{_MINUTES}|[0-5]\d))(?: {_PART})\b",
        Kind.TIME,
        "a number and a part of the day",
        needs="in the |at night",
    ),
    make_pattern(
        rf"\b(?:at|about|around|approximately|by|until|since|before|after) "
        rf"(?P<v>{_ONE_TO_TWELVE}[ -](?:{_MINUTES})(?: ?{_AMPM}| {_PART})?)\b{NOT_AN_AMOUNT}",
        Kind.TIME,
        "is a clock time in words",
    ),
    make_pattern(
        rf"\b(?:{_ONE_TO_TWELVE}(?:[ -]{_MINUTES})?) ?{_AMPM}",
        Kind.TIME,
        "is a clock time in words",
    ),
    make_pattern(
        rf"\b(?:(?:zero|oh) (?:{_ONE_TO_TWELVE}|zero|dark)|{_ONE_TO_TWELVE}|{_TEENS}"
        rf"|twenty[ -](?:one|two|three))[ -](?:hundred|{_MINUTES}) ?hours\b",
        Kind.TIME,
        "is a clock time in words",
        needs="hours",
    ),
    make_pattern(
        rf"\b(?:zero|oh)[ -]{_ONE_TO_TWELVE}[ -](?:hundred|{_MINUTES})\b",
        Kind.TIME,
        "is a clock time in words",
        needs="zero|oh",
    ),
    make_pattern(
        r"\b(?P<v>noon|midnight)\b(?![ -]?(?:shifts?|watch|crew|car|squad|blue|tour"
        r"|meal|basketball))",
        Kind.TIME,
        "names a time of day",
    ),
)
