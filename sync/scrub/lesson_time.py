"""The part of the day that a clock time tells, in figures and in words.

A time of the twelve-hour clock tells it only with "am", "pm" or words such as "in the morning".
"""

import re
from collections.abc import Sequence

from sync.scrub.lesson_words import AFTERNOON, EVENING, NIGHT, PARTS

_HALF = re.compile(r"(?<![a-z])([ap])\.? ?m(?![a-z])")
_FIGURES = re.compile(r"(?<!\d)(\d{1,2})(?:([:. ]?)(\d\d))?(?:(:)\d\d)?(?!\d)")
_HOURS_MARK = re.compile(r"(?:\d|\b)(?:hrs?|hours?|h)\b")
_TO = re.compile(r"\b(?:to|till?|before|of)\b")
_PAST = re.compile(r"\b(?:past|after|to|till?|before|of) (\d{1,2}\b|[a-z]+)")
_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_TEENS = [
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_NUMBERS = {word: number for number, word in enumerate((*_UNITS, *_TEENS))} | {"oh": 0, "o": 0}
_FULL_DAY = 24


def tell_time(text: str) -> str:
    """The part of the day, or nothing. text: in lower case, blanks single."""
    if re.search(r"\d ?z\b|\bzulu\b|\butc\b", text):
        return ""
    words = re.findall(r"[a-z]+", text)
    for word, part in (("night", NIGHT), ("evening", EVENING), ("afternoon", AFTERNOON)):
        if word in words and "midnight" not in words:
            return part
    hour, whole_day = _read_hour(text, words)
    if hour is None:
        return ""
    half = _HALF.search(text)
    if hour <= 12 and (half or "morning" in words):
        hour, whole_day = hour % 12 + 12 * (half is not None and half[1] == "p"), True
    return _part_of(hour) if whole_day or half or hour > 12 else ""


def _part_of(hour: int) -> str:
    hour %= _FULL_DAY
    return next(part for start, part in reversed(PARTS) if hour >= start)


def _read_hour(text: str, words: Sequence[str]) -> tuple[int | None, bool]:
    """The hour as it is written, and whether it is of the clock of twenty-four hours."""
    past = _PAST.search(text)
    if past:
        hour = _read_word(past[1])
        back = _TO.search(text) is not None
        named = "noon" in words or "midnight" in words
        return (None if hour is None else hour - back), named
    if "noon" in words or "midnight" in words:
        return 12 if "noon" in words else 0, True
    figures = _FIGURES.search(text)
    if figures:
        return _read_figures(figures, text)
    return _read_number_words(words)


def _read_word(word: str) -> int | None:
    named = {"noon": 12, "midnight": 24}
    if word in named:
        return named[word]
    if word.isascii() and word.isdigit():
        return int(word[:2])
    return _NUMBERS.get(word)


def _read_figures(found: re.Match[str], text: str) -> tuple[int | None, bool]:
    first, between, minutes = found[1], found[2], found[3]
    hour = int(first)
    if hour > _FULL_DAY or int(minutes or 0) > 59:
        return None, False
    military = bool(minutes) and len(first) == 2 and not between
    whole_day = (
        military
        or hour > 12
        or (minutes is not None and (first[0] == "0" or bool(found[4])))
        or _HOURS_MARK.search(text) is not None
    )
    return hour, whole_day


def _read_number_words(words: Sequence[str]) -> tuple[int | None, bool]:
    """ "fifteen hundred", "zero five thirty", "twenty two ten hours", "six"."""
    if "dark" in words:
        return 0, True
    numbers = [_NUMBERS[word] for word in words if word in _NUMBERS]
    if not numbers:
        return None, False
    marked = "hundred" in words or "hours" in words or "hrs" in words
    if words[0] in {"zero", "oh", "o"}:
        return (numbers[1] if len(numbers) > 1 else 0), True
    hour = numbers[0]
    hundred_next = words[2:3] in (["hundred"], ["hours"]) or len(words) > 3
    if hour == 20 and len(numbers) > 1 and numbers[1] in {1, 2, 3} and hundred_next:
        hour += numbers[1]
    return hour, marked or hour > 12
