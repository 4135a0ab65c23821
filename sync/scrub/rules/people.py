"""Names of people: by what stands before them, by lists, and by how they are written."""

from collections.abc import Iterator

from app.domain.report import Certainty, Kind
from sync.scrub.candidates import Candidate
from sync.scrub.lexicon import Knows
from sync.scrub.rules.doctrine import is_doctrine
from sync.scrub.rules.name_signs import (
    AND_WORDS,
    INTRODUCING,
    INTRODUCING_PHRASES,
    NEVER_AFTER_TITLE,
    PLURAL_TITLES,
    is_dotted_title,
    is_hard_name,
    is_likely_name,
    is_name_here,
    reads_as_verb,
)
from sync.scrub.rules.name_spans import begin_of_name, end_of_name
from sync.scrub.rules.surnames import judge_surname
from sync.scrub.tokens import Token, Words
from sync.scrub.word_sets import make_set

_MOST_TITLES = 6
_SHORT = Knows.SHORT_TITLE
# s/o, r/p, c/o, p/o, s/a, i/m, d/o: security officer, reporting party, inmate and others.
_SLASHED = frozenset({"so", "rp", "co", "po", "sa", "im", "do"})
# Titles that are other words as often ("off meds"): only a capital letter speaks for a name.
_DOUBTFUL_TITLES = make_set("off dispatch co medic doc csi sa po fto sro cso don miss sr col maj")
_INITIALS_AFTER = frozenset({"by", "per", "initials", "initialed", "initialled"})


def find_people(words: Words) -> Iterator[Candidate]:
    """All names of people that the rules can see."""
    for index, token in enumerate(words.tokens):
        if token.glue == "/" and index and words.tokens[index - 1].low + token.low in _SLASHED:
            short = token._replace(flags=Knows.TITLE | _SHORT, low="c/o")
            yield from _after_title(words, index, short)
        elif token.shape == "I" and is_dotted_title(words, index):
            short = token._replace(flags=Knows.TITLE | _SHORT, low="r.n.")
            yield from _after_title(words, index, short)
        elif token.has(Knows.TITLE):
            yield from _after_title(words, index, token)
        if token.has(Knows.ROLE):
            yield from _after_role(words, index)
        if not token.trusted:
            yield from _after_dog(words, index)
        if token.low in INTRODUCING:
            yield from _after_introduction(words, index)
        if token.low in _INITIALS_AFTER:
            yield from _initials(words, index)
        yield from _by_itself(words, index)


def _name(words: Words, first: int, last: int, certainty: Certainty, reason: str) -> Candidate:
    start, end = words.tokens[first].start, words.tokens[last].end
    return Candidate(start, end, Kind.NAME, certainty, reason, context=True)


def _after_title(words: Words, index: int, title: Token) -> Iterator[Candidate]:
    """ "Ofc. Smith", "Officers Smith and Jones", "sgt banks"."""
    tokens = words.tokens
    place = index + 1
    furthest = min(len(tokens), index + _MOST_TITLES)
    while place < furthest and tokens[place].has(Knows.TITLE) and _joins_title(tokens[place]):
        if is_hard_name(tokens[place]) and not tokens[place].has(Knows.SHORT_TITLE):
            break
        place += 1
    reason = f"after the word '{tokens[place - 1].low}'"
    for count in range(8):
        if place >= len(tokens):
            return
        glue_ok = _joins_title(tokens[place]) if not count else tokens[place].glue in {" ", ", "}
        if not glue_ok or not _is_titled_name(words, place, title, count > 0):
            return
        split = tokens[place].low == "o" and _is_split_name(words, place)
        last = end_of_name(words, place + 1 if split else place)
        yield _name(words, place, last, _judge_titled(words, place, title), reason)
        place = last + 1
        if place >= len(tokens):
            return
        comma = "," in tokens[place].glue and title.low in PLURAL_TITLES
        joined = any(sign in tokens[place].glue for sign in "&/")
        if tokens[place].low in AND_WORDS and place + 1 < len(tokens):
            place += 1
        elif not comma and not joined:
            return
        if tokens[place].has(Knows.TITLE):
            return


def _judge_titled(words: Words, place: int, title: Token) -> Certainty:
    """How sure it is that the word after a title is a name and not just the next word."""
    token = words.tokens[place]
    named = token.has(Knows.FIRST | Knows.LAST)
    other = token.has(Knows.WORD | Knows.VETO | Knows.ROLE | Knows.STATE)
    capital = token.is_capital and token.trusted and not words.lower_case
    ended = token.glue.startswith(".") and not title.has(_SHORT)
    if title.low in _DOUBTFUL_TITLES or ended:
        sure = capital and not other
    else:
        rare = title.has(_SHORT) and not token.flags and len(token.low) > 4
        sure = capital or named or rare or token.low in {"o", "st"}
    return Certainty.SURE if sure else Certainty.LIKELY


