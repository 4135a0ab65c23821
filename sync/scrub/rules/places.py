"""Towns, businesses, schools, parks and other named places."""

from collections.abc import Iterator, Sequence

from app.domain.report import Certainty, Kind
from sync.scrub.candidates import Candidate
from sync.scrub.lexicon import Knows, Lexicon
from sync.scrub.rules.patterns import find_patterns, make_pattern
from sync.scrub.tokens import Token, Words
from sync.scrub.word_sets import make_set

_IN = make_set(
    "in near toward towards outside from of around downtown within inside to at by through past"
)
_SURE_IN = make_set("in outside downtown near toward towards around within")
_LONGEST_NAME = 4
_ARTICLES = make_set("the a an")
_SAINT = "is written like the name of a place"
_TREES = make_set(
    "elm oak maple pine cedar birch walnut chestnut willow sycamore spruce magnolia poplar ash"
    " hickory cherry chestnut cypress juniper laurel linden locust mulberry palm peach pecan"
    " redwood sequoia alder aspen beech cottonwood dogwood hawthorn hemlock holly mesquite olive"
    " orange plum"
)
_PLATE_WORDS = make_set(
    "plate plates tag tags reg registration lp lic license licence temp dl title"
)
# Codes of states that are words too ("CO Renner, ID 60213") → how their zip codes begin.
_ZIPS = {
    "co": ("80", "81"),
    "hi": ("967", "968"),
    "id": ("83",),
    "in": ("46", "47"),
    "me": ("039", "04"),
    "ok": ("73", "74"),
    "or": ("97",),
}
_SMALL = make_set("de la del las los san santa st saint el & mt mount")

PLACES = (
    make_pattern(
        r"\b(?:[Cc]ity|[Tt]own|[Vv]illage|[Tt]ownship|[Cc]ounty|[Bb]orough|CITY"
        r"|TOWN|COUNTY) (?:of|OF)"
        r" (?P<v>[A-Z][\w'.]{1,20}(?: [A-Z][\w']{1,20}){0,2})",
        Kind.PLACE,
        "after the words 'city of'",
        Certainty.SURE,
        cased=True,
    ),
    make_pattern(
        r"\b(?P<v>(?:Lake|Mount|Mt\.?|Fort|Ft\.?|Camp|Point|Port|Cape|Rio|Loma"
        r"|Villa|San|Santa|St\.|Saint|Los|Las|El|La)"
        r" [A-Z][a-z']{2,20}(?: [A-Z][a-z']{2,20})?)\b(?!'s)",
        Kind.PLACE,
        "is written like the name of a place",
        Certainty.LIKELY,
        cased=True,
    ),
    make_pattern(
        r"\b(?:[NSEWnsew]/?[Bb]) (?:on )?(?P<v>[A-Z][a-z]{2,15})"
        r"(?= (?:fr|from|at|toward|twd|past|to|approaching|near)\b)",
        Kind.PLACE,
        "after a direction of travel",
        cased=True,
    ),
)


def find_places(words: Words, lexicon: Lexicon) -> Iterator[Candidate]:
    """Named places, by lists, by the noun they end in, and by the word before them."""
    yield from find_patterns(words, PLACES)
    yield from _find_listed(words, lexicon)
    yield from _find_by_noun(words, lexicon)
    yield from _find_by_state(words, lexicon)
    yield from _find_after_in(words)
    yield from _find_saints(words, lexicon)
    yield from _find_tree_streets(words)


def _reason(words: Words, first: int) -> str:
    return f"after the word '{words.tokens[first].low}'"


def _find_listed(words: Words, lexicon: Lexicon) -> Iterator[Candidate]:
    for phrases, what in ((lexicon.cities, "a town"), (lexicon.businesses, "a known business")):
        for first, last, star in words.find_phrases(phrases):
            token = words.tokens[first]
            capital = token.is_capital and token.trusted
            before = words.tokens[first - 1].low if first and token.is_near else ""
            if (
                star
                and not (capital and not token.first)
                and not (what == "a town" and before in _SURE_IN)
            ):
                continue
            out_of = before == "of" and first > 1 and words.tokens[first - 2].low in {"out", "city"}
            if star and what == "a town" and before not in _SURE_IN | {"to", "from"} and not out_of:
                continue
            likely = Certainty.LIKELY
            yield Candidate(
                token.start, words.tokens[last].end, Kind.PLACE, likely, f"is {what}", context=True
            )


