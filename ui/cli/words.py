"""Where the command line gets the seven words: a prompt that shows nothing, or a pipe."""

import getpass
import sys
from collections.abc import Sequence

from app.errors import InputError
from sync.protocol.connection import Connection
from sync.protocol.errors import MalformedError
from sync.protocol.receipt import Receipt, make_receipt
from ui.cli.parts import read_words

_LONGEST_INPUT = 1024


def refuse_words(words: Sequence[str], command: str) -> None:
    """Raises InputError for words that were given as arguments of a command."""
    if words:
        raise InputError(
            "The seven words are not taken from the command line.",
            "There they can be seen by others and stay in the shell's history.",
            f"Type nearmiss {command} alone; the words are asked for.",
        )


def ask_words(connection: Connection) -> Receipt:
    """The receipt of the words that a person types, or that come by a pipe. Never echoed.

    Raises InputError for what cannot be the words of a receipt.
    """
    if sys.stdin is not None and sys.stdin.isatty():
        try:
            text = getpass.getpass("The seven words (not shown): ")
        except EOFError:
            text = ""
    else:
        with open(0, "rb", closefd=False) as source:
            text = source.read(_LONGEST_INPUT).decode("utf-8", "replace")
    try:
        return make_receipt(read_words().read(text), connection.tenant)
    except MalformedError as error:
        raise InputError(
            f"These are not the words of a receipt: {error}.",
            hint="Type all seven in their order, with blanks between.",
        ) from None
