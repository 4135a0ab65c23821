"""People of the agency's list, wherever a text names them."""

import re
from collections.abc import Iterator

from app.domain.report import Certainty, Kind
from sync.scrub.candidates import Candidate
from sync.scrub.lexicon import Knows
from sync.scrub.roster import Roster, make_key
from sync.scrub.rules.patterns import NOT_AN_AMOUNT
from sync.scrub.tokens import Token, Words
from sync.scrub.typing_errors import SHORTEST_FOR_TYPING_ERRORS, find_near
from sync.scrub.word_sets import make_set

_REASON = "is on your agency's list of names"
_WORD = Knows.WORD | Knows.VETO | Knows.TITLE | Knows.ROLE
_ORDINARY = _WORD | Knows.NAME_WORD | Knows.STATE | Knows.STREET | Knows.STREET_WORD
_MOST_BEFORE = 3  # "John R. L. Smith"
_WORDS_OF_ONE_LETTER = frozenset({"a", "i"})
_AFTER_NUMBER = re.compile(
    rf"(?![.,:/-]\d|%|[ -]?(?:mag(?:num)?|cal(?:ib(?:er|re))?|win|grains?|psi|volts?|watts?)\b)"
    rf"{NOT_AN_AMOUNT}",
    re.IGNORECASE,
)
_BEFORE_NUMBER = re.compile(r"(?:\d[.,:/-]|[^\w ][.]|\s[.]|^[.]|\$ ?)$")
# Years and round numbers.
_OFTEN_AN_AMOUNT = re.compile(r"(?:19[5-9]|20[0-4])\d|\d{1,3}00")
# What is numbered after these words is no person's.
_OTHER_NUMBERED = make_set(
    "section sec sections code codes pc cvc vc statute usc highway hwy route rt interstate us sr"
    " exit marker model channel title chapter about around approximately approx nearly over"
)


def find_listed(words: Words, roster: Roster) -> Iterator[Candidate]:
    """Names and numbers of the list. A whole name is sure, a word or a number of it likely.

    A single word that is also an ordinary word is left to the rules and the model.
    """
    if not roster.people:
        return
    yield from _find_whole(words, roster)
    yield from _find_single(words, roster)
    yield from _find_numbers(words, roster)


def _find_whole(words: Words, roster: Roster) -> Iterator[Candidate]:
    """A surname together with a given name or an initial, before or after it."""
    for index, token in enumerate(words.tokens):
        for surname, given in roster.surnames.get(make_key(token.low), ()):
            if not _fits(words, index, surname):
                continue
            last = index + len(surname) - 1
            first = _look_before(words, index, given)
            if first < index:
                yield from _judge_whole(words, first, last, is_turned=False)
            else:
                end = _look_after(words, last, given)
                if end > last:
                    yield from _judge_whole(words, index, end, is_turned=True)


def _fits(words: Words, index: int, surname: tuple[str, ...]) -> bool:
    tokens = words.tokens[index : index + len(surname)]
    return len(tokens) == len(surname) and all(
        make_key(token.low) == word and (not place or _joins(token.glue, " -'\n"))
        for place, (token, word) in enumerate(zip(tokens, surname, strict=True))
    )


def _joins(glue: str, allowed: str) -> bool:
    return 0 < len(glue) <= 3 and "\n\n" not in glue and not glue.strip(allowed)


def _look_before(words: Words, index: int, given: frozenset[str]) -> int:
    """The number of the first token of the given names before a surname; `index` if none."""
    first = index
    for at in range(index - 1, max(index - 1 - _MOST_BEFORE, -1), -1):
        token = words.tokens[at]
        is_letter = len(token.low) == 1
        if not _joins(words.tokens[at + 1].glue, " -.\n" if is_letter else " -\n"):
            break
        if is_letter and not _is_initial(words, token):
            break
        if make_key(token.low) in given:
            first = at
        elif not is_letter:
            break
    return first


