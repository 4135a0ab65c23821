"""Which key withdraws a report, and what was withdrawn."""

from sqlalchemy import Connection

revision = "0003"
down_revision = "0002"

_STATEMENTS = (
    "ALTER TABLE cases ADD COLUMN withdrawal_hash BLOB",
    """CREATE TABLE withdrawn (
        report_id BLOB NOT NULL PRIMARY KEY,
        withdrawal_hash BLOB NOT NULL
    )""",
)


def upgrade(connection: Connection) -> None:
    """Make column and table."""
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement)
