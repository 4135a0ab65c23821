"""What of a masked date, time, place, address or agency may stay, as it tells the lesson.

Only what the words themselves tell; the answer is always one of `DETAILS`, or nothing.
"""

import re
from collections.abc import Sequence

from app.domain.report import Kind
from sync.scrub import lesson_words as say
from sync.scrub.lesson_time import tell_time
from sync.scrub.lesson_words import cut_phrase
from sync.scrub.normalise import make_plain
from sync.scrub.word_sets import make_set

# No identifier is longer; what a person marks may be.
_LONGEST = 200
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_SHORT_MONTHS = make_set("march june july sept")
_MONTH_ENDS = {"jan": "y", "feb": "y", "apr": "l", "aug": "t"} | dict.fromkeys(
    ("sep", "oct", "nov", "dec"), "r"
)
_SEASON_WORDS = dict(zip(say.SEASONS, say.SEASONS, strict=True)) | {"fall": "autumn"}
_DAYS = make_set("mon tue tus wed thu fri sat sun")
_SHORT_DAYS = make_set("tues weds thur thurs")
_BIRTH = re.compile(r"(?:\bd\.?o\.?b\b|\bd/o/b\b|birth|\bborn\b|\bbday\b)[^\n\d]{0,12}$", re.I)
_DIRECTIONS = make_set(
    "n s e w ne nw se sw nb sb eb wb north south east west northbound southbound eastbound"
    " westbound"
)
_NUMBERED_ROAD = re.compile(r"(?:i|us|u\.s\.|sr|sh|ih|[a-z]{2}(?=-))[ -]?\d{1,4}[a-z]?\b")
_COUNTY_ROAD = re.compile(r"(?:cr|fm|rm|fs)[ -]?\d{1,4}[a-z]?\b")
_STATE_AFTER = re.compile(r", ?[A-Z]{2}\.?$")
_MILE = re.compile(r"mile ?(?:marker|post)|\b(?:mm|mp|m\.m\.)[ #.]{0,2}\d|\bmile \d")
_EXIT = re.compile(r"\b(?:exits?|off-?ramp|on-?ramp)\b")
_MAIL = re.compile(r"\bp\.? ?o\.? box\b|\brural route\b|\bstar route\b|\b(?:rr|hc)[ #]\d")
_BLOCK = re.compile(r"\b(?:block|blk)\b")
_HOUSE = re.compile(r"\d{1,6}(?:-\d{1,5})?(?: ?1/2)?[a-z]? +[a-z0-9]")
_BETWEEN = re.compile(r" +(?:and|at) +| *[&@/] *")
_PLAIN_SUFFIXES = make_set("store supercenter station restaurant gas hotel motel plaza")


def tell_lesson(kind: Kind, original: str, before: str = "") -> str:
    """What may be told of an identifier: one of the kind's `DETAILS`, or nothing.

    before: the text in front of it, which tells a birthday from another date.
    """
    if kind not in say.DETAILS or len(original) > _LONGEST:
        return ""
    plain = " ".join(make_plain(original).text.split())
    if kind is Kind.DATE:
        return "" if _BIRTH.search(before[-40:]) else _tell_date(plain.lower())
    if kind is Kind.TIME:
        return tell_time(plain.lower())
    if kind is Kind.PLACE:
        return _tell_place(plain)
    if kind is Kind.ADDRESS:
        return _tell_address(plain.lower())
    return _tell_agency(cut_phrase(plain))


