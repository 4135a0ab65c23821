"""What the window does in the background for a verified officer; each call blocks.

The post is opened anew each time: locking the vault closes the window's own.
"""

from datetime import UTC, datetime
from random import SystemRandom

from app.errors import InputError
from app.paths import Home
from app.use_cases import keep_safe
from sync.connect import open_connection
from sync.covers import prepare_covers
from sync.enrolment import Enrolled, enrol
from sync.issuer_talk import IssuerTalk
from sync.network import read_network
from sync.officer_standing import OfficerStanding, read_officer
from sync.protocol.card import Card


def seal_covers(home: Home, vault_name: str) -> None:
    """Seal the covers that are due in this vault's post. Raises UserError."""
    with keep_safe.open_post(home, vault_name) as post:
        prepare_covers(home, open_connection(home), post, datetime.now(UTC), SystemRandom())


def read_own_standing(home: Home, vault_name: str) -> OfficerStanding | None:
    """How it stands with this vault's officer; None without a connection. Raises UserError."""
    if not home.connection_file.exists():
        return None
    with keep_safe.open_post(home, vault_name) as post:
        return read_officer(home, open_connection(home), post, datetime.now(UTC))


def use_card(home: Home, vault_name: str, card: Card) -> Enrolled:
    """Enrol with a card now. Raises UserError."""
    if not home.connection_file.exists():
        raise InputError("This program is not connected yet.", "The card was not used.")
    connection = open_connection(home)
    with keep_safe.open_post(home, vault_name) as post:
        purse = keep_safe.open_purse(home, post, connection.tenant)
        network, now = read_network(home), datetime.now(UTC)
        talk = IssuerTalk(post, purse, connection.service_url, network, now)
        with post.only_sender():
            return enrol(talk, card)
