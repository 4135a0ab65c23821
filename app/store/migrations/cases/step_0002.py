"""Letters to reporters, and what they answered."""

from sqlalchemy import Connection

revision = "0002"
down_revision = "0001"

_STATEMENTS = (
    """CREATE TABLE letters (
        case_id TEXT NOT NULL REFERENCES cases (case_id) ON DELETE CASCADE,
        turn INTEGER NOT NULL,
        content TEXT NOT NULL,
        record BLOB NOT NULL,
        is_published BOOLEAN NOT NULL,
        PRIMARY KEY (case_id, turn)
    )""",
    "CREATE INDEX letters_by_published ON letters (is_published)",
    """CREATE TABLE replies (
        submission_id BLOB NOT NULL PRIMARY KEY,
        case_id TEXT NOT NULL,
        turn INTEGER NOT NULL,
        month TEXT NOT NULL,
        text TEXT NOT NULL,
        FOREIGN KEY (case_id, turn) REFERENCES letters (case_id, turn) ON DELETE CASCADE
    )""",
    "CREATE INDEX replies_by_case ON replies (case_id)",
)


def upgrade(connection: Connection) -> None:
    """Make them."""
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement)
