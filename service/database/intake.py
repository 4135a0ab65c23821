"""Storing a report exactly once."""

from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy import Connection, select

from service.database.insert import insert_new
from service.database.tables import report


class Intake(Enum):
    """What became of a report."""

    STORED = auto()
    REPEATED = auto()
    """The same bytes are there already, or were until a desk confirmed or they were withdrawn."""
    DIFFERENT = auto()
    """Other bytes have this id."""


@dataclass(frozen=True, slots=True)
class SealedReport:
    """id: 16 bytes. hash: SHA-256 of the body. month: "YYYY-MM". withdrawal: the hash of the key
    that may withdraw it, as its body says.
    """

    id: bytes
    hash: bytes
    month: str
    body: bytes
    withdrawal: bytes | None = None

    def store(self, connection: Connection) -> Intake:
        """Store it unless its id is taken; of several at once, one wins and the rest see it."""
        is_new = insert_new(
            connection,
            report,
            id=self.id,
            hash=self.hash,
            month=self.month,
            body=self.body,
            withdrawal=self.withdrawal,
        )
        if is_new:
            return Intake.STORED
        known = connection.execute(select(report.c.hash).where(report.c.id == self.id)).scalar()
        return Intake.REPEATED if known == self.hash else Intake.DIFFERENT
