"""Agencies by name ("Tiller Police Department"), by letters (TPD), and the national ones."""

from collections.abc import Iterator

from app.domain.report import Certainty, Kind
from sync.scrub.candidates import Candidate
from sync.scrub.lexicon import Knows, Lexicon, Phrases, index_phrases
from sync.scrub.rules.patterns import find_patterns, make_pattern
from sync.scrub.tokens import Token, Words
from sync.scrub.word_sets import make_set

_TAILS = (
    "police department, police dept, police, pd, p d, sheriff's office, sheriffs office,"
    " sheriff's department, sheriffs department, sheriff's dept, sheriff office, so, sheriff,"
    " county sheriff's office, county sheriff, county sheriffs office, county sheriff's department,"
    " county so, county pd, county police, county sheriff's deputies, highway patrol, state police,"
    " state patrol, state troopers, state highway patrol, dps, doc, fire department, fire dept, fd,"
    " fire rescue, fire & rescue, fire and rescue, fire protection district, county fire,"
    " ems, county ems, ambulance service, department of corrections, department of public safety,"
    " department of justice, department of natural resources, dnr, dept of corrections,"
    " bureau of investigation, department of transportation, dot, constable's office, constables,"
    " marshal's office, campus police, university police, university pd, transit police,"
    " school district police, isd police, isd pd, tribal police, nation police, park police,"
    " airport police, port police, housing authority police, parks police, metro police,"
    " metropolitan police department, police bureau, division of police, department of police,"
    " drug task force, task force, narcotics task force, major crimes task force,"
    " district attorney's office, county district attorney's office, county attorney's office,"
    " tribe dps, tribal dps, tribe police,"
    " tribal police department, nation police department, tribe police department,"
    " school police department, schools police, school police,"
    " county jail, county detention center, parole office, probation department, pd's"
)
_STARTERS = make_set(
    "the a an our their his her my this that local city county state other another responding both"
    " two several nearby neighboring neighbouring assisting all and with by from to of called"
    " municipal area some more multiple off no new plain clothes uniformed for"
    " when requested"
)
_NOT_LETTERS = (
    r"(?!(?:RPD|COPD|STPD|CPD|WPD|MPDS|EPD|OOPS|ALSO|INFO|PESO|TORSO|MSO|RSO|ASO|ESO|PSO|SSO|CSO"
    r"|ISO|DSO|TFD|RFD|AFD|PFD|PFDS|ESP|BHP|RSP|USP|GSP|ASP|DSP|HP|SP|WASP|FPS|DPS|DOC|CHP)\b)"
)

AGENCIES = (
    make_pattern(
        rf"\b{_NOT_LETTERS}[A-Z]{{1,4}}PD\b",
        Kind.AGENCY,
        "ends in PD like a police department",
        cased=True,
    ),
    make_pattern(
        rf"\b{_NOT_LETTERS}[A-Z]{{1,3}}(?:CSO|CSD|COSO|FD|CFR|CFD)\b(?!-)",
        Kind.AGENCY,
        "letters of an agency",
        cased=True,
    ),
    make_pattern(
        rf"\b{_NOT_LETTERS}[A-Z]{{1,3}}(?:DPS|DOC|HP|SP|DNR|DOT|PSD|SOC|FCA)\b(?<!\bDOT)(?<!AHP)(?!-)",
        Kind.AGENCY,
        "letters of an agency",
        cased=True,
    ),
    make_pattern(
        r"\b(?:Port|City|Town|County|University|Borough|Village|Township|State) of "
        r"(?:[A-Z][\w'.]{1,20} ){1,3}"
        r"(?:PD|SO|FD|DPS|Police(?: Department| Dept)?|Fire(?: Department)?)\b",
        Kind.AGENCY,
        "a name and the words of an agency",
        cased=True,
    ),
    make_pattern(
        r"\b(?:IRPD|[A-Z]{1,3}SO)\b(?<!\bSO)(?<!\bALSO)(?<!\bCSO)(?<!\bRSO)(?<!\bISO)(?<!\bPSO)",
        Kind.AGENCY,
        "letters of an agency",
        cased=True,
    ),
    make_pattern(
        r"\b(?:chicago|phoenix|dallas|houston|la|metro|miami|denver|boston|atlanta|seattle"
        r"|[nlsdch]y?pd)\b(?<=pd)",
        Kind.AGENCY,
        "letters of an agency",
    ),
)


# What the name of an agency ends in.
_TAIL_PHRASES: Phrases = index_phrases((tail.strip(), False) for tail in _TAILS.split(","))


def find_agencies(words: Words, lexicon: Lexicon) -> Iterator[Candidate]:
    """Agencies by list, by letters, and by a name before "Police Department" and the like."""
    for first, last, star in words.find_phrases(lexicon.agencies):
        token = words.tokens[first]
        if star and (token.text != token.text.upper() or not token.trusted):
            continue
        reason = "is a known agency"
        yield Candidate(
            token.start, words.tokens[last].end, Kind.AGENCY, Certainty.SURE, reason, context=True
        )
    caps = sum(not token.trusted for token in words.tokens)
    if caps * 2 <= len(words.tokens):
        yield from find_patterns(words, AGENCIES)
    yield from _find_named(words)


def _find_named(words: Words) -> Iterator[Candidate]:
    tokens = words.tokens
    for first, last, _ in words.find_phrases(_TAIL_PHRASES):
        start = first
        while start > 0 and first - start < 4 and _is_name(tokens[start - 1], tokens[start], words):
            start -= 1
        while start < first and _is_empty(tokens[start]):
            start += 1
        if start == first:
            continue
        weak = (
            tokens[first].low in {"police", "so", "fd", "ems", "dot", "doc", "task", "sheriff"}
            and first == last
        )
        trusted = tokens[first].trusted and not words.lower_case
        known_town = tokens[start].flags == 0 or tokens[start].has(Knows.STATE | Knows.LAST)
        if weak and not trusted and not known_town:
            continue
        if (
            weak
            and tokens[first].low in {"so", "ems", "dot", "doc"}
            and not (trusted and tokens[first].shape == "ALL")
        ):
            continue
        yield Candidate(
            tokens[start].start,
            tokens[last].end,
            Kind.AGENCY,
            Certainty.LIKELY if weak else Certainty.SURE,
            f"a name and the words of an agency ('{tokens[last].low}')",
            context=True,
        )


def _is_name(token: Token, after: Token, words: Words) -> bool:
    if after.glue not in {" ", "-", ". "} or after.first or token.low in _STARTERS:
        return False
    if token.trusted and not words.lower_case:
        return token.is_capital
    return not token.has(Knows.WORD | Knows.TITLE | Knows.ROLE | Knows.VETO) or token.has(
        Knows.STATE
    )


def _is_empty(token: Token) -> bool:
    """Whether it names nobody: "Officers", "Police", a word that only begins the sentence."""
    generic = token.has(Knows.WORD | Knows.TITLE | Knows.VETO | Knows.ROLE)
    proper = token.has(Knows.NAME_WORD | Knows.FIRST | Knows.LAST | Knows.STATE)
    return generic and not proper
