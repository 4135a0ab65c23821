"""What the operator does with the issuer: make it, print cards, rotate its keys, count.

Each command returns what is to be printed.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from service.accepted_keys import this_quarter
from service.database import issuer as queries
from service.database.once import make_database, run_once
from service.database.schema import ISSUER
from service.errors import ServiceError
from service.files import write_whole
from service.folder import ISSUER_KEYS, SETTINGS, Service, open_service
from service.issuer.card_sheet import Paper, make_sheets
from service.issuer.home import IssuerHome, make_issuer, open_issuer
from service.issuer.private_keys import PrivateKeys
from sync.protocol.card import Card
from sync.protocol.officer_count import round_officers

MOST_CARDS = 10_000
_NO_ISSUER = "There is no issuer in this folder; make its first key: nearmiss-service rotate-keys"
_NO_SERVICE = "There is no service in this folder; name the one that holds it: --dir FOLDER"

Tell = Callable[[argparse.Namespace], str]


def add_parsers(
    commands: Any, add_folder: Callable[..., None], tells: Callable[[Tell], Any]
) -> None:
    """Register the commands. tells: makes of a command one that prints what it returns."""
    cards = commands.add_parser("cards", help="make one-time cards by which officers enrol")
    cards.add_argument("--count", metavar="N", type=_count, required=True)
    cards.add_argument("--pdf", metavar="FILE", type=Path, help="sheets to print and cut")
    cards.add_argument("--text", metavar="FILE", type=Path, help="one card a line, for IT")
    cards.add_argument("--paper", choices=[*Paper], type=Paper, default=Paper.LETTER)
    cards.add_argument(
        "--words", help="the root's seven words, from the desk; default: the service's name"
    )
    add_folder(cards)
    cards.set_defaults(run=tells(make_cards))
    rotate = commands.add_parser("rotate-keys", help="make the issuer's key of the next quarter")
    add_folder(rotate)
    rotate.set_defaults(run=tells(rotate_keys))


def found_issuer(service: Service, database: str | None) -> None:
    """Make the issuer of a new service, with its first key. Raises ServiceError, OSError."""
    home = make_issuer(service.folder, service.tenant, database)
    make_database(home.database, ISSUER)
    PrivateKeys(home.folder, home.tenant).rotate(service.issuer_keys, this_quarter())


def make_cards(options: argparse.Namespace) -> str:
    """Let cards be used, then write them: a card that was printed always works."""
    places = [each for each in (options.pdf, options.text) if each is not None]
    if not places:
        raise ServiceError("Say where the cards go: --pdf FILE, --text FILE, or both.")
    if any(each.exists() for each in places):
        raise ServiceError("The file is there already, and may hold cards; name another one.")
    home = _expect_issuer(options.folder)
    cards = [Card.generate() for _ in range(options.count)]
    whom = options.words or f"Service {home.tenant}"
    try:
        sheets = make_sheets(cards, whom, options.paper)
    except ValueError as error:
        raise ServiceError("The words hold letters that cannot be printed.") from error
    digests = [each.digest(home.tenant) for each in cards]
    run_once(home.database, queries.add_cards(digests), ISSUER)
    if options.pdf is not None:
        write_whole(options.pdf, sheets)
    if options.text is not None:
        write_whole(options.text, "".join(f"{each.grouped()}\n" for each in cards).encode("ascii"))
    return f"{options.count} cards made; keep the file closed, and delete it when it is printed"


def rotate_keys(options: argparse.Namespace) -> str:
    """Make the key of this quarter, or else of the next, and say what to do with it."""
    home = open_issuer(options.folder)
    if home is None:
        # A service of before there was an issuer.
        service = open_service(options.folder)
        found_issuer(service, None)
        (made,) = service.issuer_keys.glob("*.json")
        return _what_next(made)
    keys = PrivateKeys(home.folder, home.tenant)
    folder = options.folder / ISSUER_KEYS
    public = keys.rotate(folder, this_quarter())
    if public is None:
        return "the keys of this quarter and of the next are made already"
    return _what_next(folder / public.name)


def describe_issuer(folder: Path) -> tuple[str, ...]:
    """Lines for the status of a service; none where there is no issuer."""
    home = open_issuer(folder)
    if home is None:
        return ()
    counts = run_once(home.database, queries.count_issuer, ISSUER)
    keys = PrivateKeys(home.folder, home.tenant).all()
    return (
        f"accounts   {counts.accounts} (for the desk: {round_officers(counts.accounts)})",
        f"served     {counts.served}",
        f"cards      {counts.cards} not used yet",
        f"keys       {' '.join(each.public.quarter for each in keys) or 'none'}",
    )


def _expect_issuer(folder: Path) -> IssuerHome:
    home = open_issuer(folder)
    if home is None:
        if not (folder / SETTINGS).exists():
            raise ServiceError(_NO_SERVICE)
        raise ServiceError(_NO_ISSUER)
    return home


def _what_next(public: Path) -> str:
    return f"key made; give {public} to the desk: nearmiss desk issuer-key FILE"


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= MOST_CARDS:
        raise argparse.ArgumentTypeError(f"a number from 1 to {MOST_CARDS:,}")
    return int(text)
