"""Named roads, with the house number and the flat if they have them.

A road is found from its type ("Street") backwards; a house number before it makes it an
address, nothing before it a place.
"""

from collections.abc import Iterator

from app.domain.report import Certainty, Kind
from sync.scrub.candidates import Candidate
from sync.scrub.lexicon import Knows
from sync.scrub.tokens import Token, Words
from sync.scrub.word_sets import make_set

_DIRECTIONS = make_set(
    "n s e w ne nw se sw north south east west northeast northwest southeast southwest nb sb eb wb"
)
_HEADS = make_set("old new st saint san santa mt mount fort ft el la las los martin dr")
_LONGEST_NAME = 4


def _is_name_part(token: Token, words: Words) -> bool:
    if token.low in _DIRECTIONS:
        return True
    if token.shape in {"num", "mix"}:
        return token.low.endswith(("st", "nd", "rd", "th")) or token.low.isdigit()
    if token.trusted and not words.lower_case:
        return token.is_capital
    return not token.has(Knows.WORD | Knows.TITLE) or token.has(
        Knows.FIRST | Knows.LAST | Knows.NAME_WORD
    )


def _is_joined(glue: str) -> bool:
    return glue in {" ", "  ", ". ", "-", ".", " #", "'"}


def _find_start(words: Words, place: int) -> int:
    """The number of the first token that belongs to the road whose type stands at `place`."""
    index = place
    while index > 0 and place - index < _LONGEST_NAME + 2:
        before, here = words.tokens[index - 1], words.tokens[index]
        over_end = here.first and "." in here.glue
        if over_end or not _is_joined(here.glue) or not _is_name_part(before, words):
            break
        index -= 1
        if before.low.isdigit():
            break
    return index


def _is_road(words: Words, start: int, place: int) -> bool:  # noqa: PLR0911
    """Whether what stands between is a name, not just "the street" or "North Drive"."""
    names = words.tokens[start:place]
    if not names or (len(names) == 1 and names[0].low.isdigit()):
        return False
    kind = words.tokens[place]
    numbered = names[0].low.isdigit()
    real = [each for each in names if each.low not in _DIRECTIONS and not each.low.isdigit()]
    if not real:
        return numbered and kind.low in {"st", "ave", "rd", "street", "avenue", "road", "broadway"}
    if all(each.has(Knows.TITLE) for each in real):
        return False
    trusted = kind.trusted and not words.lower_case
    if trusted and (kind.is_capital or (numbered and not kind.has(Knows.STREET_WORD))):
        sentence = real[0].first and real[0].has(Knows.WORD) and len(real) == 1
        return not (sentence and kind.has(Knows.STREET_WORD))
    if trusted:
        return kind.low in {"st", "street", "avenue", "ave", "rd", "blvd", "road", "lane", "drive"}
    if numbered:
        return True
    return not kind.has(Knows.STREET_WORD) or kind.low in {"road", "lane", "drive", "court"}


def _find_end(words: Words, place: int) -> int:
    """Where the road ends: a direction after it and a flat or block belong to it."""
    last = place
    tokens = words.tokens
    if place + 1 < len(tokens):
        after = tokens[place + 1]
        if after.low in _DIRECTIONS and after.glue in {" ", ". "} and len(after.low) <= 2:
            last = place + 1
    if last + 2 < len(tokens):
        word, number = tokens[last + 1], tokens[last + 2]
        doors = {
            "apt",
            "apartment",
            "unit",
            "suite",
            "ste",
            "room",
            "rm",
            "lot",
            "space",
            "bldg",
            "trlr",
        }
        short = len(number.text) <= 5 and number.shape in {"num", "mix", "I"}
        if (
            word.low in doors
            and short
            and len(word.glue.strip(" ,.")) == 0
            and "\n" not in word.glue
        ):
            return number.end
    if last + 1 < len(tokens) and tokens[last + 1].glue.strip(" ,.") == "#":
        return tokens[last + 1].end
    return tokens[last].end


def find_roads(words: Words) -> Iterator[Candidate]:
    """Addresses and named roads, from the type of road backwards."""
    for place, token in enumerate(words.tokens):
        if not token.has(Knows.STREET) or place == 0:
            continue
        start = _find_start(words, place)
        while start < place and not _may_begin(words, start, place):
            start += 1
        if start == place or not _is_road(words, start, place):
            continue
        first = words.tokens[start]
        numbered = first.low.isdigit()
        yield Candidate(
            first.start,
            _find_end(words, place),
            Kind.ADDRESS if numbered else Kind.PLACE,
            Certainty.SURE if numbered else Certainty.LIKELY,
            f"a name and the word '{token.low}'",
            context=True,
        )


def _may_begin(words: Words, index: int, place: int) -> bool:
    """A road does not begin with a word that only begins the sentence ("On Oak Street")."""
    token = words.tokens[index]
    if token.low.isdigit() or token.low in _HEADS or token.low in _DIRECTIONS:
        return True
    only_word = token.has(Knows.WORD) and not token.has(Knows.NAME_WORD)
    return not (only_word and (token.first or len(token.low) <= 3) and place - index > 1)
