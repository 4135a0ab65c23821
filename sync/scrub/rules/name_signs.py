"""What makes a word look like a name: its lists, its capital, the words around it."""

from app.domain.report import Certainty
from sync.scrub.lexicon import Knows
from sync.scrub.tokens import Token, Words
from sync.scrub.word_sets import make_set

PLURAL_TITLES = make_set(
    "officers deputies troopers sergeants detectives agents ofcs deps sgts dets patrolmen"
)
# R.N., D.A., C.O.: letters with dots that are a title.
_DOTTED_TITLES = frozenset({"rn", "da", "co"})
AND_WORDS = frozenset({"and", "&", "or", "y"})
NEVER_AFTER_TITLE = make_set(
    "i we he she they it the a an and or of in on at to is was were had has did"
    " who that this my our"
    " his her their said then when while with without for from by as if but not no one two down"
    " safety involved friendly survival wellness arrived advised stated told asked ran saw fired"
    " drew grabbed gave got came went took made found heard made used pulled pushed hit shot struck"
    " approached responded attempted observed noticed began started continued returned entered"
    " exited deployed ordered yelled shouted called radioed requested conducted initiated contacted"
    " located secured placed held felt fell jumped chased tackled stood pd k9 k-9 one's on-scene"
    " mid can could would should may might must will still also just only both all each any every"
    " so gonna comma period general elect of-the department office unit units station academy"
    " training standards memorial"
)
INTRODUCING_PHRASES: dict[str, tuple[tuple[str, ...], ...]] = {
    "named": ((),),
    "name": (("is",), ("was",), ("of",), ("as",), ()),
    "identified": (
        ("as",),
        ("by", "dl", "as"),
        ("him", "as"),
        ("her", "as"),
        ("himself", "as"),
        ("herself", "as"),
    ),
    "introduced": (("himself", "as"), ("herself", "as")),
    "aka": ((),),
    "a": (("k", "a"),),
    "known": (("as",), ("to", "us", "as")),
    "nicknamed": ((),),
    "nickname": (("is",), ("of",), ("was",), ()),
    "moniker": (("of",), ("is",), ()),
    "alias": ((),),
    "goes": (("by",),),
    "went": (("by",),),
    "called": (("himself",), ("herself",)),
    "calls": (("himself",), ("herself",), ("him",), ("her",)),
    "call": (("him",), ("her",)),
    "signed": ((),),
    "submitted": (("by",),),
    "prepared": (("by",),),
    "written": (("by",),),
    "approved": (("by",),),
    "reviewed": (("by",),),
    "registered": (("to",),),
    "returned": (("to",),),
    "comes": (("back", "to"),),
    "came": (("back", "to"),),
    "names": ((),),
    "street": (("name",), ("name", "of"), ("name", "is")),
}
INTRODUCING = frozenset(INTRODUCING_PHRASES)
# People do these; a capitalised unknown word before one of them is a person.
_PERSON_VERBS = make_set(
    "said says stated states told tells asked asks replied yelled yells shouted screamed grabbed"
    " grabs ran runs walked drew draws fired fires pulled pulls pushed reached reaches advised"
    " advises announced answered called calls radioed noticed saw sees heard hears looked looks"
    " turned turns jumped fell tripped slipped stepped stood tackled chased kicked punched swung"
    " struck lunged fled refused complied admitted denied explained responded arrived arrives"
    " transported searched handcuffed cuffed holstered unholstered deployed ordered warned"
    " believed thought felt knew wanted tried attempted began started continued managed decided"
    " realized remembered forgot missed spotted approached backed covered followed drove opened"
    " closed took takes got gets gave gives held holds kept keeps let lets put puts went goes came"
    " comes left was is had has did does would could wasn't didn't isn't hadn't couldn't and who"
    " then also never just immediately quickly suddenly later"
)
_ANY_VERBS = make_set(
    "was is had has did does would could wasn't didn't isn't hadn't couldn't and"
    " who then also never"
    " just immediately quickly suddenly later left began started continued came"
    " comes went goes fell"
    " turned turns held holds took takes opened closed stood missed slipped followed covered hit"
    " backed kept keeps put puts called calls felt looked looks"
) - {"took"}
_ARTICLES = make_set("a an the this that these my our his her their each every any no")
_SMALL_WORDS = make_set(
    "and or but to in on at with for from of by as who that when while because if so before after"
    " into out off over up down then is was were had has have did does would could will can about"
    " again too not he she they it i we my his her their our the a an also just than until since"
    " around through near behind beside inside outside under without against along"
)
_PERSON_BEFORE = make_set(
    "told asked with by and both helped assisted relieved warned tackled cuffed handcuffed shot"
    " grabbed pushed pulled called yelled at behind beside between because let saw heard met"
    " interviewed contacted arrested detained followed chased hit struck thanked credited"
    " transported advised notified ordered"
)


