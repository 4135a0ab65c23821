"""Phone numbers, mail addresses, web addresses, handles, and places given as coordinates."""

from app.domain.report import Certainty, Kind
from sync.scrub.rules.patterns import make_pattern

_SURE = Certainty.SURE
_DIGIT = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|niner)"
_TENS = (
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    r"|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|hundred|minus)"
)

CONTACT = (
    make_pattern(
        r"[a-z0-9][\w.+%-]{0,63}@[a-z0-9][a-z0-9.-]{0,63}\.[a-z]{2,12}(?![\w-])",
        Kind.EMAIL,
        "is written like an e-mail address",
        _SURE,
        needs="@",
    ),
    make_pattern(
        r"\b[a-z0-9][\w.+-]{0,40}(?: (?:dot|underscore) \w{1,30}){0,3} ?[\[(]?\bat\b[\])]? ?"
        r"(?:gmail|yahoo|hotmail|outlook|aol|icloud|[a-z0-9-]{2,30}) ?[\[(]?\bdot\b[\])]? ?"
        r"(?:com|org|net|gov|edu|us)\b",
        Kind.EMAIL,
        "is an e-mail address in words",
        _SURE,
        needs="dot",
    ),
    make_pattern(
        r"\b(?:https?://|ftp://|www\.)[^\s<>\"'()\ue000]{2,300}(?<![.,;:!?])",
        Kind.URL,
        "is written like a web address",
        _SURE,
    ),
    make_pattern(
        r"(?<![\w@.])[a-z0-9][a-z0-9-]{1,40}(?:\.[a-z0-9-]{2,30}){0,3}"
        r"\.(?:com|org|net|gov|edu|mil|us|io|tv|me|info|co|app|gg|live|example)(?:/[^\s<>\"'()\ue000]{0,200})?"
        r"(?![\w@])(?<![.,;:!?])",
        Kind.URL,
        "is written like a web address",
        needs=".",
    ),
    make_pattern(
        # Any host with a path, also below a top level that is not in the list above.
        r"(?<![\w@./])[a-z][a-z0-9-]{1,40}(?:\.[a-z0-9-]{2,30}){0,3}\.[a-z]{2,12}/[^\s<>\"'()\ue000]{1,200}"
        r"(?<![.,;:!?])",
        Kind.URL,
        "is written like a web address",
        needs="/",
    ),
    make_pattern(
        r"\b[a-z0-9-]{2,30}(?: dot [a-z0-9-]{2,30}){1,3}"
        r"(?: (?:slash|forward slash) [a-z0-9-]{1,30}){1,5}\b"
        r"|\b(?:www dot )?[a-z0-9-]{2,30}(?: dot [a-z0-9-]{2,30}){0,2}"
        r" dot (?:com|org|net|gov|edu|us)\b",
        Kind.URL,
        "is a web address in words",
        needs=" dot ",
    ),
    make_pattern(
        r"(?<![\w@.])@(?=[\w.]{0,3}[a-z])\w[\w.]{1,29}(?<!\.)",
        Kind.HANDLE,
        "begins with @",
        needs="@",
    ),
    make_pattern(r"(?<![\w/])u/\w{3,25}\b", Kind.HANDLE, "is written like a user name", needs="/"),
    make_pattern(
        r"\b(?:screen ?names?|user ?names?|handles?|gamer ?tags?|snapchat|snap|instagram|insta|ig"
        r"|tiktok|facebook|fb|twitter|telegram|discord|kik|cash ?app|venmo)"
        r"(?: (?:user|name|account|handle|profile|page|id|acct)){0,2}"
        r"(?: (?:is|was|of|as|under|from|by|called|named|on|at|there|story|post|live)){0,2}"
        r"[:,\s]{1,3}\"?(?P<v>(?=[\w.$]{0,29}[\d_$]|\w{2,20}\.\w{2,20})[\w$][\w.$]{2,28}\w)\"?",
        Kind.HANDLE,
        "after a word for an account",
        needs="snap|ig|insta|tik|face|fb|twit|tele|disc|kik|cash|venmo|screen|user|handle|tag",
    ),
    make_pattern(
        r"\b(?:screen ?name|user ?name|handle|gamer ?tag)(?: (?:is|was|of))?"
        r"[:\s]{1,3}\"(?P<v>\w[\w.]{2,28})\"",
        Kind.HANDLE,
        "after a word for an account",
        needs="screen|user|handle|tag",
    ),
    make_pattern(
        r"\b(?:posts?|posted|posting|streams?|streamed|streaming|livestream(?:s|ed|ing)?|goes|known"
        r"|signed|(?:is|was|up|there|on|him|her|us|me|page|insta|ig)) (?:as|by|under) "
        r"(?P<v>(?=[\w.$]{0,29}[\d_$]|\w{2,20}\.\w{2,20}|(?-i:[A-Z][a-z]{2,10}[A-Z][a-z]{1,10}[A-Z]))"
        r"[a-z$][\w.$]{2,28}\w)",
        Kind.HANDLE,
        "after a word for an account",
        needs=" as | by | under ",
    ),
    make_pattern(
        r"(?<![\w/.@-])(?P<v>[a-z0-9]{2,20}(?:[._][a-z0-9]{1,20}){1,3})"
        r"(?= (?:page|account|profile|story|live)\b)",
        Kind.HANDLE,
        "before a word for an account",
        _SURE,
        needs="page|account|profile|story|live",
    ),
    make_pattern(
        r"(?<![\w/.@-])(?=[a-z0-9]{1,20}_)(?=\w{0,25}[a-z])\w{4,30}(?![\w@/-]|\.\w)",
        Kind.HANDLE,
        "is written like a user name",
        needs="_",
    ),
    make_pattern(
        r"(?<![\w$])\$[a-z](?=[a-z]{0,20}\d)\w{3,20}\b",
        Kind.HANDLE,
        "is written like a user name",
        needs="$",
    ),
)

