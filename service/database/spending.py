"""A token and a report, both or neither: one transaction takes the one and stores the other."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from service.database.insert import insert_new
from service.database.intake import Intake, SealedReport
from service.database.tables import spent_token


@dataclass(frozen=True, slots=True)
class PaidReport:
    """nonce: the token's, 32 bytes. quarter: of the key that signed it."""

    report: SealedReport
    nonce: bytes
    quarter: str

    def store(self, connection: Connection) -> Intake | None:
        """Spend the token and store the report; None if it was spent on another id.

        The same token with the same id and bytes is a repeat. Another good token for what is
        stored already is spent too, since it was shown. For other bytes under a taken id
        nothing is spent.
        """
        mine = spent_token.c.nonce == self.nonce
        is_new = insert_new(
            connection,
            spent_token,
            nonce=self.nonce,
            report_id=self.report.id,
            quarter=self.quarter,
        )
        if not is_new:
            spent_on = connection.execute(select(spent_token.c.report_id).where(mine)).scalar()
            if spent_on != self.report.id:
                return None
        outcome = self.report.store(connection)
        if outcome is Intake.DIFFERENT and is_new:
            connection.execute(delete(spent_token).where(mine))
        return outcome