def is_hard_name(token: Token) -> bool:
    """Whether the lists know it as a name and as nothing else."""
    other = Knows.WORD | Knows.NAME_WORD | Knows.VETO | Knows.TITLE | Knows.STATE
    return token.has(Knows.FIRST | Knows.LAST) and not token.has(other) and len(token.low) > 2


def reads_as_verb(token: Token) -> bool:
    """Whether it can be what somebody did."""
    return token.low in _PERSON_VERBS - {"and"} or (token.low.endswith("ed") and len(token.low) > 4)


def acts_alone(token: Token) -> bool:
    """Whether only a person does this: "said", "drew", "ran"."""
    return token.low in _PERSON_VERBS - _ANY_VERBS


def is_dotted_title(words: Words, index: int) -> bool:
    """Whether the second letter of "R.N." and the like stands at `index`."""
    token = words.tokens[index]
    if not index or token.shape != "I" or token.glue != ".":
        return False
    before = words.tokens[index - 1]
    return before.shape == "I" and before.low + token.low in _DOTTED_TITLES


def is_half(words: Words, index: int) -> bool:
    """Whether the letter at `index` ends "C/O" or "R.N." and is nobody's initial."""
    split = words.tokens[index].glue == "/" and index > 0
    return (split and len(words.tokens[index - 1].low) == 1) or is_dotted_title(words, index)


def is_name_here(words: Words, index: int) -> bool:  # noqa: PLR0911
    """Whether the single capital at `index` is an initial: "J. Smith", "J.R. Ortega"."""
    tokens = words.tokens
    if index + 1 >= len(tokens) or tokens[index + 1].first:
        return False
    token, after = tokens[index], tokens[index + 1]
    asks = token.first and token.low in {"q", "a"} and (not index or "\n" in token.glue)
    if asks or is_half(words, index) or is_dotted_title(words, index + 1):
        return False
    if after.shape == "I" and after.glue in {".", ". "} and index + 2 < len(tokens):
        return tokens[index + 2].glue in {". ", " "} and _is_surname(words, index + 2)
    if after.glue == " " and (token.low in {"a", "i"} or not token.trusted):
        return False
    if after.glue not in {". ", " ", "."}:
        return False
    if index and tokens[index - 1].glue and tokens[index].glue in {"-", "'", "."}:
        return False
    return _is_surname(words, index + 1)


def _is_surname(words: Words, index: int) -> bool:
    token = words.tokens[index]
    if not token.is_capital or token.shape == "I":
        return False
    if token.has(Knows.LAST):
        return True
    other = Knows.WORD | Knows.VETO | Knows.TITLE | Knows.ROLE | Knows.STREET | Knows.STATE
    return token.shape == "Cap" and not token.has(other)


def is_likely_name(words: Words, index: int) -> tuple[Certainty, str] | None:  # noqa: PLR0911
    """How sure it is that the word is a name by itself, and why; None if it is none."""
    token = words.tokens[index]
    if token.shape in {"num", "mix", "I"} or (
        token.has(Knows.TITLE) and not token.has(Knows.FIRST)
    ):
        return None
    if token.has(Knows.VETO):
        return _weak_pair(words, index)
    hard = is_hard_name(token)
    if not token.trusted or words.lower_case:
        if hard and len(token.low) > 3:
            return Certainty.LIKELY, "is a name in the lists"
        return _weak_pair(words, index)
    if token.shape == "low":
        long_enough = len(token.low) > 4
        if hard and long_enough:
            return Certainty.LIKELY, "is a name in the lists"
        return None
    if hard and (token.shape == "Cap" or len(token.low) > 3):
        return Certainty.LIKELY, "is a name in the lists"
    if token.shape == "ALL":
        return None
    pair = _weak_pair(words, index)
    if pair is not None:
        return pair
    return _by_company(words, index)