PHONE = (
    make_pattern(
        r"(?<![\w.])(?:\+?1[-. ]{0,2})?\(?\d{3}\)?[-. /]{1,2}\d{3}[-. ]{1,2}\d{4}"
        r"(?:,?\s{0,2}(?:ext\.?|extension|x)\s{0,2}\d{1,6})?(?![\w-])",
        Kind.PHONE,
        "is written like a phone number",
        _SURE,
    ),
    make_pattern(
        r"(?<![\w.])\(\d{3}\) ?\d{3}[- .]?\d{4}(?![\w-])",
        Kind.PHONE,
        "is written like a phone number",
        _SURE,
        needs="(",
    ),
    make_pattern(
        r"(?<![\w.])\+\d{1,3}[-. ]?\d{1,4}(?:[-. ]\d{2,4}){2,4}(?![\w-])",
        Kind.PHONE,
        "is written like a phone number abroad",
        _SURE,
        needs="+",
    ),
    make_pattern(
        r"(?<![\w.#$/-])[2-9]\d{2}[-.]\d{4}(?:\s{0,2}(?:ext\.?|x)\s{0,2}\d{1,6})?(?![\w-])",
        Kind.PHONE,
        "is written like a phone number",
    ),
    make_pattern(
        r"(?<![\w.#$-])[2-9]\d{9}(?![\w-])", Kind.PHONE, "ten digits, as in a phone number"
    ),
    make_pattern(
        r"\b(?:phone|cell|telephone|tel|mobile|fax|pager|callback|contact|call(?:ed)?|text(?:ed)?"
        r"|dial(?:ed)?|ph)(?: (?:number|no|#|me|him|her|them|us|at|is|was|back|on)){0,3}"
        r"[:#. ]{1,3}(?P<v>\d{3}[- .]?\d{4}|\d{10})(?![\w-])",
        Kind.PHONE,
        "after a word for a phone",
        _SURE,
    ),
    make_pattern(
        r"\b(?:ext|extension|extn)\.?[ :#]{0,3}(?:number |no\.? )?(?P<v>\d{2,6})(?![\w-])",
        Kind.PHONE,
        "after the word 'extension'",
        needs="ext",
    ),
    make_pattern(r"(?<![\w-])x(?P<v>\d{3,5})(?![\w-])", Kind.PHONE, "is an extension", needs="x"),
    make_pattern(
        r"(?<=, )x(?P<v>\d{4,5})(?![\w-])", Kind.PHONE, "is an extension", _SURE, needs="x"
    ),
    make_pattern(
        rf"\b{_DIGIT}(?:[ ,-]{{1,2}}(?:{_DIGIT}|hundred)){{6,12}}\b",
        Kind.PHONE,
        "digits written out, as in a phone number",
        needs="five|zero|oh|one",
    ),
)

