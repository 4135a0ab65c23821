"""What backups, copies and the watch over older files need."""

from sqlalchemy import Connection

revision = "0003"
down_revision = "0002"

_STATEMENTS = (
    "CREATE TABLE destroyed (id TEXT NOT NULL PRIMARY KEY)",
    "CREATE TABLE copies (path TEXT NOT NULL PRIMARY KEY, made_utc TEXT NOT NULL)",
    "CREATE TABLE wishes (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)",
    """CREATE TABLE counted (
        name TEXT NOT NULL PRIMARY KEY,
        number INTEGER NOT NULL,
        head BLOB NOT NULL
    )""",
)


def upgrade(connection: Connection) -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement)
