"""nearmiss enrol: a one-time card makes this vault a verified officer's."""

import argparse
import getpass
import random
import sys
from datetime import UTC, datetime

from app.errors import InputError, SurroundingsError
from app.use_cases import keep_safe
from sync.connect import open_connection
from sync.enrolment import EnrolmentState, enrol, read_card
from sync.issuer_talk import IssuerTalk
from sync.network import read_network
from sync.officer_standing import describe_crowd, read_crowd
from sync.protocol.card import Card
from sync.verified_officer import CARD_REFUSED, describe_officer
from ui.cli.parts import (
    Commands,
    add_json_option,
    add_vault_option,
    find_home,
    print_json,
    read_file,
)

_MOST_TRIED = 50
_NONE_UNUSED = (
    f"No card of this file is unused, among {_MOST_TRIED} at most that were tried by chance. "
    "Run it again, or ask the operator for more cards."
)


def add_parser(commands: Commands) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "enrol",
        help="become a verified officer, with a one-time card",
        description="The card is asked for. It is never written on the command line, where other "
        "programs could read it.",
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--card-file", metavar="FILE", help='one card; "-" for standard input')
    how.add_argument(
        "--cards",
        metavar="FILE",
        help="for IT: take any unused card of a file with one on each line, so that nobody knows "
        "which machine has which",
    )
    how.add_argument("--status", action="store_true", help="only tell how it stands")
    add_vault_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    home = find_home()
    connection = open_connection(home)
    now = datetime.now(UTC)
    with keep_safe.open_post(home, args.vault) as post:
        if not args.status:
            purse = keep_safe.open_purse(home, post, connection.tenant)
            talk = IssuerTalk(post, purse, connection.service_url, read_network(home), now)
            with post.only_sender():
                _enrol(talk, _read_cards(args))
        told = describe_officer(home, connection, post, now)
    officers = read_crowd(home, connection)
    if args.json:
        print_json({"state": told or "not enrolled", "officers": officers})
        return 0
    print(f"{told[:1].upper()}{told[1:]}." if told else "Not enrolled.")
    if officers is not None:
        print(describe_crowd(officers))
    return 0


def _read_cards(args: argparse.Namespace) -> list[Card]:
    """One card, or those of a file in an order by chance. Raises InputError."""
    if args.cards is not None:
        lines = [line for line in _read_text(args.cards).splitlines() if line.strip()]
        cards = [read_card(line) for line in lines]
        random.SystemRandom().shuffle(cards)
        return cards[:_MOST_TRIED]
    if args.card_file is not None:
        return [read_card(_read_text(args.card_file))]
    if sys.stdin is None or not sys.stdin.isatty():
        raise InputError(
            "There is nobody to ask for the card.",
            hint="Put it into a file that only you can read: nearmiss enrol --card-file FILE",
        )
    return [read_card(getpass.getpass("Card: "))]


def _read_text(path: str) -> str:
    try:
        return read_file(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("The file with the card is not a text file.") from error


def _enrol(talk: IssuerTalk, cards: list[Card]) -> None:
    """Ask about one card after the other until one is taken. Raises UserError.

    Nobody answering is no failure of the card: it is kept, and asked again by `sync`.
    """
    for card in cards:
        found = enrol(talk, card)
        if found.state is EnrolmentState.ENROLLED:
            return
        if found.state is EnrolmentState.WAITING:
            raise SurroundingsError(
                "The enrolment is not confirmed yet.",
                f"{found.trouble} The card is kept here and asked about again by itself.",
                "Try again later: nearmiss sync",
            )
    raise InputError(CARD_REFUSED if len(cards) == 1 else _NONE_UNUSED)
