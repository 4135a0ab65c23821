"""Withdrawals: the sealed bytes go, the report's id and hash stay, so that no retry brings it back.

What its writer signed is kept for the desks. Each is told until it has confirmed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

from service.database.commits import Job
from service.database.insert import insert_new
from service.database.tables import report, withdrawn, withdrawn_told

PAGE_LENGTH = 10_000


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """id: 16 bytes. public: the withdrawal key, 32. signature: 64."""

    id: bytes
    public: bytes
    signature: bytes

    def store(self, connection: Connection) -> bool:
        """Destroy the report's bytes and remember why; whether there were bytes. May be repeated.

        The caller has looked whether the key is the report's.
        """
        mine = report.c.id == self.id
        values = {"id": self.id, "public": self.public, "signature": self.signature}
        insert_new(connection, withdrawn, **values)
        had_bytes = mine & report.c.body.is_not(None)
        return connection.execute(update(report).where(had_bytes).values(body=None)).rowcount == 1


def may_withdraw(report_id: bytes, key_hash: bytes) -> Job[bool]:
    """Whether there is, or was, a report under this id that the key with this hash withdraws."""

    def job(connection: Connection) -> bool:
        fits = (report.c.id == report_id) & (report.c.withdrawal == key_hash)
        return connection.execute(select(report.c.id).where(fits)).first() is not None

    return job


def is_withdrawn(report_id: bytes) -> Job[bool]:
    """Whether it was withdrawn before."""

    def job(connection: Connection) -> bool:
        query = select(withdrawn.c.id).where(withdrawn.c.id == report_id)
        return connection.execute(query).first() is not None

    return job


def list_untold(desk: bytes, after: bytes = b"") -> Job[list[Withdrawn]]:
    """What this desk has not confirmed, by id, a page at a time. desk: 8 bytes, its key's id."""

    def job(connection: Connection) -> list[Withdrawn]:
        told = select(withdrawn_told.c.id).where(withdrawn_told.c.desk == desk)
        rows = connection.execute(
            select(withdrawn)
            .where(withdrawn.c.id > after, withdrawn.c.id.not_in(told))
            .order_by(withdrawn.c.id)
            .limit(PAGE_LENGTH)
        )
        return [Withdrawn(*row) for row in rows]

    return job


def confirm_told(desk: bytes, ids: Iterable[bytes]) -> Job[int]:
    """Note that the desk has carried these out; how many of them were withdrawn at all.

    The same answer comes to a repeat.
    """
    wanted = sorted(set(ids))

    def job(connection: Connection) -> int:
        confirmed = 0
        for each in wanted:
            query = select(withdrawn.c.id).where(withdrawn.c.id == each)
            if connection.execute(query).first() is not None:
                insert_new(connection, withdrawn_told, desk=desk, id=each)
                confirmed += 1
        return confirmed

    return job


def count_withdrawn(connection: Connection) -> int:
    """How many there are."""
    return connection.execute(select(func.count()).select_from(withdrawn)).scalar_one()
