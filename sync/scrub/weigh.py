"""Rules and model heard together: what one finds, the other may doubt."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.report import Certainty, Kind
from sync.scrub.candidates import Candidate
from sync.scrub.lexicon import Knows
from sync.scrub.normalise import Plain
from sync.scrub.tokens import Token, Words

if TYPE_CHECKING:
    from sync.scrub.model.opinion import Opinion

_VETO_KINDS = frozenset({Kind.NAME, Kind.PLACE, Kind.AGENCY})
_VETO_UNTIL = 0.97
# "Officer X", "aircraft Y": somebody has taken the name out before.
_STAND_INS = frozenset("xyz")


def weigh(
    candidates: Iterable[Candidate], words: Words, plain: Plain, opinion: "Opinion | None"
) -> Iterator[Candidate]:
    """The candidates with the certainty that is left after the model was heard.

    What a rule is sure of stays. What it thinks likely and the model does not see is shown as
    possible, or dropped where the model sees nothing at all. Another mention of what was accepted
    is never dropped: a name that is a word too is asked about wherever it stands.
    """
    if opinion is None:
        yield from candidates
        return
    for each in candidates:
        if each.certainty is Certainty.SURE or each.source == "known":
            yield each
        elif each.source == "model":
            if not _is_vetoed(each, words, opinion.support(plain, each)):
                yield each
        elif each.source != "same" or _is_ordinary(each, words):
            yield from _doubt(each, plain, opinion)
        else:
            yield each


def hold_back(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """For a text that was scrubbed before: a person has decided, so what is new is asked about.

    Without this a second scrub, which sees less of each sentence, could mask more. What is sure,
    and other mentions of it, are masked all the same.
    """
    for each in candidates:
        if each.certainty is Certainty.SURE or each.source in {"known", "same"}:
            yield each
        else:
            yield replace(each, certainty=Certainty.POSSIBLE)


def _doubt(each: Candidate, plain: Plain, opinion: "Opinion") -> Iterator[Candidate]:
    support, limit = opinion.support(plain, each), opinion.thresholds.trust
    if support >= limit:
        yield each
    elif each.source == "same" or (
        each.certainty is not Certainty.POSSIBLE and support >= limit / 4
    ):
        yield replace(each, certainty=Certainty.POSSIBLE)


def _is_ordinary(each: Candidate, words: Words) -> bool:
    return all(token.has(Knows.ORDINARY) for token in _inside(each, words))


def _is_vetoed(each: Candidate, words: Words, support: float) -> bool:
    """Whether the police vocabulary knows every word of what only the model has found."""
    if each.kind not in _VETO_KINDS:
        return False
    if all(token.low in _STAND_INS for token in _inside(each, words)):
        return True
    return support < _VETO_UNTIL and all(token.has(Knows.VETO) for token in _inside(each, words))


def _inside(each: Candidate, words: Words) -> Sequence[Token]:
    first = bisect_left(words.tokens, each.start, key=_begin)
    return words.tokens[first : bisect_left(words.tokens, each.end, key=_begin)]


def _begin(token: Token) -> int:
    return token.start
