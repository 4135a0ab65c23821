"""Calendar dates, named days, months and years of an event."""

from collections.abc import Iterator

from app.domain.report import Certainty, Kind
from sync.scrub.candidates import Candidate
from sync.scrub.lexicon import Lexicon
from sync.scrub.rules.doctrine import AFTER_LAW
from sync.scrub.rules.patterns import NOT_AN_AMOUNT, Pattern, find_patterns, make_pattern
from sync.scrub.tokens import Words

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_CLEAR_MONTH = (
    r"(?:january|february|april|june|july|september|october|november|december|feb|sept|oct|nov)"
)
_WEEKDAY = (
    r"(?:mon(?:day)?|tues?(?:day)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?"
    r"|sun(?:day)?)"
)
_FULL_WEEKDAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_NTH = rf"{_DAY}(?:st|nd|rd|th)"
_NTH_WORD = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth"
    r"|twenty[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|thirtieth"
    r"|thirty[- ]first)"
)
_YEAR = r"(?:19[3-9]\d|20[0-4]\d)"
_HEAD = rf"(?:{_WEEKDAY}\.?,? (?:the )?(?:\w{{2,9}} of )?)?"
_MODEL = (
    r"(?![ -]{1,2}(?:(?:model|black|white|silver|gray|grey|red|blue|green|gold|tan|dark|light|brown"
    r"|beige|maroon|older|late|small|full|4|two|four|ford|chev\w{0,6}|dodge|jeep|toyota|honda"
    r"|nissan|gmc|bmw|kia|hyundai|ram|buick|cadillac|lexus|subaru|mazda|tahoe|impala|charger"
    r"|explorer|crown|silverado|harley|kawasaki|yamaha|suzuki|volkswagen|vw|audi|mercedes|tesla"
    r"|chrysler|pontiac|acura|infiniti|mitsubishi|volvo|lincoln|mercury|freightliner|peterbilt"
    r"|kenworth|pickup|sedan|suv|truck|van|ghia|block|blk|rounds|hrs|hours|psi|rpm)\b))"
)