def _can_name(token: Token, words: Words) -> bool:
    """Whether it can stand in the name of a place, before the noun."""
    if token.shape in {"num", "mix"} or (len(token.low) < 2 and not token.trusted):
        return False
    if words.lower_case and len(token.low) < 3:
        return False
    if token.trusted and not words.lower_case:
        return token.is_capital
    return not token.has(Knows.WORD | Knows.TITLE | Knows.VETO | Knows.ROLE)


def _is_generic(token: Token) -> bool:
    """Words that say nothing of which one: "North High School", "The Park"."""
    ordinary = token.has(Knows.WORD | Knows.TITLE | Knows.VETO)
    return ordinary and not token.has(Knows.NAME_WORD | Knows.FIRST | Knows.LAST)


def _find_by_noun(words: Words, lexicon: Lexicon) -> Iterator[Candidate]:
    tokens = words.tokens
    for first, last, _ in words.find_phrases(lexicon.place_nouns):
        noun = tokens[first]
        trusted = noun.trusted and not words.lower_case
        if first == 0 or (trusted and not noun.is_capital):
            continue
        start = first
        while start > 0 and first - start < _LONGEST_NAME:
            token = tokens[start - 1]
            glue = tokens[start].glue
            if glue not in {" ", "  ", "-", ". "} or tokens[start].first:
                break
            small = token.low in _SMALL and start - 1 > 0 and trusted and start != first
            if not (_can_name(token, words) or small):
                break
            start -= 1
        while start < first and (
            tokens[start].low
            in _SMALL - {"san", "santa", "st", "el", "la", "los", "las", "mt", "mount", "saint"}
            or (tokens[start].first and _is_generic(tokens[start]))
            or tokens[start].has(Knows.SHORT_TITLE)
        ):
            start += 1
        names = tokens[start:first]
        if not names or (
            all(_is_generic(each) for each in names) and not _is_mid_capital(names, trusted)
        ):
            continue
        end = last
        if (
            noun.low in {"elementary", "academy"}
            and last + 1 < len(tokens)
            and tokens[last + 1].low == "school"
        ):
            end = last + 1
        yield Candidate(
            tokens[start].start,
            tokens[end].end,
            Kind.PLACE,
            Certainty.LIKELY,
            f"a name and the word '{noun.low}'",
            context=True,
        )


_PLAIN_HEADS = make_set(
    "police patrol fire emergency public general state county city district national federal local"
    " north south east west main upper lower community field mobile command training recreation"
    " crime medical center juvenile adult traffic special officer the this our your any each"
    " mental child body motor parking central"
)


def _is_mid_capital(names: Sequence[Token], trusted: bool) -> bool:
    return trusted and any(
        token.is_capital
        and not token.first
        and token.low not in _PLAIN_HEADS
        and not token.has(Knows.VETO | Knows.TITLE)
        for token in names
    )


def _find_by_state(words: Words, lexicon: Lexicon) -> Iterator[Candidate]:
    """ "Tiller, OR" and "Tiller, Oregon": the town and its state."""
    tokens = words.tokens
    for index in range(1, len(tokens)):
        token = tokens[index]
        code = token.shape == "ALL" and token.low in lexicon.state_codes
        if not (code or token.has(Knows.STATE)) or token.glue not in {", ", ","}:
            continue
        if not (token.is_capital or words.lower_case) or (code and _plate_follows(words, index)):
            continue
        start = index
        while start > 0 and index - start < 3 and _can_name(tokens[start - 1], words):
            if tokens[start - 1].has(Knows.VETO | Knows.TITLE):
                break
            if start < index and tokens[start].glue != " ":
                break
            if (
                tokens[start - 1].has(Knows.WORD)
                and not tokens[start - 1].has(Knows.NAME_WORD)
                and start < index
            ):
                break
            start -= 1
        titled = code and token.low in _ZIPS and start > 0 and tokens[start - 1].has(Knows.TITLE)
        if titled and tokens[start].glue in {" ", ". "}:
            continue
        if start < index and not all(_is_generic(each) for each in tokens[start:index]):
            yield Candidate(
                tokens[start].start,
                token.end,
                Kind.PLACE,
                Certainty.SURE,
                "a town and its state",
                context=True,
            )


