"""What police name after laws and cases: "459 PC", "read him Miranda". It identifies nobody."""

import re
from collections.abc import Iterator

from sync.scrub.tokens import Words
from sync.scrub.word_sets import make_set

_CODE = r"(?:PC|CPC|HS|H&S|HSC|VC|CVC|WI|W&I|WIC|BP|B&P|BPC|USC|CFR)"
_BEFORE = re.compile(rf"\b{_CODE}(?: ?\u00a7{{1,2}}| (?:sec|section)\.?)? ?$")
_AFTER = re.compile(
    rf"(?:\.\d{{1,3}})?(?:\([a-z0-9]{{1,3}}\)){{0,4}} ?(?:{_CODE}|{_CODE.lower()})\b(?!-)"
)
_SECTION = re.compile(rf"(?:{_CODE} ?)?\d{{2,5}}(?:\.\d{{1,3}})?(?: ?{_CODE})?")
# Sections of the California Penal Code that are said on the radio for what they punish.
_SPOKEN_SECTION = re.compile(
    r"(?:187|207|21[15]|24[025]|261|288|314|41[57]|422|451|459|470|48[478]|496|594|602|647)"
)
_TELLS_CALL = re.compile(
    r" (?:silent|audible|alarm|in progress|just occurred|report|call|suspect|burg|auto|veh"
    r"|residential|commercial)\b",
    re.IGNORECASE,
)
_DOCTRINES = make_set("miranda terry garner graham garrity taser brady pitchess")
# Cases on searches and stops. People are called so too, but nobody works under a Mimms.
_SEARCHES = make_set("gant carroll whren mimms belton chimel payton franks riley rodriguez tueller")
# Of these only: "the Graham house" is a person's.
_OWNED = make_set("miranda garrity taser")
_OWNERS = make_set("his her their my our your a no")
_READ = make_set("read reads reading gave given give giving advised")
_TO_WHOM = make_set("him her them me us")
_AFTER_DOCTRINE = make_set(
    "rights warning warnings waiver admonishment admonition advisement stop frisk factors factor v"
    " vs standard statement violation cartridge probes"
)

# Words after which stands a section of a law or a rule: "under 16-5-41", "policy 4.2.50".
_LAW = (
    r"(?:under|policy|rule|sections?|sec|statutes?|title|chapter|code|article|ordinance|g\.?o|pc|vc"
    r"|hs|ic|rcw|ors|orc|ocga|ars|nrs|krs|rsmo|ccp|usc|cfr|mcl|violations? of|cited(?: for)?"
    r"|charged with|charges?|stat|order|para|paragraph|step|version|rev|v)[.:]?|\u00a7{1,2}"
)
AFTER_LAW = re.compile(rf"(?:\b{_LAW}) ?$", re.IGNORECASE)
# Its number: "327.35", "16-5-41", "2C:12-1b", "29-A". "Filed under 22-01833" tells a report.
_CITED = re.compile(
    rf"(?:(?<!\w){_LAW})(?: (?:ic|mcl|ors|rcw))?[ :]{{1,2}}"
    r"(?P<v>(?!(?<=under )\d{2,4}-\d{4})\d{1,4}[A-Z]?"
    r"(?:[.:-](?:\d{1,5}[a-z]?|[A-Z])(?![A-Za-z])){1,4}"
    r"(?:\([a-z0-9]{1,3}\)){0,4})(?![\w/])",
    re.IGNORECASE,
)

_SMALL = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|twenty|thirty|forty|fifty)"
)
# Radio codes, calls for help, measures: what a number means to everybody who wears a badge.
_RADIO_CODE = re.compile(
    rf"(?:(?<!\w)(?:signal|code) (?:\d{{1,3}}|(?:{_SMALL}[ -]){{0,1}}{_SMALL})(?!\w)"
    r"|(?<![\w-])1[01]-\d{1,2}[A-Z]?(?![\w-])|(?<![\w/-])(?:5150|51-50|5250|988|E-?911)(?![\w-])"
    r"|(?<![\w/])27/29(?![\w/])|(?<![\w.])\.\d{2,3}(?!\w)"
    r"|(?<![\w:/-])\d{1,2} (?:hrs?|hours?|mins?|minutes?|kts?|knots|mph|yds?|ft|lbs?)(?!\w)"
    r"|(?<!\w)(?:PC|HS|VC|WI|BP) \d{3,5}(?:\.\d{1,2})?(?!\w)"
    r"|(?<![\w-])\d{1,2} (?:USC|U\.S\.C\.|CFR) \d{1,5}(?!\w)|(?<![\w-])[A-D]-[A-D](?= corner))",
    re.IGNORECASE,
)


def find_sections(text: str) -> Iterator[tuple[int, int]]:
    """Where sections of laws and rules are cited by their number."""
    for match in _CITED.finditer(text):
        yield match.span("v")


def find_codes(text: str) -> Iterator[tuple[int, int]]:
    """Radio codes and measures, which the model may take for units or times."""
    for match in _RADIO_CODE.finditer(text):
        yield match.span()


def is_section(text: str, start: int, end: int) -> bool:
    """Whether the number at [start, end) is a section of a law ("PC 148 and 11550 HS")."""
    number = text[start:end]
    if _SECTION.fullmatch(number) is None:
        return False
    if any(char.isalpha() for char in number) or _AFTER.match(text, end):
        return True
    return _BEFORE.search(text[max(0, start - 16) : start]) is not None


def is_spoken_section(text: str, start: int, end: int) -> bool:
    """Whether the number is a section said for what it punishes ("copy 459 silent")."""
    spoken = _SPOKEN_SECTION.fullmatch(text, start, end)
    return spoken is not None and _TELLS_CALL.match(text, end) is not None


def is_doctrine(words: Words, index: int) -> bool:
    """Whether the word is a doctrine here, though somebody may be called so too."""
    tokens = words.tokens
    token = tokens[index]
    if token.low not in _DOCTRINES | _SEARCHES:
        return False
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if after is not None and after.is_near and after.low in _AFTER_DOCTRINE:
        return True
    before = tokens[index - 1].low if index and token.is_near else ""
    if token.low in _SEARCHES:
        return before == "under"
    if before in _TO_WHOM and index > 1 and tokens[index - 2].low in _READ:
        return True
    owned = token.low in _OWNED and before in _OWNERS
    return owned or before in {"under", "read", "waived", "invoked"}