DATES: tuple[Pattern, ...] = (
    make_pattern(
        rf"(?<![\w/.-])(?:{_WEEKDAY}\.?,? )?(?:0?[1-9]|1[0-2])(?P<s>[/.-]){_DAY}(?P=s){_YEAR}"
        rf"(?![\w/-])|(?<![\w/.-]){_DAY}(?P<t>[/.-])(?:0?[1-9]|1[0-2])(?P=t){_YEAR}(?![\w/-])"
        r"|(?<![\w/.-])(?:0?[1-9]|1[0-2])/(?:3[01]|[12]\d|0?[1-9])/'?\d{2}(?![\w/-])",
        Kind.DATE,
        "is written like a date",
        Certainty.SURE,
    ),
    # These could be a section of a law: 16-5-41, 4.2.50.
    make_pattern(
        rf"(?<![\w/.-])(?:{_WEEKDAY}\.?,? )?(?:0?[1-9]|1[0-2])(?P<s>[/.-]){_DAY}(?P=s)"
        r"(?:\d{4}|'?\d{2})(?![\w/-])",
        Kind.DATE,
        "is written like a date",
    ),
    make_pattern(
        rf"(?<![\w/.-]){_DAY}(?P<s>[/.-])(?:0?[1-9]|1[0-2])(?P=s)(?:\d{{4}}|'?\d{{2}})(?![\w/-])",
        Kind.DATE,
        "is written like a date",
    ),
    make_pattern(
        rf"(?<![\w/.-])(?P<v>{_YEAR}(?P<s>[/.-])(?:1[0-2]|0?[1-9])(?P=s){_DAY})(?!\d)",
        Kind.DATE,
        "is written like a date",
        Certainty.SURE,
    ),
    make_pattern(
        rf"(?<![\w-]){_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\w)",
        Kind.DATE,
        "eight digits, as in a date",
    ),
    make_pattern(
        rf"(?<![\w/]){_HEAD}{_MONTH}\.? (?:the )?(?:{_NTH}|{_DAY}|{_NTH_WORD})(?![\w:]|\.\d)"
        rf"(?:,? ?(?:of )?(?:{_YEAR}|'\d{{2}})(?!\w))?",
        Kind.DATE,
        "a month and a day",
        Certainty.SURE,
    ),
    make_pattern(
        rf"(?<!\w){_HEAD}(?:the )?(?:{_NTH}|{_DAY}|{_NTH_WORD})(?: day)?(?: of)?[ -]?{_MONTH}\b"
        r"(?:\.(?= ?(?:[\d,;)]|(?-i:[a-z]))))?"
        rf"(?:[, -]{{0,2}}(?:{_YEAR}|'?\d{{2}})(?!\w))?",
        Kind.DATE,
        "a day and a month",
        Certainty.SURE,
    ),
    make_pattern(
        rf"(?<!\w)\d{{2}}(?:{_MONTH})(?:{_YEAR}|\d{{2}})(?!\w)",
        Kind.DATE,
        "is written like a date",
        Certainty.SURE,
    ),
    make_pattern(
        rf"\b{_MONTH}\.?,? (?:of )?(?:{_YEAR}|'\d{{2}})(?!\w)",
        Kind.DATE,
        "a month and a year",
        Certainty.SURE,
    ),
    make_pattern(
        rf"\b{_CLEAR_MONTH}\b(?! \d)(?:'s)?",
        Kind.DATE,
        "is the name of a month",
    ),
    make_pattern(
        r"\b(?:in|last|this|next|early|late|mid|since|of|until|by|during|around|every|through)[ -]"
        rf"(?P<v>{_MONTH})\b(?! (?:have|be|not|get|come|go|need|or may))",
        Kind.DATE,
        "a month after a word of time",
    ),
    make_pattern(
        rf"\b(?:in|since|from|until|during|of|back in|early|late|mid|by|summer|winter|fall|spring"
        rf"|year|around|before|after|through|class of|december|january)[ -]"
        rf"(?P<v>{_YEAR}|'\d{{2}}(?! (?-i:[A-Z][a-z])))"
        rf"(?![\w/-]|,\d|\.\d|:\d){NOT_AN_AMOUNT}{_MODEL}",
        Kind.DATE,
        "a year after a word of time",
    ),
    make_pattern(
        rf"\b(?:on|dated?|date:|of|since|until|by|through|from|for|before|after|dob:?)[ ]"
        rf"(?P<v>(?:0?[1-9]|1[0-2])[/-]{_DAY})(?![\w/%-])",
        Kind.DATE,
        "a month and a day in figures",
    ),
    make_pattern(
        r"(?<![\w/.-])(?<!ruger )(?:0[1-9]|1[0-2])/(?:0[1-9]|[12]\d|3[01])(?![\w/%.-])"
        r"(?! (?:rifle|carbine|takedown))",
        Kind.DATE,
        "a month and a day in figures",
    ),
    make_pattern(
        rf"\b(?:on|by|until|since|of|from) the (?P<v>{_NTH})\b(?! (?:floor|street|st|ave|avenue"
        r"|try|time|attempt|round|shot|call|district|precinct|of|block|unit|officer"
        r"|day|step|hole))",
        Kind.DATE,
        "a day of the month",
    ),
    make_pattern(
        rf"\b{_FULL_WEEKDAY},? (?:the )?{_NTH}\b",
        Kind.DATE,
        "a weekday and a day of the month",
        Certainty.SURE,
    ),
    make_pattern(
        r"\b(?:dob|d\.o\.b\.?|date of birth|born)(?: (?:is|was|on|of|in)){0,2}[ :]{1,3}"
        rf"(?P<v>[\d/.-]{{4,10}}\d|{_YEAR})",
        Kind.DATE,
        "after a word for a birthday",
        Certainty.SURE,
        needs="dob|d.o.b|birth|born",
    ),
    make_pattern(
        rf"\b{_FULL_WEEKDAY}(?:'?s)?\b",
        Kind.DATE,
        "a weekday, which alone may stay",
        Certainty.POSSIBLE,
    ),
    make_pattern(
        rf"\b(?:last|past|this past|next) {_WEEKDAY}\b",
        Kind.DATE,
        "a weekday, which alone may stay",
        Certainty.POSSIBLE,
    ),
    make_pattern(r"(?<![\w/])9/11(?![\w/])", Kind.DATE, "a named day", Certainty.POSSIBLE),
)


def find_dates(words: Words, lexicon: Lexicon) -> Iterator[Candidate]:
    """Dates by their form, and holidays by their name."""
    for date in find_patterns(words, DATES):
        # A section of a law or a rule, not a day: "under 16-5-41", "policy 4.2.50", "PC 11-5".
        if AFTER_LAW.search(words.text[max(0, date.start - 24) : date.start]) is None:
            yield date
    for first, last, _ in words.find_phrases(lexicon.holidays):
        start, end = words.tokens[first].start, words.tokens[last].end
        yield Candidate(start, end, Kind.DATE, Certainty.LIKELY, "names a day", context=True)