def _plate_follows(words: Words, index: int) -> bool:
    """ "Kia Soul, MN 4KD-903", "Skiff, FL reg": then the state is that of the plate."""
    after = words.tokens[index + 1 : index + 2]
    if not after or after[0].glue not in {" ", "/", ": "}:
        return False
    token = after[0]
    zip_code = token.shape == "num" and len(token.low) == 5
    zip_code = zip_code and token.low.startswith(_ZIPS.get(words.tokens[index].low, ("",)))
    number = token.shape in {"num", "mix"} or (token.shape == "ALL" and token.trusted)
    return token.low in _PLATE_WORDS or (number and not zip_code)


def _find_saints(words: Words, lexicon: Lexicon) -> Iterator[Candidate]:
    """ "to St Lukes", "FROM ST MARYS": a hospital, a school or a town."""
    for before, saint, name in zip(words.tokens, words.tokens[1:], words.tokens[2:], strict=False):
        if saint.low not in {"st", "saint"} or before.low not in _IN | _ARTICLES:
            continue
        if saint.glue != " " or name.glue not in {" ", ". "} or not saint.is_capital:
            continue
        if name.shape not in {"Cap", "ALL"} or words.lower_case:
            continue
        bare = lexicon.look_up(name.low.removesuffix("s")) & (Knows.FIRST | Knows.LAST)
        if name.has(Knows.FIRST) or (bare and not name.has(Knows.WORD | Knows.VETO)):
            yield Candidate(
                saint.start, name.end, Kind.PLACE, Certainty.LIKELY, _SAINT, context=True
            )


def _find_tree_streets(words: Words) -> Iterator[Candidate]:
    """ "fled on Elm": a street that is called by its tree alone."""
    for before, tree in zip(words.tokens, words.tokens[1:], strict=False):
        if before.low not in {"on", "onto", "down"} or tree.low not in _TREES:
            continue
        if tree.shape == "Cap" and tree.trusted and tree.glue == " " and not words.lower_case:
            # An unknown word with a capital is masked in any case; then as a place.
            known = tree.flags or len(tree.low) < 4
            certainty = Certainty.POSSIBLE if known else Certainty.LIKELY
            reason = f"after the word '{before.low}'"
            yield Candidate(tree.start, tree.end, Kind.PLACE, certainty, reason, context=True)


def _find_after_in(words: Words) -> Iterator[Candidate]:
    """An unknown capitalised word after "in", "near" and the like."""
    tokens = words.tokens
    known = Knows.WORD | Knows.VETO | Knows.TITLE | Knows.STATE | Knows.ROLE | Knows.STREET
    for index in range(1, len(tokens)):
        token, before = tokens[index], tokens[index - 1]
        if before.low not in _SURE_IN or not token.is_near:
            continue
        if token.shape != "Cap" or not token.trusted or words.lower_case or token.has(known):
            continue
        last = index
        while (
            last + 1 < len(tokens)
            and last - index < 2
            and tokens[last + 1].glue == " "
            and tokens[last + 1].shape == "Cap"
            and not tokens[last + 1].has(known & ~Knows.WORD)
        ):
            last += 1
        name = token.has(Knows.FIRST | Knows.LAST) and before.low != "in"
        yield Candidate(
            token.start,
            tokens[last].end,
            Kind.NAME if name else Kind.PLACE,
            Certainty.LIKELY,
            _reason(words, index - 1),
            context=True,
        )
