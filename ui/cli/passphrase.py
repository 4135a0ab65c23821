"""Where the command line gets a passphrase: a prompt or a file, never an argument.

An argument would stand in the list of processes and in the shell's history.
"""

import getpass
import os
import sys
from pathlib import Path

from app.errors import InputError

ENVIRONMENT = "NEARMISS_PASSPHRASE_FILE"
SHORTEST = 8


def read_passphrase(prompt: str = "Passphrase: ") -> str:
    """The passphrase from the file that NEARMISS_PASSPHRASE_FILE names, or asked for.

    Raises InputError if neither is there.
    """
    named = os.environ.get(ENVIRONMENT)
    if named:
        return _first_line(Path(named))
    if not sys.stdin.isatty():
        raise InputError(
            "There is nobody to ask for the passphrase.",
            hint=f"Put it into a file that only you can read and name it in {ENVIRONMENT}.",
        )
    return getpass.getpass(prompt)


def choose_passphrase(prompt: str = "New passphrase: ") -> str:
    """A new passphrase, asked for twice when a person types it.

    Raises InputError for one that is too short or was typed differently.
    """
    chosen = read_passphrase(prompt)
    if len(chosen) < SHORTEST:
        raise InputError(
            f"The passphrase needs at least {SHORTEST} characters.",
            hint="Four or five words in a row are long and easy to remember.",
        )
    is_typed = not os.environ.get(ENVIRONMENT)
    if is_typed and getpass.getpass("The same again: ") != chosen:
        raise InputError("The two passphrases differ.", hint="Try again.")
    return chosen


def _first_line(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"The file that {ENVIRONMENT} names cannot be read.",
            hint="It has to be a text file that you may read.",
        ) from error
    if not lines or not lines[0]:
        raise InputError(f"The file that {ENVIRONMENT} names is empty.")
    return lines[0]
