"""A word that somebody has to type before something is done that cannot be undone."""

import argparse
import sys

from app.errors import InputError


def add_confirm_option(parser: argparse.ArgumentParser, what: str) -> None:
    """--confirm WORD, for those who cannot be asked. what: which word it is."""
    parser.add_argument("--confirm", metavar="WORD", help=f"do not ask; WORD is {what}")


def confirm(word: str, given: str | None, question: str) -> None:
    """Go on only if the word was given, or is typed now. Raises InputError."""
    if given is None and sys.stdin is not None and sys.stdin.isatty():
        print(question)
        given = input(f"Type {word} to go on: ").strip()
    if given != word:
        raise InputError(
            "This was not confirmed.",
            "Nothing was changed.",
            f"Type {word} when asked, or give it: --confirm {word}",
        )
