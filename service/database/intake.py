"""Storing a report exactly once."""

from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy import Connection, insert, select

from service.database.tables import report


class Intake(Enum):
    """What became of a report."""

    STORED = auto()
    REPEATED = auto()
    """The same bytes are there already, or were until a desk confirmed them."""
    DIFFERENT = auto()
    """Other bytes have this id."""


@dataclass(frozen=True, slots=True)
class SealedReport:
    """id: 16 bytes. hash: SHA-256 of the body. month: "YYYY-MM"."""

    id: bytes
    hash: bytes
    month: str
    body: bytes

    def store(self, connection: Connection) -> Intake:
        """Store it unless its id is taken. Raises IntegrityError if a race was lost."""
        known = connection.execute(select(report.c.hash).where(report.c.id == self.id)).scalar()
        if known is not None:
            return Intake.REPEATED if known == self.hash else Intake.DIFFERENT
        connection.execute(
            insert(report).values(id=self.id, hash=self.hash, month=self.month, body=self.body)
        )
        return Intake.STORED
