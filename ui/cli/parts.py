"""What the commands are made of. The one place, besides the window's, that joins the rooms."""

import argparse
import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from app.domain.form import Form
from app.domain.form_file import load_form
from app.domain.labels import Labels
from app.domain.spelling import Speller, make_speller
from app.domain.suggestions import Cues, load_cues
from app.errors import InputError, SurroundingsError
from app.paths import Home
from resources.read import read_bytes, read_form_files
from sync.protocol.words import WordList
from sync.scrub import RESOURCES, Scrubber

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
DEFAULT_VAULT = "first"
# Control characters other than line breaks and tabs, and those that reorder text.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def find_home() -> Home:
    """Where this user's data is."""
    return Home.from_environment(os.environ)


def read_form() -> tuple[Form, Labels]:
    """The packaged form and its labels."""
    return load_form(*read_form_files())


def read_words() -> WordList:
    """The packaged list for receipts and fingerprints."""
    return WordList.from_bytes(read_bytes("wire/eff_long_words.txt"))


def build_scrubber() -> Scrubber:
    """The scrubber with its packaged word lists and model.

    A file that is missing is left to the scrubber: without a list it stops, without the model it
    goes on and says so in every result.
    """
    files: dict[str, bytes] = {}
    for name in RESOURCES:
        with suppress(FileNotFoundError):
            files[name] = read_bytes(f"scrub/{name}")
    return Scrubber.from_resources(files)


def read_cues(form: Form) -> Cues:
    """The packaged words that suggest answers."""
    return load_cues(read_bytes("form/cues.en.json"), form)


def read_speller() -> Speller:
    """The speller with its packaged lists; police words and names are those of the scrubber."""

    def texts(*names: str) -> list[str]:
        found = (read_bytes(f"scrub/{name}.txt").decode() for name in names)
        return ["\n".join(x for x in each.splitlines() if x[:1] != "#") for each in found]

    return make_speller(
        read_bytes("spelling/words.txt").decode(),
        [
            read_bytes("spelling/police.txt").decode(),
            *texts("police_words", "roles", "titles", "place_nouns", "street_types", "surnames"),
        ],
        texts("first_names", "census_first_names", "cities", "businesses"),
        *texts("words"),
    )


def add_vault_option(parser: argparse.ArgumentParser) -> None:
    """--vault NAME, on the commands that open one."""
    parser.add_argument(
        "--vault",
        metavar="NAME",
        default=DEFAULT_VAULT,
        help=f"which vault (default: {DEFAULT_VAULT})",
    )


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """--json, on the commands whose output another program may want."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def print_json(found: Mapping[str, object]) -> None:
    """Print an object as one line of JSON, in ASCII: every terminal and pipe can take it."""
    print(json.dumps(found))


def show_plainly(text: str) -> str:
    """A text from elsewhere, so that it cannot steer the terminal it is printed on."""
    return _STEERING.sub("\ufffd", text)


def read_file(path: str) -> bytes:
    """The content of a file that a person named, "-" for standard input.

    Raises InputError if it cannot be read.
    """
    try:
        if path == "-":
            with open(0, "rb", closefd=False) as source:
                return source.read()
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(
            f"The file {path} cannot be read.",
            f"The system says: {error.strerror}.",
            "Check the name and that you may read it.",
        ) from error


def read_text_file(path: str) -> str:
    """The text of a file that a person named, "-" for standard input.

    Raises InputError if it cannot be read or is not in UTF-8.
    """
    try:
        return read_file(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("The text is not in UTF-8.", "Nothing was changed.") from error


def write_file(path: Path, content: bytes) -> None:
    """Write a file that a person asked for. Raises SurroundingsError if it cannot be."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise SurroundingsError(
            f"The file {path} cannot be written.", f"The system says: {error.strerror}."
        ) from error
