"""Withdrawals of reports that have left."""

from sqlalchemy import Connection

revision = "0004"
down_revision = "0003"

_STATEMENTS = (
    """CREATE TABLE withdrawals (
        report_id BLOB NOT NULL PRIMARY KEY,
        tenant TEXT NOT NULL,
        public BLOB NOT NULL,
        signature BLOB NOT NULL,
        state TEXT NOT NULL,
        not_before_utc TEXT NOT NULL,
        tries INTEGER NOT NULL,
        last_status INTEGER,
        absences INTEGER NOT NULL
    )""",
)


def upgrade(connection: Connection) -> None:
    """Make the table."""
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement)
