"""What the issuer asks of its database: cards, accounts, and one batch for each quarter."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from service.database.commits import Job
from service.database.insert import insert_new
from service.database.issuer_tables import account, card

_NO_QUARTER = ""
_NO_BATCH = b""


@dataclass(frozen=True, slots=True)
class IssuerCounts:
    """accounts: that were ever made. served: that have had a batch. cards: not used yet."""

    accounts: int
    served: int
    cards: int


def add_cards(digests: Iterable[bytes]) -> Job[None]:
    """Let cards be used once each."""
    rows = [{"digest": each} for each in sorted(digests)]

    def job(connection: Connection) -> None:
        connection.execute(insert(card), rows)

    return job


def enrol(key: bytes, digest: bytes) -> Job[bool]:
    """Use up the card for an account with this key; whether the account is there now.

    An account that is there already needs no card: that is how a repeat looks whose answer
    was lost.
    """

    def job(connection: Connection) -> bool:
        if _is_known(connection, key):
            return True
        if connection.execute(delete(card).where(card.c.digest == digest)).rowcount != 1:
            # Perhaps a worker beside this one has just enrolled it with the same card.
            return _is_known(connection, key)
        insert_new(connection, account, key=key, quarter=_NO_QUARTER, batch=_NO_BATCH)
        return True

    return job


def may_have(key: bytes, quarter: str, batch: bytes) -> Job[bool]:
    """Whether `count_batch` would say yes now."""

    def job(connection: Connection) -> bool:
        found = connection.execute(
            select(account.c.quarter, account.c.batch).where(account.c.key == key)
        ).first()
        return found is not None and (found.quarter < quarter or tuple(found) == (quarter, batch))

    return job


def count_batch(key: bytes, quarter: str, batch: bytes) -> Job[bool]:
    """Note that the account has its batch of the quarter; False if it had another one.

    The very same batch is not counted again. An account that has had one of a later quarter
    gets none of an earlier one.
    """

    def job(connection: Connection) -> bool:
        if not may_have(key, quarter, batch)(connection):
            return False
        # Again in the statement itself: another worker may have been faster.
        is_new = account.c.quarter < quarter
        is_same = (account.c.quarter == quarter) & (account.c.batch == batch)
        statement = update(account).where((account.c.key == key) & (is_new | is_same))
        counted = connection.execute(statement.values(quarter=quarter, batch=batch))
        return counted.rowcount == 1

    return job


def count_issuer(connection: Connection) -> IssuerCounts:
    """The figures for the operator."""
    accounts = connection.execute(select(func.count()).select_from(account)).scalar_one()
    served = connection.execute(
        select(func.count()).select_from(account).where(account.c.quarter != _NO_QUARTER)
    ).scalar_one()
    cards = connection.execute(select(func.count()).select_from(card)).scalar_one()
    return IssuerCounts(accounts, served, cards)


def _is_known(connection: Connection, key: bytes) -> bool:
    return connection.execute(select(account.c.key).where(account.c.key == key)).first() is not None
