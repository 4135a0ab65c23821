"""What was sealed, word for word, for as long as the submission waits."""

from sqlalchemy import Connection

revision = "0004"
down_revision = "0003"

_STATEMENT = """CREATE TABLE sealed_contents (
    draft_id TEXT NOT NULL PRIMARY KEY REFERENCES approvals(draft_id) ON DELETE CASCADE,
    content BLOB NOT NULL
)"""


def upgrade(connection: Connection) -> None:
    """Make the table."""
    connection.exec_driver_sql(_STATEMENT)