def _tell_date(text: str) -> str:
    words = cut_phrase(text)
    if _holds(words, say.HOLIDAYS):
        return say.HOLIDAY
    letters = re.findall(r"[a-z]+", text)
    for word in letters:
        if word in _SEASON_WORDS:
            return _SEASON_WORDS[word]
    named = (month for word in letters if (month := _read_month(word)))
    month = next(named, 0) or _read_figures(text)
    if month:
        return say.SEASONS[month % 12 // 3]
    for word in letters:
        if _is_day(word):
            return say.WEEKEND if word[0] == "s" else say.WEEKDAY
    return ""


def _holds(words: Sequence[str], phrases: frozenset[tuple[str, ...]]) -> bool:
    return any(
        tuple(words[first:last]) in phrases
        for first in range(len(words))
        for last in range(first + 1, min(first + 5, len(words)) + 1)
    )


def _read_month(word: str) -> int:
    """The month that the word names, also with a typing error in its middle; 0 for none."""
    short = word[:3]
    if short not in _MONTHS:
        return 0
    whole = word in _MONTHS or word in _SHORT_MONTHS
    if whole or (len(word) > 4 and word[-1] == _MONTH_ENDS.get(short)):
        return _MONTHS.index(short) + 1
    return 0


def _is_day(word: str) -> bool:
    return word in _DAYS or word in _SHORT_DAYS or (word[:3] in _DAYS and "day" in word)


def _read_figures(text: str) -> int:
    """The month of a date in figures, month first as in the US; 0 if they tell none."""
    numbers = re.findall(r"[0-9]+", text)
    if len(numbers) == 1 and len(numbers[0]) == 8:
        year_first = numbers[0][:2] in {"19", "20"}
        numbers = [numbers[0][4:6]] if year_first else [numbers[0][:2], numbers[0][2:4]]
    elif len(numbers) == 1 and len(numbers[0]) == 6:
        numbers = [numbers[0][:2], numbers[0][2:4]]
    elif len(numbers) < 2 or len(numbers[0]) > 2:
        numbers = numbers[1:] if len(numbers) == 3 and len(numbers[0]) == 4 else []
    months = [int(each) for each in numbers[:2]]
    return next((each for each in months if 1 <= each <= 12), 0)


def _tell_place(plain: str) -> str:
    if _STATE_AFTER.search(plain):
        return ""
    text = plain.lower().partition(",")[0].removeprefix("the ")
    if _COUNTY_ROAD.match(text):
        return say.ROAD
    if _NUMBERED_ROAD.match(text):
        return say.HIGHWAY
    words = cut_phrase(text)
    return _find_chain(words) or (_find_type(words) if len(words) > 1 else "")


def _find_chain(words: tuple[str, ...]) -> str:
    """The kind of a chain, also with "store" or a number behind its name."""
    known = say.CHAINS.get(words, "")
    if not known and words and (words[-1] in _PLAIN_SUFFIXES or words[-1].isdigit()):
        known = say.CHAINS.get(words[:-1], "")
    return known


def _find_type(words: tuple[str, ...]) -> str:
    """The kind that the last words tell, or the first."""
    last = len(words)
    while last > 1 and (words[last - 1] in _DIRECTIONS or words[last - 1].isdigit()):
        last -= 1
    for size in (3, 2, 1):
        if size <= last and words[last - size : last] in say.TYPES:
            return say.TYPES[words[last - size : last]]
    return say.HEADS.get(words[:1], "")


def _tell_address(text: str) -> str:
    for form, detail in (
        (_MILE, say.MILE),
        (_EXIT, say.EXIT),
        (_MAIL, say.MAIL),
        (_BLOCK, say.BLOCK),
    ):
        if form.search(text):
            return detail
    if _HOUSE.match(text) and text.rsplit(maxsplit=1)[-1] not in _DIRECTIONS:
        return say.HOUSE
    sides = _BETWEEN.split(text)
    if len(sides) == 2 and all(any(char.isalpha() for char in side) for side in sides):
        return say.CROSSING
    return ""


def _tell_agency(words: tuple[str, ...]) -> str:  # noqa: PLR0911
    if not words:
        return ""
    text, last = " ".join(words), words[-1]
    bare = words[2:] if words[:2] in {("u", "s"), ("united", "states")} else words
    if bare != words or words[0] in {"us", "federal"} or _holds(words, say.FEDERAL_NAMES):
        return say.FEDERAL
    if words in say.STATE_POLICE_NAMES or re.search(
        r"\b(?:state|highway) (?:police|patrol|troopers)\b", text
    ):
        return say.STATE_POLICE
    if "sheriff" in text or last == "so" or re.fullmatch("[a-z]{1,4}so", text):
        return say.SHERIFF
    if {"corrections", "correctional", "jail", "detention", "tdcj", "cdcr"} & {*words}:
        return say.PRISONS
    if "attorney" in text or "prosecutor" in text:
        return say.PROSECUTOR
    if "police" in words or any(word.endswith(("pd", "pds")) for word in words):
        return say.POLICE
    if "fire" in words or last.endswith("fd") or last == "fdny":
        return say.FIRE
    if {"ems", "ambulance", "amr", "lifeflight", "careflight"} & {*words} or "flight" in words:
        return say.AMBULANCE
    return say.WILDLIFE if {"wildlife", "dnr"} & {*words} else ""
