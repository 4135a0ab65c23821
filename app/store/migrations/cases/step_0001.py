"""The first tables of the desk's cases."""

from sqlalchemy import Connection

revision = "0001"
down_revision = None

_STATEMENTS = (
    """CREATE TABLE cases (
        case_id TEXT NOT NULL PRIMARY KEY,
        report_id BLOB NOT NULL UNIQUE,
        month TEXT NOT NULL,
        state TEXT NOT NULL,
        envelope TEXT NOT NULL,
        codes TEXT NOT NULL,
        texts TEXT NOT NULL
    )""",
    """CREATE TABLE published (
        number INTEGER NOT NULL PRIMARY KEY,
        revision INTEGER NOT NULL,
        shelf TEXT NOT NULL,
        record TEXT NOT NULL,
        is_retracted BOOLEAN NOT NULL,
        sequence INTEGER,
        case_id TEXT REFERENCES cases (case_id) ON DELETE SET NULL
    )""",
    "CREATE INDEX published_by_sequence ON published (sequence)",
    "CREATE INDEX published_by_case ON published (case_id)",
    "CREATE TABLE settings (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)",
)


def upgrade(connection: Connection) -> None:
    """Make them."""
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement)
