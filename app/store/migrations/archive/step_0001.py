"""The first tables of the archive, with the full-text index over its texts.

The index is of the external-content kind (https://www.sqlite.org/fts5.html, 4.4.3): it reads
the texts from the records, so they are stored once. Who changes a record takes its old words
out of the index first, in the same transaction.
"""

from sqlalchemy import Connection

revision = "0001"
down_revision = None

_STATEMENTS = (
    """CREATE TABLE records (
        number INTEGER NOT NULL PRIMARY KEY,
        revision INTEGER NOT NULL,
        shelf TEXT NOT NULL,
        codes TEXT NOT NULL,
        title TEXT NOT NULL,
        body TEXT NOT NULL,
        layout TEXT NOT NULL,
        marks TEXT NOT NULL
    )""",
    "CREATE INDEX records_by_shelf ON records (shelf, number)",
    """CREATE TABLE record_codes (
        field TEXT NOT NULL,
        code TEXT NOT NULL,
        number INTEGER NOT NULL REFERENCES records (number) ON DELETE CASCADE,
        PRIMARY KEY (field, code, number)
    ) WITHOUT ROWID""",
    "CREATE INDEX record_codes_by_number ON record_codes (number)",
    "CREATE TABLE retractions (number INTEGER NOT NULL PRIMARY KEY, revision INTEGER NOT NULL)",
    """CREATE TABLE signed_keys (
        purpose TEXT NOT NULL,
        name TEXT NOT NULL,
        content BLOB NOT NULL,
        PRIMARY KEY (purpose, name)
    )""",
    "CREATE TABLE marks (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)",
    """CREATE VIRTUAL TABLE record_index USING fts5(
        title, body,
        content='records', content_rowid='number',
        tokenize='porter unicode61 remove_diacritics 2', prefix='2 3'
    )""",
    # A word in the title counts four times one in the body.
    "INSERT INTO record_index (record_index, rank) VALUES ('rank', 'bm25(4.0, 1.0)')",
)


def upgrade(connection: Connection) -> None:
    """Make them."""
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement)
