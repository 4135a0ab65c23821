"""How hard a passphrase is to guess, in words. A hint for the person, not a gate. Without Qt.

zxcvbn estimates the number of guesses: it knows common passwords, names, words, dates, rows of
keys, repeats, and letters exchanged for digits. What that means in time follows from the cost of
one guess here (Argon2id, 64 MiB, three passes): somebody with a hundred graphics cards is taken
to try about 100,000 a second.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ui.cli.passphrase import SHORTEST

GUESSES_PER_S = 100_000
# The library's time grows with the length; what comes after it only adds to the strength.
_JUDGED = 64
_DAY_S = 86_400
_YEAR_S = 365 * _DAY_S
_OF_THIS_PROGRAM = ("near miss", "nearmiss", "report", "reports", "vault", "officer", "police")
# What the library says of a guess that it would make soon; the sentences are ours.
_WHY = {
    "dictionary": "It is made of words and names that are guessed first.",
    "spatial": "Keys that lie side by side are guessed first.",
    "repeat": "What is repeated is guessed as one.",
    "sequence": "Rows such as abc or 6543 are guessed first.",
    "regex": "Years are guessed first.",
    "date": "Dates are guessed first.",
}


class Strength(NamedTuple):
    """words: what to tell. is_allowed: whether it has the least length. level: 0 for one that is
    too short, 1 weak, 2 fair, 3 strong.
    """

    words: str
    is_allowed: bool
    level: int = 0


def judge_passphrase(passphrase: str, known: tuple[str, ...] = ()) -> Strength:
    """An estimate. known: what somebody who guesses would try first, such as the vault's name."""
    if not passphrase:
        return Strength(f"At least {SHORTEST} characters.", False)
    missing = SHORTEST - len(passphrase)
    if missing > 0:
        return Strength(f"Too short: {missing} more characters are needed.", False)
    # Here: its lists of words take 0.1 s to import, and the door needs none of them.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    found = zxcvbn(passphrase[:_JUDGED], [*_OF_THIS_PROGRAM, *known])
    seconds = float(found["guesses"]) / GUESSES_PER_S
    if seconds < 30 * _DAY_S:
        why = _why(found["sequence"])
        return Strength(f"Weak: guessed {_say(seconds)}. {why}Add a word or two.", True, 1)
    if seconds < 30 * _YEAR_S:
        return Strength("Fair: one more word makes it strong.", True, 2)
    return Strength("Strong.", True, 3)


def _say(seconds: float) -> str:
    if seconds < 60:
        return "in less than a minute by somebody who has the file"
    if seconds < _DAY_S:
        return "within a day by somebody who has the file"
    return "within weeks by somebody who has the file"


def _why(matches: Iterable[Mapping[str, object]]) -> str:
    """The kind of the longest part that was recognised, as a sentence and a blank."""
    longest = max(matches, key=lambda each: len(str(each["token"])))
    sentence = _WHY.get(str(longest["pattern"]), "")
    return f"{sentence} " if sentence else ""
