"""Once an identity is accepted, all its mentions in all fields are."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from app.domain.report import Certainty, Kind
from sync.scrub.candidates import Candidate
from sync.scrub.identity import name_words
from sync.scrub.lexicon import Knows, Phrases, index_phrases, split_phrase
from sync.scrub.replacement import SAME
from sync.scrub.rules.doctrine import is_doctrine, is_section
from sync.scrub.rules.name_signs import reads_as_verb
from sync.scrub.rules.patterns import NO_AMOUNT_FOLLOWS
from sync.scrub.rules.surnames import opens_as_name
from sync.scrub.tokens import Token, Words
from sync.scrub.typing_errors import Typos, find_near, index_typing_errors
from sync.scrub.word_sets import make_set

_NUMBERED = frozenset(
    {Kind.BADGE, Kind.UNIT, Kind.CASE, Kind.PLATE, Kind.VIN, Kind.PHONE, Kind.ID, Kind.HANDLE}
)
# These can be words alone: the names of operations, user names, plates of letters.
_LETTERED = frozenset({Kind.CASE, Kind.HANDLE, Kind.PLATE, Kind.VIN})
_FEWEST_DIGITS = 3
# The rules that find phrases give none as long; a model's or a person's may be.
_MOST_WORDS = 16
_DETERMINERS = make_set(
    "the a an his her their my our this that to foot vehicle no your any car in on"
)
_PLAIN_NOUNS = Knows.WORD | Knows.VETO | Knows.TITLE | Knows.STREET | Knows.STATE | Knows.ROLE
# As the first word of a place these do not tell which one it is.
_DULL_HEADS = make_set(
    "north south east west northeast northwest southeast southwest upper lower main old city county"
    " town state national federal local central community public first second third grand great"
    " highway interstate route lake mount fort camp point port cape saint santa little"
    " middle high medical police fire emergency field training street road exit station"
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What has been accepted in any field.

    names: single words of names. place_words: words that name a road or place.
    place_heads: the first words of business and place names ("Sunrise" of "Sunrise Motel").
    phrases: whole numbers, places and agencies, each with its kind.
    """

    names: frozenset[str] = frozenset()
    place_words: frozenset[str] = frozenset()
    place_heads: frozenset[str] = frozenset()
    phrases: frozenset[tuple[str, Kind]] = frozenset()
    typos: Typos = field(default_factory=dict, compare=False)


def collect_accepted(before: Accepted, texts: Iterable[tuple[Words, list[Candidate]]]) -> Accepted:
    """`before` and what the masked candidates add."""
    names, places, phrases = set(before.names), set(before.place_words), set(before.phrases)
    heads = set(before.place_heads)
    for words, candidates in texts:
        for each in candidates:
            if not each.is_masked:
                continue
            text = words.text[each.start : each.end]
            if each.kind is Kind.NAME:
                names.update(word for word in name_words(text) if len(word) > 1)
            elif _tells_enough(text, each.kind):
                phrases.add((text, each.kind))
            elif each.kind in {Kind.PLACE, Kind.AGENCY, Kind.ADDRESS}:
                phrases.add((text, each.kind))
                if each.kind is not Kind.AGENCY:
                    places.update(_place_words(words, each))
                if each.kind is Kind.PLACE:
                    heads.update(_place_head(text))
    return Accepted(
        frozenset(names),
        frozenset(places),
        frozenset(heads),
        frozenset(phrases),
        index_typing_errors(names),
    )


def _tells_enough(text: str, kind: Kind) -> bool:
    """Whether a number or address is so long that it is the same wherever it stands."""
    if kind not in _NUMBERED:
        return kind in {Kind.EMAIL, Kind.URL, Kind.GEO}
    digits = sum(char.isdigit() for char in text)
    letters = sum(char.isalpha() for char in text)
    return digits >= _FEWEST_DIGITS or (kind in _LETTERED and letters >= _FEWEST_DIGITS)


def _place_words(words: Words, candidate: Candidate) -> Iterator[str]:
    for part in split_phrase(words.text[candidate.start : candidate.end]):
        if len(part) > 3 and part.isalpha():
            yield part


def _place_head(text: str) -> Iterator[str]:
    parts = split_phrase(text)
    if len(parts) > 1 and len(parts[0]) > 3 and parts[0].isalpha() and parts[0] not in _DULL_HEADS:
        yield parts[0]


