"""What is known beforehand: names, numbers and places from the private notes or a roster."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.domain.report import Certainty, Kind
from sync.scrub.candidates import Candidate
from sync.scrub.known_moments import find_moments
from sync.scrub.lexicon import Knows, Lexicon, index_phrases, split_phrase
from sync.scrub.normalise import make_plain
from sync.scrub.roster import NOBODY_LISTED, Roster
from sync.scrub.rules.identifiers import find_identifiers
from sync.scrub.rules.numbers import find_numbers
from sync.scrub.tokens import Token, Words
from sync.scrub.typing_errors import SHORTEST_FOR_TYPING_ERRORS, find_near, index_typing_errors

_REASON = "from your private notes"
_SHORTEST_NUMBER = 3
_ORDINARY = Knows.WORD | Knows.VETO | Knows.TITLE | Knows.ROLE
_NOT_IN_NUMBERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, repr=False)
class Identities:
    """Names, numbers, places and moments that must not leave, however they are written.

    names: as a person notes them; among several words there may be ordinary ones ("Mike from
    dispatch"). roster: the agency's list of names; `sync.scrub.listed` finds the people of it.
    moments: when it happened, in local time.
    """

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    roster: Roster = NOBODY_LISTED
    moments: tuple[datetime, ...] = ()


NOTHING_KNOWN = Identities()


def find_known(words: Words, known: Identities) -> Iterator[Candidate]:
    """Every mention of what is known, also in other case, in part, or with one typing error."""
    yield from _find_names(words, known.names)
    yield from _find_numbers(words, known.numbers)
    yield from find_moments(words, known.moments)
    places = index_phrases((make_plain(place).text, False) for place in known.places)
    for first, last, _ in words.find_phrases(places):
        start, end = words.tokens[first].start, words.tokens[last].end
        yield Candidate(start, end, Kind.PLACE, Certainty.SURE, _REASON, "known", context=True)


def is_ordinary(text: str, lexicon: Lexicon) -> bool:
    """Whether it is one word that may stand in a text without meaning anybody or any place."""
    words = split_phrase(make_plain(text).text)
    flags = lexicon.look_up(words[0]) if len(words) == 1 else 0
    return bool(flags & (_ORDINARY | Knows.NAME_WORD))


def _find_names(words: Words, names: tuple[str, ...]) -> Iterator[Candidate]:
    plain = [make_plain(name).text for name in names]
    whole = index_phrases((name, False) for name in plain)
    for first, last, _ in words.find_phrases(whole):
        start, end = words.tokens[first].start, words.tokens[last].end
        certainty = _judge(words.tokens[first]) if first == last else Certainty.SURE
        yield Candidate(start, end, Kind.NAME, certainty, _REASON, "known", context=True)
    alone = {word for name in plain if len(split_phrase(name)) == 1 for word in split_phrase(name)}
    parts = {word for name in plain for word in split_phrase(name) if len(word) > 1}
    typos = index_typing_errors({word for name in plain for word in _choose_names(name)})
    for token in words.tokens if parts else ():
        if token.low in alone:
            yield _name(token, _judge(token), _REASON)
        elif token.low in parts or _is_plural(token, parts):
            if _may_name(token):
                yield _name(token, _judge_part(token), _REASON)
        elif len(token.low) >= SHORTEST_FOR_TYPING_ERRORS - 1 and not token.has(Knows.WORD):
            near = find_near(token.low, typos)
            if near is not None:
                yield _name(token, Certainty.LIKELY, f"{_REASON}, one letter off")


def _choose_names(note: str) -> list[str]:
    """The words of a note that may name somebody: those with a capital, if any has one."""
    capitals = [word for word in note.split() if word[:1].isupper()]
    return [word for word in split_phrase(" ".join(capitals) or note) if len(word) > 1]


def _may_name(token: Token) -> bool:
    """Whether a word of a longer note names somebody there, as far as the lists know it."""
    return not token.has(_ORDINARY) or token.has(Knows.FIRST | Knows.LAST | Knows.NAME_WORD)


def _name(token: Token, certainty: Certainty, reason: str) -> Candidate:
    return Candidate(token.start, token.end, Kind.NAME, certainty, reason, "known", context=True)


def _is_plural(token: Token, parts: set[str]) -> bool:
    """ "the Wrenfields"; but "has" is no plural of the name Ha."""
    long_enough = len(token.low) > 4 or not token.has(Knows.WORD)
    return long_enough and token.low.endswith("s") and token.low[:-1] in parts


def _judge(token: Token) -> Certainty:
    """With a capital letter it always counts; an ordinary word in lower case may be one."""
    if not token.has(_ORDINARY | Knows.NAME_WORD):
        return Certainty.SURE
    return Certainty.LIKELY if token.is_capital else Certainty.POSSIBLE


def _judge_part(token: Token) -> Certainty:
    """As `_judge`, but the capital with which an ordinary word begins a sentence says nothing."""
    certainty = _judge(token)
    is_open = certainty is Certainty.LIKELY and token.first and token.has(_ORDINARY)
    return Certainty.POSSIBLE if is_open else certainty


def _find_numbers(words: Words, numbers: tuple[str, ...]) -> Iterator[Candidate]:
    """Numbers by their letters and digits alone: blanks, dashes and dots do not matter."""
    wanted = {_NOT_IN_NUMBERS.sub("", make_plain(number).text).lower() for number in numbers}
    if not wanted:
        return
    kept = [(index, char.lower()) for index, char in enumerate(words.text) if char.isalnum()]
    kinds = {
        (each.start, each.end): each.kind
        for each in (*find_identifiers(words), *find_numbers(words))
    }
    squeezed = "".join(char[0] for _, char in kept)
    for number in sorted(wanted):
        if len(number) < _SHORTEST_NUMBER:
            continue
        at = squeezed.find(number)
        while at >= 0:
            start, end = kept[at][0], kept[at + len(number) - 1][0] + 1
            if _stands_alone(words.text, start, end, len(number)):
                kind = kinds.get((start, end)) or _kind_of(number)
                yield Candidate(start, end, kind, Certainty.SURE, _REASON, "known", context=True)
            at = squeezed.find(number, at + 1)


def _stands_alone(text: str, start: int, end: int, length: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    joined = (before and before.isalnum()) or (after and after.isalnum())
    return not joined and end - start <= 2 * length and "\n" not in text[start:end]


def _kind_of(number: str) -> Kind:
    if number.isdigit():
        return {10: Kind.PHONE, 11: Kind.PHONE, 7: Kind.PHONE, 9: Kind.ID}.get(
            len(number), Kind.BADGE if len(number) < 6 else Kind.ID
        )
    return Kind.VIN if len(number) == 17 else Kind.ID
