"""Where the command line gets a passphrase: a prompt or a file, never an argument.

An argument would stand in the list of processes and in the shell's history.
"""

import getpass
import os
import sys
from pathlib import Path

from app.errors import InputError

ENVIRONMENT = "NEARMISS_PASSPHRASE_FILE"
NEW_ENVIRONMENT = "NEARMISS_NEW_PASSPHRASE_FILE"
CODE_ENVIRONMENT = "NEARMISS_CODE_FILE"
FILE_ENVIRONMENT = "NEARMISS_DRAFT_PASSPHRASE_FILE"
SHORTEST = 8


def read_passphrase(prompt: str = "Passphrase: ") -> str:
    """The passphrase from the file that NEARMISS_PASSPHRASE_FILE names, or asked for.

    Raises InputError if neither is there.
    """
    return _read(prompt, ENVIRONMENT)


def read_written_code(prompt: str) -> str:
    """A recovery or move code as it was typed: from the file that NEARMISS_CODE_FILE names, or
    asked for. Raises InputError if neither is there.
    """
    return _read(prompt, CODE_ENVIRONMENT)


def choose_passphrase() -> str:
    """A passphrase for something new, asked for twice when a person types it.

    Raises InputError for one that is too short or was typed differently.
    """
    return _choose(ENVIRONMENT)


def read_new_passphrase() -> str:
    """The passphrase to change to: from the file that NEARMISS_NEW_PASSPHRASE_FILE names, or
    asked for twice. Raises InputError as `choose_passphrase`.
    """
    return _choose(NEW_ENVIRONMENT)


def choose_file_passphrase() -> str:
    """The passphrase of a draft's file that is written: from the file that
    NEARMISS_DRAFT_PASSPHRASE_FILE names, or asked for twice. Raises as `choose_passphrase`.
    """
    return _choose(FILE_ENVIRONMENT, "Passphrase for the file: ")


def read_file_passphrase() -> str:
    """The passphrase of a draft's file that is read, from there or asked for."""
    return _read("Passphrase of the file: ", FILE_ENVIRONMENT)


def _choose(variable: str, prompt: str = "New passphrase: ") -> str:
    chosen = _read(prompt, variable)
    if len(chosen) < SHORTEST:
        raise InputError(
            f"The passphrase needs at least {SHORTEST} characters.",
            hint="Four or five words in a row are long and easy to remember.",
        )
    if not os.environ.get(variable) and _ask("The same again: ") != chosen:
        raise InputError("The two passphrases differ.", hint="Try again.")
    return chosen


def _read(prompt: str, variable: str) -> str:
    named = os.environ.get(variable)
    if named:
        return _first_line(Path(named), variable)
    if sys.stdin is None or not sys.stdin.isatty():
        raise InputError(
            "There is nobody to ask for the passphrase.",
            hint=f"Put it into a file that only you can read and name it in {variable}.",
        )
    return _ask(prompt)


def _ask(prompt: str) -> str:
    try:
        return getpass.getpass(prompt)
    except EOFError:
        raise InputError("No passphrase was given.", hint="Try again.") from None


def _first_line(path: Path, variable: str) -> str:
    try:
        # An editor's mark at the beginning is no part of it; a line ends with a line feed only,
        # so that it is the same passphrase as one that is typed.
        line = path.read_text(encoding="utf-8-sig").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"The file that {variable} names cannot be read.",
            hint="It has to be a text file that you may read.",
        ) from error
    if not line:
        raise InputError(f"The file that {variable} names is empty.")
    return line
