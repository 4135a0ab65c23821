"""What the model thinks of each character, and the findings that follow from it alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.report import Certainty, Kind
from sync.scrub.candidates import Candidate
from sync.scrub.model.tags import LABELS, Tags
from sync.scrub.normalise import Plain
from sync.scrub.tokens import Token, Words
from sync.scrub.word_sets import make_set

_LONGEST_GLUE = 3
# Words between others: inside an identifier perhaps ("block of Elm"), at its edge never.
_LINKS = make_set("and or the of on in at to from by near with see ext was is")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How likely a word must be part of an identifier, from 0 to 1.

    mask: by kind, to be masked. ask: to be shown as possible. join: between masked words, to
    belong to them; edge: at the end of them. trust: below it a likely finding of the rules is
    not masked.
    """

    mask: Mapping[Kind, float]
    ask: float
    join: float
    edge: float
    trust: float


@dataclass(frozen=True, slots=True, repr=False)
class Opinion:
    """By code point of the original text: how likely it is part of an identifier, which kind.

    likely: float32. kinds: the label's number, never 0. Both have the text's length.
    """

    likely: NDArray[np.float32]
    kinds: NDArray[np.intp]
    thresholds: Thresholds

    def find(self, words: Words, plain: Plain) -> Iterator[Candidate]:
        """What the model alone would mask or ask about in (what is left of) the text."""
        return find_tagged(words, plain, self)

    def support(self, plain: Plain, candidate: Candidate) -> float:
        """How likely the likeliest word of a candidate is."""
        span = plain.span(candidate.start, candidate.end)
        return float(self.likely[span.start : span.end].max(initial=0.0))


def form_opinion(
    plain: Plain, words: Words, tags: Tags, length: int, thresholds: Thresholds
) -> Opinion:
    """Spread the tags of words and signs over the `length` characters of the original."""
    likely = np.zeros(length, dtype=np.float32)
    kinds = np.ones(length, dtype=np.intp)
    best = tags.words[:, 1:].argmax(1) + 1
    for number, token in enumerate(words.tokens):
        span = plain.span(token.start, token.end)
        likely[span.start : span.end] = 1 - tags.words[number, 0]
        kinds[span.start : span.end] = best[number]
    for at, row in tags.signs.items():
        span = plain.span(at, at + 1)
        likely[span.start : span.end] = 1 - row[0]
        kinds[span.start : span.end] = row[1:].argmax() + 1
    return Opinion(likely, kinds, thresholds)


def find_tagged(words: Words, plain: Plain, opinion: Opinion) -> Iterator[Candidate]:
    """What the model alone would mask or ask about, as runs of words of one kind."""
    join = opinion.thresholds.join
    run: list[int] = []
    for number, token in enumerate(words.tokens):
        if _is_possessive(token):
            continue
        if run and not _joins(words.tokens[run[-1]], token, words, plain, opinion):
            yield from _close(words, run, plain, opinion)
            run = []
        if run or opinion.likely[plain.starts[token.start]] >= join:
            run.append(number)
    if run:
        yield from _close(words, run, plain, opinion)


def _is_possessive(token: Token) -> bool:
    """What is left of "Okafor's" once the name is cut out."""
    return token.low == "s" and token.glue.endswith("'")


def _joins(last: Token, token: Token, words: Words, plain: Plain, opinion: Opinion) -> bool:
    join = opinion.thresholds.join
    glue = words.text[last.end : token.start]
    at, before = plain.starts[token.start], plain.starts[last.start]
    if opinion.likely[at] < join or opinion.kinds[at] != opinion.kinds[before]:
        return False
    if "\n" in glue or len(glue) > _LONGEST_GLUE or last.owns:
        return False
    signs = [last.end + place for place, char in enumerate(glue) if not char.isspace()]
    return all(opinion.likely[plain.starts[sign]] >= join for sign in signs)


def _close(words: Words, run: list[int], plain: Plain, opinion: Opinion) -> Iterator[Candidate]:
    places = [plain.starts[words.tokens[number].start] for number in run]
    peak = float(opinion.likely[places].max())
    kind = Kind(LABELS[opinion.kinds[places[0]]])
    # A word at the edge needs more than one between two that are sure.
    edge = min(peak, opinion.thresholds.edge)
    inside = [
        number
        for number, at in zip(run, places, strict=True)
        if opinion.likely[at] >= edge and words.tokens[number].low not in _LINKS
    ]
    if not inside:
        return
    first, last = words.tokens[inside[0]], words.tokens[inside[-1]]
    if peak >= opinion.thresholds.mask[kind]:
        certainty = Certainty.LIKELY
    elif peak >= opinion.thresholds.ask:
        certainty = Certainty.POSSIBLE
    else:
        return
    reason = f"looks like {_NAMES[kind]} in this sentence"
    yield Candidate(first.start, last.end, kind, certainty, reason, "model")


_NAMES = {
    Kind.NAME: "a name",
    Kind.BADGE: "a badge number",
    Kind.UNIT: "a unit",
    Kind.CASE: "a case number",
    Kind.PLATE: "a plate",
    Kind.VIN: "a vehicle's number",
    Kind.PHONE: "a phone number",
    Kind.EMAIL: "an e-mail address",
    Kind.HANDLE: "a user name",
    Kind.URL: "a web address",
    Kind.ID: "the number of a person or thing",
    Kind.ADDRESS: "an address",
    Kind.GEO: "a position",
    Kind.PLACE: "a place",
    Kind.AGENCY: "an agency",
    Kind.DATE: "a date",
    Kind.TIME: "a time",
}
