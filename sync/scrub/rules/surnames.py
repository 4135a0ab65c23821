"""Names that are ordinary words too ("Smith", "Brown"), judged by what their neighbours do."""

from app.domain.report import Certainty
from sync.scrub.lexicon import Knows
from sync.scrub.rules.name_signs import acts_alone, describes, is_thing, reads_as_verb
from sync.scrub.tokens import Token, Words
from sync.scrub.word_sets import make_set

# A judgement: at the start of a sentence these are surnames at least as often as words.
_MORE_NAME = make_set(
    "smith brown grant porter hunter sawyer parks crane young white green hill strand"
)
_STUFF = make_set("snow frost flood glass wood brush sand field street lane block branch silver")
# Words that a report writes with a capital as part of a place or a paper, not of a person.
_NO_ONE = make_set(
    "hill hall park parks church lake west cross street lane field ward winter branch law case"
    " session minor block post wall rock flood day page hood head hand deal court key long strand"
    " house union battle urban"
)
_BEFORE_PERSON = make_set("to at with by and for from that when as where while than told asked")
_OTHER = Knows.TITLE | Knows.ROLE | Knows.STATE | Knows.VETO
_REASON = "looks like a name in this sentence"


def opens_as_name(words: Words, index: int) -> bool:
    """Whether an accepted surname that begins a sentence is meant there, not the word."""
    token = words.tokens[index]
    if not token.has(Knows.LAST) or (not token.owns and describes(words, index)):
        return False
    stops = words.text[token.end : token.end + 1] in {",", ".", "!", "?", ";"}
    return token.owns or stops or token.low in _MORE_NAME


def judge_surname(words: Words, index: int) -> tuple[Certainty, str] | None:
    """How sure it is that a capitalised word that the lists know as both is a name."""
    token = words.tokens[index]
    if token.shape != "Cap" or not token.trusted or words.lower_case or not _is_both(token):
        return None
    if _acts(words, index) or _acts_with_another(words, index):
        return Certainty.LIKELY, _REASON
    if not token.has(Knows.LAST) or _is_in_longer(words, index):
        return None
    strong = token.low in _MORE_NAME
    if token.first:
        owns = token.owns and strong
        certainty = Certainty.LIKELY if owns else Certainty.POSSIBLE
        fits = strong and (owns or not describes(words, index))
        return (certainty, "is a name or a word") if fits else None
    before = words.tokens[index - 1]
    if before.low not in _BEFORE_PERSON or token.glue != " " or is_thing(words, index):
        return None
    return None if token.low in _NO_ONE else (Certainty.LIKELY, _REASON)


def _is_both(token: Token) -> bool:
    named = token.has(Knows.FIRST | Knows.LAST) and token.has(Knows.NAME_WORD)
    return named and not token.has(_OTHER)


def _after(words: Words, index: int) -> Token | None:
    if index + 1 >= len(words.tokens):
        return None
    after = words.tokens[index + 1]
    return after if after.is_near else None


def _acts(words: Words, index: int) -> bool:
    """ "Smith shouted", "Brown and I"."""
    token, after = words.tokens[index], _after(words, index)
    if after is None:
        return False
    if after.low == "and":
        beyond = _after(words, index + 1)
        return beyond is not None and beyond.text == "I"
    if after.shape != "low":
        return False
    place = token.low in _STUFF or token.has(Knows.STREET)
    if after.low == "covered":
        return not place and token.has(Knows.LAST)
    return acts_alone(after) and not (place and after.low in {"ran", "runs"})


def _acts_with_another(words: Words, index: int) -> bool:
    """ "Smith and Garcia covered": the first or the second of two who do something."""
    for first in (index, index - 2):
        three = words.tokens[first : first + 4] if first >= 0 else ()
        if len(three) < 4 or three[1].low != "and" or not all(each.is_near for each in three[1:]):
            continue
        one, other, verb = three[0], three[2], three[3]
        named = all(
            each.shape == "Cap" and each.has(Knows.FIRST | Knows.LAST) for each in (one, other)
        )
        if not named or verb.shape != "low":
            continue
        clear = not (_is_both(one) and _is_both(other))
        if acts_alone(verb) or verb.low == "covered" or (clear and _is_verb(verb)):
            return True
    return False


def _is_verb(token: Token) -> bool:
    return reads_as_verb(token) or token.low == "were"


def _is_in_longer(words: Words, index: int) -> bool:
    """Whether another capitalised word stands beside it: "Green Lake", "Crown Young"."""
    token, after = words.tokens[index], _after(words, index)
    beside = after is not None and after.glue in {" ", "-"} and after.is_capital
    if beside and after is not None and after.text != "I":
        return True
    before = words.tokens[index - 1] if index and not token.first else None
    return before is not None and token.glue in {" ", "-"} and before.is_capital
