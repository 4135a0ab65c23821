"""The last look: words left over that carry a capital or a number and that nobody knows."""

from collections.abc import Iterator

from app.domain.report import Span
from sync.scrub.normalise import Plain
from sync.scrub.rules.patterns import NO_AMOUNT_FOLLOWS
from sync.scrub.tokens import Token, Words

_SHORTEST_WORD = 3
_SHORTEST_NUMBER = 4


def find_leftovers(plain: Plain, words: Words) -> Iterator[Span]:
    """Spans of the original at which the person should look."""
    for token in words.tokens:
        if _is_unknown_word(token, words) or _is_bare_number(token, words):
            yield plain.span(token.start, token.end)


def _is_unknown_word(token: Token, words: Words) -> bool:
    if token.flags or len(token.low) < _SHORTEST_WORD or token.shape in {"num", "mix", "I"}:
        return False
    return token.is_capital or words.lower_case


def _is_bare_number(token: Token, words: Words) -> bool:
    if token.shape not in {"num", "mix"} or len(token.low) < _SHORTEST_NUMBER:
        return False
    return NO_AMOUNT_FOLLOWS.match(words.text, token.end) is not None
