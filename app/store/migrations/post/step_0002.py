"""The issuer account, and the tokens with their secret halves."""

from sqlalchemy import Connection

revision = "0002"
down_revision = "0001"

_STATEMENTS = (
    """CREATE TABLE accounts (
        tenant TEXT NOT NULL PRIMARY KEY,
        seed BLOB NOT NULL,
        card TEXT
    )""",
    """CREATE TABLE tokens (
        nonce BLOB NOT NULL PRIMARY KEY,
        tenant TEXT NOT NULL,
        quarter TEXT NOT NULL,
        state TEXT NOT NULL,
        secret BLOB NOT NULL,
        report_id BLOB,
        refusals INTEGER NOT NULL
    )""",
)


def upgrade(connection: Connection) -> None:
    """Make the tables."""
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement)