GEO = (
    make_pattern(
        r"(?<![\w.])[+-]?\d{1,3}\.\d{3,10}°?(?: ?(?:[NS]|north|south)\b)?[,;/ ]{1,3}"
        r"[+-]?\d{1,3}\.\d{3,10}°?"
        r"(?: ?(?:[EW]|east|west)\b)?",
        Kind.GEO,
        "is a pair of coordinates",
        _SURE,
        needs=".",
    ),
    make_pattern(
        r"\blat(?:itude)?\.?[ :=]{1,3}(?P<v>[+-]?\d{1,3}\.\d{1,10}"
        r"(?:[,;/ ]{1,3}(?:and )?lon(?:g(?:itude)?)?\.?[ :=]{1,3}[+-]?\d{1,3}\.\d{1,10})?)",
        Kind.GEO,
        "after the word 'latitude'",
        _SURE,
        needs="lat",
    ),
    make_pattern(
        r"\blong?(?:itude)?\.?[ :=]{1,3}(?P<v>[+-]?\d{1,3}\.\d{2,10})\b",
        Kind.GEO,
        "after the word 'longitude'",
        _SURE,
        needs="lon",
    ),
    make_pattern(
        r"(?:\b[NSEW] ?)?\d{1,3} ?° ?\d{1,2}(?:\.\d{1,6})? ?['m]?(?: ?\d{1,2}(?:\.\d{1,4})? ?\"?)?"
        r"(?: ?[NSEW]\b)?(?:[,;/ ]{1,3}(?:[NSEW] ?)?\d{1,3} ?° ?\d{1,2}(?:\.\d{1,6})? ?['m]?"
        r"(?: ?\d{1,2}(?:\.\d{1,4})? ?\"?)?(?: ?[NSEW]\b)?)?",
        Kind.GEO,
        "is written in degrees and minutes",
        needs="°",
    ),
    make_pattern(
        r"(?<![\w+])[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}(?![\w+])",
        Kind.GEO,
        "is a plus code",
        _SURE,
        needs="+",
    ),
    make_pattern(
        r"(?<!\w)\d{1,2}[C-HJ-NP-X] ?[A-HJ-NP-Z]{2} ?\d{4,5} ?\d{4,5}(?!\w)",
        Kind.GEO,
        "is a military grid reference",
        cased=True,
    ),
    make_pattern(
        r"(?<![\w+])[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}"
        r"(?:,? [A-Z][a-z]{2,15})(?!\w)",
        Kind.GEO,
        "is a plus code and a town",
        needs="+",
        cased=True,
    ),
    make_pattern(
        rf"\b{_TENS}(?: {_TENS}){{0,3}} point(?: {_DIGIT}){{2,8}}(?: (?:north|south|east|west))?"
        rf"(?:,?(?: by| and| minus)? {_TENS}(?: {_TENS}){{0,3}} point(?: {_DIGIT}){{2,8}}"
        r"(?: (?:north|south|east|west))?)?\b",
        Kind.GEO,
        "is a position in words",
        needs="point",
    ),
    make_pattern(r"///[a-z]{3,20}\.[a-z]{3,20}\.[a-z]{3,20}", Kind.GEO, "is a three-word location"),
)
