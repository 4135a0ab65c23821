"""When it happened, by the private notes: the usual spellings of that date and of that time."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from app.domain.report import Certainty, Kind
from sync.scrub.candidates import Candidate
from sync.scrub.tokens import Words

_REASON = "from your private notes"
# Not the names of `calendar`, which follow the language of the computer.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_BEFORE, _AFTER = r"(?<![\w/.:-])", r"(?![\w]|[/:-]\w|\.\d)"


def find_moments(words: Words, moments: Iterable[datetime]) -> Iterator[Candidate]:
    """Every mention of the date or the time of one of them.

    Four digits alone are only likely a time; all else is sure.
    """
    for moment in moments:
        for kind, certainty, pattern in _write_patterns(moment):
            for match in re.finditer(pattern, words.text, re.IGNORECASE | re.VERBOSE):
                start, end = match.span()
                yield Candidate(start, end, kind, certainty, _REASON, "known", context=True)


def _write_patterns(moment: datetime) -> Iterator[tuple[Kind, Certainty, str]]:
    for date in _write_dates(moment):
        yield Kind.DATE, Certainty.SURE, f"{_BEFORE}(?:{date}){_AFTER}"
    minute = f"{moment.minute:02}"
    letter = "p" if moment.hour >= 12 else "a"
    half = rf"\ ?(?:{letter}m\b|{letter}\.\ ?m\.)"
    twelve = moment.hour % 12 or 12
    colon = rf"0?{moment.hour}[:.]{minute}(?::\d\d)?(?:\ ?h(?:ou)?rs?\b)?"
    colon_12 = rf"0?{twelve}:{minute}(?:{half})?"
    bare_12 = rf"0?{twelve}{minute}{half}"
    full_hour = rf"|0?{twelve}{half}|0?{twelve}\ o'clock" if not moment.minute else ""
    times = f"(?:{colon_12}|{bare_12}{full_hour})(?!\\w)|{colon}{_AFTER}"
    yield Kind.TIME, Certainty.SURE, f"{_BEFORE}(?:{times})"
    bare = rf"{moment.hour:02}{minute}"
    yield Kind.TIME, Certainty.SURE, rf"{_BEFORE}{bare}\ ?h(?:(?:ou)?rs?)?\b"
    yield Kind.TIME, Certainty.LIKELY, f"{_BEFORE}{bare}{_AFTER}"


def _write_dates(moment: datetime) -> Iterator[str]:
    name, day, year = _MONTHS[moment.month - 1], moment.day, moment.year
    month = rf"(?:{name}|{name[:4]}\.?|{name[:3]}\.?)"
    number = rf"0?{day}(?:st|nd|rd|th)?"
    of_year = rf"(?:{year}|'?{year % 100:02})"
    yield rf"{month}[\ -]?{number}(?:,?\ {of_year})?"
    yield rf"{number}[\ -]?(?:of\ )?{month}(?:[,-]?\ ?{of_year})?"
    yield rf"0?{moment.month}([/.-])0?{day}(?:\1{of_year})?"
    yield rf"{year}([/.-])0?{moment.month}\1 0?{day}"
    yield rf"{year}{moment.month:02}{day:02}"
