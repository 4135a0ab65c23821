"""Receipts that their owner wants to keep, and answers to questions."""

from sqlalchemy import Connection

revision = "0002"
down_revision = "0001"

_STATEMENTS = (
    """CREATE TABLE receipts (
        report_id BLOB NOT NULL PRIMARY KEY,
        tenant TEXT NOT NULL,
        title TEXT NOT NULL,
        words TEXT NOT NULL,
        mail_tag BLOB NOT NULL,
        reply_seed BLOB NOT NULL
    )""",
    """CREATE TABLE replies (
        report_id BLOB NOT NULL REFERENCES receipts (report_id) ON DELETE CASCADE,
        turn INTEGER NOT NULL,
        draft TEXT NOT NULL,
        submission_id BLOB,
        PRIMARY KEY (report_id, turn)
    )""",
)


def upgrade(connection: Connection) -> None:
    """Make them."""
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement)
