"""The hash chain over what waits; its first entry is what waits now."""

import hashlib

from sqlalchemy import Connection

revision = "0005"
down_revision = "0004"

_STATEMENT = """CREATE TABLE chain (
    number INTEGER NOT NULL PRIMARY KEY,
    digest BLOB NOT NULL,
    link BLOB NOT NULL
)"""
# As `app.store.chain` reads them; written out, because that may change and this step may not.
_SUBMISSIONS = """SELECT report_id, body_hash,
    CASE WHEN state IN ('received', 'refused', 'taken_back') THEN state ELSE '' END
    FROM submissions ORDER BY report_id"""
_WITHDRAWALS = "SELECT report_id, x'', 'withdrawal' FROM withdrawals ORDER BY report_id"
_NOTHING = bytes(32)


def upgrade(connection: Connection) -> None:
    """Make the table and the entry."""
    connection.exec_driver_sql(_STATEMENT)
    whole = hashlib.sha256()
    for query in (_SUBMISSIONS, _WITHDRAWALS):
        for report_id, body_hash, word in connection.exec_driver_sql(query):
            whole.update(hashlib.sha256(bytes(report_id)).digest())
            whole.update(hashlib.sha256(bytes(body_hash)).digest())
            whole.update(hashlib.sha256(str(word).encode()).digest())
    digest = whole.digest()
    link = hashlib.sha256(_NOTHING + (1).to_bytes(8, "big") + digest).digest()
    connection.exec_driver_sql("INSERT INTO chain VALUES (1, ?, ?)", (digest, link))
