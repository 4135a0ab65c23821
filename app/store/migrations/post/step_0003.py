"""The cover submissions: when each is to be made, and which waits to be sent."""

from sqlalchemy import Connection

revision = "0003"
down_revision = "0002"

_STATEMENTS = (
    """CREATE TABLE covers (
        tenant TEXT NOT NULL,
        quarter TEXT NOT NULL,
        number INTEGER NOT NULL,
        moment_utc TEXT,
        report_id BLOB UNIQUE REFERENCES submissions (report_id) ON DELETE SET NULL,
        PRIMARY KEY (tenant, quarter, number)
    )""",
)


def upgrade(connection: Connection) -> None:
    """Make the table."""
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement)
