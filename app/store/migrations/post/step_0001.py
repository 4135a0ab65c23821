"""The first tables of the post."""

from sqlalchemy import Connection

revision = "0001"
down_revision = None

_STATEMENTS = (
    """CREATE TABLE submissions (
        report_id BLOB NOT NULL PRIMARY KEY,
        body_hash BLOB NOT NULL,
        state TEXT NOT NULL,
        not_before_utc TEXT NOT NULL,
        tries INTEGER NOT NULL,
        last_status INTEGER
    )""",
    """CREATE TABLE bodies (
        report_id BLOB NOT NULL PRIMARY KEY
            REFERENCES submissions (report_id) ON DELETE CASCADE,
        body BLOB NOT NULL
    )""",
    "CREATE TABLE marks (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL)",
    "CREATE TABLE settings (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)",
)


def upgrade(connection: Connection) -> None:
    """Make them."""
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement)
