"""An agency's list of its people: read from a file, and prepared once for finding them in texts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.errors import InputError
from sync.scrub.lexicon import Phrases, index_phrases, split_phrase
from sync.scrub.normalise import make_plain
from sync.scrub.typing_errors import Typos, index_typing_errors
from sync.scrub.word_sets import make_set

MOST_LINES = 20_000
LONGEST_LINE = 300
MOST_BYTES = 4_000_000
_SHORTEST_NUMBER = 3
_COLUMNS = re.compile(r"[\t;]")
_SUFFIXES = make_set("jr sr ii iii iv")
# Of "de la Cruz" only the last word is a name where it stands alone.
_PARTICLES = make_set(
    "de la las los del della di da dos du le van von der den ten ter bin ibn al el san santa saint"
    " st mac mc abu ben"
)
_NOTHING_KEPT = "Nothing of it was taken over."

# A surname and the given names and initials of all who bear it.
Surname = tuple[tuple[str, ...], frozenset[str]]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Roster:
    """The names and numbers of an agency's people, prepared for finding them.

    Equal to itself alone: comparing or hashing 20,000 names at every look would cost too much.
    All words are in lower case, without accents and apostrophes.

    people: how many there are.
    surnames: the first word of a surname → the surnames that begin with it, the longest first.
    words: single words of names. typos: the same with one typing error.
    numbers: badges, units and the like, by their first part.
    """

    people: int = 0
    surnames: Mapping[str, tuple[Surname, ...]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    typos: Typos = field(default_factory=dict)
    numbers: Phrases = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class _Person:
    given: tuple[str, ...]
    surname: tuple[str, ...]
    numbers: tuple[str, ...]


NOBODY_LISTED = Roster()


def read_roster(raw: bytes) -> Roster:
    """The roster in a UTF-8 file with a person a line.

    "Last, First M" or "First Last", and after a tab or semicolon numbers such as badge and unit;
    blank lines and those that begin with # are skipped. Raises InputError, which names the line.
    """
    people = [_read_person(line, number) for number, line in _read_lines(raw)]
    if not people:
        raise InputError(
            "There is no name in this list.",
            _NOTHING_KEPT,
            'Write one person a line, such as "Last, First" or "First Last".',
        )
    return _prepare(people)


def split_name(text: str) -> tuple[str, ...]:
    """The words of a name as they are compared: lower case, without apostrophes."""
    return tuple(make_key(word) for word in split_phrase(text))


def make_key(low: str) -> str:
    """A lower-case word without its apostrophes, as people leave them out of names."""
    return low.replace("'", "") if "'" in low else low


def _read_lines(raw: bytes) -> Iterator[tuple[int, str]]:
    """The lines that hold a person, each with its number. Raises InputError."""
    if len(raw) > MOST_BYTES:
        raise InputError(
            f"This list is larger than {MOST_BYTES // 1_000_000} megabytes.",
            _NOTHING_KEPT,
            "Leave only the names and numbers in it.",
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"This list is not written in UTF-8 (byte {error.start}).",
            _NOTHING_KEPT,
            "Save it as a text file in UTF-8 and try again.",
        ) from None
    lines = make_plain(text).text.splitlines()
    if len(lines) > MOST_LINES:
        raise InputError(
            f"This list has more than {MOST_LINES:,} lines.",
            _NOTHING_KEPT,
            "Leave only the people in it who may be named in a report.",
        )
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_LINE:
            raise InputError(
                f"Line {number} of the list is longer than {LONGEST_LINE} characters.",
                _NOTHING_KEPT,
                "Write one person a line.",
            )
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            yield number, stripped


def _read_person(line: str, number: int) -> _Person:
    name, *columns = (column.strip(' "') for column in _COLUMNS.split(line))
    last, comma, first = name.partition(",")
    first, *more = first.split(",")
    words = split_name(f"{first} {last}" if comma else name)
    numbers = [word for word in words if _count_digits(word)]
    given = tuple(word for word in split_name(first) if _is_part(word))
    if comma:
        surname = tuple(word for word in split_name(last) if _is_part(word))
    else:
        given, surname = _split_at_surname([word for word in words if _is_part(word)])
    if not surname:
        raise InputError(
            f"Line {number} of the list has no name in it.",
            _NOTHING_KEPT,
            "Write one person a line, and # before what is none.",
        )
    return _Person(given, surname, (*numbers, *more, *columns))


def _is_part(word: str) -> bool:
    return word not in _SUFFIXES and not _count_digits(word)


def _count_digits(word: str) -> int:
    return sum(char.isdigit() for char in word)


def _split_at_surname(words: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Given names and surname of "First M de la Last"."""
    start = max(len(words) - 1, 0)
    while start > 1 and words[start - 1] in _PARTICLES:
        start -= 1
    return tuple(words[:start]), tuple(words[start:])


def _prepare(people: list[_Person]) -> Roster:
    bearers: dict[tuple[str, ...], set[str]] = {}
    for person in people:
        given = bearers.setdefault(person.surname, set())
        given.update(person.given)
        given.update(name[0] for name in person.given[:1])
    surnames: dict[str, list[Surname]] = {}
    for surname in sorted(bearers, key=lambda each: (-len(each), each)):
        surnames.setdefault(surname[0], []).append((surname, frozenset(bearers[surname])))
    words = {
        word
        for person in people
        for word in (*person.given, *person.surname)
        if len(word) > 1 and word not in _PARTICLES
    }
    numbers = {
        number
        for person in people
        for number in person.numbers
        if _count_digits(number) >= _SHORTEST_NUMBER
    }
    return Roster(
        people=len(people),
        surnames={first: tuple(found) for first, found in surnames.items()},
        words=frozenset(words),
        typos=index_typing_errors(words),
        numbers=index_phrases((number, False) for number in sorted(numbers)),
    )