def _initials(words: Words, index: int) -> Iterator[Candidate]:
    """ "note by AJM": letters that nobody knows, after a word for who wrote it."""
    after = words.tokens[index + 1 : index + 2]
    if not after or after[0].flags or after[0].glue not in {" ", ": "}:
        return
    end = after[0].end
    letters = after[0].shape == "ALL" and 2 <= len(after[0].low) <= 3
    if letters and words.text[end : end + 1] in {"", ":", ".", ",", ";", ")", "\n"}:
        reason = f"letters after the word '{words.tokens[index].low}'"
        yield _name(words, index + 1, index + 1, Certainty.LIKELY, reason)


def _joins_title(token: Token) -> bool:
    return token.glue in {" ", ". ", "  ", ".", ": ", " (", ".  "} or token.glue == "\n"


def _is_titled_name(words: Words, place: int, title: Token, later: bool) -> bool:  # noqa: PLR0911
    """Whether the word after a title is a name rather than the next word of the sentence."""
    token = words.tokens[place]
    if token.shape in {"num", "mix"} or token.low in NEVER_AFTER_TITLE:
        return False
    if token.glue == "\n" and not token.is_capital:
        return False
    if token.low == "o":
        return _is_split_name(words, place)
    if token.low in {"de", "del", "la", "van", "von", "di", "da", "st"}:
        return end_of_name(words, place) > place
    trusted = token.trusted and not words.lower_case
    named = token.has(Knows.FIRST | Knows.LAST)
    ordinary = token.has(Knows.WORD | Knows.VETO | Knows.TITLE | Knows.ROLE | Knows.STATE)
    plural = title.low in PLURAL_TITLES and not later
    if title.low == "off" and trusted and not token.is_capital:
        return False
    if (
        trusted
        and token.is_capital
        and not (token.first and ":" not in token.glue and "." not in token.glue)
    ):
        if title.shape == "low" and token.has(Knows.VETO) and not named:
            return False
        return named or not ordinary or token.has(Knows.NAME_WORD)
    if trusted and title.has(Knows.SHORT_TITLE) is False and not (named and is_hard_name(token)):
        return False
    if is_hard_name(token):
        return True
    if title.has(Knows.SHORT_TITLE) and not plural:
        known = named or token.has(Knows.NAME_WORD)
        return (known and not reads_as_verb(token)) or (not ordinary and len(token.low) > 3)
    if token.has(Knows.NAME_WORD) and named and not plural:
        return _verb_follows(words, place) and not reads_as_verb(token)
    return not ordinary and len(token.low) > 3 and not plural and not later


def _is_split_name(words: Words, place: int) -> bool:
    """ "o neil": an Irish surname without its apostrophe."""
    after = words.tokens[place + 1 : place + 2]
    return (
        bool(after)
        and after[0].glue in {" ", "'"}
        and after[0].shape not in {"num", "mix", "I"}
        and not after[0].has(Knows.WORD | Knows.VETO | Knows.TITLE | Knows.ROLE)
    )


def _verb_follows(words: Words, place: int) -> bool:
    if place + 1 >= len(words.tokens):
        return True
    after = words.tokens[place + 1]
    return reads_as_verb(after) or after.low in {"and", "was", "is", "had", "has", "then", "who"}


def _after_role(words: Words, index: int) -> Iterator[Candidate]:
    """ "suspect Ramirez", "my partner, Chris,", "Driver: J. Doe"."""
    tokens = words.tokens
    if index + 1 >= len(tokens):
        return
    token = tokens[index + 1]
    if token.glue == ' "':
        yield from _nickname(words, index + 1)
    if token.glue not in {" ", ", ", ": ", " (", "  ", "- ", " - ", "/", " / ", "'s "}:
        return
    trusted = token.trusted and not words.lower_case
    ordinary = token.has(
        Knows.WORD | Knows.VETO | Knows.TITLE | Knows.ROLE | Knows.STATE | Knows.STREET
    )
    if trusted:
        fits = token.shape in {"Cap", "I"} and not (ordinary and not is_hard_name(token))
        if token.shape == "I":
            fits = is_name_here(words, index + 1)
        known = token.has(Knows.FIRST | Knows.LAST)
        if "," in token.glue and not known:
            fits = False
        if token.has(Knows.NAME_WORD) and known and token.shape == "Cap" and "," not in token.glue:
            fits = True
    else:
        fits = is_hard_name(token)
    if fits:
        last = end_of_name(words, index + 1)
        yield _name(words, index + 1, last, Certainty.SURE, f"after the word '{tokens[index].low}'")


