"""Who is who: which mentions are the same identity and share a replacement."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from app.domain.report import Kind
from sync.scrub.normalise import make_plain
from sync.scrub.typing_errors import find_near, index_typing_errors
from sync.scrub.word_sets import make_set

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+){0,2}")
_NOT_IN_KEYS = re.compile(r"[\W_]+")
_NO_NAMES = make_set("jr sr ii iii iv de la del las los van von der da di st mac el al y")


def name_words(text: str) -> tuple[str, ...]:
    """The words of a name that tell who it is, in lower case; an initial has one letter."""
    words = (word.lower() for word in _WORD.findall(make_plain(text).text))
    bare = [word[:-2] if word.endswith("'s") else word for word in words]
    return tuple(word for word in bare if word not in _NO_NAMES) or tuple(bare)


def make_key(kind: Kind, text: str) -> str:
    """What two mentions of the same thing have in common: letters and digits in lower case."""
    key = _NOT_IN_KEYS.sub("", make_plain(text).text.lower())
    if kind is Kind.PHONE and sum(char.isdigit() for char in key) >= 10:
        digits = "".join(char for char in key if char.isdigit())
        return digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    return key or text


def group_names(mentions: Sequence[str]) -> list[int]:
    """For each mention the number of its person.

    "Smith", "J. Smith" and "Ofc. Smith" are John Smith if the report knows one Smith only. A
    spelling that occurs once and is one letter off another is taken for a typing error.
    """
    spelt = [tuple(word.replace("'", "") for word in name_words(each)) for each in mentions]
    meant = _mend_typing_errors(Counter(word for form in spelt for word in form))
    forms = [tuple(meant.get(word, word) for word in form) for form in spelt]
    persons: list[frozenset[str]] = []
    by_word: dict[str, list[int]] = {}
    person_of: dict[tuple[str, ...], int] = {}
    for form in sorted(set(forms), key=lambda each: (-_weight(each), each)):
        fitting = list(_find_fitting(form, persons, by_word))
        if len(fitting) == 1:
            person_of[form] = fitting[0]
            continue
        person_of[form] = len(persons)
        persons.append(frozenset(form))
        for word in set(form):
            if _weight(form) > 1 or not fitting:
                by_word.setdefault(word, []).append(len(persons) - 1)
    return [person_of[form] for form in forms]


def _mend_typing_errors(counts: Mapping[str, int]) -> dict[str, str]:
    """What occurs once → the word that it is one letter off, if that occurs more or as often."""
    typos = index_typing_errors(counts)
    meant: dict[str, str] = {}
    for word, count in counts.items():
        near = find_near(word, typos, other=True) if count == 1 else None
        if near is not None and (counts[near], near) > (count, word):
            meant[word] = near
    return meant


def _weight(form: tuple[str, ...]) -> int:
    return sum(2 if len(word) > 1 else 1 for word in set(form))


def _find_fitting(
    form: tuple[str, ...], persons: Sequence[frozenset[str]], by_word: dict[str, list[int]]
) -> Iterator[int]:
    """The persons of whom `form` can be a shorter form."""
    full = [word for word in set(form) if len(word) > 1]
    initials = [word for word in form if len(word) == 1]
    if not full:
        full, initials = list(form), []
    possible = min((by_word.get(word, []) for word in full), key=len, default=[])
    for number in possible:
        person = persons[number]
        others = person.difference(full)
        if person.issuperset(full) and all(
            initial in person or any(other.startswith(initial) for other in others)
            for initial in initials
        ):
            yield number
