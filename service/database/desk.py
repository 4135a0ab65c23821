"""What a desk asks of the database: its key, its nonces, the queue, the confirmations."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from service.database.commits import Job
from service.database.insert import insert_new
from service.database.tables import desk_key, desk_nonce, report

NONCE_LIMIT = 4_096
PAGE_LENGTH = 10_000
"""Of the queue; a desk takes a shorter page for the last."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report that no desk has confirmed. id: 16 bytes. hash: SHA-256. month: "YYYY-MM"."""

    id: bytes
    hash: bytes
    month: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many reports wait and are confirmed, how many came by month, and the desks' keys."""

    waiting: int
    confirmed: int
    by_month: dict[str, int]
    desk_keys: int


def list_waiting(after: bytes = b"") -> Job[list[Waiting]]:
    """What no desk has confirmed, by id, which says nothing of their arrival.

    A page at a time: those whose ids come after the one that is named.
    """

    def job(connection: Connection) -> list[Waiting]:
        rows = connection.execute(
            select(report.c.id, report.c.hash, report.c.month)
            .where(report.c.body.is_not(None), report.c.id > after)
            .order_by(report.c.id)
            .limit(PAGE_LENGTH)
        )
        return [Waiting(*row) for row in rows]

    return job


def find_body(report_id: bytes) -> Job[bytes | None]:
    """The sealed bytes; None if there are none under this id, or none any more."""

    def job(connection: Connection) -> bytes | None:
        return connection.execute(select(report.c.body).where(report.c.id == report_id)).scalar()

    return job


def confirm(pairs: Iterable[tuple[bytes, bytes]]) -> Job[int]:
    """Delete the bodies of these (id, hash); how many of them are confirmed now.

    A pair whose hash does not fit is left alone. The same answer comes to a repeat.
    """
    wanted = sorted(set(pairs))

    def job(connection: Connection) -> int:
        confirmed = 0
        for report_id, body_hash in wanted:
            fits = (report.c.id == report_id) & (report.c.hash == body_hash)
            confirmed += connection.execute(update(report).where(fits).values(body=None)).rowcount
        return confirmed

    return job


def keep_nonce(nonce: bytes) -> Job[None]:
    """Remember a nonce that is given out; when there are too many, the others are forgotten.

    Nobody knows which are old, since no time is kept. A desk whose nonce is gone asks again.
    """

    def job(connection: Connection) -> None:
        count = connection.execute(select(func.count()).select_from(desk_nonce)).scalar_one()
        if count >= NONCE_LIMIT:
            connection.execute(delete(desk_nonce))
        connection.execute(insert(desk_nonce).values(nonce=nonce))

    return job


def spend_nonce(nonce: bytes) -> Job[bool]:
    """Whether the nonce was given out and not used before; it is used now."""

    def job(connection: Connection) -> bool:
        spent = connection.execute(delete(desk_nonce).where(desk_nonce.c.nonce == nonce))
        return spent.rowcount == 1

    return job


def find_key(key_id: bytes) -> Job[bytes | None]:
    """The public key file of a desk; None if the operator has not added it."""

    def job(connection: Connection) -> bytes | None:
        return connection.execute(select(desk_key.c.file).where(desk_key.c.id == key_id)).scalar()

    return job


def add_key(key_id: bytes, file: bytes) -> Job[bool]:
    """Let a desk in; False if it was let in before."""

    def job(connection: Connection) -> bool:
        return insert_new(connection, desk_key, id=key_id, file=file)

    return job


def list_keys(connection: Connection) -> list[bytes]:
    """The public key files of all desks that are let in, by their ids."""
    return list(connection.execute(select(desk_key.c.file).order_by(desk_key.c.id)).scalars())


def remove_key(key_id: bytes) -> Job[bool]:
    """Let a desk in no more; False if it was not let in."""

    def job(connection: Connection) -> bool:
        removed = connection.execute(delete(desk_key).where(desk_key.c.id == key_id))
        return removed.rowcount == 1

    return job


def count(connection: Connection) -> Counts:
    """The figures for the operator."""
    by_month: Counter[str] = Counter()
    waiting = 0
    # Whether there is a body, not the body: counting the column would read them all.
    has_body = report.c.body.is_not(None)
    rows = connection.execute(
        select(report.c.month, has_body, func.count()).group_by(report.c.month, has_body)
    )
    for month, waits, number in rows:
        by_month[month] += number
        waiting += number if waits else 0
    keys = connection.execute(select(func.count()).select_from(desk_key)).scalar_one()
    return Counts(waiting, by_month.total() - waiting, dict(sorted(by_month.items())), keys)