def _weak_pair(words: Words, index: int) -> tuple[Certainty, str] | None:  # noqa: PLR0911
    """ "Chase Banks", "will young": two that are names and words side by side."""
    tokens = words.tokens
    token = tokens[index]
    if not token.has(Knows.FIRST) or index + 1 >= len(tokens):
        return None
    after = tokens[index + 1]
    if after.glue != " ":
        return None
    trusted = token.trusted and not words.lower_case
    if is_hard_name(after) and after.has(Knows.LAST):
        if trusted and not (token.is_capital and after.is_capital):
            return None
        if not trusted and token.has(Knows.WORD) and after.has(Knows.FIRST):
            return None
        return Certainty.LIKELY, "a first name and a surname"
    capitals = trusted and token.shape == "Cap" and after.shape == "Cap"
    if capitals and after.has(Knows.LAST) and not after.has(Knows.VETO | Knows.STREET):
        return Certainty.LIKELY, "a first name and a surname"
    return None


def _by_company(words: Words, index: int) -> tuple[Certainty, str] | None:  # noqa: PLR0911
    """A capitalised word that is no plain word, judged by its neighbours."""
    tokens = words.tokens
    token = tokens[index]
    other = Knows.VETO | Knows.STATE | Knows.STREET | Knows.TITLE | Knows.ROLE
    named = token.has(Knows.FIRST | Knows.LAST)
    plain = token.has(Knows.WORD) and not (named and token.has(Knows.NAME_WORD))
    if plain or (token.has(other) and not token.has(Knows.FIRST)):
        return None
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    before = tokens[index - 1] if index else None
    if token.has(Knows.STATE) and not (after and after.low in _PERSON_VERBS - _ANY_VERBS):
        return None
    near_after = after is not None and after.is_near
    near_before = before is not None and token.is_near and not token.first
    acts = near_after and after is not None and after.low in _PERSON_VERBS and after.shape == "low"
    receives = near_before and before is not None and before.low in _PERSON_BEFORE
    owns = words.text[token.end : token.end + 2] in {"'s", "'S"}
    word_like = token.has(Knows.WORD) or (token.has(Knows.NAME_WORD) and not named)
    if not named and (len(token.low) < 3 or token.low in words.small):
        return None
    if not token.flags and _is_quoted(words, index):
        return Certainty.LIKELY, "an unknown word in quotes"
    if token.first:
        if word_like:
            if not (acts and named and after is not None):
                return None
            sure = acts_alone(after)
            if not sure and token.has(Knows.WORD) and not token.has(Knows.LAST):
                return None
            certainty = Certainty.LIKELY if sure else Certainty.POSSIBLE
            return certainty, "is a name or a word"
        if acts or (owns and named):
            return Certainty.LIKELY, "looks like a name in this sentence"
        return (Certainty.POSSIBLE, "is a name in the lists") if named else None
    does = acts and (named or (after is not None and after.low != "and"))
    if (does or receives or owns) and (named or not token.has(Knows.NAME_WORD)):
        return Certainty.LIKELY, "looks like a name in this sentence"
    if named and not token.has(Knows.WORD):
        return Certainty.LIKELY, "a capitalised name inside the sentence"
    if token.flags or len(token.low) < 4 or is_thing(words, index):
        return Certainty.POSSIBLE, "is unknown and has a capital letter"
    return Certainty.LIKELY, "is unknown and has a capital letter inside the sentence"


def _is_quoted(words: Words, index: int) -> bool:
    token = words.tokens[index]
    return token.glue.endswith('"') and words.text[token.end : token.end + 1] == '"'


def is_thing(words: Words, index: int) -> bool:
    """ "a Kestrel", "the Pulsar scope": an article before or a plain noun after."""
    tokens = words.tokens
    before = tokens[index - 1].low if index else ""
    if before in _ARTICLES or tokens[index].glue not in {" ", '"', ' "', " (", ", "}:
        return True
    if tokens[index - 1].is_capital and index and tokens[index].glue == "-":
        return True
    return describes(words, index)


def describes(words: Words, index: int) -> bool:
    """Whether a number or a plain noun follows: "Brown smoke"."""
    tokens = words.tokens
    if index + 1 == len(tokens) or tokens[index + 1].glue != " ":
        return False
    after = tokens[index + 1]
    if after.shape in {"num", "mix"}:
        return True
    noun = after.has(Knows.WORD) and after.shape == "low" and after.low not in _SMALL_WORDS
    return noun and not reads_as_verb(after)