def _after_dog(words: Words, index: int) -> Iterator[Candidate]:
    """ "K9 REX", "K-9 REX" in a line of capitals."""
    tokens = words.tokens
    split = index and tokens[index].low == "9" and tokens[index - 1].low == "k"
    if not (tokens[index].low == "k9" or (split and tokens[index].glue == "-")):
        return
    after = tokens[index + 1 : index + 2]
    if not after or after[0].glue != " " or after[0].shape != "ALL":
        return
    other = Knows.WORD | Knows.VETO | Knows.TITLE | Knows.ROLE | Knows.STATE
    named = after[0].has(Knows.FIRST | Knows.LAST) or not after[0].flags
    if named and not after[0].has(other):
        yield _name(words, index + 1, index + 1, Certainty.LIKELY, "after the word 'k9'")


def _after_introduction(words: Words, index: int) -> Iterator[Candidate]:
    """ "named X", "name is X", "identified as X", "aka "Lil Rob"", "goes by X"."""
    tokens = words.tokens
    place = index + 1
    rest = [each.low for each in tokens[place : place + 3]]
    for phrase in INTRODUCING_PHRASES[tokens[index].low]:
        if tuple(rest[: len(phrase)]) != phrase:
            continue
        at = place + len(phrase)
        if at >= len(tokens) or "\n" in tokens[at].glue or tokens[at].glue.startswith(". "):
            return
        token = tokens[at]
        reason = f"after the word '{tokens[at - 1].low}'"
        if token.glue.endswith('"') or token.glue.endswith(" '"):
            last = _end_of_quote(words, at)
            if last is not None:
                yield _name(words, at, last, Certainty.LIKELY, reason)
                return
        trusted = token.trusted and not words.lower_case
        ordinary = token.has(Knows.WORD | Knows.VETO | Knows.TITLE | Knows.STATE)
        good = (
            (token.shape == "Cap" and (not ordinary or token.has(Knows.NAME_WORD)))
            if trusted
            else not ordinary
            or (token.has(Knows.FIRST | Knows.LAST) and token.has(Knows.NAME_WORD))
        )
        if good and token.shape not in {"num", "mix"} and not token.has(Knows.TITLE):
            sure = is_hard_name(token) or (trusted and not ordinary)
            certainty = Certainty.SURE if sure else Certainty.LIKELY
            yield _name(words, at, end_of_name(words, at), certainty, reason)
        return


def _nickname(words: Words, index: int) -> Iterator[Candidate]:
    """inmate "Tiny" Broussard: the nickname, and the surname if one follows."""
    last = _end_of_quote(words, index)
    if last is None or not words.tokens[index].is_capital:
        return
    after = words.tokens[last + 1 : last + 2]
    if after and after[0].glue == '" ' and after[0].shape == "Cap" and not after[0].has(Knows.WORD):
        last = end_of_name(words, last + 1)
    yield _name(words, index, last, Certainty.LIKELY, "a nickname in quotes")


def _end_of_quote(words: Words, first: int) -> int | None:
    for last in range(first, min(first + 3, len(words.tokens))):
        end = words.tokens[last].end
        if (
            words.text[end : end + 2].strip(" .,")[:1] in {'"', "'"}
            and words.text[end : end + 2].strip()
        ):
            return last
    return None


def _by_itself(words: Words, index: int) -> Iterator[Candidate]:
    """A name known from the lists, or an unknown capitalised word that acts like a person."""
    token = words.tokens[index]
    if token.shape in {"num", "mix"} or is_doctrine(words, index):
        return
    if token.shape == "I":
        if is_name_here(words, index):
            last = end_of_name(words, index)
            if last > index:
                yield _name(words, index, last, Certainty.SURE, "an initial and a surname")
        return
    if (
        index
        and end_of_name(words, index - 1) >= index
        and is_likely_name(words, index - 1) is not None
    ):
        return
    found = is_likely_name(words, index)
    if found is None or found[0] is Certainty.POSSIBLE:
        found = judge_surname(words, index) or found
    if found is None:
        return
    certainty, reason = found
    first, last = begin_of_name(words, index), end_of_name(words, index)
    if last > first and certainty is not Certainty.POSSIBLE:
        sure = _is_full_name(words, first, last)
        certainty = Certainty.SURE if sure else Certainty.LIKELY
        reason = "looks like a full name"
    candidate = _name(words, first, last, certainty, reason)
    yield Candidate(
        candidate.start, candidate.end, Kind.NAME, certainty, reason, context=last > first
    )


def _is_full_name(words: Words, first: int, last: int) -> bool:
    """Whether the lists know every word of it as a name, and one as nothing else."""
    tokens = [each for each in words.tokens[first : last + 1] if len(each.low) > 2]
    other = Knows.VETO | Knows.TITLE | Knows.ROLE | Knows.STATE | Knows.STREET
    if not all(each.has(Knows.FIRST | Knows.LAST) and not each.has(other) for each in tokens):
        return False
    given = any(each.has(Knows.FIRST) for each in tokens)
    distinct = len({each.low for each in tokens}) == len(tokens)
    return given and distinct and any(is_hard_name(each) for each in tokens)