def _look_after(words: Words, last: int, given: frozenset[str]) -> int:
    """The number of the last token of the given names after a surname; `last` if none."""
    end = last
    for at in range(last + 1, min(last + 1 + _MOST_BEFORE, len(words.tokens))):
        token = words.tokens[at]
        is_letter = len(token.low) == 1
        if not _joins(token.glue, " ,\n" if at == last + 1 else " .\n"):
            break
        if is_letter and not _is_initial(words, token):
            break
        if at > last + 1 and not is_letter and words.tokens[at - 1].low not in given:
            break
        if make_key(token.low) not in given and (end == last or not is_letter):
            break
        end = at
    return end


def _is_initial(words: Words, token: Token) -> bool:
    """ "J Smith" and "J. Smith"; "a" and "i" are words, unless a dot follows."""
    if words.text[token.end : token.end + 1] == ".":
        return True
    return token.low not in _WORDS_OF_ONE_LETTER and (token.shape == "I" or words.lower_case)


def _judge_whole(words: Words, first: int, last: int, *, is_turned: bool) -> Iterator[Candidate]:
    """Two words that are both ordinary ("will long") are a name only where capitals say so."""
    tokens = words.tokens[first : last + 1]
    certainty = Certainty.SURE
    is_ordinary = all(token.has(_WORD) or len(token.low) == 1 for token in tokens)
    if is_ordinary and not all(token.is_capital and token.trusted for token in tokens):
        if is_turned and not any("," in token.glue for token in tokens[1:]):
            return
        certainty = Certainty.POSSIBLE
    yield Candidate(
        tokens[0].start, tokens[-1].end, Kind.NAME, certainty, _REASON, "known", context=True
    )


def _find_single(words: Words, roster: Roster) -> Iterator[Candidate]:
    for token in words.tokens:
        key = make_key(token.low)
        if len(key) < 2 or token.has(_ORDINARY) or token.shape in {"num", "mix", "I"}:
            continue
        if key in roster.words:
            # Two letters are a name only as "Ng": "ng", "VA" or "MO" are many things.
            if len(key) > 2 or (token.shape == "Cap" and token.trusted):
                yield _name(token, Certainty.LIKELY, _REASON)
        elif len(key) >= SHORTEST_FOR_TYPING_ERRORS - 1 and find_near(key, roster.typos):
            # Where capitals are used, what has none may be a word that no list knows ("galley").
            is_small = token.shape == "low" and not words.lower_case
            if is_small and len(key) < SHORTEST_FOR_TYPING_ERRORS:
                continue
            certainty = Certainty.POSSIBLE if is_small else Certainty.LIKELY
            yield _name(token, certainty, f"{_REASON}, one letter off")


def _name(token: Token, certainty: Certainty, reason: str) -> Candidate:
    return Candidate(token.start, token.end, Kind.NAME, certainty, reason, "known")


def _find_numbers(words: Words, roster: Roster) -> Iterator[Candidate]:
    for first, last, _ in words.find_phrases(roster.numbers):
        start, end = words.tokens[first].start, words.tokens[last].end
        number = words.text[start:end]
        before = words.tokens[first - 1].low if first else ""
        if (
            before in _OTHER_NUMBERED
            or words.tokens[first].has(_ORDINARY)
            or _BEFORE_NUMBER.search(words.text[max(start - 2, 0) : start])
            or not _AFTER_NUMBER.match(words.text, end)
        ):
            continue
        is_open = _OFTEN_AN_AMOUNT.fullmatch(number)
        certainty = Certainty.POSSIBLE if is_open else Certainty.LIKELY
        yield Candidate(start, end, _kind_of(number), certainty, _REASON, "known")


def _kind_of(number: str) -> Kind:
    if any(char.isalpha() for char in number):
        return Kind.UNIT
    digits = sum(char.isdigit() for char in number)
    return Kind.PHONE if digits in {7, 10, 11} else Kind.BADGE
