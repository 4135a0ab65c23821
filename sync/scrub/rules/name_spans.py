"""How far a name reaches: initials, middle names, particles, hyphens, nicknames, suffixes."""

from sync.scrub.lexicon import Knows
from sync.scrub.rules.name_signs import is_half
from sync.scrub.tokens import Token, Words
from sync.scrub.word_sets import make_set

_PARTICLES = make_set(
    "de la del las los van von der den bin ibn al el da di dos du le st mac mc o"
    " ter ten y san santa"
    " abu"
)
_SUFFIXES = make_set("jr sr ii iii iv")
_OBJECTS = make_set(
    "the him her a an it them to for after down up me us my his their this that in on off out over"
    " back into"
)
_LONGEST = 5
_GLUES = frozenset({" ", "  ", "-", ". ", "'"})


def _can_follow(words: Words, index: int, previous: int) -> bool:  # noqa: PLR0911
    """Whether the token at `index` continues the name whose last token is at `previous`."""
    token, last = words.tokens[index], words.tokens[previous]
    if token.shape in {"num", "mix"} or (token.first and last.shape != "I"):
        return False
    glue = token.glue
    if glue not in _GLUES and not (last.shape == "I" and glue == "."):
        return False
    if glue == ". " and last.shape != "I" and last.low not in _SUFFIXES | {"st", "wm"}:
        return False
    if words.text[last.end : last.end + 1] == "'":
        return False
    trusted = token.trusted and not words.lower_case
    named = token.has(Knows.FIRST | Knows.LAST)
    if token.has(Knows.STREET) and not named:
        return False
    other = Knows.WORD | Knows.VETO | Knows.TITLE | Knows.ROLE | Knows.STATE
    if token.low in _SUFFIXES:
        return True
    if glue == "-":
        return token.shape == last.shape and (named or not token.has(other))
    if trusted:
        if token.shape == "I":
            return token.low != "i" and index + 1 < len(words.tokens) and _may_be(words, index + 1)
        if not token.is_capital:
            return False
        return (named and token.shape == "Cap") or (
            not token.has(other) and _same_case(token, last)
        )
    hard = named and not token.has(other | Knows.NAME_WORD)
    if hard or (token.shape == "I" and token.low not in {"i", "a"} and _may_be(words, index + 1)):
        return True
    weak = named and token.has(Knows.NAME_WORD) and last.has(Knows.FIRST)
    if weak:
        return not _object_follows(words, index)
    unknown = not token.has(other | Knows.NAME_WORD) and len(token.low) > 3
    return unknown and last.has(Knows.FIRST)


def _same_case(token: Token, last: Token) -> bool:
    return token.shape in {last.shape, "Cap"} or last.shape == "I"


def _may_be(words: Words, index: int) -> bool:
    if index >= len(words.tokens):
        return False
    token = words.tokens[index]
    if token.glue not in {" ", ". "}:
        return False
    if token.trusted and not words.lower_case and token.shape not in {"Cap", "ALL"}:
        return False
    if token.has(Knows.LAST):
        return True
    return not token.has(Knows.WORD | Knows.VETO | Knows.TITLE | Knows.ROLE)


def _object_follows(words: Words, index: int) -> bool:
    """ "mike chase him": then the second word is a verb, no surname."""
    after = words.tokens[index + 1 : index + 2]
    return bool(after) and after[0].low in _OBJECTS


def _after_particles(words: Words, index: int) -> int | None:
    """The token after "de la" and the like, if a name comes there."""
    place = index
    while place < len(words.tokens) and place - index < 3 and words.tokens[place].low in _PARTICLES:
        if words.tokens[place].glue not in {" ", "-"}:
            return None
        place += 1
    if place == index or place >= len(words.tokens):
        return None
    token = words.tokens[place]
    trusted = token.trusted and not words.lower_case
    if token.glue not in {" ", "-", ". ", "'"} or token.shape in {"num", "mix", "I"}:
        return None
    if trusted and not token.is_capital:
        return None
    known = token.has(Knows.LAST | Knows.FIRST)
    return place if known or (trusted and not token.has(Knows.WORD)) else None


def end_of_name(words: Words, index: int) -> int:
    """The number of the last token of the name that begins at `index`."""
    tokens = words.tokens
    last = index
    if tokens[index].low in _PARTICLES:
        last = _after_particles(words, index) or index
    while last + 1 < len(tokens) and last - index < _LONGEST:
        quoted = _skip_nickname(words, last)
        if quoted is not None:
            last = quoted
            continue
        beyond = _after_particles(words, last + 1)
        if beyond is not None and tokens[last].has(Knows.FIRST | Knows.LAST):
            last = beyond
        elif _can_follow(words, last + 1, last):
            last += 1
        else:
            break
    return _last_first(words, index, last)


def _skip_nickname(words: Words, last: int) -> int | None:
    """Robert "Bobby" Smith: the number of the surname."""
    tokens = words.tokens
    for size in (1, 2):
        after = last + size + 1
        if after >= len(tokens):
            return None
        opens = tokens[last + 1].glue in {' "', " '", " ("}
        closes = tokens[after].glue in {'" ', "' ", ") "}
        if (
            opens
            and closes
            and tokens[after].is_capital
            and not tokens[after].has(Knows.WORD | Knows.TITLE | Knows.VETO)
        ):
            return after
    return None


def _last_first(words: Words, index: int, last: int) -> int:  # noqa: PLR0911
    """ "Smith, John A": the number of the last token, if it is written that way round."""
    tokens = words.tokens
    if last - index > 1 or last + 1 >= len(tokens):
        return last
    if last > index and tokens[index].has(Knows.FIRST):
        return last
    surname, first = tokens[last], tokens[last + 1]
    if first.glue not in {", ", ","} or not first.has(Knows.FIRST) or first.has(Knows.WORD):
        return last
    if not surname.has(Knows.LAST) and surname.has(Knows.FIRST | Knows.WORD):
        return last
    if not first.is_capital and not words.lower_case:
        return last
    if not surname.has(Knows.LAST) and surname.shape != "ALL":
        return last
    end = last + 1
    after = tokens[end + 1] if end + 1 < len(tokens) else None
    beside = after is not None and after.glue == " "
    if beside and after is not None and (after.shape == "I" or _can_follow(words, end + 1, end)):
        end += 1
    return end


def begin_of_name(words: Words, index: int) -> int:
    """The number of the first token of the name in which `index` stands."""
    tokens = words.tokens
    first = index
    while first > 0 and index - first < 3:
        token, after = tokens[first - 1], tokens[first]
        if after.glue not in {" ", "-", ". "} or after.first:
            break
        if after.glue == ". " and token.shape != "I":
            break
        if token.shape == "I" and is_half(words, first - 1):
            break
        trusted = token.trusted and not words.lower_case
        known = token.has(Knows.FIRST | Knows.LAST)
        other = Knows.WORD | Knows.VETO | Knows.TITLE | Knows.ROLE | Knows.STATE | Knows.STREET
        if (
            token.shape == "I"
            and trusted
            and token.low != "i"
            and not (token.low == "a" and after.glue == " ")
        ):
            first -= 1
        elif trusted and token.shape == "Cap" and (known or not token.has(other)):
            if (
                token.has(Knows.WORD | Knows.NAME_WORD)
                and token.first
                and not token.has(Knows.FIRST)
            ):
                break
            first -= 1
        elif (not trusted and known and not token.has(other | Knows.NAME_WORD)) or (
            not trusted
            and token.has(Knows.FIRST)
            and not token.has(Knows.WORD)
            and tokens[index].has(Knows.LAST)
        ):
            first -= 1
        else:
            break
    return first