def find_same(words: Words, accepted: Accepted) -> Iterator[Candidate]:
    """All mentions of what has been accepted."""
    yield from _find_names(words, accepted)
    by_kind: dict[Kind, list[str]] = {}
    for text, kind in accepted.phrases:
        if len(split_phrase(text)) <= _MOST_WORDS:
            by_kind.setdefault(kind, []).append(text)
    for kind, texts in sorted(by_kind.items()):
        phrases: Phrases = index_phrases((text, False) for text in sorted(texts))
        for first, last, _ in words.find_phrases(phrases):
            candidate = _judge_phrase(words, first, last, kind)
            if candidate is not None:
                yield candidate
    for token in words.tokens:
        plain = token.has(_PLAIN_NOUNS | Knows.NAME_WORD)
        head = token.low in accepted.place_heads and not token.first
        dull = token.has(Knows.VETO | Knows.TITLE | Knows.ROLE)
        known = (head and not dull) or (token.low in accepted.place_words and not plain)
        if known and token.shape == "Cap" and token.trusted and not token.has(Knows.FIRST):
            yield Candidate(
                token.start, token.end, Kind.PLACE, Certainty.LIKELY, "part of a place", "same"
            )


def _judge_phrase(words: Words, first: int, last: int, kind: Kind) -> Candidate | None:
    tokens = words.tokens[first : last + 1]
    start, end = tokens[0].start, tokens[-1].end
    is_same = _is_same_word(words, tokens[0]) if first == last else _are_same(tokens, kind)
    if not is_same:
        return None
    return Candidate(start, end, kind, Certainty.LIKELY, SAME, "same", context=True)


def _is_same_word(words: Words, token: Token) -> bool:
    if token.shape != "num":
        return not token.has(Knows.ORDINARY)
    amount = NO_AMOUNT_FOLLOWS.match(words.text, token.end) is None
    if is_section(words.text, token.start, token.end):
        return False
    return not (amount or len(token.text) < 3 or token.glue.endswith(("$", ".", "-", ":")))


def _are_same(tokens: Sequence[Token], kind: Kind) -> bool:
    if all(token.has(_PLAIN_NOUNS) and token.shape == "low" for token in tokens):
        return False
    # "Iron Gate" is the operation again, "THE IRON GATE WAS OPEN" hardly.
    ordinary = kind in _LETTERED and all(token.has(Knows.ORDINARY) for token in tokens)
    return not ordinary or all(token.is_capital and token.trusted for token in tokens)


def _find_names(words: Words, accepted: Accepted) -> Iterator[Candidate]:
    run: list[tuple[int, Certainty]] = []
    for index, token in enumerate(words.tokens):
        certainty = _judge_name(words, index, token, accepted)
        joined = run and run[-1][0] == index - 1 and token.glue in {" ", "-"}
        if run and not (joined and certainty is run[-1][1]):
            yield _make_name(words, run)
            run = []
        if certainty is not None:
            run.append((index, certainty))
    if run:
        yield _make_name(words, run)


def _make_name(words: Words, run: list[tuple[int, Certainty]]) -> Candidate:
    start, end = words.tokens[run[0][0]].start, words.tokens[run[-1][0]].end
    return Candidate(start, end, Kind.NAME, run[0][1], SAME, "same", context=True)


def _judge_name(words: Words, index: int, token: Token, accepted: Accepted) -> Certainty | None:  # noqa: PLR0911
    if token.shape in {"num", "mix", "I"}:
        return None
    if is_doctrine(words, index):
        return None
    plural = token.low.endswith("s") and token.low[:-1] in accepted.names and len(token.low) > 5
    if token.low not in accepted.names and not plural:
        if token.has(Knows.ORDINARY) or not accepted.typos or len(token.low) < 5:
            return None
        near = find_near(token.low, accepted.typos)
        return Certainty.LIKELY if near is not None and token.is_capital else None
    if not token.has(Knows.ORDINARY):
        return Certainty.LIKELY
    capital = token.is_capital and token.trusted and not words.lower_case
    after = words.tokens[index + 1] if index + 1 < len(words.tokens) else None
    acts = after is not None and after.is_near and reads_as_verb(after)
    if capital and (not token.first or acts or opens_as_name(words, index)):
        return Certainty.LIKELY
    if not capital and acts and not token.trusted and (token.shape != "low" or words.lower_case):
        return Certainty.LIKELY
    if token.shape == "ALL" and not token.trusted and token.has(Knows.FIRST | Knows.LAST):
        before = words.tokens[index - 1].low if index else ""
        if before not in _DETERMINERS:
            return Certainty.LIKELY
    if words.lower_case and acts and not token.has(Knows.WORD):
        return Certainty.LIKELY
    return Certainty.POSSIBLE
