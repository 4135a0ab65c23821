"""Mail: the sealed records of the feed, as they came."""

from sqlalchemy import Connection

revision = "0002"
down_revision = "0001"

_STATEMENTS = (
    """CREATE TABLE mail_packs (
        sha256 TEXT NOT NULL PRIMARY KEY,
        signed_on TEXT NOT NULL
    )""",
    """CREATE TABLE mail (
        pack TEXT NOT NULL REFERENCES mail_packs (sha256) ON DELETE CASCADE,
        tag BLOB NOT NULL,
        place INTEGER NOT NULL,
        record BLOB NOT NULL,
        PRIMARY KEY (pack, place)
    )""",
    "CREATE INDEX mail_by_tag ON mail (tag)",
)


def upgrade(connection: Connection) -> None:
    """Make them."""
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement)
